/* SPDX-License-Identifier: ISC */
/*
 * A hash table of names with open addressing and linear probing, at most half
 * full. A slot holds an id (0 is free); the texts are in a list by id. Old
 * tables stay behind in the arena when it grows, as much again in all.
 */
#include "model/intern.h"

#include <assert.h>

#define SLOTS_MIN 256u

struct name {
	struct str text;
	uint64_t hash;
};

struct interns {
	struct arena *arena;
	VEC(struct name) list; /* [0] is "no name" */
	name_id *slots;
	uint32_t n_slots; /* a power of two */
};

/* The first slot to look at; the upper half of the hash is mixed in. */
static uint32_t slot_of(const struct interns *names, uint64_t hash)
{
	return (uint32_t)(hash ^ hash >> 32) & (names->n_slots - 1);
}

/* The slot that holds `s`, or the free one where it belongs. */
static uint32_t find_slot(const struct interns *names, struct str s, uint64_t hash)
{
	uint32_t i = slot_of(names, hash);
	name_id id;

	while ((id = names->slots[i]) != 0) {
		const struct name *name = &names->list.v[id];

		if (name->hash == hash && str_eq(name->text, s))
			break;
		i = (i + 1) & (names->n_slots - 1);
	}
	return i;
}

/* Twice the slots; ids stay as they are. */
static void grow(struct interns *names)
{
	name_id id;

	names->n_slots *= 2;
	names->slots = NEW_ARRAY(names->arena, name_id, names->n_slots);
	for (id = 1; id < names->list.n; id++) {
		uint32_t i = slot_of(names, names->list.v[id].hash);

		while (names->slots[i])
			i = (i + 1) & (names->n_slots - 1);
		names->slots[i] = id;
	}
}

struct interns *interns_new(struct arena *arena)
{
	struct interns *names = NEW(arena, struct interns);

	names->arena = arena;
	names->n_slots = SLOTS_MIN;
	names->slots = NEW_ARRAY(arena, name_id, names->n_slots);
	VEC_PUSH(arena, &names->list, (struct name){.text = S("")});
	return names;
}

name_id intern(struct interns *names, struct str s)
{
	uint64_t hash = str_hash(s);
	uint32_t slot;

	if (s.n == 0)
		return 0;
	slot = find_slot(names, s, hash);
	if (names->slots[slot])
		return names->slots[slot];
	if (names->list.n >= names->n_slots / 2) {
		grow(names);
		slot = find_slot(names, s, hash);
	}
	names->slots[slot] = names->list.n;
	VEC_PUSH(names->arena, &names->list, (struct name){str_copy(names->arena, s), hash});
	return names->slots[slot];
}

name_id intern_find(const struct interns *names, struct str s)
{
	return s.n ? names->slots[find_slot(names, s, str_hash(s))] : 0;
}

struct str intern_str(const struct interns *names, name_id id)
{
	assert(id < names->list.n);
	return names->list.v[id].text;
}

uint32_t intern_count(const struct interns *names)
{
	return names->list.n;
}
