/* SPDX-License-Identifier: ISC */
/* The blast radius of a change: which packets it treats otherwise, the appliances' or others'. */
#ifndef ANALYZERS_EFFECTS_H
#define ANALYZERS_EFFECTS_H

#include "analyzers/audit.h"
#include "model/change.h"

/*
 * Fill check->effects and check->unchanged (true: no packet of others is treated otherwise) by
 * comparing `changed` with the config of the audit over all packets. `arena` owns what is added.
 */
void effects_find(struct arena *arena, const struct audit *before, const struct config *changed,
                  struct change_check *check);

#endif
