/* SPDX-License-Identifier: ISC */
/*
 * A changed line that meets too much of both lists to be swept as a whole: `deny ip any any` before
 * thousands of lines. What it decides itself the other list decides by its own lines. So it is
 * told line by line where one of them decides otherwise; or, where the first line of the other
 * list that takes the whole box does so, as the whole box without what is decided alike. Both are
 * exact, and as long as the list, where a split into disjoint boxes is a product of its lines.
 *
 * A packet that the changed line does not decide, since a line before it does, differs by another
 * changed line or not at all: it is left to that one.
 */
#include "analyzers/delta_parts.h"

#include "analyzers/acl_point.h"

/* A box of the changed line `index` of one side. */
struct broad {
	struct delta *delta;
	struct arena *arena, *scratch; /* the second for what only this line needs */
	enum side side, other;
	uint32_t index;
	unsigned can; /* what the line does */
	const struct box *box;
	struct found_lines before; /* lines of its own list, up to it */
	struct found_lines others; /* lines of the other list, up to the first that takes all */
	unsigned end;              /* what that one does */
	struct delta_list own; /* lines of its own list, up to and with it, where they are few */
	struct delta_cells cells;
};

enum { MAX_OWN = 100 };

static const struct delta_line *line_of(const struct broad *broad, enum side side, uint32_t index)
{
	return &broad->delta->lists[side]->list.v[index];
}

/* Does the line match just what it may match? */
static bool is_sure(const struct broad *broad, enum side side, const struct delta_line *line)
{
	const struct config *config = broad->delta->same->config[side];
	const struct ace *ace = line->ace;
	if (!ace)
		return true;
	return ace->action != ACE_UNKNOWN && ace->unsure == WHY_NONE &&
	       config_addr_set(config, ace->src)->why == WHY_NONE &&
	       config_addr_set(config, ace->dst)->why == WHY_NONE &&
	       (line->addresses_only || config_service_set(config, ace->service)->why == WHY_NONE);
}

/* The boxes of a line inside the box. */
static struct pset boxes_inside(const struct broad *broad, enum side side, uint32_t index)
{
	struct pset boxes = delta_boxes(broad->delta, side, index), inside = {0};
	struct box both;
	VEC_EACH(const struct box, box, &boxes.boxes)
		if (box_intersect(broad->arena, box, broad->box, &both))
			VEC_PUSH(broad->arena, &inside.boxes, both);
	return inside;
}

static bool takes_all(const struct broad *broad, enum side side, uint32_t index)
{
	struct pset boxes = boxes_inside(broad, side, index);
	return is_sure(broad, side, line_of(broad, side, index)) && boxes.boxes.n == 1 &&
	       box_equal(&boxes.boxes.v[0], broad->box);
}

/* The lines that may have a say; false where these rules are not enough. */
static bool find_lines(struct broad *broad)
{
	struct delta *delta = broad->delta;
	struct found_lines *before = &broad->before, *others = &broad->others;
	uint32_t n = 0;
	*before = delta_find(delta, broad->scratch, broad->side, broad->box);
	while (n < before->n && before->v[n] < broad->index)
		n++;
	before->n = n;
	*others = delta_find(delta, broad->scratch, broad->other, broad->box);
	for (n = 0; n < others->n && !takes_all(broad, broad->other, others->v[n]); n++)
		;
	if (n == others->n)
		return false;
	others->n = n + 1;
	broad->end = line_of(broad, broad->other, others->v[n])->can;
	return true;
}

/* Is a line of the other list in the changed line's own, before it? Then it decides there, too. */
static bool stands_before(const struct broad *broad, uint32_t index)
{
	uint32_t partner = broad->delta->pairs.pair[broad->other][index];
	return partner && partner - 1 < broad->index;
}

/* Does a line that was taken apart, and stands before this one, leave it nothing of the box? */
static bool is_hidden(const struct broad *broad, const struct box *box)
{
	struct box both;
	VEC_EACH(const struct box, old, &broad->delta->apart.list)
		if (box_intersect(broad->scratch, old, box, &both) && box_equal(&both, box))
			return true;
	return false;
}

/* Behind the changed line its own list has no say; with few before it, it is not searched. */
static void collect_own(struct broad *broad)
{
	broad->own.side = broad->side;
	for (uint32_t i = 0; i < broad->before.n && broad->before.n < MAX_OWN; i++)
		VEC_PUSH(broad->scratch, &broad->own.list,
		         *line_of(broad, broad->side, broad->before.v[i]));
	VEC_PUSH(broad->scratch, &broad->own.list, *line_of(broad, broad->side, broad->index));
}

/* All that differs in the boxes of a line. */
static bool sweep_line(struct broad *broad, enum side side, uint32_t index)
{
	struct pset boxes = boxes_inside(broad, side, index);
	bool few = broad->before.n < MAX_OWN;
	const struct delta_asked asked = {few ? &broad->own : NULL,
	                                  few && side == broad->other ? index + 1 : UINT32_MAX};
	VEC_EACH(const struct box, box, &boxes.boxes)
		if (!is_hidden(broad, box) &&
		    !delta_sweep_box(broad->delta, 0, box, &asked, &broad->cells))
			return false;
	return true;
}

/* The lines of the other list that do not do the same. */
static bool tell_lines(struct broad *broad)
{
	for (uint32_t i = 0; i < broad->others.n; i++) {
		uint32_t index = broad->others.v[i];
		const struct delta_line *line = line_of(broad, broad->other, index);
		bool alike = line->can == broad->can && is_sure(broad, broad->other, line);
		if (!alike && !stands_before(broad, index) &&
		    !sweep_line(broad, broad->other, index))
			return false;
	}
	return true;
}

/* Where a line of the other list surely decides, and does not do what the last of them does. */
static bool except_line(struct broad *broad, uint32_t index, struct boxes *except)
{
	struct delta_list end = {.side = broad->side};
	struct pset boxes = boxes_inside(broad, broad->other, index);
	struct delta_cells cells = {0};
	const struct delta_asked asked = {&end, index + 1};
	delta_end(broad->delta->same, broad->end, &end);
	VEC_EACH(const struct box, box, &boxes.boxes)
		if (!delta_sweep_box(broad->delta, 1, box, &asked, &cells))
			return false;
	VEC_EACH(const struct delta_cell, cell, &cells.list)
		if (!cell->undecided && cell->can[broad->other] != broad->end)
			VEC_PUSH(broad->arena, &except->list, cell->box);
	return true;
}

static void except_boxes(struct broad *broad, enum side side, uint32_t index, struct boxes *except)
{
	struct pset boxes = boxes_inside(broad, side, index);
	VEC_EACH(const struct box, box, &boxes.boxes)
		VEC_PUSH(broad->arena, &except->list, *box);
}

/*
 * The whole box but for what lines before decide, and what the other list does not decide as its
 * last line there does: that is alike, or (levels being a third way) told by lines.
 */
static bool tell_whole(struct broad *broad)
{
	struct delta_cell cell = {.box = *broad->box};
	uint32_t last = broad->others.v[broad->others.n - 1];
	if (stands_before(broad, last))
		return true;
	for (uint32_t i = 0; i < broad->before.n; i++) {
		uint32_t index = broad->before.v[i];
		except_boxes(broad, broad->side, index, &cell.except);
		if (!is_sure(broad, broad->side, line_of(broad, broad->side, index)) &&
		    !sweep_line(broad, broad->side, index))
			return false;
	}
	for (uint32_t i = 0; i + 1 < broad->others.n; i++) {
		uint32_t index = broad->others.v[i];
		const struct delta_line *line = line_of(broad, broad->other, index);
		if (stands_before(broad, index))
			continue;
		bool sure = is_sure(broad, broad->other, line);
		if (!sure)
			except_boxes(broad, broad->other, index, &cell.except);
		else if (line->can != broad->end && !except_line(broad, index, &cell.except))
			return false;
		bool third = line->can != broad->end && line->can != broad->can;
		if ((!sure || third) && !sweep_line(broad, broad->other, index))
			return false;
	}
	cell.can[broad->side] = broad->can;
	cell.can[broad->other] = broad->end;
	cell.ace[broad->side] = line_of(broad, broad->side, broad->index)->ace;
	cell.ace[broad->other] = line_of(broad, broad->other, last)->ace;
	VEC_PUSH(broad->arena, &broad->cells.list, cell);
	return true;
}

bool delta_take_apart(struct delta *delta, enum side side, uint32_t index, const struct box *box)
{
	struct broad broad = {.delta = delta,
	                      .arena = delta->same->arena,
	                      .scratch = arena_new(),
	                      .side = side,
	                      .other = side == SIDE_OLD ? SIDE_NEW : SIDE_OLD,
	                      .index = index,
	                      .box = box};
	const struct delta_line *line = line_of(&broad, side, index);
	broad.can = line->can;
	bool told = can_is_one(line->can) && is_sure(&broad, side, line) && find_lines(&broad);
	if (told)
		collect_own(&broad);
	told = told && (broad.end == broad.can ? tell_lines(&broad) : tell_whole(&broad));
	arena_free(broad.scratch);
	if (!told)
		return false;
	VEC_EACH(const struct delta_cell, cell, &broad.cells.list)
		VEC_PUSH(broad.arena, &delta->out->list, *cell);
	VEC_PUSH(broad.arena, &delta->apart.list, *box);
	return true;
}
