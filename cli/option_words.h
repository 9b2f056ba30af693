/* SPDX-License-Identifier: ISC */
/* The words that options and operands can have as values. */
#ifndef CLI_OPTION_WORDS_H
#define CLI_OPTION_WORDS_H

#include "cli/option_table.h"

/* "; did you mean WORD?" with `before` and `after` around the word, or nothing. */
struct str option_suggest(struct arena *arena, struct str word, const struct str *known, size_t n,
                          const char *before, const char *after);

/* The formats of a command, the default first. */
struct option_words option_formats(struct arena *arena, enum command command);

/* The n-th of them, or NULL past the last; *emitter is NULL where it needs none. */
const char *option_format(enum command command, size_t n, const struct emitter **emitter);

/* What can stand where a value or an operand is called for. */
enum value_kind {
	VALUE_FREE, /* anything: a name, an address, a number */
	VALUE_FILE,
	VALUE_ONE_OF, /* one of `words` */
	VALUE_LIST,   /* some of `words`, with commas */
	VALUE_FORMAT  /* one of `words`, or WORD=FILE */
};

struct option_values {
	enum value_kind kind;
	struct option_words words, about; /* `about` is empty, or says a bit about each word */
};

/* The values of an option; its argument's name ("FILE", "WHEN") says which they are. */
struct option_values option_values(struct arena *arena, enum command command,
                                   const struct option *option);

/* What the operands of a command can be; their name says it too. */
struct option_values operand_values(struct arena *arena, enum command command);

/* Is that the name of an argument whose values are known, or known to be free? */
bool option_argument_known(const char *argument);

/*
 * The index of a value among the words of an argument ("WHEN"), or -1 after
 * option_wrong() with an error that lists them.
 */
int option_choose(struct parse *parse, const char *argument, const char *value);

#endif
