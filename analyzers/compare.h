/* SPDX-License-Identifier: ISC */
/*
 * Where two configs differ in what they do to packets, over the whole universe of packets.
 *
 * Places (each interface's policy, the global one, each access-group) are compared one by one as
 * functions of a packet as it is seen there. If all places are the same functions, every packet
 * fares the same, whatever the readings of rulings 4 and 5. Names of objects, access-lists and
 * classes do not matter, nor does the order of lines that do not meet.
 *
 * Inspection maps other than ESMTP's, tcp-maps, time-ranges and regexes are compared by their words
 * (same_blocks.c): where these differ it is undecided whether packets fare otherwise.
 */
#ifndef ANALYZERS_COMPARE_H
#define ANALYZERS_COMPARE_H

#include "analyzers/same.h"

enum differs_in {
	DIFFERS_PERMISSION,
	DIFFERS_INSPECTION,
	DIFFERS_LIMITS,
	DIFFERS_TRANSLATION,
	DIFFERS_PATH, /* where addresses lie, and interfaces that come or go */
	DIFFERS_OTHER
};

struct difference {
	enum differs_in in;
	struct str place;   /* "global", "interface outside", "static (inside,outside) 1.1.1.1" */
	struct box packets; /* as seen there; for translations: connections of the real addresses */
	struct boxes
	        except; /* of lists: those of them that fare as before, or that others tell of */
	struct str before, after;
	bool undecided;               /* it could not be told whether they differ */
	struct span line[SIDE_COUNT]; /* what decides, in each; len 0: nothing does */
	bool of_lists;                /* an access-list or class decides, no setting of its own */
};

struct comparison {
	VEC(struct difference) list;
};

/* All differences between two linked configs of one device. */
void compare_configs(struct arena *arena, const struct config *a, const struct config *b,
                     struct comparison *out);
/* The same with another budget for lists (delta.h). */
struct delta_budget;
void compare_within(struct arena *arena, const struct config *a, const struct config *b,
                    const struct delta_budget *budget, struct comparison *out);

/* Is the packet one of those that differ? */
bool difference_holds(const struct difference *difference, const struct packet *packet);

#endif
