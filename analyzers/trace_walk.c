/* SPDX-License-Identifier: ISC */
#include "analyzers/trace_walk.h"

struct str walk_ifc_name(const struct walk *walk, const struct interface *ifc)
{
	return ifc ? config_name(walk->config, ifc->nameif) : S("an interface that is not known");
}

struct trace_phase walk_begin(const char *type, struct str subtype, struct str detail)
{
	return (struct trace_phase){
	        .type = type, .subtype = subtype, .result = TRACE_ALLOW, .detail = detail};
}

void walk_line(const struct walk *walk, struct trace_phase *phase, struct span span)
{
	if (span.len == 0 || walk->brief)
		return;
	VEC_EACH(const struct span, old, &phase->lines)
		if (span_same(*old, span))
			return;
	VEC_PUSH(walk->arena, &phase->lines, span);
}

void walk_end(struct walk *walk, const struct trace_phase *phase, struct str reason)
{
	struct trace *trace = walk->trace;
	if (walk->told) {
		if (walk->brief && (phase->aside || phase->result == TRACE_ALLOW))
			return;
		VEC_PUSH(walk->arena, &walk->told->phases, *phase);
		VEC_PUSH(walk->arena, &walk->told->reasons, reason);
		return;
	}
	if (walk->ended)
		return;
	if (!walk->brief)
		VEC_PUSH(walk->arena, &trace->phases, *phase);
	if (phase->aside)
		return;
	if (phase->result == TRACE_DROP && !walk->tunnelled) {
		walk->ended = true;
		trace->result = TRACE_DROP;
		trace->reason = reason;
	} else if (phase->result == TRACE_UNKNOWN && trace->result == TRACE_ALLOW) {
		trace->result = TRACE_UNKNOWN;
		trace->reason = reason;
	}
}

void walk_unknown(struct walk *walk, struct trace_phase *phase, struct str why)
{
	phase->result = TRACE_UNKNOWN;
	if (phase->detail.n == 0)
		phase->detail = why;
	walk_end(walk, phase, why);
}

void walk_inspection(struct walk *walk, const struct trace_inspection *inspection)
{
	if (walk->told)
		VEC_PUSH(walk->arena, &walk->told->inspections, *inspection);
	else
		VEC_PUSH(walk->arena, &walk->trace->inspections, *inspection);
}

void walk_policy_step(struct walk *walk, enum policy_step number, void (*step)(struct walk *walk))
{
	if (!walk->memo) {
		step(walk);
		return;
	}
	struct told *told = &walk->memo->steps[walk->brief][number];
	if (!told->known) {
		struct walk first = *walk;
		first.arena = walk->memo->features.arena;
		first.told = told;
		step(&first);
		told->known = true;
	}
	for (uint32_t i = 0; i < told->phases.n; i++)
		walk_end(walk, &told->phases.v[i], told->reasons.v[i]);
	VEC_EACH(const struct trace_inspection, inspection, &told->inspections)
		walk_inspection(walk, inspection);
}

bool walk_has_ports(const struct walk *walk)
{
	u128 protocol = walk->packet.wire.at[DIM_PROTO];
	return protocol == PROTO_TCP || protocol == PROTO_UDP || protocol == PROTO_SCTP;
}
