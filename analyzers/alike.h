/* SPDX-License-Identifier: ISC */
/* The points of a line that lie in the same of many sets, and so cannot be told apart by them. */
#ifndef ANALYZERS_ALIKE_H
#define ANALYZERS_ALIKE_H

#include "model/interval.h"

/* A set, and what it is to be in it: sets of one key are as good as their union. */
struct mark {
	struct iset set;
	uint32_t key;
};

struct marks {
	VEC(struct mark) list;
};

struct alike {
	VEC(struct iset) list; /* disjoint, by their begins, none empty; all of the extent */
};

/* The extent in classes of points that are in sets of the same keys. Sorts the marks. */
struct alike alike_of(struct arena *arena, struct iset extent, struct marks *marks);

#endif
