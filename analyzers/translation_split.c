/* SPDX-License-Identifier: ISC */
/*
 * Packets in classes that no rule, route or address of the firewall tells apart. Points of a
 * dimension are in one class when they are in the same sets; rules of which only matters which
 * comes first count as one (is_plain).
 */
#include "analyzers/compare_translation.h"

static bool is_at(const struct interface *rule, const struct interface *ifc)
{
	return !rule || rule == ifc;
}

static uint32_t key_of(const struct split *split, const char *kind, uint32_t a, uint32_t b,
                       uint32_t c)
{
	struct buf content = {.arena = split->scope->scratch};
	buf_printf(&content, "key %s %u %u %u", kind, a, b, c);
	return same_content(split->scope->compare->same, &content);
}

static void mark(struct split *split, enum dim dim, struct iset set, uint32_t key)
{
	if (iset_overlaps(set, split->box.dim[dim]))
		VEC_PUSH(split->scope->scratch, &split->marks[dim].list, (struct mark){set, key});
}

static void mark_ports(struct split *split, uint16_t lo, uint16_t hi)
{
	struct iset set = iset_range(split->scope->scratch, lo, hi);
	uint32_t key = key_of(split, "port", lo, hi, 0);
	mark(split, DIM_SPORT, set, key);
	mark(split, DIM_DPORT, set, key);
}

static void mark_ace(struct split *split, enum side side, const struct ace *ace, uint32_t key)
{
	const struct config *config = split->scope->compare->config[side];
	const struct addr_set *ends[] = {config_addr_set(config, ace->src),
	                                 config_addr_set(config, ace->dst)};
	for (int i = 0; i < 2; i++) {
		uint32_t may = key_of(split, "may", key, (uint32_t)i, 0);
		uint32_t must = key_of(split, "must", key, (uint32_t)i, 0);
		mark(split, DIM_SRC, ends[i]->may, may);
		mark(split, DIM_SRC, ends[i]->must, must);
		mark(split, DIM_DST, ends[i]->may, may);
		mark(split, DIM_DST, ends[i]->must, must);
	}
	uint32_t n = 0;
	VEC_EACH(const struct service_box, box, &config_service_set(config, ace->service)->may) {
		n++;
		mark(split, DIM_PROTO, box->proto, key_of(split, "service", key, n, 0));
		mark(split, DIM_SPORT, box->sport, key_of(split, "sport", key, n, 0));
		mark(split, DIM_DPORT, box->dport, key_of(split, "dport", key, n, 0));
		mark(split, DIM_DPORT, box->sport, key_of(split, "back", key, n, 0));
	}
}

static void mark_services(struct split *split, const struct nat_rule *rule)
{
	if (rule->protocol)
		mark(split, DIM_PROTO, iset_point(split->scope->scratch, rule->protocol),
		     key_of(split, "protocol", rule->protocol, 0, 0));
	if (rule->source.set) {
		mark_ports(split, rule->source.real_lo, rule->source.real_hi);
		mark_ports(split, rule->source.mapped_lo, rule->source.mapped_hi);
	}
	if (rule->dest.set) {
		mark_ports(split, rule->dest.real_lo, rule->dest.real_hi);
		mark_ports(split, rule->dest.mapped_lo, rule->dest.mapped_hi);
	}
}

/* PAT does not take all protocols, nor all types of ICMP (pat.h). */
static void mark_pat(struct split *split)
{
	static const uint8_t protocols[] = {PROTO_UDP, PROTO_ICMP, PROTO_ICMP6, PROTO_SCTP,
	                                    47,        50,         51};
	static const uint8_t types[] = {0, 8};
	for (uint32_t i = 0; i < sizeof(protocols); i++)
		mark(split, DIM_PROTO, iset_point(split->scope->scratch, protocols[i]),
		     key_of(split, "pat", protocols[i], 0, 0));
	/* Of other protocols these are ports, which PAT does not mind. */
	bool icmp = iset_equal(split->box.dim[DIM_PROTO],
	                       iset_point(split->scope->scratch, PROTO_ICMP));
	for (uint32_t i = 0; icmp && i < sizeof(types); i++)
		mark(split, DIM_SPORT, iset_point(split->scope->scratch, types[i]),
		     key_of(split, "type", types[i], 0, 0));
}

/* The ends of networks, which may be those of connected ones, too. */
static void mark_ends(struct split *split, struct iset set)
{
	uint32_t key = key_of(split, "end", 0, 0, 0);
	for (uint32_t i = 0; i < set.n; i++)
		if (set.v[i].lo != set.v[i].hi && set.v[i].hi - set.v[i].lo < UINT32_MAX) {
			mark(split, DIM_DST, iset_point(split->scope->scratch, set.v[i].lo), key);
			mark(split, DIM_DST, iset_point(split->scope->scratch, set.v[i].hi), key);
		}
}

static void mark_rule(struct split *split, enum side side, const struct nat_rule *rule,
                      uint32_t index)
{
	const struct scope *scope = split->scope;
	const struct reach *reach = &scope->reach[side][index];
	struct iset real = reach->real, mapped = reach->mapped, far = reach->far;
	bool at_real = is_at(rule->real_ifc, split->in[side]);
	bool at_mapped = is_at(rule->mapped_ifc, split->in[side]);
	bool from = at_real && iset_overlaps(real, split->box.dim[DIM_SRC]) &&
	            iset_overlaps(far, split->box.dim[DIM_DST]);
	bool to = at_mapped && (iset_overlaps(mapped, split->box.dim[DIM_DST]) ||
	                        iset_overlaps(real, split->box.dim[DIM_DST]));
	uint32_t place = 0;
	if (rule->nowhere || (!from && !to && !rule->acl))
		return;
	uint32_t key =
	        reach->plain ? reach->plain : key_of(split, "rule", (uint32_t)side, index, 0);
	if (from) {
		mark(split, DIM_SRC, real, key);
		mark(split, DIM_SRC, rule->src_real.must, key_of(split, "must", key, 2, 0));
		mark(split, DIM_DST, rule->dst_mapped.must, key_of(split, "must", key, 3, 0));
	}
	if (from && rule->act == ACT_DYNAMIC)
		mark_pat(split);
	if (from && rule->has_dst)
		mark(split, DIM_DST, far, key_of(split, "far", key, 0, 0));
	if (to && rule->has_dst)
		mark(split, DIM_SRC, rule->dst_real.may, key_of(split, "peer", key, 0, 0));
	if (to) {
		mark_ends(split, mapped);
		mark(split, DIM_DST, mapped, key_of(split, "mapped", key, 0, 0));
		mark(split, DIM_DST, real, key_of(split, "real", key, 0, 0));
	}
	if (rule->acl)
		VEC_EACH(const struct ace, ace, &rule->acl->aces)
			if (ace->action == ACE_PERMIT || ace->action == ACE_DENY)
				mark_ace(split, side, ace, key_of(split, "ace", key, place++, 0));
	mark_services(split, rule);
}

/* Where addresses lie by the routes: only which interface it is tells them apart. */
static void mark_routes(struct split *split, enum side side, enum dim dim)
{
	const struct route_table *routes = &split->scope->all->tracer[side].routes;
	struct marks networks = {0};
	uint32_t n = 0;
	VEC_EACH(const struct hop, hop, &routes->list) {
		struct iset network =
		        iset_range(split->scope->scratch, hop->network.lo, hop->network.hi);
		if (iset_overlaps(network, split->box.dim[dim]))
			VEC_PUSH(split->scope->scratch, &networks.list,
			         (struct mark){network, n++});
	}
	struct alike parts = alike_of(split->scope->scratch, split->box.dim[dim], &networks);
	VEC_EACH(const struct iset, part, &parts.list) {
		struct route_to to = path_route(routes, part->v[0].lo);
		bool by_default =
		        to.route && to.route->network.hi - to.route->network.lo >= UINT32_MAX;
		uint32_t flags = (uint32_t)to.ambiguous | (uint32_t)to.masked << 1 |
		                 (uint32_t)to.discarded << 2 | (uint32_t)by_default << 3;
		mark(split, dim, *part,
		     key_of(split, "route", (uint32_t)side, to.ifc ? to.ifc->nameif : 0, flags));
	}
}

/* What holds whatever the configs say: families, and addresses that no one host has. */
static void mark_kinds(struct split *split)
{
	struct arena *arena = split->scope->scratch;
	const struct iset kinds[] = {
	        iset_family(arena, iset_all(), true),
	        iset_range(arena, ADDR4_MIN, addr4(0x00ffffff)),
	        iset_range(arena, addr4(0x7f000000), addr4(0x7fffffff)),
	        iset_range(arena, addr4(0xe0000000), addr4(0xefffffff)),
	        iset_range(arena, addr4(0xf0000000), ADDR4_MAX),
	        iset_point(arena, ADDR4_MIN),
	        iset_point(arena, ADDR4_MAX),
	        iset_point(arena, 0),
	        iset_point(arena, 1),
	        iset_range(arena, (u128)0xfe80 << 112, ((u128)0xfec0 << 112) - 1),
	        iset_range(arena, (u128)0xff << 120, U128_MAX),
	};
	for (uint32_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		mark(split, DIM_DST, kinds[i], key_of(split, "kind", i, 0, 0));
	mark(split, DIM_SRC, kinds[0], key_of(split, "kind", 0, 0, 0));
	mark(split, DIM_PROTO, iset_point(arena, PROTO_TCP), key_of(split, "tcp", 0, 0, 0));
}

static void mark_all(struct split *split)
{
	mark_kinds(split);
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct nat_table *table = &split->scope->all->tracer[side].nat;
		const struct config *config = split->scope->compare->config[side];
		for (uint32_t i = 0; i < table->rules.n; i++)
			mark_rule(split, (enum side)side, &table->rules.v[i], i);
		mark_routes(split, (enum side)side, DIM_DST);
		if (split->in[side]->verify_reverse.len)
			mark_routes(split, (enum side)side, DIM_SRC);
		mark(split, DIM_DST, path_no_hosts(config, split->scope->scratch),
		     key_of(split, "no host", (uint32_t)side, 0, 0));
		mark(split, DIM_DST, reach_own(split->scope, (enum side)side, NULL),
		     key_of(split, "own", (uint32_t)side, 0, 0));
	}
}

void split_by_rules(struct split *split, struct alike parts[DIM_COUNT])
{
	mark_all(split);
	for (int dim = 0; dim < DIM_COUNT; dim++)
		parts[dim] =
		        alike_of(split->scope->scratch, split->box.dim[dim], &split->marks[dim]);
}
