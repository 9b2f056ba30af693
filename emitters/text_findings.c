/* SPDX-License-Identifier: ISC */
/*
 * The findings of a config in words, the worst first. Those of one rule about
 * the same lines are told once, with all their flows.
 */
#include "emitters/text_findings.h"

#include "emitters/finding_groups.h"
#include "emitters/packets.h"

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

/* ---- one finding */

/* "PATH:LINE: error AM101 smtp-inspected: ", ready for the message */
static void print_headline(struct console *console, const struct config_report *config,
                           const struct finding_entry *entry)
{
	const struct finding *finding = entry->finding;
	struct arena *arena = console->out->arena;
	bool suppressed = finding_is_suppressed(finding);
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
                           const struct finding_entry *entry, bool all)
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

static bool told_before(const struct finding_group *group, const struct finding_entry *entry)
{
	VEC_EACH(const struct finding_entry, other, &group->entries.list) {
		if (other == entry)
			return false;
		if (str_eq(other->finding->message, entry->finding->message))
			return true;
	}
	return false;
}

static void print_other_messages(struct console *console, const struct finding_group *group)
{
	VEC_EACH(const struct finding_entry, entry, &group->entries.list) {
		if (entry == group->entries.list.v || told_before(group, entry))
			continue;
		begin_remark(console, S("also"));
		console_wrap(console, STYLE_PLAIN, entry->finding->message);
	}
}

static void print_flows(struct console *console, const struct finding_group *group)
{
	struct arena *arena = console->out->arena;
	uint32_t n = group->entries.list.n;
	struct words ids = {0};

	VEC_EACH(const struct finding_entry, entry, &group->entries.list)
		if (entry->finding->flow)
			words_add_once(arena, &ids, entry->finding->flow->id);
	if (ids.list.n == 0)
		return;
	begin_remark(console, n == 1 ? S("flow") : str_printf(arena, "%u flows", n));
	console_wrap(console, STYLE_PLAIN, words_join(arena, &ids, ", "));
}

static void print_witness(struct console *console, const struct finding_group *group, bool all)
{
	VEC_EACH(const struct finding_entry, entry, &group->entries.list) {
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

/* What the rule means, a remark a paragraph. */
static void print_help(struct console *console, const struct rule *rule)
{
	struct str help = str_of(rule->help), paragraph;

	while ((paragraph = rule_next_paragraph(&help)).n) {
		begin_remark(console, S("help"));
		console_wrap(console, STYLE_PLAIN, paragraph);
	}
}

static void print_group(struct console *console, const struct config_report *config,
                        const struct finding_group *group, const struct emit_options *options)
{
	const struct finding_entry *first = &group->entries.list.v[0];
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
	if (finding_is_suppressed(first->finding))
		print_suppression(console, first->finding);
}

static bool rule_seen(const struct finding_groups *groups, const struct finding_group *until)
{
	VEC_EACH(const struct finding_group, group, &groups->list) {
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
	struct finding_entries entries = findings_sorted(arena, config, options->show_suppressed);
	struct finding_groups groups = findings_grouped(arena, &entries);

	VEC_EACH(const struct finding_group, group, &groups.list) {
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
	struct finding_entries entries =
	        findings_sorted(console->out->arena, config, options->show_suppressed);

	VEC_EACH(const struct finding_entry, entry, &entries.list) {
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
