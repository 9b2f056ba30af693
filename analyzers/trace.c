/* SPDX-License-Identifier: ISC */
/* See trace.h. The phases are in the rooms of trace_walk.h; here is their order. */
#include "analyzers/trace.h"

#include "analyzers/trace_memo.h"
#include "analyzers/trace_walk.h"

struct tracer tracer_of(struct arena *arena, const struct config *config)
{
	return (struct tracer){.config = config,
	                       .nat = nat_table_of(arena, config),
	                       .routes = path_routes(arena, config, false)};
}

/* So few rules or routes are looked at as fast as they are found. */
enum { FEW = 8 };

struct tracer tracer_for_way(struct arena *arena, const struct config *config)
{
	struct tracer tracer = tracer_of(arena, config);
	if (tracer.nat.rules.n > FEW)
		nat_table_index(arena, config, &tracer.nat);
	if (tracer.routes.list.n > FEW)
		tracer.routes = path_routes(arena, config, true);
	return tracer;
}

struct tracer tracer_for_many(struct arena *arena, const struct config *config)
{
	struct tracer tracer = tracer_for_way(arena, config);
	tracer.memo = trace_memo_new(arena, config);
	return tracer;
}

/* A set of one point, without an allocation: `room` lives as long as it. */
static struct iset point(struct range *room, u128 at)
{
	*room = (struct range){at, at};
	return (struct iset){room, 1};
}

static void make_lane(struct walk *walk)
{
	struct lane *lane = &walk->lane;
	const struct xlate *to = &walk->destination;
	struct box wire;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		wire.dim[dim] = point(&walk->points[dim], walk->packet.wire.at[dim]);
	lane->real = wire;
	lane->real.dim[DIM_DST] = xlate_addresses(to);
	if (to->done == VERDICT_UNKNOWN && walk_has_ports(walk))
		lane->real.dim[DIM_DPORT] = iset_range(walk->arena, 0, 65535);
	else if (walk_has_ports(walk))
		lane->real.dim[DIM_DPORT] = point(&walk->points[DIM_COUNT], to->port);
	bool real = config_uses_real_addresses(walk->config);
	lane->passage = (struct passage){walk->packet.in, walk->packet.out,
	                                 real ? lane->real : wire, lane->real};
	lane->wire_proto = (uint8_t)walk->packet.wire.at[DIM_PROTO];
	lane->nat_settled = true;
	if (to->done == VERDICT_YES && to->rule->legacy && to->rule->act == ACT_STATIC)
		lane->server_nat = to->rule->legacy;
}

static void check_input(struct walk *walk)
{
	const struct interface *in = walk->packet.in;
	struct trace_phase phase = walk_begin("INPUT", S(""), S(""));
	if (!in->shutdown && !in->management_only)
		return;
	walk_line(walk, &phase, in->span);
	phase.result = TRACE_DROP;
	phase.detail = in->shutdown ? S("the interface is shut down")
	                            : S("the interface is management-only");
	walk_end(walk, &phase,
	         in->shutdown ? S("(interface-down) Interface is down")
	                      : S("(mgmt-only) Through traffic on a management-only interface"));
}

/* A line that is not known may decide anything; that is said last. */
static void check_stray_lines(struct walk *walk)
{
	struct doubt doubt;
	if (!lane_stray_line(walk->config, &doubt))
		return;
	struct trace_phase phase = walk_begin("UNKNOWN-COMMAND", S(""), S(""));
	walk_line(walk, &phase, doubt.span);
	walk_unknown(walk, &phase, doubt.text);
}

static void finish(struct walk *walk)
{
	if (walk->ended)
		return;
	struct trace_phase phase = walk_begin("FLOW-CREATION", S(""), S(""));
	if (walk->trace->result == TRACE_ALLOW)
		walk_end(walk, &phase, S(""));
}

typedef void step(struct walk *walk);

/* In the device's order. */
static step *const steps[] = {
        check_input,
        trace_spoof,
        trace_reverse_path,
        trace_from_tunnel,
        trace_un_nat,
        trace_egress,
        trace_forward,
        make_lane,
        trace_source,
        trace_ingress,
        trace_same_security,
        trace_policies,
        trace_connection_phases,
        trace_source_phase,
        trace_limits_phase,
        trace_reverse_phase,
        trace_inspect_phase,
        trace_module_phases,
        trace_leaving,
        trace_into_tunnel,
        check_stray_lines,
        finish,
};

/* Those that look at translation, routes and tunnels. */
static step *const way[] = {
        check_input,         trace_reverse_path, trace_from_tunnel, trace_un_nat,
        trace_egress,        trace_forward,      trace_source,      trace_source_phase,
        trace_reverse_phase, trace_into_tunnel,
};

static void take(struct arena *arena, const struct tracer *tracer, const struct interface *in,
                 const struct packet *packet, step *const *list, size_t n, struct trace *trace)
{
	struct walk walk = {.arena = arena,
	                    .tracer = tracer,
	                    .config = tracer->config,
	                    .packet = {*packet, in, NULL},
	                    .trace = trace,
	                    .for_range = list == way,
	                    .brief = tracer->brief};
	*trace = (struct trace){.input = config_name(tracer->config, in->nameif),
	                        .packet = *packet,
	                        .result = TRACE_ALLOW};
	for (size_t i = 0; i < n; i++) {
		list[i](&walk);
		if (walk.ended && walk.brief)
			return;
	}
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

void trace_packet(struct arena *arena, const struct tracer *tracer, const struct interface *in,
                  const struct packet *packet, struct trace *trace)
{
	take(arena, tracer, in, packet, steps, COUNT(steps), trace);
}

void trace_way(struct arena *arena, const struct tracer *tracer, const struct interface *in,
               const struct packet *packet, struct trace *trace)
{
	take(arena, tracer, in, packet, way, COUNT(way), trace);
}
