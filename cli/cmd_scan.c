/* SPDX-License-Identifier: ISC */
/*
 * asamend scan: many firewalls. Each input is read and audited by a thread of its own accord and
 * becomes records; these are taken in the order of the inputs and appended to the result, so
 * memory does not grow with their number. Formats other than NDJSON are made at the end from
 * the records, by the code of asamend report.
 */
#include "analyzers/rules.h"
#include "cli/audit_input.h"
#include "cli/baseline.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/record_file.h"
#include "cli/results.h"
#include "cli/run_info.h"
#include "cli/site_policy.h"
#include "cli/twins.h"
#include "cli/walk.h"
#include "cli/workers.h"
#include "emitters/ndjson.h"
#include "parser/results.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TWINS_BUDGET ((size_t)64 << 20)

struct scan {
	const struct options *options;
	const struct policy *policy;
	const struct applied *applied;
	const struct baseline *baseline; /* NULL: there is none */
	struct scan_inputs inputs;
	struct twins *twins;
	int records, spool; /* where records go: to the user, and to be read again; -1: nowhere */
	struct progress progress;
	struct summary summary;
	uint64_t bytes_done;
	bool stopped; /* the results cannot be written on */
	int status;
};

/* What came of one input, in memory of its own. */
struct outcome {
	char *records; /* NULL: there is no result */
	size_t n;
	struct summary summary;
	char *reason; /* why there is none; NULL: out of memory */
	bool skipped; /* it is no firewall's config, and nobody said that it is */
};

/* ---- one input, on some thread */

static char *copy(struct str text)
{
	char *bytes = malloc(text.n + 1);
	if (bytes)
		memcpy(bytes, text.s, text.n);
	if (bytes)
		bytes[text.n] = 0;
	return bytes;
}

static void no_result(struct outcome *outcome, struct str reason, bool skipped)
{
	outcome->reason = copy(reason);
	outcome->skipped = skipped;
}

/* The results of another input of equal text, under this one's path. */
static void rename_records(struct arena *arena, struct str records, struct str path,
                           struct audited *out)
{
	struct rule_table table = {rules, n_rules};
	struct str line, error;
	while (str_cut(records, '\n', &line, &records)) {
		struct record record;
		if (!results_record(arena, table, line, &record, &error))
			continue; /* cannot be: they are our own */
		record.config.path = path;
		record.config.sources.list.v[0].path = path;
		findings_fingerprint(arena, &record.config);
		VEC_PUSH(arena, &out->configs, record.config);
	}
	out->found = out->configs.n;
}

static struct str records_of(struct arena *arena, const struct audited *audited)
{
	struct buf out = {.arena = arena};
	VEC_EACH(const struct config_report, config, &audited->configs)
		ndjson_config(config, &out);
	return buf_str(&out);
}

/* Texts are judged alike where the policy makes the same of their paths. */
static struct str twin_key(struct arena *arena, const struct scan *scan,
                           const struct capture_input *capture)
{
	struct str patterns = policy_path_key(arena, scan->policy, capture->path);
	return str_printf(arena, "%.*s %.*s", STR(capture->sha256), STR(patterns));
}

/* *twin is set while others may wait for the records of this text. */
static void analyze_input(const struct scan *scan, struct arena *arena,
                          const struct scan_input *input, const struct capture_input *capture,
                          struct str *twin, struct audited *audited)
{
	struct str records, key = twin_key(arena, scan, capture);
	if (input->may_have_twin && twins_begin(scan->twins, key, arena, &records)) {
		rename_records(arena, records, capture->path, audited);
		return;
	}
	if (input->may_have_twin)
		*twin = key;
	audit_capture(arena, scan->options, scan->policy, capture, DEPTH_MEND, audited);
	if (input->may_have_twin)
		twins_end(scan->twins, key, records_of(arena, audited));
	*twin = S("");
}

static void scan_input(const struct scan *scan, struct arena *arena, const struct scan_input *input,
                       struct str *twin, struct outcome *outcome)
{
	struct capture_input capture;
	struct audited audited = {0};
	struct summary summary = {0};
	struct str error;
	if (!capture_read(arena, scan->options, input->path, scan->applied, &capture, &error)) {
		no_result(outcome, error, false);
		return;
	}
	analyze_input(scan, arena, input, &capture, twin, &audited);
	if (audited.found == 0) {
		no_result(outcome, not_a_config(arena, &audited), !input->named);
		return;
	}
	if (audited.configs.n == 0) {
		no_result(outcome, S("no context of that name in it"), true);
		return;
	}
	VEC_EACH(struct config_report, config, &audited.configs) {
		if (scan->baseline)
			baseline_apply(scan->baseline, scan->options, config);
		summary_add(&summary, config);
	}
	struct str records = records_of(arena, &audited);
	outcome->records = copy(records);
	outcome->n = records.n;
	outcome->summary = summary;
}

static void *job(void *context, size_t i)
{
	const struct scan *scan = context;
	struct outcome *outcome = calloc(1, sizeof(*outcome));
	struct arena *arena = arena_new();
	struct str *twin = NEW(arena, struct str);
	jmp_buf no_memory;
	if (outcome && setjmp(no_memory) == 0) {
		arena_on_oom(arena, &no_memory);
		scan_input(scan, arena, &scan->inputs.list.v[i], twin, outcome);
	} else if (twin->n) { /* out of memory: nobody shall wait for it */
		twins_end(scan->twins, *twin, S(""));
	}
	arena_free(arena);
	return outcome;
}

/* ---- results, in order */

static struct str input_name(const struct scan *scan, const struct scan_input *input)
{
	return str_of(strcmp(input->path, "-") == 0 ? scan->options->stdin_name : input->path);
}

/* False: it cannot be written, and it makes no sense to go on. */
static bool write_records(struct scan *scan, struct str records)
{
	if ((scan->records < 0 || output_write_fd(scan->records, records)) &&
	    (scan->spool < 0 || output_write_fd(scan->spool, records)))
		return true;
	scan->stopped = true;
	if (errno == EPIPE) /* the reader has seen enough */
		return false;
	progress_clear(&scan->progress);
	fprintf(stderr, "asamend: cannot write the results: %s\n", strerror(errno));
	scan->status = STATUS_USAGE;
	return false;
}

static bool write_unread(struct scan *scan, const struct unread *unread)
{
	struct arena *arena = arena_new();
	struct buf record = {.arena = arena};
	ndjson_unread(unread, &record);
	scan->summary.skipped += unread->skipped;
	scan->summary.unreadable += !unread->skipped;
	if (!unread->skipped)
		scan->status = STATUS_USAGE;
	if (!unread->skipped || scan->options->verbose) {
		progress_clear(&scan->progress);
		fprintf(stderr, "asamend: %.*s: %s%.*s\n", STR(unread->path),
		        unread->skipped ? "skipped: " : "", STR(unread->reason));
	}
	bool good = write_records(scan, buf_str(&record));
	arena_free(arena);
	return good;
}

static bool done(void *context, size_t i, void *result)
{
	struct scan *scan = context;
	const struct scan_input *input = &scan->inputs.list.v[i];
	struct outcome *outcome = result, lost = {0};
	bool good;
	const struct outcome *at = outcome ? outcome : &lost;
	if (at->records) {
		summary_add_all(&scan->summary, &at->summary);
		good = write_records(scan, (struct str){at->records, at->n});
	} else {
		struct str reason = at->reason ? str_of(at->reason) : S("out of memory");
		struct unread unread = {input_name(scan, input), reason, at->skipped};
		good = write_unread(scan, &unread);
	}
	scan->bytes_done += input->size;
	progress_tell(&scan->progress, i + 1, scan->bytes_done, &scan->summary);
	if (outcome) {
		free(outcome->records);
		free(outcome->reason);
	}
	free(outcome);
	return good;
}

static unsigned threads(const struct scan *scan)
{
	size_t n = scan->inputs.list.n;
	unsigned wanted = scan->options->jobs ? scan->options->jobs : workers_available();
	return n < wanted ? (unsigned)(n ? n : 1) : wanted;
}

/* False: the results cannot be written on. */
static bool scan_all(struct scan *scan)
{
	struct work work = {job, done, scan};
	uint64_t bytes = 0;
	VEC_EACH(const struct scan_input, input, &scan->inputs.list)
		bytes += input->size;
	scan->progress = progress_begin(scan->options, scan->inputs.list.n, bytes);
	scan->twins = twins_new(TWINS_BUDGET);
	workers_run(&work, scan->inputs.list.n, threads(scan));
	twins_free(scan->twins);
	progress_clear(&scan->progress);
	return !scan->stopped;
}

/* ---- going on with an earlier run */

/* The file of records, or NULL: they go to standard output or nowhere. */
static const struct wanted_format *record_format(const struct options *options)
{
	VEC_EACH(const struct wanted_format, format, &options->formats)
		if (strcmp(format->name, "ndjson") == 0)
			return format;
	return NULL;
}

/* Inputs that have their records already are left out. */
static void drop_done(struct scan *scan, const struct interns *done)
{
	struct scan_inputs *inputs = &scan->inputs;
	uint32_t kept = 0;
	VEC_EACH(const struct scan_input, input, &inputs->list)
		if (!intern_find(done, input_name(scan, input)))
			inputs->list.v[kept++] = *input;
	inputs->list.n = kept;
}

/* ---- the command */

static int complain(struct str error)
{
	fprintf(stderr, "asamend: %.*s\n", STR(error));
	return STATUS_USAGE;
}

/* The formats that are made from the records when all of them are there. */
static struct options other_formats(const struct options *options,
                                    const struct wanted_format *records)
{
	struct options others = *options;
	others.formats.v = NULL;
	others.formats.n = others.formats.cap = 0;
	VEC_EACH(const struct wanted_format, format, &options->formats)
		if (format != records)
			VEC_PUSH(options->arena, &others.formats, *format);
	return others;
}

static int emit_others(const struct scan *scan, const struct options *others,
                       const struct wanted_format *records)
{
	struct report report = new_report();
	struct str text, error;
	bool good = scan->spool >= 0 ? input_read_open(others->arena, scan->spool, &text, &error)
	                             : input_read(others->arena, records->path, &text, &error);
	if (!good)
		return complain(str_printf(others->arena, "cannot read the records again: %.*s",
		                           STR(error)));
	int status = results_add(others, "the records of this run", text, &report);
	results_finish(others, NULL, &report);
	int written = emit_all(others, &report);
	return written > status ? written : status;
}

/* Open what records go to; what stays of an earlier run is kept. */
static bool open_records(struct scan *scan, const struct wanted_format *records, bool others,
                         uint64_t keep, struct str *error)
{
	struct arena *arena = scan->options->arena;
	scan->records = scan->spool = -1;
	if (records && records->path)
		scan->records = record_file_open(arena, records->path, keep, error);
	else if (records)
		scan->records = STDOUT_FILENO;
	if (others && !(records && records->path))
		scan->spool = record_file_open(arena, NULL, 0, error);
	return (!records || scan->records >= 0) &&
	       (!others || scan->spool >= 0 || (records && records->path));
}

/* What an earlier run has done already; false with a message where there is no going on. */
static bool resume(struct scan *scan, const struct wanted_format *records,
                   const struct run_info *run, struct resumed *resumed, struct str *error)
{
	if (!records || !records->path) {
		*error = S("--resume needs the file of the records: -o FILE or -f ndjson=FILE");
		return false;
	}
	if (!record_file_resume(scan->options->arena, records->path, resumed, error))
		return false;
	if (resumed->keep == 0)
		return true;
	const char *other = !str_eq(resumed->run.policy_sha256, run->policy_sha256) ? "policy"
	                    : !str_eq(resumed->run.settings, run->settings)         ? "options"
	                                                                            : NULL;
	if (other) {
		*error = str_printf(scan->options->arena,
		                    "--resume: %s was made with another %s; the results would not "
		                    "fit together",
		                    records->path, other);
		return false;
	}
	scan->summary = resumed->summary;
	if (resumed->summary.unreadable)
		scan->status = STATUS_USAGE;
	return true;
}

/* The first record, those of all inputs, the last. */
static void write_run(struct scan *scan, const struct run_info *run, const struct report *walked,
                      const struct resumed *resumed)
{
	struct buf first = {.arena = scan->options->arena}, last = {.arena = scan->options->arena};
	ndjson_run(ASAMEND_VERSION, run, &first);
	if (resumed->keep == 0 && !write_records(scan, buf_str(&first)))
		return;
	if (!scan_all(scan))
		return;
	VEC_EACH(const struct unread, unread, &walked->unread)
		if (!resumed->done || !intern_find(resumed->done, unread->path))
			write_unread(scan, unread);
	ndjson_end(&scan->summary, &last);
	write_records(scan, buf_str(&last));
	if (scan->summary.configs == 0 && scan->status == STATUS_CLEAN) {
		/* What was named holds none: that is not to pass for a clean fleet. */
		fputs("asamend: no firewall's config was found\n", stderr);
		scan->status = STATUS_USAGE;
	}
}

static int run_scan(struct scan *scan, struct options *options, const struct run_info *run,
                    const struct report *walked)
{
	const struct wanted_format *records = record_format(options);
	struct options others = other_formats(options, records);
	struct resumed resumed = {0};
	struct str error;
	if (options->resume && !resume(scan, records, run, &resumed, &error))
		return complain(error);
	if (resumed.keep && !options->today_given) /* the whole is judged by one day */
		options->today = resumed.run.today;
	if (resumed.done)
		drop_done(scan, resumed.done);
	if (!open_records(scan, records, others.formats.n > 0, resumed.keep, &error))
		return complain(error);
	if (!resumed.complete)
		write_run(scan, run, walked, &resumed);
	int status = scan->status;
	if (others.formats.n && emit_others(scan, &others, records) != STATUS_CLEAN)
		status = STATUS_USAGE;
	struct report sums = {.summary = scan->summary};
	int findings = status_of(options, &sums);
	return findings > status ? findings : status;
}

int cmd_scan(struct options *options)
{
	struct report walked = new_report();
	struct applied applied = {0};
	struct baseline *baseline = NULL;
	struct policy policy;
	struct str error;
	struct scan scan = {.options = options, .policy = &policy, .applied = &applied};
	if (!site_policy_load(options, rules_ids(options->arena), n_rules, &policy))
		return STATUS_USAGE;
	if ((options->baseline &&
	     !baseline_read(options->arena, options->baseline, &baseline, &error)) ||
	    !applied_read(options->arena, options, &applied, &error) ||
	    !walk_inputs(options, &scan.inputs, &walked, &error))
		return complain(error);
	scan.baseline = baseline;
	struct run_info run = run_info(options, &policy, &applied);
	return run_scan(&scan, options, &run, &walked);
}
