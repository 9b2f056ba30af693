/* SPDX-License-Identifier: ISC */
/*
 * Lines are read in blocks and answered into a buffer that is written when it is large. A flat
 * reader and a flat writer: no document is built, and nothing is kept of a packet once it is
 * answered.
 */
#include "cli/packet_stream.h"

#include "cli/cmd.h"
#include "cli/packet_args.h"
#include "emitters/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 256 << 10 };

/* --- a flat JSON object ----------------------------------------------------------------- */

enum { USUAL_KEYS = 8, DEEPEST = 64 };

/* How a key was written in an earlier line: from its quote to its value. */
struct usual_key {
	char text[24];
	size_t n;     /* 0: none yet */
	size_t field; /* offset of its value in the words of a packet */
};

/*
 * A line and what is wrong with it. The byte at its end is a line end, so that nothing reads past
 * it without looking for it: functions take where they are and return where they are then, or
 * NULL with a problem.
 */
struct reading_line {
	const char *end;
	bool escapes; /* there is a backslash in it */
	struct arena *arena;
	struct usual_key *usual; /* by their place in a line */
	const char *problem;
};

/* A literal is compared in place, without a call. */
#define IS(key, literal)                                                                           \
	((key).n == sizeof(literal) - 1 && memcmp((key).s, (literal), sizeof(literal) - 1) == 0)

static inline const char *skip_blanks(const char *at)
{
	while (*at == ' ' || *at == '\t' || *at == '\r')
		at++;
	return at;
}

static const char *problem(struct reading_line *line, const char *text)
{
	line->problem = text;
	return NULL;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A string with escapes, without them; only ASCII can be part of a name here. */
static bool unescape(struct reading_line *line, const char *from, const char *to, struct str *out)
{
	static const char escapes[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	struct buf text = {.arena = line->arena};
	for (; from < to; from++) {
		if (*from != '\\') {
			buf_char(&text, *from);
			continue;
		}
		const char *known = strchr(escapes, *++from);
		if (known && *known) {
			buf_char(&text, values[known - escapes]);
			continue;
		}
		int code = 0;
		if (*from != 'u' || to - from < 5)
			return false;
		for (int i = 1; i <= 4; i++) {
			int digit = hex_digit(from[i]);
			if (digit < 0)
				return false;
			code = code * 16 + digit;
		}
		from += 4;
		buf_char(&text, code && code < 0x80 ? (char)code : '?');
	}
	*out = buf_str(&text);
	return true;
}

/* The quote that ends a string whose text begins at `at`, or NULL. */
static const char *string_end(const struct reading_line *line, const char *at)
{
	if (!line->escapes)
		return memchr(at, '"', (size_t)(line->end - at));
	while (at < line->end && *at != '"')
		at += *at == '\\' ? 2 : 1;
	return at < line->end ? at : NULL;
}

static const char *read_string(struct reading_line *line, const char *at, struct str *out)
{
	const char *begin = at + 1, *end = string_end(line, begin);
	if (!end)
		return problem(line, "a string without its end");
	*out = (struct str){begin, (size_t)(end - begin)};
	if (line->escapes && memchr(begin, '\\', out->n) && !unescape(line, begin, end, out))
		return problem(line, "a string with an escape that is none");
	return end + 1;
}

static inline bool ends_value(char c)
{
	return c == ',' || c == '}' || c == '\n' || c == ' ' || c == '\t' || c == '\r';
}

/*
 * The object or array of a key that is none of a packet's. What is in it is not looked at: only its
 * strings and brackets are, to find its end.
 */
static const char *skip_nested(struct reading_line *line, const char *at)
{
	char closes[DEEPEST];
	unsigned depth = 0;
	for (; at < line->end; at++) {
		if (*at == '"') {
			at = string_end(line, at + 1);
			if (!at)
				return problem(line, "a string without its end");
		} else if (*at == '{' || *at == '[') {
			if (depth == DEEPEST)
				return problem(line, "a value that is nested too deep");
			closes[depth++] = *at == '{' ? '}' : ']';
		} else if (*at == '}' || *at == ']') {
			if (closes[--depth] != *at)
				break;
			if (depth == 0)
				return at + 1;
		}
	}
	return problem(line, "an object or array without its end");
}

/* A string, a number, true, false or null (which is the empty string). */
static const char *read_value(struct reading_line *line, const char *at, struct str *out)
{
	if (*at == '"')
		return read_string(line, at, out);
	const char *begin = at;
	while (!ends_value(*at))
		at++;
	*out = (struct str){begin, (size_t)(at - begin)};
	if (out->n == 0 || *begin == '{' || *begin == '[')
		return problem(line, "a value that is no string and no number");
	if (IS(*out, "null"))
		*out = S("");
	return at;
}

/* Where the value of a key goes; NULL: nowhere. */
static struct str *field_of(struct packet_words *words, struct str key)
{
	if (IS(key, "src"))
		return &words->src;
	if (IS(key, "dst"))
		return &words->dst;
	if (IS(key, "sport") || IS(key, "type"))
		return &words->sport;
	if (IS(key, "dport") || IS(key, "code"))
		return &words->dport;
	if (IS(key, "input"))
		return &words->input;
	if (IS(key, "protocol"))
		return &words->protocol;
	return NULL;
}

/* A key up to its value, and where that goes. */
static const char *read_key(struct reading_line *line, const char *at, struct packet_words *words,
                            struct str **field)
{
	struct str key;
	if (*at != '"')
		return problem(line, "a key is missing");
	if (!(at = read_string(line, at, &key)))
		return NULL;
	at = skip_blanks(at);
	if (*at != ':')
		return problem(line, "no : after a key");
	*field = field_of(words, key);
	return skip_blanks(at + 1);
}

/* The same where it is written as at this place of an earlier line, as it nearly always is. */
static const char *read_usual_key(struct reading_line *line, const char *at, uint32_t nth,
                                  struct packet_words *words, struct str **field)
{
	struct usual_key *usual = &line->usual[nth % USUAL_KEYS];
	const char *begin = at;
	if (usual->n && (size_t)(line->end - at) > usual->n &&
	    memcmp(at, usual->text, usual->n) == 0) {
		*field = (struct str *)(void *)((char *)words + usual->field);
		return at + usual->n;
	}
	at = read_key(line, at, words, field);
	if (at && *field && (size_t)(at - begin) <= sizeof(usual->text)) {
		usual->n = (size_t)(at - begin);
		usual->field = (size_t)((char *)*field - (char *)words);
		memcpy(usual->text, begin, usual->n);
	}
	return at;
}

static bool read_words(struct reading_line *line, const char *at, struct packet_words *words)
{
	*words = (struct packet_words){0};
	if (*at != '{')
		return problem(line, "no JSON object");
	at = skip_blanks(at + 1);
	if (*at == '}')
		return problem(line, "an empty object");
	for (uint32_t nth = 0;; nth++) {
		struct str value, *field;
		if (!(at = read_usual_key(line, at, nth, words, &field)))
			return false;
		bool skipped = !field && (*at == '{' || *at == '[');
		if (!(at = skipped ? skip_nested(line, at) : read_value(line, at, &value)))
			return false;
		if (field)
			*field = value;
		at = skip_blanks(at);
		if (*at != ',')
			break;
		at = skip_blanks(at + 1);
	}
	if (*at != '}')
		return problem(line, "no } at the end of the object");
	return skip_blanks(at + 1) == line->end ||
	       problem(line, "more than one object on the line");
}

/* --- one line --------------------------------------------------------------------------- */

/* Some editors put it before the first line. */
#define BOM S("\xef\xbb\xbf")

struct stream {
	const struct tracer *tracer;
	struct arena *scratch; /* of one packet, then of the next */
	struct usual_key usual[USUAL_KEYS];
	struct buf out;
	uint64_t number;
	bool wrong, broken;
};

static void put_error(struct stream *stream, struct str text)
{
	stream->wrong = true;
	buf_add(&stream->out, S("{\"error\":"));
	emit_json_string(&stream->out, str_printf(stream->scratch, "line %llu: %.*s",
	                                          (unsigned long long)stream->number, STR(text)));
	buf_char(&stream->out, '}');
}

static void answer(struct stream *stream, const char *begin, const char *end)
{
	struct reading_line line = {.end = end, .arena = stream->scratch, .usual = stream->usual};
	struct packet_words words;
	const struct interface *in;
	struct packet packet;
	struct trace trace;
	struct str error;
	if (stream->number++ == 0 && str_starts((struct str){begin, (size_t)(end - begin)}, BOM))
		begin += BOM.n;
	begin = skip_blanks(begin);
	if (begin == end)
		return; /* an empty line asks nothing */
	line.escapes = memchr(begin, '\\', (size_t)(end - begin)) != NULL;
	if (!read_words(&line, begin, &words)) {
		put_error(stream, str_of(line.problem));
	} else if (!packet_of_words(stream->scratch, stream->tracer->config, &words, &in, &packet,
	                            &error)) {
		put_error(stream, error);
	} else {
		trace_packet(stream->scratch, stream->tracer, in, &packet, &trace);
		if (stream->tracer->brief)
			emit_trace_brief(&trace, &stream->out);
		else
			emit_trace_object(&trace, &stream->tracer->config->sources, &stream->out);
	}
	buf_char(&stream->out, '\n');
}

static void flush(struct stream *stream)
{
	if (stream->out.n && !stream->broken &&
	    (fwrite(stream->out.s, 1, stream->out.n, stdout) != stream->out.n ||
	     fflush(stdout) != 0)) {
		stream->broken = true;
		if (errno != EPIPE) {
			fprintf(stderr, "asamend: standard output: %s\n", strerror(errno));
			stream->wrong = true;
		}
	}
	stream->out.n = 0;
}

/* After each line: nothing of it is needed any more. */
static void recycle(struct stream *stream)
{
	arena_clear(stream->scratch);
	if (stream->out.n >= BLOCK)
		flush(stream);
}

/* Lines of a file, read in blocks. */
struct lines {
	int file;
	char *room;
	size_t n, size; /* bytes in it, and its size without one for a last line end */
	size_t at;      /* where the next line begins */
	size_t seen;    /* bytes from there on without an end of line */
	bool ended;
	int error;
};

/* Read on behind what there is, which is put first. */
static void read_on(struct lines *lines)
{
	memmove(lines->room, lines->room + lines->at, lines->n - lines->at);
	lines->n -= lines->at;
	lines->at = 0;
	if (lines->n == lines->size) {
		char *larger = realloc(lines->room, lines->size * 2 + 1);
		if (!larger) {
			lines->error = ENOMEM;
			lines->ended = true;
			return;
		}
		lines->room = larger;
		lines->size *= 2;
	}
	ssize_t got = read(lines->file, lines->room + lines->n, lines->size - lines->n);
	if (got > 0)
		lines->n += (size_t)got;
	else if (got == 0 || errno != EINTR)
		lines->ended = true;
	if (got < 0 && errno != EINTR)
		lines->error = errno;
}

/* The next whole line, before its end; false where more must be read for one. */
static bool whole_line(struct lines *lines, struct str *line)
{
	char *begin = lines->room + lines->at;
	size_t left = lines->n - lines->at;
	char *end = memchr(begin + lines->seen, '\n', left - lines->seen);
	lines->seen = end ? 0 : left;
	if (!end && (!lines->ended || left == 0))
		return false;
	if (!end)
		begin[left] = '\n';
	line->s = begin;
	line->n = end ? (size_t)(end - begin) : left;
	lines->at += line->n + (end ? 1 : 0);
	lines->seen = 0;
	return true;
}

/* What was asked is answered before more is waited for: a program may ask one by one. */
static int answer_all(struct stream *stream, int file)
{
	struct lines lines = {.file = file, .room = malloc(BLOCK + 1), .size = BLOCK};
	struct str line;
	if (!lines.room)
		return ENOMEM;
	while (!stream->broken) {
		if (whole_line(&lines, &line)) {
			answer(stream, line.s, line.s + line.n);
			recycle(stream);
			continue;
		}
		if (lines.ended)
			break;
		flush(stream);
		read_on(&lines);
	}
	free(lines.room);
	return lines.error;
}

int packet_stream(struct arena *arena, const struct tracer *tracer, const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	int file = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct stream stream = {.tracer = tracer, .scratch = arena_new()};
	int error = file < 0 ? errno : 0;
	stream.out.arena = arena;
	if (file >= 0)
		error = answer_all(&stream, file);
	if (error) {
		fprintf(stderr, "asamend: --packets %s: %s\n", path, strerror(error));
		stream.wrong = true;
	}
	flush(&stream);
	if (!is_stdin && file >= 0)
		close(file);
	arena_free(stream.scratch);
	return stream.wrong ? STATUS_USAGE : STATUS_CLEAN;
}
