/* SPDX-License-Identifier: ISC */
/* Two lists of numbers, side by side (same.h). */
#include "analyzers/same.h"

#include <stdlib.h>

struct place_of_number {
	uint32_t number, at;
};

static int compare_places(const void *a, const void *b)
{
	const struct place_of_number *left = a, *right = b;
	if (left->number != right->number)
		return left->number < right->number ? -1 : 1;
	return left->at < right->at ? -1 : left->at > right->at;
}

static struct place_of_number *sorted(struct arena *arena, const uint32_t *numbers, uint32_t n)
{
	struct place_of_number *places = NEW_ARRAY(arena, struct place_of_number, n + 1u);
	for (uint32_t i = 0; i < n; i++)
		places[i] = (struct place_of_number){numbers[i], i};
	qsort(places, n, sizeof(*places), compare_places);
	return places;
}

uint32_t *same_pair(struct arena *arena, const uint32_t *a, uint32_t n_a, const uint32_t *b,
                    uint32_t n_b)
{
	uint32_t *partner = NEW_ARRAY(arena, uint32_t, n_a + 1u);
	struct place_of_number *left = sorted(arena, a, n_a), *right = sorted(arena, b, n_b);
	for (uint32_t i = 0, j = 0; i < n_a && j < n_b;) {
		if (left[i].number < right[j].number)
			i++;
		else if (left[i].number > right[j].number)
			j++;
		else
			partner[left[i++].at] = right[j++].at + 1;
	}
	return partner;
}

/* Keep the longest rising sequence of partners (patience sorting). */
static void keep_rising(struct arena *arena, uint32_t *partner, uint32_t n)
{
	uint32_t *ends = NEW_ARRAY(arena, uint32_t, n + 1u); /* index of the end of each length */
	uint32_t *before = NEW_ARRAY(arena, uint32_t, n + 1u);
	uint32_t length = 0;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t lo = 0, hi = length;
		if (!partner[i])
			continue;
		while (lo < hi) {
			uint32_t mid = lo + (hi - lo) / 2;
			if (partner[ends[mid]] < partner[i])
				lo = mid + 1;
			else
				hi = mid;
		}
		before[i] = lo ? ends[lo - 1] : n;
		ends[lo] = i;
		length += lo == length;
	}
	bool *keep = NEW_ARRAY(arena, bool, n + 1u);
	for (uint32_t at = length ? ends[length - 1] : n; at != n; at = before[at])
		keep[at] = true;
	for (uint32_t i = 0; i < n; i++)
		if (!keep[i])
			partner[i] = 0;
}

struct pairs same_align(struct arena *arena, const uint32_t *a, uint32_t n_a, const uint32_t *b,
                        uint32_t n_b)
{
	struct pairs pairs = {
	        {same_pair(arena, a, n_a, b, n_b), NEW_ARRAY(arena, uint32_t, n_b + 1u)}};
	keep_rising(arena, pairs.pair[SIDE_OLD], n_a);
	for (uint32_t i = 0; i < n_a; i++)
		if (pairs.pair[SIDE_OLD][i])
			pairs.pair[SIDE_NEW][pairs.pair[SIDE_OLD][i] - 1] = i + 1;
	return pairs;
}
