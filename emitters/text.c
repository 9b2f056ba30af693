/* SPDX-License-Identifier: ISC */
/*
 * The audit for people who run networks and mail: for each config what the
 * firewall does to each flow, then the findings, the worst first, each at a
 * "path:line:" that editors can jump to, with the lines that show it. Findings
 * of one rule about the same lines are told once, with all their flows.
 */
#include "emitters/console.h"
#include "emitters/emitter.h"
#include "emitters/escape.h"
#include "emitters/finding_groups.h"
#include "emitters/listing.h"
#include "emitters/text_findings.h"
#include "emitters/text_flows.h"

enum {
	HANGING = 4,     /* of wrapped lines */
	DIAGS_SHOWN = 10 /* without -v */
};

static const char *const platform_titles[PLATFORM_COUNT] = {
        [PLATFORM_ASA] = "ASA",
        [PLATFORM_PIX] = "PIX",
        [PLATFORM_FWSM] = "FWSM",
        [PLATFORM_FTD] = "FTD",
};

/* ---- one config */

static void print_header(struct console *console, const struct config_report *config,
                         const struct emit_options *options)
{
	const struct capture *capture = &config->capture;

	console->indent = HANGING;
	console_put(console, STYLE_BOLD, S("=="));
	console_space(console);
	console_put(console, STYLE_BOLD, config->path);
	console_put(console, STYLE_BOLD, S(":"));
	console_space(console);
	if (config->hostname.n)
		console_printf(console, STYLE_BOLD, "%.*s, ", STR(config->hostname));
	console_space(console);
	console_put(console, STYLE_PLAIN, str_of(platform_titles[config->platform]));
	console_space(console);
	console_wrap(console, STYLE_PLAIN,
	             config->version.n ? config->version : S("(version not given)"));
	if (config->context.n)
		console_printf(console, STYLE_PLAIN, ", context %.*s", STR(config->context));
	if (options->verbose > 0 && capture->by.n)
		console_printf(console, STYLE_PLAIN, ", captured by %.*s", STR(capture->by));
	if (capture->complete == TRI_NO)
		console_printf(console, STYLE_WARNING, ", capture not complete");
	console_end(console);
	VEC_EACH(const struct str, note, &config->notes) {
		console_column(console, 2);
		console->indent = HANGING + 2;
		console_put(console, STYLE_NOTE, S("note:"));
		console_space(console);
		console_wrap(console, STYLE_PLAIN, *note);
		console_end(console);
	}
}

static uint32_t count_suppressed(const struct config_report *config)
{
	uint32_t n = 0;

	VEC_EACH(const struct finding, finding, &config->findings.list)
		n += finding_is_suppressed(finding);
	return n;
}

static bool has_errors(const struct diags *diags)
{
	VEC_EACH(const struct diag, diag, &diags->list)
		if (diag->severity == SEVERITY_ERROR)
			return true;
	return false;
}

/* What was decided of a config without findings, so that silence is never taken for a verdict. */
static void print_clean(struct console *console, const struct config_report *config,
                        const struct emit_options *options)
{
	uint32_t suppressed = count_suppressed(config);
	bool errors = has_errors(&config->diags);
	bool clean = text_flows_are_well(config) && !errors;

	if (config->findings.list.n > suppressed)
		return;
	console_gap(console);
	console->indent = HANGING;
	console_put(console, clean ? STYLE_GOOD : STYLE_WARNING,
	            clean ? S("clean") : S("no findings"));
	if (suppressed) {
		console_space(console);
		console_printf(console, STYLE_PLAIN, "but for %u suppressed%s", suppressed,
		               options->show_suppressed ? "" : " (--show-suppressed)");
	}
	console_put(console, STYLE_PLAIN, S(":"));
	console_space(console);
	console_wrap(console, STYLE_PLAIN, text_flows_decided(console->out->arena, config));
	if (errors)
		console_wrap(console, STYLE_PLAIN, S("; but see the errors in the input"));
	console_end(console);
}

/* "PATH:LINE:COLUMN: warning: MESSAGE" */
static void print_diag(struct console *console, const struct config_report *config,
                       const struct diag *diag)
{
	struct place place = source_place(&config->sources, diag->span);
	struct arena *arena = console->out->arena;

	console->indent = HANGING;
	console_put(console, STYLE_BOLD, place.path.n ? place.path : config->path);
	if (place.line)
		console_put(console, STYLE_BOLD,
		            str_printf(arena, ":%u:%u", place.line, place.column));
	console_put(console, STYLE_BOLD, S(":"));
	console_space(console);
	console_put(console, text_severity_styles[diag->severity],
	            str_of(severity_names[diag->severity]));
	console_put(console, STYLE_PLAIN, S(":"));
	console_space(console);
	console_wrap(console, STYLE_PLAIN, diag->message);
	console_end(console);
}

static void print_diags(struct console *console, const struct config_report *config,
                        const struct emit_options *options)
{
	bool all = options->verbose > 0;
	uint32_t shown = 0, left = 0;

	VEC_EACH(const struct diag, diag, &config->diags.list) {
		if (!all && diag->severity == SEVERITY_NOTE)
			continue;
		if (!all && shown == DIAGS_SHOWN) {
			left++;
			continue;
		}
		if (shown++ == 0)
			console_gap(console);
		print_diag(console, config, diag);
	}
	if (left) {
		console_printf(console, STYLE_PLAIN, "... and %u more (-v shows all)", left);
		console_end(console);
	}
}

static void print_coverage(struct console *console, const struct config_report *config,
                           const struct emit_options *options)
{
	const struct coverage *coverage = &config->coverage;

	if (coverage->unknown == 0 && options->verbose == 0)
		return;
	console_gap(console);
	console_printf(console, STYLE_PLAIN,
	               "coverage: %u line%s: %u modelled, %u irrelevant to mail, %u unknown",
	               coverage->lines, coverage->lines == 1 ? "" : "s", coverage->modelled,
	               coverage->irrelevant, coverage->unknown);
	console_end(console);
}

static void print_config(struct console *console, const struct config_report *config,
                         const struct emit_options *options)
{
	console_gap(console);
	print_header(console, config, options);
	if (config->flows.n)
		console_gap(console);
	text_flows(console, config, options);
	text_findings(console, config, options);
	print_clean(console, config, options);
	print_diags(console, config, options);
	print_coverage(console, config, options);
}

/* ---- the run */

struct fixable {
	unsigned all, unsafe;
};

static struct fixable count_fixable(const struct report *report)
{
	struct fixable n = {0};

	VEC_EACH(const struct config_report, config, &report->configs) {
		VEC_EACH(const struct finding, finding, &config->findings.list) {
			if (finding_is_suppressed(finding) || finding->fix == FIX_NONE)
				continue;
			n.all++;
			n.unsafe += finding_needs_unsafe(finding);
		}
	}
	return n;
}

/* The command line that fix takes; for a run over many a pattern of it. */
static struct str fix_command(struct arena *arena, const struct report *report, bool unsafe)
{
	const struct config_report *config = report->configs.v;
	struct buf buf = {.arena = arena};

	buf_add(&buf, S("asamend fix "));
	if (unsafe)
		buf_add(&buf, S("--unsafe "));
	if (report->configs.n > 1) {
		buf_add(&buf, S("CONFIG"));
		return buf_str(&buf);
	}
	if (config->context.n) {
		buf_add(&buf, S("--context "));
		buf_add(&buf, escape_shell(arena, config->context));
		buf_char(&buf, ' ');
	}
	buf_add(&buf, escape_shell(arena, config->path));
	return buf_str(&buf);
}

static void print_hint(struct console *console, const struct report *report)
{
	struct fixable n = count_fixable(report);

	if (n.all == 0)
		return;
	console_gap(console);
	console->indent = HANGING;
	console_put(console, STYLE_GOOD, S("fix:"));
	console_space(console);
	console_put(console, STYLE_BOLD,
	            fix_command(console->out->arena, report, n.unsafe == n.all));
	console_space(console);
	console_printf(console, STYLE_PLAIN,
	               "(with the same options) prints the commands that mend %u finding%s", n.all,
	               n.all == 1 ? "" : "s");
	if (n.unsafe && n.unsafe < n.all)
		console_printf(console, STYLE_PLAIN, ", %u of them only with --unsafe", n.unsafe);
	console_end(console);
}

/* "3 errors, 1 warning" */
static void print_counts(struct console *console, const struct summary *summary)
{
	bool found = false;
	unsigned i;

	for (i = SEVERITY_COUNT; i-- > 0;) {
		unsigned n = summary->findings[i];

		if (n == 0)
			continue;
		if (found)
			console_put(console, STYLE_PLAIN, S(", "));
		console_put(console, text_severity_styles[i],
		            str_printf(console->out->arena, "%u %s%s", n, severity_names[i],
		                       n == 1 ? "" : "s"));
		found = true;
	}
	if (!found)
		console_put(console, STYLE_GOOD, S("no findings"));
}

static void print_summary(struct console *console, const struct report *report)
{
	const struct summary *summary = &report->summary;

	console_gap(console);
	console->indent = HANGING;
	if (summary->configs == 0) {
		console_put(console, STYLE_BOLD, S("no firewall was audited"));
	} else {
		console_printf(console, STYLE_BOLD, "%u firewall%s:", summary->configs,
		               summary->configs == 1 ? "" : "s");
		console_space(console);
		print_counts(console, summary);
	}
	console_put(console, STYLE_PLAIN, others_text(console->out->arena, summary));
	console_end(console);
}

void emit_text(const struct report *report, const struct emit_options *options, struct buf *out)
{
	struct console console = {.out = out, .color = options->color};

	VEC_EACH(const struct config_report, config, &report->configs) {
		if (options->quiet)
			text_findings_quiet(&console, config, options);
		else
			print_config(&console, config, options);
	}
	if (options->quiet)
		return;
	print_hint(&console, report);
	print_summary(&console, report);
}
