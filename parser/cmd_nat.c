/* SPDX-License-Identifier: ISC */
/* Object NAT and twice NAT of 8.3 and later (asa-semantics 4.4). */
#include "parser/grammar.h"

/* --- what both have --------------------------------------------------------------------- */

/*
 * An address, `interface`, `any`, or a name. Whether the name is an object's or a group's is told
 * when all is read (finish.c): it may be defined below.
 */
static bool take_nat_address(struct cursor *cursor, struct addr_spec *spec)
{
	struct str word = take(cursor), head, tail;
	*spec = (struct addr_spec){.kind = ADDR_RANGE};
	if (str_eq(word, S("any")))
		spec->kind = ADDR_ANY;
	else if (str_eq(word, S("any4")))
		spec->kind = ADDR_ANY4;
	else if (str_eq(word, S("any6")))
		spec->kind = ADDR_ANY6;
	else if (str_eq(word, S("interface")))
		spec->kind = ADDR_INTERFACE;
	else if (addr_parse(word, &spec->range.lo))
		spec->range.hi = spec->range.lo;
	else if (str_cut(word, '/', &head, &tail) && addr_parse_prefix(word, &spec->range))
		return true;
	else if (looks_masked(word))
		spec->kind = ADDR_UNKNOWN;
	else {
		spec->kind = ADDR_OBJECT;
		spec->name = name_of(cursor->reader, word);
	}
	return word.n > 0;
}

static bool take_kind(struct cursor *cursor, enum xlate_kind *kind)
{
	bool is_static = accept(cursor, "static");
	*kind = is_static ? XLATE_STATIC : XLATE_DYNAMIC;
	return is_static || accept(cursor, "dynamic");
}

/* Words behind an address that say how, not what. `pat-pool` brings a name. */
static bool take_option(struct cursor *cursor)
{
	static const char *const plain[] = {
	        "interface",   "ipv6",     "dns",  "net-to-net",      "no-proxy-arp",
	        "round-robin", "extended", "flat", "include-reserve", "block-allocation",
	};
	if (ACCEPT_ONE(cursor, plain) >= 0)
		return true;
	if (!accept(cursor, "pat-pool"))
		return false;
	return take(cursor).n > 0;
}

/* The mapped source: its own address, or the pool that stands for it. */
static bool take_mapped(struct cursor *cursor, struct addr_spec *spec, bool *interface6,
                        bool *pat_pool)
{
	*pat_pool = accept(cursor, "pat-pool");
	bool taken = take_nat_address(cursor, spec);
	*interface6 = spec->kind == ADDR_INTERFACE && accept(cursor, "ipv6");
	return taken;
}

/* --- object NAT ------------------------------------------------------------------------- */

/* service {tcp|udp|sctp} REAL MAPPED */
static bool take_port_pair(struct cursor *cursor, struct object_nat *nat)
{
	uint8_t hi;
	return take_protocol(cursor, &nat->protocol, &hi) && take_port(cursor, &nat->real_port) &&
	       take_port(cursor, &nat->mapped_port);
}

/* An object has one nat line; a new one replaces it. */
static void put_object_nat(struct reader *reader, const struct object_nat *nat)
{
	struct config *config = reader->config;
	struct name_index *index = &reader->places.object_nats;
	uint32_t at = config_index_get(index, nat->object);
	if (reader->negated) {
		if (at)
			config->object_nats.v[at - 1].object = 0;
		config_unindex(index, nat->object);
		reader->removed = true;
	} else if (at) {
		config->object_nats.v[at - 1] = *nat;
	} else {
		config_index(config, index, nat->object, config->object_nats.n);
		VEC_PUSH(reader->arena, &config->object_nats, *nat);
	}
}

/* nat [(real,mapped)] {static|dynamic} MAPPED [service tcp REAL MAPPED] ..., inside an object */
enum handled cmd_object_nat(struct reader *reader, struct cursor *cursor)
{
	struct object_nat nat = {.object = reader->config->objects.v[reader->object].name,
	                         .span = reader->line};
	bool pair = true;
	if (str_starts(peek(cursor), S("(")) &&
	    !take_interfaces(cursor, &nat.real_ifc, &nat.mapped_ifc, &pair))
		return HANDLED_UNKNOWN;
	/* `nat (a,b) source ...` is twice NAT, `nat (a) 1 ...` older: both of the top level. */
	if (!pair || !take_kind(cursor, &nat.kind))
		return HANDLED_NOT_MINE;
	if (!take_mapped(cursor, &nat.mapped, &nat.interface6, &nat.pat_pool))
		return HANDLED_UNKNOWN;
	while (!at_end(cursor)) {
		if (accept(cursor, "route-lookup"))
			nat.route_lookup = true;
		else if (accept(cursor, "service") ? !take_port_pair(cursor, &nat)
		                                   : !take_option(cursor))
			return HANDLED_UNKNOWN;
	}
	put_object_nat(reader, &nat);
	return HANDLED;
}

/* --- twice NAT -------------------------------------------------------------------------- */

static uint64_t twice_hash(const void *context, const void *element)
{
	const struct twice_nat *nat = element;
	(void)context;
	uint64_t hash = hash_mix((uint64_t)nat->real_ifc << 32 | nat->mapped_ifc,
	                         (uint64_t)nat->service_real << 32 | nat->service_mapped);
	hash = hash_addr(hash_addr(hash, &nat->src_real), &nat->src_mapped);
	return hash_addr(hash_addr(hash, &nat->dst_real), &nat->dst_mapped);
}

static bool twice_same(const void *context, const void *left, const void *right)
{
	const struct twice_nat *a = left, *b = right;
	(void)context;
	return a->real_ifc == b->real_ifc && a->mapped_ifc == b->mapped_ifc && a->kind == b->kind &&
	       a->pat_pool == b->pat_pool && a->has_destination == b->has_destination &&
	       a->service_real == b->service_real && a->service_mapped == b->service_mapped &&
	       same_addr(&a->src_real, &b->src_real) && same_addr(&a->src_mapped, &b->src_mapped) &&
	       same_addr(&a->dst_real, &b->dst_real) && same_addr(&a->dst_mapped, &b->dst_mapped);
}

static const struct edit_kind twice_edits = {sizeof(struct twice_nat), twice_hash, twice_same};

static struct edits *twice_under_edit(struct reader *reader, bool after_auto)
{
	struct edits **edits = &reader->edited.twice_nats[after_auto];
	if (!*edits)
		*edits = edits_new(reader->arena, &twice_edits, reader);
	edits_sync(*edits, reader->twice_nats[after_auto].v, reader->twice_nats[after_auto].n);
	return *edits;
}

/* Put a rule at its place in its section (`line` from 1; 0: at the end). */
static void put_twice(struct reader *reader, const struct twice_nat *nat, uint32_t line)
{
	if (reader->negated) {
		edits_remove(twice_under_edit(reader, nat->after_auto),
		             reader->twice_nats[nat->after_auto].v, nat);
		return;
	}
	if (reader->applied &&
	    edits_find(twice_under_edit(reader, nat->after_auto),
	               reader->twice_nats[nat->after_auto].v, nat) != EDITS_NONE) {
		invalid_line(reader, "this translation exists already");
		return;
	}
	if (line)
		twice_under_edit(reader, nat->after_auto);
	VEC_PUSH(reader->arena, &reader->twice_nats[nat->after_auto], *nat);
	if (line)
		edits_place_last(twice_under_edit(reader, nat->after_auto), line - 1);
}

static bool take_destination(struct cursor *cursor, struct twice_nat *nat)
{
	nat->has_destination = accept(cursor, "static");
	if (!nat->has_destination || !take_nat_address(cursor, &nat->dst_mapped))
		return false;
	nat->dst_interface6 = accept(cursor, "ipv6");
	return take_nat_address(cursor, &nat->dst_real);
}

static bool take_services(struct cursor *cursor, struct twice_nat *nat)
{
	nat->service_real = name_of(cursor->reader, take(cursor));
	nat->service_mapped = name_of(cursor->reader, take(cursor));
	return nat->service_mapped != 0;
}

/* One part of what stands behind the sources. */
static bool take_twice_part(struct cursor *cursor, struct twice_nat *nat)
{
	if (accept(cursor, "destination"))
		return take_destination(cursor, nat);
	if (accept(cursor, "service"))
		return take_services(cursor, nat);
	if (accept(cursor, "inactive"))
		return nat->inactive = true;
	if (accept(cursor, "route-lookup"))
		return nat->route_lookup = true;
	if (accept(cursor, "unidirectional"))
		return nat->unidirectional = true;
	if (accept(cursor, "description")) {
		skip_words(cursor, cursor->n);
		return true;
	}
	return take_option(cursor);
}

enum handled read_twice_nat(struct reader *reader, struct cursor *cursor, name_id real_ifc,
                            name_id mapped_ifc);

/* [after-auto] [N] source {static|dynamic} REAL MAPPED ...; the interfaces are taken already. */
enum handled read_twice_nat(struct reader *reader, struct cursor *cursor, name_id real_ifc,
                            name_id mapped_ifc)
{
	struct twice_nat nat = {
	        .real_ifc = real_ifc, .mapped_ifc = mapped_ifc, .span = reader->line};
	uint32_t line = 0;
	nat.after_auto = accept(cursor, "after-auto");
	take_number(cursor, UINT32_MAX, &line);
	if (!accept(cursor, "source") || !take_kind(cursor, &nat.kind) ||
	    !take_nat_address(cursor, &nat.src_real) ||
	    !take_mapped(cursor, &nat.src_mapped, &nat.src_interface6, &nat.pat_pool))
		return HANDLED_UNKNOWN;
	while (!at_end(cursor) && !nat.unknown)
		nat.unknown = !take_twice_part(cursor, &nat);
	put_twice(reader, &nat, line);
	return nat.unknown ? HANDLED_UNKNOWN : HANDLED;
}
