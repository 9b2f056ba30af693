/* SPDX-License-Identifier: ISC */
/* Where the records of a scan go: appended as they come, so that a killed run loses few. */
#ifndef CLI_RECORD_FILE_H
#define CLI_RECORD_FILE_H

#include "cli/options.h"
#include "model/intern.h"
#include "model/report.h"

/* What the file of an earlier run tells, for --resume. */
struct resumed {
	bool complete; /* it came to its end: nothing is left to do */
	struct run_info run;
	struct summary summary; /* of the records that stay */
	struct interns *done;   /* paths of the inputs that have them */
	uint64_t keep;          /* bytes of the file that stay; 0: there is nothing to go on with */
};

/*
 * Read the records of an earlier run. Those of its last input go, for it may have been cut in
 * the middle of them. False leaves a line in *error: it cannot be read, or holds no
 * records. A file that is not there is an empty run.
 */
bool record_file_resume(struct arena *arena, const char *path, struct resumed *resumed,
                        struct str *error);

/*
 * Begin a file anew, or (keep > 0) go on behind the bytes that stay. `path` NULL: a file without a
 * name, for records that are read again at the end. Returns a descriptor, which the caller closes;
 * or -1 with a line in *error.
 */
int record_file_open(struct arena *arena, const char *path, uint64_t keep, struct str *error);

#endif
