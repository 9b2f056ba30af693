/* SPDX-License-Identifier: ISC */
/*
 * Output formats. An emitter turns a finished report into bytes; it decides
 * nothing. A new format is one row of EMITTERS and one file.
 */
#ifndef EMITTERS_EMITTER_H
#define EMITTERS_EMITTER_H

#include "model/report.h"

struct emit_options {
	bool color;
	bool quiet;            /* findings only, one line each */
	int verbose;           /* how many -v */
	bool show_suppressed;  /* json and csv always carry them */
	bool explain;          /* fix: what the change does to which packets */
	bool rollback;         /* fix: the commands that undo the change instead */
	enum severity fail_on; /* what counts as failed; SEVERITY_COUNT: nothing */
	struct str folder;     /* the current one, absolute; empty: not known */
};

/* The commands whose results a format can print, as bits of a mask. */
enum emit_command {
	EMIT_AUDIT = 1 << 0,
	EMIT_FIX = 1 << 1,
	EMIT_DIFF = 1 << 2,
	EMIT_DISCOVER = 1 << 3
};

struct emitter {
	const char *name;      /* as given to --format */
	const char *extension; /* of files, without the dot */
	unsigned commands;     /* mask of enum emit_command */
	void (*emit)(const struct report *report, const struct emit_options *options,
	             struct buf *out);
};

/* X(commands, name, extension, function): the first format of a command is its default. */
#define EMITTERS(X)                                                                                \
	X(EMIT_AUDIT, "text", "txt", emit_text)                                                    \
	X(EMIT_AUDIT, "json", "json", emit_json)                                                   \
	X(EMIT_AUDIT, "ndjson", "ndjson", emit_ndjson)                                             \
	X(EMIT_AUDIT, "csv", "csv", emit_csv)                                                      \
	X(EMIT_AUDIT, "sarif", "sarif", emit_sarif)                                                \
	X(EMIT_AUDIT, "junit", "xml", emit_junit)                                                  \
	X(EMIT_AUDIT, "gitlab", "json", emit_gitlab)                                               \
	X(EMIT_AUDIT, "github", "txt", emit_github)                                                \
	X(EMIT_AUDIT, "markdown", "md", emit_markdown)                                             \
	X(EMIT_AUDIT, "html", "html", emit_report_html)                                            \
	X(EMIT_FIX, "cli", "txt", emit_change_cli)                                                 \
	X(EMIT_FIX, "ticket", "md", emit_ticket_markdown)                                          \
	X(EMIT_FIX, "html", "html", emit_ticket_html)                                              \
	X(EMIT_FIX, "json", "json", emit_change_json)                                              \
	X(EMIT_DIFF, "text", "txt", emit_diff_text)                                                \
	X(EMIT_DIFF, "json", "json", emit_diff_json)                                               \
	X(EMIT_DIFF, "markdown", "md", emit_diff_markdown)                                         \
	X(EMIT_DISCOVER, "yaml", "yaml", emit_discover_yaml)                                       \
	X(EMIT_DISCOVER, "json", "json", emit_discover_json)

/* One function a row: append the report to `out`, whose arena also takes the scratch memory. */
#define EMITTER_PROTOTYPE(commands, name, extension, function)                                     \
	void function(const struct report *report, const struct emit_options *options,             \
	              struct buf *out);
EMITTERS(EMITTER_PROTOTYPE)
#undef EMITTER_PROTOTYPE

/* The format of that name for a command, or NULL. */
const struct emitter *emitter_find(enum emit_command command, struct str name);

/* The n-th format (from 0) of a command, or NULL past the last: for help and suggestions. */
const struct emitter *emitter_nth(enum emit_command command, size_t n);

#endif
