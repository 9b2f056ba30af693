/* SPDX-License-Identifier: ISC */
#include "model/service_set.h"

#include <stdlib.h>

#include "model/ports.h"

void why_note(enum why_code *why, enum why_code code)
{
	if (*why == WHY_NONE)
		*why = code;
}

struct iset ports_all(struct arena *arena)
{
	return iset_range(arena, 0, 65535);
}

/* --- adding ----------------------------------------------------------------------------- */

static bool is_empty(const struct service_box *box)
{
	return iset_is_empty(box->proto) || iset_is_empty(box->sport) || iset_is_empty(box->dport);
}

void services_add_must(struct arena *arena, struct service_set *set, const struct service_box *box)
{
	if (!is_empty(box))
		VEC_PUSH(arena, &set->must, *box);
}

void services_add_may(struct arena *arena, struct service_set *set, const struct service_box *box)
{
	if (!is_empty(box))
		VEC_PUSH(arena, &set->may, *box);
}

void services_add(struct arena *arena, struct service_set *set, const struct service_set *more)
{
	VEC_EACH(const struct service_box, box, &more->must)
		services_add_must(arena, set, box);
	VEC_EACH(const struct service_box, box, &more->may)
		services_add_may(arena, set, box);
	set->dangling |= more->dangling;
	why_note(&set->why, more->why);
}

struct service_set services_doubtful(struct arena *arena, bool dangling)
{
	struct service_set out = {.why = dangling ? WHY_MASKED : WHY_UNMODELLED,
	                          .dangling = dangling};
	struct service_box all = {iset_range(arena, 0, 255), ports_all(arena), ports_all(arena)};
	services_add_may(arena, &out, &all);
	return out;
}

/* --- joining ---------------------------------------------------------------------------- */

static int iset_cmp(struct iset a, struct iset b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	for (uint32_t i = 0; i < a.n; i++) {
		if (a.v[i].lo != b.v[i].lo)
			return a.v[i].lo < b.v[i].lo ? -1 : 1;
		if (a.v[i].hi != b.v[i].hi)
			return a.v[i].hi < b.v[i].hi ? -1 : 1;
	}
	return 0;
}

static int same_source(const void *a, const void *b)
{
	const struct service_box *left = a, *right = b;
	int order = iset_cmp(left->proto, right->proto);
	return order ? order : iset_cmp(left->sport, right->sport);
}

static int same_dest(const void *a, const void *b)
{
	const struct service_box *left = a, *right = b;
	int order = iset_cmp(left->proto, right->proto);
	return order ? order : iset_cmp(left->dport, right->dport);
}

/* Boxes that are equal by `order` become one, with the union of their other ports. */
static uint32_t join_equal(struct arena *arena, struct service_box *v, uint32_t n,
                           int (*order)(const void *, const void *), bool dest)
{
	uint32_t kept = 0;
	qsort(v, n, sizeof(*v), order);
	for (uint32_t i = 0; i < n;) {
		VEC(struct range) ranges = {0};
		struct service_box box = v[i];
		uint32_t first = i;
		for (; i < n && order(&v[first], &v[i]) == 0; i++) {
			struct iset ports = dest ? v[i].dport : v[i].sport;
			for (uint32_t k = 0; k < ports.n; k++)
				VEC_PUSH(arena, &ranges, ports.v[k]);
		}
		if (i > first + 1)
			*(dest ? &box.dport : &box.sport) = iset_of(arena, ranges.v, ranges.n);
		v[kept++] = box;
	}
	return kept;
}

static uint32_t join(struct arena *arena, struct service_box *v, uint32_t n)
{
	if (n > 1)
		n = join_equal(arena, v, n, same_source, true);
	if (n > 1)
		n = join_equal(arena, v, n, same_dest, false);
	return n;
}

void services_join(struct arena *arena, struct service_set *set)
{
	set->must.n = join(arena, set->must.v, set->must.n);
	set->may.n = join(arena, set->may.v, set->may.n);
}

struct service_set services_with_ports(struct arena *arena, const struct service_set *set,
                                       const struct addr_set *source, const struct addr_set *dest)
{
	struct service_set out = {.why = set->why, .dangling = set->dangling};
	VEC_EACH(const struct service_box, box, &set->must) {
		struct service_box part = {box->proto,
		                           iset_intersect(arena, box->sport, source->must),
		                           iset_intersect(arena, box->dport, dest->must)};
		services_add_must(arena, &out, &part);
	}
	VEC_EACH(const struct service_box, box, &set->may) {
		struct service_box part = {box->proto,
		                           iset_intersect(arena, box->sport, source->may),
		                           iset_intersect(arena, box->dport, dest->may)};
		services_add_may(arena, &out, &part);
	}
	out.dangling |= source->dangling || dest->dangling;
	why_note(&out.why, source->why);
	why_note(&out.why, dest->why);
	return out;
}

/* --- predefined services ---------------------------------------------------------------- */

bool service_predefined(struct str name, struct service_spec *out)
{
	static const struct {
		const char *prefix;
		uint8_t protocol;
		bool both;
	} prefixes[] = {
	        {"tcp-udp-", PROTO_TCP, true}, {"tcp-", PROTO_TCP, false},
	        {"udp-", PROTO_UDP, false},    {"icmp6-", PROTO_ICMP6, false},
	        {"icmp-", PROTO_ICMP, false},
	};
	*out = (struct service_spec){.kind = SERVICE_PROTOCOLS};
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		struct str prefix = str_of(prefixes[i].prefix);
		if (!str_starts(name, prefix))
			continue;
		struct str rest = {name.s + prefix.n, name.n - prefix.n};
		bool icmp = prefixes[i].protocol != PROTO_TCP && prefixes[i].protocol != PROTO_UDP;
		int number = icmp ? icmp_type_number(rest, prefixes[i].protocol == PROTO_ICMP6)
		                  : port_number(rest);
		if (number < 0)
			return false;
		struct port_spec at = {PORT_RANGE, 0, (uint16_t)number, (uint16_t)number};
		out->proto_lo = out->proto_hi = prefixes[i].protocol;
		out->tcp_udp = prefixes[i].both;
		*(icmp ? &out->source : &out->dest) = at;
		return true;
	}
	int protocol = protocol_number(name);
	if (protocol < 0)
		return false;
	out->proto_lo = (uint8_t)protocol;
	out->proto_hi = protocol == 0 ? 255 : (uint8_t)protocol;
	return true;
}
