/* SPDX-License-Identifier: ISC */
#include "analyzers/path.h"

#include <stdlib.h>

/* --- interfaces and routes -------------------------------------------------------------- */

bool path_carries_traffic(const struct interface *ifc)
{
	return ifc->nameif && !ifc->shutdown && !ifc->management_only && !ifc->bridge_virtual;
}

/* A v6 range may span the points of IPv4; families never mix. */
static bool covers(struct range range, u128 address)
{
	return range.lo <= address && address <= range.hi &&
	       addr_is4(range.lo) == addr_is4(address);
}

static u128 size_of(struct range range)
{
	return range.hi - range.lo;
}

static bool is_default_route(const struct route *route)
{
	bool v4 = route->network.lo == ADDR4_MIN && route->network.hi == ADDR4_MAX;
	bool v6 = route->network.lo == 0 && route->network.hi == U128_MAX;
	return v4 || v6;
}

const struct interface *path_default(const struct config *config, bool v4)
{
	const struct route *best = NULL;
	VEC_EACH(const struct route, route, &config->routes)
		if (is_default_route(route) && addr_is4(route->network.lo) == v4 &&
		    (!best || route->metric < best->metric))
			best = route;
	if (best)
		return config_interface(config, best->ifc);
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (v4 && ifc->learns_default_route)
			return ifc;
	return NULL;
}

/* Longest prefix first; a connected network wins over a route of the same length. */
static struct place_of by_network(const struct config *config, u128 address)
{
	struct place_of best = {PLACED_NOWHERE, NULL};
	u128 size = U128_MAX;
	VEC_EACH(const struct interface, ifc, &config->interfaces) {
		if (!ifc->nameif || ifc->shutdown)
			continue;
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (!at->masked && covers(at->network, address) &&
			    size_of(at->network) < size) {
				best = (struct place_of){PLACED_CONNECTED, ifc};
				size = size_of(at->network);
			}
	}
	VEC_EACH(const struct route, route, &config->routes) {
		if (is_default_route(route) || !covers(route->network, address) ||
		    size_of(route->network) >= size)
			continue;
		best = (struct place_of){PLACED_ROUTE, config_interface(config, route->ifc)};
		size = size_of(route->network);
	}
	return best;
}

static int compare_points(const void *a, const void *b)
{
	u128 left = *(const u128 *)a, right = *(const u128 *)b;
	return left < right ? -1 : left > right;
}

/* Where the owner of an address can change: the ends of every network and route of the family. */
struct points {
	VEC(u128) list;
};

static void add_points(struct arena *arena, struct points *points, struct range range, bool v4)
{
	if (addr_is4(range.lo) != v4)
		return;
	VEC_PUSH(arena, &points->list, range.lo);
	if (range.hi != U128_MAX)
		VEC_PUSH(arena, &points->list, range.hi + 1);
}

static bool network_known(const struct config *config, const struct interface *ifc)
{
	VEC_EACH(const struct interface_address, at, &ifc->addresses)
		if (at->masked)
			return false;
	bool routed = false;
	VEC_EACH(const struct route, route, &config->routes)
		routed |= config_interface(config, route->ifc) == ifc;
	return ifc->addresses.n > 0 || routed;
}

struct iset path_behind(const struct config *config, struct arena *arena,
                        const struct interface *ifc, bool v4)
{
	struct iset family = iset_family(arena, iset_all(), v4);
	if (config->transparent || ifc->bridge_group)
		return family; /* a bridge: who is on which side, is not told */
	struct points points = {0};
	VEC(struct range) behind = {0};
	const struct interface *internet = path_default(config, v4);
	bool rest = !internet || internet == ifc || !network_known(config, ifc);
	for (uint32_t i = 0; i < family.n; i++)
		add_points(arena, &points, family.v[i], addr_is4(family.v[i].lo));
	VEC_EACH(const struct interface, at, &config->interfaces)
		VEC_EACH(const struct interface_address, address, &at->addresses)
			if (!address->masked)
				add_points(arena, &points, address->network, v4);
	VEC_EACH(const struct route, route, &config->routes)
		if (!is_default_route(route))
			add_points(arena, &points, route->network, v4);
	qsort(points.list.v, points.list.n, sizeof(*points.list.v), compare_points);
	for (uint32_t i = 0; i < points.list.n; i++) {
		u128 lo = points.list.v[i];
		u128 hi = i + 1 < points.list.n ? points.list.v[i + 1] - 1 : U128_MAX;
		if (lo > hi)
			continue;
		const struct interface *owner = by_network(config, lo).ifc;
		if (owner ? owner == ifc : rest)
			VEC_PUSH(arena, &behind, (struct range){lo, hi});
	}
	return iset_intersect(arena, family, iset_of(arena, behind.v, behind.n));
}

struct iset path_hosts(const struct config *config, struct arena *arena, struct iset set)
{
	struct iset hosts = set;
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses) {
			const u128 not_hosts[] = {at->address, at->network.lo, at->network.hi};
			for (size_t i = 0; i < 3 && !at->masked; i++)
				if (iset_contains(hosts, not_hosts[i]))
					hosts = iset_subtract(arena, hosts,
					                      iset_point(arena, not_hosts[i]));
		}
	return iset_is_empty(hosts) ? set : hosts;
}

/* --- naming ----------------------------------------------------------------------------- */

static bool is_host(struct iset set, u128 address)
{
	return set.n == 1 && set.v[0].lo == address && set.v[0].hi == address;
}

/* A host entry of NAT, access-list or object that is this very address. */
static bool is_named(const struct config *config, u128 address)
{
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if ((nat->real.lo == address && nat->real.hi == address) ||
		    (nat->mapped.lo == address && nat->mapped.hi == address))
			return true;
	for (uint32_t i = 0; i < config->addr_pool.n; i++)
		if (config->addr_pool.v[i].kind == ADDR_RANGE &&
		    is_host(config->addr_sets[i].must, address))
			return true;
	for (uint32_t i = 0; i < config->objects.n; i++)
		if (is_host(config->object_sets[i].must, address))
			return true;
	VEC_EACH(const struct group, group, &config->groups)
		VEC_EACH(const struct member, member, &group->members)
			if (member->kind == MEMBER_ADDRESS && member->address.kind == ADDR_RANGE &&
			    member->address.range.lo == address &&
			    member->address.range.hi == address)
				return true;
	return false;
}

/* The real interface of a translation of this very host. */
static const struct interface *by_translation(const struct config *config, u128 address)
{
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if (nat->kind == NAT_STATIC && nat->acl == 0 && !nat->real_unknown &&
		    nat->real.lo == address && nat->real.hi == address)
			return config_interface(config, nat->real_ifc);
	VEC_EACH(const struct object_nat, nat, &config->object_nats) {
		uint32_t at = config_index_get(&config->object_index, nat->object);
		if (at && nat->kind == XLATE_STATIC && nat->real_ifc &&
		    is_host(config->object_sets[at - 1].must, address))
			return config_interface(config, nat->real_ifc);
	}
	return NULL;
}

struct place_of path_place(const struct config *config, u128 address)
{
	struct place_of place = by_network(config, address);
	/* A bridge has both sides in one network: it crosses, and on which side who is, is not
	 * told. */
	if (place.ifc && (config->transparent || place.ifc->bridge_virtual))
		return (struct place_of){PLACED_NAMED, NULL};
	if (place.ifc)
		return place;
	const struct interface *ifc = by_translation(config, address);
	if (ifc)
		return (struct place_of){PLACED_NAT, ifc};
	if (is_named(config, address))
		return (struct place_of){PLACED_NAMED, path_default(config, addr_is4(address))};
	return (struct place_of){PLACED_NOWHERE, NULL};
}

/* --- routes ----------------------------------------------------------------------------- */

static void better_route(struct route_to *best, u128 *size, uint32_t *metric,
                         const struct route_to *other, u128 other_size, uint32_t other_metric)
{
	bool same = best->ifc && other_size == *size && other_metric == *metric;
	if (same && best->ifc != other->ifc)
		best->ambiguous = true;
	if (best->ifc && (other_size > *size || (other_size == *size && other_metric >= *metric)))
		return;
	*best = *other;
	*size = other_size;
	*metric = other_metric;
}

struct route_to path_route(const struct config *config, u128 address)
{
	struct route_to best = {0};
	u128 size = U128_MAX;
	uint32_t metric = UINT32_MAX;
	VEC_EACH(const struct interface, ifc, &config->interfaces) {
		if (!ifc->nameif || ifc->shutdown)
			continue;
		VEC_EACH(const struct interface_address, at, &ifc->addresses) {
			const struct route_to to = {ifc, NULL, ifc->span, false, false};
			if (at->masked)
				best.masked = true;
			else if (covers(at->network, address))
				better_route(&best, &size, &metric, &to, size_of(at->network), 0);
		}
	}
	bool masked = best.masked;
	VEC_EACH(const struct route, route, &config->routes) {
		const struct interface *ifc = config_interface(config, route->ifc);
		const struct route_to to = {ifc, route, route->span, false, false};
		bool v4 = addr_is4(address);
		bool fits = is_default_route(route) ? addr_is4(route->network.lo) == v4
		                                    : covers(route->network, address);
		if (fits && ifc)
			better_route(&best, &size, &metric, &to, size_of(route->network),
			             route->metric ? route->metric : 1);
	}
	best.masked = masked;
	return best;
}

/* --- translation ------------------------------------------------------------------------ */

struct seen_as path_seen(const struct config *config, struct arena *arena, u128 real, uint16_t port,
                         const struct interface *real_ifc, const struct interface *mapped_ifc)
{
	const struct nat_table table = nat_table_of(arena, config);
	struct xlate xlate = nat_server(arena, config, &table, real, port, real_ifc, mapped_ifc);
	struct seen_as seen = {.address = xlate.address,
	                       .port = xlate.port,
	                       .translated = xlate.done == VERDICT_YES,
	                       .unknown = !xlate.address_known};
	if (seen.translated) {
		seen.nat = xlate.rule->legacy;
		seen.object_nat = xlate.rule->object;
		seen.twice_nat = xlate.rule->twice;
	}
	return seen;
}

const struct legacy_nat *path_source_nat(const struct config *config, struct arena *arena,
                                         u128 real, const struct interface *real_ifc,
                                         const struct interface *mapped_ifc)
{
	const struct nat_table table = nat_table_of(arena, config);
	return nat_client(config, &table, real, real_ifc, mapped_ifc);
}
