/* SPDX-License-Identifier: ISC */
#include "tests/property/files.h"

#include <dirent.h>
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

void files_find(struct arena *arena, const char *folder, struct files *files)
{
	struct files names = {0};
	DIR *dir = opendir(folder);
	if (!dir)
		return;
	for (struct dirent *entry; (entry = readdir(dir));)
		if (entry->d_name[0] != '.')
			VEC_PUSH(arena, &names.list, str_copy(arena, str_of(entry->d_name)));
	closedir(dir);
	if (names.list.n)
		qsort(names.list.v, names.list.n, sizeof(*names.list.v), by_name);
	VEC_EACH(const struct str, name, &names.list) {
		struct str path = str_printf(arena, "%s/%.*s", folder, STR(*name));
		if (is_folder(path.s))
			files_find(arena, path.s, files);
		else if (str_ends(path, S(".cfg")) || str_ends(path, S(".txt")))
			VEC_PUSH(arena, &files->list, path);
	}
}

void files_find_all(struct arena *arena, struct files *files)
{
	files_find(arena, "examples", files);
	files_find(arena, "tests/golden", files);
	files_find(arena, "../shared/corpus", files);
}
