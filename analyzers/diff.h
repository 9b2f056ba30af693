/* SPDX-License-Identifier: ISC */
/*
 * What changes between two configs of one device, both audited by the same policy: for each flow
 * of the appliances what is permitted, inspected and limited, and for everything else what
 * compare.h finds.
 */
#ifndef ANALYZERS_DIFF_H
#define ANALYZERS_DIFF_H

#include "analyzers/audit.h"
#include "model/difference.h"

/* Fill the changes (and the number of flows) of `out`. */
void diff_audits(struct arena *arena, const struct audit *before, const struct audit *after,
                 struct diff_config *out);

/*
 * How grave the changes are: error when mail is treated differently, warning when that cannot be
 * told, note when only other traffic is. False when there are none.
 */
bool diff_severity(const struct diff *diff, enum severity *severity);

#endif
