/* SPDX-License-Identifier: ISC */
#include "tests/property/sample.h"

enum { ICMP = 1, TCP = 6, UDP = 17 };

/* --- numbers ----------------------------------------------------------------------------- */

/* splitmix64 */
uint64_t rng_next(struct rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint32_t rng_below(struct rng *rng, uint32_t n)
{
	return n ? (uint32_t)(rng_next(rng) % n) : 0;
}

bool rng_percent(struct rng *rng, unsigned percent)
{
	return rng_below(rng, 100) < percent;
}

uint64_t rng_range(struct rng *rng, uint64_t lo, uint64_t hi)
{
	return hi - lo == UINT64_MAX ? rng_next(rng) : lo + rng_next(rng) % (hi - lo + 1);
}

/* --- points ------------------------------------------------------------------------------ */

static void add_range(struct arena *arena, struct points *points, struct range range)
{
	VEC_PUSH(arena, &points->addresses, range.lo);
	VEC_PUSH(arena, &points->addresses, range.hi);
	if (range.lo > 0)
		VEC_PUSH(arena, &points->addresses, range.lo - 1);
	if (range.hi < U128_MAX)
		VEC_PUSH(arena, &points->addresses, range.hi + 1);
	if (range.lo == range.hi)
		VEC_PUSH(arena, &points->hosts, range.lo);
}

static void add_addr(struct arena *arena, struct points *points, const struct addr_spec *spec)
{
	if (spec->kind == ADDR_RANGE)
		add_range(arena, points, spec->range);
}

static void add_ports(struct arena *arena, struct points *points, uint32_t lo, uint32_t hi)
{
	for (uint32_t port = lo > 0 ? lo - 1 : 0; port <= lo + 1; port++)
		VEC_PUSH(arena, &points->ports, (uint16_t)(port > 65535 ? 65535 : port));
	for (uint32_t port = hi > 0 ? hi - 1 : 0; port <= hi + 1 && hi != lo; port++)
		VEC_PUSH(arena, &points->ports, (uint16_t)(port > 65535 ? 65535 : port));
}

static void add_port_spec(struct arena *arena, struct points *points, const struct port_spec *spec)
{
	if (spec->kind == PORT_RANGE || spec->kind == PORT_NOT)
		add_ports(arena, points, spec->lo, spec->hi);
}

static void add_service(struct arena *arena, struct points *points, const struct service_spec *spec)
{
	if (spec->kind != SERVICE_PROTOCOLS)
		return;
	if (spec->proto_lo == spec->proto_hi)
		VEC_PUSH(arena, &points->protocols, spec->proto_lo);
	add_port_spec(arena, points, &spec->source);
	add_port_spec(arena, points, &spec->dest);
}

static void add_objects(struct arena *arena, struct points *points, const struct config *config)
{
	for (uint32_t i = 0; i < config->addr_pool.n; i++)
		add_addr(arena, points, &config->addr_pool.v[i]);
	for (uint32_t i = 0; i < config->service_pool.n; i++)
		add_service(arena, points, &config->service_pool.v[i]);
	VEC_EACH(const struct object, object, &config->objects) {
		if (object->kind == OBJECT_ADDRESS)
			add_addr(arena, points, &object->address);
		if (object->kind == OBJECT_SERVICE)
			add_service(arena, points, &object->service);
	}
	VEC_EACH(const struct group, group, &config->groups)
		VEC_EACH(const struct member, member, &group->members) {
			if (member->kind == MEMBER_ADDRESS)
				add_addr(arena, points, &member->address);
			if (member->kind == MEMBER_SERVICE)
				add_service(arena, points, &member->service);
			if (member->kind == MEMBER_PORTS)
				add_port_spec(arena, points, &member->ports);
		}
}

struct points points_of(struct arena *arena, const struct config *config)
{
	static const uint16_t ports[] = {0, 22, 25, 53, 80, 1024, 6025, 7025, 65535};
	static const uint8_t protocols[] = {0, ICMP, ICMP, TCP, UDP, 47, 50, 51, 132, 255};
	struct points points = {0};
	add_objects(arena, &points, config);
	static const uint32_t odd[] = {0x7f000001, 0xe0000005, 0xf0000001, 0x00000009};
	static const uint16_t odd6[] = {0xfe80, 0xff02, 0};
	add_range(arena, &points, (struct range){addr4(0), ADDR4_MAX});
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		VEC_PUSH(arena, &points.addresses, addr4(odd[i]));
	for (size_t i = 0; i < sizeof(odd6) / sizeof(odd6[0]); i++)
		VEC_PUSH(arena, &points.addresses, (u128)odd6[i] << 112 | 1);
	add_range(arena, &points, (struct range){addr4(0xc6336401), addr4(0xc63364fe)});
	VEC_EACH(const struct legacy_nat, nat, &config->nats) {
		add_range(arena, &points, nat->real);
		add_range(arena, &points, nat->mapped);
		add_ports(arena, &points, nat->real_port, nat->mapped_port);
	}
	VEC_EACH(const struct object_nat, nat, &config->object_nats) {
		add_addr(arena, &points, &nat->mapped);
		add_ports(arena, &points, nat->real_port, nat->mapped_port);
	}
	VEC_EACH(const struct global_pool, pool, &config->globals)
		add_range(arena, &points, pool->addresses);
	VEC_EACH(const struct route, route, &config->routes)
		add_range(arena, &points, route->network);
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses) {
			add_range(arena, &points, at->network);
			VEC_PUSH(arena, &points.addresses, at->address);
		}
	VEC_EACH(const struct class_map, map, &config->class_maps) {
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_PORT)
				add_ports(arena, &points, match->lo, match->hi);
		VEC_EACH(const struct class_match, match, &map->refused)
			if (match->kind == MATCH_PORT)
				add_ports(arena, &points, match->lo, match->hi);
	}
	VEC_EACH(const struct fixup, fixup, &config->fixups)
		add_ports(arena, &points, fixup->lo, fixup->hi);
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		add_ports(arena, &points, ports[i], ports[i]);
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		VEC_PUSH(arena, &points.protocols, protocols[i]);
	return points;
}

/* --- packets ----------------------------------------------------------------------------- */

u128 pick_address(struct rng *rng, const struct points *points, bool v4)
{
	for (int tries = 0; tries < 20 && points->addresses.n; tries++) {
		u128 address = points->addresses.v[rng_below(rng, points->addresses.n)];
		if (addr_is4(address) == v4)
			return address;
	}
	u128 low = rng_next(rng);
	return v4 ? addr4((uint32_t)low) : (u128)0x20010db800000000u << 64 | low;
}

uint16_t pick_port(struct rng *rng, const struct points *points)
{
	if (rng_percent(rng, 20))
		return (uint16_t)rng_next(rng);
	return points->ports.v[rng_below(rng, points->ports.n)];
}

static uint8_t pick_protocol(struct rng *rng, const struct points *points)
{
	if (rng_percent(rng, 55))
		return TCP;
	return rng_percent(rng, 40) ? UDP
	                            : points->protocols.v[rng_below(rng, points->protocols.n)];
}

struct slow_packet pick_packet(struct rng *rng, const struct points *points)
{
	bool v4 = !rng_percent(rng, 15);
	struct slow_packet packet = {.proto = pick_protocol(rng, points)};
	packet.src = pick_address(rng, points, v4);
	packet.dst = packet.real_dst = pick_address(rng, points, v4);
	packet.sport = pick_port(rng, points);
	packet.dport = rng_percent(rng, 30) ? 25 : pick_port(rng, points);
	packet.real_dport = packet.dport;
	return packet;
}

/* An end of one of the ranges that a spec stands for, or a neighbour of it. */
static bool near_addr(struct rng *rng, const struct config *config, const struct addr_spec *spec,
                      u128 *address, unsigned depth)
{
	const struct object *object;
	const struct group *group;
	switch (spec->kind) {
	case ADDR_RANGE:
		*address = rng_percent(rng, 50) ? spec->range.lo : spec->range.hi;
		if (rng_percent(rng, 15))
			*address += rng_percent(rng, 50) ? 1 : (u128)-1;
		return true;
	case ADDR_OBJECT:
		object = config_object(config, spec->name);
		return object && object->kind == OBJECT_ADDRESS &&
		       near_addr(rng, config, &object->address, address, depth);
	case ADDR_GROUP:
		group = config_group(config, spec->name);
		if (!group || group->members.n == 0 || depth > 8)
			return false;
		const struct member *member = &group->members.v[rng_below(rng, group->members.n)];
		struct addr_spec next = {.kind = ADDR_GROUP, .name = member->group};
		if (member->kind == MEMBER_ADDRESS)
			next = member->address;
		else if (member->kind != MEMBER_GROUP)
			return false;
		return near_addr(rng, config, &next, address, depth + 1);
	case ADDR_ANY:
	case ADDR_ANY4:
	case ADDR_ANY6:
	case ADDR_INTERFACE:
	case ADDR_UNKNOWN:
		break;
	}
	return false;
}

static void near_port(struct rng *rng, const struct port_spec *spec, uint16_t *port)
{
	if (spec->kind != PORT_RANGE)
		return;
	*port = rng_percent(rng, 50) ? spec->lo : spec->hi;
	if (rng_percent(rng, 15))
		*port = (uint16_t)(*port + (rng_percent(rng, 50) ? 1 : -1));
}

struct slow_packet pick_near(struct rng *rng, const struct config *config,
                             const struct points *points, const struct acl *acl)
{
	struct slow_packet packet = pick_packet(rng, points);
	u128 src = packet.src, dst = packet.dst;
	if (acl->aces.n == 0)
		return packet;
	const struct ace *ace = &acl->aces.v[rng_below(rng, acl->aces.n)];
	if (ace->action != ACE_PERMIT && ace->action != ACE_DENY)
		return packet;
	const struct service_spec *service = &config->service_pool.v[ace->service];
	near_addr(rng, config, &config->addr_pool.v[ace->src], &src, 0);
	bool aimed = near_addr(rng, config, &config->addr_pool.v[ace->dst], &dst, 0);
	if (addr_is4(src) != addr_is4(dst)) {
		if (aimed)
			src = pick_address(rng, points, addr_is4(dst));
		else
			dst = pick_address(rng, points, addr_is4(src));
	}
	packet.src = src;
	packet.dst = packet.real_dst = dst;
	if (service->kind == SERVICE_PROTOCOLS) {
		if (service->proto_lo == service->proto_hi)
			packet.proto = service->proto_lo;
		near_port(rng, &service->source, &packet.sport);
		near_port(rng, &service->dest, &packet.dport);
		packet.real_dport = packet.dport;
	}
	return packet;
}
