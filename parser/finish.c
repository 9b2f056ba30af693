/* SPDX-License-Identifier: ISC */
/*
 * After the last line: lists are put in order, what was removed is taken out, and what only the
 * whole text can tell is told.
 */
#include "model/packet_set.h"
#include "parser/reader.h"

/* --- lists under edit ------------------------------------------------------------------- */

/* Put a list in order and forget its edits. */
#define SETTLE(edits, list)                                                                        \
	do {                                                                                       \
		if (edits) {                                                                       \
			edits_sync((edits), (list)->v, (list)->n);                                 \
			(list)->n = edits_finish((edits), (list)->v);                              \
			(edits) = NULL;                                                            \
		}                                                                                  \
	} while (0)

void reader_settle(struct reader *reader)
{
	struct config *config = reader->config;
	struct edited *edited = &reader->edited;
	for (uint32_t i = 0; i < edited->aces.n; i++)
		SETTLE(edited->aces.v[i], &config->acls.v[i].aces);
	for (uint32_t i = 0; i < edited->members.n; i++)
		SETTLE(edited->members.v[i], &config->groups.v[i].members);
	SETTLE(edited->routes, &config->routes);
	SETTLE(edited->nats, &config->nats);
	SETTLE(edited->globals, &config->globals);
	SETTLE(edited->conduits, &config->conduits.aces);
	for (int i = 0; i < 2; i++)
		SETTLE(edited->twice_nats[i], &reader->twice_nats[i]);
}

/* --- what was removed ------------------------------------------------------------------- */

/* Keep the elements for which `alive` holds; `it` is the element at hand. */
#define KEEP(type, list, alive)                                                                    \
	do {                                                                                       \
		uint32_t kept = 0;                                                                 \
		VEC_EACH(const type, it, (list))                                                   \
			if (alive)                                                                 \
				(list)->v[kept++] = *it;                                           \
		(list)->n = kept;                                                                  \
	} while (0)

/* The same for elements with an index: alive is the one that its name leads to. */
#define KEEP_INDEXED(type, config, list, index)                                                    \
	do {                                                                                       \
		uint32_t kept = 0;                                                                 \
		for (uint32_t i = 0; i < (list)->n; i++) {                                         \
			const type *it = &(list)->v[i];                                            \
			if (config_index_get((index), it->name) != i + 1)                          \
				continue;                                                          \
			config_index((config), (index), it->name, kept);                           \
			(list)->v[kept++] = *it;                                                   \
		}                                                                                  \
		(list)->n = kept;                                                                  \
	} while (0)

static void compact(struct reader *reader)
{
	struct config *config = reader->config;
	KEEP_INDEXED(struct acl, config, &config->acls, &config->acl_index);
	KEEP_INDEXED(struct object, config, &config->objects, &config->object_index);
	KEEP_INDEXED(struct group, config, &config->groups, &config->group_index);
	KEEP(struct access_group, &config->access_groups, it->acl);
	KEEP(struct object_nat, &config->object_nats, it->object);
	KEEP(struct class_map, &config->class_maps, it->name);
	KEEP(struct policy_map, &config->policy_maps, it->name);
	KEEP(struct inspect_map, &config->inspect_maps, it->name);
	KEEP(name_id, &config->regexes, *it);
	KEEP(struct service_policy, &config->service_policies, it->policy);
}

/* --- what the whole text tells ---------------------------------------------------------- */

/* In NAT a bare name may be an object's, a group's, or that of a `name` line (6). */
static void find_kind(const struct config *config, struct addr_spec *spec)
{
	if (spec->kind != ADDR_OBJECT || config_object(config, spec->name))
		return;
	uint32_t label = config_index_get(&config->label_index, spec->name);
	if (config_group(config, spec->name)) {
		spec->kind = ADDR_GROUP;
	} else if (label) {
		u128 address = config->labels.v[label - 1].address;
		*spec = (struct addr_spec){.kind = ADDR_RANGE, .range = {address, address}};
	}
}

/*
 * The inline mapped address of a static is the first of as many as the object has: "the netmask or
 * range for the mapped network is the same as that of the real network" (Cisco's guides to object
 * NAT). Where the address is not the first of a network of that size, it may be meant as either.
 */
static void widen_mapped(const struct config *config, struct object_nat *nat)
{
	const struct object *object = config_object(config, nat->object);
	struct range *mapped = &nat->mapped.range;
	if (nat->kind != XLATE_STATIC || nat->mapped.kind != ADDR_RANGE ||
	    mapped->lo != mapped->hi || !object || object->kind != OBJECT_ADDRESS ||
	    object->address.kind != ADDR_RANGE)
		return;
	struct range real = object->address.range;
	u128 more = real.hi - real.lo;
	bool network = (more & (more + 1)) == 0 && (real.lo & more) == 0;
	bool fits = addr_is4(real.lo) == addr_is4(mapped->lo) && mapped->lo <= U128_MAX - more &&
	            addr_is4(mapped->lo) == addr_is4(mapped->lo + more);
	if (more == 0)
		return;
	if (!fits || (network && (mapped->lo & more)))
		nat->mapped.kind = ADDR_UNKNOWN;
	else
		mapped->hi = mapped->lo + more;
}

static void finish_nat(struct reader *reader)
{
	struct config *config = reader->config;
	for (int section = 0; section < 2; section++)
		VEC_EACH(const struct twice_nat, nat, &reader->twice_nats[section])
			VEC_PUSH(reader->arena, &config->twice_nats, *nat);
	VEC_EACH(struct twice_nat, nat, &config->twice_nats) {
		find_kind(config, &nat->src_real);
		find_kind(config, &nat->src_mapped);
		find_kind(config, &nat->dst_real);
		find_kind(config, &nat->dst_mapped);
	}
	VEC_EACH(struct object_nat, nat, &config->object_nats) {
		find_kind(config, &nat->mapped);
		widen_mapped(config, nat);
	}
}

/* `ip address dhcp setroute`: the default route is learned, and leads out there. */
static void add_learned_routes(struct reader *reader)
{
	struct config *config = reader->config;
	VEC_EACH(const struct interface, ifc, &config->interfaces) {
		struct route route = {.ifc = ifc->nameif,
		                      .network = {ADDR4_MIN, ADDR4_MAX},
		                      .metric = 1,
		                      .span = ifc->span};
		if (ifc->learns_default_route && ifc->nameif && !ifc->shutdown)
			VEC_PUSH(reader->arena, &config->routes, route);
	}
}

/* Does an access-group or a service-policy name this interface? */
static bool is_named(const struct reader *reader, name_id nameif)
{
	const struct places *places = &reader->places;
	bool named = config_index_get(&places->service_policies, nameif);
	for (int direction = DIR_IN; direction <= DIR_OUT; direction++)
		for (int v6 = 0; v6 < 2; v6++)
			named |= config_index_get(&places->groups_at[direction][v6], nameif) != 0;
	return named;
}

/*
 * Members of a bridge group have lists and policies of their own, besides those of the BVI that
 * carries their address (9.3). No analyzer knows members yet: where one has such, nothing is sure.
 */
static void doubt_bridge_members(struct reader *reader)
{
	struct config *config = reader->config;
	VEC_EACH(const struct interface, ifc, &config->interfaces) {
		if (!ifc->bridge_group || ifc->bridge_virtual || !ifc->nameif ||
		    !is_named(reader, ifc->nameif))
			continue;
		struct unknown_line line = {ifc->span, false};
		VEC_PUSH(reader->arena, &config->unknown_lines, line);
		diag_add(reader->arena, &config->diags, SEVERITY_WARNING, ifc->span,
		         "a member of a bridge group with an access-list or policy of its own is "
		         "not modelled");
	}
}

/*
 * `fixup protocol sip PORT`: 6.3 has a line of its own for UDP, `sip udp`. Where a text has it in
 * neither form, the documents do not tell whether SIP over UDP is inspected too.
 */
static void doubt_sip(struct config *config)
{
	name_id sip = config_find_name(config, S("sip"));
	bool told = false;
	VEC_EACH(const struct fixup, fixup, &config->fixups)
		told |= fixup->engine == sip && fixup->transport == PROTO_UDP;
	VEC_EACH(struct fixup, fixup, &config->fixups)
		fixup->perhaps_udp = fixup->engine == sip && fixup->transport == PROTO_TCP && !told;
}

/* A nameif in other letters is the same one. */
static void bind_service_policies(struct config *config)
{
	VEC_EACH(struct service_policy, sp, &config->service_policies) {
		const struct interface *ifc = config_interface(config, sp->interface);
		if (ifc)
			sp->interface = ifc->nameif;
	}
}

/* "<context>" of the version line is no name; in a context the hostname is one. */
static void name_context(struct config *config)
{
	if (str_eq(config->context, S("context")) && config->hostname.n)
		config->context = config->hostname;
}

void reader_finish(struct reader *reader)
{
	reader_settle(reader);
	if (reader->removed)
		compact(reader);
	finish_nat(reader);
	add_learned_routes(reader);
	doubt_bridge_members(reader);
	doubt_sip(reader->config);
	bind_service_policies(reader->config);
	name_context(reader->config);
}
