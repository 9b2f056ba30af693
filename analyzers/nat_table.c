/* SPDX-License-Identifier: ISC */
/* See nat_table.h. */
#include "analyzers/nat_rule.h"

#include <stdlib.h>

/* A fragment may have no interface at all; then its rules hold for whichever there are. */
static bool has_interfaces(const struct config *config)
{
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (ifc->nameif)
			return true;
	return false;
}

/* The interface of a nameif; 0 is any. */
static const struct interface *ifc_of(const struct config *config, name_id name, bool *nowhere)
{
	const struct interface *ifc = name ? config_interface(config, name) : NULL;
	*nowhere |= name && !ifc && has_interfaces(config);
	return ifc;
}

static struct addr_set set_of(struct arena *arena, struct range range, bool unknown)
{
	struct addr_set set = {.may = iset_all(), .why = WHY_MASKED};
	if (unknown)
		return set;
	set.must = set.may = iset_range(arena, range.lo, range.hi);
	set.why = WHY_NONE;
	return set;
}

static struct nat_rule legacy_rule(struct arena *arena, const struct config *config,
                                   const struct legacy_nat *nat)
{
	static const enum nat_act acts[] = {
	        [NAT_STATIC] = ACT_STATIC,
	        [NAT_DYNAMIC] = ACT_DYNAMIC,
	        [NAT_EXEMPT] = ACT_EXEMPT,
	        [NAT_IDENTITY] = ACT_IDENTITY,
	};
	struct nat_rule rule = {.legacy = nat, .span = nat->span, .act = acts[nat->kind]};
	rule.real_ifc = ifc_of(config, nat->real_ifc, &rule.nowhere);
	if (nat->kind == NAT_STATIC)
		rule.mapped_ifc = ifc_of(config, nat->mapped_ifc, &rule.nowhere);
	if (nat->acl) {
		rule.acl = config_acl(config, nat->acl);
		rule.doubtful = !rule.acl;
	} else {
		rule.src_real = set_of(arena, nat->real, nat->real_unknown);
	}
	rule.to_interface = nat->mapped_is_interface;
	if (nat->kind == NAT_STATIC && !rule.to_interface)
		rule.src_mapped = set_of(arena, nat->mapped, nat->mapped_unknown);
	rule.protocol = nat->protocol;
	if (nat->protocol)
		rule.source = (struct port_map){true, nat->real_port, nat->real_port,
		                                nat->mapped_port, nat->mapped_port};
	return rule;
}

struct pools {
	VEC(struct nat_pool) list; /* by number, each in the order of the text */
};

static int compare_pools(const void *a, const void *b)
{
	const struct global_pool *left = ((const struct nat_pool *)a)->global;
	const struct global_pool *right = ((const struct nat_pool *)b)->global;
	if (left->id != right->id)
		return left->id < right->id ? -1 : 1;
	return left < right ? -1 : left > right;
}

static struct pools pools_of(struct arena *arena, const struct config *config)
{
	struct pools pools = {0};
	VEC_EACH(const struct global_pool, global, &config->globals) {
		struct nat_pool pool = {.global = global, .addresses = {&global->addresses, 1}};
		pool.ifc = config_interface(config, global->ifc);
		if (global->is_interface)
			pool.addresses = rule_own_address(arena, pool.ifc, true).may;
		VEC_PUSH(arena, &pools.list, pool);
	}
	if (pools.list.n)
		qsort(pools.list.v, pools.list.n, sizeof(*pools.list.v), compare_pools);
	return pools;
}

/* Give a rule the pools of its number. */
static void find_pools(const struct pools *pools, struct nat_rule *rule)
{
	uint32_t lo = 0, hi = pools->list.n;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (pools->list.v[mid].global->id < rule->legacy->id)
			lo = mid + 1;
		else
			hi = mid;
	}
	rule->pools = pools->list.v + lo;
	for (; lo < pools->list.n && pools->list.v[lo].global->id == rule->legacy->id; lo++)
		rule->n_pools++;
}

/* The four steps of the releases before 8.3. */
enum legacy_step { STEP_EXEMPT, STEP_STATIC, STEP_LIST, STEP_CLOSEST };

static enum legacy_step legacy_step(const struct legacy_nat *nat)
{
	switch (nat->kind) {
	case NAT_EXEMPT:
		return STEP_EXEMPT;
	case NAT_STATIC:
		return STEP_STATIC;
	case NAT_DYNAMIC:
	case NAT_IDENTITY:
		break;
	}
	return nat->acl ? STEP_LIST : STEP_CLOSEST;
}

static int compare_size(u128 a, u128 b)
{
	return a < b ? -1 : a > b;
}

static int compare_legacy(const void *a, const void *b)
{
	const struct nat_rule *left = a, *right = b;
	enum legacy_step step = legacy_step(left->legacy), other = legacy_step(right->legacy);
	if (step != other)
		return step < other ? -1 : 1;
	if (step == STEP_CLOSEST) {
		int by_size = compare_size(left->legacy->real.hi - left->legacy->real.lo,
		                           right->legacy->real.hi - right->legacy->real.lo);
		if (by_size)
			return by_size;
	}
	return left->legacy < right->legacy ? -1 : left->legacy > right->legacy;
}

/* Both sets of an object NAT: its object's addresses, and what they become. */
static bool object_rule(struct arena *arena, const struct config *config,
                        const struct object_nat *nat, struct nat_rule *out)
{
	uint32_t at = config_index_get(&config->object_index, nat->object);
	struct nat_rule rule = {.object = nat, .span = nat->span};
	if (!at)
		return false;
	rule.act = nat->kind == XLATE_STATIC ? ACT_STATIC : ACT_DYNAMIC;
	rule.real_ifc = ifc_of(config, nat->real_ifc, &rule.nowhere);
	rule.mapped_ifc = ifc_of(config, nat->mapped_ifc, &rule.nowhere);
	rule.src_real = config->object_sets[at - 1];
	rule.to_interface = nat->mapped.kind == ADDR_INTERFACE;
	rule.src_interface6 = nat->interface6;
	if (!rule.to_interface)
		rule.src_mapped = config_resolve(config, arena, &nat->mapped);
	rule.protocol = nat->protocol;
	rule.route_lookup = nat->route_lookup;
	if (nat->protocol)
		rule.source = (struct port_map){true, nat->real_port, nat->real_port,
		                                nat->mapped_port, nat->mapped_port};
	*out = rule;
	return true;
}

/* Does a set hold addresses of a family? */
static bool has_family(struct arena *arena, struct iset set, bool v4)
{
	return !iset_is_empty(iset_intersect(arena, set, iset_family(arena, iset_all(), v4)));
}

/*
 * `any` is of the family that the line maps to: towards an IPv4 address it is any IPv4. Between
 * families only a destination that is translated too could lead.
 */
static void settle_any(struct arena *arena, const struct addr_spec *real, struct nat_rule *rule)
{
	bool v4 = rule->to_interface ? !rule->src_interface6
	                             : has_family(arena, rule->src_mapped.may, true);
	bool v6 = rule->to_interface ? rule->src_interface6
	                             : has_family(arena, rule->src_mapped.may, false);
	if (real->kind != ADDR_ANY || v4 == v6)
		return;
	struct iset family = iset_family(arena, iset_all(), v4);
	rule->src_real.must = iset_intersect(arena, rule->src_real.must, family);
	rule->src_real.may = iset_intersect(arena, rule->src_real.may, family);
}

struct objects_order {
	const struct config *config;
	struct nat_rule rule;
};

static int compare_objects(const void *a, const void *b)
{
	const struct objects_order *left = a, *right = b;
	if (left->rule.act != right->rule.act)
		return left->rule.act == ACT_STATIC ? -1 : 1;
	struct iset x = left->rule.src_real.may, y = right->rule.src_real.may;
	int order = compare_size(iset_size_capped(x, U128_MAX), iset_size_capped(y, U128_MAX));
	if (order == 0 && x.n && y.n)
		order = compare_size(x.v[0].lo, y.v[0].lo);
	if (order == 0)
		order = str_cmp(config_name(left->config, left->rule.object->object),
		                config_name(left->config, right->rule.object->object));
	return order;
}

static void add_objects(struct arena *arena, const struct config *config, struct nat_table *table)
{
	VEC(struct objects_order) order = {0};
	VEC_EACH(const struct object_nat, nat, &config->object_nats) {
		struct objects_order one = {.config = config};
		if (object_rule(arena, config, nat, &one.rule))
			VEC_PUSH(arena, &order, one);
	}
	if (order.n)
		qsort(order.v, order.n, sizeof(*order.v), compare_objects);
	VEC_EACH(const struct objects_order, one, &order)
		VEC_PUSH(arena, &table->rules, one->rule);
}

/* Are the members of a group, if it is one, told in another order than that of their addresses? */
static bool is_disordered(const struct config *config, const struct addr_spec *spec)
{
	const struct group *group =
	        spec->kind == ADDR_GROUP ? config_group(config, spec->name) : NULL;
	const struct range *last = NULL;
	if (!group)
		return false;
	VEC_EACH(const struct member, member, &group->members) {
		const struct addr_spec *at = &member->address;
		const struct object *object =
		        member->kind == MEMBER_ADDRESS && at->kind == ADDR_OBJECT
		                ? config_object(config, at->name)
		                : NULL;
		if (object && object->kind == OBJECT_ADDRESS)
			at = &object->address;
		if (member->kind != MEMBER_ADDRESS || at->kind != ADDR_RANGE ||
		    (last && last->hi >= at->range.lo))
			return true;
		last = &at->range;
	}
	return false;
}

/*
 * Which address of a group becomes which of another: by the order of their members or of their
 * addresses, the documents do not say.
 */
static void settle_order(const struct config *config, const struct addr_spec *real,
                         const struct addr_spec *to, struct addr_set *mapped)
{
	if (real->kind == to->kind && real->name == to->name)
		return;
	if (!is_disordered(config, real) && !is_disordered(config, to))
		return;
	mapped->must = iset_none();
	mapped->why = WHY_TWO_READINGS;
}

/* One place of ports in a service object; false when it is no plain range. */
static bool ports_of(const struct port_spec *spec, uint16_t *lo, uint16_t *hi)
{
	*lo = 0;
	*hi = 65535;
	if (spec->kind == PORT_ANY)
		return true;
	*lo = spec->lo;
	*hi = spec->hi;
	return spec->kind == PORT_RANGE;
}

/*
 * `service A B`: as it leaves the real side a packet has A and gets B. Source ports are those of
 * the real host; destination ports those of the far end, mapped first.
 */
static bool read_services(const struct config *config, const struct twice_nat *nat,
                          struct nat_rule *rule)
{
	const struct object *a = config_object(config, nat->service_real);
	const struct object *b = config_object(config, nat->service_mapped);
	if (!nat->service_real)
		return true;
	if (!a || !b || a->service.kind != SERVICE_PROTOCOLS ||
	    b->service.kind != SERVICE_PROTOCOLS || a->service.tcp_udp ||
	    a->service.proto_lo != a->service.proto_hi)
		return false;
	rule->protocol = a->service.proto_lo;
	rule->source.set = rule->dest.set = true;
	bool read =
	        ports_of(&a->service.source, &rule->source.real_lo, &rule->source.real_hi) &&
	        ports_of(&b->service.source, &rule->source.mapped_lo, &rule->source.mapped_hi) &&
	        ports_of(&a->service.dest, &rule->dest.mapped_lo, &rule->dest.mapped_hi) &&
	        ports_of(&b->service.dest, &rule->dest.real_lo, &rule->dest.real_hi);
	/* Destination ports that change where the destination does not: not followed. */
	bool same = rule->dest.mapped_lo == rule->dest.real_lo &&
	            rule->dest.mapped_hi == rule->dest.real_hi;
	return read && (same || nat->has_destination);
}

static struct nat_rule twice_rule(struct arena *arena, const struct config *config,
                                  const struct twice_nat *nat)
{
	struct nat_rule rule = {.twice = nat, .span = nat->span, .doubtful = nat->unknown};
	rule.act = nat->kind == XLATE_STATIC ? ACT_STATIC : ACT_DYNAMIC;
	rule.real_ifc = ifc_of(config, nat->real_ifc, &rule.nowhere);
	rule.mapped_ifc = ifc_of(config, nat->mapped_ifc, &rule.nowhere);
	rule.src_real = config_resolve(config, arena, &nat->src_real);
	rule.to_interface = nat->src_mapped.kind == ADDR_INTERFACE;
	rule.src_interface6 = nat->src_interface6;
	if (!rule.to_interface)
		rule.src_mapped = config_resolve(config, arena, &nat->src_mapped);
	settle_any(arena, &nat->src_real, &rule);
	if (rule.act == ACT_STATIC && !rule.to_interface)
		settle_order(config, &nat->src_real, &nat->src_mapped, &rule.src_mapped);
	rule.has_dst = nat->has_destination;
	if (rule.has_dst) {
		rule.dst_interface = nat->dst_mapped.kind == ADDR_INTERFACE;
		rule.dst_interface6 = nat->dst_interface6;
		if (!rule.dst_interface)
			rule.dst_mapped = config_resolve(config, arena, &nat->dst_mapped);
		rule.dst_real = config_resolve(config, arena, &nat->dst_real);
		if (!rule.dst_interface)
			settle_order(config, &nat->dst_real, &nat->dst_mapped, &rule.dst_mapped);
	}
	rule.one_way = nat->unidirectional;
	rule.route_lookup = nat->route_lookup;
	if (!read_services(config, nat, &rule))
		rule.doubtful = true;
	return rule;
}

static void add_twice(struct arena *arena, const struct config *config, bool after_auto,
                      struct nat_table *table)
{
	VEC_EACH(const struct twice_nat, nat, &config->twice_nats)
		if (!nat->inactive && nat->after_auto == after_auto)
			VEC_PUSH(arena, &table->rules, twice_rule(arena, config, nat));
}

struct nat_table nat_table_of(struct arena *arena, const struct config *config)
{
	struct nat_table table = {.modern = config_uses_real_addresses(config)};
	if (table.modern) {
		add_twice(arena, config, false, &table);
		add_objects(arena, config, &table);
		add_twice(arena, config, true, &table);
		return table;
	}
	const struct pools pools = pools_of(arena, config);
	VEC_EACH(const struct legacy_nat, nat, &config->nats) {
		struct nat_rule rule = legacy_rule(arena, config, nat);
		if (rule.act == ACT_DYNAMIC && pools.list.n)
			find_pools(&pools, &rule);
		VEC_PUSH(arena, &table.rules, rule);
	}
	if (table.rules.n)
		qsort(table.rules.v, table.rules.n, sizeof(*table.rules.v), compare_legacy);
	return table;
}

/* --- order of lines ----------------------------------------------------------------------- */

static bool ranges_meet(struct range a, struct range b)
{
	return a.lo <= b.hi && b.lo <= a.hi;
}

static bool interfaces_apart(const struct config *config, name_id a, name_id b)
{
	return a && b && !str_eq_nocase(config_name(config, a), config_name(config, b));
}

/* The mapped addresses of a static; false where they are not in the text. */
static bool mapped_of(const struct config *config, const struct legacy_nat *nat,
                      struct range *mapped)
{
	*mapped = nat->mapped;
	if (nat->acl || nat->mapped_unknown)
		return false;
	if (!nat->mapped_is_interface)
		return true;
	const struct interface *ifc = config_interface(config, nat->mapped_ifc);
	if (!ifc || ifc->addresses.n != 1 || ifc->addresses.v[0].masked)
		return false;
	mapped->lo = mapped->hi = ifc->addresses.v[0].address;
	return true;
}

bool nat_lines_meet(const struct config *config, const struct legacy_nat *a,
                    const struct legacy_nat *b)
{
	struct range mapped_a, mapped_b;
	bool ports_apart = a->protocol && b->protocol &&
	                   (a->protocol != b->protocol ||
	                    (a->real_port != b->real_port && a->mapped_port != b->mapped_port));
	bool vague_real = a->acl || b->acl || a->real_unknown || b->real_unknown;
	bool real = vague_real || ranges_meet(a->real, b->real);
	if (legacy_step(a) != legacy_step(b) || ports_apart)
		return false;
	/* The closest network has a packet, wherever its line stands. */
	if (legacy_step(a) == STEP_CLOSEST && !vague_real &&
	    a->real.hi - a->real.lo != b->real.hi - b->real.lo)
		return false;
	if (real && !interfaces_apart(config, a->real_ifc, b->real_ifc) &&
	    (a->kind != NAT_STATIC || !interfaces_apart(config, a->mapped_ifc, b->mapped_ifc)))
		return true;
	if (a->kind != NAT_STATIC || interfaces_apart(config, a->mapped_ifc, b->mapped_ifc))
		return false;
	if (!mapped_of(config, a, &mapped_a) || !mapped_of(config, b, &mapped_b))
		return true;
	return ranges_meet(mapped_a, mapped_b);
}

/* --- who is translated ------------------------------------------------------------------ */

struct iset nat_list_sources(struct arena *arena, const struct config *config,
                             const struct acl *acl)
{
	VEC(struct range) ranges = {0};
	VEC_EACH(const struct ace, ace, &acl->aces) {
		if (ace->action == ACE_UNKNOWN)
			return iset_all();
		if (ace->action == ACE_REMARK)
			continue;
		struct iset src = config_addr_set(config, ace->src)->may;
		for (uint32_t i = 0; i < src.n; i++)
			VEC_PUSH(arena, &ranges, src.v[i]);
	}
	return iset_of(arena, ranges.v, ranges.n);
}

struct iset nat_line_hosts(struct arena *arena, const struct config *config,
                           const struct legacy_nat *line)
{
	const struct acl *acl = line->acl ? config_acl(config, line->acl) : NULL;
	if (acl)
		return nat_list_sources(arena, config, acl);
	return line->acl || line->real_unknown ? iset_all()
	                                       : iset_range(arena, line->real.lo, line->real.hi);
}
