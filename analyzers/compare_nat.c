/* SPDX-License-Identifier: ISC */
/*
 * Which rules of translation stand in both configs, by what they mean: addresses and pools as
 * resolved, not as named, in the order in which the device tries them (nat_table.h). What comes of
 * the others for packets is found in compare_translation.c; here are the limits of `static` and
 * `nat`, which belong to hosts and not to packets.
 */
#include "analyzers/compare_parts.h"
#include "analyzers/nat_table.h"

/* A rule of one side. */
struct rule_of_nat {
	uint32_t number; /* by content */
	struct box packets;
	struct span span;
	const struct legacy_nat *legacy;
};

struct rules_of_nat {
	VEC(struct rule_of_nat) list;
};

static void add_name(const struct compare *compare, enum side side, struct buf *content,
                     name_id name)
{
	buf_printf(content, " %.*s", STR(config_name(compare->config[side], name)));
}

static void add_range(struct buf *content, struct range range)
{
	const u128 ends[2] = {range.lo, range.hi};
	buf_add(content, (struct str){(const char *)ends, sizeof(ends)});
}

/* The address that `interface` stands for. */
static void add_own_address(const struct compare *compare, enum side side, struct buf *content,
                            name_id ifc)
{
	const struct addr_spec spec = {.kind = ADDR_INTERFACE, .name = ifc};
	buf_printf(content, " own %u", ifc ? same_spec(compare->same, side, &spec) : 0);
}

static void add_spec(const struct compare *compare, enum side side, struct buf *content,
                     const struct addr_spec *spec, name_id ifc)
{
	if (spec->kind == ADDR_INTERFACE && spec->name == 0)
		add_own_address(compare, side, content, ifc);
	else
		buf_printf(content, " set %u", same_spec(compare->same, side, spec));
}

/* --- up to 8.2 -------------------------------------------------------------------------- */

/* The addresses that `nat` takes of its pools; their number is a name. */
static void add_pools(const struct compare *compare, enum side side, struct buf *content,
                      uint32_t id)
{
	VEC_EACH(const struct global_pool, pool, &compare->config[side]->globals) {
		if (pool->id != id)
			continue;
		buf_printf(content, " %d", pool->is_range);
		add_name(compare, side, content, pool->ifc);
		if (pool->is_interface)
			add_own_address(compare, side, content, pool->ifc);
		else
			add_range(content, pool->addresses);
	}
}

/* A static of one port is about connections to that port of the real address. */
static void narrow_to_port(const struct compare *compare, const struct legacy_nat *nat,
                           struct rule_of_nat *rule)
{
	if (nat->kind != NAT_STATIC || !nat->protocol)
		return;
	rule->packets.dim[DIM_PROTO] = iset_point(compare->arena, nat->protocol);
	if (!nat->acl)
		rule->packets.dim[DIM_DPORT] = iset_point(compare->arena, nat->real_port);
}

static struct rule_of_nat legacy_rule(const struct compare *compare, enum side side,
                                      const struct legacy_nat *nat)
{
	struct buf content = {.arena = compare->arena};
	struct rule_of_nat rule = {.span = nat->span, .legacy = nat, .packets = box_all()};
	buf_printf(&content, "N %d %d %d %d %d %d %d %d %d %d %d", (int)nat->kind,
	           nat->mapped_is_interface, nat->real_unknown, nat->mapped_unknown, nat->protocol,
	           nat->real_port, nat->mapped_port, nat->acl != 0, nat->outside, nat->dns,
	           nat->norandomseq);
	add_name(compare, side, &content, nat->real_ifc);
	add_name(compare, side, &content, nat->mapped_ifc);
	if (nat->acl)
		buf_printf(&content, " list %u", same_list(compare->same, side, nat->acl));
	if (nat->mapped_is_interface)
		add_own_address(compare, side, &content, nat->mapped_ifc);
	if (nat->kind == NAT_DYNAMIC)
		add_pools(compare, side, &content, nat->id);
	if (nat->real_unknown || nat->mapped_unknown)
		buf_printf(&content, " text %u", same_text(compare->same, side, nat->span));
	add_range(&content, nat->real);
	add_range(&content, nat->mapped);
	rule.number = same_content(compare->same, &content);
	/* Statics are told by their servers, exemption by either end; `nat` translates sources. */
	if (nat->kind != NAT_EXEMPT)
		rule.packets.dim[nat->kind == NAT_STATIC ? DIM_DST : DIM_SRC] =
		        nat_line_hosts(compare->arena, compare->config[side], nat);
	narrow_to_port(compare, nat, &rule);
	return rule;
}

/* --- from 8.3 --------------------------------------------------------------------------- */

static struct rule_of_nat twice_rule(const struct compare *compare, enum side side,
                                     const struct twice_nat *nat)
{
	struct buf content = {.arena = compare->arena};
	struct rule_of_nat rule = {.span = nat->span};
	buf_printf(&content, "W %d %d %d %d %d %d %u %u", nat->after_auto, nat->unidirectional,
	           nat->route_lookup, (int)nat->kind, nat->pat_pool, nat->has_destination,
	           same_service_object(compare->same, side, nat->service_real),
	           same_service_object(compare->same, side, nat->service_mapped));
	add_name(compare, side, &content, nat->real_ifc);
	add_name(compare, side, &content, nat->mapped_ifc);
	add_spec(compare, side, &content, &nat->src_real, nat->real_ifc);
	add_spec(compare, side, &content, &nat->src_mapped, nat->mapped_ifc);
	if (nat->has_destination) {
		add_spec(compare, side, &content, &nat->dst_mapped, nat->real_ifc);
		add_spec(compare, side, &content, &nat->dst_real, nat->mapped_ifc);
	}
	if (nat->unknown)
		buf_printf(&content, " text %u", same_text(compare->same, side, nat->span));
	rule.number = same_content(compare->same, &content);
	return rule;
}

static struct rule_of_nat object_rule(const struct compare *compare, enum side side,
                                      const struct object_nat *nat)
{
	const struct addr_spec object = {.kind = ADDR_OBJECT, .name = nat->object};
	struct buf content = {.arena = compare->arena};
	struct rule_of_nat rule = {.span = nat->span};
	buf_printf(&content, "J %d %d %d %d %d %d", nat->route_lookup, (int)nat->kind,
	           nat->pat_pool, nat->protocol, nat->real_port, nat->mapped_port);
	add_name(compare, side, &content, nat->real_ifc);
	add_name(compare, side, &content, nat->mapped_ifc);
	add_spec(compare, side, &content, &object, 0);
	add_spec(compare, side, &content, &nat->mapped, nat->mapped_ifc);
	rule.number = same_content(compare->same, &content);
	return rule;
}

/* --- pairing ---------------------------------------------------------------------------- */

static struct rules_of_nat rules_of(const struct compare *compare, enum side side,
                                    const struct nat_table *table)
{
	struct rules_of_nat rules = {0};
	VEC_EACH(const struct nat_rule, rule, &table->rules)
		VEC_PUSH(compare->arena, &rules.list,
		         rule->legacy   ? legacy_rule(compare, side, rule->legacy)
		         : rule->object ? object_rule(compare, side, rule->object)
		                        : twice_rule(compare, side, rule->twice));
	return rules;
}

/* Those of the limits that another line does not have alike: "conn-max 50, no embryonic". */
static struct str limits_text(const struct compare *compare, const struct nat_limits *of,
                              const struct nat_limits *other)
{
	const struct {
		const char *name;
		uint32_t value, other;
	} limits[] = {
	        {"conn-max", of->max_conns, other->max_conns},
	        {"embryonic", of->embryonic, other->embryonic},
	        {"udp conn-max", of->udp_max_conns, other->udp_max_conns},
	};
	struct buf text = {.arena = compare->arena};
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (limits[i].value == limits[i].other)
			continue;
		buf_add(&text, text.n ? S(", ") : S(""));
		if (limits[i].value)
			buf_printf(&text, "%s %u", limits[i].name, limits[i].value);
		else
			buf_printf(&text, "no %s", limits[i].name);
	}
	return buf_str(&text);
}

enum { LIST_MOST = 1000 }; /* lines of a policy list that are told apart */

/* The connections of one entry of a policy list: its source is translated, a server by `static`. */
static void add_entry(struct compare *compare, const struct config *config,
                      const struct legacy_nat *nat, const struct ace *ace, const struct box *all,
                      struct boxes *out)
{
	const struct service_set *services = config_service_set(config, ace->service);
	bool server = nat->kind == NAT_STATIC;
	VEC_EACH(const struct service_box, service, &services->may) {
		struct box box = *all, entry = {{[DIM_PROTO] = service->proto}};
		entry.dim[server ? DIM_DST : DIM_SRC] = config_addr_set(config, ace->src)->may;
		entry.dim[server ? DIM_SRC : DIM_DST] = config_addr_set(config, ace->dst)->may;
		entry.dim[server ? DIM_DPORT : DIM_SPORT] = service->sport;
		entry.dim[server ? DIM_SPORT : DIM_DPORT] = service->dport;
		if (box_intersect(compare->arena, &entry, all, &box))
			VEC_PUSH(compare->arena, &out->list, box);
	}
}

/* A rule that goes by a list is about what the list permits; all of it where that is not sure. */
static struct boxes boxes_of(struct compare *compare, enum side side,
                             const struct rule_of_nat *rule)
{
	const struct config *config = compare->config[side];
	const struct legacy_nat *nat = rule->legacy;
	const struct acl *acl = nat && nat->acl ? config_acl(config, nat->acl) : NULL;
	struct boxes boxes = {0};
	bool sure = acl && acl->aces.n <= LIST_MOST;
	for (uint32_t i = 0; sure && i < acl->aces.n; i++) {
		const struct ace *ace = &acl->aces.v[i];
		sure = ace->action != ACE_UNKNOWN;
		if (ace->action == ACE_PERMIT)
			add_entry(compare, config, nat, ace, &rule->packets, &boxes);
	}
	if (!sure) {
		boxes.list.n = 0;
		VEC_PUSH(compare->arena, &boxes.list, rule->packets);
	}
	return boxes;
}

/* Two lines that limit otherwise: limits are of TCP and of UDP, and of no other packet (4.2). */
static void differ_in_limits(struct compare *compare, struct difference difference,
                             const struct nat_limits *a, const struct nat_limits *b)
{
	bool tcp = a->max_conns != b->max_conns || a->embryonic != b->embryonic;
	bool udp = a->udp_max_conns != b->udp_max_conns;
	const struct range limited[] = {{PROTO_TCP, PROTO_TCP}, {PROTO_UDP, PROTO_UDP}};
	if (!tcp && !udp)
		return;
	difference.in = DIFFERS_LIMITS;
	difference.before = limits_text(compare, a, b);
	difference.after = limits_text(compare, b, a);
	difference.packets.dim[DIM_PROTO] = iset_intersect(
	        compare->arena, difference.packets.dim[DIM_PROTO],
	        iset_of(compare->arena, limited + !tcp, (uint32_t)tcp + (uint32_t)udp));
	compare_differ(compare, difference);
}

/*
 * `nat` goes by the closest network (4.2): without a line for one host the next wider line has it.
 * NULL where that is not a matter of addresses alone.
 */
static const struct legacy_nat *next_wider(const struct config *config,
                                           const struct legacy_nat *host)
{
	const struct legacy_nat *best = NULL;
	bool pool = host->kind == NAT_DYNAMIC || host->kind == NAT_IDENTITY;
	if (!pool || host->acl || host->real_unknown || host->real.lo != host->real.hi)
		return NULL;
	VEC_EACH(const struct legacy_nat, nat, &config->nats) {
		bool other = nat->kind == NAT_DYNAMIC || nat->kind == NAT_IDENTITY;
		if (!other || nat == host || nat->acl || nat->real_unknown ||
		    nat->real_ifc != host->real_ifc || nat->outside != host->outside ||
		    nat->real.lo > host->real.lo || nat->real.hi < host->real.hi)
			continue;
		if (!best || nat->real.hi - nat->real.lo < best->real.hi - best->real.lo)
			best = nat;
	}
	return best;
}

static bool translates_alike(const struct legacy_nat *a, const struct legacy_nat *b)
{
	return a->kind == b->kind && a->id == b->id && a->dns == b->dns &&
	       a->norandomseq == b->norandomseq;
}

/* A line for one host that only limits it otherwise than the wider line does. */
static bool limits_alone(struct compare *compare, enum side side, const struct rule_of_nat *rule)
{
	const struct legacy_nat *wider =
	        rule->legacy ? next_wider(compare->config[side], rule->legacy) : NULL;
	if (!wider || !translates_alike(wider, rule->legacy))
		return false;
	const struct nat_limits *own = &rule->legacy->limits;
	struct difference difference = {.place = compare_quote(compare, side, rule->span),
	                                .packets = rule->packets};
	difference.line[side] = rule->span;
	if (side == SIDE_OLD)
		differ_in_limits(compare, difference, own, &wider->limits);
	else
		differ_in_limits(compare, difference, &wider->limits, own);
	return true;
}

static void compare_pair(struct compare *compare, const struct rule_of_nat *a,
                         const struct rule_of_nat *b)
{
	struct difference difference = {.place = compare_quote(compare, SIDE_OLD, a->span),
	                                .line = {a->span, b->span}};
	if (!a->legacy || !b->legacy)
		return;
	struct boxes boxes = boxes_of(compare, SIDE_OLD, a);
	VEC_EACH(const struct box, box, &boxes.list) {
		difference.packets = *box;
		differ_in_limits(compare, difference, &a->legacy->limits, &b->legacy->limits);
	}
}

static uint32_t *numbers_of(const struct compare *compare, const struct rules_of_nat *rules)
{
	uint32_t *numbers = NEW_ARRAY(compare->arena, uint32_t, rules->list.n + 1u);
	for (uint32_t i = 0; i < rules->list.n; i++)
		numbers[i] = rules->list.v[i].number;
	return numbers;
}

/*
 * Limits of rules that stand in both, wherever they stand. A line without a partner that only
 * limits a host is not one that changes translation.
 */
static void compare_limits(struct compare *compare, const struct rules_of_nat rules[SIDE_COUNT],
                           const struct translations *translations)
{
	bool *const *changed = translations->changed, *const *lone = translations->lone;
	const struct rules_of_nat *a = &rules[SIDE_OLD], *b = &rules[SIDE_NEW];
	uint32_t *pair = same_pair(compare->arena, numbers_of(compare, a), a->list.n,
	                           numbers_of(compare, b), b->list.n);
	bool *taken = NEW_ARRAY(compare->arena, bool, b->list.n + 1u);
	for (uint32_t i = 0; i < a->list.n; i++) {
		if (!pair[i]) {
			lone[SIDE_OLD][i] = !limits_alone(compare, SIDE_OLD, &a->list.v[i]);
			changed[SIDE_OLD][i] &= lone[SIDE_OLD][i];
			continue;
		}
		taken[pair[i] - 1] = true;
		compare_pair(compare, &a->list.v[i], &b->list.v[pair[i] - 1]);
	}
	for (uint32_t j = 0; j < b->list.n; j++)
		if (!taken[j]) {
			lone[SIDE_NEW][j] = !limits_alone(compare, SIDE_NEW, &b->list.v[j]);
			changed[SIDE_NEW][j] &= lone[SIDE_NEW][j];
		}
}

void compare_translations(struct compare *compare)
{
	struct translations translations = {0};
	struct rules_of_nat rules[SIDE_COUNT];
	bool any = false;
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct tracer *tracer = &translations.tracer[side];
		*tracer = tracer_for_way(compare->arena, compare->config[side]);
		rules[side] = rules_of(compare, (enum side)side, &tracer->nat);
		translations.number[side] = numbers_of(compare, &rules[side]);
		translations.changed[side] =
		        NEW_ARRAY(compare->arena, bool, rules[side].list.n + 1u);
		translations.lone[side] = NEW_ARRAY(compare->arena, bool, rules[side].list.n + 1u);
	}
	struct pairs pairs =
	        same_align(compare->arena, translations.number[SIDE_OLD], rules[SIDE_OLD].list.n,
	                   translations.number[SIDE_NEW], rules[SIDE_NEW].list.n);
	for (int side = 0; side < SIDE_COUNT; side++)
		for (uint32_t i = 0; i < rules[side].list.n; i++)
			translations.changed[side][i] = !pairs.pair[side][i];
	compare_limits(compare, rules, &translations);
	for (int side = 0; side < SIDE_COUNT; side++)
		for (uint32_t i = 0; i < rules[side].list.n; i++)
			any |= translations.changed[side][i];
	if (any)
		compare_translated(compare, &translations);
}
