/* SPDX-License-Identifier: ISC */
/* The order of the stages, and what a report says of a config beside its findings. */
#include "analyzers/audit.h"

#include "analyzers/path.h"

#include <stdlib.h>

/* A finding with its place in the order in which it was found: the order of the flows. */
struct ranked {
	struct finding finding;
	uint32_t rank;
};

/* By severity, then line, then rule, then flow: the order in which people read them. */
static int compare_findings(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	const struct finding *left = &x->finding, *right = &y->finding;
	if (left->severity != right->severity)
		return left->severity > right->severity ? -1 : 1;
	uint32_t at_left = left->evidence.n ? left->evidence.v[0].offset : UINT32_MAX;
	uint32_t at_right = right->evidence.n ? right->evidence.v[0].offset : UINT32_MAX;
	if (at_left != at_right)
		return at_left < at_right ? -1 : 1;
	if (left->rule != right->rule)
		return left->rule < right->rule ? -1 : 1;
	return x->rank < y->rank ? -1 : 1;
}

static void sort_findings(struct arena *arena, struct findings *findings)
{
	struct ranked *ranked = NEW_ARRAY(arena, struct ranked, findings->list.n);
	for (uint32_t i = 0; i < findings->list.n; i++)
		ranked[i] = (struct ranked){findings->list.v[i], i};
	if (findings->list.n)
		qsort(ranked, findings->list.n, sizeof(*ranked), compare_findings);
	for (uint32_t i = 0; i < findings->list.n; i++)
		findings->list.v[i] = ranked[i].finding;
}

/* Findings of rules that the policy turns off go. */
static void drop_off_rules(struct audit *audit)
{
	struct findings *findings = &audit->report->findings;
	uint32_t kept = 0;
	VEC_EACH(const struct finding, finding, &findings->list) {
		bool off = false;
		VEC_EACH(const struct rule_setting, setting, &audit->policy->rules)
			off |= setting->off && str_eq(setting->rule, str_of(finding->rule->id));
		if (!off)
			findings->list.v[kept++] = *finding;
	}
	findings->list.n = kept;
}

static void describe(const struct config *config, struct str path, struct config_report *report)
{
	report->path = path;
	report->hostname = config->hostname;
	report->platform = config->platform;
	report->version = config->version_text;
	report->context = config->context;
	report->capture = config->capture;
	report->coverage = config->coverage;
	report->sources = config->sources;
	report->diags = config->diags;
}

struct audit *audit_classify(struct arena *arena, const struct config *config,
                             const struct policy *policy, struct str path,
                             struct config_report *report)
{
	struct audit *audit = NEW(arena, struct audit);
	audit->arena = arena;
	audit->config = config;
	audit->policy = policy;
	audit->path = path;
	audit->report = report;
	audit->fragment = !config->platform_known && !config->has_end;
	audit->tracer = tracer_for_way(arena, config);
	describe(config, path, report);
	report->appliances = policy->appliances;
	audit_flows(audit);
	audit_inspection(audit);
	audit_permission(audit);
	audit_limits(audit);
	return audit;
}

struct audit *audit_run(struct arena *arena, const struct config *config,
                        const struct policy *policy, struct str path, struct config_report *report)
{
	struct audit *audit = audit_classify(arena, config, policy, path, report);
	audit->no_hosts = path_no_hosts(config, arena);
	audit_smtp_rules(audit);
	audit_cap_rules(audit);
	audit_block_rules(audit);
	audit_exemption_rules(audit);
	audit_breadth_rules(audit);
	audit_hygiene_rules(audit);
	drop_off_rules(audit);
	VEC_EACH(const struct flow_work, work, &audit->flows)
		VEC_PUSH(arena, &report->flows, *work->flow);
	sort_findings(arena, &report->findings);
	findings_fingerprint(arena, report);
	return audit;
}
