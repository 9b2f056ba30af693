/* SPDX-License-Identifier: ISC */
#include "tests/property/slow_odd.h"

static bool in_prefix(u128 address, uint32_t network, unsigned bits)
{
	uint32_t low = (uint32_t)(address & 0xffffffffu);
	return addr_is4(address) && low >> (32 - bits) == network >> (32 - bits);
}

/* The first (or the last) address of a connected network of four addresses or more. */
static bool ends_network(const struct config *config, u128 address, bool last)
{
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (ifc->nameif && !ifc->shutdown && !at->masked && addr_is4(address) &&
			    at->network.lo + 3 <= at->network.hi &&
			    address == (last ? at->network.hi : at->network.lo))
				return true;
	return false;
}

bool slow_is_spoof(const struct config *config, const struct slow_packet *packet)
{
	return packet->src == packet->dst || packet->src == ADDR4_MIN || packet->src == ADDR4_MAX ||
	       packet->src <= 1 || packet->dst == ADDR4_MIN ||
	       in_prefix(packet->src, 127u << 24, 8) || ends_network(config, packet->src, true);
}

bool slow_is_odd(const struct config *config, u128 address)
{
	unsigned first = (unsigned)(address >> 112);
	if (!addr_is4(address))
		return address <= 1 || first >> 8 == 0xff || (first & 0xffc0) == 0xfe80;
	return in_prefix(address, 0, 8) || in_prefix(address, 127u << 24, 8) ||
	       in_prefix(address, 0xe0000000u, 3) || ends_network(config, address, false) ||
	       ends_network(config, address, true);
}

bool slow_ends_static(const struct slow_end *destination, u128 on_wire)
{
	const struct legacy_nat *nat =
	        destination->done == SLOW_YES ? destination->nat->legacy : NULL;
	return nat && nat->kind == NAT_STATIC && nat->acl == 0 && destination->from_mapped &&
	       nat->mapped.lo + 3 <= nat->mapped.hi &&
	       (on_wire == nat->mapped.lo || on_wire == nat->mapped.hi);
}

bool slow_is_own(const struct config *config, u128 address)
{
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (!at->masked && at->address == address)
				return true;
	return false;
}
