/* SPDX-License-Identifier: ISC */
/* A report made by hand that has one of each. */
#include "tests/unit/sample_report.h"

#include <criterion/criterion.h>
#include <string.h>

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char edge[] = "hostname edge\n"
                           "enable password Xy7.secret encrypted\n"
                           "object network mx\n"
                           " fqdn v4 mail.example.com\n"
                           "access-list outside_in extended permit tcp any host 1.1.1.1 eq smtp\n"
                           "access-list outside_in extended permit tcp object mx any eq smtp\n"
                           "static (inside,outside) 1.1.1.1 192.168.1.1 tcp 50 100\n"
                           "policy-map global_policy\n"
                           " class inspection_default\n"
                           "  inspect esmtp\n"
                           "snmp-server\tx\x1b[31m\n";
static const char applied[] = "policy-map global_policy\n class csc\n  csc fail-open\n";

enum { RULE_INSPECTED, RULE_MODULE, RULE_CAP, RULE_INVALID, RULE_ABSENT, RULE_MASKS, RULE_COUNT };

static const struct rule rules[RULE_COUNT] = {
        [RULE_INSPECTED] =
                {"AM101", "smtp-inspected", SEVERITY_ERROR, "SMTP is inspected",
                 "The engine rewrites what it does not know.\n\nMany verbs are not known to it."},
        [RULE_MODULE] = {"AM108", "module-redirect", SEVERITY_WARNING, "a module takes mail",
                         "Help 108."},
        [RULE_CAP] = {"AM201", "connection-cap", SEVERITY_WARNING, "connections are capped",
                      "Help 201."},
        [RULE_INVALID] = {"AM501", "invalid-command", SEVERITY_WARNING, "no such command",
                          "Help 501."},
        [RULE_ABSENT] = {"AM905", "appliance-absent", SEVERITY_WARNING, "on no path", "Help 905."},
        [RULE_MASKS] = {"AM104", "banner-masked", SEVERITY_NOTE, "the banner is masked",
                        "Help 104."},
};

/* The first place of `text` in a source. */
static struct span span_of(const struct sources *sources, uint16_t source, const char *text)
{
	struct str in = sources->list.v[source].text;
	const char *at = strstr(in.s, text);

	cr_assert(at, "%s", text);
	return (struct span){(uint32_t)(at - in.s), (uint32_t)strlen(text), source};
}

static struct range addresses(const char *prefix)
{
	struct range range = {0};
	bool is_prefix = addr_parse_prefix(str_of(prefix), &range);

	cr_assert(is_prefix, "%s", prefix);
	return range;
}

static struct box tcp_box(struct arena *arena, const char *src, const char *dst, uint16_t port)
{
	struct box box = box_all();
	struct range from = addresses(src), to = addresses(dst);

	box.dim[DIM_PROTO] = iset_point(arena, PROTO_TCP);
	box.dim[DIM_SRC] = iset_range(arena, from.lo, from.hi);
	box.dim[DIM_DST] = iset_range(arena, to.lo, to.hi);
	box.dim[DIM_DPORT] = iset_point(arena, port);
	return box;
}

static struct appliance *appliance(struct arena *arena, const char *name, enum role role,
                                   const char *real, const char *mapped)
{
	struct appliance *appliance = NEW(arena, struct appliance);
	struct host host = {.real = addresses(real).lo};

	if (mapped) {
		host.mapped = addresses(mapped).lo;
		host.has_mapped = true;
	}
	appliance->name = str_of(name);
	appliance->role = role;
	VEC_PUSH(arena, &appliance->addresses.list, host);
	return appliance;
}

static struct flow *add_flow(struct arena *arena, struct config_report *config,
                             const struct appliance *of, enum flow_kind kind, const char *from,
                             const char *to)
{
	const char *name = flow_kind_names[kind];
	struct flow *flow = VEC_PUSH(arena, &config->flows,
	                             (struct flow){
	                                     .kind = kind,
	                                     .name = str_of(name),
	                                     .appliance = of,
	                                     .from = str_of(from),
	                                     .to = str_of(to),
	                                     .protocol = PROTO_TCP,
	                                     .on_path = true,
	                                     .primary = true,
	                                     .permitted = VERDICT_YES,
	                                     .inspected = VERDICT_NO,
	                             });

	flow->id = str_printf(arena, "%.*s/%s/%s-%s", STR(of->name), name, from, to);
	VEC_PUSH(arena, &flow->ports.list, (uint16_t)(kind == FLOW_CPQ_QUARANTINE ? 7025 : 25));
	return flow;
}

static void inspect(struct arena *arena, const struct config_report *config, struct flow *flow)
{
	struct span span = span_of(&config->sources, 0, "inspect esmtp");

	flow->inspected = VERDICT_YES;
	VEC_PUSH(arena, &flow->inspections,
	         (struct inspection_hit){
	                 .engine = S("esmtp"),
	                 .policy = S("global_policy"),
	                 .class = S("inspection_default"),
	                 .span = span,
	         });
}

static void add_flows(struct arena *arena, struct config_report *config)
{
	const struct appliance *esa = appliance(arena, "esa1", ROLE_ESA, "192.168.1.1", "1.1.1.1");
	const struct appliance *sma = appliance(arena, "sma1", ROLE_SMA, "192.168.1.2", NULL);

	VEC_PUSH(arena, &config->appliances.list, *esa);
	VEC_PUSH(arena, &config->appliances.list, *sma);
	struct span cap = span_of(&config->sources, 0, "static (inside");
	struct span mx = span_of(&config->sources, 0, "fqdn v4");
	struct box part = tcp_box(arena, "10.1.0.0/16", "0.0.0.0/0", 25);
	struct flow *flow;

	flow = add_flow(arena, config, esa, FLOW_SMTP_IN, "outside", "inside");
	inspect(arena, config, flow);
	VEC_PUSH(arena, &flow->limits,
	         (struct limit_hit){LIMIT_CONN_MAX, FROM_STATIC, 50, S("x"), cap});
	VEC_PUSH(arena, &flow->limits,
	         (struct limit_hit){LIMIT_EMBRYONIC, FROM_STATIC, 100, S("x"), cap});
	flow = add_flow(arena, config, esa, FLOW_SMTP_IN, "dmz", "inside");
	flow->primary = false;
	flow->permitted = VERDICT_UNKNOWN;
	inspect(arena, config, flow);
	VEC_PUSH(arena, &flow->why,
	         (struct why){
	                 ABOUT_PERMITTED, VERDICT_UNKNOWN, WHY_FQDN,
	                 S("object mx stands for mail.example.com, which only a lookup can turn "
	                   "into addresses"),
	                 mx});
	flow = add_flow(arena, config, esa, FLOW_SMTP_OUT, "inside", "outside");
	flow->inspected = VERDICT_PARTLY;
	flow->inspected_packets = pset_of(arena, &part);
	flow = add_flow(arena, config, esa, FLOW_SMTP_OUT, "inside", "dmz");
	flow->inspected = VERDICT_PARTLY;
	flow->inspected_packets = pset_of(arena, &part);
	flow = add_flow(arena, config, sma, FLOW_CPQ_QUARANTINE, "inside", "inside");
	flow->on_path = false;
	VEC_PUSH(arena, &flow->why,
	         (struct why){ABOUT_ON_PATH,
	                      VERDICT_NO,
	                      WHY_ROUTE,
	                      S("both ends are behind inside"),
	                      {0}});
}

static struct finding *add_finding(struct arena *arena, struct config_report *config, unsigned rule,
                                   int flow, const char *message)
{
	uint32_t n = config->findings.list.n;

	return VEC_PUSH(arena, &config->findings.list,
	                (struct finding){
	                        .rule = &rules[rule],
	                        .severity = rules[rule].severity,
	                        .message = str_of(message),
	                        .flow = flow < 0 ? NULL : &config->flows.v[flow],
	                        .fingerprint = str_printf(arena, "%016x", n),
	                        .certain = true,
	                });
}

static void add_evidence(struct arena *arena, const struct config_report *config,
                         struct finding *finding, uint16_t source, const char *text)
{
	VEC_PUSH(arena, &finding->evidence, span_of(&config->sources, source, text));
}

static void add_inspected(struct arena *arena, struct config_report *config, int flow,
                          const char *input, const char *src, const char *dst)
{
	struct finding *finding =
	        add_finding(arena, config, RULE_INSPECTED, flow,
	                    "`inspect esmtp` of class inspection_default rewrites this mail: "
	                    "policy global_policy is on every interface");

	add_evidence(arena, config, finding, 0, "inspect esmtp");
	finding->fix = FIX_SAFE;
	finding->has_witness = true;
	finding->witness.input = str_of(input);
	finding->witness.packet.at[DIM_PROTO] = PROTO_TCP;
	finding->witness.packet.at[DIM_SRC] = addresses(src).lo;
	finding->witness.packet.at[DIM_SPORT] = 40000;
	finding->witness.packet.at[DIM_DST] = addresses(dst).lo;
	finding->witness.packet.at[DIM_DPORT] = 25;
}

static void add_findings(struct arena *arena, struct config_report *config)
{
	struct finding *finding;

	finding = add_finding(arena, config, RULE_MASKS, 0, "the banner is masked");
	add_evidence(arena, config, finding, 0, "inspect esmtp");
	finding->suppressed =
	        (struct suppression){BY_POLICY, S("2027-03-01"), S("CHG123"), S("agreed")};
	add_inspected(arena, config, 0, "outside", "198.51.100.7", "1.1.1.1");
	finding = add_finding(arena, config, RULE_CAP, 0, "at most 50 connections to 1.1.1.1");
	add_evidence(arena, config, finding, 0, "static (inside");
	finding->fix = FIX_UNSAFE;
	add_inspected(arena, config, 1, "dmz", "198.51.100.7", "192.168.1.1");
	finding = add_finding(arena, config, RULE_INVALID, -1, "the device refuses it: caf\xe9");
	add_evidence(arena, config, finding, 0, "password Xy7");
	add_evidence(arena, config, finding, 0, "enable");
	finding = add_finding(arena, config, RULE_ABSENT, -1, "sma1 is on no path");
	finding->appliance = config->flows.v[4].appliance;
	finding = add_finding(arena, config, RULE_MODULE, 2, "class csc sends it to the module");
	add_evidence(arena, config, finding, 1, "csc fail-open");
	add_evidence(arena, config, finding, 0, "policy-map global_policy");
	finding->certain = false;
}

static void add_diags(struct arena *arena, struct config_report *config)
{
	struct span unknown = span_of(&config->sources, 0, "snmp-server");
	int i;

	diag_add(arena, &config->diags, SEVERITY_NOTE, unknown, "not looked at");
	for (i = 0; i < 12; i++)
		diag_add(arena, &config->diags, SEVERITY_WARNING, unknown, "unknown command %d", i);
}

static void add_sources(struct arena *arena, struct config_report *config)
{
	struct sources *sources = &config->sources;

	source_add(arena, sources, S("edge.cfg"), str_of(edge));
	source_add(arena, sources, S("more.txt"), str_of(applied));
	source_mark_secret(arena, sources, span_of(sources, 0, "Xy7.secret"));
}

struct report *sample_report(struct arena *arena)
{
	struct report *report = NEW(arena, struct report);
	struct config_report *config;

	report->tool_version = "1.2.3";
	report->rules = rules;
	report->n_rules = RULE_COUNT;
	config = VEC_PUSH(arena, &report->configs,
	                  (struct config_report){
	                          .path = S("edge.cfg"),
	                          .sha256 = S(HASH),
	                          .hostname = S("edge\xe9"),
	                          .platform = PLATFORM_PIX,
	                          .version = S("7.2(2)"),
	                          .capture = {S("rancid"), TRI_NO},
	                          .coverage = {12, 9, 1, 2},
	                  });
	add_sources(arena, config);
	add_flows(arena, config);
	add_findings(arena, config);
	add_diags(arena, config);
	VEC_PUSH(arena, &config->notes, S("sma1 was guessed from its name"));
	report->summary.skipped = 3;
	report_summarize(report);
	return report;
}

struct report *sample_clean_report(struct arena *arena)
{
	struct report *report = NEW(arena, struct report);
	const struct appliance *esa = appliance(arena, "esa1", ROLE_ESA, "2001:db8::25", NULL);
	static const char *const contexts[] = {"admin", "cust-17"};
	size_t i;

	report->tool_version = "1.2.3";
	for (i = 0; i < 2; i++) {
		struct config_report *config = VEC_PUSH(arena, &report->configs,
		                                        (struct config_report){
		                                                .path = S("fw/my edge.cfg"),
		                                                .sha256 = S(HASH),
		                                                .context = str_of(contexts[i]),
		                                                .coverage = {3, 3, 0, 0},
		                                        });
		VEC_PUSH(arena, &config->appliances.list, *esa);

		source_add(arena, &config->sources, config->path, S("hostname x\n"));
		if (i > 0)
			continue;
		add_flow(arena, config, esa, FLOW_SMTP_IN, "outside", "inside");
		add_flow(arena, config, esa, FLOW_SMTP_IN, "dmz", "inside");
		config->flows.v[1].primary = false;
		config->flows.v[1].permitted = VERDICT_NO;
		add_flow(arena, config, esa, FLOW_SMTP_OUT, "inside", "outside");
	}
	report_summarize(report);
	return report;
}

static void add_line(struct arena *arena, struct change_lines *lines, const char *text, bool note)
{
	VEC_PUSH(arena, &lines->list, (struct change_line){str_of(text), note});
}

struct report *sample_change_report(struct arena *arena)
{
	struct report *report = sample_report(arena);
	struct change *change = NEW(arena, struct change);

	change->form = FORM_SPLIT_CLASS;
	change->safe = true;
	add_line(
	        arena, &change->commands,
	        "esa1 is exempt from SMTP inspection; everyone else is still inspected, in a class "
	        "of its own",
	        true);
	add_line(arena, &change->commands, "policy-map global_policy", false);
	add_line(arena, &change->commands, " class inspection_default", false);
	add_line(arena, &change->commands, "  no inspect esmtp", false);
	add_line(arena, &change->rollback, "policy-map global_policy", false);
	add_line(arena, &change->rollback, " class inspection_default", false);
	add_line(arena, &change->rollback, "  inspect esmtp", false);
	VEC_PUSH(arena, &change->verify, S("show service-policy"));
	VEC_PUSH(arena, &change->unmended,
	         (struct unmended){&rules[RULE_CAP], report->configs.v[0].flows.v[0].id,
	                           S("others share this static")});
	change->check.done = true;
	change->check.cleared = true;
	change->check.unchanged = true;
	change->check.rollback_restores = true;
	change->check.idempotent = true;
	VEC_PUSH(arena, &change->check.exempted, report->configs.v[0].flows.v[0].id);
	report->change = change;
	return report;
}
