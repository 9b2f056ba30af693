/* SPDX-License-Identifier: ISC */
/*
 * See diff.h. Changes of one kind are collected into one, whatever part they come from; when all
 * are there each gets a packet that shows it.
 */
#include "analyzers/diff_parts.h"

#include "analyzers/counterexample.h"

enum {
	MAX_LINES = 12,     /* of each side that are shown of one change */
	MAX_DISJOINT = 400, /* boxes of one change that are kept disjoint and joined */
	MAX_TRIED = 300     /* boxes of one change that a witness is looked for in */
};

/* --- collecting ------------------------------------------------------------------------- */

static void add_line(struct arena *arena, struct diff_lines *lines, struct span span)
{
	if (span.len == 0 || lines->list.n >= MAX_LINES)
		return;
	VEC_EACH(const struct span, old, &lines->list)
		if (span_same(*old, span))
			return;
	VEC_PUSH(arena, &lines->list, span);
}

/* The change of the same kind, or a new one. */
static struct diff_change *change_like(struct differ *differ, const struct diff_change *like)
{
	VEC_EACH(struct diff_change, old, &differ->out->changes)
		if (old->what == like->what && old->except.boxes.v == like->except.boxes.v &&
		    old->undecided == like->undecided && old->mail == like->mail &&
		    str_eq(old->flow, like->flow) && str_eq(old->place, like->place) &&
		    str_eq(old->before, like->before) && str_eq(old->after, like->after))
			return old;
	return VEC_PUSH(differ->arena, &differ->out->changes, *like);
}

static void add_packets(struct differ *differ, struct diff_change *change, const struct box *box)
{
	if (box_is_empty(box))
		return;
	if (change->packets.boxes.n < MAX_DISJOINT)
		pset_add_box(differ->arena, &change->packets, box);
	else
		VEC_PUSH(differ->arena, &change->packets.boxes, *box);
}

void diff_add(struct differ *differ, const struct diff_change *like, const struct box *box,
              const struct span lines[SIDE_COUNT])
{
	struct diff_change *change = change_like(differ, like);
	add_packets(differ, change, box);
	for (int side = 0; side < SIDE_COUNT; side++)
		add_line(differ->arena, &change->lines[side], lines[side]);
}

struct witness diff_witness(const struct differ *differ, enum side side, const struct lane *lane,
                            const struct box *box)
{
	const struct config *config = differ->audit[side]->config;
	struct witness witness = {0};
	box_witness(box, &witness.packet);
	if (lane->passage.in)
		witness.input = config_name(config, lane->passage.in->nameif);
	if (lane->server_is_appliance) {
		witness.packet.at[DIM_DST] = lane->wire_dst;
		witness.packet.at[DIM_DPORT] = lane->wire_port;
	}
	return witness;
}

/* --- putting it together ---------------------------------------------------------------- */

/*
 * One packet of the change whose traces differ: the one that its flow has for it, or else the
 * first that is found. Where none is found there is no witness: what differs at a place is not
 * met by a packet that something before it drops.
 */
static void find_witness(struct differ *differ, struct examiner *examiner,
                         struct diff_change *change)
{
	if (change->has_witness && counterexample_shows(examiner, &change->witness))
		return;
	examiner->left = MAX_TRIED;
	examiner->there_only = change->what == DIFF_TRANSLATED;
	examiner->except = change->except;
	change->has_witness = counterexample_among(differ->arena, examiner, change->place,
	                                           &change->packets, &change->witness);
}

static void finish(struct differ *differ)
{
	const struct boxes none = {0};
	struct examiner examiner = {0};
	if (differ->out->changes.n)
		examiner = examiner_of(differ->arena, differ->audit[SIDE_OLD]->config,
		                       differ->audit[SIDE_NEW]->config, &none);
	examiner.results_only = true;
	VEC_EACH(struct diff_change, change, &differ->out->changes) {
		if (change->packets.boxes.n <= MAX_DISJOINT)
			change->packets = pset_simplify(differ->arena, &change->packets);
		find_witness(differ, &examiner, change);
	}
}

void diff_audits(struct arena *arena, const struct audit *before, const struct audit *after,
                 struct diff_config *out)
{
	struct differ differ = {.arena = arena,
	                        .same = same_new(arena, before->config, after->config),
	                        .audit = {before, after},
	                        .out = out};
	diff_flows(&differ);
	diff_others(&differ);
	finish(&differ);
}

bool diff_severity(const struct diff *diff, enum severity *severity)
{
	bool any = false;
	*severity = SEVERITY_NOTE;
	VEC_EACH(const struct diff_config, config, &diff->configs) {
		if (!config->there[DIFF_OLD] || !config->there[DIFF_NEW]) {
			*severity = SEVERITY_ERROR;
			any = true;
		}
		VEC_EACH(const struct diff_change, change, &config->changes) {
			enum severity grave = !change->mail       ? SEVERITY_NOTE
			                      : change->undecided ? SEVERITY_WARNING
			                                          : SEVERITY_ERROR;
			any = true;
			*severity = grave > *severity ? grave : *severity;
		}
	}
	return any;
}
