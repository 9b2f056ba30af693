/* SPDX-License-Identifier: ISC */
/*
 * String views: a pointer and a length, no terminating NUL. Views point into
 * the text they came from and are as long-lived as that text.
 */
#ifndef MODEL_STR_H
#define MODEL_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "model/arena.h"

struct str {
	const char *s;
	size_t n;
};

#define S(literal) ((struct str){(literal), sizeof(literal) - 1})
/* The two arguments of a "%.*s" conversion. */
#define STR(str) (int)(str).n, (str).s

struct str
str_of(const char *cstr); /* a view of a NUL-terminated string; NULL gives the empty view */
bool str_eq_nocase(struct str a, struct str b); /* ASCII only */
int str_cmp(struct str a, struct str b);        /* bytewise, shorter first */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_contains(struct str s, struct str part);
struct str str_trim(struct str s); /* without blanks (space, tab, CR, LF) at both ends */

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}

/*
 * Cut at the first `sep`: *head before it, *tail after. False (head = s, tail empty) without one.
 */
bool str_cut(struct str s, char sep, struct str *head, struct str *tail);

/* The whole of `s` as an unsigned decimal number of at most `max`; false otherwise. */
bool str_number(struct str s, uint64_t max, uint64_t *value);

/* 64-bit FNV-1a. */
uint64_t str_hash(struct str s);

/* Copies in the arena; both are NUL-terminated one past their end. */
struct str str_copy(struct arena *arena, struct str s);
const char *str_cstr(struct arena *arena, struct str s);

/* A text made in the arena; it too is NUL-terminated one past its end. */
__attribute__((format(printf, 2, 3))) struct str str_printf(struct arena *arena, const char *format,
                                                            ...);
/* Several strings as one. */
struct str str_join(struct arena *arena, const struct str *parts, size_t n);
#define STR_JOIN(arena, ...)                                                                       \
	str_join((arena), (const struct str[]){__VA_ARGS__},                                       \
	         sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))
struct str str_vprintf(struct arena *arena, const char *format, va_list args);

/*
 * The candidate nearest to a mistyped `word` (Damerau-Levenshtein, ASCII case
 * ignored), or -1 when none is near enough to suggest: at most a third of the
 * word's length, at least 1.
 */
int str_nearest(struct str word, const struct str *candidates, size_t n);

/* A growing byte buffer in an arena, for output. Zeroed with its arena set it is empty. */
struct buf {
	struct arena *arena;
	char *s;
	size_t n, cap;
};

void buf_reserve(struct buf *buf, size_t n); /* room for n more bytes */
void buf_number(struct buf *buf, uint64_t number);
__attribute__((format(printf, 2, 3))) void buf_printf(struct buf *buf, const char *format, ...);
struct str buf_str(const struct buf *buf); /* a view of what it holds; good until the next add */

static inline void buf_add(struct buf *buf, struct str s)
{
	if (s.n > buf->cap - buf->n)
		buf_reserve(buf, s.n);
	if (s.n)
		memcpy(buf->s + buf->n, s.s, s.n);
	buf->n += s.n;
}

static inline void buf_char(struct buf *buf, char c)
{
	if (buf->n == buf->cap)
		buf_reserve(buf, 1);
	buf->s[buf->n++] = c;
}

#endif
