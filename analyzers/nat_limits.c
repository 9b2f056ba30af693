/* SPDX-License-Identifier: ISC */
/* Limits of `static` and `nat`, before 8.3 (asa-semantics 4.2 and 4.3). */
#include "analyzers/way.h"

/* "static (inside,outside) 1.1.1.1": what names a rule whatever its line and limits are. */
static struct str nat_text(struct arena *arena, const struct config *config,
                           const struct legacy_nat *nat)
{
	if (nat->kind != NAT_STATIC)
		return str_printf(arena, "nat (%.*s) %u", STR(config_name(config, nat->real_ifc)),
		                  nat->id);
	struct str mapped = nat->mapped_is_interface ? S("interface")
	                    : nat->mapped_unknown    ? S("unknown")
	                                             : addr_text(arena, nat->mapped.lo);
	return str_printf(arena, "static (%.*s,%.*s) %.*s", STR(config_name(config, nat->real_ifc)),
	                  STR(config_name(config, nat->mapped_ifc)), STR(mapped));
}

/* [tcp] max_conns emb_limit for TCP, udp max_conns for UDP (4.2); 0 is none (ruling 12). */
static void add_limits(struct arena *arena, const struct config *config, struct bounds *out,
                       const struct bound *like)
{
	const struct legacy_nat *nat = like->nat;
	bool tcp = like->lane->wire_proto == PROTO_TCP, udp = like->lane->wire_proto == PROTO_UDP;
	const struct {
		enum limit_kind kind;
		uint32_t value;
	} limits[] = {
	        {LIMIT_CONN_MAX, tcp   ? nat->limits.max_conns
	                         : udp ? nat->limits.udp_max_conns
	                               : 0},
	        {LIMIT_EMBRYONIC, tcp ? nat->limits.embryonic : 0},
	};
	for (size_t i = 0; i < 2; i++) {
		struct bound bound = *like;
		if (limits[i].value == 0)
			continue;
		bound.hit = (struct limit_hit){
		        limits[i].kind, nat->kind == NAT_STATIC ? FROM_STATIC : FROM_NAT,
		        limits[i].value, nat_text(arena, config, nat), nat->span};
		VEC_PUSH(arena, &out->list, bound);
	}
}

/* --- by the rules that the lane knows of ------------------------------------------------ */

static bool serves(const struct config *config, const struct lane *lane,
                   const struct legacy_nat *nat)
{
	return nat_may_serve(config, nat, lane->server, lane->wire_proto,
	                     (uint16_t)lane->real.dim[DIM_DPORT].v[0].lo);
}

/* Another static that translates the host at the server's end towards the same side. */
static bool may_be_server(const struct config *config, const struct lane *lane,
                          const struct legacy_nat *nat)
{
	bool here = config_interface(config, nat->real_ifc) == lane->passage.out &&
	            config_interface(config, nat->mapped_ifc) == lane->passage.in;
	return nat != lane->server_nat && here && serves(config, lane, nat);
}

void lane_nat_limits(struct arena *arena, const struct config *config, const struct lane *lane,
                     struct bounds *out)
{
	struct bound bound = {.lane = lane, .box = lane->real, .certain = true};
	if (lane->client_nat && lane->client_nat->kind != NAT_STATIC) {
		bound.nat = lane->client_nat;
		add_limits(arena, config, out, &bound);
	}
	if (!lane->server_nat)
		return;
	bound.nat = lane->server_nat;
	bound.certain = !lane->server_nat->acl || lane->nat_settled;
	add_limits(arena, config, out, &bound);
	/* A policy static holds for some peers; any other one of the host may for the rest. */
	if (!bound.certain)
		VEC_EACH(const struct legacy_nat, nat, &config->nats)
			if (may_be_server(config, lane, nat)) {
				bound.nat = nat;
				add_limits(arena, config, out, &bound);
			}
}

/* --- by the rules that its packets meet --------------------------------------------------- */

/* The packets that the rule translates; where those may go elsewhere, or another may take them,
 * it is not certain. False when others translate them all. */
static bool narrow(struct arena *arena, const struct config *config, const struct way *way,
                   struct bound *bound)
{
	const struct lane *lane = bound->lane;
	bool by_lane = bound->nat == lane->server_nat || bound->nat == lane->client_nat;
	VEC(struct range) sure = {0}, open = {0};
	bool known = false; /* where some packets leave; else the lane's rules are all there is */
	VEC_EACH(const struct way_rules, rules, &way->rules)
		known |= rules->known;
	VEC_EACH(const struct way_rules, rules, &way->rules) {
		const struct trace_nat *met =
		        bound->nat->kind == NAT_STATIC ? &rules->destination : &rules->source;
		bool same = met->applies && span_same(met->span, bound->nat->span);
		bool doubtful =
		        met->applies && !met->certain && !rules->dropped &&
		        (bound->nat->kind != NAT_STATIC || serves(config, lane, bound->nat));
		if (known ? same && met->certain && rules->here : by_lane)
			VEC_PUSH(arena, &sure, rules->range);
		else if (same || doubtful)
			VEC_PUSH(arena, &open, rules->range);
	}
	bound->certain = sure.n > 0;
	struct iset free =
	        iset_union(arena, iset_of(arena, sure.v, sure.n), iset_of(arena, open.v, open.n));
	bound->box.dim[way->free] = iset_intersect(arena, bound->box.dim[way->free], free);
	return !iset_is_empty(bound->box.dim[way->free]);
}

/* May the rule translate an end of the lane that is an appliance? */
static bool is_of_lane(const struct config *config, const struct lane *lane,
                       const struct legacy_nat *nat)
{
	const struct interface *in = lane->passage.in, *out = lane->passage.out;
	const struct interface *real = config_interface(config, nat->real_ifc);
	if (nat->kind == NAT_STATIC)
		return lane->server_is_appliance && (!out || real == out) &&
		       (!in || config_interface(config, nat->mapped_ifc) == in) &&
		       (nat->acl || nat->real_unknown ||
		        (nat->real.lo <= lane->server && lane->server <= nat->real.hi));
	return nat->kind != NAT_EXEMPT && lane->client_is_appliance && (!in || real == in) &&
	       (nat->acl || nat->real_unknown ||
	        (nat->real.lo <= lane->client && lane->client <= nat->real.hi));
}

void way_nat_limits(struct arena *arena, const struct config *config, const struct way *way,
                    const struct lane *lane, struct bounds *out)
{
	if (way->rules.n == 0) {
		lane_nat_limits(arena, config, lane, out);
		return;
	}
	VEC_EACH(const struct legacy_nat, nat, &config->nats) {
		struct bound bound = {.lane = lane, .box = lane->real, .nat = nat};
		bool limits =
		        nat->limits.max_conns || nat->limits.embryonic || nat->limits.udp_max_conns;
		if (limits && is_of_lane(config, lane, nat) && narrow(arena, config, way, &bound))
			add_limits(arena, config, out, &bound);
	}
}
