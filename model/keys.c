/* SPDX-License-Identifier: ISC */
/* Open addressing with linear probing, at most half full. Old tables stay behind in the arena. */
#include "model/keys.h"

enum { SLOTS_MIN = 16 };

/* The finaliser of splitmix64 over both halves: neighbours are spread. */
static uint32_t first_slot(const struct keys *keys, u128 key)
{
	uint64_t mixed = (uint64_t)key ^ ((uint64_t)(key >> 64) * UINT64_C(0x9e3779b97f4a7c15));

	mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(mixed ^ mixed >> 31) & (keys->n_slots - 1);
}

/* The slot of the key, or the free one where it belongs. */
static struct key_slot *slot_of(const struct keys *keys, u128 key)
{
	uint32_t i = first_slot(keys, key);

	while (keys->slots[i].taken && keys->slots[i].key != key)
		i = (i + 1) & (keys->n_slots - 1);
	return &keys->slots[i];
}

uint32_t *keys_find(const struct keys *keys, u128 key)
{
	struct key_slot *slot;

	if (!keys->n_slots)
		return NULL;
	slot = slot_of(keys, key);
	return slot->taken ? &slot->value : NULL;
}

static void grow(struct arena *arena, struct keys *keys)
{
	struct keys larger = {.n = keys->n};

	larger.n_slots = keys->n_slots ? keys->n_slots * 2 : SLOTS_MIN;
	larger.slots = NEW_ARRAY(arena, struct key_slot, larger.n_slots);
	for (uint32_t i = 0; i < keys->n_slots; i++) {
		if (keys->slots[i].taken)
			*slot_of(&larger, keys->slots[i].key) = keys->slots[i];
	}
	*keys = larger;
}

bool keys_put(struct arena *arena, struct keys *keys, u128 key, uint32_t value)
{
	struct key_slot *slot;

	if (keys_find(keys, key))
		return false;
	if (keys->n >= keys->n_slots / 2)
		grow(arena, keys);
	slot = slot_of(keys, key);
	*slot = (struct key_slot){key, value, true};
	keys->n++;
	return true;
}
