/* SPDX-License-Identifier: ISC */
/*
 * See delta_sweep.h. Each line is offered to the intervals of the dimension that it meets, as long
 * as no line before it took all of them; intervals with the same lines are one part.
 */
#include "analyzers/delta_sweep.h"

#include "analyzers/cuts.h"

#include <stdlib.h>

/* The extent of the part in one dimension, cut wherever a line begins or ends. */
static struct cuts cut(const struct sweep *sweep, const struct part *part, int dim)
{
	struct cut_points points = {0};
	for (int side = 0; side < SIDE_COUNT; side++)
		for (uint32_t i = 0; i < part->refs[side].n; i++)
			cut_points_add(sweep->scratch, &points,
			               sweep_hit(sweep, (enum side)side, part->refs[side].v[i])
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
	const struct hit *hit = sweep_hit(sweep, side, ref);
	struct iset set = hit->box.dim[dim];
	bool closes = hit->sure && sweep_covers(hit, &part->box, part->dims & ~(1u << dim));
	bool earlier = hit->changed && hit->changed < sweep->rank;
	uint32_t *open = buckets->open[side];
	for (uint32_t i = 0; i < set.n; i++) {
		uint32_t at = cuts_from(cuts, set.v[i].lo);
		if (!earlier)
			at = next_open(open, at);
		while (at < cuts->n && cuts->v[at].lo <= set.v[i].hi) {
			if (!sweep_spend(sweep, 1))
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
			        sweep_hit(sweep, (enum side)side, part->refs[side].v[i]);
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

bool sweep_split(struct sweep *sweep, const struct part *part, struct parts *out)
{
	int dim = split_dim(sweep, part);
	if (dim < 0)
		return false;
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
		VEC_PUSH(sweep->scratch, &out->list, next);
	}
	return true;
}
