/* SPDX-License-Identifier: ISC */
/*
 * Resolving names to sets. Objects and groups are resolved once each, depth
 * first with a mark against cycles, into three-valued sets: `must` grows by
 * what is sure, `may` by all that is possible. Then every interned spec gets
 * its set, so that an ACE's index leads straight to it.
 */
#include "model/config.h"
#include "model/service_set.h"

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

/*
 * Ranges on their way to a set: one union at the end instead of one a member. What may be in the
 * set is kept apart only where it is more than what surely is.
 */
struct gather {
	VEC(struct range) must, more;
	enum why_code why;
	bool dangling;
};

static void gather_set(struct arena *arena, struct gather *gather, const struct addr_set *set)
{
	bool sure = set->must.v == set->may.v && set->must.n == set->may.n;
	for (uint32_t i = 0; i < set->must.n; i++)
		VEC_PUSH(arena, &gather->must, set->must.v[i]);
	for (uint32_t i = 0; !sure && i < set->may.n; i++)
		VEC_PUSH(arena, &gather->more, set->may.v[i]);
	gather->dangling |= set->dangling;
	why_note(&gather->why, set->why);
}

static struct addr_set gathered(struct arena *arena, const struct gather *gather)
{
	struct iset must = iset_of(arena, gather->must.v, gather->must.n), may = must;
	if (gather->more.n)
		may = iset_union(arena, must, iset_of(arena, gather->more.v, gather->more.n));
	return (struct addr_set){
	        .must = must, .may = may, .why = gather->why, .dangling = gather->dangling};
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

/* A group's ports are known already: groups are resolved before what names them. */
static struct addr_set resolve_ports(const struct config *config, const struct port_spec *spec)
{
	struct arena *arena = config->arena;
	struct addr_set doubtful = {.may = ports_all(arena), .why = WHY_UNMODELLED};
	uint32_t i;
	switch (spec->kind) {
	case PORT_ANY:
		return addr_set_sure(ports_all(arena));
	case PORT_RANGE:
		return addr_set_sure(iset_range(arena, spec->lo, spec->hi));
	case PORT_NOT:
		return addr_set_sure(
		        iset_subtract(arena, ports_all(arena), iset_point(arena, spec->lo)));
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
	services_add_must(arena, &out, &(struct service_box){proto, source.must, dest.must});
	services_add_may(arena, &out, &(struct service_box){proto, source.may, dest.may});
	why_note(&out.why, source.why);
	why_note(&out.why, dest.why);
	return out;
}

/* A group, perhaps of some ports only. */
static struct service_set group_services(const struct config *config,
                                         const struct service_spec *spec)
{
	uint32_t i = config_index_get(&config->group_index, spec->name);
	struct service_set undefined = services_doubtful(config->arena, true);
	const struct service_set *set = i ? &config->group_sets[i - 1].services : &undefined;
	if (spec->source.kind == PORT_ANY && spec->dest.kind == PORT_ANY)
		return *set;
	struct addr_set source = resolve_ports(config, &spec->source);
	struct addr_set dest = resolve_ports(config, &spec->dest);
	return services_with_ports(config->arena, set, &source, &dest);
}

static struct service_set resolve_service(const struct config *config,
                                          const struct service_spec *spec)
{
	struct service_spec predefined;
	const struct object *object;
	switch (spec->kind) {
	case SERVICE_PROTOCOLS:
		return protocols_set(config, spec);
	case SERVICE_OBJECT:
		object = config_object(config, spec->name);
		if (object && object->kind == OBJECT_SERVICE &&
		    object->service.kind == SERVICE_PROTOCOLS)
			return protocols_set(config, &object->service);
		if (!object && service_predefined(config_name(config, spec->name), &predefined))
			return protocols_set(config, &predefined);
		return services_doubtful(config->arena, !object);
	case SERVICE_GROUP:
		return group_services(config, spec);
	case SERVICE_UNKNOWN:
		break;
	}
	return services_doubtful(config->arena, false);
}

/* --- groups ----------------------------------------------------------------------------- */

enum mark { UNSEEN, BUSY, DONE };

/*
 * Ranges that may be copied from nested groups into those that hold them, all in all. Real configs
 * are far below; a chain of groups each with all of the one before would cost its square.
 */
enum { COPY_BUDGET = 2 * 1000 * 1000 };

/* A group whose members are being resolved, and how far that is. */
struct open_group {
	uint32_t group, member;
};

struct linker {
	struct config *config;
	uint8_t *marks; /* one a group */
	VEC(struct open_group) open;
	uint32_t copied;
};

static struct group_set group_set_doubtful(struct arena *arena, enum why_code why, bool dangling)
{
	struct group_set out = {
	        .addresses = addr_set_doubtful(why, dangling),
	        .ports = {.may = ports_all(arena), .why = why, .dangling = dangling},
	        .services = services_doubtful(arena, dangling),
	};
	out.services.why = why;
	return out;
}

/* What a `group-object` line adds; that group is resolved, or it holds this one. */
static struct group_set nested_group(struct linker *linker, const struct member *member)
{
	struct config *config = linker->config;
	uint32_t i = config_index_get(&config->group_index, member->group);
	struct str name = config_name(config, member->group);
	if (i == 0) {
		diag_add(config->arena, &config->diags, SEVERITY_WARNING, member->span,
		         "object-group \"%.*s\" is not defined; what it would add is unknown",
		         STR(name));
		return group_set_doubtful(config->arena, WHY_MASKED, true);
	}
	if (linker->marks[i - 1] == BUSY) {
		VEC_PUSH(config->arena, &config->invalid_lines,
		         (struct invalid_line){member->span, S("this group would contain itself")});
		diag_add(config->arena, &config->diags, SEVERITY_ERROR, member->span,
		         "object-group \"%.*s\" contains itself; the device refuses this line",
		         STR(name));
		return group_set_doubtful(config->arena, WHY_UNMODELLED, false);
	}
	const struct group_set *set = &config->group_sets[i - 1];
	uint32_t cost = set->addresses.may.n + set->ports.may.n + set->services.may.n;
	if (cost > COPY_BUDGET - linker->copied)
		return group_set_doubtful(config->arena, WHY_BUDGET, false);
	linker->copied += cost;
	return *set;
}

static struct group_set resolve_member(struct linker *linker, const struct member *member)
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
		return nested_group(linker, member);
	case MEMBER_UNKNOWN:
		return group_set_doubtful(config->arena, WHY_UNMODELLED, false);
	}
	return out;
}

/* All groups in it are resolved. */
static void close_group(struct linker *linker, uint32_t at)
{
	struct config *config = linker->config;
	struct arena *arena = config->arena;
	const struct group *group = &config->groups.v[at];
	struct gather addresses = {0}, ports = {0};
	struct service_set services = {0};
	VEC_EACH(const struct member, member, &group->members) {
		struct group_set more = resolve_member(linker, member);
		gather_set(arena, &addresses, &more.addresses);
		gather_set(arena, &ports, &more.ports);
		services_add(arena, &services, &more.services);
	}
	services_join(arena, &services);
	config->group_sets[at] = (struct group_set){
	        .addresses = gathered(arena, &addresses),
	        .ports = gathered(arena, &ports),
	        .services = services,
	};
	if (group->kind == GROUP_OPAQUE)
		config->group_sets[at] = group_set_doubtful(arena, WHY_IDENTITY, false);
	linker->marks[at] = DONE;
}

static void open_group(struct linker *linker, uint32_t at)
{
	linker->marks[at] = BUSY;
	VEC_PUSH(linker->config->arena, &linker->open, (struct open_group){at, 0});
}

/* Depth first, with a stack of its own: groups may be nested deeper than the machine's stack. */
static void resolve_groups(struct linker *linker, uint32_t root)
{
	const struct config *config = linker->config;
	if (linker->marks[root] == UNSEEN)
		open_group(linker, root);
	while (linker->open.n) {
		struct open_group *top = &linker->open.v[linker->open.n - 1];
		const struct group *group = &config->groups.v[top->group];
		uint32_t inner = 0;
		while (top->member < group->members.n && inner == 0) {
			const struct member *member = &group->members.v[top->member++];
			if (member->kind == MEMBER_GROUP)
				inner = config_index_get(&config->group_index, member->group);
			if (inner && linker->marks[inner - 1] != UNSEEN)
				inner = 0;
		}
		if (inner) {
			open_group(linker, inner - 1);
			continue;
		}
		close_group(linker, top->group);
		linker->open.n--;
	}
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
	return lo < config->invalid_lines.n && span_same(config->invalid_lines.v[lo].span, span);
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

static void link_own_addresses(struct config *config)
{
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (!at->masked)
				keys_put(config->arena, &config->own_addresses, at->address, 1);
}

/* Access-groups with their lists, and by their places, each in the order of the text. */
static void link_access_groups(struct config *config)
{
	for (uint32_t i = config->access_groups.n; i-- > 0;) {
		struct access_group *group = &config->access_groups.v[i];
		struct interface *ifc = config_interface(config, group->interface);
		const struct access_group **first = group->direction == DIR_GLOBAL
		                                            ? &config->global_groups
		                                    : ifc ? &ifc->groups[group->direction]
		                                          : NULL;
		group->list = config_acl(config, group->acl);
		if (!first)
			continue;
		group->next = *first;
		*first = group;
	}
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
		resolve_groups(&linker, i);
	for (uint32_t i = 0; i < config->addr_pool.n; i++)
		config->addr_sets[i] = config_resolve(config, arena, &config->addr_pool.v[i]);
	for (uint32_t i = 0; i < config->service_pool.n; i++)
		config->service_sets[i] = resolve_service(config, &config->service_pool.v[i]);
	link_own_addresses(config);
	link_access_groups(config);
}

const struct addr_set *config_addr_set(const struct config *config, uint32_t index)
{
	return &config->addr_sets[index];
}

const struct service_set *config_service_set(const struct config *config, uint32_t index)
{
	return &config->service_sets[index];
}
