/* SPDX-License-Identifier: ISC */
/*
 * Where two configs differ in what they do to packets, over the whole universe of packets.
 *
 * Places (each interface's policy, the global one, each access-group) are compared one by one as
 * functions of a packet as it is seen there. If all places are the same functions, every packet
 * fares the same, whatever the readings of rulings 4 and 5.
 */
#ifndef ANALYZERS_COMPARE_H
#define ANALYZERS_COMPARE_H

#include "analyzers/mpf.h"

enum differs_in {
	DIFFERS_PERMISSION,
	DIFFERS_INSPECTION,
	DIFFERS_LIMITS,
	DIFFERS_TRANSLATION,
	DIFFERS_OTHER
};

struct difference {
	enum differs_in in;
	struct str place;   /* "global", "interface outside", "static (inside,outside) 1.1.1.1" */
	struct box packets; /* as seen there; for translations: connections of the real addresses */
	struct str before, after;
	bool undecided; /* it could not be told whether they differ */
};

struct comparison {
	VEC(struct difference) list;
};

/* All differences between two linked configs of one device. */
void compare_configs(struct arena *arena, const struct config *a, const struct config *b,
                     struct comparison *out);

#endif
