/* SPDX-License-Identifier: ISC */
/*
 * What the policies of an interface, the global one, and that of the interface where packets leave
 * do together (asa-semantics 3), by both readings of ruling 4. Interfaces without a policy of their
 * own are all alike: one stands for them.
 */
#include "analyzers/compare_policy.h"

#include "analyzers/engines.h"

/* An interface, by which service policies can tell packets apart. */
struct door {
	struct str name;                             /* empty: any without a policy */
	const struct policy_map *policy[SIDE_COUNT]; /* NULL: none, or not in the text */
	uint32_t content[SIDE_COUNT];                /* what the policy does for the feature */
	uint32_t engines[SIDE_COUNT];                /* that it holds */
};

struct doors {
	VEC(struct door) list;
	struct door global;
	/* A policy that holds the feature on either side, and whether others do. */
	bool held, several;
	struct str holder;
};

static const struct service_policy *policy_at(const struct config *config, struct str ifc)
{
	VEC_EACH(const struct service_policy, sp, &config->service_policies)
		if (str_eq_nocase(config_name(config, sp->interface), ifc))
			return sp;
	return NULL;
}

/* The number of all that a policy does for a feature. */
static uint32_t content_of(struct compare *compare, enum side side, enum feature feature,
                           const struct policy_map *policy)
{
	const struct config *config = compare->config[side];
	struct buf content = {.arena = compare->arena};
	buf_printf(&content, "policy");
	VEC_EACH(const struct policy_class, class, &policy->classes)
		if (class->unknown || mpf_class_has(config, class, feature))
			buf_printf(&content, " %u %u", same_matches(compare->same, side, class),
			           same_actions(compare->same, side, class, feature));
	return same_content(compare->same, &content);
}

/* The number of the engines that it holds; those of SMTP are one. */
static uint32_t engines_of(struct compare *compare, enum side side, const struct policy_map *policy)
{
	const struct config *config = compare->config[side];
	VEC(struct str) names = {0};
	struct buf content = {.arena = compare->arena};
	VEC_EACH(const struct policy_class, class, &policy->classes)
		VEC_EACH(const struct inspect, inspect, &class->inspects) {
			struct str name = config_name(config, inspect->engine);
			uint32_t at = 0;
			if (engine_is_smtp(name))
				name = S("esmtp");
			while (at < names.n && str_cmp(names.v[at], name) < 0)
				at++;
			if (at < names.n && str_eq(names.v[at], name))
				continue;
			VEC_PUSH(compare->arena, &names, name);
			memmove(names.v + at + 1, names.v + at, (names.n - 1 - at) * sizeof(name));
			names.v[at] = name;
		}
	buf_printf(&content, "engines");
	VEC_EACH(const struct str, name, &names)
		buf_printf(&content, ", %.*s", STR(*name));
	return same_content(compare->same, &content);
}

static struct door door_of(struct compare *compare, enum feature feature, struct str name)
{
	struct door door = {.name = name};
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct service_policy *sp = policy_at(compare->config[side], name);
		if (!sp)
			continue;
		const struct policy_map *policy = mpf_policy(compare->config[side], sp);
		door.policy[side] = policy;
		door.content[side] = policy ? content_of(compare, (enum side)side, feature, policy)
		                            : same_text(compare->same, (enum side)side, sp->span);
		door.engines[side] = policy ? engines_of(compare, (enum side)side, policy) : 0;
	}
	return door;
}

static bool same_numbers(const uint32_t a[SIDE_COUNT], const uint32_t b[SIDE_COUNT])
{
	return a[SIDE_OLD] == b[SIDE_OLD] && a[SIDE_NEW] == b[SIDE_NEW];
}

/* Each policy that holds the feature, or may: is it the only one? */
static void count_holders(const struct compare *compare, enum feature feature, struct doors *doors)
{
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct config *config = compare->config[side];
		VEC_EACH(const struct service_policy, sp, &config->service_policies) {
			const struct policy_map *policy = mpf_policy(config, sp);
			struct str name = config_name(config, sp->interface);
			bool holds = !policy; /* its map is not in the text */
			for (uint32_t i = 0; !holds && i < policy->classes.n; i++)
				holds = policy->classes.v[i].unknown ||
				        mpf_class_has(config, &policy->classes.v[i], feature);
			if (!holds)
				continue;
			doors->several |= doors->held && !str_eq_nocase(doors->holder, name);
			doors->held = true;
			doors->holder = name;
		}
	}
}

/*
 * One door for all that do the same in both configs, and one more for ways between two of them. The
 * one without a policy comes first: what a policy does on its own shows there.
 */
static const struct doors *doors_of(struct compare *compare, enum feature feature)
{
	if (compare->doors[feature])
		return compare->doors[feature];
	struct names names = compare_nameifs(compare);
	struct doors *doors = NEW(compare->arena, struct doors);
	bool plain = names.list.n == 0;
	VEC_EACH(const struct str, name, &names.list)
		if (compare_interface(compare->config[SIDE_OLD], *name) &&
		    compare_interface(compare->config[SIDE_NEW], *name))
			plain |= !policy_at(compare->config[SIDE_OLD], *name) &&
			         !policy_at(compare->config[SIDE_NEW], *name);
	if (plain)
		VEC_PUSH(compare->arena, &doors->list, (struct door){0});
	VEC_EACH(const struct str, name, &names.list) {
		uint32_t alike = 0;
		if (!compare_interface(compare->config[SIDE_OLD], *name) ||
		    !compare_interface(compare->config[SIDE_NEW], *name) ||
		    (!policy_at(compare->config[SIDE_OLD], *name) &&
		     !policy_at(compare->config[SIDE_NEW], *name)))
			continue;
		struct door door = door_of(compare, feature, *name);
		VEC_EACH(const struct door, old, &doors->list)
			alike += same_numbers(old->content, door.content);
		if (alike < 2)
			VEC_PUSH(compare->arena, &doors->list, door);
	}
	doors->global = door_of(compare, feature, S(""));
	count_holders(compare, feature, doors);
	return compare->doors[feature] = doors;
}

bool passage_stands_alone(struct compare *compare, const struct policy_place *place)
{
	const struct doors *doors = doors_of(compare, place->feature);
	return !doors->several && (!doors->held || str_eq_nocase(doors->holder, place->ifc));
}

/* --- one way through -------------------------------------------------------------------- */

/* What is told of pieces that differ. */
typedef void tell_piece(struct compare *compare, const struct policy_place *place,
                        const struct piece *x, const struct piece *y, const struct box *box,
                        struct pset *out);

static void compare_passage(struct compare *compare, const struct policy_place *place,
                            struct str in, struct str out, bool per_feature, const struct box *box,
                            tell_piece *tell, struct pset *packets)
{
	struct pieces pieces[SIDE_COUNT] = {0};
	if (compare->ways == 0)
		return;
	compare->ways--;
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct config *config = compare->config[side];
		const struct passage passage = {in.n ? compare_interface(config, in) : NULL,
		                                out.n ? compare_interface(config, out) : NULL, *box,
		                                *box};
		mpf_classify(compare->arena, config, place->feature, &passage,
		             (struct reading){.per_feature = per_feature}, &pieces[side]);
	}
	VEC_EACH(const struct piece, x, &pieces[SIDE_OLD].list)
		VEC_EACH(const struct piece, y, &pieces[SIDE_NEW].list) {
			struct box both;
			if (box_intersect(compare->arena, &x->box, &y->box, &both) &&
			    !piece_is_same(compare, place->feature, x, y, &both))
				tell(compare, place, x, y, &both, packets);
		}
}

/* Packets of which no way has shown yet that they differ. */
struct search {
	struct compare *compare;
	const struct policy_place *place;
	bool per_feature;
	tell_piece *tell;
	struct pset rest, *packets;
};

static void try_way(struct search *search, struct str in, struct str out)
{
	const uint32_t told = search->packets->boxes.n;
	VEC_EACH(const struct box, box, &search->rest.boxes)
		compare_passage(search->compare, search->place, in, out, search->per_feature, box,
		                search->tell, search->packets);
	if (search->packets->boxes.n > told)
		search->rest =
		        pset_subtract(search->compare->arena, &search->rest, search->packets);
}

/* All ways that the policy of the place is on, until all packets are told. */
static void compare_passages(struct compare *compare, const struct policy_place *place,
                             bool per_feature, const struct box *box, tell_piece *tell,
                             struct pset *packets)
{
	const struct doors *doors = doors_of(compare, place->feature);
	struct search search = {.compare = compare,
	                        .place = place,
	                        .per_feature = per_feature,
	                        .tell = tell,
	                        .rest = pset_of(compare->arena, box),
	                        .packets = packets};
	if (!pset_is_empty(packets))
		search.rest = pset_subtract(compare->arena, &search.rest, packets);
	if (place->ifc.n)
		try_way(&search, place->ifc, place->ifc);
	VEC_EACH(const struct door, door, &doors->list) {
		if (pset_is_empty(&search.rest))
			return;
		if (place->ifc.n) {
			try_way(&search, place->ifc, door->name);
			try_way(&search, door->name, place->ifc);
			continue;
		}
		VEC_EACH(const struct door, out, &doors->list)
			try_way(&search, door->name, out->name);
	}
}

static void add_packets(struct compare *compare, const struct policy_place *place,
                        const struct piece *x, const struct piece *y, const struct box *box,
                        struct pset *out)
{
	(void)place, (void)x, (void)y;
	pset_add_box(compare->arena, out, box);
}

struct pset passage_differs(struct compare *compare, const struct policy_place *place,
                            const struct box *box)
{
	struct pset packets = {0};
	if (place->alone)
		return pset_of(compare->arena, box);
	for (int per_feature = 0; per_feature < 2; per_feature++)
		compare_passages(compare, place, per_feature, box, add_packets, &packets);
	return compare->ways ? packets : pset_of(compare->arena, box);
}

/* --- hiding ----------------------------------------------------------------------------- */

/* Does one side's policy hold the feature, or of inspections an engine, that the other's lacks? */
static bool holds_more(const struct compare *compare, const struct policy_place *place,
                       enum side side)
{
	enum side other = side == SIDE_OLD ? SIDE_NEW : SIDE_OLD;
	const struct config *here = compare->config[side], *there = compare->config[other];
	const struct policy_map *own = place->policy[side], *others = place->policy[other];
	if (!own)
		return false;
	if (place->feature != FEATURE_INSPECT)
		return mpf_implements(here, own, place->feature) &&
		       !(others && mpf_implements(there, others, place->feature));
	VEC_EACH(const struct policy_class, class, &own->classes)
		VEC_EACH(const struct inspect, inspect, &class->inspects)
			if (!mpf_is_combinable(here, inspect->engine) &&
			    !(others &&
			      mpf_inspects_with(there, others, config_name(here, inspect->engine))))
				return true;
	return false;
}

/* On what condition a way tells the sides apart; of a policy that holds more, what it does. */
static struct str condition(const struct compare *compare, const struct policy_place *place,
                            bool holds)
{
	if (!holds)
		return S(", if what one policy inspects is inspected by no other");
	return place->ifc.n
	               ? str_printf(compare->arena, ", if the policy of interface %.*s acts alone",
	                            STR(place->ifc))
	               : S(", if the global policy acts alone");
}

/* By the reading that tells them apart, the rest being told as what the place itself does. */
static void tell_hidden(struct compare *compare, const struct policy_place *place,
                        const struct piece *x, const struct piece *y, const struct box *box,
                        struct pset *told)
{
	struct pset packets = pset_of(compare->arena, box);
	struct difference difference = {.in = piece_differs_in(place->feature),
	                                .place = compare_place(compare, place->ifc),
	                                .before = piece_text(compare, SIDE_OLD, place->feature, x),
	                                .after = piece_text(compare, SIDE_NEW, place->feature, y),
	                                .line = {piece_span(x), piece_span(y)},
	                                .undecided = true,
	                                .of_lists = true};
	bool now = holds_more(compare, place, SIDE_NEW);
	bool before = holds_more(compare, place, SIDE_OLD);
	struct str *text = before && !now ? &difference.before : &difference.after;
	*text = STR_JOIN(compare->arena, *text, condition(compare, place, now || before));
	packets = pset_subtract(compare->arena, &packets, told);
	VEC_EACH(const struct box, at, &packets.boxes) {
		difference.packets = *at;
		compare_differ(compare, difference);
		pset_add_box(compare->arena, told, at);
	}
}

/* May the policy of the place act otherwise on a box behind these policies of both sides? */
static bool differs_behind(struct compare *compare, const struct policy_place *place,
                           const struct policy_map *const before[SIDE_COUNT][2],
                           const struct box *box)
{
	struct pieces pieces[SIDE_COUNT] = {0};
	for (int side = 0; side < SIDE_COUNT; side++)
		mpf_classify_behind(compare->arena, compare->config[side],
		                    place_policy(place, (enum side)side), before[side], box,
		                    &pieces[side]);
	VEC_EACH(const struct piece, x, &pieces[SIDE_OLD].list)
		VEC_EACH(const struct piece, y, &pieces[SIDE_NEW].list) {
			struct box both;
			if (box_intersect(compare->arena, &x->box, &y->box, &both) &&
			    !piece_is_same(compare, place->feature, x, y, &both))
				return true;
		}
	return false;
}

/*
 * Does the policy act otherwise on a box where others have taken engines from it? What they are is
 * all that counts of those that are asked before. As the first to be asked it is compared already.
 */
static bool differs_hidden(struct compare *compare, const struct policy_place *place,
                           const struct box *box)
{
	const struct doors *doors = doors_of(compare, place->feature);
	const struct door *global = &doors->global;
	for (uint32_t i = 0; i <= doors->list.n; i++) {
		const struct door none = {0};
		const struct door *door = i ? &doors->list.v[i - 1] : &none;
		const struct policy_map *before[SIDE_COUNT][2];
		bool known = !i && !(place->ifc.n &&
		                     (global->policy[SIDE_OLD] || global->policy[SIDE_NEW]));
		for (uint32_t k = 0; k + 1 < i; k++)
			known |= same_numbers(doors->list.v[k].engines, door->engines);
		for (int side = 0; side < SIDE_COUNT; side++) {
			before[side][0] = door->policy[side];
			before[side][1] = place->ifc.n ? global->policy[side] : NULL;
		}
		if (!known && differs_behind(compare, place, before, box))
			return true;
	}
	return false;
}

void passage_compare_part(struct compare *compare, const struct policy_place *place,
                          const struct box *box, struct pset *told)
{
	struct pset rest = pset_of(compare->arena, box);
	if (place->feature != FEATURE_INSPECT || place->alone)
		return;
	rest = pset_subtract(compare->arena, &rest, told);
	VEC_EACH(const struct box, at, &rest.boxes)
		if (differs_hidden(compare, place, at))
			compare_passages(compare, place, true, at, tell_hidden, told);
}

void passage_compare_hiding(struct compare *compare, const struct policy_place *place,
                            struct pset *told)
{
	struct box all = box_all();
	if (!place->alone &&
	    (holds_more(compare, place, SIDE_OLD) || holds_more(compare, place, SIDE_NEW)))
		compare_passages(compare, place, true, &all, tell_hidden, told);
}
