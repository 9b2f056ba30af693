/* SPDX-License-Identifier: ISC */
/* The words for who suppressed a finding. */
#include "model/finding.h"

const char *const suppressed_by_names[SUPPRESSED_BY_COUNT] = {
        [NOT_SUPPRESSED] = "",
        [BY_POLICY] = "policy",
        [BY_REMARK] = "remark",
        [BY_BASELINE] = "baseline",
};
