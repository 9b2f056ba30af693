/* SPDX-License-Identifier: ISC */
/*
 * Which lines of a list can meet a box of packets, without reading the list: by the ranges of
 * their sources and by those of their destinations, whichever leaves fewer.
 */
#ifndef ANALYZERS_LINE_FINDER_H
#define ANALYZERS_LINE_FINDER_H

#include "model/interval.h"

/* A range of one line. */
struct line_range {
	struct range range;
	uint32_t line;
};

/* All ranges of one end, by where they begin. */
struct line_ranges {
	VEC(struct line_range) list;
	u128 *last; /* of each node of the tree over the list: where the last range below it ends */
};

struct line_finder {
	struct line_ranges ends[2]; /* sources, destinations */
	uint32_t *seen;             /* by line: the last search that met it */
	uint32_t lines, searches;
};

/* Line `line` can only meet packets from `src` to `dst`. Lines come in their order. */
void line_finder_add(struct arena *arena, struct line_finder *finder, uint32_t line,
                     struct iset src, struct iset dst);

/* After the last line. */
void line_finder_end(struct arena *arena, struct line_finder *finder);

struct found_lines {
	uint32_t *v;
	uint32_t n;
};

/* The lines that may meet packets from `src` to `dst`, rising, and none twice. */
struct found_lines line_finder_find(struct arena *arena, struct line_finder *finder,
                                    struct iset src, struct iset dst);

#endif
