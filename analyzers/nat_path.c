/* SPDX-License-Identifier: ISC */
/* See nat_path.h. */
#include "analyzers/nat_path.h"

/* --- three-valued ----------------------------------------------------------------------- */

static enum verdict both(enum verdict a, enum verdict b)
{
	if (a == VERDICT_NO || b == VERDICT_NO)
		return VERDICT_NO;
	return a == VERDICT_YES && b == VERDICT_YES ? VERDICT_YES : VERDICT_UNKNOWN;
}

static enum verdict sure(bool yes)
{
	return yes ? VERDICT_YES : VERDICT_NO;
}

static enum verdict in_set(const struct addr_set *set, u128 point)
{
	if (set->may.n == 1 && (point < set->may.v[0].lo || set->may.v[0].hi < point))
		return VERDICT_NO; /* the commonest answer by far */
	if (iset_contains(set->must, point))
		return VERDICT_YES;
	return iset_contains(set->may, point) ? VERDICT_UNKNOWN : VERDICT_NO;
}

/* --- one rule, one packet --------------------------------------------------------------- */

static bool is_at(const struct interface *rule, const struct interface *ifc)
{
	return !rule || !ifc || rule == ifc;
}

/* An interface's own address of a family. */
static struct addr_set own_address(struct arena *arena, const struct interface *ifc, bool v4)
{
	struct addr_set set = {.may = iset_family(arena, iset_all(), v4), .why = WHY_MASKED};
	if (!ifc)
		return set;
	VEC_EACH(const struct interface_address, at, &ifc->addresses)
		if (!at->masked && addr_is4(at->address) == v4) {
			set.must = set.may = iset_point(arena, at->address);
			set.why = WHY_NONE;
			return set;
		}
	return set;
}

static struct addr_set mapped_source(struct arena *arena, const struct nat_rule *rule,
                                     const struct interface *mapped_ifc, bool v4)
{
	if (!rule->to_interface)
		return rule->src_mapped;
	if (v4 == rule->src_interface6)
		return (struct addr_set){0};
	return own_address(arena, rule->mapped_ifc ? rule->mapped_ifc : mapped_ifc, v4);
}

static struct addr_set mapped_destination(struct arena *arena, const struct nat_rule *rule,
                                          const struct interface *real_ifc, bool v4)
{
	if (!rule->dst_interface)
		return rule->dst_mapped;
	if (v4 == rule->dst_interface6)
		return (struct addr_set){0};
	return own_address(arena, rule->real_ifc ? rule->real_ifc : real_ifc, v4);
}

static bool port_in(uint16_t lo, uint16_t hi, uint16_t port)
{
	return lo <= port && port <= hi;
}

static uint16_t map_port(uint16_t from, uint16_t to, uint16_t to_hi, uint16_t port)
{
	uint32_t size = (uint32_t)(to_hi - to) + 1;
	return (uint16_t)(to + (uint32_t)(port - from) % size);
}

/* The k-th address of one set for the k-th of the other, round and round where they differ. */
static bool map_address(struct iset from, struct iset to, u128 address, u128 *out)
{
	*out = address;
	if (iset_equal(from, to))
		return true;
	if (from.n != 1 || to.n != 1 || addr_is4(from.v[0].lo) != addr_is4(to.v[0].lo))
		return false;
	u128 size = to.v[0].hi - to.v[0].lo + 1;
	u128 offset = address - from.v[0].lo;
	*out = to.v[0].lo + (size ? offset % size : offset);
	return true;
}

struct ends {
	u128 near, far; /* the address of the rule's real side, and the other */
	uint16_t near_port, far_port;
	uint8_t protocol;
};

static uint16_t port_at(const struct packet *packet, enum dim dim)
{
	return (uint16_t)packet->at[dim];
}

/*
 * The first ACE of a policy or exemption list that takes this packet. Policy NAT has permit
 * lines only; `inactive` and time-range do not count, but on FWSM they do (4.2). Exemption
 * looks at addresses only. ends->near is the ACE's source.
 */
static enum verdict by_aces(const struct config *config, const struct nat_rule *rule,
                            const struct ends *ends, bool any_far, const struct ace **found)
{
	bool fwsm = config->platform == PLATFORM_FWSM;
	enum verdict doubt = VERDICT_NO;
	*found = NULL;
	VEC_EACH(const struct ace, ace, &rule->acl->aces) {
		if (ace->action == ACE_REMARK || (fwsm && ace->inactive))
			continue;
		if (ace->action == ACE_UNKNOWN) {
			doubt = VERDICT_UNKNOWN;
			continue;
		}
		enum verdict at = in_set(config_addr_set(config, ace->src), ends->near);
		if (!any_far)
			at = both(at, in_set(config_addr_set(config, ace->dst), ends->far));
		if (rule->act != ACT_EXEMPT && at != VERDICT_NO && !any_far) {
			const struct service_set *services =
			        config_service_set(config, ace->service);
			bool hit = false;
			VEC_EACH(const struct service_box, box, &services->must)
				hit |= iset_contains(box->proto, ends->protocol) &&
				       iset_contains(box->sport, ends->near_port) &&
				       iset_contains(box->dport, ends->far_port);
			at = both(at,
			          services->why != WHY_NONE && !hit ? VERDICT_UNKNOWN : sure(hit));
		}
		if (at == VERDICT_NO)
			continue;
		if (ace->unsure == WHY_TIME_RANGE ? fwsm : ace->unsure != WHY_NONE)
			at = VERDICT_UNKNOWN;
		*found = ace;
		if (at == VERDICT_UNKNOWN)
			doubt = VERDICT_UNKNOWN;
		else if (ace->action == ACE_PERMIT)
			return doubt == VERDICT_UNKNOWN ? doubt : VERDICT_YES;
		else
			return doubt;
	}
	return doubt;
}

/* `nat` without `outside` is for lower and equal levels, with it for higher ones. */
static bool level_fits(const struct nat_rule *rule, const struct interface *in,
                       const struct interface *out)
{
	if (!rule->legacy || (rule->act != ACT_DYNAMIC && rule->act != ACT_IDENTITY) || !in || !out)
		return true;
	if (rule->legacy->outside)
		return in->security_level < out->security_level;
	return in->security_level >= out->security_level;
}

/* Does the rule translate a source on its real side? *ace: the line of a policy list that did. */
static enum verdict matches_source(struct arena *arena, const struct config *config,
                                   const struct nat_rule *rule, const struct ends *ends,
                                   const struct interface *in, const struct interface *out,
                                   const struct ace **ace)
{
	*ace = NULL;
	if (rule->nowhere || !is_at(rule->real_ifc, in) || !is_at(rule->mapped_ifc, out) ||
	    !level_fits(rule, in, out))
		return VERDICT_NO;
	if (rule->protocol && rule->protocol != ends->protocol)
		return VERDICT_NO;
	enum verdict match = VERDICT_YES;
	if (rule->acl)
		match = by_aces(config, rule, ends, false, ace);
	else if (!rule->legacy || !rule->doubtful)
		match = in_set(&rule->src_real, ends->near);
	if (rule->source.set && !rule->acl &&
	    !port_in(rule->source.real_lo, rule->source.real_hi, ends->near_port))
		return VERDICT_NO;
	if (match != VERDICT_NO && rule->has_dst) {
		struct addr_set dst = mapped_destination(arena, rule, in, addr_is4(ends->far));
		match = both(match, in_set(&dst, ends->far));
	}
	if (rule->dest.set && !port_in(rule->dest.mapped_lo, rule->dest.mapped_hi, ends->far_port))
		return VERDICT_NO;
	return match == VERDICT_YES && rule->doubtful ? VERDICT_UNKNOWN : match;
}

/* Where a policy static's real addresses begin and end: the source of its ACE. */
static struct iset real_side(const struct config *config, const struct nat_rule *rule,
                             const struct ace *ace)
{
	return ace ? config_addr_set(config, ace->src)->must : rule->src_real.must;
}

/* Policy statics map the network of each ACE to one of the same size from their address on. */
static struct iset mapped_side(struct arena *arena, struct iset real, struct iset mapped,
                               const struct ace *ace)
{
	if (!ace || mapped.n != 1 || real.n != 1 || mapped.v[0].lo != mapped.v[0].hi)
		return mapped;
	u128 base = mapped.v[0].lo;
	return iset_range(arena, base, base + (real.v[0].hi - real.v[0].lo));
}

/* Does a destination on the rule's mapped side become a real one? */
static enum verdict matches_mapped(struct arena *arena, const struct config *config,
                                   const struct nat_rule *rule, const struct nat_packet *packet,
                                   struct xlate *out)
{
	const struct packet *p = &packet->wire;
	u128 dst = p->at[DIM_DST], src = p->at[DIM_SRC];
	uint16_t dport = port_at(p, DIM_DPORT), sport = port_at(p, DIM_SPORT);
	if (rule->act != ACT_STATIC || rule->one_way || rule->nowhere ||
	    !is_at(rule->mapped_ifc, packet->in))
		return VERDICT_NO;
	if (rule->protocol && rule->protocol != p->at[DIM_PROTO])
		return VERDICT_NO;
	if (rule->source.set && !port_in(rule->source.mapped_lo, rule->source.mapped_hi, dport))
		return VERDICT_NO;
	struct addr_set mapped = mapped_source(arena, rule, packet->in, addr_is4(dst));
	if (!rule->acl) {
		enum verdict match = in_set(&mapped, dst);
		if (match == VERDICT_NO)
			return VERDICT_NO;
		if (rule->has_dst)
			match = both(match, in_set(&rule->dst_real, src));
		if (rule->dest.set && !port_in(rule->dest.real_lo, rule->dest.real_hi, sport))
			return VERDICT_NO;
		if (match == VERDICT_YES &&
		    (rule->doubtful ||
		     !map_address(mapped.must, rule->src_real.must, dst, &out->address)))
			return VERDICT_UNKNOWN;
		out->port = rule->source.set
		                    ? map_port(rule->source.mapped_lo, rule->source.real_lo,
		                               rule->source.real_hi, dport)
		                    : dport;
		return match;
	}
	/* A policy static: some ACE whose network, moved to the mapped address, holds this one. */
	VEC_EACH(const struct ace, ace, &rule->acl->aces) {
		if (ace->action != ACE_PERMIT ||
		    (config->platform == PLATFORM_FWSM && ace->inactive))
			continue;
		struct iset real = config_addr_set(config, ace->src)->must;
		struct iset side = mapped_side(arena, real, mapped.must, ace);
		bool hidden = mapped.why != WHY_NONE && iset_contains(mapped.may, dst);
		u128 back = real.n ? real.v[0].lo : dst;
		if (!hidden && (!iset_contains(side, dst) || !map_address(side, real, dst, &back)))
			continue;
		const struct service_set *services = config_service_set(config, ace->service);
		uint16_t port = dport;
		struct iset ports = services->must.n ? services->must.v[0].sport : (struct iset){0};
		if (rule->source.set && ports.n == 1 && ports.v[0].lo == ports.v[0].hi)
			port = (uint16_t)ports.v[0].lo;
		const struct ends ends = {back, src, port, sport, (uint8_t)p->at[DIM_PROTO]};
		const struct ace *found;
		enum verdict match = by_aces(config, rule, &ends, false, &found);
		if (match == VERDICT_NO)
			continue;
		out->address = back;
		out->port = port;
		return hidden ? VERDICT_UNKNOWN : match;
	}
	return VERDICT_NO;
}

/* --- walking the table ------------------------------------------------------------------ */

static struct xlate untouched(struct arena *arena, const struct packet *packet, enum dim address,
                              enum dim port)
{
	return (struct xlate){.done = VERDICT_NO,
	                      .address = packet->at[address],
	                      .port = port_at(packet, port),
	                      .address_known = true,
	                      .port_known = true,
	                      .addresses = iset_point(arena, packet->at[address])};
}

static struct xlate doubtful(struct arena *arena, struct xlate from, const struct nat_rule *rule,
                             const char *text)
{
	from.done = VERDICT_UNKNOWN;
	from.rule = rule;
	from.address_known = from.port_known = false;
	from.addresses = iset_family(arena, iset_all(), addr_is4(from.address));
	from.why = WHY_MASKED;
	from.why_text = str_of(text);
	return from;
}

static const char unreadable[] = "it cannot be told whether this translation applies";
static const char across[] = "it is between IPv4 and IPv6 (NAT64), which is not followed";

static bool has_family(struct iset set, bool v4)
{
	static const struct range line4 = {ADDR4_MIN, ADDR4_MAX};
	for (uint32_t i = 0; i < set.n; i++)
		if (v4 ? set.v[i].lo <= line4.hi && set.v[i].hi >= line4.lo
		       : set.v[i].lo < line4.lo || set.v[i].hi > line4.hi)
			return true;
	return false;
}

/* Does a rule make addresses of one family those of the other? */
static bool is_across(const struct nat_rule *rule)
{
	struct iset real = rule->src_real.may, mapped = rule->src_mapped.may;
	if (rule->legacy || rule->to_interface || real.n == 0 || mapped.n == 0)
		return false;
	return !(has_family(real, true) && has_family(mapped, true)) &&
	       !(has_family(real, false) && has_family(mapped, false));
}

static void settle(struct arena *arena, struct xlate *xlate, const struct packet *packet,
                   enum dim address, enum dim port)
{
	xlate->changed =
	        xlate->address != packet->at[address] || xlate->port != port_at(packet, port);
	xlate->addresses = iset_point(arena, xlate->address);
}

/* An exemption of the destination, met from outside: it is not translated. */
static enum verdict exempts_reply(const struct config *config, const struct nat_rule *rule,
                                  const struct nat_packet *packet)
{
	const struct packet *p = &packet->wire;
	const struct ends ends = {p->at[DIM_DST], p->at[DIM_SRC], port_at(p, DIM_DPORT),
	                          port_at(p, DIM_SPORT), (uint8_t)p->at[DIM_PROTO]};
	const struct ace *ace;
	if (rule->act != ACT_EXEMPT || rule->nowhere || !rule->acl || rule->real_ifc == packet->in)
		return VERDICT_NO;
	return by_aces(config, rule, &ends, false, &ace);
}

/* The destination by a rule met from its real side (twice NAT with `destination`). */
static enum verdict destination_from_real(struct arena *arena, const struct config *config,
                                          const struct nat_rule *rule,
                                          const struct nat_packet *packet, struct xlate *out)
{
	const struct packet *p = &packet->wire;
	const struct ends ends = {p->at[DIM_SRC], p->at[DIM_DST], port_at(p, DIM_SPORT),
	                          port_at(p, DIM_DPORT), (uint8_t)p->at[DIM_PROTO]};
	const struct ace *ace;
	if (!rule->has_dst)
		return VERDICT_NO;
	enum verdict match = matches_source(arena, config, rule, &ends, packet->in, NULL, &ace);
	if (match != VERDICT_YES)
		return match;
	struct addr_set from = mapped_destination(arena, rule, packet->in, addr_is4(ends.far));
	if (!map_address(from.must, rule->dst_real.must, ends.far, &out->address))
		return VERDICT_UNKNOWN;
	out->port = rule->dest.set ? map_port(rule->dest.mapped_lo, rule->dest.real_lo,
	                                      rule->dest.real_hi, ends.far_port)
	                           : ends.far_port;
	return VERDICT_YES;
}

struct xlate nat_destination(struct arena *arena, const struct config *config,
                             const struct nat_table *table, const struct nat_packet *packet)
{
	struct xlate none = untouched(arena, &packet->wire, DIM_DST, DIM_DPORT);
	struct nat_walk walk = nat_walk_of(table, table->by_target, packet->wire.at[DIM_DST]);
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
		if (match == VERDICT_UNKNOWN || is_across(rule))
			return doubtful(arena, none, rule, is_across(rule) ? across : unreadable);
		xlate.done = VERDICT_YES;
		xlate.rule = rule;
		settle(arena, &xlate, &packet->wire, DIM_DST, DIM_DPORT);
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

/* The source of a rule met from its real side, translated. */
static struct xlate source_by(struct arena *arena, const struct config *config,
                              const struct nat_rule *rule, const struct nat_packet *packet,
                              const struct ace *ace, struct xlate from)
{
	const struct packet *p = &packet->wire;
	from.done = VERDICT_YES;
	from.rule = rule;
	if (rule->act == ACT_EXEMPT || rule->act == ACT_IDENTITY)
		return from;
	if (rule->act == ACT_DYNAMIC && rule->legacy) {
		VEC(struct range) pool = {0};
		bool any = false;
		VEC_EACH(const struct global_pool, global, &config->globals) {
			if (global->id != rule->legacy->id ||
			    config_interface(config, global->ifc) != packet->out)
				continue;
			struct addr_set own = own_address(arena, packet->out, true);
			any = true;
			for (uint32_t i = 0; global->is_interface && i < own.may.n; i++)
				VEC_PUSH(arena, &pool, own.may.v[i]);
			if (!global->is_interface)
				VEC_PUSH(arena, &pool, global->addresses);
		}
		if (!any) {
			from = doubtful(arena, from, rule,
			                "no matching global on the egress interface (305006)");
			from.refused = true;
			return from;
		}
		from.addresses = iset_of(arena, pool.v, pool.n);
	} else {
		struct addr_set to =
		        mapped_source(arena, rule, packet->out, addr_is4(from.address));
		if (rule->act == ACT_DYNAMIC) {
			from.addresses = to.may;
		} else {
			struct iset real = real_side(config, rule, ace);
			if (to.why != WHY_NONE ||
			    !map_address(real, mapped_side(arena, real, to.must, ace), from.address,
			                 &from.address))
				return doubtful(arena, from, rule,
				                "the mapped address cannot be told from the text");
			if (rule->source.set)
				from.port = rule->acl ? rule->source.mapped_lo
				                      : map_port(rule->source.real_lo,
				                                 rule->source.mapped_lo,
				                                 rule->source.mapped_hi, from.port);
			settle(arena, &from, p, DIM_SRC, DIM_SPORT);
			return from;
		}
	}
	from.changed = true;
	from.port_known = false;
	from.address_known =
	        from.addresses.n == 1 && from.addresses.v[0].lo == from.addresses.v[0].hi;
	if (from.address_known)
		from.address = from.addresses.v[0].lo;
	return from;
}

/* The far end of a rule met from its mapped side: DST_REAL becomes DST_MAPPED. */
static struct xlate source_reverse(struct arena *arena, const struct nat_rule *rule,
                                   const struct nat_packet *packet, struct xlate from)
{
	struct addr_set to = mapped_destination(arena, rule, packet->out, addr_is4(from.address));
	if (to.why != WHY_NONE ||
	    !map_address(rule->dst_real.must, to.must, from.address, &from.address))
		return doubtful(arena, from, rule,
		                "the mapped address cannot be told from the text");
	if (rule->dest.set)
		from.port = map_port(rule->dest.real_lo, rule->dest.mapped_lo, rule->dest.mapped_hi,
		                     from.port);
	from.done = VERDICT_YES;
	from.rule = rule;
	from.reverse = true;
	settle(arena, &from, &packet->wire, DIM_SRC, DIM_SPORT);
	return from;
}

struct xlate nat_source(struct arena *arena, const struct config *config,
                        const struct nat_table *table, const struct nat_packet *packet,
                        const struct xlate *destination)
{
	const struct packet *p = &packet->wire;
	struct xlate none = untouched(arena, p, DIM_SRC, DIM_SPORT);
	const struct nat_rule *twice = destination->rule;
	if (destination->done == VERDICT_YES && twice->has_dst && destination->reverse)
		return source_reverse(arena, twice, packet, none);
	struct ends ends = {p->at[DIM_SRC], p->at[DIM_DST], port_at(p, DIM_SPORT),
	                    port_at(p, DIM_DPORT), (uint8_t)p->at[DIM_PROTO]};
	if (!table->modern && destination->done == VERDICT_YES) {
		ends.far = destination->address;
		ends.far_port = destination->port;
	}
	struct nat_walk walk = nat_walk_of(table, table->by_real, ends.near);
	for (const struct nat_rule *rule; (rule = nat_walk_next(&walk));) {
		const struct ace *ace;
		/* A rule with a destination has taken that too, or it is not the packet's. */
		if (rule->has_dst && (destination->done != VERDICT_YES || rule != twice))
			continue;
		enum verdict match =
		        matches_source(arena, config, rule, &ends, packet->in, packet->out, &ace);
		if (match == VERDICT_UNKNOWN || (match == VERDICT_YES && is_across(rule)))
			return doubtful(arena, none, rule, is_across(rule) ? across : unreadable);
		if (match == VERDICT_YES && destination->done == VERDICT_YES && twice->has_dst &&
		    rule != twice)
			return doubtful(arena, none, rule,
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
	    map_port(ports->real_lo, ports->mapped_lo, ports->mapped_hi, port) != port)
		return false;
	struct addr_set to = mapped_source(arena, rule, packet->in, addr_is4(address));
	return map_address(rule->src_real.must, to.must, address, &same) && same == address;
}

/* A rule with a destination, for a source that is any of a pool: which of them tells. */
static enum verdict far_in_pool(struct arena *arena, const struct nat_rule *rule,
                                const struct nat_packet *packet, const struct xlate *source,
                                u128 *far)
{
	struct addr_set set =
	        mapped_destination(arena, rule, packet->out, addr_is4(source->address));
	struct iset both_of = iset_intersect(arena, set.may, source->addresses);
	if (iset_is_empty(both_of))
		return VERDICT_NO;
	*far = both_of.v[0].lo;
	return iset_covers(set.must, source->addresses) ? VERDICT_YES : VERDICT_UNKNOWN;
}

/* A `global` for it on an interface; NULL: on any. */
static bool has_global(const struct config *config, const struct nat_rule *rule,
                       const struct interface *ifc)
{
	VEC_EACH(const struct global_pool, global, &config->globals)
		if (global->id == rule->legacy->id &&
		    (!ifc || config_interface(config, global->ifc) == ifc))
			return true;
	return false;
}

enum verdict nat_reverse(struct arena *arena, const struct config *config,
                         const struct nat_table *table, const struct nat_packet *packet,
                         const struct xlate *destination, const struct xlate *source,
                         const struct nat_rule **other)
{
	struct ends ends = {destination->address, source->address, destination->port, source->port,
	                    (uint8_t)packet->wire.at[DIM_PROTO]};
	*other = NULL;
	if (destination->done == VERDICT_UNKNOWN || source->done == VERDICT_UNKNOWN)
		return VERDICT_YES; /* that was said already */
	if (destination->done == VERDICT_YES && destination->rule->has_dst)
		return VERDICT_YES; /* one rule for both ends and both ways */
	struct nat_walk walk = nat_walk_of(table, table->by_real, ends.near);
	for (const struct nat_rule *rule; (rule = nat_walk_next(&walk));) {
		const struct ace *ace;
		struct ends met = ends;
		enum verdict match = VERDICT_YES;
		if (rule->has_dst && !source->address_known)
			match = far_in_pool(arena, rule, packet, source, &met.far);
		match = both(match, matches_source(arena, config, rule, &met, packet->out,
		                                   packet->in, &ace));
		if (match == VERDICT_NO)
			continue;
		*other = rule;
		if (rule == destination->rule)
			return VERDICT_YES;
		/* `nat` without a `global` there drops what its side begins; of replies the
		 * documents say nothing. */
		if (match == VERDICT_UNKNOWN || is_across(rule) ||
		    (rule->legacy && rule->act == ACT_DYNAMIC &&
		     !has_global(config, rule, packet->in)))
			return VERDICT_UNKNOWN;
		bool kept = keeps(arena, rule, packet, ends.near, ends.near_port);
		return sure(kept && !destination->changed);
	}
	return VERDICT_YES;
}

/* --- whole flows ------------------------------------------------------------------------ */

/* The first ACE that names the host as a source, whoever its peer is. */
static const struct ace *names_source(const struct config *config, const struct nat_rule *rule,
                                      u128 real)
{
	if (rule->acl)
		VEC_EACH(const struct ace, ace, &rule->acl->aces)
			if (ace->action == ACE_PERMIT &&
			    iset_contains(config_addr_set(config, ace->src)->must, real))
				return ace;
	return NULL;
}

static bool translates(const struct config *config, const struct nat_rule *rule, u128 real,
                       const struct interface *real_ifc, const struct interface *mapped_ifc)
{
	if (rule->nowhere || !is_at(rule->real_ifc, real_ifc) ||
	    !is_at(rule->mapped_ifc, mapped_ifc))
		return false;
	if (rule->legacy && rule->legacy->acl)
		return names_source(config, rule, real) != NULL;
	return iset_contains(rule->src_real.must, real);
}

/* Does a policy static's ACE speak of this real port? (its source port, asa-semantics 4.2) */
static bool from_port(const struct config *config, const struct ace *ace, uint16_t port)
{
	const struct service_set *service = config_service_set(config, ace->service);
	VEC_EACH(const struct service_box, box, &service->must)
		if (iset_contains(box->proto, PROTO_TCP) && iset_contains(box->sport, port))
			return true;
	return false;
}

struct xlate nat_server(struct arena *arena, const struct config *config,
                        const struct nat_table *table, u128 real, uint16_t port,
                        const struct interface *real_ifc, const struct interface *mapped_ifc)
{
	struct xlate seen = {.address = real, .port = port, .address_known = true};
	VEC_EACH(const struct nat_rule, rule, &table->rules) {
		bool other_port = rule->protocol && (rule->protocol != PROTO_TCP ||
		                                     (!rule->acl && rule->source.real_lo != port));
		if (rule->act != ACT_STATIC || rule->has_dst || other_port ||
		    !translates(config, rule, real, real_ifc, mapped_ifc))
			continue;
		const struct ace *ace = names_source(config, rule, real);
		if (ace && rule->protocol && !from_port(config, ace, port))
			continue;
		struct addr_set to = mapped_source(arena, rule, mapped_ifc, addr_is4(real));
		struct iset from = rule->acl ? iset_point(arena, real) : rule->src_real.must;
		seen.done = VERDICT_YES;
		seen.rule = rule;
		/* A policy static holds for the peers of its list; who others see is left open. */
		bool for_all = !ace || iset_covers(config_addr_set(config, ace->dst)->must,
		                                   iset_family(arena, iset_all(), true));
		seen.address_known = for_all && to.why == WHY_NONE &&
		                     map_address(from, to.must, real, &seen.address);
		if (rule->protocol)
			seen.port = rule->source.mapped_lo;
		return seen;
	}
	return seen;
}

/* Does a line of policy NAT take what the host opens towards this TCP port? */
static bool takes_port(const struct config *config, const struct nat_rule *rule, u128 real,
                       uint16_t port)
{
	VEC_EACH(const struct ace, ace, &rule->acl->aces) {
		const struct service_set *service = config_service_set(config, ace->service);
		if (ace->action != ACE_PERMIT ||
		    !iset_contains(config_addr_set(config, ace->src)->must, real))
			continue;
		VEC_EACH(const struct service_box, box, &service->may)
			if (iset_contains(box->proto, PROTO_TCP) && iset_contains(box->dport, port))
				return true;
	}
	return false;
}

const struct legacy_nat *nat_client(const struct config *config, const struct nat_table *table,
                                    u128 real, uint16_t port, const struct interface *real_ifc,
                                    const struct interface *mapped_ifc)
{
	VEC_EACH(const struct nat_rule, rule, &table->rules) {
		/* Exemption comes first and has no limits; it must hold for whoever the peer is. */
		const struct ace *exempt =
		        rule->act == ACT_EXEMPT && is_at(rule->real_ifc, real_ifc)
		                ? names_source(config, rule, real)
		                : NULL;
		if (exempt && iset_covers(config_addr_set(config, exempt->dst)->must,
		                          iset_range(config->arena, ADDR4_MIN, ADDR4_MAX)))
			return NULL;
		if (!rule->legacy || rule->act == ACT_EXEMPT || rule->protocol ||
		    (rule->act != ACT_STATIC && rule->legacy->outside))
			continue;
		/* One that has its pool elsewhere drops what goes here instead (305006). */
		if (!level_fits(rule, real_ifc, mapped_ifc) ||
		    (rule->act == ACT_DYNAMIC && mapped_ifc && has_global(config, rule, NULL) &&
		     !has_global(config, rule, mapped_ifc)))
			continue;
		if (translates(config, rule, real, real_ifc, mapped_ifc) &&
		    (!rule->acl || takes_port(config, rule, real, port)))
			return rule->legacy;
	}
	return NULL;
}
