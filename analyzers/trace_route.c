/* SPDX-License-Identifier: ISC */
/* Where a traced packet goes out. */
#include "analyzers/trace_walk.h"

static void no_route(struct walk *walk, struct trace_phase *phase, const struct route_to *to)
{
	const struct config *config = walk->config;
	if (to->discarded) {
		phase->result = TRACE_DROP;
		phase->detail = TRACE_DISCARDED;
		walk_end(walk, phase, S("(no-route) No route to host"));
	} else if (config->routing_span.len) {
		walk_line(walk, phase, config->routing_span);
		walk_unknown(walk, phase,
		             S("no route in the text; a dynamic routing protocol may know one"));
	} else if (to->masked) {
		walk_unknown(walk, phase,
		             S("no route in the text, and the network of an interface is not in it "
		               "either"));
	} else if (config->routes.n == 0) {
		walk_unknown(walk, phase, S("the text has no routes at all"));
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

static bool is_default(const struct route_to *to, u128 address)
{
	return to->route && to->route->network.hi - to->route->network.lo >= UINT32_MAX &&
	       (!addr_is4(address) || to->route->network.lo == ADDR4_MIN);
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
	if (is_default(&to, address) && walk->config->routing_span.len) {
		walk_line(walk, &phase, walk->config->routing_span);
		phase.detail = STR_JOIN(walk->arena, route_text(walk, &to),
		                        S("; a dynamic routing protocol may know a closer route"));
		walk_unknown(walk, &phase, phase.detail);
		return NULL;
	}
	walk_end(walk, &phase, S(""));
	return to.ifc;
}

/* `ip verify reverse-path`: the source must be routed back by where the packet came in. */
void trace_reverse_path(struct walk *walk)
{
	const struct config *config = walk->config;
	const struct interface *in = walk->packet.in;
	u128 source = walk->packet.wire.at[DIM_SRC];
	bool masked = false;
	if (in->verify_reverse.len == 0)
		return;
	struct trace_phase phase = walk_begin("ROUTE-LOOKUP", S("reverse path"), S(""));
	struct route_to to = path_route(&walk->tracer->routes, source);
	VEC_EACH(const struct interface_address, at, &in->addresses)
		masked |= at->masked;
	bool dynamic = config->routing_span.len && (!to.ifc || is_default(&to, source));
	bool unseen = !to.ifc && (to.masked || config->routes.n == 0);
	walk_line(walk, &phase, in->verify_reverse);
	walk_line(walk, &phase, to.span);
	if (to.ambiguous || (!to.discarded && (dynamic || unseen)) ||
	    (to.ifc != in && (masked || !addr_is4(source)))) {
		walk_unknown(walk, &phase,
		             S("it is not known whether the source is routed back by the ingress"));
		return;
	}
	phase.detail = S("the source is routed back by the ingress");
	if (to.ifc != in) {
		phase.result = TRACE_DROP;
		phase.detail = S("the source is not routed back by the ingress");
	}
	walk_end(walk, &phase, S("(rpf-violated) Reverse-path verify failed"));
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
	if (xlate->done == VERDICT_UNKNOWN || trace_odd_destination(walk))
		return;
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
