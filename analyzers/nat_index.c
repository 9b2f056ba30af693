/* SPDX-License-Identifier: ISC */
/* Which rules may meet an address, for many packets. See nat_table.h. */
#include "analyzers/nat_rule.h"

/* All that may be on a rule's real side. */
static struct iset real_addresses(struct arena *arena, const struct config *config,
                                  const struct nat_rule *rule)
{
	if (rule->acl)
		return nat_list_sources(arena, config, rule->acl);
	return rule->legacy && rule->doubtful ? iset_all() : rule->src_real.may;
}

/* What a policy static maps to: the network of each ACE from its mapped address on. */
static struct iset mapped_by_list(struct arena *arena, const struct config *config,
                                  const struct nat_rule *rule)
{
	VEC(struct range) ranges = {0};
	VEC_EACH(const struct ace, ace, &rule->acl->aces) {
		struct iset real = config_addr_set(config, ace->src)->must;
		struct iset side = rule_mapped_side(arena, real, rule->src_mapped.must, ace);
		for (uint32_t i = 0; i < side.n && ace->action == ACE_PERMIT; i++)
			VEC_PUSH(arena, &ranges, side.v[i]);
	}
	return iset_of(arena, ranges.v, ranges.n);
}

/* An interface's own address, if the rule says which. */
static struct iset own_addresses(struct arena *arena, const struct interface *ifc, bool v6)
{
	return ifc ? rule_own_address(arena, ifc, !v6).may : iset_all();
}

/* What a static maps to. */
static struct iset static_targets(struct arena *arena, const struct config *config,
                                  const struct nat_rule *rule)
{
	if (rule->act != ACT_STATIC)
		return iset_none();
	if (rule->acl && (rule->to_interface || rule->src_mapped.why != WHY_NONE))
		return iset_all();
	if (rule->acl)
		return mapped_by_list(arena, config, rule);
	return rule->to_interface ? own_addresses(arena, rule->mapped_ifc, rule->src_interface6)
	                          : rule->src_mapped.may;
}

/* All destinations that a rule may speak of: what a static maps to, and a twice NAT's own. */
static struct iset targets(struct arena *arena, const struct config *config,
                           const struct nat_rule *rule)
{
	if (rule->act == ACT_EXEMPT)
		return real_addresses(arena, config, rule);
	struct iset out = static_targets(arena, config, rule);
	if (!rule->has_dst)
		return out;
	struct iset own = rule->dst_interface
	                          ? own_addresses(arena, rule->real_ifc, rule->dst_interface6)
	                          : rule->dst_mapped.may;
	return iset_union(arena, out, own);
}

void nat_table_index(struct arena *arena, const struct config *config, struct nat_table *table)
{
	uint32_t n = table->rules.n;
	struct iset *real = NEW_ARRAY(arena, struct iset, n);
	struct iset *target = NEW_ARRAY(arena, struct iset, n);
	for (uint32_t i = 0; i < n; i++) {
		real[i] = real_addresses(arena, config, &table->rules.v[i]);
		target[i] = targets(arena, config, &table->rules.v[i]);
	}
	table->by_real = address_rows_of(arena, real, n);
	table->by_target = address_rows_of(arena, target, n);
}

void nat_walk_begin(const struct nat_table *table, const struct address_rows *rows, u128 address,
                    struct nat_walk *walk)
{
	walk->table = table;
	walk->indexed = rows != NULL;
	walk->at = 0;
	if (rows)
		address_row(rows, address, &walk->row);
}

const struct nat_rule *nat_walk_next(struct nat_walk *walk)
{
	if (walk->indexed) {
		if (!row_next(&walk->row, &walk->at))
			return NULL;
	} else if (walk->at == walk->table->rules.n) {
		return NULL;
	}
	return &walk->table->rules.v[walk->at++];
}
