/* SPDX-License-Identifier: ISC */
/* Calendar dates as they stand in policies, remarks and options. */
#ifndef MODEL_DATE_H
#define MODEL_DATE_H

#include "model/str.h"

/*
 * Whether `text` is a day of the Gregorian calendar written YYYY-MM-DD. Two
 * such texts compare as the days do (str_cmp).
 */
bool date_is_valid(struct str text);

/*
 * Whether `text` is YYYY-MM-DDTHH:MM, then optionally :SS, then optionally Z or +HH:MM or -HH:MM.
 */
bool date_time_is_valid(struct str text);

/*
 * Whether the moment `a` comes before `b`, both valid, by the zones they are given in; where only
 * one has a zone the other is taken to be in the same (ISO 8601 has intervals so).
 */
bool date_time_is_before(struct str a, struct str b);

#endif
