/* SPDX-License-Identifier: ISC */
/* Results on their way out: a file is written whole or not at all. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "model/str.h"

/*
 * Write `text` to a file, or to standard output when `path` is NULL. A regular
 * file is written under another name in the same folder and then renamed, so
 * readers see the old text or the new one. A reader of standard output that
 * goes away early (EPIPE) is no error. False leaves the reason in *error, with
 * the path.
 */
bool output_write(struct arena *arena, const char *path, struct str text, struct str *error);

/* Write all of `text` to an open file; false leaves errno. */
bool output_write_fd(int fd, struct str text);

#endif
