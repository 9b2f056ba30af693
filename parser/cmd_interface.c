/* SPDX-License-Identifier: ISC */
/* Interfaces: blocks of 7.0 and later, and the separate lines of PIX 6. */
#include "parser/grammar.h"

static struct interface *current(struct reader *reader)
{
	return &reader->config->interfaces.v[reader->interface];
}

/* --- by name ---------------------------------------------------------------------------- */

/* Nameifs are told apart without regard to case. */
static name_id lower_name(struct reader *reader, struct str name)
{
	char lower[64];
	if (name.n > sizeof(lower))
		return name_of(reader, name);
	for (size_t i = 0; i < name.n; i++)
		lower[i] =
		        (char)(name.s[i] >= 'A' && name.s[i] <= 'Z' ? name.s[i] + 32 : name.s[i]);
	return name_of(reader, (struct str){lower, name.n});
}

static uint32_t add_interface(struct reader *reader, struct interface fresh)
{
	VEC_PUSH(reader->arena, &reader->config->interfaces, fresh);
	return reader->config->interfaces.n - 1;
}

static uint32_t by_hardware(struct reader *reader, name_id hardware)
{
	struct name_index *index = &reader->places.hardware;
	uint32_t at = config_index_get(index, hardware);
	if (at)
		return at - 1;
	at = add_interface(reader, (struct interface){.hardware = hardware, .span = reader->line});
	config_index(reader->config, index, hardware, at);
	return at;
}

static void set_nameif(struct reader *reader, uint32_t at, struct str nameif)
{
	struct interface *ifc = &reader->config->interfaces.v[at];
	struct name_index *index = &reader->places.nameif;
	if (ifc->nameif)
		config_unindex(index, lower_name(reader, config_name(reader->config, ifc->nameif)));
	ifc->nameif = name_of(reader, nameif);
	if (ifc->nameif)
		config_index(reader->config, index, lower_name(reader, nameif), at);
}

static int default_level(struct str nameif)
{
	return str_eq_nocase(nameif, S("inside")) ? 100 : 0;
}

/* The interface of this name, implied into being if no block defined it. */
static uint32_t named(struct reader *reader, struct str nameif)
{
	uint32_t at = config_index_get(&reader->places.nameif, lower_name(reader, nameif));
	if (at)
		return at - 1;
	at = add_interface(reader, (struct interface){.security_level = default_level(nameif),
	                                              .implied = true,
	                                              .span = reader->line});
	set_nameif(reader, at, nameif);
	return at;
}

/* --- blocks ----------------------------------------------------------------------------- */

static bool is_number(struct str word)
{
	uint64_t number;
	struct str head, tail;
	str_cut(word, '.', &head, &tail);
	return str_number(head, UINT32_MAX, &number);
}

static bool ends_in_letter(struct str word)
{
	return word.n && word.s[word.n - 1] >= 'A';
}

/* "Vlan 1" is "Vlan1". */
static struct str joined(struct reader *reader, struct str a, struct str b)
{
	return str_printf(reader->arena, "%.*s%.*s", STR(a), STR(b));
}

/* "BVI1" -> 1 */
static void set_bridge(struct interface *ifc, struct str hardware)
{
	uint64_t number;
	struct str digits = {hardware.s + 3, hardware.n - 3};
	if (hardware.n > 3 && str_eq_nocase((struct str){hardware.s, 3}, S("BVI")) &&
	    str_number(digits, 1000, &number)) {
		ifc->bridge_virtual = true;
		ifc->bridge_group = (uint32_t)number;
	}
}

/*
 * interface Ethernet0/0 · interface Vlan 1 · of PIX 6, no block: interface ethernet0 auto
 * [shutdown], interface ethernet0 vlan2 {physical|logical} [shutdown]
 */
enum handled cmd_interface(struct reader *reader, struct cursor *cursor)
{
	struct str hardware = take(cursor);
	bool block = true;
	if (hardware.n == 0)
		return HANDLED_UNKNOWN;
	if (ends_in_letter(hardware) && is_number(peek(cursor)))
		hardware = joined(reader, hardware, take(cursor));
	if (str_starts(peek(cursor), S("vlan")))
		hardware = take(cursor);
	uint32_t at = by_hardware(reader, name_of(reader, hardware));
	struct interface *ifc = &reader->config->interfaces.v[at];
	set_bridge(ifc, hardware);
	for (; !at_end(cursor); take(cursor)) {
		if (next_is(cursor, "shutdown"))
			ifc->shutdown = !reader->negated;
		block = false;
	}
	if (reader->negated && block) {
		set_nameif(reader, at, (struct str){"", 0});
		ifc->addresses.n = 0;
	} else if (!reader->negated && block) {
		reader->interface = at;
		open_mode(reader, MODE_INTERFACE);
	}
	return HANDLED;
}

enum handled cmd_nameif(struct reader *reader, struct cursor *cursor)
{
	struct interface *ifc = current(reader);
	struct str nameif = take(cursor);
	if (reader->negated)
		nameif = (struct str){"", 0};
	else if (ifc->nameif == 0 && ifc->security_level == 0)
		ifc->security_level = default_level(nameif);
	set_nameif(reader, reader->interface, nameif);
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

/* bridge-group N: whether that changes a verdict is seen when all is read (finish.c) */
enum handled cmd_bridge_group(struct reader *reader, struct cursor *cursor)
{
	uint32_t number = 0;
	if (!take_number(cursor, 1000, &number) && !reader->negated)
		return HANDLED_UNKNOWN;
	current(reader)->bridge_group = reader->negated ? 0 : number;
	return HANDLED;
}

/* `no forward interface vlan2` (5505, base licence): opens no connection to that interface. */
enum handled cmd_forward(struct reader *reader, struct cursor *cursor)
{
	accept(cursor, "interface");
	struct str hardware = take(cursor);
	if (!reader->negated) {
		current(reader)->no_forward = 0;
		return HANDLED_IRRELEVANT; /* the default */
	}
	if (ends_in_letter(hardware) && !at_end(cursor))
		hardware = joined(reader, hardware, take(cursor));
	current(reader)->no_forward = name_of(reader, hardware);
	return HANDLED;
}

/* Known, and able to change a verdict, but no analyzer knows it: `vrf forwarding RED`. */
enum handled cmd_unmodelled(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	return reader->negated ? HANDLED_IRRELEVANT : HANDLED_UNKNOWN;
}

/* ip verify reverse-path interface IFC: drops what is not routed back by where it came from. */
enum handled cmd_verify_reverse(struct reader *reader, struct cursor *cursor)
{
	struct span none = {0};
	for (int i = 0; i < 3; i++)
		take(cursor);
	struct str nameif = take(cursor);
	if (nameif.n == 0)
		return HANDLED_UNKNOWN;
	reader->config->interfaces.v[named(reader, nameif)].verify_reverse =
	        reader->negated ? none : reader->line;
	return HANDLED;
}

/*
 * policy-route route-map M: the egress is not chosen by the destination alone, so the path is
 * not known. `cost` and `path-monitoring` by themselves change nothing.
 */
enum handled cmd_policy_route(struct reader *reader, struct cursor *cursor)
{
	struct span none = {0};
	if (!accept(cursor, "route-map"))
		return HANDLED_IRRELEVANT;
	current(reader)->policy_route = reader->negated ? none : reader->line;
	return reader->negated ? HANDLED_IRRELEVANT : HANDLED_UNKNOWN;
}

/* --- addresses -------------------------------------------------------------------------- */

/* Add an address of which network and mask are known, or one that is not known. */
static void add_address(struct reader *reader, struct interface *ifc, u128 address,
                        struct range network, bool masked)
{
	struct interface_address at = {.address = address, .network = network, .masked = masked};
	VEC_PUSH(reader->arena, &ifc->addresses, at);
}

/* An address that the text does not tell: by DHCP, or masked (NULL). As a host it is nobody's. */
static void add_unknown_address(struct reader *reader, struct interface *ifc, const char *by)
{
	struct interface_address at = {.masked = true, .by = by};
	VEC_PUSH(reader->arena, &ifc->addresses, at);
}

/* An interface has one IPv4 address, and any number of IPv6 ones. */
static void drop_addresses(struct interface *ifc, bool v4)
{
	uint32_t kept = 0;
	VEC_EACH(const struct interface_address, at, &ifc->addresses)
		if ((at->masked || addr_is4(at->address)) != v4)
			ifc->addresses.v[kept++] = *at;
	ifc->addresses.n = kept;
}

/* A M [standby A] | dhcp [setroute] | pppoe [setroute] */
static enum handled ipv4_address(struct reader *reader, struct cursor *cursor,
                                 struct interface *ifc)
{
	struct range network;
	u128 address, mask;
	bool unknown, exact;
	drop_addresses(ifc, true);
	ifc->learns_default_route = false;
	if (reader->negated)
		return HANDLED;
	const char *by = accept(cursor, "dhcp") ? "DHCP" : accept(cursor, "pppoe") ? "PPPoE" : NULL;
	if (by) {
		while (!at_end(cursor))
			ifc->learns_default_route |= str_eq(take(cursor), S("setroute"));
		add_unknown_address(reader, ifc, by);
		return HANDLED;
	}
	if (!take_address(cursor, &address, &unknown))
		return HANDLED_UNKNOWN;
	if (unknown || looks_masked(peek(cursor))) {
		add_unknown_address(reader, ifc, NULL);
		return HANDLED;
	}
	network = (struct range){address, address};
	if (take_mask(cursor, &mask) && !addr_network4(address, mask, &network, &exact)) {
		invalid_line(reader, "the mask of this address is no netmask");
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
	if (!own && config_index_get(&reader->places.nameif, lower_name(reader, next)))
		return HANDLED_NOT_MINE;
	return ipv4_address(reader, cursor, current(reader));
}

/* ipv6 address {A/LEN [eui-64|cluster-pool P] [standby A] | A link-local | autoconfig | dhcp} */
enum handled cmd_ipv6_address(struct reader *reader, struct cursor *cursor)
{
	static const char *const dynamic[] = {"autoconfig", "dhcp", "link-local"};
	struct interface *ifc = current(reader);
	struct range network;
	u128 address;
	accept(cursor, "address");
	struct str word = peek(cursor), head, tail;
	if (reader->negated && word.n == 0) {
		drop_addresses(ifc, false);
		ifc->ipv6_elsewhere = false;
		return HANDLED;
	}
	take(cursor);
	if (WORD_IN(word, dynamic) || next_is(cursor, "link-local")) {
		ifc->ipv6_elsewhere |= !reader->negated;
		return HANDLED; /* no network of its own that mail is in */
	}
	if (!str_cut(word, '/', &head, &tail)) {
		/* A delegated prefix: `ipv6 address PREFIX-NAME ::1/64`. */
		ifc->ipv6_elsewhere |= !reader->negated;
		return !at_end(cursor) && !addr_parse(word, &address) ? HANDLED : HANDLED_UNKNOWN;
	}
	if (!addr_parse(head, &address) || !addr_parse_prefix(word, &network))
		return HANDLED_UNKNOWN;
	if (!reader->negated) {
		add_address(reader, ifc, address, network, false);
		return HANDLED;
	}
	uint32_t kept = 0;
	VEC_EACH(const struct interface_address, at, &ifc->addresses)
		if (at->masked || at->address != address)
			ifc->addresses.v[kept++] = *at;
	ifc->addresses.n = kept;
	return HANDLED;
}

enum handled cmd_ipv6_enable(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	current(reader)->ipv6_enabled = !reader->negated;
	return HANDLED;
}

/* --- PIX up to 6 ------------------------------------------------------------------------ */

/* nameif {ethernet0|vlan2} outside security0 · FWSM 1.x, 2.x: nameif 100 outside security0 */
enum handled cmd_pix_nameif(struct reader *reader, struct cursor *cursor)
{
	struct str hardware = take(cursor), nameif = take(cursor), level = take(cursor);
	uint64_t number = 0;
	if (hardware.n == 0 || nameif.n == 0 || !at_end(cursor))
		return HANDLED_UNKNOWN;
	if (reader->negated)
		return HANDLED;
	struct str prefix = S("security"), digits = level;
	if (str_starts(level, prefix))
		digits = (struct str){level.s + prefix.n, level.n - prefix.n};
	else if (str_starts(level, S("sec")))
		digits = (struct str){level.s + 3, level.n - 3};
	if (level.n && !str_number(digits, 100, &number))
		return HANDLED_UNKNOWN;
	uint32_t at = by_hardware(reader, name_of(reader, hardware));
	/* `ip address outside` may stand above it: then that interface is this one. */
	uint32_t implied = config_index_get(&reader->places.nameif, lower_name(reader, nameif));
	if (implied && reader->config->interfaces.v[implied - 1].implied) {
		struct interface *from = &reader->config->interfaces.v[implied - 1];
		reader->config->interfaces.v[at].addresses.n = 0;
		VEC_EACH(const struct interface_address, old, &from->addresses)
			VEC_PUSH(reader->arena, &reader->config->interfaces.v[at].addresses, *old);
		from->addresses.n = 0;
		set_nameif(reader, implied - 1, (struct str){"", 0});
	}
	set_nameif(reader, at, nameif);
	reader->config->interfaces.v[at].security_level =
	        level.n ? (int)number : default_level(nameif);
	return HANDLED;
}

/* ip address outside A M (PIX up to 6) */
enum handled cmd_pix_ip_address(struct reader *reader, struct cursor *cursor)
{
	u128 address;
	accept(cursor, "address");
	struct str nameif = peek(cursor);
	/* Without a nameif: the address of a transparent firewall, for its own use. */
	if (reader->config->transparent && addr_parse(nameif, &address))
		return HANDLED_IRRELEVANT;
	if (nameif.n == 0 || addr_parse(nameif, &address))
		return HANDLED_UNKNOWN;
	take(cursor);
	uint32_t at = named(reader, nameif);
	return ipv4_address(reader, cursor, &reader->config->interfaces.v[at]);
}
