/* SPDX-License-Identifier: ISC */
/*
 * See delta.h. The match of one changed line after the other is swept (delta_sweep.c); a packet in
 * the match of several belongs to the first of them.
 */
#include "analyzers/delta_parts.h"

#include "analyzers/acl_point.h"
#include "analyzers/delta_sweep.h"

enum { MAX_UNKNOWN = 32 }; /* so many lines that could not be compared are told one by one */

struct delta_budget delta_budget_new(void)
{
	return (struct delta_budget){.steps = 20 * 1000 * 1000,
	                             .cells = 40 * 1000,
	                             .box_steps = 300 * 1000,
	                             .box_cells = 200,
	                             .whole_cells = 200};
}

/* --- lists ------------------------------------------------------------------------------ */

void delta_add(struct same *same, const struct acl *acl, bool addresses_only,
               struct delta_list *list)
{
	VEC_EACH(const struct ace, ace, &acl->aces) {
		struct delta_line line = {.ace = ace, .addresses_only = addresses_only};
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

static uint64_t less(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

bool delta_sweep_box(struct delta *delta, uint32_t rank, const struct box *box,
                     const struct delta_asked *asked, struct delta_cells *out)
{
	const struct delta_list *stand_in = asked ? asked->stand_in : NULL;
	uint32_t most = asked ? asked->lines : UINT32_MAX;
	struct delta_budget here = *delta->budget;
	uint32_t found = out->list.n;
	here.steps = less(here.steps, here.box_steps);
	here.cells = less(here.cells, asked ? here.box_cells : here.whole_cells);
	const struct delta_budget given = here;
	struct sweep sweep = {.same = delta->same,
	                      .scratch = arena_new(),
	                      .arena = delta->same->arena,
	                      .box = box,
	                      .budget = &here,
	                      .rank = rank,
	                      .out = out};
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct delta_list *list = delta->lists[side];
		if (stand_in && stand_in->side == (enum side)side) {
			VEC_EACH(const struct delta_line, line, &stand_in->list)
				sweep_add_line(&sweep, stand_in->side, line, rank);
			continue;
		}
		struct found_lines lines = delta_find(delta, sweep.scratch, (enum side)side, box);
		sweep_spend(&sweep, lines.n);
		for (uint32_t i = 0; i < lines.n && lines.v[i] < most && !sweep.gave_up; i++)
			sweep_add_line(&sweep, (enum side)side, &list->list.v[lines.v[i]],
			               rank ? delta->ranks[side][lines.v[i]] : UINT32_MAX);
	}
	sweep_run(&sweep);
	arena_free(sweep.scratch);
	delta->budget->steps -= given.steps - here.steps;
	if (sweep.gave_up)
		out->list.n = found;
	else
		delta->budget->cells -= given.cells - here.cells;
	return !sweep.gave_up;
}

struct found_lines delta_find(struct delta *delta, struct arena *arena, enum side side,
                              const struct box *box)
{
	return line_finder_find(arena, &delta->finder[side], box->dim[DIM_SRC], box->dim[DIM_DST]);
}

struct pset delta_boxes(const struct delta *delta, enum side side, uint32_t index)
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
	if (delta->lists[side]->list.v[index].addresses_only) {
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

/* As a whole where that is little work, else line by line. */
static void sweep_line(struct delta *delta, enum side side, uint32_t index)
{
	const uint32_t rank = delta->ranks[side][index];
	struct pset boxes = {0};
	if (delta->gave_up >= MAX_UNKNOWN)
		return;
	boxes = delta_boxes(delta, side, index);
	VEC_EACH(const struct box, box, &boxes.boxes) {
		if (delta_sweep_box(delta, rank, box, NULL, delta->out))
			continue;
		if (!delta_take_apart(delta, side, index, box))
			give_up(delta, box);
		else /* what it does not decide itself was not told: it is before no other line */
			delta->ranks[side][index] = UINT32_MAX;
	}
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
                   const struct box *region, struct delta_budget *budget, struct delta_cells *out)
{
	struct delta delta = {
	        .same = same, .lists = {a, b}, .region = region, .budget = budget, .out = out};
	struct pairs pairs = same_align(same->arena, numbers_of(same->arena, a), a->list.n,
	                                numbers_of(same->arena, b), b->list.n);
	uint32_t rank = 0;
	delta.pairs = pairs;
	for (int side = 0; side < SIDE_COUNT; side++) {
		uint32_t n = delta.lists[side]->list.n;
		delta.ranks[side] = NEW_ARRAY(same->arena, uint32_t, n + 1u);
		for (uint32_t i = 0; i < n; i++)
			if (!pairs.pair[side][i])
				delta.ranks[side][i] = ++rank;
	}
	for (int side = 0; side < SIDE_COUNT && rank; side++)
		index_lines(&delta, (enum side)side);
	for (int side = 0; side < SIDE_COUNT; side++) {
		delta.apart.list.n = 0;
		for (uint32_t i = 0; i < delta.lists[side]->list.n; i++)
			if (delta.ranks[side][i])
				sweep_line(&delta, (enum side)side, i);
	}
}
