/* SPDX-License-Identifier: ISC */
#include "analyzers/way.h"

#include "analyzers/cuts.h"
#include "analyzers/trace_walk.h"

enum { MOST_PARTS = 20000, ORDINARY_PORT = 40000 };

/* --- where the outcome may change ------------------------------------------------------- */

static bool is_at(const struct interface *rule, const struct interface *ifc)
{
	return !rule || !ifc || rule == ifc;
}

struct cutter {
	struct arena *arena;
	const struct tracer *tracer;
	const struct lane *lane;
	struct range hull; /* what lies outside of it cuts no address of the lane */
	struct cut_points points;
};

/* Most networks of a config are none of the lane's, so they are left out before they are sorted. */
static void cut_at(struct cutter *cutter, struct iset set)
{
	for (uint32_t i = 0; i < set.n; i++)
		if (set.v[i].lo <= cutter->hull.hi && set.v[i].hi >= cutter->hull.lo)
			cut_points_add(cutter->arena, &cutter->points, (struct iset){&set.v[i], 1});
}

/* The ends of the ACEs of policy NAT and exemption, whichever side of them an address is on. */
static void cut_at_list(struct cutter *cutter, const struct acl *acl)
{
	const struct config *config = cutter->tracer->config;
	if (acl)
		VEC_EACH(const struct ace, ace, &acl->aces) {
			if (ace->action != ACE_PERMIT && ace->action != ACE_DENY)
				continue;
			cut_at(cutter, config_addr_set(config, ace->src)->may);
			cut_at(cutter, config_addr_set(config, ace->src)->must);
			cut_at(cutter, config_addr_set(config, ace->dst)->may);
			cut_at(cutter, config_addr_set(config, ace->dst)->must);
		}
}

static void cut_at_routes(struct cutter *cutter)
{
	VEC_EACH(const struct hop, hop, &cutter->tracer->routes.list)
		cut_at(cutter, (struct iset){&hop->network, 1});
}

/* Sets of the rules that can meet a source of the lane, from their real side or the other. */
static void cut_sources(struct cutter *cutter)
{
	const struct passage *passage = &cutter->lane->passage;
	VEC_EACH(const struct nat_rule, rule, &cutter->tracer->nat.rules) {
		if (is_at(rule->real_ifc, passage->in) && is_at(rule->mapped_ifc, passage->out))
			cut_at(cutter, rule->src_real.may);
		if (is_at(rule->mapped_ifc, passage->in))
			cut_at(cutter, rule->dst_real.may);
		cut_at_list(cutter, rule->acl);
	}
	if (passage->in && passage->in->verify_reverse.len)
		cut_at_routes(cutter);
}

/* Lists of crypto maps, where they can make a difference (tunnel_stop). */
static void cut_at_tunnels(struct cutter *cutter)
{
	const struct config *config = cutter->tracer->config;
	if (!cutter->lane->peer_is_any)
		VEC_EACH(const struct crypto_entry, entry, &config->crypto_entries)
			cut_at_list(cutter, config_acl(config, entry->acl));
}

/* The same of its destinations, and routes. */
static void cut_destinations(struct cutter *cutter)
{
	const struct passage *passage = &cutter->lane->passage;
	VEC_EACH(const struct nat_rule, rule, &cutter->tracer->nat.rules) {
		if (is_at(rule->real_ifc, passage->in))
			cut_at(cutter, rule->dst_mapped.may);
		if (is_at(rule->mapped_ifc, passage->in)) {
			cut_at(cutter, rule->src_mapped.may);
			cut_at(cutter, rule->src_real.may);
		}
		cut_at_list(cutter, rule->acl);
	}
	cut_at_routes(cutter);
	VEC_EACH(const struct interface, ifc, &cutter->tracer->config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (!at->masked)
				cut_at(cutter,
				       (struct iset){&(struct range){at->address, at->address}, 1});
}

/* --- one packet ------------------------------------------------------------------------- */

static struct packet packet_of(const struct lane *lane, enum dim free, u128 address)
{
	struct packet packet;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		packet.at[dim] = lane->real.dim[dim].v[0].lo;
	if (iset_contains(lane->real.dim[DIM_SPORT], ORDINARY_PORT))
		packet.at[DIM_SPORT] = ORDINARY_PORT;
	packet.at[free] = address;
	if (lane->server_is_appliance) {
		packet.at[DIM_DST] = lane->wire_dst;
		packet.at[DIM_DPORT] = lane->wire_port;
	}
	return packet;
}

static bool is_by_route(const struct trace_phase *phase)
{
	return str_eq(str_of(phase->type), S("ROUTE-LOOKUP")) ||
	       str_eq(str_of(phase->type), S("INPUT"));
}

static struct str ifc_name(const struct tracer *tracer, const struct interface *ifc)
{
	return config_name(tracer->config, ifc->nameif);
}

/* It gets through, but is that the way of the lane? */
static struct stop other_way(struct arena *arena, const struct tracer *tracer,
                             const struct lane *lane, const struct trace *trace)
{
	const struct interface *in = lane->passage.in, *out = lane->passage.out;
	const struct trace_nat *to = &trace->destination;
	struct str output = trace->output;
	struct stop stop = {.why = WHY_ROUTE};
	if (lane->server_is_appliance && to->applies && to->certain && to->address != lane->server)
		return (struct stop){STR_JOIN(arena, S("its translation leads to "),
		                              addr_text(arena, to->address)),
		                     to->span, WHY_TWO_READINGS};
	if (output.n == 0)
		return stop;
	if (out && !str_eq(output, ifc_name(tracer, out)))
		stop.text = STR_JOIN(arena, S("by the routes of the text it leaves by interface "),
		                     output);
	if (!out && !tracer->config->same_security_intra && str_eq(output, ifc_name(tracer, in)))
		stop.text = S(
		        "by the routes of the text it leaves by the interface that it came in by");
	return stop;
}

static bool is_tunnel(const struct trace_phase *phase)
{
	return str_eq(str_of(phase->type), S("VPN"));
}

/*
 * The phase that leaves open whether a packet gets through, by its translation or by a tunnel, or
 * NULL. What a source becomes stops none.
 */
static const struct trace_phase *open_phase(const struct trace *trace)
{
	VEC_EACH(const struct trace_phase, phase, &trace->phases)
		if (phase->result == TRACE_UNKNOWN &&
		    (is_tunnel(phase) || str_eq(str_of(phase->type), S("UN-NAT")) ||
		     str_eq(phase->subtype, S("rpf-check"))))
			return phase;
	return NULL;
}

/* Mail of the world at large is not what a tunnel is for, though some of it may lie behind one. */
static struct stop tunnel_stop(const struct lane *lane, const struct trace_phase *phase,
                               bool permitted)
{
	bool comes = str_eq(phase->subtype, S("ipsec-tunnel-flow"));
	if (lane->peer_is_any || (!permitted && !comes))
		return (struct stop){0};
	return (struct stop){phase->detail, phase->lines.v[0], WHY_UNMODELLED};
}

/* What the way says against a verdict of the access rules. */
static struct stop stop_of(struct arena *arena, const struct tracer *tracer,
                           const struct lane *lane, const struct trace *trace, bool permitted)
{
	const struct trace_phase *phase = open_phase(trace);
	struct stop stop = {0};
	if (trace->result == TRACE_DROP && !permitted)
		return stop;
	if (trace->result == TRACE_DROP) {
		phase = &trace->phases.v[trace->phases.n - 1];
		/* Of the world at large, what is routed to Null0 is nobody's. */
		if (lane->peer_is_any && str_eq(phase->detail, TRACE_DISCARDED))
			return stop;
		bool by_route = is_by_route(phase);
		stop.why = by_route ? WHY_ROUTE : WHY_TWO_READINGS;
		stop.text =
		        STR_JOIN(arena,
		                 by_route ? S("by the routes of the text it is dropped: ")
		                          : S("its translation should make the device drop it: "),
		                 phase->detail.n ? phase->detail : trace->reason);
	} else if (!phase) {
		return other_way(arena, tracer, lane, trace);
	} else if (is_tunnel(phase)) {
		return tunnel_stop(lane, phase, permitted);
	} else if (permitted) {
		stop.why = WHY_MASKED;
		stop.text = STR_JOIN(arena, S("its translation is open: "), phase->detail);
	}
	if (phase->lines.n)
		stop.span = phase->lines.v[0];
	return stop;
}

/* --- the lane in parts ------------------------------------------------------------------ */

static bool same_stop(const struct stop *a, const struct stop *b)
{
	return str_eq(a->text, b->text) && span_same(a->span, b->span) &&
	       a->span.len == b->span.len;
}

static void add_range(struct arena *arena, struct way *way, const struct stop *permitted,
                      const struct stop *blocked, struct range range)
{
	struct way_part *found = NULL;
	VEC_EACH(struct way_part, part, &way->parts)
		if (same_stop(&part->permitted, permitted) && same_stop(&part->blocked, blocked))
			found = part;
	if (!found) {
		const struct way_part part = {.permitted = *permitted, .blocked = *blocked};
		found = VEC_PUSH(arena, &way->parts, part);
		found->permitted.text = str_copy(arena, permitted->text);
		found->blocked.text = str_copy(arena, blocked->text);
	}
	VEC_PUSH(arena, &found->ranges, range);
}

static bool same_rule(const struct trace_nat *a, const struct trace_nat *b)
{
	return a->applies == b->applies && a->certain == b->certain && span_same(a->span, b->span);
}

/* Only translations before 8.3 have limits. Neighbours that meet the same rules are one. */
static void add_rules(struct arena *arena, const struct cutter *cutter, const struct trace *trace,
                      struct range range, struct way *way)
{
	const struct stop other = other_way(arena, cutter->tracer, cutter->lane, trace);
	struct way_rules rules = {range,
	                          trace->source,
	                          trace->destination,
	                          trace->output.n > 0,
	                          other.text.n == 0,
	                          trace->result == TRACE_DROP};
	struct way_rules *last = way->rules.n ? &way->rules.v[way->rules.n - 1] : NULL;
	if (cutter->tracer->nat.modern)
		return;
	if (last && last->range.hi + 1 == range.lo && last->known == rules.known &&
	    last->here == rules.here && last->dropped == rules.dropped &&
	    same_rule(&last->source, &rules.source) &&
	    same_rule(&last->destination, &rules.destination))
		last->range.hi = range.hi;
	else
		VEC_PUSH(arena, &way->rules, rules);
}

struct way way_of(struct arena *arena, const struct tracer *tracer, const struct lane *lane)
{
	struct cutter cutter = {.arena = arena, .tracer = tracer, .lane = lane};
	struct way way = {.free = lane->server_is_appliance ? DIM_SRC : DIM_DST};
	if (!lane->passage.in || lane->mapped_unknown || box_is_empty(&lane->real))
		return way; /* the way cannot be told; the rules have said so where it matters */
	const struct iset extent = lane->real.dim[way.free];
	cutter.hull = (struct range){extent.v[0].lo, extent.v[extent.n - 1].hi};
	if (way.free == DIM_SRC)
		cut_sources(&cutter);
	else
		cut_destinations(&cutter);
	cut_at_tunnels(&cutter);
	struct cuts cuts = cuts_of(arena, extent, &cutter.points);
	way.too_many = cuts.n > MOST_PARTS;
	struct arena *scratch = arena_new();
	for (uint32_t i = 0; i < cuts.n && !way.too_many; i++, arena_clear(scratch)) {
		/* A rule that moves a network may move its ends to where others differ. */
		const u128 ends[] = {cuts.v[i].lo, cuts.v[i].hi};
		struct stop permitted = {0}, blocked = {0};
		for (int k = 0; k < 2; k++) {
			struct packet packet = packet_of(lane, way.free, ends[k]);
			struct trace trace;
			trace_way(scratch, tracer, lane->passage.in, &packet, &trace);
			if (permitted.text.n == 0)
				permitted = stop_of(scratch, tracer, lane, &trace, true);
			if (k == 0)
				add_rules(arena, &cutter, &trace, cuts.v[i], &way);
			if (blocked.text.n == 0)
				blocked = stop_of(scratch, tracer, lane, &trace, false);
		}
		add_range(arena, &way, &permitted, &blocked, cuts.v[i]);
	}
	arena_free(scratch);
	VEC_EACH(struct way_part, part, &way.parts)
		part->addresses = iset_of(arena, part->ranges.v, part->ranges.n);
	return way;
}

/* --- a cell ----------------------------------------------------------------------------- */

static void put_unknown(struct arena *arena, struct verdict_cell cell, enum why_code why,
                        struct str text, struct span span, struct verdict_cells *out)
{
	cell.verdict = VERDICT_UNKNOWN;
	cell.ace = NULL;
	cell.acl = NULL;
	cell.why = why;
	cell.why_text = text;
	cell.why_span = span;
	VEC_PUSH(arena, &out->list, cell);
}

void way_check(struct arena *arena, const struct way *way, const struct verdict_cell *cell,
               struct verdict_cells *out)
{
	bool permitted = cell->verdict == VERDICT_YES;
	bool settled = way->parts.n == 0 || cell->verdict == VERDICT_UNKNOWN;
	if (way->too_many && permitted) {
		put_unknown(arena, *cell, WHY_BUDGET,
		            S("translation has too many rules here to be followed for every "
		              "address"),
		            (struct span){0}, out);
		return;
	}
	if (settled || box_is_empty(&cell->box)) {
		VEC_PUSH(arena, &out->list, *cell);
		return;
	}
	VEC_EACH(const struct way_part, part, &way->parts) {
		const struct stop *stop = permitted ? &part->permitted : &part->blocked;
		struct verdict_cell piece = *cell;
		piece.box.dim[way->free] =
		        iset_intersect(arena, cell->box.dim[way->free], part->addresses);
		if (iset_is_empty(piece.box.dim[way->free]))
			continue;
		struct str rules = permitted ? S("the access rules permit it, but ")
		                             : S("the access rules block it here, but ");
		if (stop->text.n == 0)
			VEC_PUSH(arena, &out->list, piece);
		else
			put_unknown(arena, piece, stop->why, STR_JOIN(arena, rules, stop->text),
			            stop->span, out);
	}
}
