/* SPDX-License-Identifier: ISC */
/*
 * One packet that shows a difference between two configs: traced through both, it fares
 * otherwise. A comparison goes place by place (compare.h); a packet shows a place only if it
 * comes there, so an interface and ends are looked for by which it does.
 */
#ifndef ANALYZERS_COUNTEREXAMPLE_H
#define ANALYZERS_COUNTEREXAMPLE_H

#include "analyzers/audit.h"
#include "analyzers/trace.h"

/* Two linked configs of one device, made ready to be asked about the same packets. */
struct examiner {
	struct tracer tracer[2]; /* before and after */
	struct iset *behind;     /* by index of the interface before: who is behind it */
	struct boxes wanted;     /* packets that are to fare otherwise, and so show nothing */
	struct pset except;      /* of the packets that are searched, not these */
	unsigned left;           /* boxes that may still be tried */
	bool there_only;   /* packets that enter by another interface than the place's do not */
	bool results_only; /* another class that does the same shows nothing */
};

/*
 * Of two linked configs, which outlive it; what it holds is allocated in `arena`. It may be asked
 * often: `left` counts the boxes that were tried for all questions.
 */
struct examiner examiner_of(struct arena *arena, const struct config *before,
                            const struct config *after, const struct boxes *wanted);

/*
 * Find a packet of `packets`, which differ at `place` (struct difference), whose traces differ: in
 * the result, the way, the translation, the inspection or the limits; else in the class that
 * inspects or limits. One that passes in either config comes before one that is dropped in both.
 * Returns whether `out` is filled: false where none of the packets that were tried fares otherwise.
 */
bool counterexample_find(struct arena *arena, struct examiner *examiner, struct str place,
                         const struct box *packets, struct witness *out);

/* The same among all boxes of a set. */
bool counterexample_among(struct arena *arena, struct examiner *examiner, struct str place,
                          const struct pset *packets, struct witness *out);

/* Do the traces of this packet differ so? False as well where one config has no such interface. */
bool counterexample_shows(const struct examiner *examiner, const struct witness *witness);

#endif
