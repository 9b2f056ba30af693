/* SPDX-License-Identifier: ISC */
/*
 * The audit as a comment of a merge request or the summary of a job: what it comes to, a table of
 * firewalls and flows with a word for each verdict, the findings, the worst first, and what there
 * is to each firewall, folded. A comment of GitHub's holds 65,536 characters and is refused when
 * it is longer, so each part has a bound, and says how much there was no room for.
 */
#include "emitters/emitter.h"
#include "emitters/escape.h"
#include "emitters/listing.h"
#include "emitters/packets.h"

#include <string.h>

enum {
	ALL_MOST = 65000,      /* bytes, so at most as many characters */
	TABLE_MOST = 20000,    /* the table and what stands above it */
	FINDINGS_MOST = 45000, /* that and the findings */
	ENTRY_MOST = 8000,     /* of one firewall, folded, where there are many */
	LEFT_OUT_MOST = 20,    /* firewalls that were too long, until no more are tried */
	LINES_MOST = 40,       /* lines quoted of one firewall */
	TEXT_MOST = 400,       /* of one message, name or line */
	COLUMNS_MOST = 8       /* kinds of flow with a column of their own */
};

/* ---- text */

/* At most TEXT_MOST bytes, cut between characters. */
static struct str shortened(struct arena *arena, struct str text)
{
	size_t n = TEXT_MOST;

	if (text.n <= TEXT_MOST)
		return text;
	while (n > TEXT_MOST - 4 && ((unsigned char)text.s[n] & 0xc0) == 0x80)
		n--;
	return str_printf(arena, "%.*s...", (int)n, text.s);
}

static void add_text(struct buf *out, struct str text)
{
	buf_add(out, escape_markdown(out->arena, shortened(out->arena, text)));
}

/* A name or line as it is in the config. */
static void add_code(struct buf *out, struct str text)
{
	buf_add(out, S("<code>"));
	add_text(out, text);
	buf_add(out, S("</code>"));
}

static void add_name(struct buf *out, const struct config_report *config)
{
	add_code(out, config->path);
	if (config->hostname.n) {
		buf_char(out, ' ');
		add_text(out, config->hostname);
	}
	if (config->context.n) {
		buf_add(out, S(" context "));
		add_text(out, config->context);
	}
}

/* ---- the table */

/* The kinds of flow that have a column, by name. */
struct columns {
	struct words names;
};

static struct columns columns_of(struct arena *arena, const struct report *report)
{
	struct columns columns = {0};

	VEC_EACH(const struct config_report, config, &report->configs)
		VEC_EACH(const struct flow, flow, &config->flows)
			if (columns.names.list.n < COLUMNS_MOST)
				words_add_once(arena, &columns.names, flow->name);
	return columns;
}

struct seen {
	bool any, on_path;
	bool permitted[VERDICT_COUNT], inspected[VERDICT_COUNT];
};

static struct seen look(const struct config_report *config, struct str name)
{
	struct seen seen = {0};

	VEC_EACH(const struct flow, flow, &config->flows) {
		if (!str_eq(flow->name, name))
			continue;
		seen.any = true;
		if (!flow->on_path)
			continue;
		seen.on_path = true;
		seen.inspected[flow->inspected] = true;
		if (flow->primary)
			seen.permitted[flow->permitted] = true;
	}
	return seen;
}

/* The worst that happens to the flows of one kind; a sign besides the word, none by colour. */
static struct str cell(struct arena *arena, const struct seen *seen)
{
	struct words words = {0};

	if (!seen->any)
		return S("-");
	if (!seen->on_path)
		return S("off path");
	if (seen->permitted[VERDICT_NO])
		VEC_PUSH(arena, &words.list, S("\u2716 blocked"));
	else if (seen->permitted[VERDICT_PARTLY])
		VEC_PUSH(arena, &words.list, S("\u2716 partly blocked"));
	if (seen->inspected[VERDICT_YES])
		VEC_PUSH(arena, &words.list, S("\u25b2 inspected"));
	else if (seen->inspected[VERDICT_PARTLY])
		VEC_PUSH(arena, &words.list, S("\u25b2 partly inspected"));
	if (seen->permitted[VERDICT_UNKNOWN] || seen->inspected[VERDICT_UNKNOWN])
		VEC_PUSH(arena, &words.list, S("? unknown"));
	return words.list.n ? words_join(arena, &words, ", ") : S("\u2713 free");
}

static struct str config_counts(struct arena *arena, const struct config_report *config)
{
	uint32_t counts[SEVERITY_COUNT] = {0}, suppressed = 0;
	struct str text;

	VEC_EACH(const struct finding, finding, &config->findings.list) {
		if (finding_is_suppressed(finding))
			suppressed++;
		else
			counts[finding->severity]++;
	}
	text = counts_text(arena, counts);
	return suppressed ? str_printf(arena, "%.*s, %u suppressed", STR(text), suppressed) : text;
}

static void add_row(struct buf *out, const struct config_report *config,
                    const struct columns *columns)
{
	buf_add(out, S("| "));
	add_name(out, config);
	buf_add(out, S(" | "));
	buf_add(out, config_counts(out->arena, config));
	VEC_EACH(const struct str, name, &columns->names.list) {
		struct seen seen = look(config, *name);

		buf_add(out, S(" | "));
		buf_add(out, cell(out->arena, &seen));
	}
	buf_add(out, S(" |\n"));
}

/* Rows or entries that there is no room for. */
static void add_left_out(struct buf *out, size_t n, const char *what)
{
	if (n)
		buf_printf(out, "\n%zu more %s%s: no room for %s here.\n", n, what,
		           n == 1 ? "" : "s", n == 1 ? "it" : "them");
}

/* The firewalls with findings first, for there may be no room for all. */
static void add_table(struct buf *out, size_t start, const struct report *report)
{
	struct columns columns = columns_of(out->arena, report);
	size_t left = 0;
	int clean;

	if (report->configs.n == 0)
		return;
	buf_add(out, S("\n| firewall | findings |"));
	VEC_EACH(const struct str, name, &columns.names.list) {
		buf_char(out, ' ');
		add_text(out, *name);
		buf_add(out, S(" |"));
	}
	buf_add(out, S("\n|---|---|"));
	VEC_EACH(const struct str, name, &columns.names.list)
		buf_add(out, S("---|"));
	buf_char(out, '\n');
	for (clean = 0; clean <= 1; clean++)
		VEC_EACH(const struct config_report, config, &report->configs) {
			size_t before = out->n;

			if ((config->findings.list.n == 0) != clean)
				continue;
			if (left == 0)
				add_row(out, config, &columns);
			if (left || out->n - start > TABLE_MOST) {
				out->n = before;
				left++;
			}
		}
	add_left_out(out, left, "firewall");
}

/* ---- the findings */

/* Findings of one rule about the same line with the same text differ in the flow alone. */
static bool same_entry(const struct listed *a, const struct listed *b)
{
	return a->config == b->config && a->finding->rule == b->finding->rule &&
	       a->finding->severity == b->finding->severity && a->place.line == b->place.line &&
	       str_eq(a->place.path, b->place.path) &&
	       str_eq(a->finding->message, b->finding->message) &&
	       a->finding->certain == b->finding->certain &&
	       a->finding->suppressed.by == b->finding->suppressed.by &&
	       str_eq(a->finding->suppressed.ticket, b->finding->suppressed.ticket) &&
	       str_eq(a->finding->suppressed.until, b->finding->suppressed.until);
}

/* Append the entry of the findings from `i` to before `end`. */
static void add_entry(struct buf *out, const struct listing *listing, uint32_t i, uint32_t end)
{
	const struct listed *first = &listing->list.v[i];
	const struct finding *finding = first->finding;
	struct str place = first->place.path;
	uint32_t flows = 0;

	if (first->span.len)
		place = str_printf(out->arena, "%.*s:%u", STR(place), first->place.line);
	buf_printf(out, "- **%s** %s ", finding->rule->id, finding->rule->name);
	add_code(out, place);
	if (first->config->context.n) {
		buf_add(out, S(" context "));
		add_text(out, first->config->context);
	}
	buf_add(out, S(": "));
	add_text(out, finding->message);
	for (; i < end; i++) {
		if (!listing->list.v[i].finding->flow)
			continue;
		buf_add(out, flows++ ? S(", ") : S("; flow "));
		add_code(out, listing->list.v[i].finding->flow->id);
	}
	if (!finding->certain)
		buf_add(out, S("; not certain"));
	if (finding->discovered)
		buf_add(out, S("; the appliance is a guess"));
	if (finding_is_suppressed(finding)) {
		buf_add(out, S("; "));
		add_text(out, suppression_text(out->arena, &finding->suppressed));
	}
	buf_char(out, '\n');
}

static void add_heading(struct buf *out, const struct finding *finding)
{
	static const char *const headings[SEVERITY_COUNT] = {
	        [SEVERITY_NOTE] = "Notes",
	        [SEVERITY_WARNING] = "Warnings",
	        [SEVERITY_ERROR] = "Errors",
	};

	buf_printf(out, "\n### %s\n\n",
	           finding_is_suppressed(finding) ? "Suppressed" : headings[finding->severity]);
}

static bool same_heading(const struct finding *a, const struct finding *b)
{
	return finding_is_suppressed(a) == finding_is_suppressed(b) &&
	       (finding_is_suppressed(a) || a->severity == b->severity);
}

static void add_findings(struct buf *out, size_t start, const struct listing *listing)
{
	const struct listed *list = listing->list.v;
	uint32_t i, end, left = 0;

	for (i = 0; i < listing->list.n; i = end) {
		size_t before = out->n;

		for (end = i + 1; end < listing->list.n && same_entry(&list[i], &list[end]);)
			end++;
		if (left == 0) {
			if (i == 0 || !same_heading(list[i - 1].finding, list[i].finding))
				add_heading(out, list[i].finding);
			add_entry(out, listing, i, end);
		}
		if (left || out->n - start > FINDINGS_MOST) {
			out->n = before;
			left += end - i;
		}
	}
	add_left_out(out, left, "finding");
}

static void add_unread(struct buf *out, size_t start, const struct report *report)
{
	size_t left = 0, told = 0;

	VEC_EACH(const struct unread, unread, &report->unread) {
		size_t before = out->n;

		if (unread->skipped)
			continue;
		if (told++ == 0)
			buf_add(out, S("\n### Not read\n\n"));
		buf_add(out, S("- "));
		add_code(out, unread->path);
		buf_add(out, S(": "));
		add_text(out, unread->reason);
		buf_char(out, '\n');
		if (left || out->n - start > TABLE_MOST) {
			out->n = before;
			left++;
		}
	}
	add_left_out(out, left, "input");
}

/* ---- what there is to one firewall */

static void add_flow(struct buf *out, const struct flow *flow)
{
	buf_add(out, S("| "));
	add_code(out, flow->id);
	if (flow->on_path)
		buf_printf(out, " | %s%s | %s | ", verdict_names[flow->permitted],
		           flow->primary ? "" : " (not needed)", verdict_names[flow->inspected]);
	else
		buf_add(out, S(" | off path | off path | "));
	VEC_EACH(const struct why, why, &flow->why) {
		if (why != flow->why.v)
			buf_add(out, S("; "));
		add_text(out, why->text);
	}
	buf_add(out, S(" |\n"));
}

/* A line that shows a finding, in a block of code: nothing in it is markup. */
static struct str code_line(struct arena *arena, const struct config_report *config,
                            struct span span)
{
	struct place place = source_place(&config->sources, span);
	struct str text = shortened(arena, quoted_line(arena, config, span));

	return str_printf(arena, "    %.*s:%u: %.*s\n", STR(escape_line(arena, place.path)),
	                  place.line, STR(text));
}

/* The lines that show the findings, each once. */
static void add_lines(struct buf *out, const struct config_report *config)
{
	struct arena *arena = out->arena;
	struct words lines = {0};

	VEC_EACH(const struct finding, finding, &config->findings.list) {
		if (finding_is_suppressed(finding))
			continue;
		VEC_EACH(const struct span, span, &finding->evidence)
			if (source_place(&config->sources, *span).line && lines.list.n < LINES_MOST)
				words_add_once(arena, &lines, code_line(arena, config, *span));
	}
	if (lines.list.n == 0)
		return;
	buf_char(out, '\n');
	buf_add(out, words_join(arena, &lines, ""));
	if (lines.list.n == LINES_MOST)
		buf_add(out, S("    ...\n"));
}

static void add_details(struct buf *out, const struct config_report *config)
{
	struct arena *arena = out->arena;
	const struct coverage *coverage = &config->coverage;
	struct str name = str_printf(arena, "%.*s%s%.*s", STR(config->path),
	                             config->context.n ? " context " : "", STR(config->context));

	/* what stands in <code> mentions nobody */
	buf_add(out, S("\n<details><summary><code>"));
	buf_add(out, escape_html(arena, escape_line(arena, shortened(arena, name))));
	buf_add(out, S("</code></summary>\n\n"));
	VEC_EACH(const struct str, note, &config->notes) {
		buf_add(out, S("note: "));
		add_text(out, *note);
		buf_add(out, S("\n\n"));
	}
	buf_printf(out, "%s %.*s, %u lines: %u modelled, %u irrelevant to mail, %u unknown\n",
	           platform_names[config->platform],
	           STR(config->version.n ? escape_markdown(arena, config->version)
	                                 : S("(version not given)")),
	           coverage->lines, coverage->modelled, coverage->irrelevant, coverage->unknown);
	if (config->flows.n)
		buf_add(out, S("\n| flow | permitted | inspected | why |\n|---|---|---|---|\n"));
	VEC_EACH(const struct flow, flow, &config->flows)
		add_flow(out, flow);
	add_lines(out, config);
	buf_add(out, S("\n</details>\n"));
}

/*
 * Those with findings first. One that is too long alone is left out so that others are not; when
 * the page is full, or many were, no more are tried.
 */
static void add_all_details(struct buf *out, size_t start, const struct report *report)
{
	size_t most = ENTRY_MOST, left = 0, too_long = 0;
	bool full = false;
	int clean;

	if (report->configs.n && (ALL_MOST - (out->n - start)) / report->configs.n > most)
		most = (ALL_MOST - (out->n - start)) / report->configs.n;
	for (clean = 0; clean <= 1; clean++)
		VEC_EACH(const struct config_report, config, &report->configs) {
			size_t before = out->n;

			if ((config->findings.list.n == 0) != clean)
				continue;
			if (!full)
				add_details(out, config);
			if (out->n - start > ALL_MOST)
				full = true;
			else if (out->n - before > most)
				full = ++too_long == LEFT_OUT_MOST;
			else if (!full)
				continue;
			out->n = before;
			left++;
		}
	add_left_out(out, left, "firewall");
}

static void add_summary(struct buf *out, const struct report *report)
{
	const struct summary *summary = &report->summary;

	buf_add(out, S("## asamend: "));
	if (summary->configs == 0)
		buf_add(out, S("no firewall was audited"));
	else
		buf_printf(out, "%.*s in %u firewall%s",
		           STR(counts_text(out->arena, summary->findings)), summary->configs,
		           summary->configs == 1 ? "" : "s");
	buf_add(out, others_text(out->arena, summary));
	buf_char(out, '\n');
}

void emit_markdown(const struct report *report, const struct emit_options *options, struct buf *out)
{
	struct listing listing = listing_of(out->arena, report, options->show_suppressed);
	size_t start = out->n;

	add_summary(out, report);
	add_unread(out, start, report);
	add_table(out, start, report);
	add_findings(out, start, &listing);
	add_all_details(out, start, report);
}
