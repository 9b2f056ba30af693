/* SPDX-License-Identifier: ISC */
/* How code-hosting sites name a file. */
#include "emitters/location.h"

#include "emitters/escape.h"
#include "emitters/packets.h"

static bool is_absolute(struct str path)
{
	return str_starts(path, S("/"));
}

/* Append the parts of a path; ".." takes the one before it away, if there is one. */
static void add_parts(struct arena *arena, struct words *parts, struct str path, bool absolute)
{
	struct str part, rest = path;

	while (rest.n) {
		str_cut(rest, '/', &part, &rest);
		if (part.n == 0 || str_eq(part, S(".")))
			continue;
		if (!str_eq(part, S("..")))
			VEC_PUSH(arena, &parts->list, part);
		else if (parts->list.n && !str_eq(parts->list.v[parts->list.n - 1], S("..")))
			parts->list.n--;
		else if (!absolute)
			VEC_PUSH(arena, &parts->list, part);
	}
}

static bool is_below(const struct words *parts, const struct words *folder)
{
	uint32_t i;

	if (parts->list.n <= folder->list.n)
		return false;
	for (i = 0; i < folder->list.n; i++)
		if (!str_eq(parts->list.v[i], folder->list.v[i]))
			return false;
	return true;
}

struct str location_path(struct arena *arena, struct str folder, struct str path)
{
	bool absolute = is_absolute(path) || is_absolute(folder);
	struct words base = {0}, parts = {0}, below = {0};
	uint32_t i;

	add_parts(arena, &base, folder, true);
	if (!is_absolute(path))
		add_parts(arena, &parts, folder, true);
	add_parts(arena, &parts, path, absolute);
	if (is_absolute(folder) && is_below(&parts, &base)) {
		for (i = base.list.n; i < parts.list.n; i++)
			VEC_PUSH(arena, &below.list, parts.list.v[i]);
		return words_join(arena, &below, "/");
	}
	return str_printf(arena, "%s%.*s", absolute ? "/" : "",
	                  STR(words_join(arena, &parts, "/")));
}

struct str location_uri(struct arena *arena, struct str folder, struct str path)
{
	struct str place = location_path(arena, folder, path);

	return str_printf(arena, "%s%.*s", is_absolute(place) ? "file://" : "",
	                  STR(escape_uri_path(arena, place)));
}
