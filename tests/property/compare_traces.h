/* SPDX-License-Identifier: ISC */
/* One packet as trace and the slow evaluator have it; what the parts of the comparison share. */
#ifndef PROPERTY_COMPARE_TRACES_H
#define PROPERTY_COMPARE_TRACES_H

#include "tests/property/compare.h"
#include "tests/property/slow_path.h"

struct look {
	struct run *run;
	const struct slow_packet *packet; /* as it arrives */
	const struct slow_path *want;
	const struct trace *got;
};

/* The answers about `what` differ: one of the two is wrong, and the test fails. */
void look_differs(const struct look *look, const char *what, struct str want, struct str got);

/* The program is less sure than the text allows, for the reason `why`: counted. */
void look_is_vague(const struct look *look, const char *what, struct str why);

/* The evaluator does not know: counted. */
void look_is_unjudged(const struct look *look);

/*
 * The phases, inspections and limits of service policies (compare_traces_policy.c). The answer is
 * whether what they leave open leaves the result of the trace open.
 */
bool look_at_policies(const struct look *look);

/* The limits, of translation and of classes (compare_traces_limits.c). */
void look_at_limits(const struct look *look);

#endif
