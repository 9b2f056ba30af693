/* SPDX-License-Identifier: ISC */
/* See trace.h. One function a phase, in the device's order. */
#include "analyzers/trace.h"

#include "analyzers/trace_memo.h"

/* A packet on its way. */
struct walk {
	struct arena *arena;
	const struct tracer *tracer;
	const struct config *config;
	struct nat_packet packet;
	struct xlate destination, source;
	struct lane lane;
	struct trace *trace;
	bool ended; /* dropped, or gone where no phase follows it */
};

struct tracer tracer_of(struct arena *arena, const struct config *config)
{
	return (struct tracer){config, nat_table_of(arena, config), NULL};
}

struct tracer tracer_for_many(struct arena *arena, const struct config *config)
{
	return (struct tracer){config, nat_table_of(arena, config), trace_memo_new(arena, config)};
}

/* --- phases ----------------------------------------------------------------------------- */

static struct str ifc_name(const struct walk *walk, const struct interface *ifc)
{
	return ifc ? config_name(walk->config, ifc->nameif) : S("an interface that is not known");
}

/* Begin a phase that lets the packet pass. */
static struct trace_phase phase_of(const char *type, struct str subtype, struct str detail)
{
	return (struct trace_phase){
	        .type = type, .subtype = subtype, .result = TRACE_ALLOW, .detail = detail};
}

static void add_line(const struct walk *walk, struct trace_phase *phase, struct span span)
{
	if (span.len == 0)
		return;
	VEC_EACH(const struct span, old, &phase->lines)
		if (old->source == span.source && old->offset == span.offset)
			return;
	VEC_PUSH(walk->arena, &phase->lines, span);
}

/* End a phase: the first that drops has the last word; doubt counts until then. */
static void add_phase(struct walk *walk, const struct trace_phase *phase, struct str reason)
{
	struct trace *trace = walk->trace;
	if (walk->ended)
		return;
	VEC_PUSH(walk->arena, &trace->phases, *phase);
	if (phase->result == TRACE_DROP) {
		walk->ended = true;
		trace->result = TRACE_DROP;
		trace->reason = reason;
	} else if (phase->result == TRACE_UNKNOWN && trace->result == TRACE_ALLOW) {
		trace->result = TRACE_UNKNOWN;
		trace->reason = reason;
	}
}

static void add_unknown(struct walk *walk, struct trace_phase *phase, struct str why)
{
	phase->result = TRACE_UNKNOWN;
	if (phase->detail.n == 0)
		phase->detail = why;
	add_phase(walk, phase, why);
}

/* --- translation ------------------------------------------------------------------------ */

static const char *kind_of(const struct xlate *xlate)
{
	static const char *const names[] = {
	        [ACT_STATIC] = "static",
	        [ACT_DYNAMIC] = "dynamic",
	        [ACT_EXEMPT] = "exempt",
	        [ACT_IDENTITY] = "identity",
	};
	if (xlate->rule->act == ACT_STATIC && xlate->done == VERDICT_YES && !xlate->changed)
		return "identity";
	return names[xlate->rule->act];
}

static struct trace_nat nat_of(const struct xlate *xlate)
{
	if (xlate->done == VERDICT_NO)
		return (struct trace_nat){0};
	return (struct trace_nat){
	        .applies = true,
	        .certain = xlate->done == VERDICT_YES,
	        .kind = kind_of(xlate),
	        .address_known = xlate->address_known,
	        .port_known = xlate->port_known,
	        .address = xlate->address,
	        .port = xlate->port,
	        .span = xlate->rule->span,
	};
}

static bool has_ports(const struct walk *walk)
{
	u128 protocol = walk->packet.wire.at[DIM_PROTO];
	return protocol == PROTO_TCP || protocol == PROTO_UDP || protocol == PROTO_SCTP;
}

/* "192.0.2.1/25", the port only where there are ports. */
static struct str end_text(const struct walk *walk, u128 address, uint16_t port, bool port_known)
{
	struct str text = addr_text(walk->arena, address);
	if (!has_ports(walk))
		return text;
	return port_known ? str_printf(walk->arena, "%.*s/%u", STR(text), port)
	                  : str_printf(walk->arena, "%.*s/?", STR(text));
}

static struct str translation_text(const struct walk *walk, const char *verb,
                                   const struct xlate *xlate, enum dim address, enum dim port)
{
	const struct packet *wire = &walk->packet.wire;
	struct str from = end_text(walk, wire->at[address], (uint16_t)wire->at[port], true);
	if (!xlate->changed)
		return str_printf(walk->arena, "%.*s is not translated (%s)", STR(from),
		                  kind_of(xlate));
	if (!xlate->address_known)
		return str_printf(walk->arena, "%s %.*s to an address of the pool", verb,
		                  STR(from));
	return str_printf(walk->arena, "%s %.*s to %.*s", verb, STR(from),
	                  STR(end_text(walk, xlate->address, xlate->port, xlate->port_known)));
}

static void un_nat(struct walk *walk)
{
	walk->destination =
	        nat_destination(walk->arena, walk->config, &walk->tracer->nat, &walk->packet);
	const struct xlate *xlate = &walk->destination;
	walk->trace->destination = nat_of(xlate);
	if (xlate->done == VERDICT_NO)
		return;
	/* Whatever becomes of the source, destinations are static. */
	if (xlate->rule->act == ACT_DYNAMIC)
		walk->trace->destination.kind = xlate->changed ? "static" : "identity";
	struct trace_phase phase = phase_of("UN-NAT", str_of(walk->trace->destination.kind), S(""));
	add_line(walk, &phase, xlate->rule->span);
	if (xlate->done == VERDICT_UNKNOWN) {
		add_unknown(walk, &phase, xlate->why_text);
		return;
	}
	phase.detail = translation_text(walk, "Untranslate", xlate, DIM_DST, DIM_DPORT);
	const struct interface *divert = nat_divert(walk->config, xlate);
	if (divert)
		phase.detail = str_printf(walk->arena, "NAT divert to egress interface %.*s. %.*s",
		                          STR(ifc_name(walk, divert)), STR(phase.detail));
	add_phase(walk, &phase, S(""));
}

/* Broadcast and multicast: the firewall takes them itself, or forwards them in ways of their own.
 */
static bool is_for_many(u128 address)
{
	u128 first = addr_is4(address) ? (address & 0xffffffffu) >> 28 : address >> 120;
	return addr_is4(address) ? first == 0xe || address == ADDR4_MAX : first == 0xff;
}

static bool is_own_address(const struct config *config, u128 address)
{
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (!at->masked && at->address == address)
				return true;
	return false;
}

/* --- the egress ------------------------------------------------------------------------- */

static void no_route(struct walk *walk, struct trace_phase *phase, const struct route_to *to)
{
	const struct config *config = walk->config;
	if (to->discarded) {
		phase->result = TRACE_DROP;
		phase->detail = S("a route to Null0 discards it");
		add_phase(walk, phase, S("(no-route) No route to host"));
	} else if (config->routing_span.len) {
		add_line(walk, phase, config->routing_span);
		add_unknown(walk, phase,
		            S("no route in the text; a dynamic routing protocol may know one"));
	} else if (to->masked) {
		add_unknown(walk, phase,
		            S("no route in the text, and the network of an interface is not in it "
		              "either"));
	} else if (config->routes.n == 0) {
		add_unknown(walk, phase, S("the text has no routes at all"));
	} else {
		phase->result = TRACE_DROP;
		phase->detail = S("no connected network and no route holds the destination");
		add_phase(walk, phase, S("(no-route) No route to host"));
	}
}

static struct str route_text(const struct walk *walk, const struct route_to *to)
{
	struct str ifc = ifc_name(walk, to->ifc);
	struct cidrs cidrs = {0};
	if (!to->route)
		return str_printf(walk->arena, "connected, egress interface %.*s", STR(ifc));
	addr_cidrs(walk->arena, to->route->network, &cidrs);
	struct str network = cidrs.list.n ? cidrs.list.v[0] : S("");
	return str_printf(walk->arena, "route %.*s, egress interface %.*s", STR(network), STR(ifc));
}

static bool is_default(const struct route_to *to, u128 address)
{
	return to->route && to->route->network.hi - to->route->network.lo >= UINT32_MAX &&
	       (!addr_is4(address) || to->route->network.lo == ADDR4_MIN);
}

/* The interface of the longest prefix. NULL where that cannot be told. */
static const struct interface *look_up(struct walk *walk, u128 address)
{
	struct route_to to = path_route(walk->config, address);
	struct trace_phase phase = phase_of("ROUTE-LOOKUP", S("Resolve Egress Interface"), S(""));
	add_line(walk, &phase, to.span);
	if (!to.ifc) {
		no_route(walk, &phase, &to);
		return NULL;
	}
	phase.detail = route_text(walk, &to);
	if (to.ambiguous) {
		phase.detail = S("equal routes lead out of several interfaces");
		add_unknown(walk, &phase, phase.detail);
		return NULL;
	}
	if (is_default(&to, address) && walk->config->routing_span.len) {
		add_line(walk, &phase, walk->config->routing_span);
		phase.detail = str_printf(
		        walk->arena, "%.*s; a dynamic routing protocol may know a closer route",
		        STR(phase.detail));
		add_unknown(walk, &phase, phase.detail);
		return NULL;
	}
	add_phase(walk, &phase, S(""));
	return to.ifc;
}

/* `ip verify reverse-path`: the source must be routed back by where the packet came in. */
static void check_reverse_path(struct walk *walk)
{
	const struct config *config = walk->config;
	const struct interface *in = walk->packet.in;
	u128 source = walk->packet.wire.at[DIM_SRC];
	struct trace_phase phase = phase_of("ROUTE-LOOKUP", S("reverse path"), S(""));
	bool masked = false;
	if (in->verify_reverse.len == 0)
		return;
	struct route_to to = path_route(config, source);
	VEC_EACH(const struct interface_address, at, &in->addresses)
		masked |= at->masked;
	bool dynamic = config->routing_span.len && (!to.ifc || is_default(&to, source));
	bool unseen = !to.ifc && (to.masked || config->routes.n == 0);
	add_line(walk, &phase, in->verify_reverse);
	add_line(walk, &phase, to.span);
	if (to.ambiguous || (!to.discarded && (dynamic || unseen)) ||
	    (to.ifc != in && (masked || !addr_is4(source)))) {
		add_unknown(walk, &phase,
		            S("it is not known whether the source is routed back by the ingress"));
		return;
	}
	phase.detail = S("the source is routed back by the ingress");
	if (to.ifc != in) {
		phase.result = TRACE_DROP;
		phase.detail = S("the source is not routed back by the ingress");
	}
	add_phase(walk, &phase, S("(rpf-violated) Reverse-path verify failed"));
}

/* Where the destination does not tell the egress: bridging and policy routing. */
static bool way_is_open(struct walk *walk)
{
	const struct interface *in = walk->packet.in;
	bool bridged = walk->config->transparent || in->bridge_group;
	struct trace_phase phase = phase_of("ROUTE-LOOKUP", S(""), S(""));
	if (!bridged && !in->policy_route.len)
		return false;
	add_line(walk, &phase, in->policy_route);
	add_line(walk, &phase, walk->config->transparent_span);
	add_unknown(walk, &phase,
	            bridged ? S("the interface bridges: addresses do not tell the egress")
	                    : S("a policy route chooses the egress, which is not followed"));
	return true;
}

/* A restricted interface opens no connections towards another (`no forward interface`). */
static void check_forward(struct walk *walk)
{
	const struct interface *in = walk->packet.in, *out = walk->packet.out;
	if (!in->no_forward || !out || out->hardware != in->no_forward)
		return;
	struct trace_phase phase =
	        phase_of("ROUTE-LOOKUP", S("no forward"),
	                 S("`no forward interface` of the ingress names the egress"));
	add_line(walk, &phase, in->span);
	phase.result = TRACE_DROP;
	add_phase(walk, &phase, S("(acl-drop) Flow is denied by configured rule"));
}

static void find_egress(struct walk *walk)
{
	const struct xlate *xlate = &walk->destination;
	if (xlate->done == VERDICT_UNKNOWN)
		return;
	bool many = is_for_many(xlate->address);
	if (many || is_own_address(walk->config, xlate->address)) {
		struct trace_phase phase = phase_of("ROUTE-LOOKUP", S("identity"), S(""));
		add_unknown(walk, &phase,
		            many ? S("broadcast and multicast are not modelled")
		                 : S("the packet is for the firewall itself, which is not "
		                     "modelled"));
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
		struct trace_phase phase = phase_of("ROUTE-LOOKUP", S("egress"), S(""));
		add_line(walk, &phase, walk->packet.out->span);
		phase.result = TRACE_DROP;
		phase.detail = walk->packet.out->shutdown
		                       ? S("the egress interface is shut down")
		                       : S("the egress interface is management-only");
		add_phase(
		        walk, &phase,
		        walk->packet.out->shutdown
		                ? S("(interface-down) Interface is down")
		                : S("(mgmt-only) Through traffic on a management-only interface"));
	}
}

/* --- the lane of one packet ------------------------------------------------------------- */

static struct box box_of(struct arena *arena, const struct packet *packet)
{
	struct box box;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		box.dim[dim] = iset_point(arena, packet->at[dim]);
	return box;
}

static void make_lane(struct walk *walk)
{
	struct arena *arena = walk->arena;
	struct lane *lane = &walk->lane;
	struct box wire = box_of(arena, &walk->packet.wire);
	const struct xlate *to = &walk->destination;
	lane->real = wire;
	lane->real.dim[DIM_DST] = to->addresses;
	if (to->done == VERDICT_UNKNOWN && has_ports(walk))
		lane->real.dim[DIM_DPORT] = iset_range(arena, 0, 65535);
	else if (has_ports(walk))
		lane->real.dim[DIM_DPORT] = iset_point(arena, to->port);
	bool real = config_uses_real_addresses(walk->config);
	lane->passage = (struct passage){walk->packet.in, walk->packet.out,
	                                 real ? lane->real : wire, lane->real};
	lane->wire_proto = (uint8_t)walk->packet.wire.at[DIM_PROTO];
	lane->nat_settled = true;
	if (to->done == VERDICT_YES && to->rule->legacy && to->rule->act == ACT_STATIC)
		lane->server_nat = to->rule->legacy;
	lane->memo = trace_memo_for(walk->tracer->memo, arena, walk->config, lane);
}

/* What the source becomes; outbound lists see that before 8.3. */
static void find_source(struct walk *walk)
{
	struct lane *lane = &walk->lane;
	if (!walk->packet.out)
		return;
	walk->source = nat_source(walk->arena, walk->config, &walk->tracer->nat, &walk->packet,
	                          &walk->destination);
	walk->trace->source = nat_of(&walk->source);
	const struct nat_rule *rule = walk->source.rule;
	if (walk->source.done == VERDICT_NO || !rule->legacy)
		return;
	if (rule->act != ACT_EXEMPT)
		lane->client_nat = rule->legacy;
	if (rule->act != ACT_EXEMPT || walk->source.done == VERDICT_UNKNOWN)
		lane->leaves_as = walk->source.addresses;
}

/* --- cells of one packet ---------------------------------------------------------------- */

/*
 * The one verdict of the cells. A packet has one cell; only where its destination is not
 * known there are several, which must agree.
 */
static struct verdict_cell one_cell(const struct verdict_cells *cells)
{
	struct verdict_cell one = cells->list.v[0];
	VEC_EACH(const struct verdict_cell, cell, &cells->list) {
		if (cell->verdict != one.verdict || cell->acl != one.acl) {
			one.verdict = VERDICT_UNKNOWN;
			one.ace = NULL;
			one.why = WHY_MASKED;
			one.why_text = S("it depends on the real destination, which is not known");
			return one;
		}
		if (cell->ace != one.ace)
			one.ace = NULL;
	}
	return one;
}

static struct span group_span(const struct walk *walk, const struct acl *acl,
                              enum direction direction, const struct interface *ifc)
{
	const struct config *config = walk->config;
	VEC_EACH(const struct access_group, group, &config->access_groups)
		if (group->acl == acl->name &&
		    (group->direction == DIR_GLOBAL ||
		     (group->direction == direction &&
		      config_interface(config, group->interface) == ifc)))
			return group->span;
	return (struct span){0};
}

static struct str rule_text(const struct walk *walk, const struct verdict_cell *cell)
{
	if (cell->verdict == VERDICT_UNKNOWN)
		return cell->why_text;
	if (!cell->acl && cell->why_text.n)
		return cell->why_text;
	if (!cell->acl)
		return str_printf(walk->arena, "Implicit Rule: security levels, %.*s to %.*s",
		                  STR(ifc_name(walk, walk->packet.in)),
		                  STR(ifc_name(walk, walk->packet.out)));
	struct str name = config_name(walk->config, cell->acl->name);
	if (!cell->ace)
		return str_printf(walk->arena, "Implicit Rule: the end of access-list %.*s",
		                  STR(name));
	return str_printf(walk->arena, "access-list %.*s", STR(name));
}

static void access_phase(struct walk *walk, const char *subtype, const struct verdict_cell *cell,
                         enum direction direction, const struct interface *ifc)
{
	struct trace_phase phase = phase_of("ACCESS-LIST", str_of(subtype), rule_text(walk, cell));
	if (cell->acl)
		add_line(walk, &phase, cell->ace ? cell->ace->span : cell->why_span);
	if (cell->acl)
		add_line(walk, &phase, group_span(walk, cell->acl, direction, ifc));
	add_line(walk, &phase, cell->why_span);
	if (cell->verdict == VERDICT_UNKNOWN) {
		add_unknown(walk, &phase, cell->why_text);
		return;
	}
	if (cell->verdict == VERDICT_NO)
		phase.result = TRACE_DROP;
	add_phase(walk, &phase, S("(acl-drop) Flow is denied by configured rule"));
}

static void check_ingress(struct walk *walk)
{
	struct verdict_cells cells = {0};
	lane_ingress(walk->arena, walk->config, &walk->lane, &cells);
	struct verdict_cell cell = one_cell(&cells);
	struct trace_list *list = &walk->trace->list;
	if (cell.acl) {
		list->applies = true;
		list->name = config_name(walk->config, cell.acl->name);
		list->action = cell.verdict == VERDICT_UNKNOWN ? LIST_UNKNOWN
		               : cell.verdict == VERDICT_YES   ? LIST_PERMIT
		                                               : LIST_DENY;
		list->span = cell.verdict == VERDICT_UNKNOWN ? cell.why_span
		             : cell.ace                      ? cell.ace->span
		                                             : (struct span){0};
	}
	access_phase(walk, cell.acl ? "log" : "", &cell, DIR_IN, walk->packet.in);
}

/* Without a list the levels have said so already. */
static void check_same_security(struct walk *walk)
{
	struct doubt why;
	struct trace_phase phase = phase_of("ACCESS-LIST", S("same-security"), S(""));
	enum verdict verdict = lane_same_security(walk->config, &walk->lane, &why);
	if (verdict == VERDICT_YES)
		return;
	add_line(walk, &phase, why.span);
	phase.detail = why.text;
	if (verdict == VERDICT_UNKNOWN) {
		add_unknown(walk, &phase, why.text);
		return;
	}
	phase.result = TRACE_DROP;
	add_phase(walk, &phase, S("(acl-drop) Flow is denied by configured rule"));
}

static void check_egress(struct walk *walk)
{
	struct verdict_cells cells = {0};
	lane_egress(walk->arena, walk->config, &walk->lane, &walk->lane.passage.seen, &cells);
	struct verdict_cell cell = one_cell(&cells);
	if (cell.acl || cell.verdict != VERDICT_YES)
		access_phase(walk, "out", &cell, DIR_OUT, walk->packet.out);
}

/* --- source NAT and what it forbids ----------------------------------------------------- */

/* nat-control: what crosses levels needs a rule on its higher side. */
static void check_nat_control(struct walk *walk)
{
	const struct interface *in = walk->packet.in, *out = walk->packet.out;
	if (!lane_nat_control(walk->config) || in->implied || out->implied ||
	    !addr_is4(walk->packet.wire.at[DIM_DST]))
		return;
	bool needs_source = in->security_level > out->security_level;
	bool needs_destination = in->security_level < out->security_level;
	bool covered = needs_source        ? walk->source.done != VERDICT_NO
	               : needs_destination ? walk->destination.done != VERDICT_NO
	                                   : true;
	if (covered)
		return;
	if (needs_destination) {
		const struct nat_rule *other;
		nat_reverse(walk->arena, walk->config, &walk->tracer->nat, &walk->packet,
		            &walk->destination, &walk->source, &other);
		if (other || walk->source.done == VERDICT_UNKNOWN)
			return; /* said by the rpf-check, or with the source */
	}
	struct trace_phase phase =
	        phase_of("NAT", S("nat-control"),
	                 S("nat-control is on and no nat, static or exemption translates it"));
	phase.result = TRACE_DROP;
	add_phase(walk, &phase, S("(acl-drop) No translation group found (305005)"));
}

static void source_phase(struct walk *walk)
{
	const struct xlate *xlate = &walk->source;
	if (!walk->packet.out)
		return;
	if (xlate->done != VERDICT_NO) {
		struct trace_phase phase = phase_of("NAT", str_of(kind_of(xlate)), S(""));
		add_line(walk, &phase, xlate->rule->span);
		if (xlate->rule->legacy && xlate->rule->act == ACT_DYNAMIC)
			VEC_EACH(const struct global_pool, global, &walk->config->globals)
				if (global->id == xlate->rule->legacy->id &&
				    config_interface(walk->config, global->ifc) == walk->packet.out)
					add_line(walk, &phase, global->span);
		if (xlate->refused) {
			phase.result = TRACE_DROP;
			phase.detail = xlate->why_text;
			add_phase(walk, &phase, S("(acl-drop) Flow is denied by configured rule"));
		} else if (xlate->done == VERDICT_UNKNOWN) {
			add_unknown(walk, &phase, xlate->why_text);
		} else {
			phase.detail =
			        translation_text(walk, "Translate", xlate, DIM_SRC, DIM_SPORT);
			add_phase(walk, &phase, S(""));
		}
	}
	check_nat_control(walk);
}

/* The reply's translation must be the one that the packet had. */
static void reverse_phase(struct walk *walk)
{
	const struct nat_rule *other;
	if (!walk->packet.out || walk->packet.out == walk->packet.in)
		return;
	enum verdict same = nat_reverse(walk->arena, walk->config, &walk->tracer->nat,
	                                &walk->packet, &walk->destination, &walk->source, &other);
	if (same == VERDICT_YES && !other)
		return;
	struct trace_phase phase = phase_of("NAT", S("rpf-check"), S(""));
	add_line(walk, &phase, other->span);
	if (same == VERDICT_UNKNOWN) {
		add_unknown(walk, &phase, S("it cannot be told whether replies meet this rule"));
		return;
	}
	if (same == VERDICT_NO) {
		phase.result = TRACE_DROP;
		phase.detail = S("replies would be translated by this rule, which the packet did "
		                 "not meet (305013)");
	}
	add_phase(walk, &phase,
	          S("(nat-rpf-failed) Asymmetric NAT rules matched for forward and reverse flows"));
}

/* --- service policies ------------------------------------------------------------------- */

static void add_claim_lines(const struct walk *walk, struct trace_phase *phase,
                            const struct claim *claim)
{
	if (claim->fixup) {
		add_line(walk, phase, claim->fixup->span);
		return;
	}
	const struct class_map *map = config_class_map(walk->config, claim->class->name);
	if (map)
		add_line(walk, phase, map->span);
	if (map)
		VEC_EACH(const struct class_match, match, &map->matches)
			add_line(walk, phase, match->span);
	add_line(walk, phase, claim->policy->span);
	add_line(walk, phase, claim->class->span);
	add_line(walk, phase, claim->service_policy->span);
}

static struct str claim_text(const struct walk *walk, const struct claim *claim)
{
	const struct config *config = walk->config;
	if (claim->fixup)
		return S("fixup");
	struct str ifc = config_name(config, claim->service_policy->interface);
	return str_printf(walk->arena, "class %.*s, policy %.*s, %s%.*s",
	                  STR(config_name(config, claim->class->name)),
	                  STR(config_name(config, claim->policy->name)),
	                  ifc.n ? "interface " : "global", STR(ifc));
}

/* The cells of a packet agree, or the claims of all may act. */
static struct verdict_cell owner(const struct walk *walk, enum feature feature)
{
	struct verdict_cells cells = {0};
	lane_feature(walk->arena, walk->config, &walk->lane, feature, &cells);
	struct verdict_cell one = cells.list.v[0];
	VEC_EACH(const struct verdict_cell, cell, &cells.list) {
		if (cell->open)
			one.open = true;
		if (cell->claims != one.claims && !one.claims)
			one.claims = cell->claims;
	}
	if (cells.list.n > 1 && one.claims) {
		one.open = true;
		one.why = WHY_MASKED;
		one.why_text = S("it depends on the real destination, which is not known");
	}
	return one;
}

static bool is_certain(const struct verdict_cell *owner)
{
	return owner->claims && !owner->claims->next && !owner->open;
}

static void end_owned(struct walk *walk, struct trace_phase *phase,
                      const struct verdict_cell *owner)
{
	if (is_certain(owner)) {
		add_phase(walk, phase, S(""));
		return;
	}
	add_line(walk, phase, owner->why_span);
	phase->detail = str_printf(walk->arena, "may act: %.*s; %.*s", STR(phase->detail),
	                           STR(owner->why_text));
	phase->result = TRACE_UNKNOWN;
	add_phase(walk, phase, owner->why_text);
}

static struct inspection_hit hit_of(const struct walk *walk, const struct claim *claim)
{
	const struct config *config = walk->config;
	if (claim->fixup)
		return (struct inspection_hit){.engine =
		                                       config_name(config, claim->fixup->protocol),
		                               .span = claim->fixup->span};
	return (struct inspection_hit){
	        .engine = config_name(config, claim->inspect->engine),
	        .map = config_name(config, claim->inspect->map),
	        .policy = config_name(config, claim->policy->name),
	        .class = config_name(config, claim->class->name),
	        .interface = config_name(config, claim->service_policy->interface),
	        .span = claim->inspect->span,
	};
}

/* A class that may act and of which nothing can be read: no claim to name. */
static void unread_phase(struct walk *walk, const char *type, const struct verdict_cell *owner)
{
	struct trace_phase phase = phase_of(type, S(""), owner->why_text);
	if (owner->claims || owner->why == WHY_NONE)
		return;
	add_line(walk, &phase, owner->why_span);
	add_unknown(walk, &phase, owner->why_text);
}

/* Inspection is for TCP and UDP; other packets have none that could be missing. */
static bool may_be_mail(const struct walk *walk)
{
	u128 protocol = walk->packet.wire.at[DIM_PROTO];
	return protocol == PROTO_TCP || protocol == PROTO_UDP;
}

static void inspect_phase(struct walk *walk)
{
	struct verdict_cell one = owner(walk, FEATURE_INSPECT);
	struct doubt doubt;
	if (one.claims && lane_doubt_present(walk->config, &walk->lane, &doubt)) {
		one.open = true;
		one.why = doubt.code;
		one.why_text = doubt.text;
		one.why_span = doubt.span;
	}
	unread_phase(walk, "INSPECT", &one);
	for (const struct claim *claim = one.claims; claim; claim = claim->next) {
		struct trace_inspection inspection = {hit_of(walk, claim), is_certain(&one)};
		VEC_PUSH(walk->arena, &walk->trace->inspections, inspection);
		struct trace_phase phase = phase_of(
		        "INSPECT",
		        str_printf(walk->arena, "inspect-%.*s", STR(inspection.hit.engine)),
		        claim_text(walk, claim));
		add_line(walk, &phase, inspection.hit.span);
		add_claim_lines(walk, &phase, claim);
		end_owned(walk, &phase, &one);
	}
	if (!one.claims && may_be_mail(walk) &&
	    lane_doubt_absent(walk->config, &walk->lane, &doubt)) {
		struct trace_phase phase = phase_of("INSPECT", S(""), S(""));
		add_line(walk, &phase, doubt.span);
		add_unknown(walk, &phase, doubt.text);
	}
}

static void class_phase(struct walk *walk, enum feature feature, const char *type)
{
	struct verdict_cell one = owner(walk, feature);
	unread_phase(walk, type, &one);
	for (const struct claim *claim = one.claims; claim; claim = claim->next) {
		struct trace_phase phase = phase_of(type, S(""), claim_text(walk, claim));
		if (feature == FEATURE_TCP && claim->class->state_bypass) {
			phase.subtype = S("tcp-state-bypass");
			add_line(walk, &phase, claim->class->state_bypass_span);
		} else if (feature == FEATURE_POLICE_IN) {
			add_line(walk, &phase, claim->class->police_in.span);
		} else if (feature == FEATURE_POLICE_OUT) {
			add_line(walk, &phase, claim->class->police_out.span);
		} else if (feature == FEATURE_MODULE) {
			phase.subtype =
			        config_name(walk->config, claim->class->modules.v[0].module);
			VEC_EACH(const struct module_action, action, &claim->class->modules)
				add_line(walk, &phase, action->span);
		} else if (feature == FEATURE_CONN) {
			for (int i = 0; i < CONN_LIMIT_COUNT; i++)
				if (claim->class->limits[i].set)
					add_line(walk, &phase, claim->class->limits[i].span);
		}
		add_claim_lines(walk, &phase, claim);
		end_owned(walk, &phase, &one);
	}
}

static void limits_phase(struct walk *walk)
{
	struct bounds bounds = {0};
	struct trace_phase phase = phase_of("HOST-LIMITS", S(""), S(""));
	lane_limits(walk->arena, walk->config, &walk->lane, &bounds);
	VEC_EACH(const struct bound, bound, &bounds.list) {
		struct trace_limit limit = {bound->hit, bound->certain};
		VEC_PUSH(walk->arena, &walk->trace->limits, limit);
		if (bound->hit.source != FROM_STATIC && bound->hit.source != FROM_NAT)
			continue;
		add_line(walk, &phase, bound->hit.span);
		phase.detail = str_printf(walk->arena, "%.*s%s%s %u", STR(phase.detail),
		                          phase.detail.n ? ", " : "",
		                          limit_kind_names[bound->hit.kind], bound->hit.value);
	}
	if (phase.lines.n)
		add_phase(walk, &phase, S(""));
}

/* --- all together ----------------------------------------------------------------------- */

static void check_input(struct walk *walk)
{
	const struct interface *in = walk->packet.in;
	struct trace_phase phase = phase_of("INPUT", S(""), S(""));
	if (!in->shutdown && !in->management_only)
		return;
	add_line(walk, &phase, in->span);
	phase.result = TRACE_DROP;
	phase.detail = in->shutdown ? S("the interface is shut down")
	                            : S("the interface is management-only");
	add_phase(walk, &phase,
	          in->shutdown ? S("(interface-down) Interface is down")
	                       : S("(mgmt-only) Through traffic on a management-only interface"));
}

/* Sources that no host has, and packets from a host to itself (106016, 106017). */
static void check_spoof(struct walk *walk)
{
	u128 src = walk->packet.wire.at[DIM_SRC], dst = walk->packet.wire.at[DIM_DST];
	struct trace_phase phase =
	        phase_of("INPUT", S("spoof"), S("the source is none that a packet can have"));
	bool loopback = addr_is4(src) ? (src & 0xffffffffu) >> 24 == 127 : src == 1;
	bool none = src == ADDR4_MIN || src == ADDR4_MAX || src == 0;
	if (!loopback && !none && src != dst && dst != ADDR4_MIN)
		return;
	if (src == dst)
		phase.detail = S("source and destination are the same");
	else if (dst == ADDR4_MIN)
		phase.detail = S("the destination is none that a packet can have");
	phase.result = TRACE_DROP;
	add_phase(walk, &phase, S("(sp-security-failed) Slowpath security checks failed"));
}

/* Is a map, or one that is part of it, applied on an interface? */
static bool is_applied(const struct config *config, name_id map, const struct interface *ifc)
{
	VEC_EACH(const struct crypto_use, use, &config->crypto_uses) {
		bool itself = use->map == map && use->ifc;
		if (itself && config_interface(config, use->ifc) == ifc)
			return true;
		if (use->part != map || use->map == map)
			continue;
		VEC_EACH(const struct crypto_use, whole, &config->crypto_uses)
			if (whole->map == use->map && whole->ifc &&
			    config_interface(config, whole->ifc) == ifc)
				return true;
	}
	return false;
}

static bool may_permit(const struct walk *walk, const struct crypto_map *map, const struct box *box)
{
	const struct acl *acl = config_acl(walk->config, map->acl);
	struct cells cells = {0};
	if (!acl)
		return false;
	acl_paint(walk->arena, walk->config, acl, box, &cells);
	VEC_EACH(const struct cell, cell, &cells.list)
		if (cell->can & CAN_PERMIT)
			return true;
	return false;
}

/* What belongs in a tunnel, coming in the clear or going out: VPN is not followed. */
static void check_tunnels(struct walk *walk)
{
	const struct config *config = walk->config;
	if (config->crypto_maps.n == 0)
		return;
	struct box back = box_of(walk->arena, &walk->packet.wire), out = walk->lane.real;
	struct iset src = back.dim[DIM_SRC], sport = back.dim[DIM_SPORT];
	back.dim[DIM_SRC] = back.dim[DIM_DST];
	back.dim[DIM_DST] = src;
	if (has_ports(walk)) {
		back.dim[DIM_SPORT] = back.dim[DIM_DPORT];
		back.dim[DIM_DPORT] = sport;
	}
	if (walk->packet.out && walk->source.done != VERDICT_NO)
		out.dim[DIM_SRC] = walk->source.addresses;
	VEC_EACH(const struct crypto_map, map, &config->crypto_maps) {
		bool in_clear = is_applied(config, map->map, walk->packet.in) &&
		                may_permit(walk, map, &back);
		bool leaves = walk->packet.out && is_applied(config, map->map, walk->packet.out) &&
		              may_permit(walk, map, &out);
		if (!in_clear && !leaves)
			continue;
		struct trace_phase phase =
		        phase_of("VPN", in_clear ? S("ipsec") : S("encrypt"), S(""));
		add_line(walk, &phase, map->span);
		add_unknown(walk, &phase,
		            S("a crypto map may take it into a tunnel, which is not followed"));
		return;
	}
}

/* A line that is not known may decide anything; that is said last. */
static void check_stray_lines(struct walk *walk)
{
	struct doubt doubt;
	if (!lane_stray_line(walk->config, &doubt))
		return;
	struct trace_phase phase = phase_of("UNKNOWN-COMMAND", S(""), S(""));
	add_line(walk, &phase, doubt.span);
	add_unknown(walk, &phase, doubt.text);
}

static void finish(struct walk *walk)
{
	if (walk->ended)
		return;
	struct trace_phase phase = phase_of("FLOW-CREATION", S(""), S(""));
	if (walk->trace->result == TRACE_ALLOW)
		add_phase(walk, &phase, S(""));
}

void trace_packet(struct arena *arena, const struct tracer *tracer, const struct interface *in,
                  const struct packet *packet, struct trace *trace)
{
	struct walk walk = {.arena = arena,
	                    .tracer = tracer,
	                    .config = tracer->config,
	                    .packet = {*packet, in, NULL},
	                    .trace = trace};
	*trace = (struct trace){.input = config_name(tracer->config, in->nameif),
	                        .packet = *packet,
	                        .result = TRACE_ALLOW};
	check_input(&walk);
	check_spoof(&walk);
	check_reverse_path(&walk);
	un_nat(&walk);
	find_egress(&walk);
	check_forward(&walk);
	make_lane(&walk);
	find_source(&walk);
	check_ingress(&walk);
	check_same_security(&walk);
	class_phase(&walk, FEATURE_CONN, "CONN-SETTINGS");
	class_phase(&walk, FEATURE_TCP, "CONN-SETTINGS");
	source_phase(&walk);
	limits_phase(&walk);
	reverse_phase(&walk);
	inspect_phase(&walk);
	class_phase(&walk, FEATURE_MODULE, "MODULE");
	class_phase(&walk, FEATURE_POLICE_IN, "QOS");
	class_phase(&walk, FEATURE_POLICE_OUT, "QOS");
	check_egress(&walk);
	check_tunnels(&walk);
	check_stray_lines(&walk);
	finish(&walk);
}
