/* SPDX-License-Identifier: ISC */
/*
 * Lists under edit: `no` of a line, a line at a place. A list stays a plain VEC to which lines
 * are appended; only when the first `no` or `line N` comes is it taken in here, where finding and
 * removing take constant time and inserting about the square root of the length. When all
 * is read edits_finish() puts the VEC in order. Without this a file of a million lines, each
 * taking back another, would take hours.
 */
#ifndef PARSER_EDITS_H
#define PARSER_EDITS_H

#include "model/str.h"

/* What the elements are. Equal elements have equal hashes; `context` is the caller's. */
struct edit_kind {
	size_t size;
	uint64_t (*hash)(const void *context, const void *element);
	bool (*same)(const void *context, const void *a, const void *b);
};

enum { EDITS_NONE = UINT32_MAX };

struct edits;

/* An editor of a list without elements yet; `kind` and `context` outlive it. */
struct edits *edits_new(struct arena *arena, const struct edit_kind *kind, const void *context);

/* Take in what was appended to the VEC since the last call. Call it before the others. */
void edits_sync(struct edits *edits, const void *v, uint32_t n);

/* The index in the VEC of an element that equals this one, or EDITS_NONE. */
uint32_t edits_find(const struct edits *edits, const void *v, const void *element);

/* Remove every element that equals this one. Returns how many there were. */
uint32_t edits_remove(struct edits *edits, const void *v, const void *element);

/*
 * Move the element at the end of the VEC so that it is the `at`-th (from 0) of those that are left.
 */
void edits_place_last(struct edits *edits, uint32_t at);

/* How many are left. */
uint32_t edits_count(const struct edits *edits);

/* Put the VEC in order; returns its length. The edits are of no use afterwards. */
uint32_t edits_finish(struct edits *edits, void *v);

#endif
