/* SPDX-License-Identifier: ISC */
/* Interfaces: blocks of 7.0 and later, the separate lines of PIX 6, and static routes. */
#include "parser/grammar.h"

static struct interface *current(struct reader *reader)
{
	return &reader->config->interfaces.v[reader->interface];
}

static struct interface *by_hardware(struct reader *reader, name_id hardware)
{
	VEC_EACH(struct interface, ifc, &reader->config->interfaces)
		if (ifc->hardware == hardware)
			return ifc;
	struct interface fresh = {.hardware = hardware, .span = reader->line};
	return VEC_PUSH(reader->arena, &reader->config->interfaces, fresh);
}

/* interface Ethernet0/0 · interface ethernet0 auto [shutdown] (PIX 6) · interface ethernet0 vlan2
 * logical */
enum handled cmd_interface(struct reader *reader, struct cursor *cursor)
{
	struct str hardware = take(cursor);
	if (hardware.n == 0)
		return HANDLED_UNKNOWN;
	/* "interface Vlan 1", "interface Port-channel 3" */
	if (!at_end(cursor) && hardware.s[hardware.n - 1] >= 'A') {
		uint64_t number;
		struct str next = peek(cursor), head, tail;
		str_cut(next, '.', &head, &tail);
		if (str_number(head, UINT32_MAX, &number))
			hardware = str_printf(reader->arena, "%.*s%.*s", STR(hardware),
			                      STR(take(cursor)));
	}
	if (str_starts(peek(cursor), S("vlan")))
		hardware = take(cursor);
	struct interface *ifc = by_hardware(reader, name_of(reader, hardware));
	while (!at_end(cursor))
		if (str_eq(take(cursor), S("shutdown")))
			ifc->shutdown = true;
	reader->interface = (uint32_t)(ifc - reader->config->interfaces.v);
	if (reader->negated) {
		ifc->nameif = 0;
		return HANDLED;
	}
	open_mode(reader, MODE_INTERFACE);
	return HANDLED;
}

static int default_level(struct str nameif)
{
	return str_eq_nocase(nameif, S("inside")) ? 100 : 0;
}

enum handled cmd_nameif(struct reader *reader, struct cursor *cursor)
{
	struct interface *ifc = current(reader);
	struct str nameif = take(cursor);
	if (reader->negated) {
		ifc->nameif = 0;
		return HANDLED;
	}
	if (ifc->nameif == 0 && ifc->security_level == 0)
		ifc->security_level = default_level(nameif);
	ifc->nameif = name_of(reader, nameif);
	return HANDLED;
}

enum handled cmd_security_level(struct reader *reader, struct cursor *cursor)
{
	uint32_t level = 0;
	if (!reader->negated && !take_number(cursor, 100, &level))
		return HANDLED_UNKNOWN;
	current(reader)->security_level = (int)level;
	return HANDLED;
}

/* Add an address of which network and mask are known, or one that is not known. */
static void add_address(struct reader *reader, struct interface *ifc, u128 address,
                        struct range network, bool masked)
{
	struct interface_address at = {address, network, masked};
	VEC_PUSH(reader->arena, &ifc->addresses, at);
}

/* An interface has one IPv4 address; setting it replaces the last. */
static void drop_addresses(struct reader *reader, struct interface *ifc, bool v4)
{
	struct interface kept = *ifc;
	kept.addresses.v = NULL;
	kept.addresses.n = kept.addresses.cap = 0;
	VEC_EACH(const struct interface_address, at, &ifc->addresses)
		if (!at->masked && addr_is4(at->address) != v4)
			VEC_PUSH(reader->arena, &kept.addresses, *at);
	*ifc = kept;
}

/* A M [standby A] | dhcp | pppoe */
static enum handled ipv4_address(struct reader *reader, struct cursor *cursor,
                                 struct interface *ifc)
{
	struct range network;
	u128 address, mask;
	bool unknown, exact;
	drop_addresses(reader, ifc, true);
	if (reader->negated)
		return HANDLED;
	if (accept(cursor, "dhcp") || accept(cursor, "pppoe")) {
		add_address(reader, ifc, 0, (struct range){0, 0}, true);
		return HANDLED;
	}
	if (!take_address(cursor, &address, &unknown))
		return HANDLED_UNKNOWN;
	if (unknown) {
		add_address(reader, ifc, 0, (struct range){0, 0}, true);
		return HANDLED;
	}
	if (addr_parse(peek(cursor), &mask)) {
		take(cursor);
		if (!addr_network4(address, mask, &network, &exact)) {
			invalid_line(reader, "the mask of this address is no netmask");
			network = (struct range){address, address};
		}
	} else {
		network = (struct range){address, address};
	}
	add_address(reader, ifc, address, network, false);
	return HANDLED;
}

enum handled cmd_ip_address(struct reader *reader, struct cursor *cursor)
{
	u128 address;
	accept(cursor, "address");
	struct str next = peek(cursor);
	/* "ip address outside A M" belongs to the top level of PIX 6, not to an open block. */
	bool own = next.n == 0 || addr_parse(next, &address) || looks_masked(next) ||
	           str_eq(next, S("dhcp")) || str_eq(next, S("pppoe")) ||
	           config_index_get(&reader->config->label_index,
	                            config_find_name(reader->config, next));
	if (!own && config_interface(reader->config, config_find_name(reader->config, next)))
		return HANDLED_NOT_MINE;
	return ipv4_address(reader, cursor, current(reader));
}

enum handled cmd_ipv6_address(struct reader *reader, struct cursor *cursor)
{
	struct interface *ifc = current(reader);
	accept(cursor, "address");
	struct str word = take(cursor), head, tail;
	struct range network;
	u128 address;
	if (str_eq(word, S("autoconfig")) || str_eq(word, S("dhcp")))
		return HANDLED;
	if (!str_cut(word, '/', &head, &tail) || !addr_parse(head, &address) ||
	    !addr_parse_prefix(word, &network))
		return next_is(cursor, "link-local") || str_eq(word, S("link-local"))
		               ? HANDLED
		               : HANDLED_UNKNOWN;
	if (!reader->negated)
		add_address(reader, ifc, address, network, false);
	else
		drop_addresses(reader, ifc, false);
	return HANDLED;
}

enum handled cmd_shutdown(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	current(reader)->shutdown = !reader->negated;
	return HANDLED;
}

enum handled cmd_management_only(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	current(reader)->management_only = !reader->negated;
	return HANDLED;
}

/* The interface of this name, implied into being if no block defined it. */
static struct interface *named(struct reader *reader, struct str nameif)
{
	name_id name = name_of(reader, nameif);
	struct interface *ifc = config_interface(reader->config, name);
	if (ifc)
		return ifc;
	struct interface fresh = {.nameif = name,
	                          .security_level = default_level(nameif),
	                          .implied = true,
	                          .span = reader->line};
	return VEC_PUSH(reader->arena, &reader->config->interfaces, fresh);
}

/* nameif ethernet0 outside security0 (PIX up to 6) */
enum handled cmd_pix_nameif(struct reader *reader, struct cursor *cursor)
{
	struct str hardware = take(cursor), nameif = take(cursor), level = take(cursor);
	uint64_t number = 0;
	if (hardware.n == 0 || nameif.n == 0)
		return HANDLED_UNKNOWN;
	if (reader->negated)
		return HANDLED;
	struct interface *ifc = by_hardware(reader, name_of(reader, hardware));
	ifc->nameif = name_of(reader, nameif);
	ifc->security_level = default_level(nameif);
	struct str prefix = S("security");
	if (str_starts(level, prefix)) {
		struct str digits = {level.s + prefix.n, level.n - prefix.n};
		if (!str_number(digits, 100, &number))
			return HANDLED_UNKNOWN;
		ifc->security_level = (int)number;
	}
	return HANDLED;
}

/* ip address outside A M (PIX up to 6) */
enum handled cmd_pix_ip_address(struct reader *reader, struct cursor *cursor)
{
	u128 address;
	accept(cursor, "address");
	struct str nameif = peek(cursor);
	if (nameif.n == 0 || addr_parse(nameif, &address))
		return HANDLED_UNKNOWN;
	take(cursor);
	return ipv4_address(reader, cursor, named(reader, nameif));
}

static void add_route(struct reader *reader, const struct route *route)
{
	if (!reader->negated) {
		VEC_PUSH(reader->arena, &reader->config->routes, *route);
		return;
	}
	uint32_t kept = 0;
	VEC_EACH(const struct route, old, &reader->config->routes)
		if (old->ifc != route->ifc || old->network.lo != route->network.lo ||
		    old->network.hi != route->network.hi)
			reader->config->routes.v[kept++] = *old;
	reader->config->routes.n = kept;
}

/* route IFC NETWORK MASK GATEWAY [METRIC] ...; "0 0" is the default route */
enum handled cmd_route(struct reader *reader, struct cursor *cursor)
{
	struct route route = {
	        .ifc = name_of(reader, take(cursor)), .metric = 1, .span = reader->line};
	u128 gateway;
	bool unknown = false;
	if (route.ifc == 0)
		return HANDLED_UNKNOWN;
	if (next_is(cursor, "0")) {
		take(cursor);
		if (!accept(cursor, "0") && !accept(cursor, "0.0.0.0"))
			return HANDLED_UNKNOWN;
		route.network = (struct range){ADDR4_MIN, ADDR4_MAX};
	} else if (!take_network(cursor, &route.network, &unknown)) {
		return HANDLED_UNKNOWN;
	}
	if (unknown || !take_address(cursor, &gateway, &unknown))
		return unknown ? HANDLED : HANDLED_UNKNOWN;
	take_number(cursor, 255, &route.metric);
	add_route(reader, &route);
	return HANDLED;
}

/* ipv6 route IFC PREFIX GATEWAY [METRIC] */
enum handled cmd_ipv6_route(struct reader *reader, struct cursor *cursor)
{
	accept(cursor, "route");
	struct route route = {
	        .ifc = name_of(reader, take(cursor)), .metric = 1, .span = reader->line};
	if (route.ifc == 0 || !addr_parse_prefix(take(cursor), &route.network))
		return HANDLED_UNKNOWN;
	take(cursor);
	take_number(cursor, 255, &route.metric);
	add_route(reader, &route);
	return HANDLED;
}
