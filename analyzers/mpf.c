/* SPDX-License-Identifier: ISC */
/*
 * See mpf.h. The search is one loop over policies and classes for every feature: here the policies
 * in their order, in mpf_class.c what one class takes; on PIX 6 the fixups instead (mpf_fixups.c).
 */
#include "analyzers/mpf_search.h"

#include "analyzers/engines.h"

/* The policy-map that a service-policy names is not in the text: it may do anything. */
static void search_missing(const struct search *search, const struct service_policy *service_policy,
                           struct pieces *pieces)
{
	VEC_EACH(struct piece, piece, &pieces->list) {
		if (!piece->open)
			continue;
		piece->blurred = true;
		piece->why = WHY_MASKED;
		piece->why_text =
		        str_printf(search->arena, "the policy-map %.*s is not in the text",
		                   STR(config_name(search->config, service_policy->policy)));
		piece->why_span = service_policy->span;
	}
}

static void search_policy(struct search *search, const struct service_policy *service_policy,
                          struct pieces *pieces)
{
	search->service_policy = service_policy;
	search->policy = mpf_policy(search->config, service_policy);
	if (!search->policy) {
		search_missing(search, service_policy, pieces);
		return;
	}
	/* class-default is kept last by the parser (ruling 2). */
	VEC_EACH(const struct policy_class, class, &search->policy->classes)
		search_class(search, class, pieces);
}

static const struct service_policy *policy_at(const struct config *config,
                                              const struct interface *ifc)
{
	VEC_EACH(const struct service_policy, sp, &config->service_policies) {
		if (!ifc && sp->interface == 0)
			return sp;
		if (ifc && sp->interface && sp->interface == ifc->nameif)
			return sp;
	}
	return NULL;
}

/* The pieces in terms of the global reading instead of `seen`, or back in terms of `seen`. */
static void restate(const struct passage *passage, struct pieces *pieces, bool to_global)
{
	const struct box *from = to_global ? &passage->seen : &passage->global;
	const struct box *to = to_global ? &passage->global : &passage->seen;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		if (!iset_equal(from->dim[dim], to->dim[dim]))
			VEC_EACH(struct piece, piece, &pieces->list)
				piece->box.dim[dim] = to->dim[dim];
}

uint32_t mpf_asked(const struct config *config, enum feature feature, const struct passage *passage,
                   const struct service_policy **asked)
{
	/* Policing has a direction; all else acts at either interface (section 3). */
	const struct interface *in = feature == FEATURE_POLICE_OUT ? NULL : passage->in;
	const struct interface *out = feature == FEATURE_POLICE_IN ? NULL : passage->out;
	const struct service_policy *order[3] = {
	        in ? policy_at(config, in) : NULL,
	        policy_at(config, NULL),
	        out && out != in ? policy_at(config, out) : NULL,
	};
	uint32_t n = 0;
	if (feature == FEATURE_POLICE_OUT) { /* the egress comes before the global policy */
		order[0] = order[2];
		order[2] = NULL;
	}
	for (size_t i = 0; i < 3; i++)
		if (order[i])
			asked[n++] = order[i];
	return n;
}

void mpf_classify(struct arena *arena, const struct config *config, enum feature feature,
                  const struct passage *passage, struct reading reading, struct pieces *pieces)
{
	struct search search = {.arena = arena, .config = config, .feature = feature};
	struct piece whole = {.box = passage->seen, .open = true};
	struct pieces now = {0};
	VEC_PUSH(arena, &now.list, whole);
	if (config_uses_fixup(config)) {
		if (feature == FEATURE_INSPECT)
			search_fixups(&search, &now);
		*pieces = now;
		return;
	}
	const struct service_policy *order[3];
	uint32_t n = mpf_asked(config, feature, passage, order);
	for (uint32_t i = 0; i < n; i++) {
		bool as_global = order[i]->interface == 0 && reading.real_in_global;
		if (as_global)
			restate(passage, &now, true);
		search_policy(&search, order[i], &now);
		if (as_global)
			restate(passage, &now, false);
		if (!reading.per_feature || !search.policy || i == 2)
			continue;
		if (feature == FEATURE_INSPECT) /* each engine is one (ruling 4) */
			search.before[search.n_before++] = search.policy;
		else if (mpf_implements(config, search.policy, feature))
			break; /* it implements the feature: no other policy is asked */
	}
	*pieces = now;
}

void mpf_classify_policy(struct arena *arena, const struct config *config, enum feature feature,
                         const struct policy_map *policy, const struct box *region,
                         struct pieces *pieces)
{
	struct search search = {
	        .arena = arena, .config = config, .feature = feature, .policy = policy};
	struct piece whole = {.box = *region, .open = true};
	VEC_PUSH(arena, &pieces->list, whole);
	VEC_EACH(const struct policy_class, class, &policy->classes)
		search_class(&search, class, pieces);
}

void mpf_classify_behind(struct arena *arena, const struct config *config,
                         const struct policy_map *policy, const struct policy_map *const before[2],
                         const struct box *region, struct pieces *pieces)
{
	struct search search = {
	        .arena = arena, .config = config, .feature = FEATURE_INSPECT, .policy = policy};
	struct piece whole = {.box = *region, .open = true};
	VEC_PUSH(arena, &pieces->list, whole);
	for (int i = 0; i < 2; i++)
		if (before[i])
			search.before[search.n_before++] = before[i];
	VEC_EACH(const struct policy_class, class, &policy->classes)
		search_class(&search, class, pieces);
}

const struct claim *mpf_other_reading(struct arena *arena, const struct config *config,
                                      const struct claim *claim, const struct box *box)
{
	struct policy_map later = {.name = claim->policy->name};
	struct pieces pieces = {0};
	size_t own = engine_fixed_order(config_name(config, claim->inspect->engine));
	bool behind = false;
	VEC_EACH(const struct policy_class, class, &claim->policy->classes) {
		if (behind)
			VEC_PUSH(arena, &later.classes, *class);
		behind |= class == claim->class;
	}
	mpf_classify_policy(arena, config, FEATURE_INSPECT, &later, box, &pieces);
	VEC_EACH(const struct piece, piece, &pieces.list)
		for (const struct claim *c = piece->claims; c; c = c->next)
			if (engine_fixed_order(config_name(config, c->inspect->engine)) < own)
				return c;
	return NULL;
}
