/* SPDX-License-Identifier: ISC */
/*
 * Lifting limits of `set connection`. A class that goes by an access-list of its own and does
 * nothing but limit gets deny lines for the mail. Where class-default limits, a class of the
 * appliances goes in before it, with the limits that the policy asks for.
 */
#include "analyzers/planner.h"

struct capped {
	const struct policy_class *class;
	const struct policy_map *policy;
	const struct flow *flow;
	enum rule_index rule;
	struct entries entries;
};

struct cappeds {
	VEC(struct capped) list;
};

static bool rule_of(const struct planner *planner, const struct flow *flow, enum rule_index *rule)
{
	static const enum rule_index about[] = {RULE_AM203, RULE_AM204, RULE_AM205};
	for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++)
		if (plan_wanted(planner, about[i], flow)) {
			*rule = about[i];
			return true;
		}
	return false;
}

static struct cappeds collect(struct planner *planner, struct entries *all)
{
	struct cappeds out = {0};
	VEC_EACH(const struct flow_work, work, &planner->audit->flows) {
		enum rule_index rule;
		if (!work->flow->on_path || !rule_of(planner, work->flow, &rule))
			continue;
		VEC_EACH(const struct bound, bound, &work->bounds) {
			struct capped *capped = NULL;
			if (bound->hit.source != FROM_SET_CONNECTION)
				continue;
			VEC_EACH(struct capped, old, &out.list)
				if (old->class == bound->class)
					capped = old;
			if (!capped)
				capped = VEC_PUSH(planner->arena, &out.list,
				                  (struct capped){.class = bound->class,
				                                  .policy = bound->policy,
				                                  .flow = work->flow,
				                                  .rule = rule});
			VEC_EACH(const struct lane, lane, &work->lanes) {
				entries_add_lane(planner, &capped->entries, lane);
				entries_add_lane(planner, all, lane);
			}
		}
	}
	return out;
}

static bool limits_only(const struct planner *planner, const struct policy_class *class)
{
	bool timeouts = class->conn_other;
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		timeouts |= class->timeouts[i].set;
	return !timeouts && class->inspects.n == 0 && class->modules.n == 0 &&
	       !class->police_in.set && !class->police_out.set &&
	       !mpf_class_has(planner->config, class, FEATURE_TCP);
}

/* "conn-max 1000 ...": the limits of the class, raised to what the policy asks for. */
static struct str raised_limits(const struct planner *planner, const struct policy_class *class)
{
	static const char *const words[CONN_LIMIT_COUNT] = {
	        [CONN_MAX] = "conn-max",
	        [CONN_EMBRYONIC] = "embryonic-conn-max",
	        [CONN_PER_CLIENT] = "per-client-max",
	        [CONN_PER_CLIENT_EMBRYONIC] = "per-client-embryonic-max",
	};
	const struct limits_wanted *wanted = &planner->audit->policy->limits;
	struct buf out = {.arena = planner->arena};
	for (int i = 0; i < CONN_LIMIT_COUNT; i++) {
		bool embryonic = i == CONN_EMBRYONIC || i == CONN_PER_CLIENT_EMBRYONIC;
		uint32_t minimum = embryonic ? wanted->min_embryonic : wanted->min_connections;
		uint32_t value = class->limits[i].value;
		if (!class->limits[i].set)
			continue;
		if (minimum == 0)
			value = 0;
		else if (value && value < minimum)
			value = minimum;
		buf_printf(&out, " %s %u", words[i], value);
	}
	return buf_str(&out);
}

/*
 * The new class takes the mail of every capped flow: what leaves another class by its deny lines
 * would fall into class-default next.
 */
static void own_class(struct planner *planner, const struct capped *capped,
                      const struct entries *all)
{
	struct str acl = plan_free_name(planner, "_LIMITS");
	struct str class = plan_free_name(planner, "_LIMITS_CLASS");
	VEC_PUSH(planner->arena, &planner->made, (struct made){S("limits"), acl, class});
	entries_write(planner, acl, "permit", all, false);
	plan_line(planner, &planner->maps, "class-map %.*s", STR(class));
	plan_line(planner, &planner->maps, " match access-list %.*s", STR(acl));
	plan_line(planner, &planner->undo_maps, "no class-map %.*s", STR(class));
	plan_line(planner, &planner->policies, "policy-map %.*s",
	          STR(plan_name(planner, capped->policy->name)));
	plan_line(planner, &planner->policies, " class %.*s", STR(class));
	plan_line(planner, &planner->policies, "  set connection%.*s",
	          STR(raised_limits(planner, capped->class)));
	plan_line(planner, &planner->undo_policies, "policy-map %.*s",
	          STR(plan_name(planner, capped->policy->name)));
	plan_line(planner, &planner->undo_policies, " no class %.*s", STR(class));
}

void plan_policy_limits(struct planner *planner)
{
	struct entries all = {0};
	struct cappeds cappeds = collect(planner, &all);
	VEC_EACH(const struct capped, capped, &cappeds.list) {
		const struct acl *list = entries_own_list(planner, capped->class);
		struct str name = plan_name(planner, capped->class->name);
		if (capped->entries.list.n && list && limits_only(planner, capped->class))
			entries_write(planner, plan_name(planner, list->name), "deny",
			              &capped->entries, true);
		else if (capped->entries.list.n && str_eq(name, S("class-default")) &&
		         limits_only(planner, capped->class))
			own_class(planner, capped, &all);
		else
			plan_unmended(
			        planner, capped->rule, capped->flow,
			        str_printf(
			                planner->arena,
			                "class %.*s does more than limit this mail, or shares its "
			                "access-list; what to change there is for a person to "
			                "decide",
			                STR(name)));
	}
}
