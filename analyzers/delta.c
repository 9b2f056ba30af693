/* SPDX-License-Identifier: ISC */
/*
 * See delta.h. The match of one changed line after the other is swept (delta_sweep.c); a packet in
 * the match of several belongs to the first of them.
 */
#include "analyzers/delta.h"

#include "analyzers/acl_point.h"
#include "analyzers/delta_sweep.h"
#include "analyzers/line_finder.h"

enum {
	MAX_UNKNOWN = 32, /* so many lines that could not be compared are told one by one */
	MAX_APART = 300   /* so many lines behind the only changed one are swept one by one */
};

struct delta_budget delta_budget_new(void)
{
	return (struct delta_budget){.steps = 20 * 1000 * 1000, .cells = 4000};
}

/* --- lists ------------------------------------------------------------------------------ */

void delta_add(struct same *same, const struct acl *acl, bool addresses_only,
               struct delta_list *list)
{
	VEC_EACH(const struct ace, ace, &acl->aces) {
		struct delta_line line = {.ace = ace};
		if (!same_line_counts(ace))
			continue;
		line.number = same_line(same, list->side, ace, addresses_only);
		line.can = ace_can(ace);
		VEC_PUSH(same->arena, &list->list, line);
	}
}

void delta_end(struct same *same, unsigned can, struct delta_list *list)
{
	/* Numbers of contents begin at 1 and never come near these. */
	struct delta_line line = {.number = UINT32_MAX - can, .can = can};
	VEC_PUSH(same->arena, &list->list, line);
}

/* --- one changed line ------------------------------------------------------------------- */

struct delta {
	struct same *same;
	const struct delta_list *lists[SIDE_COUNT];
	struct line_finder finder[SIDE_COUNT];
	uint32_t *ranks[SIDE_COUNT]; /* of changed lines, from 1 */
	const struct box *region;
	bool addresses_only;
	struct delta_budget *budget;
	struct delta_cells *out;
	unsigned gave_up; /* so many lines */
};

/* What was found stays; of the rest of the box nothing is known. */
static void give_up(struct delta *delta, const struct box *box)
{
	struct arena *arena = delta->same->arena;
	struct delta_cell all = {.undecided = true, .budget = true};
	delta->gave_up++;
	all.box = delta->gave_up < MAX_UNKNOWN ? *box : *delta->region;
	all.can[SIDE_OLD] = all.can[SIDE_NEW] = CAN_PERMIT | CAN_DENY;
	VEC_PUSH(arena, &delta->out->list, all);
}

static void sweep_box(struct delta *delta, uint32_t rank, const struct box *box)
{
	struct arena *scratch = arena_new();
	struct sweep sweep = {.same = delta->same,
	                      .scratch = scratch,
	                      .arena = delta->same->arena,
	                      .box = box,
	                      .budget = delta->budget,
	                      .addresses_only = delta->addresses_only,
	                      .rank = rank,
	                      .out = delta->out};
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct delta_list *list = delta->lists[side];
		struct found_lines lines = line_finder_find(scratch, &delta->finder[side],
		                                            box->dim[DIM_SRC], box->dim[DIM_DST]);
		sweep_spend(&sweep, lines.n);
		for (uint32_t i = 0; i < lines.n && !sweep.gave_up; i++)
			sweep_add_line(&sweep, (enum side)side, &list->list.v[lines.v[i]],
			               delta->ranks[side][lines.v[i]]);
	}
	sweep_run(&sweep);
	if (sweep.gave_up)
		give_up(delta, box);
	arena_free(scratch);
}

/* The boxes that a line may match inside the region, disjoint. */
static struct pset boxes_of(const struct delta *delta, enum side side, uint32_t index)
{
	struct arena *arena = delta->same->arena;
	const struct config *config = delta->same->config[side];
	const struct ace *ace = delta->lists[side]->list.v[index].ace;
	struct box box = *delta->region, inside;
	struct pset boxes = {0};
	if (!ace || ace->action == ACE_UNKNOWN)
		return pset_of(arena, &box);
	box.dim[DIM_SRC] = config_addr_set(config, ace->src)->may;
	box.dim[DIM_DST] = config_addr_set(config, ace->dst)->may;
	const struct service_set *service = config_service_set(config, ace->service);
	if (delta->addresses_only) {
		if (box_intersect(arena, delta->region, &box, &inside))
			pset_add_box(arena, &boxes, &inside);
		return boxes;
	}
	/* The boxes of one line may overlap: what one has is left out of the next. */
	VEC_EACH(const struct service_box, at, &service->may) {
		box.dim[DIM_PROTO] = at->proto;
		box.dim[DIM_SPORT] = at->sport;
		box.dim[DIM_DPORT] = at->dport;
		if (box_intersect(arena, delta->region, &box, &inside))
			pset_add_box(arena, &boxes, &inside);
	}
	return boxes;
}

static void sweep_line(struct delta *delta, enum side side, uint32_t index)
{
	struct pset boxes = {0};
	if (delta->gave_up >= MAX_UNKNOWN)
		return;
	boxes = boxes_of(delta, side, index);
	VEC_EACH(const struct box, box, &boxes.boxes)
		sweep_box(delta, delta->ranks[side][index], box);
}

/* May a line match a packet of the boxes, by its addresses? */
static bool may_meet(const struct delta *delta, enum side side, const struct delta_line *line,
                     const struct pset *boxes)
{
	const struct config *config = delta->same->config[side];
	if (!line->ace || line->ace->action == ACE_UNKNOWN)
		return true;
	VEC_EACH(const struct box, box, &boxes->boxes)
		if (iset_overlaps(config_addr_set(config, line->ace->src)->may,
		                  box->dim[DIM_SRC]) &&
		    iset_overlaps(config_addr_set(config, line->ace->dst)->may, box->dim[DIM_DST]))
			return true;
	return false;
}

/*
 * The only changed line, at the same place of both lists: what it decides in one the lines from
 * there on decide in the other, so nothing differs but where one of these does not do what it
 * does. Few of them are swept one by one, each without those before it: `deny ip any any` before
 * the end of a long list is not searched as a whole. False: they are too many.
 */
static bool sweep_only_line(struct delta *delta, enum side side, uint32_t index)
{
	struct arena *arena = delta->same->arena;
	enum side other = side == SIDE_OLD ? SIDE_NEW : SIDE_OLD;
	const struct delta_list *list = delta->lists[other];
	const unsigned can = delta->lists[side]->list.v[index].can;
	const struct pset boxes = boxes_of(delta, side, index);
	VEC(uint32_t) later = {0};
	for (uint32_t i = index; i < list->list.n && later.n <= MAX_APART; i++)
		if ((!can_is_one(can) || list->list.v[i].can != can) &&
		    may_meet(delta, other, &list->list.v[i], &boxes))
			VEC_PUSH(arena, &later, i);
	if (later.n > MAX_APART || 4 * (uint64_t)later.n * list->list.n > delta->budget->steps)
		return false;
	VEC_EACH(const uint32_t, i, &later)
		delta->ranks[other][*i] = (uint32_t)(i - later.v) + 1;
	delta->ranks[side][index] = later.n + 1;
	VEC_EACH(const uint32_t, i, &later) {
		struct pset where = boxes_of(delta, other, *i);
		where = pset_intersect(arena, &where, &boxes);
		VEC_EACH(const struct box, box, &where.boxes)
			sweep_box(delta, delta->ranks[other][*i], box);
	}
	return true;
}

static void index_lines(struct delta *delta, enum side side)
{
	const struct config *config = delta->same->config[side];
	const struct delta_list *list = delta->lists[side];
	for (uint32_t i = 0; i < list->list.n; i++) {
		const struct ace *ace = list->list.v[i].ace;
		bool any = !ace || ace->action == ACE_UNKNOWN;
		line_finder_add(delta->same->arena, &delta->finder[side], i,
		                any ? iset_all() : config_addr_set(config, ace->src)->may,
		                any ? iset_all() : config_addr_set(config, ace->dst)->may);
	}
	line_finder_end(delta->same->arena, &delta->finder[side]);
}

static uint32_t *numbers_of(struct arena *arena, const struct delta_list *list)
{
	uint32_t *numbers = NEW_ARRAY(arena, uint32_t, list->list.n + 1u);
	for (uint32_t i = 0; i < list->list.n; i++)
		numbers[i] = list->list.v[i].number;
	return numbers;
}

void delta_compare(struct same *same, const struct delta_list *a, const struct delta_list *b,
                   const struct box *region, bool addresses_only, struct delta_budget *budget,
                   struct delta_cells *out)
{
	struct delta delta = {.same = same,
	                      .lists = {a, b},
	                      .region = region,
	                      .addresses_only = addresses_only,
	                      .budget = budget,
	                      .out = out};
	struct pairs pairs = same_align(same->arena, numbers_of(same->arena, a), a->list.n,
	                                numbers_of(same->arena, b), b->list.n);
	uint32_t rank = 0;
	for (int side = 0; side < SIDE_COUNT; side++) {
		uint32_t n = delta.lists[side]->list.n;
		delta.ranks[side] = NEW_ARRAY(same->arena, uint32_t, n + 1u);
		for (uint32_t i = 0; i < n; i++)
			if (!pairs.pair[side][i])
				delta.ranks[side][i] = ++rank;
	}
	for (int side = 0; side < SIDE_COUNT && rank; side++)
		index_lines(&delta, (enum side)side);
	for (int side = 0; side < SIDE_COUNT; side++)
		for (uint32_t i = 0; i < delta.lists[side]->list.n; i++) {
			if (!delta.ranks[side][i])
				continue;
			if (rank == 1 && sweep_only_line(&delta, (enum side)side, i))
				return;
			sweep_line(&delta, (enum side)side, i);
		}
}
