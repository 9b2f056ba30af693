/* SPDX-License-Identifier: ISC */
/* What an audit says beside its verdicts: the limits of a flow, and the witness of a finding. */
#include "analyzers/trace.h"
#include "tests/property/compare.h"
#include "tests/property/confirm.h"
#include "tests/property/slow_mpf.h"
#include "tests/property/slow_permit.h"

static const struct slow_reading readings[] = {
        {false, false}, {true, false}, {false, true}, {true, true}};

enum { N_READINGS = sizeof(readings) / sizeof(readings[0]) };

/* --- limits ------------------------------------------------------------------------------ */

static bool has_limit(const struct flow *flow, enum limit_source source, enum limit_kind kind,
                      uint32_t value)
{
	VEC_EACH(const struct limit_hit, hit, &flow->limits)
		if (hit->source == source && hit->kind == kind && hit->value == value)
			return true;
	return false;
}

static void want_limit(struct run *run, const struct flow *flow, const struct slow_packet *packet,
                       enum limit_source source, enum limit_kind kind, uint32_t value)
{
	run->tally.limits++;
	if (value && !has_limit(flow, source, kind, value))
		disagree(run, "flow %.*s, %s: is bound by %s %u (%s), which the flow lacks",
		         STR(flow->id), packet_text(run, packet), limit_kind_names[kind], value,
		         limit_source_names[source]);
}

/* State bypass knows no embryonic connections (asa-semantics 5). */
static bool may_bypass(const struct config *config, const struct slow_packet *packet)
{
	struct slow_owners owners;
	for (size_t r = 0; r < N_READINGS; r++) {
		slow_search(config, SLOW_TCP, packet, readings[r], &owners);
		for (unsigned i = 0; i < owners.n; i++)
			if (owners.list[i].class->state_bypass)
				return true;
	}
	return false;
}

static void want_class_limits(struct run *run, const struct flow *flow,
                              const struct slow_packet *packet, const struct slow_owners *owners,
                              bool bypass)
{
	static const enum limit_kind kinds[CONN_LIMIT_COUNT] = {
	        [CONN_MAX] = LIMIT_CONN_MAX,
	        [CONN_EMBRYONIC] = LIMIT_EMBRYONIC,
	        [CONN_PER_CLIENT] = LIMIT_PER_CLIENT,
	        [CONN_PER_CLIENT_EMBRYONIC] = LIMIT_PER_CLIENT_EMBRYONIC,
	};
	for (unsigned i = 0; i < owners->n; i++)
		for (int k = 0; k < CONN_LIMIT_COUNT; k++) {
			const struct setting_number *limit = &owners->list[i].class->limits[k];
			bool embryonic = k == CONN_EMBRYONIC || k == CONN_PER_CLIENT_EMBRYONIC;
			if (limit->set && !owners->excused && !(embryonic && bypass))
				want_limit(run, flow, packet, FROM_SET_CONNECTION, kinds[k],
				           limit->value);
		}
}

void compare_limits(struct run *run, const struct flow *flow, const struct slow_packet *packet)
{
	struct slow_owners owners;
	bool bypass = may_bypass(run->config, packet);
	for (size_t r = 0; r < N_READINGS; r++) {
		slow_search(run->config, SLOW_CONN, packet, readings[r], &owners);
		want_class_limits(run, flow, packet, &owners, bypass);
		slow_search(run->config, SLOW_POLICE_IN, packet, readings[r], &owners);
		for (unsigned i = 0; i < owners.n && !owners.excused; i++)
			want_limit(run, flow, packet, FROM_POLICE, LIMIT_POLICE,
			           owners.list[i].class->police_in.value);
		slow_search(run->config, SLOW_POLICE_OUT, packet, readings[r], &owners);
		for (unsigned i = 0; i < owners.n && !owners.excused; i++)
			want_limit(run, flow, packet, FROM_POLICE, LIMIT_POLICE,
			           owners.list[i].class->police_out.value);
	}
	if (flow->kind == FLOW_SMTP_OUT)
		return;
	const struct legacy_nat *nat = slow_static(run->config, packet);
	if (nat) {
		want_limit(run, flow, packet, FROM_STATIC, LIMIT_CONN_MAX, nat->limits.max_conns);
		if (!bypass)
			want_limit(run, flow, packet, FROM_STATIC, LIMIT_EMBRYONIC,
			           nat->limits.embryonic);
	}
}

/* --- witnesses --------------------------------------------------------------------------- */

/* The witness as it arrives, and as the flow knows it. False where the two cannot be told apart. */
static bool packet_of(const struct run *run, const struct finding *finding,
                      struct slow_packet *packet)
{
	const struct flow *flow = finding->flow;
	const u128 *at = finding->witness.packet.at;
	*packet = (struct slow_packet){
	        .in = config_find_name(run->config, flow->from),
	        .out = config_find_name(run->config, flow->to),
	        .proto = (uint8_t)at[DIM_PROTO],
	        .src = at[DIM_SRC],
	        .dst = at[DIM_DST],
	        .sport = (uint16_t)at[DIM_SPORT],
	        .dport = (uint16_t)at[DIM_DPORT],
	};
	packet->real_dst = packet->dst;
	packet->real_dport = packet->dport;
	if (flow->kind == FLOW_SMTP_OUT)
		return true;
	if (flow->packets.boxes.n != 1 || flow->packets.boxes.v[0].dim[DIM_DST].n != 1)
		return false;
	packet->real_dst = flow->packets.boxes.v[0].dim[DIM_DST].v[0].lo;
	packet->real_dport = (uint16_t)flow->packets.boxes.v[0].dim[DIM_DPORT].v[0].lo;
	struct slow_packet wire = *packet;
	if (!slow_to_wire(run->config, &wire))
		return false; /* what it looks like on the wire is not in the text */
	if (slow_real_addresses(run->config)) {
		packet->dst = packet->real_dst;
		packet->dport = packet->real_dport;
	}
	return true;
}

/* Is the packet under some limit of a class, in some reading at least? */
static bool is_limited(const struct config *config, const struct slow_packet *packet)
{
	struct slow_owners owners;
	for (size_t r = 0; r < N_READINGS; r++) {
		slow_search(config, SLOW_CONN, packet, readings[r], &owners);
		for (unsigned i = 0; i < owners.n; i++)
			for (int k = 0; k < CONN_LIMIT_COUNT; k++)
				if (owners.list[i].class->limits[k].value)
					return true;
	}
	return false;
}

static bool is_rule(const struct finding *finding, const char *id)
{
	return str_eq(str_of(finding->rule->id), str_of(id));
}

void compare_witness(struct run *run, const struct finding *finding)
{
	struct slow_packet packet;
	const char *fault = NULL;
	if (!finding->flow || !finding->has_witness || !packet_of(run, finding, &packet))
		return;
	if (is_rule(finding, "AM101") || is_rule(finding, "AM102") || is_rule(finding, "AM106")) {
		if (slow_inspected(run->config, &packet) != SLOW_YES)
			fault = "is not inspected for sure";
	} else if (is_rule(finding, "AM301") || is_rule(finding, "AM302") ||
	           is_rule(finding, "AM303")) {
		if (slow_permitted(run->config, &packet) != SLOW_NO)
			fault = "is not denied for sure";
	} else if (is_rule(finding, "AM203") || is_rule(finding, "AM204") ||
	           is_rule(finding, "AM205")) {
		if (!is_limited(run->config, &packet))
			fault = "is under no limit";
	} else {
		return;
	}
	run->tally.witnesses++;
	if (fault)
		disagree(run, "%s of flow %.*s: its witness %s %s", finding->rule->id,
		         STR(finding->flow->id), packet_text(run, &packet), fault);
}

void compare_traced(struct run *run, const struct finding *finding)
{
	const struct tracer tracer = tracer_of(run->arena, run->config);
	const struct interface *in = NULL;
	struct trace trace;
	const u128 *at = finding->witness.packet.at;
	if (!finding->has_witness)
		return;
	VEC_EACH(const struct interface, ifc, &run->config->interfaces)
		if (ifc->nameif &&
		    str_eq(config_name(run->config, ifc->nameif), finding->witness.input))
			in = ifc;
	if (!in)
		return; /* the text has no interface on that side */
	run->tally.traced++;
	trace_packet(run->arena, &tracer, in, &finding->witness.packet, &trace);
	/* A translation may lead elsewhere than the networks do, which is where a flow goes. */
	bool elsewhere = finding->flow && !str_eq_nocase(trace.output, finding->flow->to);
	/* The phases end where a packet is dropped. */
	bool ended = is_rule(finding, "AM108") && trace.result == TRACE_DROP;
	if (elsewhere || ended) {
		run->tally.elsewhere++;
		return;
	}
	if (trace_confirms(finding, &trace))
		return;
	run->tally.unconfirmed++;
	/* Random translations often make of a flow what its networks do not tell. */
	if (!str_starts(str_of(run->name), S("random ")) || run->verbose)
		disagree(run, "%s (%s): its witness, %.*s %.*s -> %.*s port %u, is traced: %s %.*s",
		         finding->rule->id, finding->certain ? "certain" : "not certain",
		         STR(finding->witness.input), STR(addr_text(run->arena, at[DIM_SRC])),
		         STR(addr_text(run->arena, at[DIM_DST])), (unsigned)at[DIM_DPORT],
		         trace_result_names[trace.result], STR(trace.reason));
}
