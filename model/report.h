/* SPDX-License-Identifier: ISC */
/* What emitters print: the results of one run. They decide nothing beyond this. */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include "model/change.h"
#include "model/difference.h"
#include "model/discovery.h"
#include "model/finding.h"

enum platform { PLATFORM_ASA, PLATFORM_PIX, PLATFORM_FWSM, PLATFORM_FTD, PLATFORM_COUNT };
extern const char *const platform_names[PLATFORM_COUNT]; /* "asa", ... */

enum tristate { TRI_UNKNOWN, TRI_NO, TRI_YES };

struct capture {
	struct str by; /* "oxidized", "rancid", "show-tech", "terminal", or empty */
	enum tristate complete;
};

struct coverage {
	uint32_t lines, modelled, irrelevant, unknown; /* the last three add up to the first */
};

/* The result for one config (one context of one file). */
struct config_report {
	struct str path, sha256, hostname;
	enum platform platform;
	struct str version; /* "8.2(5)", empty when not given */
	struct str context; /* empty: single mode */
	struct capture capture;
	struct coverage coverage;
	struct sources sources;       /* for the spans below */
	struct appliances appliances; /* those that were judged here */
	VEC(struct flow) flows;
	struct findings findings;
	struct diags diags;
	VEC(struct str) notes;       /* e.g. which appliances were guessed and why */
	const struct change *change; /* what would mend it (scan); NULL: none was looked for */
	uint32_t fixed;              /* findings of the baseline that are gone */
};

/* An input that gave no result. */
struct unread {
	struct str path, reason;
	bool skipped; /* found on a walk and no firewall's; else it was named and could not be read
	               */
};

struct summary {
	uint32_t configs;
	uint32_t findings[SEVERITY_COUNT]; /* not counting suppressed ones */
	uint32_t flows[VERDICT_COUNT];     /* by `inspected`, on path */
	uint32_t off_path, suppressed, fixed, skipped, unreadable;
};

/* How a run was started. */
struct run_info {
	struct str policy_sha256; /* of the policy file; empty: there is none */
	struct str settings;      /* digest of the options that results depend on */
	struct str started;       /* UTC, ISO 8601 */
	struct str today;         /* the day by which suppressions were judged, YYYY-MM-DD */
	VEC(struct str) argv;
};

/* What the change is filed under; empty: not given. */
struct change_request {
	struct str id;
	struct str start, end; /* of the window, ISO 8601 */
};

struct report {
	const char *tool_version;
	struct run_info run;
	const struct rule *rules;
	size_t n_rules;
	VEC(struct config_report) configs;
	VEC(struct unread) unread;
	struct summary summary;
	const struct change *change;       /* fix only */
	struct change_request request;     /* fix only */
	const struct diff *diff;           /* diff only */
	const struct discovery *discovery; /* discover only */
};

/* Count findings, flows and configs anew from `configs` (skipped and unreadable stay). */
void report_summarize(struct report *report);

/* Add one config, or other sums, to the sums. */
void summary_add(struct summary *summary, const struct config_report *config);
void summary_add_all(struct summary *summary, const struct summary *more);

#endif
