/* SPDX-License-Identifier: ISC */
/*
 * Laws of diff on random configs and random edits of them:
 *
 *	each witness is confirmed: its traces through the two configs differ,
 *	where some packet fares otherwise for sure, diff tells of a change,
 *	where its translation does, diff tells so of that very packet,
 *	and a config in other words has no difference.
 *
 *	test_diff [-n PACKETS] [-r CONFIGS] [-s SEED] [-v]
 */
#include "analyzers/diff.h"
#include "analyzers/trace.h"
#include "parser/config_reader.h"
#include "tests/property/edits.h"
#include "tests/property/random_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct counts {
	uint64_t pairs, changes, witnesses, packets, otherwise, translated, equal, faults;
};

struct pair {
	struct arena *arena;
	uint64_t seed;
	const struct config *config[DIFF_SIDE_COUNT];
	struct tracer tracer[DIFF_SIDE_COUNT];
	struct diff_config diff;
	struct counts *counts;
};

/* --- reading ---------------------------------------------------------------------------- */

static const struct config *read_text(struct arena *arena, struct str text)
{
	const struct config_input input = {S("test"), text};
	struct config_parts parts = config_split(arena, text);
	return config_read(arena, &input, 1, &parts.list.v[0]);
}

static struct policy with_esa(struct arena *arena)
{
	struct policy policy = policy_default();
	struct appliance appliance = {.name = S("esa1"), .role = ROLE_ESA};
	VEC_PUSH(arena, &appliance.addresses.list, (struct host){.real = addr4(0x0a010105)});
	VEC_PUSH(arena, &policy.appliances.list, appliance);
	return policy;
}

static void diff_texts(struct pair *pair, const struct str texts[DIFF_SIDE_COUNT])
{
	const struct audit *audits[DIFF_SIDE_COUNT];
	struct policy *policy = NEW(pair->arena, struct policy);
	*policy = with_esa(pair->arena);
	for (int side = 0; side < DIFF_SIDE_COUNT; side++) {
		struct config_report *report = NEW(pair->arena, struct config_report);
		pair->config[side] = read_text(pair->arena, texts[side]);
		pair->tracer[side] = tracer_of(pair->arena, pair->config[side]);
		audits[side] =
		        audit_classify(pair->arena, pair->config[side], policy, S("test"), report);
	}
	pair->diff = (struct diff_config){0};
	diff_audits(pair->arena, audits[DIFF_OLD], audits[DIFF_NEW], &pair->diff);
}

/* --- packets ---------------------------------------------------------------------------- */

static const struct interface *named(const struct config *config, struct str nameif)
{
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (ifc->nameif && str_eq(config_name(config, ifc->nameif), nameif))
			return ifc;
	return NULL;
}

/* Both traces; false where one of the configs has no such interface. */
static bool trace_both(struct pair *pair, const struct witness *witness,
                       struct trace traces[DIFF_SIDE_COUNT])
{
	for (int side = 0; side < DIFF_SIDE_COUNT; side++) {
		const struct interface *in = named(pair->config[side], witness->input);
		if (!in)
			return false;
		trace_packet(pair->arena, &pair->tracer[side], in, &witness->packet, &traces[side]);
	}
	return true;
}

static void add_end(struct buf *text, const struct trace_nat *nat)
{
	buf_printf(text, " [%s %d", nat->applies ? nat->kind : "as it is", nat->certain);
	if (nat->address_known)
		buf_printf(text, " %.*s", STR(addr_text(text->arena, nat->address)));
	if (nat->port_known)
		buf_printf(text, " %u", nat->port);
	buf_printf(text, "]");
}

/* All that a trace says but for names of lists and classes, and numbers of lines. */
static struct str told_by(struct arena *arena, const struct trace *trace)
{
	struct buf text = {.arena = arena};
	buf_printf(&text, "%d %.*s list %d %d", (int)trace->result, STR(trace->output),
	           trace->list.applies, (int)trace->list.action);
	add_end(&text, &trace->destination);
	add_end(&text, &trace->source);
	VEC_EACH(const struct trace_inspection, at, &trace->inspections)
		buf_printf(&text, " %.*s %.*s %d", STR(at->hit.engine), STR(at->hit.map),
		           at->certain);
	VEC_EACH(const struct trace_limit, at, &trace->limits)
		buf_printf(&text, " %d %d %u %d", (int)at->hit.kind, (int)at->hit.source,
		           at->hit.value, at->certain);
	VEC_EACH(const struct trace_phase, phase, &trace->phases)
		buf_printf(&text, " %s %.*s %d", phase->type, STR(phase->subtype),
		           (int)phase->result);
	return buf_str(&text);
}

static void fault(struct pair *pair, const char *what, const struct witness *witness)
{
	const u128 *at = witness->packet.at;
	pair->counts->faults++;
	printf("pair %llu: %s: input %.*s proto %u %.*s %u -> %.*s %u\n",
	       (unsigned long long)pair->seed, what, STR(witness->input), (unsigned)at[DIM_PROTO],
	       STR(addr_text(pair->arena, at[DIM_SRC])), (unsigned)at[DIM_SPORT],
	       STR(addr_text(pair->arena, at[DIM_DST])), (unsigned)at[DIM_DPORT]);
}

/* --- the laws --------------------------------------------------------------------------- */

static void check_witnesses(struct pair *pair)
{
	VEC_EACH(const struct diff_change, change, &pair->diff.changes) {
		struct trace traces[DIFF_SIDE_COUNT];
		pair->counts->changes++;
		if (!change->has_witness)
			continue;
		pair->counts->witnesses++;
		if (!trace_both(pair, &change->witness, traces) ||
		    str_eq(told_by(pair->arena, &traces[DIFF_OLD]),
		           told_by(pair->arena, &traces[DIFF_NEW])))
			fault(pair, "a witness is not confirmed", &change->witness);
	}
}

/* What the packet becomes at one end, where that is sure; `as` is what it was. */
static bool becomes(const struct trace_nat *nat, u128 as, u128 *address)
{
	*address = nat->applies ? nat->address : as;
	return !nat->applies || (nat->certain && nat->address_known);
}

static bool otherwise_translated(const struct trace *a, const struct trace *b,
                                 const struct packet *packet)
{
	u128 x, y;
	bool to = becomes(&a->destination, packet->at[DIM_DST], &x) &&
	          becomes(&b->destination, packet->at[DIM_DST], &y) && x != y;
	bool from = becomes(&a->source, packet->at[DIM_SRC], &x) &&
	            becomes(&b->source, packet->at[DIM_SRC], &y) && x != y;
	return a->result == TRACE_ALLOW && b->result == TRACE_ALLOW && (to || from);
}

/* The engines that surely inspect it, as a sum that does not mind their order. */
static uint64_t engines(const struct trace *trace)
{
	uint64_t sum = 0;
	VEC_EACH(const struct trace_inspection, at, &trace->inspections)
		sum += at->certain ? str_hash(at->hit.engine) : 0;
	return sum;
}

static bool is_sure(const struct trace *trace)
{
	VEC_EACH(const struct trace_inspection, at, &trace->inspections)
		if (!at->certain)
			return false;
	return trace->result != TRACE_UNKNOWN;
}

static bool is_told(const struct pair *pair, const struct witness *witness)
{
	VEC_EACH(const struct diff_change, change, &pair->diff.changes)
		if ((change->what == DIFF_TRANSLATED && str_ends(change->place, witness->input) &&
		     pset_contains(&change->packets, &witness->packet)) ||
		    change->what == DIFF_PATH || change->what == DIFF_OTHER)
			return true;
	return false;
}

static void check_packet(struct pair *pair, const struct witness *witness)
{
	struct trace traces[DIFF_SIDE_COUNT];
	if (!trace_both(pair, witness, traces))
		return;
	const struct trace *a = &traces[DIFF_OLD], *b = &traces[DIFF_NEW];
	bool translated = otherwise_translated(a, b, &witness->packet);
	bool sure = is_sure(a) && is_sure(b);
	bool both_pass = a->result == TRACE_ALLOW && b->result == TRACE_ALLOW;
	bool otherwise = sure && (a->result != b->result || translated ||
	                          (both_pass && engines(a) != engines(b)));
	pair->counts->packets++;
	pair->counts->otherwise += otherwise;
	pair->counts->translated += translated;
	if (otherwise && pair->diff.changes.n == 0)
		fault(pair, "a packet fares otherwise, but nothing is told", witness);
	else if (translated && !is_told(pair, witness))
		fault(pair, "it is translated otherwise, which is not told", witness);
}

/* A packet of one of the configs. */
static struct witness random_packet(const struct pair *pair, struct rng *rng,
                                    const struct points *points)
{
	const struct config *config = pair->config[DIFF_OLD];
	const struct interface *in = &config->interfaces.v[rng_below(rng, config->interfaces.n)];
	struct slow_packet slow = pick_packet(rng, points);
	return (struct witness){config_name(config, in->nameif),
	                        {{[DIM_PROTO] = slow.proto,
	                          [DIM_SRC] = slow.src,
	                          [DIM_DST] = slow.dst,
	                          [DIM_SPORT] = slow.sport,
	                          [DIM_DPORT] = slow.dport}}};
}

/* A random packet, or one that shares all but one or two fields with a witness. */
static struct witness near_packet(const struct pair *pair, struct rng *rng,
                                  const struct points *points)
{
	struct witness packet = random_packet(pair, rng, points);
	const struct diff_change *change =
	        pair->diff.changes.n ? &pair->diff.changes.v[rng_below(rng, pair->diff.changes.n)]
	                             : NULL;
	if (!change || !change->has_witness || rng_percent(rng, 30))
		return packet;
	struct witness near = change->witness;
	for (int i = 0; i < 2; i++) {
		enum dim dim = (enum dim)rng_below(rng, DIM_COUNT);
		near.packet.at[dim] = packet.packet.at[dim];
	}
	if (rng_percent(rng, 10))
		near.input = packet.input;
	return addr_is4(near.packet.at[DIM_SRC]) == addr_is4(near.packet.at[DIM_DST]) ? near
	                                                                              : packet;
}

static void check_packets(struct pair *pair, struct rng *rng, unsigned n)
{
	struct points points = points_of(pair->arena, pair->config[DIFF_OLD]);
	for (unsigned i = 0; i < n && pair->config[DIFF_OLD]->interfaces.n; i++) {
		struct witness packet = near_packet(pair, rng, &points);
		u128 proto = packet.packet.at[DIM_PROTO];
		if (packet.input.n && proto != PROTO_ICMP && proto != PROTO_ICMP6)
			check_packet(pair, &packet);
	}
}

static void expect_equal(struct pair *pair)
{
	const struct diff_change *first = pair->diff.changes.v;
	pair->counts->equal++;
	if (pair->diff.changes.n == 0)
		return;
	pair->counts->faults++;
	printf("pair %llu: in other words: %u changes, the first: %.*s: %.*s -> %.*s\n",
	       (unsigned long long)pair->seed, pair->diff.changes.n, STR(first->place),
	       STR(first->before), STR(first->after));
}

static void check_pair(uint64_t seed, unsigned packets, struct counts *counts)
{
	struct pair pair = {.arena = arena_new(), .seed = seed, .counts = counts};
	struct rng rng = {seed};
	struct str text = random_config(pair.arena, seed);
	struct str edited = edit_text(pair.arena, &rng, text);
	if (rng_percent(&rng, 30))
		edited = edit_text(pair.arena, &rng, edited);
	counts->pairs++;
	diff_texts(&pair, (const struct str[DIFF_SIDE_COUNT]){text, edited});
	check_witnesses(&pair);
	check_packets(&pair, &rng, packets);
	diff_texts(&pair, (const struct str[DIFF_SIDE_COUNT]){text, reword_text(pair.arena, text)});
	expect_equal(&pair);
	arena_free(pair.arena);
}

int main(int argc, char *argv[])
{
	unsigned long packets = 60, pairs = 250, first = 1;
	struct counts counts = {0};
	bool verbose = false;
	for (int option; (option = getopt(argc, argv, "n:r:s:v")) != -1;) {
		if (option == 'n')
			packets = strtoul(optarg, NULL, 10);
		else if (option == 'r')
			pairs = strtoul(optarg, NULL, 10);
		else if (option == 's')
			first = strtoul(optarg, NULL, 10);
		else
			verbose = option == 'v';
	}
	for (unsigned long i = 0; i < pairs; i++) {
		if (verbose)
			fprintf(stderr, "pair %lu\n", first + i);
		check_pair(first + i, (unsigned)packets, &counts);
	}
	printf("%llu pairs, %llu changes, %llu witnesses; %llu packets, %llu fare otherwise, %llu "
	       "of them translated; %llu in other words; %llu faults\n",
	       (unsigned long long)counts.pairs, (unsigned long long)counts.changes,
	       (unsigned long long)counts.witnesses, (unsigned long long)counts.packets,
	       (unsigned long long)counts.otherwise, (unsigned long long)counts.translated,
	       (unsigned long long)counts.equal, (unsigned long long)counts.faults);
	return counts.faults || counts.witnesses == 0 || counts.translated == 0;
}
