/* SPDX-License-Identifier: ISC */
#include "model/trace.h"

const char *const trace_result_names[TRACE_RESULT_COUNT] = {
        [TRACE_ALLOW] = "allow", [TRACE_DROP] = "drop", [TRACE_UNKNOWN] = "unknown"};

const char *const list_action_names[LIST_ACTION_COUNT] = {
        [LIST_DENY] = "deny", [LIST_PERMIT] = "permit", [LIST_UNKNOWN] = "unknown"};
