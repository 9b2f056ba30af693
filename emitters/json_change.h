/* SPDX-License-Identifier: ISC */
/* A change as JSON: what the document of fix and the records of scan share. */
#ifndef EMITTERS_JSON_CHANGE_H
#define EMITTERS_JSON_CHANGE_H

#include "model/change.h"

#include <jansson.h>

/* Commands, rollback, notes, form, proof and what is left unmended (product.md, JSON `fix`). */
json_t *json_change(struct arena *arena, const struct change *change);

#endif
