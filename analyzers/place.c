/* SPDX-License-Identifier: ISC */
/*
 * Where a class stands among the others of its policy-map: which packets its inspection has there,
 * and who would have them if it were gone or stood elsewhere. Only the first class that inspects a
 * packet counts (asa-semantics 1.1, ruling 2).
 */
#include "analyzers/planner.h"

/* Lists of many lines match many boxes: what is only looked at has memory of its own. */
static struct planner look_with(const struct planner *planner)
{
	struct planner look = *planner;
	look.arena = arena_new();
	return look;
}

/* --- what a class matches --------------------------------------------------------------------- */

/* What the inspection of a class does to a region, whatever stands before the class. */
static struct pieces pieces_alone(const struct planner *planner, const struct policy_class *class,
                                  const struct inspect *inspect, const struct box *region)
{
	struct policy_class alone = *class;
	struct policy_map policy = {0};
	struct pieces pieces = {0};
	memset(&alone.inspects, 0, sizeof(alone.inspects));
	alone.unknown = false;
	VEC_PUSH(planner->arena, &alone.inspects, *inspect);
	VEC_PUSH(planner->arena, &policy.classes, alone);
	mpf_classify_policy(planner->arena, planner->config, FEATURE_INSPECT, &policy, region,
	                    &pieces);
	return pieces;
}

struct pset place_matched(const struct planner *planner, const struct policy_class *class,
                          const struct inspect *inspect, const struct box *region)
{
	struct pieces pieces = pieces_alone(planner, class, inspect, region);
	struct pset matched = {0};
	VEC_EACH(const struct piece, piece, &pieces.list)
		if (piece->claims)
			VEC_PUSH(planner->arena, &matched.boxes, piece->box);
	return matched;
}

bool place_meets(const struct planner *planner, const struct policy_class *class,
                 const struct inspect *inspect, const struct box *region)
{
	struct planner look = look_with(planner);
	struct pset matched = place_matched(&look, class, inspect, region);
	bool any = !pset_is_empty(&matched);
	arena_free(look.arena);
	return any;
}

bool place_is_sure(const struct planner *planner, const struct claim *claim,
                   const struct box *region)
{
	struct pieces pieces = pieces_alone(planner, claim->class, claim->inspect, region);
	VEC_EACH(const struct piece, piece, &pieces.list)
		if (piece->claims && piece->open)
			return false;
	return true;
}

struct entries place_mail(const struct planner *planner, const struct claim *claim)
{
	struct entries mail = {0};
	VEC_EACH(const struct entry, entry, &planner->mail.list)
		if (place_meets(planner, claim->class, claim->inspect, &entry->box))
			VEC_PUSH(planner->arena, &mail.list, *entry);
	return mail;
}

/* --- what it owns ----------------------------------------------------------------------------- */

static struct pset without_mail(const struct planner *planner, struct pset packets)
{
	VEC_EACH(const struct entry, entry, &planner->mail.list) {
		struct pset mail = pset_of(planner->arena, &entry->box);
		packets = pset_subtract(planner->arena, &packets, &mail);
	}
	return packets;
}

static struct pset all_matched(const struct planner *planner, const struct claim *claim)
{
	struct box all = box_all();
	return place_matched(planner, claim->class, claim->inspect, &all);
}

/* --- who would have it ------------------------------------------------------------------------ */

static bool same_inspection(const struct planner *planner, const struct inspect *a,
                            const struct inspect *b)
{
	return str_eq(plan_quote(planner, a->span), plan_quote(planner, b->span));
}

static bool is_gone(const struct planner *planner, const struct inspect *inspect)
{
	VEC_EACH(const struct target, target, &planner->targets.list)
		if (target->gone && target->claim->inspect == inspect)
			return true;
	return false;
}

/* The policy-map without an inspection (NULL: with all), and without those that are gone. */
static struct policy_map rest_of(const struct planner *planner, const struct policy_map *policy,
                                 const struct inspect *without)
{
	struct policy_map rest = {.name = policy->name, .span = policy->span};
	VEC_EACH(const struct policy_class, class, &policy->classes) {
		struct policy_class *copy = VEC_PUSH(planner->arena, &rest.classes, *class);
		memset(&copy->inspects, 0, sizeof(copy->inspects));
		VEC_EACH(const struct inspect, inspect, &class->inspects)
			if (inspect != without && !is_gone(planner, inspect))
				VEC_PUSH(planner->arena, &copy->inspects, *inspect);
	}
	return rest;
}

static bool is_one(const struct inspect *a, const struct inspect *b)
{
	return a->span.source == b->span.source && a->span.offset == b->span.offset;
}

/*
 * The packets that the inspection has, or may have, where it stands now; those of inspections that
 * are gone too, if it has them next. Where there is another policy, all that it matches: if that
 * one takes the engine of a class before it, it is the next (ruling 4).
 */
static struct pset owned(const struct planner *planner, const struct claim *claim)
{
	struct pset matched = all_matched(planner, claim), owned = {0};
	struct policy_map rest = rest_of(planner, claim->policy, NULL);
	if (planner->config->service_policies.n > 1)
		return matched;
	VEC_EACH(const struct box, box, &matched.boxes) {
		struct pieces pieces = {0};
		mpf_classify_policy(planner->arena, planner->config, FEATURE_INSPECT, &rest, box,
		                    &pieces);
		VEC_EACH(const struct piece, piece, &pieces.list)
			for (const struct claim *c = piece->claims; c; c = c->next)
				if (is_one(c->inspect, claim->inspect)) {
					VEC_PUSH(planner->arena, &owned.boxes, piece->box);
					break;
				}
	}
	return owned;
}

/* Does every packet meet the same inspection in this policy? */
static bool all_meet(const struct planner *planner, const struct policy_map *policy,
                     const struct inspect *inspect, const struct pset *packets)
{
	VEC_EACH(const struct box, box, &packets->boxes) {
		struct pieces pieces = {0};
		mpf_classify_policy(planner->arena, planner->config, FEATURE_INSPECT, policy, box,
		                    &pieces);
		VEC_EACH(const struct piece, piece, &pieces.list) {
			const struct claim *c = piece->claims;
			bool surely = c && !c->next && !piece->open && !piece->blurred;
			if (!surely || !same_inspection(planner, c->inspect, inspect))
				return false;
		}
	}
	return true;
}

enum { MAX_SAMPLES = 64 };

static bool is_mail(const struct planner *planner, const struct packet *packet)
{
	VEC_EACH(const struct entry, entry, &planner->mail.list)
		if (box_contains(&entry->box, packet))
			return true;
	return false;
}

/* Is one packet of the box others', of the class, and not met by the same inspection elsewhere? */
static bool escapes(const struct planner *planner, const struct claim *claim,
                    const struct policy_map *rest, const struct box *box)
{
	struct box point = *box;
	struct packet packet;
	if (box_is_empty(box) || !box_witness(box, &packet) || is_mail(planner, &packet))
		return false;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		point.dim[dim] = iset_point(planner->arena, packet.at[dim]);
	struct pset matched = place_matched(planner, claim->class, claim->inspect, &point);
	return !pset_is_empty(&matched) && !all_meet(planner, rest, claim->inspect, &matched);
}

struct box place_of_line(const struct config *config, const struct ace *ace)
{
	const struct service_set *service = config_service_set(config, ace->service);
	struct box box = box_all();
	box.dim[DIM_SRC] = config_addr_set(config, ace->src)->must;
	box.dim[DIM_DST] = config_addr_set(config, ace->dst)->must;
	box.dim[DIM_PROTO] = service->must.n ? service->must.v[0].proto : iset_none();
	if (service->must.n) {
		box.dim[DIM_SPORT] = service->must.v[0].sport;
		box.dim[DIM_DPORT] = service->must.v[0].dport;
	}
	return box;
}

/*
 * Is there a packet by which a class is seen not to be covered? Of a class with a list one of each
 * of the first lines that permit is tried, which is far less work than all that the list matches.
 */
static bool sample_escapes(const struct planner *planner, const struct claim *claim,
                           const struct policy_map *rest)
{
	const struct config *config = planner->config;
	const struct class_map *map = config_class_map(config, claim->class->name);
	const struct acl *acl = map && map->matches.n == 1 && map->matches.v[0].kind == MATCH_ACL
	                                ? config_acl(config, map->matches.v[0].acl)
	                                : NULL;
	unsigned left = MAX_SAMPLES;
	for (uint32_t i = 0; acl && i < acl->aces.n && left > 0; i++) {
		const struct ace *ace = &acl->aces.v[i];
		if (ace->action != ACE_PERMIT || ace->inactive)
			continue;
		left--;
		struct box box = place_of_line(config, ace);
		if (escapes(planner, claim, rest, &box))
			return true;
	}
	return false;
}

/* Does each packet of others, box by box, meet the same inspection elsewhere? */
static bool others_meet(const struct planner *planner, const struct claim *claim,
                        const struct policy_map *rest)
{
	struct pset others = without_mail(planner, all_matched(planner, claim));
	for (uint32_t i = 0; i < others.boxes.n && i < MAX_SAMPLES; i++)
		if (escapes(planner, claim, rest, &others.boxes.v[i]))
			return false;
	return all_meet(planner, rest, claim->inspect, &others);
}

bool place_is_covered(const struct planner *planner, const struct claim *claim)
{
	const struct config *config = planner->config;
	struct planner look = look_with(planner);
	struct policy_map rest = rest_of(&look, claim->policy, claim->inspect);
	/* By one reading of ruling 4 the last class with an engine hides it in other policies. */
	bool covered = config->service_policies.n == 1 ||
	               mpf_inspects_with(config, &rest, plan_name(planner, claim->inspect->engine));
	covered =
	        covered && !sample_escapes(&look, claim, &rest) && others_meet(&look, claim, &rest);
	arena_free(look.arena);
	return covered;
}

/*
 * Would a class, as it is by now, inspect a part of the packets, and otherwise than this? NULL: in
 * whatever way.
 */
static bool would_take(const struct planner *planner, const struct edited_class *class,
                       const struct inspect *instead_of, const struct pset *packets)
{
	VEC_EACH(const struct carried, carried, &class->carries) {
		bool kept = !class->is_old ||
		            lines_hold(&class->now, plan_quote(planner, carried->inspect->span));
		if (!kept || mpf_is_combinable(planner->config, carried->inspect->engine) ||
		    (instead_of && same_inspection(planner, carried->inspect, instead_of)))
			continue;
		VEC_EACH(const struct box, box, &packets->boxes)
			if (place_meets(planner, carried->class, carried->inspect, box))
				return true;
	}
	return false;
}

/* A class with a line that could not be read may do anything with what it matches. */
static bool is_unread(const struct planner *planner, const struct claim *claim,
                      const struct edited_class *at, const struct pset *packets)
{
	if (!at->unreadable)
		return false;
	VEC_EACH(const struct policy_class, class, &claim->policy->classes)
		if (str_eq(plan_name(planner, class->name), at->name))
			VEC_EACH(const struct box, box, &packets->boxes)
				if (place_meets(planner, class, claim->inspect, box))
					return true;
	return false;
}

struct edited_class *place_before(struct planner *planner, const struct claim *claim,
                                  bool with_mail)
{
	struct edited_policy *policy = edit_policy(planner, claim->policy);
	struct edited_class *own = edit_class(planner, claim->policy, claim->class), *before = NULL;
	struct planner look = look_with(planner);
	struct pset all = owned(&look, claim), others = without_mail(&look, all), mail = {0};
	bool behind = false;
	if (with_mail)
		mail = pset_subtract(look.arena, &all, &others);
	for (uint32_t i = 0; i < policy->now.n && !before; i++) {
		struct edited_class *class = policy->now.v[i];
		/* What comes last anyway takes nothing that a new class matches. */
		bool last = str_eq(class->name, S("class-default"));
		if (behind && !last &&
		    (is_unread(&look, claim, class, &others) ||
		     would_take(&look, class, claim->inspect, &others) ||
		     would_take(&look, class, NULL, &mail)))
			before = class;
		behind |= class == own;
	}
	arena_free(look.arena);
	return before;
}

bool place_serves(struct planner *planner, const struct claim *claim,
                  const struct edited_class *class)
{
	struct edited_policy *policy = edit_policy(planner, claim->policy);
	struct edited_class *own = edit_class(planner, claim->policy, claim->class);
	struct planner look = look_with(planner);
	struct pset packets = without_mail(&look, all_matched(&look, claim));
	bool between = false, serves = true;
	for (uint32_t i = 0; i < policy->now.n && serves; i++) {
		const struct edited_class *at = policy->now.v[i];
		bool end = at == own || at == class;
		if (between && end)
			break;
		serves = !between || !would_take(&look, at, claim->inspect, &packets);
		between |= end;
	}
	arena_free(look.arena);
	return serves;
}
