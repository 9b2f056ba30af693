/* SPDX-License-Identifier: ISC */
/* Where policies apply: service-policy; and fixup, which came before them (asa-semantics 3, 6). */
#include "parser/grammar.h"

/* More ports than anyone runs fixup on. */
enum { MAX_FIXUPS = 1000 };

static void drop_service_policy(struct reader *reader, uint32_t at)
{
	struct service_policy *policy = &reader->config->service_policies.v[at];
	config_unindex(&reader->places.service_policies, policy->interface);
	count_use(reader, &reader->places.policy_uses, policy->policy, -1);
	policy->policy = 0;
	reader->removed = true;
}

/* service-policy NAME {global | interface IFC} [fail-close] */
enum handled cmd_service_policy(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct service_policy fresh = {.policy = name_of(reader, take(cursor)),
	                               .span = reader->line};
	if (accept(cursor, "interface"))
		fresh.interface = name_of(reader, take(cursor));
	else if (!accept(cursor, "global"))
		return HANDLED_UNKNOWN;
	fresh.fail_close = accept(cursor, "fail-close");
	if (!at_end(cursor))
		return HANDLED_UNKNOWN;
	uint32_t at = config_index_get(&reader->places.service_policies, fresh.interface);
	struct service_policy *old = at ? &config->service_policies.v[at - 1] : NULL;
	if (reader->negated) {
		if (old && old->policy == fresh.policy)
			drop_service_policy(reader, at - 1);
		return HANDLED;
	}
	if (old && old->policy != fresh.policy)
		invalid_line(reader,
		             "there is a service policy of %s already (`%.*s`); remove it first",
		             fresh.interface ? "this interface" : "all interfaces",
		             STR(config_name(config, old->policy)));
	count_use(reader, &reader->places.policy_uses, fresh.policy, 1);
	if (old) {
		count_use(reader, &reader->places.policy_uses, old->policy, -1);
		*old = fresh;
		return HANDLED;
	}
	config_index(config, &reader->places.service_policies, fresh.interface,
	             config->service_policies.n);
	VEC_PUSH(reader->arena, &config->service_policies, fresh);
	return HANDLED;
}

/* --- fixup ------------------------------------------------------------------------------ */

/* [PORT[-PORT]]; 25 without one */
static bool take_fixup_ports(struct cursor *cursor, struct fixup *fixup)
{
	struct str head, tail;
	uint64_t lo, hi;
	fixup->lo = fixup->hi = 25;
	if (at_end(cursor))
		return true;
	if (str_cut(peek(cursor), '-', &head, &tail)) {
		take(cursor);
		if (!str_number(head, 65535, &lo) || !str_number(tail, 65535, &hi) || lo > hi)
			return false;
		fixup->lo = (uint16_t)lo;
		fixup->hi = (uint16_t)hi;
		return at_end(cursor);
	}
	if (!take_port(cursor, &fixup->lo))
		return false;
	fixup->hi = fixup->lo;
	return at_end(cursor);
}

/* `fixup` and `no fixup` of the same ports replace each other; `no fixup` alone ends them all. */
static void put_smtp_fixup(struct reader *reader, const struct fixup *fixup, bool all)
{
	struct config *config = reader->config;
	uint32_t kept = 0;
	VEC_EACH(const struct fixup, old, &config->fixups) {
		bool same = old->protocol == fixup->protocol &&
		            (all || (old->lo == fixup->lo && old->hi == fixup->hi));
		if (!same)
			config->fixups.v[kept++] = *old;
	}
	config->fixups.n = kept;
	VEC_PUSH(reader->arena, &config->fixups, *fixup);
}

/*
 * From 7.0 on the device turns `fixup protocol smtp` into `inspect esmtp` of the default policy
 * and says so. In a captured config it is not there any more.
 */
static enum handled converted_fixup(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct str words[] = {S("inspect"), S("esmtp")};
	struct cursor inspect = {reader, words, 2, 1};
	uint32_t policy = config_index_get(&reader->places.policy_maps,
	                                   config_find_name(config, S("global_policy")));
	name_id name = config_find_name(config, S("inspection_default"));
	name_id esmtp = config_find_name(config, S("esmtp"));
	if (!str_eq(peek_at(cursor, 0), S("smtp")))
		return HANDLED_IRRELEVANT;
	if (policy == 0 || (cursor->n > 3 && !str_eq(peek_at(cursor, 1), S("25"))))
		return HANDLED_UNKNOWN;
	struct policy_map *map = &config->policy_maps.v[policy - 1];
	for (uint32_t i = 0; i < map->classes.n; i++) {
		if (map->classes.v[i].name != name)
			continue;
		VEC_EACH(const struct inspect, old, &map->classes.v[i].inspects)
			if (old->engine == esmtp && !reader->negated)
				return HANDLED; /* on already */
		reader->policy_map = policy - 1;
		reader->class = i;
		return cmd_inspect(reader, &inspect);
	}
	return HANDLED_UNKNOWN;
}

/* [no] fixup protocol PROTO [PORT[-PORT]] */
enum handled cmd_fixup(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct fixup fixup = {.off = reader->negated, .span = reader->line};
	accept(cursor, "protocol");
	if (config->policy_maps.n && config->version.major && !config_uses_fixup(config))
		return converted_fixup(reader, cursor);
	struct str protocol = take(cursor);
	fixup.protocol = name_of(reader, protocol);
	if (config->fixups.n >= MAX_FIXUPS || fixup.protocol == 0)
		return HANDLED_UNKNOWN;
	if (!str_eq(protocol, S("smtp"))) {
		VEC_PUSH(reader->arena, &config->fixups, fixup);
		return HANDLED;
	}
	bool all = at_end(cursor) && reader->negated;
	if (!take_fixup_ports(cursor, &fixup))
		return HANDLED_UNKNOWN;
	put_smtp_fixup(reader, &fixup, all);
	return HANDLED;
}
