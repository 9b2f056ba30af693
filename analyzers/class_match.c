/* SPDX-License-Identifier: ISC */
/* See class_match.h; asa-semantics section 2, rulings 3 and 14. */
#include "analyzers/class_match.h"

void class_cell(struct arena *arena, struct cells *cells, const struct box *region, unsigned can,
                enum why_code why)
{
	struct cell cell = {.box = *region, .can = can, .why = why};
	VEC_PUSH(arena, &cells->list, cell);
}

void class_split(struct arena *arena, struct cells *cells, const struct box *region,
                 const struct box *match, unsigned can_inside, enum why_code why)
{
	struct box inside;
	struct pset outside = {0};
	if (box_intersect(arena, region, match, &inside))
		class_cell(arena, cells, &inside, can_inside, why);
	box_subtract(arena, region, match, &outside);
	VEC_EACH(const struct box, box, &outside.boxes)
		class_cell(arena, cells, box, CAN_DENY, WHY_NONE);
}

static void match_acl(struct arena *arena, const struct config *config, name_id name,
                      const struct box *region, bool addresses_only, struct cells *cells)
{
	const struct acl *acl = config_acl(config, name);
	if (!acl || acl->kind != ACL_EXTENDED)
		class_cell(arena, cells, region, CAN_DENY, WHY_NONE); /* nothing to match with */
	else if (addresses_only)
		acl_paint_addresses(arena, config, acl, region, cells);
	else
		acl_paint(arena, config, acl, region, cells);
}

static void match_as_meant(struct arena *arena, const struct config *config,
                           const struct class_match *match, const struct box *region,
                           struct cells *cells)
{
	struct box box = box_all();
	switch (match->kind) {
	case MATCH_ANY:
		class_cell(arena, cells, region, CAN_PERMIT, WHY_NONE);
		return;
	case MATCH_ACL:
		match_acl(arena, config, match->acl, region, false, cells);
		return;
	case MATCH_PORT:
		box.dim[DIM_PROTO] = iset_point(arena, match->protocol);
		box.dim[DIM_DPORT] = iset_range(arena, match->lo, match->hi);
		class_split(arena, cells, region, &box, CAN_PERMIT, WHY_NONE);
		return;
	case MATCH_HEADER:
		if (match->rtp)
			box.dim[DIM_PROTO] = iset_point(arena, PROTO_UDP);
		class_split(arena, cells, region, &box, CAN_PERMIT | CAN_DENY, WHY_UNMODELLED);
		return;
	case MATCH_DEFAULT_INSPECTION: /* by its engines, see mpf_class.c */
	case MATCH_UNKNOWN:
		break;
	}
	class_cell(arena, cells, region, CAN_PERMIT | CAN_DENY, WHY_UNMODELLED);
}

static void match_one(struct arena *arena, const struct config *config,
                      const struct class_match *match, const struct box *region,
                      struct cells *cells)
{
	struct cells meant = {0};
	match_as_meant(arena, config, match, region, &meant);
	VEC_EACH(struct cell, cell, &meant.list) {
		if (match->doubtful && (cell->can & CAN_PERMIT)) {
			cell->can |= CAN_DENY;
			cell->why = WHY_UNMODELLED;
		}
		VEC_PUSH(arena, &cells->list, *cell);
	}
}

const struct class_match *class_by_default(const struct class_map *map)
{
	if (map)
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_DEFAULT_INSPECTION)
				return match;
	return NULL;
}

/* The further `match access-list` of a default-inspection class, whose addresses narrow it. */
static name_id narrowing_acl(const struct class_map *map)
{
	VEC_EACH(const struct class_match, match, &map->matches)
		if (match->kind == MATCH_ACL)
			return match->acl;
	return 0;
}

/* Combine two matches that must both hold, or of which one will do (match-any). */
static unsigned combine(unsigned a, unsigned b, bool any_of)
{
	unsigned yes = any_of ? (a | b) & CAN_PERMIT : a & b & CAN_PERMIT;
	unsigned no = any_of ? a & b & CAN_DENY : (a | b) & CAN_DENY;
	return yes | no;
}

/*
 * What one match more that the device refuses leaves of a class's own: with it the class may match
 * more, or less. Of two ports both cannot be meant to hold, so it may only be more.
 */
static unsigned with_refused(const struct class_map *map, const struct class_match *refused,
                             unsigned own, unsigned also)
{
	bool ports = map->matches.n && map->matches.v[0].kind == MATCH_PORT &&
	             refused->kind == MATCH_PORT;
	return own | (ports ? also & CAN_PERMIT : also);
}

/* Split the cells by a further match of the class, and join what the two say. */
static void join_match(struct arena *arena, const struct config *config,
                       const struct class_map *map, const struct class_match *match, bool refused,
                       struct cells *cells)
{
	struct cells next = {0};
	VEC_EACH(const struct cell, cell, &cells->list) {
		struct cells split = {0};
		if (refused)
			match_as_meant(arena, config, match, &cell->box, &split);
		else
			match_one(arena, config, match, &cell->box, &split);
		VEC_EACH(struct cell, part, &split.list) {
			part->can = refused ? with_refused(map, match, cell->can, part->can)
			                    : combine(cell->can, part->can, map->match_any_of);
			if (refused && part->can != cell->can)
				part->why = WHY_UNMODELLED;
			else if (part->why == WHY_NONE)
				part->why = cell->why;
			VEC_PUSH(arena, &next.list, *part);
		}
	}
	*cells = next;
}

void class_cells(struct arena *arena, const struct config *config, const struct class_map *map,
                 const struct box *region, struct cells *cells)
{
	struct cells now = {0};
	if (map->matches.n == 0)
		class_cell(arena, &now, region, CAN_DENY, WHY_NONE);
	else
		match_one(arena, config, &map->matches.v[0], region, &now);
	for (uint32_t i = 1; i < map->matches.n; i++)
		join_match(arena, config, map, &map->matches.v[i], false, &now);
	VEC_EACH(const struct class_match, match, &map->refused)
		join_match(arena, config, map, match, true, &now);
	VEC_EACH(const struct cell, cell, &now.list)
		VEC_PUSH(arena, &cells->list, *cell);
}

/* Those of the cells that match, but only by addresses of a list. */
static void by_addresses(struct arena *arena, const struct config *config, name_id acl,
                         struct cells *cells)
{
	struct cells next = {0};
	VEC_EACH(const struct cell, cell, &cells->list)
		if (cell->can & CAN_PERMIT)
			match_acl(arena, config, acl, &cell->box, true, &next);
		else
			VEC_PUSH(arena, &next.list, *cell);
	*cells = next;
}

void class_narrow(struct arena *arena, const struct config *config, const struct class_map *map,
                  struct cells *cells)
{
	name_id acl = narrowing_acl(map);
	if (acl)
		by_addresses(arena, config, acl, cells);
	VEC_EACH(const struct class_match, match, &map->refused) {
		struct cells next = {0};
		VEC_EACH(const struct cell, cell, &cells->list) {
			struct cells split = {0};
			match_as_meant(arena, config, match, &cell->box, &split);
			VEC_EACH(struct cell, part, &split.list) {
				bool less = (cell->can & CAN_PERMIT) && (part->can & CAN_DENY);
				part->why = less ? WHY_UNMODELLED : cell->why;
				part->can = cell->can | (less ? CAN_DENY : 0);
				VEC_PUSH(arena, &next.list, *part);
			}
		}
		*cells = next;
	}
}

bool class_as_refused(struct arena *arena, const struct class_map *map, struct class_map *refused)
{
	*refused = (struct class_map){.name = map->name, .match_any_of = true, .span = map->span};
	VEC_EACH(const struct class_match, match, &map->refused)
		VEC_PUSH(arena, &refused->matches, *match);
	return refused->matches.n > 0;
}
