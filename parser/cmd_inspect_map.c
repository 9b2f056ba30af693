/* SPDX-License-Identifier: ISC */
/*
 * policy-map type inspect esmtp, in full (asa-semantics section 7); maps of other engines are
 * skipped. A kind of match that is not in the section makes the map uncertain; a value that it
 * does not allow there is a line that the device refuses.
 */
#include "parser/grammar.h"

/* More matches than a map can have. */
enum { MAX_MATCHES = 200 };

static struct inspect_map *current(struct reader *reader)
{
	return &reader->config->inspect_maps.v[reader->inspect_map];
}

static enum handled doubt_map(struct reader *reader)
{
	current(reader)->unknown = true;
	return HANDLED_DOUBT;
}

/* --- the map ---------------------------------------------------------------------------- */

static bool is_in_use(const struct config *config, name_id name)
{
	name_id engine = config_find_name(config, S("esmtp"));
	VEC_EACH(const struct policy_map, policy, &config->policy_maps)
		VEC_EACH(const struct policy_class, class, &policy->classes)
			VEC_EACH(const struct inspect, inspect, &class->inspects)
				if (policy->name && inspect->engine == engine &&
				    inspect->map == name)
					return true;
	return false;
}

static enum handled remove_map(struct reader *reader, name_id name)
{
	struct name_index *index = &reader->places.inspect_maps;
	uint32_t at = config_index_get(index, name);
	if (reader->applied && is_in_use(reader->config, name)) {
		invalid_line(reader, "the map is in use by an `inspect`; the device refuses to "
		                     "remove it");
		return HANDLED;
	}
	if (at) {
		reader->config->inspect_maps.v[at - 1].name = 0;
		config_unindex(index, name);
		reader->removed = true;
	}
	return HANDLED;
}

enum handled read_inspect_map(struct reader *reader, struct cursor *cursor);

/* `policy-map type` was read: inspect ENGINE NAME */
enum handled read_inspect_map(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct name_index *index = &reader->places.inspect_maps;
	accept(cursor, "inspect");
	struct str engine = take(cursor);
	if (!str_eq(engine, S("esmtp")))
		return engine.n ? HANDLED_IRRELEVANT : HANDLED_UNKNOWN;
	struct inspect_map fresh = {.engine = name_of(reader, engine), .span = reader->line};
	fresh.name = name_of(reader, take(cursor));
	if (fresh.name == 0 || !at_end(cursor))
		return HANDLED_UNKNOWN;
	if (reader->negated)
		return remove_map(reader, fresh.name);
	uint32_t at = config_index_get(index, fresh.name);
	if (at == 0) {
		config_index(config, index, fresh.name, config->inspect_maps.n);
		VEC_PUSH(reader->arena, &config->inspect_maps, fresh);
		at = config->inspect_maps.n;
	}
	reader->inspect_map = at - 1;
	open_mode(reader, MODE_ESMTP_MAP);
	return HANDLED;
}

/* --- actions ---------------------------------------------------------------------------- */

static const char *const action_words[] = {"log", "mask", "drop-connection", "reset", "rate-limit"};
static const enum match_action action_bits[] = {ACTION_LOG, ACTION_MASK, ACTION_DROP, ACTION_RESET,
                                                ACTION_RATE_LIMIT};

/* {drop-connection [log] | mask [log] | reset [log] | log | rate-limit N} */
static bool take_actions(struct cursor *cursor, unsigned *out)
{
	uint32_t rate;
	*out = 0;
	while (!at_end(cursor)) {
		int found = ACCEPT_ONE(cursor, action_words);
		if (found < 0)
			return false;
		*out |= (unsigned)action_bits[found];
		if (action_bits[found] == ACTION_RATE_LIMIT)
			take_number(cursor, UINT32_MAX, &rate);
	}
	return *out != 0;
}

/* --- parameters ------------------------------------------------------------------------- */

enum handled cmd_esmtp_parameters(struct reader *reader, struct cursor *cursor)
{
	struct inspect_map *map = current(reader);
	(void)cursor;
	if (reader->negated) {
		map->allow_tls = map->mask_banner = SETTING_ABSENT;
		map->mail_relay = map->special_character = 0;
	} else {
		open_mode(reader, MODE_ESMTP_PARAMS);
	}
	return HANDLED;
}

/* allow-tls [action log] · mask-banner */
enum handled cmd_esmtp_switch(struct reader *reader, struct cursor *cursor)
{
	struct inspect_map *map = current(reader);
	enum setting setting = reader->negated ? SETTING_OFF : SETTING_ON;
	bool tls = str_eq(cursor->words[0], S("allow-tls"));
	unsigned actions = 0;
	if (tls && accept(cursor, "action") &&
	    (!take_actions(cursor, &actions) || actions != ACTION_LOG))
		invalid_line(reader, "the only action of `allow-tls` is `log`");
	if (!at_end(cursor))
		return doubt_map(reader);
	*(tls ? &map->allow_tls : &map->mask_banner) = setting;
	*(tls ? &map->allow_tls_span : &map->mask_banner_span) = reader->line;
	return HANDLED;
}

/* mail-relay DOMAIN action ACTIONS · special-character action ACTIONS */
enum handled cmd_esmtp_policy(struct reader *reader, struct cursor *cursor)
{
	struct inspect_map *map = current(reader);
	bool relay = str_eq(cursor->words[0], S("mail-relay"));
	unsigned found = 0;
	if (!reader->negated) {
		if (relay)
			take(cursor);
		if (!accept(cursor, "action") || !take_actions(cursor, &found))
			return doubt_map(reader);
		if (found & ~(unsigned)(ACTION_DROP | ACTION_LOG))
			invalid_line(reader, "the actions here are `drop-connection` and `log`");
	}
	*(relay ? &map->mail_relay : &map->special_character) = found;
	*(relay ? &map->mail_relay_span : &map->special_character_span) = reader->line;
	return HANDLED;
}

/* --- matches ---------------------------------------------------------------------------- */

static const char *const verbs[] = {"auth", "data", "ehlo", "etrn", "helo", "help", "mail",
                                    "noop", "quit", "rcpt", "rset", "saml", "soml", "vrfy"};
static const char *const replies[] = {"8bitmime", "auth",   "binarymime", "checkpoint", "dsn",
                                      "etrn",     "others", "pipelining", "size",       "vrfy"};
static const char *const encodings[] = {"7bit",   "8bit",   "base64",
                                        "binary", "others", "quoted-printable"};

/* The kinds of match: how one begins, and what may stand behind it. */
static const struct match_form {
	const char *pattern;      /* up to the values; lower case */
	const char *const *words; /* the values: these words, */
	size_t n_words;
	bool number;    /* or one number, */
	bool regex;     /* or {NAME | class NAME} */
	unsigned extra; /* actions beside drop-connection, reset and log */
} forms[] = {
        {"body length gt", NULL, 0, true, false, 0},
        {"body line length gt", NULL, 0, true, false, 0},
        {"cmd verb", verbs, sizeof(verbs) / sizeof(verbs[0]), false, false,
         ACTION_MASK | ACTION_RATE_LIMIT},
        {"cmd line length gt", NULL, 0, true, false, 0},
        {"cmd rcpt count gt", NULL, 0, true, false, 0},
        {"ehlo-reply-parameter", replies, sizeof(replies) / sizeof(replies[0]), false, false,
         ACTION_MASK},
        {"header length gt", NULL, 0, true, false, 0},
        {"header line length gt", NULL, 0, true, false, 0},
        {"header to-fields count gt", NULL, 0, true, false, 0},
        {"invalid-recipients count gt", NULL, 0, true, false, 0},
        {"mime filetype regex", NULL, 0, false, true, 0},
        {"mime filename length gt", NULL, 0, true, false, 0},
        {"mime encoding", encodings, sizeof(encodings) / sizeof(encodings[0]), false, false, 0},
        {"sender-address regex", NULL, 0, false, true, 0},
        {"sender-address length gt", NULL, 0, true, false, 0},
};

/* Do the words begin so? Case is ignored (RCPT and MIME are printed in capitals). */
static bool begins(const struct cursor *cursor, const char *pattern, uint32_t *n)
{
	struct str rest = str_of(pattern), word;
	bool more = true;
	for (*n = 0; more; ++*n) {
		more = str_cut(rest, ' ', &word, &rest);
		if (!str_eq_nocase(peek_at(cursor, *n), word))
			return false;
	}
	return true;
}

/* The form of the match at hand, its words taken; NULL if there is none such. */
static const struct match_form *take_form(struct cursor *cursor)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		uint32_t n;
		if (begins(cursor, forms[i].pattern, &n)) {
			skip_words(cursor, n);
			return &forms[i];
		}
	}
	return NULL;
}

static bool is_value(const struct match_form *form, struct str word)
{
	for (size_t i = 0; i < form->n_words; i++)
		if (str_eq_nocase(word, str_of(form->words[i])))
			return true;
	return false;
}

static bool take_values(struct cursor *cursor, const struct match_form *form)
{
	uint32_t number;
	if (form->number)
		return take_number(cursor, UINT32_MAX, &number) && at_end(cursor);
	if (form->regex) {
		accept(cursor, "class");
		return take(cursor).n > 0 && at_end(cursor);
	}
	bool good = !at_end(cursor);
	while (!at_end(cursor))
		good &= is_value(form, take(cursor));
	return good;
}

/* The words behind `match [not]`, one blank between them. */
static struct str match_words(struct reader *reader, const struct cursor *cursor)
{
	struct buf what = {.arena = reader->arena};
	for (uint32_t i = cursor->i; i < cursor->n; i++) {
		if (what.n)
			buf_char(&what, ' ');
		buf_add(&what, cursor->words[i]);
	}
	return buf_str(&what);
}

static uint32_t find_match(const struct inspect_map *map, const struct map_match *match)
{
	uint32_t at = 0;
	while (at < map->matches.n && (map->matches.v[at].negated != match->negated ||
	                               !str_eq(map->matches.v[at].what, match->what)))
		at++;
	return at;
}

static void remove_match(struct inspect_map *map, uint32_t at)
{
	if (at == map->matches.n)
		return;
	for (; at + 1 < map->matches.n; at++)
		map->matches.v[at] = map->matches.v[at + 1];
	map->matches.n--;
}

/* match [not] WHAT; its action is on the lines below. Their order has no meaning (section 7). */
enum handled cmd_esmtp_match(struct reader *reader, struct cursor *cursor)
{
	struct inspect_map *map = current(reader);
	struct map_match match = {.negated = accept(cursor, "not"), .span = reader->line};
	match.what = match_words(reader, cursor);
	const struct match_form *form = take_form(cursor);
	if (match.what.n == 0 || map->matches.n == MAX_MATCHES)
		return doubt_map(reader);
	if (form && !take_values(cursor, form))
		invalid_line(reader, "`match %.*s` is not what the device takes here",
		             STR(match.what));
	uint32_t at = find_match(map, &match);
	if (reader->negated) {
		remove_match(map, at);
		return form ? HANDLED : doubt_map(reader);
	}
	if (at == map->matches.n)
		VEC_PUSH(reader->arena, &map->matches, match);
	reader->match = at;
	open_mode(reader, MODE_ESMTP_MATCH);
	if (form)
		return HANDLED;
	map->unknown = true;
	return HANDLED_DOUBT;
}

/* The actions that the kind of the open match allows. */
static unsigned allowed_actions(const struct map_match *match)
{
	struct str words[32], rest = match->what;
	struct cursor cursor = {NULL, words, 0, 0};
	bool more = true;
	while (more && cursor.n < 32)
		more = str_cut(rest, ' ', &words[cursor.n++], &rest);
	const struct match_form *form = take_form(&cursor);
	return ACTION_DROP | ACTION_RESET | ACTION_LOG | (form ? form->extra : ~0u);
}

enum handled cmd_esmtp_action(struct reader *reader, struct cursor *cursor)
{
	struct inspect_map *map = current(reader);
	unsigned found = 0;
	cursor->i = 0;
	if (reader->match >= map->matches.n || !take_actions(cursor, &found))
		return doubt_map(reader);
	struct map_match *match = &map->matches.v[reader->match];
	if (reader->negated) {
		match->actions &= ~found;
		return HANDLED;
	}
	if (found & ~allowed_actions(match))
		invalid_line(reader, "a match of this kind has no such action");
	match->actions |= found;
	return HANDLED;
}
