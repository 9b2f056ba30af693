/* SPDX-License-Identifier: ISC */
/* Counting what a run found; the emitters and the exit status read these numbers. */
#include "model/report.h"

const char *const platform_names[PLATFORM_COUNT] = {
        [PLATFORM_ASA] = "asa",
        [PLATFORM_PIX] = "pix",
        [PLATFORM_FWSM] = "fwsm",
        [PLATFORM_FTD] = "ftd",
};

void summary_add(struct summary *summary, const struct config_report *config)
{
	summary->configs++;
	summary->fixed += config->fixed;
	VEC_EACH(struct finding, finding, &config->findings.list) {
		if (!finding_is_suppressed(finding))
			summary->findings[finding->severity]++;
		else
			summary->suppressed++;
	}
	VEC_EACH(struct flow, flow, &config->flows) {
		if (flow->on_path)
			summary->flows[flow->inspected]++;
		else
			summary->off_path++;
	}
}

void summary_add_all(struct summary *summary, const struct summary *more)
{
	summary->configs += more->configs;
	for (int i = 0; i < SEVERITY_COUNT; i++)
		summary->findings[i] += more->findings[i];
	for (int i = 0; i < VERDICT_COUNT; i++)
		summary->flows[i] += more->flows[i];
	summary->off_path += more->off_path;
	summary->suppressed += more->suppressed;
	summary->fixed += more->fixed;
	summary->skipped += more->skipped;
	summary->unreadable += more->unreadable;
}

void report_summarize(struct report *report)
{
	struct summary summary = {
	        .skipped = report->summary.skipped,
	        .unreadable = report->summary.unreadable,
	};

	VEC_EACH(struct config_report, config, &report->configs)
		summary_add(&summary, config);
	report->summary = summary;
}
