/* SPDX-License-Identifier: ISC */
#include "tests/property/slow_nat.h"

#include <stdlib.h>

enum { TCP = 6, UDP = 17, SCTP = 132 };

static enum slow_answer sure(bool yes)
{
	return yes ? SLOW_YES : SLOW_NO;
}

/* --- the addresses of a spec, one range after another ------------------------------------ */

enum { MAX_RANGES = 300 };

struct ranges {
	struct range list[MAX_RANGES];
	unsigned n;
	bool known; /* false: something in it is not in the text */
};

static void put(struct ranges *ranges, u128 lo, u128 hi)
{
	if (ranges->n == MAX_RANGES)
		ranges->known = false;
	else
		ranges->list[ranges->n++] = (struct range){lo, hi};
}

static const struct interface_address *own4(const struct config *config, name_id name)
{
	const struct interface *ifc = slow_interface(config, name);
	if (ifc)
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (!at->masked && addr_is4(at->address))
				return at;
	return NULL;
}

static void collect(const struct config *config, const struct addr_spec *spec, unsigned depth,
                    struct ranges *ranges)
{
	const struct object *object;
	const struct group *group;
	switch (spec->kind) {
	case ADDR_ANY:
	case ADDR_ANY4:
		put(ranges, ADDR4_MIN, ADDR4_MAX);
		if (spec->kind == ADDR_ANY4 || !slow_dual_any(config))
			return;
		/* fall through */
	case ADDR_ANY6:
		put(ranges, 0, ADDR4_MIN - 1);
		put(ranges, ADDR4_MAX + 1, U128_MAX);
		return;
	case ADDR_RANGE:
		put(ranges, spec->range.lo, spec->range.hi);
		return;
	case ADDR_OBJECT:
		object = config_object(config, spec->name);
		if (object && object->kind == OBJECT_ADDRESS && depth < 20)
			collect(config, &object->address, depth + 1, ranges);
		else
			ranges->known = false;
		return;
	case ADDR_GROUP:
		group = config_group(config, spec->name);
		if (!group || group->kind != GROUP_NETWORK || depth >= 20) {
			ranges->known = false;
			return;
		}
		VEC_EACH(const struct member, member, &group->members) {
			struct addr_spec inner = {.kind = ADDR_GROUP, .name = member->group};
			if (member->kind == MEMBER_ADDRESS)
				collect(config, &member->address, depth + 1, ranges);
			else if (member->kind == MEMBER_GROUP)
				collect(config, &inner, depth + 1, ranges);
			else
				ranges->known = false;
		}
		return;
	case ADDR_INTERFACE:
	case ADDR_UNKNOWN:
		break;
	}
	ranges->known = false;
}

static int by_start(const void *a, const void *b)
{
	const struct range *left = a, *right = b;
	return left->lo < right->lo ? -1 : left->lo > right->lo;
}

static struct ranges ranges_of(const struct config *config, const struct addr_spec *spec)
{
	struct ranges ranges = {.known = true};
	unsigned n = 0;
	collect(config, spec, 0, &ranges);
	qsort(ranges.list, ranges.n, sizeof(ranges.list[0]), by_start);
	for (unsigned i = 0; i < ranges.n; i++) {
		struct range *last = n ? &ranges.list[n - 1] : NULL;
		const struct range *next = &ranges.list[i];
		if (last && (next->lo <= last->hi || next->lo == last->hi + 1)) {
			if (next->hi > last->hi)
				last->hi = next->hi;
			continue;
		}
		ranges.list[n++] = *next;
	}
	ranges.n = n;
	return ranges;
}

static bool same_ranges(const struct ranges *a, const struct ranges *b)
{
	if (!a->known || !b->known || a->n != b->n)
		return false;
	for (unsigned i = 0; i < a->n; i++)
		if (a->list[i].lo != b->list[i].lo || a->list[i].hi != b->list[i].hi)
			return false;
	return true;
}

/* The k-th address of one for the k-th of the other, round and round. */
static bool counterpart(const struct ranges *from, const struct ranges *to, u128 address, u128 *out)
{
	*out = address;
	if (same_ranges(from, to))
		return true;
	if (!from->known || !to->known || from->n != 1 || to->n != 1 ||
	    addr_is4(from->list[0].lo) != addr_is4(to->list[0].lo))
		return false;
	u128 size = to->list[0].hi - to->list[0].lo + 1;
	*out = to->list[0].lo + (address - from->list[0].lo) % size;
	return true;
}

/* --- what a line says -------------------------------------------------------------------- */

static bool on(const struct config *config, name_id line, name_id ifc)
{
	return line == 0 || ifc == 0 || slow_same_ifc(config, line, ifc);
}

static name_id real_ifc(const struct slow_nat *nat)
{
	return nat->twice    ? nat->twice->real_ifc
	       : nat->object ? nat->object->real_ifc
	                     : nat->legacy->real_ifc;
}

static name_id mapped_ifc(const struct slow_nat *nat)
{
	return nat->twice                        ? nat->twice->mapped_ifc
	       : nat->object                     ? nat->object->mapped_ifc
	       : nat->legacy->kind == NAT_STATIC ? nat->legacy->mapped_ifc
	                                         : 0;
}

struct span slow_nat_span(const struct slow_nat *nat)
{
	return nat->twice ? nat->twice->span : nat->object ? nat->object->span : nat->legacy->span;
}

bool slow_nat_is_static(const struct slow_nat *nat)
{
	return nat->twice    ? nat->twice->kind == XLATE_STATIC
	       : nat->object ? nat->object->kind == XLATE_STATIC
	                     : nat->legacy->kind == NAT_STATIC;
}

bool slow_nat_is_exempt(const struct slow_nat *nat)
{
	return nat->legacy && nat->legacy->kind == NAT_EXEMPT;
}

static struct addr_spec named_object(name_id name)
{
	return (struct addr_spec){.kind = ADDR_OBJECT, .name = name};
}

/* `interface` of a translation: its IPv4 address, or its IPv6 ones with `ipv6`. */
static enum slow_answer is_own(const struct config *config, name_id ifc, bool v6, u128 address)
{
	const struct interface *at = slow_interface(config, ifc);
	if (addr_is4(address) == v6)
		return SLOW_NO;
	if (!v6) {
		const struct interface_address *own = own4(config, ifc);
		return own ? sure(own->address == address) : SLOW_UNKNOWN;
	}
	enum slow_answer answer = SLOW_UNKNOWN;
	if (at)
		VEC_EACH(const struct interface_address, own, &at->addresses)
			if (!own->masked && !addr_is4(own->address))
				answer = slow_or(answer == SLOW_UNKNOWN ? SLOW_NO : answer,
				                 sure(own->address == address));
	return answer;
}

/*
 * `any` stands for the family that the other side of its line has: a line that maps to IPv4 is
 * about IPv4. Both sides `any`: both families.
 */
static bool family_fits(const struct config *config, const struct addr_spec *real,
                        const struct addr_spec *mapped, bool to_v6, u128 address)
{
	if (real->kind != ADDR_ANY)
		return true;
	if (mapped->kind == ADDR_INTERFACE)
		return addr_is4(address) == !to_v6;
	struct ranges ranges = ranges_of(config, mapped);
	for (unsigned i = 0; i < ranges.n; i++) {
		struct range r = ranges.list[i];
		bool v4 = r.lo <= ADDR4_MAX && r.hi >= ADDR4_MIN;
		bool v6 = r.lo < ADDR4_MIN || r.hi > ADDR4_MAX;
		if (addr_is4(address) ? v4 : v6)
			return true;
	}
	return ranges.n == 0 || !ranges.known;
}

/* --- ports of a twice NAT ---------------------------------------------------------------- */

/* Are the words `service A B` such that every packet can be told? */
static bool services_readable(const struct config *config, const struct twice_nat *twice)
{
	if (!twice->service_real)
		return true;
	const name_id names[] = {twice->service_real, twice->service_mapped};
	for (int i = 0; i < 2; i++) {
		const struct object *object = config_object(config, names[i]);
		if (!object || object->kind != OBJECT_SERVICE ||
		    object->service.kind != SERVICE_PROTOCOLS || object->service.tcp_udp ||
		    object->service.proto_lo != object->service.proto_hi)
			return false;
		const struct port_spec *specs[] = {&object->service.source, &object->service.dest};
		for (int k = 0; k < 2; k++)
			if (specs[k]->kind != PORT_ANY && specs[k]->kind != PORT_RANGE)
				return false;
	}
	return true;
}

/* Ports of the far end change, and its address does not: the documents have no such line. */
static bool odd_service(const struct config *config, const struct twice_nat *twice)
{
	if (!twice->service_real || twice->has_destination)
		return false;
	const struct port_spec *a = &config_object(config, twice->service_real)->service.dest;
	const struct port_spec *b = &config_object(config, twice->service_mapped)->service.dest;
	return a->kind != b->kind || a->lo != b->lo || a->hi != b->hi;
}

static const struct service_spec *service_named(const struct config *config, name_id name)
{
	return &config_object(config, name)->service;
}

static bool in_ports(const struct port_spec *spec, uint16_t port)
{
	return spec->kind == PORT_ANY || (spec->lo <= port && port <= spec->hi);
}

static uint16_t move_port(const struct port_spec *from, const struct port_spec *to, uint16_t port)
{
	unsigned base = from->kind == PORT_ANY ? 0 : from->lo;
	unsigned lo = to->kind == PORT_ANY ? 0 : to->lo;
	unsigned size = to->kind == PORT_ANY ? 65536 : to->hi - to->lo + 1u;
	return (uint16_t)(lo + (port - base) % size);
}

/* --- access-lists of `nat` and `static` -------------------------------------------------- */

/*
 * The ACE that a source `near` with its port, towards `far`, meets; an exemption looks at
 * addresses only. Lines out of force count all the same, but not on FWSM (4.2).
 */
static enum slow_answer by_list(const struct config *config, const struct legacy_nat *legacy,
                                const struct slow_packet *packet, const struct ace **found)
{
	const struct acl *acl = config_acl(config, legacy->acl);
	bool fwsm = config->platform == PLATFORM_FWSM, exempt = legacy->kind == NAT_EXEMPT;
	*found = NULL;
	if (!acl)
		return SLOW_UNKNOWN;
	struct acl one = *acl;
	bool doubt = false;
	for (uint32_t i = 0; i < acl->aces.n; i++) {
		struct ace ace = acl->aces.v[i];
		if (ace.action == ACE_REMARK || (fwsm && ace.inactive))
			continue;
		ace.inactive = false;
		if (!fwsm && ace.unsure == WHY_TIME_RANGE)
			ace.unsure = WHY_NONE;
		one.aces.v = &ace;
		one.aces.n = 1;
		unsigned can = exempt ? slow_acl_addresses(config, &one, packet).can
		                      : slow_acl(config, &one, packet).can;
		if (can == SLOW_END)
			continue;
		if (can != SLOW_PERMIT && can != SLOW_DENY) {
			doubt = true;
			continue;
		}
		if (can == SLOW_PERMIT) {
			*found = &acl->aces.v[i];
			return doubt ? SLOW_UNKNOWN : SLOW_YES;
		}
		return doubt ? SLOW_UNKNOWN : SLOW_NO;
	}
	return doubt ? SLOW_UNKNOWN : SLOW_NO;
}

/* --- the order --------------------------------------------------------------------------- */

static u128 count_of(const struct ranges *ranges)
{
	u128 n = 0;
	for (unsigned i = 0; i < ranges->n; i++) {
		u128 size = ranges->list[i].hi - ranges->list[i].lo;
		n = size == U128_MAX || n + size + 1 < n ? U128_MAX : n + size + 1;
	}
	return n;
}

/* Static first, then fewer addresses, then the lower one, then the name (4.4). */
static bool comes_before(const struct config *config, const struct object_nat *a,
                         const struct object_nat *b)
{
	struct addr_spec x = named_object(a->object), y = named_object(b->object);
	struct ranges left = ranges_of(config, &x), right = ranges_of(config, &y);
	if (a->kind != b->kind)
		return a->kind == XLATE_STATIC;
	if (count_of(&left) != count_of(&right))
		return count_of(&left) < count_of(&right);
	if (left.n && right.n && left.list[0].lo != right.list[0].lo)
		return left.list[0].lo < right.list[0].lo;
	return str_cmp(config_name(config, a->object), config_name(config, b->object)) < 0;
}

static void add_objects(struct arena *arena, const struct config *config, struct slow_nats *nats)
{
	bool *taken = NEW_ARRAY(arena, bool, config->object_nats.n + 1);
	for (uint32_t k = 0; k < config->object_nats.n; k++) {
		uint32_t best = config->object_nats.n;
		for (uint32_t i = 0; i < config->object_nats.n; i++)
			if (!taken[i] && (best == config->object_nats.n ||
			                  comes_before(config, &config->object_nats.v[i],
			                               &config->object_nats.v[best])))
				best = i;
		taken[best] = true;
		const struct object_nat *object = &config->object_nats.v[best];
		if (config_object(config, object->object))
			VEC_PUSH(arena, &nats->list, (struct slow_nat){.object = object});
	}
}

static void add_twice(struct arena *arena, const struct config *config, bool after,
                      struct slow_nats *nats)
{
	VEC_EACH(const struct twice_nat, twice, &config->twice_nats)
		if (twice->after_auto == after && !twice->inactive)
			VEC_PUSH(arena, &nats->list, (struct slow_nat){.twice = twice});
}

/* Exemption, static, `nat` by list: each in the order of the text (4.2). */
static unsigned step_of(const struct legacy_nat *legacy)
{
	if (legacy->kind == NAT_EXEMPT)
		return 0;
	if (legacy->kind == NAT_STATIC)
		return 1;
	return legacy->acl ? 2 : 3;
}

/* `nat` by networks goes by the closest one: as if the small ones stood first. */
static void add_networks(struct arena *arena, const struct config *config, struct slow_nats *nats)
{
	u128 done = 0;
	for (bool first = true;; first = false) {
		u128 next = 0;
		bool any = false;
		VEC_EACH(const struct legacy_nat, legacy, &config->nats) {
			u128 size = legacy->real.hi - legacy->real.lo;
			if (step_of(legacy) == 3 && (first || size > done) &&
			    (!any || size < next)) {
				next = size;
				any = true;
			}
		}
		if (!any)
			return;
		VEC_EACH(const struct legacy_nat, legacy, &config->nats)
			if (step_of(legacy) == 3 && legacy->real.hi - legacy->real.lo == next)
				VEC_PUSH(arena, &nats->list, (struct slow_nat){.legacy = legacy});
		done = next;
	}
}

struct slow_nats slow_nats_of(struct arena *arena, const struct config *config)
{
	struct slow_nats nats = {0};
	if (slow_real_addresses(config)) {
		add_twice(arena, config, false, &nats);
		add_objects(arena, config, &nats);
		add_twice(arena, config, true, &nats);
		return nats;
	}
	for (unsigned step = 0; step < 3; step++)
		VEC_EACH(const struct legacy_nat, legacy, &config->nats)
			if (step_of(legacy) == step)
				VEC_PUSH(arena, &nats.list, (struct slow_nat){.legacy = legacy});
	add_networks(arena, config, &nats);
	return nats;
}

/* --- does a line take a packet that comes from its real side? ----------------------------- */

/* `nat` without `outside` is not for higher levels, with it for nothing else. */
static bool levels_fit(const struct config *config, const struct legacy_nat *legacy,
                       const struct slow_packet *packet)
{
	const struct interface *in = slow_interface(config, packet->in);
	const struct interface *out = slow_interface(config, packet->out);
	if ((legacy->kind != NAT_DYNAMIC && legacy->kind != NAT_IDENTITY) || !in || !out)
		return true;
	return legacy->outside == (in->security_level < out->security_level);
}

static enum slow_answer legacy_takes(const struct config *config, const struct legacy_nat *legacy,
                                     const struct slow_packet *packet, const struct ace **ace)
{
	if (!levels_fit(config, legacy, packet))
		return SLOW_NO;
	if (legacy->protocol && legacy->protocol != packet->proto)
		return SLOW_NO;
	if (legacy->acl)
		return by_list(config, legacy, packet, ace);
	if (legacy->protocol && legacy->real_port != packet->sport)
		return SLOW_NO;
	if (!addr_is4(packet->src))
		return legacy->real_unknown ? SLOW_UNKNOWN : SLOW_NO;
	if (legacy->real_unknown)
		return SLOW_UNKNOWN;
	return sure(legacy->real.lo <= packet->src && packet->src <= legacy->real.hi);
}

static enum slow_answer twice_takes(const struct config *config, const struct twice_nat *twice,
                                    const struct slow_packet *packet)
{
	enum slow_answer answer = slow_address(config, &twice->src_real, packet->src);
	if (!family_fits(config, &twice->src_real, &twice->src_mapped, twice->src_interface6,
	                 packet->src))
		return SLOW_NO;
	if (twice->has_destination) {
		enum slow_answer far;
		if (twice->dst_mapped.kind == ADDR_INTERFACE)
			far = is_own(config, twice->real_ifc ? twice->real_ifc : packet->in,
			             twice->dst_interface6, packet->dst);
		else
			far = slow_address(config, &twice->dst_mapped, packet->dst);
		answer = slow_and(answer, far);
	}
	if (answer == SLOW_NO || !services_readable(config, twice))
		return answer == SLOW_NO ? SLOW_NO : SLOW_UNKNOWN;
	if (twice->service_real) {
		const struct service_spec *service = service_named(config, twice->service_real);
		if (service->proto_lo != packet->proto ||
		    !in_ports(&service->source, packet->sport) ||
		    !in_ports(&service->dest, packet->dport))
			return SLOW_NO;
	}
	return twice->unknown || odd_service(config, twice) ? SLOW_UNKNOWN : answer;
}

static enum slow_answer takes(const struct config *config, const struct slow_nat *nat,
                              const struct slow_packet *packet, const struct ace **ace)
{
	*ace = NULL;
	if (!on(config, real_ifc(nat), packet->in) || !on(config, mapped_ifc(nat), packet->out))
		return SLOW_NO;
	if (nat->legacy)
		return legacy_takes(config, nat->legacy, packet, ace);
	if (nat->twice)
		return twice_takes(config, nat->twice, packet);
	const struct object_nat *object = nat->object;
	struct addr_spec real = named_object(object->object);
	if (object->protocol &&
	    (object->protocol != packet->proto || object->real_port != packet->sport))
		return SLOW_NO;
	return slow_address(config, &real, packet->src);
}

/* --- or one that comes from its mapped side? ---------------------------------------------- */

static enum slow_answer object_gives(const struct config *config, const struct object_nat *object,
                                     const struct slow_packet *packet, struct slow_end *end)
{
	struct addr_spec spec = named_object(object->object);
	struct ranges real = ranges_of(config, &spec), mapped;
	enum slow_answer answer;
	if (object->protocol &&
	    (object->protocol != packet->proto || object->mapped_port != packet->dport))
		return SLOW_NO;
	if (object->mapped.kind == ADDR_INTERFACE) {
		name_id ifc = object->mapped_ifc ? object->mapped_ifc : packet->in;
		answer = is_own(config, ifc, object->interface6, packet->dst);
		mapped = (struct ranges){
		        .list = {{packet->dst, packet->dst}}, .n = 1, .known = true};
	} else {
		answer = slow_address(config, &object->mapped, packet->dst);
		mapped = ranges_of(config, &object->mapped);
	}
	if (object->protocol)
		end->port = object->real_port;
	if (answer == SLOW_YES && !counterpart(&mapped, &real, packet->dst, &end->address))
		return SLOW_UNKNOWN;
	return answer;
}

static enum slow_answer twice_gives(const struct config *config, const struct twice_nat *twice,
                                    const struct slow_packet *packet, struct slow_end *end)
{
	struct ranges real = ranges_of(config, &twice->src_real), mapped;
	enum slow_answer answer;
	if (twice->unidirectional)
		return SLOW_NO;
	if (twice->src_mapped.kind == ADDR_INTERFACE) {
		name_id ifc = twice->mapped_ifc ? twice->mapped_ifc : packet->in;
		answer = is_own(config, ifc, twice->src_interface6, packet->dst);
		mapped = (struct ranges){
		        .list = {{packet->dst, packet->dst}}, .n = 1, .known = true};
	} else {
		answer = slow_address(config, &twice->src_mapped, packet->dst);
		mapped = ranges_of(config, &twice->src_mapped);
	}
	if (twice->has_destination)
		answer = slow_and(answer, slow_address(config, &twice->dst_real, packet->src));
	if (answer == SLOW_NO || !services_readable(config, twice))
		return answer == SLOW_NO ? SLOW_NO : SLOW_UNKNOWN;
	if (twice->service_real) {
		const struct service_spec *a = service_named(config, twice->service_real);
		const struct service_spec *b = service_named(config, twice->service_mapped);
		if (a->proto_lo != packet->proto || !in_ports(&b->source, packet->dport) ||
		    !in_ports(&b->dest, packet->sport))
			return SLOW_NO;
		end->port = move_port(&b->source, &a->source, packet->dport);
	}
	if (twice->unknown || odd_service(config, twice))
		return SLOW_UNKNOWN;
	if (answer == SLOW_YES && !counterpart(&mapped, &real, packet->dst, &end->address))
		return SLOW_UNKNOWN;
	return answer;
}

/* The one source port that an ACE of a policy static of one port is about. */
static bool one_source_port(const struct config *config, const struct ace *ace, uint16_t *port)
{
	const struct service_spec *service = &config->service_pool.v[ace->service];
	if (service->kind != SERVICE_PROTOCOLS || service->source.kind != PORT_RANGE ||
	    service->source.lo != service->source.hi)
		return false;
	*port = service->source.lo;
	return true;
}

/* A policy static: an ACE whose network, moved to the mapped address, holds this one. */
static enum slow_answer list_gives(const struct config *config, const struct legacy_nat *legacy,
                                   const struct slow_packet *packet, struct slow_end *end)
{
	const struct acl *acl = config_acl(config, legacy->acl);
	u128 base = legacy->mapped.lo;
	bool hidden = legacy->mapped_unknown && addr_is4(packet->dst);
	if (legacy->mapped_is_interface) {
		enum slow_answer own = is_own(config, legacy->mapped_ifc, false, packet->dst);
		if (own == SLOW_NO)
			return own;
		hidden = own == SLOW_UNKNOWN;
		base = packet->dst;
	}
	if (!acl)
		return SLOW_UNKNOWN;
	VEC_EACH(const struct ace, ace, &acl->aces) {
		struct ranges real = ranges_of(config, &config->addr_pool.v[ace->src]);
		const struct ace *found;
		uint16_t port = packet->dport;
		if (ace->action != ACE_PERMIT ||
		    (config->platform == PLATFORM_FWSM && ace->inactive))
			continue;
		if (!real.known || real.n != 1) {
			if (!same_ranges(&real, &real) || packet->dst != base)
				continue;
			end->coarse = true;
			return SLOW_UNKNOWN;
		}
		if (hidden)
			base = packet->dst;
		if (packet->dst < base || packet->dst - base > real.list[0].hi - real.list[0].lo)
			continue;
		if (legacy->protocol)
			one_source_port(config, ace, &port);
		struct slow_packet reply = {.proto = packet->proto,
		                            .src = real.list[0].lo + (packet->dst - base),
		                            .dst = packet->src,
		                            .sport = port,
		                            .dport = packet->sport};
		enum slow_answer answer = by_list(config, legacy, &reply, &found);
		if (answer == SLOW_NO)
			continue;
		end->address = reply.src;
		end->port = port;
		return hidden ? SLOW_UNKNOWN : answer;
	}
	return SLOW_NO;
}

static enum slow_answer legacy_gives(const struct config *config, const struct legacy_nat *legacy,
                                     const struct slow_packet *packet, struct slow_end *end)
{
	if (legacy->kind == NAT_EXEMPT) {
		/* Both sides may begin; what is exempt stays as it is. */
		const struct ace *ace;
		struct slow_packet reply = {.proto = packet->proto,
		                            .src = packet->dst,
		                            .dst = packet->src,
		                            .sport = packet->dport,
		                            .dport = packet->sport};
		if (!config_acl(config, legacy->acl) ||
		    slow_same_ifc(config, legacy->real_ifc, packet->in))
			return SLOW_NO;
		return by_list(config, legacy, &reply, &ace);
	}
	if (legacy->protocol &&
	    (legacy->protocol != packet->proto || legacy->mapped_port != packet->dport))
		return SLOW_NO;
	if (legacy->acl)
		return list_gives(config, legacy, packet, end);
	if (legacy->mapped_is_interface) {
		enum slow_answer own = is_own(config, legacy->mapped_ifc, false, packet->dst);
		if (own != SLOW_YES)
			return own;
		end->address = legacy->real.lo;
	} else if (legacy->mapped_unknown) {
		return SLOW_UNKNOWN;
	} else if (packet->dst < legacy->mapped.lo || packet->dst > legacy->mapped.hi) {
		return SLOW_NO;
	} else {
		end->address = legacy->real.lo + (packet->dst - legacy->mapped.lo);
	}
	if (legacy->protocol)
		end->port = legacy->real_port;
	return legacy->real_unknown ? SLOW_UNKNOWN : SLOW_YES;
}

static enum slow_answer gives(const struct config *config, const struct slow_nat *nat,
                              const struct slow_packet *packet, struct slow_end *end)
{
	if (slow_nat_is_exempt(nat))
		return legacy_gives(config, nat->legacy, packet, end);
	if (!slow_nat_is_static(nat) || !on(config, mapped_ifc(nat), packet->in))
		return SLOW_NO;
	return nat->twice    ? twice_gives(config, nat->twice, packet, end)
	       : nat->object ? object_gives(config, nat->object, packet, end)
	                     : legacy_gives(config, nat->legacy, packet, end);
}

/* --- the destination --------------------------------------------------------------------- */

/* A line with a destination, met from its real side, puts MAPPED_DST back to REAL_DST. */
static enum slow_answer gives_back(const struct config *config, const struct slow_nat *nat,
                                   const struct slow_packet *packet, struct slow_end *end)
{
	const struct twice_nat *twice = nat->twice;
	struct slow_packet anywhere = *packet;
	const struct ace *ace;
	anywhere.out = 0;
	if (!twice || !twice->has_destination)
		return SLOW_NO;
	enum slow_answer answer = takes(config, nat, &anywhere, &ace);
	if (answer != SLOW_YES)
		return answer;
	struct ranges from = {.list = {{packet->dst, packet->dst}}, .n = 1, .known = true};
	struct ranges to = ranges_of(config, &twice->dst_real);
	if (twice->dst_mapped.kind != ADDR_INTERFACE)
		from = ranges_of(config, &twice->dst_mapped);
	if (!counterpart(&from, &to, packet->dst, &end->address))
		return SLOW_UNKNOWN;
	if (twice->service_real)
		end->port = move_port(&service_named(config, twice->service_real)->dest,
		                      &service_named(config, twice->service_mapped)->dest,
		                      packet->dport);
	return SLOW_YES;
}

struct slow_end slow_unnat(const struct config *config, const struct slow_nats *nats,
                           const struct slow_packet *packet)
{
	struct slow_end none = {.address = packet->dst, .port = packet->dport};
	VEC_EACH(const struct slow_nat, nat, &nats->list) {
		struct slow_end end = none;
		end.nat = nat;
		end.from_mapped = true;
		end.done = gives(config, nat, packet, &end);
		if (end.done == SLOW_NO) {
			end.from_mapped = false;
			end.done = gives_back(config, nat, packet, &end);
		}
		if (end.done != SLOW_NO)
			return end;
	}
	return none;
}

name_id slow_divert(const struct config *config, const struct slow_packet *packet,
                    const struct slow_end *destination)
{
	const struct slow_nat *nat = destination->nat;
	bool changed = destination->address != packet->dst || destination->port != packet->dport;
	if (destination->done != SLOW_YES || slow_nat_is_exempt(nat))
		return 0;
	/* Identity NAT asks the routes before ASA 8.4(2), later where it says so. */
	const struct version v = config->version;
	bool early = config->platform == PLATFORM_ASA && v.major && !nat->legacy &&
	             (v.major < 8 ||
	              (v.major == 8 && (v.minor < 4 || (v.minor == 4 && v.maintenance < 2))));
	bool asks = (nat->twice && nat->twice->route_lookup) ||
	            (nat->object && nat->object->route_lookup);
	if (!changed && (early || asks))
		return 0;
	return destination->from_mapped ? real_ifc(nat) : mapped_ifc(nat);
}

/* --- the source -------------------------------------------------------------------------- */

static bool has_global(const struct config *config, const struct legacy_nat *legacy, name_id ifc)
{
	VEC_EACH(const struct global_pool, pool, &config->globals)
		if (pool->id == legacy->id && slow_same_ifc(config, pool->ifc, ifc))
			return true;
	return false;
}

static void to_pool(struct slow_end *end)
{
	end->pooled = true;
}

/* A static changes the source of what comes from its real side. */
static void legacy_changes(const struct config *config, const struct slow_packet *packet,
                           const struct ace *ace, struct slow_end *end)
{
	const struct legacy_nat *legacy = end->nat->legacy;
	u128 mapped = legacy->mapped.lo, real = legacy->real.lo;
	if (legacy->kind == NAT_EXEMPT || legacy->kind == NAT_IDENTITY)
		return;
	if (legacy->kind == NAT_DYNAMIC) {
		if (has_global(config, legacy, packet->out))
			to_pool(end);
		else
			end->refused = true;
		return;
	}
	if (legacy->mapped_is_interface) {
		const struct interface_address *own = own4(config, legacy->mapped_ifc);
		if (!own)
			end->done = SLOW_UNKNOWN;
		else
			mapped = own->address;
	}
	if (legacy->mapped_unknown)
		end->done = SLOW_UNKNOWN;
	if (legacy->acl) {
		struct ranges from = ranges_of(config, &config->addr_pool.v[ace->src]);
		if (!from.known || from.n != 1) {
			end->done = SLOW_UNKNOWN;
			end->coarse = true;
			return;
		}
		real = from.list[0].lo;
	}
	end->address = legacy->mapped_is_interface && !legacy->acl ? mapped
	                                                           : mapped + (packet->src - real);
	if (legacy->protocol)
		end->port = legacy->mapped_port;
}

static void spec_changes(const struct config *config, const struct slow_packet *packet,
                         const struct addr_spec *real, const struct addr_spec *mapped, bool to_v6,
                         name_id ifc, bool is_static, struct slow_end *end)
{
	struct ranges from = ranges_of(config, real), to;
	if (!is_static) {
		to_pool(end);
		return;
	}
	if (mapped->kind == ADDR_INTERFACE) {
		const struct interface_address *own = own4(config, ifc);
		if (!own || to_v6) {
			end->done = SLOW_UNKNOWN;
			end->coarse = to_v6;
			return;
		}
		to = (struct ranges){.list = {{own->address, own->address}}, .n = 1, .known = true};
	} else {
		to = ranges_of(config, mapped);
	}
	if (!counterpart(&from, &to, packet->src, &end->address))
		end->done = SLOW_UNKNOWN;
}

static void change_source(const struct config *config, const struct slow_packet *packet,
                          const struct ace *ace, struct slow_end *end)
{
	const struct slow_nat *nat = end->nat;
	if (nat->legacy) {
		legacy_changes(config, packet, ace, end);
	} else if (nat->object) {
		struct addr_spec real = named_object(nat->object->object);
		spec_changes(config, packet, &real, &nat->object->mapped, nat->object->interface6,
		             nat->object->mapped_ifc ? nat->object->mapped_ifc : packet->out,
		             slow_nat_is_static(nat), end);
		if (nat->object->protocol)
			end->port = nat->object->mapped_port;
	} else {
		const struct twice_nat *twice = nat->twice;
		spec_changes(config, packet, &twice->src_real, &twice->src_mapped,
		             twice->src_interface6,
		             twice->mapped_ifc ? twice->mapped_ifc : packet->out,
		             slow_nat_is_static(nat), end);
		if (twice->service_real && slow_nat_is_static(nat))
			end->port = move_port(&service_named(config, twice->service_real)->source,
			                      &service_named(config, twice->service_mapped)->source,
			                      packet->sport);
	}
}

/* Met from its mapped side a line with a destination shows REAL_DST as MAPPED_DST. */
static struct slow_end source_reversed(const struct config *config,
                                       const struct slow_packet *packet, const struct slow_nat *nat)
{
	const struct twice_nat *twice = nat->twice;
	struct slow_end end = {.done = SLOW_YES,
	                       .nat = nat,
	                       .from_mapped = true,
	                       .address = packet->src,
	                       .port = packet->sport};
	spec_changes(config, packet, &twice->dst_real, &twice->dst_mapped, twice->dst_interface6,
	             twice->real_ifc ? twice->real_ifc : packet->out, true, &end);
	if (twice->service_real)
		end.port =
		        move_port(&service_named(config, twice->service_mapped)->dest,
		                  &service_named(config, twice->service_real)->dest, packet->sport);
	return end;
}

struct slow_end slow_source(const struct config *config, const struct slow_nats *nats,
                            const struct slow_packet *packet, const struct slow_end *destination)
{
	struct slow_end none = {.address = packet->src, .port = packet->sport};
	const struct slow_nat *by = destination->done == SLOW_YES ? destination->nat : NULL;
	bool both_ends = by && by->twice && by->twice->has_destination;
	struct slow_packet seen = *packet;
	if (both_ends && destination->from_mapped)
		return source_reversed(config, packet, by);
	/* Lists of policy NAT are about the real destination. */
	if (by && !slow_real_addresses(config)) {
		seen.dst = destination->address;
		seen.dport = destination->port;
	}
	VEC_EACH(const struct slow_nat, nat, &nats->list) {
		const struct ace *ace;
		struct slow_end end = none;
		if (nat->twice && nat->twice->has_destination && nat != by)
			continue;
		end.done = takes(config, nat, &seen, &ace);
		end.nat = nat;
		/* Two lines, one for each end: which of them the device takes is not told. */
		if (end.done == SLOW_YES && both_ends && nat != by)
			end.done = SLOW_UNKNOWN;
		if (end.done == SLOW_YES)
			change_source(config, packet, ace, &end);
		if (end.done != SLOW_NO)
			return end;
	}
	return none;
}

/* What a source of 8.3 and later may be mapped to by a dynamic line. */
static struct ranges pool_of(const struct config *config, const struct slow_packet *packet,
                             const struct slow_end *source)
{
	const struct slow_nat *nat = source->nat;
	const struct addr_spec *mapped =
	        nat->twice ? &nat->twice->src_mapped : &nat->object->mapped;
	bool v6 = nat->twice ? nat->twice->src_interface6 : nat->object->interface6;
	name_id ifc = mapped_ifc(nat) ? mapped_ifc(nat) : packet->out;
	struct ranges pool = {.known = true};
	if (mapped->kind != ADDR_INTERFACE)
		return ranges_of(config, mapped);
	const struct interface *own = slow_interface(config, ifc);
	if (own)
		VEC_EACH(const struct interface_address, at, &own->addresses)
			if (!at->masked && addr_is4(at->address) != v6 && pool.n == 0)
				put(&pool, at->address, at->address);
	if (pool.n == 0)
		pool.known = false;
	return pool;
}

/* Is the far end of a line with a destination among a pool? Then *far is one of them. */
static enum slow_answer far_in_pool(const struct config *config, const struct twice_nat *twice,
                                    const struct slow_packet *packet, const struct slow_end *source,
                                    u128 *far)
{
	struct ranges pool = pool_of(config, packet, source), to = {.known = true};
	bool all = pool.known, any = false;
	if (twice->dst_mapped.kind == ADDR_INTERFACE) {
		const struct interface_address *own =
		        own4(config, twice->real_ifc ? twice->real_ifc : packet->out);
		if (!own || twice->dst_interface6)
			return SLOW_UNKNOWN;
		put(&to, own->address, own->address);
	} else {
		to = ranges_of(config, &twice->dst_mapped);
	}
	if (!pool.known || !to.known)
		return SLOW_UNKNOWN;
	for (unsigned i = 0; i < pool.n; i++) {
		bool covered = false;
		for (unsigned k = 0; k < to.n; k++) {
			struct range a = pool.list[i], b = to.list[k];
			u128 lo = a.lo > b.lo ? a.lo : b.lo, hi = a.hi < b.hi ? a.hi : b.hi;
			covered |= b.lo <= a.lo && a.hi <= b.hi;
			if (lo <= hi && !any)
				*far = lo;
			any |= lo <= hi;
		}
		all &= covered;
	}
	return !any ? SLOW_NO : all ? SLOW_YES : SLOW_UNKNOWN;
}

/* --- the way back ------------------------------------------------------------------------ */

enum slow_answer slow_rpf(const struct config *config, const struct slow_nats *nats,
                          const struct slow_packet *packet, const struct slow_end *destination,
                          const struct slow_end *source, bool *met)
{
	struct slow_packet reply = {.in = packet->out,
	                            .out = packet->in,
	                            .proto = packet->proto,
	                            .src = destination->address,
	                            .sport = destination->port,
	                            .dst = source->address,
	                            .dport = source->port};
	const struct slow_nat *by = destination->done == SLOW_YES ? destination->nat : NULL;
	bool changed = destination->address != packet->dst || destination->port != packet->dport;
	*met = false;
	if (by && by->twice && by->twice->has_destination)
		return SLOW_YES;
	VEC_EACH(const struct slow_nat, nat, &nats->list) {
		const struct ace *ace;
		struct slow_end back = {
		        .done = SLOW_YES, .nat = nat, .address = reply.src, .port = reply.sport};
		struct slow_packet one = reply;
		enum slow_answer answer = SLOW_YES;
		if (nat->twice && nat->twice->has_destination && source->pooled)
			answer = far_in_pool(config, nat->twice, packet, source, &one.dst);
		answer = slow_and(answer, takes(config, nat, &one, &ace));
		if (answer == SLOW_NO)
			continue;
		*met = true;
		if (nat == by)
			return SLOW_YES;
		if (answer == SLOW_UNKNOWN)
			return SLOW_UNKNOWN;
		/* What the documents say of `nat` without a `global` is about what it opens. */
		if (nat->legacy && nat->legacy->kind == NAT_DYNAMIC &&
		    !has_global(config, nat->legacy, packet->in))
			return SLOW_UNKNOWN;
		/* `nat 0 ADDRESS`: nothing can be opened from outside (4.2). */
		if (nat->legacy && nat->legacy->kind == NAT_IDENTITY)
			return SLOW_NO;
		change_source(config, &reply, ace, &back);
		bool kept = back.done == SLOW_YES && !back.pooled && back.address == reply.src &&
		            back.port == reply.sport;
		return sure(kept && !changed);
	}
	return SLOW_YES;
}

/* --- pools ------------------------------------------------------------------------------- */

struct within {
	struct range range;
	void (*visit)(void *context, u128 address);
	void *context;
};

static void visit_within(void *context, u128 address)
{
	const struct within *within = context;
	if (within->range.lo <= address && address <= within->range.hi)
		within->visit(within->context, address);
}

static void visit_pool(const struct config *config, struct range range,
                       void (*visit)(void *context, u128 address), void *context)
{
	struct within within = {range, visit, context};
	visit(context, range.lo);
	slow_each_address(config, visit_within, &within);
}

void slow_each_pooled(const struct config *config, const struct slow_packet *packet,
                      const struct slow_end *source, void (*visit)(void *context, u128 address),
                      void *context)
{
	const struct legacy_nat *legacy = source->nat->legacy;
	struct ranges modern = {.known = true};
	if (!legacy)
		modern = pool_of(config, packet, source);
	if (!legacy && !modern.known)
		put(&modern, addr_is4(packet->src) ? ADDR4_MIN : 0,
		    addr_is4(packet->src) ? ADDR4_MAX : U128_MAX);
	for (unsigned i = 0; i < modern.n; i++)
		visit_pool(config, modern.list[i], visit, context);
	VEC_EACH(const struct global_pool, pool, &config->globals) {
		if (!legacy || pool->id != legacy->id ||
		    !slow_same_ifc(config, pool->ifc, packet->out))
			continue;
		const struct interface_address *own = own4(config, packet->out);
		struct range any = {ADDR4_MIN, ADDR4_MAX};
		if (!pool->is_interface)
			visit_pool(config, pool->addresses, visit, context);
		else if (own)
			visit(context, own->address);
		else
			visit_pool(config, any, visit, context);
	}
}
