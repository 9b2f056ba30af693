/* SPDX-License-Identifier: ISC */
/*
 * Which of many sets of addresses hold an address, without looking at each: the number line is
 * cut wherever a set begins or ends, and each piece has a row of bits, one a set. Of a row only
 * the words that are not zero are kept, with a row of bits over them that says which they are,
 * so a row takes about as much room as sets hold its piece.
 */
#ifndef ANALYZERS_ADDRESS_ROWS_H
#define ANALYZERS_ADDRESS_ROWS_H

#include "model/interval.h"

struct address_rows;

/* The rows of `n` sets, of the arena; NULL if they would take too much room. */
const struct address_rows *address_rows_of(struct arena *arena, const struct iset *sets,
                                           uint32_t n);

/* The sets that hold an address, or two addresses of two rows of the same sets; rising. */
struct row_walk {
	const uint64_t *which[2]; /* of each row: the words that are kept; [1] NULL: one row */
	const uint64_t *words[2]; /* the kept words of which[at] on */
	uint32_t n, at;           /* words of `which`, and the current one */
	uint64_t common;          /* words kept in both rows and not yet taken, of which[at] */
	uint64_t left;            /* sets not yet taken, of the current word */
	uint32_t word;
};

/* Begin at the sets of one row, or of both; row_next() tells them. */
void address_row(const struct address_rows *rows, u128 address, struct row_walk *walk);
void address_row_both(const struct address_rows *a, u128 in_a, const struct address_rows *b,
                      u128 in_b, struct row_walk *walk);

/* The next set by its number, or false. */
bool row_next(struct row_walk *walk, uint32_t *set);

/*
 * Of two rows: go past the sets below `to`; a few of the last (those of its word) may still come.
 */
void row_skip(struct row_walk *walk, uint32_t to);

#endif
