/* SPDX-License-Identifier: ISC */
/*
 * The classes that mail is to be free of: those that inspect it, and those that would do so next.
 * Each class is asked on its own, since the mail is to be free of all that come before it too.
 */
#include "analyzers/planner.h"

/* The rules about inspection, the plainest first. */
static const enum rule_index inspected[] = {RULE_AM101, RULE_AM102, RULE_AM106, RULE_AM107,
                                            RULE_AM103, RULE_AM104, RULE_AM105};
enum { N_INSPECTED = sizeof(inspected) / sizeof(inspected[0]) };

static bool is_finding(const struct planner *planner, enum rule_index rule, const struct flow *flow)
{
	return remedy_covers(planner->change->form, &rules[rule]) &&
	       plan_wanted(planner, rule, flow);
}

/* What is found of the flow: of a class that inspects it, or of all. */
static enum rule_index inspected_rule(const struct planner *planner, const struct target *target)
{
	const struct flow *flow = target->flow;
	if (target->claim && target->claim->inspect &&
	    !mpf_is_smtp(planner->config, target->claim->inspect->engine) &&
	    plan_wanted(planner, RULE_AM107, flow))
		return RULE_AM107;
	for (int i = 0; !target->claim && i < N_INSPECTED; i++)
		if (is_finding(planner, inspected[i], flow))
			return inspected[i];
	bool fixup = target->claim && target->claim->fixup;
	if (planner->change->form == FORM_ALLOW_TLS && !fixup)
		return plan_wanted(planner, RULE_AM103, flow) ? RULE_AM103 : RULE_AM105;
	return flow_is_cpq(flow) ? RULE_AM106 : fixup ? RULE_AM102 : RULE_AM101;
}

void target_refuse(struct planner *planner, const struct target *target, struct str why)
{
	plan_unmended(planner, inspected_rule(planner, target), target->flow, why);
}

/* --- what is wanted ------------------------------------------------------------------------- */

/* An exemption of this mail is there, or of all of its appliance's, and does not exempt it. */
static bool exemption_fails(const struct planner *planner, const struct flow *flow)
{
	static const enum rule_index about[] = {RULE_AM401, RULE_AM402, RULE_AM403, RULE_AM404};
	VEC_EACH(const struct finding, finding, &planner->audit->report->findings.list) {
		bool here = finding->flow ? str_eq(finding->flow->id, flow->id)
		                          : finding->appliance == flow->appliance;
		for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++)
			if (here && finding->rule == &rules[about[i]] &&
			    !finding_is_suppressed(finding))
				return flow->inspected != VERDICT_NO;
	}
	return false;
}

static bool is_wanted(const struct planner *planner, const struct flow *flow)
{
	enum fix_form form = planner->change->form;
	for (int i = 0; i < N_INSPECTED; i++)
		if (is_finding(planner, inspected[i], flow))
			return true;
	/* A fixup has no map; that is said, whatever form is asked for. */
	if (config_uses_fixup(planner->config) &&
	    (plan_wanted(planner, RULE_AM102, flow) || plan_wanted(planner, RULE_AM106, flow)))
		return true;
	if (remedy_covers(form, &rules[RULE_AM401]) && exemption_fails(planner, flow))
		return true;
	/* Readings that part, names that resolve elsewhere: a change must hold under all (ruling
	 * 4). */
	return form != FORM_ALLOW_TLS && flow->inspected == VERDICT_UNKNOWN &&
	       (plan_wanted(planner, RULE_AM903, flow) || plan_wanted(planner, RULE_AM904, flow));
}

/* --- collecting ----------------------------------------------------------------------------- */

static struct target *add_target(struct planner *planner, const struct claim *claim,
                                 const struct flow *flow)
{
	VEC_EACH(struct target, old, &planner->targets.list)
		if (old->claim->class == claim->class && old->claim->inspect == claim->inspect &&
		    old->claim->fixup == claim->fixup)
			return old;
	struct target fresh = {.claim = claim, .flow = flow};
	return VEC_PUSH(planner->arena, &planner->targets.list, fresh);
}

/* The ports by which a fixup may know the mail, as it comes in and by real addresses. */
static void add_ports(const struct planner *planner, struct target *target,
                      const struct passage *passage)
{
	const struct box *views[] = {&passage->seen, &passage->global};
	for (size_t v = 0; v < sizeof(views) / sizeof(views[0]); v++)
		target->ports = iset_union(planner->arena, target->ports, views[v]->dim[DIM_DPORT]);
}

static bool is_matched(const struct planner *planner, const struct policy_class *class,
                       const struct inspect *inspect, const struct passage *passage)
{
	return place_meets(planner, class, inspect, &passage->seen) ||
	       place_meets(planner, class, inspect, &passage->global);
}

/* Every class that matches, in the policies that these packets meet. */
static void collect_all(struct planner *planner, const struct flow *flow, const struct lane *lane)
{
	const struct service_policy *asked[3];
	uint32_t n = mpf_asked(planner->config, FEATURE_INSPECT, &lane->passage, asked);
	for (uint32_t i = 0; i < n; i++) {
		const struct policy_map *policy = mpf_policy(planner->config, asked[i]);
		if (!policy)
			continue;
		VEC_EACH(const struct policy_class, class, &policy->classes)
			VEC_EACH(const struct inspect, inspect, &class->inspects) {
				if (mpf_is_combinable(planner->config, inspect->engine) ||
				    !is_matched(planner, class, inspect, &lane->passage))
					continue;
				struct claim *claim = NEW(planner->arena, struct claim);
				*claim = (struct claim){.service_policy = asked[i],
				                        .policy = policy,
				                        .class = class,
				                        .inspect = inspect};
				add_target(planner, claim, flow);
			}
	}
}

/* By allow-tls a class whose map does no harm stays as it is. */
static bool is_found(const struct planner *planner, const struct claim *claim,
                     const struct flow *flow)
{
	struct str class = plan_name(planner, claim->class->name);
	VEC_EACH(const struct finding, finding, &planner->audit->report->findings.list)
		if (finding->suppressed.by == NOT_SUPPRESSED && finding->flow == flow &&
		    remedy_covers(FORM_ALLOW_TLS, finding->rule) &&
		    str_eq(finding->at_fault, class))
			return true;
	return false;
}

/* The classes that own the mail as things are. */
static bool collect_owners(struct planner *planner, const struct flow_work *work,
                           const struct lane *lane, bool all)
{
	bool any = false;
	VEC_EACH(const struct verdict_cell, cell, &work->inspection.list) {
		if (cell->lane != lane)
			continue;
		for (const struct claim *c = cell->claims; c; c = c->next) {
			any = true;
			if (!c->fixup && (!all || !is_found(planner, c, work->flow)))
				continue;
			struct target *target = add_target(planner, c, work->flow);
			if (c->fixup)
				add_ports(planner, target, &lane->passage);
		}
	}
	return any;
}

/* What goes to an address that is not in the text can be in no list. */
static struct str unnamed_text(const struct planner *planner, const struct lane *lane)
{
	struct str real = addr_text(planner->arena, lane->server);
	return str_printf(planner->arena,
	                  "the address that others use for %.*s is not in the text, so the "
	                  "commands miss mail to it; name it, as %.*s=ADDRESS",
	                  STR(real), STR(real));
}

static void collect_lane(struct planner *planner, const struct flow_work *work,
                         const struct lane *lane)
{
	bool owners_only = planner->change->form == FORM_ALLOW_TLS;
	if (!collect_owners(planner, work, lane, owners_only))
		return; /* no class matches it, or its packets go by tcp-state-bypass */
	if (!owners_only)
		collect_all(planner, work->flow, lane);
	if (config_uses_fixup(planner->config) || planner->change->form == FORM_GLOBAL_OFF)
		return; /* it is no matter of addresses */
	struct str why = entries_add_lane(planner, &planner->mail, lane);
	if (!why.n && lane->mapped_unknown)
		why = unnamed_text(planner, lane);
	if (why.n)
		target_refuse(planner, &(struct target){.flow = work->flow}, why);
}

/* The targets in the order of the config's classes. */
static struct targets in_order(struct planner *planner)
{
	struct targets sorted = {0};
	VEC_EACH(const struct target, target, &planner->targets.list)
		if (target->claim->fixup)
			VEC_PUSH(planner->arena, &sorted.list, *target);
	VEC_EACH(const struct policy_map, policy, &planner->config->policy_maps)
		VEC_EACH(const struct policy_class, class, &policy->classes)
			VEC_EACH(const struct target, target, &planner->targets.list)
				if (target->claim->class == class)
					VEC_PUSH(planner->arena, &sorted.list, *target);
	return sorted;
}

struct targets targets_of(struct planner *planner)
{
	VEC_EACH(const struct flow_work, work, &planner->audit->flows) {
		if (!work->flow->on_path || !is_wanted(planner, work->flow))
			continue;
		VEC_EACH(const struct lane, lane, &work->lanes)
			collect_lane(planner, work, lane);
	}
	return in_order(planner);
}
