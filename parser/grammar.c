/* SPDX-License-Identifier: ISC */
/* Binary search by mode and first word, then the few rows that share it in order. */
#include "parser/grammar.h"

#include <string.h>

const struct command commands[] = {
#define CMD(mode, pattern, handler) {MODE_##mode, pattern, cmd_##handler},
#define SKIP(mode, pattern)         {MODE_##mode, pattern, NULL},
#include "parser/commands.def"
#undef CMD
#undef SKIP
};

const size_t n_commands = sizeof(commands) / sizeof(commands[0]);

/* The next word of a pattern; *at moves past it. */
static struct str pattern_word(const char **at)
{
	const char *begin = *at + strspn(*at, " ");
	size_t len = strcspn(begin, " ");
	*at = begin + len;
	return (struct str){begin, len};
}

/* One word of a pattern: "a|b", a placeholder in capitals, or a literal. */
static bool word_match(struct str pattern, struct str word)
{
	if (pattern.s[0] >= 'A' && pattern.s[0] <= 'Z')
		return true;
	struct str head, tail = pattern;
	for (bool more = true; more;) {
		more = str_cut(tail, '|', &head, &tail);
		if (str_eq(head, word))
			return true;
	}
	return false;
}

bool grammar_match(const char *pattern, const struct str *words, uint32_t n)
{
	for (uint32_t i = 0;; i++) {
		struct str next = pattern_word(&pattern);
		if (str_eq(next, S("...")))
			return true;
		if (next.n == 0 || i == n)
			return next.n == 0 && i == n;
		if (!word_match(next, words[i]))
			return false;
	}
}

/* Order of a row's first word against `word`. */
static int first_word_cmp(const struct command *command, enum mode mode, struct str word)
{
	if (command->mode != mode)
		return command->mode < mode ? -1 : 1;
	const char *at = command->pattern;
	return str_cmp(pattern_word(&at), word);
}

const struct command *grammar_find(enum mode mode, const struct str *words, uint32_t n)
{
	size_t lo = 0, hi = n_commands;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (first_word_cmp(&commands[mid], mode, words[0]) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < n_commands && first_word_cmp(&commands[lo], mode, words[0]) == 0; lo++)
		if (grammar_match(commands[lo].pattern, words, n))
			return &commands[lo];
	return NULL;
}
