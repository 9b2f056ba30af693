/* SPDX-License-Identifier: ISC */
/*
 * JSON values for the emitters. Keys keep the order in which they were set, so
 * the output is the same each time. When memory runs out the arena's handler
 * is called: no document is ever written with a part missing.
 */
#ifndef EMITTERS_JSON_VALUE_H
#define EMITTERS_JSON_VALUE_H

#include "emitters/packets.h"
#include "model/policy.h"
#include "model/source.h"

#include <jansson.h>

enum { JSON_SCHEMA_VERSION = 1 };

/* object[key] = value, which is taken over. */
void json_set(struct arena *arena, json_t *object, const char *key, json_t *value);

/* Set all keys of `more`, which is taken over, in `object`. */
void json_update(struct arena *arena, json_t *object, json_t *more);

/* Append a value, which is taken over. */
void json_append(struct arena *arena, json_t *array, json_t *value);

/* A string, made valid UTF-8. */
json_t *json_text(struct arena *arena, struct str s);

/* The same; null for the empty string. */
json_t *json_text_or_null(struct arena *arena, struct str s);

/* An array of strings. */
json_t *json_words(struct arena *arena, const struct words *words);

/* [{"real": ADDRESS, "mapped": ADDRESS or null}] */
json_t *json_hosts(struct arena *arena, const struct hosts *hosts);

/* {"name": "asamend", "version": ...} */
json_t *json_tool(struct arena *arena, const char *version);

/*
 * object["line"]: a number, or null without a place; and "path" when that is not the first source.
 */
void json_set_line(struct arena *arena, json_t *object, const struct sources *sources,
                   struct span span);

/* A set of packets as [{src, dst, ports}], with "src_ports" where these are restricted. */
json_t *json_packets(struct arena *arena, const struct pset *set);

/* {"input", "protocol", "src", "sport", "dst", "dport"} */
json_t *json_witness(struct arena *arena, const struct witness *witness);

/* Append the document with its line end to `out`, and release it; indented, or on one line. */
void json_write(struct buf *out, json_t *document);
void json_write_line(struct buf *out, json_t *document);

/*
 * Append a value without a line end, its lines but the first behind `indent` blanks, and release
 * it: for arrays that are written element by element, being too large to be held as values.
 */
void json_write_element(struct buf *out, json_t *value, unsigned indent);

#endif
