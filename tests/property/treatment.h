/* SPDX-License-Identifier: ISC */
/*
 * All that a config does to one packet, in words without names that a change makes: what the
 * owners of each feature do to it under each reading of the documents, what the access rules say,
 * and what the static that translates it allows. By the slow evaluator alone.
 */
#ifndef PROPERTY_TREATMENT_H
#define PROPERTY_TREATMENT_H

#include "tests/property/slow.h"

/* Parts of a treatment that a change may be about. */
enum slow_part { PART_INSPECTION, PART_LIMITS, PART_STATIC, PART_REST, PART_COUNT };

struct slow_treatment {
	struct str part[PART_COUNT];
};

/* `in` and `out` of the packet are nameifs as text; its real_dst and real_dport are set. */
struct slow_treatment slow_treat(struct arena *arena, const struct config *config, struct str in,
                                 struct str out, const struct slow_packet *packet);

#endif
