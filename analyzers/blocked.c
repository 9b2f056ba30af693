/* SPDX-License-Identifier: ISC */
/* AM301 to AM304: flows that the access rules deny, in whole or part. */
#include "analyzers/audit.h"

static enum rule_index rule_of(const struct flow *flow)
{
	switch (flow->kind) {
	case FLOW_SMTP_IN:
	case FLOW_SMTP_OUT:
		return RULE_AM301;
	case FLOW_CPQ_QUARANTINE:
	case FLOW_CPQ_RELEASE:
		return RULE_AM302;
	case FLOW_SSH_CONFIG:
		return RULE_AM303;
	case FLOW_SPAM_QUARANTINE:
	case FLOW_CUSTOM:
	case FLOW_KIND_COUNT:
		break;
	}
	return RULE_AM304;
}

/* What denied a cell, for the message and the fingerprint. */
static struct str denier(struct audit *audit, const struct verdict_cell *cell)
{
	if (cell->acl)
		return str_printf(audit->arena, "access-list %.*s",
		                  STR(audit_name(audit, cell->acl->name)));
	return cell->why_text.n ? cell->why_text : S("the security levels of the interfaces");
}

/* Where a list is applied on the way of a lane, first of what comes first there (9.3). */
static struct span applied_at(const struct audit *audit, const struct acl *acl,
                              const struct lane *lane)
{
	static const enum direction order[] = {DIR_IN, DIR_GLOBAL, DIR_OUT};
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		VEC_EACH(const struct access_group, group, &audit->config->access_groups) {
			const struct interface *at =
			        config_interface(audit->config, group->interface);
			bool here =
			        order[i] == DIR_GLOBAL ||
			        at == (order[i] == DIR_IN ? lane->passage.in : lane->passage.out);
			if (group->acl == acl->name && group->direction == order[i] && here)
				return group->span;
		}
	return (struct span){0};
}

static struct span line_of(const struct audit *audit, const struct verdict_cell *cell)
{
	if (cell->ace)
		return cell->ace->span;
	return cell->acl ? applied_at(audit, cell->acl, cell->lane) : cell->why_span;
}

static void find_blocked(struct audit *audit, const struct flow_work *work)
{
	const struct flow *flow = work->flow;
	const struct verdict_cell *first = NULL;
	VEC_EACH(const struct verdict_cell, cell, &work->permission.list)
		if (cell->verdict == VERDICT_NO && !first)
			first = cell;
	if (!first)
		return;
	bool all = flow->permitted == VERDICT_NO;
	const char *what = first->acl && !first->ace ? "has no line that permits" : "denies";
	struct str by = denier(audit, first);
	struct str message =
	        first->acl ? str_printf(audit->arena, "%.*s %s %s", STR(by), what,
	                                all ? "this traffic" : "part of this traffic")
	                   : str_printf(audit->arena, "%s is not permitted: %.*s",
	                                all ? "this traffic" : "part of this traffic", STR(by));
	struct finding *finding = audit_find(audit, rule_of(flow), flow, by, true, message);
	VEC_EACH(const struct verdict_cell, cell, &work->permission.list)
		if (cell->verdict == VERDICT_NO)
			audit_evidence(audit, finding, line_of(audit, cell));
	VEC_EACH(const struct verdict_cell, cell, &work->permission.list)
		if (cell->verdict == VERDICT_NO)
			audit_witness(audit, finding, cell->lane, &cell->box);
}

void audit_block_rules(struct audit *audit)
{
	VEC_EACH(const struct flow_work, work, &audit->flows)
		if (work->flow->on_path && work->flow->primary)
			find_blocked(audit, work);
}
