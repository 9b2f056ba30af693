/* SPDX-License-Identifier: ISC */
/* An earlier result to compare with: what was known then is not news now (--baseline). */
#ifndef CLI_BASELINE_H
#define CLI_BASELINE_H

#include "cli/options.h"
#include "model/report.h"

struct baseline;

/* Read the JSON or NDJSON result of an audit or scan. False leaves a line in *error. */
bool baseline_read(struct arena *arena, const char *path, struct baseline **baseline,
                   struct str *error);

/*
 * Suppress the findings of a config whose fingerprint the baseline has at the same or a higher
 * severity, and count in config->fixed those it had, of rules that are looked for, that are gone.
 */
void baseline_apply(const struct baseline *baseline, const struct options *options,
                    struct config_report *config);

#endif
