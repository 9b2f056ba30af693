/* SPDX-License-Identifier: ISC */
/*
 * AM401, AM405 and AM406: classes that exempt nothing, as they have no action, no service-policy
 * applies them, or what they name does not exist.
 */
#include "analyzers/exemption_parts.h"

/* --- AM401 ------------------------------------------------------------------------------ */

static void find_empty(struct audit *audit, const struct appliance *appliance,
                       const struct policy_class *class)
{
	const struct verdict_cell *cell = exemption_inspected_cell(audit, appliance);
	const struct ace *ace = exemption_naming_ace(audit, class->name, appliance);
	if (!cell || exemption_has_actions(audit, class) || !(ace || class->negated.n))
		return;
	struct str name = audit_name(audit, class->name);
	struct str message = str_printf(
	        audit->arena,
	        "class %.*s has no action, so it exempts nothing: the search goes on to the next "
	        "class that inspects (`no inspect` in a class that never had it removes nothing)",
	        STR(name));
	struct str fault = str_printf(audit->arena, "%.*s %.*s", STR(name), STR(appliance->name));
	struct finding *finding = audit_find(audit, RULE_AM401, NULL, fault, true, message);
	audit_about(audit, finding, appliance);
	finding->fix = FIX_SAFE;
	audit_evidence(audit, finding, class->span);
	VEC_EACH(const struct span, negated, &class->negated)
		audit_evidence(audit, finding, *negated);
	const struct class_match *match = exemption_acl_match(audit, class->name);
	if (match)
		audit_evidence(audit, finding, match->span);
	if (ace)
		audit_evidence(audit, finding, ace->span);
	if (cell->claims && cell->claims->inspect)
		audit_evidence(audit, finding, cell->claims->inspect->span);
	exemption_witness_any(audit, finding, appliance);
}

void exemption_empty(struct audit *audit, const struct policy_class *class)
{
	VEC_EACH(const struct appliance, appliance, &audit->policy->appliances.list)
		find_empty(audit, appliance, class);
}

/* --- AM405 ------------------------------------------------------------------------------ */

static bool policy_in_force(const struct audit *audit, name_id policy)
{
	VEC_EACH(const struct service_policy, sp, &audit->config->service_policies)
		if (sp->policy == policy)
			return true;
	return false;
}

/* The policy-map that holds a class, one in force before others. */
static const struct policy_map *policy_of(const struct audit *audit, name_id class, bool *in_force)
{
	const struct policy_map *found = NULL;
	*in_force = false;
	VEC_EACH(const struct policy_map, policy, &audit->config->policy_maps)
		VEC_EACH(const struct policy_class, at, &policy->classes) {
			if (at->name != class)
				continue;
			if (!found || policy_in_force(audit, policy->name))
				found = policy;
			*in_force |= policy_in_force(audit, policy->name);
		}
	return found;
}

static void find_unbound(struct audit *audit, const struct appliance *appliance)
{
	const struct verdict_cell *cell = exemption_inspected_cell(audit, appliance);
	if (!cell)
		return;
	VEC_EACH(const struct class_map, map, &audit->config->class_maps) {
		bool in_force;
		const struct policy_map *policy = policy_of(audit, map->name, &in_force);
		const struct ace *ace = exemption_naming_ace(audit, map->name, appliance);
		if (in_force || !ace)
			continue;
		struct str name = audit_name(audit, map->name);
		struct str message =
		        policy ? str_printf(audit->arena,
		                            "class %.*s is in policy-map %.*s, which no "
		                            "service-policy applies: it does nothing",
		                            STR(name), STR(audit_name(audit, policy->name)))
		               : str_printf(audit->arena,
		                            "class-map %.*s is in no policy-map: it does nothing",
		                            STR(name));
		struct str fault =
		        str_printf(audit->arena, "%.*s %.*s", STR(name), STR(appliance->name));
		struct finding *finding = audit_find(audit, RULE_AM405, NULL, fault, true, message);
		audit_about(audit, finding, appliance);
		finding->fix = FIX_SAFE;
		audit_evidence(audit, finding, map->span);
		if (policy)
			audit_evidence(audit, finding, policy->span);
		audit_evidence(audit, finding, ace->span);
		exemption_witness_any(audit, finding, appliance);
	}
}

void exemption_unbound(struct audit *audit)
{
	VEC_EACH(const struct appliance, appliance, &audit->policy->appliances.list)
		find_unbound(audit, appliance);
}

/* --- AM406 ------------------------------------------------------------------------------ */

/* What is wrong with the list of a class, or NULL. */
static const char *list_fault(const struct audit *audit, const struct acl *acl)
{
	uint32_t active = 0, lines = 0;
	if (!acl)
		return "does not exist";
	VEC_EACH(const struct ace, ace, &acl->aces) {
		lines += ace->action != ACE_REMARK;
		active += ace->action != ACE_REMARK && !ace->inactive;
	}
	if (acl->kind == ACL_EXTENDED && lines == 0)
		return "has no lines";
	if (acl->kind == ACL_EXTENDED && active == 0)
		return "has inactive lines only";
	VEC_EACH(const struct ace, ace, &acl->aces)
		if (ace->action != ACE_REMARK && ace->action != ACE_UNKNOWN && !ace->inactive &&
		    (config_addr_set(audit->config, ace->src)->dangling ||
		     config_addr_set(audit->config, ace->dst)->dangling ||
		     config_service_set(audit->config, ace->service)->dangling))
			return "names an object that does not exist";
	return NULL;
}

static void dangling(struct audit *audit, struct str fault, struct str message, struct span first,
                     struct span second)
{
	VEC_EACH(const struct finding, old, &audit->report->findings.list)
		if (old->rule == &rules[RULE_AM406] && str_eq(old->at_fault, fault))
			return;
	struct finding *finding = audit_find(audit, RULE_AM406, NULL, fault, true, message);
	audit_evidence(audit, finding, first);
	audit_evidence(audit, finding, second);
}

void exemption_dangling(struct audit *audit, const struct policy_class *class)
{
	struct arena *arena = audit->arena;
	struct str name = audit_name(audit, class->name);
	bool mail = exemption_inspects_smtp(audit, class) || class->state_bypass ||
	            !exemption_has_actions(audit, class);
	if (!mail || str_eq(name, S("class-default")))
		return;
	const struct class_match *match = exemption_acl_match(audit, class->name);
	if (!config_class_map(audit->config, class->name)) {
		dangling(audit, name,
		         str_printf(arena, "class %.*s has no class-map: it matches nothing",
		                    STR(name)),
		         class->span, (struct span){0});
	} else if (match) {
		const struct acl *acl = config_acl(audit->config, match->acl);
		const char *wrong = list_fault(audit, acl);
		struct str list = audit_name(audit, match->acl);
		if (wrong)
			dangling(audit, list,
			         str_printf(arena,
			                    "class %.*s matches by access-list %.*s, which %s",
			                    STR(name), STR(list), wrong),
			         match->span, acl ? acl->span : class->span);
	}
	VEC_EACH(const struct inspect, inspect, &class->inspects) {
		if (!mpf_is_smtp(audit->config, inspect->engine) || inspect->map == 0 ||
		    config_inspect_map(audit->config, inspect->engine, inspect->map))
			continue;
		struct str map = audit_name(audit, inspect->map);
		dangling(audit, map,
		         str_printf(arena, "class %.*s inspects by map %.*s, which does not exist",
		                    STR(name), STR(map)),
		         inspect->span, (struct span){0});
	}
}
