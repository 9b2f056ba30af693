/* SPDX-License-Identifier: ISC */
/* What claims, classes and policies hold for each feature. */
#include "analyzers/mpf.h"

#include "analyzers/engines.h"

name_id mpf_engine(const struct claim *claim)
{
	return claim->fixup ? claim->fixup->engine : claim->inspect->engine;
}

bool mpf_is_smtp(const struct config *config, name_id engine)
{
	return engine_is_smtp(config_name(config, engine));
}

uint32_t mpf_default_ports(struct arena *arena, const struct config *config, name_id engine,
                           struct box *boxes)
{
	return engine_default_ports(arena, engine_named(config_name(config, engine)), boxes);
}

bool mpf_is_combinable(const struct config *config, name_id engine)
{
	return engine_named(config_name(config, engine))->combinable;
}

/* --- classes ---------------------------------------------------------------------------- */

static bool is_exclusive(const struct config *config, const struct inspect *inspect)
{
	return !engine_named(config_name(config, inspect->engine))->combinable;
}

static bool has_conn_action(const struct policy_class *class)
{
	bool any = class->conn_other;
	for (int i = 0; i < CONN_LIMIT_COUNT; i++)
		any |= class->limits[i].set;
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		any |= class->timeouts[i].set;
	return any;
}

bool mpf_sets_no_limit(const struct policy_class *class)
{
	bool any = class->conn_other;
	for (int i = 0; i < CONN_LIMIT_COUNT; i++)
		any |= class->limits[i].set && class->limits[i].value;
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		any |= class->timeouts[i].set;
	return !any;
}

bool mpf_class_has(const struct config *config, const struct policy_class *class,
                   enum feature feature)
{
	switch (feature) {
	case FEATURE_INSPECT:
		VEC_EACH(const struct inspect, inspect, &class->inspects)
			if (is_exclusive(config, inspect))
				return true;
		return false;
	case FEATURE_CONN:
		return has_conn_action(class);
	case FEATURE_TCP:
		return class->state_bypass || class->tcp_map;
	case FEATURE_POLICE_IN:
		return class->police_in.set;
	case FEATURE_POLICE_OUT:
		return class->police_out.set;
	case FEATURE_MODULE:
		return class->modules.n > 0;
	}
	return false;
}

/* --- policies --------------------------------------------------------------------------- */

const struct policy_map *mpf_policy(const struct config *config, const struct service_policy *sp)
{
	return config_policy_map(config, sp->policy);
}

bool mpf_implements(const struct config *config, const struct policy_map *policy,
                    enum feature feature)
{
	VEC_EACH(const struct policy_class, class, &policy->classes)
		if (mpf_class_has(config, class, feature))
			return true;
	return false;
}

bool mpf_inspects_with(const struct config *config, const struct policy_map *policy,
                       struct str engine)
{
	bool smtp = engine_is_smtp(engine);
	VEC_EACH(const struct policy_class, class, &policy->classes)
		VEC_EACH(const struct inspect, inspect, &class->inspects) {
			struct str held = config_name(config, inspect->engine);
			if (smtp ? engine_is_smtp(held) : str_eq(held, engine))
				return true;
		}
	return false;
}
