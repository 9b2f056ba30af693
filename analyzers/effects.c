/* SPDX-License-Identifier: ISC */
#include "analyzers/effects.h"

#include "analyzers/compare.h"

/* Are the packets, which a translation limits, all to or from one appliance? */
static bool is_own(const struct audit *before, const struct box *packets)
{
	VEC_EACH(const struct flow_work, work, &before->flows)
		VEC_EACH(const struct lane, lane, &work->lanes) {
			struct iset server = iset_point(before->arena, lane->server);
			struct iset client = iset_point(before->arena, lane->client);
			if ((lane->server_is_appliance &&
			     iset_covers(server, packets->dim[DIM_DST])) ||
			    (lane->client_is_appliance &&
			     iset_covers(client, packets->dim[DIM_SRC])))
				return true;
		}
	return false;
}

static void add_treatment(struct arena *arena, struct change_check *check,
                          const struct difference *like, const struct box *packets, bool wanted)
{
	struct treatment treatment = {like->place, *packets, like->before, like->after, wanted};
	VEC_PUSH(arena, &check->effects, treatment);
	check->unchanged &= wanted;
}

/* Differences of one kind at one place, and all the packets they are about. */
struct kind {
	const struct difference *like;
	struct pset packets;
};

struct kinds {
	VEC(struct kind) list;
};

static struct kinds sort_kinds(struct arena *arena, const struct comparison *comparison)
{
	struct kinds kinds = {0};
	VEC_EACH(const struct difference, difference, &comparison->list) {
		struct kind *kind = NULL;
		VEC_EACH(struct kind, old, &kinds.list)
			if (old->like->in == difference->in &&
			    str_eq(old->like->place, difference->place) &&
			    str_eq(old->like->before, difference->before) &&
			    str_eq(old->like->after, difference->after) &&
			    old->like->undecided == difference->undecided)
				kind = old;
		if (!kind)
			kind = VEC_PUSH(arena, &kinds.list, (struct kind){.like = difference});
		pset_add_box(arena, &kind->packets, &difference->packets);
	}
	return kinds;
}

/* The packets of a kind divided into the appliances' mail, or own limits, and others' traffic. */
static void judge(struct arena *arena, const struct audit *before, const struct kind *kind,
                  const struct boxes *mail, struct change_check *check)
{
	bool limits = kind->like->in == DIFFERS_LIMITS;
	struct pset others = {0}, wanted;
	VEC_EACH(const struct box, box, &kind->packets.boxes)
		if (!limits || kind->like->of_lists || !is_own(before, box))
			VEC_PUSH(arena, &others.boxes, *box);
	if (limits || kind->like->in == DIFFERS_INSPECTION)
		VEC_EACH(const struct box, box, &mail->list) {
			struct pset flow = pset_of(arena, box);
			others = pset_subtract(arena, &others, &flow);
		}
	wanted = pset_subtract(arena, &kind->packets, &others);
	wanted = pset_simplify(arena, &wanted);
	VEC_EACH(const struct box, box, &wanted.boxes)
		add_treatment(arena, check, kind->like, box, true);
	others = pset_simplify(arena, &others);
	VEC_EACH(const struct box, box, &others.boxes)
		add_treatment(arena, check, kind->like, box, false);
}

void effects_find(struct arena *arena, const struct audit *before, const struct config *changed,
                  struct change_check *check)
{
	struct comparison comparison = {0};
	struct boxes mail = audit_mail(before);
	check->unchanged = true;
	compare_configs(arena, before->config, changed, &comparison);
	struct kinds kinds = sort_kinds(arena, &comparison);
	VEC_EACH(const struct kind, kind, &kinds.list)
		judge(arena, before, kind, &mail, check);
}
