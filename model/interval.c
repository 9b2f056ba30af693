/* SPDX-License-Identifier: ISC */
/*
 * Interval sets. Every operation is one pass over both sets in rising order
 * ("merge"), O(a.n + b.n); the results that are one of the arguments share its
 * ranges. Points at the end of the line have no next one, so `hi + 1` is taken
 * only where hi < U128_MAX is known.
 */
#include "model/interval.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct range whole_line = {0, U128_MAX};
static const struct range line4 = {ADDR4_MIN, ADDR4_MAX};

/* Room for the result of merging `a` and `b`: never more ranges than both have. */
static struct range *result_of(struct arena *arena, struct iset a, struct iset b)
{
	assert(a.n <= UINT32_MAX - b.n);
	return NEW_ARRAY(arena, struct range, a.n + b.n);
}

/* Append a range that begins no earlier than the last one, joined to it if they meet. */
static void append(struct range *v, uint32_t *n, struct range range)
{
	struct range *last = *n ? &v[*n - 1] : NULL;

	if (last && (last->hi == U128_MAX || range.lo <= last->hi + 1)) {
		if (range.hi > last->hi)
			last->hi = range.hi;
		return;
	}
	v[(*n)++] = range;
}

uint32_t iset_find(struct iset a, u128 point)
{
	uint32_t lo = 0, hi = a.n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (a.v[mid].hi < point)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct iset iset_none(void)
{
	return (struct iset){NULL, 0};
}

struct iset iset_all(void)
{
	return (struct iset){&whole_line, 1};
}

struct iset iset_range(struct arena *arena, u128 lo, u128 hi)
{
	struct range *range = NEW(arena, struct range);

	assert(lo <= hi);
	*range = (struct range){lo, hi};
	return (struct iset){range, 1};
}

struct iset iset_point(struct arena *arena, u128 point)
{
	return iset_range(arena, point, point);
}

static int by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->lo > y->lo) - (x->lo < y->lo);
}

struct iset iset_of(struct arena *arena, const struct range *ranges, uint32_t n)
{
	struct range *v;
	uint32_t i, kept = 0;

	if (n == 0)
		return iset_none();
	v = NEW_ARRAY(arena, struct range, n);
	memcpy(v, ranges, n * sizeof(*v));
	qsort(v, n, sizeof(*v), by_start);
	for (i = 0; i < n; i++) {
		assert(v[i].lo <= v[i].hi);
		append(v, &kept, v[i]); /* never ahead of the reading: kept <= i */
	}
	return (struct iset){v, kept};
}

struct iset iset_union(struct arena *arena, struct iset a, struct iset b)
{
	uint32_t i = 0, j = 0, n = 0;
	struct range *v;

	if (iset_covers(a, b))
		return a;
	if (iset_covers(b, a))
		return b;
	v = result_of(arena, a, b);
	while (i < a.n || j < b.n) {
		if (j == b.n || (i < a.n && a.v[i].lo <= b.v[j].lo))
			append(v, &n, a.v[i++]);
		else
			append(v, &n, b.v[j++]);
	}
	return (struct iset){v, n};
}

struct iset iset_intersect(struct arena *arena, struct iset a, struct iset b)
{
	uint32_t i, j, n = 0;
	struct range *v;

	if (!iset_overlaps(a, b))
		return iset_none();
	if (iset_covers(a, b))
		return b;
	if (iset_covers(b, a))
		return a;
	v = result_of(arena, a, b);
	i = iset_find(a, b.v[0].lo);
	j = iset_find(b, a.v[0].lo);
	while (i < a.n && j < b.n) {
		struct range x = a.v[i], y = b.v[j];
		struct range both = {x.lo > y.lo ? x.lo : y.lo, x.hi < y.hi ? x.hi : y.hi};

		if (both.lo <= both.hi)
			v[n++] = both;
		if (x.hi < y.hi)
			i++;
		else
			j++;
	}
	return (struct iset){v, n};
}

struct iset iset_subtract(struct arena *arena, struct iset a, struct iset b)
{
	uint32_t i, j = 0, n = 0;
	struct range *v;

	if (!iset_overlaps(a, b))
		return a;
	if (iset_covers(b, a))
		return iset_none();
	v = result_of(arena, a, b);
	for (i = 0; i < a.n; i++) {
		struct range left = a.v[i]; /* what is still to be cut */
		bool more = true;

		while (j < b.n && b.v[j].hi < left.lo)
			j++;
		while (more && j < b.n && b.v[j].lo <= left.hi) {
			struct range cut = b.v[j];

			if (cut.lo > left.lo)
				v[n++] = (struct range){left.lo, cut.lo - 1};
			more = cut.hi < left.hi;
			if (more) {
				left.lo = cut.hi + 1;
				j++;
			}
		}
		if (more)
			v[n++] = left;
	}
	return (struct iset){v, n};
}

bool iset_is_empty(struct iset a)
{
	return a.n == 0;
}

bool iset_contains(struct iset a, u128 point)
{
	uint32_t i = iset_find(a, point);

	return i < a.n && a.v[i].lo <= point;
}

bool iset_overlaps(struct iset a, struct iset b)
{
	uint32_t i, j;

	if (a.n == 0 || b.n == 0)
		return false;
	i = iset_find(a, b.v[0].lo);
	j = iset_find(b, a.v[0].lo);
	while (i < a.n && j < b.n) {
		if (a.v[i].hi < b.v[j].lo)
			i++;
		else if (b.v[j].hi < a.v[i].lo)
			j++;
		else
			return true;
	}
	return false;
}

bool iset_covers(struct iset a, struct iset b)
{
	uint32_t i, j;

	if (b.n == 0)
		return true;
	for (i = iset_find(a, b.v[0].lo), j = 0; j < b.n; j++) {
		while (i < a.n && a.v[i].hi < b.v[j].lo)
			i++;
		if (i == a.n || a.v[i].lo > b.v[j].lo || a.v[i].hi < b.v[j].hi)
			return false;
	}
	return true;
}

bool iset_equal(struct iset a, struct iset b)
{
	uint32_t i;

	if (a.n != b.n)
		return false;
	if (a.v == b.v)
		return true;
	for (i = 0; i < a.n; i++)
		if (a.v[i].lo != b.v[i].lo || a.v[i].hi != b.v[i].hi)
			return false;
	return true;
}

u128 iset_size_capped(struct iset a, u128 cap)
{
	u128 size = 0;
	uint32_t i;

	for (i = 0; i < a.n; i++) {
		if (a.v[i].hi - a.v[i].lo >= cap - size)
			return cap;
		size += a.v[i].hi - a.v[i].lo + 1;
	}
	return size;
}

struct iset iset_family(struct arena *arena, struct iset a, bool v4)
{
	struct iset all4 = {&line4, 1};

	return v4 ? iset_intersect(arena, a, all4) : iset_subtract(arena, a, all4);
}

void iset_cidrs(struct arena *arena, struct iset a, struct cidrs *out)
{
	struct iset all4 = {&line4, 1};
	struct iset v4 = iset_family(arena, a, true);
	struct iset v6 = iset_family(arena, a, false);
	uint32_t i;

	for (i = 0; i < v4.n; i++)
		addr_cidrs(arena, v4.v[i], out);
	if (!iset_is_empty(v6)) /* no v6 prefix means v4 points: close the gap that they leave */
		v6 = iset_union(arena, v6, all4);
	for (i = 0; i < v6.n; i++)
		addr_cidrs6(arena, v6.v[i], out);
}
