/* SPDX-License-Identifier: ISC */
#include "analyzers/trace_memo.h"

#include <string.h>

enum { SLOTS = 1 << 14, MOST_LISTS = 24 };

/* What tells packets apart. The bytes are compared, so it is cleared before it is filled. */
struct key {
	const struct interface *in, *out;
	uint64_t ports; /* protocol, destination port as seen and as real, family */
	struct {
		const struct ace *ace, *doubt;
		uint64_t can;
	} lists[2 * MOST_LISTS];
};

struct slot {
	struct key key;
	struct feature_memo memo;
};

struct trace_memo {
	struct arena *arena;
	uint32_t n_lists, kept;
	const struct acl *lists[MOST_LISTS]; /* those that classes match by */
	struct slot *slots[SLOTS];
};

static bool add_list(struct trace_memo *memo, const struct acl *acl)
{
	for (uint32_t i = 0; i < memo->n_lists; i++)
		if (memo->lists[i] == acl)
			return true;
	if (memo->n_lists == MOST_LISTS)
		return false;
	memo->lists[memo->n_lists++] = acl;
	return true;
}

/* The lists of a class; false when it narrows the default ports by addresses alone. */
static bool add_class(struct trace_memo *memo, const struct config *config,
                      const struct class_map *map)
{
	bool by_default = false;
	VEC_EACH(const struct class_match, match, &map->matches)
		by_default |= match->kind == MATCH_DEFAULT_INSPECTION;
	VEC_EACH(const struct class_match, match, &map->matches) {
		const struct acl *acl =
		        match->kind == MATCH_ACL ? config_acl(config, match->acl) : NULL;
		if (match->kind == MATCH_ACL && by_default)
			return false;
		if (acl && !add_list(memo, acl))
			return false;
	}
	return true;
}

struct trace_memo *trace_memo_new(struct arena *arena, const struct config *config)
{
	struct trace_memo *memo = NEW(arena, struct trace_memo);
	memo->arena = arena;
	VEC_EACH(const struct class_map, map, &config->class_maps)
		if (!add_class(memo, config, map))
			return NULL;
	return memo;
}

static bool is_point(struct iset set)
{
	return set.n == 1 && set.v[0].lo == set.v[0].hi;
}

/* The outcome of every list for the packet as it is seen in one place. */
static bool fill_lists(const struct trace_memo *memo, struct arena *scratch,
                       const struct config *config, const struct box *seen, struct key *key,
                       uint32_t from)
{
	for (uint32_t i = 0; i < memo->n_lists; i++) {
		struct cells cells = {0};
		acl_paint(scratch, config, memo->lists[i], seen, &cells);
		if (cells.list.n != 1)
			return false;
		const struct cell *cell = &cells.list.v[0];
		key->lists[from + i].ace = cell->ace;
		key->lists[from + i].doubt = cell->doubt;
		key->lists[from + i].can = cell->can | (uint64_t)cell->doubt_can << 8;
	}
	return true;
}

static bool make_key(const struct trace_memo *memo, struct arena *scratch,
                     const struct config *config, const struct lane *lane, struct key *key)
{
	const struct box *seen = &lane->passage.seen, *global = &lane->passage.global;
	memset(key, 0, sizeof(*key));
	for (int dim = 0; dim < DIM_COUNT; dim++)
		if (!is_point(seen->dim[dim]) || !is_point(global->dim[dim]))
			return false;
	uint64_t same = box_equal(seen, global);
	key->in = lane->passage.in;
	key->out = lane->passage.out;
	key->ports = (uint64_t)seen->dim[DIM_PROTO].v[0].lo |
	             (uint64_t)seen->dim[DIM_DPORT].v[0].lo << 8 |
	             (uint64_t)global->dim[DIM_DPORT].v[0].lo << 24 |
	             (uint64_t)addr_is4(seen->dim[DIM_DST].v[0].lo) << 40 | same << 41;
	return fill_lists(memo, scratch, config, seen, key, 0) &&
	       (same || fill_lists(memo, scratch, config, global, key, MOST_LISTS));
}

static uint64_t hash_of(const struct key *key, uint32_t n_lists)
{
	const uint64_t parts[] = {(uint64_t)(uintptr_t)key->in, (uint64_t)(uintptr_t)key->out,
	                          key->ports};
	uint64_t hash = 0;
	for (size_t i = 0; i < 3; i++)
		hash = (hash ^ parts[i]) * 0x9e3779b97f4a7c15u;
	for (uint32_t i = 0; i < n_lists; i++) {
		hash = (hash ^ (uint64_t)(uintptr_t)key->lists[i].ace) * 0x9e3779b97f4a7c15u;
		hash ^= (uint64_t)(uintptr_t)key->lists[MOST_LISTS + i].ace + key->lists[i].can;
	}
	return hash ^ hash >> 29;
}

struct feature_memo *trace_memo_for(struct trace_memo *memo, struct arena *scratch,
                                    const struct config *config, const struct lane *lane)
{
	struct key key;
	if (!memo || !make_key(memo, scratch, config, lane, &key))
		return NULL;
	uint64_t at = hash_of(&key, memo->n_lists);
	for (;; at++) {
		struct slot **slot = &memo->slots[at % SLOTS];
		if (*slot && memcmp(&(*slot)->key, &key, sizeof(key)) == 0)
			return &(*slot)->memo;
		if (*slot)
			continue;
		if (memo->kept >= SLOTS / 2)
			return NULL; /* enough is kept; the others are asked each time */
		memo->kept++;
		*slot = NEW(memo->arena, struct slot);
		(*slot)->key = key;
		(*slot)->memo.arena = memo->arena;
		return &(*slot)->memo;
	}
}
