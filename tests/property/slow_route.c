/* SPDX-License-Identifier: ISC */
#include "tests/property/slow_route.h"

static bool holds(struct range network, u128 address)
{
	return network.lo <= address && address <= network.hi &&
	       addr_is4(network.lo) == addr_is4(address);
}

static bool is_default(const struct route *route)
{
	return (route->network.lo == ADDR4_MIN && route->network.hi == ADDR4_MAX) ||
	       (route->network.lo == 0 && route->network.hi == U128_MAX);
}

/* The interface of the longest prefix; a connected network before a route as long. 0: none. */
static name_id longest(const struct config *config, u128 address)
{
	name_id best = 0;
	u128 size = U128_MAX;
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (ifc->nameif && !ifc->shutdown && !at->masked &&
			    holds(at->network, address) && at->network.hi - at->network.lo < size) {
				best = ifc->nameif;
				size = at->network.hi - at->network.lo;
			}
	VEC_EACH(const struct route, route, &config->routes)
		if (!is_default(route) && holds(route->network, address) &&
		    route->network.hi - route->network.lo < size) {
			best = route->ifc;
			size = route->network.hi - route->network.lo;
		}
	return best;
}

static name_id default_ifc(const struct config *config, bool v4)
{
	const struct route *best = NULL;
	VEC_EACH(const struct route, route, &config->routes)
		if (is_default(route) && addr_is4(route->network.lo) == v4 &&
		    (!best || route->metric < best->metric))
			best = route;
	if (best)
		return best->ifc;
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (v4 && ifc->learns_default_route)
			return ifc->nameif;
	return 0;
}

/* An interface by DHCP, or without an address, may have any network behind it. */
static bool network_known(const struct config *config, name_id nameif)
{
	const struct interface *ifc = slow_interface(config, nameif);
	bool known = ifc && ifc->addresses.n > 0;
	if (ifc)
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (at->masked)
				return false;
	VEC_EACH(const struct route, route, &config->routes)
		known |= slow_same_ifc(config, route->ifc, nameif);
	return known;
}

enum slow_answer slow_behind(const struct config *config, name_id nameif, u128 address)
{
	const struct interface *ifc = slow_interface(config, nameif);
	if (config->transparent || (ifc && ifc->bridge_group))
		return SLOW_UNKNOWN; /* a bridge has one network on both sides */
	name_id owner = longest(config, address);
	if (owner)
		return slow_same_ifc(config, owner, nameif) ? SLOW_YES : SLOW_NO;
	name_id internet = default_ifc(config, addr_is4(address));
	if (slow_same_ifc(config, internet, nameif))
		return SLOW_YES;
	return slow_interface(config, internet) && network_known(config, nameif) ? SLOW_NO
	                                                                         : SLOW_UNKNOWN;
}
