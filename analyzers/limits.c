/* SPDX-License-Identifier: ISC */
/* Every limit that binds a flow: static and nat (before 8.3), set connection, police. */
#include "analyzers/audit.h"

/* A limit counts once a flow, however many lanes it binds. */
static void add_bound(struct audit *audit, struct flow_work *work, const struct bound *bound)
{
	VEC_EACH(struct bound, old, &work->bounds)
		if (bound_same(old, bound)) {
			if (!old->certain && bound->certain)
				*old = *bound; /* with packets that it binds for sure */
			return;
		}
	VEC_PUSH(audit->arena, &work->bounds, *bound);
	VEC_PUSH(audit->arena, &work->flow->limits, bound->hit);
}

void audit_lane_limits(const struct audit *audit, const struct flow_work *work, uint32_t lane,
                       struct bounds *out)
{
	way_nat_limits(audit->arena, audit->config, &work->ways.v[lane], &work->lanes.v[lane], out);
	lane_limits(audit->arena, audit->config, &work->lanes.v[lane], out);
}

void audit_limits(struct audit *audit)
{
	VEC_EACH(struct flow_work, work, &audit->flows)
		for (uint32_t i = 0; i < work->lanes.n; i++) {
			struct bounds bounds = {0};
			audit_lane_limits(audit, work, i, &bounds);
			VEC_EACH(const struct bound, bound, &bounds.list)
				add_bound(audit, work, bound);
		}
}
