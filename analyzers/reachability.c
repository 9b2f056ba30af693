/* SPDX-License-Identifier: ISC */
/* Which packets of a flow the access rules permit (lane_access.c and way.c decide). */
#include "analyzers/audit.h"
#include "analyzers/way.h"

/* A command that is not known may stop mail. */
static bool doubt_yes(struct audit *audit, struct verdict_cell *cell)
{
	struct doubt doubt;
	if (!lane_stray_line(audit->config, &doubt))
		return false;
	cell->why = doubt.code;
	cell->why_text = doubt.text;
	cell->why_span = doubt.span;
	return true;
}

/* A static of one port translates what the host sends from that port. */
static bool has_port_static(const struct config *config, u128 host)
{
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if (nat->kind == NAT_STATIC && nat->protocol &&
		    (nat->acl || (nat->real.lo <= host && host <= nat->real.hi)))
			return true;
	return false;
}

/* The source as the outbound list sees it, which is an appliance's; empty: not known. */
static struct iset leaves_as(struct arena *arena, const struct config *config,
                             const struct lane *lane, const struct way_rules *met)
{
	const struct trace_nat *source = &met->source;
	if (!met->known || has_port_static(config, lane->client) ||
	    (source->applies && !(source->certain && source->address_known)))
		return (struct iset){0};
	return iset_point(arena, source->applies ? source->address : lane->client);
}

/* The part of the lane whose source some rules translate. */
static void part_permission(struct audit *audit, const struct lane *lane, enum dim free,
                            const struct way_rules *met, struct verdict_cells *out)
{
	struct arena *arena = audit->arena;
	struct lane part = *lane;
	struct iset range = iset_range(arena, met->range.lo, met->range.hi);
	struct box *boxes[] = {&part.real, &part.passage.seen, &part.passage.global};
	struct verdict_cells cells = {0};
	for (size_t i = 0; i < sizeof(boxes) / sizeof(boxes[0]); i++)
		boxes[i]->dim[free] = iset_intersect(arena, boxes[i]->dim[free], range);
	part.translated = met->known && met->source.applies && met->source.certain;
	part.leaves_as = leaves_as(arena, audit->config, lane, met);
	lane_permission(arena, audit->config, &part, &cells);
	VEC_EACH(struct verdict_cell, cell, &cells.list) {
		cell->lane = lane;
		VEC_PUSH(arena, &out->list, *cell);
	}
}

static bool has_outbound_list(const struct config *config, const struct interface *ifc)
{
	VEC_EACH(const struct access_group, group, &config->access_groups)
		if (group->direction == DIR_OUT &&
		    config_interface(config, group->interface) == ifc)
			return true;
	return false;
}

/* What the rules permit, as far as translation and routes let it through. */
static void permission(struct audit *audit, const struct lane *lane, struct flow_work *work)
{
	struct verdict_cells cells = {0};
	const struct way way = way_of(audit->arena, &audit->tracer, lane);
	/* Who asks what becomes of the source, which may be a matter of the destination. */
	bool asked = lane_nat_control(audit->config) ||
	             has_outbound_list(audit->config, lane->passage.out);
	bool in_parts = asked && lane->client_is_appliance && way.rules.n;
	VEC_EACH(const struct way_rules, met, &way.rules)
		if (in_parts)
			part_permission(audit, lane, way.free, met, &cells);
	if (!in_parts)
		lane_permission(audit->arena, audit->config, lane, &cells);
	VEC_EACH(const struct verdict_cell, cell, &cells.list)
		way_check(audit->arena, &way, cell, &work->permission);
	VEC_PUSH(audit->arena, &work->ways, way);
}

void audit_permission(struct audit *audit)
{
	VEC_EACH(struct flow_work, work, &audit->flows) {
		struct flow *flow = work->flow;
		if (!flow->on_path)
			continue;
		VEC_EACH(const struct lane, lane, &work->lanes)
			permission(audit, lane, work);
		VEC_EACH(struct verdict_cell, cell, &work->permission.list) {
			if (cell->verdict == VERDICT_YES && doubt_yes(audit, cell))
				cell->verdict = VERDICT_UNKNOWN;
			if (cell->verdict == VERDICT_UNKNOWN)
				flow_why(audit, flow, ABOUT_PERMITTED, VERDICT_UNKNOWN, cell->why,
				         cell->why_text, cell->why_span);
		}
		flow->permitted = verdict_of(&work->permission);
		flow->permitted_packets =
		        packets_with(audit->arena, &work->permission, VERDICT_YES);
	}
}
