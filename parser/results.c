/* SPDX-License-Identifier: ISC */
/* Records and documents of results: what kind of thing each is, and what goes on around configs. */
#include "parser/results.h"

#include "parser/json_read.h"
#include "parser/results_config.h"

#include <string.h>

static void read_run(struct arena *arena, const json_t *object, struct run_info *run)
{
	size_t i;
	json_t *word;
	run->policy_sha256 = json_read_text(arena, object, "policy_sha256");
	run->settings = json_read_text(arena, object, "settings");
	run->started = json_read_text(arena, object, "started");
	run->today = json_read_text(arena, object, "today");
	json_array_foreach(json_object_get(object, "argv"), i, word)
	        VEC_PUSH(arena, &run->argv, json_read_string(arena, word));
}

static void read_summary(const json_t *object, struct summary *summary)
{
	const json_t *findings = json_object_get(object, "findings");
	const json_t *flows = json_object_get(object, "flows");
	summary->configs = json_read_count(object, "configs");
	for (unsigned i = 0; i < SEVERITY_COUNT; i++)
		summary->findings[i] = json_read_count(findings, severity_names[i]);
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		summary->flows[i] = json_read_count(flows, verdict_names[i]);
	summary->off_path = json_read_count(flows, "off_path");
	summary->suppressed = json_read_count(object, "suppressed");
	summary->fixed = json_read_count(object, "fixed");
	summary->skipped = json_read_count(object, "skipped");
	summary->unreadable = json_read_count(object, "unreadable");
}

static bool read_kind(struct arena *arena, struct rule_table rules, const json_t *object,
                      struct record *record, struct str *error)
{
	struct str kind = json_read_text(arena, object, "kind");
	if (str_eq(kind, S("run"))) {
		record->kind = RECORD_RUN;
		read_run(arena, object, &record->run);
		if (json_read_count(object, "schema_version") == 1)
			return true;
		*error = S("expected \"schema_version\": 1; a newer asamend wrote this");
		return false;
	}
	if (str_eq(kind, S("config"))) {
		record->kind = RECORD_CONFIG;
		return results_config(arena, rules, object, &record->config, error);
	}
	if (str_eq(kind, S("skipped")) || str_eq(kind, S("unreadable"))) {
		record->kind = RECORD_UNREAD;
		record->unread = (struct unread){json_read_text(arena, object, "path"),
		                                 json_read_text(arena, object, "reason"),
		                                 str_eq(kind, S("skipped"))};
		return true;
	}
	if (str_eq(kind, S("end"))) {
		record->kind = RECORD_END;
		read_summary(json_object_get(object, "summary"), &record->summary);
		return true;
	}
	*error = S("expected a record of asamend scan: its \"kind\" is run, config, skipped, "
	           "unreadable or end");
	return false;
}

static struct str json_problem(struct arena *arena, const json_error_t *problem)
{
	return str_printf(arena, "expected a JSON object, one a line: %s", problem->text);
}

bool results_record(struct arena *arena, struct rule_table rules, struct str line,
                    struct record *record, struct str *error)
{
	json_error_t problem;
	json_t *object = json_loadb(line.s, line.n, 0, &problem);
	bool good;
	*record = (struct record){0};
	if (!object) {
		*error = json_problem(arena, &problem);
		return false;
	}
	good = read_kind(arena, rules, object, record, error);
	json_decref(object);
	return good;
}

/* ---- whole texts */

static void add_unread(struct arena *arena, struct report *report, const struct unread *unread)
{
	if (unread->skipped)
		report->summary.skipped++;
	else
		report->summary.unreadable++;
	VEC_PUSH(arena, &report->unread, *unread);
}

static bool is_earlier(const struct run_info *a, const struct run_info *b)
{
	return a->started.n && str_cmp(a->started, b->started) < 0;
}

/* Runs one after the other may stand in one text; *open: those without their end so far. */
static void add_record(struct arena *arena, const struct record *record, struct report *report,
                       uint32_t *open)
{
	switch (record->kind) {
	case RECORD_RUN:
		++*open;
		if (!report->run.started.n || is_earlier(&record->run, &report->run))
			report->run = record->run;
		break;
	case RECORD_CONFIG:
		VEC_PUSH(arena, &report->configs, record->config);
		break;
	case RECORD_UNREAD:
		add_unread(arena, report, &record->unread);
		break;
	case RECORD_END:
		*open -= *open > 0;
		break;
	}
}

static struct str next_line(struct str text, size_t *at, bool *whole)
{
	const char *from = text.s + *at;
	const char *end = memchr(from, '\n', text.n - *at);
	size_t n = end ? (size_t)(end - from) : text.n - *at;
	*whole = end;
	*at += n + (end != NULL);
	return str_trim((struct str){from, n});
}

static bool read_records(struct arena *arena, struct rule_table rules, struct str text,
                         struct report *report, enum results_end *end, uint32_t *line,
                         struct str *error)
{
	uint32_t open = 0;
	bool whole;
	*line = 0;
	*end = RESULTS_COMPLETE;
	for (size_t at = 0; at < text.n;) {
		struct str one = next_line(text, &at, &whole);
		struct record record;
		++*line;
		if (one.n == 0)
			continue;
		if (results_record(arena, rules, one, &record, error))
			add_record(arena, &record, report, &open);
		else if (whole)
			return false;
		else /* torn by a kill: what follows it was never written */
			*end = RESULTS_CUT_SHORT;
	}
	if (open)
		*end = RESULTS_CUT_SHORT;
	return true;
}

/* The document of audit -f json. */
static bool read_document(struct arena *arena, struct rule_table rules, const json_t *document,
                          struct report *report, struct str *error)
{
	const json_t *configs = json_object_get(document, "configs");
	json_t *object;
	size_t i;
	if (!json_is_array(configs)) {
		*error = S("expected the result of asamend scan or audit: records with a \"kind\", "
		           "or a document with \"configs\"");
		return false;
	}
	json_array_foreach(configs, i, object)
	{
		struct config_report config = {0};
		if (!results_config(arena, rules, object, &config, error))
			return false;
		VEC_PUSH(arena, &report->configs, config);
	}
	json_array_foreach(json_object_get(document, "unread"), i, object)
	{
		const struct unread unread = {json_read_text(arena, object, "path"),
		                              json_read_text(arena, object, "reason"),
		                              json_read_bool(object, "skipped")};
		add_unread(arena, report, &unread);
	}
	return true;
}

/* Whether the first line that says something is an object of its own. */
static bool begins_with_record(struct str text)
{
	struct str line = S("");
	bool whole;
	json_t *object;
	for (size_t at = 0; at < text.n && line.n == 0;)
		line = next_line(text, &at, &whole);
	object = json_loadb(line.s, line.n, 0, NULL);
	bool is = json_is_object(object) && json_object_get(object, "kind");
	json_decref(object);
	return is;
}

bool results_read(struct arena *arena, struct rule_table rules, struct str text,
                  struct report *report, enum results_end *end, uint32_t *line, struct str *error)
{
	json_error_t problem;
	if (begins_with_record(text))
		return read_records(arena, rules, text, report, end, line, error);
	json_t *document = json_loadb(text.s, text.n, 0, &problem);
	bool good = document && read_document(arena, rules, document, report, error);
	if (!document)
		*error = json_problem(arena, &problem);
	*line = document ? 1 : (uint32_t)problem.line;
	*end = RESULTS_COMPLETE;
	json_decref(document);
	return good;
}
