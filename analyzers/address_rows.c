/* SPDX-License-Identifier: ISC */
/*
 * The rows are written in one sweep over the number line: a set is turned on where a range of
 * its begins and off where it has ended, and after the turns of a piece its row is copied.
 */
#include "analyzers/address_rows.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_WORDS = 32 << 20 }; /* in all rows together */

/*
 * The IPv4 addresses of one first byte, in equal slots, about as many as there are pieces; each
 * slot knows the piece of its first address.
 */
struct slots {
	uint32_t first; /* among all slots */
	uint8_t shift;  /* the low bits of an address that do not count */
};

/* Where a piece with IPv4 addresses begins, and its row. */
struct piece4 {
	uint32_t begin, row;
};

struct address_rows {
	u128 *begins;   /* of the pieces; the first begins at 0 */
	uint32_t *rows; /* of each piece: where its row begins among the words */
	uint32_t n;
	struct piece4
	        *pieces4; /* of the pieces with IPv4 addresses, the first of which is first4 */
	uint32_t first4, n4;
	struct slots bytes[256];
	uint32_t *slots;  /* as indexes of pieces4; one more than there are */
	uint32_t n_which; /* words of `which` in a row, with the kept words behind them */
	uint64_t *words;
};

/* --- pieces ----------------------------------------------------------------------------- */

static int compare_points(const void *a, const void *b)
{
	u128 left = *(const u128 *)a, right = *(const u128 *)b;
	return left < right ? -1 : left > right;
}

/* The last piece that begins at or before a point. Both loops have no branch to be guessed. */
static uint32_t piece_of(const struct address_rows *rows, u128 point)
{
	uint32_t at = 0;
	for (uint32_t n = rows->n; n > 1; n -= n / 2)
		at += rows->begins[at + n / 2] <= point ? n / 2 : 0;
	return at;
}

/* The row of an IPv4 address, which nearly all packets have: only a slot is searched. */
static uint32_t row_of4(const struct address_rows *rows, uint32_t point)
{
	const struct slots *byte = &rows->bytes[point >> 24];
	const uint32_t *slot = &rows->slots[byte->first + ((point & 0xffffff) >> byte->shift)];
	uint32_t at = slot[0];
	for (uint32_t n = slot[1] - slot[0] + 1; n > 1; n -= n / 2)
		at += rows->pieces4[at + n / 2].begin <= point ? n / 2 : 0;
	return rows->pieces4[at].row;
}

/* The smallest power of two that is not below n, as bits; at most 24. */
static uint8_t bits_for(uint32_t n)
{
	uint8_t bits = 0;
	while (bits < 24 && (uint32_t)1 << bits < n)
		bits++;
	return bits;
}

static void make_slots(struct arena *arena, struct address_rows *rows)
{
	uint32_t pieces[256] = {0}, n = 0, piece = 0;
	for (uint32_t i = 0; i < rows->n4; i++)
		pieces[rows->pieces4[i].begin >> 24]++;
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint8_t bits = bits_for(pieces[byte]);
		rows->bytes[byte] = (struct slots){n, (uint8_t)(24 - bits)};
		n += (uint32_t)1 << bits;
	}
	rows->slots = NEW_ARRAY(arena, uint32_t, (size_t)n + 1);
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint8_t shift = rows->bytes[byte].shift;
		for (uint32_t slot = 0; slot < (uint32_t)1 << (24 - shift); slot++) {
			uint32_t begin = byte << 24 | slot << shift;
			while (piece + 1 < rows->n4 && rows->pieces4[piece + 1].begin <= begin)
				piece++;
			rows->slots[rows->bytes[byte].first + slot] = piece;
		}
	}
	rows->slots[n] = rows->n4 - 1;
}

static void cut_pieces(struct arena *arena, const struct iset *sets, uint32_t n_sets,
                       struct address_rows *rows)
{
	VEC(u128) points = {0};
	VEC_PUSH(arena, &points, 0);
	for (uint32_t i = 0; i < n_sets; i++)
		for (uint32_t k = 0; k < sets[i].n; k++) {
			VEC_PUSH(arena, &points, sets[i].v[k].lo);
			if (sets[i].v[k].hi != U128_MAX)
				VEC_PUSH(arena, &points, sets[i].v[k].hi + 1);
		}
	qsort(points.v, points.n, sizeof(*points.v), compare_points);
	for (uint32_t i = 0; i < points.n; i++)
		if (i == 0 || points.v[i] != points.v[rows->n - 1])
			points.v[rows->n++] = points.v[i];
	rows->begins = points.v;
	rows->first4 = piece_of(rows, ADDR4_MIN);
	rows->pieces4 = NEW_ARRAY(arena, struct piece4, rows->n + 1);
	rows->n4 = 1; /* [0] is 0: the first of them may begin before IPv4 does */
	for (uint32_t i = rows->first4 + 1; i < rows->n && addr_is4(rows->begins[i]); i++)
		rows->pieces4[rows->n4++].begin = (uint32_t)rows->begins[i];
	make_slots(arena, rows);
}

/* --- the sweep -------------------------------------------------------------------------- */

/* Where sets turn on or off, in order of the pieces. */
struct turns {
	uint32_t *of_piece; /* where those of each piece begin; n + 2 of them */
	uint32_t *sets;
};

static void each_turn(const struct address_rows *rows, struct iset set, uint32_t number,
                      struct turns *turns, bool count)
{
	for (uint32_t k = 0; k < set.n; k++) {
		const uint32_t pieces[] = {piece_of(rows, set.v[k].lo),
		                           piece_of(rows, set.v[k].hi) + 1};
		for (int i = 0; i < 2; i++) {
			if (count)
				turns->of_piece[pieces[i] + 1]++;
			else
				turns->sets[turns->of_piece[pieces[i]]++] = number;
		}
	}
}

static struct turns turns_of(struct arena *arena, const struct address_rows *rows,
                             const struct iset *sets, uint32_t n_sets)
{
	struct turns turns = {.of_piece = NEW_ARRAY(arena, uint32_t, (size_t)rows->n + 2)};
	for (uint32_t i = 0; i < n_sets; i++)
		each_turn(rows, sets[i], i, &turns, true);
	for (uint32_t i = 0; i <= rows->n; i++)
		turns.of_piece[i + 1] += turns.of_piece[i];
	turns.sets = NEW_ARRAY(arena, uint32_t, (size_t)turns.of_piece[rows->n + 1] + 1);
	for (uint32_t i = 0; i < n_sets; i++)
		each_turn(rows, sets[i], i, &turns, false);
	/* Filling has moved each beginning to the next one's. */
	memmove(turns.of_piece + 1, turns.of_piece, ((size_t)rows->n + 1) * sizeof(uint32_t));
	turns.of_piece[0] = 0;
	return turns;
}

struct kept_words {
	VEC(uint64_t) list;
};

/* Write the row of a piece: its `which`, then the words that are not zero. */
static bool keep_row(struct arena *arena, struct address_rows *rows, uint32_t piece,
                     const uint64_t *now, const uint64_t *which, struct kept_words *kept)
{
	rows->rows[piece] = kept->list.n;
	for (uint32_t i = 0; i < rows->n_which; i++)
		VEC_PUSH(arena, &kept->list, which[i]);
	for (uint32_t i = 0; i < rows->n_which; i++)
		for (uint64_t left = which[i]; left; left &= left - 1) {
			if (kept->list.n >= MOST_WORDS)
				return false;
			VEC_PUSH(arena, &kept->list, now[i * 64 + (uint32_t)__builtin_ctzll(left)]);
		}
	return true;
}

static bool sweep(struct arena *arena, const struct turns *turns, struct address_rows *rows)
{
	uint64_t *now = NEW_ARRAY(arena, uint64_t, (size_t)rows->n_which * 64);
	uint64_t *which = NEW_ARRAY(arena, uint64_t, rows->n_which);
	struct kept_words kept = {0};
	for (uint32_t piece = 0; piece < rows->n; piece++) {
		for (uint32_t t = turns->of_piece[piece]; t < turns->of_piece[piece + 1]; t++) {
			uint32_t word = turns->sets[t] / 64;
			uint64_t bit = (uint64_t)1 << (word % 64);
			now[word] ^= (uint64_t)1 << (turns->sets[t] % 64);
			which[word / 64] =
			        now[word] ? which[word / 64] | bit : which[word / 64] & ~bit;
		}
		if (!keep_row(arena, rows, piece, now, which, &kept))
			return false;
	}
	for (uint32_t i = 0; i < rows->n4; i++)
		rows->pieces4[i].row = rows->rows[rows->first4 + i];
	rows->words = kept.list.v;
	return true;
}

const struct address_rows *address_rows_of(struct arena *arena, const struct iset *sets, uint32_t n)
{
	struct address_rows *rows = NEW(arena, struct address_rows);
	cut_pieces(arena, sets, n, rows);
	rows->n_which = (n + 4095) / 4096 + (n == 0);
	if ((uint64_t)rows->n * rows->n_which > MOST_WORDS)
		return NULL;
	rows->rows = NEW_ARRAY(arena, uint32_t, rows->n);
	const struct turns turns = turns_of(arena, rows, sets, n);
	return sweep(arena, &turns, rows) ? rows : NULL;
}

/* --- reading ---------------------------------------------------------------------------- */

static void begin_row(const struct address_rows *rows, u128 address, struct row_walk *walk, int i)
{
	uint32_t row = addr_is4(address) ? row_of4(rows, (uint32_t)address)
	                                 : rows->rows[piece_of(rows, address)];
	walk->which[i] = rows->words + row;
	walk->words[i] = walk->which[i] + rows->n_which;
}

static void begin_walk(const struct address_rows *rows, uint64_t common, struct row_walk *walk)
{
	walk->n = rows->n_which;
	walk->at = walk->word = 0;
	walk->common = common;
	walk->left = 0;
}

void address_row_both(const struct address_rows *a, u128 in_a, const struct address_rows *b,
                      u128 in_b, struct row_walk *walk)
{
	begin_row(a, in_a, walk, 0);
	begin_row(b, in_b, walk, 1);
	begin_walk(a, walk->which[0][0] & walk->which[1][0], walk);
}

void address_row(const struct address_rows *rows, u128 address, struct row_walk *walk)
{
	begin_row(rows, address, walk, 0);
	walk->which[1] = NULL;
	begin_walk(rows, walk->which[0][0], walk);
}

/* The kept word of a row, by its place among the 64 of the current word of `which`. */
static uint64_t kept_word(const struct row_walk *walk, int row, uint64_t before)
{
	return walk->words[row][__builtin_popcountll(walk->which[row][walk->at] & before)];
}

/* On to the next word of `which`; of one row, the words before it were taken one by one. */
static bool next_words(struct row_walk *walk)
{
	if (walk->at + 1 == walk->n)
		return false;
	for (int row = 0; row < 2 && walk->which[1]; row++)
		walk->words[row] += __builtin_popcountll(walk->which[row][walk->at]);
	walk->at++;
	walk->common = walk->which[0][walk->at];
	if (walk->which[1])
		walk->common &= walk->which[1][walk->at];
	return true;
}

bool row_next(struct row_walk *walk, uint32_t *set)
{
	while (walk->left == 0) {
		while (walk->common == 0)
			if (!next_words(walk))
				return false;
		uint64_t before = (walk->common & -walk->common) - 1;
		walk->word = walk->at * 64 + (uint32_t)__builtin_ctzll(walk->common);
		walk->common &= walk->common - 1;
		walk->left = walk->which[1]
		                     ? kept_word(walk, 0, before) & kept_word(walk, 1, before)
		                     : *walk->words[0]++;
	}
	*set = walk->word * 64 + (uint32_t)__builtin_ctzll(walk->left);
	walk->left &= walk->left - 1;
	return true;
}

void row_skip(struct row_walk *walk, uint32_t to)
{
	uint32_t word = to / 64;
	if (walk->word >= word)
		return;
	walk->left = 0;
	while (walk->at < word / 64) {
		walk->common = 0;
		if (!next_words(walk))
			return;
	}
	walk->common &= ~(uint64_t)0 << word % 64;
}
