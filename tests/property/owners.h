/* SPDX-License-Identifier: ISC */
/* All that may own one packet in a feature of the service policies, by any reading (rulings 4, 5).
 */
#ifndef PROPERTY_OWNERS_H
#define PROPERTY_OWNERS_H

#include "tests/property/slow_mpf.h"

/* Each owner once, whatever the reading that has it. */
struct owners {
	struct slow_owner list[SLOW_MAX_OWNERS];
	unsigned n;
	bool open;    /* by some reading it may be that none of them does */
	bool blurred; /* ... or that a class which cannot be read does */
};

/* Inspection ends where state bypass surely takes the packet (1.6.5), and is open where it may. */
struct owners owners_of(const struct config *config, enum slow_feature feature,
                        const struct slow_packet *packet);

/* One owner by every reading; none by any; neither. */
bool owners_certain(const struct owners *owners);
bool owners_none(const struct owners *owners);
bool owners_unknown(const struct owners *owners);

/* Is the packet under state bypass? Unknown where the readings part, too. */
enum slow_answer owners_bypass(const struct config *config, const struct slow_packet *packet);

#endif
