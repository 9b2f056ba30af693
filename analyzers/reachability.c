/* SPDX-License-Identifier: ISC */
/* Which packets of a flow the access rules permit (lane_access.c decides). */
#include "analyzers/audit.h"

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

void audit_permission(struct audit *audit)
{
	VEC_EACH(struct flow_work, work, &audit->flows) {
		struct flow *flow = work->flow;
		if (!flow->on_path)
			continue;
		VEC_EACH(const struct lane, lane, &work->lanes)
			lane_permission(audit->arena, audit->config, lane, &work->permission);
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
