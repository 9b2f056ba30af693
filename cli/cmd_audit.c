/* SPDX-License-Identifier: ISC */
/* asamend audit: the findings of each config. */
#include "analyzers/rules.h"
#include "cli/audit_input.h"
#include "cli/baseline.h"
#include "cli/cmd.h"
#include "cli/run_info.h"
#include "cli/site_policy.h"

#include <stdio.h>
#include <string.h>

/* An input without a result: one line for the user, one entry in the report. */
static int unread(const struct options *options, struct report *report, struct str path,
                  struct str reason)
{
	fprintf(stderr, "asamend: %.*s: %.*s\n", STR(path), STR(reason));
	VEC_PUSH(options->arena, &report->unread, (struct unread){path, reason, false});
	report->summary.unreadable++;
	return STATUS_USAGE;
}

/* Add the reports of every config in one input. */
static int audit_input(const struct options *options, const struct policy *policy,
                       const struct applied *applied, const char *path, enum depth depth,
                       struct report *report)
{
	struct arena *arena = options->arena;
	struct capture_input input;
	struct audited audited = {0};
	struct str error;
	if (!capture_read(arena, options, path, applied, &input, &error))
		return unread(options, report, input.path, error);
	audit_capture(arena, options, policy, &input, depth, &audited);
	VEC_EACH(const struct config_report, config, &audited.configs)
		VEC_PUSH(arena, &report->configs, *config);
	if (audited.found == 0)
		return unread(options, report, input.path, not_a_config(arena, &audited));
	if (audited.configs.n == 0)
		return unread(options, report, input.path, S("no context of that name in it"));
	return STATUS_CLEAN;
}

/* Formats that hold a page or a record for each firewall show its change too. */
static enum depth depth_wanted(const struct options *options)
{
	VEC_EACH(const struct wanted_format, format, &options->formats)
		if (strcmp(format->name, "ndjson") == 0 || strcmp(format->name, "html") == 0)
			return DEPTH_MEND;
	return DEPTH_AUDIT;
}

int cmd_audit(struct options *options)
{
	struct report report = new_report();
	struct applied applied = {0};
	struct policy policy;
	struct baseline *baseline = NULL;
	struct str error;
	int status = STATUS_CLEAN;
	if (!site_policy_load(options, rules_ids(options->arena), n_rules, &policy))
		return STATUS_USAGE;
	if ((options->baseline &&
	     !baseline_read(options->arena, options->baseline, &baseline, &error)) ||
	    !applied_read(options->arena, options, &applied, &error)) {
		fprintf(stderr, "asamend: %.*s\n", STR(error));
		return STATUS_USAGE;
	}
	report.run = run_info(options, &policy, &applied);
	VEC_EACH(const struct str, path, &options->operands) {
		int one = audit_input(options, &policy, &applied, path->s, depth_wanted(options),
		                      &report);
		status = one > status ? one : status;
	}
	if (baseline)
		VEC_EACH(struct config_report, config, &report.configs)
			baseline_apply(baseline, options, config);
	report_summarize(&report);
	int written = emit_all(options, &report);
	int findings = status_of(options, &report);
	status = written > status ? written : status;
	return findings > status ? findings : status;
}
