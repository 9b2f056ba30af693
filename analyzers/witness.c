/* SPDX-License-Identifier: ISC */
/*
 * The witness of a finding: one packet that `asamend trace` confirms (product.md). The audit
 * decides sets of packets, and some of a set may be dropped, or go another way, before what the
 * finding speaks of comes to them; so packets of the set are traced until one shows it.
 */
#include "analyzers/audit.h"

enum { MOST_TRIES = 256 };

/* --- what a trace shows ----------------------------------------------------------------- */

typedef bool shows_fn(const struct finding *finding, const struct trace *trace);

/* The line of the engine is the first of the evidence. */
static bool shows_engine(const struct finding *finding, const struct trace *trace)
{
	VEC_EACH(const struct trace_inspection, inspection, &trace->inspections)
		if (span_same(inspection->hit.span, finding->evidence.v[0]) &&
		    (inspection->certain || !finding->certain))
			return true;
	return false;
}

/* Mail that was to be exempt is inspected. */
static bool shows_inspection(const struct finding *finding, const struct trace *trace)
{
	(void)finding;
	VEC_EACH(const struct trace_inspection, inspection, &trace->inspections)
		if (inspection->certain)
			return true;
	return false;
}

static bool lists_limit(const struct trace *trace, struct span span, bool certain)
{
	VEC_EACH(const struct trace_limit, limit, &trace->limits)
		if (span_same(limit->hit.span, span) && (limit->certain || !certain))
			return true;
	return false;
}

/* Each line of the evidence is a limit. */
static bool shows_limits(const struct finding *finding, const struct trace *trace)
{
	VEC_EACH(const struct span, span, &finding->evidence)
		if (!lists_limit(trace, *span, finding->certain))
			return false;
	return true;
}

/* A phase that the line, first of the evidence, decides. */
static bool shows_phase(const struct finding *finding, const struct trace *trace)
{
	VEC_EACH(const struct trace_phase, phase, &trace->phases)
		VEC_EACH(const struct span, line, &phase->lines)
			if (span_same(*line, finding->evidence.v[0]) &&
			    (phase->result == TRACE_ALLOW || !finding->certain))
				return true;
	return false;
}

/* By a line of the evidence, or for want of a translation, which no line names. */
static bool shows_drop(const struct finding *finding, const struct trace *trace)
{
	const struct trace_phase *last =
	        trace->phases.n ? &trace->phases.v[trace->phases.n - 1] : NULL;
	if (!last || trace->result != TRACE_DROP)
		return false;
	VEC_EACH(const struct span, line, &last->lines)
		VEC_EACH(const struct span, span, &finding->evidence)
			if (span_same(*line, *span))
				return true;
	return str_eq(last->subtype, S("nat-control")) &&
	       str_contains(finding->at_fault, S("nat-control"));
}

/* Of a rule without a row any packet will do. */
static shows_fn *const shows[RULE_COUNT] = {
        [RULE_AM101] = shows_engine,     [RULE_AM102] = shows_engine,
        [RULE_AM103] = shows_engine,     [RULE_AM104] = shows_engine,
        [RULE_AM105] = shows_engine,     [RULE_AM106] = shows_engine,
        [RULE_AM107] = shows_engine,     [RULE_AM108] = shows_phase,
        [RULE_AM201] = shows_limits,     [RULE_AM202] = shows_limits,
        [RULE_AM203] = shows_limits,     [RULE_AM204] = shows_limits,
        [RULE_AM205] = shows_limits,     [RULE_AM206] = shows_limits,
        [RULE_AM207] = shows_limits,     [RULE_AM301] = shows_drop,
        [RULE_AM302] = shows_drop,       [RULE_AM303] = shows_drop,
        [RULE_AM304] = shows_drop,       [RULE_AM401] = shows_inspection,
        [RULE_AM402] = shows_inspection, [RULE_AM403] = shows_inspection,
        [RULE_AM404] = shows_inspection, [RULE_AM405] = shows_inspection,
        [RULE_AM408] = shows_phase,
};

/* --- packets of a set ------------------------------------------------------------------- */

struct search {
	const struct audit *audit;
	struct finding *finding; /* gets the witness */
	shows_fn *shown;         /* what its trace must show; NULL: any packet will do */
	bool passing, surely;    /* it must not be dropped; it must be allowed */
	const struct lane *lane;
	struct arena *scratch;
	unsigned tries;
};

/* It leaves as the lane does, and comes to its server by whatever address. */
static bool goes_the_way(const struct search *search, const struct trace *trace)
{
	const struct lane *lane = search->lane;
	const struct interface *out = lane->passage.out;
	const struct trace_nat *to = &trace->destination;
	u128 address = to->applies ? to->address : trace->packet.at[DIM_DST];
	if (out && trace->output.n &&
	    !str_eq(trace->output, audit_name(search->audit, out->nameif)))
		return false;
	return !lane->server_is_appliance || (to->applies && !to->certain) ||
	       address == lane->server;
}

static void give(struct search *search, struct str input, const struct packet *packet)
{
	search->finding->has_witness = true;
	search->finding->witness = (struct witness){input, *packet};
}

static bool try_packet(struct search *search, const struct interface *in,
                       const struct packet *packet)
{
	struct trace trace;
	search->tries++;
	trace_packet(search->scratch, &search->audit->tracer, in, packet, &trace);
	if (!goes_the_way(search, &trace) || (search->passing && trace.result == TRACE_DROP) ||
	    (search->surely && trace.result != TRACE_ALLOW) ||
	    (search->shown && !search->shown(search->finding, &trace)))
		return false;
	give(search, audit_name(search->audit, in->nameif), packet);
	return true;
}

/* It comes in by the lane's interface; where that is not known, by any other than its egress. */
static bool try_inputs(struct search *search, const struct packet *packet)
{
	const struct passage *passage = &search->lane->passage;
	if (passage->in)
		return try_packet(search, passage->in, packet);
	bool none = true;
	VEC_EACH(const struct interface, ifc, &search->audit->config->interfaces) {
		if (!path_carries_traffic(ifc) || ifc == passage->out)
			continue;
		none = false;
		if (try_packet(search, ifc, packet))
			return true;
	}
	if (!none || search->passing)
		return false;
	/* The text has no interface that it could come in by: none can be traced. */
	give(search, S("any"), packet);
	return true;
}

/* Addresses of hosts; the set itself when it has none. */
static struct iset hosts_of(struct search *search, struct iset set)
{
	struct iset hosts = path_without(search->scratch, set, search->audit->no_hosts);
	return iset_is_empty(hosts) ? set : hosts;
}

static bool pick(struct search *search, const struct box *box, struct packet *packet)
{
	struct box hosts = *box;
	hosts.dim[DIM_SRC] = hosts_of(search, box->dim[DIM_SRC]);
	hosts.dim[DIM_DST] = hosts_of(search, box->dim[DIM_DST]);
	return box_witness(&hosts, packet) || box_witness(box, packet);
}

/* Its IPv4 address; 0: it has none that is known. */
static u128 own_address(const struct interface *ifc)
{
	if (ifc)
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (!at->masked && addr_is4(at->address))
				return at->address;
	return 0;
}

/* By the address that a static gives the server, for the peers of one line of its list. */
static bool try_static(struct search *search, const struct box *box, const struct legacy_nat *nat,
                       const struct ace *ace)
{
	struct box peers = *box;
	struct packet packet;
	if (ace)
		peers.dim[DIM_SRC] =
		        iset_intersect(search->scratch, box->dim[DIM_SRC],
		                       config_addr_set(search->audit->config, ace->dst)->must);
	if (search->tries >= MOST_TRIES || !pick(search, &peers, &packet))
		return false;
	packet.at[DIM_DST] = nat->mapped.lo;
	if (nat->mapped_is_interface)
		packet.at[DIM_DST] = own_address(search->lane->passage.in);
	packet.at[DIM_DPORT] = nat->protocol ? nat->mapped_port : search->lane->wire_port;
	return packet.at[DIM_DST] && try_inputs(search, &packet);
}

/* Peers that no list of a policy static names. */
static struct box without_listed(const struct search *search, const struct box *box)
{
	const struct config *config = search->audit->config;
	struct box rest = *box;
	VEC_EACH(const struct legacy_nat, nat, &config->nats) {
		const struct acl *acl =
		        nat->kind == NAT_STATIC && nat->acl ? config_acl(config, nat->acl) : NULL;
		for (uint32_t i = 0; acl && i < acl->aces.n; i++)
			if (acl->aces.v[i].action == ACE_PERMIT)
				rest.dim[DIM_SRC] = iset_subtract(
				        search->scratch, rest.dim[DIM_SRC],
				        config_addr_set(config, acl->aces.v[i].dst)->may);
	}
	return rest;
}

/*
 * Where it is a matter of the peer by which address it reaches the server: by its own, or by one
 * that a static gives.
 */
static bool try_addresses(struct search *search, const struct box *box)
{
	const struct config *config = search->audit->config;
	const struct box others = without_listed(search, box);
	struct packet packet;
	if (pick(search, &others, &packet) || pick(search, box, &packet)) {
		packet.at[DIM_DST] = search->lane->server;
		if (try_inputs(search, &packet))
			return true;
	}
	VEC_EACH(const struct legacy_nat, nat, &config->nats) {
		const struct acl *acl = nat->acl ? config_acl(config, nat->acl) : NULL;
		if (nat->kind != NAT_STATIC || nat->mapped_unknown)
			continue;
		if (!acl && try_static(search, box, nat, NULL))
			return true;
		for (uint32_t i = 0; acl && i < acl->aces.n; i++)
			if (acl->aces.v[i].action == ACE_PERMIT &&
			    try_static(search, box, nat, &acl->aces.v[i]))
				return true;
	}
	return false;
}

static bool try_box(struct search *search, const struct box *box)
{
	const struct lane *lane = search->lane;
	struct packet packet;
	if (lane->server_is_appliance && lane->mapped_unknown)
		return try_addresses(search, box);
	if (!pick(search, box, &packet))
		return false;
	if (lane->server_is_appliance) {
		packet.at[DIM_DST] = lane->wire_dst;
		packet.at[DIM_DPORT] = lane->wire_port;
	}
	return try_inputs(search, &packet);
}

static const struct flow_work *work_of(const struct audit *audit, const struct lane *lane)
{
	VEC_EACH(const struct flow_work, work, &audit->flows)
		if (work->lanes.n && work->lanes.v <= lane && lane < work->lanes.v + work->lanes.n)
			return work;
	return NULL;
}

/* The parts of a box that translation, routes and tunnels tell apart. */
static bool try_way(struct search *search, const struct way *way, const struct box *box)
{
	VEC_EACH(const struct way_part, part, &way->parts) {
		VEC_EACH(const struct range, range, &part->ranges) {
			struct box narrow = *box;
			narrow.dim[way->free] = iset_intersect(search->scratch, box->dim[way->free],
			                                       (struct iset){range, 1});
			if (search->tries >= MOST_TRIES)
				return false;
			if (!box_is_empty(&narrow) && try_box(search, &narrow))
				return true;
		}
	}
	return false;
}

/* Those of which the access rules have one verdict, and of these in turn. */
static bool try_permission(struct search *search, const struct flow_work *work,
                           const struct box *box, enum verdict verdict)
{
	const struct way *way = &work->ways.v[search->lane - work->lanes.v];
	struct box part;
	VEC_EACH(const struct verdict_cell, cell, &work->permission.list)
		if (cell->lane == search->lane && cell->verdict == verdict &&
		    box_intersect(search->scratch, box, &cell->box, &part) &&
		    (try_box(search, &part) || try_way(search, way, &part)))
			return true;
	return false;
}

void audit_witness(struct audit *audit, struct finding *finding, const struct lane *lane,
                   const struct box *box)
{
	if (finding->has_witness)
		return;
	struct search search = {
	        .audit = audit,
	        .finding = finding,
	        .shown = shows[finding->rule - rules],
	        .lane = lane,
	        .scratch = arena_new(),
	};
	const struct flow_work *work = work_of(audit, lane);
	bool found = try_box(&search, box) || !work ||
	             try_permission(&search, work, box, VERDICT_YES) ||
	             try_permission(&search, work, box, VERDICT_NO) ||
	             try_permission(&search, work, box, VERDICT_UNKNOWN);
	(void)found;
	arena_free(search.scratch);
}

/* One that is permitted by the access rules. */
static bool try_permitted(struct search *search, const struct flow_work *work)
{
	VEC_EACH(const struct verdict_cell, cell, &work->permission.list) {
		const struct way *way = &work->ways.v[cell->lane - work->lanes.v];
		search->lane = cell->lane;
		if (cell->verdict == VERDICT_YES && search->tries < MOST_TRIES &&
		    (try_box(search, &cell->box) || try_way(search, way, &cell->box)))
			return true;
	}
	return false;
}

bool audit_passing_packet(const struct audit *audit, const struct flow *flow,
                          const struct finding *like, struct witness *out)
{
	struct finding probe = like ? *like : (struct finding){0};
	struct search search = {
	        .audit = audit,
	        .finding = &probe,
	        .shown = like ? shows[like->rule - rules] : NULL,
	        .passing = true,
	        .surely = true,
	        .scratch = arena_new(),
	};
	bool found = false;
	VEC_EACH(const struct flow_work, work, &audit->flows) {
		if (!str_eq(work->flow->id, flow->id))
			continue;
		found = try_permitted(&search, work);
		search.surely = false;
		search.tries = 0;
		found = found || try_permitted(&search, work);
	}
	arena_free(search.scratch);
	*out = probe.witness;
	return found;
}
