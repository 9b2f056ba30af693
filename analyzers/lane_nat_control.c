/* SPDX-License-Identifier: ISC */
/* What nat-control drops, for want of a translation (asa-semantics 9.3). */
#include "analyzers/lane_parts.h"

bool lane_nat_control(const struct config *config)
{
	/* Implicit on PIX 6 and FWSM 2 and before (9.3); gone in 8.3. */
	return (config_uses_fixup(config) || config->nat_control) &&
	       !config_uses_real_addresses(config);
}

/* Sources that some rule translates from one interface to another, and those that one may. */
struct translated {
	struct iset must, may;
};

static bool has_pool(const struct config *config, const struct legacy_nat *nat,
                     const struct interface *out)
{
	VEC_EACH(const struct global_pool, pool, &config->globals)
		if (pool->id == nat->id && config_interface(config, pool->ifc) == out)
			return true;
	return false;
}

/* Sources that a NAT access-list speaks of; surely translated where it covers the destination. */
static void add_listed(struct arena *arena, const struct config *config, const struct lane *lane,
                       const struct legacy_nat *nat, struct translated *to)
{
	const struct acl *acl = config_acl(config, nat->acl);
	if (!acl)
		return;
	VEC_EACH(const struct ace, ace, &acl->aces) {
		if (ace->action != ACE_PERMIT)
			continue;
		const struct addr_set *src = config_addr_set(config, ace->src);
		const struct addr_set *dst = config_addr_set(config, ace->dst);
		if (iset_covers(dst->must, lane->real.dim[DIM_DST]))
			to->must = iset_union(arena, to->must, src->must);
		if (iset_overlaps(dst->may, lane->real.dim[DIM_DST]))
			to->may = iset_union(arena, to->may, src->may);
	}
}

static struct translated translated_sources(struct arena *arena, const struct config *config,
                                            const struct lane *lane)
{
	struct translated out = {0};
	VEC_EACH(const struct legacy_nat, nat, &config->nats) {
		bool is_static = nat->kind == NAT_STATIC;
		bool from = config_interface(config, nat->real_ifc) == lane->passage.in;
		bool to = !is_static ||
		          config_interface(config, nat->mapped_ifc) == lane->passage.out;
		bool pool = nat->kind != NAT_DYNAMIC || has_pool(config, nat, lane->passage.out);
		if (!from || !to || !pool || nat->outside || (is_static && nat->protocol))
			continue;
		if (nat->acl) {
			add_listed(arena, config, lane, nat, &out);
		} else if (!nat->real_unknown) {
			out.must = iset_union(arena, out.must,
			                      iset_range(arena, nat->real.lo, nat->real.hi));
		} else {
			out.may = iset_all();
		}
	}
	out.may = iset_union(arena, out.may, out.must);
	return out;
}

void lane_translated(const struct check *check, const struct verdict_cell *permitted)
{
	const struct lane *lane = check->lane;
	const struct interface *in = lane->passage.in, *out = lane->passage.out;
	bool asked = lane_nat_control(check->config) && !lane->nat_settled && !lane->translated &&
	             lane_is_v4(lane) && !(in && out && in->security_level <= out->security_level);
	if (permitted->verdict == VERDICT_NO || !asked) {
		check_put(check, *permitted);
		return;
	}
	if (!in || !out) {
		struct verdict_cell cell = *permitted;
		cell.verdict = VERDICT_UNKNOWN;
		cell.why = WHY_ROUTE;
		cell.why_text = S("nat-control is on, and it is not known which interfaces this "
		                  "mail crosses");
		check_put(check, cell);
		return;
	}
	struct translated translated = translated_sources(check->arena, check->config, lane);
	struct iset src = permitted->box.dim[DIM_SRC];
	struct iset sure = iset_intersect(check->arena, src, translated.must);
	struct iset maybe = iset_intersect(
	        check->arena, src, iset_subtract(check->arena, translated.may, translated.must));
	struct iset never = iset_subtract(check->arena, src, translated.may);
	struct verdict_cell part = *permitted;
	part.box.dim[DIM_SRC] = sure;
	if (!iset_is_empty(sure))
		check_put(check, part);
	part.ace = NULL;
	part.acl = NULL;
	part.why_text =
	        S("nat-control is on, and no nat, static or exemption translates the source");
	part.why_span = in->span;
	part.box.dim[DIM_SRC] = never;
	part.verdict = VERDICT_NO;
	if (!iset_is_empty(never))
		check_put(check, part);
	if (permitted->verdict == VERDICT_UNKNOWN)
		part = *permitted;
	part.box.dim[DIM_SRC] = maybe;
	part.verdict = VERDICT_UNKNOWN;
	if (part.why == WHY_NONE)
		part.why = WHY_UNMODELLED;
	if (!iset_is_empty(maybe))
		check_put(check, part);
}
