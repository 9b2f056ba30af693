/* SPDX-License-Identifier: ISC */
#include "parser/ace.h"

/* --- who: users, security groups, interfaces -------------------------------------------- */

/* `ifc A` before the source, `ifc B` before the destination (FTD). */
static void set_scope(struct reader *reader, struct ace *ace, bool source, name_id ifc)
{
	struct config *config = reader->config;
	struct ace_scope scope = {0};
	enum { LAST_SCOPE = UINT16_MAX };
	if (ace->scope)
		scope = config->ace_scopes.v[ace->scope - 1];
	*(source ? &scope.from : &scope.to) = ifc;
	ace->unsure = WHY_UNMODELLED;
	/* Most lines have the scope of the line above. */
	uint32_t n = config->ace_scopes.n;
	for (uint32_t back = 1; back <= 8 && back <= n; back++)
		if (config->ace_scopes.v[n - back].from == scope.from &&
		    config->ace_scopes.v[n - back].to == scope.to) {
			ace->scope = (uint16_t)(n - back + 1);
			return;
		}
	ace->scope = 0;
	if (n < LAST_SCOPE) {
		VEC_PUSH(reader->arena, &config->ace_scopes, scope);
		ace->scope = (uint16_t)(n + 1);
	}
}

/* user, user-group, security-group and their groups: who that is, is not in the config. */
static void take_identity(struct cursor *cursor, struct ace *ace, bool source)
{
	static const char *const two_words[] = {"user", "user-group", "object-group-user",
	                                        "object-group-security", "object-group-idfw"};
	for (;;) {
		if (accept(cursor, "ifc")) {
			set_scope(cursor->reader, ace, source,
			          name_of(cursor->reader, take(cursor)));
		} else if (next_is(cursor, "security-group")) {
			skip_words(cursor, 3); /* {name|tag} X */
			ace->unsure = WHY_IDENTITY;
		} else if (ACCEPT_ONE(cursor, two_words) >= 0) {
			take(cursor);
			ace->unsure = WHY_IDENTITY;
		} else {
			return;
		}
	}
}

/* --- what: protocol and ports ----------------------------------------------------------- */

static const struct group *group_named(struct reader *reader, struct str name)
{
	return config_group(reader->config, config_find_name(reader->config, name));
}

/* PROTO = name | number | object SVC | object-group G */
static bool take_service(struct cursor *cursor, struct service_spec *service)
{
	struct reader *reader = cursor->reader;
	*service = service_any();
	bool object = accept(cursor, "object");
	if (!object && !accept(cursor, "object-group"))
		return take_protocol(cursor, &service->proto_lo, &service->proto_hi);
	const struct group *group = object ? NULL : group_named(reader, peek(cursor));
	service->kind = object ? SERVICE_OBJECT : SERVICE_GROUP;
	if (group && (group->typed || group->kind == GROUP_NETWORK)) {
		invalid_line(reader,
		             "object-group %.*s stands for no protocol; what this line matches is "
		             "unknown",
		             STR(peek(cursor)));
		service->kind = SERVICE_UNKNOWN;
	}
	service->name = name_of(reader, take(cursor));
	return service->name != 0;
}

/* May ports follow the addresses? Behind one protocol, or a group of protocols. */
static bool may_have_ports(const struct service_spec *service)
{
	static const uint8_t with_ports[] = {PROTO_TCP, PROTO_UDP, 132};
	if (service->kind == SERVICE_GROUP)
		return true;
	for (size_t i = 0; i < sizeof(with_ports) / sizeof(with_ports[0]); i++)
		if (service->kind == SERVICE_PROTOCOLS && service->proto_lo == with_ports[i] &&
		    service->proto_hi == with_ports[i])
			return true;
	return false;
}

/*
 * Is the object-group at hand the source's ports? It is if it holds ports, and if another
 * address stands behind it: then it cannot be the destination.
 */
static bool is_port_group(const struct cursor *cursor)
{
	const struct group *group = group_named(cursor->reader, peek_at(cursor, 1));
	if (!next_is(cursor, "object-group"))
		return false;
	if (group)
		return group->kind == GROUP_SERVICE && group->typed;
	struct str after = peek_at(cursor, 2);
	return !str_eq(after, S("object-group")) && address_follows(cursor, 2);
}

static struct port_spec take_group_as_ports(struct cursor *cursor)
{
	take(cursor);
	return (struct port_spec){PORT_GROUP, name_of(cursor->reader, take(cursor)), 0, 0};
}

static bool take_source_ports(struct cursor *cursor, struct port_spec *ports)
{
	if (!is_port_group(cursor))
		return take_port_spec(cursor, ports);
	*ports = take_group_as_ports(cursor);
	return true;
}

static bool take_dest_ports(struct cursor *cursor, struct port_spec *ports)
{
	if (!next_is(cursor, "object-group"))
		return take_port_spec(cursor, ports);
	const struct group *group = group_named(cursor->reader, peek_at(cursor, 1));
	if (group && group->kind == GROUP_NETWORK)
		return false;
	*ports = take_group_as_ports(cursor);
	return true;
}

static bool take_icmp_type(struct cursor *cursor, struct service_spec *service)
{
	if (!next_is(cursor, "object-group"))
		return take_icmp(cursor, service);
	service->source = take_group_as_ports(cursor);
	return true;
}

/* --- the tail --------------------------------------------------------------------------- */

/* log [default|disable | [LEVEL] [interval SECONDS]] */
static void take_log(struct cursor *cursor)
{
	static const char *const levels[] = {
	        "default", "disable",  "emergencies",   "alerts",        "critical",
	        "errors",  "warnings", "notifications", "informational", "debugging",
	};
	uint32_t number;
	if (!take_number(cursor, 7, &number))
		ACCEPT_ONE(cursor, levels);
}

/* The words behind the addresses: log, time-range, inactive, and what show and FTD add. */
static bool take_tail(struct cursor *cursor, struct ace *ace)
{
	static const char *const with_value[] = {"interval", "rule-id", "event-log",
	                                         "object-group-search"};
	while (!at_end(cursor)) {
		struct str word = peek(cursor);
		if (accept(cursor, "log")) {
			take_log(cursor);
		} else if (accept(cursor, "inactive") || accept(cursor, "(inactive)")) {
			ace->inactive = true;
		} else if (accept(cursor, "time-range")) {
			keys_put(cursor->reader->arena, &cursor->reader->config->time_range_uses,
			         config_line_key(cursor->reader->line),
			         name_of(cursor->reader, take(cursor)));
			if (ace->unsure == WHY_NONE)
				ace->unsure = WHY_TIME_RANGE;
		} else if (ACCEPT_ONE(cursor, with_value) >= 0) {
			take(cursor);
		} else if (str_starts(word, S("(hitcnt=")) || str_starts(word, S("0x"))) {
			take(cursor);
		} else {
			return false;
		}
	}
	return true;
}

/* --- lines ------------------------------------------------------------------------------ */

/* A v6 list of 7.0 to 8.x sees nothing but IPv6. */
static void make_v6(struct addr_spec *spec)
{
	if (spec->kind == ADDR_ANY)
		spec->kind = ADDR_ANY6;
}

/* Everything behind permit or deny. */
static bool take_condition(struct cursor *cursor, enum acl_kind kind, struct ace *ace)
{
	struct config *config = cursor->reader->config;
	struct service_spec service;
	struct addr_spec src, dst;
	if (!take_service(cursor, &service))
		return false;
	bool ports = may_have_ports(&service);
	take_identity(cursor, ace, true);
	if (!take_addr_spec(cursor, &src))
		return false;
	if (ports && !take_source_ports(cursor, &service.source))
		return false;
	take_identity(cursor, ace, false);
	if (!take_addr_spec(cursor, &dst))
		return false;
	bool icmp = service.kind == SERVICE_PROTOCOLS &&
	            (service.proto_lo == PROTO_ICMP || service.proto_lo == PROTO_ICMP6);
	if (icmp && !take_icmp_type(cursor, &service))
		return false;
	if (ports && !take_dest_ports(cursor, &service.dest))
		return false;
	if (!take_tail(cursor, ace))
		return false;
	if (kind == ACL_IPV6) {
		make_v6(&src);
		make_v6(&dst);
	}
	ace->src = config_add_addr(config, &src);
	ace->dst = config_add_addr(config, &dst);
	ace->service = config_add_service(config, &service);
	return true;
}

/* An ACE whose action is known and whose condition is not: it may match anything. */
static void match_anything(struct config *config, struct ace *ace)
{
	struct addr_spec any = {.kind = ADDR_UNKNOWN};
	struct service_spec service = {.kind = SERVICE_UNKNOWN};
	ace->src = config_add_addr(config, &any);
	ace->dst = ace->src;
	ace->service = config_add_service(config, &service);
	ace->unsure = WHY_UNMODELLED;
}

bool take_ace(struct cursor *cursor, enum acl_kind kind, struct ace *ace)
{
	if (!accept(cursor, "extended"))
		accept(cursor, "advanced");
	if (accept(cursor, "permit") || accept(cursor, "trust"))
		ace->action = ACE_PERMIT;
	else if (accept(cursor, "deny"))
		ace->action = ACE_DENY;
	else if (accept(cursor, "remark"))
		ace->action = ACE_REMARK;
	else
		ace->action = ACE_UNKNOWN;
	bool read = ace->action == ACE_REMARK ||
	            (ace->action != ACE_UNKNOWN && take_condition(cursor, kind, ace));
	if (!read && ace->action != ACE_UNKNOWN)
		match_anything(cursor->reader->config, ace);
	return read;
}

/* As in an ACE, but the destination comes first; so the lookahead for ports is the destination's.
 */
static bool take_conduit_condition(struct cursor *cursor, struct ace *ace)
{
	struct config *config = cursor->reader->config;
	struct service_spec service;
	struct addr_spec global, foreign;
	if (!take_service(cursor, &service) || service.kind == SERVICE_OBJECT)
		return false;
	bool ports = may_have_ports(&service);
	bool icmp = service.kind == SERVICE_PROTOCOLS && service.proto_lo == PROTO_ICMP;
	if (!take_addr_spec(cursor, &global) ||
	    (ports && !take_source_ports(cursor, &service.dest)) ||
	    !take_addr_spec(cursor, &foreign) ||
	    (ports && !take_dest_ports(cursor, &service.source)) ||
	    (icmp && !take_icmp_type(cursor, &service)) || !at_end(cursor))
		return false;
	ace->src = config_add_addr(config, &foreign);
	ace->dst = config_add_addr(config, &global);
	ace->service = config_add_service(config, &service);
	return true;
}

bool take_conduit(struct cursor *cursor, struct ace *ace)
{
	ace->action = accept(cursor, "permit") ? ACE_PERMIT
	              : accept(cursor, "deny") ? ACE_DENY
	                                       : ACE_UNKNOWN;
	if (ace->action != ACE_UNKNOWN && take_conduit_condition(cursor, ace))
		return true;
	ace->action = ACE_UNKNOWN;
	return false;
}

/* --- comparing (a remark by its words, the rest by what it is) -------------------------- */

static bool by_words(const struct ace *ace)
{
	return ace->action == ACE_REMARK || ace->action == ACE_UNKNOWN;
}

static struct str text_of(const struct reader *reader, const struct ace *ace)
{
	const struct source *source = &reader->config->sources.list.v[ace->span.source];
	struct str text = {source->text.s + ace->span.offset, ace->span.len}, head, tail;
	if (str_starts(text, S("no ")))
		text = str_trim((struct str){text.s + 3, text.n - 3});
	/* `line N` behind the name is a place, not a part of it. */
	struct str mark = ace->action == ACE_REMARK ? S(" remark") : S(" line ");
	for (head = text; head.n >= mark.n; head = (struct str){head.s + 1, head.n - 1})
		if (str_starts(head, mark))
			break;
	if (head.n < mark.n)
		return text;
	tail = (struct str){head.s + mark.n, head.n - mark.n};
	if (ace->action == ACE_UNKNOWN)
		str_cut(str_trim(tail), ' ', &head, &tail);
	return str_trim(tail);
}

static uint64_t ace_hash(const void *context, const void *element)
{
	const struct ace *ace = element;
	if (by_words(ace))
		return str_hash(text_of(context, ace));
	uint64_t hash = hash_mix(ace->action, (uint64_t)ace->src << 32 | ace->dst);
	return hash_mix(hash, (uint64_t)ace->service << 16 | ace->scope);
}

static bool ace_same(const void *context, const void *a, const void *b)
{
	const struct ace *left = a, *right = b;
	if (left->action != right->action)
		return false;
	if (by_words(left))
		return str_eq(text_of(context, left), text_of(context, right));
	return left->src == right->src && left->dst == right->dst &&
	       left->service == right->service && left->scope == right->scope;
}

const struct edit_kind ace_edits = {sizeof(struct ace), ace_hash, ace_same};
