/* SPDX-License-Identifier: ISC */
/* Translation of a traced packet, and what it forbids. */
#include "analyzers/pat.h"
#include "analyzers/trace_walk.h"

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

/* "192.0.2.1/25", the port only where there are ports. */
static void add_end(const struct walk *walk, struct buf *out, u128 address, uint16_t port,
                    bool port_known)
{
	addr_add(out, address);
	if (!walk_has_ports(walk))
		return;
	buf_char(out, '/');
	if (port_known)
		buf_number(out, port);
	else
		buf_char(out, '?');
}

/* Has the rule a pool on the egress besides the interface's own address? */
static bool has_pool(const struct walk *walk, const struct nat_rule *rule)
{
	if (!rule->legacy)
		return !rule->to_interface;
	VEC_EACH(const struct global_pool, global, &walk->config->globals)
		if (global->id == rule->legacy->id && !global->is_interface &&
		    config_interface(walk->config, global->ifc) == walk->packet.out)
			return true;
	return false;
}

/* " to an address of the pool", or to that of an interface, which may be anything. */
static void add_pool(const struct walk *walk, struct buf *out, const struct xlate *xlate)
{
	const struct nat_rule *rule = xlate->rule;
	const struct interface *ifc = rule->mapped_ifc ? rule->mapped_ifc : walk->packet.out;
	struct iset anything =
	        iset_family(walk->arena, iset_all(), addr_is4(walk->packet.wire.at[DIM_SRC]));
	const char *by = NULL;
	bool pool = has_pool(walk, rule);
	if (pool)
		buf_add(out, S(" to an address of the pool"));
	if (!iset_covers(xlate_addresses(xlate), anything))
		return;
	VEC_EACH(const struct interface_address, at, &ifc->addresses)
		if (at->by)
			by = at->by;
	buf_add(out, pool ? S(" or that of interface ") : S(" to the address of interface "));
	buf_add(out, walk_ifc_name(walk, ifc));
	if (by)
		buf_printf(out, ", which it gets by %s", by);
	else
		buf_add(out, S(", which is not in the text"));
}

static void add_translation(const struct walk *walk, struct buf *out, struct str verb,
                            const struct xlate *xlate, enum dim address, enum dim port)
{
	const struct packet *wire = &walk->packet.wire;
	if (xlate->changed) {
		buf_add(out, verb);
		buf_char(out, ' ');
	}
	add_end(walk, out, wire->at[address], (uint16_t)wire->at[port], true);
	if (!xlate->changed) {
		buf_printf(out, " is not translated (%s)", kind_of(xlate));
	} else if (!xlate->address_known) {
		add_pool(walk, out, xlate);
	} else {
		buf_add(out, S(" to "));
		add_end(walk, out, xlate->address, xlate->port, xlate->port_known);
	}
}

void trace_un_nat(struct walk *walk)
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
	struct trace_phase phase =
	        walk_begin("UN-NAT", str_of(walk->trace->destination.kind), S(""));
	walk_line(walk, &phase, xlate->rule->span);
	if (xlate->done == VERDICT_UNKNOWN) {
		walk_unknown(walk, &phase, xlate->why_text);
		return;
	}
	if (!walk->brief) {
		struct buf text = {.arena = walk->arena};
		const struct interface *divert = nat_divert(walk->config, xlate);
		if (divert) {
			buf_add(&text, S("NAT divert to egress interface "));
			buf_add(&text, walk_ifc_name(walk, divert));
			buf_add(&text, S(". "));
		}
		add_translation(walk, &text, S("Untranslate"), xlate, DIM_DST, DIM_DPORT);
		phase.detail = buf_str(&text);
	}
	walk_end(walk, &phase, S(""));
}

/* What the source becomes; outbound lists see that before 8.3. */
void trace_source(struct walk *walk)
{
	struct lane *lane = &walk->lane;
	if (!walk->packet.out)
		return;
	walk->source = nat_source(walk->arena, walk->config, &walk->tracer->nat, &walk->packet,
	                          &walk->destination);
	pat_limit(walk->arena, walk->config, &walk->packet, &walk->source);
	walk->trace->source = nat_of(&walk->source);
	const struct nat_rule *rule = walk->source.rule;
	if (walk->source.done == VERDICT_NO || !rule->legacy)
		return;
	if (rule->act != ACT_EXEMPT)
		lane->client_nat = rule->legacy;
	if (rule->act != ACT_EXEMPT || walk->source.done == VERDICT_UNKNOWN)
		lane->leaves_as = xlate_addresses(&walk->source);
}

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
	        walk_begin("NAT", S("nat-control"),
	                   S("nat-control is on and no nat, static or exemption translates it"));
	phase.result = TRACE_DROP;
	walk_end(walk, &phase, S("(acl-drop) No translation group found (305005)"));
}

void trace_source_phase(struct walk *walk)
{
	const struct xlate *xlate = &walk->source;
	if (!walk->packet.out)
		return;
	if (xlate->done != VERDICT_NO) {
		struct trace_phase phase = walk_begin("NAT", str_of(kind_of(xlate)), S(""));
		walk_line(walk, &phase, xlate->rule->span);
		for (uint32_t i = 0; i < xlate->rule->n_pools; i++)
			if (xlate->rule->pools[i].ifc == walk->packet.out)
				walk_line(walk, &phase, xlate->rule->pools[i].global->span);
		if (xlate->refused) {
			phase.result = TRACE_DROP;
			phase.detail = xlate->why_text;
			walk_end(walk, &phase,
			         xlate->no_pat ? S("(nat-xlate-failed) NAT failed")
			                       : S("(acl-drop) Flow is denied by configured rule"));
		} else if (xlate->done == VERDICT_UNKNOWN) {
			walk_unknown(walk, &phase, xlate->why_text);
		} else {
			struct buf text = {.arena = walk->arena};
			if (!walk->brief)
				add_translation(walk, &text, S("Translate"), xlate, DIM_SRC,
				                DIM_SPORT);
			phase.detail = buf_str(&text);
			walk_end(walk, &phase, S(""));
		}
	}
	check_nat_control(walk);
}

/* The reply's translation must be the one that the packet had. */
void trace_reverse_phase(struct walk *walk)
{
	const struct nat_rule *other;
	if (!walk->packet.out || walk->packet.out == walk->packet.in)
		return;
	enum verdict same = nat_reverse(walk->arena, walk->config, &walk->tracer->nat,
	                                &walk->packet, &walk->destination, &walk->source, &other);
	if (same == VERDICT_YES && !other)
		return;
	struct trace_phase phase = walk_begin("NAT", S("rpf-check"), S(""));
	walk_line(walk, &phase, other->span);
	if (same == VERDICT_UNKNOWN) {
		walk_unknown(walk, &phase, S("it cannot be told whether replies meet this rule"));
		return;
	}
	if (same == VERDICT_NO) {
		phase.result = TRACE_DROP;
		phase.detail = S("replies would be translated by this rule, which the packet did "
		                 "not meet (305013)");
	}
	walk_end(walk, &phase,
	         S("(nat-rpf-failed) Asymmetric NAT rules matched for forward and reverse flows"));
}
