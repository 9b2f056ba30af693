/* SPDX-License-Identifier: ISC */
/* What the parts of procedure_plan() share; for procedure*.c only. */
#ifndef ANALYZERS_PROCEDURE_PARTS_H
#define ANALYZERS_PROCEDURE_PARTS_H

#include "analyzers/procedure.h"

struct guide {
	const struct audit *audit;
	const struct config *config;
	struct arena *arena;
	struct change *change;
	struct procedure *procedure;
};

/* procedure_trials.c: the commands that show the effect of the change, before and after it. */
void procedure_trials(const struct guide *guide);

/* A flow that fares otherwise after the change, and what trials of it need. */
struct subject {
	const struct flow *old, *now;
	bool freed;                         /* from inspection */
	bool remapped;                      /* inspected by another map */
	bool relimited;                     /* has other limits */
	struct str map;                     /* remapped: this one; empty: the default map */
	const struct inspection_hit *taker; /* the engine before; NULL: none is known */
	bool has_witness;                   /* a packet of it that shows what is wrong, before */
	struct witness witness;
	struct trace trace; /* of that packet; its result is unknown where it could not be traced */
};

/* procedure_subject.c: fill `subject`; false where the change does nothing to the flow. */
bool procedure_subject(const struct guide *guide, const struct flow *old, struct subject *subject);

/* The addresses of the appliance that the flow is about. */
const struct hosts *procedure_hosts(const struct flow *flow);

#endif
