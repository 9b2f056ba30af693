/* SPDX-License-Identifier: ISC */
/* What a class matches, said again as the lines of an access-list. */
#include "analyzers/planner.h"

#include "model/spec_text.h"

struct str permits_end(const struct planner *planner, uint32_t index)
{
	const struct addr_spec *spec = &planner->config->addr_pool.v[index];
	if (spec->kind == ADDR_UNKNOWN)
		return S("");
	return addr_spec_text(planner->arena, planner->config, spec);
}

/* " time-range N" of a line that has one, and is sure but for it. */
static struct str time_words(const struct planner *planner, const struct ace *ace)
{
	const struct keys *uses = &planner->config->time_range_uses;
	const uint32_t *name = keys_find(uses, config_line_key(ace->span));
	if (!name || ace->unsure != WHY_TIME_RANGE)
		return S("");
	return str_printf(planner->arena, " time-range %.*s", STR(plan_name(planner, *name)));
}

/* Only the addresses of a list beside default-inspection-traffic count (section 2). */
static bool narrowed_permits(struct planner *planner, const struct acl *acl,
                             struct permits *permits)
{
	if (!acl || acl->kind != ACL_EXTENDED || acl->aces.n > MAX_COPIED)
		return false;
	VEC_EACH(const struct ace, ace, &acl->aces) {
		if (ace->action == ACE_REMARK || ace->inactive)
			continue;
		struct str time = time_words(planner, ace);
		if (ace->action == ACE_UNKNOWN || (ace->unsure != WHY_NONE && !time.n) ||
		    ace->scope)
			return false;
		struct str src = permits_end(planner, ace->src),
		           dst = permits_end(planner, ace->dst);
		if (!src.n || !dst.n)
			return false;
		struct str line =
		        str_printf(planner->arena, "extended %s tcp %.*s %.*s eq smtp%.*s",
		                   ace->action == ACE_PERMIT ? "permit" : "deny", STR(src),
		                   STR(dst), STR(time));
		if (!lines_hold(&permits->lines, line)) /* lines that differed in their ports */
			VEC_PUSH(planner->arena, &permits->lines.list, line);
	}
	permits->purpose = str_printf(planner->arena, "others of default ports in %.*s",
	                              STR(plan_name(planner, acl->name)));
	return true;
}

/* Not all of the line was understood, or the device refuses it, so it is not to be repeated. */
static bool is_unread(const struct config *config, struct span span)
{
	VEC_EACH(const struct invalid_line, line, &config->invalid_lines)
		if (span_same(line->span, span))
			return true;
	VEC_EACH(const struct unknown_line, line, &config->unknown_lines)
		if (span_same(line->span, span))
			return true;
	return false;
}

/* The lines of a list as they stand, but for those that do not count. */
static bool copied_permits(struct planner *planner, const struct acl *acl, struct permits *permits)
{
	if (!acl || acl->kind != ACL_EXTENDED || acl->aces.n > MAX_COPIED)
		return false;
	VEC_EACH(const struct ace, ace, &acl->aces) {
		if (ace->action == ACE_REMARK || ace->inactive)
			continue;
		if (ace->action == ACE_UNKNOWN || is_unread(planner->config, ace->span))
			return false;
		VEC_PUSH(planner->arena, &permits->lines.list, list_line(planner, ace));
	}
	permits->purpose =
	        str_printf(planner->arena, "others in %.*s", STR(plan_name(planner, acl->name)));
	return true;
}

static void permit_line(struct planner *planner, struct permits *permits, const char *protocol,
                        struct str tail)
{
	struct str line =
	        str_printf(planner->arena, "extended permit %s any any%.*s", protocol, STR(tail));
	VEC_PUSH(planner->arena, &permits->lines.list, line);
	permits->purpose = str_printf(planner->arena, "others %s%.*s", protocol, STR(tail));
}

static bool port_permits(struct planner *planner, const struct class_match *match,
                         struct permits *permits)
{
	struct str tail = match->lo == match->hi ? str_printf(planner->arena, " eq %.*s",
	                                                      STR(entries_port(planner, match->lo)))
	                                         : str_printf(planner->arena, " range %u %u",
	                                                      match->lo, match->hi);
	permit_line(planner, permits, "tcp", tail);
	return match->protocol == PROTO_TCP;
}

/* What one match says by itself. Engines other than the SMTP one may work on UDP as well. */
static bool match_permits(struct planner *planner, const struct class_match *match,
                          struct permits *permits)
{
	const char *all = permits->other_engine ? "ip" : "tcp";
	if (match->doubtful)
		return false;
	switch (match->kind) {
	case MATCH_DEFAULT_INSPECTION:
		permit_line(planner, permits, "tcp", S(" eq smtp"));
		return true;
	case MATCH_ANY:
		permit_line(planner, permits, all, S(""));
		return true;
	case MATCH_PORT:
		return port_permits(planner, match, permits);
	case MATCH_ACL:
		return copied_permits(planner, config_acl(planner->config, match->acl), permits);
	case MATCH_HEADER:
	case MATCH_UNKNOWN:
		break;
	}
	return false;
}

/* Default ports with a list: both must hold. */
static bool both_permit(struct planner *planner, const struct class_map *map,
                        struct permits *permits)
{
	bool first_is_list = map->matches.v[0].kind == MATCH_ACL;
	const struct class_match *list = &map->matches.v[first_is_list ? 0 : 1];
	const struct class_match *ports = &map->matches.v[first_is_list ? 1 : 0];
	if (ports->kind != MATCH_DEFAULT_INSPECTION || list->kind != MATCH_ACL || list->doubtful ||
	    ports->doubtful)
		return false;
	return narrowed_permits(planner, config_acl(planner->config, list->acl), permits);
}

static bool has_deny(const struct lines_text *lines)
{
	VEC_EACH(const struct str, line, &lines->list)
		if (str_starts(*line, S("extended deny")))
			return true;
	return false;
}

/*
 * match-any: the lines of each match, one behind the other. A deny line says no to those behind
 * it as well, so only the last may have any.
 */
static bool any_permits(struct planner *planner, const struct class_map *map,
                        struct permits *permits)
{
	struct permits last = {0};
	struct buf purpose = {.arena = planner->arena};
	buf_add(&purpose, S("any of"));
	VEC_EACH(const struct class_match, match, &map->matches) {
		struct permits one = {.other_engine = permits->other_engine};
		if (match->kind == MATCH_DEFAULT_INSPECTION || !match_permits(planner, match, &one))
			return false;
		buf_printf(&purpose, " %.*s", STR(one.purpose));
		bool denies = has_deny(&one.lines);
		if (denies && last.lines.list.n)
			return false;
		if (denies)
			last = one;
		else
			VEC_EACH(const struct str, line, &one.lines.list)
				VEC_PUSH(planner->arena, &permits->lines.list, *line);
	}
	VEC_EACH(const struct str, line, &last.lines.list)
		VEC_PUSH(planner->arena, &permits->lines.list, *line);
	permits->purpose = buf_str(&purpose);
	return true;
}

bool permits_of(struct planner *planner, const struct claim *claim, struct permits *permits)
{
	const struct policy_class *class = claim->class;
	const struct class_map *map = config_class_map(planner->config, class->name);
	permits->other_engine = !mpf_is_smtp(planner->config, claim->inspect->engine);
	if (str_eq(plan_name(planner, class->name), S("class-default"))) {
		permit_line(planner, permits, permits->other_engine ? "ip" : "tcp", S(""));
		return true;
	}
	if (!map || map->matches.n == 0 || map->refused.n)
		return false;
	if (map->matches.n == 1)
		return match_permits(planner, map->matches.v, permits);
	if (map->match_any_of)
		return any_permits(planner, map, permits);
	return map->matches.n == 2 && both_permit(planner, map, permits);
}
