/* SPDX-License-Identifier: ISC */
#include "cli/walk.h"

#include "cli/input.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct walk {
	const struct options *options;
	struct arena *arena;
	struct scan_inputs *inputs;
	struct report *report;
};

/* ---- choosing */

static bool matches(const struct str *globs, uint32_t n_globs, const struct str *names, uint32_t n)
{
	for (uint32_t i = 0; i < n_globs; i++)
		for (uint32_t j = 0; j < n; j++)
			if (names[j].n && policy_glob(globs[i], names[j]))
				return true;
	return false;
}

bool walk_wants(const struct options *options, const struct str *names, uint32_t n)
{
	return (options->include.n == 0 ||
	        matches(options->include.v, options->include.n, names, n)) &&
	       !matches(options->exclude.v, options->exclude.n, names, n);
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static void add(struct walk *walk, const char *path, const struct stat *st, bool named)
{
	struct str names[] = {str_of(path), str_of(last_part(path))};
	struct scan_input input = {.path = path, .named = named};
	if (!walk_wants(walk->options, names, 2))
		return;
	if (st && S_ISREG(st->st_mode))
		input.size = (uint64_t)st->st_size;
	VEC_PUSH(walk->arena, &walk->inputs->list, input);
}

/* What version control, editors and RANCID leave beside configs. */
static bool is_left_over(const char *name)
{
	struct str text = str_of(name);
	return name[0] == '.' || strcmp(name, "CVS") == 0 || str_ends(text, S(".new")) ||
	       str_ends(text, S(".raw"));
}

/* ---- folders */

static int keep_name(const struct dirent *entry)
{
	return !is_left_over(entry->d_name);
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void walk_folder(struct walk *walk, const char *folder);

/* Links to files are followed, those to folders are not: they may lead back. */
static void walk_entry(struct walk *walk, const char *folder, const char *name)
{
	bool slash = str_ends(str_of(folder), S("/"));
	const char *path = str_cstr(
	        walk->arena, str_printf(walk->arena, "%s%s%s", folder, slash ? "" : "/", name));
	struct stat st;
	if (lstat(path, &st) != 0)
		return; /* gone since */
	if (S_ISDIR(st.st_mode))
		walk_folder(walk, path);
	else if (S_ISLNK(st.st_mode) && (stat(path, &st) != 0 || !S_ISREG(st.st_mode)))
		return;
	else if (S_ISREG(st.st_mode))
		add(walk, path, &st, false);
}

static void walk_folder(struct walk *walk, const char *folder)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, keep_name, compare_names);
	if (n < 0) {
		struct unread unread = {str_of(folder),
		                        str_copy(walk->arena, str_of(strerror(errno))), false};
		VEC_PUSH(walk->arena, &walk->report->unread, unread);
		return;
	}
	for (int i = 0; i < n; i++) {
		walk_entry(walk, folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

/* ---- what is named */

static void add_named(struct walk *walk, const char *path)
{
	struct stat st;
	bool there = stat(path, &st) == 0;
	if (there && S_ISDIR(st.st_mode) && strcmp(path, "-") != 0)
		walk_folder(walk, path);
	else
		add(walk, path, there ? &st : NULL, true);
}

static void add_operand(struct walk *walk, const char *operand)
{
	struct stat st;
	glob_t found;
	if (strcmp(operand, "-") == 0 || stat(operand, &st) == 0 ||
	    glob(operand, 0, NULL, &found) != 0) {
		add_named(walk, operand);
		return;
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		add_named(walk, str_cstr(walk->arena, str_of(found.gl_pathv[i])));
	globfree(&found);
}

/* Names end with NUL where there is one, else with the line (a carriage return is not of it). */
static bool add_list(struct walk *walk, const char *file, struct str *error)
{
	struct str text, reason;
	if (!input_read(walk->arena, file, &text, &reason)) {
		*error = str_printf(walk->arena, "--files-from %s: %.*s", file, STR(reason));
		return false;
	}
	bool nul = memchr(text.s, 0, text.n);
	struct str name, rest = text;
	while (rest.n) {
		str_cut(rest, nul ? '\0' : '\n', &name, &rest);
		if (!nul && str_ends(name, S("\r")))
			name.n--;
		if (name.n)
			add_named(walk, str_cstr(walk->arena, name));
	}
	return true;
}

/* ---- the whole list */

static int compare_paths(const void *left, const void *right)
{
	struct scan_input *const *a = left, *const *b = right;
	int paths = strcmp((*a)->path, (*b)->path);
	return paths ? paths : (*a > *b) - (*a < *b);
}

static int compare_sizes(const void *left, const void *right)
{
	struct scan_input *const *a = left, *const *b = right;
	return ((*a)->size > (*b)->size) - ((*a)->size < (*b)->size);
}

static struct scan_input **sorted(struct arena *arena, struct scan_inputs *inputs,
                                  int (*compare)(const void *, const void *))
{
	struct scan_input **list = NEW_ARRAY(arena, struct scan_input *, inputs->list.n);
	for (uint32_t i = 0; i < inputs->list.n; i++)
		list[i] = &inputs->list.v[i];
	qsort(list, inputs->list.n, sizeof(*list), compare);
	return list;
}

/* A path that comes again is left out; it counts as named if it is so once. */
static void drop_repeats(struct arena *arena, struct scan_inputs *inputs)
{
	struct scan_input **list = sorted(arena, inputs, compare_paths);
	struct scan_input *first = list[0];
	uint32_t kept = 0;
	for (uint32_t i = 1; i < inputs->list.n; i++) {
		if (strcmp(first->path, list[i]->path) != 0) {
			first = list[i];
			continue;
		}
		first->named |= list[i]->named;
		list[i]->path = NULL;
	}
	VEC_EACH(const struct scan_input, input, &inputs->list)
		if (input->path)
			inputs->list.v[kept++] = *input;
	inputs->list.n = kept;
}

static void mark_twins(struct arena *arena, struct scan_inputs *inputs)
{
	struct scan_input **list = sorted(arena, inputs, compare_sizes);
	for (uint32_t i = 1; i < inputs->list.n; i++)
		if (list[i]->size && list[i]->size == list[i - 1]->size)
			list[i]->may_have_twin = list[i - 1]->may_have_twin = true;
}

bool walk_inputs(const struct options *options, struct scan_inputs *inputs, struct report *report,
                 struct str *error)
{
	struct walk walk = {options, options->arena, inputs, report};
	VEC_EACH(const struct str, operand, &options->operands)
		add_operand(&walk, operand->s);
	if (options->files_from && !add_list(&walk, options->files_from, error))
		return false;
	if (inputs->list.n) {
		drop_repeats(options->arena, inputs);
		mark_twins(options->arena, inputs);
	}
	return true;
}
