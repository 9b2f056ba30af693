/* SPDX-License-Identifier: ISC */
/* See alike.h. A class is told by a hash of its keys. */
#include "analyzers/alike.h"

#include "analyzers/cuts.h"

#include <stdlib.h>

static int by_key(const void *a, const void *b)
{
	const struct mark *left = a, *right = b;
	return left->key < right->key ? -1 : left->key > right->key;
}

/* 64 bits of a key that add up without regard to order (the finalizer of splitmix64). */
static uint64_t scatter(uint64_t key)
{
	key += 0x9e3779b97f4a7c15u;
	key = (key ^ key >> 30) * 0xbf58476d1ce4e5b9u;
	key = (key ^ key >> 27) * 0x94d049bb133111ebu;
	return key ^ key >> 31;
}

/* An elementary interval. */
struct piece_of_line {
	struct range range;
	uint64_t hash;
	uint32_t last_key;
	bool any;
};

static int by_hash(const void *a, const void *b)
{
	const struct piece_of_line *left = a, *right = b;
	if (left->hash != right->hash)
		return left->hash < right->hash ? -1 : 1;
	return left->range.lo < right->range.lo ? -1 : left->range.lo > right->range.lo;
}

/* Keys are numbers that happen to be; in which order classes come is not to depend on them. */
static int by_begin(const void *a, const void *b)
{
	const struct iset *left = a, *right = b;
	return left->v[0].lo < right->v[0].lo ? -1 : left->v[0].lo > right->v[0].lo;
}

static void put_mark(struct piece_of_line *pieces, const struct cuts *cuts, const struct mark *mark)
{
	for (uint32_t r = 0; r < mark->set.n; r++) {
		uint32_t at = cuts_from(cuts, mark->set.v[r].lo);
		for (; at < cuts->n && cuts->v[at].lo <= mark->set.v[r].hi; at++) {
			if (pieces[at].any && pieces[at].last_key == mark->key)
				continue;
			pieces[at].any = true;
			pieces[at].last_key = mark->key;
			pieces[at].hash += scatter(mark->key);
		}
	}
}

struct alike alike_of(struct arena *arena, struct iset extent, struct marks *marks)
{
	struct cut_points points = {0};
	struct alike alike = {0};
	VEC_EACH(const struct mark, mark, &marks->list)
		cut_points_add(arena, &points, mark->set);
	struct cuts cuts = cuts_of(arena, extent, &points);
	struct piece_of_line *pieces = NEW_ARRAY(arena, struct piece_of_line, cuts.n + 1u);
	struct range *ranges = NEW_ARRAY(arena, struct range, cuts.n + 1u);
	for (uint32_t i = 0; i < cuts.n; i++)
		pieces[i].range = cuts.v[i];
	if (marks->list.n)
		qsort(marks->list.v, marks->list.n, sizeof(*marks->list.v), by_key);
	VEC_EACH(const struct mark, mark, &marks->list)
		put_mark(pieces, &cuts, mark);
	qsort(pieces, cuts.n, sizeof(*pieces), by_hash);
	for (uint32_t i = 0, n; i < cuts.n; i += n) {
		for (n = 0; i + n < cuts.n && pieces[i + n].hash == pieces[i].hash; n++)
			ranges[n] = pieces[i + n].range;
		VEC_PUSH(arena, &alike.list, iset_of(arena, ranges, n));
	}
	if (alike.list.n)
		qsort(alike.list.v, alike.list.n, sizeof(*alike.list.v), by_begin);
	return alike;
}
