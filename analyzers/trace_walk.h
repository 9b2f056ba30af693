/* SPDX-License-Identifier: ISC */
/*
 * A packet on its way through a trace, and the rooms of the trace: each adds the phases of
 * its own to it, in the order that trace_packet() has.
 *
 * trace_address.c: addresses that no host has; trace_nat.c: translation; trace_route.c: the
 * egress; trace_access.c: access rules; trace_policy.c: service policies and limits;
 * trace_vpn.c: tunnels.
 */
#ifndef ANALYZERS_TRACE_WALK_H
#define ANALYZERS_TRACE_WALK_H

#include "analyzers/trace.h"
#include "analyzers/trace_memo.h"

/* The detail of a packet that a route to Null0 stops. */
#define TRACE_DISCARDED S("a route to Null0 discards it")

struct walk {
	struct arena *arena;
	const struct tracer *tracer;
	const struct config *config;
	struct nat_packet packet;
	struct xlate destination, source;
	struct lane lane;
	struct policy_memo *memo; /* what is kept for packets of this kind, or NULL */
	struct told *told;        /* where a step that is told for the first time goes, or NULL */
	struct trace *trace;
	bool ended;                         /* dropped, or gone where no phase follows it */
	bool tunnelled;                     /* it may have come past what would drop it */
	bool for_range;                     /* the packet stands for a range it is an end of */
	bool brief;                         /* phases are looked at, but nothing is told of them */
	struct range points[DIM_COUNT + 2]; /* of the lane's sets */
};

/* Begin a phase that lets the packet pass. */
struct trace_phase walk_begin(const char *type, struct str subtype, struct str detail);

/* Name a config line that decides the phase, each once. */
void walk_line(const struct walk *walk, struct trace_phase *phase, struct span span);

/*
 * End a phase: the first that drops has the last word, with `reason`; doubt counts until then.
 * Nothing is added to a packet that is gone.
 */
void walk_end(struct walk *walk, const struct trace_phase *phase, struct str reason);

/* Name an engine. */
void walk_inspection(struct walk *walk, const struct trace_inspection *inspection);

/*
 * A step that only depends on the packet's kind: it is taken once, then what it told is repeated.
 */
void walk_policy_step(struct walk *walk, enum policy_step number, void (*step)(struct walk *walk));

/* End a phase that cannot be told. */
void walk_unknown(struct walk *walk, struct trace_phase *phase, struct str why);

/* The nameif, or words for an interface that is not known. */
struct str walk_ifc_name(const struct walk *walk, const struct interface *ifc);

/* Does the packet's protocol have ports? */
bool walk_has_ports(const struct walk *walk);

/* --- translation: un-NAT; what the source becomes; nat-control and the reply's rule ----- */

void trace_un_nat(struct walk *walk);        /* the destination, where it is a mapped one */
void trace_source(struct walk *walk);        /* adds no phase: outbound lists see it before 8.3 */
void trace_source_phase(struct walk *walk);  /* ... tells it, or what nat-control drops */
void trace_reverse_phase(struct walk *walk); /* the reply must meet the same rule */

/* --- addresses that no one host has ----------------------------------------------------- */

void trace_spoof(struct walk *walk);           /* sources that none has; from a host to itself */
bool trace_odd_destination(struct walk *walk); /* true: its way is not told, and ends there */

/* --- the egress ------------------------------------------------------------------------- */

void trace_reverse_path(struct walk *walk); /* `ip verify reverse-path` */
void trace_egress(struct walk *walk);       /* by the rule of translation, or by the routes */
void trace_forward(struct walk *walk);      /* `no forward interface` */

/* --- access rules ----------------------------------------------------------------------- */

void trace_ingress(struct walk *walk);       /* lists coming in, or the levels */
void trace_same_security(struct walk *walk); /* what no list overrides */
void trace_leaving(struct walk *walk);       /* the list of the egress */

/* --- service policies ------------------------------------------------------------------- */

void trace_policies(struct walk *walk); /* adds no phase: finds what was kept of them */
void trace_connection_phases(struct walk *walk);
void trace_limits_phase(struct walk *walk);
void trace_inspect_phase(struct walk *walk);
void trace_module_phases(struct walk *walk);

/* --- tunnels: where the packet may have come out of one, or may go into one ------------- */

void trace_from_tunnel(struct walk *walk); /* past the access-list of the interface (9.3) */
void trace_into_tunnel(struct walk *walk); /* a crypto map of the egress may take it */

#endif
