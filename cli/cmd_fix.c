/* SPDX-License-Identifier: ISC */
/* asamend fix: the change that mends one config, tried before it is printed. */
#include "analyzers/procedure.h"
#include "cli/baseline.h"
#include "cli/cmd.h"
#include "cli/mend.h"
#include "cli/site_policy.h"

#include <stdio.h>

/* The one config that is meant; false with a message when it is not one. */
static bool choose_config(const struct options *options, const struct capture_input *input,
                          const struct config **chosen, uint32_t *part, struct str *error)
{
	struct arena *arena = options->arena;
	struct str looks_like = {"", 0};
	struct buf contexts = {.arena = arena};
	uint32_t found = 0, wanted = 0;
	for (uint32_t i = 0; i < input->parts.list.n; i++) {
		const struct config *config = capture_config(arena, input, i, S(""));
		if (!config_recognised(config, &looks_like))
			continue;
		buf_printf(&contexts, "%s%.*s", found++ ? ", " : "", STR(config->context));
		if (!context_wanted(options, config))
			continue;
		wanted++;
		*chosen = config;
		*part = i;
	}
	if (wanted == 1)
		return true;
	if (found == 0)
		*error = str_printf(arena,
		                    "%.*s: this is %.*s; expected the running-config of an ASA, "
		                    "PIX, FWSM or FTD",
		                    STR(input->path), STR(looks_like));
	else if (wanted == 0)
		*error = str_printf(arena, "%.*s: no context of that name; there %s %.*s",
		                    STR(input->path), found == 1 ? "is" : "are",
		                    STR(buf_str(&contexts)));
	else
		*error = str_printf(arena,
		                    "%.*s holds several contexts (%.*s); name one with --context",
		                    STR(input->path), STR(buf_str(&contexts)));
	return false;
}

static struct str part_text(const struct capture_input *input, uint32_t part)
{
	const struct config_part *at = &input->parts.list.v[part];
	return (struct str){input->text.s + at->offset, at->len};
}

static int complain(struct str error)
{
	fprintf(stderr, "asamend: %.*s\n", STR(error));
	return STATUS_USAGE;
}

/* How bad it is that a finding of this rule is left: as bad as the worst that was found. */
static enum severity severity_of(const struct config_report *report, const struct rule *rule)
{
	enum severity worst = rule->severity;
	bool any = false;
	VEC_EACH(const struct finding, finding, &report->findings.list) {
		if (finding->rule != rule || finding_is_suppressed(finding))
			continue;
		worst = !any || finding->severity > worst ? finding->severity : worst;
		any = true;
	}
	return worst;
}

static bool leaves_findings(const struct options *options, const struct config_report *report,
                            const struct change *change)
{
	VEC_EACH(const struct unmended, left, &change->unmended)
		if (severity_of(report, left->rule) >= options->fail_on)
			return true;
	return false;
}

int cmd_fix(struct options *options)
{
	struct arena *arena = options->arena;
	struct report report = new_report();
	struct applied applied = {0};
	struct capture_input input;
	struct policy policy;
	struct str error;
	const struct config *config = NULL;
	uint32_t part = 0;
	if (!site_policy_load(options, rules_ids(arena), n_rules, &policy))
		return STATUS_USAGE;
	if (!applied_read(arena, options, &applied, &error))
		return complain(error);
	if (!capture_read(arena, options, options->operands.v[0].s, &applied, &input, &error))
		return complain(str_printf(arena, "%.*s: %.*s", STR(input.path), STR(error)));
	if (!choose_config(options, &input, &config, &part, &error))
		return complain(error);
	struct notes notes = {0};
	const struct policy *here = effective_policy(arena, &policy, input.path, config, &notes);
	const struct audit *audit = analyze(arena, options, here, &input, config);
	if (options->baseline) {
		struct baseline *baseline;
		if (!baseline_read(arena, options->baseline, &baseline, &error))
			return complain(error);
		baseline_apply(baseline, options, audit->report); /* what was known is left alone */
	}
	struct change *change = mend(arena, options, here, &input, part, audit);
	procedure_plan(audit, input.text, part_text(&input, part), change);
	report.change = change;
	report.request = (struct change_request){options->change_id, options->window_start,
	                                         options->window_end};
	VEC_EACH(const struct str, note, &notes.list)
		VEC_PUSH(arena, &audit->report->notes, *note);
	VEC_PUSH(arena, &report.configs, *audit->report);
	report_summarize(&report);
	int written = emit_all(options, &report);
	if (written != STATUS_CLEAN)
		return written;
	return leaves_findings(options, audit->report, change) ? STATUS_FINDINGS : STATUS_CLEAN;
}
