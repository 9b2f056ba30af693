/* SPDX-License-Identifier: ISC */
/* A hash table by mode and first word leads to the first of the rows that share them. */
#include "parser/grammar.h"

const struct command commands[] = {
#define CMD(mode, pattern, handler) {MODE_##mode, pattern, cmd_##handler},
#define SKIP(mode, pattern)         {MODE_##mode, pattern, NULL},
#include "parser/commands.def"
#undef CMD
#undef SKIP
};

const size_t n_commands = sizeof(commands) / sizeof(commands[0]);

_Static_assert(sizeof(commands) / sizeof(commands[0]) < GRAMMAR_SLOTS / 2, "grow GRAMMAR_SLOTS");

/* --- patterns --------------------------------------------------------------------------- */

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

int grammar_secret(const char *pattern)
{
	struct str word;
	for (int i = 0; (word = pattern_word(&pattern)).n; i++)
		if (str_eq(word, S("SECRET")))
			return i;
	return -1;
}

/* --- rows ------------------------------------------------------------------------------- */

/* Words of commands are told apart by length and the ends: cheaper than every byte. */
static uint32_t slot_of(enum mode mode, struct str word)
{
	uint32_t hash = (uint32_t)word.n * 31 + (uint32_t)mode;
	for (size_t i = 0; i < word.n && i < 12; i++)
		hash = (hash ^ (unsigned char)word.s[i]) * 0x01000193u;
	return (hash ^ hash >> 15) & (GRAMMAR_SLOTS - 1);
}

/* The slot of a word, or the free one where it belongs. */
static uint32_t find_slot(const struct grammar *grammar, enum mode mode, struct str word)
{
	uint32_t at = slot_of(mode, word);
	while (grammar->slots[at].row &&
	       (grammar->slots[at].mode != mode || !str_eq(grammar->slots[at].first, word)))
		at = (at + 1) & (GRAMMAR_SLOTS - 1);
	return at;
}

static struct str first_word(const struct command *command)
{
	const char *at = command->pattern;
	return pattern_word(&at);
}

void grammar_init(struct grammar *grammar)
{
	memset(grammar, 0, sizeof(*grammar));
	for (uint32_t i = 0; i < n_commands; i++) {
		struct str first = first_word(&commands[i]);
		struct grammar_slot *slot =
		        &grammar->slots[find_slot(grammar, commands[i].mode, first)];
		const char *rest = commands[i].pattern + first.n;
		if (slot->row == 0)
			*slot = (struct grammar_slot){first, commands[i].mode, i + 1,
			                              strcmp(rest, " ...") == 0};
	}
}

bool grammar_begins(const struct grammar *grammar, enum mode mode, struct str word)
{
	return grammar->slots[find_slot(grammar, mode, word)].row != 0;
}

const struct command *grammar_find(const struct grammar *grammar, enum mode mode,
                                   const struct str *words, uint32_t n)
{
	const struct grammar_slot *slot = &grammar->slots[find_slot(grammar, mode, words[0])];
	if (slot->row == 0)
		return NULL;
	if (slot->takes_all)
		return &commands[slot->row - 1];
	for (size_t i = slot->row - 1; i < n_commands && commands[i].mode == mode; i++) {
		if (grammar_match(commands[i].pattern, words, n))
			return &commands[i];
		if (i + 1 < n_commands && !str_eq(first_word(&commands[i + 1]), slot->first))
			break;
	}
	return NULL;
}
