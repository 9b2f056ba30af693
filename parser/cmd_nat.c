/* SPDX-License-Identifier: ISC */
/* Object NAT and twice NAT of 8.3 and later (asa-semantics 4.4). */
#include "parser/grammar.h"

/* "(inside,outside)" -> two nameifs, 0 for any. */
static bool take_pair(struct cursor *cursor, name_id *real_ifc, name_id *mapped_ifc)
{
	struct reader *reader = cursor->reader;
	struct str word = peek(cursor), head, tail;
	*real_ifc = *mapped_ifc = 0;
	if (word.n == 0 || word.s[0] != '(')
		return true;
	take(cursor);
	if (word.s[word.n - 1] == ',')
		word = str_printf(reader->arena, "%.*s%.*s", STR(word), STR(take(cursor)));
	if (word.n < 4 || word.s[word.n - 1] != ')' ||
	    !str_cut((struct str){word.s + 1, word.n - 2}, ',', &head, &tail))
		return false;
	if (!str_eq(head, S("any")))
		*real_ifc = name_of(reader, head);
	if (!str_eq(tail, S("any")))
		*mapped_ifc = name_of(reader, tail);
	return true;
}

/* An address, an object or group by its bare name, `interface`, `any`. */
static struct addr_spec take_nat_address(struct cursor *cursor)
{
	struct config *config = cursor->reader->config;
	struct str word = take(cursor);
	struct addr_spec spec = {.kind = ADDR_RANGE};
	u128 address;
	if (str_eq(word, S("any")))
		return (struct addr_spec){.kind = ADDR_ANY};
	if (str_eq(word, S("interface")))
		return (struct addr_spec){.kind = ADDR_INTERFACE};
	if (addr_parse(word, &address)) {
		spec.range = (struct range){address, address};
		return spec;
	}
	if (looks_masked(word))
		return (struct addr_spec){.kind = ADDR_UNKNOWN};
	spec.name = name_of(cursor->reader, word);
	spec.kind = config_group(config, spec.name) ? ADDR_GROUP : ADDR_OBJECT;
	return spec;
}

static bool take_kind(struct cursor *cursor, enum xlate_kind *kind)
{
	if (accept(cursor, "static"))
		*kind = XLATE_STATIC;
	else if (accept(cursor, "dynamic"))
		*kind = XLATE_DYNAMIC;
	else
		return false;
	return true;
}

static struct addr_spec take_mapped_source(struct cursor *cursor)
{
	if (accept(cursor, "pat-pool")) {
		struct addr_spec spec = take_nat_address(cursor);
		while (accept(cursor, "round-robin") || accept(cursor, "extended") ||
		       accept(cursor, "flat") || accept(cursor, "include-reserve") ||
		       accept(cursor, "block-allocation"))
			continue;
		return spec;
	}
	return take_nat_address(cursor);
}

/* nat [(real,mapped)] {static|dynamic} MAPPED [service tcp REAL MAPPED] ... inside object network
 */
enum handled cmd_object_nat(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct object_nat nat = {.object = config->objects.v[reader->object].name,
	                         .span = reader->line};
	if (!take_pair(cursor, &nat.real_ifc, &nat.mapped_ifc))
		return HANDLED_NOT_MINE;
	if (!take_kind(cursor, &nat.kind))
		return HANDLED_NOT_MINE; /* `nat (a,b) source ...`: twice NAT */
	nat.mapped = take_mapped_source(cursor);
	while (!at_end(cursor)) {
		if (accept(cursor, "service")) {
			uint8_t hi;
			if (!take_protocol(cursor, &nat.protocol, &hi) ||
			    !take_port(cursor, &nat.real_port) ||
			    !take_port(cursor, &nat.mapped_port))
				return HANDLED_UNKNOWN;
		} else if (accept(cursor, "route-lookup")) {
			nat.route_lookup = true;
		} else if (accept(cursor, "interface") || accept(cursor, "dns") ||
		           accept(cursor, "net-to-net") || accept(cursor, "no-proxy-arp") ||
		           accept(cursor, "ipv6")) {
			continue;
		} else {
			return HANDLED_UNKNOWN;
		}
	}
	/* An object has one nat line; a new one replaces it. */
	uint32_t kept = 0;
	VEC_EACH(const struct object_nat, old, &config->object_nats)
		if (old->object != nat.object)
			config->object_nats.v[kept++] = *old;
	config->object_nats.n = kept;
	if (!reader->negated)
		VEC_PUSH(reader->arena, &config->object_nats, nat);
	return HANDLED;
}

static bool same_addr_spec(const struct addr_spec *a, const struct addr_spec *b)
{
	return a->kind == b->kind && a->name == b->name && a->range.lo == b->range.lo &&
	       a->range.hi == b->range.hi;
}

static bool same_twice(const struct twice_nat *a, const struct twice_nat *b)
{
	return a->real_ifc == b->real_ifc && a->mapped_ifc == b->mapped_ifc &&
	       a->after_auto == b->after_auto && a->kind == b->kind &&
	       a->has_destination == b->has_destination && a->service_real == b->service_real &&
	       a->service_mapped == b->service_mapped &&
	       same_addr_spec(&a->src_real, &b->src_real) &&
	       same_addr_spec(&a->src_mapped, &b->src_mapped) &&
	       same_addr_spec(&a->dst_real, &b->dst_real) &&
	       same_addr_spec(&a->dst_mapped, &b->dst_mapped);
}

/* Put a rule at its place in its section (`line` from 1; 0: at the end). */
static void insert_twice(struct reader *reader, const struct twice_nat *nat, uint32_t line)
{
	struct config *config = reader->config;
	uint32_t at = 0, in_section = 0, n = config->twice_nats.n;
	while (at < n && (nat->after_auto || !config->twice_nats.v[at].after_auto)) {
		if (config->twice_nats.v[at].after_auto == nat->after_auto && ++in_section == line)
			break;
		at++;
	}
	VEC_PUSH(reader->arena, &config->twice_nats, *nat);
	for (uint32_t i = n; i > at; i--)
		config->twice_nats.v[i] = config->twice_nats.v[i - 1];
	config->twice_nats.v[at] = *nat;
}

enum handled cmd_twice_nat(struct reader *reader, struct cursor *cursor, name_id real_ifc,
                           name_id mapped_ifc);

/* [after-auto] [N] source ... [destination static M R] [service R M] ...; the pair is taken
 * already. */
enum handled cmd_twice_nat(struct reader *reader, struct cursor *cursor, name_id real_ifc,
                           name_id mapped_ifc)
{
	struct config *config = reader->config;
	struct twice_nat nat = {
	        .real_ifc = real_ifc, .mapped_ifc = mapped_ifc, .span = reader->line};
	uint32_t line = 0;
	nat.after_auto = accept(cursor, "after-auto");
	take_number(cursor, UINT32_MAX, &line);
	if (!accept(cursor, "source") || !take_kind(cursor, &nat.kind))
		return HANDLED_UNKNOWN;
	nat.src_real = take_nat_address(cursor);
	nat.src_mapped = take_mapped_source(cursor);
	while (!at_end(cursor)) {
		if (accept(cursor, "destination")) {
			nat.has_destination = accept(cursor, "static");
			nat.dst_mapped = take_nat_address(cursor);
			nat.dst_real = take_nat_address(cursor);
		} else if (accept(cursor, "service")) {
			nat.service_real = name_of(reader, take(cursor));
			nat.service_mapped = name_of(reader, take(cursor));
		} else if (accept(cursor, "inactive")) {
			nat.inactive = true;
		} else if (accept(cursor, "unidirectional")) {
			nat.unidirectional = true;
		} else if (accept(cursor, "route-lookup")) {
			nat.route_lookup = true;
		} else if (accept(cursor, "description")) {
			break;
		} else if (!accept(cursor, "interface") && !accept(cursor, "dns") &&
		           !accept(cursor, "net-to-net") && !accept(cursor, "no-proxy-arp") &&
		           !accept(cursor, "ipv6") &&
		           !accept(cursor, "round-robin") && !accept(cursor, "flat") &&
		           !accept(cursor, "extended") && !accept(cursor, "include-reserve")) {
			nat.unknown = true;
			break;
		}
	}
	if (reader->negated) {
		uint32_t kept = 0;
		VEC_EACH(const struct twice_nat, old, &config->twice_nats)
			if (!same_twice(old, &nat))
				config->twice_nats.v[kept++] = *old;
		config->twice_nats.n = kept;
	} else {
		insert_twice(reader, &nat, line);
	}
	return nat.unknown ? HANDLED_DOUBT : HANDLED;
}
