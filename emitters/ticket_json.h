/* SPDX-License-Identifier: ISC */
/* The ticket under the names of the columns of a ServiceNow change. */
#ifndef EMITTERS_TICKET_JSON_H
#define EMITTERS_TICKET_JSON_H

#include "emitters/json_value.h"
#include "model/report.h"

/* An object of plain texts; null for a report without a change. */
json_t *json_ticket(struct arena *arena, const struct report *report);

#endif
