/* SPDX-License-Identifier: ISC */
/*
 * Which packets of a flow the access rules permit (asa-semantics 9.3): the inbound
 * list of the ingress interface, the global list, without either the security levels,
 * then the outbound list of the egress interface.
 */
#include "analyzers/audit.h"

/* What is left of a lane while it passes one check after another. */
struct passing {
	struct audit *audit;
	const struct lane *lane;
	struct verdict_cells *out;
};

static struct verdict_cell cell_on(const struct passing *passing, const struct box *box,
                                   enum verdict verdict)
{
	return (struct verdict_cell){.lane = passing->lane, .box = *box, .verdict = verdict};
}

static void put(struct passing *passing, struct verdict_cell cell)
{
	/* Back to real addresses: only the destination may have been seen as mapped. */
	const struct lane *lane = passing->lane;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		if (!iset_equal(lane->passage.seen.dim[dim], lane->real.dim[dim]))
			cell.box.dim[dim] = lane->real.dim[dim];
	VEC_PUSH(passing->audit->arena, &passing->out->list, cell);
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
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if (nat->kind == NAT_EXEMPT)
			return true; /* its list is not looked into here: permit, as before */
	return false;
}

/* nat-control drops what no rule translates (asa-semantics 9.3). */
static bool dropped_by_nat_control(const struct config *config, const struct lane *lane)
{
	bool pix6 = config->platform == PLATFORM_PIX && config->version.major &&
	            config->version.major < 7;
	if (!(pix6 || config->nat_control) || config_uses_real_addresses(config))
		return false;
	return !covered_by_nat(config, lane);
}

/* What the levels of two interfaces decide, and why if they do not. */
static enum verdict by_levels(const struct audit *audit, const struct lane *lane,
                              struct verdict_cell *cell)
{
	const struct config *config = audit->config;
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

static void step_out(struct passing *passing, const struct box *box, const struct ace *ace,
                     const struct acl *acl);

static void settle(struct passing *passing, const struct cell *cell, const struct acl *acl)
{
	struct verdict_cell out = cell_on(passing, &cell->box, VERDICT_NO);
	out.ace = cell->ace;
	out.acl = acl;
	if (cell->can == (CAN_PERMIT | CAN_DENY)) {
		out.verdict = VERDICT_UNKNOWN;
		out.why = cell->why;
		out.why_text = str_printf(
		        passing->audit->arena,
		        "it cannot be told whether this line of access-list %.*s matches",
		        STR(audit_name(passing->audit, acl->name)));
		if (cell->doubt)
			out.why_span = cell->doubt->span;
		else if (cell->ace)
			out.why_span = cell->ace->span;
	}
	put(passing, out);
}

/* The access-group names a list that does not exist. */
static void missing_list(struct passing *passing, const struct box *box)
{
	struct verdict_cell cell = cell_on(passing, box, VERDICT_UNKNOWN);
	cell.why = WHY_UNMODELLED;
	cell.why_text = S("an access-group names an access-list that is not in the text");
	put(passing, cell);
}

/* The global list, after an interface list that did not decide or where there is none. */
static void step_global(struct passing *passing, const struct box *box, const struct acl *global)
{
	struct cells cells = {0};
	acl_paint(passing->audit->arena, passing->audit->config, global, box, &cells);
	VEC_EACH(const struct cell, cell, &cells.list) {
		if (cell->can == CAN_PERMIT)
			step_out(passing, &cell->box, cell->ace, global);
		else
			settle(passing, cell, global);
	}
}

static void step_in(struct passing *passing)
{
	struct audit *audit = passing->audit;
	const struct config *config = audit->config;
	const struct lane *lane = passing->lane;
	const struct box *box = &lane->passage.seen;
	bool v4 = addr_is4(lane->server_is_appliance ? lane->server : lane->client);
	bool has_in, has_global;
	const struct acl *global = acl_at(config, NULL, DIR_GLOBAL, v4, &has_global);
	const struct acl *acl = acl_at(config, lane->passage.in, DIR_IN, v4, &has_in);
	if ((has_in && !acl) || (has_global && !global)) {
		missing_list(passing, box);
		return;
	}
	if (!has_in && has_global) {
		step_global(passing, box, global);
		return;
	}
	if (!has_in) {
		struct verdict_cell cell = cell_on(passing, box, VERDICT_YES);
		cell.verdict = by_levels(audit, lane, &cell);
		if (cell.verdict == VERDICT_YES)
			step_out(passing, box, NULL, NULL);
		else
			put(passing, cell);
		return;
	}
	struct cells cells = {0};
	acl_paint(audit->arena, config, acl, box, &cells);
	VEC_EACH(const struct cell, cell, &cells.list) {
		if (cell->can == CAN_PERMIT)
			step_out(passing, &cell->box, cell->ace, acl);
		else if (!cell->ace && cell->can == CAN_DENY && has_global)
			step_global(passing, &cell->box, global);
		else
			settle(passing, cell, acl);
	}
}

/* The outbound list of the egress interface sees packets as they leave (before 8.3 translated). */
static void step_out(struct passing *passing, const struct box *box, const struct ace *ace,
                     const struct acl *acl)
{
	struct audit *audit = passing->audit;
	const struct config *config = audit->config;
	const struct lane *lane = passing->lane;
	bool v4 = addr_is4(lane->server_is_appliance ? lane->server : lane->client);
	bool has_out;
	const struct acl *out = acl_at(config, lane->passage.out, DIR_OUT, v4, &has_out);
	struct verdict_cell permitted = cell_on(passing, box, VERDICT_YES);
	permitted.ace = ace;
	permitted.acl = acl;
	if (!has_out || !lane->passage.out) {
		put(passing, permitted);
		return;
	}
	if (!out) {
		missing_list(passing, box);
		return;
	}
	struct box leaving = *box;
	leaving.dim[DIM_DST] = lane->real.dim[DIM_DST];
	leaving.dim[DIM_DPORT] = lane->real.dim[DIM_DPORT];
	if (lane->client_nat) {
		permitted.verdict = VERDICT_UNKNOWN;
		permitted.why = WHY_UNMODELLED;
		permitted.why_text = S("an outbound access-list sees the translated source, "
		                       "which is not evaluated");
		permitted.why_span = lane->client_nat->span;
		put(passing, permitted);
		return;
	}
	struct cells cells = {0};
	acl_paint(audit->arena, config, out, &leaving, &cells);
	VEC_EACH(const struct cell, cell, &cells.list) {
		if (cell->can != CAN_PERMIT) {
			settle(passing, cell, out);
			continue;
		}
		permitted.box = cell->box;
		put(passing, permitted);
	}
}

/* --- all flows -------------------------------------------------------------------------- */

/* A command that is not known may stop mail; a fragment may lack what does. */
static bool doubt_yes(struct audit *audit, struct verdict_cell *cell)
{
	VEC_EACH(const struct unknown_line, line, &audit->config->unknown_lines)
		if (!line->local) {
			cell->why = WHY_UNMODELLED;
			cell->why_text = S("a command that is not known may decide about it");
			cell->why_span = line->span;
			return true;
		}
	return false;
}

void audit_permission(struct audit *audit)
{
	VEC_EACH(struct flow_work, work, &audit->flows) {
		struct flow *flow = work->flow;
		if (!flow->on_path)
			continue;
		VEC_EACH(const struct lane, lane, &work->lanes) {
			struct passing passing = {audit, lane, &work->permission};
			step_in(&passing);
		}
		VEC_EACH(struct verdict_cell, cell, &work->permission.list) {
			if (cell->verdict == VERDICT_YES && doubt_yes(audit, cell))
				cell->verdict = VERDICT_UNKNOWN;
			if (cell->verdict == VERDICT_UNKNOWN)
				flow_why(audit, flow, ABOUT_PERMITTED, VERDICT_UNKNOWN, cell->why,
				         cell->why_text, cell->why_span);
		}
		flow->permitted = verdict_of(&work->permission);
		flow->permitted_packets =
		        packets_with(audit->arena, &work->permission, VERDICT_YES);
	}
}
