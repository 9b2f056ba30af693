/* SPDX-License-Identifier: ISC */
/*
 * Sources and places in them. The start of every line is noted once, when the
 * source is added, and for every block of the text the line that it begins in;
 * a place is found from there. The secrets of a span are found by binary search.
 */
#include "model/source.h"

#include <assert.h>
#include <string.h>

enum { BLOCK = 64 };

static struct span *last_secret(const struct source *source)
{
	return source->secrets.n ? &source->secrets.v[source->secrets.n - 1] : NULL;
}

static const struct source *source_of(const struct sources *sources, struct span span)
{
	const struct source *source;

	assert(span.source < sources->list.n);
	source = &sources->list.v[span.source];
	assert(span.offset <= source->text.n && span.len <= source->text.n - span.offset);
	return source;
}

/* The last line that starts at or before an offset, from a line before it on. */
static uint32_t line_from(const struct source *source, uint32_t line, size_t offset)
{
	while (line + 1 < source->line_starts.n && source->line_starts.v[line + 1] <= offset)
		line++;
	return line;
}

static const uint32_t *blocks_of(struct arena *arena, const struct source *source)
{
	size_t n = source->text.n / BLOCK + 1;
	uint32_t *blocks = NEW_ARRAY(arena, uint32_t, n), line = 0;

	for (size_t i = 0; i < n; i++)
		blocks[i] = line = line_from(source, line, i * BLOCK);
	return blocks;
}

uint16_t source_add(struct arena *arena, struct sources *sources, struct str path, struct str text)
{
	struct source source = {.path = path, .text = text};
	size_t offset = 0;

	assert(text.n < UINT32_MAX && sources->list.n < UINT16_MAX);
	while (offset < text.n) {
		const char *end = memchr(text.s + offset, '\n', text.n - offset);

		VEC_PUSH(arena, &source.line_starts, (uint32_t)offset);
		offset = end ? (size_t)(end - text.s) + 1 : text.n;
	}
	source.blocks = blocks_of(arena, &source);
	VEC_PUSH(arena, &sources->list, source);
	return (uint16_t)(sources->list.n - 1);
}

uint16_t source_add_excerpt(struct arena *arena, struct sources *sources, struct str path,
                            struct str text, const uint32_t *numbers)
{
	uint16_t source = source_add(arena, sources, path, text);

	sources->list.v[source].numbers = numbers;
	return source;
}

uint16_t source_share(struct arena *arena, struct sources *sources, struct str path,
                      const struct source *other)
{
	struct source source = {.path = path, .text = other->text, .blocks = other->blocks};

	assert(sources->list.n < UINT16_MAX);
	source.line_starts.v = other->line_starts.v;
	source.line_starts.n = source.line_starts.cap = other->line_starts.n;
	VEC_PUSH(arena, &sources->list, source);
	return (uint16_t)(sources->list.n - 1);
}

void source_mark_secret(struct arena *arena, struct sources *sources, struct span span)
{
	struct source *source;
	struct span *last;

	if (span.len == 0)
		return;
	source_of(sources, span);
	source = &sources->list.v[span.source];
	last = last_secret(source);
	assert(!last || last->offset <= span.offset);
	if (last && span.offset - last->offset <= last->len) { /* overlaps or touches: one range */
		if (span.offset + span.len > last->offset + last->len)
			last->len = span.offset + span.len - last->offset;
		return;
	}
	VEC_PUSH(arena, &source->secrets, span);
}

struct place source_place(const struct sources *sources, struct span span)
{
	const struct source *source;
	uint32_t line;

	if (span.len == 0)
		return (struct place){
		        .path = span.source < sources->list.n ? sources->list.v[span.source].path
		                                              : S(""),
		};
	source = source_of(sources, span);
	line = line_from(source, source->blocks[span.offset / BLOCK], span.offset);
	return (struct place){
	        .path = source->path,
	        .line = source->numbers ? source->numbers[line] : line + 1,
	        .column = span.offset - source->line_starts.v[line] + 1,
	};
}

/* The first secret that ends after `offset`, as an index; all secrets before it end earlier. */
static uint32_t first_secret(const struct source *source, uint32_t offset)
{
	uint32_t lo = 0, hi = source->secrets.n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (source->secrets.v[mid].offset + source->secrets.v[mid].len <= offset)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void add_printable(struct buf *buf, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] == '\t')
			buf_char(buf, ' ');
		else
			buf_char(buf, (unsigned char)s[i] < ' ' || s[i] == 0x7f ? '?' : s[i]);
	}
}

struct str source_quote(struct arena *arena, const struct sources *sources, struct span span)
{
	const struct source *source;
	struct buf buf = {.arena = arena};
	uint32_t at = span.offset, end, i;

	if (span.len == 0)
		return S("");
	source = source_of(sources, span);
	end = span.offset + span.len;
	while (end > at && memchr(" \t\r\n", source->text.s[end - 1], 4))
		end--;

	for (i = first_secret(source, at); i < source->secrets.n; i++) {
		struct span secret = source->secrets.v[i];

		if (secret.offset >= end)
			break;
		if (secret.offset > at)
			add_printable(&buf, source->text.s + at, secret.offset - at);
		buf_add(&buf, S("*****"));
		at = secret.offset + secret.len;
	}
	if (at < end)
		add_printable(&buf, source->text.s + at, end - at);
	return buf_str(&buf);
}

/* Where a line (from 1) of the file stands in the text, from 1; 0: it is not there. */
static uint32_t line_index(const struct source *source, uint32_t line)
{
	uint32_t lo = 0, hi = source->line_starts.n;

	if (!source->numbers)
		return line <= source->line_starts.n ? line : 0;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (source->numbers[mid] < line)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < source->line_starts.n && source->numbers[lo] == line ? lo + 1 : 0;
}

struct span source_line(const struct sources *sources, uint16_t source, uint32_t line)
{
	const struct source *in;
	uint32_t start, end;

	if (source >= sources->list.n)
		return (struct span){.source = source};
	in = &sources->list.v[source];
	line = line_index(in, line);
	if (line == 0)
		return (struct span){.source = source};
	start = in->line_starts.v[line - 1];
	end = line < in->line_starts.n ? in->line_starts.v[line] : (uint32_t)in->text.n;
	if (end > start && in->text.s[end - 1] == '\n')
		end--;
	if (end > start && in->text.s[end - 1] == '\r')
		end--;
	return (struct span){.offset = start, .len = end - start, .source = source};
}
