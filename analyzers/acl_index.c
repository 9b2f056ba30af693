/* SPDX-License-Identifier: ISC */
#include "analyzers/acl_index.h"

#include <stdlib.h>

/* Lists shorter than this are read as fast; rows of more than this many bytes are not made. */
enum { WORTH_IT = 16, MOST_BYTES = 128 << 20 };

/* One dimension: where its elementary intervals begin, and a row of bits for each. */
struct rows {
	u128 *begins;
	uint32_t n;
	uint64_t *bits; /* n rows */
};

struct acl_index {
	uint32_t n_words; /* of a row */
	struct rows sources, destinations;
};

static int compare_points(const void *a, const void *b)
{
	u128 left = *(const u128 *)a, right = *(const u128 *)b;
	return left < right ? -1 : left > right;
}

/* An ACE that may match anything, whatever its addresses (they could not be read). */
static bool matches_all(const struct ace *ace)
{
	return ace->action == ACE_UNKNOWN;
}

static bool is_skipped(const struct ace *ace)
{
	return ace->action == ACE_REMARK || ace->inactive;
}

static struct iset side(const struct config *config, const struct ace *ace, bool source)
{
	return config_addr_set(config, source ? ace->src : ace->dst)->may;
}

/* The last interval that begins at or before a point. Intervals begin at 0. */
static uint32_t row_of(const struct rows *rows, u128 point)
{
	uint32_t lo = 0, n = rows->n;
	while (n > 1) {
		uint32_t half = n / 2;
		if (rows->begins[lo + half] <= point)
			lo += half;
		n -= half;
	}
	return lo;
}

static void cut_rows(struct arena *arena, const struct config *config, const struct acl *acl,
                     bool source, struct rows *rows)
{
	VEC(u128) points = {0};
	VEC_PUSH(arena, &points, 0);
	VEC_EACH(const struct ace, ace, &acl->aces) {
		if (is_skipped(ace) || matches_all(ace))
			continue;
		struct iset set = side(config, ace, source);
		for (uint32_t i = 0; i < set.n; i++) {
			VEC_PUSH(arena, &points, set.v[i].lo);
			if (set.v[i].hi != U128_MAX)
				VEC_PUSH(arena, &points, set.v[i].hi + 1);
		}
	}
	qsort(points.v, points.n, sizeof(*points.v), compare_points);
	for (uint32_t i = 0; i < points.n; i++)
		if (i == 0 || points.v[i] != points.v[rows->n - 1])
			points.v[rows->n++] = points.v[i];
	rows->begins = points.v;
}

static void mark(struct rows *rows, uint32_t n_words, struct range range, uint32_t bit)
{
	uint32_t from = row_of(rows, range.lo), to = row_of(rows, range.hi);
	for (uint32_t row = from; row <= to; row++)
		rows->bits[(size_t)row * n_words + bit / 64] |= (uint64_t)1 << (bit % 64);
}

static void fill_rows(struct arena *arena, const struct config *config, const struct acl *acl,
                      bool source, uint32_t n_words, struct rows *rows)
{
	static const struct range everything = {0, U128_MAX};
	rows->bits = NEW_ARRAY(arena, uint64_t, (size_t)rows->n * n_words);
	for (uint32_t i = 0; i < acl->aces.n; i++) {
		const struct ace *ace = &acl->aces.v[i];
		if (is_skipped(ace))
			continue;
		if (matches_all(ace)) {
			mark(rows, n_words, everything, i);
			continue;
		}
		struct iset set = side(config, ace, source);
		for (uint32_t k = 0; k < set.n; k++)
			mark(rows, n_words, set.v[k], i);
	}
}

const struct acl_index *acl_index_of(struct arena *arena, const struct config *config,
                                     const struct acl *acl)
{
	struct acl_index *index = NEW(arena, struct acl_index);
	index->n_words = (acl->aces.n + 63) / 64;
	cut_rows(arena, config, acl, true, &index->sources);
	cut_rows(arena, config, acl, false, &index->destinations);
	uint64_t rows = (uint64_t)index->sources.n + index->destinations.n;
	if (rows * index->n_words * sizeof(uint64_t) > MOST_BYTES)
		return NULL;
	fill_rows(arena, config, acl, true, index->n_words, &index->sources);
	fill_rows(arena, config, acl, false, index->n_words, &index->destinations);
	return index;
}

void acl_index_all(struct arena *arena, struct config *config)
{
	VEC_EACH(struct acl, acl, &config->acls)
		if (acl->kind == ACL_EXTENDED && acl->aces.n >= WORTH_IT)
			acl->index = acl_index_of(arena, config, acl);
}

struct acl_candidates acl_candidates(const struct acl_index *index, u128 src, u128 dst)
{
	struct acl_candidates out = {.n_words = index->n_words};
	uint32_t from = row_of(&index->sources, src), to = row_of(&index->destinations, dst);
	out.sources = index->sources.bits + (size_t)from * index->n_words;
	out.destinations = index->destinations.bits + (size_t)to * index->n_words;
	out.left = out.sources[0] & out.destinations[0];
	return out;
}

bool acl_next_candidate(struct acl_candidates *candidates, uint32_t *ace)
{
	while (candidates->left == 0) {
		uint32_t word = ++candidates->word;
		if (word >= candidates->n_words)
			return false;
		candidates->left = candidates->sources[word] & candidates->destinations[word];
	}
	*ace = candidates->word * 64 + (uint32_t)__builtin_ctzll(candidates->left);
	candidates->left &= candidates->left - 1;
	return true;
}
