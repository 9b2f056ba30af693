/* SPDX-License-Identifier: ISC */
/* Static routes, and what tells that they are not the whole of it. */
#include "parser/grammar.h"

static uint64_t route_hash(const void *context, const void *element)
{
	const struct route *route = element;
	(void)context;
	uint64_t hash = hash_mix(route->ifc, (uint64_t)route->network.lo);
	hash = hash_mix(hash, (uint64_t)(route->network.lo >> 64));
	return hash_mix(hash, (uint64_t)route->network.hi);
}

static bool route_same(const void *context, const void *a, const void *b)
{
	const struct route *left = a, *right = b;
	(void)context;
	return left->ifc == right->ifc && left->network.lo == right->network.lo &&
	       left->network.hi == right->network.hi;
}

static const struct edit_kind route_edits = {sizeof(struct route), route_hash, route_same};

static void put_route(struct reader *reader, const struct route *route)
{
	struct config *config = reader->config;
	if (!reader->negated) {
		VEC_PUSH(reader->arena, &config->routes, *route);
		return;
	}
	if (!reader->edited.routes)
		reader->edited.routes = edits_new(reader->arena, &route_edits, reader);
	edits_sync(reader->edited.routes, config->routes.v, config->routes.n);
	edits_remove(reader->edited.routes, config->routes.v, route);
}

static bool is_null_interface(struct str ifc)
{
	return str_eq_nocase(ifc, S("Null0"));
}

/* A route to nowhere: its packets are dropped, whatever a shorter one says. */
static enum handled put_null_route(struct reader *reader, const struct route *route)
{
	struct config *config = reader->config;
	uint32_t kept = 0;
	if (!reader->negated) {
		VEC_PUSH(reader->arena, &config->null_routes, *route);
		return HANDLED;
	}
	VEC_EACH(const struct route, other, &config->null_routes)
		if (!route_same(NULL, route, other))
			config->null_routes.v[kept++] = *other;
	config->null_routes.n = kept;
	return HANDLED;
}

/*
 * route IFC NETWORK MASK {GATEWAY|tunneled} [METRIC] [track N] [tunneled]; "0 0": the default route
 */
enum handled cmd_route(struct reader *reader, struct cursor *cursor)
{
	struct str ifc = take(cursor);
	struct route route = {.ifc = name_of(reader, ifc), .metric = 1, .span = reader->line};
	u128 gateway;
	bool unknown = false;
	if (route.ifc == 0)
		return HANDLED_UNKNOWN;
	if (!take_network(cursor, &route.network, &unknown))
		return HANDLED_UNKNOWN;
	if (unknown)
		return HANDLED;
	if (is_null_interface(ifc)) {
		route.ifc = 0;
		take_number(cursor, 255, &route.metric);
		return put_null_route(reader, &route);
	}
	/* `no route` may leave the gateway away. */
	bool leave = reader->negated && at_end(cursor);
	if (!leave && !next_is(cursor, "tunneled") && !take_address(cursor, &gateway, &unknown))
		return HANDLED_UNKNOWN;
	take_number(cursor, 255, &route.metric);
	/* `tunneled`: for traffic out of VPN tunnels only, beside the real default route. */
	for (; !at_end(cursor); take(cursor))
		if (next_is(cursor, "tunneled"))
			return HANDLED_IRRELEVANT;
	put_route(reader, &route);
	return HANDLED;
}

/* ipv6 route IFC PREFIX GATEWAY [METRIC] */
enum handled cmd_ipv6_route(struct reader *reader, struct cursor *cursor)
{
	accept(cursor, "route");
	struct str ifc = take(cursor);
	struct route route = {.ifc = name_of(reader, ifc), .metric = 1, .span = reader->line};
	struct str prefix = take(cursor);
	if (route.ifc == 0 || !addr_parse_prefix(prefix, &route.network))
		return looks_masked(prefix) ? HANDLED : HANDLED_UNKNOWN;
	if (is_null_interface(ifc)) {
		route.ifc = 0;
		take_number(cursor, 255, &route.metric);
		return put_null_route(reader, &route);
	}
	take(cursor);
	take_number(cursor, 255, &route.metric);
	put_route(reader, &route);
	return HANDLED;
}

/* router {ospf|eigrp|rip|bgp|isis} ..., and rip of PIX 6: routes that the text does not have */
enum handled cmd_router(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	if (!reader->negated && reader->config->routing_span.len == 0)
		reader->config->routing_span = reader->line;
	return HANDLED_IRRELEVANT;
}
