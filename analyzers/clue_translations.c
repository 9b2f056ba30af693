/* SPDX-License-Identifier: ISC */
/* Static translations, and what they say about the hosts behind them. */
#include "analyzers/clue_parts.h"

static bool one_range(struct iset set, struct range *range)
{
	if (set.n == 1)
		*range = set.v[0];
	return set.n == 1;
}

static bool interface_address(const struct interface *ifc, struct range *range)
{
	if (!ifc || ifc->addresses.n == 0 || ifc->addresses.v[0].masked)
		return false;
	range->lo = range->hi = ifc->addresses.v[0].address;
	return true;
}

static bool mapping_of(const struct nat_rule *rule, struct mapping *out)
{
	if (rule->act != ACT_STATIC || rule->acl || rule->has_dst || rule->doubtful ||
	    rule->nowhere || (rule->protocol && rule->protocol != PROTO_TCP))
		return false;
	if (rule->source.set && (rule->source.real_lo != rule->source.real_hi ||
	                         rule->source.mapped_lo != rule->source.mapped_hi))
		return false;
	*out = (struct mapping){.one_port = rule->source.set,
	                        .real_port = rule->source.real_lo,
	                        .mapped_port = rule->source.mapped_lo,
	                        .real_ifc = rule->real_ifc,
	                        .mapped_ifc = rule->mapped_ifc,
	                        .what = rule->legacy   ? "a static"
	                                : rule->object ? "object NAT"
	                                               : "twice NAT",
	                        .span = rule->span};
	if (!one_range(rule->src_real.must, &out->real))
		return false;
	out->mapped_known = rule->to_interface ? interface_address(rule->mapped_ifc, &out->mapped)
	                                       : one_range(rule->src_mapped.must, &out->mapped);
	return !out->mapped_known || out->real.hi - out->real.lo == out->mapped.hi - out->mapped.lo;
}

void clues_read_mappings(struct collector *collector)
{
	struct nat_table table = nat_table_of(collector->scratch, collector->config);
	struct mapping mapping;
	VEC_EACH(const struct nat_rule, rule, &table.rules) {
		if (!mapping_of(rule, &mapping))
			continue;
		VEC_PUSH(collector->scratch, &collector->mappings, mapping);
		if (!mapping.mapped_known)
			continue;
		keys_put(collector->scratch, &collector->mapped, mapping.mapped.lo, 0);
		collector->maps_ranges |= mapping.mapped.lo != mapping.mapped.hi;
	}
}

u128 clues_real_of(const struct collector *collector, u128 address, uint16_t port)
{
	if (!collector->maps_ranges && !keys_find(&collector->mapped, address))
		return address;
	VEC_EACH(const struct mapping, mapping, &collector->mappings)
		if (mapping->mapped_known && is_within(mapping->mapped, address) &&
		    (!mapping->one_port || mapping->mapped_port == port))
			return mapping->real.lo + (address - mapping->mapped.lo);
	return address;
}

/* Statics of the mail port alone: nothing else is meant by them. */
void clues_of_mappings(struct collector *collector)
{
	VEC_EACH(const struct mapping, mapping, &collector->mappings) {
		if (!mapping->one_port || mapping->real.lo != mapping->real.hi ||
		    (mapping->mapped_port != SMTP_PORT && mapping->real_port != SMTP_PORT))
			continue;
		struct suspect *at = clues_suspect(collector, mapping->real.lo);
		if (!at)
			continue;
		if (mapping->real_port != SMTP_PORT)
			at->smtp_port = mapping->real_port;
		clues_add(collector, at, CLUE_NAT, mapping->span,
		          str_printf(collector->arena, "%s of tcp/25", mapping->what));
	}
}

void clues_set_mapped(struct collector *collector, struct suspect *suspect)
{
	const struct mapping *best = NULL;
	uint16_t port = suspect->smtp_port ? suspect->smtp_port : SMTP_PORT;
	VEC_EACH(const struct mapping, mapping, &collector->mappings) {
		bool there = !mapping->mapped_ifc || mapping->mapped_ifc == collector->internet;
		if (!mapping->mapped_known || !is_within(mapping->real, suspect->host.real) ||
		    (mapping->one_port && mapping->real_port != port))
			continue;
		if (!best || (there && best->mapped_ifc && best->mapped_ifc != collector->internet))
			best = mapping;
	}
	if (!best || best->real.lo == best->mapped.lo)
		return;
	suspect->host.has_mapped = true;
	suspect->host.mapped = best->mapped.lo + (suspect->host.real - best->real.lo);
	if (!best->one_port)
		clues_add(collector, suspect, CLUE_MAPPED, best->span,
		          str_printf(collector->arena, "%s makes it %.*s", best->what,
		                     STR(addr_text(collector->arena, suspect->host.mapped))));
}
