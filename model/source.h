/* SPDX-License-Identifier: ISC */
/*
 * Input files and places in them. A span is an offset and a length; line and
 * column are computed when something is printed. The one accessor for quoted
 * text masks the ranges that the grammar marked as secret.
 */
#ifndef MODEL_SOURCE_H
#define MODEL_SOURCE_H

#include "model/str.h"

/* A place in one source of a config. len 0 means "no place". */
struct span {
	uint32_t offset;
	uint32_t len;
	uint16_t source; /* index into struct sources */
};

/* Do two spans begin at one byte of one text? Then they speak of one and the same thing. */
static inline bool span_same(struct span a, struct span b)
{
	return a.source == b.source && a.offset == b.offset;
}

struct source {
	struct str path; /* as given by the user; "-" becomes --stdin-name */
	struct str text;
	VEC(uint32_t) line_starts;
	const uint32_t *blocks;   /* of every 64 bytes: the index of the line they begin in */
	VEC(struct span) secrets; /* in rising order of offset */
	const uint32_t *numbers;  /* of its lines, rising, in an excerpt; NULL: 1, 2, 3 ... */
};

/* All sources of one config: the file itself first, then what was applied to it. */
struct sources {
	VEC(struct source) list;
};

struct place {
	struct str path;
	uint32_t line, column; /* from 1; 0 for a span without a place */
};

/*
 * Add a text (at most 4 GiB - 1) as a new source and index its lines. Text and
 * path are kept by reference. Returns its index.
 */
uint16_t source_add(struct arena *arena, struct sources *sources, struct str path, struct str text);

/*
 * The same for an excerpt: line i of the text is line numbers[i] of the file (rising), as places
 * tell it. A text whose secrets are masked already.
 */
uint16_t source_add_excerpt(struct arena *arena, struct sources *sources, struct str path,
                            struct str text, const uint32_t *numbers);

/* The same, of a text whose lines are known from `other`. */
uint16_t source_share(struct arena *arena, struct sources *sources, struct str path,
                      const struct source *other);

/* Mark a range as secret. Ranges must come in rising order within a source; they may overlap. */
void source_mark_secret(struct arena *arena, struct sources *sources, struct span span);

/* Where a span begins. */
struct place source_place(const struct sources *sources, struct span span);

/*
 * The text of a span with secrets replaced by "*****", tabs by blanks, other
 * control bytes by '?', and trailing blanks cut.
 */
struct str source_quote(struct arena *arena, const struct sources *sources, struct span span);

/*
 * The whole line (from 1, as places tell it) of a source as a span, without its
 * line end; an empty span when there is no such line.
 */
struct span source_line(const struct sources *sources, uint16_t source, uint32_t line);

#endif
