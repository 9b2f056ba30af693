/* SPDX-License-Identifier: ISC */
/* policy-map type inspect esmtp, in full (asa-semantics section 7); maps of other engines are
 * skipped. */
#include "parser/grammar.h"

static struct inspect_map *current(struct reader *reader)
{
	return &reader->config->inspect_maps.v[reader->inspect_map];
}

enum handled cmd_inspect_map(struct reader *reader, struct cursor *cursor);

/* `policy-map type` was read: inspect ENGINE NAME */
enum handled cmd_inspect_map(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	accept(cursor, "inspect");
	struct str engine = take(cursor);
	struct inspect_map fresh = {.engine = name_of(reader, engine), .span = reader->line};
	fresh.name = name_of(reader, take(cursor));
	if (fresh.name == 0)
		return HANDLED_UNKNOWN;
	if (!str_eq(engine, S("esmtp")))
		return HANDLED_IRRELEVANT;
	struct inspect_map *map = config_inspect_map(config, fresh.engine, fresh.name);
	if (reader->negated) {
		if (map) {
			*map = config->inspect_maps.v[config->inspect_maps.n - 1];
			config->inspect_maps.n--;
		}
		return HANDLED;
	}
	if (!map)
		map = VEC_PUSH(reader->arena, &config->inspect_maps, fresh);
	reader->inspect_map = (uint32_t)(map - config->inspect_maps.v);
	open_mode(reader, MODE_ESMTP_MAP);
	return HANDLED;
}

enum handled cmd_esmtp_parameters(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	if (!reader->negated)
		open_mode(reader, MODE_ESMTP_PARAMS);
	return HANDLED;
}

static const struct {
	const char *word;
	enum match_action action;
} actions[] = {
        {"log", ACTION_LOG},
        {"mask", ACTION_MASK},
        {"drop-connection", ACTION_DROP},
        {"reset", ACTION_RESET},
        {"rate-limit", ACTION_RATE_LIMIT},
};

/* The action words of a line, or-ed; numbers (of rate-limit) are passed over. */
static bool take_actions(struct cursor *cursor, unsigned *out)
{
	uint32_t number;
	while (!at_end(cursor)) {
		size_t i = 0, n = sizeof(actions) / sizeof(actions[0]);
		if (take_number(cursor, UINT32_MAX, &number))
			continue;
		while (i < n && !accept(cursor, actions[i].word))
			i++;
		if (i == n)
			return false;
		*out |= (unsigned)actions[i].action;
	}
	return true;
}

enum handled cmd_esmtp_parameter(struct reader *reader, struct cursor *cursor)
{
	struct inspect_map *map = current(reader);
	struct str word = cursor->words[0];
	enum setting setting = reader->negated ? SETTING_OFF : SETTING_ON;
	unsigned found = 0;
	if (str_eq(word, S("allow-tls"))) {
		map->allow_tls = setting;
		map->allow_tls_span = reader->line;
		return HANDLED;
	}
	if (str_eq(word, S("mask-banner"))) {
		map->mask_banner = setting;
		map->mask_banner_span = reader->line;
		return HANDLED;
	}
	bool relay = str_eq(word, S("mail-relay"));
	if (!reader->negated) {
		while (!at_end(cursor) && !accept(cursor, "action"))
			take(cursor);
		if (!take_actions(cursor, &found)) {
			map->unknown = true;
			return HANDLED_DOUBT;
		}
	}
	*(relay ? &map->mail_relay : &map->special_character) = found;
	*(relay ? &map->mail_relay_span : &map->special_character_span) = reader->line;
	return HANDLED;
}

/* match [not] WHAT; its action is on the lines below */
enum handled cmd_esmtp_match(struct reader *reader, struct cursor *cursor)
{
	struct inspect_map *map = current(reader);
	struct map_match match = {.span = reader->line};
	struct buf what = {.arena = reader->arena};
	match.negated = accept(cursor, "not");
	while (!at_end(cursor)) {
		if (what.n)
			buf_char(&what, ' ');
		buf_add(&what, take(cursor));
	}
	match.what = buf_str(&what);
	uint32_t at = 0;
	while (at < map->matches.n && (map->matches.v[at].negated != match.negated ||
	                               !str_eq(map->matches.v[at].what, match.what)))
		at++;
	if (reader->negated) {
		for (; at + 1 < map->matches.n; at++)
			map->matches.v[at] = map->matches.v[at + 1];
		map->matches.n -= map->matches.n > 0 && at < map->matches.n;
		return HANDLED;
	}
	if (at < map->matches.n)
		map->matches.v[at] = match;
	else
		VEC_PUSH(reader->arena, &map->matches, match);
	/* The last match is the open one: a re-entered match moves to the end, order has no
	 * meaning. */
	struct map_match *last = &map->matches.v[map->matches.n - 1];
	struct map_match open = map->matches.v[at];
	map->matches.v[at] = *last;
	*last = open;
	open_mode(reader, MODE_ESMTP_MATCH);
	return HANDLED;
}

enum handled cmd_esmtp_action(struct reader *reader, struct cursor *cursor)
{
	struct inspect_map *map = current(reader);
	unsigned found = 0;
	cursor->i = 0;
	if (map->matches.n == 0 || !take_actions(cursor, &found)) {
		map->unknown = true;
		return HANDLED_DOUBT;
	}
	struct map_match *match = &map->matches.v[map->matches.n - 1];
	if (reader->negated)
		match->actions &= ~found;
	else
		match->actions |= found;
	return HANDLED;
}
