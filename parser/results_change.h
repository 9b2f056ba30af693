/* SPDX-License-Identifier: ISC */
/* Changes and packets, read back from the JSON of results. */
#ifndef PARSER_RESULTS_CHANGE_H
#define PARSER_RESULTS_CHANGE_H

#include "parser/results.h"

/* The change of a config's result; NULL when `object` is none. */
const struct change *results_change(struct arena *arena, struct rule_table rules,
                                    const json_t *object);

/* A witness; false when `object` is none. */
bool results_witness(struct arena *arena, const json_t *object, struct witness *witness);

#endif
