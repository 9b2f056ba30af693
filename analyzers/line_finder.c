/* SPDX-License-Identifier: ISC */
/* See line_finder.h. Ranges are in an array by their begin, with a tree of their ends over it. */
#include "analyzers/line_finder.h"

#include <stdlib.h>

static void add_ranges(struct arena *arena, struct line_ranges *ranges, uint32_t line,
                       struct iset set)
{
	for (uint32_t i = 0; i < set.n; i++)
		VEC_PUSH(arena, &ranges->list, (struct line_range){set.v[i], line});
}

void line_finder_add(struct arena *arena, struct line_finder *finder, uint32_t line,
                     struct iset src, struct iset dst)
{
	finder->lines = line + 1;
	add_ranges(arena, &finder->ends[0], line, src);
	add_ranges(arena, &finder->ends[1], line, dst);
}

static int by_begin(const void *a, const void *b)
{
	const struct line_range *left = a, *right = b;
	if (left->range.lo != right->range.lo)
		return left->range.lo < right->range.lo ? -1 : 1;
	return left->line < right->line ? -1 : left->line > right->line;
}

/* Node `node` is over [lo, hi) of the list. */
static u128 build(struct line_ranges *ranges, uint32_t node, uint32_t lo, uint32_t hi)
{
	if (hi - lo == 1)
		return ranges->last[node] = ranges->list.v[lo].range.hi;
	uint32_t middle = lo + (hi - lo) / 2;
	u128 left = build(ranges, 2 * node, lo, middle);
	u128 right = build(ranges, 2 * node + 1, middle, hi);
	return ranges->last[node] = left > right ? left : right;
}

void line_finder_end(struct arena *arena, struct line_finder *finder)
{
	finder->seen = NEW_ARRAY(arena, uint32_t, finder->lines + 1u);
	for (int end = 0; end < 2; end++) {
		struct line_ranges *ranges = &finder->ends[end];
		if (ranges->list.n == 0)
			continue;
		qsort(ranges->list.v, ranges->list.n, sizeof(*ranges->list.v), by_begin);
		ranges->last = NEW_ARRAY(arena, u128, 4 * (size_t)ranges->list.n);
		build(ranges, 1, 0, ranges->list.n);
	}
}

/* A search that stops when it has found too many. */
struct hunt {
	const struct line_ranges *ranges;
	struct range range;
	uint32_t *found;
	uint32_t n, most;
	uint32_t *seen, search;
};

static void walk(struct hunt *hunt, uint32_t node, uint32_t lo, uint32_t hi)
{
	const struct line_range *list = hunt->ranges->list.v;
	if (hunt->n > hunt->most || hunt->ranges->last[node] < hunt->range.lo ||
	    list[lo].range.lo > hunt->range.hi)
		return;
	if (hi - lo > 1) {
		uint32_t middle = lo + (hi - lo) / 2;
		walk(hunt, 2 * node, lo, middle);
		walk(hunt, 2 * node + 1, middle, hi);
		return;
	}
	if (hunt->seen[list[lo].line] == hunt->search)
		return;
	hunt->seen[list[lo].line] = hunt->search;
	if (hunt->n < hunt->most)
		hunt->found[hunt->n] = list[lo].line;
	hunt->n++;
}

/* At most `most`; one more than that where there are more. */
static struct found_lines find(struct arena *arena, struct line_finder *finder, int end,
                               struct iset set, uint32_t most)
{
	const struct line_ranges *ranges = &finder->ends[end];
	struct hunt hunt = {.ranges = ranges,
	                    .found = NEW_ARRAY(arena, uint32_t, most + 1u),
	                    .most = most,
	                    .seen = finder->seen,
	                    .search = ++finder->searches};
	for (uint32_t i = 0; i < set.n && ranges->list.n; i++) {
		hunt.range = set.v[i];
		walk(&hunt, 1, 0, ranges->list.n);
	}
	return (struct found_lines){hunt.found, hunt.n};
}

static int by_number(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return left < right ? -1 : left > right;
}

struct found_lines line_finder_find(struct arena *arena, struct line_finder *finder,
                                    struct iset src, struct iset dst)
{
	const struct iset sets[2] = {src, dst};
	struct found_lines found = {0};
	/* Few are looked for at first; twice as many when both ends have more. */
	for (uint32_t most = 64;; most *= 2) {
		for (int end = 0; end < 2; end++) {
			found = find(arena, finder, end, sets[end], most);
			if (found.n <= most)
				break;
		}
		if (found.n <= most)
			break;
	}
	if (found.n)
		qsort(found.v, found.n, sizeof(*found.v), by_number);
	return found;
}
