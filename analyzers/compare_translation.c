/* SPDX-License-Identifier: ISC */
/*
 * What changed rules of translation do to packets, as sets of packets at the interface that they
 * enter by.
 *
 * Why looking at changed rules is complete: rules are aligned so that what stands in both configs
 * is in the same order. A packet that no changed rule can meet, in either direction, meets the
 * same rules first in both, so the same is done to it.
 *
 * The packets that one can meet are split into boxes that nothing tells apart, and the trace is
 * asked about the two outermost packets of each (way.h does the same for flows), so diff and trace
 * cannot differ.
 */
#include "analyzers/compare_translation.h"

enum { MOST_BOXES = 400000 }; /* of a comparison that the trace is asked about */

static struct span span_of(const struct outcome *outcome)
{
	if (outcome->to.rule)
		return outcome->to.rule->span;
	return outcome->from.rule ? outcome->from.rule->span : (struct span){0};
}

static struct str place_of_split(const struct split *split)
{
	const struct config *config = split->scope->compare->config[SIDE_OLD];
	return compare_place(split->scope->compare,
	                     config_name(config, split->in[SIDE_OLD]->nameif));
}

static struct box lasting(const struct split *split, const struct box *box)
{
	struct box copy;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		copy.dim[dim] = iset_of(split->scope->arena, box->dim[dim].v, box->dim[dim].n);
	return copy;
}

/* The limits of the rule of one end where the other side has no such rule to compare them with. */
static const struct legacy_nat *limiting(const struct xlate *xlate)
{
	const struct legacy_nat *legacy = xlate->rule ? xlate->rule->legacy : NULL;
	bool any = legacy && (legacy->limits.max_conns || legacy->limits.embryonic ||
	                      legacy->limits.udp_max_conns);
	return any ? legacy : NULL;
}

static bool is_lone(const struct scope *scope, enum side side, const struct xlate *xlate)
{
	return xlate->rule &&
	       scope->all->lone[side][xlate->rule - scope->all->tracer[side].nat.rules.v];
}

static void compare_end_limits(const struct split *split, const struct box *box,
                               const struct xlate *a, const struct xlate *b)
{
	struct compare *compare = split->scope->compare;
	const struct legacy_nat *x = limiting(a), *y = limiting(b);
	bool same = x == y || (x && y && x->limits.max_conns == y->limits.max_conns &&
	                       x->limits.embryonic == y->limits.embryonic &&
	                       x->limits.udp_max_conns == y->limits.udp_max_conns);
	if (same || !(is_lone(split->scope, SIDE_OLD, a) || is_lone(split->scope, SIDE_NEW, b)))
		return;
	struct difference difference = {.in = DIFFERS_LIMITS,
	                                .place = place_of_split(split),
	                                .packets = lasting(split, box),
	                                .before = S("no limit"),
	                                .after = S("no limit")};
	/* Limits are of TCP and of UDP, and of no other packet (4.2). */
	const struct range limited[] = {{PROTO_TCP, PROTO_TCP}, {PROTO_UDP, PROTO_UDP}};
	difference.packets.dim[DIM_PROTO] =
	        iset_intersect(compare->arena, difference.packets.dim[DIM_PROTO],
	                       iset_of(compare->arena, limited, 2));
	if (x) {
		difference.before = compare_quote(compare, SIDE_OLD, x->span);
		difference.line[SIDE_OLD] = x->span;
	}
	if (y) {
		difference.after = compare_quote(compare, SIDE_NEW, y->span);
		difference.line[SIDE_NEW] = y->span;
	}
	compare_differ(compare, difference);
}

static void differ(const struct split *split, const struct box *box, const struct sample *sample,
                   bool with_out)
{
	const struct scope *scope = split->scope;
	struct difference difference = {.in = DIFFERS_TRANSLATION,
	                                .place = place_of_split(split),
	                                .packets = lasting(split, box)};
	do {
		difference.before = outcome_text(scope, SIDE_OLD, sample, with_out);
		difference.after = outcome_text(scope, SIDE_NEW, sample, with_out);
		with_out = !with_out;
	} while (with_out && str_eq(difference.before, difference.after));
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct outcome *outcome = &sample->outcomes[side][sample->first];
		difference.line[side] = span_of(outcome);
		difference.undecided |= outcome_is_open(outcome);
	}
	compare_differ(scope->compare, difference);
}

/* The first of the two packets that fares otherwise, if one does. */
static bool find_first(const struct scope *scope, struct sample *sample)
{
	for (sample->first = 0; sample->first < 2; sample->first++)
		if (!outcome_is_same(scope, &sample->outcomes[SIDE_OLD][sample->first],
		                     &sample->outcomes[SIDE_NEW][sample->first]))
			return true;
	return false;
}

/* The text does not tell the egress: what leaves by each that may be is a difference by itself. */
static void compare_egresses(const struct split *split, const struct box *box,
                             const struct sample *sample)
{
	const struct scope *scope = split->scope;
	VEC_EACH(const struct interface, out, &scope->compare->config[SIDE_OLD]->interfaces) {
		struct str name = config_name(scope->compare->config[SIDE_OLD], out->nameif);
		const struct interface *outs[SIDE_COUNT] = {
		        out, compare_interface(scope->compare->config[SIDE_NEW], name)};
		struct sample next = *sample;
		if (!path_carries_traffic(out) || !outs[SIDE_NEW] || out == split->in[SIDE_OLD])
			continue;
		for (int side = 0; side < SIDE_COUNT; side++)
			for (int i = 0; i < 2; i++)
				next.outcomes[side][i] = outcome_if(
				        scope, (enum side)side, &sample->outcomes[side][i],
				        split->in[side], outs[side], &sample->packets[i]);
		if (find_first(scope, &next))
			differ(split, box, &next, true);
	}
}

static void compare_box(const struct split *split, const struct box *box)
{
	const struct scope *scope = split->scope;
	struct sample sample = {0};
	for (int dim = 0; dim < DIM_COUNT; dim++) {
		sample.packets[0].at[dim] = box->dim[dim].v[0].lo;
		sample.packets[1].at[dim] = box->dim[dim].v[box->dim[dim].n - 1].hi;
	}
	for (int i = 0; i < 2; i++)
		for (int side = 0; side < SIDE_COUNT; side++)
			sample.outcomes[side][i] = outcome_of(scope, (enum side)side,
			                                      split->in[side], &sample.packets[i]);
	const struct outcome *a = sample.outcomes[SIDE_OLD], *b = sample.outcomes[SIDE_NEW];
	if (find_first(scope, &sample)) {
		differ(split, box, &sample, false);
	} else if (a->goes_on && b->goes_on && !a->out && !b->out) {
		compare_egresses(split, box, &sample);
	} else if (a->goes_on) {
		compare_end_limits(split, box, &a->to, &b->to);
		compare_end_limits(split, box, &a->from, &b->from);
	}
}

static void give_up(const struct split *split)
{
	struct str why = S("not compared: more translations meet here than are followed");
	struct difference difference = {.in = DIFFERS_TRANSLATION,
	                                .place = place_of_split(split),
	                                .packets = lasting(split, &split->box),
	                                .before = why,
	                                .after = why,
	                                .undecided = true};
	compare_differ(split->scope->compare, difference);
}

/* Every box of the region, as numbers of classes that count up. */
static void compare_split(struct split *split)
{
	struct alike parts[DIM_COUNT];
	uint32_t at[DIM_COUNT] = {0};
	uint64_t n = 1;
	split_by_rules(split, parts);
	for (int dim = 0; dim < DIM_COUNT; dim++)
		n = n > MOST_BOXES ? n : n * parts[dim].list.n;
	if (n > split->scope->left) {
		give_up(split);
		return;
	}
	split->scope->left -= (unsigned)n;
	for (int dim = 0; dim < DIM_COUNT;) {
		struct box box;
		for (dim = 0; dim < DIM_COUNT; dim++)
			box.dim[dim] = parts[dim].list.v[at[dim]];
		if (!box_is_empty(&box))
			compare_box(split, &box);
		arena_clear(split->scope->asking);
		for (dim = 0; dim < DIM_COUNT && ++at[dim] == parts[dim].list.n; dim++)
			at[dim] = 0;
	}
}

/* ICMP has types where others have ports, so it is split by itself. */
static void compare_protocols(struct split *split)
{
	struct arena *arena = split->scope->arena;
	struct iset icmp = iset_point(arena, PROTO_ICMP), all = split->box.dim[DIM_PROTO];
	const struct iset parts[] = {iset_subtract(arena, all, icmp),
	                             iset_intersect(arena, all, icmp)};
	for (int i = 0; i < 2; i++) {
		struct split part = *split;
		part.box.dim[DIM_PROTO] = parts[i];
		if (!box_is_empty(&part.box))
			compare_split(&part);
		arena_clear(split->scope->scratch);
	}
}

static void compare_region(struct scope *scope, const struct region *region)
{
	const struct compare *compare = scope->compare;
	const struct config *here = compare->config[region->side];
	VEC_EACH(const struct interface, in, &here->interfaces) {
		struct str name = config_name(here, in->nameif);
		struct split split = {.scope = scope, .box = region->box};
		if ((region->in && region->in != in) || in == region->not_in)
			continue;
		for (int side = 0; side < SIDE_COUNT; side++)
			split.in[side] = compare_interface(compare->config[side], name);
		if (!compare->has_v6)
			for (int dim = DIM_SRC; dim <= DIM_DST; dim++)
				split.box.dim[dim] =
				        iset_family(scope->arena, split.box.dim[dim], true);
		/* An interface that comes or goes is a difference of its own. */
		if (split.in[SIDE_OLD] && split.in[SIDE_NEW] &&
		    path_carries_traffic(split.in[SIDE_OLD]) &&
		    path_carries_traffic(split.in[SIDE_NEW]))
			compare_protocols(&split);
	}
}

void compare_translated(struct compare *compare, const struct translations *translations)
{
	struct scope scope = {.compare = compare,
	                      .arena = compare->arena,
	                      .scratch = arena_new(),
	                      .asking = arena_new(),
	                      .all = translations,
	                      .left = MOST_BOXES};
	reach_all(&scope);
	struct regions regions = reach_of_changed(&scope);
	VEC_EACH(const struct region, region, &regions.list)
		compare_region(&scope, region);
	arena_free(scope.scratch);
	arena_free(scope.asking);
}
