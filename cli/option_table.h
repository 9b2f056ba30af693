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

/* What becomes of an option's value. */
struct option_store {
	enum {
		STORE_SWITCH, /* the bool at that offset in struct options becomes true */
		STORE_STRING, /* the const char * there points to the value */
		STORE_LIST,   /* the value is added to the struct option_words there */
		STORE_BY      /* a function reads it; false: option_wrong() was called */
	} kind;
	size_t offset;
	bool (*by)(struct parse *parse, const char *value);
};

struct option {
	enum option_group group;
	char letter; /* 0: none */
	const char *name;
	const char *argument; /* NULL: a switch */
	unsigned commands;    /* which take it: bits 1 << enum command */
	struct option_store store;
	const char *help;
};
extern const struct option option_table[];
extern const size_t n_options;

/* Whether a command takes an option. */
bool option_taken(enum command command, const struct option *option);

/* End the parsing with an error. Always false, for `return option_wrong(...)`. */
__attribute__((format(printf, 2, 3))) bool option_wrong(struct parse *parse, const char *format,
                                                        ...);

/* Take the value of an option; NULL of a switch. False after option_wrong(). */
bool option_set(struct parse *parse, const struct option *option, const char *value);

#endif
