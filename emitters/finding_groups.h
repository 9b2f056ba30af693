/* SPDX-License-Identifier: ISC */
/* Findings in the order in which people read them, and those that are told as one. */
#ifndef EMITTERS_FINDING_GROUPS_H
#define EMITTERS_FINDING_GROUPS_H

#include "model/report.h"

/* A finding and where it stands. */
struct finding_entry {
	const struct finding *finding;
	struct span span; /* the first evidence with a place */
	struct place place;
	uint32_t order; /* as the analyzers gave them */
};

struct finding_entries {
	VEC(struct finding_entry) list;
};

/* Findings of one rule about the same lines: they differ in the flow, and messages may. */
struct finding_group {
	struct finding_entries entries;
};

struct finding_groups {
	VEC(struct finding_group) list;
};

/* The findings, the worst first; suppressed ones, if wanted, after all others. */
struct finding_entries findings_sorted(struct arena *arena, const struct config_report *config,
                                       bool with_suppressed);

/* In the order of the first of each group. */
struct finding_groups findings_grouped(struct arena *arena, const struct finding_entries *entries);

/* Cut the first paragraph off a help text; paragraphs are separated by empty lines. */
struct str rule_next_paragraph(struct str *text);

#endif
