/* SPDX-License-Identifier: ISC */
/*
 * Where it cannot be told which class acts, two configs do the same only if the same lines leave it
 * open, in the same order and with the same end. A line counts for a box by its addresses alone
 * where its protocol and ports hold all of the box: so a class that is narrowed by addresses, and a
 * list that says the same with a port, are alike.
 */
#include "analyzers/acl_point.h"
#include "analyzers/class_match.h"
#include "analyzers/compare_policy.h"

struct trail {
	VEC(uint32_t) list; /* contents of lines, then how it ends; empty: nothing is open */
};

static bool service_covers(const struct service_set *service, const struct box *box)
{
	for (uint32_t i = 0; i < service->must.n; i++)
		if (iset_covers(service->must.v[i].proto, box->dim[DIM_PROTO]) &&
		    iset_covers(service->must.v[i].sport, box->dim[DIM_SPORT]) &&
		    iset_covers(service->must.v[i].dport, box->dim[DIM_DPORT]))
			return true;
	return false;
}

static bool service_meets(const struct service_set *service, const struct box *box)
{
	for (uint32_t i = 0; i < service->may.n; i++)
		if (iset_overlaps(service->may.v[i].proto, box->dim[DIM_PROTO]) &&
		    iset_overlaps(service->may.v[i].sport, box->dim[DIM_SPORT]) &&
		    iset_overlaps(service->may.v[i].dport, box->dim[DIM_DPORT]))
			return true;
	return false;
}

/* The lines of a list that meet the box, up to the first that surely covers it. */
static void add_list(struct compare *compare, enum side side, const struct acl *acl,
                     bool addresses_only, const struct box *box, struct trail *trail)
{
	const struct config *config = compare->config[side];
	unsigned end = CAN_DENY;
	uint32_t before = trail->list.n;
	for (uint32_t i = 0; acl && acl->kind == ACL_EXTENDED && i < acl->aces.n; i++) {
		const struct ace *ace = &acl->aces.v[i];
		if (!same_line_counts(ace))
			continue;
		if (ace->action == ACE_UNKNOWN) {
			VEC_PUSH(compare->arena, &trail->list,
			         same_line(compare->same, side, ace, false));
			continue;
		}
		const struct addr_set *src = config_addr_set(config, ace->src);
		const struct addr_set *dst = config_addr_set(config, ace->dst);
		const struct service_set *service = config_service_set(config, ace->service);
		bool covers = addresses_only || service_covers(service, box);
		if (!iset_overlaps(src->may, box->dim[DIM_SRC]) ||
		    !iset_overlaps(dst->may, box->dim[DIM_DST]) ||
		    (!covers && !service_meets(service, box)))
			continue;
		if (covers && ace->unsure == WHY_NONE &&
		    iset_covers(src->must, box->dim[DIM_SRC]) &&
		    iset_covers(dst->must, box->dim[DIM_DST])) {
			end = ace_can(ace);
			break;
		}
		VEC_PUSH(compare->arena, &trail->list, same_line(compare->same, side, ace, covers));
	}
	if (trail->list.n > before)
		VEC_PUSH(compare->arena, &trail->list, end);
}

/* What leaves open whether a class matches the box. */
static void add_class(struct compare *compare, enum side side, const struct policy_class *class,
                      const struct box *box, struct trail *trail)
{
	const struct config *config = compare->config[side];
	const struct class_map *map = config_class_map(config, class->name);
	const struct class_match *list = NULL;
	bool by_default = class_by_default(map) != NULL, plain = map && map->refused.n == 0;
	if (!map && str_eq(config_name(config, class->name), S("class-default")))
		return;
	if (map)
		VEC_EACH(const struct class_match, match, &map->matches) {
			plain &= !match->doubtful && match->kind != MATCH_HEADER &&
			         match->kind != MATCH_UNKNOWN;
			if (match->kind == MATCH_ACL)
				list = match;
		}
	plain &= map && map->matches.n == (list && by_default ? 2u : 1u);
	if (!plain)
		VEC_PUSH(compare->arena, &trail->list, same_matches(compare->same, side, class));
	else if (list)
		add_list(compare, side, config_acl(config, list->acl), by_default, box, trail);
}

bool doubts_are_same(struct compare *compare, const struct claim *old, const struct claim *new,
                     const struct box *box, bool *any)
{
	*any = false;
	for (; old && new; old = old->next, new = new->next) {
		struct trail trail[SIDE_COUNT] = {0};
		if (!old->class || !new->class)
			continue; /* fixups */
		add_class(compare, SIDE_OLD, old->class, box, &trail[SIDE_OLD]);
		add_class(compare, SIDE_NEW, new->class, box, &trail[SIDE_NEW]);
		*any |= trail[SIDE_OLD].list.n > 0;
		if (trail[SIDE_OLD].list.n != trail[SIDE_NEW].list.n)
			return false;
		for (uint32_t i = 0; i < trail[SIDE_OLD].list.n; i++)
			if (trail[SIDE_OLD].list.v[i] != trail[SIDE_NEW].list.v[i])
				return false;
	}
	return !old && !new;
}
