/* SPDX-License-Identifier: ISC */
#include "cli/results.h"

#include "cli/analyze.h"
#include "cli/walk.h"
#include "parser/results.h"

#include <stdio.h>
#include <stdlib.h>

int results_add(const struct options *options, const char *path, struct str text,
                struct report *report)
{
	struct rule_table table = {report->rules, report->n_rules};
	enum results_end end;
	struct str error = S("");
	uint32_t line = 0;
	if (!results_read(options->arena, table, text, report, &end, &line, &error)) {
		fprintf(stderr, "asamend: %s:%u: %.*s\n", path, line, STR(error));
		return STATUS_USAGE;
	}
	if (end == RESULTS_COMPLETE)
		return STATUS_CLEAN;
	fprintf(stderr,
	        "asamend: %s: the run was cut short, so firewalls are missing; asamend scan "
	        "--resume goes on with it\n",
	        path);
	return STATUS_USAGE;
}

/* ---- choosing */

static bool wanted(const struct options *options, const struct config_report *config)
{
	struct str names[] = {config->path, config->hostname, S("")};
	if (config->context.n)
		names[2] = str_printf(options->arena, "%.*s/%.*s", STR(config->hostname),
		                      STR(config->context));
	return walk_wants(options, names, 3);
}

static void choose(const struct options *options, struct report *report)
{
	uint32_t kept = 0;
	VEC_EACH(struct config_report, config, &report->configs) {
		if (!wanted(options, config))
			continue;
		select_findings(options, &config->findings);
		report->configs.v[kept++] = *config;
	}
	report->configs.n = kept;
	kept = 0;
	VEC_EACH(const struct unread, unread, &report->unread)
		if (walk_wants(options, &unread->path, 1))
			report->unread.v[kept++] = *unread;
	report->unread.n = kept;
}

/* ---- order */

struct placed {
	struct config_report config;
	uint32_t at;
};

static int compare_configs(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;
	int paths = str_cmp(a->config.path, b->config.path);
	return paths ? paths : (a->at > b->at) - (a->at < b->at);
}

static int compare_unread(const void *left, const void *right)
{
	const struct unread *a = left, *b = right;
	return str_cmp(a->path, b->path);
}

/* Contexts of one file stay in the order in which they stand there. */
static void sort_configs(const struct options *options, struct report *report)
{
	uint32_t n = report->configs.n;
	struct placed *list = NEW_ARRAY(options->arena, struct placed, n);
	for (uint32_t i = 0; i < n; i++)
		list[i] = (struct placed){report->configs.v[i], i};
	if (n)
		qsort(list, n, sizeof(*list), compare_configs);
	for (uint32_t i = 0; i < n; i++)
		report->configs.v[i] = list[i].config;
	if (report->unread.n)
		qsort(report->unread.v, report->unread.n, sizeof(*report->unread.v),
		      compare_unread);
}

/* Whether an earlier result of the same path says the same; one that says otherwise is told. */
static bool is_repeat(const struct report *report, uint32_t n, const struct config_report *config,
                      bool *told)
{
	for (uint32_t i = n; i > 0; i--) {
		const struct config_report *other = &report->configs.v[i - 1];
		if (!str_eq(other->path, config->path))
			break;
		if (!str_eq(other->context, config->context))
			continue;
		if (str_eq(other->sha256, config->sha256))
			return true;
		if (!*told)
			fprintf(stderr,
			        "asamend: %.*s comes with different contents; all of them are "
			        "in the report\n",
			        STR(config->path));
		*told = true;
	}
	*told = false;
	return false;
}

static void drop_repeats(struct report *report)
{
	uint32_t kept = 0;
	bool told = false;
	VEC_EACH(const struct config_report, config, &report->configs)
		if (!is_repeat(report, kept, config, &told))
			report->configs.v[kept++] = *config;
	report->configs.n = kept;
	kept = 0;
	VEC_EACH(const struct unread, unread, &report->unread)
		if (kept == 0 || !str_eq(report->unread.v[kept - 1].path, unread->path))
			report->unread.v[kept++] = *unread;
	report->unread.n = kept;
}

static void count(struct report *report)
{
	report->summary.skipped = report->summary.unreadable = 0;
	VEC_EACH(const struct unread, unread, &report->unread) {
		report->summary.skipped += unread->skipped;
		report->summary.unreadable += !unread->skipped;
	}
	report_summarize(report);
}

void results_finish(const struct options *options, const struct baseline *baseline,
                    struct report *report)
{
	choose(options, report);
	sort_configs(options, report);
	drop_repeats(report);
	if (baseline)
		VEC_EACH(struct config_report, config, &report->configs)
			baseline_apply(baseline, options, config);
	count(report);
}
