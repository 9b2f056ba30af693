/* SPDX-License-Identifier: ISC */
/*
 * The fleet as a matrix, firewall by kind of flow. A verdict is a word, a shape and a colour. Rows
 * stand in bodies of BODY_ROWS, which a browser lays out when they come into sight.
 */
#include "emitters/report_html.h"

#include "emitters/flow_rows.h"
#include "model/intern.h"

#include <stdlib.h>
#include <string.h>

enum { BODY_ROWS = 50, SLUG_MAX = 80 };

const char *const html_mark_words[MARK_COUNT] = {
        [MARK_BLOCKED] = "blocked",
        [MARK_BLOCKED_PART] = "blocked in part",
        [MARK_INSPECTED] = "inspected",
        [MARK_INSPECTED_PART] = "inspected in part",
        [MARK_MAYBE_BLOCKED] = "maybe blocked",
        [MARK_MAYBE_INSPECTED] = "maybe inspected",
        [MARK_CAPPED] = "capped",
        [MARK_LIMITED] = "limited",
        [MARK_CLEAR] = "clear",
        [MARK_PERMITTED] = "permitted",
        [MARK_OFF_PATH] = "off path",
        [MARK_NONE] = "none",
        [MARK_NOT_JUDGED] = "not judged",
};

const char *const html_mark_classes[MARK_COUNT] = {
        [MARK_BLOCKED] = "blocked",     [MARK_BLOCKED_PART] = "blocked",
        [MARK_INSPECTED] = "inspected", [MARK_INSPECTED_PART] = "inspected",
        [MARK_MAYBE_BLOCKED] = "maybe", [MARK_MAYBE_INSPECTED] = "maybe",
        [MARK_CAPPED] = "capped",       [MARK_LIMITED] = "limited",
        [MARK_CLEAR] = "clear",         [MARK_PERMITTED] = "clear",
        [MARK_OFF_PATH] = "off",        [MARK_NONE] = "off",
        [MARK_NOT_JUDGED] = "off",
};

static const char *const platform_titles[PLATFORM_COUNT] = {
        [PLATFORM_ASA] = "ASA",
        [PLATFORM_PIX] = "PIX",
        [PLATFORM_FWSM] = "FWSM",
        [PLATFORM_FTD] = "FTD",
};

/* ---- words */

struct str html_number(struct arena *arena, uint32_t number)
{
	if (number < 1000)
		return str_printf(arena, "%u", number);
	return str_printf(arena, "%.*s,%03u", STR(html_number(arena, number / 1000)),
	                  number % 1000);
}

struct str html_release(struct arena *arena, const struct config_report *config)
{
	return str_printf(arena, "%s %.*s", platform_titles[config->platform],
	                  STR(config->version.n ? config->version : S("(version not given)")));
}

/* The first two numbers of a version: "8.2" of "8.2(5)", "6.6" of "6.6.1". */
static struct str train_of(struct arena *arena, const struct config_report *config)
{
	struct str version = config->version;
	size_t n = 0, dots = 0;

	while (n < version.n && version.s[n] != '(' && (version.s[n] != '.' || ++dots < 2))
		n++;
	version.n = n;
	return str_printf(arena, "%s %.*s", platform_titles[config->platform],
	                  STR(n ? version : S("(no version)")));
}

static struct str name_of(struct arena *arena, const struct config_report *config)
{
	struct str name = config->hostname.n ? config->hostname : config->path;

	return config->context.n ? str_printf(arena, "%.*s/%.*s", STR(name), STR(config->context))
	                         : name;
}

static bool fits_slug(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
}

/* "fw-HOSTNAME-CONTEXT" of what may stand in a link; a number after it where that is taken. */
static struct str id_of(struct arena *arena, struct interns *taken, struct str name)
{
	struct buf slug = {.arena = arena};
	struct str first, id;
	unsigned again = 1;
	size_t i;

	buf_add(&slug, S("fw-"));
	for (i = 0; i < name.n && slug.n < SLUG_MAX; i++) {
		char c =
		        name.s[i] >= 'A' && name.s[i] <= 'Z' ? (char)(name.s[i] | 0x20) : name.s[i];

		if (fits_slug(c))
			buf_char(&slug, c);
		else if (slug.s[slug.n - 1] != '-')
			buf_char(&slug, '-');
	}
	first = id = buf_str(&slug);
	while (intern_find(taken, id))
		id = str_printf(arena, "%.*s-%u", STR(first), ++again);
	intern(taken, id);
	return id;
}

/* ---- verdicts */

bool html_is_capped(const struct config_report *config, const struct flow *flow)
{
	VEC_EACH(const struct finding, finding, &config->findings.list)
		if (finding->flow && str_eq(finding->flow->id, flow->id) &&
		    !finding_is_suppressed(finding) &&
		    str_starts(str_of(finding->rule->id), S("AM2")) &&
		    strcmp(finding->rule->id, "AM208") != 0) /* of idle time */
			return true;
	return false;
}

static unsigned marks_of(const struct config_report *config, const struct flow *flow)
{
	static const unsigned permitted[VERDICT_COUNT] = {
	        [VERDICT_NO] = 1 << MARK_BLOCKED,
	        [VERDICT_PARTLY] = 1 << MARK_BLOCKED_PART,
	        [VERDICT_UNKNOWN] = 1 << MARK_MAYBE_BLOCKED,
	};
	static const unsigned inspected[VERDICT_COUNT] = {
	        [VERDICT_YES] = 1 << MARK_INSPECTED,
	        [VERDICT_PARTLY] = 1 << MARK_INSPECTED_PART,
	        [VERDICT_UNKNOWN] = 1 << MARK_MAYBE_INSPECTED,
	};
	unsigned marks = 0;

	if (!flow->on_path)
		return 1 << MARK_OFF_PATH;
	if (flow->primary)
		marks |= permitted[flow->permitted];
	if (flow_is_mail[flow->kind])
		marks |= inspected[flow->inspected];
	if (flow->limits.n)
		marks |= html_is_capped(config, flow) ? 1 << MARK_CAPPED : 1 << MARK_LIMITED;
	if (marks)
		return marks;
	return flow_is_mail[flow->kind] ? 1 << MARK_CLEAR : 1 << MARK_PERMITTED;
}

/* Of what is told by a worse one the milder need not be said. */
static unsigned without_milder(unsigned marks)
{
	static const unsigned families[] = {
	        1 << MARK_BLOCKED | 1 << MARK_BLOCKED_PART | 1 << MARK_MAYBE_BLOCKED,
	        1 << MARK_INSPECTED | 1 << MARK_INSPECTED_PART | 1 << MARK_MAYBE_INSPECTED,
	        1 << MARK_CAPPED | 1 << MARK_LIMITED,
	};
	const unsigned quiet = 1 << MARK_CLEAR | 1 << MARK_PERMITTED | 1 << MARK_OFF_PATH;
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		unsigned own = marks & families[i];

		marks = (marks & ~families[i]) | (own & -own);
	}
	if (marks & ~quiet)
		return marks & ~quiet;
	return marks & -marks;
}

static void look_at(struct html_report *html, struct html_firewall *firewall)
{
	const struct config_report *config = firewall->config;
	int kind;

	VEC_EACH(const struct flow, flow, &config->flows)
		firewall->marks[flow->kind] |= marks_of(config, flow);
	for (kind = 0; kind < FLOW_KIND_COUNT; kind++) {
		unsigned marks = without_milder(firewall->marks[kind]);

		html->kinds[kind] |= marks != 0;
		if (!marks)
			marks = config->flows.n ? 1 << MARK_NONE : 1 << MARK_NOT_JUDGED;
		firewall->marks[kind] = marks;
	}
	VEC_EACH(const struct finding, finding, &config->findings.list)
		if (!finding_is_suppressed(finding))
			firewall->findings[finding->severity]++;
	html->changes |= config->change != NULL;
}

struct html_report html_report_of(struct arena *arena, const struct report *report)
{
	struct html_report html = {.report = report, .many = report->configs.n > HTML_FEW};
	struct interns *taken = interns_new(arena);
	int kind;

	VEC_EACH(const struct config_report, config, &report->configs) {
		struct html_firewall *firewall =
		        VEC_PUSH(arena, &html.firewalls, (struct html_firewall){.config = config});

		firewall->name = name_of(arena, config);
		firewall->id = id_of(arena, taken, firewall->name);
		firewall->train = train_of(arena, config);
		look_at(&html, firewall);
	}
	for (kind = 0; kind < FLOW_KIND_COUNT; kind++)
		html.n_kinds += html.kinds[kind];
	return html;
}

/* ---- tiles */

/* The script counts anew what has a name here. */
static void add_tile(struct buf *out, const char *class, const char *name, const char *title,
                     uint32_t number)
{
	buf_printf(out,
	           "<div class=\"tile\"><dt><span class=\"%s\">%s</span></dt><dd data-n=\"%s\">"
	           "%.*s</dd></div>\n",
	           class, title, name, STR(html_number(out->arena, number)));
}

/* When the results were made; an old record may not say. */
static void add_run(struct buf *out, const struct run_info *run)
{
	struct str day, time, rest;

	if (!str_cut(run->started, 'T', &day, &time))
		return;
	str_cut(time, 'Z', &time, &rest);
	buf_add(out, S("<p class=\"fact\">Scanned <time datetime=\""));
	page_text(out, run->started);
	buf_add(out, S("\">"));
	page_text(out, day);
	buf_char(out, ' ');
	page_text(out, time);
	buf_add(out, S(" UTC</time>; suppressions are judged as of "));
	page_text(out, run->today);
	buf_add(out, S(".</p>\n"));
}

void html_add_summary(struct buf *out, const struct html_report *html)
{
	const struct summary *summary = &html->report->summary;
	uint32_t clean = 0;

	VEC_EACH(const struct html_firewall, firewall, &html->firewalls)
		clean += !firewall->findings[SEVERITY_ERROR] &&
		         !firewall->findings[SEVERITY_WARNING] &&
		         !firewall->findings[SEVERITY_NOTE];
	buf_add(out, S("<section aria-label=\"Summary\">\n<dl class=\"tiles\">\n"));
	if (html->firewalls.n != 1)
		add_tile(out, "plain", "all", "firewalls", html->firewalls.n);
	add_tile(out, "error", "error", "errors", summary->findings[SEVERITY_ERROR]);
	add_tile(out, "warning", "warning", "warnings", summary->findings[SEVERITY_WARNING]);
	add_tile(out, "note", "note", "notes", summary->findings[SEVERITY_NOTE]);
	if (html->firewalls.n > 1)
		add_tile(out, "plain", "clean", "without findings", clean);
	if (summary->suppressed)
		add_tile(out, "off", "", "suppressed", summary->suppressed);
	if (summary->fixed)
		add_tile(out, "clear", "", "fixed since the baseline", summary->fixed);
	if (summary->unreadable)
		add_tile(out, "error", "", "not read", summary->unreadable);
	if (summary->skipped)
		add_tile(out, "off", "", "skipped", summary->skipped);
	buf_add(out, S("</dl>\n"));
	add_run(out, &html->report->run);
	buf_add(out, S("</section>\n"));
}

/* ---- filters */

static void add_option(struct buf *out, struct str value, struct str title)
{
	buf_add(out, S("<option value=\""));
	page_text(out, value);
	buf_add(out, S("\">"));
	page_text(out, title);
	buf_add(out, S("</option>"));
}

static void add_select(struct buf *out, const char *id, const char *title, const char *any)
{
	buf_printf(out, "<label><span>%s</span><select id=\"by-%s\"><option value=\"\">%s</option>",
	           title, id, any);
}

static int compare_words(const void *left, const void *right)
{
	const struct str *a = left, *b = right;

	return str_cmp(*a, *b);
}

/* The different words that `word` says of the firewalls, sorted. */
struct options_seen {
	VEC(struct str) list;
};

static void add_seen(struct arena *arena, struct interns *known, struct options_seen *seen,
                     struct str word)
{
	if (intern_find(known, word))
		return;
	intern(known, word);
	VEC_PUSH(arena, &seen->list, word);
}

static void add_options(struct buf *out, struct options_seen *seen)
{
	if (seen->list.n)
		qsort(seen->list.v, seen->list.n, sizeof(*seen->list.v), compare_words);
	VEC_EACH(const struct str, word, &seen->list)
		add_option(out, *word, *word);
	buf_add(out, S("</select></label>\n"));
}

static void add_filters(struct buf *out, const struct html_report *html)
{
	struct interns *known = interns_new(out->arena);
	struct options_seen rules = {0}, trains = {0};
	int kind;

	VEC_EACH(const struct html_firewall, firewall, &html->firewalls) {
		add_seen(out->arena, known, &trains, firewall->train);
		VEC_EACH(const struct finding, finding, &firewall->config->findings.list)
			if (!finding_is_suppressed(finding))
				add_seen(out->arena, known, &rules, str_of(finding->rule->id));
	}
	buf_add(out, S("<div id=\"filters\" role=\"search\" hidden=\"hidden\">\n"
	               "<label class=\"wide\"><span>Name, path, release or rule</span>"
	               "<input type=\"search\" id=\"by-text\" autocomplete=\"off\" "
	               "spellcheck=\"false\"/></label>\n"));
	add_select(out, "severity", "Findings", "any");
	buf_add(out, S("<option value=\"error\">with errors</option><option "
	               "value=\"warning\">with warnings</option><option value=\"note\">with "
	               "notes</option><option value=\"none\">none</option></select></label>\n"));
	add_select(out, "rule", "Rule", "any");
	add_options(out, &rules);
	add_select(out, "kind", "Flow", "any");
	for (kind = 0; kind < FLOW_KIND_COUNT; kind++)
		if (html->kinds[kind])
			add_option(out, str_of(flow_kind_names[kind]),
			           str_of(flow_kind_names[kind]));
	buf_add(out, S("</select></label>\n"));
	add_select(out, "verdict", "Verdict", "any");
	buf_add(out, S("<option value=\"blocked\">blocked</option><option "
	               "value=\"inspected\">inspected</option><option value=\"maybe\">not "
	               "decided</option><option value=\"capped\">capped</option><option "
	               "value=\"clear\">clear</option><option value=\"off\">off "
	               "path</option></select></label>\n"));
	add_select(out, "train", "Release", "any");
	add_options(out, &trains);
	buf_add(out, S("<button type=\"button\" id=\"reset\">Reset</button>\n</div>\n"));
}

/* ---- matrix */

static void add_column(struct buf *out, const char *sort, const char *name, const char *title)
{
	buf_printf(out, "<th scope=\"col\" data-sort=\"%s\" data-name=\"%s\">%s</th>", sort, name,
	           title);
}

static void add_columns(struct buf *out, const struct html_report *html)
{
	int kind;

	buf_add(out, S("<thead><tr>"));
	add_column(out, "text", "name", "Firewall");
	add_column(out, "text", "release", "Release");
	for (kind = 0; kind < FLOW_KIND_COUNT; kind++)
		if (html->kinds[kind])
			add_column(out, "rank", flow_kind_names[kind], flow_kind_names[kind]);
	add_column(out, "number", "error", "Errors");
	add_column(out, "number", "warning", "Warnings");
	add_column(out, "number", "note", "Notes");
	if (html->changes)
		add_column(out, "text", "change", "Change");
	buf_add(out, S("</tr></thead>\n"));
}

static void add_marks(struct buf *out, unsigned marks)
{
	int mark;

	buf_add(out, S("<td>"));
	for (mark = 0; mark < MARK_COUNT; mark++)
		if (marks & 1u << mark)
			buf_printf(out, "<span class=\"%s\">%s</span>", html_mark_classes[mark],
			           html_mark_words[mark]);
	buf_add(out, S("</td>"));
}

static void add_count(struct buf *out, const char *class, uint32_t number)
{
	buf_printf(out, "<td class=\"%s\">%u</td>", number ? class : "zero", number);
}

/* "AM101:2 AM201:1": the rules that found something here, and how often. */
static void add_rule_counts(struct buf *out, const struct config_report *config)
{
	const char *between = "";

	VEC_EACH(const struct finding, first, &config->findings.list) {
		unsigned n = 0;

		if (finding_is_suppressed(first))
			continue;
		VEC_EACH(const struct finding, other, &config->findings.list) {
			if (other->rule != first->rule || finding_is_suppressed(other))
				continue;
			if (other < first)
				break;
			n++;
		}
		if (n)
			buf_printf(out, "%s%s:%u", between, first->rule->id, n);
		between = n ? " " : between;
	}
}

static const char *change_word(const struct change *change)
{
	const struct change_check *check;

	if (!change || !change->commands.list.n)
		return "none";
	check = &change->check;
	if (!change->safe)
		return "unsafe";
	return check->done && check->unchanged && check->rollback_restores && check->idempotent
	               ? "proved"
	               : "not proved";
}

static void add_row(struct buf *out, const struct html_report *html,
                    const struct html_firewall *firewall)
{
	const struct config_report *config = firewall->config;
	int kind;

	buf_add(out, S("<tr data-r=\""));
	add_rule_counts(out, config);
	buf_add(out, S("\" data-t=\""));
	page_text(out, firewall->train);
	buf_add(out, S("\"><th scope=\"row\"><a href=\"#"));
	page_text(out, firewall->id);
	buf_add(out, S("\">"));
	page_text(out, firewall->name);
	buf_add(out, S("</a>"));
	if (!str_eq(firewall->name, config->path)) {
		buf_add(out, S("<small>"));
		page_text(out, config->path);
		buf_add(out, S("</small>"));
	}
	buf_add(out, S("</th><td>"));
	page_text(out, html_release(out->arena, config));
	buf_add(out, S("</td>"));
	for (kind = 0; kind < FLOW_KIND_COUNT; kind++)
		if (html->kinds[kind])
			add_marks(out, firewall->marks[kind]);
	add_count(out, "error", firewall->findings[SEVERITY_ERROR]);
	add_count(out, "warning", firewall->findings[SEVERITY_WARNING]);
	add_count(out, "note", firewall->findings[SEVERITY_NOTE]);
	if (html->changes)
		buf_printf(out, "<td>%s</td>", change_word(config->change));
	buf_add(out, S("</tr>\n"));
}

void html_add_fleet(struct buf *out, const struct html_report *html)
{
	uint32_t i;

	buf_add(out, S("<section id=\"fleet\">\n<h2>Firewalls</h2>\n"));
	add_filters(out, html);
	buf_printf(out,
	           "<p id=\"shown\" role=\"status\">%.*s firewalls</p>\n<table id=\"matrix\">\n",
	           STR(html_number(out->arena, html->firewalls.n)));
	add_columns(out, html);
	for (i = 0; i < html->firewalls.n; i++) {
		if (i % BODY_ROWS == 0)
			buf_add(out, i ? S("</tbody>\n<tbody>\n") : S("<tbody>\n"));
		add_row(out, html, &html->firewalls.v[i]);
	}
	buf_add(out, S("</tbody>\n</table>\n</section>\n"));
}
