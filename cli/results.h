/* SPDX-License-Identifier: ISC */
/* Results of scans put together into one report: what report and the end of a scan share. */
#ifndef CLI_RESULTS_H
#define CLI_RESULTS_H

#include "cli/baseline.h"

/*
 * Add the results in `text` to the report. `path` names them in messages, which go to
 * standard error. STATUS_USAGE where they cannot be read or were cut short.
 */
int results_add(const struct options *options, const char *path, struct str text,
                struct report *report);

/*
 * Make one report of what was added: the configs that --include, --exclude, --select and
 * --ignore leave, in the order of their paths, each once, held against the baseline (or NULL),
 * and counted.
 */
void results_finish(const struct options *options, const struct baseline *baseline,
                    struct report *report);

#endif
