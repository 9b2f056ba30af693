/* SPDX-License-Identifier: ISC */
#include "analyzers/path.h"

#include <stdlib.h>

/* --- interfaces and routes -------------------------------------------------------------- */

bool path_carries_traffic(const struct interface *ifc)
{
	return ifc->nameif && !ifc->shutdown && !ifc->management_only;
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
	return best ? config_interface(config, best->ifc) : NULL;
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
	if (place.ifc)
		return place;
	const struct interface *ifc = by_translation(config, address);
	if (ifc)
		return (struct place_of){PLACED_NAT, ifc};
	if (is_named(config, address))
		return (struct place_of){PLACED_NAMED, path_default(config, addr_is4(address))};
	return (struct place_of){PLACED_NOWHERE, NULL};
}

/* --- translation ------------------------------------------------------------------------ */

static bool same_ifc(const struct config *config, name_id name, const struct interface *ifc)
{
	return name == 0 || !ifc || config_interface(config, name) == ifc;
}

/* Does a policy static's access-list translate this host? (asa-semantics 4.2: permit ACEs only) */
static bool acl_names_source(const struct config *config, name_id name, u128 real)
{
	const struct acl *acl = config_acl(config, name);
	if (acl)
		VEC_EACH(const struct ace, ace, &acl->aces)
			if (ace->action == ACE_PERMIT &&
			    iset_contains(config_addr_set(config, ace->src)->must, real))
				return true;
	return false;
}

static bool static_applies(const struct config *config, const struct legacy_nat *nat, u128 real,
                           uint16_t port, const struct interface *real_ifc,
                           const struct interface *mapped_ifc)
{
	if (nat->kind != NAT_STATIC || !same_ifc(config, nat->real_ifc, real_ifc) ||
	    !same_ifc(config, nat->mapped_ifc, mapped_ifc))
		return false;
	if (nat->protocol &&
	    (nat->protocol != PROTO_TCP || (nat->acl == 0 && nat->real_port != port)))
		return false;
	if (nat->acl)
		return acl_names_source(config, nat->acl, real);
	return !nat->real_unknown && covers(nat->real, real);
}

static struct seen_as seen_by_static(const struct config *config, const struct legacy_nat *nat,
                                     u128 real, uint16_t port, const struct interface *mapped_ifc)
{
	struct seen_as seen = {.address = real, .port = port, .translated = true, .nat = nat};
	seen.unknown = nat->mapped_unknown;
	if (nat->mapped_is_interface) {
		const struct interface *ifc =
		        mapped_ifc ? mapped_ifc : config_interface(config, nat->mapped_ifc);
		seen.unknown = !ifc || ifc->addresses.n == 0 || ifc->addresses.v[0].masked;
		if (!seen.unknown)
			seen.address = ifc->addresses.v[0].address;
	} else if (!seen.unknown) {
		seen.address = nat->mapped.lo + (nat->acl ? 0 : real - nat->real.lo);
	}
	if (nat->protocol)
		seen.port = nat->mapped_port;
	return seen;
}

static struct seen_as seen_legacy(const struct config *config, u128 real, uint16_t port,
                                  const struct interface *real_ifc,
                                  const struct interface *mapped_ifc)
{
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if (static_applies(config, nat, real, port, real_ifc, mapped_ifc))
			return seen_by_static(config, nat, real, port, mapped_ifc);
	return (struct seen_as){.address = real, .port = port};
}

/* The address that stands for `real` in a mapped set of the same size. */
static bool map_address(struct iset from, struct iset to, u128 real, u128 *mapped)
{
	if (from.n != 1 || to.n != 1 || from.v[0].hi - from.v[0].lo != to.v[0].hi - to.v[0].lo)
		return false;
	*mapped = to.v[0].lo + (real - from.v[0].lo);
	return true;
}

static struct seen_as mapped_through(const struct config *config, struct arena *arena, u128 real,
                                     uint16_t port, struct iset from, const struct addr_spec *spec,
                                     const struct interface *mapped_ifc)
{
	struct seen_as seen = {.address = real, .port = port, .translated = true};
	if (spec->kind == ADDR_INTERFACE) {
		seen.unknown = !mapped_ifc || mapped_ifc->addresses.n == 0 ||
		               mapped_ifc->addresses.v[0].masked;
		if (!seen.unknown)
			seen.address = mapped_ifc->addresses.v[0].address;
		return seen;
	}
	struct addr_set to = config_resolve(config, arena, spec);
	seen.unknown = !map_address(from, to.must, real, &seen.address);
	return seen;
}

static struct seen_as seen_object(const struct config *config, struct arena *arena, u128 real,
                                  uint16_t port, const struct interface *real_ifc,
                                  const struct interface *mapped_ifc)
{
	for (int section = 1; section <= 3; section++) {
		if (section == 2) {
			VEC_EACH(const struct object_nat, nat, &config->object_nats) {
				uint32_t at = config_index_get(&config->object_index, nat->object);
				if (!at || nat->kind != XLATE_STATIC ||
				    !same_ifc(config, nat->real_ifc, real_ifc) ||
				    !same_ifc(config, nat->mapped_ifc, mapped_ifc))
					continue;
				struct iset from = config->object_sets[at - 1].must;
				if (!iset_contains(from, real) ||
				    (nat->protocol &&
				     (nat->protocol != PROTO_TCP || nat->real_port != port)))
					continue;
				struct seen_as seen = mapped_through(
				        config, arena, real, port, from, &nat->mapped, mapped_ifc);
				seen.object_nat = nat;
				if (nat->protocol)
					seen.port = nat->mapped_port;
				return seen;
			}
			continue;
		}
		VEC_EACH(const struct twice_nat, nat, &config->twice_nats) {
			if (nat->inactive || nat->after_auto != (section == 3) ||
			    nat->kind != XLATE_STATIC || nat->has_destination ||
			    !same_ifc(config, nat->real_ifc, real_ifc) ||
			    !same_ifc(config, nat->mapped_ifc, mapped_ifc))
				continue;
			struct iset from = config_resolve(config, arena, &nat->src_real).must;
			if (!iset_contains(from, real))
				continue;
			struct seen_as seen = mapped_through(config, arena, real, port, from,
			                                     &nat->src_mapped, mapped_ifc);
			seen.twice_nat = nat;
			return seen;
		}
	}
	return (struct seen_as){.address = real, .port = port};
}

struct seen_as path_seen(const struct config *config, struct arena *arena, u128 real, uint16_t port,
                         const struct interface *real_ifc, const struct interface *mapped_ifc)
{
	if (config_uses_real_addresses(config))
		return seen_object(config, arena, real, port, real_ifc, mapped_ifc);
	return seen_legacy(config, real, port, real_ifc, mapped_ifc);
}

const struct legacy_nat *path_source_nat(const struct config *config, u128 real,
                                         const struct interface *real_ifc,
                                         const struct interface *mapped_ifc)
{
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if (nat->kind == NAT_STATIC && nat->protocol == 0 &&
		    static_applies(config, nat, real, 0, real_ifc, mapped_ifc))
			return nat;
	/* nat (ifc) ID: the closest network, the first of equals. */
	const struct legacy_nat *best = NULL;
	VEC_EACH(const struct legacy_nat, nat, &config->nats) {
		if (nat->kind != NAT_DYNAMIC && nat->kind != NAT_IDENTITY)
			continue;
		if (!same_ifc(config, nat->real_ifc, real_ifc) || nat->outside || nat->real_unknown)
			continue;
		bool matches = nat->acl ? acl_names_source(config, nat->acl, real)
		                        : covers(nat->real, real);
		if (!matches)
			continue;
		if (nat->acl)
			return nat; /* policy NAT comes before regular NAT */
		if (!best || size_of(nat->real) < size_of(best->real))
			best = nat;
	}
	return best;
}
