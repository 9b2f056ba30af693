/* SPDX-License-Identifier: ISC */
#include "model/keys.h"

#include <criterion/criterion.h>

Test(keys, holds_what_was_put_in_whatever_the_keys)
{
	/* Strides that a weak hash folds onto few slots. */
	const u128 strides[] = {1, 4, 256, (u128)1 << 32, (u128)1 << 64, (u128)1 << 100};
	enum { N = 5000 };

	for (size_t s = 0; s < sizeof(strides) / sizeof(strides[0]); s++) {
		struct arena *arena = arena_new();
		struct keys keys = {0};

		cr_expect_null(keys_find(&keys, 0), "an empty table has nothing");
		for (uint32_t i = 0; i < N; i++)
			cr_expect(keys_put(arena, &keys, i * strides[s], i), "stride %zu: %u", s,
			          i);
		for (uint32_t i = 0; i < N; i++) {
			const uint32_t *found = keys_find(&keys, i * strides[s]);

			cr_expect(found && *found == i, "stride %zu: %u", s, i);
		}
		cr_expect_null(keys_find(&keys, N * strides[s]), "stride %zu", s);
		cr_expect_eq(keys.n, N);
		arena_free(arena);
	}
}

Test(keys, the_first_value_of_a_key_stays)
{
	struct arena *arena = arena_new();
	struct keys keys = {0};

	cr_expect(keys_put(arena, &keys, 7, 1));
	cr_expect_not(keys_put(arena, &keys, 7, 2));
	cr_expect_eq(*keys_find(&keys, 7), 1);
	*keys_find(&keys, 7) = 3;
	cr_expect_eq(*keys_find(&keys, 7), 3);
	cr_expect_eq(keys.n, 1);
	arena_free(arena);
}
