/* SPDX-License-Identifier: ISC */
/*
 * What must hold for every change that fix makes, and for every one that it refuses:
 *
 *	each finding that a form of change is about is gone afterwards, or it is said why not,
 *	the parser takes every line of change and rollback without a word; these lines and the
 *	commands that are typed around them are of the release,
 *	by the slow evaluator, packet by packet: the flows called exempt are free; what is no mail
 *	of the appliances fares as before; what fares otherwise is in the effects that are told;
 *	after the rollback everything fares as before;
 *	the packet that is shown against a change is traced otherwise by the config after it.
 */
#ifndef PROPERTY_FIX_LAWS_H
#define PROPERTY_FIX_LAWS_H

#include "cli/analyze.h"
#include "tests/property/sample.h"

/* What came of one fix. */
enum fix_result {
	FIX_NOTHING,  /* there was nothing to mend */
	FIX_PROVED,   /* all is mended, and nothing else changes */
	FIX_PARTLY,   /* a part is mended and proved, the rest is told */
	FIX_UNPROVED, /* commands whose effect on others is told (--unsafe, PIX 6, technote) */
	FIX_REFUSED,  /* no commands; it is told why */
	FIX_RESULTS
};

struct reason {
	struct str text;
	uint64_t n;
};

struct fix_run {
	struct rng rng;
	struct arena *kept; /* of `reasons` */
	bool verbose;
	const char *name; /* of the case at hand */
	uint64_t faults, packets, changed, restored;
	uint64_t shown, unshown; /* changes that change others too, with a packet and without */
	uint64_t results[2][FIX_RESULTS]; /* of all; of the form that the release has, safe */
	size_t longest;                   /* line that was emitted */
	VEC(struct reason) reasons;
	const char *looked_for; /* print the cases with this in a reason; or NULL */
	bool found;             /* the case at hand is such a one */
};

struct fix_case {
	struct arena *arena;
	const struct options *options;
	const struct policy *policy;
	const struct capture_input *input;
	uint32_t part;
	enum fix_form form;
	bool unsafe;
	unsigned packets; /* about so many are looked at */
};

void fix_laws(struct fix_run *run, const struct fix_case *at);

#endif
