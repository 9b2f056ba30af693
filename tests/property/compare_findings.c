/* SPDX-License-Identifier: ISC */
/* What an audit says beside its verdicts: the limits of a flow, and the witness of a finding. */
#include "analyzers/trace.h"
#include "tests/property/compare.h"
#include "tests/property/confirm.h"
#include "tests/property/slow_mpf.h"
#include "tests/property/slow_nat.h"
#include "tests/property/slow_permit.h"
#include "tests/property/slow_route.h"

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

static void want_line_limits(struct run *run, const struct flow *flow,
                             const struct slow_packet *packet, const struct slow_end *end,
                             bool server, bool bypass)
{
	const struct legacy_nat *nat =
	        end->done == SLOW_YES && !end->refused ? end->nat->legacy : NULL;
	/* A static caps its host as a server, `nat` as a client (product.md). */
	if (!nat || nat->kind == NAT_EXEMPT || server != (nat->kind == NAT_STATIC))
		return;
	enum limit_source source = server ? FROM_STATIC : FROM_NAT;
	want_limit(run, flow, packet, source, LIMIT_CONN_MAX, nat->limits.max_conns);
	if (!bypass)
		want_limit(run, flow, packet, source, LIMIT_EMBRYONIC, nat->limits.embryonic);
}

/* The lines that translate the packet, before 8.3, where it goes the way of its flow. */
static void want_nat_limits(struct run *run, const struct flow *flow,
                            const struct slow_packet *packet, bool bypass)
{
	const struct config *config = run->config;
	if (slow_real_addresses(config) || !packet->in || !packet->out)
		return;
	const struct slow_nats nats = slow_nats_of(run->arena, config);
	struct slow_end destination = slow_unnat(config, &nats, packet);
	name_id leads_to = slow_divert(config, packet, &destination);
	if (destination.done == SLOW_UNKNOWN || (leads_to && leads_to != packet->out) ||
	    destination.address != packet->real_dst ||
	    (!leads_to && slow_behind(config, packet->out, destination.address) != SLOW_YES))
		return;
	struct slow_end source = slow_source(config, &nats, packet, &destination);
	/* Of the ends that are appliances. */
	if (flow->kind != FLOW_SMTP_OUT)
		want_line_limits(run, flow, packet, &destination, true, bypass);
	if (flow->kind != FLOW_SMTP_IN)
		want_line_limits(run, flow, packet, &source, false, bypass);
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
	want_nat_limits(run, flow, packet, bypass);
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

static const struct interface *find_interface(const struct config *config, struct str name)
{
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (ifc->nameif && str_eq(config_name(config, ifc->nameif), name))
			return ifc;
	return NULL;
}

enum { ORDINARY_PORT = 40000 };

/* A packet of a flow as it arrives; false where that cannot be told. */
static bool make_packet(struct run *run, const struct flow *flow, struct packet *packet)
{
	struct slow_packet at = {0};
	const struct box *box = &flow->packets.boxes.v[rng_below(&run->rng, flow->packets.boxes.n)];
	if (!pick_in_box(&run->rng, &run->points, box, &at))
		return false;
	at.in = config_find_name(run->config, flow->from);
	at.out = config_find_name(run->config, flow->to);
	at.real_dst = at.dst;
	at.real_dport = at.dport;
	if (iset_contains(box->dim[DIM_SPORT], ORDINARY_PORT))
		at.sport = ORDINARY_PORT; /* as those of witnesses are */
	bool modern = run->config->object_nats.n || run->config->twice_nats.n;
	if (flow->kind != FLOW_SMTP_OUT && (modern || !slow_to_wire(run->config, &at)))
		return false;
	*packet = (struct packet){{at.proto, at.src, at.dst, at.sport, at.dport}};
	return true;
}

static void disagree_traced(struct run *run, const struct finding *finding, const char *what,
                            const struct trace *trace)
{
	const u128 *at = trace->packet.at;
	disagree(run, "%s (%s) of flow %.*s: %s, %.*s %.*s -> %.*s port %u, is traced: %s %.*s",
	         finding->rule->id, finding->certain ? "certain" : "not certain",
	         STR((finding->flow ? finding->flow->id : S("-"))), what, STR(trace->input),
	         STR(addr_text(run->arena, at[DIM_SRC])), STR(addr_text(run->arena, at[DIM_DST])),
	         (unsigned)at[DIM_DPORT], trace_result_names[trace->result], STR(trace->reason));
}

/* A certain finding without a witness: then no packet of its flow shows what it says. */
static void compare_unwitnessed(struct run *run, const struct tracer *tracer,
                                const struct finding *finding)
{
	enum { PACKETS = 12 };
	const struct flow *flow = finding->flow;
	const struct interface *in = flow ? find_interface(run->config, flow->from) : NULL;
	struct packet packet;
	struct trace trace;
	if (!in || !finding->certain || !trace_can_tell(finding))
		return;
	run->tally.unwitnessed++;
	struct arena *scratch = arena_new();
	bool found = false;
	for (int i = 0; i < PACKETS && !found && make_packet(run, flow, &packet); i++) {
		trace_packet(scratch, tracer, in, &packet, &trace);
		found = trace.output.n && trace_confirms(finding, &trace);
	}
	if (found)
		disagree_traced(run, finding, "it has no witness, but this packet", &trace);
	arena_free(scratch);
}

/* Has the text no interface but the one that the flow leaves by? */
static bool has_no_ingress(const struct config *config, const struct finding *finding)
{
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (ifc->nameif && !ifc->shutdown && !ifc->management_only &&
		    !ifc->bridge_virtual &&
		    !(finding->flow && str_eq(config_name(config, ifc->nameif), finding->flow->to)))
			return false;
	return true;
}

void compare_traced(struct run *run, const struct tracer *tracer, const struct finding *finding)
{
	const struct interface *in = find_interface(run->config, finding->witness.input);
	struct trace trace;
	if (!finding->has_witness) {
		compare_unwitnessed(run, tracer, finding);
		return;
	}
	bool any = str_eq(finding->witness.input, S("any"));
	if (!in && any && (is_rule(finding, "AM407") || has_no_ingress(run->config, finding)))
		return; /* whatever interface it comes in by; or the text has none */
	if (!in) {
		disagree(run, "%s: its witness comes in by %.*s, which is no interface",
		         finding->rule->id, STR(finding->witness.input));
		return;
	}
	run->tally.traced++;
	trace_packet(run->arena, tracer, in, &finding->witness.packet, &trace);
	if (!trace_confirms(finding, &trace))
		disagree_traced(run, finding, "its witness", &trace);
}
