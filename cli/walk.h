/* SPDX-License-Identifier: ISC */
/* The inputs of a scan: files, and what lies below folders, in an order that is always the same. */
#ifndef CLI_WALK_H
#define CLI_WALK_H

#include "cli/options.h"

struct scan_input {
	const char *path;
	uint64_t size;      /* in bytes, as far as it is known */
	bool named;         /* by the user; else found in a folder: it may be anything */
	bool may_have_twin; /* another input has the same size */
};

struct scan_inputs {
	VEC(struct scan_input) list;
};

/*
 * List the inputs that operands and --files-from name: a folder stands for the files below it
 * (sorted by name; no hidden ones, CVS, *.new, *.raw), a glob that no file is called for what it
 * matches. --include and --exclude choose among all of them by path; a path counts once. False
 * leaves a line in *error: --files-from cannot be read. What else cannot be read stays in the
 * list, or goes to `unread` where it is a folder.
 */
bool walk_inputs(const struct options *options, struct scan_inputs *inputs, struct report *report,
                 struct str *error);

/* Whether --include and --exclude let a path, host name or the like pass. */
bool walk_wants(const struct options *options, const struct str *names, uint32_t n);

#endif
