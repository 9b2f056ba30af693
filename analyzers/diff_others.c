/* SPDX-License-Identifier: ISC */
/*
 * What compare_configs() finds, told for the packets that are no mail; of mail it is told where the
 * audits do not look (idle timeouts, modules, translations).
 */
#include "analyzers/diff_parts.h"

#include "analyzers/compare.h"

static enum diff_what what_of(enum differs_in in)
{
	switch (in) {
	case DIFFERS_PERMISSION:
		return DIFF_PERMITTED;
	case DIFFERS_INSPECTION:
		return DIFF_INSPECTED;
	case DIFFERS_LIMITS:
		return DIFF_LIMITS;
	case DIFFERS_TRANSLATION:
		return DIFF_TRANSLATED;
	case DIFFERS_PATH:
		return DIFF_PATH;
	case DIFFERS_OTHER:
		break;
	}
	return DIFF_OTHER;
}

/* Is it told of a flow already that these packets are treated differently in this way? */
static bool told(const struct differ *differ, enum diff_what what, const struct box *box)
{
	struct box both;
	VEC_EACH(const struct diff_change, change, &differ->out->changes) {
		if (change->flow.n == 0 || change->what != what)
			continue;
		VEC_EACH(const struct box, part, &change->packets.boxes)
			if (box_intersect(differ->arena, box, part, &both))
				return true;
	}
	return false;
}

/* By which of the addresses of a lane it may be known. */
static bool lane_meets(struct arena *arena, const struct lane *lane, const struct box *box)
{
	struct box both;
	return box_intersect(arena, &lane->real, box, &both) ||
	       box_intersect(arena, &lane->passage.seen, box, &both) ||
	       box_intersect(arena, &lane->passage.global, box, &both);
}

/* Did the flows compare as equal only because neither side decides about some of these packets? */
static bool in_doubt(const struct differ *differ, enum diff_what what, const struct box *box)
{
	for (int side = 0; side < SIDE_COUNT; side++)
		VEC_EACH(const struct flow_work, work, &differ->audit[side]->flows) {
			const struct verdict_cells *cells =
			        what == DIFF_PERMITTED ? &work->permission : &work->inspection;
			VEC_EACH(const struct verdict_cell, cell, &cells->list)
				if (work->flow->on_path && cell->verdict == VERDICT_UNKNOWN &&
				    lane_meets(differ->arena, cell->lane, box))
					return true;
		}
	return false;
}

/* The packets of a lane as they come in; false where that is not known. */
static bool wire_box(const struct differ *differ, const struct lane *lane, struct box *box)
{
	*box = lane->real;
	if (!lane->passage.in || lane->mapped_unknown)
		return false;
	if (lane->server_is_appliance) {
		box->dim[DIM_DST] = iset_point(differ->arena, lane->wire_dst);
		box->dim[DIM_DPORT] = iset_point(differ->arena, lane->wire_port);
	}
	return true;
}

/* What is translated otherwise of the flows that come in there; the rest stays in `others`. */
static void tell_flows(struct differ *differ, enum side side, const struct difference *difference,
                       const struct diff_change *like, struct pset *others)
{
	const struct config *config = differ->audit[side]->config;
	VEC_EACH(const struct flow_work, work, &differ->audit[side]->flows)
		VEC_EACH(const struct lane, lane, &work->lanes) {
			struct diff_change change = *like;
			struct box wire;
			if (!wire_box(differ, lane, &wire) ||
			    !str_eq_nocase(STR_JOIN(differ->arena, S("interface "),
			                            config_name(config, lane->passage.in->nameif)),
			                   difference->place))
				continue;
			struct pset mail = pset_of(differ->arena, &wire);
			struct pset here = pset_intersect(differ->arena, others, &mail);
			change.flow = work->flow->id;
			change.mail = true;
			VEC_EACH(const struct box, box, &here.boxes)
				diff_add(differ, &change, box, difference->line);
			*others = pset_subtract(differ->arena, others, &mail);
		}
}

/* A translation changes the flows whose packets it meets where they come in. */
static void tell_translation(struct differ *differ, const struct difference *difference,
                             const struct diff_change *like)
{
	struct pset others = pset_of(differ->arena, &difference->packets);
	for (int side = 0; side < SIDE_COUNT; side++)
		tell_flows(differ, (enum side)side, difference, like, &others);
	VEC_EACH(const struct box, box, &others.boxes)
		diff_add(differ, like, box, difference->line);
}

/* A setting of the whole device or a limit of a translation: told as it is. */
static void tell_setting(struct differ *differ, const struct difference *difference,
                         struct diff_change *like, const struct boxes *mail)
{
	struct box both;
	switch (difference->in) {
	case DIFFERS_TRANSLATION: /* told by flows */
		break;
	case DIFFERS_LIMITS: /* of translations the flows tell; timeouts they do not */
		if (difference->packets.dim[DIM_PROTO].n == 1 &&
		    iset_equal(difference->packets.dim[DIM_DST], iset_all()))
			VEC_EACH(const struct box, box, &mail->list)
				like->mail |= box_intersect(differ->arena, box,
				                            &difference->packets, &both);
		break;
	case DIFFERS_PERMISSION:
	case DIFFERS_INSPECTION:
	case DIFFERS_OTHER:
		like->mail = difference->undecided && mail->list.n > 0;
		break;
	case DIFFERS_PATH: /* what comes of it for mail the flows tell */
		break;
	}
	diff_add(differ, like, &difference->packets, difference->line);
}

/* The packets of a difference that are in the box. */
static struct pset differs_in(struct arena *arena, const struct difference *difference,
                              const struct box *box)
{
	struct box both;
	struct pset set = {0};
	if (box_intersect(arena, box, &difference->packets, &both))
		set = pset_of(arena, &both);
	VEC_EACH(const struct box, except, &difference->except.list) {
		struct pset gone = pset_of(arena, except);
		if (!pset_is_empty(&set) && box_intersect(arena, except, &both, &gone.boxes.v[0]))
			set = pset_subtract(arena, &set, &gone);
	}
	return set;
}

/*
 * The mail among the packets is told by its flows, but for what they do not look at: also why it
 * is not known what becomes of it, beyond the first of the reasons.
 */
static void tell_lists(struct differ *differ, const struct difference *difference,
                       struct diff_change *like, const struct boxes *mail)
{
	struct pset others = {0};
	bool told_by_flows =
	        difference->in == DIFFERS_PERMISSION || difference->in == DIFFERS_INSPECTION;
	pset_add_box(differ->arena, &others, &difference->packets);
	VEC_EACH(const struct box, box, &mail->list) {
		struct pset flow = pset_of(differ->arena, box);
		struct diff_change of_mail = *like;
		of_mail.mail = true;
		of_mail.except = (struct pset){0};
		struct pset here = differs_in(differ->arena, difference, box);
		VEC_EACH(const struct box, part, &here.boxes) {
			bool left = !told_by_flows ||
			            (difference->undecided && in_doubt(differ, like->what, part));
			if (left && !told(differ, like->what, part) &&
			    !told(differ, DIFF_INSPECTED, part))
				diff_add(differ, &of_mail, part, difference->line);
		}
		others = pset_subtract(differ->arena, &others, &flow);
	}
	VEC_EACH(const struct box, box, &others.boxes)
		diff_add(differ, like, box, difference->line);
}

static struct boxes all_mail(const struct differ *differ)
{
	struct boxes all = {0};
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct boxes mail = audit_mail(differ->audit[side]);
		VEC_EACH(const struct box, box, &mail.list) {
			bool known = false;
			VEC_EACH(const struct box, old, &all.list)
				known |= box_equal(old, box);
			if (!known)
				VEC_PUSH(differ->arena, &all.list, *box);
		}
	}
	return all;
}

void diff_others(struct differ *differ)
{
	struct comparison comparison = {0};
	struct boxes mail = all_mail(differ);
	compare_configs(differ->arena, differ->audit[SIDE_OLD]->config,
	                differ->audit[SIDE_NEW]->config, &comparison);
	VEC_EACH(const struct difference, difference, &comparison.list) {
		struct diff_change like = {.what = what_of(difference->in),
		                           .place = difference->place,
		                           .before = difference->before,
		                           .after = difference->after,
		                           .undecided = difference->undecided};
		like.except.boxes.v = difference->except.list.v;
		like.except.boxes.n = difference->except.list.n;
		if (difference->in == DIFFERS_TRANSLATION)
			tell_translation(differ, difference, &like);
		else if (difference->of_lists)
			tell_lists(differ, difference, &like, &mail);
		else
			tell_setting(differ, difference, &like, &mail);
	}
}
