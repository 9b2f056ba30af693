/* SPDX-License-Identifier: ISC */
#include "tests/property/slow_nat_lines.h"

static enum slow_answer sure(bool yes)
{
	return yes ? SLOW_YES : SLOW_NO;
}

/* --- what a line says -------------------------------------------------------------------- */

static bool on(const struct config *config, name_id line, name_id ifc)
{
	return line == 0 || ifc == 0 || slow_same_ifc(config, line, ifc);
}

name_id line_real_ifc(const struct slow_nat *nat)
{
	return nat->twice    ? nat->twice->real_ifc
	       : nat->object ? nat->object->real_ifc
	                     : nat->legacy->real_ifc;
}

name_id line_mapped_ifc(const struct slow_nat *nat)
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

struct addr_spec object_spec(name_id name)
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
		const struct interface_address *own = slow_own4(config, ifc);
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

const struct service_spec *service_named(const struct config *config, name_id name)
{
	return &config_object(config, name)->service;
}

static bool in_ports(const struct port_spec *spec, uint16_t port)
{
	return spec->kind == PORT_ANY || (spec->lo <= port && port <= spec->hi);
}

uint16_t move_port(const struct port_spec *from, const struct port_spec *to, uint16_t port)
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

enum slow_answer line_takes(const struct config *config, const struct slow_nat *nat,
                            const struct slow_packet *packet, const struct ace **ace)
{
	*ace = NULL;
	if (!on(config, line_real_ifc(nat), packet->in) ||
	    !on(config, line_mapped_ifc(nat), packet->out))
		return SLOW_NO;
	if (nat->legacy)
		return legacy_takes(config, nat->legacy, packet, ace);
	if (nat->twice)
		return twice_takes(config, nat->twice, packet);
	const struct object_nat *object = nat->object;
	struct addr_spec real = object_spec(object->object);
	if (object->protocol &&
	    (object->protocol != packet->proto || object->real_port != packet->sport))
		return SLOW_NO;
	return slow_address(config, &real, packet->src);
}

/* --- or one that comes from its mapped side? ---------------------------------------------- */

static enum slow_answer object_gives(const struct config *config, const struct object_nat *object,
                                     const struct slow_packet *packet, struct slow_end *end)
{
	struct addr_spec spec = object_spec(object->object);
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
	if (answer == SLOW_YES && !ranges_counterpart(&mapped, &real, packet->dst, &end->address))
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
	if (answer == SLOW_YES && !ranges_counterpart(&mapped, &real, packet->dst, &end->address))
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
			if (!ranges_same(&real, &real) || packet->dst != base)
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

enum slow_answer line_gives(const struct config *config, const struct slow_nat *nat,
                            const struct slow_packet *packet, struct slow_end *end)
{
	if (slow_nat_is_exempt(nat))
		return legacy_gives(config, nat->legacy, packet, end);
	if (!slow_nat_is_static(nat) || !on(config, line_mapped_ifc(nat), packet->in))
		return SLOW_NO;
	return nat->twice    ? twice_gives(config, nat->twice, packet, end)
	       : nat->object ? object_gives(config, nat->object, packet, end)
	                     : legacy_gives(config, nat->legacy, packet, end);
}
