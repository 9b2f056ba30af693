/* SPDX-License-Identifier: ISC */
/*
 * What the audit says of a flow is what a trace says of its packets: none that is permitted is
 * dropped, none that is blocked gets through, and what is left open for its translation or its
 * routes does not come through. Over the audits of the golden cases, and over any config with
 * hosts that it names as the appliances.
 *
 * Usage: test_flow_traces [CONFIG...]
 */
#include "analyzers/trace.h"
#include "analyzers/trace_walk.h"
#include "cli/input.h"
#include "parser/config_reader.h"
#include "tests/property/audits.h"
#include "tests/property/random_config.h"

#include <stdio.h>

enum { PACKETS = 24, ROUNDS = 3, RANDOM_CONFIGS = 200 };

struct counts {
	unsigned audits, packets, stopped, failures;
};

/* An end of some range of a set, or a point in it. */
static u128 pick_of(struct rng *rng, struct iset set)
{
	struct range range = set.v[rng_below(rng, set.n)];
	if (rng_percent(rng, 40))
		return rng_percent(rng, 50) ? range.lo : range.hi;
	u128 size = range.hi - range.lo;
	u128 offset = (u128)rng_next(rng) << 64 | rng_next(rng);
	return range.lo + (size == U128_MAX ? offset : offset % (size + 1));
}

/* --- one config ------------------------------------------------------------------------- */

/* Does the audit leave it open for what a trace is sure of? */
static bool is_by_way(const struct verdict_cell *cell)
{
	return str_contains(cell->why_text, S("but its translation ")) ||
	       str_contains(cell->why_text, S("but by the routes of the text it"));
}

/* A packet of a cell, as it arrives. */
static bool make_packet(struct rng *rng, const struct verdict_cell *cell, struct packet *packet)
{
	const struct lane *lane = cell->lane;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		packet->at[dim] = pick_of(rng, cell->box.dim[dim]);
	if (is_by_way(cell))
		packet->at[DIM_SPORT] = 40000;
	if (lane->server_is_appliance) {
		packet->at[DIM_DST] = lane->wire_dst;
		packet->at[DIM_DPORT] = lane->wire_port;
	}
	return !lane->mapped_unknown && lane->passage.in &&
	       addr_is4(packet->at[DIM_SRC]) == addr_is4(packet->at[DIM_DST]);
}

static bool leaves_elsewhere(const struct config *config, const struct lane *lane,
                             const struct trace *trace)
{
	const struct interface *out = lane->passage.out ? lane->passage.out : lane->passage.in;
	const struct trace_nat *to = &trace->destination;
	if (lane->server_is_appliance && to->applies && to->certain && to->address != lane->server)
		return true; /* to another host */
	bool same = str_eq(trace->output, config_name(config, out->nameif));
	return trace->output.n && same == !lane->passage.out;
}

/* A packet that no host sends, or that goes where none is: no flow has it in mind. */
static bool is_nobodys(const struct lane *lane, const struct trace *trace)
{
	const struct trace_phase *last = &trace->phases.v[trace->phases.n - 1];
	return str_starts(trace->reason, S("(sp-security-failed)")) ||
	       (lane->peer_is_any && str_eq(last->detail, TRACE_DISCARDED));
}

static bool agrees(const struct config *config, const struct verdict_cell *cell,
                   const struct trace *trace)
{
	switch (cell->verdict) {
	case VERDICT_YES:
		return trace->result == TRACE_ALLOW
		               ? !leaves_elsewhere(config, cell->lane, trace)
		               : trace->result != TRACE_DROP || is_nobodys(cell->lane, trace);
	case VERDICT_NO:
		return trace->result != TRACE_ALLOW;
	case VERDICT_UNKNOWN:
		return !is_by_way(cell) || trace->result != TRACE_ALLOW ||
		       leaves_elsewhere(config, cell->lane, trace);
	case VERDICT_PARTLY:
	case VERDICT_COUNT:
		break;
	}
	return false; /* not the verdict of a cell */
}

static void check_cell(struct arena *arena, const struct tracer *tracer, const char *name,
                       const struct flow *flow, const struct verdict_cell *cell, struct rng *rng,
                       struct counts *counts)
{
	struct packet packet;
	struct trace trace;
	for (int i = 0; i < PACKETS; i++) {
		if (!make_packet(rng, cell, &packet))
			return;
		counts->packets++;
		counts->stopped += is_by_way(cell);
		trace_packet(arena, tracer, cell->lane->passage.in, &packet, &trace);
		if (agrees(tracer->config, cell, &trace))
			continue;
		const u128 *at = packet.at;
		counts->failures++;
		printf("%s: %.*s is permitted: %s (%.*s), but input %.*s %.*s %u -> %.*s/%u: %s "
		       "%.*s\n",
		       name, STR(flow->id), verdict_names[cell->verdict], STR(cell->why_text),
		       STR(trace.input), STR(addr_text(arena, at[DIM_SRC])),
		       (unsigned)at[DIM_SPORT], STR(addr_text(arena, at[DIM_DST])),
		       (unsigned)at[DIM_DPORT], trace_result_names[trace.result],
		       STR(trace.reason));
		return;
	}
}

static void check_flows(struct arena *arena, const struct audit *audit, const char *name,
                        struct counts *counts)
{
	const struct tracer tracer = tracer_of(arena, audit->config);
	struct rng rng = {str_hash(str_of(name))};
	VEC_EACH(const struct flow_work, work, &audit->flows)
		VEC_EACH(const struct verdict_cell, cell, &work->permission.list)
			check_cell(arena, &tracer, name, work->flow, cell, &rng, counts);
}

static void look(void *context, struct arena *arena, const struct audit *audit, const char *name)
{
	struct counts *counts = context;
	counts->audits++;
	check_flows(arena, audit, name, counts);
}

/* --- any config, with hosts that it names as the appliances --------------------------- */

static void add_appliance(struct arena *arena, struct policy *policy, const char *name,
                          enum role role, u128 address)
{
	struct appliance appliance = {.name = str_of(name), .role = role};
	VEC_PUSH(arena, &appliance.addresses.list, (struct host){.real = address});
	VEC_PUSH(arena, &policy->appliances.list, appliance);
}

static void check_hosts(struct arena *arena, const struct config *config, const char *name,
                        struct rng *rng, struct counts *counts)
{
	struct points points = points_of(arena, config);
	for (int i = 0; i < ROUNDS && points.hosts.n; i++) {
		struct policy policy = policy_default();
		struct config_report report = {0};
		u128 esa = points.hosts.v[rng_below(rng, points.hosts.n)];
		u128 sma = points.hosts.v[rng_below(rng, points.hosts.n)];
		add_appliance(arena, &policy, "esa", ROLE_ESA, esa);
		if (esa != sma)
			add_appliance(arena, &policy, "sma", ROLE_SMA, sma);
		const struct audit *audit =
		        audit_classify(arena, config, &policy, str_of(name), &report);
		counts->audits++;
		check_flows(arena, audit, name, counts);
	}
}

static void check_text(const char *name, struct str text, struct counts *counts)
{
	struct arena *arena = arena_new();
	const struct config_input input = {str_of(name), text};
	struct config_parts parts = config_split(arena, text);
	struct rng rng = {str_hash(str_of(name))};
	struct str looks_like;
	VEC_EACH(const struct config_part, part, &parts.list) {
		const struct config *config = config_read(arena, &input, 1, part);
		if (config_recognised(config, &looks_like))
			check_hosts(arena, config, name, &rng, counts);
	}
	arena_free(arena);
}

static void check_file(const char *path, void *counts)
{
	struct arena *arena = arena_new();
	struct str text, error;
	if (input_read(arena, path, &text, &error))
		check_text(path, text, counts);
	arena_free(arena);
}

static void check_random(uint64_t seed, struct counts *counts)
{
	struct arena *arena = arena_new();
	char name[40];
	snprintf(name, sizeof(name), "random %llu", (unsigned long long)seed);
	check_text(name, random_config(arena, seed), counts);
	arena_free(arena);
}

int main(int argc, char *argv[])
{
	struct counts counts = {0};
	for (int i = 1; i < argc; i++)
		check_file(argv[i], &counts);
	if (argc == 1) {
		const struct audits audits = {look, &counts};
		audits_of_golden(&audits);
		audits_each_file("tests/golden/*/*.cfg", check_file, &counts);
		audits_each_file("examples/*.cfg", check_file, &counts);
		for (uint64_t seed = 1; seed <= RANDOM_CONFIGS; seed++)
			check_random(seed, &counts);
	}
	printf("%u audits, %u packets, %u of them stopped on their way, %u disagreements\n",
	       counts.audits, counts.packets, counts.stopped, counts.failures);
	return counts.failures || counts.stopped == 0;
}
