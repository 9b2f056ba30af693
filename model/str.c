/* SPDX-License-Identifier: ISC */
/* String views and output buffers. Nothing here depends on the locale. */
#include "model/str.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define NEAREST_MAX 48 /* longest word that gets a suggestion */

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_of(const char *cstr)
{
	return cstr ? (struct str){cstr, strlen(cstr)} : (struct str){NULL, 0};
}

bool str_eq_nocase(struct str a, struct str b)
{
	size_t i;

	if (a.n != b.n)
		return false;
	for (i = 0; i < a.n; i++)
		if (lower(a.s[i]) != lower(b.s[i]))
			return false;
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.s, b.s, n) : 0;

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq((struct str){s.s, prefix.n}, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	if (suffix.n == 0)
		return true;
	return s.n >= suffix.n && memcmp(s.s + (s.n - suffix.n), suffix.s, suffix.n) == 0;
}

bool str_contains(struct str s, struct str part)
{
	size_t i;

	if (part.n == 0)
		return true;
	for (i = 0; i + part.n <= s.n; i++)
		if (s.s[i] == part.s[0] && memcmp(s.s + i, part.s, part.n) == 0)
			return true;
	return false;
}

struct str str_trim(struct str s)
{
	while (s.n && is_blank(s.s[0])) {
		s.s++;
		s.n--;
	}
	while (s.n && is_blank(s.s[s.n - 1]))
		s.n--;
	return s;
}

bool str_cut(struct str s, char sep, struct str *head, struct str *tail)
{
	const char *at = s.n ? memchr(s.s, sep, s.n) : NULL;
	size_t before = at ? (size_t)(at - s.s) : s.n;

	*head = (struct str){s.s, before};
	*tail = at ? (struct str){at + 1, s.n - before - 1} : (struct str){NULL, 0};
	return at != NULL;
}

bool str_number(struct str s, uint64_t max, uint64_t *value)
{
	uint64_t number = 0;
	size_t i;

	if (s.n == 0)
		return false;
	for (i = 0; i < s.n; i++) {
		if (s.s[i] < '0' || s.s[i] > '9')
			return false;
		if (__builtin_mul_overflow(number, (uint64_t)10, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(s.s[i] - '0'), &number))
			return false;
	}
	if (number > max)
		return false;
	*value = number;
	return true;
}

uint64_t str_hash(struct str s)
{
	uint64_t hash = 0xcbf29ce484222325u;
	size_t i;

	for (i = 0; i < s.n; i++)
		hash = (hash ^ (unsigned char)s.s[i]) * 0x100000001b3u;
	return hash;
}

struct str str_copy(struct arena *arena, struct str s)
{
	char *copy = arena_alloc(arena, s.n + 1, 1);

	if (s.n)
		memcpy(copy, s.s, s.n);
	return (struct str){copy, s.n};
}

const char *str_cstr(struct arena *arena, struct str s)
{
	return str_copy(arena, s).s;
}

struct str str_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	assert(n >= 0);
	text = arena_alloc(arena, (size_t)n + 1, 1);
	vsnprintf(text, (size_t)n + 1, format, args);
	return (struct str){text, (size_t)n};
}

struct str str_printf(struct arena *arena, const char *format, ...)
{
	struct str s;
	va_list args;

	va_start(args, format);
	s = str_vprintf(arena, format, args);
	va_end(args);
	return s;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned min = a < b ? a : b;

	return min < c ? min : c;
}

/*
 * Edits that turn one word into the other, where an edit inserts, removes or
 * replaces a letter or swaps two neighbours ("optimal string alignment").
 * Three rows of the usual table are kept: this one and the two before it.
 */
static unsigned distance(struct str a, struct str b)
{
	unsigned rows[3][NEAREST_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2], *spare;
	unsigned i, j;

	assert(b.n <= NEAREST_MAX);
	for (j = 0; j <= b.n; j++) {
		before[j] = 0;
		row[j] = j;
	}
	for (i = 1; i <= a.n; i++) {
		spare = before, before = last, last = row, row = spare;
		row[0] = i;
		for (j = 1; j <= b.n; j++) {
			bool same = lower(a.s[i - 1]) == lower(b.s[j - 1]);

			row[j] = min3(last[j] + 1, row[j - 1] + 1, last[j - 1] + !same);
			if (i > 1 && j > 1 && lower(a.s[i - 1]) == lower(b.s[j - 2]) &&
			    lower(a.s[i - 2]) == lower(b.s[j - 1]))
				row[j] = min3(row[j], row[j], before[j - 2] + 1);
		}
	}
	return row[b.n];
}

int str_nearest(struct str word, const struct str *candidates, size_t n)
{
	size_t limit = word.n / 3 > 1 ? word.n / 3 : 1;
	int nearest = -1;
	size_t i;

	if (word.n == 0 || word.n > NEAREST_MAX)
		return -1;
	for (i = 0; i < n && i < INT32_MAX; i++) {
		struct str other = candidates[i];
		size_t edits;

		if (other.n == 0 || other.n > word.n + limit || word.n > other.n + limit)
			continue;
		edits = distance(other, word);
		if (edits > limit || (nearest >= 0 && edits == limit))
			continue;
		nearest = (int)i;
		limit = edits;
	}
	return nearest;
}

struct str str_join(struct arena *arena, const struct str *parts, size_t n)
{
	size_t size = 0, i;
	char *text, *at;

	for (i = 0; i < n; i++)
		size += parts[i].n;
	text = at = arena_alloc(arena, size + 1, 1);
	for (i = 0; i < n; i++) {
		if (parts[i].n)
			memcpy(at, parts[i].s, parts[i].n);
		at += parts[i].n;
	}
	return (struct str){text, size};
}

void buf_reserve(struct buf *buf, size_t n)
{
	size_t cap = buf->cap ? buf->cap : 128;
	char *larger;

	if (n <= buf->cap - buf->n)
		return;
	do {
		if (__builtin_mul_overflow(cap, (size_t)2, &cap))
			cap = SIZE_MAX; /* more than the arena can give */
	} while (cap - buf->n < n);
	larger = arena_alloc(buf->arena, cap, 1);
	if (buf->n)
		memcpy(larger, buf->s, buf->n);
	buf->s = larger;
	buf->cap = cap;
}

/* Digits are written from the last on, straight into their place. */
void buf_number(struct buf *buf, uint64_t number)
{
	unsigned n = 1;
	char *end;

	for (uint64_t power = 10; n < 20 && number >= power; power *= 10)
		n++;
	if (buf->cap - buf->n < n)
		buf_reserve(buf, n);
	buf->n += n;
	end = buf->s + buf->n;
	if (number <= UINT32_MAX) { /* cheaper to divide */
		uint32_t small = (uint32_t)number;

		for (; n > 1; n--, small /= 10)
			*--end = (char)('0' + small % 10);
		*--end = (char)('0' + small);
		return;
	}
	for (; n; n--, number /= 10)
		*--end = (char)('0' + number % 10);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	int n;

	buf_reserve(buf, 1);
	va_start(args, format);
	n = vsnprintf(buf->s + buf->n, buf->cap - buf->n, format, args);
	va_end(args);
	assert(n >= 0);
	if ((size_t)n >= buf->cap - buf->n) { /* cut short: the NUL needs room too */
		buf_reserve(buf, (size_t)n + 1);
		va_start(args, format);
		vsnprintf(buf->s + buf->n, buf->cap - buf->n, format, args);
		va_end(args);
	}
	buf->n += (size_t)n;
}

struct str buf_str(const struct buf *buf)
{
	return (struct str){buf->s, buf->n};
}
