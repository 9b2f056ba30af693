/* SPDX-License-Identifier: ISC */
/*
 * Which packets a rule of translation can meet: those of its real side, those for its mapped side,
 * and those for its real side whose replies would meet it.
 */
#include "analyzers/compare_translation.h"

struct iset reach_own(const struct scope *scope, enum side side, const struct interface *of)
{
	VEC(struct range) own = {0};
	VEC_EACH(const struct interface, ifc, &scope->compare->config[side]->interfaces) {
		if (of && ifc != of)
			continue;
		VEC_EACH(const struct interface_address, at, &ifc->addresses) {
			struct range range = {at->address, at->address};
			if (at->masked)
				return iset_all();
			VEC_PUSH(scope->scratch, &own, range);
		}
	}
	return iset_of(scope->arena, own.v, own.n);
}

static struct iset real_of(const struct scope *scope, enum side side, const struct nat_rule *rule)
{
	return rule->legacy
	               ? nat_line_hosts(scope->arena, scope->compare->config[side], rule->legacy)
	               : rule->src_real.may;
}

static struct iset mapped_of(const struct scope *scope, enum side side, const struct nat_rule *rule)
{
	struct iset mapped = rule->src_mapped.may, all = iset_none();
	if (rule->act != ACT_STATIC || rule->one_way)
		return iset_none();
	if (rule->to_interface)
		return reach_own(scope, side, rule->mapped_ifc);
	if (!rule->acl || mapped.n != 1 || mapped.v[0].lo != mapped.v[0].hi)
		return mapped;
	/* A policy static maps the network of each ACE from its one address on. */
	VEC_EACH(const struct ace, ace, &rule->acl->aces) {
		struct iset src =
		        ace->action == ACE_PERMIT
		                ? config_addr_set(scope->compare->config[side], ace->src)->may
		                : iset_none();
		for (uint32_t i = 0; i < src.n; i++)
			all = iset_union(scope->arena, all,
			                 iset_range(scope->arena, mapped.v[0].lo,
			                            mapped.v[0].lo + (src.v[i].hi - src.v[i].lo)));
	}
	return all;
}

static struct iset far_of(const struct scope *scope, enum side side, const struct nat_rule *rule)
{
	if (!rule->has_dst)
		return iset_all();
	return rule->dst_interface ? reach_own(scope, side, rule->real_ifc) : rule->dst_mapped.may;
}

/* How the changed rules of a side stand to one of either: a number; 0 if one holds a part of it. */
static void add_changed(const struct scope *scope, enum side side, struct iset real,
                        struct buf *content, bool *partly)
{
	VEC_EACH(const uint32_t, i, &scope->changed[side]) {
		struct iset set = scope->reach[side][*i].real;
		if (!iset_overlaps(set, real))
			continue;
		*partly |= !iset_covers(set, real);
		buf_printf(content, " %d.%u", (int)side, *i);
	}
}

static uint32_t plain_number(const struct scope *scope, enum side side, uint32_t index,
                             uint32_t changed_before)
{
	const struct nat_rule *rule = &scope->all->tracer[side].nat.rules.v[index];
	struct iset real = scope->reach[side][index].real;
	struct buf content = {.arena = scope->scratch};
	bool identity = iset_overlaps(rule->src_real.may, rule->src_mapped.may);
	bool whole = !rule->acl && !rule->has_dst && !rule->protocol && !rule->one_way;
	bool sure = !rule->doubtful && rule->src_real.why == WHY_NONE &&
	            rule->src_mapped.why == WHY_NONE && !rule->nowhere;
	bool partly = false;
	if (scope->all->changed[side][index] || !rule->real_ifc || !rule->mapped_ifc || !whole ||
	    !sure || identity || rule->route_lookup || rule->to_interface ||
	    (rule->act != ACT_STATIC && rule->act != ACT_DYNAMIC))
		return 0;
	buf_printf(&content, "plain %d %u %u %d %u", (int)side, rule->real_ifc->nameif,
	           rule->mapped_ifc->nameif, (int)rule->act, changed_before);
	for (int other = 0; other < SIDE_COUNT; other++)
		add_changed(scope, (enum side)other, real, &content, &partly);
	return partly ? 0 : same_content(scope->compare->same, &content);
}

void reach_all(struct scope *scope)
{
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct nat_table *table = &scope->all->tracer[side].nat;
		scope->reach[side] = NEW_ARRAY(scope->arena, struct reach, table->rules.n + 1u);
		for (uint32_t i = 0; i < table->rules.n; i++) {
			const struct nat_rule *rule = &table->rules.v[i];
			scope->reach[side][i] =
			        (struct reach){.real = real_of(scope, (enum side)side, rule),
			                       .mapped = mapped_of(scope, (enum side)side, rule),
			                       .far = far_of(scope, (enum side)side, rule)};
			if (scope->all->changed[side][i])
				VEC_PUSH(scope->arena, &scope->changed[side], i);
		}
	}
	for (int side = 0; side < SIDE_COUNT; side++) {
		uint32_t before = 0;
		for (uint32_t i = 0; i < scope->all->tracer[side].nat.rules.n; i++) {
			scope->reach[side][i].plain =
			        plain_number(scope, (enum side)side, i, before);
			before += scope->all->changed[side][i];
			arena_clear(scope->scratch);
		}
	}
}

/* --- packets ---------------------------------------------------------------------------- */

static const struct reach *reach_of(const struct scope *scope, enum side side,
                                    const struct nat_rule *rule)
{
	return &scope->reach[side][rule - scope->all->tracer[side].nat.rules.v];
}

static struct box box_of_rule(const struct scope *scope, const struct nat_rule *rule)
{
	struct box box = box_all();
	if (rule->protocol)
		box.dim[DIM_PROTO] = iset_point(scope->arena, rule->protocol);
	return box;
}

static void set_ports(const struct scope *scope, struct box *box, enum dim dim, uint16_t lo,
                      uint16_t hi)
{
	box->dim[dim] = iset_range(scope->arena, lo, hi);
}

/* From the real side. */
static void add_forward(const struct scope *scope, enum side side, const struct nat_rule *rule,
                        struct regions *out)
{
	struct region region = {
	        .in = rule->real_ifc, .side = side, .box = box_of_rule(scope, rule)};
	region.box.dim[DIM_SRC] = reach_of(scope, side, rule)->real;
	region.box.dim[DIM_DST] = reach_of(scope, side, rule)->far;
	if (rule->source.set && !rule->acl)
		set_ports(scope, &region.box, DIM_SPORT, rule->source.real_lo,
		          rule->source.real_hi);
	if (rule->dest.set)
		set_ports(scope, &region.box, DIM_DPORT, rule->dest.mapped_lo,
		          rule->dest.mapped_hi);
	VEC_PUSH(scope->arena, &out->list, region);
}

/* To its mapped side. */
static void add_reverse(const struct scope *scope, enum side side, const struct nat_rule *rule,
                        struct regions *out)
{
	struct region region = {
	        .in = rule->mapped_ifc, .side = side, .box = box_of_rule(scope, rule)};
	region.box.dim[DIM_DST] = reach_of(scope, side, rule)->mapped;
	if (rule->has_dst)
		region.box.dim[DIM_SRC] = rule->dst_real.may;
	if (rule->source.set)
		set_ports(scope, &region.box, DIM_DPORT, rule->source.mapped_lo,
		          rule->source.mapped_hi);
	if (rule->dest.set)
		set_ports(scope, &region.box, DIM_SPORT, rule->dest.real_lo, rule->dest.real_hi);
	VEC_PUSH(scope->arena, &out->list, region);
}

/* To its real side, as it is or by rules that are tried later: the rpf-check, exemption. */
static void add_direct(const struct scope *scope, enum side side, const struct nat_rule *rule,
                       struct regions *out)
{
	const struct nat_table *table = &scope->all->tracer[side].nat;
	struct region region = {.in = rule->mapped_ifc,
	                        .not_in = rule->real_ifc,
	                        .side = side,
	                        .box = box_of_rule(scope, rule)};
	struct iset real = reach_of(scope, side, rule)->real;
	region.box.dim[DIM_DST] = real;
	if (rule->source.set && !rule->acl)
		set_ports(scope, &region.box, DIM_DPORT, rule->source.real_lo,
		          rule->source.real_hi);
	VEC_PUSH(scope->arena, &out->list, region);
	for (const struct nat_rule *later = rule + 1; later < table->rules.v + table->rules.n;
	     later++)
		if (later->act == ACT_STATIC && !later->nowhere &&
		    iset_overlaps(reach_of(scope, side, later)->real, real))
			add_reverse(scope, side, later, out);
}

struct regions reach_of_changed(const struct scope *scope)
{
	struct regions regions = {0};
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct nat_table *table = &scope->all->tracer[side].nat;
		for (uint32_t i = 0; i < table->rules.n; i++) {
			const struct nat_rule *rule = &table->rules.v[i];
			if (!scope->all->changed[side][i] || rule->nowhere)
				continue;
			add_forward(scope, (enum side)side, rule, &regions);
			add_reverse(scope, (enum side)side, rule, &regions);
			add_direct(scope, (enum side)side, rule, &regions);
		}
	}
	return regions;
}
