/* SPDX-License-Identifier: ISC */
/* The limits of `set connection` and `police` that bind a lane (asa-semantics 4.3, 5). */
#include "analyzers/lane.h"

bool bound_same(const struct bound *a, const struct bound *b)
{
	return a->hit.kind == b->hit.kind && a->hit.source == b->hit.source &&
	       a->hit.value == b->hit.value && span_same(a->hit.span, b->hit.span);
}

/* A limit counts once, however many parts of the lane it binds. */
static void add_bound(struct arena *arena, struct bounds *out, struct bound bound)
{
	VEC_EACH(struct bound, old, &out->list)
		if (bound_same(old, &bound)) {
			if (!old->certain && bound.certain)
				*old = bound; /* with the packets that it binds for sure */
			return;
		}
	VEC_PUSH(arena, &out->list, bound);
}

/* TCP has them all; UDP and SCTP have no embryonic connections; others have no limits. */
static bool limits_count(const struct lane *lane, bool embryonic)
{
	if (lane->wire_proto == PROTO_TCP)
		return true;
	return !embryonic && (lane->wire_proto == PROTO_UDP || lane->wire_proto == PROTO_SCTP);
}

static void class_limits(struct arena *arena, const struct config *config, struct bounds *out,
                         const struct bound *like, const struct policy_class *class)
{
	static const enum limit_kind kinds[CONN_LIMIT_COUNT] = {
	        [CONN_MAX] = LIMIT_CONN_MAX,
	        [CONN_EMBRYONIC] = LIMIT_EMBRYONIC,
	        [CONN_PER_CLIENT] = LIMIT_PER_CLIENT,
	        [CONN_PER_CLIENT_EMBRYONIC] = LIMIT_PER_CLIENT_EMBRYONIC,
	};
	for (int i = 0; i < CONN_LIMIT_COUNT; i++) {
		const struct setting_number *limit = &class->limits[i];
		struct bound bound = *like;
		bool embryonic = i == CONN_EMBRYONIC || i == CONN_PER_CLIENT_EMBRYONIC;
		if (!limit->set || limit->value == 0 || !limits_count(like->lane, embryonic))
			continue;
		bound.hit = (struct limit_hit){kinds[i], FROM_SET_CONNECTION, limit->value,
		                               config_name(config, class->name), limit->span};
		add_bound(arena, out, bound);
	}
}

static void class_police(struct arena *arena, const struct config *config, struct bounds *out,
                         const struct bound *like, const struct policy_class *class,
                         const struct setting_number *police)
{
	struct bound bound = *like;
	bound.hit = (struct limit_hit){LIMIT_POLICE, FROM_POLICE, police->value,
	                               config_name(config, class->name), police->span};
	add_bound(arena, out, bound);
}

/* The limits of every class that may own a part of the lane, whatever the reading. */
static void mpf_limits(struct arena *arena, const struct config *config, const struct lane *lane,
                       struct bounds *out, enum feature feature)
{
	struct verdict_cells cells = {0};
	lane_feature(arena, config, lane, feature, &cells);
	VEC_EACH(const struct verdict_cell, cell, &cells.list) {
		for (const struct claim *c = cell->claims; c; c = c->next) {
			struct bound like = {.lane = lane,
			                     .box = cell->box,
			                     .certain = !cell->open && !cell->claims->next,
			                     .class = c->class,
			                     .policy = c->policy};
			if (feature == FEATURE_CONN)
				class_limits(arena, config, out, &like, c->class);
			else if (feature == FEATURE_POLICE_IN)
				class_police(arena, config, out, &like, c->class,
				             &c->class->police_in);
			else
				class_police(arena, config, out, &like, c->class,
				             &c->class->police_out);
		}
	}
}

/* Is a cell of FEATURE_TCP under tcp-state-bypass? */
static enum verdict bypassed(const struct verdict_cell *cell)
{
	bool all = !cell->open && cell->claims, some = cell->blurred;
	for (const struct claim *c = cell->claims; c; c = c->next) {
		some |= c->class->state_bypass;
		all &= c->class->state_bypass;
	}
	return all ? VERDICT_YES : some ? VERDICT_UNKNOWN : VERDICT_NO;
}

static bool is_embryonic(const struct bound *bound)
{
	return bound->hit.kind == LIMIT_EMBRYONIC || bound->hit.kind == LIMIT_PER_CLIENT_EMBRYONIC;
}

/* State bypass knows no embryonic connections (asa-semantics 5): they are kept where it is not. */
static void drop_embryonic(struct arena *arena, const struct config *config,
                           const struct lane *lane, struct bounds *bounds)
{
	struct verdict_cells cells = {0};
	struct bounds out = {0};
	if (lane->wire_proto != PROTO_TCP)
		return;
	lane_feature(arena, config, lane, FEATURE_TCP, &cells);
	VEC_EACH(const struct bound, bound, &bounds->list) {
		if (!is_embryonic(bound))
			add_bound(arena, &out, *bound);
		for (uint32_t i = 0; is_embryonic(bound) && i < cells.list.n; i++) {
			const struct verdict_cell *cell = &cells.list.v[i];
			enum verdict bypass = bypassed(cell);
			struct bound part = *bound;
			part.certain &= bypass == VERDICT_NO;
			/*
			 * A kept cell of one packet has the box of another (struct feature_memo).
			 */
			bool here = lane->nat_settled ||
			            box_intersect(arena, &bound->box, &cell->box, &part.box);
			if (here && bypass != VERDICT_YES)
				add_bound(arena, &out, part);
		}
	}
	*bounds = out;
}

void lane_limits(struct arena *arena, const struct config *config, const struct lane *lane,
                 struct bounds *out)
{
	mpf_limits(arena, config, lane, out, FEATURE_CONN);
	drop_embryonic(arena, config, lane, out);
	mpf_limits(arena, config, lane, out, FEATURE_POLICE_IN);
	mpf_limits(arena, config, lane, out, FEATURE_POLICE_OUT);
}
