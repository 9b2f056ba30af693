/* SPDX-License-Identifier: ISC */
/* How far a long run is, on standard error: one line that is written over. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/options.h"
#include "model/report.h"

struct progress {
	bool shown;         /* as the options and the terminal have it; else nothing is written */
	size_t all;         /* inputs */
	uint64_t bytes_all; /* 0: not known, as of pipes */
	double begun, told; /* seconds of a steady clock */
};

/* Begin with `all` inputs of so many bytes in sum. */
struct progress progress_begin(const struct options *options, size_t all, uint64_t bytes_all);

/* Tell that so much is done, a few times a second. */
void progress_tell(struct progress *progress, size_t done, uint64_t bytes_done,
                   const struct summary *summary);

/* Make room for another line on standard error; wipe the line at the end. */
void progress_clear(const struct progress *progress);

#endif
