/* SPDX-License-Identifier: ISC */
/* The program's answers beside those of the slow evaluator, for one config at a time. */
#ifndef PROPERTY_COMPARE_H
#define PROPERTY_COMPARE_H

#include "analyzers/trace.h"
#include "model/finding.h"
#include "tests/property/boxes.h"

struct tally {
	uint64_t lists, classes, flows; /* packets compared */
	uint64_t unknown;               /* answers that are unknown to both */
	uint64_t vague; /* tolerated: unknown to the program, where the text decides */
	uint64_t witnesses, traced, unwitnessed, limits, peers;
	uint64_t regions, budget;            /* regions divided; given up for their work */
	uint64_t flows_seen, flows_vague;    /* unknown flows without an unknown packet found */
	uint64_t inspected[4], permitted[4]; /* flows by verdict */
	/*
	 * Whole paths: packets, of IPv6, unknown to the evaluator; answers less sure than the text
	 * allows; answers it cannot judge; packets by its answer.
	 */
	uint64_t paths, paths6, paths_unknown, paths_vague, paths_unjudged, paths_by[3];
	uint64_t disagreements;
};

struct run {
	uint64_t seed; /* for other packets on the same files */
	struct rng rng;
	struct tally tally;
	bool verbose;
	/* The config at hand. */
	const char *name;
	const struct config *config;
	struct points points;
	struct arena *arena;
	uint64_t disagreements; /* in this config */
};

/* Compare about `n` packets each. */
void compare_lists(struct run *run, unsigned n);
void compare_classes(struct run *run, unsigned n);
void compare_flows(struct run *run, unsigned n);
void compare_traces(struct run *run, unsigned n);

/*
 * The limits that bind a packet are those of its flow; witnesses show what findings say, by the
 * slow evaluator and by trace_packet(), and are missing only where no packet does.
 */
void compare_limits(struct run *run, const struct flow *flow, const struct slow_packet *packet);
void compare_witness(struct run *run, const struct finding *finding);
void compare_traced(struct run *run, const struct tracer *tracer, const struct finding *finding);

/* --- shared by them ----------------------------------------------------------------- */

/* Say what differs; only the first few of a config are printed. */
__attribute__((format(printf, 2, 3))) void disagree(struct run *run, const char *format, ...);

/* "tcp 10.1.1.5:1024 -> 203.0.113.25:25 outside>inside" */
const char *packet_text(struct run *run, const struct slow_packet *packet);

#endif
