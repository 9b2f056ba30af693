/* SPDX-License-Identifier: ISC */
/* See cuts.h. */
#include "analyzers/cuts.h"

#include <stdlib.h>

void cut_points_add(struct arena *arena, struct cut_points *points, struct iset set)
{
	for (uint32_t i = 0; i < set.n; i++) {
		VEC_PUSH(arena, &points->list, set.v[i].lo);
		if (set.v[i].hi != U128_MAX)
			VEC_PUSH(arena, &points->list, set.v[i].hi + 1);
	}
}

static int compare_points(const void *a, const void *b)
{
	u128 left = *(const u128 *)a, right = *(const u128 *)b;
	return left < right ? -1 : left > right;
}

struct cuts cuts_of(struct arena *arena, struct iset extent, struct cut_points *points)
{
	VEC(struct range) out = {0};
	const u128 *point = points->list.v, *end = point;
	if (points->list.n) {
		end = point + points->list.n;
		qsort(points->list.v, points->list.n, sizeof(*points->list.v), compare_points);
	}
	for (uint32_t i = 0; i < extent.n; i++) {
		struct range rest = extent.v[i];
		while (point < end && *point <= rest.lo)
			point++;
		for (; point < end && *point <= rest.hi; point++) {
			if (*point == rest.lo)
				continue;
			VEC_PUSH(arena, &out, (struct range){rest.lo, *point - 1});
			rest.lo = *point;
		}
		VEC_PUSH(arena, &out, rest);
	}
	return (struct cuts){out.v, out.n};
}

uint32_t cuts_from(const struct cuts *cuts, u128 point)
{
	uint32_t lo = 0, hi = cuts->n;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (cuts->v[mid].hi < point)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}
