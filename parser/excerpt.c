/* SPDX-License-Identifier: ISC */
/*
 * Citations are collected first, then sorted by file and line, and each line becomes one line of
 * the excerpt: its text where some citation quotes it, filled up with blanks so that every
 * column that is cited lies in it (a masked secret may be shorter than what it hides).
 */
#include "parser/excerpt.h"

#include <stdlib.h>
#include <string.h>

enum {
	COLUMN_MAX = 4096,  /* one further right is told as none */
	SOURCES_MAX = 1000, /* files of one config */
};

struct citation {
	struct str path; /* empty: the config itself */
	uint32_t line, column;
	struct str text;
};

struct citations {
	VEC(struct citation) list;
};

static struct str view(const json_t *value)
{
	return (struct str){json_string_value(value), json_string_length(value)};
}

static uint32_t number(const json_t *value, json_int_t max)
{
	json_int_t n = json_integer_value(value);
	return n > 0 && n <= max ? (uint32_t)n : 0;
}

/* `quoting`: the texts of the citations in it are lines of the file. */
static void collect(struct arena *arena, const json_t *value, bool quoting, struct citations *out)
{
	const char *key;
	json_t *part;
	size_t i;
	uint32_t line = number(json_object_get(value, "line"), UINT32_MAX);
	if (line)
		VEC_PUSH(arena, &out->list,
		         (struct citation){view(json_object_get(value, "path")), line,
		                           number(json_object_get(value, "column"), COLUMN_MAX),
		                           quoting ? view(json_object_get(value, "text")) : S("")});
	json_object_foreach((json_t *)value, key, part)
	        collect(arena, part,
	                quoting || strcmp(key, "evidence") == 0 || strcmp(key, "lines") == 0, out);
	json_array_foreach(value, i, part) collect(arena, part, quoting, out);
}

static int compare(const void *left, const void *right)
{
	const struct citation *a = left, *b = right;
	int paths = str_cmp(a->path, b->path);
	return paths ? paths : (a->line > b->line) - (a->line < b->line);
}

/* One line that nothing but blanks, or its text, stands in; never empty: a span needs a byte. */
static void add_line(struct buf *text, struct str quoted, uint32_t width)
{
	size_t start = text->n;
	for (size_t i = 0; i < quoted.n; i++)
		buf_char(text, (unsigned char)quoted.s[i] < ' ' ? '?' : quoted.s[i]);
	while (text->n - start < width)
		buf_char(text, ' ');
	buf_char(text, '\n');
}

/* The citations from *first that are of one file, as a source. */
static void add_source(struct arena *arena, struct sources *sources, struct str path,
                       const struct citation *first, const struct citation *end)
{
	VEC(uint32_t) numbers = {0};
	struct buf text = {.arena = arena};
	for (const struct citation *at = first; at < end;) {
		uint32_t line = at->line, width = 1;
		struct str quoted = S("");
		for (; at < end && at->line == line; at++) {
			width = at->column > width ? at->column : width;
			if (at->text.n > quoted.n)
				quoted = at->text;
		}
		VEC_PUSH(arena, &numbers, line);
		add_line(&text, quoted, width);
	}
	source_add_excerpt(arena, sources, str_copy(arena, path), buf_str(&text), numbers.v);
}

void excerpt_sources(struct arena *arena, struct sources *sources, struct str path,
                     const json_t *object)
{
	struct citations citations = {0};
	collect(arena, object, false, &citations);
	if (citations.list.n)
		qsort(citations.list.v, citations.list.n, sizeof(*citations.list.v), compare);
	const struct citation *at = citations.list.v, *end = at ? at + citations.list.n : at;
	const struct citation *own = at;
	while (own < end && own->path.n == 0)
		own++;
	add_source(arena, sources, path, at, own);
	for (at = own; at < end && sources->list.n < SOURCES_MAX;) {
		const struct citation *next = at;
		while (next < end && str_eq(next->path, at->path))
			next++;
		add_source(arena, sources, at->path, at, next);
		at = next;
	}
}

struct span excerpt_span(const struct sources *sources, const json_t *citation)
{
	struct str path = view(json_object_get(citation, "path"));
	uint32_t line = number(json_object_get(citation, "line"), UINT32_MAX);
	uint32_t column = number(json_object_get(citation, "column"), COLUMN_MAX);
	uint16_t source = 0;
	if (!line)
		return (struct span){0};
	for (uint16_t i = 1; path.n && i < sources->list.n; i++)
		if (str_eq(sources->list.v[i].path, path))
			source = i;
	struct span span = source_line(sources, source, line);
	uint32_t skip = column > 1 && column <= span.len ? column - 1 : 0;
	return (struct span){span.offset + skip, span.len - skip, source};
}
