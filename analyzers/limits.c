/* SPDX-License-Identifier: ISC */
/* Every limit that binds a flow: static and nat (before 8.3), set connection, police. */
#include "analyzers/audit.h"

static bool same_limit(const struct bound *a, const struct bound *b)
{
	return a->hit.kind == b->hit.kind && a->hit.source == b->hit.source &&
	       a->hit.value == b->hit.value && a->hit.span.offset == b->hit.span.offset &&
	       a->hit.span.source == b->hit.span.source;
}

/* A limit counts once a flow, however many lanes it binds. */
static void add_bound(struct audit *audit, struct flow_work *work, struct bound bound)
{
	VEC_EACH(struct bound, old, &work->bounds)
		if (same_limit(old, &bound)) {
			old->certain |= bound.certain;
			return;
		}
	VEC_PUSH(audit->arena, &work->bounds, bound);
	VEC_PUSH(audit->arena, &work->flow->limits, bound.hit);
}

/* --- static and nat --------------------------------------------------------------------- */

/* "static (inside,outside) 1.1.1.1": what names a rule whatever its line and limits are. */
static struct str nat_text(struct audit *audit, const struct legacy_nat *nat)
{
	struct arena *arena = audit->arena;
	if (nat->kind != NAT_STATIC)
		return str_printf(arena, "nat (%.*s) %u", STR(audit_name(audit, nat->real_ifc)),
		                  nat->id);
	struct str mapped = nat->mapped_is_interface ? S("interface")
	                    : nat->mapped_unknown    ? S("unknown")
	                                             : addr_text(arena, nat->mapped.lo);
	return str_printf(arena, "static (%.*s,%.*s) %.*s", STR(audit_name(audit, nat->real_ifc)),
	                  STR(audit_name(audit, nat->mapped_ifc)), STR(mapped));
}

static void bound_by_nat(struct audit *audit, struct flow_work *work, const struct lane *lane,
                         const struct legacy_nat *nat, enum limit_source source)
{
	const struct {
		enum limit_kind kind;
		uint32_t value;
	} limits[] = {
	        {LIMIT_CONN_MAX, nat->limits.max_conns},
	        {LIMIT_EMBRYONIC, nat->limits.embryonic},
	};
	for (size_t i = 0; i < 2; i++) {
		if (limits[i].value == 0)
			continue; /* no limit (ruling 12) */
		struct bound bound = {.lane = lane, .box = lane->real, .certain = true};
		bound.hit = (struct limit_hit){limits[i].kind, source, limits[i].value,
		                               nat_text(audit, nat), nat->span};
		add_bound(audit, work, bound);
	}
}

/* A static caps the appliance as a server, `nat` as a client (product.md, AM201). */
static void nat_limits(struct audit *audit, struct flow_work *work, const struct lane *lane)
{
	if (lane->server_nat)
		bound_by_nat(audit, work, lane, lane->server_nat, FROM_STATIC);
	if (lane->client_nat && lane->client_nat->kind != NAT_STATIC)
		bound_by_nat(audit, work, lane, lane->client_nat, FROM_NAT);
}

/* --- set connection, police ------------------------------------------------------------- */

static void class_limits(struct audit *audit, struct flow_work *work, const struct bound *like,
                         const struct policy_class *class)
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
		if (!limit->set || limit->value == 0)
			continue;
		bound.hit = (struct limit_hit){kinds[i], FROM_SET_CONNECTION, limit->value,
		                               audit_name(audit, class->name), limit->span};
		add_bound(audit, work, bound);
	}
}

static void class_police(struct audit *audit, struct flow_work *work, const struct bound *like,
                         const struct policy_class *class, const struct setting_number *police)
{
	struct bound bound = *like;
	bound.hit = (struct limit_hit){LIMIT_POLICE, FROM_POLICE, police->value,
	                               audit_name(audit, class->name), police->span};
	add_bound(audit, work, bound);
}

/* The limits of every class that may own a part of the lane, whatever the reading. */
static void mpf_limits(struct audit *audit, struct flow_work *work, const struct lane *lane,
                       enum feature feature)
{
	static const struct reading readings[] = {
	        {false, false}, {true, false}, {false, true}, {true, true}};
	for (size_t r = 0; r < sizeof(readings) / sizeof(readings[0]); r++) {
		struct pieces pieces = {0};
		mpf_classify(audit->arena, audit->config, feature, &lane->passage, readings[r],
		             &pieces);
		VEC_EACH(const struct piece, piece, &pieces.list) {
			for (const struct claim *c = piece->claims; c; c = c->next) {
				struct bound like = {.lane = lane,
				                     .box = piece->box,
				                     .certain = !piece->open && !c->next &&
				                                !piece->claims->next,
				                     .class = c->class,
				                     .policy = c->policy};
				like.box.dim[DIM_DST] = lane->real.dim[DIM_DST];
				like.box.dim[DIM_DPORT] = lane->real.dim[DIM_DPORT];
				if (feature == FEATURE_CONN)
					class_limits(audit, work, &like, c->class);
				else if (feature == FEATURE_POLICE_IN)
					class_police(audit, work, &like, c->class,
					             &c->class->police_in);
				else
					class_police(audit, work, &like, c->class,
					             &c->class->police_out);
			}
		}
	}
}

void audit_limits(struct audit *audit)
{
	VEC_EACH(struct flow_work, work, &audit->flows) {
		VEC_EACH(const struct lane, lane, &work->lanes) {
			nat_limits(audit, work, lane);
			mpf_limits(audit, work, lane, FEATURE_CONN);
			mpf_limits(audit, work, lane, FEATURE_POLICE_IN);
			mpf_limits(audit, work, lane, FEATURE_POLICE_OUT);
		}
	}
}
