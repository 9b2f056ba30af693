/* SPDX-License-Identifier: ISC */
/* class-map and what it matches (asa-semantics section 2). */
#include "parser/grammar.h"

/* More matches than a class can have. */
enum { MAX_MATCHES = 64 };

/* --- class-map -------------------------------------------------------------------------- */

static enum handled remove_class_map(struct reader *reader, name_id name)
{
	struct name_index *index = &reader->places.class_maps;
	uint32_t at = config_index_get(index, name);
	if (config_index_get(&reader->places.class_uses, name)) {
		invalid_line(reader, "the class-map is in use in a policy-map; the device refuses "
		                     "to remove it");
		return HANDLED;
	}
	if (at) {
		reader->config->class_maps.v[at - 1].name = 0;
		config_unindex(index, name);
		reader->removed = true;
	}
	return HANDLED;
}

/*
 * class-map type {management|regex|inspect ...} ... NAME: known by its name, and never a class of
 * through traffic. Its lines are skipped.
 */
static enum handled typed_class_map(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct class_map fresh = {.typed = true, .span = reader->line};
	if (at_end(cursor))
		return HANDLED_UNKNOWN;
	struct str name = cursor->words[cursor->n - 1];
	fresh.name = name_of(reader, name);
	if (!reader->negated && config_index_get(&reader->places.class_maps, fresh.name) == 0) {
		config_index(config, &reader->places.class_maps, fresh.name, config->class_maps.n);
		VEC_PUSH(reader->arena, &config->class_maps, fresh);
	}
	return HANDLED_IRRELEVANT;
}

/*
 * class-map [match-any|match-all] NAME. With `type {inspect PROTO|management|regex|...}` it is no
 * class of through traffic, and so is what it holds.
 */
enum handled cmd_class_map(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct class_map fresh = {.span = reader->line};
	if (accept(cursor, "type"))
		return typed_class_map(reader, cursor);
	fresh.match_any_of = accept(cursor, "match-any");
	if (!fresh.match_any_of)
		accept(cursor, "match-all");
	fresh.name = name_of(reader, take(cursor));
	if (fresh.name == 0 || !at_end(cursor))
		return HANDLED_UNKNOWN;
	if (reader->negated)
		return remove_class_map(reader, fresh.name);
	uint32_t at = config_index_get(&reader->places.class_maps, fresh.name);
	if (at == 0) {
		config_index(config, &reader->places.class_maps, fresh.name, config->class_maps.n);
		VEC_PUSH(reader->arena, &config->class_maps, fresh);
		at = config->class_maps.n;
	}
	reader->class_map = at - 1;
	open_mode(reader, MODE_CLASS_MAP);
	return HANDLED;
}

/* --- match ------------------------------------------------------------------------------ */

/* {tcp|udp|sctp} {eq P | range A B} */
static bool take_match_port(struct cursor *cursor, struct class_match *match)
{
	uint8_t hi;
	match->kind = MATCH_PORT;
	if (!take_protocol(cursor, &match->protocol, &hi) || hi != match->protocol)
		return false;
	if (accept(cursor, "eq")) {
		if (!take_port(cursor, &match->lo))
			return false;
		match->hi = match->lo;
		return at_end(cursor);
	}
	return accept(cursor, "range") && take_port(cursor, &match->lo) &&
	       take_port(cursor, &match->hi) && match->lo <= match->hi && at_end(cursor);
}

static bool take_match_acl(struct cursor *cursor, struct class_match *match)
{
	match->kind = MATCH_ACL;
	match->acl = name_of(cursor->reader, take(cursor));
	return match->acl != 0 && at_end(cursor);
}

static bool take_match(struct reader *reader, struct cursor *cursor, struct class_match *match)
{
	static const char *const header[] = {"dscp", "precedence", "rtp", "tunnel-group", "flow"};
	if (accept(cursor, "any")) {
		match->kind = MATCH_ANY;
		return at_end(cursor);
	}
	if (accept(cursor, "default-inspection-traffic")) {
		match->kind = MATCH_DEFAULT_INSPECTION;
		return at_end(cursor);
	}
	if (accept(cursor, "access-list"))
		return take_match_acl(cursor, match);
	if (accept(cursor, "port"))
		return take_match_port(cursor, match);
	/* Two forms that documents print and no device takes (1.4, section 2). */
	if (accept(cursor, "address")) {
		invalid_line(reader, "`match address` does not exist in a class-map (\"%% Invalid "
		                     "input\"); read as `match access-list`");
		return take_match_acl(cursor, match);
	}
	if (next_is(cursor, "tcp") || next_is(cursor, "udp")) {
		invalid_line(reader,
		             "`match %.*s` does not exist in a class-map (\"%% Invalid "
		             "input\"); read as `match port %.*s`",
		             STR(peek(cursor)), STR(peek(cursor)));
		return take_match_port(cursor, match);
	}
	int found = ACCEPT_ONE(cursor, header);
	if (found < 0 || at_end(cursor))
		return false;
	match->kind = MATCH_HEADER;
	match->rtp = str_eq(str_of(header[found]), S("rtp"));
	return true;
}

static bool same_match(const struct config *config, const struct class_match *a,
                       const struct class_match *b)
{
	return a->kind == b->kind && a->acl == b->acl && a->protocol == b->protocol &&
	       a->lo == b->lo && a->hi == b->hi &&
	       ((a->kind != MATCH_HEADER && a->kind != MATCH_UNKNOWN) ||
	        same_words(config, a->span, b->span));
}

/* May the two stand in one class-map? (section 2: one match, with two exceptions) */
static bool may_join(const struct class_match *a, const struct class_match *b)
{
	bool narrowed = a->kind == MATCH_DEFAULT_INSPECTION && b->kind == MATCH_ACL;
	bool tunnel = a->kind == MATCH_HEADER && str_starts(a->text, S("tunnel-group"));
	return narrowed || tunnel;
}

static enum handled remove_match(struct class_map *map, const struct config *config,
                                 const struct class_match *match)
{
	uint32_t kept = 0;
	VEC_EACH(const struct class_match, old, &map->matches)
		if (!same_match(config, old, match))
			map->matches.v[kept++] = *old;
	map->matches.n = kept;
	kept = 0;
	VEC_EACH(const struct class_match, old, &map->refused)
		if (!same_match(config, old, match))
			map->refused.v[kept++] = *old;
	map->refused.n = kept;
	return match->kind == MATCH_UNKNOWN ? HANDLED_DOUBT : HANDLED;
}

/* Kept apart: the class may be meant to match by it too. */
static enum handled refuse_match(struct reader *reader, struct class_map *map,
                                 struct class_match match)
{
	match.doubtful = true;
	VEC_EACH(const struct class_match, old, &map->refused)
		if (same_match(reader->config, old, &match))
			return HANDLED;
	if (map->refused.n == MAX_MATCHES)
		return HANDLED_UNKNOWN;
	VEC_PUSH(reader->arena, &map->refused, match);
	return HANDLED;
}

enum handled cmd_class_match(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct class_map *map = &config->class_maps.v[reader->class_map];
	struct class_match match = {.span = reader->line,
	                            .text = rest_of_line(reader, peek(cursor))};
	if (!take_match(reader, cursor, &match)) {
		match.kind = MATCH_UNKNOWN;
		if (reader->negated)
			return remove_match(map, config, &match);
		mark_unknown(reader);
		return HANDLED_DOUBT;
	}
	if (reader->negated)
		return remove_match(map, config, &match);
	VEC_EACH(const struct class_match, old, &map->matches) {
		if (same_match(config, old, &match))
			return HANDLED;
		if (!map->match_any_of && old->kind != MATCH_UNKNOWN && !may_join(old, &match) &&
		    !may_join(&match, old)) {
			invalid_line(reader,
			             "a second match in a class-map is refused; it has `match "
			             "%.*s` already",
			             STR(old->text));
			return refuse_match(reader, map, match);
		}
	}
	if (map->matches.n == MAX_MATCHES)
		return HANDLED_UNKNOWN;
	VEC_PUSH(reader->arena, &map->matches, match);
	return HANDLED;
}
