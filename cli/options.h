/* SPDX-License-Identifier: ISC */
/* The command line: one table of all options says what there is, what it does and how it reads. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/cmd.h"
#include "model/policy.h"

/* Words of the command line, or names for it. */
struct option_words {
	struct str *v;
	uint32_t n, cap;
};

/* A result that was asked for with -f (and -o, which is folded in here). */
struct wanted_format {
	const char *name;
	const struct emitter *emitter; /* NULL: the command writes it itself */
	const char *path;              /* NULL: standard output */
};

enum progress_when { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };
enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* What was asked for. Strings point into argv or the arena and are NUL-terminated. */
struct options {
	struct arena *arena;
	enum command command;
	struct option_words argv;     /* all words, the command's name first */
	struct option_words operands; /* as many as the command takes; "-" is standard input */

	/* appliances and policy */
	const char *policy; /* NULL: asamend.yaml in this folder or one above, if there */
	bool no_policy;
	struct appliances appliances; /* of --esa and --sma; see site_policy_override() */
	uint16_t cpq_port;            /* 0: not given */
	struct option_words esa_xml;
	struct option_words sma_xml;

	/* input */
	struct option_words apply; /* files of commands, "-" is standard input */
	struct option_words contexts;
	const char *stdin_name; /* "-" unless given */
	const char *packets;    /* trace: a file of packets, or NULL */

	/* scan and report */
	const char *files_from; /* a list of paths, "-" is standard input, or NULL */
	struct option_words include;
	struct option_words exclude;
	unsigned jobs; /* 0: as many as there are processors */
	bool resume;
	enum progress_when progress;

	/* output */
	VEC(struct wanted_format) formats; /* at least one; at most one to standard output */
	enum color_when color;
	bool quiet;
	int verbose; /* how many -v */

	/* judging */
	enum severity fail_on; /* SEVERITY_COUNT: never */
	struct option_words select;
	struct option_words ignore;
	const char *baseline;
	bool show_suppressed, ignore_suppressions;
	struct str today; /* YYYY-MM-DD: as given, or the day it is (UTC) */
	bool today_given;

	/* fix */
	enum fix_form form; /* FORM_DEFAULT: not given */
	bool rollback, unsafe, explain;
	struct str change_id, name_prefix;   /* empty: not given */
	struct str window_start, window_end; /* ISO 8601; empty: not given */
};

enum options_result { OPTIONS_RUN, OPTIONS_HELP, OPTIONS_VERSION, OPTIONS_WRONG };

/*
 * Parse the words after the command. OPTIONS_WRONG leaves one line about the
 * first mistake in *error, without the program's name and newline.
 */
enum options_result options_parse(struct options *options, struct arena *arena,
                                  enum command command, int argc, char *const argv[],
                                  struct str *error);

/*
 * Check --select and --ignore against the `n` rule ids there are: each word must
 * be an id or the beginning of one. False leaves a line in *error.
 */
bool options_check_rules(const struct options *options, const struct str *ids, size_t n,
                         struct str *error);

/* Whether --select and --ignore leave a rule in. The longest prefix wins, of equals --ignore. */
bool options_rule_selected(const struct options *options, struct str id);

/* Whether to colour what goes to `path` (NULL: standard output). NO_COLOR is honoured. */
bool options_color(const struct options *options, const char *path);

/* The name of a command; a help text for it; the help for all. */
const char *command_name(enum command command);
struct str options_help(struct arena *arena, enum command command);
struct str options_overview(struct arena *arena);

#endif
