/* SPDX-License-Identifier: ISC */
/* What the access rules say of a traced packet: one cell of the classification each. */
#include "analyzers/trace_walk.h"

/*
 * The one verdict of the cells. A packet has one cell; only where what it is translated to is not
 * known there are several, which must agree.
 */
static const struct verdict_cell *one_cell(const struct walk *walk,
                                           const struct verdict_cells *cells)
{
	if (cells->list.n == 1)
		return cells->list.v;
	struct verdict_cell *one = NEW(walk->arena, struct verdict_cell);
	*one = cells->list.v[0];
	VEC_EACH(const struct verdict_cell, cell, &cells->list) {
		if (cell->verdict != one->verdict || cell->acl != one->acl) {
			one->verdict = VERDICT_UNKNOWN;
			one->ace = NULL;
			one->why = WHY_MASKED;
			one->why_text = walk->destination.done == VERDICT_UNKNOWN
			                        ? S("it depends on the real destination, which is "
			                            "not known")
			                        : S("it depends on what the source is translated "
			                            "to, which is "
			                            "not known");
			return one;
		}
		if (cell->ace != one->ace)
			one->ace = NULL;
	}
	return one;
}

static struct span group_span(const struct walk *walk, const struct acl *acl,
                              enum direction direction, const struct interface *ifc)
{
	const struct access_group *places[] = {ifc ? ifc->groups[direction] : NULL,
	                                       walk->config->global_groups};
	for (int i = 0; i < 2; i++)
		for (const struct access_group *group = places[i]; group; group = group->next)
			if (group->list == acl)
				return group->span;
	return (struct span){0};
}

static struct str rule_text(const struct walk *walk, const struct verdict_cell *cell)
{
	if (cell->verdict == VERDICT_UNKNOWN || walk->brief)
		return cell->why_text;
	if (!cell->acl && cell->why_text.n)
		return cell->why_text;
	if (!cell->acl)
		return STR_JOIN(walk->arena, S("Implicit Rule: security levels, "),
		                walk_ifc_name(walk, walk->packet.in), S(" to "),
		                walk_ifc_name(walk, walk->packet.out));
	struct str name = config_name(walk->config, cell->acl->name);
	if (!cell->ace)
		return STR_JOIN(walk->arena, S("Implicit Rule: the end of access-list "), name);
	return STR_JOIN(walk->arena, S("access-list "), name);
}

static void access_phase(struct walk *walk, const char *subtype, const struct verdict_cell *cell,
                         enum direction direction, const struct interface *ifc)
{
	struct trace_phase phase =
	        walk_begin("ACCESS-LIST", str_of(subtype), rule_text(walk, cell));
	if (cell->acl)
		walk_line(walk, &phase, cell->ace ? cell->ace->span : cell->why_span);
	if (cell->acl && !walk->brief)
		walk_line(walk, &phase, group_span(walk, cell->acl, direction, ifc));
	walk_line(walk, &phase, cell->why_span);
	if (cell->verdict == VERDICT_UNKNOWN) {
		walk_unknown(walk, &phase, cell->why_text);
		return;
	}
	if (cell->verdict == VERDICT_NO)
		phase.result = TRACE_DROP;
	walk_end(walk, &phase, S("(acl-drop) Flow is denied by configured rule"));
}

void trace_ingress(struct walk *walk)
{
	struct verdict_cells cells = {0};
	lane_ingress(walk->arena, walk->config, &walk->lane, &cells);
	const struct verdict_cell *cell = one_cell(walk, &cells);
	struct trace_list *list = &walk->trace->list;
	if (cell->acl) {
		list->applies = true;
		list->name = config_name(walk->config, cell->acl->name);
		list->action = cell->verdict == VERDICT_UNKNOWN ? LIST_UNKNOWN
		               : cell->verdict == VERDICT_YES   ? LIST_PERMIT
		                                                : LIST_DENY;
		list->span = cell->verdict == VERDICT_UNKNOWN ? cell->why_span
		             : cell->ace                      ? cell->ace->span
		                                              : (struct span){0};
	}
	access_phase(walk, cell->acl ? "log" : "", cell, DIR_IN, walk->packet.in);
}

/* Without a list the levels have said so already. */
void trace_same_security(struct walk *walk)
{
	struct doubt why;
	struct trace_phase phase = walk_begin("ACCESS-LIST", S("same-security"), S(""));
	enum verdict verdict = lane_same_security(walk->config, &walk->lane, &why);
	if (verdict == VERDICT_YES)
		return;
	walk_line(walk, &phase, why.span);
	phase.detail = why.text;
	if (verdict == VERDICT_UNKNOWN) {
		walk_unknown(walk, &phase, why.text);
		return;
	}
	phase.result = TRACE_DROP;
	walk_end(walk, &phase, S("(acl-drop) Flow is denied by configured rule"));
}

void trace_leaving(struct walk *walk)
{
	struct verdict_cells cells = {0};
	if (!walk->packet.out || !walk->packet.out->groups[DIR_OUT])
		return; /* no list, the commonest case */
	lane_egress(walk->arena, walk->config, &walk->lane, &walk->lane.passage.seen, &cells);
	const struct verdict_cell *cell = one_cell(walk, &cells);
	if (cell->acl || cell->verdict != VERDICT_YES)
		access_phase(walk, "out", cell, DIR_OUT, walk->packet.out);
}
