/* SPDX-License-Identifier: ISC */
/* Arena: alignment, zeroes, the growing of vectors, running out of memory. */
#include "model/arena.h"

#include <criterion/criterion.h>
#include <string.h>

/* A plain pseudo-random sequence, the same each run. */
static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static bool all_bytes(const unsigned char *p, size_t n, unsigned char value)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] != value)
			return false;
	return true;
}

Test(arena, blocks)
{
	enum { BLOCKS = 3000 };
	static struct {
		unsigned char *p;
		size_t n;
	} block[BLOCKS];
	struct arena *arena = arena_new();
	uint32_t seed = 1;
	size_t used = 0;
	int i;

	for (i = 0; i < BLOCKS; i++) {
		size_t align = (size_t)1 << next(&seed) % 8;
		size_t size = i % 500 ? next(&seed) % 300 : next(&seed) % 3000000;

		block[i].n = size;
		block[i].p = arena_alloc(arena, size, align);
		used += size;
		cr_assert_not_null(block[i].p);
		cr_expect((uintptr_t)block[i].p % align == 0, "block %d, align %zu", i, align);
		cr_expect(all_bytes(block[i].p, size, 0), "block %d of %zu: zeroed", i, size);
		memset(block[i].p, 1 + i % 255, size);
	}
	for (i = 0; i < BLOCKS; i++)
		cr_expect(all_bytes(block[i].p, block[i].n, (unsigned char)(1 + i % 255)),
		          "block %d: shared with another", i);
	cr_expect(arena_used(arena) == used);
	arena_free(arena);
	arena_free(NULL);
}

Test(arena, vectors)
{
	struct pair {
		uint32_t a, b;
	};
	VEC(struct pair) pairs = {0};
	struct arena *arena = arena_new();
	uint32_t i, seen = 0;

	VEC_EACH(struct pair, pair, &pairs)
		cr_expect(!pair, "an empty vector has no element");
	for (i = 0; i < 100000; i++) {
		struct pair *pair = VEC_PUSH(arena, &pairs, (struct pair){i, ~i});

		cr_assert(pair == &pairs.v[i] && pair->a == i && pair->b == ~i);
	}
	VEC_EACH(struct pair, pair, &pairs) {
		cr_assert(pair->a == seen && pair->b == ~seen);
		seen++;
	}
	cr_expect(seen == 100000 && pairs.n == 100000);
	arena_free(arena);
}

static bool runs_out(size_t n, size_t size)
{
	struct arena *arena = arena_new();
	jmp_buf env;

	if (setjmp(env)) {
		arena_free(arena);
		return true;
	}
	arena_on_oom(arena, &env);
	arena_array(arena, n, size, 1);
	arena_free(arena);
	return false;
}

Test(arena, out_of_memory_jumps)
{
	cr_expect(runs_out(SIZE_MAX / 2 + 1, 2), "the product overflows to 0");
	cr_expect(runs_out(SIZE_MAX, 3), "the product overflows");
	cr_expect(runs_out(SIZE_MAX, 1), "with the head of a chunk it overflows");
	cr_expect(runs_out(SIZE_MAX - 64, 1));
	cr_expect(!runs_out(0, SIZE_MAX), "nothing is always there");
	cr_expect(!runs_out(1000, 1000));
}

Test(arena, out_of_memory_exits, .exit_code = 3)
{
	static struct arena *volatile arena; /* static: it is no leak at the exit */

	arena = arena_new();
	arena_array(arena, SIZE_MAX, 2, 1);
}
