/* SPDX-License-Identifier: ISC */
/*
 * The match of one changed line after the other is split, dimension by dimension, at the ends of
 * the lines of both lists that meet it. Each part carries only the lines that meet it, up to the
 * first that surely covers it; it is left alone as soon as both lists do the same with all of it,
 * or no changed line is left in it. Parts with the same lines are one part.
 *
 * A packet in the match of several changed lines belongs to the first of them: parts that an
 * earlier changed line covers are `done`.
 */
#include "analyzers/delta.h"

#include "analyzers/acl_point.h"
#include "analyzers/cuts.h"
#include "analyzers/line_finder.h"

#include <stdlib.h>

enum { MAX_UNKNOWN = 32 }; /* so many lines that could not be compared are told one by one */

struct delta_budget delta_budget_new(void)
{
	return (struct delta_budget){.steps = 20 * 1000 * 1000, .cells = 4000};
}

enum { MAX_APART = 300 }; /* so many lines behind the only changed one are swept one by one */

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

/* --- hits ------------------------------------------------------------------------------- */

/* A line inside the region; a service group makes several of one line. */
struct hit {
	struct box box;
	const struct delta_line *line;
	uint32_t changed; /* rank among the changed lines, from 1; 0: it stands in both */
	bool sure;
};

struct hits {
	VEC(struct hit) list;
};

struct sweep {
	struct same *same;
	struct arena *scratch, *arena;
	struct delta_budget *budget;
	bool addresses_only, gave_up;
	uint32_t rank; /* of the changed line at hand */
	struct hits hits[SIDE_COUNT];
	struct delta_cells *out;
};

/* Is a step left? */
static bool spend(struct sweep *sweep, uint64_t steps)
{
	if (sweep->gave_up || sweep->budget->steps < steps) {
		sweep->gave_up = true;
		return false;
	}
	sweep->budget->steps -= steps;
	return true;
}

static void add_hit(struct sweep *sweep, enum side side, const struct box *region,
                    const struct hit *hit)
{
	struct hit inside = *hit;
	if (box_intersect(sweep->scratch, region, &hit->box, &inside.box))
		VEC_PUSH(sweep->scratch, &sweep->hits[side].list, inside);
}

/* The boxes of a line with its sure or its possible extent. */
static void add_boxes(struct sweep *sweep, enum side side, const struct box *region, struct hit hit)
{
	const struct config *config = sweep->same->config[side];
	const struct ace *ace = hit.line->ace;
	const struct addr_set *src = config_addr_set(config, ace->src);
	const struct addr_set *dst = config_addr_set(config, ace->dst);
	const struct service_set *service = config_service_set(config, ace->service);
	const struct service_box *boxes = hit.sure ? service->must.v : service->may.v;
	uint32_t n = hit.sure ? service->must.n : service->may.n;
	hit.box = *region;
	hit.box.dim[DIM_SRC] = hit.sure ? src->must : src->may;
	hit.box.dim[DIM_DST] = hit.sure ? dst->must : dst->may;
	if (sweep->addresses_only) {
		add_hit(sweep, side, region, &hit);
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		hit.box.dim[DIM_PROTO] = boxes[i].proto;
		hit.box.dim[DIM_SPORT] = boxes[i].sport;
		hit.box.dim[DIM_DPORT] = boxes[i].dport;
		add_hit(sweep, side, region, &hit);
	}
}

static bool is_unsure(const struct sweep *sweep, enum side side, const struct ace *ace)
{
	const struct config *config = sweep->same->config[side];
	bool service = config_service_set(config, ace->service)->why != WHY_NONE;
	return ace->unsure != WHY_NONE || config_addr_set(config, ace->src)->why != WHY_NONE ||
	       config_addr_set(config, ace->dst)->why != WHY_NONE ||
	       (service && !sweep->addresses_only);
}

static void collect_line(struct sweep *sweep, enum side side, const struct delta_line *line,
                         uint32_t changed, const struct box *region)
{
	struct hit hit = {.box = *region, .line = line, .changed = changed, .sure = true};
	const struct ace *ace = line->ace;
	if (!ace || ace->action == ACE_UNKNOWN) {
		hit.sure = !ace;
		add_hit(sweep, side, region, &hit);
		return;
	}
	if (ace->unsure == WHY_NONE)
		add_boxes(sweep, side, region, hit);
	hit.sure = false;
	if (is_unsure(sweep, side, ace))
		add_boxes(sweep, side, region, hit);
}

/* --- parts ------------------------------------------------------------------------------ */

struct refs {
	uint32_t *v; /* indexes of hits, in the order of the list */
	uint32_t n;
};

struct part {
	struct box box;
	struct refs refs[SIDE_COUNT];
	unsigned dims; /* those that are not split yet, as bits */
};

static const struct hit *hit_of(const struct sweep *sweep, enum side side, uint32_t ref)
{
	return &sweep->hits[side].list.v[ref];
}

static bool covers(const struct hit *hit, const struct box *box, unsigned dims)
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
		const struct hit *hit = hit_of(sweep, side, refs->v[i]);
		bool earlier = hit->changed && hit->changed < sweep->rank;
		bool whole = (i < kept || earlier) && covers(hit, &part->box, part->dims);
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
		const struct hit *hit = hit_of(sweep, side, refs->v[i]);
		if (hit->changed && hit->changed < sweep->rank)
			refs->v[n++] = refs->v[i];
	}
	refs->n = n;
	return outlook;
}

static bool one_bit(unsigned can)
{
	return can != 0 && (can & (can - 1)) == 0;
}

/* --- results ---------------------------------------------------------------------------- */

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
		const struct hit *hit = hit_of(sweep, side, part->refs[side].v[i]);
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

static bool same_decision(const struct decision *a, const struct decision *b)
{
	if (a->can != b->can || a->doubts.n != b->doubts.n)
		return false;
	for (uint32_t i = 0; i < a->doubts.n; i++)
		if (a->doubts.v[i]->line->number != b->doubts.v[i]->line->number)
			return false;
	return a->final->line->can == b->final->line->can;
}

static void settle(struct sweep *sweep, const struct part *part)
{
	struct decision old = decide(sweep, part, SIDE_OLD);
	struct decision new = decide(sweep, part, SIDE_NEW);
	if (same_decision(&old, &new))
		return;
	struct delta_cell cell = {.can = {old.can, new.can}};
	cell.ace[SIDE_OLD] = (old.doubts.n ? old.doubts.v[0] : old.final)->line->ace;
	cell.ace[SIDE_NEW] = (new.doubts.n ? new.doubts.v[0] : new.final)->line->ace;
	cell.undecided = !one_bit(old.can) || !one_bit(new.can);
	emit(sweep, &part->box, cell);
}

/* --- splitting -------------------------------------------------------------------------- */

/* The extent of the part in one dimension, cut wherever a line begins or ends. */
static struct cuts cut(const struct sweep *sweep, const struct part *part, int dim)
{
	struct cut_points points = {0};
	for (int side = 0; side < SIDE_COUNT; side++)
		for (uint32_t i = 0; i < part->refs[side].n; i++)
			cut_points_add(sweep->scratch, &points,
			               hit_of(sweep, (enum side)side, part->refs[side].v[i])
			                       ->box.dim[dim]);
	return cuts_of(sweep->scratch, part->box.dim[dim], &points);
}

/* A list of refs that grows at its end; nodes are shared by all buckets of a split. */
struct node {
	uint32_t ref, next; /* index of the next node + 1 */
};

struct bucket {
	uint32_t first[SIDE_COUNT], last[SIDE_COUNT], n[SIDE_COUNT]; /* nodes + 1 */
	uint64_t hash;
	uint32_t interval;
};

struct buckets {
	struct bucket *v;
	uint32_t n;
	VEC(struct node) nodes;
	uint32_t *open[SIDE_COUNT]; /* the next interval without a line that takes all of it */
};

static uint32_t next_open(uint32_t *next, uint32_t at)
{
	uint32_t end = at;
	while (next[end] != end)
		end = next[end];
	while (next[at] != end) {
		uint32_t after = next[at];
		next[at] = end;
		at = after;
	}
	return end;
}

static void bucket_add(struct sweep *sweep, struct buckets *buckets, uint32_t at, enum side side,
                       uint32_t ref)
{
	struct bucket *bucket = &buckets->v[at];
	VEC_PUSH(sweep->scratch, &buckets->nodes, (struct node){ref, 0});
	uint32_t node = buckets->nodes.n;
	if (bucket->last[side])
		buckets->nodes.v[bucket->last[side] - 1].next = node;
	else
		bucket->first[side] = node;
	bucket->last[side] = node;
	bucket->n[side]++;
	bucket->hash = (bucket->hash ^ (ref * 2u + (unsigned)side)) * 0x100000001b3u;
}

/* Offer a line to every interval that it meets and that is open on its side. */
static void distribute(struct sweep *sweep, struct buckets *buckets, const struct cuts *cuts,
                       const struct part *part, enum side side, uint32_t ref, int dim)
{
	const struct hit *hit = hit_of(sweep, side, ref);
	struct iset set = hit->box.dim[dim];
	bool closes = hit->sure && covers(hit, &part->box, part->dims & ~(1u << dim));
	bool earlier = hit->changed && hit->changed < sweep->rank;
	uint32_t *open = buckets->open[side];
	for (uint32_t i = 0; i < set.n; i++) {
		uint32_t at = cuts_from(cuts, set.v[i].lo);
		if (!earlier)
			at = next_open(open, at);
		while (at < cuts->n && cuts->v[at].lo <= set.v[i].hi) {
			if (!spend(sweep, 1))
				return;
			bucket_add(sweep, buckets, at, side, ref);
			if (closes)
				open[at] = next_open(open, at + 1);
			at = earlier ? at + 1 : next_open(open, at + 1);
		}
	}
}

static int compare_buckets(const void *a, const void *b)
{
	const struct bucket *left = a, *right = b;
	if (left->hash != right->hash)
		return left->hash < right->hash ? -1 : 1;
	return left->interval < right->interval ? -1 : left->interval > right->interval;
}

static bool same_bucket(const struct buckets *buckets, const struct bucket *a,
                        const struct bucket *b)
{
	if (a->hash != b->hash)
		return false;
	for (int side = 0; side < SIDE_COUNT; side++) {
		uint32_t x = a->first[side], y = b->first[side];
		if (a->n[side] != b->n[side])
			return false;
		for (; x && y; x = buckets->nodes.v[x - 1].next, y = buckets->nodes.v[y - 1].next)
			if (buckets->nodes.v[x - 1].ref != buckets->nodes.v[y - 1].ref)
				return false;
	}
	return true;
}

static struct refs refs_of(const struct sweep *sweep, const struct buckets *buckets,
                           const struct bucket *bucket, enum side side)
{
	struct refs refs = {NEW_ARRAY(sweep->scratch, uint32_t, bucket->n[side] + 1u), 0};
	for (uint32_t at = bucket->first[side]; at; at = buckets->nodes.v[at - 1].next)
		refs.v[refs.n++] = buckets->nodes.v[at - 1].ref;
	return refs;
}

static struct buckets fill_buckets(struct sweep *sweep, const struct part *part,
                                   const struct cuts *cuts, int dim)
{
	struct buckets buckets = {.v = NEW_ARRAY(sweep->scratch, struct bucket, cuts->n + 1u),
	                          .n = cuts->n};
	for (uint32_t i = 0; i < cuts->n; i++)
		buckets.v[i].interval = i;
	for (int side = 0; side < SIDE_COUNT; side++) {
		buckets.open[side] = NEW_ARRAY(sweep->scratch, uint32_t, cuts->n + 1u);
		for (uint32_t i = 0; i <= cuts->n; i++)
			buckets.open[side][i] = i;
		for (uint32_t i = 0; i < part->refs[side].n; i++)
			distribute(sweep, &buckets, cuts, part, (enum side)side,
			           part->refs[side].v[i], dim);
	}
	return buckets;
}

/* A dimension in which some line does not cover the part: addresses last, they have most ends. */
static int split_dim(const struct sweep *sweep, const struct part *part)
{
	static const int order[] = {DIM_PROTO, DIM_DPORT, DIM_SPORT, DIM_SRC, DIM_DST};
	uint32_t partial[DIM_COUNT] = {0};
	for (int side = 0; side < SIDE_COUNT; side++)
		for (uint32_t i = 0; i < part->refs[side].n; i++) {
			const struct hit *hit =
			        hit_of(sweep, (enum side)side, part->refs[side].v[i]);
			for (int dim = 0; dim < DIM_COUNT; dim++)
				if ((part->dims & 1u << dim) &&
				    !iset_covers(hit->box.dim[dim], part->box.dim[dim]))
					partial[dim]++;
		}
	for (int i = 0; i < 3; i++)
		if (partial[order[i]])
			return order[i];
	if (partial[DIM_SRC] && partial[DIM_DST])
		return partial[DIM_SRC] <= partial[DIM_DST] ? DIM_SRC : DIM_DST;
	return partial[DIM_SRC] ? DIM_SRC : partial[DIM_DST] ? DIM_DST : -1;
}

static void sweep_part(struct sweep *sweep, struct part *part);

/* Every set of intervals that the same lines meet, as one part. */
static void split(struct sweep *sweep, const struct part *part, int dim)
{
	struct cuts cuts = cut(sweep, part, dim);
	struct buckets buckets = fill_buckets(sweep, part, &cuts, dim);
	struct range *ranges = NEW_ARRAY(sweep->scratch, struct range, cuts.n + 1u);
	qsort(buckets.v, buckets.n, sizeof(*buckets.v), compare_buckets);
	for (uint32_t i = 0; i < buckets.n && !sweep->gave_up;) {
		const struct bucket *first = &buckets.v[i];
		struct part next = {.box = part->box, .dims = part->dims & ~(1u << dim)};
		uint32_t n = 0;
		for (; i < buckets.n && same_bucket(&buckets, &buckets.v[i], first); i++)
			ranges[n++] = cuts.v[buckets.v[i].interval];
		next.box.dim[dim] = iset_of(sweep->scratch, ranges, n);
		for (int side = 0; side < SIDE_COUNT; side++)
			next.refs[side] = refs_of(sweep, &buckets, first, (enum side)side);
		sweep_part(sweep, &next);
	}
}

static void sweep_part(struct sweep *sweep, struct part *part)
{
	if (!spend(sweep, 1 + (uint64_t)part->refs[SIDE_OLD].n + part->refs[SIDE_NEW].n))
		return;
	struct outlook old = look(sweep, part, SIDE_OLD);
	struct outlook new = look(sweep, part, SIDE_NEW);
	if (old.done || new.done || !(old.changed || new.changed))
		return;
	if (old.can == new.can && one_bit(old.can))
		return;
	bool partly_done = old.partly_done || new.partly_done;
	if (one_bit(old.can) && one_bit(new.can) && !partly_done) {
		struct delta_cell cell = {.can = {old.can, new.can}};
		cell.ace[SIDE_OLD] = hit_of(sweep, SIDE_OLD, part->refs[SIDE_OLD].v[0])->line->ace;
		cell.ace[SIDE_NEW] = hit_of(sweep, SIDE_NEW, part->refs[SIDE_NEW].v[0])->line->ace;
		emit(sweep, &part->box, cell);
		return;
	}
	int dim = split_dim(sweep, part);
	if (dim < 0)
		settle(sweep, part);
	else
		split(sweep, part, dim);
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
	all.box = delta->gave_up < MAX_UNKNOWN ? copy_box(arena, box) : *delta->region;
	all.can[SIDE_OLD] = all.can[SIDE_NEW] = CAN_PERMIT | CAN_DENY;
	VEC_PUSH(arena, &delta->out->list, all);
}

static void sweep_box(struct delta *delta, uint32_t rank, const struct box *box)
{
	struct arena *scratch = arena_new();
	struct sweep sweep = {.same = delta->same,
	                      .scratch = scratch,
	                      .arena = delta->same->arena,
	                      .budget = delta->budget,
	                      .addresses_only = delta->addresses_only,
	                      .rank = rank,
	                      .out = delta->out};
	struct part part = {.box = *box, .dims = (1u << DIM_COUNT) - 1};
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct delta_list *list = delta->lists[side];
		struct found_lines lines = line_finder_find(scratch, &delta->finder[side],
		                                            box->dim[DIM_SRC], box->dim[DIM_DST]);
		spend(&sweep, lines.n);
		for (uint32_t i = 0; i < lines.n && !sweep.gave_up; i++)
			collect_line(&sweep, (enum side)side, &list->list.v[lines.v[i]],
			             delta->ranks[side][lines.v[i]], box);
		part.refs[side].v = NEW_ARRAY(scratch, uint32_t, sweep.hits[side].list.n + 1u);
		for (uint32_t i = 0; i < sweep.hits[side].list.n; i++)
			part.refs[side].v[part.refs[side].n++] = i;
	}
	sweep_part(&sweep, &part);
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
		if ((!one_bit(can) || list->list.v[i].can != can) &&
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
