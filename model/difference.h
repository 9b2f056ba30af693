/* SPDX-License-Identifier: ISC */
/* What two configs treat differently, as `asamend diff` tells it. */
#ifndef MODEL_DIFFERENCE_H
#define MODEL_DIFFERENCE_H

#include "model/finding.h"

enum diff_what {
	DIFF_PERMITTED,
	DIFF_INSPECTED,
	DIFF_LIMITS,
	DIFF_TRANSLATED, /* the three from here on are about the device, hardly ever one flow */
	DIFF_PATH,
	DIFF_OTHER,
	DIFF_WHAT_COUNT
};
extern const char *const diff_what_names[DIFF_WHAT_COUNT]; /* "permitted", ... */

enum diff_side { DIFF_OLD, DIFF_NEW, DIFF_SIDE_COUNT };

struct diff_lines {
	VEC(struct span) list;
};

/* A set of packets with one treatment before and another after. */
struct diff_change {
	struct str flow; /* its id; empty: not the mail of one flow */
	enum diff_what what;
	struct str place; /* where, for what is not a flow: "global", "in at interface outside" */
	struct str before, after; /* the treatments, in words */
	struct pset packets;
	struct pset
	        except; /* but not these, which may overlap: they fare as before, or otherwise */
	bool has_witness;
	struct witness witness;
	bool undecided; /* it could not be told whether they differ */
	bool mail;      /* it touches the mail of an appliance, or may */
	struct diff_lines lines[DIFF_SIDE_COUNT];
};

/* One config on both sides, or a context that only one side has. */
struct diff_config {
	struct str context; /* empty: single mode */
	bool there[DIFF_SIDE_COUNT];
	struct str path[DIFF_SIDE_COUNT], sha256[DIFF_SIDE_COUNT], hostname[DIFF_SIDE_COUNT],
	        version[DIFF_SIDE_COUNT];
	struct sources sources[DIFF_SIDE_COUNT];
	VEC(struct str) applied; /* files of commands that make the new config out of the old one */
	uint32_t flows;          /* how many on path were compared */
	VEC(struct str) notes;   /* e.g. which appliances were guessed */
	VEC(struct diff_change) changes;
};

struct diff {
	VEC(struct diff_config) configs;
	bool equal; /* no change at all, decided or not */
};

#endif
