/* SPDX-License-Identifier: ISC */
/*
 * Freeing mail from inspection: every class that would inspect it is made to miss it, by the
 * cheapest means that it allows. A class that goes by an access-list of its own gets the deny lines
 * at the top of that list: an exemption that failed is repaired, not doubled. One that goes by a
 * list that serves other ends too goes by a copy of it. Else the inspection leaves the class for a
 * new one whose list denies the appliances (split-class, asa-semantics 1.3 b); for none where a
 * class that follows inspects all others in the same way. Where the new class would have to come
 * before others, and the class is nothing but its inspection, it keeps its place and goes by the
 * new list itself.
 */
#include "analyzers/remedy_parts.h"

/* --- split-class ------------------------------------------------------------------------ */

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
	return !config_any_is_dual(planner->config) && config_may_have_ipv6(planner->config);
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
		const struct acl *acl = config_acl(planner->config, match->acl);
		if (match->kind == MATCH_ACL && acl && acl->aces.n > MAX_COPIED)
			return str_printf(planner->arena,
			                  "access-list %.*s of class %.*s has %u lines; a list of "
			                  "more than %d is not entered anew",
			                  STR(plan_name(planner, acl->name)), STR(name),
			                  acl->aces.n, (int)MAX_COPIED);
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

/* The reason not to move an inspection into a list, with what comes of it. */
static struct str ipv6_text(const struct planner *planner, const struct target *target,
                            const char *then, const char *end)
{
	bool told = false;
	VEC_EACH(const struct interface, ifc, &planner->config->interfaces)
		told |= ifc->addresses.n > 0 || ifc->ipv6_enabled || ifc->ipv6_elsewhere;
	return str_printf(
	        planner->arena, "%s IPv6, which before 9.0 the new class cannot see: %s`%.*s` %s",
	        told ? "an interface has" : "no interface shows its addresses, so there may be",
	        then, STR(remedy_inspect_line(planner, target->claim->inspect)), end);
}

/* Can a list say what the class matches? Says why if not. */
static bool may_list(struct planner *planner, const struct target *target, struct permits *permits)
{
	const struct policy_class *class = target->claim->class;
	if (!permits_of(planner, target->claim, permits)) {
		target_refuse(planner, target, why_not_split(planner, class));
		return false;
	}
	if (!loses_ipv6(planner, class))
		return true;
	planner->change->safe = false;
	if (!planner->wish->unsafe)
		target_refuse(planner, target,
		              ipv6_text(planner, target, "",
		                        "would end for all IPv6; --unsafe does it "
		                        "all the same"));
	else
		plan_danger(planner, &planner->lists,
		            ipv6_text(planner, target, "this ends ", "for all IPv6, of everybody"));
	return planner->wish->unsafe;
}

/*
 * Is there room for so many new classes, and can those from `at` on leave and enter anew, behind
 * them? Says why if not.
 */
static bool may_insert(struct planner *planner, const struct target *target,
                       const struct edited_class *at, unsigned n)
{
	const struct policy_map *policy = target->claim->policy;
	struct str full = edit_why_full(planner, policy, n);
	if (full.n) {
		target_refuse(planner, target, full);
		return false;
	}
	if (edit_may_insert(planner, policy, at))
		return true;
	target_refuse(planner, target,
	              S("a new class would have to stand before classes that cannot be entered "
	                "anew: not all of their lines could be read"));
	return false;
}

/* Nothing but the inspection hangs on the class: else the appliances would lose that too. */
static bool inspects_only(const struct config *config, const struct policy_class *class)
{
	return class->inspects.n == 1 && class->modules.n == 0 && !class->unknown &&
	       !class->police_in.set && !class->police_out.set &&
	       !mpf_class_has(config, class, FEATURE_CONN) &&
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

/* Is the class to go by another list than now, in its place? */
static bool is_to_swap(const struct planner *planner, const struct policy_class *class,
                       const struct edited_class *at)
{
	const struct class_map *map = config_class_map(planner->config, class->name);
	if (!map || map->matches.n != 1 || map->refused.n || map->matches.v[0].doubtful ||
	    !inspects_only_everywhere(planner->config, class->name))
		return false;
	enum match_kind kind = map->matches.v[0].kind;
	return kind == MATCH_ACL || (at && (kind == MATCH_PORT || kind == MATCH_ANY) &&
	                             list_count_uses(planner->config, class->name) == 1);
}

static void swap_match(struct planner *planner, const struct target *target,
                       const struct permits *permits)
{
	const struct class_map *map = config_class_map(planner->config, target->claim->class->name);
	struct str class = plan_name(planner, map->name), old = map->matches.v[0].text;
	struct str purpose = str_printf(planner->arena, "match of %.*s", STR(class));
	if (plan_made(planner, purpose))
		return;
	VEC_PUSH(planner->arena, &planner->made, ((struct made){purpose, class}));
	struct str acl = remedy_exempting_list(planner, target, permits);
	plan_line(planner, &planner->maps, "class-map %.*s", STR(class));
	plan_line(planner, &planner->maps, " no match %.*s", STR(old));
	plan_line(planner, &planner->maps, " match access-list %.*s", STR(acl));
	plan_line(planner, &planner->undo_maps, "class-map %.*s", STR(class));
	plan_line(planner, &planner->undo_maps, " no match access-list %.*s", STR(acl));
	plan_line(planner, &planner->undo_maps, " match %.*s", STR(old));
}

/* The inspection leaves its class for one that was begun, or for a new one before `at`. */
static void split_class(struct planner *planner, const struct target *target,
                        const struct permits *permits, const struct edited_class *at)
{
	const struct claim *claim = target->claim;
	struct str line = remedy_inspect_line(planner, claim->inspect);
	struct lines_text lines = remedy_exempting_lines(planner, target, permits);
	struct str name = vacancy_fill(planner, target, &lines);
	if (!name.n && !may_insert(planner, target, at, 1))
		return;
	if (!name.n)
		name = remedy_others_class(planner, target, permits);
	edit_remove(edit_class(planner, claim->policy, claim->class), line);
	struct edited_class *class = edit_insert(planner, claim->policy, name, at);
	edit_add(planner, class, line);
	VEC_PUSH(planner->arena, &class->carries, ((struct carried){claim->class, claim->inspect}));
}

/* The list of a class that takes the deny lines; NULL: it is mended by other means. */
static const struct acl *list_to_edit(const struct planner *planner, const struct claim *claim)
{
	const struct acl *list = list_of_its_own(planner, claim->class);
	return list && inspects_only(planner->config, claim->class) ? list : NULL;
}

/* Does the class hold the inspection as a line that can be taken out? */
static bool may_remove(struct planner *planner, const struct claim *claim)
{
	return lines_hold(&edit_class(planner, claim->policy, claim->class)->now,
	                  remedy_inspect_line(planner, claim->inspect));
}

/*
 * Inspections that others of their policy cover leave first: where those may go then depends on
 * what they take over.
 */
static void drop_covered(struct planner *planner, struct target *target)
{
	const struct claim *claim = target->claim;
	if (claim->fixup || list_to_edit(planner, claim) || !may_remove(planner, claim) ||
	    place_mail(planner, claim).list.n == 0 || !place_is_covered(planner, claim))
		return;
	target->gone = true;
	edit_remove(edit_class(planner, claim->policy, claim->class),
	            remedy_inspect_line(planner, claim->inspect));
}

static void free_class(struct planner *planner, const struct target *target)
{
	const struct claim *claim = target->claim;
	const struct acl *list = list_to_edit(planner, claim);
	struct entries mail = place_mail(planner, claim);
	struct permits permits = {0};
	if (target->gone || mail.list.n == 0)
		return; /* where there is no entry, why is said already */
	if (!may_remove(planner, claim)) {
		target_refuse(planner, target,
		              S("the inspection stands in a line that the device refuses, so it "
		                "cannot be taken out; give the config as the device shows it"));
	} else if (list) {
		struct lines_text lines = entries_lines(planner, "deny", &mail);
		list_put_on_top(planner, plan_name(planner, list->name), &lines);
	} else if (may_list(planner, target, &permits)) {
		const struct edited_class *at = place_before(planner, claim, false);
		if (is_to_swap(planner, claim->class, at))
			swap_match(planner, target, &permits);
		else
			split_class(planner, target, &permits, at);
	}
}

/* --- allow-tls --------------------------------------------------------------------------- */

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
	const struct made *old = plan_made(planner, S("map"));
	if (old)
		return old->name;
	struct str name = plan_make(planner, S("map"), "_ALLOW_TLS");
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

/*
 * The mail that the class matches, and no more: what is not inspected now is not to be from then
 * on. False where a list cannot say it, and why is said.
 */
static bool matched_mail(struct planner *planner, const struct target *target, struct entries *mail,
                         struct entries *left)
{
	const struct claim *claim = target->claim;
	VEC_EACH(const struct entry, entry, &planner->mail.list) {
		struct pset matched =
		        place_matched(planner, claim->class, claim->inspect, &entry->box);
		if (pset_is_empty(&matched))
			continue;
		if (place_is_sure(planner, claim, &entry->box) &&
		    entries_add_part(planner, mail, left, entry, &matched))
			continue;
		target_refuse(planner, target,
		              str_printf(planner->arena,
		                         "class %.*s takes a part of this mail that a new list "
		                         "cannot tell from the rest, which is not to be inspected "
		                         "either; the form split-class frees all of it",
		                         STR(plan_name(planner, claim->class->name))));
		return false;
	}
	return mail->list.n > 0;
}

/* The appliances stay inspected, by a map that lets TLS pass; everybody else as before. */
static void allow_tls(struct planner *planner, const struct target *target)
{
	const struct claim *claim = target->claim;
	struct permits permits = {0};
	if (!mpf_is_smtp(planner->config, claim->inspect->engine)) {
		target_refuse(planner, target,
		              S("another engine takes this mail, which allow-tls is not about"));
		return;
	}
	if (!has_allow_tls(planner->config)) {
		target_refuse(
		        planner, target,
		        S("allow-tls needs ASA or PIX 7.2(3), 8.0(3) or later; FWSM does not have "
		          "it"));
		return;
	}
	struct edited_class *at = place_before(planner, claim, true);
	struct entries matched = {0}, left = {0};
	if (!may_list(planner, target, &permits) || !may_insert(planner, target, at, 2) ||
	    !matched_mail(planner, target, &matched, &left))
		return;
	struct str map = tls_map(planner), line = remedy_inspect_line(planner, claim->inspect);
	struct str mail = remedy_appliances_class(planner, &left, &matched,
	                                          "mail appliances are inspected with TLS allowed");
	struct str others = remedy_others_class(planner, target, &permits);
	edit_remove(edit_class(planner, claim->policy, claim->class), line);
	edit_add(planner, edit_insert(planner, claim->policy, mail, at),
	         str_printf(planner->arena, "inspect %.*s %.*s",
	                    STR(plan_name(planner, claim->inspect->engine)), STR(map)));
	struct edited_class *class = edit_insert(planner, claim->policy, others, at);
	edit_add(planner, class, line);
	VEC_PUSH(planner->arena, &class->carries, ((struct carried){claim->class, claim->inspect}));
}

/* --- technote ---------------------------------------------------------------------------- */

/* What the TechNote prints, in valid syntax. It exempts nothing (asa-semantics 1.2). */
static void technote(struct planner *planner, const struct target *target)
{
	const struct claim *claim = target->claim;
	struct str policy = plan_name(planner, claim->policy->name);
	struct str engine = plan_name(planner, claim->inspect->engine);
	struct str purpose = str_printf(planner->arena, "TechNote in %.*s", STR(policy));
	target_refuse(planner, target,
	              S("the TechNote's class has no action, so it exempts nothing"));
	if (!mpf_is_smtp(planner->config, claim->inspect->engine) || plan_made(planner, purpose))
		return; /* of other engines it does not speak */
	if (planner->maps.list.n == 0)
		plan_note(planner, &planner->lists,
		          "as the TechNote prints it. By the documented matching rules it exempts "
		          "nothing: a class without an action does not stop the search, and the "
		          "next class inspects. The form split-class works.");
	VEC_PUSH(planner->arena, &planner->made, ((struct made){purpose, S("")}));
	struct str class = remedy_appliances_class(planner, &(struct entries){0}, &planner->mail,
	                                           "mail appliances (TechNote 117801)");
	plan_line(planner, &planner->policies, "policy-map %.*s", STR(policy));
	plan_line(planner, &planner->policies, " class %.*s", STR(class));
	plan_line(planner, &planner->policies, "  no inspect %.*s", STR(engine));
	plan_line(planner, &planner->undo_policies, "policy-map %.*s", STR(policy));
	plan_line(planner, &planner->undo_policies, " no class %.*s", STR(class));
}

/* --- all --------------------------------------------------------------------------------- */

static void plan_target(struct planner *planner, const struct target *target)
{
	if (target->claim->fixup) {
		remedy_fixup_off(planner, target);
		return;
	}
	switch (planner->change->form) {
	case FORM_TECHNOTE:
		technote(planner, target);
		break;
	case FORM_ALLOW_TLS:
		allow_tls(planner, target);
		break;
	case FORM_GLOBAL_OFF:
		remedy_inspect_off(planner, target);
		break;
	case FORM_DEFAULT:
	case FORM_SPLIT_CLASS:
	case FORM_COUNT:
		free_class(planner, target);
		break;
	}
}

void plan_inspection(struct planner *planner)
{
	/* From the last class to the first: where one may stand depends on those behind it. */
	bool backwards = planner->change->form == FORM_SPLIT_CLASS;
	planner->targets = targets_of(planner);
	uint32_t n = planner->targets.list.n;
	for (uint32_t i = n; backwards && i-- > 0;)
		drop_covered(planner, &planner->targets.list.v[i]);
	for (uint32_t i = 0; i < n; i++)
		plan_target(planner, &planner->targets.list.v[backwards ? n - 1 - i : i]);
}
