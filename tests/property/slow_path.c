/* SPDX-License-Identifier: ISC */
/* One step after another, as the device takes them (asa-semantics 4, 6, 9.3). */
#include "tests/property/slow_path.h"

#include "tests/property/slow_odd.h"
#include "tests/property/slow_permit.h"

/* A step of the way: whatever comes later, one that is surely not passed drops the packet. */
static void step(struct slow_path *path, enum slow_answer answer, const char *name)
{
	if (answer == SLOW_NO && path->tunnelled)
		answer = SLOW_UNKNOWN;
	if (answer != SLOW_YES && path->passes == SLOW_YES)
		path->because = name;
	if (answer == SLOW_NO && path->passes != SLOW_NO)
		path->because = name;
	path->passes = slow_and(path->passes, answer);
}

/* --- where it goes ----------------------------------------------------------------------- */

static bool holds(struct range network, u128 address)
{
	return network.lo <= address && address <= network.hi &&
	       addr_is4(network.lo) == addr_is4(address);
}

/* ::/0 begins below where IPv4 lies on the number line, and is about IPv6 alone. */
static bool leads(const struct route *route, u128 address)
{
	if (route->network.lo == 0 && route->network.hi == U128_MAX)
		return !addr_is4(address);
	return holds(route->network, address);
}

static bool is_default(const struct route *route)
{
	return (route->network.lo == ADDR4_MIN && route->network.hi == ADDR4_MAX) ||
	       (route->network.lo == 0 && route->network.hi == U128_MAX);
}

struct lookup {
	name_id ifc;
	enum slow_answer sure; /* NO: nothing leads there */
};

/* The longest prefix; of equal ones connected, then the lower metric (path.h). */
static struct lookup look_up(const struct config *config, u128 address)
{
	bool masked = false, connected = false, tie = false, by_default = false;
	u128 size = U128_MAX;
	uint32_t metric = 0;
	name_id best = 0;
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses) {
			if (!ifc->nameif || ifc->shutdown)
				continue;
			u128 own = at->network.hi - at->network.lo;
			masked |= at->masked;
			if (at->masked || !holds(at->network, address) || (best && own > size))
				continue;
			tie = best && own == size && !slow_same_ifc(config, best, ifc->nameif);
			if (best && own == size)
				continue;
			best = ifc->nameif;
			size = own;
			connected = true;
		}
	VEC_EACH(const struct route, route, &config->routes) {
		u128 own = route->network.hi - route->network.lo;
		uint32_t cost = route->metric ? route->metric : 1;
		if (!leads(route, address) || !slow_interface(config, route->ifc))
			continue;
		if (best && (own > size || (own == size && (connected || cost > metric))))
			continue;
		bool equal = best && own == size && cost == metric;
		if (equal) {
			tie |= !slow_same_ifc(config, best, route->ifc);
			continue;
		}
		best = route->ifc;
		size = own;
		metric = cost;
		connected = tie = false;
		by_default = is_default(route);
	}
	VEC_EACH(const struct route, route, &config->null_routes) {
		u128 own = route->network.hi - route->network.lo;
		uint32_t cost = route->metric ? route->metric : 1;
		bool beats = !best || own < size || (own == size && !connected && cost < metric);
		if (leads(route, address) && beats)
			return (struct lookup){0, SLOW_NO};
	}
	if (!best)
		return (struct lookup){0,
		                       config->routing_span.len || masked || config->routes.n == 0
		                               ? SLOW_UNKNOWN
		                               : SLOW_NO};
	if (tie || (by_default && !connected && config->routing_span.len))
		return (struct lookup){0, SLOW_UNKNOWN};
	return (struct lookup){best, SLOW_YES};
}

/* `ip verify reverse-path`: what is not routed back by the ingress is dropped. */
static void reverse_path(const struct config *config, const struct slow_packet *packet,
                         struct slow_path *path)
{
	const struct interface *in = slow_interface(config, packet->in);
	bool masked = false;
	if (in->verify_reverse.len == 0)
		return;
	struct lookup back = look_up(config, packet->src);
	VEC_EACH(const struct interface_address, at, &in->addresses)
		masked |= at->masked;
	if (back.ifc && slow_same_ifc(config, back.ifc, packet->in))
		return;
	/* Whether it is about IPv6 too is not documented. */
	bool open = back.sure == SLOW_UNKNOWN || masked || !addr_is4(packet->src);
	step(path, open ? SLOW_UNKNOWN : SLOW_NO, "reverse path");
}

static void find_egress(const struct config *config, const struct slow_packet *packet,
                        struct slow_path *path)
{
	const struct interface *in = slow_interface(config, packet->in);
	u128 address = path->destination.address;
	path->for_itself = slow_is_own(config, address) || slow_is_odd(config, address) ||
	                   slow_is_odd(config, packet->dst) ||
	                   slow_ends_static(&path->destination, packet->dst);
	if (path->for_itself) {
		step(path, SLOW_UNKNOWN, "for itself");
		return;
	}
	name_id out = slow_divert(config, packet, &path->destination);
	if (!slow_interface(config, out)) {
		if (config->transparent || in->bridge_group || in->policy_route.len) {
			step(path, SLOW_UNKNOWN, "way");
			return;
		}
		struct lookup to = look_up(config, address);
		step(path, to.sure, "route");
		out = to.ifc;
	}
	path->seen.out = out;
	const struct interface *at = slow_interface(config, out);
	if (at && (at->management_only || at->shutdown))
		step(path, SLOW_NO, "egress interface");
	if (at && in->no_forward && at->hardware == in->no_forward)
		step(path, SLOW_NO, "no forward");
}

/* --- lists ------------------------------------------------------------------------------- */

/* The interface's list, behind its end the global one; without either the levels. */
static void ingress(const struct config *config, struct slow_path *path)
{
	const struct slow_packet *seen = &path->seen;
	bool v4 = addr_is4(seen->dst) && addr_is4(seen->src);
	const struct access_group *own = slow_group_at(config, DIR_IN, seen->in, v4);
	const struct access_group *all = slow_group_at(config, DIR_GLOBAL, 0, v4);
	const struct access_group *groups[] = {own, all};
	unsigned can = SLOW_END;
	if (!own && !all) {
		step(path, slow_by_levels(config, seen), "levels");
		return;
	}
	for (int i = 0; i < 2 && (can & SLOW_END); i++) {
		const struct acl *acl = groups[i] ? config_acl(config, groups[i]->acl) : NULL;
		if (!groups[i])
			continue;
		if (!acl) {
			path->list_missing = true;
			can = (can & ~(unsigned)SLOW_END) | SLOW_PERMIT | SLOW_DENY;
			break;
		}
		struct slow_decision decision = slow_acl(config, acl, seen);
		can = (can & ~(unsigned)SLOW_END) | decision.can;
		path->list = acl;
		path->ace = decision.ace;
	}
	if (can & SLOW_END)
		can = (can & ~(unsigned)SLOW_END) | SLOW_DENY;
	path->list_permits = slow_answer_of(can);
	step(path, path->list_permits, "access-list");
}

/* What an outbound list says of a packet whose source may be any of a pool. */
struct leaving {
	const struct config *config;
	const struct acl *acl;
	struct slow_packet packet;
	unsigned can;
};

static void add_outcome(void *context, u128 address)
{
	struct leaving *leaving = context;
	leaving->packet.src = address;
	unsigned can = slow_acl(leaving->config, leaving->acl, &leaving->packet).can;
	leaving->can |= can & SLOW_END ? (can & ~(unsigned)SLOW_END) | SLOW_DENY : can;
}

/* Outbound lists see real addresses from 8.3, before it the packet as it leaves. */
static void egress(const struct config *config, struct slow_path *path)
{
	struct slow_packet packet = path->seen;
	bool v4 = addr_is4(packet.dst) && addr_is4(packet.src);
	const struct access_group *group = slow_group_at(config, DIR_OUT, packet.out, v4);
	if (!group)
		return;
	packet.dst = packet.real_dst;
	packet.dport = packet.real_dport;
	struct leaving leaving = {config, config_acl(config, group->acl), packet, 0};
	const struct slow_end *source = &path->source;
	if (!leaving.acl) {
		step(path, SLOW_UNKNOWN, "out list missing");
		return;
	}
	if (slow_real_addresses(config) || source->done == SLOW_NO)
		add_outcome(&leaving, packet.src);
	else if (source->refused)
		leaving.can = SLOW_PERMIT | SLOW_DENY;
	else if (source->done == SLOW_UNKNOWN)
		slow_each_address(config, add_outcome, &leaving);
	else if (source->pooled)
		slow_each_pooled(config, &path->seen, source, add_outcome, &leaving);
	else
		add_outcome(&leaving, source->address);
	step(path, slow_answer_of(leaving.can), "out list");
}

/* --- translation ------------------------------------------------------------------------- */

/* What crosses levels needs a line for its higher side (9.3). */
static void nat_control(const struct config *config, struct slow_path *path, bool reply_met)
{
	const struct interface *in = slow_interface(config, path->seen.in);
	const struct interface *out = slow_interface(config, path->seen.out);
	bool on = !slow_real_addresses(config) && (slow_fixups(config) || config->nat_control);
	if (!on || in == out || in->implied || out->implied || !addr_is4(path->seen.dst))
		return;
	if (in->security_level > out->security_level && path->source.done == SLOW_NO)
		step(path, SLOW_NO, "nat-control");
	if (in->security_level < out->security_level && path->destination.done == SLOW_NO &&
	    !reply_met)
		step(path, SLOW_NO, "nat-control");
}

static void translate(const struct config *config, const struct slow_nats *nats,
                      const struct slow_packet *packet, struct slow_path *path)
{
	struct slow_packet on_wire = *packet;
	bool met = false;
	on_wire.out = path->seen.out;
	path->source = slow_source(config, nats, &on_wire, &path->destination);
	path->coarse |= path->source.coarse;
	if (path->source.refused)
		step(path, SLOW_NO, "no global");
	else if (path->source.done == SLOW_UNKNOWN)
		step(path, SLOW_UNKNOWN, "source nat");
	if (slow_same_ifc(config, path->seen.in, path->seen.out))
		return;
	enum slow_answer back = SLOW_YES;
	bool told = path->source.done != SLOW_UNKNOWN && !path->source.refused;
	if (told)
		back = slow_rpf(config, nats, &on_wire, &path->destination, &path->source, &met);
	nat_control(config, path, met || !told);
	step(path, back, "rpf");
}

/* --- tunnels ----------------------------------------------------------------------------- */

static bool applied_on(const struct config *config, name_id map, name_id ifc)
{
	VEC_EACH(const struct crypto_binding, binding, &config->crypto_bindings)
		if (binding->map == map && slow_same_ifc(config, binding->interface, ifc))
			return true;
	return false;
}

static bool belongs_on(const struct config *config, const struct crypto_entry *entry, name_id ifc)
{
	if (!entry->of_dynamic)
		return applied_on(config, entry->map, ifc);
	VEC_EACH(const struct crypto_entry, whole, &config->crypto_entries)
		if (!whole->of_dynamic && whole->dynamic == entry->map &&
		    applied_on(config, whole->map, ifc))
			return true;
	return false;
}

/* A crypto map of the ingress expects the packet by its tunnel, past the access-list (9.3). */
static void from_tunnel(const struct config *config, const struct slow_packet *wire,
                        struct slow_path *path)
{
	bool ports = wire->proto == 6 || wire->proto == 17 || wire->proto == 132;
	struct slow_packet reply = *wire;
	reply.src = wire->dst;
	reply.dst = wire->src;
	reply.sport = ports ? wire->dport : wire->sport;
	reply.dport = ports ? wire->sport : wire->dport;
	reply.in = reply.out = 0;
	VEC_EACH(const struct crypto_entry, map, &config->crypto_entries) {
		const struct acl *acl = config_acl(config, map->acl);
		if (!acl || !belongs_on(config, map, wire->in) ||
		    !(slow_acl(config, acl, &reply).can & SLOW_PERMIT))
			continue;
		step(path, SLOW_UNKNOWN, "tunnel");
		path->tunnelled = true;
	}
}

/* What a packet becomes is of its own family. */
static void add_in_family(void *context, u128 address)
{
	const struct leaving *leaving = context;
	if (addr_is4(address) == addr_is4(leaving->packet.dst))
		add_outcome(context, address);
}

/* A crypto map takes, or may take, the packet as it leaves: VPN is left out. */
static void into_tunnel(const struct config *config, struct slow_path *path)
{
	const struct slow_end *source = &path->source;
	VEC_EACH(const struct crypto_entry, map, &config->crypto_entries) {
		const struct acl *acl = config_acl(config, map->acl);
		struct slow_packet out = path->seen;
		if (!acl || !path->seen.out || !belongs_on(config, map, path->seen.out))
			continue;
		out.dst = out.real_dst;
		out.dport = out.real_dport;
		struct leaving leaving = {config, acl, out, 0};
		leaving.packet.in = leaving.packet.out = 0;
		if (source->done == SLOW_NO)
			add_outcome(&leaving, out.src);
		else if (source->done == SLOW_UNKNOWN || source->refused)
			slow_each_address(config, add_in_family, &leaving);
		else if (source->pooled)
			slow_each_pooled(config, &path->seen, source, add_in_family, &leaving);
		else
			add_outcome(&leaving, source->address);
		if (leaving.can & SLOW_PERMIT)
			step(path, SLOW_UNKNOWN, "tunnel");
	}
}

/* --- all of it --------------------------------------------------------------------------- */

static bool has_stray_line(const struct config *config)
{
	VEC_EACH(const struct unknown_line, line, &config->unknown_lines)
		if (!line->local)
			return true;
	return false;
}

void slow_path(const struct config *config, const struct slow_nats *nats,
               const struct slow_packet *packet, struct slow_path *path)
{
	const struct interface *in = slow_interface(config, packet->in);
	*path = (struct slow_path){.passes = SLOW_YES, .seen = *packet};
	path->seen.out = 0;
	if (in->shutdown || in->management_only)
		step(path, SLOW_NO, "ingress interface");
	if (slow_is_spoof(config, packet))
		step(path, SLOW_NO, "spoof");
	else if (slow_is_odd(config, packet->src))
		step(path, SLOW_UNKNOWN, "odd source");
	reverse_path(config, packet, path);
	from_tunnel(config, packet, path);
	path->destination = slow_unnat(config, nats, packet);
	path->coarse |= path->destination.coarse;
	path->destination_told = path->destination.done != SLOW_UNKNOWN;
	if (!path->destination_told) {
		step(path, SLOW_UNKNOWN, "un-nat");
	} else {
		path->seen.real_dst = path->destination.address;
		path->seen.real_dport = path->destination.port;
		find_egress(config, packet, path);
	}
	if (slow_real_addresses(config)) {
		path->seen.dst = path->seen.real_dst;
		path->seen.dport = path->seen.real_dport;
	}
	if (path->for_itself)
		return;
	if (path->destination_told || !slow_real_addresses(config))
		ingress(config, path);
	step(path, slow_same_security(config, &path->seen), "same security");
	if (path->seen.out) {
		translate(config, nats, packet, path);
		egress(config, path);
	}
	into_tunnel(config, path);
	if (has_stray_line(config))
		step(path, SLOW_UNKNOWN, "unknown command");
}
