/* SPDX-License-Identifier: ISC */
/*
 * One audited config, and the sums of a run, as JSON values: what the documents of audit and the
 * records of scan share (product.md, JSON).
 */
#ifndef EMITTERS_JSON_CONFIG_H
#define EMITTERS_JSON_CONFIG_H

#include "model/report.h"

#include <jansson.h>

/* An element of `configs`; with its change and traced witnesses where it has them. */
json_t *json_config(struct arena *arena, const struct config_report *config);

/* `summary` */
json_t *json_summary(struct arena *arena, const struct summary *summary);

#endif
