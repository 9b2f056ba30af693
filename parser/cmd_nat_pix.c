/* SPDX-License-Identifier: ISC */
/* static, nat, global of PIX 4 to ASA 8.2 and FWSM (asa-semantics 4.2), and outbound. */
#include "parser/grammar.h"

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

static uint64_t nat_hash(const void *context, const void *element)
{
	const struct legacy_nat *nat = element;
	(void)context;
	uint64_t hash = hash_mix((uint64_t)nat->kind << 32 | nat->real_ifc, nat->mapped_ifc);
	hash = hash_mix(hash_mix(hash, (uint64_t)nat->real.lo), (uint64_t)nat->mapped.lo);
	hash = hash_mix(hash, (uint64_t)nat->acl << 32 | nat->id);
	return hash_mix(hash, (uint64_t)nat->real_port << 16 | nat->mapped_port);
}

static bool nat_same(const void *context, const void *left, const void *right)
{
	const struct legacy_nat *a = left, *b = right;
	(void)context;
	return a->kind == b->kind && a->real_ifc == b->real_ifc && a->mapped_ifc == b->mapped_ifc &&
	       a->real.lo == b->real.lo && a->real.hi == b->real.hi &&
	       a->mapped.lo == b->mapped.lo && a->mapped_is_interface == b->mapped_is_interface &&
	       a->protocol == b->protocol && a->real_port == b->real_port &&
	       a->mapped_port == b->mapped_port && a->acl == b->acl && a->id == b->id;
}

static const struct edit_kind nat_edits = {sizeof(struct legacy_nat), nat_hash, nat_same};

static enum handled put_nat(struct reader *reader, const struct legacy_nat *nat)
{
	struct config *config = reader->config;
	if (reader->negated || reader->applied) {
		if (!reader->edited.nats)
			reader->edited.nats = edits_new(reader->arena, &nat_edits, reader);
		edits_sync(reader->edited.nats, config->nats.v, config->nats.n);
	}
	if (reader->negated) {
		edits_remove(reader->edited.nats, config->nats.v, nat);
		return HANDLED;
	}
	/* A translation that is there already is refused; its limits stay as they were. */
	if (reader->applied && edits_find(reader->edited.nats, config->nats.v, nat) != EDITS_NONE)
		invalid_line(reader, "this translation exists already; remove it first (`no ...`)");
	else
		VEC_PUSH(reader->arena, &config->nats, *nat);
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
	if (looks_masked(peek(cursor))) {
		take(cursor);
		nat->real_unknown = nat->mapped_unknown = true;
		return true;
	}
	if (!take_mask(cursor, &mask))
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
	bool pair;
	u128 real;
	if (!take_interfaces(cursor, &nat.real_ifc, &nat.mapped_ifc, &pair) || !pair)
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
	} else {
		if (!take_address(cursor, &address, &nat.real_unknown))
			return HANDLED_UNKNOWN;
		nat.real = range_of(address);
		/* A lone 0.0.0.0 is every address ("nat (inside) 1 0", PIX 4). */
		bool masked = looks_masked(peek(cursor));
		bool has_mask = !masked && take_mask(cursor, &mask);
		if (masked)
			take(cursor);
		nat.real_unknown |= masked;
		if (!has_mask)
			mask = address == ADDR4_MIN ? ADDR4_MIN : ADDR4_MAX;
		if (!nat.real_unknown && !addr_network4(address, mask, &nat.real, &exact))
			return HANDLED_UNKNOWN;
	}
	if (!take_nat_tail(cursor, &nat))
		return HANDLED_UNKNOWN;
	return put_nat(reader, &nat);
}

enum handled read_twice_nat(struct reader *reader, struct cursor *cursor, name_id real_ifc,
                            name_id mapped_ifc);

/* All that begins with `nat` at the top level: before 8.3 nat (ifc) ID, from 8.3 twice NAT. */
enum handled cmd_nat(struct reader *reader, struct cursor *cursor)
{
	name_id first = 0, second = 0;
	struct str word = peek(cursor);
	if (word.n && word.s[0] == '(') {
		bool pair;
		if (!take_interfaces(cursor, &first, &second, &pair))
			return HANDLED_UNKNOWN;
		if (!pair)
			return dynamic_nat(reader, cursor, first);
	}
	return read_twice_nat(reader, cursor, first, second);
}

static uint64_t global_hash(const void *context, const void *element)
{
	const struct global_pool *pool = element;
	(void)context;
	return hash_mix((uint64_t)pool->ifc << 32 | pool->id, (uint64_t)pool->addresses.lo);
}

static bool global_same(const void *context, const void *left, const void *right)
{
	const struct global_pool *a = left, *b = right;
	(void)context;
	return a->ifc == b->ifc && a->id == b->id && a->is_interface == b->is_interface &&
	       a->is_range == b->is_range && a->addresses.lo == b->addresses.lo &&
	       a->addresses.hi == b->addresses.hi;
}

static const struct edit_kind global_edits = {sizeof(struct global_pool), global_hash, global_same};

/* A or A-B; names may have dashes of their own. What runs backwards is no pool. */
static bool take_pool(struct cursor *cursor, struct range *pool, bool *is_range)
{
	struct str head, tail;
	u128 address;
	bool unknown;
	if (str_cut(peek(cursor), '-', &head, &tail) && addr_parse(head, &pool->lo) &&
	    addr_parse(tail, &pool->hi)) {
		take(cursor);
		*is_range = true;
		return pool->lo <= pool->hi && addr_is4(pool->lo) && addr_is4(pool->hi);
	}
	if (!take_address(cursor, &address, &unknown))
		return false;
	*pool = range_of(address);
	return true;
}

/* global (ifc) ID {A[-B] [netmask M] | interface} */
enum handled cmd_global(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct global_pool pool = {.span = reader->line};
	name_id none;
	bool pair;
	if (!take_interfaces(cursor, &pool.ifc, &none, &pair) || pair ||
	    !take_number(cursor, UINT32_MAX, &pool.id))
		return HANDLED_UNKNOWN;
	if (accept(cursor, "interface"))
		pool.is_interface = true;
	else if (!take_pool(cursor, &pool.addresses, &pool.is_range))
		return HANDLED_UNKNOWN;
	if (!reader->negated) {
		VEC_PUSH(reader->arena, &config->globals, pool);
		return HANDLED;
	}
	if (!reader->edited.globals)
		reader->edited.globals = edits_new(reader->arena, &global_edits, reader);
	edits_sync(reader->edited.globals, config->globals.v, config->globals.n);
	edits_remove(reader->edited.globals, config->globals.v, &pool);
	return HANDLED;
}

enum handled cmd_nat_control(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	reader->config->nat_control = !reader->negated;
	return HANDLED;
}

/* outbound N {permit|deny|except} ...: filters nothing until it is applied (section 6). */
enum handled cmd_outbound(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	reader->config->has_outbounds |= !reader->negated;
	return HANDLED;
}

/* apply (IFC) N {outgoing_src|outgoing_dest}; a line that takes one away leaves open which. */
enum handled cmd_apply(struct reader *reader, struct cursor *cursor)
{
	struct outbound_binding binding = {.span = reader->line};
	name_id none;
	bool pair;
	if (!take_interfaces(cursor, &binding.interface, &none, &pair) || pair)
		binding.interface = 0;
	reader->config->has_outbounds |= !reader->negated;
	if (!reader->negated)
		VEC_PUSH(reader->arena, &reader->config->outbounds, binding);
	return HANDLED;
}
