/* SPDX-License-Identifier: ISC */
/* Globs, the policy as it holds for one config, and the counts of a report. */
#include "model/policy.h"
#include "model/report.h"

#include <criterion/criterion.h>
#include <string.h>

#define LEN(table) (sizeof(table) / sizeof(*(table)))

Test(policy, glob)
{
	static const struct {
		const char *pattern, *text;
		bool match;
	} cases[] = {
	        {"", "", true},
	        {"", "a", false},
	        {"a", "", false},
	        {"abc", "abc", true},
	        {"abc", "ABC", false},
	        {"abc", "abcd", false},
	        {"abcd", "abc", false},
	        {"*", "", true},
	        {"*", "a/b", true},
	        {"**", "ab", true},
	        {"?", "", false},
	        {"?", "/", true},
	        {"??", "a", false},
	        {"branch-*", "branch-", true},
	        {"branch-*", "branch-17/ctx", true},
	        {"branch-*", "abranch-1", false},
	        {"*.cfg", "configs/edge.cfg", true},
	        {"*.cfg", "edge.cfg.old", false},
	        {"*a*b*c", "xxaxxbxxbxxc", true},
	        {"*a*b*c", "xxaxxbxxbxxcx", false},
	        {"a*a*a", "aa", false},
	        {"a*a*a", "aaa", true},
	        {"*ab", "aab", true},
	        {"*aab", "aaab", true},
	        {"[abc]", "b", true},
	        {"[abc]", "d", false},
	        {"[abc]", "", false},
	        {"[a-c]x", "bx", true},
	        {"[a-c]x", "dx", false},
	        {"[!a-c]", "d", true},
	        {"[!a-c]", "a", false},
	        {"[]]", "]", true},
	        {"[!]]", "]", false},
	        {"[!]]", "a", true},
	        {"[a-]", "-", true},
	        {"[a-]", "b", false},
	        {"[-a]", "-", true},
	        {"[\x80-\xff]", "\xc3", true},
	        {"a[", "a[", true},
	        {"[a", "[a", true},
	        {"[a", "a", false},
	        {"[", "a", false},
	        {"fw[0-9][0-9]*", "fw07.example.com", true},
	        {"fw[0-9][0-9]*", "fw7", false},
	        {"*[0-9]", "fw-a9", true},
	        {"cust-17/*", "cust-17/mail", true},
	        {"cust-17/*", "cust-17", false},
	};

	for (size_t i = 0; i < LEN(cases); i++)
		cr_expect(policy_glob(str_of(cases[i].pattern), str_of(cases[i].text)) ==
		                  cases[i].match,
		          "'%s' and '%s'", cases[i].pattern, cases[i].text);
}

/* Many stars must not take forever. */
Test(policy, glob_of_stars, .timeout = 10)
{
	char pattern[61], text[401];

	for (size_t i = 0; i < 60; i += 2) {
		pattern[i] = '*';
		pattern[i + 1] = 'a';
	}
	pattern[59] = 'b';
	pattern[60] = '\0';
	memset(text, 'a', 400);
	text[400] = '\0';
	cr_expect(!policy_glob(str_of(pattern), str_of(text)));
}

static void push(struct arena *arena, struct appliances *list, const char *name, uint32_t address)
{
	struct appliance a = {.name = str_of(name)};

	VEC_PUSH(arena, &a.addresses.list, (struct host){.real = addr4(address)});
	VEC_PUSH(arena, &list->list, a);
}

/* Three appliances, the third for branches alone; two entries that match cust-17. */
static struct policy sample(struct arena *arena)
{
	struct policy policy = policy_default();
	struct firewall_entry branch = {.match = S("branch-*")};
	struct firewall_entry customer = {.match = S("cust-17*")};
	struct firewall_entry context = {.match = S("cust-17/mail"),
	                                 .has_limits = true,
	                                 .limits = {.min_connections = 500, .min_embryonic = 7}};

	push(arena, &policy.appliances, "esa1", 1);
	push(arena, &policy.appliances, "sma1", 2);
	push(arena, &policy.appliances, "esa9", 9);
	VEC_PUSH(arena, &branch.appliance_names, S("esa9"));
	VEC_PUSH(arena, &branch.appliance_names, S("nobody"));
	push(arena, &customer.appliances, "esa1", 11);
	push(arena, &customer.appliances, "extra", 12);
	push(arena, &context.appliances, "extra", 13);
	VEC_PUSH(arena, &policy.firewalls, branch);
	VEC_PUSH(arena, &policy.firewalls, customer);
	VEC_PUSH(arena, &policy.firewalls, context);
	VEC_PUSH(arena, &policy.flows,
	         (struct custom_flow){.name = S("general"), .to.appliance = S("esa1")});
	VEC_PUSH(arena, &policy.flows,
	         (struct custom_flow){.name = S("of branches"), .to.appliance = S("esa9")});
	VEC_PUSH(arena, &policy.ignores, (struct ignore){.rule = S("AM1")});
	VEC_PUSH(arena, &policy.ignores,
	         (struct ignore){.rule = S("AM2"), .firewall = S("branch-*")});
	return policy;
}

Test(policy, holds_for_one_config)
{
	static const struct {
		const char *path, *hostname, *context;
		const char *appliances; /* name=last byte, "!" where named for this firewall */
		const char *flows;
		uint32_t ignores, min_connections, min_embryonic;
	} cases[] = {
	        {"fw.cfg", "edge", "", "esa1=1 sma1=2 ", "general;", 1, 1000, 1000},
	        {"fw.cfg", "", "", "esa1=1 sma1=2 ", "general;", 1, 1000, 1000},
	        {"branch-1.cfg", "", "", "esa1=1 sma1=2 esa9=9! ", "general;of branches;", 2, 1000,
	         1000},
	        {"x", "branch-2", "", "esa1=1 sma1=2 esa9=9! ", "general;of branches;", 2, 1000,
	         1000},
	        {"x", "cust-17", "", "esa1=11! sma1=2 extra=12! ", "general;", 1, 1000, 1000},
	        {"x", "cust-17", "mail", "esa1=11! sma1=2 extra=13! ", "general;", 1, 500, 7},
	        {"x", "", "mail", "esa1=1 sma1=2 ", "general;", 1, 1000, 1000},
	};
	struct arena *arena = arena_new();
	struct policy policy = sample(arena);

	for (size_t i = 0; i < LEN(cases); i++) {
		struct policy here =
		        policy_for(arena, &policy, str_of(cases[i].path), str_of(cases[i].hostname),
		                   str_of(cases[i].context));
		struct buf appliances = {.arena = arena}, flows = {.arena = arena};

		VEC_EACH(struct appliance, a, &here.appliances.list)
			buf_printf(&appliances, "%.*s=%u%s ", STR(a->name),
			           (unsigned)(a->addresses.list.v[0].real - addr4(0)),
			           a->named_here ? "!" : "");
		VEC_EACH(struct custom_flow, flow, &here.flows)
			buf_printf(&flows, "%.*s;", STR(flow->name));
		cr_expect(str_eq(buf_str(&appliances), str_of(cases[i].appliances)),
		          "case %zu: %.*s", i, STR(buf_str(&appliances)));
		cr_expect(str_eq(buf_str(&flows), str_of(cases[i].flows)), "case %zu: %.*s", i,
		          STR(buf_str(&flows)));
		cr_expect(here.ignores.n == cases[i].ignores, "case %zu", i);
		cr_expect(here.limits.min_connections == cases[i].min_connections, "case %zu", i);
		cr_expect(here.limits.min_embryonic == cases[i].min_embryonic, "case %zu", i);
		cr_expect(here.firewalls.n == 0, "case %zu", i);
	}
	cr_expect(policy.appliances.list.n == 3 && !policy.appliances.list.v[2].named_here,
	          "the policy itself is not touched");
	arena_free(arena);
}

Test(policy, appliance_defaults)
{
	struct arena *arena = arena_new();
	struct appliance a = {0};

	VEC_PUSH(arena, &a.addresses.list, (struct host){.real = addr4(1)});
	cr_expect(appliance_cpq_addresses(&a) == &a.addresses);
	cr_expect(appliance_ssh_addresses(&a) == &a.addresses);
	cr_expect(appliance_cpq_port(&a) == 7025);
	VEC_PUSH(arena, &a.cpq_addresses.list, (struct host){.real = addr4(2)});
	VEC_PUSH(arena, &a.ssh_addresses.list, (struct host){.real = addr4(3)});
	a.cpq_port = 7026;
	cr_expect(appliance_cpq_addresses(&a) == &a.cpq_addresses);
	cr_expect(appliance_ssh_addresses(&a) == &a.ssh_addresses);
	cr_expect(appliance_cpq_port(&a) == 7026);
	arena_free(arena);
}

static void expect_names(const char *table, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		cr_expect(names[i], "%s has no name for %d", table, i);
}

Test(model, name_tables_are_full)
{
	expect_names("role", role_names, ROLE_COUNT);
	expect_names("fix_form", fix_form_names, FORM_COUNT);
	expect_names("flow_kind", flow_kind_names, FLOW_KIND_COUNT);
	expect_names("verdict", verdict_names, VERDICT_COUNT);
	expect_names("why_about", why_about_names, ABOUT_COUNT);
	expect_names("why_code", why_code_names, WHY_COUNT);
	expect_names("limit_kind", limit_kind_names, LIMIT_KIND_COUNT);
	expect_names("limit_source", limit_source_names, LIMIT_SOURCE_COUNT);
	expect_names("suppressed_by", suppressed_by_names, SUPPRESSED_BY_COUNT);
	expect_names("platform", platform_names, PLATFORM_COUNT);
	expect_names("severity", severity_names, SEVERITY_COUNT);
}

Test(report, summarize)
{
	struct arena *arena = arena_new();
	struct report report = {.summary = {.configs = 9, .skipped = 4, .unreadable = 5}};
	struct config_report config = {0};

	VEC_PUSH(arena, &config.findings.list, (struct finding){.severity = SEVERITY_ERROR});
	VEC_PUSH(arena, &config.findings.list, (struct finding){.severity = SEVERITY_NOTE});
	VEC_PUSH(arena, &config.findings.list,
	         (struct finding){.severity = SEVERITY_ERROR, .suppressed.by = BY_REMARK});
	VEC_PUSH(arena, &config.flows, (struct flow){.on_path = true, .inspected = VERDICT_PARTLY});
	VEC_PUSH(arena, &config.flows, (struct flow){.inspected = VERDICT_YES});
	config.fixed = 3;
	VEC_PUSH(arena, &report.configs, config);
	VEC_PUSH(arena, &report.configs, config);
	report_summarize(&report);
	report_summarize(&report); /* counts anew */

	cr_expect(report.summary.configs == 2);
	cr_expect(report.summary.findings[SEVERITY_ERROR] == 2);
	cr_expect(report.summary.findings[SEVERITY_WARNING] == 0);
	cr_expect(report.summary.findings[SEVERITY_NOTE] == 2);
	cr_expect(report.summary.suppressed == 2);
	cr_expect(report.summary.flows[VERDICT_PARTLY] == 2);
	cr_expect(report.summary.flows[VERDICT_YES] == 0);
	cr_expect(report.summary.off_path == 2);
	cr_expect(report.summary.fixed == 6 && report.summary.skipped == 4);
	cr_expect(report.summary.unreadable == 5);
	arena_free(arena);
}
