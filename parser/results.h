/* SPDX-License-Identifier: ISC */
/*
 * Earlier results, read back: the records that scan writes (and audit -f ndjson), and the
 * documents of audit -f json. A config that was read back prints as it did when it was audited:
 * its sources are excerpts that hold the lines it speaks of.
 */
#ifndef PARSER_RESULTS_H
#define PARSER_RESULTS_H

#include "model/report.h"

#include <jansson.h>

enum record_kind { RECORD_RUN, RECORD_CONFIG, RECORD_UNREAD, RECORD_END };

/* One record; `kind` says which part of it holds. */
struct record {
	enum record_kind kind;
	struct run_info run;
	struct config_report config;
	struct unread unread;
	struct summary summary;
};

/* The rules by which findings are named. */
struct rule_table {
	const struct rule *rules;
	size_t n;
};

/*
 * Read one line of NDJSON (without its line end) into *record, in `arena`. False leaves what
 * is wrong with it in *error: "expected ..., column N".
 */
bool results_record(struct arena *arena, struct rule_table rules, struct str line,
                    struct record *record, struct str *error);

/* How a text of results ends. */
enum results_end { RESULTS_COMPLETE, RESULTS_CUT_SHORT };

/*
 * Read a whole text, records or a document, and append its configs and unread inputs to the
 * report. The run that began first
 * fills report->run. A last line that is torn is left out. False: neither records nor a document;
 * *error says so, with a line from 1 in *line.
 */
bool results_read(struct arena *arena, struct rule_table rules, struct str text,
                  struct report *report, enum results_end *end, uint32_t *line, struct str *error);

#endif
