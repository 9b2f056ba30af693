/* SPDX-License-Identifier: ISC */
/*
 * Lifting limits of `set connection`. A class that goes by an access-list of its own and does
 * nothing but limit gets deny lines for the mail. Else a class of the appliances goes in before
 * it, with the limits that the policy asks for; one whose finding is suppressed stays as it is.
 */
#include "analyzers/planner.h"

struct capped {
	const struct policy_class *class;
	const struct policy_map *policy;
	const struct flow *flow;
	struct entries entries;
	bool lifted[LIMIT_KIND_COUNT];
	bool keeps; /* another limit that is low stays: its finding is suppressed */
};

struct cappeds {
	VEC(struct capped) list;
};

static const enum rule_index about[] = {RULE_AM203, RULE_AM204, RULE_AM205};

enum { N_ABOUT = sizeof(about) / sizeof(about[0]) };

/* The limits of the flow's class are left, whichever they are. */
static void leave(struct planner *planner, const struct flow *flow, struct str why)
{
	for (size_t i = 0; i < N_ABOUT; i++)
		if (plan_wanted(planner, about[i], flow))
			plan_unmended(planner, about[i], flow, why);
}

static struct capped *capped_of(struct planner *planner, struct cappeds *cappeds,
                                const struct flow *flow, const struct bound *bound)
{
	VEC_EACH(struct capped, old, &cappeds->list)
		if (old->class == bound->class)
			return old;
	struct capped fresh = {.class = bound->class, .policy = bound->policy, .flow = flow};
	return VEC_PUSH(planner->arena, &cappeds->list, fresh);
}

/* A limit of the class that is low on this flow too, but is to stay. */
static bool keeps_another(const struct planner *planner, const struct flow_work *work,
                          const struct policy_class *class)
{
	VEC_EACH(const struct bound, bound, &work->bounds)
		if (bound->hit.source == FROM_SET_CONNECTION && bound->class == class &&
		    audit_is_low(planner->audit, &bound->hit) &&
		    !plan_lifts(planner, work->flow, bound))
			return true;
	return false;
}

static struct cappeds collect(struct planner *planner, struct entries *all)
{
	struct cappeds out = {0};
	VEC_EACH(const struct flow_work, work, &planner->audit->flows) {
		if (!work->flow->on_path)
			continue;
		VEC_EACH(const struct bound, bound, &work->bounds) {
			if (bound->hit.source != FROM_SET_CONNECTION ||
			    !plan_lifts(planner, work->flow, bound))
				continue;
			struct capped *capped = capped_of(planner, &out, work->flow, bound);
			capped->lifted[bound->hit.kind] = true;
			capped->keeps |= keeps_another(planner, work, bound->class);
			VEC_EACH(const struct lane, lane, &work->lanes) {
				struct str why = entries_add_lane(planner, &capped->entries, lane);
				if (why.n)
					leave(planner, work->flow, why);
				else
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

/* Does this word stand before the number of a limit that is to be lifted? */
static bool is_lifted(const struct capped *capped, struct str word)
{
	for (int kind = 0; kind < LIMIT_KIND_COUNT; kind++)
		if (capped->lifted[kind] && str_eq(word, str_of(limit_kind_names[kind])))
			return true;
	return false;
}

/* The `set connection` line with limits that are to be lifted raised to what the policy asks for.
 */
static struct str raised(const struct planner *planner, const struct capped *capped,
                         struct str line)
{
	const struct limits_wanted *wanted = &planner->audit->policy->limits;
	struct buf out = {.arena = planner->arena};
	struct str rest = line, word, last = S("");
	while (rest.n) {
		uint64_t value;
		str_cut(rest, ' ', &word, &rest);
		rest = str_trim(rest);
		bool embryonic = str_contains(last, S("embryonic"));
		uint32_t minimum = embryonic ? wanted->min_embryonic : wanted->min_connections;
		bool limit = is_lifted(capped, last) && str_number(word, UINT32_MAX, &value);
		buf_printf(&out, "%s", out.n ? " " : "");
		if (limit && value && (value < minimum || minimum == 0))
			buf_printf(&out, "%u", minimum);
		else
			buf_add(&out, word);
		last = word;
	}
	return buf_str(&out);
}

/* class-default of the policy gets a class of all the mail before it. */
static bool is_lifted_there(const struct planner *planner, const struct cappeds *cappeds,
                            const struct policy_class *class)
{
	VEC_EACH(const struct capped, capped, &cappeds->list)
		if (capped->class == class &&
		    str_eq(plan_name(planner, class->name), S("class-default")))
			return true;
	return false;
}

/* A class of that feature behind the capped one would take what leaves it. */
static bool caps_behind(const struct planner *planner, const struct cappeds *cappeds,
                        const struct capped *capped)
{
	bool behind = false;
	VEC_EACH(const struct policy_class, class, &capped->policy->classes) {
		if (behind && mpf_class_has(planner->config, class, FEATURE_CONN) &&
		    !is_lifted_there(planner, cappeds, class))
			return true;
		behind |= class == capped->class;
	}
	return false;
}

/*
 * A class of the mail before the one that limits it, with what that one does to connections but
 * for the limits that are too low. Before class-default it takes the mail of every capped flow:
 * what leaves another class by its deny lines would fall into class-default next.
 */
static void own_class(struct planner *planner, const struct capped *capped,
                      const struct entries *mail)
{
	struct edited_class *at = edit_class(planner, capped->policy, capped->class);
	struct str acl = plan_make(planner, S("limits"), "_LIMITS");
	struct str class = plan_make(planner, S("class of limits"), "_LIMITS_CLASS");
	struct lines_text lines = edit_lines(planner, capped->class);
	struct lines_text permits = entries_lines(planner, "permit", mail);
	list_append_all(planner, acl, &permits);
	plan_line(planner, &planner->maps, "class-map %.*s", STR(class));
	plan_line(planner, &planner->maps, " match access-list %.*s", STR(acl));
	plan_line(planner, &planner->undo_maps, "no class-map %.*s", STR(class));
	struct edited_class *own = edit_insert(planner, capped->policy, class, at);
	VEC_EACH(const struct str, line, &lines.list)
		if (str_starts(*line, S("set connection ")) &&
		    !str_starts(*line, S("set connection advanced-options")) &&
		    !str_starts(*line, S("set connection decrement-ttl")))
			edit_add(planner, own, raised(planner, capped, *line));
}

/* Before 9.0 the list of the new class sees IPv4 only: IPv6 mail stays as it was. */
static void plan_capped(struct planner *planner, const struct cappeds *cappeds,
                        const struct capped *capped, const struct entries *all)
{
	const struct acl *list = list_of_its_own(planner, capped->class);
	bool is_default = str_eq(plan_name(planner, capped->class->name), S("class-default"));
	struct str full = edit_why_full(planner, capped->policy, 1);
	if (capped->entries.list.n == 0)
		return; /* why is said already */
	if (list && limits_only(planner, capped->class) && !capped->keeps &&
	    !caps_behind(planner, cappeds, capped)) {
		struct lines_text denies = entries_lines(planner, "deny", &capped->entries);
		list_put_on_top(planner, plan_name(planner, list->name), &denies);
	} else if (full.n) {
		leave(planner, capped->flow, full);
	} else if (edit_may_insert(planner, capped->policy,
	                           edit_class(planner, capped->policy, capped->class)) &&
	           !capped->class->unknown)
		own_class(planner, capped, is_default ? all : &capped->entries);
	else
		leave(planner, capped->flow,
		      str_printf(planner->arena,
		                 "a new class would have to stand before class %.*s and "
		                 "those behind it, which cannot be entered anew: not all of "
		                 "their lines could be read",
		                 STR(plan_name(planner, capped->class->name))));
}

void plan_policy_limits(struct planner *planner)
{
	struct entries all = {0};
	struct cappeds cappeds = collect(planner, &all);
	VEC_EACH(const struct capped, capped, &cappeds.list)
		plan_capped(planner, &cappeds, capped, &all);
}
