/* SPDX-License-Identifier: ISC */
/* Releases, addresses, services and access-lists (asa-semantics 4.1, 9.1, 9.2). */
#include "tests/property/slow.h"

#include "model/ports.h"

enum { ICMP = 1, TCP = 6, UDP = 17, ICMP6 = 58 };

const char *const slow_answer_names[] = {"no", "yes", "unknown"};

enum slow_answer slow_and(enum slow_answer a, enum slow_answer b)
{
	if (a == SLOW_NO || b == SLOW_NO)
		return SLOW_NO;
	return a == SLOW_YES && b == SLOW_YES ? SLOW_YES : SLOW_UNKNOWN;
}

enum slow_answer slow_or(enum slow_answer a, enum slow_answer b)
{
	if (a == SLOW_YES || b == SLOW_YES)
		return SLOW_YES;
	return a == SLOW_NO && b == SLOW_NO ? SLOW_NO : SLOW_UNKNOWN;
}

enum slow_answer slow_either(enum slow_answer a, enum slow_answer b)
{
	return a == b ? a : SLOW_UNKNOWN;
}

static enum slow_answer sure(bool yes)
{
	return yes ? SLOW_YES : SLOW_NO;
}

/* --- releases ---------------------------------------------------------------------------- */

static bool asa_from(const struct config *config, unsigned major, unsigned minor)
{
	return config->version.major * 1000u + config->version.minor >= major * 1000 + minor;
}

/* Without a version the commands tell: `static`, `nat (ifc) N` and `global` end with 8.2. */
bool slow_real_addresses(const struct config *config)
{
	if (config->platform == PLATFORM_FTD)
		return true;
	if (config->platform == PLATFORM_PIX || config->platform == PLATFORM_FWSM)
		return false;
	if (config->version.major)
		return asa_from(config, 8, 3);
	return config->nats.n == 0 && config->globals.n == 0;
}

bool slow_dual_any(const struct config *config)
{
	if (config->platform == PLATFORM_ASA && config->version.major)
		return asa_from(config, 9, 0);
	return slow_real_addresses(config);
}

bool slow_fixups(const struct config *config)
{
	unsigned major = config->version.major;
	if (major && config->platform == PLATFORM_PIX)
		return major < 7;
	if (major && config->platform == PLATFORM_FWSM)
		return major < 3;
	return config->fixups.n > 0 && config->policy_maps.n == 0;
}

bool slow_same_ifc(const struct config *config, name_id a, name_id b)
{
	return a && b && str_eq_nocase(config_name(config, a), config_name(config, b));
}

const struct interface *slow_interface(const struct config *config, name_id name)
{
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (slow_same_ifc(config, ifc->nameif, name))
			return ifc;
	return NULL;
}

/* --- groups ------------------------------------------------------------------------------ */

/* The groups that are open on the way down, against cycles. */
struct trail {
	name_id group;
	const struct trail *up;
};

/* The group to look into; NULL where it cannot be known what it holds. */
static const struct group *enter(const struct config *config, name_id name,
                                 const struct trail *trail)
{
	const struct group *group = config_group(config, name);
	for (; trail; trail = trail->up)
		if (trail->group == name)
			return NULL;
	return group && group->kind != GROUP_OPAQUE ? group : NULL;
}

/* --- addresses --------------------------------------------------------------------------- */

static enum slow_answer address_in_group(const struct config *config, name_id name, u128 address,
                                         const struct trail *up);

static enum slow_answer interface_address(const struct config *config, name_id name, u128 address)
{
	const struct interface *ifc = slow_interface(config, name);
	enum slow_answer answer = SLOW_NO;
	if (!ifc || ifc->addresses.n == 0)
		return SLOW_UNKNOWN;
	VEC_EACH(const struct interface_address, at, &ifc->addresses) {
		if (at->masked)
			return SLOW_UNKNOWN;
		answer = slow_or(answer, sure(at->address == address));
	}
	return answer;
}

/* A v6 range may span the points where IPv4 is: families never mix. */
static bool in_range(struct range range, u128 address)
{
	return range.lo <= address && address <= range.hi &&
	       addr_is4(range.lo) == addr_is4(address);
}

enum slow_answer slow_address(const struct config *config, const struct addr_spec *spec,
                              u128 address)
{
	const struct object *object;
	switch (spec->kind) {
	case ADDR_ANY:
		return sure(addr_is4(address) || slow_dual_any(config));
	case ADDR_ANY4:
		return sure(addr_is4(address));
	case ADDR_ANY6:
		return sure(!addr_is4(address));
	case ADDR_RANGE:
		return sure(in_range(spec->range, address));
	case ADDR_OBJECT:
		object = config_object(config, spec->name);
		if (!object || object->kind == OBJECT_FQDN)
			return SLOW_UNKNOWN;
		return object->kind == OBJECT_ADDRESS
		               ? slow_address(config, &object->address, address)
		               : SLOW_NO;
	case ADDR_GROUP:
		return address_in_group(config, spec->name, address, NULL);
	case ADDR_INTERFACE:
		return interface_address(config, spec->name, address);
	case ADDR_UNKNOWN:
		break;
	}
	return SLOW_UNKNOWN;
}

static enum slow_answer address_in_group(const struct config *config, name_id name, u128 address,
                                         const struct trail *up)
{
	const struct group *group = enter(config, name, up);
	struct trail trail = {name, up};
	enum slow_answer answer = SLOW_NO, more;
	if (!group)
		return SLOW_UNKNOWN;
	VEC_EACH(const struct member, member, &group->members) {
		more = SLOW_NO;
		if (member->kind == MEMBER_ADDRESS)
			more = slow_address(config, &member->address, address);
		else if (member->kind == MEMBER_GROUP)
			more = address_in_group(config, member->group, address, &trail);
		else if (member->kind == MEMBER_UNKNOWN)
			more = SLOW_UNKNOWN;
		answer = slow_or(answer, more);
	}
	return answer;
}

static void visit_range(struct range range, void (*visit)(void *, u128), void *context)
{
	if (addr_is4(range.lo))
		visit(context, range.lo);
	if (range.hi < ADDR4_MAX && addr_is4(range.hi))
		visit(context, range.hi + 1);
}

void slow_each_address(const struct config *config, void (*visit)(void *context, u128 address),
                       void *context)
{
	visit(context, ADDR4_MIN);
	for (uint32_t i = 0; i < config->addr_pool.n; i++)
		if (config->addr_pool.v[i].kind == ADDR_RANGE)
			visit_range(config->addr_pool.v[i].range, visit, context);
	VEC_EACH(const struct object, object, &config->objects)
		if (object->kind == OBJECT_ADDRESS && object->address.kind == ADDR_RANGE)
			visit_range(object->address.range, visit, context);
	VEC_EACH(const struct group, group, &config->groups)
		VEC_EACH(const struct member, member, &group->members)
			if (member->kind == MEMBER_ADDRESS && member->address.kind == ADDR_RANGE)
				visit_range(member->address.range, visit, context);
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			visit_range((struct range){at->address, at->address}, visit, context);
}

/* --- services ---------------------------------------------------------------------------- */

static enum slow_answer port_in_group(const struct config *config, name_id name, uint16_t port,
                                      const struct trail *up);

static enum slow_answer port_matches(const struct config *config, const struct port_spec *spec,
                                     uint16_t port)
{
	switch (spec->kind) {
	case PORT_ANY:
		return SLOW_YES;
	case PORT_RANGE:
		return sure(spec->lo <= port && port <= spec->hi);
	case PORT_NOT:
		return sure(port != spec->lo);
	case PORT_GROUP:
		return port_in_group(config, spec->group, port, NULL);
	case PORT_UNKNOWN:
		break;
	}
	return SLOW_UNKNOWN;
}

static enum slow_answer port_in_group(const struct config *config, name_id name, uint16_t port,
                                      const struct trail *up)
{
	const struct group *group = enter(config, name, up);
	struct trail trail = {name, up};
	enum slow_answer answer = SLOW_NO, more;
	if (!group)
		return SLOW_UNKNOWN;
	VEC_EACH(const struct member, member, &group->members) {
		more = SLOW_NO;
		if (member->kind == MEMBER_PORTS)
			more = port_matches(config, &member->ports, port);
		else if (member->kind == MEMBER_GROUP)
			more = port_in_group(config, member->group, port, &trail);
		else if (member->kind == MEMBER_UNKNOWN)
			more = SLOW_UNKNOWN;
		answer = slow_or(answer, more);
	}
	return answer;
}

static enum slow_answer protocols_match(const struct config *config,
                                        const struct service_spec *spec,
                                        const struct slow_packet *packet)
{
	bool proto = spec->tcp_udp
	                     ? packet->proto == TCP || packet->proto == UDP
	                     : spec->proto_lo <= packet->proto && packet->proto <= spec->proto_hi;
	enum slow_answer sport = port_matches(config, &spec->source, packet->sport);
	enum slow_answer dport = port_matches(config, &spec->dest, packet->dport);
	return slow_and(sure(proto), slow_and(sport, dport));
}

static bool cut_prefix(struct str *text, const char *prefix)
{
	struct str head = str_of(prefix);
	if (!str_starts(*text, head))
		return false;
	text->s += head.n;
	text->n -= head.n;
	return true;
}

/* "tcp-smtp", "udp-domain", "tcp-udp-sip", "icmp-echo", "ospf": never defined in a text (9.1). */
static enum slow_answer predefined_matches(struct str name, const struct slow_packet *packet)
{
	bool tcp = packet->proto == TCP, udp = packet->proto == UDP, proto;
	int number;
	if (cut_prefix(&name, "icmp6-")) {
		proto = packet->proto == ICMP6;
		number = icmp_type_number(name, true);
		return number < 0 ? SLOW_UNKNOWN : sure(proto && packet->sport == number);
	}
	if (cut_prefix(&name, "icmp-")) {
		proto = packet->proto == ICMP;
		number = icmp_type_number(name, false);
		return number < 0 ? SLOW_UNKNOWN : sure(proto && packet->sport == number);
	}
	if (cut_prefix(&name, "tcp-udp-"))
		proto = tcp || udp;
	else if (cut_prefix(&name, "tcp-"))
		proto = tcp;
	else if (cut_prefix(&name, "udp-"))
		proto = udp;
	else {
		number = protocol_number(name);
		return number < 0 ? SLOW_UNKNOWN : sure(number == 0 || number == packet->proto);
	}
	number = port_number(name);
	return number < 0 ? SLOW_UNKNOWN : sure(proto && packet->dport == number);
}

static enum slow_answer service_in_group(const struct config *config, name_id name,
                                         const struct slow_packet *packet, const struct trail *up);

static enum slow_answer service_matches(const struct config *config,
                                        const struct service_spec *spec,
                                        const struct slow_packet *packet)
{
	const struct object *object;
	enum slow_answer ports;
	switch (spec->kind) {
	case SERVICE_PROTOCOLS:
		return protocols_match(config, spec, packet);
	case SERVICE_OBJECT:
		object = config_object(config, spec->name);
		if (!object)
			return predefined_matches(config_name(config, spec->name), packet);
		return object->kind == OBJECT_SERVICE
		               ? protocols_match(config, &object->service, packet)
		               : SLOW_UNKNOWN;
	case SERVICE_GROUP: /* the ports behind it count for each of its protocols */
		ports = slow_and(port_matches(config, &spec->source, packet->sport),
		                 port_matches(config, &spec->dest, packet->dport));
		return slow_and(ports, service_in_group(config, spec->name, packet, NULL));
	case SERVICE_UNKNOWN:
		break;
	}
	return SLOW_UNKNOWN;
}

static enum slow_answer service_in_group(const struct config *config, name_id name,
                                         const struct slow_packet *packet, const struct trail *up)
{
	const struct group *group = enter(config, name, up);
	struct trail trail = {name, up};
	enum slow_answer answer = SLOW_NO, more;
	if (!group)
		return SLOW_UNKNOWN;
	VEC_EACH(const struct member, member, &group->members) {
		more = SLOW_NO;
		if (member->kind == MEMBER_SERVICE)
			more = service_matches(config, &member->service, packet);
		else if (member->kind == MEMBER_GROUP)
			more = service_in_group(config, member->group, packet, &trail);
		else if (member->kind == MEMBER_UNKNOWN)
			more = SLOW_UNKNOWN;
		answer = slow_or(answer, more);
	}
	return answer;
}

/* --- access-lists ------------------------------------------------------------------------ */

/* In an `ipv6 access-list` of 8.x `any` is all of IPv6. */
static enum slow_answer end_matches(const struct config *config, const struct acl *acl,
                                    const struct addr_spec *spec, u128 address)
{
	if (acl->kind == ACL_IPV6 && spec->kind == ADDR_ANY)
		return sure(!addr_is4(address));
	return slow_address(config, spec, address);
}

/* `ifc NAME` of FTD: the rule is about packets that enter, or leave, there. */
static enum slow_answer in_scope(const struct config *config, const struct ace *ace,
                                 const struct slow_packet *packet)
{
	enum slow_answer from = SLOW_YES, to = SLOW_YES;
	if (ace->scope == 0)
		return SLOW_YES;
	const struct ace_scope *scope = &config->ace_scopes.v[ace->scope - 1];
	if (scope->from)
		from = packet->in ? sure(slow_same_ifc(config, scope->from, packet->in))
		                  : SLOW_UNKNOWN;
	if (scope->to)
		to = packet->out ? sure(slow_same_ifc(config, scope->to, packet->out))
		                 : SLOW_UNKNOWN;
	return slow_and(from, to);
}

static enum slow_answer ace_matches(const struct config *config, const struct acl *acl,
                                    const struct ace *ace, const struct slow_packet *packet,
                                    bool addresses_only)
{
	if (ace->action == ACE_REMARK || ace->inactive)
		return SLOW_NO;
	if (ace->action == ACE_UNKNOWN)
		return SLOW_UNKNOWN;
	const struct addr_spec *src = &config->addr_pool.v[ace->src];
	const struct addr_spec *dst = &config->addr_pool.v[ace->dst];
	const struct service_spec *service = &config->service_pool.v[ace->service];
	enum slow_answer answer =
	        slow_and(in_scope(config, ace, packet), end_matches(config, acl, src, packet->src));
	if (answer != SLOW_NO)
		answer = slow_and(answer, end_matches(config, acl, dst, packet->dst));
	if (answer != SLOW_NO && !addresses_only)
		answer = slow_and(answer, service_matches(config, service, packet));
	/* A scope marks its line as unmodelled; where the way is known it is not. */
	bool scoped = ace->scope && ace->unsure == WHY_UNMODELLED;
	return ace->unsure != WHY_NONE && !scoped ? slow_and(answer, SLOW_UNKNOWN) : answer;
}

static struct slow_decision walk(const struct config *config, const struct acl *acl,
                                 const struct slow_packet *packet, bool addresses_only)
{
	unsigned can = 0;
	VEC_EACH(const struct ace, ace, &acl->aces) {
		enum slow_answer matches = ace_matches(config, acl, ace, packet, addresses_only);
		if (matches == SLOW_NO)
			continue;
		if (ace->action != ACE_DENY)
			can |= SLOW_PERMIT;
		if (ace->action != ACE_PERMIT)
			can |= SLOW_DENY;
		if (matches == SLOW_YES)
			return (struct slow_decision){can, ace};
	}
	return (struct slow_decision){can | SLOW_END, NULL};
}

struct slow_decision slow_acl(const struct config *config, const struct acl *acl,
                              const struct slow_packet *packet)
{
	return walk(config, acl, packet, false);
}

struct slow_decision slow_acl_addresses(const struct config *config, const struct acl *acl,
                                        const struct slow_packet *packet)
{
	return walk(config, acl, packet, true);
}

bool slow_policy_nat(const struct config *config, const struct acl *acl,
                     const struct slow_packet *packet, bool ports)
{
	if (acl)
		VEC_EACH(const struct ace, ace, &acl->aces) {
			struct ace plain = *ace;
			plain.inactive = false;
			plain.unsure = WHY_NONE;
			if (ace->action == ACE_PERMIT &&
			    ace_matches(config, acl, &plain, packet, !ports) == SLOW_YES)
				return true;
		}
	return false;
}
