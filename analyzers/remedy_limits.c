/* SPDX-License-Identifier: ISC */
/*
 * Lifting limits of `set connection`. A class that limits nothing but the mail gets higher ones, in
 * its place. One that goes by an access-list of its own and does nothing but limit gets deny lines
 * for the mail, where no other class would limit it then. Before any other goes a class of the mail
 * that it limits, with the limits that the policy asks for. A limit whose finding is suppressed
 * stays as it is.
 */
#include "analyzers/planner.h"

struct capped {
	const struct policy_class *class;
	const struct policy_map *policy;
	VEC(const struct flow *) flows;
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

static void leave_capped(struct planner *planner, const struct capped *capped, struct str why)
{
	for (uint32_t i = 0; i < capped->flows.n; i++)
		leave(planner, capped->flows.v[i], why);
}

static struct capped *capped_of(struct planner *planner, struct cappeds *cappeds,
                                const struct flow *flow, const struct bound *bound)
{
	struct capped *capped = NULL;
	VEC_EACH(struct capped, old, &cappeds->list)
		if (old->class == bound->class)
			capped = old;
	if (!capped)
		capped =
		        VEC_PUSH(planner->arena, &cappeds->list,
		                 ((struct capped){.class = bound->class, .policy = bound->policy}));
	for (uint32_t i = 0; i < capped->flows.n; i++)
		if (capped->flows.v[i] == flow)
			return capped;
	VEC_PUSH(planner->arena, &capped->flows, flow);
	return capped;
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

static struct cappeds collect(struct planner *planner)
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
			}
		}
	}
	return out;
}

/* Timeouts, sequence numbers: what the mail is to keep. */
static bool has_more_than_limits(const struct policy_class *class)
{
	bool more = class->conn_other;
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		more |= class->timeouts[i].set;
	return more;
}

static bool limits_only(const struct planner *planner, const struct policy_class *class)
{
	return !has_more_than_limits(class) && !class->unknown && class->inspects.n == 0 &&
	       class->modules.n == 0 && !class->police_in.set && !class->police_out.set &&
	       !mpf_class_has(planner->config, class, FEATURE_TCP);
}

/* Is it the word before the number of a limit that is to be lifted? */
static bool is_lifted(const struct capped *capped, struct str word)
{
	for (int kind = 0; kind < LIMIT_KIND_COUNT; kind++)
		if (capped->lifted[kind] && str_eq(word, str_of(limit_kind_names[kind])))
			return true;
	return false;
}

/* The `set connection` line with those limits as the policy asks for. */
static struct str raised(const struct planner *planner, const struct capped *capped,
                         struct str line)
{
	struct buf out = {.arena = planner->arena};
	struct str rest = line, word, last = S("");
	while (rest.n) {
		uint64_t value = 0;
		str_cut(rest, ' ', &word, &rest);
		rest = str_trim(rest);
		buf_printf(&out, "%s", out.n ? " " : "");
		if (is_lifted(capped, last) && str_number(word, UINT32_MAX, &value) && value)
			buf_printf(&out, "%u",
			           plan_minimum(planner, str_contains(last, S("embryonic"))));
		else
			buf_add(&out, word);
		last = word;
	}
	return buf_str(&out);
}

/* A line of limits, timeouts or sequence numbers (ruling 6). */
static bool is_of_feature(struct str line)
{
	return str_starts(line, S("set connection ")) &&
	       !str_starts(line, S("set connection advanced-options")) &&
	       !str_starts(line, S("set connection decrement-ttl"));
}

/* Might another class limit the mail that leaves the capped one? */
static bool caps_elsewhere(const struct planner *planner, const struct capped *capped)
{
	const struct config *config = planner->config;
	bool behind = false;
	VEC_EACH(const struct policy_class, class, &capped->policy->classes) {
		if (behind && mpf_class_has(config, class, FEATURE_CONN))
			return true;
		behind |= class == capped->class;
	}
	VEC_EACH(const struct service_policy, bound, &config->service_policies) {
		const struct policy_map *policy = mpf_policy(config, bound);
		if (policy && policy != capped->policy &&
		    mpf_implements(config, policy, FEATURE_CONN))
			return true;
	}
	return false;
}

/* The class-map of a list of these lines; one that the policy-map does not hold yet. */
static struct str class_of_lines(struct planner *planner, const struct edited_policy *policy,
                                 const struct lines_text *permits)
{
	struct buf purpose = {.arena = planner->arena};
	buf_add(&purpose, S("limits of"));
	VEC_EACH(const struct str, line, &permits->list)
		buf_printf(&purpose, " %.*s,", STR(*line));
	const struct made *made = plan_made(planner, buf_str(&purpose));
	bool taken = false;
	for (uint32_t i = 0; made && i < policy->now.n; i++)
		taken |= str_eq(policy->now.v[i]->name, made->name);
	if (made && !taken)
		return made->name;
	struct str acl = plan_make(planner, S("list of limits"), "_LIMITS");
	struct str class = plan_make(planner, buf_str(&purpose), "_LIMITS_CLASS");
	list_append_all(planner, acl, permits);
	plan_line(planner, &planner->maps, "class-map %.*s", STR(class));
	plan_line(planner, &planner->maps, " match access-list %.*s", STR(acl));
	plan_line(planner, &planner->undo_maps, "no class-map %.*s", STR(class));
	return class;
}

/* Is no limit left of those that the class has once they are raised, and has it nothing else? */
static bool leaves_nothing(const struct planner *planner, const struct capped *capped)
{
	const struct policy_class *class = capped->class;
	bool any = has_more_than_limits(class);
	for (int i = 0; i < CONN_LIMIT_COUNT; i++) {
		bool embryonic = i == CONN_EMBRYONIC || i == CONN_PER_CLIENT_EMBRYONIC;
		bool set = class->limits[i].set && class->limits[i].value;
		bool lifted = is_lifted(capped, str_of(conn_limit_words[i]));
		any |= set && (!lifted || plan_minimum(planner, embryonic));
	}
	return !any;
}

/*
 * Whether limits of 0 alone end the search is open (asa-semantics 5). A timeout surely does: the
 * one that is in force anyway.
 */
static struct str timeout_in_force(const struct planner *planner)
{
	const struct config *config = planner->config;
	const struct setting_number *set = &config->timeout_conn;
	uint32_t seconds = set->set ? set->value : 3600;
	return str_printf(planner->arena, "set connection timeout %s %u:%02u:%02u",
	                  config_uses_real_addresses(config) ? "idle" : "tcp", seconds / 3600,
	                  seconds / 60 % 60, seconds % 60);
}

/*
 * A class of the mail before the one that limits it, with what that one does to connections but
 * for the limits that are too low.
 */
static void own_class(struct planner *planner, const struct capped *capped,
                      const struct lines_text *permits)
{
	struct edited_policy *policy = edit_policy(planner, capped->policy);
	struct edited_class *at = edit_class(planner, capped->policy, capped->class);
	struct lines_text lines = edit_lines(planner, capped->class);
	struct str class = class_of_lines(planner, policy, permits);
	struct edited_class *own = edit_insert(planner, capped->policy, class, at);
	VEC_EACH(const struct str, line, &lines.list)
		if (is_of_feature(*line))
			edit_add(planner, own, raised(planner, capped, *line));
	if (leaves_nothing(planner, capped))
		edit_add(planner, own, timeout_in_force(planner));
}

/* Can a class of the mail go in before the capped one? Says why if not. */
static bool may_insert(struct planner *planner, const struct capped *capped)
{
	const struct edited_class *at = edit_class(planner, capped->policy, capped->class);
	struct str full = edit_why_full(planner, capped->policy, 1);
	if (!full.n && edit_may_insert(planner, capped->policy, at) && !capped->class->unknown)
		return true;
	leave_capped(
	        planner, capped,
	        full.n ? full
	               : str_printf(planner->arena,
	                            "a new class would have to stand before class %.*s and those "
	                            "behind it, which cannot be entered anew: not all of their "
	                            "lines could be read",
	                            STR(plan_name(planner, capped->class->name))));
	return false;
}

/* A class that limits nothing but the mail: its limits are raised; false where others have them. */
static bool raise_limits(struct planner *planner, const struct capped *capped)
{
	const struct policy_class *class = capped->class;
	if (class->unknown || leaves_nothing(planner, capped) ||
	    !narrow_is_mail(planner, class, &capped->entries))
		return false;
	struct edited_class *edited = edit_class(planner, capped->policy, class);
	struct lines_text lines = edit_lines(planner, class);
	VEC_EACH(const struct str, line, &lines.list)
		if (is_of_feature(*line))
			edit_replace(edited, *line, raised(planner, capped, *line));
	return true;
}

/* Deny lines for the mail at the top of the class's own list; false where that would not do. */
static bool deny_mail(struct planner *planner, const struct capped *capped)
{
	const struct acl *list = list_of_its_own(planner, capped->class);
	if (!list || capped->keeps || !limits_only(planner, capped->class) ||
	    caps_elsewhere(planner, capped))
		return false;
	struct lines_text denies = entries_lines(planner, "deny", &capped->entries);
	list_put_on_top(planner, plan_name(planner, list->name), &denies);
	return true;
}

/* Before 9.0 the list of the new class sees IPv4 only: IPv6 mail stays as it was. */
static void limit_apart(struct planner *planner, const struct capped *capped)
{
	struct lines_text permits = {0};
	if (!narrow_lines(planner, capped->class, &capped->entries, &permits))
		leave_capped(
		        planner, capped,
		        str_printf(
		                planner->arena,
		                "class %.*s limits a part of this mail that takes too many lines "
		                "of a list to say",
		                STR(plan_name(planner, capped->class->name))));
	else if (permits.list.n && may_insert(planner, capped))
		own_class(planner, capped, &permits);
}

void plan_policy_limits(struct planner *planner)
{
	struct cappeds cappeds = collect(planner);
	VEC_EACH(const struct capped, capped, &cappeds.list)
		if (capped->entries.list.n && !raise_limits(planner, capped) &&
		    !deny_mail(planner, capped))
			limit_apart(planner, capped); /* without entries why is said already */
}
