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

/* What the rules permit, as far as translation and routes let it through. */
static void permission(struct audit *audit, const struct tracer *tracer, const struct lane *lane,
                       struct verdict_cells *out)
{
	struct verdict_cells cells = {0};
	lane_permission(audit->arena, audit->config, lane, &cells);
	const struct way way = way_of(audit->arena, tracer, lane);
	VEC_EACH(const struct verdict_cell, cell, &cells.list)
		way_check(audit->arena, &way, cell, out);
}

void audit_permission(struct audit *audit)
{
	const struct tracer tracer = tracer_for_way(audit->arena, audit->config);
	VEC_EACH(struct flow_work, work, &audit->flows) {
		struct flow *flow = work->flow;
		if (!flow->on_path)
			continue;
		VEC_EACH(const struct lane, lane, &work->lanes)
			permission(audit, &tracer, lane, &work->permission);
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
