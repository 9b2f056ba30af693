/* SPDX-License-Identifier: ISC */
/* Access-lists and where they are applied (asa-semantics 9.1, 9.3). */
#include "parser/ace.h"
#include "parser/grammar.h"

/* --- lists ------------------------------------------------------------------------------ */

static uint32_t acl_named(struct reader *reader, name_id name, enum acl_kind kind)
{
	struct config *config = reader->config;
	uint32_t at = config_index_get(&config->acl_index, name);
	if (at)
		return at - 1;
	struct acl fresh = {.name = name, .kind = kind, .span = reader->line};
	config_index(config, &config->acl_index, name, config->acls.n);
	VEC_PUSH(reader->arena, &config->acls, fresh);
	return config->acls.n - 1;
}

struct edits *aces_under_edit(struct reader *reader, uint32_t acl)
{
	const struct acl *list = &reader->config->acls.v[acl];
	while (reader->edited.aces.n <= acl)
		VEC_PUSH(reader->arena, &reader->edited.aces, NULL);
	struct edits **edits = &reader->edited.aces.v[acl];
	if (!*edits)
		*edits = edits_new(reader->arena, &ace_edits, reader);
	edits_sync(*edits, list->aces.v, list->aces.n);
	return *edits;
}

/* A list that is gone takes its access-group lines with it (1.7). */
void drop_acl(struct reader *reader, name_id name)
{
	struct config *config = reader->config;
	struct places *places = &reader->places;
	config_unindex(&config->acl_index, name);
	uint32_t at = config_index_get(&places->groups_of, name);
	for (; at; at = places->groups_before.v[at - 1])
		if (config->access_groups.v[at - 1].acl == name)
			remove_access_group(reader, at - 1);
	config_unindex(&places->groups_of, name);
	reader->removed = true;
}

/* Put an ACE at a place in the list (from 1; 0: at its end). */
static void insert_ace(struct reader *reader, uint32_t at, const struct ace *ace, uint32_t line)
{
	struct acl *acl = &reader->config->acls.v[at];
	struct edits *edits = NULL;
	if (reader->applied || (line && line <= acl->aces.n))
		edits = aces_under_edit(reader, at);
	/* One that is there is not added again, but may be switched on or off so. */
	uint32_t old = reader->applied ? edits_find(edits, acl->aces.v, ace) : (uint32_t)EDITS_NONE;
	if (old != EDITS_NONE) {
		acl->aces.v[old].inactive = ace->inactive;
		acl->aces.v[old].unsure = ace->unsure;
		return;
	}
	VEC_PUSH(reader->arena, &acl->aces, *ace);
	if (!edits)
		return;
	edits_sync(edits, acl->aces.v, acl->aces.n);
	if (line)
		edits_place_last(edits, line - 1);
}

static void remove_ace(struct reader *reader, uint32_t at, const struct ace *ace)
{
	struct acl *acl = &reader->config->acls.v[at];
	struct edits *edits = aces_under_edit(reader, at);
	edits_remove(edits, acl->aces.v, ace);
	if (edits_count(edits) == 0 && acl->aces.n > 0)
		drop_acl(reader, acl->name);
}

/* `no access-list NAME`: on PIX 6 the whole list goes, later the command is incomplete (1.7). */
static enum handled whole_list(struct reader *reader, name_id name)
{
	if (!reader->negated)
		return HANDLED_UNKNOWN;
	if (reader->config->platform_known && !config_uses_fixup(reader->config)) {
		invalid_line(
		        reader,
		        "`no access-list NAME` alone is incomplete from 7.0; nothing is removed");
		return HANDLED;
	}
	drop_acl(reader, name);
	return HANDLED;
}

static enum handled rename_acl(struct reader *reader, uint32_t at, name_id name)
{
	struct config *config = reader->config;
	struct places *places = &reader->places;
	name_id old = config->acls.v[at].name;
	if (name == 0 || config_index_get(&config->acl_index, name))
		return HANDLED_UNKNOWN;
	uint32_t last = config_index_get(&places->groups_of, old);
	for (uint32_t i = last; i; i = places->groups_before.v[i - 1])
		if (config->access_groups.v[i - 1].acl == old)
			config->access_groups.v[i - 1].acl = name;
	if (last)
		config_index(config, &places->groups_of, name, last - 1);
	config_unindex(&places->groups_of, old);
	config_unindex(&config->acl_index, old);
	config->acls.v[at].name = name;
	config_index(config, &config->acl_index, name, at);
	return HANDLED;
}

/* --- show access-list ------------------------------------------------------------------- */

/*
 * "access-list NAME; 14 elements; name hash: 0x...": a list begins as `show access-list` prints it.
 * One that the running-config had already is not read twice.
 */
static enum handled shown_header(struct reader *reader, struct str name)
{
	name_id id = config_find_name(reader->config, (struct str){name.s, name.n - 1});
	reader->shown_twice = config_acl(reader->config, id) ? id : 0;
	return HANDLED_IRRELEVANT;
}

/* Below a line with groups stands what it expands to, deeper and under the same number (9.1). */
static bool is_expansion(struct reader *reader, name_id name, uint32_t line)
{
	struct shown_ace *last = &reader->shown;
	if (line && last->acl == name && last->line == line && reader->depth > last->depth)
		return true;
	*last = (struct shown_ace){name, line, reader->depth};
	return false;
}

/* --- commands --------------------------------------------------------------------------- */

/* The name as an id; the last one is remembered, for lists have many lines. */
static name_id take_acl_name(struct reader *reader, struct cursor *cursor)
{
	struct str word = take(cursor);
	if (!str_eq(word, reader->last_acl)) {
		reader->last_acl = word;
		reader->last_acl_name = name_of(reader, word);
	}
	return reader->last_acl_name;
}

/* Kinds of list whose lines are not needed: they cannot be where mail is decided. */
static bool other_kind(struct cursor *cursor, enum acl_kind *kind)
{
	static const char *const words[] = {"standard", "ethertype", "webtype"};
	static const enum acl_kind kinds[] = {ACL_STANDARD, ACL_ETHERTYPE, ACL_WEBTYPE};
	int found = ACCEPT_ONE(cursor, words);
	if (found >= 0)
		*kind = kinds[found];
	return found >= 0;
}

static enum handled access_list(struct reader *reader, struct cursor *cursor, enum acl_kind kind)
{
	name_id name = take_acl_name(reader, cursor);
	struct ace ace = {.span = reader->line};
	uint32_t line = 0;
	if (name == 0)
		return HANDLED_UNKNOWN;
	if (at_end(cursor))
		return whole_list(reader, name);
	uint32_t at = config_index_get(&reader->config->acl_index, name);
	if (accept(cursor, "rename"))
		return at ? rename_acl(reader, at - 1, name_of(reader, take(cursor)))
		          : HANDLED_UNKNOWN;
	if (next_is(cursor, "object-group-search") || next_is(cursor, "compiled"))
		return HANDLED_IRRELEVANT;
	if (accept(cursor, "line") && !take_number(cursor, UINT32_MAX, &line))
		return HANDLED_UNKNOWN;
	if (is_expansion(reader, name, line) || (line && reader->shown_twice == name))
		return HANDLED_IRRELEVANT;
	if (other_kind(cursor, &kind)) {
		if (!reader->negated)
			acl_named(reader, name, kind);
		return HANDLED;
	}
	bool read = take_ace(cursor, kind, &ace);
	if (ace.action == ACE_REMARK)
		mark_secrets_in_prose(reader, cursor->words, cursor->n);
	if (!reader->negated)
		insert_ace(reader, acl_named(reader, name, kind), &ace, line);
	else if (at)
		remove_ace(reader, at - 1, &ace);
	return read ? HANDLED : HANDLED_DOUBT;
}

enum handled cmd_access_list(struct reader *reader, struct cursor *cursor)
{
	/* Settings of all lists, and the first line of what `show access-list` prints. */
	static const char *const settings[] = {
	        "alert-interval", "deny-flow-max", "commit",           "mode",
	        "compiled",       "optimization",  "forward-reference"};
	struct str name = peek(cursor);
	if (WORD_IN(name, settings) || (str_eq(name, S("cached")) && cursor->n > 4))
		return HANDLED_IRRELEVANT;
	if (name.n > 1 && name.s[name.n - 1] == ';')
		return shown_header(reader, name);
	return access_list(reader, cursor, ACL_EXTENDED);
}

enum handled cmd_ipv6_access_list(struct reader *reader, struct cursor *cursor)
{
	accept(cursor, "access-list");
	return access_list(reader, cursor, ACL_IPV6);
}

/* --- access-group ----------------------------------------------------------------------- */

static struct name_index *groups_at(struct reader *reader, const struct access_group *group)
{
	const struct acl *acl = config_acl(reader->config, group->acl);
	bool v6 = acl && acl->kind == ACL_IPV6;
	return &reader->places.groups_at[group->direction][v6];
}

/* It stays in the array without a name until all is read. */
void remove_access_group(struct reader *reader, uint32_t at)
{
	struct access_group *group = &reader->config->access_groups.v[at];
	for (int v6 = 0; v6 < 2; v6++) {
		struct name_index *index = &reader->places.groups_at[group->direction][v6];
		if (config_index_get(index, group->interface) == at + 1)
			config_unindex(index, group->interface);
	}
	group->acl = 0;
	reader->removed = true;
}

static void add_access_group(struct reader *reader, const struct access_group *group)
{
	struct config *config = reader->config;
	struct places *places = &reader->places;
	uint32_t at = config->access_groups.n;
	VEC_PUSH(reader->arena, &places->groups_before,
	         config_index_get(&places->groups_of, group->acl));
	config_index(config, &places->groups_of, group->acl, at);
	config_index(config, groups_at(reader, group), group->interface, at);
	VEC_PUSH(reader->arena, &config->access_groups, *group);
}

/*
 * access-group ACL {in|out} interface IFC [per-user-override|control-plane] · access-group ACL
 * global
 */
enum handled cmd_access_group(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct access_group group = {.acl = name_of(reader, take(cursor)), .span = reader->line};
	if (group.acl == 0)
		return HANDLED_UNKNOWN;
	if (accept(cursor, "global")) {
		group.direction = DIR_GLOBAL;
	} else {
		group.direction = next_is(cursor, "out") ? DIR_OUT : DIR_IN;
		if (!accept(cursor, "in") && !accept(cursor, "out"))
			return HANDLED_UNKNOWN;
		if (!accept(cursor, "interface"))
			return HANDLED_UNKNOWN;
		group.interface = name_of(reader, take(cursor));
		if (group.interface == 0)
			return HANDLED_UNKNOWN;
	}
	if (accept(cursor, "control-plane"))
		return HANDLED_IRRELEVANT;   /* to the box only */
	accept(cursor, "per-user-override"); /* of users of AAA: their lists are on a server */
	if (!at_end(cursor))
		return HANDLED_UNKNOWN;
	/* One list an interface and direction (one more of IPv6): the new one replaces the old. */
	uint32_t old = config_index_get(groups_at(reader, &group), group.interface);
	if (old && (!reader->negated || config->access_groups.v[old - 1].acl == group.acl))
		remove_access_group(reader, old - 1);
	if (!reader->negated)
		add_access_group(reader, &group);
	return HANDLED;
}
