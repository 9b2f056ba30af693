/* SPDX-License-Identifier: ISC */
/* The findings of a whole report in one list, for formats that have one entry a finding. */
#ifndef EMITTERS_LISTING_H
#define EMITTERS_LISTING_H

#include "model/report.h"

/* A finding and where it stands. */
struct listed {
	const struct config_report *config;
	const struct finding *finding;
	struct span span;   /* the first evidence with a place; len 0: none has one */
	struct place place; /* of it; else line 1 of the config, for formats that need a line */
	size_t order;       /* as the analyzers gave them */
};

struct listing {
	VEC(struct listed) list;
};

/* Where one finding of a config stands. */
struct listed listed_of(const struct config_report *config, const struct finding *finding);

/*
 * The findings, the most severe first, those of one severity in the order of the configs;
 * suppressed ones, where they are wanted, come last.
 */
struct listing listing_of(struct arena *arena, const struct report *report, bool suppressed);

/* The name of the appliance it is about; empty: none. */
struct str finding_appliance(const struct finding *finding);

/* "MESSAGE [FLOW; context NAME; not certain]": one line that tells what it is about. */
struct str listed_sentence(struct arena *arena, const struct listed *listed);

/* "suppressed by policy until DATE, ticket T: REASON" */
struct str suppression_text(struct arena *arena, const struct suppression *suppression);

/* The line that a span begins in, fit to be printed; empty without one. */
struct str quoted_line(struct arena *arena, const struct config_report *config, struct span span);

/* "3 errors, 1 warning", or "no findings". */
struct str counts_text(struct arena *arena, const uint32_t findings[SEVERITY_COUNT]);

/* What else a summary counts, in words that go on after these: ", 2 suppressed, 1 skipped". */
struct str others_text(struct arena *arena, const struct summary *summary);

#endif
