/* SPDX-License-Identifier: ISC */
/*
 * The HTML report of a fleet that is made up but really audited: `fleet N` prints the page of N
 * firewalls, each a small config varied in release and faults, with its traces and its proved
 * change. What the browser tests open. Beyond DISTINCT the same configs come again under other
 * names, since it is the page that is tested here.
 */
#include "analyzers/procedure.h"
#include "analyzers/trace.h"
#include "cli/mend.h"

#include <stdio.h>
#include <stdlib.h>

static const struct release {
	const char *banner, *permit, *nat;
	bool real; /* access rules match real addresses */
} releases[] = {
        {"PIX Version 7.2(2)", "permit tcp any host 203.0.113.25 eq smtp", "static", false},
        {"ASA Version 8.0(4)", "permit tcp any host 203.0.113.25 eq smtp", "static", false},
        {"ASA Version 8.2(5)", "permit tcp any host 203.0.113.25 eq smtp", "static", false},
        {"ASA Version 8.4(7)", "permit tcp any host 10.1.1.25 eq smtp", "object", true},
        {"ASA Version 9.1(7)16", "permit tcp any host 10.1.1.25 eq smtp", "object", true},
        {"ASA Version 9.8(4)15", "permit tcp any host 10.1.1.25 eq smtp", "object", true},
        {"ASA Version 9.16(3)", "permit tcp any host 10.1.1.25 eq smtp", "object", true},
};

enum { RELEASES = sizeof(releases) / sizeof(releases[0]), DISTINCT = 400 };

/* A small generator of our own: the same fleet everywhere. */
static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void add_interfaces(struct buf *text, unsigned number)
{
	static const char *const names[] = {"outside", "inside", "dmz"};
	static const char *const networks[] = {"203.0.113.1 255.255.255.0",
	                                       "10.1.1.1 255.255.255.0", "10.2.2.1 255.255.255.0"};
	unsigned i;

	buf_printf(text, "hostname fw-%s-%04u\n", number % 3 ? "branch" : "dc", number);
	for (i = 0; i < 3; i++)
		buf_printf(text,
		           "interface GigabitEthernet0/%u\n nameif %s\n security-level %u\n"
		           " ip address %s\n",
		           i, names[i],
		           i == 0   ? 0
		           : i == 1 ? 100
		                    : 50,
		           networks[i]);
}

static struct str config_text(struct arena *arena, unsigned number)
{
	uint32_t seed = number * 2654435761u + 17;
	const struct release *release = &releases[next(&seed) % RELEASES];
	bool blocked = next(&seed) % 9 == 0, capped = next(&seed) % 3 == 0;
	bool inspected = next(&seed) % 3 != 0, undecided = next(&seed) % 11 == 0;
	struct buf text = {.arena = arena};
	unsigned i;

	buf_printf(&text, "%s\n!\n", release->banner);
	add_interfaces(&text, number);
	for (i = 0; i < next(&seed) % 12; i++)
		buf_printf(&text,
		           "access-list outside_in extended permit tcp any host 203.0.113.%u eq "
		           "www\n",
		           30 + i);
	if (undecided)
		buf_add(&text, S("object network partner\n fqdn v4 mail.example.com\naccess-list "
		                 "outside_in extended deny tcp object partner any eq smtp\n"));
	if (!blocked)
		buf_printf(&text, "access-list outside_in extended %s\n", release->permit);
	if (next(&seed) % 4)
		buf_add(&text, S("access-list dmz_in extended permit tcp host 10.2.2.9 host "
		                 "10.1.1.25 eq 7025\n"
		                 "access-list dmz_in extended permit tcp host 10.2.2.9 host "
		                 "10.1.1.25 eq ssh\naccess-group dmz_in in interface dmz\n"));
	if (!release->real)
		buf_printf(&text,
		           "static (inside,outside) 203.0.113.25 10.1.1.25 netmask "
		           "255.255.255.255%s\n",
		           capped ? " tcp 50 100" : "");
	else
		buf_add(&text, S("object network mail\n host 10.1.1.25\n nat (inside,outside) "
		                 "static 203.0.113.25\n"));
	if (number % 5 == 0) /* one finding that is known and accepted */
		buf_add(&text, S("access-list outside_in remark asamend: ignore AM104 ticket "
		                 "CHG0031337 the banner may be masked here\n"));
	buf_add(&text, S("access-group outside_in in interface outside\n"
	                 "route outside 0.0.0.0 0.0.0.0 203.0.113.254 1\n"
	                 "class-map inspection_default\n match default-inspection-traffic\n"));
	if (capped && release->real)
		buf_add(&text, S("class-map a<b>&\"c\n match port tcp eq smtp\n"));
	buf_add(&text, S("policy-map global_policy\n class inspection_default\n"
	                 "  inspect dns\n  inspect ftp\n"));
	if (inspected)
		buf_add(&text, S("  inspect esmtp\n"));
	if (capped && release->real)
		buf_add(&text, S(" class a<b>&\"c\n  set connection conn-max 80\n"));
	buf_add(&text, S("service-policy global_policy global\n"));
	if (undecided)
		buf_add(&text, S("no-such-command here\n"));
	buf_add(&text, S(": end\n"));
	return buf_str(&text);
}

static void trace_witnesses(struct arena *arena, const struct config *config,
                            struct config_report *report)
{
	struct tracer tracer = tracer_of(arena, config);

	VEC_EACH(struct finding, finding, &report->findings.list) {
		if (!finding->has_witness)
			continue;
		VEC_EACH(const struct interface, in, &config->interfaces) {
			struct trace *trace = NEW(arena, struct trace);

			if (!str_eq(config_name(config, in->nameif), finding->witness.input))
				continue;
			trace_packet(arena, &tracer, in, &finding->witness.packet, trace);
			finding->trace = trace;
		}
	}
}

static void add_firewall(const struct options *options, const struct policy *policy,
                         struct report *report, unsigned number)
{
	struct arena *arena = options->arena;
	struct capture_input input = {.sha256 = S("0123456789abcdef0123456789abcdef"
	                                          "0123456789abcdef0123456789abcdef")};
	const struct remedy_wish wish = {0};
	const struct audit *audit;
	const struct config *config;

	input.path = str_printf(arena, "configs/site-%02u/fw-%04u.cfg", number % 40, number);
	input.text = config_text(arena, number);
	input.parts = config_split(arena, input.text);
	config = capture_config(arena, &input, 0, S(""));
	audit = analyze(arena, options, policy, &input, config);
	trace_witnesses(arena, config, audit->report);
	audit->report->change = mend_as(arena, options, policy, &input, 0, audit, &wish);
	VEC_PUSH(arena, &report->configs, *audit->report);
}

static void add_again(struct arena *arena, struct report *report, unsigned number)
{
	struct config_report again = report->configs.v[number % DISTINCT];

	again.path = str_printf(arena, "configs/more-%02u/fw-%05u.cfg", number % 40, number);
	again.hostname = str_printf(arena, "fw-more-%05u", number);
	VEC_PUSH(arena, &report->configs, again);
}

int main(int argc, char **argv)
{
	unsigned n = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 12, i;
	struct options options = {.arena = arena_new(), .today = S("2027-01-01")};
	struct policy policy = policy_default();
	struct report report = new_report();
	struct emit_options how = {0};
	struct buf out = {.arena = options.arena};
	struct appliance esa = {.name = S("esa1"), .role = ROLE_ESA};
	struct appliance sma = {.name = S("sma1"), .role = ROLE_SMA};
	struct host host = {0};

	addr_parse(S("10.1.1.25"), &host.real);
	VEC_PUSH(options.arena, &esa.addresses.list, host);
	addr_parse(S("10.2.2.9"), &host.real);
	VEC_PUSH(options.arena, &sma.addresses.list, host);
	VEC_PUSH(options.arena, &policy.appliances.list, esa);
	VEC_PUSH(options.arena, &policy.appliances.list, sma);
	for (i = 0; i < n && i < DISTINCT; i++)
		add_firewall(&options, &policy, &report, i);
	for (; i < n; i++)
		add_again(options.arena, &report, i);
	VEC_PUSH(options.arena, &report.unread,
	         (struct unread){S("configs/old/broken.cfg"), S("permission denied"), false});
	VEC_PUSH(options.arena, &report.unread,
	         (struct unread){S("configs/README"), S("no firewall config"), true});
	report.summary.skipped = report.summary.unreadable = 1;
	report_summarize(&report);
	emitter_find(EMIT_AUDIT, S("html"))->emit(&report, &how, &out);
	fwrite(out.s, 1, out.n, stdout);
	arena_free(options.arena);
	return 0;
}
