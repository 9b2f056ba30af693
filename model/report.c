/* SPDX-License-Identifier: ISC */
/* Counting what a run found; the emitters and the exit status read these numbers. */
#include "model/report.h"

const char *const platform_names[PLATFORM_COUNT] = {
        [PLATFORM_ASA] = "asa",
        [PLATFORM_PIX] = "pix",
        [PLATFORM_FWSM] = "fwsm",
        [PLATFORM_FTD] = "ftd",
};

static void count_config(struct summary *summary, const struct config_report *config)
{
	summary->configs++;
	VEC_EACH(struct finding, finding, &config->findings.list) {
		if (finding->suppressed.by == NOT_SUPPRESSED)
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

void report_summarize(struct report *report)
{
	struct summary summary = {
	        .fixed = report->summary.fixed,
	        .skipped = report->summary.skipped,
	        .unreadable = report->summary.unreadable,
	};

	VEC_EACH(struct config_report, config, &report->configs)
		count_config(&summary, config);
	report->summary = summary;
}
