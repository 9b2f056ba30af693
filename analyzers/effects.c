/* SPDX-License-Identifier: ISC */
#include "analyzers/effects.h"

#include "analyzers/compare.h"

/* Is the limit of a translation one that an appliance has to itself? */
static bool own_limit(const struct audit *before, const struct difference *difference)
{
	if (difference->in != DIFFERS_LIMITS || difference->of_lists)
		return false;
	VEC_EACH(const struct flow_work, work, &before->flows)
		VEC_EACH(const struct lane, lane, &work->lanes) {
			struct iset server = iset_point(before->arena, lane->server);
			struct iset client = iset_point(before->arena, lane->client);
			if ((lane->server_is_appliance &&
			     iset_covers(server, difference->packets.dim[DIM_DST])) ||
			    (lane->client_is_appliance &&
			     iset_covers(client, difference->packets.dim[DIM_SRC])))
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

/* All packets of a kind are the appliances' mail, others' traffic, or divided into the two. */
static void judge(struct arena *arena, const struct audit *before, const struct kind *kind,
                  const struct boxes *mail, struct change_check *check)
{
	bool may_be_mail =
	        (kind->like->in == DIFFERS_INSPECTION || kind->like->in == DIFFERS_LIMITS);
	struct pset others = kind->packets, wanted = {0};
	if (own_limit(before, kind->like)) {
		wanted = kind->packets;
		others = (struct pset){0};
	} else if (may_be_mail) {
		VEC_EACH(const struct box, box, &mail->list) {
			struct pset flow = pset_of(arena, box);
			others = pset_subtract(arena, &others, &flow);
		}
		wanted = pset_subtract(arena, &kind->packets, &others);
	}
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
