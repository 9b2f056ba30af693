/* SPDX-License-Identifier: ISC */
/* static, nat, global of PIX 4 to ASA 8.2 and FWSM (asa-semantics 4.2), conduit and outbound. */
#include "parser/grammar.h"

#include <string.h>

/* "(inside,outside)" or "(inside)", perhaps with a blank after the comma. */
static bool take_interfaces(struct cursor *cursor, name_id *first, name_id *second)
{
	struct reader *reader = cursor->reader;
	struct str word = take(cursor), inner, head, tail;
	if (word.n && word.s[word.n - 1] == ',' && !at_end(cursor))
		word = str_printf(reader->arena, "%.*s%.*s", STR(word), STR(take(cursor)));
	if (word.n < 3 || word.s[0] != '(' || word.s[word.n - 1] != ')')
		return false;
	inner = (struct str){word.s + 1, word.n - 2};
	str_cut(inner, ',', &head, &tail);
	*first = str_eq(head, S("any")) ? 0 : name_of(reader, head);
	*second = str_eq(tail, S("any")) ? 0 : name_of(reader, tail);
	return true;
}

/* [dns] [norandomseq] [nailed] [[tcp] max [emb]] [udp max] in any order the releases print. */
static bool take_nat_tail(struct cursor *cursor, struct legacy_nat *nat)
{
	uint32_t *const numbers[] = {&nat->limits.max_conns, &nat->limits.embryonic};
	uint32_t n = 0;
	while (!at_end(cursor)) {
		if (accept(cursor, "dns"))
			nat->dns = true;
		else if (accept(cursor, "norandomseq"))
			nat->norandomseq = true;
		else if (accept(cursor, "outside"))
			nat->outside = true;
		else if (accept(cursor, "udp")) {
			if (!take_number(cursor, UINT32_MAX, &nat->limits.udp_max_conns))
				return false;
		} else if (accept(cursor, "nailed") || accept(cursor, "tcp")) {
			continue;
		} else if (n == 2 || !take_number(cursor, UINT32_MAX, numbers[n++])) {
			return false;
		}
	}
	return true;
}

static bool same_nat(const struct legacy_nat *a, const struct legacy_nat *b)
{
	return a->kind == b->kind && a->real_ifc == b->real_ifc && a->mapped_ifc == b->mapped_ifc &&
	       a->real.lo == b->real.lo && a->real.hi == b->real.hi &&
	       a->mapped.lo == b->mapped.lo && a->mapped_is_interface == b->mapped_is_interface &&
	       a->protocol == b->protocol && a->real_port == b->real_port &&
	       a->mapped_port == b->mapped_port && a->acl == b->acl && a->id == b->id;
}

static enum handled put_nat(struct reader *reader, const struct legacy_nat *nat)
{
	struct config *config = reader->config;
	if (!reader->negated) {
		/* A static that is there already is refused; its limits stay as they were. */
		if (reader->applied)
			VEC_EACH(const struct legacy_nat, old, &config->nats)
				if (same_nat(old, nat)) {
					invalid_line(reader, "this translation exists already; "
					                     "remove it first (`no ...`)");
					return HANDLED;
				}
		VEC_PUSH(reader->arena, &config->nats, *nat);
		return HANDLED;
	}
	uint32_t kept = 0;
	VEC_EACH(const struct legacy_nat, old, &config->nats)
		if (!same_nat(old, nat))
			config->nats.v[kept++] = *old;
	config->nats.n = kept;
	return HANDLED;
}

static struct range range_of(u128 address)
{
	return (struct range){address, address};
}

/* MAPPED of a static: an address, or the interface's own. */
static bool take_mapped(struct cursor *cursor, struct legacy_nat *nat)
{
	u128 address;
	if (accept(cursor, "interface")) {
		nat->mapped_is_interface = true;
		return true;
	}
	if (!take_address(cursor, &address, &nat->mapped_unknown))
		return false;
	nat->mapped = range_of(address);
	return true;
}

/* The netmask widens both addresses of a static to networks. */
static bool take_static_mask(struct cursor *cursor, struct legacy_nat *nat)
{
	u128 mask;
	bool exact;
	nat->dns |= accept(cursor, "dns");
	if (!accept(cursor, "netmask"))
		return true;
	if (!addr_parse(take(cursor), &mask))
		return false;
	struct range real = nat->real, mapped = nat->mapped;
	if (!nat->real_unknown && !addr_network4(real.lo, mask, &nat->real, &exact))
		return false;
	if (!nat->mapped_unknown && !nat->mapped_is_interface &&
	    !addr_network4(mapped.lo, mask, &nat->mapped, &exact))
		return false;
	return true;
}

/* static (real,mapped) [tcp|udp] MAPPED [PORT] {REAL [PORT] [netmask M] | access-list ACL} ... */
enum handled cmd_static(struct reader *reader, struct cursor *cursor)
{
	struct legacy_nat nat = {.kind = NAT_STATIC, .span = reader->line};
	u128 real;
	if (!take_interfaces(cursor, &nat.real_ifc, &nat.mapped_ifc))
		return HANDLED_UNKNOWN;
	bool tcp = accept(cursor, "tcp");
	if (tcp || accept(cursor, "udp"))
		nat.protocol = tcp ? PROTO_TCP : PROTO_UDP;
	if (!take_mapped(cursor, &nat))
		return HANDLED_UNKNOWN;
	if (nat.protocol && !take_port(cursor, &nat.mapped_port))
		return HANDLED_UNKNOWN;
	if (accept(cursor, "access-list")) {
		nat.acl = name_of(reader, take(cursor));
	} else {
		if (!take_address(cursor, &real, &nat.real_unknown))
			return HANDLED_UNKNOWN;
		nat.real = range_of(real);
		if (nat.protocol && !take_port(cursor, &nat.real_port))
			return HANDLED_UNKNOWN;
		if (!take_static_mask(cursor, &nat))
			return HANDLED_UNKNOWN;
	}
	if (!take_nat_tail(cursor, &nat))
		return HANDLED_UNKNOWN;
	return put_nat(reader, &nat);
}

/* nat (real) ID ADDRESS [MASK] ... · nat (real) ID access-list ACL ... */
static enum handled dynamic_nat(struct reader *reader, struct cursor *cursor, name_id real_ifc)
{
	struct legacy_nat nat = {.real_ifc = real_ifc, .span = reader->line};
	u128 address, mask;
	bool exact;
	if (!take_number(cursor, UINT32_MAX, &nat.id))
		return HANDLED_UNKNOWN;
	nat.kind = nat.id ? NAT_DYNAMIC : NAT_IDENTITY;
	if (accept(cursor, "access-list")) {
		if (nat.id == 0)
			nat.kind = NAT_EXEMPT;
		nat.acl = name_of(reader, take(cursor));
	} else if (next_is(cursor, "0")) {
		/* PIX 6 and earlier print "nat (inside) 1 0 0": everything */
		take(cursor);
		accept(cursor, "0");
		nat.real = (struct range){ADDR4_MIN, ADDR4_MAX};
	} else {
		if (!take_address(cursor, &address, &nat.real_unknown))
			return HANDLED_UNKNOWN;
		nat.real = range_of(address);
		if (addr_parse(peek(cursor), &mask)) {
			take(cursor);
			if (!nat.real_unknown && !addr_network4(address, mask, &nat.real, &exact))
				return HANDLED_UNKNOWN;
		}
	}
	if (!take_nat_tail(cursor, &nat))
		return HANDLED_UNKNOWN;
	return put_nat(reader, &nat);
}

enum handled cmd_twice_nat(struct reader *reader, struct cursor *cursor, name_id real_ifc,
                           name_id mapped_ifc);

/* All that begins with `nat` at the top level: before 8.3 nat (ifc) ID, from 8.3 twice NAT. */
enum handled cmd_nat(struct reader *reader, struct cursor *cursor)
{
	name_id first = 0, second = 0;
	struct str word = peek(cursor);
	if (word.n && word.s[0] == '(') {
		bool pair = memchr(word.s, ',', word.n) != NULL;
		if (!take_interfaces(cursor, &first, &second))
			return HANDLED_UNKNOWN;
		if (!pair)
			return dynamic_nat(reader, cursor, first);
	}
	return cmd_twice_nat(reader, cursor, first, second);
}

/* global (ifc) ID {A[-B] [netmask M] | interface} */
enum handled cmd_global(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct global_pool pool = {.span = reader->line};
	name_id none;
	struct str head, tail;
	if (!take_interfaces(cursor, &pool.ifc, &none) ||
	    !take_number(cursor, UINT32_MAX, &pool.id))
		return HANDLED_UNKNOWN;
	if (accept(cursor, "interface")) {
		pool.is_interface = true;
	} else if (str_cut(peek(cursor), '-', &head, &tail) &&
	           addr_parse(head, &pool.addresses.lo) && addr_parse(tail, &pool.addresses.hi)) {
		take(cursor);
	} else {
		u128 address;
		bool unknown;
		if (!take_address(cursor, &address, &unknown))
			return HANDLED_UNKNOWN;
		pool.addresses = range_of(address);
	}
	if (!reader->negated) {
		VEC_PUSH(reader->arena, &config->globals, pool);
		return HANDLED;
	}
	uint32_t kept = 0;
	VEC_EACH(const struct global_pool, old, &config->globals)
		if (old->ifc != pool.ifc || old->id != pool.id ||
		    old->is_interface != pool.is_interface ||
		    old->addresses.lo != pool.addresses.lo)
			config->globals.v[kept++] = *old;
	config->globals.n = kept;
	return HANDLED;
}

enum handled cmd_nat_control(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	reader->config->nat_control = !reader->negated;
	return HANDLED;
}

/* Conduits open ways in for interfaces without an access-group (section 6). */
enum handled cmd_conduit(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	reader->config->has_conduits |= !reader->negated;
	reader->config->conduit_span = reader->line;
	return HANDLED;
}

/* outbound and apply filter what leaves (section 6). */
enum handled cmd_outbound(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	reader->config->has_outbounds |= !reader->negated;
	reader->config->outbound_span = reader->line;
	return HANDLED;
}
