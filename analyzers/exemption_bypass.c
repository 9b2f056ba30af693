/* SPDX-License-Identifier: ISC */
/*
 * AM408: mail that is exempt by tcp-state-bypass, which works, and takes more from it than its
 * inspection.
 */
#include "analyzers/exemption_parts.h"

static struct finding *tell_bypass(struct audit *audit, const struct flow *flow,
                                   const struct verdict_cell *cell,
                                   const struct policy_class *class)
{
	struct str name = audit_name(audit, class->name);
	struct str message =
	        str_printf(audit->arena,
	                   "class %.*s frees this mail by tcp-state-bypass, which also takes TCP "
	                   "intercept, the normaliser and sequence randomisation from it",
	                   STR(name));
	struct finding *finding = audit_find(audit, RULE_AM408, flow, name,
	                                     !cell->open && !cell->claims->next, message);
	audit_evidence(audit, finding, class->state_bypass_span);
	return finding;
}

static const struct claim *bypass_of(const struct verdict_cell *cell)
{
	const struct claim *claim = cell->claims;
	while (claim && !claim->class->state_bypass)
		claim = claim->next;
	return claim;
}

/* One finding a flow, of the class that comes first. */
static void find_bypass(struct audit *audit, const struct flow_work *work)
{
	const struct policy_class *class = NULL;
	struct finding *finding = NULL;
	VEC_EACH(const struct lane, lane, &work->lanes) {
		struct verdict_cells cells = {0};
		lane_feature(audit->arena, audit->config, lane, FEATURE_TCP, &cells);
		VEC_EACH(const struct verdict_cell, cell, &cells.list) {
			const struct claim *claim = bypass_of(cell);
			if (!claim || (class && class != claim->class))
				continue;
			class = claim->class;
			if (!finding)
				finding = tell_bypass(audit, work->flow, cell, class);
			audit_witness(audit, finding, cell->lane, &cell->box);
		}
	}
}

void exemption_bypasses(struct audit *audit)
{
	VEC_EACH(const struct flow_work, work, &audit->flows)
		if (work->flow->on_path && (flow_is_smtp(work->flow) || flow_is_cpq(work->flow)))
			find_bypass(audit, work);
}
