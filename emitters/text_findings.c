/* SPDX-License-Identifier: ISC */
/*
 * The findings of a config in words, the worst first. Those of one rule about
 * the same lines are told once, with all their flows.
 */
#include "emitters/text_findings.h"

#include "emitters/packets.h"

#include <stdlib.h>
#include <string.h>

enum {
	HANGING = 4,          /* of a wrapped message */
	GUTTER = 7,           /* "    42 " before the bar of a quoted line */
	EVIDENCE_SHOWN = 8,   /* lines of a finding, without -v */
	EVIDENCE_WIDTH = 240, /* of a quoted line, without -v */
};

const enum style text_severity_styles[SEVERITY_COUNT] = {
        [SEVERITY_NOTE] = STYLE_NOTE,
        [SEVERITY_WARNING] = STYLE_WARNING,
        [SEVERITY_ERROR] = STYLE_BAD,
};

/* A finding and where it stands. */
struct entry {
	const struct finding *finding;
	struct span span; /* the first evidence with a place */
	struct place place;
	uint32_t order; /* as the analyzers gave them */
};

struct entries {
	VEC(struct entry) list;
};

/* Findings that are told as one. */
struct group {
	struct entries entries;
};

struct groups {
	VEC(struct group) list;
};

/* ---- order and groups */

static struct span first_place(const struct finding *finding)
{
	VEC_EACH(const struct span, span, &finding->evidence)
		if (span->len)
			return *span;
	return (struct span){0};
}

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Suppressed ones last; then by severity, place (none is last), rule, and as they came. */
static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	const int keys[] = {
	        compare(text_is_suppressed(a->finding), text_is_suppressed(b->finding)),
	        compare(b->finding->severity, a->finding->severity),
	        compare(a->span.source, b->span.source),
	        compare(a->place.line - 1, b->place.line - 1),
	        strcmp(a->finding->rule->id, b->finding->rule->id),
	        compare(a->order, b->order),
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i])
			return keys[i];
	return 0;
}

static struct entries sorted(struct arena *arena, const struct config_report *config,
                             const struct emit_options *options)
{
	struct entries entries = {0};
	uint32_t order = 0;

	VEC_EACH(const struct finding, finding, &config->findings.list) {
		struct entry entry = {
		        .finding = finding,
		        .span = first_place(finding),
		        .order = order++,
		};

		if (text_is_suppressed(finding) && !options->show_suppressed)
			continue;
		entry.place = source_place(&config->sources, entry.span);
		VEC_PUSH(arena, &entries.list, entry);
	}
	if (entries.list.n)
		qsort(entries.list.v, entries.list.n, sizeof(*entries.list.v), compare_entries);
	return entries;
}

static bool same_evidence(const struct finding *a, const struct finding *b)
{
	uint32_t i;

	if (a->evidence.n != b->evidence.n)
		return false;
	for (i = 0; i < a->evidence.n; i++) {
		struct span x = a->evidence.v[i], y = b->evidence.v[i];

		if (x.offset != y.offset || x.len != y.len || x.source != y.source)
			return false;
	}
	return true;
}

static bool same_suppression(const struct suppression *a, const struct suppression *b)
{
	return a->by == b->by && str_eq(a->until, b->until) && str_eq(a->ticket, b->ticket) &&
	       str_eq(a->reason, b->reason);
}

/* Whether two findings are told as one: they differ in the flow, and their messages may. */
static bool same_entry(const struct finding *a, const struct finding *b)
{
	if (a->rule != b->rule || a->severity != b->severity || a->certain != b->certain ||
	    a->discovered != b->discovered || !a->flow || !b->flow)
		return false;
	if (a->evidence.n == 0 && !str_eq(a->message, b->message))
		return false;
	return same_evidence(a, b) && same_suppression(&a->suppressed, &b->suppressed);
}

/* Equal ones stand at the same place, so only the last few groups need be looked at. */
static struct group *find_group(struct groups *groups, const struct entry *entry)
{
	uint32_t i;

	for (i = groups->list.n; i > 0; i--) {
		const struct entry *first = &groups->list.v[i - 1].entries.list.v[0];

		if (same_entry(first->finding, entry->finding))
			return &groups->list.v[i - 1];
		if (first->place.line != entry->place.line)
			break;
	}
	return NULL;
}

static struct groups grouped(struct arena *arena, const struct entries *entries)
{
	struct groups groups = {0};

	VEC_EACH(const struct entry, entry, &entries->list) {
		struct group *group = find_group(&groups, entry);

		if (!group)
			group = VEC_PUSH(arena, &groups.list, (struct group){0});
		VEC_PUSH(arena, &group->entries.list, *entry);
	}
	return groups;
}

/* ---- one finding */

/* "PATH:LINE: error AM101 smtp-inspected: ", ready for the message */
static void print_headline(struct console *console, const struct config_report *config,
                           const struct entry *entry)
{
	const struct finding *finding = entry->finding;
	struct arena *arena = console->out->arena;
	bool suppressed = text_is_suppressed(finding);
	struct str path = entry->place.line ? entry->place.path : config->path;

	console->indent = HANGING;
	console_put(console, STYLE_BOLD, path);
	if (entry->place.line)
		console_put(console, STYLE_BOLD, str_printf(arena, ":%u", entry->place.line));
	console_put(console, STYLE_BOLD, S(":"));
	console_space(console);
	console_put(console, suppressed ? STYLE_DIM : text_severity_styles[finding->severity],
	            suppressed ? S("suppressed") : str_of(severity_names[finding->severity]));
	console_space(console);
	console_put(console, STYLE_BOLD, str_of(finding->rule->id));
	console_space(console);
	console_put(console, STYLE_PLAIN, str_printf(arena, "%s:", finding->rule->name));
	console_space(console);
}

/* A line under the gutter: "       = LABEL: ..." */
static void begin_remark(struct console *console, struct str label)
{
	console_end(console);
	console_column(console, GUTTER);
	console_put(console, STYLE_DIM, S("="));
	console_space(console);
	console_put(console, STYLE_DIM, label);
	console_put(console, STYLE_DIM, S(":"));
	console_space(console);
	console->indent = GUTTER + 2;
}

static struct str cut(struct arena *arena, struct str text, bool all)
{
	if (all || text.n <= EVIDENCE_WIDTH)
		return text;
	return str_printf(arena, "%.*s...", EVIDENCE_WIDTH, text.s);
}

static void print_quote(struct console *console, const struct config_report *config,
                        struct span span, uint32_t line, bool all)
{
	struct arena *arena = console->out->arena;
	struct span whole = source_line(&config->sources, span.source, line);
	struct str text = source_quote(arena, &config->sources, whole);

	console_end(console);
	console_put(console, STYLE_DIM, str_printf(arena, "%*u |", GUTTER - 1, line));
	if (text.n)
		console_space(console);
	console_put(console, STYLE_PLAIN, cut(arena, text, all));
	console_end(console);
}

struct quotes {
	VEC(struct place) list;
};

static bool is_quoted(const struct quotes *quotes, struct place place)
{
	VEC_EACH(const struct place, known, &quotes->list)
		if (known->line == place.line && str_eq(known->path, place.path))
			return true;
	return false;
}

/* The lines that show it, each once; the file is named where it is not that of the line before. */
static void print_evidence(struct console *console, const struct config_report *config,
                           const struct entry *entry, bool all)
{
	uint16_t source = entry->span.source;
	struct quotes quotes = {0};
	uint32_t left = 0;

	VEC_EACH(const struct span, span, &entry->finding->evidence) {
		struct place place = source_place(&config->sources, *span);

		if (place.line == 0 || is_quoted(&quotes, place))
			continue;
		if (!all && quotes.list.n == EVIDENCE_SHOWN) {
			left++;
			continue;
		}
		if (span->source != source) {
			begin_remark(console, S("in"));
			console_put(console, STYLE_PLAIN, place.path);
			source = span->source;
		}
		print_quote(console, config, *span, place.line, all);
		VEC_PUSH(console->out->arena, &quotes.list, place);
	}
	if (left) {
		begin_remark(console, S("lines"));
		console_printf(console, STYLE_PLAIN, "... and %u more (-v shows all)", left);
	}
}

static bool told_before(const struct group *group, const struct entry *entry)
{
	VEC_EACH(const struct entry, other, &group->entries.list) {
		if (other == entry)
			return false;
		if (str_eq(other->finding->message, entry->finding->message))
			return true;
	}
	return false;
}

static void print_other_messages(struct console *console, const struct group *group)
{
	VEC_EACH(const struct entry, entry, &group->entries.list) {
		if (entry == group->entries.list.v || told_before(group, entry))
			continue;
		begin_remark(console, S("also"));
		console_wrap(console, STYLE_PLAIN, entry->finding->message);
	}
}

static void print_flows(struct console *console, const struct group *group)
{
	struct arena *arena = console->out->arena;
	uint32_t n = group->entries.list.n;
	struct words ids = {0};

	VEC_EACH(const struct entry, entry, &group->entries.list)
		if (entry->finding->flow)
			words_add_once(arena, &ids, entry->finding->flow->id);
	if (ids.list.n == 0)
		return;
	begin_remark(console, n == 1 ? S("flow") : str_printf(arena, "%u flows", n));
	console_wrap(console, STYLE_PLAIN, words_join(arena, &ids, ", "));
}

static void print_witness(struct console *console, const struct group *group, bool all)
{
	VEC_EACH(const struct entry, entry, &group->entries.list) {
		if (!entry->finding->has_witness)
			continue;
		begin_remark(console, S("witness"));
		console_put(console, STYLE_PLAIN,
		            packet_tracer_text(console->out->arena, &entry->finding->witness));
		if (!all)
			return;
	}
}

static void print_suppression(struct console *console, const struct finding *finding)
{
	const struct suppression *by = &finding->suppressed;

	begin_remark(console, S("suppressed"));
	console_printf(console, STYLE_PLAIN, "by %s (was: %s)", suppressed_by_names[by->by],
	               severity_names[finding->severity]);
	if (by->until.n)
		console_printf(console, STYLE_PLAIN, ", until %.*s", STR(by->until));
	if (by->ticket.n)
		console_printf(console, STYLE_PLAIN, ", ticket %.*s", STR(by->ticket));
	if (by->reason.n)
		console_printf(console, STYLE_PLAIN, ": %.*s", STR(by->reason));
}

/* Cut the first paragraph off a text; paragraphs are separated by empty lines. */
static struct str next_paragraph(struct str *text)
{
	struct str paragraph;
	size_t n = 0;

	*text = str_trim(*text);
	while (n < text->n && !str_starts((struct str){text->s + n, text->n - n}, S("\n\n")))
		n++;
	paragraph = (struct str){text->s, n};
	*text = (struct str){text->s + n, text->n - n};
	return paragraph;
}

/* What the rule means, a remark a paragraph. */
static void print_help(struct console *console, const struct rule *rule)
{
	struct str help = str_of(rule->help), paragraph;

	while ((paragraph = next_paragraph(&help)).n) {
		begin_remark(console, S("help"));
		console_wrap(console, STYLE_PLAIN, paragraph);
	}
}

static void print_group(struct console *console, const struct config_report *config,
                        const struct group *group, const struct emit_options *options)
{
	const struct entry *first = &group->entries.list.v[0];
	bool all = options->verbose > 0;

	print_headline(console, config, first);
	console_wrap(console, STYLE_PLAIN, first->finding->message);
	print_evidence(console, config, first, all);
	print_other_messages(console, group);
	print_flows(console, group);
	print_witness(console, group, all);
	if (!first->finding->certain) {
		begin_remark(console, S("not certain"));
		console_wrap(console, STYLE_PLAIN, S("the config alone does not decide it"));
	}
	if (first->finding->discovered) {
		begin_remark(console, S("discovered"));
		console_wrap(console, STYLE_PLAIN,
		             S("the appliance is a guess; name it with --esa or --sma"));
	}
	if (text_is_suppressed(first->finding))
		print_suppression(console, first->finding);
}

static bool rule_seen(const struct groups *groups, const struct group *until)
{
	VEC_EACH(const struct group, group, &groups->list) {
		if (group == until)
			return false;
		if (group->entries.list.v[0].finding->rule ==
		    until->entries.list.v[0].finding->rule)
			return true;
	}
	return false;
}

void text_findings(struct console *console, const struct config_report *config,
                   const struct emit_options *options)
{
	struct arena *arena = console->out->arena;
	struct entries entries = sorted(arena, config, options);
	struct groups groups = grouped(arena, &entries);

	VEC_EACH(const struct group, group, &groups.list) {
		console_gap(console);
		print_group(console, config, group, options);
		if (options->verbose > 0 && !rule_seen(&groups, group))
			print_help(console, group->entries.list.v[0].finding->rule);
	}
	console_end(console);
}

void text_findings_quiet(struct console *console, const struct config_report *config,
                         const struct emit_options *options)
{
	struct entries entries = sorted(console->out->arena, config, options);

	VEC_EACH(const struct entry, entry, &entries.list) {
		const struct finding *finding = entry->finding;

		print_headline(console, config, entry);
		console_put(console, STYLE_PLAIN, finding->message);
		if (finding->flow) {
			console_space(console);
			console_put(console, STYLE_DIM, S("["));
			console_put(console, STYLE_DIM, finding->flow->id);
			console_put(console, STYLE_DIM, S("]"));
		}
		console_end(console);
	}
}
