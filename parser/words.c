/* SPDX-License-Identifier: ISC */
/* The cursor over the words of one line. */
#include <string.h>

#include "parser/reader.h"

struct str peek_at(const struct cursor *cursor, uint32_t ahead)
{
	uint32_t i = cursor->i + ahead;
	return i < cursor->n ? cursor->words[i] : (struct str){"", 0};
}

struct str peek(const struct cursor *cursor)
{
	return peek_at(cursor, 0);
}

struct str take(struct cursor *cursor)
{
	struct str word = peek(cursor);
	if (cursor->i < cursor->n)
		cursor->i++;
	return word;
}

bool at_end(const struct cursor *cursor)
{
	return cursor->i >= cursor->n;
}

bool next_is(const struct cursor *cursor, const char *word)
{
	struct str next = peek(cursor);
	return next.n == strlen(word) && memcmp(next.s, word, next.n) == 0;
}

bool accept(struct cursor *cursor, const char *word)
{
	bool yes = next_is(cursor, word);
	cursor->i += yes;
	return yes;
}

void skip_words(struct cursor *cursor, uint32_t n)
{
	cursor->i = cursor->n - cursor->i < n ? cursor->n : cursor->i + n;
}

struct span word_span(const struct cursor *cursor, struct str word)
{
	const struct reader *reader = cursor->reader;
	const struct source *source = &reader->config->sources.list.v[reader->line.source];
	const char *text = source->text.s;
	struct span span = reader->line;
	if (word.n && word.s >= text && word.s < text + source->text.n) {
		span.offset = (uint32_t)(word.s - text);
		span.len = (uint32_t)word.n;
	}
	return span;
}

void invalid_line(struct reader *reader, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct invalid_line line = {reader->line, str_vprintf(reader->arena, format, args)};
	va_end(args);
	VEC_PUSH(reader->arena, &reader->config->invalid_lines, line);
}

void complain(struct cursor *cursor, struct str word, enum severity severity, const char *format,
              ...)
{
	struct reader *reader = cursor->reader;
	va_list args;
	va_start(args, format);
	struct str message = str_vprintf(reader->arena, format, args);
	va_end(args);
	diag_add(reader->arena, &reader->config->diags, severity, word_span(cursor, word), "%.*s",
	         STR(message));
}

name_id name_of(struct reader *reader, struct str text)
{
	return intern(reader->config->names, text);
}

void open_mode(struct reader *reader, enum mode mode)
{
	if (reader->n_modes < MAX_MODES)
		reader->modes[reader->n_modes++] = (struct open_mode){mode, reader->indent};
}
