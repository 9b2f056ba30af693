/* SPDX-License-Identifier: ISC */
/* What the source of a packet becomes, and the rule that its reply meets. */
#include "analyzers/nat_rule.h"

/* Where a policy static's real addresses begin and end: the source of its ACE. */
static struct iset real_side(const struct config *config, const struct nat_rule *rule,
                             const struct ace *ace)
{
	return ace ? config_addr_set(config, ace->src)->must : rule->src_real.must;
}

/* All addresses of a rule's pools on an interface. */
static struct iset pool_at(struct arena *arena, const struct nat_rule *rule,
                           const struct interface *ifc)
{
	struct iset all = iset_none();
	for (uint32_t i = 0; i < rule->n_pools; i++)
		if (rule->pools[i].ifc == ifc)
			all = iset_union(arena, all, rule->pools[i].addresses);
	return all;
}

/* One of a pool, from some port. */
static struct xlate one_of(struct xlate from, struct iset pool)
{
	from.changed = from.several = true;
	from.pool = pool;
	from.port_known = false;
	from.address_known = pool.n == 1 && pool.v[0].lo == pool.v[0].hi;
	if (from.address_known)
		from.address = pool.v[0].lo;
	return from;
}

/* The source of a static rule, by what it maps to. */
static struct xlate static_source(struct arena *arena, const struct config *config,
                                  const struct nat_rule *rule, const struct packet *p,
                                  const struct ace *ace, const struct addr_set *to,
                                  struct xlate from)
{
	const struct port_map *ports = &rule->source;
	struct iset real = real_side(config, rule, ace);
	bool known = to->why == WHY_NONE &&
	             rule_map_address(real, rule_mapped_side(arena, real, to->must, ace),
	                              from.address, &from.address);
	/* Some address of these: what permits from 8.3 on does not ask which. */
	bool listed = to->why == WHY_NONE || to->why == WHY_TWO_READINGS;
	if (!known && rule->twice && listed && to->may.n)
		return one_of(from, to->may);
	if (!known)
		return xlate_doubtful(arena, from, rule,
		                      "the mapped address cannot be told from the text");
	if (ports->set)
		from.port = rule->acl ? ports->mapped_lo
		                      : rule_map_port(ports->real_lo, ports->mapped_lo,
		                                      ports->mapped_hi, from.port);
	xlate_settle(&from, p, DIM_SRC, DIM_SPORT);
	return from;
}

/* The source of a rule met from its real side, translated. */
static struct xlate source_by(struct arena *arena, const struct config *config,
                              const struct nat_rule *rule, const struct nat_packet *packet,
                              const struct ace *ace, struct xlate from)
{
	from.done = VERDICT_YES;
	from.rule = rule;
	if (rule->act == ACT_EXEMPT || rule->act == ACT_IDENTITY)
		return from;
	if (rule->act == ACT_DYNAMIC && rule->legacy) {
		if (rule_has_global(rule, packet->out))
			return one_of(from, pool_at(arena, rule, packet->out));
		from = xlate_doubtful(arena, from, rule,
		                      "no matching global on the egress interface (305006)");
		from.refused = true;
		return from;
	}
	const struct addr_set to =
	        rule_mapped_source(arena, rule, packet->out, addr_is4(from.address));
	if (rule->act == ACT_DYNAMIC)
		return one_of(from, to.may);
	return static_source(arena, config, rule, &packet->wire, ace, &to, from);
}

/* The far end of a rule met from its mapped side: DST_REAL becomes DST_MAPPED. */
static struct xlate source_reverse(struct arena *arena, const struct nat_rule *rule,
                                   const struct nat_packet *packet, struct xlate from)
{
	struct addr_set to =
	        rule_mapped_destination(arena, rule, packet->out, addr_is4(from.address));
	if (to.why != WHY_NONE ||
	    !rule_map_address(rule->dst_real.must, to.must, from.address, &from.address))
		return xlate_doubtful(arena, from, rule,
		                      "the mapped address cannot be told from the text");
	if (rule->dest.set)
		from.port = rule_map_port(rule->dest.real_lo, rule->dest.mapped_lo,
		                          rule->dest.mapped_hi, from.port);
	from.done = VERDICT_YES;
	from.rule = rule;
	from.reverse = true;
	xlate_settle(&from, &packet->wire, DIM_SRC, DIM_SPORT);
	return from;
}

struct xlate nat_source(struct arena *arena, const struct config *config,
                        const struct nat_table *table, const struct nat_packet *packet,
                        const struct xlate *destination)
{
	const struct packet *p = &packet->wire;
	struct xlate none = xlate_untouched(p, DIM_SRC, DIM_SPORT);
	const struct nat_rule *twice = destination->rule;
	if (destination->done == VERDICT_YES && twice->has_dst && destination->reverse)
		return source_reverse(arena, twice, packet, none);
	struct nat_ends ends = {p->at[DIM_SRC], p->at[DIM_DST], packet_port(p, DIM_SPORT),
	                        packet_port(p, DIM_DPORT), (uint8_t)p->at[DIM_PROTO]};
	if (!table->modern && destination->done == VERDICT_YES) {
		ends.far = destination->address;
		ends.far_port = destination->port;
	}
	struct nat_walk walk;
	nat_walk_begin(table, table->by_real, ends.near, &walk);
	for (const struct nat_rule *rule; (rule = nat_walk_next(&walk));) {
		const struct ace *ace;
		/* A rule with a destination has taken that too, or it is not the packet's. */
		if (rule->has_dst && (destination->done != VERDICT_YES || rule != twice))
			continue;
		enum verdict match = rule_matches_source(arena, config, rule, &ends, packet->in,
		                                         packet->out, &ace);
		if (match == VERDICT_UNKNOWN || (match == VERDICT_YES && rule_is_across(rule)))
			return xlate_doubtful(arena, none, rule,
			                      rule_is_across(rule) ? NAT_ACROSS : NAT_UNREADABLE);
		if (match == VERDICT_YES && destination->done == VERDICT_YES && twice->has_dst &&
		    rule != twice)
			return xlate_doubtful(arena, none, rule,
			                      "this translation comes before the one that the "
			                      "destination met; the documents do not say which the "
			                      "source meets");
		if (match == VERDICT_YES)
			return source_by(arena, config, rule, packet, ace, none);
	}
	return none;
}

/*
 * Does a rule leave its real side as it is, whoever begins? `nat 0 ADDRESS` does so for what its
 * own side begins only (4.2).
 */
static bool keeps(struct arena *arena, const struct nat_rule *rule, const struct nat_packet *packet,
                  u128 address, uint16_t port)
{
	const struct port_map *ports = &rule->source;
	u128 same;
	if (rule->act == ACT_EXEMPT)
		return true;
	if (rule->act == ACT_DYNAMIC || rule->act == ACT_IDENTITY || rule->acl)
		return false;
	if (ports->set &&
	    rule_map_port(ports->real_lo, ports->mapped_lo, ports->mapped_hi, port) != port)
		return false;
	struct addr_set to = rule_mapped_source(arena, rule, packet->in, addr_is4(address));
	return rule_map_address(rule->src_real.must, to.must, address, &same) && same == address;
}

/* A rule with a destination, for a source that is any of a pool: which of them tells. */
static enum verdict far_in_pool(struct arena *arena, const struct nat_rule *rule,
                                const struct nat_packet *packet, const struct xlate *source,
                                u128 *far)
{
	struct addr_set set =
	        rule_mapped_destination(arena, rule, packet->out, addr_is4(source->address));
	struct iset both_of = iset_intersect(arena, set.may, xlate_addresses(source));
	if (iset_is_empty(both_of))
		return VERDICT_NO;
	*far = both_of.v[0].lo;
	return iset_covers(set.must, xlate_addresses(source)) ? VERDICT_YES : VERDICT_UNKNOWN;
}

enum verdict nat_reverse(struct arena *arena, const struct config *config,
                         const struct nat_table *table, const struct nat_packet *packet,
                         const struct xlate *destination, const struct xlate *source,
                         const struct nat_rule **other)
{
	struct nat_ends ends = {destination->address, source->address, destination->port,
	                        source->port, (uint8_t)packet->wire.at[DIM_PROTO]};
	*other = NULL;
	if (destination->done == VERDICT_UNKNOWN || source->done == VERDICT_UNKNOWN)
		return VERDICT_YES; /* that was said already */
	if (destination->done == VERDICT_YES && destination->rule->has_dst)
		return VERDICT_YES; /* one rule for both ends and both ways */
	struct nat_walk walk;
	nat_walk_begin(table, table->by_real, ends.near, &walk);
	for (const struct nat_rule *rule; (rule = nat_walk_next(&walk));) {
		const struct ace *ace;
		struct nat_ends met = ends;
		enum verdict match = VERDICT_YES;
		if (rule->has_dst && !source->address_known)
			match = far_in_pool(arena, rule, packet, source, &met.far);
		match = verdict_both(match, rule_matches_source(arena, config, rule, &met,
		                                                packet->out, packet->in, &ace));
		if (match == VERDICT_NO)
			continue;
		*other = rule;
		if (rule == destination->rule)
			return VERDICT_YES;
		/*
		 * `nat` without a `global` there drops what its side begins; of replies the
		 * documents say nothing.
		 */
		if (match == VERDICT_UNKNOWN || rule_is_across(rule) ||
		    (rule->legacy && rule->act == ACT_DYNAMIC &&
		     !rule_has_global(rule, packet->in)))
			return VERDICT_UNKNOWN;
		bool kept = keeps(arena, rule, packet, ends.near, ends.near_port);
		return verdict_sure(kept && !destination->changed);
	}
	return VERDICT_YES;
}
