/* SPDX-License-Identifier: ISC */
#include "model/difference.h"

const char *const diff_what_names[DIFF_WHAT_COUNT] = {
        [DIFF_PERMITTED] = "permitted",   [DIFF_INSPECTED] = "inspected", [DIFF_LIMITS] = "limits",
        [DIFF_TRANSLATED] = "translated", [DIFF_PATH] = "path",           [DIFF_OTHER] = "other",
};
