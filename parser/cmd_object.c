/* SPDX-License-Identifier: ISC */
/* Labels, objects and object-groups (asa-semantics 9.2). */
#include "parser/grammar.h"

/* name ADDRESS LABEL [description TEXT] */
enum handled cmd_name(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct str address = take(cursor), label = take(cursor);
	struct label at = {.name = name_of(reader, label)};
	if (!addr_parse(address, &at.address))
		return looks_masked(address) ? HANDLED : HANDLED_UNKNOWN;
	if (reader->negated) {
		config_unindex(&config->label_index, at.name);
		return HANDLED;
	}
	config_index(config, &config->label_index, at.name, config->labels.n);
	VEC_PUSH(reader->arena, &config->labels, at);
	return HANDLED;
}

/* --- objects ---------------------------------------------------------------------------- */

static struct object *current_object(struct reader *reader)
{
	return &reader->config->objects.v[reader->object];
}

/* Open an object of this name, made when new; opened twice it is the same one. */
static enum handled open_object(struct reader *reader, struct cursor *cursor, enum mode mode)
{
	struct config *config = reader->config;
	take(cursor);
	name_id name = name_of(reader, take(cursor));
	if (reader->negated) {
		config_unindex(&config->object_index, name);
		uint32_t kept = 0;
		VEC_EACH(const struct object_nat, nat, &config->object_nats)
			if (nat->object != name)
				config->object_nats.v[kept++] = *nat;
		config->object_nats.n = kept;
		return HANDLED;
	}
	uint32_t at = config_index_get(&config->object_index, name);
	if (at == 0) {
		struct object fresh = {.name = name, .span = reader->line};
		config_index(config, &config->object_index, name, config->objects.n);
		VEC_PUSH(reader->arena, &config->objects, fresh);
		at = config->objects.n;
	}
	reader->object = at - 1;
	open_mode(reader, mode);
	return HANDLED;
}

enum handled cmd_object_network(struct reader *reader, struct cursor *cursor)
{
	return open_object(reader, cursor, MODE_OBJECT_NETWORK);
}

enum handled cmd_object_service(struct reader *reader, struct cursor *cursor)
{
	return open_object(reader, cursor, MODE_OBJECT_SERVICE);
}

static void set_range(struct reader *reader, struct range range, bool unknown)
{
	struct object *object = current_object(reader);
	object->kind = reader->negated ? OBJECT_EMPTY : OBJECT_ADDRESS;
	object->address = (struct addr_spec){.kind = unknown ? ADDR_UNKNOWN : ADDR_RANGE};
	if (!unknown)
		object->address.range = range;
}

enum handled cmd_object_host(struct reader *reader, struct cursor *cursor)
{
	u128 address;
	bool unknown;
	if (!take_address(cursor, &address, &unknown))
		return HANDLED_UNKNOWN;
	set_range(reader, (struct range){address, address}, unknown);
	return HANDLED;
}

enum handled cmd_object_subnet(struct reader *reader, struct cursor *cursor)
{
	struct addr_spec spec;
	if (!take_addr_spec(cursor, &spec) ||
	    (spec.kind != ADDR_RANGE && spec.kind != ADDR_UNKNOWN))
		return HANDLED_UNKNOWN;
	set_range(reader, spec.range, spec.kind == ADDR_UNKNOWN);
	return HANDLED;
}

enum handled cmd_object_range(struct reader *reader, struct cursor *cursor)
{
	struct range range;
	bool unknown_lo, unknown_hi;
	if (!take_address(cursor, &range.lo, &unknown_lo) ||
	    !take_address(cursor, &range.hi, &unknown_hi))
		return HANDLED_UNKNOWN;
	bool unknown = unknown_lo || unknown_hi;
	if (!unknown && range.lo > range.hi) {
		invalid_line(reader, "this range runs backwards; what it matches is unknown");
		unknown = true;
	}
	set_range(reader, range, unknown);
	return HANDLED;
}

enum handled cmd_object_fqdn(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	current_object(reader)->kind = reader->negated ? OBJECT_EMPTY : OBJECT_FQDN;
	return HANDLED;
}

/* PROTO [source OP P] [destination OP P] | icmp [TYPE [CODE]]; ports alone mean destination. */
static bool take_service(struct cursor *cursor, struct service_spec *spec)
{
	*spec = (struct service_spec){.kind = SERVICE_PROTOCOLS};
	spec->source = spec->dest = (struct port_spec){PORT_ANY, 0, 0, 65535};
	if (accept(cursor, "tcp-udp")) {
		spec->tcp_udp = true;
	} else if (!take_protocol(cursor, &spec->proto_lo, &spec->proto_hi)) {
		return false;
	}
	if (spec->proto_lo == PROTO_ICMP || spec->proto_lo == PROTO_ICMP6)
		return take_icmp(cursor, spec);
	if (accept(cursor, "source") && !take_port_spec(cursor, &spec->source))
		return false;
	accept(cursor, "destination");
	return take_port_spec(cursor, &spec->dest);
}

enum handled cmd_object_service_line(struct reader *reader, struct cursor *cursor)
{
	struct object *object = current_object(reader);
	if (!take_service(cursor, &object->service) || !at_end(cursor)) {
		object->service = (struct service_spec){.kind = SERVICE_UNKNOWN};
		object->kind = OBJECT_EMPTY; /* an unknown service, see link.c */
		return HANDLED_DOUBT;
	}
	object->kind = reader->negated ? OBJECT_EMPTY : OBJECT_SERVICE;
	return HANDLED;
}

/* --- groups ----------------------------------------------------------------------------- */

static const struct {
	const char *word;
	enum group_kind kind;
} group_kinds[] = {
        {"network", GROUP_NETWORK},        {"service", GROUP_SERVICE}, {"protocol", GROUP_PROTOCOL},
        {"icmp-type", GROUP_ICMP},         {"user", GROUP_OPAQUE},     {"security", GROUP_OPAQUE},
        {"network-service", GROUP_OPAQUE},
};

/* object-group KIND NAME [tcp|udp|tcp-udp] */
enum handled cmd_object_group(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct str word = take(cursor);
	struct group fresh = {.name = name_of(reader, take(cursor)), .span = reader->line};
	size_t kind = 0, n_kinds = sizeof(group_kinds) / sizeof(group_kinds[0]);
	while (kind < n_kinds && !str_eq(word, str_of(group_kinds[kind].word)))
		kind++;
	if (kind == n_kinds)
		return HANDLED_UNKNOWN;
	if (reader->negated) {
		config_unindex(&config->group_index, fresh.name);
		return HANDLED;
	}
	fresh.kind = group_kinds[kind].kind;
	struct str type = take(cursor);
	fresh.tcp = str_eq(type, S("tcp")) || str_eq(type, S("tcp-udp"));
	fresh.udp = str_eq(type, S("udp")) || str_eq(type, S("tcp-udp"));
	fresh.typed = fresh.tcp || fresh.udp;
	uint32_t at = config_index_get(&config->group_index, fresh.name);
	if (at == 0) {
		config_index(config, &config->group_index, fresh.name, config->groups.n);
		VEC_PUSH(reader->arena, &config->groups, fresh);
		at = config->groups.n;
	}
	reader->group = at - 1;
	open_mode(reader, MODE_GROUP);
	return HANDLED;
}

static bool same_addr(const struct addr_spec *a, const struct addr_spec *b)
{
	return a->kind == b->kind && a->name == b->name && a->range.lo == b->range.lo &&
	       a->range.hi == b->range.hi;
}

static bool same_ports(const struct port_spec *a, const struct port_spec *b)
{
	return a->kind == b->kind && a->group == b->group && a->lo == b->lo && a->hi == b->hi;
}

static bool same_service(const struct service_spec *a, const struct service_spec *b)
{
	return a->kind == b->kind && a->name == b->name && a->proto_lo == b->proto_lo &&
	       a->proto_hi == b->proto_hi && a->tcp_udp == b->tcp_udp &&
	       same_ports(&a->source, &b->source) && same_ports(&a->dest, &b->dest);
}

static bool same_member(const struct member *a, const struct member *b)
{
	return a->kind == b->kind && a->group == b->group && same_addr(&a->address, &b->address) &&
	       same_ports(&a->ports, &b->ports) && same_service(&a->service, &b->service);
}

/* Add to, or with `no` take from, the open group. */
static enum handled add_member(struct reader *reader, struct member member)
{
	struct group *group = &reader->config->groups.v[reader->group];
	member.span = reader->line;
	if (!reader->negated) {
		VEC_PUSH(reader->arena, &group->members, member);
		return HANDLED;
	}
	uint32_t kept = 0;
	VEC_EACH(const struct member, old, &group->members)
		if (!same_member(old, &member))
			group->members.v[kept++] = *old;
	group->members.n = kept;
	return HANDLED;
}

enum handled cmd_network_object(struct reader *reader, struct cursor *cursor)
{
	struct member member = {.kind = MEMBER_ADDRESS};
	if (!take_addr_spec(cursor, &member.address))
		member.kind = MEMBER_UNKNOWN;
	add_member(reader, member);
	return member.kind == MEMBER_UNKNOWN ? HANDLED_DOUBT : HANDLED;
}

enum handled cmd_group_object(struct reader *reader, struct cursor *cursor)
{
	struct member member = {.kind = MEMBER_GROUP, .group = name_of(reader, take(cursor))};
	return add_member(reader, member);
}

enum handled cmd_port_object(struct reader *reader, struct cursor *cursor)
{
	struct member member = {.kind = MEMBER_PORTS};
	if (!take_port_spec(cursor, &member.ports) || member.ports.kind == PORT_ANY)
		member.kind = MEMBER_UNKNOWN;
	add_member(reader, member);
	return member.kind == MEMBER_UNKNOWN ? HANDLED_DOUBT : HANDLED;
}

enum handled cmd_service_object(struct reader *reader, struct cursor *cursor)
{
	struct member member = {.kind = MEMBER_SERVICE};
	if (accept(cursor, "object")) {
		member.service.kind = SERVICE_OBJECT;
		member.service.name = name_of(reader, take(cursor));
	} else if (!take_service(cursor, &member.service)) {
		member.kind = MEMBER_UNKNOWN;
	}
	add_member(reader, member);
	return member.kind == MEMBER_UNKNOWN ? HANDLED_DOUBT : HANDLED;
}

enum handled cmd_protocol_object(struct reader *reader, struct cursor *cursor)
{
	struct member member = {.kind = MEMBER_SERVICE};
	member.service.source = member.service.dest = (struct port_spec){PORT_ANY, 0, 0, 65535};
	if (!take_protocol(cursor, &member.service.proto_lo, &member.service.proto_hi))
		member.kind = MEMBER_UNKNOWN;
	add_member(reader, member);
	return member.kind == MEMBER_UNKNOWN ? HANDLED_DOUBT : HANDLED;
}

enum handled cmd_icmp_object(struct reader *reader, struct cursor *cursor)
{
	struct member member = {.kind = MEMBER_PORTS};
	struct service_spec icmp = {.proto_lo = PROTO_ICMP};
	if (!take_icmp(cursor, &icmp) || icmp.source.kind != PORT_RANGE)
		member.kind = MEMBER_UNKNOWN;
	member.ports = icmp.source;
	add_member(reader, member);
	return member.kind == MEMBER_UNKNOWN ? HANDLED_DOUBT : HANDLED;
}

/* Members of user, security and network-service groups: who they are is not in the config. */
enum handled cmd_opaque_member(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	return reader->config->groups.v[reader->group].kind == GROUP_OPAQUE ? HANDLED
	                                                                    : HANDLED_NOT_MINE;
}
