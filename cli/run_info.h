/* SPDX-License-Identifier: ISC */
/* How a run was started, as its records say it. */
#ifndef CLI_RUN_INFO_H
#define CLI_RUN_INFO_H

#include "cli/analyze.h"

/*
 * The run of these options: when, with which words, and a digest of all that results depend on
 * but the inputs. SOURCE_DATE_EPOCH, where set, is the time.
 */
struct run_info run_info(const struct options *options, const struct policy *policy,
                         const struct applied *applied);

#endif
