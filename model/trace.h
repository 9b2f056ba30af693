/* SPDX-License-Identifier: ISC */
/* What became of one packet on its way through a firewall (product.md, JSON `trace`). */
#ifndef MODEL_TRACE_H
#define MODEL_TRACE_H

#include "model/finding.h"

enum trace_result { TRACE_ALLOW, TRACE_DROP, TRACE_UNKNOWN, TRACE_RESULT_COUNT };
extern const char *const trace_result_names[TRACE_RESULT_COUNT]; /* "allow", ... */

/* One step, as the device's packet-tracer prints it. */
struct trace_phase {
	const char *type;   /* "UN-NAT", "ROUTE-LOOKUP", "ACCESS-LIST", ... */
	struct str subtype; /* may be empty */
	enum trace_result result;
	bool aside; /* whatever its result, it decides nothing about the packet */
	VEC(struct span)
	lines;             /* the config lines that decide it, the first above all; may be none */
	struct str detail; /* in words */
};

/* What the ingress decided: the list, and the line; without a line it is the list's end. */
enum list_action { LIST_DENY, LIST_PERMIT, LIST_UNKNOWN, LIST_ACTION_COUNT };
extern const char *const list_action_names[LIST_ACTION_COUNT]; /* "deny", "permit", "unknown" */

struct trace_list {
	bool applies; /* false: no list at the ingress, other rules decide */
	struct str name;
	enum list_action action;
	struct span span; /* len 0: the implicit rule at its end */
};

/* One end of the packet by its translation. */
struct trace_nat {
	bool applies, certain;
	const char *kind; /* "static", "dynamic", "exempt", "identity" */
	bool address_known, port_known;
	u128 address;
	uint16_t port;
	struct span span;
};

/* An engine or a limit; where it is not certain, it is one that may act. */
struct trace_inspection {
	struct inspection_hit hit;
	bool certain;
};

struct trace_limit {
	struct limit_hit hit;
	bool certain;
};

struct trace {
	struct str input;
	struct packet packet; /* as on the wire */
	enum trace_result result;
	struct str reason; /* of a drop, or why it is unknown; empty when allowed */
	struct trace_list list;
	struct trace_nat destination, source;
	struct str output; /* nameif; empty: not known */
	VEC(struct trace_inspection) inspections;
	VEC(struct trace_limit) limits;
	VEC(struct trace_phase) phases; /* up to the one that drops */
};

#endif
