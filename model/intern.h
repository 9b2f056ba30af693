/* SPDX-License-Identifier: ISC */
/*
 * Names as small integers: equal strings get equal ids, from 1. Id 0 is "no
 * name" and its text is empty.
 */
#ifndef MODEL_INTERN_H
#define MODEL_INTERN_H

#include "model/str.h"

typedef uint32_t name_id; /* the one typedef of a scalar: an index into the table of names */

struct interns; /* lives in the arena it was made in */

/* An empty table, in which id 0 alone is known. */
struct interns *interns_new(struct arena *arena);

/* The id of `s`, added (copied) when new. The empty string is id 0. */
name_id intern(struct interns *names, struct str s);

/* The id of `s`, or 0 if it was never interned. */
name_id intern_find(const struct interns *names, struct str s);

/* The text of an id (NUL-terminated one past its end). */
struct str intern_str(const struct interns *names, name_id id);

/* How many ids there are; they run from 0 to this minus 1. */
uint32_t intern_count(const struct interns *names);

#endif
