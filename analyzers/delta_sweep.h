/* SPDX-License-Identifier: ISC */
/* The sweep of a box for delta_compare(); for delta.c and delta_*.c only. */
#ifndef ANALYZERS_DELTA_SWEEP_H
#define ANALYZERS_DELTA_SWEEP_H

#include "analyzers/delta.h"

/* A line inside the box; a service group makes several of one line. */
struct hit {
	struct box box;
	const struct delta_line *line;
	uint32_t changed; /* rank among the changed lines, from 1; 0: it stands in both */
	bool sure;
};

struct hits {
	VEC(struct hit) list;
};

struct sweep {
	struct same *same;
	struct arena *scratch, *arena; /* the second for cells */
	const struct box *box;
	struct delta_budget *budget;
	bool gave_up;
	uint32_t rank; /* of the changed line at hand */
	struct hits hits[SIDE_COUNT];
	struct delta_cells *out;
};

/* Add the next line of a list, where it meets the box. `changed` is its rank, or 0. */
void sweep_add_line(struct sweep *sweep, enum side side, const struct delta_line *line,
                    uint32_t changed);

/* Add the cells of the box to `out`; not all of them where `gave_up` is set then. */
void sweep_run(struct sweep *sweep);

/* Take steps from the budget; false, and `gave_up`, where so many are not left. */
bool sweep_spend(struct sweep *sweep, uint64_t steps);

/* --- parts of the box: between delta_sweep.c and delta_split.c -------------------------- */

struct refs {
	uint32_t *v; /* indexes of hits, in the order of the list */
	uint32_t n;
};

struct part {
	struct box box;
	struct refs refs[SIDE_COUNT];
	unsigned dims; /* those that are not split yet, as bits */
};

struct parts {
	VEC(struct part) list;
};

/* The line inside the box that a reference is to. */
const struct hit *sweep_hit(const struct sweep *sweep, enum side side, uint32_t ref);

/* Does the line match all of the box in these dimensions? */
bool sweep_covers(const struct hit *hit, const struct box *box, unsigned dims);

/*
 * Split a part in one dimension: every set of intervals that the same lines meet is a part of
 * `out`. False when each line covers the part in all dimensions, so that none is left to split.
 */
bool sweep_split(struct sweep *sweep, const struct part *part, struct parts *out);

#endif
