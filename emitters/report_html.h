/* SPDX-License-Identifier: ISC */
/*
 * The HTML report, and what its parts share. Over a few firewalls the page holds everything as it
 * is. Over many, the section of each stands in a <noscript> of its own: for a browser that runs
 * the script that is a piece of text, taken out and shown when its firewall is asked for; for
 * one that does not it is simply the section.
 */
#ifndef EMITTERS_REPORT_HTML_H
#define EMITTERS_REPORT_HTML_H

#include "emitters/page.h"
#include "model/report.h"

enum { HTML_FEW = 8 }; /* firewalls that are all shown at once */

/* What a cell of the matrix says of the flows of one kind, the worst first. */
enum mark {
	MARK_BLOCKED,
	MARK_BLOCKED_PART,
	MARK_INSPECTED,
	MARK_INSPECTED_PART,
	MARK_MAYBE_BLOCKED,
	MARK_MAYBE_INSPECTED,
	MARK_CAPPED,    /* by a limit that is a finding */
	MARK_LIMITED,   /* by one that is none */
	MARK_CLEAR,     /* permitted, not inspected, not limited */
	MARK_PERMITTED, /* the same of what is not mail */
	MARK_OFF_PATH,
	MARK_NONE,       /* other flows were judged here, none of this kind */
	MARK_NOT_JUDGED, /* no flow was */
	MARK_COUNT
};

/* What one firewall is in the matrix and the charts. */
struct html_firewall {
	const struct config_report *config;
	struct str id;                     /* of its section */
	struct str name;                   /* HOSTNAME, HOSTNAME/CONTEXT or the path */
	struct str train;                  /* "ASA 9.8" */
	unsigned marks[FLOW_KIND_COUNT];   /* masks of enum mark */
	uint32_t findings[SEVERITY_COUNT]; /* without suppressed ones */
};

struct html_report {
	const struct report *report;
	VEC(struct html_firewall) firewalls;
	bool kinds[FLOW_KIND_COUNT]; /* those that some firewall has */
	unsigned n_kinds;
	bool changes; /* some firewall was looked at for a change */
	bool many;    /* more than HTML_FEW */
};

extern const char *const html_mark_words[MARK_COUNT];
extern const char *const html_mark_classes[MARK_COUNT];

/*
 * report_html_fleet.c: looks at all firewalls; the tiles, the filters, the matrix. A flow is capped
 * where a finding says so, and only limited where none does.
 */
struct html_report html_report_of(struct arena *arena, const struct report *report);
bool html_is_capped(const struct config_report *config, const struct flow *flow);
void html_add_summary(struct buf *out, const struct html_report *html);
void html_add_fleet(struct buf *out, const struct html_report *html);

/* report_html_charts.c */
void html_add_charts(struct buf *out, const struct html_report *html);

/* report_html_firewall.c: the section of one firewall. */
void html_add_firewall(struct buf *out, const struct html_firewall *firewall);

/*
 * report_html_findings.c: the findings in it, or those that are suppressed; and after these the
 * packets that show them, each with its way through the firewall.
 */
void html_add_findings(struct buf *out, const struct html_firewall *firewall, bool suppressed);
void html_add_traces(struct buf *out, const struct html_firewall *firewall);

/* "PATH:LINE" of a place; nothing without one. */
void html_add_place(struct buf *out, struct place place);

/* "10,000" */
struct str html_number(struct arena *arena, uint32_t number);

/* "ASA 8.2(5)" */
struct str html_release(struct arena *arena, const struct config_report *config);

#endif
