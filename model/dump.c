/* SPDX-License-Identifier: ISC */
#include "model/dump.h"

#include <stdlib.h>

#include "model/packet_set.h"
#include "model/ports.h"
#include "model/spec_text.h"

/* --- lines ------------------------------------------------------------------------------ */

static int compare_texts(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

void dump_sorted(struct dump_lines *lines, struct buf *out)
{
	if (lines->list.n)
		qsort(lines->list.v, lines->list.n, sizeof(*lines->list.v), compare_texts);
	VEC_EACH(const struct str, text, &lines->list) {
		buf_add(out, *text);
		buf_char(out, '\n');
	}
}

struct str dump_words(struct arena *arena, const struct config *config, struct span span)
{
	struct str rest = source_quote(arena, &config->sources, span), word;
	struct buf out = {.arena = arena};
	for (bool more = true; more;) {
		more = str_cut(rest, ' ', &word, &rest);
		bool no = out.n == 0 && str_eq(word, S("no"));
		if (word.n == 0 || no)
			continue;
		if (out.n)
			buf_char(&out, ' ');
		buf_add(&out, word);
	}
	return buf_str(&out);
}

static struct str name_text(const struct config *config, name_id name)
{
	return name ? config_name(config, name) : S("any");
}

#define ADD_LINE(lines, arena, ...)                                                                \
	VEC_PUSH((arena), &(lines)->list, str_printf((arena), __VA_ARGS__))

/* --- interfaces, routes ----------------------------------------------------------------- */

static void dump_interface(const struct config *config, const struct interface *ifc,
                           struct buf *out)
{
	struct arena *arena = out->arena;
	buf_printf(out, "interface %.*s\n", STR(name_text(config, ifc->hardware)));
	if (ifc->shutdown)
		buf_add(out, S(" shutdown\n"));
	if (ifc->management_only)
		buf_add(out, S(" management-only\n"));
	if (ifc->bridge_group)
		buf_printf(out, " bridge-group %u\n", ifc->bridge_group);
	if (ifc->nameif)
		buf_printf(out, " nameif %.*s\n security-level %d\n",
		           STR(config_name(config, ifc->nameif)), ifc->security_level);
	VEC_EACH(const struct interface_address, at, &ifc->addresses) {
		struct str text = address_mask_text(arena, at->address, at->network);
		if (at->masked)
			buf_add(out, S(" ip address <unknown>\n"));
		else
			buf_printf(out, " %s address %.*s\n", addr_is4(at->address) ? "ip" : "ipv6",
			           STR(text));
	}
}

static void dump_routes(const struct config *config, struct buf *out)
{
	struct dump_lines lines = {0};
	VEC_EACH(const struct route, route, &config->routes)
		ADD_LINE(&lines, out->arena, "route %.*s %.*s %u",
		         STR(name_text(config, route->ifc)),
		         STR(address_mask_text(out->arena, route->network.lo, route->network)),
		         route->metric);
	dump_sorted(&lines, out);
}

static void dump_system(const struct config *config, struct buf *out)
{
	buf_printf(out, ": %s %.*s %.*s\n", platform_names[config->platform],
	           STR(config->version_text), STR(config->context));
	if (config->transparent)
		buf_add(out, S("firewall transparent\n"));
	if (config->hostname.n)
		buf_printf(out, "hostname %.*s\n", STR(config->hostname));
	struct dump_lines labels = {0};
	VEC_EACH(const struct label, label, &config->labels)
		if (config_index_get(&config->label_index, label->name) ==
		    (uint32_t)(label - config->labels.v) + 1)
			ADD_LINE(&labels, out->arena, "name %.*s %.*s",
			         STR(addr_text(out->arena, label->address)),
			         STR(config_name(config, label->name)));
	dump_sorted(&labels, out);
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		dump_interface(config, ifc, out);
	if (config->same_security_inter)
		buf_add(out, S("same-security-traffic permit inter-interface\n"));
	if (config->same_security_intra)
		buf_add(out, S("same-security-traffic permit intra-interface\n"));
}

/* --- objects and groups ----------------------------------------------------------------- */

static struct str object_text(struct arena *arena, const struct config *config,
                              const struct object *object)
{
	struct str text;
	const char *word = "";
	switch (object->kind) {
	case OBJECT_EMPTY:
		return S("");
	case OBJECT_FQDN:
		return S("\n fqdn");
	case OBJECT_SERVICE:
		text = service_spec_text(arena, config, &object->service);
		return str_printf(arena, "\n service %.*s", STR(text));
	case OBJECT_ADDRESS:
		break;
	}
	text = addr_spec_text(arena, config, &object->address);
	if (!str_starts(text, S("host ")) && !str_starts(text, S("range ")))
		word = "subnet ";
	return str_printf(arena, "\n %s%.*s", word, STR(text));
}

static void dump_objects(const struct config *config, struct buf *out)
{
	struct dump_lines lines = {0};
	VEC_EACH(const struct object, object, &config->objects)
		ADD_LINE(&lines, out->arena, "object %s %.*s%.*s",
		         object->kind == OBJECT_SERVICE ? "service" : "network",
		         STR(config_name(config, object->name)),
		         STR(object_text(out->arena, config, object)));
	dump_sorted(&lines, out);
}

static struct str member_text(struct arena *arena, const struct config *config,
                              const struct group *group, const struct member *member)
{
	struct str text;
	switch (member->kind) {
	case MEMBER_ADDRESS:
		text = addr_spec_text(arena, config, &member->address);
		return str_printf(arena, " network-object %.*s", STR(text));
	case MEMBER_SERVICE:
		text = service_spec_text(arena, config, &member->service);
		return str_printf(arena, " %s-object %.*s",
		                  group->kind == GROUP_PROTOCOL ? "protocol" : "service",
		                  STR(text));
	case MEMBER_PORTS:
		if (group->kind == GROUP_ICMP)
			return str_printf(arena, " icmp-object %u", member->ports.lo);
		text = port_spec_text(arena, config, &member->ports);
		return str_printf(arena, " port-object %.*s", STR(text));
	case MEMBER_GROUP:
		text = config_name(config, member->group);
		return str_printf(arena, " group-object %.*s", STR(text));
	case MEMBER_UNKNOWN:
		break;
	}
	text = dump_words(arena, config, member->span);
	return str_printf(arena, " ! not read: %.*s", STR(text));
}

static struct str group_text(struct arena *arena, const struct config *config,
                             const struct group *group)
{
	static const char *const kinds[] = {
	        [GROUP_NETWORK] = "network",   [GROUP_SERVICE] = "service",
	        [GROUP_PROTOCOL] = "protocol", [GROUP_ICMP] = "icmp-type",
	        [GROUP_OPAQUE] = "user",
	};
	struct buf out = {.arena = arena};
	struct dump_lines members = {0};
	const char *type = !group->typed              ? ""
	                   : group->tcp && group->udp ? " tcp-udp"
	                   : group->tcp               ? " tcp"
	                                              : " udp";
	buf_printf(&out, "object-group %s %.*s%s\n", kinds[group->kind],
	           STR(config_name(config, group->name)), type);
	VEC_EACH(const struct member, member, &group->members)
		VEC_PUSH(arena, &members.list, member_text(arena, config, group, member));
	dump_sorted(&members, &out);
	out.n--; /* the caller ends the line */
	return buf_str(&out);
}

static void dump_groups(const struct config *config, struct buf *out)
{
	struct dump_lines lines = {0};
	VEC_EACH(const struct group, group, &config->groups)
		VEC_PUSH(out->arena, &lines.list, group_text(out->arena, config, group));
	dump_sorted(&lines, out);
}

/* --- access-lists ----------------------------------------------------------------------- */

/* The text of a line behind the access-list's name and place. */
static struct str words_behind(struct str text, struct str mark)
{
	for (size_t i = 0; i + mark.n <= text.n; i++)
		if (str_starts((struct str){text.s + i, text.n - i}, mark))
			return (struct str){text.s + i, text.n - i};
	return text;
}

static void dump_condition(const struct config *config, const struct ace *ace, struct buf *out)
{
	struct arena *arena = out->arena;
	const struct service_spec *service = &config->service_pool.v[ace->service];
	bool icmp = service->kind == SERVICE_PROTOCOLS && service->proto_lo == service->proto_hi &&
	            (service->proto_lo == PROTO_ICMP || service->proto_lo == PROTO_ICMP6);
	const struct ace_scope *scope =
	        ace->scope ? &config->ace_scopes.v[ace->scope - 1] : &(struct ace_scope){0};
	struct str src = addr_spec_text(arena, config, &config->addr_pool.v[ace->src]);
	struct str dst = addr_spec_text(arena, config, &config->addr_pool.v[ace->dst]);
	struct str sport = port_spec_text(arena, config, &service->source);
	struct str dport = port_spec_text(arena, config, &service->dest);
	buf_printf(out, " %.*s", STR(service_spec_protocol(arena, config, service)));
	if (scope->from)
		buf_printf(out, " ifc %.*s", STR(config_name(config, scope->from)));
	buf_printf(out, " %.*s", STR(src));
	if (sport.n && !icmp)
		buf_printf(out, " %.*s", STR(sport));
	if (scope->to)
		buf_printf(out, " ifc %.*s", STR(config_name(config, scope->to)));
	buf_printf(out, " %.*s", STR(dst));
	if (icmp && service->source.kind == PORT_RANGE)
		buf_printf(out, " %u", service->source.lo);
	else if (icmp && sport.n)
		buf_printf(out, " %.*s", STR(sport));
	if (icmp && service->dest.kind == PORT_RANGE)
		buf_printf(out, " %u", service->dest.lo);
	else if (dport.n && !icmp)
		buf_printf(out, " %.*s", STR(dport));
}

static void dump_ace(const struct config *config, const struct acl *acl, const struct ace *ace,
                     struct buf *out)
{
	struct str text = {"", 0};
	if (acl->name)
		buf_printf(out, "%saccess-list %.*s", acl->kind == ACL_IPV6 ? "ipv6 " : "",
		           STR(config_name(config, acl->name)));
	else
		buf_add(out, S("conduit, as a list:"));
	switch ((enum ace_action)ace->action) {
	case ACE_REMARK:
		text = words_behind(dump_words(out->arena, config, ace->span), S("remark"));
		buf_printf(out, " %.*s\n", STR(text));
		return;
	case ACE_UNKNOWN:
		text = dump_words(out->arena, config, ace->span);
		buf_printf(out, " ! not read: %.*s\n", STR(text));
		return;
	case ACE_PERMIT:
		buf_add(out, S(" permit"));
		break;
	case ACE_DENY:
		buf_add(out, S(" deny"));
		break;
	}
	dump_condition(config, ace, out);
	if (ace->unsure && !ace->scope)
		buf_printf(out, " <%s>", why_code_names[ace->unsure]);
	buf_add(out, ace->inactive ? S(" inactive\n") : S("\n"));
}

static struct str acl_text(struct arena *arena, const struct config *config, const struct acl *acl)
{
	static const char *const kinds[] = {[ACL_EXTENDED] = "extended",
	                                    [ACL_STANDARD] = "standard",
	                                    [ACL_ETHERTYPE] = "ethertype",
	                                    [ACL_WEBTYPE] = "webtype",
	                                    [ACL_IPV6] = "ipv6"};
	struct buf out = {.arena = arena};
	VEC_EACH(const struct ace, ace, &acl->aces)
		dump_ace(config, acl, ace, &out);
	if (out.n == 0)
		return str_printf(arena, "access-list %.*s %s", STR(config_name(config, acl->name)),
		                  kinds[acl->kind]);
	out.n--;
	return buf_str(&out);
}

static void dump_access_lists(const struct config *config, struct buf *out)
{
	static const char *const directions[] = {
	        [DIR_IN] = "in", [DIR_OUT] = "out", [DIR_GLOBAL] = "global"};
	struct dump_lines lists = {0}, groups = {0};
	VEC_EACH(const struct acl, acl, &config->acls)
		VEC_PUSH(out->arena, &lists.list, acl_text(out->arena, config, acl));
	dump_sorted(&lists, out);
	VEC_EACH(const struct access_group, group, &config->access_groups) {
		struct str acl = config_name(config, group->acl);
		const char *direction = directions[group->direction];
		if (group->interface)
			ADD_LINE(&groups, out->arena, "access-group %.*s %s interface %.*s",
			         STR(acl), direction, STR(config_name(config, group->interface)));
		else
			ADD_LINE(&groups, out->arena, "access-group %.*s %s", STR(acl), direction);
	}
	dump_sorted(&groups, out);
}

/* --- translation ------------------------------------------------------------------------ */

static void dump_limits(const struct legacy_nat *nat, struct buf *out)
{
	const struct nat_limits *limits = &nat->limits;
	buf_printf(out, "%s%s%s", nat->dns ? " dns" : "", nat->outside ? " outside" : "",
	           nat->norandomseq ? " norandomseq" : "");
	if (limits->max_conns || limits->embryonic)
		buf_printf(out, " tcp %u %u", limits->max_conns, limits->embryonic);
	if (limits->udp_max_conns)
		buf_printf(out, " udp %u", limits->udp_max_conns);
	buf_char(out, '\n');
}

/* "10.1.1.5", without the mask; "<unknown>" */
static struct str nat_address(struct arena *arena, struct range range, bool unknown)
{
	return unknown ? S("<unknown>") : addr_text(arena, range.lo);
}

static void dump_static(const struct config *config, const struct legacy_nat *nat, struct buf *out)
{
	struct arena *arena = out->arena;
	const char *protocol = protocol_name(nat->protocol);
	struct str mapped = nat_address(arena, nat->mapped, nat->mapped_unknown);
	struct str real = nat_address(arena, nat->real, nat->real_unknown);
	buf_printf(out, "static (%.*s,%.*s)", STR(name_text(config, nat->real_ifc)),
	           STR(name_text(config, nat->mapped_ifc)));
	if (nat->protocol)
		buf_printf(out, " %s", protocol ? protocol : "?");
	buf_printf(out, " %.*s", STR(nat->mapped_is_interface ? S("interface") : mapped));
	if (nat->protocol)
		buf_printf(out, " %u", nat->mapped_port);
	if (nat->acl) {
		buf_printf(out, " access-list %.*s", STR(config_name(config, nat->acl)));
	} else {
		buf_printf(out, " %.*s", STR(real));
		if (nat->protocol)
			buf_printf(out, " %u", nat->real_port);
		if (!nat->real_unknown)
			buf_printf(out, " to %.*s", STR(addr_text(arena, nat->real.hi)));
	}
	dump_limits(nat, out);
}

static void dump_legacy(const struct config *config, const struct legacy_nat *nat, struct buf *out)
{
	struct arena *arena = out->arena;
	if (nat->kind == NAT_STATIC) {
		dump_static(config, nat, out);
		return;
	}
	buf_printf(out, "nat (%.*s) %u", STR(name_text(config, nat->real_ifc)), nat->id);
	if (nat->acl)
		buf_printf(out, " access-list %.*s", STR(config_name(config, nat->acl)));
	else if (nat->real_unknown)
		buf_add(out, S(" <unknown>"));
	else
		buf_printf(out, " %.*s", STR(address_mask_text(arena, nat->real.lo, nat->real)));
	dump_limits(nat, out);
}

/* Object and twice NAT as written: the words say everything. Order counts but in object NAT. */
static void dump_nat(const struct config *config, struct buf *out)
{
	struct arena *arena = out->arena;
	struct dump_lines objects = {0}, globals = {0};
	if (config->nat_control)
		buf_add(out, S("nat-control\n"));
	VEC_EACH(const struct global_pool, pool, &config->globals)
		VEC_PUSH(arena, &globals.list, dump_words(arena, config, pool->span));
	dump_sorted(&globals, out);
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		dump_legacy(config, nat, out);
	VEC_EACH(const struct twice_nat, nat, &config->twice_nats)
		if (!nat->after_auto)
			buf_printf(out, "%.*s\n", STR(dump_words(arena, config, nat->span)));
	VEC_EACH(const struct object_nat, nat, &config->object_nats)
		ADD_LINE(&objects, arena, "object network %.*s\n %.*s",
		         STR(config_name(config, nat->object)),
		         STR(dump_words(arena, config, nat->span)));
	dump_sorted(&objects, out);
	VEC_EACH(const struct twice_nat, nat, &config->twice_nats)
		if (nat->after_auto)
			buf_printf(out, "%.*s\n", STR(dump_words(arena, config, nat->span)));
}

/* --- the rest --------------------------------------------------------------------------- */

static void dump_timeouts(const struct config *config, struct buf *out)
{
	if (config->timeout_conn.set)
		buf_printf(out, "timeout conn %.*s\n",
		           STR(seconds_text(out->arena, config->timeout_conn.value)));
	if (config->timeout_half_closed.set)
		buf_printf(out, "timeout half-closed %.*s\n",
		           STR(seconds_text(out->arena, config->timeout_half_closed.value)));
}

static void dump_fixups(const struct config *config, struct buf *out)
{
	struct dump_lines lines = {0};
	VEC_EACH(const struct fixup, fixup, &config->fixups)
		ADD_LINE(&lines, out->arena, "%sfixup protocol %.*s %s%u-%u",
		         fixup->off ? "no " : "", STR(config_name(config, fixup->engine)),
		         fixup->transport == PROTO_UDP ? "udp " : "", fixup->lo, fixup->hi);
	dump_sorted(&lines, out);
}

static void dump_unknown(const struct config *config, struct buf *out)
{
	struct dump_lines lines = {0};
	VEC_EACH(const struct ace, ace, &config->conduits.aces)
		dump_ace(config, &config->conduits, ace, out);
	if (config->has_outbounds)
		buf_add(out, S("! outbound lists\n"));
	VEC_EACH(const struct unknown_line, line, &config->unknown_lines)
		ADD_LINE(&lines, out->arena, "! not known: %.*s",
		         STR(source_quote(out->arena, &config->sources, line->span)));
	dump_sorted(&lines, out);
}

void config_dump(const struct config *config, struct buf *out)
{
	dump_system(config, out);
	dump_objects(config, out);
	dump_groups(config, out);
	dump_access_lists(config, out);
	dump_nat(config, out);
	dump_routes(config, out);
	dump_timeouts(config, out);
	config_dump_policies(config, out);
	dump_fixups(config, out);
	dump_unknown(config, out);
}
