/* SPDX-License-Identifier: ISC */
/*
 * The table of all options and what its rows are made of; for options.c, which
 * parses by it, and options_help.c, which prints it.
 */
#ifndef CLI_OPTION_TABLE_H
#define CLI_OPTION_TABLE_H

#include "cli/options.h"

/* Sections of the help, in this order. */
enum option_group {
	GROUP_POLICY,
	GROUP_INPUT,
	GROUP_OUTPUT,
	GROUP_JUDGE,
	GROUP_CHANGE,
	GROUP_HELP,
	GROUP_COUNT
};
extern const char *const option_group_names[GROUP_COUNT];

/* The rows of COMMANDS. */
struct command_row {
	const char *name, *operands;
	uint32_t least, most;
	unsigned emit;
	const char *summary;
};
extern const struct command_row command_rows[COMMAND_COUNT];

/* A command line while it is read. */
struct parse {
	struct options *options;
	struct arena *arena;
	struct str *error;
	const char *shown;  /* the option at hand as the user wrote it: "--policy" or "-p" */
	const char *output; /* -o */
	enum options_result result;
};

struct option {
	enum option_group group;
	char letter; /* 0: none */
	const char *name;
	const char *argument; /* NULL: a switch */
	unsigned commands;    /* which take it: bits 1 << enum command */
	bool (*set)(struct parse *parse, const char *value);
	const char *help;
};
extern const struct option option_table[];
extern const size_t n_options;

/* Whether a command takes an option. */
bool option_taken(enum command command, const struct option *option);

/* End the parsing with an error. Always false, for `return option_wrong(...)`. */
__attribute__((format(printf, 2, 3))) bool option_wrong(struct parse *parse, const char *format,
                                                        ...);

/* "; did you mean WORD?" with `before` and `after` around the word, or nothing. */
struct str option_suggest(struct arena *arena, struct str word, const struct str *known, size_t n,
                          const char *before, const char *after);

struct option_words {
	VEC(struct str) list;
};

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

#endif
