/* SPDX-License-Identifier: ISC */
/* Access-lists of classes: new ones, lines at the top of old ones, and lists that become others. */
#include "analyzers/planner.h"

/* --- new lines ---------------------------------------------------------------------------- */

static bool is_written(const struct planner *planner, struct str command)
{
	VEC_EACH(const struct change_line, line, &planner->lists.list)
		if (!line->note && str_eq(line->text, command))
			return true;
	return false;
}

void list_append(struct planner *planner, struct str acl, struct str line)
{
	struct str command =
	        str_printf(planner->arena, "access-list %.*s %.*s", STR(acl), STR(line));
	if (is_written(planner, command))
		return; /* the device would not add it again, and its removal would be refused */
	plan_line(planner, &planner->lists, "%.*s", STR(command));
	plan_line(planner, &planner->undo_lists, "no %.*s", STR(command));
}

void list_append_all(struct planner *planner, struct str acl, const struct lines_text *lines)
{
	VEC_EACH(const struct str, line, &lines->list)
		list_append(planner, acl, *line);
}

void list_remark(struct planner *planner, struct str acl, const char *text)
{
	list_append(planner, acl, str_printf(planner->arena, "remark %s", text));
}

/* --- at the top --------------------------------------------------------------------------- */

struct str list_line(const struct planner *planner, const struct ace *ace)
{
	struct str rest = plan_quote(planner, ace->span), word;
	str_cut(str_trim(rest), ' ', &word, &rest); /* access-list */
	str_cut(str_trim(rest), ' ', &word, &rest); /* its name */
	rest = str_trim(rest);
	if (str_starts(rest, S("line "))) {
		str_cut(rest, ' ', &word, &rest);
		str_cut(str_trim(rest), ' ', &word, &rest);
		rest = str_trim(rest);
	}
	if (ace->action == ACE_REMARK || str_starts(rest, S("extended ")))
		return rest;
	return str_printf(planner->arena, "extended %.*s", STR(rest));
}

/* A line without what is no part of its match, and with the words that the device has for ports. */
static struct str bare_line(const struct planner *planner, struct str line)
{
	static const char *const tail[] = {"log", "inactive", "time-range"};
	struct buf out = {.arena = planner->arena};
	struct str word, before = S("");
	uint64_t port;
	while (line.n) {
		str_cut(str_trim(line), ' ', &word, &line);
		for (size_t i = 0; i < sizeof(tail) / sizeof(tail[0]); i++)
			if (str_eq(word, str_of(tail[i])))
				return buf_str(&out);
		bool number = str_eq(before, S("eq")) && str_number(word, UINT16_MAX, &port);
		before = word;
		if (number)
			word = entries_port(planner, (uint16_t)port);
		buf_printf(&out, "%s%.*s", out.n ? " " : "", STR(word));
	}
	return buf_str(&out);
}

/*
 * The line of a list (from 1, remarks included) that the device takes for this one, be it switched
 * off; 0 if none is. Its text goes into `found`.
 */
static unsigned line_of(const struct planner *planner, struct str acl, struct str text,
                        struct str *found)
{
	name_id name = config_find_name(planner->config, acl);
	const struct acl *list = name ? config_acl(planner->config, name) : NULL;
	struct str bare = bare_line(planner, text);
	for (uint32_t i = 0; list && i < list->aces.n; i++) {
		*found = list_line(planner, &list->aces.v[i]);
		if (list->aces.v[i].action != ACE_REMARK &&
		    str_eq(bare_line(planner, *found), bare))
			return i + 1;
	}
	return 0;
}

/* An entry that the rollback puts back where it was. */
struct moved {
	struct str text;
	unsigned line;
};

struct moves {
	VEC(struct moved) list; /* in rising order of line */
};

static void add_move(struct arena *arena, struct moves *moves, struct str text, unsigned at)
{
	struct moved moved = {text, at};
	VEC_PUSH(arena, &moves->list, moved);
	for (uint32_t i = moves->list.n - 1; i > 0 && moves->list.v[i - 1].line > at; i--) {
		moves->list.v[i] = moves->list.v[i - 1];
		moves->list.v[i - 1] = moved;
	}
}

/*
 * At the top of a list. An entry that stands further down already would not be added again (1.7):
 * it is taken out first, and the rollback puts it back when all that is new is gone.
 */
static void write_on_top(struct planner *planner, struct str acl, struct str text, unsigned at,
                         struct moves *moves)
{
	struct str there;
	unsigned old = line_of(planner, acl, text, &there);
	if (old) {
		plan_line(planner, &planner->lists, "no access-list %.*s %.*s", STR(acl),
		          STR(there));
		add_move(planner->arena, moves, there, old);
	}
	plan_line(planner, &planner->lists, "access-list %.*s line %u %.*s", STR(acl), at,
	          STR(text));
}

static void put_back(struct planner *planner, struct str acl, const struct moves *moves)
{
	VEC_EACH(const struct moved, moved, &moves->list)
		plan_line(planner, &planner->undo_lists, "access-list %.*s line %u %.*s", STR(acl),
		          moved->line, STR(moved->text));
}

void list_put_on_top(struct planner *planner, struct str acl, const struct lines_text *lines)
{
	struct moves moves = {0};
	unsigned at = 1;
	VEC_EACH(const struct str, line, &lines->list) {
		write_on_top(planner, acl, *line, at++, &moves);
		plan_line(planner, &planner->undo_lists, "no access-list %.*s %.*s", STR(acl),
		          STR(*line));
	}
	put_back(planner, acl, &moves);
}

/* --- other lines -------------------------------------------------------------------------- */

bool list_may_become(struct planner *planner, const struct acl *acl, const struct lines_text *lines)
{
	uint32_t kept = 0;
	if (!acl)
		return true;
	if (acl->kind != ACL_EXTENDED || acl->aces.n > MAX_COPIED)
		return false;
	VEC_EACH(const struct ace, ace, &acl->aces) {
		struct str line = list_line(planner, ace);
		if (ace->action == ACE_UNKNOWN)
			return false;
		if (ace->action == ACE_REMARK || !lines_hold(lines, line))
			continue;
		if (!str_eq(line, lines->list.v[kept++]))
			return false;
	}
	return true;
}

/*
 * What is new comes in before the old lines go, and the other way in the rollback, so that the
 * list is never empty while a class-map uses it (1.7). Of a list that was not there a remark is
 * left, which matches nothing.
 */
void list_become(struct planner *planner, struct str name, const struct lines_text *lines)
{
	name_id id = config_find_name(planner->config, name);
	const struct acl *acl = id ? config_acl(planner->config, id) : NULL;
	struct lines_text had = {0};
	struct moves moves = {0};
	for (uint32_t i = 0; acl && i < acl->aces.n; i++) {
		const struct ace *ace = &acl->aces.v[i];
		struct str line = list_line(planner, ace);
		if (ace->action == ACE_REMARK)
			continue;
		VEC_PUSH(planner->arena, &had.list, line);
		if (!lines_hold(lines, line))
			add_move(planner->arena, &moves, line, i + 1);
	}
	if (!acl) {
		plan_line(planner, &planner->lists,
		          "access-list %.*s remark mail appliances are exempt from inspection",
		          STR(name));
		plan_note(planner, &planner->undo_lists,
		          "there was no list %.*s; a remark of it stays, which matches nothing",
		          STR(name));
	}
	put_back(planner, name, &moves);
	VEC_EACH(const struct str, line, &lines->list)
		if (!lines_hold(&had, *line))
			list_append(planner, name, *line);
	VEC_EACH(const struct moved, moved, &moves.list)
		plan_line(planner, &planner->lists, "no access-list %.*s %.*s", STR(name),
		          STR(moved->text));
}

/* --- whose list it is --------------------------------------------------------------------- */

bool list_is_own(const struct config *config, name_id acl, const struct class_map *own)
{
	VEC_EACH(const struct access_group, group, &config->access_groups)
		if (group->acl == acl)
			return false;
	VEC_EACH(const struct crypto_entry, entry, &config->crypto_entries)
		if (entry->acl == acl)
			return false;
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if (nat->acl == acl)
			return false;
	VEC_EACH(const struct class_map, map, &config->class_maps) {
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_ACL && match->acl == acl && map != own)
				return false;
		VEC_EACH(const struct class_match, match, &map->refused)
			if (match->kind == MATCH_ACL && match->acl == acl)
				return false;
	}
	return !config_mentions(config, config_name(config, acl));
}

uint32_t list_count_uses(const struct config *config, name_id class)
{
	uint32_t n = 0;
	VEC_EACH(const struct policy_map, policy, &config->policy_maps)
		VEC_EACH(const struct policy_class, at, &policy->classes)
			n += at->name == class;
	return n;
}

const struct acl *list_of_its_own(const struct planner *planner, const struct policy_class *class)
{
	const struct config *config = planner->config;
	const struct class_map *map = config_class_map(config, class->name);
	if (!map || map->matches.n != 1 || map->matches.v[0].kind != MATCH_ACL || map->refused.n)
		return NULL;
	name_id name = map->matches.v[0].acl;
	bool alone = list_is_own(config, name, map) && list_count_uses(config, class->name) == 1;
	return alone ? config_acl(config, name) : NULL;
}
