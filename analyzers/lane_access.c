/* SPDX-License-Identifier: ISC */
/*
 * What the access rules say of a lane (asa-semantics 9.3): the inbound list of the
 * ingress interface, the global list, without either the security levels, then the
 * outbound list of the egress interface.
 */
#include "analyzers/lane_parts.h"

static struct verdict_cell cell_on(const struct check *check, const struct box *box,
                                   enum verdict verdict)
{
	return (struct verdict_cell){.lane = check->lane, .box = *box, .verdict = verdict};
}

void check_put(const struct check *check, struct verdict_cell cell)
{
	VEC_PUSH(check->arena, &check->out->list, cell);
}

bool lane_is_v4(const struct lane *lane)
{
	return addr_is4(lane->real.dim[DIM_DST].v[0].lo) &&
	       addr_is4(lane->real.dim[DIM_SRC].v[0].lo);
}

/* Does a list filter packets of this family? One that is missing may filter both. */
static bool filters(const struct config *config, const struct acl *acl, bool v4)
{
	if (!acl)
		return true;
	if (acl->kind == ACL_IPV6)
		return !v4;
	return v4 || config_any_is_dual(config);
}

/* The access-group of a place that filters packets of this family, or NULL. */
static const struct access_group *group_at(const struct config *config, const struct interface *ifc,
                                           enum direction direction, bool v4)
{
	if (!ifc && direction != DIR_GLOBAL)
		return NULL; /* the place is not known: see hidden_list() */
	const struct access_group *group =
	        direction == DIR_GLOBAL ? config->global_groups : ifc->groups[direction];
	while (group && !filters(config, group->list, v4))
		group = group->next;
	return group;
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
	check_put(check, out);
}

/* An access-group with a list that does not exist. */
static void missing_list(const struct check *check, const struct box *box,
                         const struct access_group *group)
{
	struct verdict_cell cell = cell_on(check, box, VERDICT_UNKNOWN);
	cell.why = WHY_MASKED;
	cell.why_text = str_printf(check->arena, "the access-list %.*s is not in the text",
	                           STR(config_name(check->config, group->acl)));
	cell.why_span = group->span;
	check_put(check, cell);
}

static void by_list(const struct check *check, const struct acl *acl, const struct box *box)
{
	struct cells cells = {0};
	acl_paint_between(check->arena, check->config, acl, check->lane->passage.in,
	                  check->lane->passage.out, box, &cells);
	VEC_EACH(const struct cell, cell, &cells.list)
		settle(check, cell, acl);
}

/* From a lower to a higher level, where conduits open the way (section 6). */
static bool is_upward(const struct lane *lane)
{
	const struct interface *in = lane->passage.in, *out = lane->passage.out;
	return in && out && in->security_level < out->security_level;
}

static void by_conduits(const struct check *check, const struct box *box)
{
	struct cells cells = {0};
	acl_paint(check->arena, check->config, &check->config->conduits, box, &cells);
	VEC_EACH(const struct cell, cell, &cells.list) {
		struct verdict_cell out = cell_on(check, &cell->box, VERDICT_NO);
		out.ace = cell->ace;
		out.why_text = S("no conduit opens the way");
		out.why_span = cell->ace ? cell->ace->span : check->config->conduit_span;
		if (cell->can == CAN_PERMIT)
			out.verdict = VERDICT_YES;
		if (cell->can == (CAN_PERMIT | CAN_DENY)) {
			out.verdict = VERDICT_UNKNOWN;
			out.why = cell->why;
			out.why_text = S("it cannot be told whether a conduit matches");
			out.why_span =
			        cell->doubt ? cell->doubt->span : check->config->conduit_span;
		}
		check_put(check, out);
	}
}

/*
 * The end of an interface list moves to the global one (9.3). A line that only may have matched
 * before the end leaves its mark on what the global list says.
 */
static void by_global(const struct check *check, const struct cell *end, const struct acl *list,
                      const struct acl *global)
{
	struct cells cells = {0};
	acl_paint_between(check->arena, check->config, global, check->lane->passage.in,
	                  check->lane->passage.out, &end->box, &cells);
	VEC_EACH(struct cell, cell, &cells.list) {
		unsigned both = cell->can | end->doubt_can;
		if (end->doubt_can && both != cell->can) {
			cell->can = both;
			cell->why = end->why != WHY_NONE ? end->why : WHY_UNMODELLED;
			cell->doubt = end->doubt;
			settle(check, cell, list);
		} else {
			settle(check, cell, global);
		}
	}
}

void lane_ingress(struct arena *arena, const struct config *config, const struct lane *lane,
                  struct verdict_cells *out)
{
	const struct check check = {arena, config, lane, out};
	const struct box *box = &lane->passage.seen;
	bool v4 = lane_is_v4(lane);
	const struct access_group *global = group_at(config, NULL, DIR_GLOBAL, v4);
	const struct access_group *in = group_at(config, lane->passage.in, DIR_IN, v4);
	const struct acl *global_list = global ? global->list : NULL;
	const struct acl *list = in ? in->list : NULL;
	if (in && !list) {
		missing_list(&check, box, in);
		return;
	}
	if (!in && global && !global_list) {
		missing_list(&check, box, global);
		return;
	}
	if (!in && global) {
		by_list(&check, global_list, box);
		return;
	}
	if (!in && config->has_conduits && is_upward(lane)) {
		by_conduits(&check, box);
		return;
	}
	if (!in) {
		struct verdict_cell cell = cell_on(&check, box, VERDICT_YES);
		cell.verdict = lane_levels(config, lane, &cell);
		check_put(&check, cell);
		return;
	}
	struct cells cells = {0};
	acl_paint_between(arena, config, list, lane->passage.in, lane->passage.out, box, &cells);
	VEC_EACH(const struct cell, cell, &cells.list) {
		if (!cell->ace && global && !global_list)
			missing_list(&check, &cell->box, global);
		else if (!cell->ace && global)
			by_global(&check, cell, list, global_list);
		else
			settle(&check, cell, list);
	}
}

/* --- the egress ----------------------------------------------------------------------------- */

/* May a rule translate sources of the lane on their way out (before 8.3)? */
static bool may_be_translated(const struct config *config, const struct lane *lane)
{
	if (config_uses_real_addresses(config))
		return false;
	VEC_EACH(const struct legacy_nat, nat, &config->nats) {
		bool here = !lane->passage.in ||
		            config_interface(config, nat->real_ifc) == lane->passage.in;
		bool vague = nat->acl || nat->real_unknown;
		const struct iset src = lane->real.dim[DIM_SRC];
		for (uint32_t i = 0; here && i < src.n; i++)
			if (vague || (nat->real.lo <= src.v[i].hi && src.v[i].lo <= nat->real.hi))
				return true;
	}
	return false;
}

/* One verdict for all cells that an uncertain address was painted into, unknown if they differ. */
static void fold(const struct check *check, const struct verdict_cells *cells,
                 const struct box *box, enum why_code why, struct str text, struct span span)
{
	bool differ = false;
	struct verdict_cell whole = cells->list.v[0];
	VEC_EACH(const struct verdict_cell, cell, &cells->list)
		differ |= cell->verdict != whole.verdict;
	whole.box = *box;
	if (differ) {
		whole.verdict = VERDICT_UNKNOWN;
		whole.why = why;
		whole.why_text = text;
		whole.why_span = span;
	}
	check_put(check, whole);
}

/* The outbound list of the egress interface sees packets as they leave (before 8.3 translated). */
void lane_egress(struct arena *arena, const struct config *config, const struct lane *lane,
                 const struct box *seen, struct verdict_cells *out)
{
	const struct check check = {arena, config, lane, out};
	const struct access_group *group =
	        group_at(config, lane->passage.out, DIR_OUT, lane_is_v4(lane));
	const struct acl *acl = group ? group->list : NULL;
	if (!group) {
		check_put(&check, cell_on(&check, seen, VERDICT_YES));
		return;
	}
	if (!acl) {
		missing_list(&check, seen, group);
		return;
	}
	struct box leaving = *seen;
	struct verdict_cells cells = {0};
	const struct check inner = {arena, config, lane, &cells};
	bool settled = lane->leaves_as.n > 0;
	lane_to_real(lane, &leaving);
	if (settled)
		leaving.dim[DIM_SRC] = lane->leaves_as;
	else if (!lane->nat_settled && may_be_translated(config, lane))
		leaving.dim[DIM_SRC] = iset_family(arena, iset_all(), true);
	else
		settled = true;
	by_list(&inner, acl, &leaving);
	if (!settled) {
		fold(&check, &cells, seen, WHY_UNMODELLED,
		     S("an outbound access-list sees the source translated, and what it becomes is "
		       "not followed here"),
		     group->span);
		return;
	}
	VEC_EACH(struct verdict_cell, cell, &cells.list) {
		if (lane->leaves_as.n)
			cell->box.dim[DIM_SRC] = seen->dim[DIM_SRC];
		check_put(&check, *cell);
	}
}

/* --- all -------------------------------------------------------------------------------------- */

/* A list of an interface that the lane may cross, where that is not known. */
static const struct access_group *hidden_list(const struct config *config, const struct lane *lane)
{
	VEC_EACH(const struct access_group, group, &config->access_groups)
		if ((group->direction == DIR_IN && !lane->passage.in) ||
		    (group->direction == DIR_OUT && !lane->passage.out))
			return group;
	return NULL;
}

/*
 * What the ingress lets through, or may, meets `same-security-traffic` and the list of the egress.
 * Who is sure to stop it has the last word; else the first doubt has it.
 */
static void pass_on(const struct check *check, const struct verdict_cell *in, enum verdict levels,
                    const struct doubt *why, struct verdict_cells *out)
{
	struct verdict_cell first = *in;
	struct verdict_cells egress = {0};
	if (in->verdict != VERDICT_NO &&
	    (levels == VERDICT_NO || (levels == VERDICT_UNKNOWN && in->verdict == VERDICT_YES)))
		first = (struct verdict_cell){.lane = in->lane,
		                              .box = in->box,
		                              .verdict = levels,
		                              .why = why->code,
		                              .why_text = why->text,
		                              .why_span = why->span};
	if (first.verdict == VERDICT_NO)
		VEC_PUSH(check->arena, &egress.list, first);
	else
		lane_egress(check->arena, check->config, check->lane, &in->box, &egress);
	VEC_EACH(struct verdict_cell, cell, &egress.list) {
		struct verdict_cell both = *cell;
		if (first.verdict == VERDICT_UNKNOWN && cell->verdict != VERDICT_NO) {
			both = first;
			both.box = cell->box;
		} else if (cell->verdict == VERDICT_YES) {
			both.ace = first.ace;
			both.acl = first.acl;
		}
		lane_to_real(check->lane, &both.box);
		VEC_PUSH(check->arena, &out->list, both);
	}
}

void lane_permission(struct arena *arena, const struct config *config, const struct lane *lane,
                     struct verdict_cells *out)
{
	const struct access_group *hidden = hidden_list(config, lane);
	struct verdict_cells ingress = {0}, cells = {0};
	const struct check check = {arena, config, lane, &cells}, last = {arena, config, lane, out};
	struct doubt why;
	enum verdict levels = lane_same_security(config, lane, &why);
	lane_ingress(arena, config, lane, &ingress);
	VEC_EACH(const struct verdict_cell, in, &ingress.list) {
		struct verdict_cells passed = {0};
		pass_on(&check, in, levels, &why, &passed);
		VEC_EACH(const struct verdict_cell, cell, &passed.list)
			lane_translated(&check, cell);
	}
	if (lane->mapped_unknown) {
		fold(&last, &cells, &lane->real, WHY_MASKED, lane_unknown_mapping(lane),
		     lane->server_nat ? lane->server_nat->span : (struct span){0});
		cells.list.n = 0;
	}
	VEC_EACH(struct verdict_cell, cell, &cells.list) {
		/* Where an appliance is, is not known: perhaps it does not come in by here, or go
		 * out by there. */
		if (lane->guessed && cell->verdict != VERDICT_UNKNOWN &&
		    (cell->verdict == VERDICT_NO || lane->client_is_appliance)) {
			cell->verdict = VERDICT_UNKNOWN;
			cell->why = WHY_ROUTE;
			cell->why_text =
			        S("it is not known behind which interface the appliance is");
		}
		if (hidden && cell->verdict != VERDICT_UNKNOWN) {
			cell->verdict = VERDICT_UNKNOWN;
			cell->why = WHY_ROUTE;
			cell->why_text = S("it is not known which interface this mail crosses, and "
			                   "an access-list may stand there");
			cell->why_span = hidden->span;
		}
		check_put(&last, *cell);
	}
}
