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

/* Does the change free the flow from inspection, give it another map, or other limits? */
bool procedure_affects(const struct guide *guide, const struct flow *old);

/* The addresses of the appliance that the flow is about. */
const struct hosts *procedure_hosts(const struct flow *flow);

#endif
