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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRITE_AT = 256 << 10 };

/* --- a flat JSON object ----------------------------------------------------------------- */

struct reading_line {
	const char *at, *end;
	struct arena *arena;
	const char *problem;
};

static void skip_blanks(struct reading_line *line)
{
	while (line->at < line->end && (*line->at == ' ' || *line->at == '\t' || *line->at == '\r'))
		line->at++;
}

static bool problem(struct reading_line *line, const char *text)
{
	line->problem = text;
	return false;
}

static bool expect(struct reading_line *line, char c, const char *text)
{
	skip_blanks(line);
	if (line->at == line->end || *line->at != c)
		return problem(line, text);
	line->at++;
	return true;
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
			return problem(line, "a string with an escape that is none");
		for (int i = 1; i <= 4; i++) {
			int digit = hex_digit(from[i]);
			if (digit < 0)
				return problem(line, "a string with an escape that is none");
			code = code * 16 + digit;
		}
		from += 4;
		buf_char(&text, code && code < 0x80 ? (char)code : '?');
	}
	*out = buf_str(&text);
	return true;
}

static bool read_string(struct reading_line *line, struct str *out)
{
	const char *begin = ++line->at;
	bool escaped = false;
	while (line->at < line->end && *line->at != '"') {
		if (*line->at == '\\') {
			escaped = true;
			line->at++;
		}
		line->at++;
	}
	if (line->at >= line->end)
		return problem(line, "a string without its end");
	*out = (struct str){begin, (size_t)(line->at - begin)};
	line->at++;
	return !escaped || unescape(line, begin, line->at - 1, out);
}

/* A string, a number, true, false or null (which is the empty string). */
static bool read_value(struct reading_line *line, struct str *out)
{
	skip_blanks(line);
	if (line->at < line->end && *line->at == '"')
		return read_string(line, out);
	const char *begin = line->at;
	while (line->at < line->end && !strchr(",} \t\r", *line->at))
		line->at++;
	*out = (struct str){begin, (size_t)(line->at - begin)};
	if (out->n == 0 || *begin == '{' || *begin == '[')
		return problem(line, "a value that is no string and no number");
	if (str_eq(*out, S("null")))
		*out = S("");
	return true;
}

static struct str *field_of(struct packet_words *words, struct str key)
{
	const struct {
		struct str name;
		struct str *field;
	} fields[] = {
	        {S("input"), &words->input}, {S("protocol"), &words->protocol},
	        {S("src"), &words->src},     {S("sport"), &words->sport},
	        {S("dst"), &words->dst},     {S("dport"), &words->dport},
	        {S("type"), &words->sport},  {S("code"), &words->dport},
	};
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (str_eq(key, fields[i].name))
			return fields[i].field;
	return NULL;
}

static bool read_words(struct reading_line *line, struct packet_words *words)
{
	*words = (struct packet_words){0};
	if (!expect(line, '{', "no JSON object"))
		return false;
	skip_blanks(line);
	if (line->at < line->end && *line->at == '}')
		return problem(line, "an empty object");
	for (;;) {
		struct str key, value;
		skip_blanks(line);
		if (line->at == line->end || *line->at != '"')
			return problem(line, "a key is missing");
		if (!read_string(line, &key) || !expect(line, ':', "no : after a key") ||
		    !read_value(line, &value))
			return false;
		struct str *field = field_of(words, key);
		if (field)
			*field = value;
		skip_blanks(line);
		if (line->at < line->end && *line->at == ',') {
			line->at++;
			continue;
		}
		if (!expect(line, '}', "no } at the end of the object"))
			return false;
		skip_blanks(line);
		return line->at == line->end || problem(line, "more than one object on the line");
	}
}

/* --- one line --------------------------------------------------------------------------- */

struct stream {
	const struct tracer *tracer;
	struct arena *scratch; /* of one packet, then of the next */
	struct arena *kept;    /* of the buffer */
	struct buf out;
	uint64_t number;
	bool brief, wrong, broken;
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
	struct reading_line line = {begin, end, stream->scratch, NULL};
	struct packet_words words;
	const struct interface *in;
	struct packet packet;
	struct trace trace;
	struct str error;
	stream->number++;
	skip_blanks(&line);
	if (line.at == line.end)
		return; /* an empty line asks nothing */
	if (!read_words(&line, &words)) {
		put_error(stream, str_of(line.problem));
	} else if (!packet_of_words(stream->scratch, stream->tracer->config, &words, &in, &packet,
	                            &error)) {
		put_error(stream, error);
	} else {
		trace_packet(stream->scratch, stream->tracer, in, &packet, &trace);
		if (stream->brief)
			emit_trace_brief(&trace, &stream->out);
		else
			emit_trace_object(&trace, &stream->tracer->config->sources, &stream->out);
	}
	buf_char(&stream->out, '\n');
}

static void flush(struct stream *stream)
{
	if (stream->out.n && !stream->broken &&
	    fwrite(stream->out.s, 1, stream->out.n, stdout) != stream->out.n) {
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
	if (stream->out.n >= WRITE_AT)
		flush(stream);
}

static void answer_all(struct stream *stream, FILE *file)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	while (!stream->broken && (n = getline(&line, &room, file)) >= 0) {
		if (n > 0 && line[n - 1] == '\n')
			n--;
		answer(stream, line, line + n);
		recycle(stream);
	}
	free(line);
}

int packet_stream(struct arena *arena, const struct tracer *tracer, const char *path, bool brief)
{
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *file = is_stdin ? stdin : fopen(path, "r");
	struct stream stream = {
	        .tracer = tracer, .scratch = arena_new(), .kept = arena, .brief = brief};
	if (!file) {
		fprintf(stderr, "asamend: --packets %s: %s\n", path, strerror(errno));
		arena_free(stream.scratch);
		return STATUS_USAGE;
	}
	stream.out.arena = arena;
	answer_all(&stream, file);
	if (ferror(file)) {
		fprintf(stderr, "asamend: --packets %s: %s\n", path, strerror(errno));
		stream.wrong = true;
	}
	flush(&stream);
	fflush(stdout);
	if (!is_stdin)
		fclose(file);
	arena_free(stream.scratch);
	return stream.wrong ? STATUS_USAGE : STATUS_CLEAN;
}
