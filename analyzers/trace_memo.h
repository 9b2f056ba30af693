/* SPDX-License-Identifier: ISC */
/*
 * Answers of the service policies, kept for packets that nothing in them can tell apart: the
 * same interfaces and protocol, a destination port that no class or engine tells from the other's,
 * and the same outcome of every access-list that a class matches by. Of a packet's addresses the
 * classes see no more than that.
 */
#ifndef ANALYZERS_TRACE_MEMO_H
#define ANALYZERS_TRACE_MEMO_H

#include "analyzers/lane.h"
#include "model/trace.h"

struct trace_memo;

/* The steps of a trace that look at service policies alone. */
enum policy_step { STEP_CONNECTION, STEP_INSPECT, STEP_MODULE, N_POLICY_STEPS };

/* What a step told of one packet, for all of its kind. */
struct told {
	bool known;
	VEC(struct trace_phase) phases;
	VEC(struct str) reasons; /* of each phase, as for walk_end() */
	VEC(struct trace_inspection) inspections;
};

struct policy_memo {
	struct feature_memo features;
	struct told steps[2][N_POLICY_STEPS]; /* in full and in brief */
};

/* NULL where the lists that classes match by are too long to be indexed. */
struct trace_memo *trace_memo_new(struct arena *arena, const struct config *config);

/* The kept answers for the packet of a lane, empty when it is the first of its kind, or NULL. */
struct policy_memo *trace_memo_for(struct trace_memo *memo, const struct config *config,
                                   const struct lane *lane);

#endif
