/* SPDX-License-Identifier: ISC */
/*
 * Interval sets against bitmaps: the line is cut into cells, some of them single
 * points at both of its ends, and all pairs of the sets of whole cells are tried.
 */
#include "model/interval.h"

#include <criterion/criterion.h>

#define M  U128_MAX
#define A4 ADDR4_MIN
#define Z4 ADDR4_MAX

enum { CELLS = 8, SETS = 1 << CELLS };

static const struct range cells[CELLS] = {
        {0, 0},       {1, 1},          {2, A4 - 1},    {A4, A4},
        {A4 + 1, Z4}, {Z4 + 1, M - 2}, {M - 1, M - 1}, {M, M},
};

/* The set of the cells whose bits are set, made of ranges in a scrambled order. */
static struct iset of_bits(struct arena *arena, unsigned bits)
{
	struct range ranges[2 * CELLS];
	uint32_t n = 0;
	unsigned i;

	for (i = 0; i < CELLS; i++) {
		unsigned cell = (i * 5 + bits) % CELLS;

		if (bits >> cell & 1) {
			ranges[n++] = cells[cell];
			if (cell + 1 < CELLS && bits >> (cell + 1) & 1) /* one that overlaps */
				ranges[n++] = (struct range){cells[cell].hi, cells[cell + 1].hi};
		}
	}
	return iset_of(arena, ranges, n);
}

static unsigned bits_of(struct iset set)
{
	unsigned i, bits = 0;

	for (i = 0; i < CELLS; i++) {
		bool lo = iset_contains(set, cells[i].lo), hi = iset_contains(set, cells[i].hi);

		cr_expect(lo == hi, "cell %u is cut", i);
		bits |= (unsigned)lo << i;
	}
	return bits;
}

static bool is_canonical(struct iset set)
{
	uint32_t i;

	for (i = 0; i < set.n; i++) {
		if (set.v[i].lo > set.v[i].hi)
			return false;
		if (i > 0 && (set.v[i - 1].hi >= set.v[i].lo || set.v[i - 1].hi + 1 == set.v[i].lo))
			return false;
	}
	return true;
}

static bool is(struct iset set, unsigned bits)
{
	return is_canonical(set) && bits_of(set) == bits;
}

Test(interval, laws)
{
	struct arena *arena = arena_new();
	struct iset sets[SETS];
	unsigned a, b;

	for (a = 0; a < SETS; a++) {
		sets[a] = of_bits(arena, a);
		cr_expect(is(sets[a], a), "set %x", a);
		cr_expect(iset_is_empty(sets[a]) == (a == 0), "set %x", a);
		cr_expect(is(iset_family(arena, sets[a], true), a & 0x18), "v4 of %x", a);
		cr_expect(is(iset_family(arena, sets[a], false), a & ~0x18u), "v6 of %x", a);
	}
	for (a = 0; a < SETS; a++) {
		struct arena *scratch = arena_new();

		for (b = 0; b < SETS; b++) {
			struct iset x = sets[a], y = sets[b];
			struct iset minus = iset_subtract(scratch, x, y);
			struct iset both = iset_intersect(scratch, x, y);

			cr_expect(is(iset_union(scratch, x, y), a | b), "%x u %x", a, b);
			cr_expect(is(both, a & b), "%x n %x", a, b);
			cr_expect(is(minus, a & ~b), "%x \\ %x", a, b);
			cr_expect(iset_overlaps(x, y) == ((a & b) != 0), "%x meets %x", a, b);
			cr_expect(iset_covers(x, y) == ((b & ~a) == 0), "%x covers %x", a, b);
			cr_expect(iset_equal(x, y) == (a == b), "%x is %x", a, b);
			cr_expect(!iset_overlaps(minus, y), "%x \\ %x meets %x", a, b, b);
			cr_expect(iset_equal(iset_union(scratch, minus, both), x), "%x, %x", a, b);
		}
		arena_free(scratch);
	}
	arena_free(arena);
}

Test(interval, ends)
{
	struct arena *arena = arena_new();
	struct iset all = iset_all(), first = iset_point(arena, 0), last = iset_point(arena, M);
	struct iset inner = iset_subtract(arena, iset_subtract(arena, all, first), last);

	cr_expect(iset_is_empty(iset_none()));
	cr_expect(inner.n == 1 && inner.v[0].lo == 1 && inner.v[0].hi == M - 1);
	cr_expect(iset_is_empty(iset_subtract(arena, all, all)));
	cr_expect(iset_equal(iset_union(arena, last, iset_union(arena, inner, first)), all));
	cr_expect(!iset_overlaps(first, last) && iset_overlaps(last, all));
	cr_expect(iset_is_empty(iset_of(arena, NULL, 0)));
	arena_free(arena);
}

Test(interval, sizes)
{
	struct arena *arena = arena_new();
	const struct range two[] = {{10, 19}, {30, 34}};
	struct iset set = iset_of(arena, two, 2);

	cr_expect(iset_size_capped(iset_none(), 5) == 0);
	cr_expect(iset_size_capped(set, 100) == 15);
	cr_expect(iset_size_capped(set, 15) == 15);
	cr_expect(iset_size_capped(set, 14) == 14);
	cr_expect(iset_size_capped(set, 10) == 10);
	cr_expect(iset_size_capped(set, 0) == 0);
	cr_expect(iset_size_capped(iset_all(), M) == M);
	cr_expect(iset_size_capped(iset_range(arena, 1, M), M) == M);
	cr_expect(iset_size_capped(iset_range(arena, 2, M), M) == M - 1);
	arena_free(arena);
}
