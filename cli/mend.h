/* SPDX-License-Identifier: ISC */
/* The change for an audited config, planned and proved. */
#ifndef CLI_MEND_H
#define CLI_MEND_H

#include "analyzers/remedy.h"
#include "cli/prove.h"

/*
 * Plan what mends the findings of `audit` as options and policy wish, and try it (prove.h). The
 * other arguments are what the audit was made from.
 */
struct change *mend(struct arena *arena, const struct options *options, const struct policy *policy,
                    const struct capture_input *input, uint32_t part, const struct audit *audit);

/*
 * The same by a wish. Where the whole change cannot be proved, as much of it as can: without its
 * inspection, its limits or its translations, with the reason against the whole for what is left.
 */
struct change *mend_as(struct arena *arena, const struct options *options,
                       const struct policy *policy, const struct capture_input *input,
                       uint32_t part, const struct audit *audit, const struct remedy_wish *wish);

#endif
