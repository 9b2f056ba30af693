/* SPDX-License-Identifier: ISC */
/*
 * Canonical interval sets: sorted, disjoint, not touching ranges of a 128-bit
 * number line. The same type serves addresses, ports and protocols. Sets are
 * immutable once made; an empty set has n = 0.
 */
#ifndef MODEL_INTERVAL_H
#define MODEL_INTERVAL_H

#include "model/address.h"

struct iset {
	const struct range *v;
	uint32_t n;
};

/* The empty set; the full line; one range (lo <= hi). */
struct iset iset_none(void);
struct iset iset_all(void);
struct iset iset_range(struct arena *arena, u128 lo, u128 hi);
struct iset iset_point(struct arena *arena, u128 point);

/* A canonical set of any `n` ranges in any order, overlapping or not. */
struct iset iset_of(struct arena *arena, const struct range *ranges, uint32_t n);

/* The answer may share the ranges of a or b, which are never written to. */
struct iset iset_union(struct arena *arena, struct iset a, struct iset b);
struct iset iset_intersect(struct arena *arena, struct iset a, struct iset b);
struct iset iset_subtract(struct arena *arena, struct iset a, struct iset b);

bool iset_is_empty(struct iset a);
/* The first range that ends at or after `point`, as an index; a.n if there is none. */
uint32_t iset_find(struct iset a, u128 point);
bool iset_contains(struct iset a, u128 point);    /* binary search */
bool iset_overlaps(struct iset a, struct iset b); /* without building anything */
bool iset_covers(struct iset a, struct iset b);   /* b is a subset of a */
bool iset_equal(struct iset a, struct iset b);
u128 iset_size_capped(struct iset a, u128 cap); /* number of points, at most `cap` */

/* The v4 or v6 part of a set of addresses. */
struct iset iset_family(struct arena *arena, struct iset a, bool v4);

/* A set of addresses as the fewest prefixes, appended: v4 first, then v6, each in rising order. */
void iset_cidrs(struct arena *arena, struct iset a, struct cidrs *out);

#endif
