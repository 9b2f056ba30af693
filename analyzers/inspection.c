/* SPDX-License-Identifier: ISC */
/* Which engine inspects a flow (lane.c classifies), and what is not in the text to tell. */
#include "analyzers/audit.h"

/* --- what is not in the text ------------------------------------------------------------ */

typedef bool doubt_fn(const struct config *config, const struct lane *lane, struct doubt *doubt);

/* A verdict that what is not in the text, or not on the known way, may turn. */
static void apply_doubt(const struct audit *audit, struct verdict_cell *cell, doubt_fn *asks)
{
	struct doubt doubt;
	if (!asks(audit->config, cell->lane, &doubt))
		return;
	cell->verdict = VERDICT_UNKNOWN;
	cell->why = doubt.code;
	cell->why_text = doubt.text;
	cell->why_span = doubt.span;
}

static void note_inspections(struct audit *audit, struct flow *flow,
                             const struct verdict_cell *cell)
{
	const struct config *config = audit->config;
	for (const struct claim *claim = cell->claims; claim; claim = claim->next) {
		struct inspection_hit hit = {0};
		if (claim->fixup) {
			hit.engine = config_name(config, claim->fixup->engine);
			hit.span = claim->fixup->span;
		} else {
			name_id ifc = claim->service_policy->interface;
			hit.engine = config_name(config, claim->inspect->engine);
			hit.map = config_name(config, claim->inspect->map);
			hit.policy = config_name(config, claim->policy->name);
			hit.class = config_name(config, claim->class->name);
			hit.interface = config_name(config, ifc);
			hit.span = claim->inspect->span;
		}
		bool seen = false;
		VEC_EACH(const struct inspection_hit, old, &flow->inspections)
			seen |= span_same(old->span, hit.span) &&
			        str_eq(old->interface, hit.interface);
		if (!seen)
			VEC_PUSH(audit->arena, &flow->inspections, hit);
	}
}

void audit_inspection(struct audit *audit)
{
	VEC_EACH(struct flow_work, work, &audit->flows) {
		struct flow *flow = work->flow;
		if (!flow->on_path)
			continue;
		VEC_EACH(const struct lane, lane, &work->lanes)
			lane_feature(audit->arena, audit->config, lane, FEATURE_INSPECT,
			             &work->inspection);
		VEC_EACH(struct verdict_cell, cell, &work->inspection.list) {
			if (cell->verdict == VERDICT_NO)
				apply_doubt(audit, cell, lane_doubt_absent);
			else if (cell->verdict == VERDICT_YES)
				apply_doubt(audit, cell, lane_doubt_present);
			if (cell->verdict == VERDICT_UNKNOWN)
				flow_why(audit, flow, ABOUT_INSPECTED, VERDICT_UNKNOWN, cell->why,
				         cell->why_text, cell->why_span);
			note_inspections(audit, flow, cell);
		}
		flow->inspected = verdict_of(&work->inspection);
		flow->inspected_packets =
		        packets_with(audit->arena, &work->inspection, VERDICT_YES);
	}
}
