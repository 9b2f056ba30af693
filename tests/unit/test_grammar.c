/* SPDX-License-Identifier: ISC */
/* The table of commands: its order, its patterns, and that no row hides another. */
#include "parser/grammar.h"

#include <criterion/criterion.h>
#include <ctype.h>

static struct str first_word(const char *pattern)
{
	return (struct str){pattern, strcspn(pattern, " ")};
}

/* The words of a pattern as a line: the first of "a|b", a name for a placeholder. */
static uint32_t sample_of(const char *pattern, struct str *words, uint32_t max)
{
	uint32_t n = 0;
	while (*pattern && n < max) {
		size_t len = strcspn(pattern, " ");
		struct str word = {pattern, len}, head, tail;
		str_cut(word, '|', &head, &tail);
		if (str_eq(word, S("...")))
			words[n++] = S("1");
		else
			words[n++] = isupper((unsigned char)word.s[0]) ? S("x") : head;
		pattern += len;
		pattern += strspn(pattern, " ");
	}
	return n;
}

Test(grammar, sorted_by_mode_and_first_word)
{
	for (size_t i = 1; i < n_commands; i++) {
		const struct command *a = &commands[i - 1], *b = &commands[i];
		int order = str_cmp(first_word(a->pattern), first_word(b->pattern));
		cr_expect(a->mode < b->mode || (a->mode == b->mode && order <= 0),
		          "\"%s\" stands before \"%s\"", a->pattern, b->pattern);
	}
}

Test(grammar, patterns_are_well_formed)
{
	for (size_t i = 0; i < n_commands; i++) {
		const char *pattern = commands[i].pattern;
		size_t len = strlen(pattern);
		cr_expect(islower((unsigned char)pattern[0]), "\"%s\" begins with no command",
		          pattern);
		cr_expect(pattern[len - 1] != ' ' && !strstr(pattern, "  "), "blanks in \"%s\"",
		          pattern);
		cr_expect(!memchr(pattern, '|', first_word(pattern).n),
		          "\"%s\": a choice in the first word is not found", pattern);
		const char *rest = strstr(pattern, "...");
		cr_expect(!rest || rest[3] == '\0', "words behind ... in \"%s\"", pattern);
		for (const char *c = pattern; *c; c++)
			cr_expect(isalnum((unsigned char)*c) || strchr(" .|-_", *c),
			          "'%c' in \"%s\"", *c, pattern);
	}
}

Test(grammar, every_row_is_found)
{
	static struct grammar grammar;
	grammar_init(&grammar);
	for (size_t i = 0; i < n_commands; i++) {
		struct str words[16];
		uint32_t n = sample_of(commands[i].pattern, words, 16);
		const struct command *found = grammar_find(&grammar, commands[i].mode, words, n);
		cr_assert(found, "\"%s\" is not found", commands[i].pattern);
		cr_expect(found == &commands[i], "\"%s\" is hidden by \"%s\"", commands[i].pattern,
		          found->pattern);
		cr_expect(grammar_begins(&grammar, commands[i].mode, words[0]));
	}
}

Test(grammar, matching)
{
	static const struct {
		const char *pattern, *line;
		bool matches;
	} cases[] = {
	        {"names ...", "names", true},
	        {"names", "names x", false},
	        {"name ADDRESS LABEL ...", "name 10.1.1.1", false},
	        {"name ADDRESS LABEL ...", "name 10.1.1.1 esa", true},
	        {"name ADDRESS LABEL ...", "name 10.1.1.1 esa description x", true},
	        {"ip address|route", "ip route", true},
	        {"ip address|route", "ip add", false},
	        {"ip address|route", "ip route x", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str words[8], rest = str_of(cases[i].line);
		uint32_t n = 0;
		for (bool more = true; more;)
			more = str_cut(rest, ' ', &words[n++], &rest);
		cr_expect(grammar_match(cases[i].pattern, words, n) == cases[i].matches,
		          "\"%s\" and \"%s\"", cases[i].pattern, cases[i].line);
	}
}

Test(grammar, secret_words)
{
	cr_expect(grammar_secret("passwd SECRET ...") == 1);
	cr_expect(grammar_secret("aaa-server NAME IFC host ADDRESS SECRET ...") == 5);
	cr_expect(grammar_secret("names ...") == -1);
}
