/* SPDX-License-Identifier: ISC */
/*
 * What the evaluators are run on: the texts in some folders, and random configs. The command line
 * of a test that does so is
 *
 *	TEST [-v] [-n PACKETS] [-s SEED] [-r CONFIGS] [FILE...]
 *	TEST -d SEED       print the random config of this seed
 */
#ifndef PROPERTY_WORKS_H
#define PROPERTY_WORKS_H

#include "tests/property/compare.h"

/* How many configs there were, and with disagreements; other files. */
struct works_result {
	unsigned configs, failed, skipped;
};

/* A test, and what it does where the command line does not say. */
struct works {
	unsigned long packets, n_random; /* in all; random configs */
	/* Compare about `n` packets of a config, which is that of the run. */
	void (*compare)(struct run *run, struct config *config, unsigned n);
	void (*print)(const struct run *run, const struct works_result *result);
};

/*
 * Run it on the files that are named, or on examples, golden cases, random configs and, where it
 * is there, the corpus. Prints "N passed, N failed" last, by configs. Returns the exit status.
 */
int works_run(const struct works *works, int argc, char **argv);

#endif
