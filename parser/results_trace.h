/* SPDX-License-Identifier: ISC */
/* Traces, and what they share with flows, read back from the JSON of results. */
#ifndef PARSER_RESULTS_TRACE_H
#define PARSER_RESULTS_TRACE_H

#include "model/trace.h"

#include <jansson.h>

/* The trace of a witness; NULL when `object` is none. Lines lie in `sources` (excerpt.h). */
const struct trace *results_trace(struct arena *arena, const struct sources *sources,
                                  const json_t *object, const struct witness *witness);

/* An inspection; a limit, false when `object` is none. */
struct inspection_hit results_inspection(struct arena *arena, const struct sources *sources,
                                         const json_t *object);
bool results_limit(const struct sources *sources, const json_t *object, struct limit_hit *hit);

#endif
