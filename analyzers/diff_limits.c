/* SPDX-License-Identifier: ISC */
/* The limits of a flow, each with all packets that it binds, before and after. */
#include "analyzers/diff_parts.h"

/* A limit of a flow with all packets that it binds, on whatever lane. */
struct limit {
	struct bound bound;
	struct pset packets;
};

struct limits {
	VEC(struct limit) list;
};

static bool same_bound(const struct bound *a, const struct bound *b)
{
	return a->hit.kind == b->hit.kind && a->hit.value == b->hit.value &&
	       a->hit.source == b->hit.source && a->certain == b->certain;
}

static void add_limit(struct arena *arena, const struct bound *bound, struct limits *limits)
{
	VEC_EACH(struct limit, old, &limits->list)
		if (same_bound(&old->bound, bound)) {
			pset_add_box(arena, &old->packets, &bound->box);
			return;
		}
	struct limit limit = {*bound, pset_of(arena, &bound->box)};
	VEC_PUSH(arena, &limits->list, limit);
}

/* Those of the packets in `within`. */
static struct limits limits_of(const struct differ *differ, enum side side,
                               const struct flow_work *work, const struct pset *within)
{
	struct limits limits = {0};
	for (uint32_t i = 0; i < work->lanes.n; i++) {
		struct bounds bounds = {0};
		audit_lane_limits(differ->audit[side], work, i, &bounds);
		VEC_EACH(const struct bound, bound, &bounds.list)
			add_limit(differ->arena, bound, &limits);
	}
	VEC_EACH(struct limit, limit, &limits.list)
		limit->packets = pset_intersect(differ->arena, &limit->packets, within);
	return limits;
}

static struct str bound_text(const struct differ *differ, const struct bound *bound)
{
	return str_printf(differ->arena, "%s%s %u (%s)", bound->certain ? "" : "perhaps ",
	                  limit_kind_names[bound->hit.kind], bound->hit.value,
	                  limit_source_names[bound->hit.source]);
}

static void limit_change(struct differ *differ, struct str flow, const struct bound *a,
                         const struct bound *b, const struct pset *packets)
{
	const struct bound *some = a ? a : b;
	struct str none = str_printf(differ->arena, "no %s", limit_kind_names[some->hit.kind]);
	struct diff_change like = {.flow = flow,
	                           .what = DIFF_LIMITS,
	                           .mail = true,
	                           .before = a ? bound_text(differ, a) : none,
	                           .after = b ? bound_text(differ, b) : none,
	                           .undecided = (a && !a->certain) || (b && !b->certain)};
	struct span lines[SIDE_COUNT] = {a ? a->hit.span : (struct span){0},
	                                 b ? b->hit.span : (struct span){0}};
	VEC_EACH(const struct box, box, &packets->boxes) {
		like.has_witness = true;
		like.witness = diff_witness(differ, a ? SIDE_OLD : SIDE_NEW, some->lane, box);
		diff_add(differ, &like, box, lines);
	}
}

/* Where a limit binds and no equal one of the other side does. */
static struct pset unmatched(const struct differ *differ, const struct limit *limit,
                             const struct limits *others)
{
	struct pset rest = limit->packets;
	VEC_EACH(const struct limit, other, &others->list)
		if (same_bound(&limit->bound, &other->bound))
			rest = pset_subtract(differ->arena, &rest, &other->packets);
	return rest;
}

/* Each limit that has gone with the one that came in its place; then those that are new. */
void diff_limits(struct differ *differ, struct str flow, const struct flow_work *before,
                 const struct flow_work *after, const struct pset *within)
{
	struct arena *arena = differ->arena;
	struct limits a = limits_of(differ, SIDE_OLD, before, within);
	struct limits b = limits_of(differ, SIDE_NEW, after, within);
	VEC_EACH(const struct limit, x, &a.list) {
		struct pset rest = unmatched(differ, x, &b);
		VEC_EACH(const struct limit, y, &b.list) {
			if (y->bound.hit.kind != x->bound.hit.kind ||
			    same_bound(&x->bound, &y->bound))
				continue;
			struct pset new = unmatched(differ, y, &a);
			struct pset both = pset_intersect(arena, &rest, &new);
			limit_change(differ, flow, &x->bound, &y->bound, &both);
			rest = pset_subtract(arena, &rest, &both);
		}
		limit_change(differ, flow, &x->bound, NULL, &rest);
	}
	VEC_EACH(const struct limit, y, &b.list) {
		struct pset rest = unmatched(differ, y, &a);
		VEC_EACH(const struct limit, x, &a.list) {
			struct pset old = unmatched(differ, x, &b);
			if (x->bound.hit.kind == y->bound.hit.kind)
				rest = pset_subtract(arena, &rest, &old);
		}
		limit_change(differ, flow, NULL, &y->bound, &rest);
	}
}
