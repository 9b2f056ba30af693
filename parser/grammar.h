/* SPDX-License-Identifier: ISC */
/* The table of commands.def, and finding a line's row in it. */
#ifndef PARSER_GRAMMAR_H
#define PARSER_GRAMMAR_H

#include "parser/reader.h"

struct command {
	enum mode mode;
	const char *pattern; /* its language: at the top of commands.def */
	command_fn *handler; /* NULL: known to be irrelevant */
};

extern const struct command commands[];
extern const size_t n_commands;

/* More than twice as many as there are first words, of all modes; a power of two. */
enum { GRAMMAR_SLOTS = 2048 };

/* The rows by mode and first word: a hash table. */
struct grammar {
	struct grammar_slot {
		struct str first;
		enum mode mode;
		uint32_t row;   /* the first one of this word, + 1; 0: free */
		bool takes_all; /* it is "word ...": no need to look further */
	} slots[GRAMMAR_SLOTS];
};

/* Fill the table from `commands`. */
void grammar_init(struct grammar *grammar);

/* The row for these words (without `no`) in a mode, or NULL. */
const struct command *grammar_find(const struct grammar *grammar, enum mode mode,
                                   const struct str *words, uint32_t n);

/* Does some command of this mode begin with this word? */
bool grammar_begins(const struct grammar *grammar, enum mode mode, struct str word);

/* Does a pattern match the words, all of them? */
bool grammar_match(const char *pattern, const struct str *words, uint32_t n);

/* The index of the word that a pattern's SECRET stands for, or -1. */
int grammar_secret(const char *pattern);

#define CMD(mode, pattern, handler) command_fn cmd_##handler;
#define SKIP(mode, pattern)
#include "parser/commands.def"
#undef CMD
#undef SKIP

#endif
