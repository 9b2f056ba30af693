/* SPDX-License-Identifier: ISC */
/* Packets and sets of them in words: protocols, addresses, ports. */
#include "emitters/packets.h"

#include "model/ports.h"

enum { PORT_MAX = 65535 };

void words_add_once(struct arena *arena, struct words *words, struct str word)
{
	VEC_EACH(const struct str, known, &words->list)
		if (str_eq(*known, word))
			return;
	VEC_PUSH(arena, &words->list, word);
}

struct str words_join(struct arena *arena, const struct words *words, const char *between)
{
	struct buf buf = {.arena = arena};

	VEC_EACH(const struct str, word, &words->list) {
		if (buf.n)
			buf_add(&buf, str_of(between));
		buf_add(&buf, *word);
	}
	return buf_str(&buf);
}

struct str protocol_text(struct arena *arena, unsigned protocol)
{
	const char *name = protocol <= UINT8_MAX ? protocol_name((uint8_t)protocol) : NULL;

	return name && protocol ? str_of(name) : str_printf(arena, "%u", protocol);
}

void protocols_text(struct arena *arena, struct iset protocols, struct words *out)
{
	uint32_t i;

	if (protocols.n == 1 && protocols.v[0].lo == 0 && protocols.v[0].hi >= UINT8_MAX) {
		VEC_PUSH(arena, &out->list, S("any protocol"));
		return;
	}
	for (i = 0; i < protocols.n; i++) {
		unsigned lo = (unsigned)protocols.v[i].lo, hi = (unsigned)protocols.v[i].hi;

		VEC_PUSH(arena, &out->list,
		         lo == hi ? protocol_text(arena, lo) : str_printf(arena, "%u-%u", lo, hi));
	}
}

/* The part of `set` in one family, nothing where the other end of the box has no such address. */
static struct iset family_part(struct arena *arena, const struct box *box, enum dim dim, bool v4)
{
	struct iset other = box->dim[dim == DIM_SRC ? DIM_DST : DIM_SRC];

	if (iset_is_empty(iset_family(arena, other, v4)))
		return iset_none();
	return iset_family(arena, box->dim[dim], v4);
}

static struct iset family_all(struct arena *arena, bool v4)
{
	return iset_family(arena, iset_all(), v4);
}

static void add_cidrs(struct arena *arena, struct iset set, struct words *out)
{
	struct cidrs cidrs = {0};

	iset_cidrs(arena, set, &cidrs);
	VEC_EACH(const struct str, cidr, &cidrs.list)
		VEC_PUSH(arena, &out->list, *cidr);
}

/* Exceptions stand in brackets where more follows, which would read as one of them. */
static void add_family(struct arena *arena, struct iset part, bool v4, bool shorten, bool last,
                       struct words *out)
{
	const char *name = v4 ? "any4" : "any6",
	           *form = last ? "%s except %.*s" : "%s (except %.*s)";
	struct words cidrs = {0}, rest = {0};

	if (iset_is_empty(part))
		return;
	if (iset_equal(part, family_all(arena, v4))) {
		VEC_PUSH(arena, &out->list, str_of(name));
		return;
	}
	add_cidrs(arena, part, &cidrs);
	if (shorten)
		add_cidrs(arena, iset_subtract(arena, family_all(arena, v4), part), &rest);
	if (shorten && rest.list.n < cidrs.list.n) {
		struct str except = words_join(arena, &rest, ", ");

		VEC_PUSH(arena, &out->list, str_printf(arena, form, name, STR(except)));
		return;
	}
	VEC_EACH(const struct str, cidr, &cidrs.list)
		VEC_PUSH(arena, &out->list, *cidr);
}

static void add_addresses(struct arena *arena, const struct box *box, enum dim dim, bool shorten,
                          struct words *out)
{
	struct iset v4 = family_part(arena, box, dim, true);
	struct iset v6 = family_part(arena, box, dim, false);

	if (iset_equal(v4, family_all(arena, true)) && iset_equal(v6, family_all(arena, false))) {
		VEC_PUSH(arena, &out->list, S("any"));
		return;
	}
	bool v6_first = iset_equal(v6, family_all(arena, false));
	struct iset first = v6_first ? v6 : v4, second = v6_first ? v4 : v6;
	add_family(arena, first, !v6_first, shorten, iset_is_empty(second), out);
	add_family(arena, second, v6_first, shorten, true, out);
}

void box_addresses(struct arena *arena, const struct box *box, enum dim dim, struct words *out)
{
	add_addresses(arena, box, dim, false, out);
}

void box_addresses_short(struct arena *arena, const struct box *box, enum dim dim,
                         struct words *out)
{
	add_addresses(arena, box, dim, true, out);
}

void ports_text(struct arena *arena, struct iset ports, struct words *out)
{
	uint32_t i;

	for (i = 0; i < ports.n; i++) {
		unsigned lo = (unsigned)ports.v[i].lo, hi = (unsigned)ports.v[i].hi;

		VEC_PUSH(arena, &out->list,
		         lo == hi ? str_printf(arena, "%u", lo)
		                  : str_printf(arena, "%u-%u", lo, hi));
	}
}

bool ports_are_any(struct iset ports)
{
	return ports.n == 1 && ports.v[0].lo == 0 && ports.v[0].hi >= PORT_MAX;
}

struct str packet_tracer_text(struct arena *arena, const struct witness *witness)
{
	const u128 *at = witness->packet.at;
	struct str src = addr_text(arena, at[DIM_SRC]), dst = addr_text(arena, at[DIM_DST]);
	unsigned protocol = (unsigned)at[DIM_PROTO];
	unsigned sport = (unsigned)at[DIM_SPORT], dport = (unsigned)at[DIM_DPORT];
	struct str name = protocol_text(arena, protocol);
	struct buf buf = {.arena = arena};

	buf_printf(&buf, "packet-tracer input %.*s ", STR(witness->input));
	switch (protocol) {
	case PROTO_TCP:
	case PROTO_UDP:
	case PROTO_SCTP:
		buf_printf(&buf, "%.*s %.*s %u %.*s %u", STR(name), STR(src), sport, STR(dst),
		           dport);
		break;
	case PROTO_ICMP:
	case PROTO_ICMP6:
		buf_printf(&buf, "icmp %.*s %u %u %.*s", STR(src), sport, dport, STR(dst));
		break;
	default:
		buf_printf(&buf, "rawip %.*s %u %.*s", STR(src), protocol, STR(dst));
	}
	return buf_str(&buf);
}
