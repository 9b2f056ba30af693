/* SPDX-License-Identifier: ISC */
/* From an input on the command line to the reports of the configs in it. */
#ifndef CLI_ANALYZE_H
#define CLI_ANALYZE_H

#include "analyzers/audit.h"
#include "cli/options.h"
#include "parser/config_reader.h"

/* The commands of --apply, in their order. */
struct applied {
	VEC(struct config_input) list;
};

/* A capture as read: its text, and the commands to replay on top of it. */
struct capture_input {
	struct str path; /* as results name it */
	struct str text, sha256;
	struct config_parts parts;
	struct applied applied;
};

/* Read the files of --apply. False leaves one line for the user in *error (status 2). */
bool applied_read(struct arena *arena, const struct options *options, struct applied *applied,
                  struct str *error);

/*
 * Read the input named `path` ("-": standard input), to which `applied` is added. False leaves
 * the reason in *error, without the path; input->path is set all the same (status 2).
 */
bool capture_read(struct arena *arena, const struct options *options, const char *path,
                  const struct applied *applied, struct capture_input *input, struct str *error);

/* SHA-256 of a text, as 64 hex digits. */
struct str sha256_hex(struct arena *arena, struct str text);

/*
 * Replay one part of the capture, with everything to apply on top. `more` is text to
 * replay last (a change that is being tried), or empty.
 */
struct config *capture_config(struct arena *arena, const struct capture_input *input, uint32_t part,
                              struct str more);

/* Does --context leave this config in? */
bool context_wanted(const struct options *options, const struct config *config);

/*
 * The policy as it holds for a config. Where neither the policy nor the command line names any
 * appliance at all, likely ones are guessed from the config and marked as such; the guesses, or
 * that there are none, are told in `notes`.
 */
struct notes {
	VEC(struct str) list;
};
const struct policy *effective_policy(struct arena *arena, const struct policy *policy,
                                      struct str path, const struct config *config,
                                      struct notes *notes);

/* Audit a config and narrow the findings by --select and --ignore. Its report is audit->report. */
const struct audit *analyze(struct arena *arena, const struct options *options,
                            const struct policy *policy, const struct capture_input *input,
                            const struct config *config);

/* Narrow findings by --select and --ignore. */
void select_findings(const struct options *options, struct findings *findings);

/* The highest status that the findings of a report ask for (--fail-on). */
int status_of(const struct options *options, const struct report *report);

/*
 * Print a report in every format that was asked for. Returns STATUS_USAGE if one cannot be written.
 */
int emit_all(const struct options *options, const struct report *report);

/* A report of this run, empty. */
struct report new_report(void);

#endif
