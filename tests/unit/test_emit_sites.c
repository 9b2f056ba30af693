/* SPDX-License-Identifier: ISC */
/*
 * The formats for code-hosting sites where golden cases do not reach: nothing at all, more than
 * a site takes, the way of a witness, and what --fail-on makes of a test case.
 */
#include "emitters/emitter.h"
#include "model/trace.h"
#include "tests/unit/sample_report.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#define LEN(table) (sizeof(table) / sizeof(*(table)))

static const struct emit_options defaults = {.fail_on = SEVERITY_WARNING};

static struct str emitted(struct arena *arena, const char *format, const struct report *report,
                          const struct emit_options *options)
{
	struct buf out = {.arena = arena};

	emitter_find(EMIT_AUDIT, str_of(format))->emit(report, options, &out);
	return buf_str(&out);
}

/* The document, and its only run. */
static json_t *sarif(struct arena *arena, const struct report *report,
                     const struct emit_options *options, json_t **run)
{
	struct str text = emitted(arena, "sarif", report, options);
	json_t *document = json_loadb(text.s, text.n, JSON_REJECT_DUPLICATES, NULL), *runs;

	cr_assert(document);
	runs = json_object_get(document, "runs");
	cr_assert(json_array_size(runs) == 1);
	*run = json_array_get(runs, 0);
	return document;
}

static json_t *notifications(json_t *run)
{
	json_t *invocation = json_array_get(json_object_get(run, "invocations"), 0);

	return json_object_get(invocation, "toolExecutionNotifications");
}

static const char *message_of(json_t *object)
{
	return json_string_value(json_object_get(json_object_get(object, "message"), "text"));
}

static unsigned count(struct str text, const char *part)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < text.n; i++)
		n += str_starts((struct str){text.s + i, text.n - i}, str_of(part));
	return n;
}

/* Another `n` findings like the last one of the first config. */
static void add_findings(struct arena *arena, struct report *report, unsigned n)
{
	struct findings *findings = &report->configs.v[0].findings;
	struct finding last = findings->list.v[0];

	last.severity = SEVERITY_NOTE;
	last.suppressed.by = NOT_SUPPRESSED;
	while (n-- > 0)
		VEC_PUSH(arena, &findings->list, last);
	report_summarize(report);
}

Test(emit_sites, nothing)
{
	static const struct {
		const char *format, *text;
	} cases[] = {
	        {"gitlab", "[]\n"},
	        {"github", ""},
	        {"csv", "path,hostname,context,rule,severity,flow,appliance,line,message,"
	                "fingerprint,suppressed\r\n"},
	        {"junit",
	         "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"asamend\" "
	         "tests=\"0\" failures=\"0\" errors=\"0\" skipped=\"0\">\n</testsuites>\n"},
	        {"markdown", "## asamend: no firewall was audited\n"},
	};
	struct arena *arena = arena_new();
	const struct report report = {.tool_version = "1.2.3"};
	json_t *run, *document = sarif(arena, &report, &defaults, &run);
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct str text = emitted(arena, cases[i].format, &report, &defaults);

		cr_expect(str_eq(text, str_of(cases[i].text)), "%s: %.*s", cases[i].format,
		          STR(text));
	}
	cr_expect(json_is_array(json_object_get(run, "results")));
	cr_expect(json_array_size(json_object_get(run, "results")) == 0);
	json_decref(document);
	arena_free(arena);
}

Test(emit_sites, more_results_than_github_takes)
{
	struct arena *arena = arena_new();
	struct report *report = sample_report(arena);
	unsigned severe, shown = 0, all;
	json_t *run, *document, *results, *result;
	bool told = false;
	size_t i;

	severe = report->summary.findings[SEVERITY_ERROR] +
	         report->summary.findings[SEVERITY_WARNING];
	add_findings(arena, report, 25000);
	all = severe + report->summary.findings[SEVERITY_NOTE];
	document = sarif(arena, report, &defaults, &run);
	results = json_object_get(run, "results");
	cr_expect(json_array_size(results) == 25000);
	json_array_foreach(results, i, result) shown +=
	        strcmp(json_string_value(json_object_get(result, "level")), "note") != 0;
	cr_expect(shown == severe, "%u of %u", shown, severe);
	json_array_foreach(notifications(run), i, result) told |=
	        strcmp(message_of(result),
	               str_cstr(arena, str_printf(arena,
	                                          "%u results are not listed; the 25000 "
	                                          "most severe of %u are",
	                                          all - 25000, all))) == 0;
	cr_expect(told);
	json_decref(document);
	arena_free(arena);
}

Test(emit_sites, more_lines_than_are_told)
{
	struct arena *arena = arena_new();
	struct report *report = sample_report(arena);
	struct config_report *config = &report->configs.v[0];
	json_t *run, *document, *last;
	struct str junit;
	size_t n;

	while (config->diags.list.n < 1003)
		diag_add(arena, &config->diags, SEVERITY_WARNING, (struct span){0}, "a line");
	document = sarif(arena, report, &defaults, &run);
	n = json_array_size(notifications(run));
	last = json_array_get(notifications(run), n - 1);
	cr_expect(n == 1 + 1000 + 1, "%zu", n); /* the sample has a note */
	cr_expect_str_eq(message_of(last), "3 more lines like these are not listed");
	junit = emitted(arena, "junit", report, &defaults);
	cr_expect(count(junit, "and 803 more\n") == 1);
	json_decref(document);
	arena_free(arena);
}

/* A comment of GitHub's holds 65,536 characters. */
Test(emit_sites, markdown_has_a_bound)
{
	struct arena *arena = arena_new();
	struct report *report = sample_report(arena);
	struct config_report config = report->configs.v[0];
	struct buf name = {.arena = arena};
	struct str text;
	unsigned i;

	for (i = 0; i < 1000; i++)
		buf_add(&name, S("\xe2\x82\xac|"));
	config.hostname = buf_str(&name);
	for (i = 0; i < 999; i++) {
		config.path = str_printf(arena, "fw/%u.cfg", i);
		VEC_PUSH(arena, &report->configs, config);
	}
	for (i = 0; i < 2000; i++)
		VEC_PUSH(arena, &report->unread,
		         (struct unread){.path = config.hostname, .reason = S("gone")});
	report_summarize(report);
	text = emitted(arena, "markdown", report, &defaults);
	cr_expect(text.n < 65536, "%zu", text.n);
	cr_expect(text.n > 40000, "%zu", text.n);
	cr_expect(count(text, "no room for them here") == 4);
	cr_expect(count(text, "<details>") == count(text, "</details>"));
	arena_free(arena);
}

Test(emit_sites, way_of_the_witness)
{
	struct arena *arena = arena_new();
	struct report *report = sample_report(arena);
	struct config_report *config = &report->configs.v[0];
	struct trace trace = {.result = TRACE_ALLOW};
	struct trace_phase phase = {.type = "ACCESS-LIST", .detail = S("list {outside_in}")};
	json_t *run, *document, *flows, *steps;
	size_t i, n = 0;

	VEC_PUSH(arena, &trace.phases, phase); /* without a line: it has no place */
	VEC_PUSH(arena, &phase.lines, source_line(&config->sources, 0, 5));
	VEC_PUSH(arena, &trace.phases, phase);
	VEC_EACH(struct finding, finding, &config->findings.list)
		finding->trace = finding->has_witness ? &trace : NULL;
	document = sarif(arena, report, &defaults, &run);
	for (i = 0; i < json_array_size(json_object_get(run, "results")); i++) {
		json_t *result = json_array_get(json_object_get(run, "results"), i);
		int line;

		flows = json_object_get(result, "codeFlows");
		if (!flows)
			continue;
		n++;
		cr_assert(json_unpack(flows, "[{s:[{s:o}]}]", "threadFlows", "locations", &steps) ==
		          0);
		cr_expect(json_array_size(steps) == 1);
		cr_assert(json_unpack(steps, "[{s:{s:{s:{s:i}}}}]", "location", "physicalLocation",
		                      "region", "startLine", &line) == 0);
		cr_expect(line == 5);
		cr_expect_str_eq(message_of(json_object_get(json_array_get(steps, 0), "location")),
		                 "ACCESS-LIST: allow: list {{outside_in}}");
	}
	cr_expect(n > 0);
	json_decref(document);
	arena_free(arena);
}

/* A bracket makes no link in a message, and an unread input makes a run that was no success. */
Test(emit_sites, messages_and_success)
{
	struct arena *arena = arena_new();
	struct report report = {.tool_version = "1"};
	json_t *run, *document;
	int success = -1;

	VEC_PUSH(arena, &report.unread,
	         (struct unread){.path = S("a"), .reason = S("[x](http://y) {0} a[0]")});
	document = sarif(arena, &report, &defaults, &run);
	cr_expect_str_eq(message_of(json_array_get(notifications(run), 0)),
	                 "a: \\[x\\](http://y) {{0}} a\\[0\\]");
	json_unpack(run, "{s:[{s:b}]}", "invocations", "executionSuccessful", &success);
	cr_expect(success == 0);
	json_decref(document);
	report.unread.v[0].skipped = true;
	report.unread.v[0].reason = S("a router [x]");
	document = sarif(arena, &report, &defaults, &run);
	cr_expect_str_eq(message_of(json_array_get(notifications(run), 0)), "a: a router [x]");
	json_unpack(run, "{s:[{s:b}]}", "invocations", "executionSuccessful", &success);
	cr_expect(success == 1);
	json_decref(document);
	arena_free(arena);
}

/* What makes a test case fail is what makes the status 1; with `never`, what does by default. */
Test(emit_sites, junit_fails_as_asked)
{
	struct arena *arena = arena_new();
	struct report *report = sample_report(arena);
	struct str by[SEVERITY_COUNT + 1];
	unsigned i;

	for (i = 0; i <= SEVERITY_COUNT; i++) {
		const struct emit_options options = {.fail_on = (enum severity)i};

		by[i] = emitted(arena, "junit", report, &options);
	}
	cr_expect(str_eq(by[SEVERITY_COUNT], by[SEVERITY_WARNING]));
	cr_expect(count(by[SEVERITY_ERROR], "<failure") > 0);
	cr_expect(count(by[SEVERITY_ERROR], "<failure") < count(by[SEVERITY_WARNING], "<failure"));
	arena_free(arena);
}

/* Suppressed findings: always in CSV, elsewhere where they are asked for. */
Test(emit_sites, suppressed)
{
	static const struct {
		const char *format, *sign;
		unsigned hidden, shown;
	} cases[] = {
	        {"csv", ",policy\r\n", 1, 1},
	        {"sarif",
	         "\"justification\": \"suppressed by policy until 2027-03-01, ticket "
	         "CHG123: agreed\"",
	         0, 1},
	        {"gitlab", "; suppressed by policy until", 0, 1},
	        {"github", "%0Asuppressed by policy until", 0, 1},
	        {"junit", "    suppressed by policy until", 0, 1},
	        {"markdown", "### Suppressed\n", 0, 1},
	};
	struct emit_options options = defaults;
	struct arena *arena = arena_new();
	struct report *report = sample_report(arena);
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		unsigned hidden, shown;

		options.show_suppressed = false;
		hidden = count(emitted(arena, cases[i].format, report, &options), cases[i].sign);
		options.show_suppressed = true;
		shown = count(emitted(arena, cases[i].format, report, &options), cases[i].sign);
		cr_expect(hidden == cases[i].hidden && shown == cases[i].shown, "%s: %u, %u",
		          cases[i].format, hidden, shown);
	}
	arena_free(arena);
}
