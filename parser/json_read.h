/* SPDX-License-Identifier: ISC */
/* Values out of JSON objects. What is absent or of another kind reads as empty, zero or false. */
#ifndef PARSER_JSON_READ_H
#define PARSER_JSON_READ_H

#include "model/str.h"

#include <jansson.h>

/* The text of a string value, or of object[key], copied. */
struct str json_read_string(struct arena *arena, const json_t *value);
struct str json_read_text(struct arena *arena, const json_t *object, const char *key);

/* object[key] as a number from 0 to UINT32_MAX; 0 where it is larger. */
uint32_t json_read_count(const json_t *object, const char *key);

/* Is object[key] true? */
bool json_read_bool(const json_t *object, const char *key);

/* The index of object[key] among `n` names, of which some may be NULL; or -1. */
int json_read_name(const json_t *object, const char *key, const char *const *names, int n);

#endif
