/* SPDX-License-Identifier: ISC */
#include "tests/property/aim.h"

enum { ICMP = 1, TCP = 6, UDP = 17, ICMP6 = 58, SCTP = 132 };

static u128 near(struct run *run, struct range range)
{
	u128 address = rng_percent(&run->rng, 50) ? range.lo : range.hi;
	if (range.hi - range.lo > 2 && rng_percent(&run->rng, 30))
		address = range.lo + rng_below(&run->rng, 200) % (range.hi - range.lo + 1);
	if (rng_percent(&run->rng, 12))
		address += rng_percent(&run->rng, 50) ? 1 : (u128)-1;
	return address;
}

/* An address of a spec, or just beside it. */
static void aim(struct run *run, const struct addr_spec *spec, name_id ifc, u128 *address)
{
	const struct config *config = run->config;
	const struct interface *own = slow_interface(config, ifc);
	const struct object *object =
	        spec->kind == ADDR_OBJECT ? config_object(config, spec->name) : NULL;
	const struct group *group =
	        spec->kind == ADDR_GROUP ? config_group(config, spec->name) : NULL;
	if (spec->kind == ADDR_RANGE)
		*address = near(run, spec->range);
	else if (spec->kind == ADDR_INTERFACE && own && own->addresses.n)
		*address = own->addresses.v[rng_below(&run->rng, own->addresses.n)].address;
	else if (object && object->kind == OBJECT_ADDRESS && object->address.kind == ADDR_RANGE)
		*address = near(run, object->address.range);
	else if (group && group->members.n) {
		const struct member *member =
		        &group->members.v[rng_below(&run->rng, group->members.n)];
		if (member->kind == MEMBER_ADDRESS && member->address.kind != ADDR_GROUP)
			aim(run, &member->address, 0, address);
	}
}

static void aim_port(struct run *run, uint16_t at, uint16_t *port)
{
	*port = at;
	if (rng_percent(&run->rng, 12))
		*port = (uint16_t)(at + (rng_percent(&run->rng, 50) ? 1 : -1));
}

static void aim_service(struct run *run, name_id name, bool source, uint16_t *port)
{
	const struct object *object = config_object(run->config, name);
	if (!object || object->kind != OBJECT_SERVICE)
		return;
	const struct port_spec *spec = source ? &object->service.source : &object->service.dest;
	if (spec->kind == PORT_RANGE)
		aim_port(run, rng_percent(&run->rng, 50) ? spec->lo : spec->hi, port);
}

/*
 * A packet for a line, to its mapped side (`back`) or from its real one; the interface it enters.
 */
static name_id aim_at_object(struct run *run, const struct object_nat *object, bool back,
                             struct slow_packet *packet)
{
	struct addr_spec real = {.kind = ADDR_OBJECT, .name = object->object};
	aim(run, back ? &object->mapped : &real, object->mapped_ifc,
	    back ? &packet->dst : &packet->src);
	if (object->protocol && rng_percent(&run->rng, 85))
		aim_port(run, back ? object->mapped_port : object->real_port,
		         back ? &packet->dport : &packet->sport);
	return back ? object->mapped_ifc : object->real_ifc;
}

static name_id aim_at_twice(struct run *run, const struct twice_nat *twice, bool back,
                            struct slow_packet *packet)
{
	name_id in = back ? twice->mapped_ifc : twice->real_ifc;
	name_id service = back ? twice->service_mapped : twice->service_real;
	aim(run, back ? &twice->src_mapped : &twice->src_real, in,
	    back ? &packet->dst : &packet->src);
	if (twice->has_destination)
		aim(run, back ? &twice->dst_real : &twice->dst_mapped, in,
		    back ? &packet->src : &packet->dst);
	if (service) {
		aim_service(run, service, true, back ? &packet->dport : &packet->sport);
		aim_service(run, service, false, back ? &packet->sport : &packet->dport);
	}
	return in;
}

static name_id aim_at_legacy(struct run *run, const struct legacy_nat *legacy, bool back,
                             struct slow_packet *packet)
{
	struct addr_spec real = {.kind = ADDR_RANGE, .range = legacy->real};
	struct addr_spec mapped = {.kind = legacy->mapped_is_interface ? ADDR_INTERFACE
	                                                               : ADDR_RANGE,
	                           .range = legacy->mapped};
	const struct acl *acl = legacy->acl ? config_acl(run->config, legacy->acl) : NULL;
	name_id in = back ? legacy->mapped_ifc : legacy->real_ifc;
	if (acl) {
		*packet = pick_near(&run->rng, run->config, &run->points, acl);
		if (rng_percent(&run->rng, 30)) { /* the way back of an exemption */
			u128 src = packet->src;
			packet->src = packet->dst;
			packet->dst = src;
			in = 0;
		}
	}
	if (back)
		aim(run, &mapped, in, &packet->dst);
	else if (!acl)
		aim(run, &real, in, &packet->src);
	if (legacy->protocol && rng_percent(&run->rng, 85))
		aim_port(run, back ? legacy->mapped_port : legacy->real_port,
		         back ? &packet->dport : &packet->sport);
	return in;
}

/* A packet for one line of translation. */
static void aim_at_line(struct run *run, const struct slow_nat *nat, struct slow_packet *packet)
{
	bool back = rng_percent(&run->rng, 60);
	name_id in;
	if (rng_percent(&run->rng, 70))
		packet->proto = TCP;
	if (nat->legacy)
		back = back && nat->legacy->kind == NAT_STATIC;
	if (nat->object)
		in = aim_at_object(run, nat->object, back, packet);
	else if (nat->twice)
		in = aim_at_twice(run, nat->twice, back, packet);
	else
		in = aim_at_legacy(run, nat->legacy, back, packet);
	if (in && rng_percent(&run->rng, 85))
		packet->in = in;
	if (addr_is4(packet->src) != addr_is4(packet->dst)) {
		if (back)
			packet->src = pick_address(&run->rng, &run->points, addr_is4(packet->dst));
		else
			packet->dst = pick_address(&run->rng, &run->points, addr_is4(packet->src));
	}
}

static name_id some_input(struct run *run)
{
	const struct config *config = run->config;
	for (int tries = 0; tries < 40; tries++) {
		uint32_t at = rng_below(&run->rng, config->interfaces.n);
		if (config->interfaces.v[at].nameif)
			return config->interfaces.v[at].nameif;
	}
	return 0;
}

/* As a packet of its protocol can be: ICMP has a type and a code, most others have nothing. */
static void make_whole(struct slow_packet *packet)
{
	bool v4 = addr_is4(packet->dst);
	if (packet->proto == ICMP || packet->proto == ICMP6) {
		packet->proto = v4 ? ICMP : ICMP6;
		packet->sport &= packet->sport & 256 ? 8 : 255; /* many of echo and its reply */
		packet->dport &= 255;
	} else if (packet->proto != TCP && packet->proto != UDP && packet->proto != SCTP) {
		packet->sport = packet->dport = 0;
	}
	packet->real_dst = packet->dst;
	packet->real_dport = packet->dport;
}

/* The ends of connected networks are no hosts; what lists say of hosts is asked more often. */
static void step_inside(struct run *run, u128 *address)
{
	enum { INSIDE = 5 };
	if (!rng_percent(&run->rng, 80))
		return;
	VEC_EACH(const struct interface, ifc, &run->config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses) {
			if (at->masked || at->network.hi - at->network.lo <= 2 * INSIDE)
				continue;
			if (*address == at->network.lo)
				*address += INSIDE;
			else if (*address == at->network.hi)
				*address -= INSIDE;
		}
}

bool aim_packet(struct run *run, const struct slow_nats *nats, struct slow_packet *packet)
{
	const struct config *config = run->config;
	unsigned kind = rng_below(&run->rng, 100);
	*packet = pick_packet(&run->rng, &run->points);
	if (kind < 30 && config->acls.n)
		*packet = pick_near(&run->rng, config, &run->points,
		                    &config->acls.v[rng_below(&run->rng, config->acls.n)]);
	packet->in = some_input(run);
	if (kind >= 30 && kind < 75 && nats->list.n)
		aim_at_line(run, &nats->list.v[rng_below(&run->rng, nats->list.n)], packet);
	step_inside(run, &packet->src);
	step_inside(run, &packet->dst);
	make_whole(packet);
	return packet->in && addr_is4(packet->src) == addr_is4(packet->dst);
}
