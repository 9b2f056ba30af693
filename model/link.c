/* SPDX-License-Identifier: ISC */
/*
 * Resolving names to sets. Objects and groups are resolved once each, depth
 * first with a mark against cycles, into three-valued sets: `must` grows by
 * what is sure, `may` by all that is possible. Then every interned spec gets
 * its set, so that an ACE's index leads straight to it.
 */
#include "model/config.h"
#include "model/ports.h"

static void doubt(enum why_code *why, enum why_code code)
{
	if (*why == WHY_NONE)
		*why = code;
}

static struct addr_set addr_set_sure(struct iset set)
{
	return (struct addr_set){.must = set, .may = set};
}

static struct addr_set addr_set_doubtful(enum why_code why, bool dangling)
{
	return (struct addr_set){.may = iset_all(), .why = why, .dangling = dangling};
}

static struct iset any4(struct arena *arena)
{
	return iset_range(arena, ADDR4_MIN, ADDR4_MAX);
}

static struct iset any6(struct arena *arena)
{
	return iset_subtract(arena, iset_all(), any4(arena));
}

/* A v6 prefix as short as ::/0 spans the points of IPv4, which it does not mean. */
static struct iset range_set(struct arena *arena, struct range range)
{
	struct iset set = iset_range(arena, range.lo, range.hi);
	return addr_is4(range.lo) && addr_is4(range.hi) ? set : iset_family(arena, set, false);
}

static struct addr_set interface_addresses(const struct config *config, struct arena *arena,
                                           name_id name)
{
	const struct interface *ifc = config_interface(config, name);
	if (!ifc || ifc->addresses.n == 0)
		return addr_set_doubtful(WHY_MASKED, !ifc);
	struct addr_set out = {0};
	VEC_EACH(struct interface_address, at, &ifc->addresses) {
		if (at->masked)
			return addr_set_doubtful(WHY_MASKED, false);
		out.must = iset_union(arena, out.must, iset_point(arena, at->address));
	}
	out.may = out.must;
	return out;
}

/* The set of a spec whose object or group is resolved already. */
struct addr_set config_resolve(const struct config *config, struct arena *arena,
                               const struct addr_spec *spec)
{
	uint32_t i;
	switch (spec->kind) {
	case ADDR_ANY:
		return addr_set_sure(config_any_is_dual(config) ? iset_all() : any4(arena));
	case ADDR_ANY4:
		return addr_set_sure(any4(arena));
	case ADDR_ANY6:
		return addr_set_sure(any6(arena));
	case ADDR_RANGE:
		return addr_set_sure(range_set(arena, spec->range));
	case ADDR_OBJECT:
		i = config_index_get(&config->object_index, spec->name);
		return i ? config->object_sets[i - 1] : addr_set_doubtful(WHY_MASKED, true);
	case ADDR_GROUP:
		i = config_index_get(&config->group_index, spec->name);
		return i ? config->group_sets[i - 1].addresses
		         : addr_set_doubtful(WHY_MASKED, true);
	case ADDR_INTERFACE:
		return interface_addresses(config, arena, spec->name);
	case ADDR_UNKNOWN:
		return addr_set_doubtful(WHY_MASKED, false);
	}
	return addr_set_doubtful(WHY_UNMODELLED, false);
}

/* Ranges on their way to a set: one union at the end instead of one a member. */
struct gather {
	VEC(struct range) must, may;
	enum why_code why;
	bool dangling;
};

static void gather_set(struct arena *arena, struct gather *gather, const struct addr_set *set)
{
	for (uint32_t i = 0; i < set->must.n; i++)
		VEC_PUSH(arena, &gather->must, set->must.v[i]);
	for (uint32_t i = 0; i < set->may.n; i++)
		VEC_PUSH(arena, &gather->may, set->may.v[i]);
	gather->dangling |= set->dangling;
	doubt(&gather->why, set->why);
}

static struct addr_set gathered(struct arena *arena, const struct gather *gather)
{
	return (struct addr_set){
	        .must = iset_of(arena, gather->must.v, gather->must.n),
	        .may = iset_of(arena, gather->may.v, gather->may.n),
	        .why = gather->why,
	        .dangling = gather->dangling,
	};
}

static struct addr_set object_addresses(struct config *config, const struct object *object)
{
	switch (object->kind) {
	case OBJECT_ADDRESS:
		return config_resolve(config, config->arena, &object->address);
	case OBJECT_FQDN:
		return addr_set_doubtful(WHY_FQDN, false);
	case OBJECT_EMPTY:
	case OBJECT_SERVICE:
		break;
	}
	return (struct addr_set){0};
}

/* --- ports and services ----------------------------------------------------------------- */

static struct iset all_ports(struct arena *arena)
{
	return iset_range(arena, 0, 65535);
}

/* A group's ports are known already: groups are resolved before what names them. */
static struct addr_set resolve_ports(const struct config *config, const struct port_spec *spec)
{
	struct arena *arena = config->arena;
	struct addr_set doubtful = {.may = all_ports(arena), .why = WHY_UNMODELLED};
	uint32_t i;
	switch (spec->kind) {
	case PORT_ANY:
		return addr_set_sure(all_ports(arena));
	case PORT_RANGE:
		return addr_set_sure(iset_range(arena, spec->lo, spec->hi));
	case PORT_NOT:
		return addr_set_sure(
		        iset_subtract(arena, all_ports(arena), iset_point(arena, spec->lo)));
	case PORT_GROUP:
		i = config_index_get(&config->group_index, spec->group);
		if (i)
			return config->group_sets[i - 1].ports;
		doubtful.dangling = true;
		doubtful.why = WHY_MASKED;
		break;
	case PORT_UNKNOWN:
		break;
	}
	return doubtful;
}

/* A destination port of a predefined object: "tcp-smtp", "udp-domain", "tcp-udp-sip" (9.1). */
static bool predefined_service(struct str name, struct service_spec *out)
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

/* A list of boxes, as both halves of a service set are. */
struct service_boxes {
	struct service_box *v;
	uint32_t n;
};

/* Join with a box that differs in its destination or its source ports only. */
static bool join_box(struct arena *arena, struct service_boxes list, const struct service_box *box)
{
	for (uint32_t i = 0; i < list.n; i++) {
		struct service_box *at = &list.v[i];
		if (!iset_equal(at->proto, box->proto))
			continue;
		if (iset_equal(at->sport, box->sport)) {
			at->dport = iset_union(arena, at->dport, box->dport);
			return true;
		}
		if (iset_equal(at->dport, box->dport)) {
			at->sport = iset_union(arena, at->sport, box->sport);
			return true;
		}
	}
	return false;
}

static bool service_box_empty(const struct service_box *box)
{
	return iset_is_empty(box->proto) || iset_is_empty(box->sport) || iset_is_empty(box->dport);
}

static void add_must(struct arena *arena, struct service_set *set, const struct service_box *box)
{
	struct service_boxes list = {set->must.v, set->must.n};
	if (!service_box_empty(box) && !join_box(arena, list, box))
		VEC_PUSH(arena, &set->must, *box);
}

static void add_may(struct arena *arena, struct service_set *set, const struct service_box *box)
{
	struct service_boxes list = {set->may.v, set->may.n};
	if (!service_box_empty(box) && !join_box(arena, list, box))
		VEC_PUSH(arena, &set->may, *box);
}

static void service_set_join(struct arena *arena, struct service_set *set,
                             const struct service_set *more)
{
	VEC_EACH(const struct service_box, box, &more->must)
		add_must(arena, set, box);
	VEC_EACH(const struct service_box, box, &more->may)
		add_may(arena, set, box);
	set->dangling |= more->dangling;
	doubt(&set->why, more->why);
}

static struct service_set service_set_doubtful(struct arena *arena, bool dangling)
{
	struct service_set out = {.why = dangling ? WHY_MASKED : WHY_UNMODELLED,
	                          .dangling = dangling};
	struct service_box all = {iset_range(arena, 0, 255), all_ports(arena), all_ports(arena)};
	add_may(arena, &out, &all);
	return out;
}

static struct service_set protocols_set(const struct config *config,
                                        const struct service_spec *spec)
{
	struct arena *arena = config->arena;
	struct addr_set source = resolve_ports(config, &spec->source);
	struct addr_set dest = resolve_ports(config, &spec->dest);
	struct iset proto = iset_range(arena, spec->proto_lo, spec->proto_hi);
	if (spec->tcp_udp)
		proto = iset_union(arena, iset_point(arena, PROTO_TCP),
		                   iset_point(arena, PROTO_UDP));
	struct service_set out = {.dangling = source.dangling || dest.dangling};
	add_must(arena, &out, &(struct service_box){proto, source.must, dest.must});
	add_may(arena, &out, &(struct service_box){proto, source.may, dest.may});
	doubt(&out.why, source.why);
	doubt(&out.why, dest.why);
	return out;
}

static struct service_set resolve_service(const struct config *config,
                                          const struct service_spec *spec)
{
	struct service_spec predefined;
	const struct object *object;
	uint32_t i;
	switch (spec->kind) {
	case SERVICE_PROTOCOLS:
		return protocols_set(config, spec);
	case SERVICE_OBJECT:
		object = config_object(config, spec->name);
		if (object && object->kind == OBJECT_SERVICE)
			return protocols_set(config, &object->service);
		if (!object && predefined_service(config_name(config, spec->name), &predefined))
			return protocols_set(config, &predefined);
		return service_set_doubtful(config->arena, !object);
	case SERVICE_GROUP:
		i = config_index_get(&config->group_index, spec->name);
		if (i)
			return config->group_sets[i - 1].services;
		return service_set_doubtful(config->arena, true);
	case SERVICE_UNKNOWN:
		break;
	}
	return service_set_doubtful(config->arena, false);
}

/* --- groups ----------------------------------------------------------------------------- */

enum mark { UNSEEN, BUSY, DONE };

/* Deeper nesting than this is no real config, and would cost stack. */
enum { MAX_NESTING = 500 };

struct linker {
	struct config *config;
	uint8_t *marks; /* one a group */
};

static struct group_set group_set_doubtful(struct arena *arena, enum why_code why, bool dangling)
{
	struct group_set out = {
	        .addresses = addr_set_doubtful(why, dangling),
	        .ports = {.may = all_ports(arena), .why = why, .dangling = dangling},
	        .services = service_set_doubtful(arena, dangling),
	};
	out.services.why = why;
	return out;
}

static void resolve_group(struct linker *linker, uint32_t at, unsigned depth);

/* What a `group-object` line adds. */
static struct group_set nested_group(struct linker *linker, const struct member *member,
                                     unsigned depth)
{
	struct config *config = linker->config;
	uint32_t i = config_index_get(&config->group_index, member->group);
	if (i == 0) {
		diag_add(config->arena, &config->diags, SEVERITY_WARNING, member->span,
		         "object-group \"%.*s\" is not defined; what it would add is unknown",
		         STR(config_name(config, member->group)));
		return group_set_doubtful(config->arena, WHY_MASKED, true);
	}
	bool cycle = linker->marks[i - 1] == BUSY;
	if (cycle || depth >= MAX_NESTING) {
		if (cycle)
			VEC_PUSH(config->arena, &config->invalid_lines,
			         (struct invalid_line){member->span,
			                               S("this group would contain itself")});
		diag_add(config->arena, &config->diags, SEVERITY_ERROR, member->span,
		         "object-group \"%.*s\" %s", STR(config_name(config, member->group)),
		         cycle ? "contains itself; the device refuses this line"
		               : "is nested too deeply to follow");
		return group_set_doubtful(config->arena, WHY_UNMODELLED, false);
	}
	resolve_group(linker, i - 1, depth + 1);
	return config->group_sets[i - 1];
}

static struct group_set resolve_member(struct linker *linker, const struct member *member,
                                       unsigned depth)
{
	struct config *config = linker->config;
	struct group_set out = {0};
	switch (member->kind) {
	case MEMBER_ADDRESS:
		out.addresses = config_resolve(config, config->arena, &member->address);
		break;
	case MEMBER_SERVICE:
		out.services = resolve_service(config, &member->service);
		break;
	case MEMBER_PORTS:
		out.ports = resolve_ports(config, &member->ports);
		break;
	case MEMBER_GROUP:
		return nested_group(linker, member, depth);
	case MEMBER_UNKNOWN:
		return group_set_doubtful(config->arena, WHY_UNMODELLED, false);
	}
	return out;
}

static void resolve_group(struct linker *linker, uint32_t at, unsigned depth)
{
	struct config *config = linker->config;
	struct arena *arena = config->arena;
	if (linker->marks[at] != UNSEEN)
		return;
	linker->marks[at] = BUSY;
	const struct group *group = &config->groups.v[at];
	struct gather addresses = {0}, ports = {0};
	struct service_set services = {0};
	VEC_EACH(const struct member, member, &group->members) {
		struct group_set more = resolve_member(linker, member, depth);
		gather_set(arena, &addresses, &more.addresses);
		gather_set(arena, &ports, &more.ports);
		service_set_join(arena, &services, &more.services);
	}
	config->group_sets[at] = (struct group_set){
	        .addresses = gathered(arena, &addresses),
	        .ports = gathered(arena, &ports),
	        .services = services,
	};
	if (group->kind == GROUP_OPAQUE)
		config->group_sets[at] = group_set_doubtful(arena, WHY_IDENTITY, false);
	linker->marks[at] = DONE;
}

/* --- lines the device refuses --------------------------------------------------------------- */

/* Invalid lines stand in the order they were read: by source, then offset. */
static bool is_invalid(const struct config *config, struct span span)
{
	uint32_t lo = 0, hi = config->invalid_lines.n;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		struct span at = config->invalid_lines.v[mid].span;
		bool before = at.source != span.source ? at.source < span.source
		                                       : at.offset < span.offset;
		if (before)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < config->invalid_lines.n &&
	       config->invalid_lines.v[lo].span.source == span.source &&
	       config->invalid_lines.v[lo].span.offset == span.offset;
}

/* What the device refuses is read as meant but decides nothing for sure (ruling 14). */
static void doubt_invalid(struct config *config)
{
	if (config->invalid_lines.n == 0)
		return;
	VEC_EACH(struct acl, acl, &config->acls)
		VEC_EACH(struct ace, ace, &acl->aces)
			if (ace->unsure == WHY_NONE && is_invalid(config, ace->span))
				ace->unsure = WHY_UNMODELLED;
	VEC_EACH(struct class_map, map, &config->class_maps)
		VEC_EACH(struct class_match, match, &map->matches)
			match->doubtful = is_invalid(config, match->span);
}

void config_link(struct config *config)
{
	struct arena *arena = config->arena;
	struct linker linker = {.config = config};
	doubt_invalid(config);
	linker.marks = NEW_ARRAY(arena, uint8_t, config->groups.n);
	config->object_sets = NEW_ARRAY(arena, struct addr_set, config->objects.n);
	config->group_sets = NEW_ARRAY(arena, struct group_set, config->groups.n);
	config->addr_sets = NEW_ARRAY(arena, struct addr_set, config->addr_pool.n);
	config->service_sets = NEW_ARRAY(arena, struct service_set, config->service_pool.n);

	for (uint32_t i = 0; i < config->objects.n; i++)
		config->object_sets[i] = object_addresses(config, &config->objects.v[i]);
	for (uint32_t i = 0; i < config->groups.n; i++)
		resolve_group(&linker, i, 0);
	for (uint32_t i = 0; i < config->addr_pool.n; i++)
		config->addr_sets[i] = config_resolve(config, arena, &config->addr_pool.v[i]);
	for (uint32_t i = 0; i < config->service_pool.n; i++)
		config->service_sets[i] = resolve_service(config, &config->service_pool.v[i]);
}

const struct addr_set *config_addr_set(const struct config *config, uint32_t index)
{
	return &config->addr_sets[index];
}

const struct service_set *config_service_set(const struct config *config, uint32_t index)
{
	return &config->service_sets[index];
}
