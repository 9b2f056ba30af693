/* SPDX-License-Identifier: ISC */
/*
 * Addresses that no one host has: what is known of packets from and to them (106016, 106017,
 * 305006). Where the documents say nothing the packet's fate is unknown.
 */
#include "analyzers/trace_walk.h"

static bool in_net4(u128 address, uint32_t network, unsigned bits)
{
	return addr_is4(address) && (uint32_t)address >> (32 - bits) == network >> (32 - bits);
}

/* Limited broadcast, multicast. */
static bool is_for_many(u128 address)
{
	if (addr_is4(address))
		return address == ADDR4_MAX || in_net4(address, 0xe0000000u, 4);
	return address >> 120 == 0xff;
}

static bool is_loopback(u128 address)
{
	return address == 1 || in_net4(address, 0x7f000000u, 8);
}

/* "This" network and class E; the IPv6 address that is none, and those of one link. */
static bool is_reserved(u128 address)
{
	if (addr_is4(address))
		return in_net4(address, 0, 8) || in_net4(address, 0xf0000000u, 4);
	return address == 0 || address >> 118 == 0xfe80u >> 6;
}

/* Sources that no host has, and packets from a host to itself, are spoofed. */
void trace_spoof(struct walk *walk)
{
	u128 src = walk->packet.wire.at[DIM_SRC], dst = walk->packet.wire.at[DIM_DST];
	enum net_end end = config_net_end(walk->config, src);
	bool none = src == ADDR4_MIN || src == ADDR4_MAX || src == 0 || is_loopback(src);
	struct trace_phase phase = walk_begin("INPUT", S("spoof"), S(""));
	if (src == dst) {
		phase.detail = S("source and destination are the same");
	} else if (dst == ADDR4_MIN) {
		phase.detail = S("the destination is none that a packet can have");
	} else if (none) {
		phase.detail = S("the source is none that a packet can have");
	} else if (end == NET_END_BROADCAST) {
		phase.detail = S("the source is the broadcast address of a connected network");
	} else {
		if (end == NET_END_NETWORK || is_for_many(src) || is_reserved(src))
			walk_unknown(walk, &phase,
			             S("no host has this source; the documents do not tell whether "
			               "it is dropped"));
		return;
	}
	phase.result = TRACE_DROP;
	walk_end(walk, &phase, S("(sp-security-failed) Slowpath security checks failed"));
}

/* Why the way of a packet to this address, on the wire or behind translation, is not told. */
static struct str odd_address(const struct config *config, u128 address)
{
	if (is_for_many(address))
		return S("broadcast and multicast are not modelled");
	if (config_net_end(config, address))
		return S("it goes to the network or broadcast address of a connected network, "
		         "which is not modelled");
	if (is_loopback(address) || is_reserved(address))
		return S("no host has this destination; the documents do not tell what becomes of "
		         "it");
	return S("");
}

/* The first or the last address of a static's network, met from outside (305006). */
static bool is_end_of_static(const struct xlate *xlate, u128 wire)
{
	const struct nat_rule *rule = xlate->rule;
	const struct legacy_nat *nat = xlate->done == VERDICT_YES ? rule->legacy : NULL;
	if (!nat || rule->act != ACT_STATIC || !xlate->reverse || nat->acl ||
	    nat->mapped.hi - nat->mapped.lo < 3)
		return false;
	return wire == nat->mapped.lo || wire == nat->mapped.hi;
}

static struct str odd_destination(const struct walk *walk)
{
	const struct xlate *xlate = &walk->destination;
	u128 wire = walk->packet.wire.at[DIM_DST];
	struct str why = S("");
	if (config_is_own_address(walk->config, xlate->address))
		return S("the packet is for the firewall itself, which is not modelled");
	/* The ends of networks stand for the hosts in them there. */
	if (walk->for_range && !is_for_many(xlate->address))
		return why;
	why = odd_address(walk->config, xlate->address);
	if (why.n == 0 && wire != xlate->address)
		why = odd_address(walk->config, wire);
	if (why.n == 0 && is_end_of_static(xlate, wire))
		why = S("it goes to the network or broadcast address of a static, which the device "
		        "may refuse to translate (305006)");
	return why;
}

bool trace_odd_destination(struct walk *walk)
{
	struct str why = odd_destination(walk);
	if (why.n == 0)
		return false;
	struct trace_phase phase = walk_begin("ROUTE-LOOKUP", S("identity"), S(""));
	walk_unknown(walk, &phase, why);
	walk->ended = true;
	return true;
}
