/* SPDX-License-Identifier: ISC */
/* Where a traced packet goes out. */
#include "analyzers/trace_walk.h"

static bool is_own_address(const struct config *config, u128 address)
{
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (!at->masked && at->address == address)
				return true;
	return false;
}

static bool has_routes(const struct config *config, bool v4)
{
	VEC_EACH(const struct route, route, &config->routes)
		if (addr_is4(route->network.lo) == v4)
			return true;
	return false;
}

static void no_route(struct walk *walk, struct trace_phase *phase, const struct route_to *to)
{
	const struct config *config = walk->config;
	if (config->routing_span.len) {
		walk_line(walk, phase, config->routing_span);
		walk_unknown(walk, phase,
		             S("no route in the text; a dynamic routing protocol may know one"));
	} else if (to->masked) {
		walk_unknown(walk, phase,
		             S("no route in the text, and the network of an interface is not in it "
		               "either"));
	} else if (!has_routes(config, addr_is4(walk->destination.address))) {
		walk_unknown(walk, phase,
		             config->routes.n ? S("the text has no routes of this family")
		                              : S("the text has no routes at all"));
	} else {
		phase->result = TRACE_DROP;
		phase->detail = S("no connected network and no route holds the destination");
		walk_end(walk, phase, S("(no-route) No route to host"));
	}
}

static struct str route_text(const struct walk *walk, const struct route_to *to)
{
	struct str ifc = walk_ifc_name(walk, to->ifc);
	if (!to->route)
		return STR_JOIN(walk->arena, S("connected, egress interface "), ifc);
	return STR_JOIN(walk->arena, S("route "), to->text, S(", egress interface "), ifc);
}

/* The interface of the longest prefix. NULL where that cannot be told. */
static const struct interface *look_up(struct walk *walk, u128 address)
{
	struct route_to to = path_route(&walk->tracer->routes, address);
	struct trace_phase phase = walk_begin("ROUTE-LOOKUP", S("Resolve Egress Interface"), S(""));
	walk_line(walk, &phase, to.span);
	if (!to.ifc) {
		no_route(walk, &phase, &to);
		return NULL;
	}
	if (!walk->brief)
		phase.detail = route_text(walk, &to);
	if (to.ambiguous) {
		phase.detail = S("equal routes lead out of several interfaces");
		walk_unknown(walk, &phase, phase.detail);
		return NULL;
	}
	bool is_default = to.route && to.route->network.hi - to.route->network.lo >= UINT32_MAX &&
	                  (!addr_is4(address) || to.route->network.lo == ADDR4_MIN);
	if (is_default && walk->config->routing_span.len) {
		walk_line(walk, &phase, walk->config->routing_span);
		phase.detail = STR_JOIN(walk->arena, route_text(walk, &to),
		                        S("; a dynamic routing protocol may know a closer route"));
		walk_unknown(walk, &phase, phase.detail);
		return NULL;
	}
	walk_end(walk, &phase, S(""));
	return to.ifc;
}

/* Where the destination does not tell the egress: bridging and policy routing. */
static bool way_is_open(struct walk *walk)
{
	const struct interface *in = walk->packet.in;
	bool bridged = walk->config->transparent || in->bridge_group;
	if (!bridged && !in->policy_route.len)
		return false;
	struct trace_phase phase = walk_begin("ROUTE-LOOKUP", S(""), S(""));
	walk_line(walk, &phase, in->policy_route);
	walk_line(walk, &phase, walk->config->transparent_span);
	walk_unknown(walk, &phase,
	             bridged ? S("the interface bridges: addresses do not tell the egress")
	                     : S("a policy route chooses the egress, which is not followed"));
	return true;
}

/* A restricted interface opens no connections towards another (`no forward interface`). */
void trace_forward(struct walk *walk)
{
	const struct interface *in = walk->packet.in, *out = walk->packet.out;
	if (!in->no_forward || !out || out->hardware != in->no_forward)
		return;
	struct trace_phase phase =
	        walk_begin("ROUTE-LOOKUP", S("no forward"),
	                   S("`no forward interface` of the ingress names the egress"));
	walk_line(walk, &phase, in->span);
	phase.result = TRACE_DROP;
	walk_end(walk, &phase, S("(acl-drop) Flow is denied by configured rule"));
}

void trace_egress(struct walk *walk)
{
	const struct xlate *xlate = &walk->destination;
	if (xlate->done == VERDICT_UNKNOWN)
		return;
	if (is_own_address(walk->config, xlate->address)) {
		struct trace_phase phase = walk_begin("ROUTE-LOOKUP", S("identity"), S(""));
		walk_unknown(walk, &phase,
		             S("the packet is for the firewall itself, which is not modelled"));
		walk->ended = true;
		return;
	}
	walk->packet.out = nat_divert(walk->config, xlate);
	if (!walk->packet.out && way_is_open(walk))
		return;
	if (!walk->packet.out)
		walk->packet.out = look_up(walk, xlate->address);
	if (!walk->packet.out)
		return;
	walk->trace->output = config_name(walk->config, walk->packet.out->nameif);
	if (walk->packet.out->management_only || walk->packet.out->shutdown) {
		struct trace_phase phase = walk_begin("ROUTE-LOOKUP", S("egress"), S(""));
		walk_line(walk, &phase, walk->packet.out->span);
		phase.result = TRACE_DROP;
		phase.detail = walk->packet.out->shutdown
		                       ? S("the egress interface is shut down")
		                       : S("the egress interface is management-only");
		walk_end(walk, &phase,
		         walk->packet.out->shutdown
		                 ? S("(interface-down) Interface is down")
		                 : S("(mgmt-only) Through traffic on a management-only interface"));
	}
}
