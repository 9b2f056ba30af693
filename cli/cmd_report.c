/* SPDX-License-Identifier: ISC */
/* asamend report: the results of scans, of one machine or many, in any format of audit. */
#include "cli/analyze.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/results.h"

#include "analyzers/rules.h"

#include <stdio.h>

static int add_file(const struct options *options, const char *path, struct report *report)
{
	struct str text, error;
	const char *shown = str_eq(str_of(path), S("-")) ? options->stdin_name : path;
	if (input_read(options->arena, path, &text, &error))
		return results_add(options, shown, text, report);
	fprintf(stderr, "asamend: %s: %.*s\n", shown, STR(error));
	return STATUS_USAGE;
}

int cmd_report(struct options *options)
{
	struct report report = new_report();
	struct baseline *baseline = NULL;
	struct str error;
	int status = STATUS_CLEAN;
	if (!options_check_rules(options, rules_ids(options->arena), n_rules, &error)) {
		fprintf(stderr, "asamend report: %.*s\n", STR(error));
		return STATUS_USAGE;
	}
	if (options->baseline &&
	    !baseline_read(options->arena, options->baseline, &baseline, &error)) {
		fprintf(stderr, "asamend: %.*s\n", STR(error));
		return STATUS_USAGE;
	}
	VEC_EACH(const struct str, path, &options->operands) {
		int one = add_file(options, path->s, &report);
		status = one > status ? one : status;
	}
	results_finish(options, baseline, &report);
	int written = emit_all(options, &report);
	int findings = status_of(options, &report);
	if (report.summary.unreadable)
		status = STATUS_USAGE;
	status = written > status ? written : status;
	return findings > status ? findings : status;
}
