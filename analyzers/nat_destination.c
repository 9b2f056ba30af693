/* SPDX-License-Identifier: ISC */
/* Un-NAT: what the destination of a packet becomes. */
#include "analyzers/nat_rule.h"

/* By addresses alone, and by ports where the rule has some. */
static enum verdict matches_addresses(const struct nat_rule *rule, const struct packet *p,
                                      const struct addr_set *mapped, struct xlate *out)
{
	u128 dst = p->at[DIM_DST];
	uint16_t dport = packet_port(p, DIM_DPORT), sport = packet_port(p, DIM_SPORT);
	enum verdict match = verdict_in(mapped, dst);
	if (match == VERDICT_NO)
		return VERDICT_NO;
	if (rule->has_dst)
		match = verdict_both(match, verdict_in(&rule->dst_real, p->at[DIM_SRC]));
	if (rule->dest.set && !rule_port_in(rule->dest.real_lo, rule->dest.real_hi, sport))
		return VERDICT_NO;
	if (match == VERDICT_YES &&
	    (rule->doubtful ||
	     !rule_map_address(mapped->must, rule->src_real.must, dst, &out->address)))
		return VERDICT_UNKNOWN;
	out->port = rule->source.set ? rule_map_port(rule->source.mapped_lo, rule->source.real_lo,
	                                             rule->source.real_hi, dport)
	                             : dport;
	return match;
}

/*
 * A policy static: by some ACE whose network, moved to the mapped address, holds the destination.
 */
static enum verdict matches_policy(struct arena *arena, const struct config *config,
                                   const struct nat_rule *rule, const struct packet *p,
                                   const struct addr_set *mapped, struct xlate *out)
{
	u128 dst = p->at[DIM_DST];
	uint16_t dport = packet_port(p, DIM_DPORT), sport = packet_port(p, DIM_SPORT);
	bool hidden = mapped->why != WHY_NONE && iset_contains(mapped->may, dst);
	VEC_EACH(const struct ace, ace, &rule->acl->aces) {
		if (ace->action != ACE_PERMIT ||
		    (config->platform == PLATFORM_FWSM && ace->inactive))
			continue;
		struct iset real = config_addr_set(config, ace->src)->must;
		struct iset side = rule_mapped_side(arena, real, mapped->must, ace);
		u128 back = real.n ? real.v[0].lo : dst;
		if (!hidden &&
		    (!iset_contains(side, dst) || !rule_map_address(side, real, dst, &back)))
			continue;
		const struct service_set *services = config_service_set(config, ace->service);
		uint16_t port = dport;
		struct iset ports = services->must.n ? services->must.v[0].sport : (struct iset){0};
		if (rule->source.set && ports.n == 1 && ports.v[0].lo == ports.v[0].hi)
			port = (uint16_t)ports.v[0].lo;
		const struct nat_ends ends = {back, p->at[DIM_SRC], port, sport,
		                              (uint8_t)p->at[DIM_PROTO]};
		const struct ace *found;
		enum verdict match = rule_by_aces(config, rule, &ends, &found);
		if (match == VERDICT_NO)
			continue;
		out->address = back;
		out->port = port;
		return hidden ? VERDICT_UNKNOWN : match;
	}
	return VERDICT_NO;
}

/* Does a destination on the rule's mapped side become a real one? */
static enum verdict matches_mapped(struct arena *arena, const struct config *config,
                                   const struct nat_rule *rule, const struct nat_packet *packet,
                                   struct xlate *out)
{
	const struct packet *p = &packet->wire;
	if (rule->act != ACT_STATIC || rule->one_way || rule->nowhere ||
	    !rule_is_at(rule->mapped_ifc, packet->in))
		return VERDICT_NO;
	if (rule->protocol && rule->protocol != p->at[DIM_PROTO])
		return VERDICT_NO;
	if (rule->source.set && !rule_port_in(rule->source.mapped_lo, rule->source.mapped_hi,
	                                      packet_port(p, DIM_DPORT)))
		return VERDICT_NO;
	const struct addr_set mapped =
	        rule_mapped_source(arena, rule, packet->in, addr_is4(p->at[DIM_DST]));
	return rule->acl ? matches_policy(arena, config, rule, p, &mapped, out)
	                 : matches_addresses(rule, p, &mapped, out);
}

/* An exemption of the destination, met from outside: it is not translated. */
static enum verdict exempts_reply(const struct config *config, const struct nat_rule *rule,
                                  const struct nat_packet *packet)
{
	const struct packet *p = &packet->wire;
	const struct nat_ends ends = {p->at[DIM_DST], p->at[DIM_SRC], packet_port(p, DIM_DPORT),
	                              packet_port(p, DIM_SPORT), (uint8_t)p->at[DIM_PROTO]};
	const struct ace *ace;
	if (rule->act != ACT_EXEMPT || rule->nowhere || !rule->acl || rule->real_ifc == packet->in)
		return VERDICT_NO;
	return rule_by_aces(config, rule, &ends, &ace);
}

/* The destination by a rule met from its real side (twice NAT with `destination`). */
static enum verdict destination_from_real(struct arena *arena, const struct config *config,
                                          const struct nat_rule *rule,
                                          const struct nat_packet *packet, struct xlate *out)
{
	const struct packet *p = &packet->wire;
	const struct nat_ends ends = {p->at[DIM_SRC], p->at[DIM_DST], packet_port(p, DIM_SPORT),
	                              packet_port(p, DIM_DPORT), (uint8_t)p->at[DIM_PROTO]};
	const struct ace *ace;
	if (!rule->has_dst)
		return VERDICT_NO;
	enum verdict match =
	        rule_matches_source(arena, config, rule, &ends, packet->in, NULL, &ace);
	if (match != VERDICT_YES)
		return match;
	struct addr_set from = rule_mapped_destination(arena, rule, packet->in, addr_is4(ends.far));
	if (!rule_map_address(from.must, rule->dst_real.must, ends.far, &out->address))
		return VERDICT_UNKNOWN;
	out->port = rule->dest.set ? rule_map_port(rule->dest.mapped_lo, rule->dest.real_lo,
	                                           rule->dest.real_hi, ends.far_port)
	                           : ends.far_port;
	return VERDICT_YES;
}

struct xlate nat_destination(struct arena *arena, const struct config *config,
                             const struct nat_table *table, const struct nat_packet *packet)
{
	struct xlate none = xlate_untouched(&packet->wire, DIM_DST, DIM_DPORT);
	struct nat_walk walk;
	nat_walk_begin(table, table->by_target, packet->wire.at[DIM_DST], &walk);
	for (const struct nat_rule *rule; (rule = nat_walk_next(&walk));) {
		struct xlate xlate = none;
		enum verdict match = matches_mapped(arena, config, rule, packet, &xlate);
		xlate.reverse = true;
		if (match == VERDICT_NO)
			match = exempts_reply(config, rule, packet);
		if (match == VERDICT_NO) {
			xlate.reverse = false;
			match = destination_from_real(arena, config, rule, packet, &xlate);
		}
		if (match == VERDICT_NO)
			continue;
		if (match == VERDICT_UNKNOWN || rule_is_across(rule))
			return xlate_doubtful(arena, none, rule,
			                      rule_is_across(rule) ? NAT_ACROSS : NAT_UNREADABLE);
		xlate.done = VERDICT_YES;
		xlate.rule = rule;
		xlate_settle(&xlate, &packet->wire, DIM_DST, DIM_DPORT);
		return xlate;
	}
	return none;
}

const struct interface *nat_divert(const struct config *config, const struct xlate *destination)
{
	const struct nat_rule *rule = destination->rule;
	if (destination->done != VERDICT_YES || rule->act == ACT_EXEMPT)
		return NULL;
	/* Identity NAT asks the routes before 8.4(2), and where it says so (4.4). */
	bool early = config->platform == PLATFORM_ASA && config->version.major &&
	             version_cmp(config->version, 8, 4, 2) < 0;
	bool routes_first = rule->route_lookup || (!rule->legacy && early);
	if (!destination->changed && routes_first)
		return NULL;
	return destination->reverse ? rule->real_ifc : rule->mapped_ifc;
}
