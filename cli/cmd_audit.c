/* SPDX-License-Identifier: ISC */
/* asamend audit: the findings of each config. */
#include "analyzers/rules.h"
#include "cli/analyze.h"
#include "cli/baseline.h"
#include "cli/cmd.h"
#include "cli/site_policy.h"

#include <stdio.h>

/* Add the reports of every config in one input. An error line is printed here. */
static int audit_input(const struct options *options, const struct policy *policy, const char *path,
                       struct report *report)
{
	struct arena *arena = options->arena;
	struct capture_input input;
	struct str error, looks_like = {"", 0};
	uint32_t found = 0, audited = 0;
	if (!capture_read(arena, options, path, &input, &error)) {
		fprintf(stderr, "asamend: %.*s\n", STR(error));
		report->summary.unreadable++;
		return STATUS_USAGE;
	}
	for (uint32_t part = 0; part < input.parts.list.n; part++) {
		const struct config *config = capture_config(arena, &input, part, S(""));
		if (!config_recognised(config, &looks_like))
			continue;
		found++;
		if (!context_wanted(options, config))
			continue;
		audited++;
		struct notes notes = {0};
		const struct policy *here =
		        effective_policy(arena, policy, input.path, config, &notes);
		const struct audit *audit = analyze(arena, options, here, &input, config);
		VEC_EACH(const struct str, note, &notes.list)
			VEC_PUSH(arena, &audit->report->notes, *note);
		VEC_PUSH(arena, &report->configs, *audit->report);
	}
	if (found == 0) {
		fprintf(stderr,
		        "asamend: %.*s: this is %.*s; expected the running-config of an ASA, PIX, "
		        "FWSM or FTD\n",
		        STR(input.path), STR(looks_like));
		report->summary.unreadable++;
		return STATUS_USAGE;
	}
	if (audited == 0) {
		fprintf(stderr, "asamend: %.*s: no context of that name in it\n", STR(input.path));
		return STATUS_USAGE;
	}
	return STATUS_CLEAN;
}

int cmd_audit(struct options *options)
{
	struct report report = new_report();
	struct policy policy;
	struct baseline *baseline = NULL;
	struct str error;
	int status = STATUS_CLEAN;
	if (!site_policy_load(options, rules_ids(options->arena), n_rules, &policy))
		return STATUS_USAGE;
	if (options->baseline &&
	    !baseline_read(options->arena, options->baseline, &baseline, &error)) {
		fprintf(stderr, "asamend: %.*s\n", STR(error));
		return STATUS_USAGE;
	}
	VEC_EACH(const struct str, path, &options->operands) {
		int one = audit_input(options, &policy, path->s, &report);
		status = one > status ? one : status;
	}
	if (baseline)
		baseline_apply(baseline, &report);
	report_summarize(&report);
	int written = emit_all(options, &report);
	int findings = status_of(options, &report);
	status = written > status ? written : status;
	return findings > status ? findings : status;
}
