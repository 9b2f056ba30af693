/* SPDX-License-Identifier: ISC */
/* The policy file: what a good one becomes, and what is said of bad ones, word by word. */
#include "parser/policy_yaml.h"

#include "model/date.h"
#include "model/packet_set.h"

#include <criterion/criterion.h>

#define LEN(table) (sizeof(table) / sizeof(*(table)))

/* All diagnostics, "LINE:COLUMN: MESSAGE" a line. */
static struct str diags_text(struct arena *arena, const struct policy *policy,
                             const struct diags *diags)
{
	struct buf buf = {.arena = arena};

	VEC_EACH(struct diag, diag, &diags->list) {
		struct place place = source_place(&policy->sources, diag->span);

		buf_printf(&buf, "%u:%u: %.*s\n", place.line, place.column, STR(diag->message));
	}
	return buf_str(&buf);
}

static bool read_policy(struct arena *arena, const char *text, struct policy *policy,
                        struct str *errors)
{
	struct diags diags = {0};
	bool ok = policy_yaml_read(arena, S("asamend.yaml"), str_of(text), policy, &diags);

	*errors = diags_text(arena, policy, &diags);
	cr_expect(ok == !diags.list.n);
	return ok;
}

static const char full[] =
        "version: 1\n"
        "appliances:\n"
        "  - {name: esa1, role: esa, addresses: [192.168.1.1, \"2001:db8::1\"],\n"
        "     mapped: [203.0.113.25, \"2001:db8:1::1\"], smtp_ports: [25, 587],\n"
        "     cpq: {addresses: [192.168.2.1], port: 7026}, ssh: {addresses: [192.168.1.1]},\n"
        "     spam_quarantine: true}\n"
        "  - {name: sma1, role: sma, addresses: [192.168.1.2]}\n"
        "limits: {min_connections: 500, min_embryonic: 0}\n"
        "flows:\n"
        "  - {name: partner relay, from: 198.51.100.0/24, to: esa1, ports: [587]}\n"
        "  - {name: sync, from: esa, to: any, ports: [1, 2], protocol: udp}\n"
        "  - {name: two, from: [10.0.0.0/8, 10.1.1.1, 11.0.0.1], to: sma1, ports: [9]}\n"
        "rules: {AM208: off, AM104: error, AM105: false, AM106: \"note\"}\n"
        "ignore:\n"
        "  - {rule: AM204, firewall: \"edge-*\", until: 2027-03-01, ticket: CHG123,\n"
        "     reason: agreed}\n"
        "  - rule: AM2\n"
        "    flow: esa1/*\n"
        "fix: {form: allow-tls, name_prefix: MAIL}\n"
        "remarks: off\n"
        "firewalls:\n"
        "  - {match: \"branch-*\", appliances: [esa1]}\n"
        "  - {match: \"cust-17/*\", appliances: [{name: esa, role: esa, addresses: [10.1.1.5]}],\n"
        "     limits: {min_connections: 7}}\n";

Test(policy_yaml, full)
{
	struct arena *arena = arena_new();
	struct policy policy;
	struct str errors;
	const struct appliance *esa;
	const struct custom_flow *flow;
	const struct ignore *ignore;

	cr_assert(read_policy(arena, full, &policy, &errors), "%.*s", STR(errors));

	cr_assert(policy.appliances.list.n == 2);
	esa = &policy.appliances.list.v[0];
	cr_expect(str_eq(esa->name, S("esa1")) && esa->role == ROLE_ESA);
	cr_expect(esa->addresses.list.n == 2 && esa->addresses.list.v[0].real == addr4(0xc0a80101));
	cr_expect(esa->addresses.list.v[0].mapped == addr4(0xcb007119));
	cr_expect(esa->addresses.list.v[1].has_mapped &&
	          !addr_is4(esa->addresses.list.v[1].mapped));
	cr_expect(esa->smtp_ports.list.n == 2 && esa->smtp_ports.list.v[1] == 587);
	cr_expect(esa->cpq_addresses.list.n == 1 && !esa->cpq_addresses.list.v[0].has_mapped);
	cr_expect(esa->cpq_port == 7026);
	cr_expect(esa->ssh_addresses.list.n == 1);
	cr_expect(esa->ssh_addresses.list.v[0].has_mapped, "an address keeps its mapped one");
	cr_expect(esa->spam_quarantine && !esa->named_here && !esa->discovered);
	cr_expect(policy.appliances.list.v[1].role == ROLE_SMA);

	cr_expect(policy.limits.min_connections == 500 && policy.limits.min_embryonic == 0);

	cr_assert(policy.flows.n == 3);
	flow = &policy.flows.v[0];
	cr_expect(str_eq(flow->name, S("partner relay")) && flow->protocol == PROTO_TCP);
	cr_expect(str_eq(flow->to.appliance, S("esa1")) && !flow->from.appliance.n);
	cr_expect(iset_equal(flow->from.addresses,
	                     iset_range(arena, addr4(0xc6336400), addr4(0xc63364ff))));
	cr_expect(flow->ports.list.n == 1 && flow->ports.list.v[0] == 587);
	flow = &policy.flows.v[1];
	cr_expect(str_eq(flow->from.appliance, S("esa")) && flow->protocol == PROTO_UDP);
	cr_expect(iset_equal(flow->to.addresses, iset_all()));
	cr_expect(policy.flows.v[2].from.addresses.n == 2, "10/8 and 11.0.0.1");

	cr_assert(policy.rules.n == 4);
	cr_expect(str_eq(policy.rules.v[0].rule, S("AM208")) && policy.rules.v[0].off);
	cr_expect(!policy.rules.v[1].off && policy.rules.v[1].severity == SEVERITY_ERROR);
	cr_expect(policy.rules.v[2].off);
	cr_expect(!policy.rules.v[3].off && policy.rules.v[3].severity == SEVERITY_NOTE);

	cr_assert(policy.ignores.n == 2);
	ignore = &policy.ignores.v[0];
	cr_expect(str_eq(ignore->rule, S("AM204")) && str_eq(ignore->firewall, S("edge-*")));
	cr_expect(str_eq(ignore->until, S("2027-03-01")) && str_eq(ignore->ticket, S("CHG123")));
	cr_expect(str_eq(ignore->reason, S("agreed")) && !ignore->flow.n);
	cr_expect(source_place(&policy.sources, ignore->span).line == 15);
	ignore = &policy.ignores.v[1];
	cr_expect(str_eq(ignore->flow, S("esa1/*")));
	cr_expect(str_eq(source_quote(arena, &policy.sources, ignore->span), S("rule: AM2")));

	cr_expect(policy.form == FORM_ALLOW_TLS && str_eq(policy.name_prefix, S("MAIL")));
	cr_expect(policy.remarks_off);

	cr_assert(policy.firewalls.n == 2);
	cr_expect(policy.firewalls.v[0].appliance_names.n == 1 &&
	          !policy.firewalls.v[0].has_limits);
	cr_expect(policy.firewalls.v[1].appliances.list.n == 1);
	cr_expect(policy.firewalls.v[1].limits.min_connections == 7);
	cr_expect(policy.firewalls.v[1].limits.min_embryonic == 0, "the rest as in general");
	arena_free(arena);
}

/* Good files that are small. */
Test(policy_yaml, accepted)
{
	static const char *const cases[] = {
	        "version: 1",
	        "{\"version\": 1, \"appliances\": []}",
	        "\xef\xbb\xbfversion: 1\r\nremarks: on\r\n",
	        ("version: 1\nappliances:\n- &a {name: a, role: esa, addresses: &n [1.1.1.1]}\n"
	         "- {name: b, role: sma, addresses: *n}\n"),
	        "version: 1\nfirewalls: [{match: x}]\n",
	        "version: 1\nrules: {}\nignore: []\nfix: {}\nlimits: {}\nflows: []\n",
	        "---\nversion: 1\n...\n",
	        "version: 1\nremarks: yes\n",
	        "version: 1\nignore: [{rule: AM101, ticket: 123, reason: 'two\n\n words'}]\n",
	        "version: 1\nignore: [{rule: AM1, firewall: '[]x]', flow: '*[!a-z]'}]\n",
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		struct policy policy;
		struct str errors;

		cr_expect(read_policy(arena, cases[i], &policy, &errors), "case %zu: %.*s", i,
		          STR(errors));
	}
	arena_free(arena);
}

#define V          "version: 1\n"
#define ONE(entry) V "appliances:\n  - {" entry "}\n"
#define ESA        "name: esa1, role: esa, addresses: [1.1.1.1]"

Test(policy_yaml, refused)
{
	static const struct {
		const char *text, *errors;
	} cases[] = {
	        /* the file */
	        {"", "0:0: expected a policy, which begins with \"version: 1\", found nothing\n"},
	        {"# a\n",
	         "1:1: expected a policy, which begins with \"version: 1\", found nothing\n"},
	        {"- 1\n",
	         "1:1: expected a policy, which begins with \"version: 1\", found a list\n"},
	        {"remarks: on\n", "1:1: the key \"version\" is missing in a policy\n"},
	        {"version: one\n", "1:10: expected the number 1, found \"one\"\n"},
	        {"version: '1'\n", "1:10: expected the number 1, found \"1\"\n"},
	        {"x: 1\nversion: 2\n",
	         "2:10: this is version 2 of the policy file; this program reads version 1\n"},
	        {V "version: 1\n", "2:1: the key \"version\" is given twice in a policy\n"},
	        {V "aplliances: []\n",
	         "2:1: unknown key \"aplliances\" in a policy; did you mean \"appliances\"?\n"},
	        {V "[a]: 1\n", "2:1: expected a key, found a list\n"},

	        /* YAML */
	        {V "limits: {\n",
	         "2:10: not valid YAML: did not find expected node content, while parsing a flow "
	         "node\n"},
	        {V "flows: [a, b\nlimits: {}\n",
	         "3:7: not valid YAML: did not find expected ',' or ']', while parsing a flow "
	         "sequence that begins on line 2\n"},
	        {V "limits:\n\tmin: 1\n", "3:1: not valid YAML: a tab cannot indent; use blanks, "
	                                  "while scanning for the next "
	                                  "token\n"},
	        {V "a: \xff\n", "2:4: not a YAML text in UTF-8: invalid leading UTF-8 octet\n"},
	        {V "a: \x01\n",
	         "2:4: not a YAML text in UTF-8: control characters are not allowed\n"},
	        {V "---\n" V, "2:1: a second document begins here; one is expected\n"},
	        {V "fix: &a {form: *a}\n", "2:16: this alias has no anchor before it\n"},
	        {V "remarks: !!str on\n", "2:10: a YAML tag has no meaning here\n"},
	        {V "\xc3\xbc\xc3\xbc: [!x 1]\n", "2:8: a YAML tag has no meaning here\n"},
	        {V "a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
	         "2:35: nested too deeply\n"},

	        /* appliances */
	        {V "appliances: esa1\n", "2:13: expected a list of appliances, found \"esa1\"\n"},
	        {V "appliances:\n", "2:12: expected a list of appliances, found nothing\n"},
	        {V "appliances:\n  - esa1\n", "3:5: expected an appliance, found \"esa1\"\n"},
	        {ONE("role: esa, adresses: [1.1.1.1], name: a"),
	         "3:5: the key \"addresses\" is missing in an appliance\n"
	         "3:17: unknown key \"adresses\" in an appliance; did you mean \"addresses\"?\n"},
	        {ONE("name: any, role: esa, addresses: [1.1.1.1]"),
	         "3:12: expected a name of letters, digits, dots, - or _, found \"any\"\n"},
	        {ONE("name: 10.1.1.1, role: esa, addresses: [1.1.1.1]"),
	         "3:12: expected a name of letters, digits, dots, - or _, found \"10.1.1.1\"\n"},
	        {ONE("name: a/b, role: esa, addresses: [1.1.1.1]"),
	         "3:12: expected a name of letters, digits, dots, - or _, found \"a/b\"\n"},
	        {ONE("name: '', role: esa, addresses: [1.1.1.1]"),
	         "3:12: expected a name of letters, digits, dots, - or _, found \"\"\n"},
	        {ONE("name: a, role: eas, addresses: [1.1.1.1]"),
	         "3:21: expected esa or sma, found \"eas\"; did you mean \"esa\"?\n"},
	        {ONE("name: a, role: esa, addresses: 1.1.1.1"),
	         "3:37: expected a list of addresses such as [192.0.2.25], found \"1.1.1.1\"\n"},
	        {ONE("name: a, role: esa, addresses: []"),
	         "3:37: expected a list of addresses such as [192.0.2.25], found an empty one\n"},
	        {ONE("name: a, role: esa, addresses: [1.1.1.1, 1.1.1.256, 1.1.1.0/24]"),
	         "3:47: expected an IPv4 or IPv6 address, found \"1.1.1.256\"\n"
	         "3:58: expected an IPv4 or IPv6 address, found \"1.1.1.0/24\"\n"},
	        {ONE("name: a, role: esa, addresses: [1.1.1.1, 1.1.1.1]"),
	         "3:47: the address 1.1.1.1 is given twice\n"},
	        {ONE(ESA ", mapped: []"),
	         "3:59: \"mapped\" has 0 addresses where \"addresses\" has 1; they go in pairs\n"},
	        {ONE(ESA ", mapped: [x]"), "3:60: expected an IPv4 or IPv6 address, found \"x\"\n"},
	        {ONE(ESA ", smtp_ports: 25"),
	         "3:63: expected a list of ports such as [25], found \"25\"\n"},
	        {ONE(ESA ", smtp_ports: [0, smtp, 65536, '25', 25, 25]"),
	         "3:64: expected a port from 1 to 65535, found \"0\"\n"
	         "3:67: expected a port from 1 to 65535, found \"smtp\"\n"
	         "3:73: expected a port from 1 to 65535, found \"65536\"\n"
	         "3:80: expected a port from 1 to 65535, found \"25\"\n"
	         "3:90: the port 25 is given twice\n"},
	        {ONE(ESA ", cpq: {prot: 1}"),
	         "3:57: unknown key \"prot\" in cpq: {addresses, port}; did you mean \"port\"?\n"},
	        {ONE(ESA ", cpq: 7025"), "3:56: expected cpq: {addresses, port}, found \"7025\"\n"},
	        {ONE(ESA ", ssh: {}"),
	         "3:56: the key \"addresses\" is missing in ssh: {addresses}\n"},
	        {ONE(ESA ", spam_quarantine: 1"), "3:68: expected true or false, found \"1\"\n"},
	        {ONE(ESA "}\n  - {" ESA), "4:12: the appliance \"esa1\" is given twice\n"},

	        /* limits */
	        {V "limits: {min_connections: -1}\n",
	         "2:27: expected a number of connections, or 0 for any limit, found \"-1\"\n"},
	        {V "limits: {min_embrionic: 4294967296}\n",
	         "2:10: unknown key \"min_embrionic\" in limits; did you mean "
	         "\"min_embryonic\"?\n"},
	        {V "limits: {min_embryonic: 4294967296}\n",
	         "2:25: expected a number of connections, or 0 for any limit, found "
	         "\"4294967296\"\n"},

	        /* flows */
	        {ONE(ESA) "flows:\n  - {name: f, from: esa2, to: any, ports: [1]}\n",
	         "5:21: expected an appliance, an address, a prefix or any, found \"esa2\"; did "
	         "you "
	         "mean \"esa1\"?\n"},
	        {ONE(ESA) "flows:\n  - {name: f, from: 10.0.0.1/8, to: esa1, ports: [1]}\n",
	         "5:21: 10.0.0.1/8 is no network; did you mean 10.0.0.0/8?\n"},
	        {ONE(ESA) "flows:\n  - {name: f, from: 10.0.0.0/33, to: esa1, ports: [1]}\n",
	         "5:21: expected an appliance, an address, a prefix or any, found "
	         "\"10.0.0.0/33\"\n"},
	        {ONE(ESA) "flows:\n  - {name: f, from: [any], to: esa1, ports: [1]}\n",
	         "5:22: expected an address or a prefix, found \"any\"\n"},
	        {ONE(ESA) "flows:\n  - {name: f, from: any, to: 10.1.1.1, ports: [1]}\n",
	         "5:5: one end of a flow must be an appliance\n"},
	        {ONE(ESA) "flows:\n  - {name: f, from: esa1, to: esa1, ports: [1]}\n",
	         "5:5: both ends of the flow are \"esa1\"\n"},
	        {ONE(ESA) "flows:\n  - {name: smtp-in, from: any, to: esa1, ports: [1]}\n",
	         "5:12: \"smtp-in\" is the name of a standard flow\n"},
	        {ONE(ESA) "flows:\n  - {name: a/b, from: any, to: esa1, ports: [1]}\n",
	         "5:12: expected a name of at most 64 bytes without /, found \"a/b\"\n"},
	        {ONE(ESA) "flows:\n  - {name: f, from: any, to: esa1, ports: [1]}\n"
	                  "  - {name: f, from: any, to: esa1, ports: [1], protocol: TCP}\n",
	         "6:12: the flow \"f\" is given twice\n"
	         "6:58: expected tcp, udp or sctp, found \"TCP\"; did you mean \"tcp\"?\n"},
	        {ONE(ESA) "flows:\n  - {name: f, from: any, to: esa1}\n",
	         "5:5: the key \"ports\" is missing in a flow\n"},

	        /* rules */
	        {V "rules: [AM101]\n", "2:8: expected a map such as {AM104: off}, found a list\n"},
	        {V "rules: {AM101: of}\n", "2:16: expected error, warning, note or off, found "
	                                   "\"of\"; did you mean \"off\"?\n"},
	        {V "rules: {AM101: true}\n",
	         "2:16: expected error, warning, note or off, found \"true\"\n"},
	        {V "rules: {AM1: off, am101: off, AM1011: off, AM1x1: off}\n",
	         "2:9: expected a rule id such as AM101, found \"AM1\"\n"
	         "2:19: expected a rule id such as AM101, found \"am101\"\n"
	         "2:31: expected a rule id such as AM101, found \"AM1011\"\n"
	         "2:44: expected a rule id such as AM101, found \"AM1x1\"\n"},
	        {V "rules: {AM101: off, AM101: note}\n", "2:21: the rule AM101 is given twice\n"},

	        /* suppressions */
	        {V "ignore: [{}]\n", "2:10: the key \"rule\" is missing in a suppression\n"},
	        {V "ignore: [{rule: AM}]\n", "2:17: expected a rule id or a prefix of one, such as "
	                                     "AM204 or AM2, found \"AM\"\n"},
	        {V "ignore: [{rule: AM1, until: 2027-02-29}]\n",
	         "2:29: expected a date as YYYY-MM-DD, found \"2027-02-29\"\n"},
	        {V "ignore: [{rule: AM1, firewall: 'edge-[1'}]\n",
	         "2:32: expected a pattern in which ] closes each [, found \"edge-[1\"\n"},
	        {V "ignore: [{rule: AM1, reason: }]\n", "2:30: expected a reason, found nothing\n"},
	        {V "ignore: [{rule: AM1, raeson: x}]\n",
	         "2:22: unknown key \"raeson\" in a suppression; did you mean \"reason\"?\n"},

	        /* the rest */
	        {V "fix: {form: splitclass}\n",
	         "2:13: expected split-class, technote, allow-tls or global-off, found "
	         "\"splitclass\"; did you mean \"split-class\"?\n"},
	        {V "fix: {name_prefix: 1A}\n",
	         "2:20: expected 1 to 20 letters, digits, - or _, beginning with a letter, found "
	         "\"1A\"\n"},
	        {V "remarks: of\n", "2:10: expected on or off, found \"of\"\n"},
	        {V "firewalls: [{appliances: []}]\n",
	         "2:13: the key \"match\" is missing in a firewall\n"},
	        {ONE(ESA) "firewalls: [{match: a, appliances: [esa2, esa1, esa1, [x]]}]\n",
	         "4:37: there is no appliance \"esa2\" in \"appliances\"; did you mean \"esa1\"?\n"
	         "4:49: the appliance \"esa1\" is given twice\n"
	         "4:55: expected the name of an appliance, or an appliance, found a list\n"},
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		struct policy policy;
		struct str errors;

		cr_expect(!read_policy(arena, cases[i].text, &policy, &errors), "%s",
		          cases[i].text);
		cr_expect(str_eq(errors, str_of(cases[i].errors)), "%s\n--- got\n%.*s--- not\n%s",
		          cases[i].text, STR(errors), cases[i].errors);
	}
	arena_free(arena);
}

/* A NUL in the text; a value that is long and has newlines. */
Test(policy_yaml, odd_bytes)
{
	static const char nul[] = "version: 1\0\n";
	struct arena *arena = arena_new();
	struct policy policy;
	struct diags diags = {0};
	struct str errors;

	cr_expect(!policy_yaml_read(arena, S("x"), (struct str){nul, sizeof(nul) - 1}, &policy,
	                            &diags));
	errors = diags_text(arena, &policy, &diags);
	cr_expect(str_eq(errors, S("1:11: not a YAML text in UTF-8: control characters are not "
	                           "allowed\n")),
	          "%.*s", STR(errors));

	read_policy(arena,
	            V
	            "remarks: |\n  a\n  b\n  ccccccccccccccccccccccccccccccccccccccccccccccccccccc"
	            "cccccccccccccccccc\n",
	            &policy, &errors);
	cr_expect(
	        str_eq(errors, S("2:10: expected on or off, found \"a b ccccccccccccccccccccccccccc"
	                         "ccccccccccccccccccccccccccccc...\"\n")),
	        "%.*s", STR(errors));
	arena_free(arena);
}

Test(policy_yaml, rule_ids)
{
	const struct str ids[] = {S("AM101"), S("AM104"), S("AM201")};
	struct arena *arena = arena_new();
	struct policy policy;
	struct diags diags = {0};
	struct str errors;

	cr_assert(read_policy(arena,
	                      V "rules: {AM101: off, AM204: note}\n"
	                        "ignore: [{rule: AM10}, {rule: AM3}, {rule: \"AM201\"}]\n",
	                      &policy, &errors));
	cr_expect(!policy_check_rules(arena, &policy, ids, LEN(ids), &diags));
	errors = diags_text(arena, &policy, &diags);
	cr_expect(str_eq(errors, S("2:21: there is no rule \"AM204\"; did you mean \"AM104\"?\n"
	                           "3:31: there is no rule \"AM3\"\n")),
	          "%.*s", STR(errors));
	arena_free(arena);
}

Test(date, before)
{
	static const struct {
		const char *a, *b;
		bool before;
	} cases[] = {
	        {"2027-03-01T22:00Z", "2027-03-01T23:30Z", true},
	        {"2027-03-01T23:30Z", "2027-03-01T22:00Z", false},
	        {"2027-03-01T22:00", "2027-03-01T22:00", false},
	        {"2027-03-01T22:00", "2027-03-01T22:00:01", true},
	        {"2027-03-01T22:00+01:00", "2027-03-01T22:00Z", true},
	        {"2027-03-01T22:00Z", "2027-03-01T22:30+01:00", false},
	        {"2027-03-01T22:00-05:30", "2027-03-02T03:30Z", false},
	        {"2027-03-01T22:00-05:30", "2027-03-02T03:31Z", true},
	        {"2027-02-28T23:59Z", "2027-03-01T00:00Z", true},
	        {"2028-02-29T23:59Z", "2028-03-01T00:00Z", true},
	        {"2027-12-31T23:59Z", "2028-01-01T00:00Z", true},
	        {"2028-01-01T00:30+01:00", "2027-12-31T23:45Z", true},
	        /* the zone of the one is that of the other */
	        {"2027-03-01T22:00", "2027-03-01T21:30-05:00", false},
	        {"2027-03-01T22:00+09:00", "2027-03-01T23:00", true},
	        {"0000-02-29T00:00", "0000-03-01T00:00", true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(date_time_is_before(str_of(cases[i].a), str_of(cases[i].b)) ==
		                  cases[i].before,
		          "%s, %s", cases[i].a, cases[i].b);
}

Test(date, valid)
{
	static const struct {
		const char *text;
		bool date, time;
	} cases[] = {
	        {"2027-03-01", true, false},
	        {"2028-02-29", true, false},
	        {"2000-02-29", true, false},
	        {"2027-02-29", false, false},
	        {"2100-02-29", false, false},
	        {"2027-04-31", false, false},
	        {"2027-00-01", false, false},
	        {"2027-13-01", false, false},
	        {"2027-01-00", false, false},
	        {"2027-1-01", false, false},
	        {"2027-01-01 ", false, false},
	        {"", false, false},
	        {"2027-03-01T22:00", false, true},
	        {"2027-03-01T22:00:59Z", false, true},
	        {"2027-03-01T22:00+02:00", false, true},
	        {"2027-03-01T22:00-02:00", false, true},
	        {"2027-03-01T24:00", false, false},
	        {"2027-03-01T22:60", false, false},
	        {"2027-03-01T22:00:60", false, false},
	        {"2027-03-01T22:00+2", false, false},
	        {"2027-03-01T22:00ZZ", false, false},
	        {"2027-02-29T22:00", false, false},
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		cr_expect(date_is_valid(str_of(cases[i].text)) == cases[i].date, "%s",
		          cases[i].text);
		cr_expect(date_time_is_valid(str_of(cases[i].text)) == cases[i].time, "%s",
		          cases[i].text);
	}
}
