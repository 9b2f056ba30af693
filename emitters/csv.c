/* SPDX-License-Identifier: ISC */
/*
 * CSV as RFC 4180 has it: a header, a row a finding, CRLF. Suppressed findings are rows too; the
 * last column has what suppresses them. An input that could not be read is a row without a rule,
 * so that it is not taken for one without findings. A cell that a spreadsheet would take for a
 * formula begins with an apostrophe.
 */
#include "emitters/emitter.h"
#include "emitters/escape.h"
#include "emitters/listing.h"

enum column {
	COLUMN_PATH,
	COLUMN_HOSTNAME,
	COLUMN_CONTEXT,
	COLUMN_RULE,
	COLUMN_SEVERITY,
	COLUMN_FLOW,
	COLUMN_APPLIANCE,
	COLUMN_LINE,
	COLUMN_MESSAGE,
	COLUMN_FINGERPRINT,
	COLUMN_SUPPRESSED,
	COLUMN_COUNT
};

static const char *const titles[COLUMN_COUNT] = {
        [COLUMN_PATH] = "path",
        [COLUMN_HOSTNAME] = "hostname",
        [COLUMN_CONTEXT] = "context",
        [COLUMN_RULE] = "rule",
        [COLUMN_SEVERITY] = "severity",
        [COLUMN_FLOW] = "flow",
        [COLUMN_APPLIANCE] = "appliance",
        [COLUMN_LINE] = "line",
        [COLUMN_MESSAGE] = "message",
        [COLUMN_FINGERPRINT] = "fingerprint",
        [COLUMN_SUPPRESSED] = "suppressed",
};

static void add_row(struct buf *out, const struct str cells[COLUMN_COUNT])
{
	unsigned i;

	for (i = 0; i < COLUMN_COUNT; i++) {
		if (i > 0)
			buf_char(out, ',');
		buf_add(out, escape_csv(out->arena, cells[i]));
	}
	buf_add(out, S("\r\n"));
}

/*
 * The first line of the config itself that shows it; empty: none, or only what was applied to it.
 */
static struct str line_of(struct arena *arena, const struct config_report *config,
                          const struct finding *finding)
{
	VEC_EACH(const struct span, span, &finding->evidence) {
		uint32_t line = source_place(&config->sources, *span).line;

		if (line && span->source == 0)
			return str_printf(arena, "%u", line);
	}
	return S("");
}

static void add_finding(struct buf *out, const struct config_report *config,
                        const struct finding *finding)
{
	struct arena *arena = arena_new(); /* of this row alone: there may be many */
	struct buf row = {.arena = arena};
	const struct str cells[COLUMN_COUNT] = {
	        [COLUMN_PATH] = config->path,
	        [COLUMN_HOSTNAME] = config->hostname,
	        [COLUMN_CONTEXT] = config->context,
	        [COLUMN_RULE] = str_of(finding->rule->id),
	        [COLUMN_SEVERITY] = str_of(severity_names[finding->severity]),
	        [COLUMN_FLOW] = finding->flow ? finding->flow->id : S(""),
	        [COLUMN_APPLIANCE] = finding_appliance(finding),
	        [COLUMN_LINE] = line_of(arena, config, finding),
	        [COLUMN_MESSAGE] = finding->message,
	        [COLUMN_FINGERPRINT] = finding->fingerprint,
	        [COLUMN_SUPPRESSED] = str_of(suppressed_by_names[finding->suppressed.by]),
	};

	add_row(&row, cells);
	buf_add(out, buf_str(&row));
	arena_free(arena);
}

void emit_csv(const struct report *report, const struct emit_options *options, struct buf *out)
{
	struct str header[COLUMN_COUNT];
	unsigned i;

	(void)options;
	for (i = 0; i < COLUMN_COUNT; i++)
		header[i] = str_of(titles[i]);
	add_row(out, header);
	VEC_EACH(const struct config_report, config, &report->configs)
		VEC_EACH(const struct finding, finding, &config->findings.list)
			add_finding(out, config, finding);
	VEC_EACH(const struct unread, unread, &report->unread) {
		const struct str cells[COLUMN_COUNT] = {
		        [COLUMN_PATH] = unread->path,
		        [COLUMN_SEVERITY] = str_of(severity_names[SEVERITY_ERROR]),
		        [COLUMN_MESSAGE] = unread->reason,
		};

		if (!unread->skipped)
			add_row(out, cells);
	}
}
