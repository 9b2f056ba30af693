/* SPDX-License-Identifier: ISC */
#include "tests/property/works.h"

#include "tests/property/random_config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int by_name(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool is_folder(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

void works_find(struct arena *arena, const char *folder, struct works *works)
{
	VEC(struct str) names = {0};
	DIR *dir = opendir(folder);
	if (!dir)
		return;
	for (struct dirent *entry; (entry = readdir(dir));)
		if (entry->d_name[0] != '.')
			VEC_PUSH(arena, &names, str_copy(arena, str_of(entry->d_name)));
	closedir(dir);
	if (names.n)
		qsort(names.v, names.n, sizeof(*names.v), by_name);
	VEC_EACH(const struct str, name, &names) {
		struct str path = str_printf(arena, "%s/%s", folder, name->s);
		bool config = str_ends(path, S(".cfg")) || str_ends(path, S(".txt"));
		if (is_folder(path.s))
			works_find(arena, path.s, works);
		else if (config)
			VEC_PUSH(arena, &works->list, (struct work){.path = path});
	}
}

void works_find_all(struct arena *arena, struct works *works)
{
	works_find(arena, "examples", works);
	works_find(arena, "tests/golden", works);
	works_find(arena, "../shared/corpus", works);
}

void works_dump(uint64_t seed)
{
	struct arena *arena = arena_new();
	struct str text = random_config(arena, seed);
	fwrite(text.s, 1, text.n, stdout);
	arena_free(arena);
}
