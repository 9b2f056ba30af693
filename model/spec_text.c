/* SPDX-License-Identifier: ISC */
#include "model/spec_text.h"

#include "model/ports.h"

/* --- addresses -------------------------------------------------------------------------- */

/* The number of bits that all addresses of a range share, if it is a prefix; else -1. */
static int prefix_bits(struct range range)
{
	u128 differ = range.lo ^ range.hi;
	int bits = addr_is4(range.lo) ? 32 : 128;
	if (addr_is4(range.lo) != addr_is4(range.hi) || (differ & (differ + 1)) != 0 ||
	    (range.lo & differ) != 0)
		return -1;
	for (; differ; differ >>= 1)
		bits--;
	return bits;
}

static uint32_t mask_of(int bits)
{
	return bits == 0 ? 0 : 0xffffffffu << (32 - bits);
}

struct str address_mask_text(struct arena *arena, u128 address, struct range network)
{
	int bits = prefix_bits(network);
	struct str at = addr_text(arena, address);
	if (!addr_is4(address))
		return str_printf(arena, "%.*s/%d", STR(at), bits < 0 ? 128 : bits);
	struct str mask = addr_text(arena, addr4(mask_of(bits < 0 ? 32 : bits)));
	return str_printf(arena, "%.*s %.*s", STR(at), STR(mask));
}

static struct str range_text(struct arena *arena, struct range range)
{
	struct str lo = addr_text(arena, range.lo), hi = addr_text(arena, range.hi);
	if (range.lo == range.hi)
		return str_printf(arena, "host %.*s", STR(lo));
	if (prefix_bits(range) < 0)
		return str_printf(arena, "range %.*s %.*s", STR(lo), STR(hi));
	return address_mask_text(arena, range.lo, range);
}

static struct str named(struct arena *arena, const struct config *config, const char *kind,
                        name_id name)
{
	return str_printf(arena, "%s %.*s", kind, STR(config_name(config, name)));
}

struct str addr_spec_text(struct arena *arena, const struct config *config,
                          const struct addr_spec *spec)
{
	switch (spec->kind) {
	case ADDR_ANY:
		return S("any");
	case ADDR_ANY4:
		return S("any4");
	case ADDR_ANY6:
		return S("any6");
	case ADDR_RANGE:
		return range_text(arena, spec->range);
	case ADDR_OBJECT:
		return named(arena, config, "object", spec->name);
	case ADDR_GROUP:
		return named(arena, config, "object-group", spec->name);
	case ADDR_INTERFACE:
		return spec->name ? named(arena, config, "interface", spec->name) : S("interface");
	case ADDR_UNKNOWN:
		break;
	}
	return S("<unknown>");
}

/* --- ports and services ----------------------------------------------------------------- */

static struct str port_text(struct arena *arena, uint16_t port)
{
	const char *name = port_name(port);
	return name ? str_of(name) : str_printf(arena, "%u", port);
}

struct str port_spec_text(struct arena *arena, const struct config *config,
                          const struct port_spec *spec)
{
	struct str lo = port_text(arena, spec->lo), hi = port_text(arena, spec->hi);
	switch (spec->kind) {
	case PORT_ANY:
		return S("");
	case PORT_RANGE:
		if (spec->lo == spec->hi)
			return str_printf(arena, "eq %.*s", STR(lo));
		return str_printf(arena, "range %.*s %.*s", STR(lo), STR(hi));
	case PORT_NOT:
		return str_printf(arena, "neq %.*s", STR(lo));
	case PORT_GROUP:
		return named(arena, config, "object-group", spec->group);
	case PORT_UNKNOWN:
		break;
	}
	return S("<unknown>");
}

static struct str protocol_text(struct arena *arena, const struct service_spec *spec)
{
	const char *name = protocol_name(spec->proto_lo);
	if (spec->tcp_udp)
		return S("tcp-udp");
	if (spec->proto_lo != spec->proto_hi)
		return S("ip");
	return name ? str_of(name) : str_printf(arena, "%u", spec->proto_lo);
}

struct str service_spec_protocol(struct arena *arena, const struct config *config,
                                 const struct service_spec *spec)
{
	switch (spec->kind) {
	case SERVICE_PROTOCOLS:
		return protocol_text(arena, spec);
	case SERVICE_OBJECT:
		return named(arena, config, "object", spec->name);
	case SERVICE_GROUP:
		return named(arena, config, "object-group", spec->name);
	case SERVICE_UNKNOWN:
		break;
	}
	return S("<unknown>");
}

static bool is_icmp(const struct service_spec *spec)
{
	return spec->kind == SERVICE_PROTOCOLS && !spec->tcp_udp &&
	       (spec->proto_lo == PROTO_ICMP || spec->proto_lo == PROTO_ICMP6) &&
	       spec->proto_lo == spec->proto_hi;
}

struct str service_spec_text(struct arena *arena, const struct config *config,
                             const struct service_spec *spec)
{
	struct str protocol = service_spec_protocol(arena, config, spec);
	struct str source = port_spec_text(arena, config, &spec->source);
	struct str dest = port_spec_text(arena, config, &spec->dest);
	struct buf out = {.arena = arena};
	buf_add(&out, protocol);
	if (is_icmp(spec)) { /* type and code are numbers */
		if (spec->source.kind == PORT_RANGE)
			buf_printf(&out, " %u", spec->source.lo);
		if (spec->dest.kind == PORT_RANGE)
			buf_printf(&out, " %u", spec->dest.lo);
		return buf_str(&out);
	}
	if (source.n)
		buf_printf(&out, " source %.*s", STR(source));
	if (dest.n)
		buf_printf(&out, " destination %.*s", STR(dest));
	return buf_str(&out);
}

struct str seconds_text(struct arena *arena, uint32_t seconds)
{
	if (seconds == 0)
		return S("0");
	return str_printf(arena, "%u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
}
