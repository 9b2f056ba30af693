/* SPDX-License-Identifier: ISC */
/*
 * See delta.h. A box is split, dimension by dimension, at the ends of the lines of both lists that
 * meet it (delta_split.c). Each part carries only the lines that meet it, up to the first that
 * surely covers it; it is left alone as soon as both lists do the same with all of it, or no
 * changed line is left in it.
 *
 * A packet in the match of several changed lines belongs to the first of them: parts that an
 * earlier changed line covers are `done`.
 */
#include "analyzers/delta_sweep.h"

#include "analyzers/acl_point.h"

/* --- lines ------------------------------------------------------------------------------ */

bool sweep_spend(struct sweep *sweep, uint64_t steps)
{
	if (sweep->gave_up || sweep->budget->steps < steps) {
		sweep->gave_up = true;
		return false;
	}
	sweep->budget->steps -= steps;
	return true;
}

static void add_hit(struct sweep *sweep, enum side side, const struct hit *hit)
{
	struct hit inside = *hit;
	if (box_intersect(sweep->scratch, sweep->box, &hit->box, &inside.box))
		VEC_PUSH(sweep->scratch, &sweep->hits[side].list, inside);
}

/* The boxes of a line with its sure or its possible extent. */
static void add_boxes(struct sweep *sweep, enum side side, struct hit hit)
{
	const struct config *config = sweep->same->config[side];
	const struct ace *ace = hit.line->ace;
	const struct addr_set *src = config_addr_set(config, ace->src);
	const struct addr_set *dst = config_addr_set(config, ace->dst);
	const struct service_set *service = config_service_set(config, ace->service);
	const struct service_box *boxes = hit.sure ? service->must.v : service->may.v;
	uint32_t n = hit.sure ? service->must.n : service->may.n;
	hit.box = *sweep->box;
	hit.box.dim[DIM_SRC] = hit.sure ? src->must : src->may;
	hit.box.dim[DIM_DST] = hit.sure ? dst->must : dst->may;
	if (hit.line->addresses_only) {
		add_hit(sweep, side, &hit);
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		hit.box.dim[DIM_PROTO] = boxes[i].proto;
		hit.box.dim[DIM_SPORT] = boxes[i].sport;
		hit.box.dim[DIM_DPORT] = boxes[i].dport;
		add_hit(sweep, side, &hit);
	}
}

static bool is_unsure(const struct sweep *sweep, enum side side, const struct delta_line *line)
{
	const struct config *config = sweep->same->config[side];
	const struct ace *ace = line->ace;
	bool service = config_service_set(config, ace->service)->why != WHY_NONE;
	return ace->unsure != WHY_NONE || config_addr_set(config, ace->src)->why != WHY_NONE ||
	       config_addr_set(config, ace->dst)->why != WHY_NONE ||
	       (service && !line->addresses_only);
}

void sweep_add_line(struct sweep *sweep, enum side side, const struct delta_line *line,
                    uint32_t changed)
{
	struct hit hit = {.box = *sweep->box, .line = line, .changed = changed, .sure = true};
	const struct ace *ace = line->ace;
	if (!ace || ace->action == ACE_UNKNOWN) {
		hit.sure = !ace;
		add_hit(sweep, side, &hit);
		return;
	}
	if (ace->unsure == WHY_NONE)
		add_boxes(sweep, side, hit);
	hit.sure = false;
	if (is_unsure(sweep, side, line))
		add_boxes(sweep, side, hit);
}

/* --- parts ------------------------------------------------------------------------------ */

const struct hit *sweep_hit(const struct sweep *sweep, enum side side, uint32_t ref)
{
	return &sweep->hits[side].list.v[ref];
}

bool sweep_covers(const struct hit *hit, const struct box *box, unsigned dims)
{
	for (int dim = 0; dim < DIM_COUNT; dim++)
		if ((dims & 1u << dim) && !iset_covers(hit->box.dim[dim], box->dim[dim]))
			return false;
	return true;
}

/* What a list may do with the packets of a part, and which changed lines are in the way. */
struct outlook {
	unsigned can;
	bool changed; /* a changed line may decide */
	bool done;    /* an earlier changed line covers it all */
	bool partly_done;
};

/* Cut the list behind the first line that surely takes all that is left. */
static struct outlook look(const struct sweep *sweep, struct part *part, enum side side)
{
	struct outlook outlook = {0};
	struct refs *refs = &part->refs[side];
	uint32_t kept = refs->n;
	for (uint32_t i = 0; i < refs->n; i++) {
		const struct hit *hit = sweep_hit(sweep, side, refs->v[i]);
		bool earlier = hit->changed && hit->changed < sweep->rank;
		bool whole = (i < kept || earlier) && sweep_covers(hit, &part->box, part->dims);
		outlook.partly_done |= earlier;
		outlook.done |= earlier && whole;
		if (i >= kept)
			continue;
		outlook.can |= hit->line->can;
		outlook.changed |= hit->changed != 0;
		if (hit->sure && whole)
			kept = i + 1;
	}
	/* Earlier changed lines behind the cut still tell what is done. */
	uint32_t n = kept;
	for (uint32_t i = kept; i < refs->n; i++) {
		const struct hit *hit = sweep_hit(sweep, side, refs->v[i]);
		if (hit->changed && hit->changed < sweep->rank)
			refs->v[n++] = refs->v[i];
	}
	refs->n = n;
	return outlook;
}

/* --- cells ------------------------------------------------------------------------------ */

static struct box copy_box(struct arena *arena, const struct box *box)
{
	struct box copy;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		copy.dim[dim] = iset_of(arena, box->dim[dim].v, box->dim[dim].n);
	return copy;
}

static void emit(struct sweep *sweep, const struct box *box, struct delta_cell cell)
{
	if (box_is_empty(box) || sweep->gave_up)
		return;
	if (sweep->budget->cells == 0) {
		sweep->gave_up = true;
		return;
	}
	sweep->budget->cells--;
	cell.box = copy_box(sweep->arena, box);
	VEC_PUSH(sweep->arena, &sweep->out->list, cell);
}

/* How a list decides where every line left covers the part: what it may be, and in what order. */
struct decision {
	VEC(const struct hit *) doubts; /* that could make a difference */
	const struct hit *final;
	unsigned can;
};

static struct decision decide(const struct sweep *sweep, const struct part *part, enum side side)
{
	struct decision decision = {0};
	for (uint32_t i = 0; i < part->refs[side].n && !decision.final; i++) {
		const struct hit *hit = sweep_hit(sweep, side, part->refs[side].v[i]);
		if (hit->sure)
			decision.final = hit;
		else
			VEC_PUSH(sweep->scratch, &decision.doubts, hit);
	}
	unsigned final = decision.final ? decision.final->line->can : 0;
	while (decision.doubts.n && decision.doubts.v[decision.doubts.n - 1]->line->can == final)
		decision.doubts.n--;
	decision.can = final;
	for (uint32_t i = 0; i < decision.doubts.n; i++)
		decision.can |= decision.doubts.v[i]->line->can;
	return decision;
}

/* Do two lines that may match a part do so on the same condition, and decide the same then? */
static bool alike_doubts(struct same *same, const struct delta_line *a, const struct delta_line *b)
{
	return a->number == b->number ||
	       same_condition(same, SIDE_OLD, a->ace, a->addresses_only) ==
	               same_condition(same, SIDE_NEW, b->ace, b->addresses_only);
}

static bool same_decision(struct same *same, const struct decision *a, const struct decision *b)
{
	if (a->can != b->can || a->doubts.n != b->doubts.n)
		return false;
	for (uint32_t i = 0; i < a->doubts.n; i++)
		if (!alike_doubts(same, a->doubts.v[i]->line, b->doubts.v[i]->line))
			return false;
	return a->final->line->can == b->final->line->can;
}

static void settle(struct sweep *sweep, const struct part *part)
{
	struct decision old = decide(sweep, part, SIDE_OLD);
	struct decision new = decide(sweep, part, SIDE_NEW);
	if (same_decision(sweep->same, &old, &new))
		return;
	struct delta_cell cell = {.can = {old.can, new.can}};
	cell.ace[SIDE_OLD] = (old.doubts.n ? old.doubts.v[0] : old.final)->line->ace;
	cell.ace[SIDE_NEW] = (new.doubts.n ? new.doubts.v[0] : new.final)->line->ace;
	cell.undecided = !can_is_one(old.can) || !can_is_one(new.can);
	emit(sweep, &part->box, cell);
}

/* --- all of the box --------------------------------------------------------------------- */

/* Leave the part alone, tell of it, or sweep the parts of it. */
static void sweep_part(struct sweep *sweep, struct part *part)
{
	if (!sweep_spend(sweep, 1 + (uint64_t)part->refs[SIDE_OLD].n + part->refs[SIDE_NEW].n))
		return;
	struct outlook old = look(sweep, part, SIDE_OLD);
	struct outlook new = look(sweep, part, SIDE_NEW);
	if (old.done || new.done || !(old.changed || new.changed))
		return;
	if (old.can == new.can && can_is_one(old.can))
		return;
	bool partly_done = old.partly_done || new.partly_done;
	if (can_is_one(old.can) && can_is_one(new.can) && !partly_done) {
		struct delta_cell cell = {.can = {old.can, new.can}};
		cell.ace[SIDE_OLD] =
		        sweep_hit(sweep, SIDE_OLD, part->refs[SIDE_OLD].v[0])->line->ace;
		cell.ace[SIDE_NEW] =
		        sweep_hit(sweep, SIDE_NEW, part->refs[SIDE_NEW].v[0])->line->ace;
		emit(sweep, &part->box, cell);
		return;
	}
	struct parts parts = {0};
	if (!sweep_split(sweep, part, &parts))
		settle(sweep, part);
	VEC_EACH(struct part, next, &parts.list)
		sweep_part(sweep, next);
}

void sweep_run(struct sweep *sweep)
{
	struct part whole = {.box = *sweep->box, .dims = (1u << DIM_COUNT) - 1};
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct refs *refs = &whole.refs[side];
		uint32_t n = sweep->hits[side].list.n;
		refs->v = NEW_ARRAY(sweep->scratch, uint32_t, n + 1u);
		for (; refs->n < n; refs->n++)
			refs->v[refs->n] = refs->n;
	}
	sweep_part(sweep, &whole);
}
