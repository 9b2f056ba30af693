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

/* The rules that translate packets from or to some of those addresses; before 8.3 alone. */
struct way_rules {
	struct range range;
	struct trace_nat source, destination;
	bool known; /* where they leave; if not, these rules are not all there is to it */
	bool here;  /* they leave as the lane does, as far as that is known */
	bool dropped;
};

struct way {
	enum dim free; /* the dimension of those addresses */
	VEC(struct way_part) parts;
	VEC(struct way_rules) rules;
	bool too_many; /* it was given up: too many rules */
};

/*
 * Trace the ends of each part of the lane's peers that no rule, route or tunnel divides. A way
 * without parts tells nothing: it is not known where the lane enters, or its mapped address.
 */
struct way way_of(struct arena *arena, const struct tracer *tracer, const struct lane *lane);

/*
 * Append a cell of the lane's permission: in parts where only some of what is permitted gets
 * through, or where what is blocked may not come to who blocks it. What differs comes back as
 * unknown: the reference does not tell how a device drops what its translation forbids.
 */
void way_check(struct arena *arena, const struct way *way, const struct verdict_cell *cell,
               struct verdict_cells *out);

/*
 * The limits of `static` and `nat`, by the rules that the traced packets of the lane meet; by
 * those that the lane knows of where its way cannot be told (nat_limits.c).
 */
void way_nat_limits(struct arena *arena, const struct config *config, const struct way *way,
                    const struct lane *lane, struct bounds *out);

#endif
