/* SPDX-License-Identifier: ISC */
/*
 * A table from 128-bit keys to numbers: addresses, hashes, places. Lives in an
 * arena; a zeroed one is empty.
 */
#ifndef MODEL_KEYS_H
#define MODEL_KEYS_H

#include "model/address.h"

struct key_slot {
	u128 key;
	uint32_t value;
	bool taken;
};

struct keys {
	struct key_slot *slots;
	uint32_t n, n_slots; /* a power of two, or 0 */
};

/* The value of a key, to read or to change; NULL when it is not there. Good until the next put. */
uint32_t *keys_find(const struct keys *keys, u128 key);

/* Add a key. False, and nothing is changed, when it is there already. */
bool keys_put(struct arena *arena, struct keys *keys, u128 key, uint32_t value);

#endif
