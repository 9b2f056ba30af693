/* SPDX-License-Identifier: ISC */
/*
 * Freeing mail from inspection. A class that goes by default ports, a port, or everything gets
 * its inspection moved into a new class whose access-list denies the appliances (split-class,
 * asa-semantics 1.3 b). A class that goes by an access-list of its own gets the deny lines at the
 * top of that list: an exemption that failed is repaired, not doubled. Where the list serves other
 * ends too, the class goes by a copy of it. Another engine that would take the mail next is
 * treated in the same way.
 */
#include "analyzers/planner.h"

/* --- new lists and classes -------------------------------------------------------------------- */

/* All that stands behind `inspect`, maps and options too. */
static struct str inspect_line(const struct planner *planner, const struct inspect *inspect)
{
	return plan_quote(planner, inspect->span);
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

/* Deny lines for the mail, then what is permitted. By allow-tls a class before it has the mail. */
static void exempting_list(struct planner *planner, struct str acl, const struct permits *permits)
{
	if (planner->change->form == FORM_ALLOW_TLS) {
		remark(planner, acl, "all that is not taken by the class of the mail appliances");
	} else {
		remark(planner, acl,
		       permits->other_engine ? "mail appliances are exempt from inspection"
		                             : "mail appliances are exempt from ESMTP inspection");
		entries_write(planner, acl, "deny", &planner->mail, false);
	}
	VEC_EACH(const struct str, line, &permits->lines.list) {
		plan_line(planner, &planner->lists, "access-list %.*s %.*s", STR(acl), STR(*line));
		plan_line(planner, &planner->undo_lists, "no access-list %.*s %.*s", STR(acl),
		          STR(*line));
	}
}

/* The class of everybody else: all that the old class inspects but the appliances' mail. */
static struct str others_class(struct planner *planner, const struct permits *permits)
{
	const struct made *made = find_made(planner, permits->purpose);
	if (made)
		return made->class;
	made = make_class(planner, permits->purpose, "_INSPECT", "_INSPECT_CLASS");
	struct str acl = made->acl, class = made->class;
	exempting_list(planner, acl, permits);
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

/*
 * Before 9.0 the new class sees IPv4 only, while the default class took IPv6 SMTP too (1.7). A
 * class that goes by a list never saw any.
 */
static bool loses_ipv6(const struct planner *planner, const struct policy_class *class)
{
	const struct class_map *map = config_class_map(planner->config, class->name);
	if (map)
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_ACL)
				return false;
	return !config_any_is_dual(planner->config) && config_has_ipv6(planner->config);
}

static bool goes_by_default_ports(const struct class_map *map)
{
	if (map)
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_DEFAULT_INSPECTION)
				return true;
	return false;
}

/* Only SMTP: then a class by default ports takes nothing of it but for SMTP inspection. */
static bool is_smtp_alone(const struct planner *planner, const struct claim *claim)
{
	const struct class_map *map = config_class_map(planner->config, claim->class->name);
	if (!mpf_is_smtp(planner->config, claim->inspect->engine) || !map || map->refused.n)
		return false;
	return goes_by_default_ports(map) ||
	       (map->matches.n == 1 && map->matches.v[0].kind == MATCH_PORT &&
	        map->matches.v[0].lo == 25 && map->matches.v[0].hi == 25);
}

/* Might a class take packets of the claim's class, were that one to come behind it? */
static bool might_take(const struct planner *planner, const struct claim *claim,
                       const struct policy_class *class)
{
	const struct class_map *map = config_class_map(planner->config, class->name);
	if (!map)
		return false; /* class-default comes last anyway */
	VEC_EACH(const struct inspect, inspect, &class->inspects) {
		bool smtp = mpf_is_smtp(planner->config, inspect->engine);
		if (mpf_is_combinable(planner->config, inspect->engine))
			continue;
		if (!goes_by_default_ports(map) || !is_smtp_alone(planner, claim))
			return true;
		/* SMTP inspection is on its way out of there, but by allow-tls. */
		if (smtp && planner->change->form == FORM_ALLOW_TLS)
			return true;
	}
	return false;
}

static bool order_counts(const struct planner *planner, const struct claim *claim)
{
	bool behind = false;
	VEC_EACH(const struct policy_class, class, &claim->policy->classes) {
		if (behind && might_take(planner, claim, class))
			return true;
		behind |= class == claim->class;
	}
	return false;
}

/* A class by an access-list takes one inspection; another after it would never be asked. */
static bool holds_inspection(const struct edited_class *class)
{
	VEC_EACH(const struct str, line, &class->now.list)
		if (str_starts(*line, S("inspect ")))
			return true;
	return false;
}

/*
 * In the policy of the target: the inspection leaves its class and goes into others. These come
 * last, or behind the old class where one that follows might take their packets.
 */
static void move_inspection(struct planner *planner, const struct target *target, struct str others,
                            struct str appliances, struct str map)
{
	const struct claim *claim = target->claim;
	struct str line = inspect_line(planner, claim->inspect);
	struct edited_class *old = edit_class(planner, claim->policy, claim->class);
	bool last = str_eq(old->name, S("class-default"));
	const struct edited_class *at = !last && order_counts(planner, claim) ? old : NULL;
	edit_remove(old, line);
	if (appliances.n) {
		struct edited_class *class =
		        edit_insert(planner, claim->policy, appliances, at, false);
		bool fresh = class->now.list.n == 0;
		edit_add(planner, class,
		         str_printf(planner->arena, "inspect %.*s %.*s",
		                    STR(plan_name(planner, claim->inspect->engine)), STR(map)));
		at = at && fresh ? class : at;
	}
	struct edited_class *rest = edit_insert(planner, claim->policy, others, at, false);
	if (!holds_inspection(rest))
		edit_add(planner, rest, line);
}

/* Why a list cannot say what the class matches, and what can be done. */
static struct str why_not_split(const struct planner *planner, const struct policy_class *class)
{
	const struct class_map *map = config_class_map(planner->config, class->name);
	struct str name = plan_name(planner, class->name);
	struct buf words = {.arena = planner->arena};
	bool by_header = false;
	if (!map)
		return str_printf(planner->arena,
		                  "the class-map of class %.*s is not in the text, so what it "
		                  "matches is not known; give the whole config",
		                  STR(name));
	VEC_EACH(const struct class_match, match, &map->matches) {
		buf_printf(&words, "%s `match %.*s`", words.n ? "," : "", STR(match->text));
		by_header |= match->kind == MATCH_HEADER;
	}
	if (by_header)
		return str_printf(planner->arena,
		                  "class %.*s goes by%.*s, which no access-list says and no other "
		                  "match narrows: its mail is free of it only together with all "
		                  "others', by --form global-off --unsafe",
		                  STR(name), STR(buf_str(&words)));
	return str_printf(planner->arena,
	                  "class %.*s matches in a way that a new access-list cannot repeat:%.*s",
	                  STR(name), STR(words.n ? buf_str(&words) : S(" nothing")));
}

/* Can the class give its inspection away? Says why if not. */
static bool may_split(struct planner *planner, const struct target *target, struct permits *permits)
{
	const struct claim *claim = target->claim;
	if (!permits_of(planner, target->claim, permits)) {
		target_refuse(planner, target, why_not_split(planner, claim->class));
		return false;
	}
	if (order_counts(planner, claim) &&
	    !edit_may_insert(planner, claim->policy, claim->class)) {
		target_refuse(
		        planner, target,
		        S("a new class would have to stand before classes that cannot be entered "
		          "anew: not all of their lines could be read"));
		return false;
	}
	if (loses_ipv6(planner, claim->class)) {
		if (!planner->wish->unsafe) {
			planner->change->safe = false;
			target_refuse(
			        planner, target,
			        S("an interface has IPv6, which before 9.0 the new class cannot "
			          "see: the inspection "
			          "of all IPv6 SMTP would end; --unsafe does it all the same"));
			return false;
		}
		plan_danger(planner, &planner->lists,
		            S("an interface has IPv6, which before 9.0 the new class cannot see: "
		              "this ends the inspection of all SMTP over IPv6, of everybody"));
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

/* Every use of the class-map is such a class: then another match of it changes nothing else. */
static bool inspects_only_everywhere(const struct config *config, name_id name)
{
	VEC_EACH(const struct policy_map, policy, &config->policy_maps)
		VEC_EACH(const struct policy_class, class, &policy->classes)
			if (class->name == name && !inspects_only(config, class))
				return false;
	return true;
}

/* The class goes by a list that serves other ends too: from now on by a copy with deny lines. */
static void swap_list(struct planner *planner, const struct target *target,
                      const struct permits *permits)
{
	const struct class_map *map = config_class_map(planner->config, target->claim->class->name);
	struct str class = plan_name(planner, map->name), old = map->matches.v[0].text;
	struct str purpose = str_printf(planner->arena, "match of %.*s", STR(class));
	if (find_made(planner, purpose))
		return;
	struct made fresh = {purpose, plan_free_name(planner, "_INSPECT"), S("")};
	VEC_PUSH(planner->arena, &planner->made, fresh);
	exempting_list(planner, fresh.acl, permits);
	plan_line(planner, &planner->maps, "class-map %.*s", STR(class));
	plan_line(planner, &planner->maps, " no match %.*s", STR(old));
	plan_line(planner, &planner->maps, " match access-list %.*s", STR(fresh.acl));
	plan_line(planner, &planner->undo_maps, "class-map %.*s", STR(class));
	plan_line(planner, &planner->undo_maps, " no match access-list %.*s", STR(fresh.acl));
	plan_line(planner, &planner->undo_maps, " match %.*s", STR(old));
}

static void split_class(struct planner *planner, const struct target *target)
{
	const struct policy_class *class = target->claim->class;
	const struct acl *list = entries_own_list(planner, class);
	const struct class_map *map = config_class_map(planner->config, class->name);
	bool by_list = map && map->matches.n == 1 && map->matches.v[0].kind == MATCH_ACL &&
	               map->refused.n == 0;
	struct permits permits = {0};
	if (target->entries.list.n == 0)
		return; /* why is said already */
	if (list && inspects_only(planner->config, class)) {
		entries_write(planner, plan_name(planner, list->name), "deny", &target->entries,
		              true);
		return;
	}
	if (by_list && inspects_only_everywhere(planner->config, class->name)) {
		if (permits_copied(planner, config_acl(planner->config, map->matches.v[0].acl),
		                   &permits))
			swap_list(planner, target, &permits);
		else
			target_refuse(
			        planner, target,
			        S("the access-list of the class that inspects serves other ends "
			          "too, and is too long or too unclear for a copy"));
		return;
	}
	if (may_split(planner, target, &permits))
		move_inspection(planner, target, others_class(planner, &permits), S(""), S(""));
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
	struct permits permits = {0};
	if (!mpf_is_smtp(planner->config, target->claim->inspect->engine))
		return;
	if (!has_allow_tls(planner->config)) {
		target_refuse(
		        planner, target,
		        S("allow-tls needs ASA or PIX 7.2(3), 8.0(3) or later; FWSM does not have "
		          "it"));
		return;
	}
	if (!may_split(planner, target, &permits))
		return;
	struct str map = tls_map(planner);
	struct str appliances =
	        appliances_class(planner, "mail appliances are inspected with TLS allowed");
	move_inspection(planner, target, others_class(planner, &permits), appliances, map);
}

/* --- technote
 * --------------------------------------------------------------------------------------- */

/* What the TechNote prints, in valid syntax. It exempts nothing (asa-semantics 1.2). */
static void technote(struct planner *planner, const struct target *target)
{
	const struct claim *claim = target->claim;
	struct str policy = plan_name(planner, claim->policy->name);
	struct str engine = plan_name(planner, claim->inspect->engine);
	struct str purpose = str_printf(planner->arena, "TechNote in %.*s", STR(policy));
	target_refuse(planner, target,
	              S("the TechNote's class has no action, so it exempts nothing"));
	if (!mpf_is_smtp(planner->config, claim->inspect->engine) || find_made(planner, purpose))
		return; /* of other engines it does not speak */
	if (!find_made(planner, S("appliances")))
		plan_note(planner, &planner->lists,
		          "as the TechNote prints it. By the documented matching rules it exempts "
		          "nothing: a class without an action does not stop the search, and the "
		          "next class inspects. The form split-class works.");
	VEC_PUSH(planner->arena, &planner->made, (struct made){purpose, S(""), S("")});
	struct str class = appliances_class(planner, "mail appliances (TechNote 117801)");
	plan_line(planner, &planner->policies, "policy-map %.*s", STR(policy));
	plan_line(planner, &planner->policies, " class %.*s", STR(class));
	plan_line(planner, &planner->policies, "  no inspect %.*s", STR(engine));
	plan_line(planner, &planner->undo_policies, "policy-map %.*s", STR(policy));
	plan_line(planner, &planner->undo_policies, " no class %.*s", STR(class));
}

/* --- global-off
 * ------------------------------------------------------------------------------------- */

/* The device's own words for ports of a fixup. */
static struct str fixup_ports(const struct planner *planner, const struct fixup *fixup,
                              struct range ports)
{
	struct str engine = plan_name(planner, fixup->engine);
	if (ports.lo == ports.hi)
		return str_printf(planner->arena, "%.*s %u", STR(engine), (unsigned)ports.lo);
	return str_printf(planner->arena, "%.*s %u-%u", STR(engine), (unsigned)ports.lo,
	                  (unsigned)ports.hi);
}

/* The ports of a range that the appliances' mail does not use: their fixup can stay. */
static struct iset fixup_rest(const struct planner *planner, const struct target *target)
{
	const struct fixup *fixup = target->claim->fixup;
	const struct range whole = {fixup->lo, fixup->hi};
	if (fixup->lo == 0 || !str_eq(fixup->text, fixup_ports(planner, fixup, whole)))
		return iset_none();
	return iset_subtract(planner->arena, iset_range(planner->arena, whole.lo, whole.hi),
	                     target->ports);
}

static void fixup_off(struct planner *planner, const struct target *target)
{
	const struct fixup *fixup = target->claim->fixup;
	enum fix_form form = planner->change->form;
	struct iset rest = fixup_rest(planner, target);
	if (form != FORM_GLOBAL_OFF) {
		target_refuse(planner, target,
		              str_printf(planner->arena,
		                         "this release inspects by `fixup` and has no classes: of "
		                         "the forms only global-off is there, not %s",
		                         fix_form_names[form]));
		return;
	}
	plan_danger(planner, &planner->policies,
	            str_printf(planner->arena,
	                       "a fixup has no exemption for one host, so `fixup protocol %.*s` "
	                       "ends for everybody%s",
	                       STR(fixup->text), rest.n ? ", but for the ports that stay" : ""));
	plan_line(planner, &planner->policies, "no fixup protocol %.*s", STR(fixup->text));
	for (uint32_t i = 0; i < rest.n; i++) {
		struct str ports = fixup_ports(planner, fixup, rest.v[i]);
		plan_line(planner, &planner->policies, "fixup protocol %.*s", STR(ports));
		plan_line(planner, &planner->undo_policies, "no fixup protocol %.*s", STR(ports));
	}
	plan_line(planner, &planner->undo_policies, "fixup protocol %.*s", STR(fixup->text));
}

static void inspect_off(struct planner *planner, const struct target *target)
{
	const struct claim *claim = target->claim;
	struct edited_class *class;
	if (!planner->wish->unsafe) {
		planner->change->safe = false;
		target_refuse(planner, target,
		              S("global-off ends the inspection for everybody; it needs --unsafe"));
		return;
	}
	plan_danger(planner, &planner->policies,
	            str_printf(planner->arena,
	                       "this ends `inspect %.*s` of class %.*s for everybody",
	                       STR(plan_name(planner, claim->inspect->engine)),
	                       STR(plan_name(planner, claim->class->name))));
	class = edit_class(planner, claim->policy, claim->class);
	edit_remove(class, inspect_line(planner, claim->inspect));
}

/* --- all
 * ---------------------------------------------------------------------------------------------- */

void plan_inspection(struct planner *planner)
{
	struct targets targets = targets_of(planner);
	VEC_EACH(const struct target, target, &targets.list) {
		if (target->claim->fixup) {
			fixup_off(planner, target);
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
