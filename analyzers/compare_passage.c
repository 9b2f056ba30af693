/* SPDX-License-Identifier: ISC */
/*
 * What the policies of an interface, the global one, and that of the interface where packets leave
 * do together (asa-semantics 3), by both readings of ruling 4. Interfaces without a policy of their
 * own are all alike: one stands for them.
 */
#include "analyzers/compare_policy.h"

/* Interfaces that are on both sides, by which service policies can tell packets apart. */
struct doors {
	VEC(struct str) list; /* the empty one: any without a policy */
};

static bool has_policy(const struct config *config, struct str ifc)
{
	VEC_EACH(const struct service_policy, sp, &config->service_policies)
		if (str_eq_nocase(config_name(config, sp->interface), ifc))
			return true;
	return false;
}

static struct doors doors_of(const struct compare *compare)
{
	struct names names = compare_nameifs(compare);
	struct doors doors = {0};
	bool plain = names.list.n == 0;
	VEC_EACH(const struct str, name, &names.list) {
		const struct interface *old = compare_interface(compare->config[SIDE_OLD], *name);
		if (!old || !compare_interface(compare->config[SIDE_NEW], *name))
			continue;
		if (has_policy(compare->config[SIDE_OLD], *name) ||
		    has_policy(compare->config[SIDE_NEW], *name))
			VEC_PUSH(compare->arena, &doors.list, *name);
		else
			plain = true;
	}
	if (plain)
		VEC_PUSH(compare->arena, &doors.list, S(""));
	return doors;
}

/* Some policy other than the one of the place holds the feature on that side. */
static bool others_hold(const struct compare *compare, enum side side,
                        const struct policy_place *place)
{
	const struct config *config = compare->config[side];
	VEC_EACH(const struct service_policy, sp, &config->service_policies) {
		const struct policy_map *policy = mpf_policy(config, sp);
		if (str_eq_nocase(config_name(config, sp->interface), place->ifc))
			continue;
		if (!policy)
			return true; /* its map is not in the text */
		VEC_EACH(const struct policy_class, class, &policy->classes)
			if (class->unknown || mpf_class_has(config, class, place->feature))
				return true;
	}
	return false;
}

static bool stands_alone(const struct compare *compare, const struct policy_place *place)
{
	return !others_hold(compare, SIDE_OLD, place) && !others_hold(compare, SIDE_NEW, place);
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

/* All ways that the policy of the place is on. */
static void compare_passages(struct compare *compare, const struct policy_place *place,
                             bool per_feature, const struct box *box, tell_piece *tell,
                             struct pset *packets)
{
	struct doors doors = doors_of(compare);
	VEC_EACH(const struct str, in, &doors.list)
		VEC_EACH(const struct str, out, &doors.list)
			if (place->ifc.n == 0 || str_eq_nocase(*in, place->ifc) ||
			    str_eq_nocase(*out, place->ifc))
				compare_passage(compare, place, *in, *out, per_feature, box, tell,
				                packets);
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
	if (stands_alone(compare, place))
		return pset_of(compare->arena, box);
	for (int per_feature = 0; per_feature < 2; per_feature++)
		compare_passages(compare, place, per_feature, box, add_packets, &packets);
	return packets;
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

void passage_compare_part(struct compare *compare, const struct policy_place *place,
                          const struct box *box, struct pset *told)
{
	if (place->feature == FEATURE_INSPECT && !stands_alone(compare, place))
		compare_passages(compare, place, true, box, tell_hidden, told);
}

void passage_compare_hiding(struct compare *compare, const struct policy_place *place,
                            struct pset *told)
{
	struct box all = box_all();
	if (!stands_alone(compare, place) &&
	    (holds_more(compare, place, SIDE_OLD) || holds_more(compare, place, SIDE_NEW)))
		compare_passages(compare, place, true, &all, tell_hidden, told);
}
