/* SPDX-License-Identifier: ISC */
/*
 * AM401 to AM408, but for AM407 (breadth.c): exemptions from inspection that do not do what they
 * were made for. An exemption that works shows in the verdict; these rules look at appliances whose
 * mail is still inspected and say why what was written does not help.
 */
#include "analyzers/exemption_parts.h"

/* --- what a class is -------------------------------------------------------------------- */

bool exemption_inspects_smtp(const struct audit *audit, const struct policy_class *class)
{
	VEC_EACH(const struct inspect, inspect, &class->inspects)
		if (mpf_is_smtp(audit->config, inspect->engine))
			return true;
	return false;
}

bool exemption_has_actions(const struct audit *audit, const struct policy_class *class)
{
	return class->inspects.n || class->modules.n || class->police_in.set ||
	       class->police_out.set || class->other_actions || class->unknown ||
	       mpf_class_has(audit->config, class, FEATURE_CONN) ||
	       mpf_class_has(audit->config, class, FEATURE_TCP);
}

const struct class_match *exemption_acl_match(const struct audit *audit, name_id class)
{
	const struct class_map *map = config_class_map(audit->config, class);
	if (map)
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_ACL)
				return match;
	return NULL;
}

/* --- does a list speak of an appliance? ------------------------------------------------- */

/* Networks up to this size name somebody; larger ones speak of everybody. */
enum { NAMED_AT_MOST = 65536 };

static bool names(struct iset set, u128 address)
{
	return iset_contains(set, address) &&
	       iset_size_capped(set, NAMED_AT_MOST + 1) <= NAMED_AT_MOST;
}

static bool ace_names_host(const struct audit *audit, const struct ace *ace,
                           const struct host *host)
{
	const struct addr_set *ends[] = {config_addr_set(audit->config, ace->src),
	                                 config_addr_set(audit->config, ace->dst)};
	for (size_t i = 0; i < 2; i++)
		if (names(ends[i]->must, host->real) ||
		    (host->has_mapped && names(ends[i]->must, host->mapped)))
			return true;
	return false;
}

/* The first active ACE that names an address of the appliance, real or mapped. */
static const struct ace *naming_ace(const struct audit *audit, const struct acl *acl,
                                    const struct appliance *appliance)
{
	VEC_EACH(const struct ace, ace, &acl->aces) {
		if (ace->action == ACE_REMARK || ace->action == ACE_UNKNOWN || ace->inactive)
			continue;
		VEC_EACH(const struct host, host, &appliance->addresses.list)
			if (ace_names_host(audit, ace, host))
				return ace;
	}
	return NULL;
}

const struct ace *exemption_naming_ace(const struct audit *audit, name_id class,
                                       const struct appliance *appliance)
{
	const struct class_match *match = exemption_acl_match(audit, class);
	const struct acl *acl = match ? config_acl(audit->config, match->acl) : NULL;
	return acl ? naming_ace(audit, acl, appliance) : NULL;
}

/* --- is mail of the appliance still inspected? ------------------------------------------ */

bool exemption_still_inspected(const struct flow *flow)
{
	return flow->on_path &&
	       (flow->inspected == VERDICT_YES || flow->inspected == VERDICT_PARTLY);
}

static bool is_inspected_mail(const struct flow *flow, const struct appliance *appliance)
{
	return flow->appliance == appliance && exemption_still_inspected(flow) &&
	       (flow_is_smtp(flow) || flow_is_cpq(flow));
}

void exemption_witness(struct audit *audit, struct finding *finding, const struct flow_work *work)
{
	VEC_EACH(const struct verdict_cell, cell, &work->inspection.list)
		if (cell->verdict == VERDICT_YES)
			audit_witness(audit, finding, cell->lane, &cell->box);
}

void exemption_witness_any(struct audit *audit, struct finding *finding,
                           const struct appliance *appliance)
{
	VEC_EACH(const struct flow_work, work, &audit->flows)
		if (is_inspected_mail(work->flow, appliance))
			exemption_witness(audit, finding, work);
}

const struct verdict_cell *exemption_inspected_cell(const struct audit *audit,
                                                    const struct appliance *appliance)
{
	VEC_EACH(const struct flow_work, work, &audit->flows) {
		if (!is_inspected_mail(work->flow, appliance))
			continue;
		VEC_EACH(const struct verdict_cell, cell, &work->inspection.list)
			if (cell->verdict == VERDICT_YES)
				return cell;
	}
	return NULL;
}

/* --- all -------------------------------------------------------------------------------- */

void audit_exemption_rules(struct audit *audit)
{
	const struct config *config = audit->config;
	VEC_EACH(const struct service_policy, sp, &config->service_policies) {
		const struct policy_map *policy = mpf_policy(config, sp);
		if (!policy)
			continue;
		VEC_EACH(const struct policy_class, class, &policy->classes) {
			exemption_empty(audit, class);
			exemption_dangling(audit, class);
		}
	}
	exemption_failed_denies(audit);
	exemption_unbound(audit);
	exemption_bypasses(audit);
}
