/* SPDX-License-Identifier: ISC */
/* A table for a narrow screen. */
#ifndef EMITTERS_TEXT_TABLE_H
#define EMITTERS_TEXT_TABLE_H

#include "emitters/ticket.h"

/*
 * Print the rows, the first of which has the titles, with `prefix` before each line and no line
 * wider than `width`: columns are as wide as they need to be, and cells are wrapped where that is
 * too much. What the first column says stands above the rows that share it.
 */
void text_table_add(struct buf *out, const struct block *table, const char *prefix, size_t width);

#endif
