/* SPDX-License-Identifier: ISC */
/*
 * What the access rules permit may still be stopped on its way: by translation that no reply
 * would meet, by a pool that is not there, by a route that leads nowhere. The audit asks the
 * trace itself, one packet for each part of a cell that no rule of translation and no route tells
 * apart, so the two cannot differ.
 */
#ifndef ANALYZERS_WAY_H
#define ANALYZERS_WAY_H

#include "analyzers/trace.h"

/* Why a verdict of the access rules is not the whole of it. */
struct stop {
	struct str text; /* empty: it is */
	struct span span;
	enum why_code why;
};

/* Addresses of the lane's other end of which the way says the same. */
struct way_part {
	struct stop permitted, blocked; /* against what the rules may say */
	VEC(struct range) ranges;
	struct iset addresses; /* the same */
};

struct way {
	enum dim free; /* the dimension of those addresses */
	VEC(struct way_part) parts;
	bool too_many; /* it was given up: too many rules */
};

struct way way_of(struct arena *arena, const struct tracer *tracer, const struct lane *lane);

/*
 * Append a cell of the lane's permission: in parts where only some of what is permitted gets
 * through, or where what is blocked may not come to who blocks it. What differs comes back as
 * unknown: the reference does not tell how a device drops what its translation forbids.
 */
void way_check(struct arena *arena, const struct way *way, const struct verdict_cell *cell,
               struct verdict_cells *out);

#endif
