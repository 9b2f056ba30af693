/* SPDX-License-Identifier: ISC */
/* The addresses that a spec stands for, one range after another. */
#ifndef PROPERTY_SLOW_RANGES_H
#define PROPERTY_SLOW_RANGES_H

#include "tests/property/slow.h"

enum { MAX_RANGES = 300 };

struct ranges {
	struct range list[MAX_RANGES];
	unsigned n;
	bool known;      /* false: something in it is not in the text */
	bool disordered; /* the text tells them in another order */
	name_id name;    /* of the object or group; 0: none */
};

void ranges_put(struct ranges *ranges, u128 lo, u128 hi);

/* As written, one after another. */
struct ranges ranges_written(const struct config *config, const struct addr_spec *spec);
/* In order and without gaps between neighbours. */
struct ranges ranges_of(const struct config *config, const struct addr_spec *spec);
bool ranges_same(const struct ranges *a, const struct ranges *b);

/* The k-th address of one for the k-th of the other, round and round; false: that is not told. */
bool ranges_counterpart(const struct ranges *from, const struct ranges *to, u128 address,
                        u128 *out);

/* The first IPv4 address of an interface, or NULL. */
const struct interface_address *slow_own4(const struct config *config, name_id name);

#endif
