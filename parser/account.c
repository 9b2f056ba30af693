/* SPDX-License-Identifier: ISC */
/* What became of each line: the counts, unknown lines, secrets, signs of a damaged capture. */
#include "parser/reader.h"

void count_line(struct reader *reader, enum line_use use)
{
	struct coverage *coverage = &reader->config->coverage;
	coverage->lines++;
	switch (use) {
	case LINE_MODELLED:
		coverage->modelled++;
		break;
	case LINE_IRRELEVANT:
		coverage->irrelevant++;
		break;
	case LINE_UNKNOWN:
		coverage->unknown++;
		break;
	}
}

/* --- secrets ---------------------------------------------------------------------------- */

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* Does a text begin with a word in small letters, case ignored? */
static bool starts_nocase(struct str text, const char *word)
{
	size_t i = 0;
	while (word[i] && i < text.n && lower(text.s[i]) == word[i])
		i++;
	return word[i] == '\0';
}

/* Does this word say that a secret follows: "password", "ldap-login-password", "md5"? */
static bool smells_of_secret(struct str word)
{
	static const char *const parts[] = {
	        "activation", "auth", "certificate", "communit", "credential",
	        "hex",        "key",  "md5",         "passw",    "phrase",
	        "priv",       "psk",  "secret",      "sha",      "token",
	};
	for (size_t at = 0; at + 3 <= word.n; at++)
		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			if (lower(word.s[at]) == parts[i][0] &&
			    starts_nocase((struct str){word.s + at, word.n - at}, parts[i]))
				return true;
	return false;
}

/* scheme://user:password@host */
static bool has_credentials(struct str word)
{
	const char *at = word.n ? memchr(word.s, '@', word.n) : NULL;
	return at && str_contains((struct str){word.s, (size_t)(at - word.s)}, S("://"));
}

/* The same in prose, where "the shared key of ..." is more often no secret: whole words only. */
static bool names_secret(struct str word)
{
	static const char *const names[] = {"password", "passwd", "passphrase",     "secret",
	                                    "psk",      "key",    "pre-shared-key", "community"};
	while (word.n && strchr(":=,;", word.s[word.n - 1]))
		word.n--;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq_nocase(word, str_of(names[i])))
			return true;
	return false;
}

/* From the first word that holds a secret to the end: what follows one is not worth a leak. */
static void mark_behind(struct reader *reader, const struct str *words, uint32_t n,
                        bool (*announces)(struct str word))
{
	uint32_t first = 0;
	while (first < n && !has_credentials(words[first]) &&
	       !(first > 0 && announces(words[first - 1])))
		first++;
	if (first == n)
		return;
	struct span span = reader->line;
	span.offset = (uint32_t)(words[first].s - reader->text.s);
	span.len = reader->line.offset + reader->line.len - span.offset;
	source_mark_secret(reader->arena, &reader->config->sources, span);
}

void mark_secrets(struct reader *reader, const struct str *words, uint32_t n)
{
	mark_behind(reader, words, n, smells_of_secret);
}

void mark_secrets_in_prose(struct reader *reader, const struct str *words, uint32_t n)
{
	mark_behind(reader, words, n, names_secret);
}

/* --- unknown lines ---------------------------------------------------------------------- */

/* A word of commands, not of people: lower-case letters, digits only behind them, dashes. */
static bool is_keyword(struct str word)
{
	if (word.n == 0 || word.n > 32 || word.s[0] < 'a' || word.s[0] > 'z')
		return false;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.s[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
			return false;
	}
	return true;
}

struct span showable(const struct reader *reader, const struct str *words, uint32_t n)
{
	struct span span = reader->line;
	if (n == 0)
		return span;
	const struct str *last = &words[0];
	if (n > 1 && is_keyword(words[1]) && !smells_of_secret(words[0]))
		last = &words[1];
	uint32_t end = (uint32_t)(last->s + last->n - reader->text.s);
	span.len = end - span.offset;
	enum { LONGEST = 80 };
	span.len = span.len > LONGEST ? LONGEST : span.len;
	return span;
}

void report_unknown(struct reader *reader, const struct str *words, uint32_t n, bool local)
{
	struct config *config = reader->config;
	struct unknown_line line = {showable(reader, words, n), local};
	bool more = line.span.offset + line.span.len < reader->line.offset + reader->line.len;
	VEC_PUSH(reader->arena, &config->unknown_lines, line);
	mark_secrets(reader, words, n);
	reader->last_unknown = true;
	diag_add(reader->arena, &config->diags, SEVERITY_WARNING, reader->line,
	         "unknown command \"%.*s%s\"; what it does to mail is not known",
	         STR(source_quote(reader->arena, &config->sources, line.span)), more ? " ..." : "");
}

/* The last element when it says "unknown" already: one is enough. */
#define LAST_IS(list, kind_of) ((list)->n && (list)->v[(list)->n - 1].kind == (kind_of))

bool mark_unknown(struct reader *reader)
{
	struct config *config = reader->config;
	struct member unknown_member = {.kind = MEMBER_UNKNOWN, .span = reader->line};
	struct class_match unknown_match = {.kind = MATCH_UNKNOWN, .span = reader->line};
	struct group *group;
	struct class_map *class_map;
	struct policy_map *policy;
	switch (reader->modes[reader->n_modes - 1].mode) {
	case MODE_GROUP:
		group = &config->groups.v[reader->group];
		if (!LAST_IS(&group->members, MEMBER_UNKNOWN))
			VEC_PUSH(reader->arena, &group->members, unknown_member);
		return true;
	case MODE_OBJECT_NETWORK:
	case MODE_OBJECT_SERVICE:
		config->objects.v[reader->object].kind = OBJECT_ADDRESS;
		config->objects.v[reader->object].address =
		        (struct addr_spec){.kind = ADDR_UNKNOWN};
		return true;
	case MODE_CLASS_MAP:
		class_map = &config->class_maps.v[reader->class_map];
		if (!LAST_IS(&class_map->matches, MATCH_UNKNOWN))
			VEC_PUSH(reader->arena, &class_map->matches, unknown_match);
		return true;
	case MODE_CLASS:
		policy = &config->policy_maps.v[reader->policy_map];
		policy->classes.v[reader->class].unknown = true;
		return true;
	case MODE_ESMTP_MAP:
	case MODE_ESMTP_PARAMS:
	case MODE_ESMTP_MATCH:
		config->inspect_maps.v[reader->inspect_map].unknown = true;
		return true;
	case MODE_TOP:
	case MODE_INTERFACE:
	case MODE_POLICY_MAP:
	case MODE_IRRELEVANT:
	case MODE_UNKNOWN_BLOCK:
	case MODE_COUNT:
		break;
	}
	return false;
}

/* --- damage ----------------------------------------------------------------------------- */

void note_truncation(struct reader *reader, struct span span, const char *text)
{
	struct config *config = reader->config;
	struct truncation truncation = {span, str_of(text)};
	if (reader->applied)
		return;
	VEC_EACH(const struct truncation, old, &config->truncations)
		if (str_eq(old->text, truncation.text))
			return;
	VEC_PUSH(reader->arena, &config->truncations, truncation);
}
