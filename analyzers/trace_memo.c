/* SPDX-License-Identifier: ISC */
#include "analyzers/trace_memo.h"

#include "analyzers/acl_point.h"
#include "analyzers/engines.h"

#include <string.h>

enum { SLOTS = 1 << 14, MOST_OUTCOMES = 32, PORTS = 65536 };

/*
 * What one list says in one place, where it is not that it denies; `ace` and `doubt` only where
 * that is in doubt.
 */
struct outcome {
	const struct ace *ace, *doubt;
	uint32_t list;
	uint32_t can;
};

/* What tells packets apart. The bytes in use are compared; none of them is padding. */
struct key {
	const struct interface *in, *out;
	uint64_t ports; /* protocol, kind of destination port as seen and as real, family */
	struct outcome outcomes[MOST_OUTCOMES]; /* as seen, then as real */
};

struct slot {
	struct key key;
	struct policy_memo memo;
};

struct trace_memo {
	struct arena *arena;
	uint32_t kept;
	const struct acl_index *lists; /* that classes match by */
	uint16_t *port_kinds; /* ports that no class, engine or fixup tells apart have one kind */
	struct slot *slots[SLOTS];
};

/* --- what classes look at --------------------------------------------------------------- */

struct parts {
	VEC(struct acl_part) list;
};

static void add_list(struct arena *arena, struct parts *parts, const struct acl *acl,
                     bool addresses_only)
{
	VEC_EACH(const struct acl_part, part, &parts->list)
		if (part->acl == acl && part->addresses_only == addresses_only)
			return;
	VEC_PUSH(arena, &parts->list, (struct acl_part){acl, addresses_only});
}

static const struct acl *list_of(const struct config *config, const struct class_match *match)
{
	return match->kind == MATCH_ACL ? config_acl(config, match->acl) : NULL;
}

/* The lists of a class, which narrow the default ports by addresses alone (ruling 3). */
static void add_class(struct arena *arena, const struct config *config, const struct class_map *map,
                      struct parts *parts)
{
	bool by_default = false;
	VEC_EACH(const struct class_match, match, &map->matches)
		by_default |= match->kind == MATCH_DEFAULT_INSPECTION;
	VEC_EACH(const struct class_match, match, &map->matches) {
		const struct acl *acl = list_of(config, match);
		if (acl)
			add_list(arena, parts, acl, by_default);
	}
	VEC_EACH(const struct class_match, match, &map->refused) {
		const struct acl *acl = list_of(config, match);
		if (acl)
			add_list(arena, parts, acl, false);
	}
}

static void cut(bool *begins, unsigned lo, unsigned hi)
{
	begins[lo] = true;
	if (hi + 1 < PORTS)
		begins[hi + 1] = true;
}

static void number_ports(struct trace_memo *memo, const struct config *config)
{
	bool *begins = NEW_ARRAY(memo->arena, bool, PORTS);
	VEC_EACH(const struct class_map, map, &config->class_maps) {
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_PORT)
				cut(begins, match->lo, match->hi);
		VEC_EACH(const struct class_match, match, &map->refused)
			if (match->kind == MATCH_PORT)
				cut(begins, match->lo, match->hi);
	}
	VEC_EACH(const struct fixup, fixup, &config->fixups)
		cut(begins, fixup->lo, fixup->hi);
	for (size_t i = 0; i < n_engines; i++) {
		cut(begins, engines[i].tcp_lo, engines[i].tcp_hi);
		cut(begins, engines[i].udp[0], engines[i].udp[1]);
		cut(begins, engines[i].udp[2], engines[i].udp[3]);
	}
	memo->port_kinds = NEW_ARRAY(memo->arena, uint16_t, PORTS);
	for (unsigned port = 1; port < PORTS; port++)
		memo->port_kinds[port] = (uint16_t)(memo->port_kinds[port - 1] + begins[port]);
}

struct trace_memo *trace_memo_new(struct arena *arena, const struct config *config)
{
	struct trace_memo *memo = NEW(arena, struct trace_memo);
	struct parts parts = {0};
	memo->arena = arena;
	VEC_EACH(const struct class_map, map, &config->class_maps)
		add_class(arena, config, map, &parts);
	memo->lists = acl_index_of(arena, config, parts.list.v, parts.list.n);
	number_ports(memo, config);
	return memo->lists ? memo : NULL;
}

/* --- the kind of a packet --------------------------------------------------------------- */

static bool point_of(const struct box *box, struct packet *packet)
{
	for (int dim = 0; dim < DIM_COUNT; dim++) {
		const struct iset *set = &box->dim[dim];
		if (set->n != 1 || set->v[0].lo != set->v[0].hi)
			return false;
		packet->at[dim] = set->v[0].lo;
	}
	return true;
}

/* Add the outcomes of the lists for the packet as it is seen in one place; false: too many. */
static bool add_outcomes(const struct trace_memo *memo, const struct config *config,
                         const struct packet *seen, struct key *key, uint32_t *n)
{
	struct acl_points points;
	struct acl_decision one;
	uint32_t list;
	acl_points_begin(config, memo->lists, seen, &points);
	while (acl_points_next(&points, &list, &one)) {
		bool open = one.can == (CAN_PERMIT | CAN_DENY);
		if (one.can == CAN_DENY)
			continue;
		if (*n == MOST_OUTCOMES)
			return false;
		key->outcomes[(*n)++] = (struct outcome){open ? one.ace : NULL,
		                                         open ? one.doubt : NULL, list, one.can};
	}
	return true;
}

/* Fill the key and return how many of its bytes are in use; 0 where there is no one packet. */
static size_t make_key(const struct trace_memo *memo, const struct config *config,
                       const struct lane *lane, struct key *key)
{
	struct packet seen, global;
	uint32_t n = 0, n_seen;
	if (!point_of(&lane->passage.seen, &seen) || !point_of(&lane->passage.global, &global))
		return 0;
	bool same = true;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		same &= seen.at[dim] == global.at[dim];
	if (!add_outcomes(memo, config, &seen, key, &n))
		return 0;
	n_seen = n;
	if (!same && !add_outcomes(memo, config, &global, key, &n))
		return 0;
	key->in = lane->passage.in;
	key->out = lane->passage.out;
	key->ports = (uint64_t)seen.at[DIM_PROTO] |
	             (uint64_t)memo->port_kinds[(uint16_t)seen.at[DIM_DPORT]] << 8 |
	             (uint64_t)memo->port_kinds[(uint16_t)global.at[DIM_DPORT]] << 24 |
	             (uint64_t)addr_is4(seen.at[DIM_DST]) << 40 | (uint64_t)same << 41 |
	             (uint64_t)n_seen << 42;
	return offsetof(struct key, outcomes) + n * sizeof(key->outcomes[0]);
}

static uint64_t hash_of(const struct key *key, size_t size)
{
	const uint64_t *words = (const uint64_t *)(const void *)key;
	uint64_t hash = 0;
	for (size_t i = 0; i < size / sizeof(*words); i++)
		hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

struct policy_memo *trace_memo_for(struct trace_memo *memo, const struct config *config,
                                   const struct lane *lane)
{
	struct key key;
	size_t size = memo ? make_key(memo, config, lane, &key) : 0;
	if (size == 0)
		return NULL;
	for (uint64_t at = hash_of(&key, size);; at++) {
		struct slot **slot = &memo->slots[at % SLOTS];
		if (*slot && memcmp(&(*slot)->key, &key, size) == 0)
			return &(*slot)->memo;
		if (*slot)
			continue;
		if (memo->kept >= SLOTS / 2)
			return NULL; /* enough is kept; the others are asked each time */
		memo->kept++;
		*slot = NEW(memo->arena, struct slot);
		memcpy(&(*slot)->key, &key, size);
		(*slot)->memo.features.arena = memo->arena;
		return &(*slot)->memo;
	}
}
