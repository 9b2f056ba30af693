/* SPDX-License-Identifier: ISC */
#include "analyzers/nat_rule.h"

enum verdict verdict_in(const struct addr_set *set, u128 point)
{
	if (set->may.n == 1 && (point < set->may.v[0].lo || set->may.v[0].hi < point))
		return VERDICT_NO; /* the commonest answer by far */
	if (iset_contains(set->must, point))
		return VERDICT_YES;
	return iset_contains(set->may, point) ? VERDICT_UNKNOWN : VERDICT_NO;
}

struct addr_set rule_own_address(struct arena *arena, const struct interface *ifc, bool v4)
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

struct addr_set rule_mapped_source(struct arena *arena, const struct nat_rule *rule,
                                   const struct interface *mapped_ifc, bool v4)
{
	if (!rule->to_interface)
		return rule->src_mapped;
	if (v4 == rule->src_interface6)
		return (struct addr_set){0};
	return rule_own_address(arena, rule->mapped_ifc ? rule->mapped_ifc : mapped_ifc, v4);
}

struct addr_set rule_mapped_destination(struct arena *arena, const struct nat_rule *rule,
                                        const struct interface *real_ifc, bool v4)
{
	if (!rule->dst_interface)
		return rule->dst_mapped;
	if (v4 == rule->dst_interface6)
		return (struct addr_set){0};
	return rule_own_address(arena, rule->real_ifc ? rule->real_ifc : real_ifc, v4);
}

uint16_t rule_map_port(uint16_t from, uint16_t to, uint16_t to_hi, uint16_t port)
{
	uint32_t size = (uint32_t)(to_hi - to) + 1;
	return (uint16_t)(to + (uint32_t)(port - from) % size);
}

bool rule_map_address(struct iset from, struct iset to, u128 address, u128 *out)
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

enum verdict rule_by_aces(const struct config *config, const struct nat_rule *rule,
                          const struct nat_ends *ends, const struct ace **found)
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
		enum verdict at = verdict_in(config_addr_set(config, ace->src), ends->near);
		at = verdict_both(at, verdict_in(config_addr_set(config, ace->dst), ends->far));
		if (rule->act != ACT_EXEMPT && at != VERDICT_NO) {
			const struct service_set *services =
			        config_service_set(config, ace->service);
			bool hit = false;
			VEC_EACH(const struct service_box, box, &services->must)
				hit |= iset_contains(box->proto, ends->protocol) &&
				       iset_contains(box->sport, ends->near_port) &&
				       iset_contains(box->dport, ends->far_port);
			at = verdict_both(at, services->why != WHY_NONE && !hit
			                              ? VERDICT_UNKNOWN
			                              : verdict_sure(hit));
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

bool rule_level_fits(const struct nat_rule *rule, const struct interface *in,
                     const struct interface *out)
{
	if (!rule->legacy || (rule->act != ACT_DYNAMIC && rule->act != ACT_IDENTITY) || !in || !out)
		return true;
	if (rule->legacy->outside)
		return in->security_level < out->security_level;
	return in->security_level >= out->security_level;
}

enum verdict rule_matches_source(struct arena *arena, const struct config *config,
                                 const struct nat_rule *rule, const struct nat_ends *ends,
                                 const struct interface *in, const struct interface *out,
                                 const struct ace **ace)
{
	*ace = NULL;
	if (rule->nowhere || !rule_is_at(rule->real_ifc, in) ||
	    !rule_is_at(rule->mapped_ifc, out) || !rule_level_fits(rule, in, out))
		return VERDICT_NO;
	if (rule->protocol && rule->protocol != ends->protocol)
		return VERDICT_NO;
	enum verdict match = VERDICT_YES;
	if (rule->acl)
		match = rule_by_aces(config, rule, ends, ace);
	else if (!rule->legacy || !rule->doubtful)
		match = verdict_in(&rule->src_real, ends->near);
	if (rule->source.set && !rule->acl &&
	    !rule_port_in(rule->source.real_lo, rule->source.real_hi, ends->near_port))
		return VERDICT_NO;
	if (match != VERDICT_NO && rule->has_dst) {
		struct addr_set dst = rule_mapped_destination(arena, rule, in, addr_is4(ends->far));
		match = verdict_both(match, verdict_in(&dst, ends->far));
	}
	if (rule->dest.set &&
	    !rule_port_in(rule->dest.mapped_lo, rule->dest.mapped_hi, ends->far_port))
		return VERDICT_NO;
	return match == VERDICT_YES && rule->doubtful ? VERDICT_UNKNOWN : match;
}

struct iset rule_mapped_side(struct arena *arena, struct iset real, struct iset mapped,
                             const struct ace *ace)
{
	if (!ace || mapped.n != 1 || real.n != 1 || mapped.v[0].lo != mapped.v[0].hi)
		return mapped;
	u128 base = mapped.v[0].lo;
	return iset_range(arena, base, base + (real.v[0].hi - real.v[0].lo));
}

bool rule_has_global(const struct nat_rule *rule, const struct interface *ifc)
{
	for (uint32_t i = 0; i < rule->n_pools; i++)
		if (!ifc || rule->pools[i].ifc == ifc)
			return true;
	return false;
}

/* --- one end of a packet ---------------------------------------------------------------- */

struct xlate xlate_untouched(const struct packet *packet, enum dim address, enum dim port)
{
	return (struct xlate){.done = VERDICT_NO,
	                      .address = packet->at[address],
	                      .port = packet_port(packet, port),
	                      .address_known = true,
	                      .port_known = true,
	                      .self = {packet->at[address], packet->at[address]}};
}

struct xlate xlate_doubtful(struct arena *arena, struct xlate from, const struct nat_rule *rule,
                            const char *text)
{
	from.done = VERDICT_UNKNOWN;
	from.rule = rule;
	from.address_known = from.port_known = false;
	from.several = true;
	from.pool = iset_family(arena, iset_all(), addr_is4(from.address));
	from.why = WHY_MASKED;
	from.why_text = str_of(text);
	return from;
}

static bool has_family(struct iset set, bool v4)
{
	static const struct range line4 = {ADDR4_MIN, ADDR4_MAX};
	for (uint32_t i = 0; i < set.n; i++)
		if (v4 ? set.v[i].lo <= line4.hi && set.v[i].hi >= line4.lo
		       : set.v[i].lo < line4.lo || set.v[i].hi > line4.hi)
			return true;
	return false;
}

bool rule_is_across(const struct nat_rule *rule)
{
	struct iset real = rule->src_real.may, mapped = rule->src_mapped.may;
	if (rule->legacy || rule->to_interface || real.n == 0 || mapped.n == 0)
		return false;
	return !(has_family(real, true) && has_family(mapped, true)) &&
	       !(has_family(real, false) && has_family(mapped, false));
}

void xlate_settle(struct xlate *xlate, const struct packet *packet, enum dim address, enum dim port)
{
	xlate->changed =
	        xlate->address != packet->at[address] || xlate->port != packet_port(packet, port);
	xlate->self = (struct range){xlate->address, xlate->address};
}
