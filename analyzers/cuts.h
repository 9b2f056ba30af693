/* SPDX-License-Identifier: ISC */
/* Elementary intervals: an extent cut wherever one of many sets begins or ends. */
#ifndef ANALYZERS_CUTS_H
#define ANALYZERS_CUTS_H

#include "model/interval.h"

/* Where intervals begin; {0} is none. */
struct cut_points {
	VEC(u128) list;
};

/* The intervals, ascending and disjoint. */
struct cuts {
	struct range *v;
	uint32_t n;
};

/* Cut where the ranges of `set` begin and where they have ended. */
void cut_points_add(struct arena *arena, struct cut_points *points, struct iset set);

/* The extent in pieces, of the arena; their union is the extent. Sorts the points. */
struct cuts cuts_of(struct arena *arena, struct iset extent, struct cut_points *points);

/* The index of the first interval that does not lie before `point`; n if all do. */
uint32_t cuts_from(const struct cuts *cuts, u128 point);

#endif
