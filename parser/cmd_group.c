/* SPDX-License-Identifier: ISC */
/* Object-groups of all kinds (asa-semantics 9.2). */
#include "parser/grammar.h"

/* --- opening ---------------------------------------------------------------------------- */

static const struct {
	const char *word;
	enum group_kind kind;
} group_kinds[] = {
        {"network", GROUP_NETWORK},        {"service", GROUP_SERVICE}, {"protocol", GROUP_PROTOCOL},
        {"icmp-type", GROUP_ICMP},         {"user", GROUP_OPAQUE},     {"security", GROUP_OPAQUE},
        {"network-service", GROUP_OPAQUE},
};

static bool kind_of(struct str word, enum group_kind *kind)
{
	for (size_t i = 0; i < sizeof(group_kinds) / sizeof(group_kinds[0]); i++)
		if (str_eq(word, str_of(group_kinds[i].word))) {
			*kind = group_kinds[i].kind;
			return true;
		}
	return false;
}

static struct group *current(struct reader *reader)
{
	return &reader->config->groups.v[reader->group];
}

static bool same_kind(const struct group *a, const struct group *b)
{
	return a->kind == b->kind && a->tcp == b->tcp && a->udp == b->udp;
}

/* object-group KIND NAME [tcp|udp|tcp-udp] */
enum handled cmd_object_group(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct group fresh = {.span = reader->line};
	if (!kind_of(take(cursor), &fresh.kind))
		return HANDLED_UNKNOWN;
	fresh.name = name_of(reader, take(cursor));
	bool both = accept(cursor, "tcp-udp");
	fresh.tcp = both || accept(cursor, "tcp");
	fresh.udp = both || accept(cursor, "udp");
	fresh.typed = fresh.tcp || fresh.udp;
	if (!at_end(cursor) || (fresh.typed && fresh.kind != GROUP_SERVICE))
		return HANDLED_UNKNOWN;
	if (reader->negated) {
		config_unindex(&config->group_index, fresh.name);
		reader->removed = true;
		return HANDLED;
	}
	uint32_t at = config_index_get(&config->group_index, fresh.name);
	if (at == 0) {
		config_index(config, &config->group_index, fresh.name, config->groups.n);
		VEC_PUSH(reader->arena, &config->groups, fresh);
		at = config->groups.n;
	}
	reader->group = at - 1;
	open_mode(reader, MODE_GROUP);
	if (!same_kind(current(reader), &fresh)) {
		invalid_line(reader, "a group of this name and another kind exists already; what "
		                     "it holds is unknown");
		mark_unknown(reader);
	}
	return HANDLED;
}

/* --- members ---------------------------------------------------------------------------- */

static uint64_t member_hash(const void *context, const void *element)
{
	const struct member *member = element;
	const struct service_spec *service = &member->service;
	(void)context;
	uint64_t hash = hash_mix((uint64_t)member->kind, member->group);
	hash = hash_ports(hash_addr(hash, &member->address), &member->ports);
	hash = hash_mix(hash, (uint64_t)service->kind << 32 | service->name);
	hash = hash_mix(hash, (uint64_t)service->proto_lo << 8 | service->proto_hi);
	return hash_ports(hash_ports(hash, &service->source), &service->dest);
}

static bool member_same(const void *context, const void *a, const void *b)
{
	const struct member *left = a, *right = b;
	(void)context;
	return left->kind == right->kind && left->group == right->group &&
	       same_addr(&left->address, &right->address) &&
	       same_ports(&left->ports, &right->ports) &&
	       same_service(&left->service, &right->service);
}

static const struct edit_kind member_edits = {sizeof(struct member), member_hash, member_same};

static struct edits *members_under_edit(struct reader *reader)
{
	const struct group *group = current(reader);
	while (reader->edited.members.n <= reader->group)
		VEC_PUSH(reader->arena, &reader->edited.members, NULL);
	struct edits **edits = &reader->edited.members.v[reader->group];
	if (!*edits)
		*edits = edits_new(reader->arena, &member_edits, reader);
	edits_sync(*edits, group->members.v, group->members.n);
	return *edits;
}

/* Add to, or with `no` take from, the open group. One that is there is not added again. */
static enum handled put_member(struct reader *reader, struct cursor *cursor, struct member member,
                               bool read)
{
	struct group *group = current(reader);
	member.span = reader->line;
	if (!read || !at_end(cursor)) {
		mark_unknown(reader);
		return HANDLED_DOUBT;
	}
	if (reader->negated) {
		edits_remove(members_under_edit(reader), group->members.v, &member);
		return HANDLED;
	}
	if (reader->applied &&
	    edits_find(members_under_edit(reader), group->members.v, &member) != EDITS_NONE)
		return HANDLED;
	VEC_PUSH(reader->arena, &group->members, member);
	return HANDLED;
}

/* network-object {host A | A M | V6/LEN | object O} */
enum handled cmd_network_object(struct reader *reader, struct cursor *cursor)
{
	struct member member = {.kind = MEMBER_ADDRESS};
	bool read = take_addr_spec(cursor, &member.address);
	return put_member(reader, cursor, member, read);
}

enum handled cmd_group_object(struct reader *reader, struct cursor *cursor)
{
	struct member member = {.kind = MEMBER_GROUP, .group = name_of(reader, take(cursor))};
	return put_member(reader, cursor, member, member.group != 0);
}

/* port-object {eq P | range A B} */
enum handled cmd_port_object(struct reader *reader, struct cursor *cursor)
{
	struct member member = {.kind = MEMBER_PORTS};
	bool read = (next_is(cursor, "eq") || next_is(cursor, "range")) &&
	            take_port_spec(cursor, &member.ports);
	return put_member(reader, cursor, member, read);
}

/*
 * PROTO [source OP P] [destination OP P] · tcp-udp ... · icmp [TYPE [CODE]]. Ports alone are the
 * destination's (8.0 to 8.2 knew no other).
 */
bool take_object_service(struct cursor *cursor, struct service_spec *spec)
{
	*spec = service_any();
	if (accept(cursor, "tcp-udp"))
		spec->tcp_udp = true;
	else if (!take_protocol(cursor, &spec->proto_lo, &spec->proto_hi))
		return false;
	if (spec->proto_lo == PROTO_ICMP || spec->proto_lo == PROTO_ICMP6)
		return take_icmp(cursor, spec);
	if (accept(cursor, "source") && (at_end(cursor) || !take_port_spec(cursor, &spec->source)))
		return false;
	if (accept(cursor, "destination") && at_end(cursor))
		return false;
	return take_port_spec(cursor, &spec->dest);
}

enum handled cmd_service_object(struct reader *reader, struct cursor *cursor)
{
	struct member member = {.kind = MEMBER_SERVICE};
	bool read;
	if (accept(cursor, "object")) {
		member.service.kind = SERVICE_OBJECT;
		member.service.name = name_of(reader, take(cursor));
		read = member.service.name != 0;
	} else {
		read = take_object_service(cursor, &member.service);
	}
	return put_member(reader, cursor, member, read);
}

enum handled cmd_protocol_object(struct reader *reader, struct cursor *cursor)
{
	struct member member = {.kind = MEMBER_SERVICE, .service = service_any()};
	bool read = take_protocol(cursor, &member.service.proto_lo, &member.service.proto_hi);
	return put_member(reader, cursor, member, read);
}

enum handled cmd_icmp_object(struct reader *reader, struct cursor *cursor)
{
	struct member member = {.kind = MEMBER_PORTS};
	struct service_spec icmp = {.proto_lo = PROTO_ICMP};
	bool read = take_icmp(cursor, &icmp) && icmp.source.kind == PORT_RANGE;
	member.ports = icmp.source;
	return put_member(reader, cursor, member, read);
}

/* Members of user, security and network-service groups: who they are is not in the config. */
enum handled cmd_opaque_member(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	return current(reader)->kind == GROUP_OPAQUE ? HANDLED : HANDLED_NOT_MINE;
}
