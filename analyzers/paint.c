/* SPDX-License-Identifier: ISC */
/* See paint.h for the method. */
#include "analyzers/paint.h"

#include "analyzers/cuts.h"

#include <stdlib.h>

/* Slices times hits that one region may cost; beyond it the answer is "unknown". */
enum { WORK_BUDGET = 20 * 1000 * 1000 };

/* An ACE inside the region; a service group makes several of one ACE. */
struct hit {
	const struct ace *ace;
	struct box box; /* inside the region */
	bool sure;
	enum why_code why;
};

struct hits {
	VEC(struct hit) list;
};

/* --- collecting ------------------------------------------------------------------------- */

static void add_hit(struct arena *arena, struct hits *hits, const struct box *region,
                    const struct hit *hit)
{
	struct hit inside = *hit;
	if (box_intersect(arena, region, &hit->box, &inside.box))
		VEC_PUSH(arena, &hits->list, inside);
}

static void add_service_hits(struct arena *arena, struct hits *hits, const struct box *region,
                             struct hit hit, const struct service_box *boxes, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		hit.box.dim[DIM_PROTO] = boxes[i].proto;
		hit.box.dim[DIM_SPORT] = boxes[i].sport;
		hit.box.dim[DIM_DPORT] = boxes[i].dport;
		add_hit(arena, hits, region, &hit);
	}
}

static void collect_ace(struct arena *arena, const struct config *config, const struct ace *ace,
                        const struct box *region, const struct acl_view *view, struct hits *hits)
{
	enum why_code unsure = (enum why_code)ace->unsure;
	if (ace->action == ACE_REMARK || ace->inactive || !ace_in_scope(config, ace, view, &unsure))
		return;
	if (ace->action == ACE_UNKNOWN) {
		struct hit hit = {ace, *region, false, WHY_UNMODELLED};
		VEC_PUSH(arena, &hits->list, hit);
		return;
	}
	const struct addr_set *src = config_addr_set(config, ace->src);
	const struct addr_set *dst = config_addr_set(config, ace->dst);
	const struct service_set *service = config_service_set(config, ace->service);
	if (!iset_overlaps(src->may, region->dim[DIM_SRC]) ||
	    !iset_overlaps(dst->may, region->dim[DIM_DST]))
		return;
	const struct service_box all = {region->dim[DIM_PROTO], region->dim[DIM_SPORT],
	                                region->dim[DIM_DPORT]};
	struct hit hit = {.ace = ace, .sure = true};
	hit.box.dim[DIM_SRC] = src->must;
	hit.box.dim[DIM_DST] = dst->must;
	if (view->addresses_only && unsure == WHY_NONE)
		add_service_hits(arena, hits, region, hit, &all, 1);
	else if (unsure == WHY_NONE)
		add_service_hits(arena, hits, region, hit, service->must.v, service->must.n);

	enum why_code service_why = view->addresses_only ? WHY_NONE : service->why;
	hit.why = ace_why(unsure, src, dst, service_why);
	if (hit.why == WHY_NONE)
		return;
	hit.sure = false;
	hit.box.dim[DIM_SRC] = src->may;
	hit.box.dim[DIM_DST] = dst->may;
	if (view->addresses_only)
		add_service_hits(arena, hits, region, hit, &all, 1);
	else
		add_service_hits(arena, hits, region, hit, service->may.v, service->may.n);
}

/* --- elementary intervals --------------------------------------------------------------- */

/* The region's extent in one dimension, cut wherever some hit begins or ends. */
static struct cuts cut(struct arena *arena, struct iset extent, const struct hits *hits,
                       enum dim dim)
{
	struct cut_points points = {0};
	VEC_EACH(const struct hit, hit, &hits->list)
		cut_points_add(arena, &points, hit->box.dim[dim]);
	return cuts_of(arena, extent, &points);
}

/* --- painting one slice ----------------------------------------------------------------- */

struct paint {
	uint32_t owner; /* index of the sure hit + 1; 0: none yet */
	uint32_t doubt; /* index of the first doubtful hit + 1; 0: none */
	unsigned doubt_can;
	uint32_t next; /* the next interval that may still be open (path-compressed) */
};

static uint32_t next_open(struct paint *paint, uint32_t at)
{
	uint32_t end = at;
	while (paint[end].next != end)
		end = paint[end].next;
	while (paint[at].next != end) {
		uint32_t next = paint[at].next;
		paint[at].next = end;
		at = next;
	}
	return end;
}

static void paint_hit(struct paint *paint, const struct cuts *cuts, const struct hit *hit,
                      uint32_t index, enum dim dim)
{
	struct iset set = hit->box.dim[dim];
	for (uint32_t i = 0; i < set.n; i++) {
		uint32_t at = next_open(paint, cuts_from(cuts, set.v[i].lo));
		while (at < cuts->n && cuts->v[at].lo <= set.v[i].hi) {
			if (hit->sure) {
				paint[at].owner = index + 1;
				paint[at].next = at + 1;
			} else {
				paint[at].doubt_can |= ace_can(hit->ace);
				if (paint[at].doubt == 0)
					paint[at].doubt = index + 1;
			}
			at = next_open(paint, at + 1);
		}
	}
}

struct painted {
	uint32_t interval;
	struct paint paint;
};

static int compare_painted(const void *a, const void *b)
{
	const struct painted *left = a, *right = b;
	if (left->paint.owner != right->paint.owner)
		return left->paint.owner < right->paint.owner ? -1 : 1;
	if (left->paint.doubt != right->paint.doubt)
		return left->paint.doubt < right->paint.doubt ? -1 : 1;
	if (left->paint.doubt_can != right->paint.doubt_can)
		return left->paint.doubt_can < right->paint.doubt_can ? -1 : 1;
	return left->interval < right->interval ? -1 : left->interval > right->interval;
}

static bool same_paint(const struct paint *a, const struct paint *b)
{
	return a->owner == b->owner && a->doubt == b->doubt && a->doubt_can == b->doubt_can;
}

static struct cell cell_of(const struct hits *hits, const struct paint *paint)
{
	struct cell cell = {.can = CAN_DENY};
	if (paint->owner) {
		cell.ace = hits->list.v[paint->owner - 1].ace;
		cell.can = ace_can(cell.ace);
	}
	cell.doubt_can = paint->doubt_can;
	if (paint->doubt && (paint->doubt_can | cell.can) != cell.can) {
		cell.doubt = hits->list.v[paint->doubt - 1].ace;
		cell.why = hits->list.v[paint->doubt - 1].why;
		cell.can |= paint->doubt_can;
	}
	return cell;
}

/* One cell for all intervals of a slice with the same owner. */
static void emit_slice(struct arena *arena, const struct hits *hits, const struct paint *paint,
                       const struct cuts *cuts, const struct box *slice, enum dim dim,
                       struct cells *cells)
{
	struct painted *order = NEW_ARRAY(arena, struct painted, cuts->n);
	struct range *ranges = NEW_ARRAY(arena, struct range, cuts->n);
	for (uint32_t i = 0; i < cuts->n; i++)
		order[i] = (struct painted){i, paint[i]};
	qsort(order, cuts->n, sizeof(*order), compare_painted);
	for (uint32_t i = 0; i < cuts->n;) {
		uint32_t n = 0, first = i;
		for (; i < cuts->n && same_paint(&order[i].paint, &order[first].paint); i++)
			ranges[n++] = cuts->v[order[i].interval];
		struct cell cell = cell_of(hits, &order[first].paint);
		cell.box = *slice;
		cell.box.dim[dim] = iset_of(arena, ranges, n);
		if (!box_is_empty(&cell.box))
			VEC_PUSH(arena, &cells->list, cell);
	}
}

/* --- all slices ------------------------------------------------------------------------- */

struct canvas {
	struct arena *arena;
	const struct hits *hits;
	struct cuts cuts[DIM_COUNT];
	bool whole[DIM_COUNT]; /* every hit covers the region here: one slice will do */
	enum dim free;         /* the dimension that is painted */
	struct cells *cells;
};

static void paint_slice(const struct canvas *canvas, const struct box *slice)
{
	const struct cuts *cuts = &canvas->cuts[canvas->free];
	struct paint *paint = NEW_ARRAY(canvas->arena, struct paint, (size_t)cuts->n + 1);
	for (uint32_t i = 0; i <= cuts->n; i++)
		paint[i].next = i;
	for (uint32_t i = 0; i < canvas->hits->list.n; i++) {
		const struct hit *hit = &canvas->hits->list.v[i];
		bool covers = true;
		/* Slices are elementary: a hit covers one or misses it. */
		for (int dim = 0; dim < DIM_COUNT && covers; dim++)
			covers = dim == (int)canvas->free ||
			         iset_overlaps(hit->box.dim[dim], slice->dim[dim]);
		if (covers)
			paint_hit(paint, cuts, hit, i, canvas->free);
	}
	emit_slice(canvas->arena, canvas->hits, paint, cuts, slice, canvas->free, canvas->cells);
}

/* Every combination of elementary intervals of the dimensions from `dim` on. */
static void paint_slices(const struct canvas *canvas, int dim, struct box *slice)
{
	if (dim == DIM_COUNT) {
		paint_slice(canvas, slice);
		return;
	}
	if (dim == (int)canvas->free || canvas->whole[dim]) {
		paint_slices(canvas, dim + 1, slice);
		return;
	}
	struct iset whole = slice->dim[dim];
	const struct cuts *cuts = &canvas->cuts[dim];
	for (uint32_t i = 0; i < cuts->n; i++) {
		slice->dim[dim] = iset_range(canvas->arena, cuts->v[i].lo, cuts->v[i].hi);
		paint_slices(canvas, dim + 1, slice);
	}
	slice->dim[dim] = whole;
}

/* Where no hit cuts a dimension, its whole extent is one slice (of several ranges perhaps). */
static bool uncut(struct iset extent, const struct hits *hits, enum dim dim)
{
	VEC_EACH(const struct hit, hit, &hits->list)
		if (!iset_covers(hit->box.dim[dim], extent))
			return false;
	return true;
}

static void paint_region(struct arena *arena, const struct hits *hits, const struct box *region,
                         struct cells *cells)
{
	struct canvas canvas = {.arena = arena, .hits = hits, .cells = cells, .free = DIM_SRC};
	for (int dim = 0; dim < DIM_COUNT; dim++) {
		canvas.cuts[dim] = cut(arena, region->dim[dim], hits, (enum dim)dim);
		canvas.whole[dim] = uncut(region->dim[dim], hits, (enum dim)dim);
		if (!canvas.whole[dim] && canvas.cuts[dim].n > canvas.cuts[canvas.free].n)
			canvas.free = (enum dim)dim;
	}
	uint64_t work = hits->list.n + canvas.cuts[canvas.free].n;
	for (int dim = 0; dim < DIM_COUNT && work <= WORK_BUDGET; dim++)
		if (dim != (int)canvas.free && !canvas.whole[dim])
			work *= canvas.cuts[dim].n;
	if (work > WORK_BUDGET) {
		struct cell cell = {
		        .box = *region, .can = CAN_PERMIT | CAN_DENY, .why = WHY_BUDGET};
		VEC_PUSH(arena, &cells->list, cell);
		return;
	}
	struct box slice = *region;
	paint_slices(&canvas, 0, &slice);
}

/* --- one packet ------------------------------------------------------------------------- */

static bool is_point(const struct box *region, struct packet *packet)
{
	for (int dim = 0; dim < DIM_COUNT; dim++) {
		if (region->dim[dim].n != 1 || region->dim[dim].v[0].lo != region->dim[dim].v[0].hi)
			return false;
		packet->at[dim] = region->dim[dim].v[0].lo;
	}
	return addr_is4(packet->at[DIM_SRC]) == addr_is4(packet->at[DIM_DST]);
}

static void paint_acl(struct arena *arena, const struct config *config, const struct acl *acl,
                      const struct box *region, const struct acl_view *view, struct cells *cells)
{
	struct packet packet;
	if (is_point(region, &packet)) {
		struct acl_decision one = acl_point(config, acl, view, &packet);
		struct cell cell = {*region, one.can, one.ace, one.doubt_can, one.doubt, one.why};
		VEC_PUSH(arena, &cells->list, cell);
		return;
	}
	struct hits hits = {0};
	VEC_EACH(const struct ace, ace, &acl->aces)
		collect_ace(arena, config, ace, region, view, &hits);
	paint_region(arena, &hits, region, cells);
}

void acl_paint(struct arena *arena, const struct config *config, const struct acl *acl,
               const struct box *region, struct cells *cells)
{
	paint_acl(arena, config, acl, region, &(struct acl_view){0}, cells);
}

void acl_paint_between(struct arena *arena, const struct config *config, const struct acl *acl,
                       const struct interface *in, const struct interface *out,
                       const struct box *region, struct cells *cells)
{
	paint_acl(arena, config, acl, region, &(struct acl_view){.in = in, .out = out}, cells);
}

void acl_paint_addresses(struct arena *arena, const struct config *config, const struct acl *acl,
                         const struct box *region, struct cells *cells)
{
	paint_acl(arena, config, acl, region, &(struct acl_view){.addresses_only = true}, cells);
}
