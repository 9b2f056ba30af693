/* SPDX-License-Identifier: ISC */
/*
 * What the access rules say of a lane (asa-semantics 9.3): the inbound list of the
 * ingress interface, the global list, without either the security levels, then the
 * outbound list of the egress interface.
 */
#include "analyzers/lane.h"

/* One check of a lane: what it asks, and where its cells go. */
struct check {
	struct arena *arena;
	const struct config *config;
	const struct lane *lane;
	struct verdict_cells *out;
};

static struct verdict_cell cell_on(const struct check *check, const struct box *box,
                                   enum verdict verdict)
{
	return (struct verdict_cell){.lane = check->lane, .box = *box, .verdict = verdict};
}

static void put(const struct check *check, struct verdict_cell cell)
{
	VEC_PUSH(check->arena, &check->out->list, cell);
}

/* Both ends of a lane are of one family. */
static bool is_v4(const struct lane *lane)
{
	return addr_is4(lane->real.dim[DIM_DST].v[0].lo) &&
	       addr_is4(lane->real.dim[DIM_SRC].v[0].lo);
}

/* The list of a place that filters packets of this family, or NULL. */
static const struct acl *acl_at(const struct config *config, const struct interface *ifc,
                                enum direction direction, bool v4, bool *applied)
{
	*applied = false;
	VEC_EACH(const struct access_group, group, &config->access_groups) {
		if (group->direction != direction)
			continue;
		if (direction != DIR_GLOBAL && config_interface(config, group->interface) != ifc)
			continue;
		const struct acl *acl = config_acl(config, group->acl);
		bool filters_v6 = acl && (acl->kind == ACL_IPV6 || config_any_is_dual(config));
		bool filters_v4 = !acl || acl->kind != ACL_IPV6;
		if (v4 ? !filters_v4 : !filters_v6)
			continue;
		*applied = true;
		return acl;
	}
	return NULL;
}

/* --- security levels -------------------------------------------------------------------- */

static bool covered_by_nat(const struct config *config, const struct lane *lane)
{
	if (lane->client_nat || lane->server_nat)
		return true;
	if (lane->nat_settled)
		return false;
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if (nat->kind == NAT_EXEMPT)
			return true; /* its list is not looked into here: permit, as before */
	return false;
}

bool lane_nat_control(const struct config *config)
{
	bool implicit = config->version.major &&
	                ((config->platform == PLATFORM_PIX && config->version.major < 7) ||
	                 (config->platform == PLATFORM_FWSM && config->version.major < 3));
	return (implicit || config->nat_control) && !config_uses_real_addresses(config);
}

/* nat-control drops what no rule translates (asa-semantics 9.3). */
static bool dropped_by_nat_control(const struct config *config, const struct lane *lane)
{
	return lane_nat_control(config) && !covered_by_nat(config, lane);
}

/* What the levels of two interfaces decide, and why if they do not. */
static enum verdict by_levels(const struct config *config, const struct lane *lane,
                              struct verdict_cell *cell)
{
	const struct interface *in = lane->passage.in, *out = lane->passage.out;
	if (config->platform == PLATFORM_FWSM && in) {
		cell->why_text = S("on FWSM nothing enters an interface without an access-list");
		return VERDICT_NO;
	}
	if (!in || !out || in->implied || out->implied || config->platform == PLATFORM_FTD) {
		cell->why = WHY_ROUTE;
		cell->why_text = S("no access-list decides, and the security levels are not known");
		return VERDICT_UNKNOWN;
	}
	cell->why_span = in->span;
	if (in == out)
		return config->same_security_intra ? VERDICT_YES : VERDICT_NO;
	if (in->security_level < out->security_level) {
		if (config->has_conduits) {
			cell->why = WHY_UNMODELLED;
			cell->why_text = S("conduits decide, which are not evaluated");
			cell->why_span = config->conduit_span;
			return VERDICT_UNKNOWN;
		}
		return VERDICT_NO;
	}
	if (config->has_outbounds) {
		cell->why = WHY_UNMODELLED;
		cell->why_text = S("outbound and apply lists decide, which are not evaluated");
		cell->why_span = config->outbound_span;
		return VERDICT_UNKNOWN;
	}
	if (in->security_level == out->security_level && !config->same_security_inter)
		return VERDICT_NO;
	if (in->security_level > out->security_level && lane->client_is_appliance &&
	    dropped_by_nat_control(config, lane)) {
		cell->why_text =
		        S("nat-control is on and no nat, static or exemption translates it");
		return VERDICT_NO;
	}
	return VERDICT_YES;
}

/* --- lists ------------------------------------------------------------------------------ */

/* A cell of a list's painting, as a verdict. */
static void settle(const struct check *check, const struct cell *cell, const struct acl *acl)
{
	struct verdict_cell out = cell_on(check, &cell->box, VERDICT_NO);
	out.ace = cell->ace;
	out.acl = acl;
	if (cell->can == CAN_PERMIT)
		out.verdict = VERDICT_YES;
	if (cell->can == (CAN_PERMIT | CAN_DENY)) {
		out.verdict = VERDICT_UNKNOWN;
		out.why = cell->why;
		out.why_text = str_printf(
		        check->arena,
		        "it cannot be told whether this line of access-list %.*s matches",
		        STR(config_name(check->config, acl->name)));
		if (cell->doubt)
			out.why_span = cell->doubt->span;
		else if (cell->ace)
			out.why_span = cell->ace->span;
	}
	put(check, out);
}

/* An access-group with a list that does not exist. */
static void missing_list(const struct check *check, const struct box *box)
{
	struct verdict_cell cell = cell_on(check, box, VERDICT_UNKNOWN);
	cell.why = WHY_UNMODELLED;
	cell.why_text = S("an access-group names an access-list that is not in the text");
	put(check, cell);
}

static void by_list(const struct check *check, const struct acl *acl, const struct box *box)
{
	struct cells cells = {0};
	acl_paint(check->arena, check->config, acl, box, &cells);
	VEC_EACH(const struct cell, cell, &cells.list)
		settle(check, cell, acl);
}

void lane_ingress(struct arena *arena, const struct config *config, const struct lane *lane,
                  struct verdict_cells *out)
{
	const struct check check = {arena, config, lane, out};
	const struct box *box = &lane->passage.seen;
	bool v4 = is_v4(lane), has_in, has_global;
	const struct acl *global = acl_at(config, NULL, DIR_GLOBAL, v4, &has_global);
	const struct acl *acl = acl_at(config, lane->passage.in, DIR_IN, v4, &has_in);
	if ((has_in && !acl) || (has_global && !global)) {
		missing_list(&check, box);
		return;
	}
	if (!has_in && has_global) {
		by_list(&check, global, box);
		return;
	}
	if (!has_in) {
		struct verdict_cell cell = cell_on(&check, box, VERDICT_YES);
		cell.verdict = by_levels(config, lane, &cell);
		put(&check, cell);
		return;
	}
	struct cells cells = {0};
	acl_paint(arena, config, acl, box, &cells);
	VEC_EACH(const struct cell, cell, &cells.list) {
		if (!cell->ace && cell->can == CAN_DENY && has_global)
			by_list(&check, global, &cell->box); /* its end moves to the global list */
		else
			settle(&check, cell, acl);
	}
}

/* The outbound list of the egress interface sees packets as they leave (before 8.3 translated). */
void lane_egress(struct arena *arena, const struct config *config, const struct lane *lane,
                 const struct box *seen, struct verdict_cells *out)
{
	const struct check check = {arena, config, lane, out};
	bool has_out;
	const struct acl *acl = acl_at(config, lane->passage.out, DIR_OUT, is_v4(lane), &has_out);
	if (!has_out || !lane->passage.out) {
		put(&check, cell_on(&check, seen, VERDICT_YES));
		return;
	}
	if (!acl) {
		missing_list(&check, seen);
		return;
	}
	struct box leaving = *seen;
	leaving.dim[DIM_DST] = lane->real.dim[DIM_DST];
	leaving.dim[DIM_DPORT] = lane->real.dim[DIM_DPORT];
	if (lane->leaves_as.n)
		leaving.dim[DIM_SRC] = lane->leaves_as;
	else if (lane->client_nat) {
		struct verdict_cell cell = cell_on(&check, seen, VERDICT_UNKNOWN);
		cell.why = WHY_UNMODELLED;
		cell.why_text = S("an outbound access-list sees the translated source, "
		                  "which is not evaluated");
		cell.why_span = lane->client_nat->span;
		put(&check, cell);
		return;
	}
	by_list(&check, acl, &leaving);
	if (lane->leaves_as.n)
		VEC_EACH(struct verdict_cell, cell, &out->list)
			cell->box.dim[DIM_SRC] = seen->dim[DIM_SRC];
}

/* Back to real addresses: only the destination may have been seen as mapped. */
static void to_real(const struct lane *lane, struct box *box)
{
	for (int dim = 0; dim < DIM_COUNT; dim++)
		if (!iset_equal(lane->passage.seen.dim[dim], lane->real.dim[dim]))
			box->dim[dim] = lane->real.dim[dim];
}

void lane_permission(struct arena *arena, const struct config *config, const struct lane *lane,
                     struct verdict_cells *out)
{
	struct verdict_cells ingress = {0};
	lane_ingress(arena, config, lane, &ingress);
	VEC_EACH(const struct verdict_cell, in, &ingress.list) {
		struct verdict_cells egress = {0};
		if (in->verdict == VERDICT_YES)
			lane_egress(arena, config, lane, &in->box, &egress);
		else
			VEC_PUSH(arena, &egress.list, *in);
		VEC_EACH(struct verdict_cell, cell, &egress.list) {
			if (in->verdict == VERDICT_YES && cell->verdict == VERDICT_YES) {
				cell->ace = in->ace;
				cell->acl = in->acl;
			}
			to_real(lane, &cell->box);
			VEC_PUSH(arena, &out->list, *cell);
		}
	}
}
