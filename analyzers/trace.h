/* SPDX-License-Identifier: ISC */
/*
 * The way of a connection's first packet through a firewall, phase by phase, as the
 * device's packet-tracer tells it. What the access rules, the service policies and the
 * limits say comes from the audit's own classification (lane.h), asked about one packet.
 *
 * Out of it are VPN, ARP, dynamic routing, and packets for the firewall itself: where
 * these could decide, the answer is unknown and says so.
 */
#ifndef ANALYZERS_TRACE_H
#define ANALYZERS_TRACE_H

#include "analyzers/lane.h"
#include "model/trace.h"

/* A config made ready for tracing. */
struct tracer {
	const struct config *config;
	struct nat_table nat;
	struct route_table routes;
	struct trace_memo *memo; /* for many packets; NULL: every packet by itself */
	bool brief;              /* the result and its reason alone, as soon as they are sure */
};

/* For a few packets through a linked config, which outlives it. */
struct tracer tracer_of(struct arena *arena, const struct config *config);

/*
 * The same for many packets: rules and routes are found by their addresses, and what the service
 * policies say is kept (trace_memo.c).
 */
struct tracer tracer_for_many(struct arena *arena, const struct config *config);

/* For many asked by trace_way(), which needs no policies. */
struct tracer tracer_for_way(struct arena *arena, const struct config *config);

/*
 * Trace one packet that enters by `in`. Texts and lists are allocated in `arena`. A brief tracer
 * fills only what the packet is, the result and the reason: these are the same.
 */
void trace_packet(struct arena *arena, const struct tracer *tracer, const struct interface *in,
                  const struct packet *packet, struct trace *trace);

/* The same as far as translation and routes go: no access rules, no service policies. */
void trace_way(struct arena *arena, const struct tracer *tracer, const struct interface *in,
               const struct packet *packet, struct trace *trace);

#endif
