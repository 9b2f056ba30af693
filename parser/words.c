/* SPDX-License-Identifier: ISC */
/* The cursor over the words of one line. */
#include "parser/reader.h"

struct str take(struct cursor *cursor)
{
	struct str word = peek(cursor);
	cursor->i += cursor->i < cursor->n;
	return word;
}

void skip_words(struct cursor *cursor, uint32_t n)
{
	cursor->i = cursor->n - cursor->i < n ? cursor->n : cursor->i + n;
}

/* The place of a word in a list, or -1. Most words differ in their first letter. */
static int place_in(struct str word, const char *const *list, size_t n)
{
	if (word.n == 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (list[i][0] == word.s[0] && str_eq(word, str_of(list[i])))
			return (int)i;
	return -1;
}

bool word_in(struct str word, const char *const *list, size_t n)
{
	return place_in(word, list, n) >= 0;
}

int accept_one(struct cursor *cursor, const char *const *list, size_t n)
{
	int place = place_in(peek(cursor), list, n);
	cursor->i += place >= 0;
	return place;
}

struct span word_span(const struct cursor *cursor, struct str word)
{
	const struct reader *reader = cursor->reader;
	const char *text = reader->text.s;
	struct span span = reader->line;
	if (word.n && word.s >= text && word.s < text + reader->text.n) {
		span.offset = (uint32_t)(word.s - text);
		span.len = (uint32_t)word.n;
	}
	return span;
}

struct str rest_of_line(const struct reader *reader, struct str from)
{
	const char *end = reader->text.s + reader->line.offset + reader->line.len;
	if (from.n == 0 || from.s < reader->text.s || from.s > end)
		return (struct str){"", 0};
	return (struct str){from.s, (size_t)(end - from.s)};
}

static struct str text_of(const struct config *config, struct span span)
{
	return (struct str){config->sources.list.v[span.source].text.s + span.offset, span.len};
}

/* The next word of a text, cut from it. */
static struct str next_word(struct str *text)
{
	size_t begin = 0, end;
	while (begin < text->n && (text->s[begin] == ' ' || text->s[begin] == '\t'))
		begin++;
	for (end = begin; end < text->n && text->s[end] != ' ' && text->s[end] != '\t';)
		end++;
	struct str word = {text->s + begin, end - begin};
	*text = (struct str){text->s + end, text->n - end};
	return word;
}

bool same_words(const struct config *config, struct span a, struct span b)
{
	struct str left = text_of(config, a), right = text_of(config, b);
	struct str from_left = next_word(&left), from_right = next_word(&right);
	if (str_eq(from_left, S("no")))
		from_left = next_word(&left);
	if (str_eq(from_right, S("no")))
		from_right = next_word(&right);
	while (from_left.n && str_eq(from_left, from_right)) {
		from_left = next_word(&left);
		from_right = next_word(&right);
	}
	return from_left.n == 0 && from_right.n == 0;
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
	/* A word of any length may be in it; a reader needs to recognise it, not all of it. */
	enum { LONGEST = 300, KEPT = 120 };
	if (message.n > LONGEST)
		message = str_printf(reader->arena, "%.*s ... %.*s", KEPT, message.s, KEPT,
		                     message.s + message.n - KEPT);
	diag_add(reader->arena, &reader->config->diags, severity, word_span(cursor, word), "%.*s",
	         STR(message));
}

name_id name_of(struct reader *reader, struct str text)
{
	return intern(reader->config->names, text);
}

void count_use(struct reader *reader, struct name_index *uses, name_id name, int by)
{
	uint32_t n = config_index_get(uses, name) + (uint32_t)by;
	if (n)
		config_index(reader->config, uses, name, n - 1);
	else
		config_unindex(uses, name);
}
