/* SPDX-License-Identifier: ISC */
/* The classes that mail is to be free of: those that inspect it, and those that would do so next.
 */
#include "analyzers/planner.h"

static enum rule_index inspected_rule(const struct target *target)
{
	return flow_is_cpq(target->flow) ? RULE_AM106
	       : target->claim->fixup    ? RULE_AM102
	                                 : RULE_AM101;
}

void target_refuse(struct planner *planner, const struct target *target, struct str why)
{
	plan_unmended(planner, inspected_rule(target), target->flow, why);
}

/* --- collecting ----------------------------------------------------------------------------- */

static bool is_wanted(const struct planner *planner, const struct flow *flow)
{
	static const enum rule_index about[] = {RULE_AM101, RULE_AM102, RULE_AM103, RULE_AM104,
	                                        RULE_AM105, RULE_AM106, RULE_AM107};
	for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++)
		if (plan_wanted(planner, about[i], flow))
			return true;
	/* Readings that part, names that resolve elsewhere: a change must hold under all (ruling
	 * 4). */
	return flow->inspected == VERDICT_UNKNOWN &&
	       (plan_wanted(planner, RULE_AM903, flow) || plan_wanted(planner, RULE_AM904, flow));
}

static struct target *target_of(struct planner *planner, struct targets *targets,
                                const struct claim *claim, const struct flow *flow)
{
	VEC_EACH(struct target, old, &targets->list)
		if (old->claim->class == claim->class && old->claim->inspect == claim->inspect &&
		    old->claim->fixup == claim->fixup)
			return old;
	struct target fresh = {.claim = claim, .flow = flow};
	return VEC_PUSH(planner->arena, &targets->list, fresh);
}

static void add_lane(struct planner *planner, struct target *target, const struct lane *lane)
{
	struct str why = entries_add_lane(planner, &target->entries, lane);
	if (why.n)
		target_refuse(planner, target, why);
	else
		entries_add_lane(planner, &planner->mail, lane);
}

/* The same action in the config itself, of a claim that was made by a copy of its policy. */
static const struct claim *original(const struct planner *planner, const struct claim *claim)
{
	struct claim *found = NEW(planner->arena, struct claim);
	*found = *claim;
	found->policy = config_policy_map(planner->config, claim->policy->name);
	VEC_EACH(const struct policy_class, class, &found->policy->classes) {
		if (class->name != claim->class->name)
			continue;
		found->class = class;
		VEC_EACH(const struct inspect, inspect, &class->inspects)
			if (inspect->engine == claim->inspect->engine)
				found->inspect = inspect;
	}
	return found;
}

static bool is_target(const struct targets *targets, const struct inspect *inspect)
{
	VEC_EACH(const struct target, target, &targets->list)
		if (target->claim->inspect == inspect)
			return true;
	return false;
}

/* The policy without the inspections that are to leave their classes. */
static struct policy_map rest_of(const struct planner *planner, const struct targets *targets,
                                 const struct policy_map *policy)
{
	struct policy_map rest = {.name = policy->name, .span = policy->span};
	VEC_EACH(const struct policy_class, class, &policy->classes) {
		struct policy_class *copy = VEC_PUSH(planner->arena, &rest.classes, *class);
		copy->inspects.v = NULL;
		copy->inspects.n = copy->inspects.cap = 0;
		VEC_EACH(const struct inspect, inspect, &class->inspects)
			if (!is_target(targets, inspect))
				VEC_PUSH(planner->arena, &copy->inspects, *inspect);
	}
	return rest;
}

/* Add the classes that inspect the lane once those known are out of the way; any new one? */
static bool collect_next(struct planner *planner, struct targets *targets, const struct flow *flow,
                         const struct lane *lane, const struct policy_map *policy)
{
	const struct policy_map rest = rest_of(planner, targets, policy);
	const struct box *views[] = {&lane->passage.seen, &lane->passage.global};
	uint32_t n = targets->list.n;
	for (size_t v = 0; v < sizeof(views) / sizeof(views[0]); v++) {
		struct pieces pieces = {0};
		mpf_classify_policy(planner->arena, planner->config, FEATURE_INSPECT, &rest,
		                    views[v], &pieces);
		VEC_EACH(const struct piece, piece, &pieces.list)
			for (const struct claim *c = piece->claims; c; c = c->next)
				add_lane(planner,
				         target_of(planner, targets, original(planner, c), flow),
				         lane);
	}
	return targets->list.n > n;
}

/* Free of one class, the mail must not fall to the next (AM402, AM107). */
static void collect_behind(struct planner *planner, struct targets *targets,
                           const struct flow *flow, const struct lane *lane,
                           const struct policy_map *policy)
{
	VEC_EACH(const struct searched, old, &targets->searched)
		if (old->lane == lane && old->policy == policy)
			return;
	struct searched now = {lane, policy};
	VEC_PUSH(planner->arena, &targets->searched, now);
	while (collect_next(planner, targets, flow, lane, policy))
		;
}

/* The ports by which a fixup may know the mail, as it comes in and by real addresses. */
static void add_ports(const struct planner *planner, struct target *target,
                      const struct passage *passage)
{
	const struct box *views[] = {&passage->seen, &passage->global};
	for (size_t v = 0; v < sizeof(views) / sizeof(views[0]); v++)
		target->ports = iset_union(planner->arena, target->ports, views[v]->dim[DIM_DPORT]);
}

/*
 * Free of one policy, it must not fall to another either: the policies of both interfaces and the
 * global one are asked in turn (ruling 4).
 */
static void collect_elsewhere(struct planner *planner, struct targets *targets,
                              const struct flow *flow, const struct lane *lane)
{
	const struct interface *ends[] = {lane->passage.in, lane->passage.out};
	VEC_EACH(const struct service_policy, sp, &planner->config->service_policies) {
		const struct policy_map *policy = mpf_policy(planner->config, sp);
		bool here = sp->interface == 0;
		for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
			here |= ends[i] && ends[i]->nameif == sp->interface;
		if (here && policy)
			collect_behind(planner, targets, flow, lane, policy);
	}
}

static void collect_cell(struct planner *planner, struct targets *targets,
                         const struct flow_work *work, const struct verdict_cell *cell)
{
	for (const struct claim *c = cell->claims; c; c = c->next) {
		struct target *target = target_of(planner, targets, c, work->flow);
		if (c->fixup) {
			add_ports(planner, target, &cell->lane->passage);
			continue;
		}
		add_lane(planner, target, cell->lane);
		collect_behind(planner, targets, work->flow, cell->lane, c->policy);
		collect_elsewhere(planner, targets, work->flow, cell->lane);
	}
}

struct targets targets_of(struct planner *planner)
{
	struct targets targets = {0};
	VEC_EACH(const struct flow_work, work, &planner->audit->flows) {
		if (!work->flow->on_path || !is_wanted(planner, work->flow))
			continue;
		VEC_EACH(const struct verdict_cell, cell, &work->inspection.list)
			collect_cell(planner, &targets, work, cell);
	}
	return targets;
}
