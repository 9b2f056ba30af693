/* SPDX-License-Identifier: ISC */
/* What delta.c and delta_broad.c share. */
#ifndef ANALYZERS_DELTA_PARTS_H
#define ANALYZERS_DELTA_PARTS_H

#include "analyzers/delta.h"
#include "analyzers/line_finder.h"

struct delta {
	struct same *same;
	const struct delta_list *lists[SIDE_COUNT];
	struct line_finder finder[SIDE_COUNT];
	struct pairs pairs;          /* of lines that stand in both */
	uint32_t *ranks[SIDE_COUNT]; /* of changed lines, from 1 */
	struct boxes apart;          /* of changed lines of the side at hand, taken apart */
	const struct box *region;
	struct delta_budget *budget;
	struct delta_cells *out;
	unsigned gave_up; /* so many lines */
};

/* What is asked of the lists, where it is not all of both. */
struct delta_asked {
	const struct delta_list *stand_in; /* instead of its side's own list; NULL: none */
	uint32_t lines;                    /* of each list of its own, so many from the first */
};

/* The boxes that a line may match inside the region, disjoint. */
struct pset delta_boxes(const struct delta *delta, enum side side, uint32_t index);

/* The lines of a side that may meet the box, by their addresses. */
struct found_lines delta_find(struct delta *delta, struct arena *arena, enum side side,
                              const struct box *box);

/*
 * What differs in a box: of the changed line of this rank, without what belongs to those before
 * it; of rank 0: all. `asked` is NULL for a changed line as a whole. False, and nothing is added to
 * `out`, where it takes more than a box may.
 */
bool delta_sweep_box(struct delta *delta, uint32_t rank, const struct box *box,
                     const struct delta_asked *asked, struct delta_cells *out);

/* What differs in a box of a changed line, line by line; false, and nothing is told: too much. */
bool delta_take_apart(struct delta *delta, enum side side, uint32_t index, const struct box *box);

#endif
