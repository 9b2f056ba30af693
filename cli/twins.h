/* SPDX-License-Identifier: ISC */
/*
 * Inputs of equal content, analysed once: the records of the first are kept for the others, as
 * long as they fit a budget. Safe to use from many threads.
 */
#ifndef CLI_TWINS_H
#define CLI_TWINS_H

#include "model/str.h"

struct twins;

/* Keep at most `budget` bytes of records. NULL when memory runs out: then nothing is known. */
struct twins *twins_new(size_t budget);
void twins_free(struct twins *twins);

/*
 * Whether the records of `key` are known: then they are copied into `arena`. Where another thread
 * is about to make them, this waits for it. If not, the caller is to make them, and must call
 * twins_end().
 */
bool twins_begin(struct twins *twins, struct str key, struct arena *arena, struct str *records);

/* Tell the records of `key`; empty: there are none after all, the next to ask makes them. */
void twins_end(struct twins *twins, struct str key, struct str records);

#endif
