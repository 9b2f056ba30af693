/* SPDX-License-Identifier: ISC */
#include "tests/property/works.h"

#include "tests/property/files.h"
#include "tests/property/random_config.h"

#include <stdio.h>

void works_find_all(struct arena *arena, struct works *works)
{
	struct files files = {0};
	files_find_all(arena, &files);
	VEC_EACH(const struct str, path, &files.list)
		VEC_PUSH(arena, &works->list, (struct work){.path = *path});
}

void works_dump(uint64_t seed)
{
	struct arena *arena = arena_new();
	struct str text = random_config(arena, seed);
	fwrite(text.s, 1, text.n, stdout);
	arena_free(arena);
}
