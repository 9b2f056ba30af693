/* SPDX-License-Identifier: ISC */
/* How each flow fares before the change and after it. */
#include "emitters/ticket.h"

#include "emitters/flow_rows.h"

/* --- in words ----------------------------------------------------------------------------- */

static const char *const permitted_words[VERDICT_COUNT] = {
        [VERDICT_NO] = "blocked",
        [VERDICT_YES] = "",
        [VERDICT_PARTLY] = "blocked in part",
        [VERDICT_UNKNOWN] = "permission not decided",
};

static const char *const inspected_words[VERDICT_COUNT] = {
        [VERDICT_NO] = "not inspected",
        [VERDICT_YES] = "inspected",
        [VERDICT_PARTLY] = "inspected in part",
        [VERDICT_UNKNOWN] = "inspection not decided",
};

/* The name that people know the engine by: all that read SMTP are one. */
static struct str engine_name(struct arena *arena, const struct inspection_hit *hit)
{
	bool smtp = str_eq(hit->engine, S("esmtp")) || str_eq(hit->engine, S("smtp"));

	return smtp ? S("SMTP") : ticket_clean(arena, hit->engine);
}

/* Does some engine take it, or may it? */
static bool is_taken(const struct flow *flow)
{
	return flow->inspected != VERDICT_NO || flow->inspections.n > 0;
}

/* "inspected", "(esmtp MAP)"; "taken by http" */
static void add_inspection(struct arena *arena, const struct flow *flow, struct words *words)
{
	bool other = flow->inspected == VERDICT_NO && flow->inspections.n > 0;
	struct words engines = {0};
	struct str list;

	VEC_EACH(const struct inspection_hit, hit, &flow->inspections)
		words_add_once(
		        arena, &engines,
		        str_printf(arena, "%.*s%s%.*s", STR(ticket_clean(arena, hit->engine)),
		                   hit->map.n ? " " : "", STR(ticket_clean(arena, hit->map))));
	list = words_join(arena, &engines, ", ");
	VEC_PUSH(arena, &words->list,
	         other ? STR_JOIN(arena, S("taken by "), list)
	               : str_of(inspected_words[flow->inspected]));
	if (list.n && !other)
		VEC_PUSH(arena, &words->list, str_printf(arena, "(%.*s)", STR(list)));
}

/* Shorter than limit_kind_names: they stand in tables and drawings. */
static const char *const limit_words[LIMIT_KIND_COUNT] = {
        [LIMIT_CONN_MAX] = "conn-max",     [LIMIT_EMBRYONIC] = "embryonic",
        [LIMIT_PER_CLIENT] = "per-client", [LIMIT_PER_CLIENT_EMBRYONIC] = "per-client-embryonic",
        [LIMIT_POLICE] = "police",
};

static void add_limits(struct arena *arena, const struct flow *flow, struct words *limits)
{
	if (!flow->limits.n)
		VEC_PUSH(arena, &limits->list, S("no limit"));
	VEC_EACH(const struct limit_hit, hit, &flow->limits)
		words_add_once(arena, limits,
		               str_printf(arena, "%s %u%s", limit_words[hit->kind], hit->value,
		                          hit->kind == LIMIT_POLICE ? " bit/s" : ""));
}

static struct words state_words(struct arena *arena, const struct flow *flow)
{
	struct words words = {0};

	if (flow->permitted != VERDICT_YES)
		VEC_PUSH(arena, &words.list, str_of(permitted_words[flow->permitted]));
	if (flow->permitted != VERDICT_YES && !flow->primary)
		VEC_PUSH(arena, &words.list, S("(not needed)"));
	add_inspection(arena, flow, &words);
	add_limits(arena, flow, &words);
	return words;
}

static struct str state_text(struct arena *arena, const struct words *parts)
{
	struct buf text = {.arena = arena};

	VEC_EACH(const struct str, part, &parts->list)
		buf_printf(&text, "%s%.*s",
		           !text.n                     ? ""
		           : str_starts(*part, S("(")) ? " "
		                                       : ", ",
		           STR(*part));
	return buf_str(&text);
}

/* Is a limit of the flow a finding? */
static bool is_capped(const struct findings *findings, const struct flow *flow)
{
	VEC_EACH(const struct finding, finding, &findings->list)
		if (finding->flow && str_eq(finding->flow->id, flow->id) &&
		    str_starts(str_of(finding->rule->id), S("AM20")) &&
		    !str_eq(str_of(finding->rule->id), S("AM208")) &&
		    finding->severity > SEVERITY_NOTE)
			return true;
	return false;
}

static enum tone tone_of(const struct flow *flow, const struct findings *findings)
{
	bool blocked = flow->primary &&
	               (flow->permitted == VERDICT_NO || flow->permitted == VERDICT_PARTLY);
	bool taken = flow->inspected == VERDICT_YES || flow->inspected == VERDICT_PARTLY ||
	             (flow->inspected == VERDICT_NO && flow->inspections.n > 0);
	bool open = flow->inspected == VERDICT_UNKNOWN ||
	            (flow->primary && flow->permitted == VERDICT_UNKNOWN);

	if (!flow_is_mail[flow->kind])
		return blocked ? TONE_BAD : TONE_PLAIN;
	if (blocked || taken)
		return TONE_BAD;
	return open || is_capped(findings, flow) ? TONE_WARNING : TONE_GOOD;
}

/* Limits that are higher after, or gone. */
static void compare_limits(const struct flow *before, const struct flow *after,
                           struct ticket_flow *row)
{
	VEC_EACH(const struct limit_hit, low, &before->limits) {
		bool same = false, kept = false;

		VEC_EACH(const struct limit_hit, other, &after->limits) {
			kept |= other->kind == low->kind;
			same |= other->kind == low->kind && other->value <= low->value;
		}
		if (same)
			continue;
		row->raised |= kept;
		row->lifted |= !kept;
		row->floods |=
		        low->kind == LIMIT_EMBRYONIC || low->kind == LIMIT_PER_CLIENT_EMBRYONIC;
	}
}

static void compare_inspection(struct arena *arena, const struct flow *before,
                               const struct flow *after, struct ticket_flow *row)
{
	struct words then = {0}, now = {0};

	add_inspection(arena, before, &then);
	add_inspection(arena, after, &now);
	row->reinspected = !str_eq(words_join(arena, &then, " "), words_join(arena, &now, " "));
	row->freed = (is_taken(before) && !is_taken(after)) ||
	             (before->inspected == VERDICT_YES && after->inspected != VERDICT_YES);
	if (!row->reinspected)
		return;
	VEC_EACH(const struct inspection_hit, hit, &before->inspections)
		words_add_once(arena, &row->engines, engine_name(arena, hit));
}

/* --- rows --------------------------------------------------------------------------------- */

static const struct flow *flow_after(const struct change *change, const struct flow *flow)
{
	if (!change->after)
		return NULL;
	VEC_EACH(const struct flow, now, &change->after->flows)
		if (str_eq(now->id, flow->id))
			return now;
	return NULL;
}

/* Nothing blocks it that ought to pass. */
static bool is_open(const struct flow *flow)
{
	return flow->permitted == VERDICT_YES || !flow->primary;
}

static struct ticket_flow row_of(struct arena *arena, const struct config_report *before,
                                 const struct change *change, const struct flow *flow)
{
	const struct flow *now = change->commands.list.n ? flow_after(change, flow) : flow;
	const struct findings *findings =
	        now == flow || !change->after ? &before->findings : &change->after->findings;
	struct ticket_flow row = {.flow = flow};

	row.before_parts = state_words(arena, flow);
	row.before = (struct cell){state_text(arena, &row.before_parts),
	                           tone_of(flow, &before->findings)};
	if (now)
		row.after_parts = state_words(arena, now);
	else
		VEC_PUSH(arena, &row.after_parts.list, S("not computed"));
	row.after = (struct cell){state_text(arena, &row.after_parts),
	                          now ? tone_of(now, findings) : TONE_WARNING};
	if (now && change->form == FORM_ALLOW_TLS && row.after.tone == TONE_BAD && is_open(now) &&
	    !str_eq(row.before.text, row.after.text))
		row.after.tone = TONE_WARNING; /* still inspected, as it was asked for */
	if (now) {
		compare_inspection(arena, flow, now, &row);
		compare_limits(flow, now, &row);
	}
	row.in_doubt = now && flow_is_mail[flow->kind] && now->inspected == VERDICT_UNKNOWN;
	if ((row.raised || row.lifted) && row.before.tone == TONE_GOOD)
		row.before.tone = TONE_WARNING;
	row.changed = !str_eq(row.before.text, row.after.text);
	VEC_PUSH(arena, &row.from.list, ticket_clean(arena, flow->from));
	VEC_PUSH(arena, &row.to.list, ticket_clean(arena, flow->to));
	return row;
}

static bool is_only(const struct words *words, struct str word)
{
	return words->list.n == 1 && str_eq(words->list.v[0], word);
}

/* Take a row of one flow into another that it differs from in one interface at most. */
static bool join(struct arena *arena, struct ticket_flow *row, const struct ticket_flow *more)
{
	struct str from = more->from.list.v[0], to = more->to.list.v[0];

	if (row->flow->appliance != more->flow->appliance ||
	    !str_eq(row->flow->name, more->flow->name) ||
	    !str_eq(row->before.text, more->before.text) ||
	    !str_eq(row->after.text, more->after.text))
		return false;
	if (is_only(&row->to, to))
		words_add_once(arena, &row->from, from);
	else if (is_only(&row->from, from))
		words_add_once(arena, &row->to, to);
	else
		return false;
	return true;
}

struct ticket_flows ticket_flows(struct arena *arena, const struct config_report *before,
                                 const struct change *change)
{
	struct ticket_flows flows = {0};

	VEC_EACH(const struct flow, flow, &before->flows) {
		struct ticket_flow row;
		bool joined = false;

		if (!flow->on_path)
			continue;
		row = row_of(arena, before, change, flow);
		VEC_EACH(struct ticket_flow, known, &flows.list)
			joined = joined || join(arena, known, &row);
		if (!joined)
			VEC_PUSH(arena, &flows.list, row);
	}
	return flows;
}

enum limits_deed ticket_limits_deed(const struct ticket_flows *flows)
{
	bool raised = false, lifted = false;

	VEC_EACH(const struct ticket_flow, row, &flows->list) {
		raised |= row->raised;
		lifted |= row->lifted;
	}
	return raised && lifted ? LIMITS_RAISED_OR_LIFTED
	       : raised         ? LIMITS_RAISED
	       : lifted         ? LIMITS_LIFTED
	                        : LIMITS_KEPT;
}

bool ticket_frees(const struct ticket_flows *flows)
{
	VEC_EACH(const struct ticket_flow, row, &flows->list)
		if (row->freed)
			return true;
	return false;
}

/* --- the section -------------------------------------------------------------------------- */

static void add_row(struct arena *arena, struct block *table, const struct ticket_flow *row)
{
	struct cells *cells = ticket_cells(arena, table);
	struct str from = words_join(arena, &row->from, ", ");
	struct str to = words_join(arena, &row->to, ", ");
	struct buf ports = {.arena = arena};

	VEC_EACH(const uint16_t, port, &row->flow->ports.list)
		buf_printf(&ports, "%s%u", ports.n ? ", " : "", *port);
	ticket_cell(arena, cells, TONE_PLAIN,
	            str_printf(arena, "%.*s %.*s",
	                       STR(ticket_clean(arena, row->flow->appliance->name)),
	                       STR(ticket_clean(arena, row->flow->name))));
	ticket_cell(arena, cells, TONE_PLAIN,
	            str_printf(arena, "%.*s \xe2\x86\x92 %.*s", STR(from), STR(to)));
	ticket_cell(arena, cells, TONE_PLAIN,
	            str_printf(arena, "%.*s/%.*s", STR(protocol_text(arena, row->flow->protocol)),
	                       STR(buf_str(&ports))));
	ticket_cell(arena, cells, row->before.tone, row->before.text);
	if (row->changed)
		ticket_cell(arena, cells, row->after.tone, row->after.text);
}

static void add_table(struct arena *arena, struct section *section,
                      const struct ticket_flows *flows, bool changed)
{
	static const char *const before_after[] = {"Flow", "From \xe2\x86\x92 to", "Port", "Before",
	                                           "After"};
	static const char *const as_it_is[] = {"Flow", "From \xe2\x86\x92 to", "Port", "State"};
	struct block *table = NULL;

	VEC_EACH(const struct ticket_flow, row, &flows->list) {
		if (row->changed != changed)
			continue;
		if (!table) {
			table = ticket_block(arena, section, BLOCK_TABLE);
			ticket_titles(arena, table, changed ? before_after : as_it_is,
			              changed ? 5 : 4);
		}
		add_row(arena, table, row);
	}
}

static uint32_t count(const struct ticket_flows *flows, bool changed)
{
	uint32_t n = 0;

	VEC_EACH(const struct ticket_flow, row, &flows->list)
		n += row->changed == changed;
	return n;
}

void ticket_fill_flows(struct arena *arena, struct ticket *ticket, const struct report *report)
{
	struct section *section = &ticket->parts[PART_FLOWS];
	const struct ticket_flows *flows = &ticket->flows;
	bool any = report->change->commands.list.n > 0;
	struct str head;

	if (!flows->list.n)
		return;
	if (any)
		add_table(arena, section, flows, true);
	if (!count(flows, false))
		return;
	head = any ? S("These flows stay as they are:") : S("How the flows fare, unchanged:");
	ticket_row(arena, ticket_block(arena, section, BLOCK_TEXT), head);
	add_table(arena, section, flows, false);
}
