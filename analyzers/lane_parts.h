/* SPDX-License-Identifier: ISC */
/* What the parts of lane_permission() share (asa-semantics 9.3). */
#ifndef ANALYZERS_LANE_PARTS_H
#define ANALYZERS_LANE_PARTS_H

#include "analyzers/lane.h"

/* One check of a lane: what it asks, and where its cells go. */
struct check {
	struct arena *arena;
	const struct config *config;
	const struct lane *lane;
	struct verdict_cells *out;
};

/* Add a cell to those of the check. */
void check_put(const struct check *check, struct verdict_cell cell);

/* Are both ends of the lane IPv4? They are of one family. */
bool lane_is_v4(const struct lane *lane);

/*
 * What the levels of two interfaces decide where no list does; where they let nothing pass or
 * cannot tell, the cell gets the reason (lane_levels.c).
 */
enum verdict lane_levels(const struct config *config, const struct lane *lane,
                         struct verdict_cell *cell);

/*
 * From a higher to a lower level nat-control drops what no rule translates: put a permitted cell,
 * divided by what becomes of its sources (lane_nat_control.c).
 */
void lane_translated(const struct check *check, const struct verdict_cell *permitted);

#endif
