/* SPDX-License-Identifier: ISC */
/*
 * Exemptions that were begun and do nothing. Such a class is put to use before a second one is
 * piled on top of it: nothing hangs on it yet, so its list may be rewritten. First those in the
 * policy itself, then class-maps that no policy in force has (AM405).
 */
#include "analyzers/planner.h"

/* No action at all, of any feature (ruling 1). */
static bool is_empty(const struct config *config, const struct policy_class *class)
{
	for (int feature = 0; feature < N_FEATURES; feature++)
		if (mpf_class_has(config, class, (enum feature)feature))
			return false;
	return class->inspects.n == 0 && class->others.n == 0 && !class->unknown;
}

/* The target's inspection and nothing else, for no packet. */
static bool is_idle(const struct planner *planner, const struct policy_class *class,
                    const struct inspect *inspect)
{
	struct policy_class bare = *class;
	struct box all = box_all();
	memset(&bare.inspects, 0, sizeof(bare.inspects));
	if (class->inspects.n != 1 || !is_empty(planner->config, &bare) ||
	    !str_eq(plan_quote(planner, class->inspects.v[0].span),
	            plan_quote(planner, inspect->span)))
		return false;
	return !place_meets(planner, class, &class->inspects.v[0], &all);
}

/* Does the class match a part of the mail? */
static bool names_mail(const struct planner *planner, const struct policy_class *class,
                       const struct inspect *inspect)
{
	struct claim claim = {.class = class, .inspect = inspect};
	return place_mail(planner, &claim).list.n > 0;
}

/* The name of the one list that the class-map goes by, if nobody else does; 0: there is none. */
static name_id own_list(const struct planner *planner, const struct class_map *map)
{
	if (!map || map->typed || map->refused.n || map->matches.n != 1 ||
	    map->matches.v[0].kind != MATCH_ACL || map->matches.v[0].doubtful)
		return 0;
	name_id name = map->matches.v[0].acl;
	return list_is_own(planner->config, name, map) ? name : 0;
}

/* The same of a class that stands in one policy. */
static name_id list_of(const struct planner *planner, const struct policy_class *class)
{
	return list_count_uses(planner->config, class->name) == 1
	               ? own_list(planner, config_class_map(planner->config, class->name))
	               : 0;
}

static bool is_vacant(struct planner *planner, const struct target *target,
                      const struct policy_class *class, const struct lines_text *lines)
{
	const struct claim *claim = target->claim;
	name_id list = list_of(planner, class);
	if (class == claim->class || !list ||
	    !list_may_become(planner, config_acl(planner->config, list), lines))
		return false;
	bool empty = is_empty(planner->config, class) && names_mail(planner, class, claim->inspect);
	return (empty || is_idle(planner, class, claim->inspect)) &&
	       place_serves(planner, claim, edit_class(planner, claim->policy, class));
}

struct str vacancy_fill(struct planner *planner, const struct target *target,
                        const struct lines_text *lines)
{
	if (!mpf_is_smtp(planner->config, target->claim->inspect->engine))
		return S("");
	VEC_EACH(const struct policy_class, class, &target->claim->policy->classes) {
		struct str name = plan_name(planner, class->name);
		struct str purpose = str_printf(planner->arena, "vacancy of %.*s", STR(name));
		if (plan_made(planner, purpose) || !is_vacant(planner, target, class, lines))
			continue;
		VEC_PUSH(planner->arena, &planner->made, ((struct made){purpose, name}));
		list_become(planner, plan_name(planner, list_of(planner, class)), lines);
		return name;
	}
	return S("");
}

/* --- in no policy ------------------------------------------------------------------------- */

static bool is_in_force(const struct config *config, name_id class)
{
	VEC_EACH(const struct service_policy, sp, &config->service_policies) {
		const struct policy_map *policy = mpf_policy(config, sp);
		if (policy)
			VEC_EACH(const struct policy_class, at, &policy->classes)
				if (at->name == class)
					return true;
	}
	return false;
}

/* Is the list about the mail: does it match some of it, or deny it as these lines do? */
static bool speaks_of_mail(const struct planner *planner, const struct target *target,
                           const struct class_map *map, const struct acl *acl,
                           const struct lines_text *lines)
{
	const struct policy_class bare = {.name = map->name};
	VEC_EACH(const struct ace, ace, &acl->aces)
		if (ace->action == ACE_DENY && lines_hold(lines, list_line(planner, ace)))
			return true;
	return names_mail(planner, &bare, target->claim->inspect);
}

struct str vacancy_bind(struct planner *planner, const struct target *target,
                        const struct lines_text *lines)
{
	if (!mpf_is_smtp(planner->config, target->claim->inspect->engine))
		return S("");
	VEC_EACH(const struct class_map, map, &planner->config->class_maps) {
		const struct acl *acl = config_acl(planner->config, own_list(planner, map));
		struct str name = plan_name(planner, map->name);
		struct str purpose = str_printf(planner->arena, "vacancy of %.*s", STR(name));
		if (!acl || is_in_force(planner->config, map->name) ||
		    plan_made(planner, purpose) || !list_may_become(planner, acl, lines) ||
		    !speaks_of_mail(planner, target, map, acl, lines))
			continue;
		VEC_PUSH(planner->arena, &planner->made, ((struct made){purpose, name}));
		list_become(planner, plan_name(planner, acl->name), lines);
		return name;
	}
	return S("");
}
