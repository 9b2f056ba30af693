/* SPDX-License-Identifier: ISC */
/* One audited config, read back from its JSON. */
#ifndef PARSER_RESULTS_CONFIG_H
#define PARSER_RESULTS_CONFIG_H

#include "parser/results.h"

/*
 * Read a record of kind config, or an element of `configs`. False with what is wrong in *error when
 * it is no such thing: a key that everything hangs on is missing, a rule or flow is not known.
 */
bool results_config(struct arena *arena, struct rule_table rules, const json_t *object,
                    struct config_report *config, struct str *error);

#endif
