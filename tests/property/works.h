/* SPDX-License-Identifier: ISC */
/* What the evaluators are run on: the texts in some folders, and random configs. */
#ifndef PROPERTY_WORKS_H
#define PROPERTY_WORKS_H

#include "model/str.h"

/* The text of a file, or a seed. */
struct work {
	struct str path; /* empty: random */
	uint64_t seed;
};

struct works {
	VEC(struct work) list;
};

/* Examples, golden cases and, where it is there, the corpus. */
void works_find_all(struct arena *arena, struct works *works);

/* Print the random config of a seed. */
void works_dump(uint64_t seed);

#endif
