/* SPDX-License-Identifier: ISC */
/* Laying out the flows of every appliance: from which interface to which, by which addresses. */
#include "analyzers/audit.h"
#include "analyzers/nat_table.h"

static const uint16_t smtp_port = 25, ssh_port = 22, spam_quarantine_port = 6025;

/* One end of a flow. */
struct end {
	const struct appliance *appliance; /* NULL: any address */
	const struct hosts *hosts;
};

struct plan {
	enum flow_kind kind;
	struct str name;
	const struct appliance *owner; /* whose flow it is, in the id */
	struct end from, to;
	struct iset addresses; /* of an end that is no appliance */
	bool guessed;          /* the interface of an appliance is not known */
	uint8_t protocol;
	struct ports ports;
};

struct str audit_name(const struct audit *audit, name_id name)
{
	return config_name(audit->config, name);
}

static struct str ifc_name(const struct audit *audit, const struct interface *ifc)
{
	return ifc ? audit_name(audit, ifc->nameif) : S("any");
}

/* --- flows ------------------------------------------------------------------------------ */

static struct flow_work *find_flow(struct audit *audit, struct str id)
{
	const uint32_t *at = keys_find(&audit->flow_ids, str_hash(id));
	if (!at)
		return NULL;
	if (str_eq(audit->flows.v[*at].flow->id, id))
		return &audit->flows.v[*at];
	VEC_EACH(struct flow_work, work, &audit->flows) /* two ids of one hash */
		if (str_eq(work->flow->id, id))
			return work;
	return NULL;
}

/* The flow of this plan between two interfaces, made when new. */
static struct flow_work *add_flow(struct audit *audit, const struct plan *plan,
                                  const struct interface *in, const struct interface *out)
{
	struct str from = ifc_name(audit, in), to = ifc_name(audit, out);
	struct str id = str_printf(audit->arena, "%.*s/%.*s/%.*s-%.*s", STR(plan->owner->name),
	                           STR(plan->name), STR(from), STR(to));
	struct flow_work *old = find_flow(audit, id);
	if (old)
		return old;
	struct flow *flow = NEW(audit->arena, struct flow);
	flow->id = id;
	flow->kind = plan->kind;
	flow->name = plan->name;
	flow->appliance = plan->owner;
	flow->from = from;
	flow->to = to;
	flow->protocol = plan->protocol;
	flow->ports = plan->ports;
	flow->on_path = true;
	flow->primary = true;
	struct flow_work work = {.flow = flow, .in = in, .out = out};
	keys_put(audit->arena, &audit->flow_ids, str_hash(id), audit->flows.n);
	return VEC_PUSH(audit->arena, &audit->flows, work);
}

static void off_path(struct audit *audit, const struct plan *plan, const struct interface *in,
                     const struct interface *out, struct str why)
{
	struct flow *flow = add_flow(audit, plan, in, out)->flow;
	if (flow->packets.boxes.n)
		return; /* another address of the appliance is on path */
	flow->on_path = false;
	if (flow->why.n == 0)
		flow_why(audit, flow, ABOUT_ON_PATH, VERDICT_NO, WHY_ROUTE, why, (struct span){0});
}

/* --- lanes ------------------------------------------------------------------------------ */

static struct iset own_addresses(const struct audit *audit)
{
	VEC(struct range) own = {0};
	VEC_EACH(const struct interface, at, &audit->config->interfaces)
		VEC_EACH(const struct interface_address, address, &at->addresses)
			if (!address->masked)
				VEC_PUSH(audit->arena, &own,
				         (struct range){address->address, address->address});
	return iset_of(audit->arena, own.v, own.n);
}

/* The other end of a flow with any: what lies behind its interface. */
static struct iset peers(struct audit *audit, const struct plan *plan, const struct interface *ifc,
                         const struct interface *own, const struct host *appliance)
{
	bool v4 = addr_is4(appliance->real);
	struct seen_as seen = path_seen(audit->config, &audit->tracer.nat, audit->arena,
	                                appliance->real, smtp_port, own, ifc);
	u128 mapped = seen.unknown ? appliance->real : seen.address;
	if (!audit->layouts[v4])
		audit->layouts[v4] = path_layout(audit->config, audit->arena, v4);
	struct iset any = ifc ? layout_behind(audit->layouts[v4], audit->arena, ifc)
	                      : iset_family(audit->arena, iset_all(), v4);
	if (!iset_is_empty(plan->addresses))
		any = iset_intersect(audit->arena, plan->addresses, any);
	/* Packets to or from an address of the firewall itself do not cross it. */
	any = path_without(audit->arena, any, audit->own_addresses);
	/* It does not mail itself, by whatever address. */
	const struct range spellings[] = {{appliance->real, appliance->real},
	                                  {mapped, mapped},
	                                  {appliance->has_mapped ? appliance->mapped : mapped,
	                                   appliance->has_mapped ? appliance->mapped : mapped}};
	return iset_subtract(audit->arena, any, iset_of(audit->arena, spellings, 3));
}

/* A policy static holds for some peers: by which port others reach this one, statics may tell. */
static struct iset ports_perhaps(struct audit *audit, u128 host, uint16_t port)
{
	struct iset ports = iset_point(audit->arena, port);
	VEC_EACH(const struct legacy_nat, nat, &audit->config->nats)
		if (nat->kind == NAT_STATIC && nat->protocol == PROTO_TCP &&
		    (nat->acl || nat->real_port == port) &&
		    iset_contains(nat_line_hosts(audit->arena, audit->config, nat), host))
			ports = iset_union(audit->arena, ports,
			                   iset_point(audit->arena, nat->mapped_port));
	return ports;
}

/* The destination as others see it, and the rule that makes it so. */
static void set_destination(struct audit *audit, struct lane *lane, const struct host *host,
                            uint16_t port, const struct interface *in, const struct interface *out)
{
	const struct config *config = audit->config;
	const u128 *given = host->has_mapped ? &host->mapped : NULL;
	struct seen_as seen = path_seen_by(config, &audit->tracer.nat, audit->arena, host->real,
	                                   port, out, in, given);
	lane->server_nat = seen.nat;
	lane->wire_dst = seen.address;
	lane->wire_port = seen.port;
	lane->taken = seen.taken;
	if (config_uses_real_addresses(config))
		return; /* access-lists and classes see real addresses */
	lane->mapped_unknown = seen.unknown;
	lane->passage.seen.dim[DIM_DST] = seen.unknown ? iset_family(audit->arena, iset_all(), true)
	                                               : iset_point(audit->arena, seen.address);
	lane->passage.seen.dim[DIM_DPORT] = seen.unknown && seen.nat && seen.nat->acl
	                                            ? ports_perhaps(audit, host->real, port)
	                                            : iset_point(audit->arena, seen.port);
}

static void add_lane(struct audit *audit, const struct plan *plan, const struct host *from,
                     const struct host *to, uint16_t port, const struct interface *in,
                     const struct interface *out)
{
	struct arena *arena = audit->arena;
	struct lane lane = {.real = box_all()};
	lane.real.dim[DIM_PROTO] = iset_point(arena, plan->protocol);
	lane.real.dim[DIM_SRC] =
	        from ? iset_point(arena, from->real) : peers(audit, plan, in, out, to);
	lane.real.dim[DIM_DST] =
	        to ? iset_point(arena, to->real) : peers(audit, plan, out, in, from);
	lane.real.dim[DIM_DPORT] = iset_point(arena, port);
	if (box_is_empty(&lane.real))
		return; /* the two ends are of different families */
	lane.passage = (struct passage){in, out, lane.real, lane.real};
	lane.peer_is_any = !(from && to) && iset_is_empty(plan->addresses);
	lane.guessed = plan->guessed;
	lane.wire_proto = plan->protocol;
	lane.wire_port = port;
	if (to) {
		set_destination(audit, &lane, to, port, in, out);
		lane.server_is_appliance = true;
		lane.server = to->real;
	}
	if (from) {
		lane.client_is_appliance = true;
		lane.client = from->real;
		if (!config_uses_real_addresses(audit->config))
			lane.client_nat = path_source_nat(audit->config, &audit->tracer.nat,
			                                  from->real, port, in, out);
	}
	struct flow_work *work = add_flow(audit, plan, in, out);
	if (!work->flow->on_path) {
		work->flow->on_path = true;
		work->flow->why.n = 0;
	}
	VEC_PUSH(arena, &work->lanes, lane);
	pset_add_box(arena, &work->flow->packets, &lane.real);
}

static void add_lanes(struct audit *audit, const struct plan *plan, const struct host *from,
                      const struct host *to, const struct interface *in,
                      const struct interface *out)
{
	VEC_EACH(const uint16_t, port, &plan->ports.list)
		add_lane(audit, plan, from, to, *port, in, out);
}

/* --- where the ends are ----------------------------------------------------------------- */

/*
 * Where an appliance's address is on this firewall. A firewall in front of the one that
 * translates knows the appliance by its mapped address only: then that is its address here.
 */
static struct place_of place_host(const struct audit *audit, struct host *host)
{
	struct place_of place = path_place(audit->config, host->real);
	if (place.by != PLACED_NOWHERE || !host->has_mapped)
		return place;
	struct place_of mapped = path_place(audit->config, host->mapped);
	if (mapped.by == PLACED_NOWHERE)
		return place;
	host->real = host->mapped;
	host->has_mapped = false;
	return mapped;
}

static struct str absent_text(struct audit *audit, const struct host *host)
{
	return str_printf(
	        audit->arena,
	        "no connected network, static route or host entry of this firewall has %.*s",
	        STR(addr_text(audit->arena, host->real)));
}

static uint32_t count_others(const struct audit *audit, const struct interface *own)
{
	uint32_t n = 0;
	VEC_EACH(const struct interface, ifc, &audit->config->interfaces)
		n += path_carries_traffic(ifc) && ifc != own;
	return n;
}

/* One appliance end and "any" at the other, over every interface but the appliance's own. */
static void plan_with_any(struct audit *audit, const struct plan *plan)
{
	bool inbound = plan->to.appliance != NULL;
	const struct end *end = inbound ? &plan->to : &plan->from;
	VEC_EACH(const struct host, given, &end->hosts->list) {
		struct host host = *given;
		struct place_of place = place_host(audit, &host);
		const struct host *from = inbound ? NULL : &host, *to = inbound ? &host : NULL;
		if (place.by == PLACED_NOWHERE) {
			off_path(audit, plan, NULL, NULL, absent_text(audit, &host));
			continue;
		}
		struct plan here = *plan;
		here.guessed = !place.ifc;
		if (count_others(audit, place.ifc) == 0)
			add_lanes(audit, &here, from, to, inbound ? NULL : place.ifc,
			          inbound ? place.ifc : NULL);
		VEC_EACH(const struct interface, ifc, &audit->config->interfaces) {
			if (!path_carries_traffic(ifc) || ifc == place.ifc)
				continue;
			const struct interface *own = place.ifc;
			add_lanes(audit, &here, from, to, inbound || !own ? ifc : own,
			          inbound || !own ? own : ifc);
		}
	}
}

static void plan_between(struct audit *audit, const struct plan *plan)
{
	VEC_EACH(const struct host, given_from, &plan->from.hosts->list) {
		VEC_EACH(const struct host, given_to, &plan->to.hosts->list) {
			struct host from = *given_from, to = *given_to;
			struct place_of at_from = place_host(audit, &from);
			struct place_of at_to = place_host(audit, &to);
			if (at_from.by == PLACED_NOWHERE && at_to.by == PLACED_NOWHERE) {
				off_path(audit, plan, NULL, NULL, absent_text(audit, &from));
				continue;
			}
			/* An end that only the default route reaches is where that leads. */
			if (at_from.by == PLACED_NOWHERE)
				at_from.ifc = path_default(audit->config, addr_is4(from.real));
			if (at_to.by == PLACED_NOWHERE)
				at_to.ifc = path_default(audit->config, addr_is4(to.real));
			if (at_from.ifc && at_from.ifc == at_to.ifc &&
			    !audit->config->same_security_intra) {
				off_path(audit, plan, at_from.ifc, at_to.ifc,
				         str_printf(audit->arena,
				                    "both ends are behind interface %.*s",
				                    STR(ifc_name(audit, at_from.ifc))));
				continue;
			}
			struct plan here = *plan;
			here.guessed = !at_from.ifc || !at_to.ifc;
			add_lanes(audit, &here, &from, &to, at_from.ifc, at_to.ifc);
		}
	}
}

/* --- the flows of product.md ------------------------------------------------------------ */

static struct ports one_port(struct arena *arena, uint16_t port)
{
	struct ports ports = {0};
	VEC_PUSH(arena, &ports.list, port);
	return ports;
}

static struct plan plan_of(enum flow_kind kind, const struct appliance *owner, struct ports ports)
{
	return (struct plan){.kind = kind,
	                     .name = str_of(flow_kind_names[kind]),
	                     .owner = owner,
	                     .protocol = PROTO_TCP,
	                     .ports = ports};
}

/* SMTP from everywhere and to everywhere; permission matters where the default route leads. */
static void plan_smtp(struct audit *audit, const struct appliance *esa)
{
	struct ports ports =
	        esa->smtp_ports.list.n ? esa->smtp_ports : one_port(audit->arena, smtp_port);
	struct plan in = plan_of(FLOW_SMTP_IN, esa, ports);
	struct plan out = plan_of(FLOW_SMTP_OUT, esa, one_port(audit->arena, smtp_port));
	in.to = (struct end){esa, &esa->addresses};
	out.from = (struct end){esa, &esa->addresses};
	plan_with_any(audit, &in);
	plan_with_any(audit, &out);
}

static void plan_pair(struct audit *audit, enum flow_kind kind, const struct appliance *esa,
                      struct end from, struct end to, uint16_t port)
{
	struct plan plan = plan_of(kind, esa, one_port(audit->arena, port));
	plan.from = from;
	plan.to = to;
	plan_between(audit, &plan);
}

/* The flows between an ESA and an SMA. */
static void plan_quarantine(struct audit *audit, const struct appliance *esa,
                            const struct appliance *sma)
{
	struct end esa_cpq = {esa, appliance_cpq_addresses(esa)};
	struct end sma_cpq = {sma, appliance_cpq_addresses(sma)};
	struct end esa_ssh = {esa, appliance_ssh_addresses(esa)};
	struct end sma_ssh = {sma, appliance_ssh_addresses(sma)};
	struct end esa_own = {esa, &esa->addresses}, sma_own = {sma, &sma->addresses};
	plan_pair(audit, FLOW_CPQ_QUARANTINE, esa, esa_cpq, sma_cpq, appliance_cpq_port(sma));
	plan_pair(audit, FLOW_CPQ_RELEASE, esa, sma_cpq, esa_cpq, appliance_cpq_port(esa));
	plan_pair(audit, FLOW_SSH_CONFIG, esa, sma_ssh, esa_ssh, ssh_port);
	if (esa->spam_quarantine || sma->spam_quarantine)
		plan_pair(audit, FLOW_SPAM_QUARANTINE, esa, esa_own, sma_own, spam_quarantine_port);
}

static const struct appliance *appliance_named(const struct policy *policy, struct str name)
{
	VEC_EACH(const struct appliance, appliance, &policy->appliances.list)
		if (name.n && str_eq(appliance->name, name))
			return appliance;
	return NULL;
}

static void plan_custom(struct audit *audit, const struct custom_flow *custom)
{
	const struct appliance *from = appliance_named(audit->policy, custom->from.appliance);
	const struct appliance *to = appliance_named(audit->policy, custom->to.appliance);
	if (!from && !to)
		return; /* its appliances are not of this firewall */
	struct plan plan = plan_of(FLOW_CUSTOM, to ? to : from, custom->ports);
	plan.name = custom->name;
	plan.protocol = custom->protocol ? custom->protocol : PROTO_TCP;
	if (from)
		plan.from = (struct end){from, &from->addresses};
	if (to)
		plan.to = (struct end){to, &to->addresses};
	if (from && to) {
		plan_between(audit, &plan);
		return;
	}
	plan.addresses = from ? custom->to.addresses : custom->from.addresses;
	plan_with_any(audit, &plan);
}

/* Permission of SMTP is judged from the interface of the default route alone, if there is one. */
static void mark_primary(struct audit *audit)
{
	VEC_EACH(struct flow_work, work, &audit->flows) {
		enum flow_kind kind = work->flow->kind;
		if ((kind != FLOW_SMTP_IN && kind != FLOW_SMTP_OUT) || work->lanes.n == 0)
			continue;
		const struct lane *lane = &work->lanes.v[0];
		bool v4 = addr_is4(kind == FLOW_SMTP_IN ? lane->server : lane->client);
		const struct interface *internet = path_default(audit->config, v4);
		const struct interface *other = kind == FLOW_SMTP_IN ? work->in : work->out;
		work->flow->primary = !internet || other == internet;
	}
}

void audit_flows(struct audit *audit)
{
	const struct policy *policy = audit->policy;
	if (audit->config->system_context) {
		VEC_PUSH(audit->arena, &audit->report->notes,
		         S("this is the system space: no traffic crosses it, its contexts carry "
		           "it"));
		return;
	}
	audit->own_addresses = own_addresses(audit);
	VEC_EACH(const struct appliance, esa, &policy->appliances.list) {
		if (esa->role != ROLE_ESA)
			continue;
		plan_smtp(audit, esa);
		VEC_EACH(const struct appliance, sma, &policy->appliances.list)
			if (sma->role == ROLE_SMA)
				plan_quarantine(audit, esa, sma);
	}
	VEC_EACH(const struct custom_flow, custom, &policy->flows)
		plan_custom(audit, custom);
	mark_primary(audit);
}
