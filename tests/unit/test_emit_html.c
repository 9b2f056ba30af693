/* SPDX-License-Identifier: ISC */
/* The HTML report: what it says, how it says it, and what must not come through it. */
#include "emitters/emitter.h"
#include "emitters/report_html.h"
#include "model/trace.h"
#include "tests/unit/sample_report.h"

#include <criterion/criterion.h>
#include <string.h>

#define LEN(table) (sizeof(table) / sizeof(*(table)))

static struct str page_of(struct arena *arena, const struct report *report)
{
	const struct emit_options options = {0};
	struct buf out = {.arena = arena};

	emitter_find(EMIT_AUDIT, S("html"))->emit(report, &options, &out);
	return buf_str(&out);
}

/* How often `part` stands in `text`. */
static unsigned count(struct str text, struct str part)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i + part.n <= text.n; i++)
		n += memcmp(text.s + i, part.s, part.n) == 0;
	return n;
}

static bool has(struct str text, const char *part)
{
	return str_contains(text, str_of(part));
}

/* The sample with a change and with the way of a witness. */
static struct report *full_report(struct arena *arena)
{
	struct report *report = sample_change_report(arena);
	struct config_report *config = &report->configs.v[0];
	struct trace *trace = NEW(arena, struct trace);
	struct trace_phase phase = {.type = "ACCESS-LIST", .result = TRACE_DROP};

	config->change = report->change;
	phase.detail = S("the list `outside_in` ends here");
	VEC_PUSH(arena, &phase.lines, config->findings.list.v[1].evidence.v[0]);
	VEC_PUSH(arena, &trace->phases, phase);
	trace->result = TRACE_DROP;
	trace->reason = S("(acl-drop) Flow is denied by configured rule");
	VEC_EACH(struct finding, finding, &config->findings.list)
		if (finding->has_witness)
			finding->trace = trace;
	VEC_PUSH(arena, &report->unread,
	         (struct unread){S("old/broken.cfg"), S("permission denied"), false});
	VEC_PUSH(arena, &report->unread,
	         (struct unread){S("README"), S("no firewall config"), true});
	return report;
}

static struct report *fleet_of(struct arena *arena, unsigned n)
{
	struct report *report = full_report(arena);
	struct config_report config = report->configs.v[0];
	unsigned i;

	for (i = 1; i < n; i++)
		VEC_PUSH(arena, &report->configs, config);
	report_summarize(report);
	return report;
}

/* All of a firewall is there. */
Test(report_html, says_it_all)
{
	static const char *const parts[] = {
	        "PIX 7.2(2)",                                      /* what it is */
	        "rancid, not complete",                            /* its capture */
	        "12: 9 modelled, 1 irrelevant to mail, 2 unknown", /* its coverage */
	        "0123456789abcdef0123456789abcdef",                /* its hash */
	        "sma1 was guessed from its name",                  /* a note */
	        "192.168.1.1 (mapped: 1.1.1.1)",                   /* an appliance */
	        "both ends are behind inside",                     /* a flow off path */
	        "permitted unknown (fqdn)",                        /* why */
	        "inspected: from 10.1.0.0/16 to any4 port 25",     /* which part */
	        "limited by static: conn-max 50 (edge.cfg:7)",     /* by which line */
	        "<code>inspect esmtp</code> of class inspection_default rewrites this mail",
	        "<span class=\"at\">edge.cfg:10</span>   inspect esmtp", /* evidence */
	        "<span class=\"at\">more.txt:3</span>   csc fail-open",  /* of --apply */
	        "packet-tracer input outside tcp 198.51.100.7 40000 1.1.1.1 25",
	        "<a href=\"#fw-edge--p1\">", /* to its way */
	        "<b>ACCESS-LIST</b>",
	        "<code>outside_in</code> ends here", /* its way */
	        "(acl-drop)",
	        "Suppressed by policy, until 2027-03-01, ticket CHG123: agreed",
	        "<pre>! esa1 is exempt from SMTP inspection",
	        "\n  no inspect esmtp\n",
	        "<summary>Rollback</summary>",
	        "every other packet is treated as before",
	        "others share this static",
	        "13 diagnostics of the input",
	        "<code>old/broken.cfg</code> permission denied",
	        "The engine rewrites what it does",
	};
	struct arena *arena = arena_new();
	struct str page = page_of(arena, full_report(arena));
	size_t i;

	for (i = 0; i < LEN(parts); i++)
		cr_expect(has(page, parts[i]), "%s", parts[i]);
	cr_expect(!has(page, "Xy7.secret"), "a secret is masked");
	arena_free(arena);
}

/* A cell says the worst of each family, the worst first. */
Test(report_html, marks)
{
	static const struct {
		enum verdict permitted, inspected;
		enum flow_kind kind;
		bool on_path, primary, limited;
		unsigned marks;
	} cases[] = {
	        {VERDICT_YES, VERDICT_NO, FLOW_SMTP_IN, true, true, false, 1 << MARK_CLEAR},
	        {VERDICT_YES, VERDICT_YES, FLOW_SMTP_IN, true, true, false, 1 << MARK_INSPECTED},
	        {VERDICT_YES, VERDICT_PARTLY, FLOW_CPQ_RELEASE, true, true, false,
	         1 << MARK_INSPECTED_PART},
	        {VERDICT_NO, VERDICT_UNKNOWN, FLOW_SMTP_OUT, true, true, false,
	         1 << MARK_BLOCKED | 1 << MARK_MAYBE_INSPECTED},
	        {VERDICT_NO, VERDICT_NO, FLOW_SMTP_IN, true, false, false, 1 << MARK_CLEAR},
	        {VERDICT_UNKNOWN, VERDICT_NO, FLOW_SMTP_IN, true, true, true,
	         1 << MARK_MAYBE_BLOCKED | 1 << MARK_LIMITED},
	        {VERDICT_YES, VERDICT_YES, FLOW_SSH_CONFIG, true, true, false, 1 << MARK_PERMITTED},
	        {VERDICT_NO, VERDICT_YES, FLOW_SMTP_IN, false, true, false, 1 << MARK_OFF_PATH},
	};
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct report *report = sample_clean_report(arena);
		struct config_report *config = &report->configs.v[0];
		struct flow *flow = &config->flows.v[0];
		struct html_report html;

		config->flows.n = 1;
		flow->permitted = cases[i].permitted;
		flow->inspected = cases[i].inspected;
		flow->kind = cases[i].kind;
		flow->on_path = cases[i].on_path;
		flow->primary = cases[i].primary;
		if (cases[i].limited)
			VEC_PUSH(arena, &flow->limits, (struct limit_hit){.value = 9});
		html = html_report_of(arena, report);
		cr_expect_eq(html.firewalls.v[0].marks[cases[i].kind], cases[i].marks, "case %zu",
		             i);
	}
	arena_free(arena);
}

/* Several flows of a kind: what a worse one says is not said again by a milder. */
Test(report_html, worst_of_a_kind)
{
	struct arena *arena = arena_new();
	struct report *report = sample_clean_report(arena);
	struct flow *flows = report->configs.v[0].flows.v;
	struct html_report html;

	flows[0].inspected = VERDICT_UNKNOWN;
	flows[1].inspected = VERDICT_YES;
	html = html_report_of(arena, report);
	cr_expect_eq(html.firewalls.v[0].marks[FLOW_SMTP_IN], 1 << MARK_INSPECTED);
	cr_expect_eq(html.firewalls.v[0].marks[FLOW_SMTP_OUT], 1 << MARK_CLEAR);
	cr_expect_eq(html.firewalls.v[0].marks[FLOW_CPQ_RELEASE], 1 << MARK_NONE);
	cr_expect_eq(html.firewalls.v[1].marks[FLOW_SMTP_IN], 1 << MARK_NOT_JUDGED);
	cr_expect_eq(html.n_kinds, 2);
	arena_free(arena);
}

/* A limit is "capped" where a finding says so, and only there. */
Test(report_html, capped)
{
	struct arena *arena = arena_new();
	struct report *report = sample_report(arena);
	struct html_report html = html_report_of(arena, report);

	cr_expect(html.firewalls.v[0].marks[FLOW_SMTP_IN] & 1 << MARK_CAPPED);
	VEC_EACH(struct finding, finding, &report->configs.v[0].findings.list)
		if (strcmp(finding->rule->id, "AM201") == 0)
			finding->suppressed.by = BY_POLICY;
	html = html_report_of(arena, report);
	cr_expect(html.firewalls.v[0].marks[FLOW_SMTP_IN] & 1 << MARK_LIMITED);
	arena_free(arena);
}

/* Sections of many firewalls are folded, each once, and every link finds its place. */
Test(report_html, few_and_many)
{
	static const struct {
		unsigned firewalls, folded, matrices;
	} cases[] = {{1, 0, 0}, {2, 0, 1}, {HTML_FEW, 0, 1}, {HTML_FEW + 1, HTML_FEW + 1, 1}};
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct arena *arena = arena_new();
		unsigned n = cases[i].firewalls;
		struct str page = page_of(arena, fleet_of(arena, n));

		cr_expect_eq(count(page, S("<noscript>")), cases[i].folded, "%u", n);
		cr_expect_eq(count(page, S("</noscript>")), cases[i].folded, "%u", n);
		cr_expect_eq(count(page, S("<section class=\"fw\"")), n, "%u", n);
		cr_expect_eq(count(page, S("<table id=\"matrix\">")), cases[i].matrices, "%u", n);
		cr_expect_eq(count(page, S("<tr data-r=")), cases[i].matrices ? n : 0, "%u", n);
		cr_expect_eq(count(page, S("id=\"fw-edge-\"")), 1, "%u", n);
		cr_expect_eq(count(page, S("id=\"fw-edge--2\"")), n > 1 ? 1 : 0, "%u", n);
		arena_free(arena);
	}
}

/* No firewall at all: the inputs without a result are all there is to tell. */
Test(report_html, empty)
{
	struct arena *arena = arena_new();
	struct report report = {.tool_version = "1.2.3"};
	struct str page;

	VEC_PUSH(arena, &report.unread, (struct unread){S("x.cfg"), S("is empty"), false});
	page = page_of(arena, &report);
	cr_expect(has(page, "Mail through 0 firewalls"));
	cr_expect(has(page, "<code>x.cfg</code> is empty"));
	cr_expect(!has(page, "id=\"matrix\""));
	arena_free(arena);
}

/* Nothing found is told with what was decided, and is never called clean where it is not. */
Test(report_html, clean)
{
	struct arena *arena = arena_new();
	struct report *report = sample_clean_report(arena);
	struct str page = page_of(arena, report);

	cr_expect(has(page, "<span class=\"clear\">clean</span> 2 flows: permitted, not inspected, "
	                    "not capped"));
	cr_expect(has(page, "<span class=\"maybe\">none</span> no flow was judged"));
	report->configs.v[0].flows.v[0].inspected = VERDICT_UNKNOWN;
	page = page_of(arena, report);
	cr_expect(!has(page, "<span class=\"clear\">clean</span>"));
	arena_free(arena);
}

Test(report_html, numbers)
{
	static const struct {
		uint32_t number;
		const char *text;
	} cases[] = {{0, "0"},          {999, "999"},           {1000, "1,000"},
	             {10042, "10,042"}, {1000000, "1,000,000"}, {4294967295u, "4,294,967,295"}};
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < LEN(cases); i++)
		cr_expect(str_eq(html_number(arena, cases[i].number), str_of(cases[i].text)), "%s",
		          cases[i].text);
	arena_free(arena);
}

/* A name in any place must stay text, in the page and in the sections folded in it. */
Test(report_html, hostile_names)
{
	static const char hostile[] =
	        "</noscript></section><script>x</script>\"'&|`*_\x1b\x0e\xff\xef\xbf\xbf";
	struct arena *arena = arena_new();
	struct report *report = fleet_of(arena, HTML_FEW + 1);
	struct config_report *config = &report->configs.v[0];
	struct change *change = NEW(arena, struct change);
	struct trace *trace = NEW(arena, struct trace);
	struct str name = str_of(hostile), page;

	*change = *config->change;
	*trace = *config->findings.list.v[1].trace;
	config->hostname = config->context = config->version = config->path = config->sha256 = name;
	config->capture.by = name;
	config->notes.v[0] = name;
	config->flows.v[0].from = config->flows.v[0].to = config->flows.v[0].id = name;
	config->flows.v[0].inspections.v[0].engine = name;
	config->flows.v[0].inspections.v[0].map = name;
	config->flows.v[1].why.v[0].text = name;
	config->appliances.list.v[0].name = name;
	config->findings.list.v[1].message = name;
	config->findings.list.v[1].witness.input = name;
	config->findings.list.v[0].suppressed = (struct suppression){BY_REMARK, name, name, name};
	trace->reason = trace->output = trace->phases.v[0].detail = name;
	trace->phases.v[0].subtype = name;
	config->findings.list.v[1].trace = trace;
	config->diags.list.v[0].message = name;
	change->commands.list.v[0].text = change->rollback.list.v[0].text = name;
	change->unmended.v[0].why = change->unmended.v[0].flow_id = name;
	config->change = change;
	report->unread.v[0] = (struct unread){name, name, false};
	page = page_of(arena, report);
	cr_expect(!memchr(page.s, 0x1b, page.n));
	cr_expect(!memchr(page.s, 0x0e, page.n));
	cr_expect(!memchr(page.s, 0xff, page.n));
	cr_expect(!has(page, "\xef\xbf\xbf"), "U+FFFF");
	cr_expect_eq(count(page, S("<script>")), 1, "ours");
	cr_expect_eq(count(page, S("</noscript>")), HTML_FEW + 1, "ours");
	cr_expect(!has(page, "\"'&|"));
	cr_expect(has(page, "&lt;/noscript&gt;&lt;/section&gt;&lt;script&gt;x"));
	arena_free(arena);
}
