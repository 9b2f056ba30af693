/* SPDX-License-Identifier: ISC */
/* regex NAME PATTERN: which patterns there are, and whether they are any (asa-semantics 7). */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "parser/grammar.h"

#include <pcre2.h>

/* The pattern: the rest of the line, without the quotes around it. */
static struct str pattern_of(const struct reader *reader, const struct cursor *cursor)
{
	struct str pattern = str_trim(rest_of_line(reader, peek(cursor)));
	if (pattern.n >= 2 && pattern.s[0] == '"' && pattern.s[pattern.n - 1] == '"')
		pattern = (struct str){pattern.s + 1, pattern.n - 2};
	return pattern;
}

/*
 * The device's patterns are a part of Perl's, so what PCRE refuses, the device refuses too. What
 * PCRE takes may still be refused there.
 */
static void check_pattern(struct reader *reader, struct str name, struct str pattern)
{
	int error;
	PCRE2_SIZE at;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.s, pattern.n,
	                                 PCRE2_NEVER_UTF | PCRE2_NEVER_UCP, &error, &at, NULL);
	if (!code) {
		PCRE2_UCHAR text[128];
		pcre2_get_error_message(error, text, sizeof(text));
		invalid_line(reader, "regex %.*s is no pattern: %s, at its character %zu",
		             STR(name), (const char *)text, at + 1);
	}
	pcre2_code_free(code);
}

enum handled cmd_regex(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct str text = take(cursor);
	name_id name = name_of(reader, text);
	struct name_index *index = &reader->places.regexes;
	uint32_t at = config_index_get(index, name);
	if (name == 0 || (at_end(cursor) && !reader->negated))
		return HANDLED_UNKNOWN;
	if (reader->negated) {
		if (at)
			config->regexes.v[at - 1] = 0; /* until all is read */
		config_unindex(index, name);
		reader->removed = true;
		return HANDLED;
	}
	check_pattern(reader, text, pattern_of(reader, cursor));
	if (at == 0) {
		config_index(config, index, name, config->regexes.n);
		VEC_PUSH(reader->arena, &config->regexes, name);
	}
	return HANDLED;
}
