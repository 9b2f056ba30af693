/* SPDX-License-Identifier: ISC */
/*
 * JUnit's XML, as Jenkins and GitLab read it: a suite for each config, a case for each flow, and
 * the case "config" for what is wrong with the config as a whole. A case fails by findings at or
 * above --fail-on (with `never`, as by default, by warnings); it has one `failure`, whose body
 * tells all of them, since GitLab reads neither attributes nor a second one. A flow that does
 * not cross the firewall, or that nothing decides, was skipped: it has not passed. An input that
 * could not be read is an error.
 */
#include "emitters/emitter.h"
#include "emitters/escape.h"
#include "emitters/listing.h"
#include "emitters/packets.h"

enum { LINES_MOST = 200 }; /* diagnostics told of one config */

/* The outcome of a case, by what is inside it. */
enum outcome { PASSED, FAILED, SKIPPED, BROKEN };

struct test_case {
	struct str class, name;
	enum outcome outcome;
	struct str type, message, body; /* of what is inside */
	struct str out;                 /* what else there is to say */
};

struct suite {
	struct buf cases;
	uint32_t tests, failures, errors, skipped;
};

/* ---- XML */

static void add_attribute(struct buf *out, const char *name, struct str value)
{
	buf_printf(out, " %s=\"", name);
	buf_add(out, escape_xml_attribute(out->arena, value));
	buf_char(out, '"');
}

static void add_element(struct buf *out, const char *name, const struct test_case *test)
{
	buf_printf(out, "      <%s", name);
	if (test->type.n)
		add_attribute(out, "type", test->type);
	if (test->message.n)
		add_attribute(out, "message", test->message);
	buf_char(out, '>');
	buf_add(out, escape_xml(out->arena, test->body.n ? test->body : test->message));
	buf_printf(out, "</%s>\n", name);
}

static void add_case(struct suite *suite, const struct test_case *test)
{
	struct buf *out = &suite->cases;

	suite->tests++;
	buf_add(out, S("    <testcase"));
	add_attribute(out, "classname", test->class);
	add_attribute(out, "name", test->name);
	buf_add(out, S(">\n"));
	switch (test->outcome) {
	case PASSED:
		break;
	case FAILED:
		suite->failures++;
		add_element(out, "failure", test);
		break;
	case SKIPPED:
		suite->skipped++;
		add_element(out, "skipped", test);
		break;
	case BROKEN:
		suite->errors++;
		add_element(out, "error", test);
		break;
	}
	if (test->out.n) {
		buf_add(out, S("      <system-out>"));
		buf_add(out, escape_xml(out->arena, test->out));
		buf_add(out, S("</system-out>\n"));
	}
	buf_add(out, S("    </testcase>\n"));
}

static void add_numbers(struct buf *out, const struct suite *suite)
{
	buf_printf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\"", suite->tests,
	           suite->failures, suite->errors, suite->skipped);
}

/* Append a suite to the document, and its numbers to those of `all`. */
static void add_suite(struct suite *all, const struct suite *suite, struct str name,
                      const struct config_report *config)
{
	struct buf *out = &all->cases;

	all->tests += suite->tests;
	all->failures += suite->failures;
	all->errors += suite->errors;
	all->skipped += suite->skipped;
	buf_add(out, S("  <testsuite"));
	add_attribute(out, "name", name);
	add_numbers(out, suite);
	if (config && config->hostname.n)
		add_attribute(out, "hostname", config->hostname);
	buf_add(out, S(">\n"));
	buf_add(out, buf_str(&suite->cases));
	buf_add(out, S("  </testsuite>\n"));
}

/* ---- what is said of a config */

/* "PATH:LINE: error AM101 smtp-inspected: MESSAGE", the line, and a packet to see it by */
static void tell_finding(struct buf *out, const struct config_report *config,
                         const struct finding *finding)
{
	struct listed listed = listed_of(config, finding);
	struct arena *arena = out->arena;
	bool suppressed = finding_is_suppressed(finding);

	buf_add(out, escape_line(arena, listed.place.path));
	if (listed.span.len)
		buf_printf(out, ":%u", listed.place.line);
	buf_printf(out, ": %s %s %s: %.*s\n",
	           suppressed ? "suppressed" : severity_names[finding->severity], finding->rule->id,
	           finding->rule->name, STR(listed_sentence(arena, &listed)));
	if (suppressed)
		buf_printf(out, "    %.*s\n", STR(suppression_text(arena, &finding->suppressed)));
	VEC_EACH(const struct span, span, &finding->evidence) {
		struct place place = source_place(&config->sources, *span);

		if (place.line)
			buf_printf(out, "    %u | %.*s\n", place.line,
			           STR(quoted_line(arena, config, *span)));
	}
	if (finding->has_witness)
		buf_printf(out, "    witness: %.*s\n",
		           STR(packet_tracer_text(arena, &finding->witness)));
}

/* By its id: the flow of a finding need not be the same object. */
static bool is_about(const struct finding *finding, const struct flow *flow)
{
	if (!flow || !finding->flow)
		return !flow && !finding->flow;
	return str_eq(finding->flow->id, flow->id);
}

/*
 * The findings of a flow (NULL: of the config as a whole), those that make the case fail into
 * its body, the others into what else there is to say.
 */
static void judge(struct arena *arena, const struct emit_options *options,
                  const struct config_report *config, const struct flow *flow,
                  struct test_case *test)
{
	enum severity fail_on =
	        options->fail_on == SEVERITY_COUNT ? SEVERITY_WARNING : options->fail_on;
	struct buf body = {.arena = arena}, rest = {.arena = arena};
	uint32_t counts[SEVERITY_COUNT] = {0};
	const struct finding *worst = NULL;

	buf_add(&rest, test->out);
	VEC_EACH(const struct finding, finding, &config->findings.list) {
		bool suppressed = finding_is_suppressed(finding);
		bool fails = !suppressed && finding->severity >= fail_on;

		if (!is_about(finding, flow) || (suppressed && !options->show_suppressed))
			continue;
		tell_finding(fails ? &body : &rest, config, finding);
		if (!fails)
			continue;
		counts[finding->severity]++;
		if (!worst || finding->severity > worst->severity)
			worst = finding;
	}
	test->out = buf_str(&rest);
	if (!worst)
		return;
	test->outcome = FAILED;
	test->type = str_of(worst->rule->id);
	test->message = counts_text(arena, counts);
	test->body = buf_str(&body);
}

/* ---- flows */

static struct str reasons(struct arena *arena, const struct flow *flow, enum why_about about)
{
	struct words words = {0};

	VEC_EACH(const struct why, why, &flow->why)
		if (why->about == about)
			words_add_once(arena, &words, why->text);
	return words_join(arena, &words, "; ");
}

static void tell_verdict(struct buf *out, const struct flow *flow, enum why_about about,
                         enum verdict verdict)
{
	struct str why = reasons(out->arena, flow, about);
	bool asked = flow->primary || about != ABOUT_PERMITTED;

	buf_printf(out, "%s: %s%s%s%.*s\n", why_about_names[about], verdict_names[verdict],
	           asked ? "" : " (not needed)", why.n ? ": " : "", STR(why));
}

/* Where a flow is not primary, whether it is permitted is not asked. */
static bool is_undecided(const struct flow *flow)
{
	return flow->inspected == VERDICT_UNKNOWN ||
	       (flow->primary && flow->permitted == VERDICT_UNKNOWN);
}

static void skip(struct test_case *test, struct str why)
{
	if (test->outcome != PASSED)
		return;
	test->outcome = SKIPPED;
	test->message = why;
}

static void add_flow(struct suite *suite, const struct emit_options *options,
                     const struct config_report *config, const struct flow *flow, struct str class,
                     struct str name)
{
	struct arena *arena = suite->cases.arena;
	struct test_case test = {.class = class, .name = name};
	struct buf out = {.arena = arena};

	if (flow->on_path) {
		tell_verdict(&out, flow, ABOUT_PERMITTED, flow->permitted);
		tell_verdict(&out, flow, ABOUT_INSPECTED, flow->inspected);
	}
	test.out = buf_str(&out);
	judge(arena, options, config, flow, &test);
	if (!flow->on_path)
		skip(&test,
		     str_printf(arena, "off path: %.*s", STR(reasons(arena, flow, ABOUT_ON_PATH))));
	else if (is_undecided(flow))
		skip(&test, S("unknown: the config does not decide it"));
	add_case(suite, &test);
}

/* ---- configs */

static void tell_diags(struct buf *out, const struct config_report *config)
{
	uint32_t told = 0;

	VEC_EACH(const struct diag, diag, &config->diags.list) {
		struct place place = source_place(&config->sources, diag->span);

		if (told++ >= LINES_MOST)
			continue;
		if (place.line)
			buf_printf(out, "%.*s:%u:%u: ", STR(escape_line(out->arena, place.path)),
			           place.line, place.column);
		buf_printf(out, "%s: %.*s\n", severity_names[diag->severity],
		           STR(escape_line(out->arena, diag->message)));
	}
	if (told > LINES_MOST)
		buf_printf(out, "and %u more\n", told - LINES_MOST);
}

static void add_config_case(struct suite *suite, const struct emit_options *options,
                            const struct config_report *config, struct str class)
{
	struct arena *arena = suite->cases.arena;
	struct test_case test = {.class = class, .name = S("config")};
	struct buf out = {.arena = arena};

	VEC_EACH(const struct str, note, &config->notes)
		buf_printf(&out, "note: %.*s\n", STR(escape_line(arena, *note)));
	tell_diags(&out, config);
	test.out = buf_str(&out);
	judge(arena, options, config, NULL, &test);
	if (config->flows.n == 0)
		skip(&test, S("nothing was judged: there is no flow of an appliance"));
	add_case(suite, &test);
}

/* How many flows before this one have its id; readers drop a case whose name came before. */
static uint32_t repeats(const struct config_report *config, const struct flow *flow)
{
	const struct flow *before;
	uint32_t n = 0;

	for (before = config->flows.v; before < flow; before++)
		n += str_eq(before->id, flow->id);
	return n;
}

static void add_config(struct suite *all, const struct emit_options *options,
                       const struct config_report *config)
{
	struct arena *arena = arena_new(); /* of this suite alone: there may be many */
	struct suite suite = {.cases = {.arena = arena}};
	struct str class = config->path;

	if (config->context.n)
		class = str_printf(arena, "%.*s context %.*s", STR(class), STR(config->context));
	add_config_case(&suite, options, config, class);
	VEC_EACH(const struct flow, flow, &config->flows) {
		uint32_t n = repeats(config, flow);
		struct str name =
		        n ? str_printf(arena, "%.*s (%u)", STR(flow->id), n + 1) : flow->id;

		add_flow(&suite, options, config, flow, class, name);
	}
	add_suite(all, &suite, class, config);
	arena_free(arena);
}

static void add_unread(struct suite *all, const struct unread *unread)
{
	struct suite suite = {.cases = {.arena = all->cases.arena}};
	const struct test_case test = {
	        .class = unread->path,
	        .name = S("config"),
	        .outcome = BROKEN,
	        .type = S("unreadable"),
	        .message = unread->reason,
	};

	add_case(&suite, &test);
	add_suite(all, &suite, unread->path, NULL);
}

void emit_junit(const struct report *report, const struct emit_options *options, struct buf *out)
{
	struct suite all = {.cases = {.arena = out->arena}};

	VEC_EACH(const struct config_report, config, &report->configs)
		add_config(&all, options, config);
	VEC_EACH(const struct unread, unread, &report->unread)
		if (!unread->skipped)
			add_unread(&all, unread);
	buf_add(out, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"asamend\""));
	add_numbers(out, &all);
	buf_add(out, S(">\n"));
	buf_add(out, buf_str(&all.cases));
	buf_add(out, S("</testsuites>\n"));
}
