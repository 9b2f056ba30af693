/* SPDX-License-Identifier: ISC */
/*
 * Freeing mail from inspection. A class that goes by default ports, a port, or everything gets
 * its SMTP inspection moved into a new class whose access-list denies the appliances
 * (split-class, asa-semantics 1.3 b). A class that goes by an access-list of its own gets the
 * deny lines at the top of that list: an exemption that failed is repaired, not doubled.
 */
#include "analyzers/planner.h"

/* A class that inspects mail which is to be free. */
struct target {
	const struct claim *claim;
	const struct flow *flow; /* the first of the flows, for messages */
	struct entries entries;
};

struct targets {
	VEC(struct target) list;
};

static enum rule_index inspected_rule(const struct target *target)
{
	return flow_is_cpq(target->flow) ? RULE_AM106 : RULE_AM101;
}

static void refuse(struct planner *planner, const struct target *target, struct str why)
{
	plan_unmended(planner, inspected_rule(target), target->flow, why);
}

/* --- collecting ----------------------------------------------------------------------------- */

static bool is_wanted(const struct planner *planner, const struct flow *flow)
{
	static const enum rule_index about[] = {RULE_AM101, RULE_AM102, RULE_AM103,
	                                        RULE_AM104, RULE_AM105, RULE_AM106};
	for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++)
		if (plan_wanted(planner, about[i], flow))
			return true;
	/* Readings that part: a change must hold under both (ruling 4). */
	return flow->inspected == VERDICT_UNKNOWN && plan_wanted(planner, RULE_AM904, flow);
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

static void collect_cell(struct planner *planner, struct targets *targets, const struct flow *flow,
                         const struct verdict_cell *cell)
{
	for (const struct claim *c = cell->claims; c; c = c->next) {
		if (!c->fixup && !mpf_is_smtp(planner->config, c->inspect->engine))
			continue;
		struct target *target = target_of(planner, targets, c, flow);
		if (c->fixup)
			continue;
		if (entries_add_lane(planner, &target->entries, cell->lane))
			entries_add_lane(planner, &planner->mail, cell->lane);
		else
			refuse(planner, target,
			       S("the other end of this flow is a set of addresses, for which no "
			         "exemption is "
			         "written"));
	}
}

/* Classes that inspect, or may inspect, a part of a flow that is to be free. */
static struct targets collect(struct planner *planner)
{
	struct targets targets = {0};
	VEC_EACH(const struct flow_work, work, &planner->audit->flows) {
		if (!work->flow->on_path || !is_wanted(planner, work->flow))
			continue;
		VEC_EACH(const struct verdict_cell, cell, &work->inspection.list)
			collect_cell(planner, &targets, work->flow, cell);
	}
	return targets;
}

/* --- new lists and classes -------------------------------------------------------------------- */

static struct str inspect_words(const struct planner *planner, const struct inspect *inspect)
{
	struct str engine = plan_name(planner, inspect->engine);
	return inspect->map ? str_printf(planner->arena, "%.*s %.*s", STR(engine),
	                                 STR(plan_name(planner, inspect->map)))
	                    : engine;
}

static void remark(struct planner *planner, struct str list, const char *text)
{
	plan_line(planner, &planner->lists, "access-list %.*s remark %s", STR(list), text);
	plan_line(planner, &planner->undo_lists, "no access-list %.*s remark %s", STR(list), text);
}

static const struct made *find_made(const struct planner *planner, struct str purpose)
{
	VEC_EACH(const struct made, old, &planner->made)
		if (str_eq(old->purpose, purpose))
			return old;
	return NULL;
}

static const struct made *make_class(struct planner *planner, struct str purpose, const char *acl,
                                     const char *class)
{
	struct made fresh = {purpose, plan_free_name(planner, acl), plan_free_name(planner, class)};
	plan_line(planner, &planner->maps, "class-map %.*s", STR(fresh.class));
	plan_line(planner, &planner->maps, " match access-list %.*s", STR(fresh.acl));
	plan_line(planner, &planner->undo_maps, "no class-map %.*s", STR(fresh.class));
	return VEC_PUSH(planner->arena, &planner->made, fresh);
}

/* The class of everybody else: all that the old class inspects but the appliances' mail. */
static struct str others_class(struct planner *planner, struct str tail)
{
	struct str purpose = str_printf(planner->arena, "others%.*s", STR(tail));
	const struct made *made = find_made(planner, purpose);
	if (made)
		return made->class;
	made = make_class(planner, purpose, "_INSPECT", "_INSPECT_CLASS");
	struct str acl = made->acl, class = made->class;
	remark(planner, acl, "mail appliances are exempt from ESMTP inspection");
	entries_write(planner, acl, "deny", &planner->mail, false);
	plan_line(planner, &planner->lists, "access-list %.*s extended permit tcp any any%.*s",
	          STR(acl), STR(tail));
	plan_line(planner, &planner->undo_lists,
	          "no access-list %.*s extended permit tcp any any%.*s", STR(acl), STR(tail));
	return class;
}

/* The class of the appliances' mail alone. */
static struct str appliances_class(struct planner *planner, const char *text)
{
	const struct made *made = find_made(planner, S("appliances"));
	if (made)
		return made->class;
	made = make_class(planner, S("appliances"), "_APPLIANCES", "_APPLIANCES_CLASS");
	struct str acl = made->acl, class = made->class;
	remark(planner, acl, text);
	entries_write(planner, acl, "permit", &planner->mail, false);
	return class;
}

/* --- split-class --------------------------------------------------------------------------------
 */

/* The match of the class as the end of a permit line; false for one that a list cannot repeat. */
static bool permit_tail(const struct planner *planner, const struct policy_class *class,
                        struct str *tail)
{
	const struct class_map *map = config_class_map(planner->config, class->name);
	*tail = S("");
	if (str_eq(plan_name(planner, class->name), S("class-default")))
		return true;
	if (!map || map->matches.n != 1)
		return false;
	const struct class_match *match = &map->matches.v[0];
	switch (match->kind) {
	case MATCH_DEFAULT_INSPECTION:
		*tail = S(" eq smtp");
		return true;
	case MATCH_ANY:
		return true;
	case MATCH_PORT:
		*tail = match->lo == match->hi
		                ? str_printf(planner->arena, " eq %.*s",
		                             STR(entries_port(planner, match->lo)))
		                : str_printf(planner->arena, " range %u %u", match->lo, match->hi);
		return match->protocol == PROTO_TCP;
	case MATCH_ACL:
	case MATCH_HEADER:
	case MATCH_UNKNOWN:
		break;
	}
	return false;
}

/* Before 9.0 the new class sees IPv4 only, while the default class took IPv6 SMTP too (1.7). */
static bool loses_ipv6(const struct planner *planner)
{
	return !config_any_is_dual(planner->config) && config_has_ipv6(planner->config);
}

/* In the policy of the target: the inspection leaves its class and goes into others. */
static void move_inspection(struct planner *planner, const struct target *target, struct str others,
                            struct str appliances, struct str map)
{
	const struct claim *claim = target->claim;
	struct str words = inspect_words(planner, claim->inspect);
	struct str policy = plan_name(planner, claim->policy->name);
	struct str old = plan_name(planner, claim->class->name);
	struct change_lines *to = &planner->policies, *undo = &planner->undo_policies;
	plan_line(planner, to, "policy-map %.*s", STR(policy));
	plan_line(planner, to, " class %.*s", STR(old));
	plan_line(planner, to, "  no inspect %.*s", STR(words));
	plan_line(planner, undo, "policy-map %.*s", STR(policy));
	if (appliances.n) {
		plan_line(planner, to, " class %.*s", STR(appliances));
		plan_line(planner, to, "  inspect %.*s %.*s",
		          STR(plan_name(planner, claim->inspect->engine)), STR(map));
		plan_line(planner, undo, " no class %.*s", STR(appliances));
	}
	plan_line(planner, to, " class %.*s", STR(others));
	plan_line(planner, to, "  inspect %.*s", STR(words));
	plan_line(planner, undo, " no class %.*s", STR(others));
	plan_line(planner, undo, " class %.*s", STR(old));
	plan_line(planner, undo, "  inspect %.*s", STR(words));
}

/* Can the class give its inspection away? Says why if not. */
static bool may_split(struct planner *planner, const struct target *target, struct str *tail)
{
	if (!permit_tail(planner, target->claim->class, tail)) {
		refuse(planner, target,
		       S("the class that inspects matches in a way that a new access-list cannot "
		         "repeat"));
		return false;
	}
	if (loses_ipv6(planner)) {
		planner->change->safe = false;
		if (!planner->wish->unsafe) {
			refuse(planner, target,
			       S("an interface has IPv6, which before 9.0 the new class cannot "
			         "see: the inspection "
			         "of all IPv6 SMTP would end; --unsafe does it all the same"));
			return false;
		}
	}
	return true;
}

/* Nothing but the inspection hangs on the class: else the appliances would lose that too. */
static bool inspects_only(const struct config *config, const struct policy_class *class)
{
	return class->inspects.n == 1 && class->modules.n == 0 && !class->police_in.set &&
	       !class->police_out.set && !mpf_class_has(config, class, FEATURE_CONN) &&
	       !mpf_class_has(config, class, FEATURE_TCP);
}

static void split_class(struct planner *planner, const struct target *target)
{
	const struct policy_class *class = target->claim->class;
	const struct acl *list = entries_own_list(planner, class);
	const struct class_map *map = config_class_map(planner->config, class->name);
	bool by_list = map && map->matches.n == 1 && map->matches.v[0].kind == MATCH_ACL;
	struct str tail;
	if (target->entries.list.n == 0)
		return; /* why is said already */
	if (list && inspects_only(planner->config, class)) {
		entries_write(planner, plan_name(planner, list->name), "deny", &target->entries,
		              true);
		return;
	}
	if (by_list) {
		refuse(planner, target,
		       S("the access-list of the class that inspects serves other ends too; lines "
		         "in it would "
		         "change them"));
		return;
	}
	if (may_split(planner, target, &tail))
		move_inspection(planner, target, others_class(planner, tail), S(""), S(""));
}

/* --- allow-tls
 * ------------------------------------------------------------------------------------ */

/* allow-tls exists from 7.2(3) and 8.0(3) (asa-semantics section 7). */
static bool has_allow_tls(const struct config *config)
{
	const struct version version = config->version;
	if (config->platform == PLATFORM_FWSM || config_uses_fixup(config))
		return false;
	if (!version.major)
		return true;
	if (version.major == 7)
		return version_cmp(version, 7, 2, 3) >= 0;
	return version_cmp(version, 8, 0, 3) >= 0;
}

static struct str tls_map(struct planner *planner)
{
	const struct made *old = find_made(planner, S("map"));
	if (old)
		return old->acl;
	struct str name = plan_free_name(planner, "_ALLOW_TLS");
	VEC_PUSH(planner->arena, &planner->made, (struct made){S("map"), name, S("")});
	plan_note(planner, &planner->maps,
	          "no map turns off the filter of 15 verbs, the check for pipelining, the refusal "
	          "of `|` in "
	          "addresses; what comes before STARTTLS stays inspected");
	plan_line(planner, &planner->maps, "policy-map type inspect esmtp %.*s", STR(name));
	plan_line(planner, &planner->maps, " parameters");
	plan_line(planner, &planner->maps, "  allow-tls");
	plan_line(planner, &planner->maps, "  no mask-banner");
	plan_line(planner, &planner->undo_maps, "no policy-map type inspect esmtp %.*s", STR(name));
	return name;
}

/* The appliances stay inspected, by a map that lets TLS pass; everybody else as before. */
static void allow_tls(struct planner *planner, const struct target *target)
{
	struct str tail;
	if (!has_allow_tls(planner->config)) {
		refuse(planner, target,
		       S("allow-tls needs ASA or PIX 7.2(3), 8.0(3) or later; FWSM does not have "
		         "it"));
		return;
	}
	if (entries_own_list(planner, target->claim->class)) {
		refuse(planner, target,
		       S("the class that inspects goes by an access-list; put `allow-tls` into its "
		         "map, or use "
		         "split-class"));
		return;
	}
	if (!may_split(planner, target, &tail))
		return;
	struct str map = tls_map(planner);
	struct str appliances =
	        appliances_class(planner, "mail appliances are inspected with TLS allowed");
	move_inspection(planner, target, others_class(planner, tail), appliances, map);
}

/* --- technote
 * --------------------------------------------------------------------------------------- */

/* What the TechNote prints, in valid syntax. It exempts nothing (asa-semantics 1.2). */
static void technote(struct planner *planner, const struct target *target)
{
	const struct claim *claim = target->claim;
	struct str policy = plan_name(planner, claim->policy->name);
	struct str engine = plan_name(planner, claim->inspect->engine);
	plan_note(
	        planner, &planner->lists,
	        "as the TechNote prints it. By the documented matching rules it exempts nothing: a "
	        "class "
	        "without an action does not stop the search, and the next class inspects. The form "
	        "split-class works.");
	struct str class = appliances_class(planner, "mail appliances (TechNote 117801)");
	plan_line(planner, &planner->policies, "policy-map %.*s", STR(policy));
	plan_line(planner, &planner->policies, " class %.*s", STR(class));
	plan_line(planner, &planner->policies, "  no inspect %.*s", STR(engine));
	plan_line(planner, &planner->undo_policies, "policy-map %.*s", STR(policy));
	plan_line(planner, &planner->undo_policies, " no class %.*s", STR(class));
	refuse(planner, target, S("the TechNote's class has no action, so it exempts nothing"));
}

/* --- global-off
 * ------------------------------------------------------------------------------------- */

static void fixup_off(struct planner *planner, const struct fixup *fixup)
{
	struct str ports = fixup->lo == fixup->hi
	                           ? str_printf(planner->arena, "%u", fixup->lo)
	                           : str_printf(planner->arena, "%u-%u", fixup->lo, fixup->hi);
	plan_note(planner, &planner->policies,
	          "a fixup has no exemption for one host: this ends the inspection of all SMTP");
	plan_line(planner, &planner->policies, "no fixup protocol smtp %.*s", STR(ports));
	plan_line(planner, &planner->undo_policies, "fixup protocol smtp %.*s", STR(ports));
	planner->change->safe = false;
}

static void inspect_off(struct planner *planner, const struct target *target)
{
	const struct claim *claim = target->claim;
	struct str words = inspect_words(planner, claim->inspect);
	struct str policy = plan_name(planner, claim->policy->name);
	struct str class = plan_name(planner, claim->class->name);
	planner->change->safe = false;
	if (!planner->wish->unsafe) {
		refuse(planner, target,
		       S("global-off ends the inspection for everybody; it needs --unsafe"));
		return;
	}
	plan_note(planner, &planner->policies,
	          "this ends the inspection of all SMTP by this class");
	plan_line(planner, &planner->policies, "policy-map %.*s", STR(policy));
	plan_line(planner, &planner->policies, " class %.*s", STR(class));
	plan_line(planner, &planner->policies, "  no inspect %.*s", STR(words));
	plan_line(planner, &planner->undo_policies, "policy-map %.*s", STR(policy));
	plan_line(planner, &planner->undo_policies, " class %.*s", STR(class));
	plan_line(planner, &planner->undo_policies, "  inspect %.*s", STR(words));
}

/* --- all
 * ---------------------------------------------------------------------------------------------- */

/* FTD is configured by FlexConfig objects, which are no lines to paste (asa-semantics 1.7). */
static void note_ftd(struct planner *planner)
{
	plan_note(
	        planner, &planner->groups,
	        "not pasteable: FTD has no configure mode. Make an extended access-list object "
	        "with the "
	        "entries below, then a FlexConfig object (deployment: everytime, type: append) "
	        "with the "
	        "class-map and policy-map lines, where the access-list is inserted as a variable");
}

void plan_inspection(struct planner *planner)
{
	struct targets targets = collect(planner);
	if (targets.list.n && planner->config->platform == PLATFORM_FTD)
		note_ftd(planner);
	VEC_EACH(const struct target, target, &targets.list) {
		if (target->claim->fixup) {
			fixup_off(planner, target->claim->fixup);
			continue;
		}
		switch (planner->change->form) {
		case FORM_TECHNOTE:
			technote(planner, target);
			break;
		case FORM_ALLOW_TLS:
			allow_tls(planner, target);
			break;
		case FORM_GLOBAL_OFF:
			inspect_off(planner, target);
			break;
		case FORM_DEFAULT:
		case FORM_SPLIT_CLASS:
		case FORM_COUNT:
			split_class(planner, target);
			break;
		}
	}
}
