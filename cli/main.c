/* SPDX-License-Identifier: ISC */
/*
 * asamend: audits and mends the mail path through Cisco ASA and PIX firewalls.
 *
 * This is the map of the program. A folder is a layer; includes run down only:
 * cli -> emitters, analyzers, parser -> model. Data runs one way:
 *
 *	bytes -> parser -> model -> analyzers -> findings -> report -> emitters -> bytes
 *
 * main(): finds the subcommand (cmd.h) and hands it its options.
 *
 * - options_parse(): the command line
 *     - options.[ch]: parsing; option_table.[ch]: the table of all options; options_help.c
 * - cmd_audit(), cmd_fix(), cmd_rules(): one file each, named after the command
 *     - site_policy.[ch]: the policy file, found and read, and what the command line says over it
 *     - input.[ch], output.[ch]: whole files in, whole files out
 *
 * The subcommands call:
 *
 * - policy_yaml_read() (parser/): what the site wants
 *     - policy_yaml.[ch]: the schema of the policy file, policy_appliance.[ch] of its appliances
 *     - policy_values.[ch], date.[ch]: addresses, ports, patterns and days in it
 *     - yaml_tree.[ch], yaml_schema.[ch]: YAML as a tree with places; tables of fields
 * - the config reader (parser/): a running-config is a sequence of commands that is replayed, so
 *   a capture, --apply and the check of a change are one code
 *     - words.[ch], values.[ch]: lines into words, words into addresses, ports and times
 *     - commands.def: the grammar, one row a command; cmd_*.c: their functions
 * - the analyzers (analyzers/): the config and the policy in, findings with evidence out
 *     - rules.[ch], rules.def: ids, names, severities and texts of all rules
 * - report_summarize() (model/), then the emitters (emitters/): bytes from a finished report
 *     - emitter.h, emitters.c: the table of formats; one file each beside it
 *     - console.[ch]: styled and wrapped lines; escape.[ch]: what each format must quote
 *     - schema/: JSON Schemas of what goes in and out
 *
 * Used by all (model/): types and set algebra, no syntax and no verdicts.
 *
 * - arena.[ch], str.[ch], intern.[ch]: memory that is freed as a whole, strings, names
 * - source.[ch], diag.[ch]: input files and places in them, what there is to say about them
 * - address.[ch], interval.[ch], packet_set.[ch]: exact sets of packets
 * - policy.[ch], config.[ch]: what the site wants, what the firewall does
 * - flow.[ch], finding.[ch], change.h, report.[ch]: what came out
 */
#include "cli/cmd.h"
#include "cli/options.h"
#include "cli/output.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef ASAMEND_VERSION
#define ASAMEND_VERSION "0.1.0"
#endif

static const struct {
	const char *name;
	int (*run)(struct options *options);
} commands[COMMAND_COUNT] = {
#define X(id, name, operands, least, most, emit, summary) [CMD_##id] = {#name, cmd_##name},
        COMMANDS(X)
#undef X
};

/* What was asked for itself, on standard output. */
static int print(struct arena *arena, struct str text)
{
	struct str error;

	if (output_write(arena, NULL, text, &error))
		return STATUS_CLEAN;
	fprintf(stderr, "asamend: %.*s\n", STR(error));
	return STATUS_USAGE;
}

static int print_version(struct arena *arena)
{
	return print(arena, S("asamend " ASAMEND_VERSION "\n"));
}

/* The word is no command: say what it may have been meant for. */
static int unknown_command(const char *word)
{
	struct str names[COMMAND_COUNT + 2] = {S("--help"), S("--version")};
	int nearest;

	for (int i = 0; i < COMMAND_COUNT; i++)
		names[2 + i] = str_of(commands[i].name);
	nearest = str_nearest(str_of(word), names, COMMAND_COUNT + 2);
	fprintf(stderr, "asamend: unknown %s %s", word[0] == '-' ? "option" : "command", word);
	if (nearest >= 0)
		fprintf(stderr, "; did you mean %.*s?", STR(names[nearest]));
	else if (word[0] != '-' && access(word, R_OK) == 0)
		fprintf(stderr, "; did you mean asamend audit %s?", word);
	fprintf(stderr, "\nTry asamend --help\n");
	return STATUS_USAGE;
}

static int run(struct arena *arena, enum command command, int argc, char *const argv[])
{
	struct options options;
	struct str error;

	switch (options_parse(&options, arena, command, argc, argv, &error)) {
	case OPTIONS_RUN:
		return commands[command].run(&options);
	case OPTIONS_HELP:
		return print(arena, options_help(arena, command));
	case OPTIONS_VERSION:
		return print_version(arena);
	case OPTIONS_WRONG:
		break;
	}
	fprintf(stderr, "asamend %s: %.*s\nTry asamend %s --help\n", command_name(command),
	        STR(error), command_name(command));
	return STATUS_USAGE;
}

static int dispatch(struct arena *arena, int argc, char *argv[])
{
	if (argc < 2) {
		struct str overview = options_overview(arena);

		fprintf(stderr, "%.*s", STR(overview));
		return STATUS_USAGE;
	}
	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return run(arena, (enum command)i, argc - 2, argv + 2);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return print(arena, options_overview(arena));
	if (strcmp(argv[1], "--version") == 0)
		return print_version(arena);
	return unknown_command(argv[1]);
}

int main(int argc, char *argv[])
{
	struct arena *arena = arena_new();
	int status;

	/* A reader that goes away shows as EPIPE where we write. */
	signal(SIGPIPE, SIG_IGN);
	status = dispatch(arena, argc, argv);
	arena_free(arena);
	return status;
}
