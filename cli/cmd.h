/* SPDX-License-Identifier: ISC */
/*
 * The subcommands. A new one is a row here and its function cmd_NAME() in
 * cli/cmd_NAME.c; its options are rows of the table in options.c.
 */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "emitters/emitter.h"

#include <limits.h>

/*
 * X(ID, name, operands, least, most, emit, summary)
 *
 * How many operands there may be, whose formats -f takes (0: text and json,
 * which the command writes itself), and one line for the help.
 */
#define COMMANDS(X)                                                                                \
	X(AUDIT, audit, "CONFIG...", 1, INT_MAX, EMIT_AUDIT,                                       \
	  "report what each config does to the mail of the appliances")                            \
	X(FIX, fix, "CONFIG", 1, 1, EMIT_FIX,                                                      \
	  "print the change that mends a config, or its rollback")                                 \
	X(DIFF, diff, "OLD [NEW]", 1, 2, EMIT_DIFF,                                                \
	  "tell what changes for mail and for the rest from OLD to NEW, or by --apply")            \
	X(TRACE, trace, "CONFIG input IFC PROTO SRC [SPORT] DST [DPORT]", 1, INT_MAX, 0,           \
	  "tell what becomes of a packet, phase by phase, as packet-tracer does")                  \
	X(SCAN, scan, "PATH...", 1, INT_MAX, EMIT_AUDIT,                                           \
	  "audit many firewalls: files, folders, globs, lists of files")                           \
	X(REPORT, report, "RESULTS...", 1, INT_MAX, EMIT_AUDIT,                                    \
	  "print the results of scans, of many machines if need be, in any format")                \
	X(DISCOVER, discover, "CONFIG...", 1, INT_MAX, EMIT_DISCOVER,                              \
	  "write a policy file to start from: the appliances that the configs point to")           \
	X(RULES, rules, "[ID]", 0, 1, 0, "list the rules, or explain one")                         \
	X(COMPLETION, completion, "bash|zsh|fish", 1, 1, 0,                                        \
	  "print what makes a shell complete commands, options and their values")

enum command {
#define X(id, name, operands, least, most, emit, summary) CMD_##id,
	COMMANDS(X)
#undef X
	        COMMAND_COUNT
};

enum status { STATUS_CLEAN, STATUS_FINDINGS, STATUS_USAGE, STATUS_INTERNAL };

struct options;

/* Run a subcommand with its parsed options; an enum status is returned. */
#define X(id, name, operands, least, most, emit, summary) int cmd_##name(struct options *options);
COMMANDS(X)
#undef X

#endif
