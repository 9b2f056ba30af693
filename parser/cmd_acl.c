/* SPDX-License-Identifier: ISC */
/* Access-lists and where they are applied (asa-semantics 9.1, 9.3). */
#include "parser/grammar.h"

static struct acl *acl_named(struct reader *reader, name_id name, enum acl_kind kind)
{
	struct config *config = reader->config;
	struct acl *acl = config_acl(config, name);
	if (acl)
		return acl;
	struct acl fresh = {.name = name, .kind = kind, .span = reader->line};
	config_index(config, &config->acl_index, name, config->acls.n);
	return VEC_PUSH(reader->arena, &config->acls, fresh);
}

/* A list that is gone takes its access-group lines with it (1.7). */
static void drop_acl(struct reader *reader, name_id name)
{
	struct config *config = reader->config;
	uint32_t kept = 0;
	config_unindex(&config->acl_index, name);
	VEC_EACH(const struct access_group, group, &config->access_groups)
		if (group->acl != name)
			config->access_groups.v[kept++] = *group;
	config->access_groups.n = kept;
}

static bool same_text(const struct reader *reader, struct span a, struct span b)
{
	const struct source *sources = reader->config->sources.list.v;
	struct str left = {sources[a.source].text.s + a.offset, a.len};
	struct str right = {sources[b.source].text.s + b.offset, b.len};
	/* One of them may begin with `no`. */
	struct str no = S("no ");
	if (str_starts(left, no))
		left = str_trim((struct str){left.s + no.n, left.n - no.n});
	if (str_starts(right, no))
		right = str_trim((struct str){right.s + no.n, right.n - no.n});
	return str_eq(left, right);
}

static bool same_ace(const struct reader *reader, const struct ace *a, const struct ace *b)
{
	if (a->action != b->action)
		return false;
	if (a->action == ACE_REMARK || a->action == ACE_UNKNOWN)
		return same_text(reader, a->span, b->span);
	return a->src == b->src && a->dst == b->dst && a->service == b->service;
}

static void remove_ace(struct reader *reader, struct acl *acl, const struct ace *ace)
{
	for (uint32_t i = 0; i < acl->aces.n; i++) {
		if (!same_ace(reader, &acl->aces.v[i], ace))
			continue;
		for (; i + 1 < acl->aces.n; i++)
			acl->aces.v[i] = acl->aces.v[i + 1];
		acl->aces.n--;
		break;
	}
	if (acl->aces.n == 0)
		drop_acl(reader, acl->name);
}

/* Put an ACE at a place in the list (from 1; 0: at its end). */
static void insert_ace(struct reader *reader, struct acl *acl, const struct ace *ace, uint32_t line)
{
	/* Pasting an ACE that is there adds nothing; within one file it cannot be told from a typo.
	 */
	if (reader->applied)
		VEC_EACH(const struct ace, old, &acl->aces)
			if (same_ace(reader, old, ace))
				return;
	VEC_PUSH(reader->arena, &acl->aces, *ace);
	if (line == 0 || line >= acl->aces.n)
		return;
	for (uint32_t i = acl->aces.n - 1; i >= line; i--)
		acl->aces.v[i] = acl->aces.v[i - 1];
	acl->aces.v[line - 1] = *ace;
}

/* user, user-group, security-group and their groups: who that is, is not in the config. */
static void take_identity(struct cursor *cursor, struct ace *ace)
{
	for (;;) {
		if (next_is(cursor, "user") || next_is(cursor, "user-group") ||
		    next_is(cursor, "object-group-user") ||
		    next_is(cursor, "object-group-security")) {
			skip_words(cursor, 2);
		} else if (next_is(cursor, "security-group")) {
			skip_words(cursor, 3);
		} else if (next_is(cursor, "ifc")) {
			skip_words(cursor, 2);
			ace->unsure = WHY_UNMODELLED;
			continue;
		} else {
			return;
		}
		ace->unsure = WHY_IDENTITY;
	}
}

/* PROTO = name | number | object SVC | object-group G */
static bool take_ace_service(struct cursor *cursor, struct service_spec *service)
{
	struct reader *reader = cursor->reader;
	*service = (struct service_spec){.kind = SERVICE_PROTOCOLS};
	service->source = service->dest = (struct port_spec){PORT_ANY, 0, 0, 65535};
	bool object = accept(cursor, "object");
	if (object || accept(cursor, "object-group")) {
		service->kind = object ? SERVICE_OBJECT : SERVICE_GROUP;
		service->name = name_of(reader, take(cursor));
		return service->name != 0;
	}
	return take_protocol(cursor, &service->proto_lo, &service->proto_hi);
}

static bool take_icmp_group(struct cursor *cursor, struct service_spec *service)
{
	if (!next_is(cursor, "object-group"))
		return take_icmp(cursor, service);
	take(cursor);
	service->source =
	        (struct port_spec){PORT_GROUP, name_of(cursor->reader, take(cursor)), 0, 0};
	return true;
}

/* The words after the addresses: log, time-range, inactive, and what show and FTD add. */
static bool take_ace_tail(struct cursor *cursor, struct ace *ace)
{
	while (!at_end(cursor)) {
		uint32_t number;
		struct str word = peek(cursor);
		if (accept(cursor, "inactive") || accept(cursor, "(inactive)")) {
			ace->inactive = true;
		} else if (accept(cursor, "time-range")) {
			take(cursor);
			ace->unsure = WHY_TIME_RANGE;
		} else if (accept(cursor, "log")) {
			static const char *const levels[] = {
			        "default",       "disable",   "emergencies", "alerts",
			        "critical",      "errors",    "warnings",    "notifications",
			        "informational", "debugging",
			};
			if (!take_number(cursor, 7, &number))
				for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
					if (accept(cursor, levels[i]))
						break;
		} else if (accept(cursor, "interval") || accept(cursor, "rule-id")) {
			take(cursor);
		} else if (accept(cursor, "event-log")) {
			take(cursor);
		} else if (str_starts(word, S("(hitcnt=")) || str_starts(word, S("0x"))) {
			take(cursor);
		} else {
			return false;
		}
	}
	return true;
}

static bool has_ports(const struct service_spec *service)
{
	return service->kind == SERVICE_PROTOCOLS && service->proto_lo == service->proto_hi;
}

/* Everything after permit or deny. */
static bool take_ace(struct cursor *cursor, struct ace *ace)
{
	struct config *config = cursor->reader->config;
	struct service_spec service;
	struct addr_spec src, dst;
	if (!take_ace_service(cursor, &service))
		return false;
	take_identity(cursor, ace);
	if (!take_addr_spec(cursor, &src))
		return false;
	if (has_ports(&service) && !take_port_spec(cursor, &service.source))
		return false;
	take_identity(cursor, ace);
	if (!take_addr_spec(cursor, &dst))
		return false;
	bool icmp = service.proto_lo == PROTO_ICMP || service.proto_lo == PROTO_ICMP6;
	if (icmp && has_ports(&service)) {
		if (!take_icmp_group(cursor, &service))
			return false;
	} else if (has_ports(&service)) {
		if (next_is(cursor, "object-group")) {
			take(cursor);
			service.dest = (struct port_spec){
			        PORT_GROUP, name_of(cursor->reader, take(cursor)), 0, 0};
		} else if (!take_port_spec(cursor, &service.dest)) {
			return false;
		}
	}
	if (!take_ace_tail(cursor, ace))
		return false;
	ace->src = config_add_addr(config, &src);
	ace->dst = config_add_addr(config, &dst);
	ace->service = config_add_service(config, &service);
	return true;
}

/* The kinds of list whose lines are not needed: they cannot be where mail is decided. */
static bool other_kind(struct cursor *cursor, enum acl_kind *kind)
{
	if (accept(cursor, "standard"))
		*kind = ACL_STANDARD;
	else if (accept(cursor, "ethertype"))
		*kind = ACL_ETHERTYPE;
	else if (accept(cursor, "webtype"))
		*kind = ACL_WEBTYPE;
	else
		return false;
	return true;
}

/* `no access-list NAME`: on PIX 6 the whole list goes, later the command is incomplete (1.7). */
static enum handled whole_list(struct reader *reader, name_id name)
{
	if (!reader->negated)
		return HANDLED_UNKNOWN;
	if (reader->config->platform_known && !config_uses_fixup(reader->config)) {
		invalid_line(
		        reader,
		        "`no access-list NAME` alone is incomplete from 7.0; nothing is removed");
		return HANDLED;
	}
	drop_acl(reader, name);
	return HANDLED;
}

static enum handled rename_acl(struct reader *reader, struct acl *acl, name_id name)
{
	struct config *config = reader->config;
	uint32_t at = (uint32_t)(acl - config->acls.v);
	VEC_EACH(struct access_group, group, &config->access_groups)
		if (group->acl == acl->name)
			group->acl = name;
	config_unindex(&config->acl_index, acl->name);
	acl->name = name;
	config_index(config, &config->acl_index, name, at);
	return HANDLED;
}

static enum handled access_list(struct reader *reader, struct cursor *cursor, enum acl_kind kind)
{
	name_id name = name_of(reader, take(cursor));
	struct ace ace = {.span = reader->line};
	uint32_t line = 0;
	if (name == 0)
		return HANDLED_UNKNOWN;
	if (at_end(cursor))
		return whole_list(reader, name);
	struct acl *acl = config_acl(reader->config, name);
	if (accept(cursor, "rename"))
		return acl && !at_end(cursor)
		               ? rename_acl(reader, acl, name_of(reader, take(cursor)))
		               : HANDLED_UNKNOWN;
	if (next_is(cursor, "object-group-search") || next_is(cursor, "compiled"))
		return HANDLED_IRRELEVANT;
	if (accept(cursor, "line") && !take_number(cursor, UINT32_MAX, &line))
		return HANDLED_UNKNOWN;
	if (other_kind(cursor, &kind)) {
		acl_named(reader, name, kind);
		return HANDLED;
	}
	if (!accept(cursor, "extended"))
		accept(cursor, "advanced");
	if (accept(cursor, "remark"))
		ace.action = ACE_REMARK;
	else if (accept(cursor, "permit") || accept(cursor, "trust"))
		ace.action = ACE_PERMIT;
	else if (accept(cursor, "deny"))
		ace.action = ACE_DENY;
	else
		ace.action = ACE_UNKNOWN;
	bool read =
	        ace.action == ACE_REMARK || (ace.action != ACE_UNKNOWN && take_ace(cursor, &ace));
	if (!read)
		ace.action = ACE_UNKNOWN;
	if (reader->negated) {
		if (acl)
			remove_ace(reader, acl, &ace);
	} else {
		insert_ace(reader, acl_named(reader, name, kind), &ace, line);
	}
	return read ? HANDLED : HANDLED_DOUBT;
}

enum handled cmd_access_list(struct reader *reader, struct cursor *cursor)
{
	return access_list(reader, cursor, ACL_EXTENDED);
}

enum handled cmd_ipv6_access_list(struct reader *reader, struct cursor *cursor)
{
	accept(cursor, "access-list");
	return access_list(reader, cursor, ACL_IPV6);
}

/* access-group ACL {in|out} interface IFC [control-plane] · access-group ACL global */
enum handled cmd_access_group(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct access_group group = {.acl = name_of(reader, take(cursor)), .span = reader->line};
	if (accept(cursor, "global")) {
		group.direction = DIR_GLOBAL;
	} else {
		group.direction = next_is(cursor, "out") ? DIR_OUT : DIR_IN;
		if (!accept(cursor, "in") && !accept(cursor, "out"))
			return HANDLED_UNKNOWN;
		if (!accept(cursor, "interface"))
			return HANDLED_UNKNOWN;
		group.interface = name_of(reader, take(cursor));
	}
	if (accept(cursor, "control-plane"))
		return HANDLED_IRRELEVANT;
	/* One list an interface and direction (one more of IPv6): the new one replaces the old. */
	const struct acl *acl = config_acl(config, group.acl);
	bool v6 = acl && acl->kind == ACL_IPV6;
	uint32_t kept = 0;
	VEC_EACH(const struct access_group, old, &config->access_groups) {
		const struct acl *other = config_acl(config, old->acl);
		bool same_place =
		        old->interface == group.interface && old->direction == group.direction;
		bool same_family = (other && other->kind == ACL_IPV6) == v6;
		if (!(same_place && same_family))
			config->access_groups.v[kept++] = *old;
	}
	config->access_groups.n = kept;
	if (!reader->negated)
		VEC_PUSH(reader->arena, &config->access_groups, group);
	return HANDLED;
}
