/* SPDX-License-Identifier: ISC */
/*
 * Access-groups and the implicit rule (asa-semantics 9.3). At the ingress of an interface its own
 * list and the global one are one list, at whose end is the implicit deny; without both the
 * security levels decide, which are compared pair by pair of interfaces.
 */
#include "analyzers/compare_parts.h"

#include "analyzers/lane.h"
#include "analyzers/path.h"

/* The list that filters a family at a place. */
struct applied {
	bool there;
	const struct acl *acl; /* NULL: the access-group names none that exists */
	const struct access_group *group;
};

static struct applied list_at(const struct config *config, struct str ifc, enum direction direction,
                              bool v4)
{
	VEC_EACH(const struct access_group, group, &config->access_groups) {
		const struct acl *acl = config_acl(config, group->acl);
		bool filters_v6 = acl && (acl->kind == ACL_IPV6 || config_any_is_dual(config));
		bool filters_v4 = !acl || acl->kind != ACL_IPV6;
		if (group->direction == direction && (v4 ? filters_v4 : filters_v6) &&
		    (direction == DIR_GLOBAL ||
		     str_eq_nocase(config_name(config, group->interface), ifc)))
			return (struct applied){true, acl, group};
	}
	return (struct applied){0};
}

/* All that decides about packets of a family that enter (or leave) by an interface. */
struct stack {
	struct applied own, global;
};

static struct stack stack_at(const struct config *config, struct str ifc, enum direction direction,
                             bool v4)
{
	struct stack stack = {.own = list_at(config, ifc, direction, v4)};
	if (direction == DIR_IN)
		stack.global = list_at(config, ifc, DIR_GLOBAL, v4);
	return stack;
}

static bool is_missing(const struct stack *stack)
{
	return (stack->own.there && !stack->own.acl) || (stack->global.there && !stack->global.acl);
}

/* On FWSM nothing enters without a list. */
static unsigned behind_lists(const struct config *config, const struct stack *stack,
                             enum direction direction)
{
	if (stack->own.there || stack->global.there)
		return CAN_DENY;
	if (direction == DIR_OUT)
		return CAN_PERMIT;
	return config->platform == PLATFORM_FWSM ? CAN_DENY : CAN_BY_LEVEL;
}

/* --- security levels -------------------------------------------------------------------- */

static bool levels_permit(const struct config *config, const struct interface *in,
                          const struct interface *out)
{
	return in->security_level > out->security_level ||
	       (in->security_level == out->security_level && config->same_security_inter);
}

static bool levels_known(const struct config *config, const struct interface *ifc)
{
	return ifc && !ifc->implied && path_carries_traffic(ifc) &&
	       config->platform != PLATFORM_FTD;
}

/*
 * What the levels alone decide about all that enters by an interface, wherever it leaves:
 * CAN_BY_LEVEL where that depends on the way, or where other rules have a say.
 */
static unsigned by_levels(const struct config *config, const struct interface *in)
{
	unsigned can = 0;
	if (!levels_known(config, in) || config->has_outbounds)
		return CAN_BY_LEVEL;
	VEC_EACH(const struct interface, out, &config->interfaces) {
		if (out == in || !out->nameif || (!out->implied && !path_carries_traffic(out)))
			continue;
		if (!levels_known(config, out))
			return CAN_BY_LEVEL;
		can |= levels_permit(config, in, out) ? CAN_PERMIT : CAN_DENY;
	}
	/* Conduits let in what levels deny, and so does a way back out by the same interface. */
	bool denied_at_all =
	        can == CAN_DENY && !config->has_conduits && !config->same_security_intra;
	return can == CAN_PERMIT || denied_at_all ? can : CAN_BY_LEVEL;
}

/* --- lists ------------------------------------------------------------------------------ */

/* What is behind the lists; levels against lists by what they come to, where that is one thing. */
static void ends_of(const struct compare *compare, struct str ifc, enum direction direction,
                    const struct stack stacks[SIDE_COUNT], unsigned ends[SIDE_COUNT])
{
	for (int side = 0; side < SIDE_COUNT; side++)
		ends[side] = behind_lists(compare->config[side], &stacks[side], direction);
	if (ends[SIDE_OLD] == ends[SIDE_NEW])
		return;
	for (int side = 0; side < SIDE_COUNT; side++)
		if (ends[side] == CAN_BY_LEVEL)
			ends[side] = by_levels(compare->config[side],
			                       compare_interface(compare->config[side], ifc));
}

static struct delta_list flatten(const struct compare *compare, enum side side,
                                 const struct stack *stack, unsigned end)
{
	struct delta_list list = {.side = side};
	if (stack->own.acl)
		delta_add(compare->same, stack->own.acl, false, &list);
	if (stack->global.acl)
		delta_add(compare->same, stack->global.acl, false, &list);
	delta_end(compare->same, end, &list);
	return list;
}

static struct str can_text(unsigned can)
{
	return can == CAN_PERMIT     ? S("permitted")
	       : can == CAN_DENY     ? S("denied")
	       : can == CAN_BY_LEVEL ? S("as the security levels say")
	                             : S("unknown");
}

/* The name of the time-range that a line depends on; empty: on none. */
static struct str time_range_of(const struct compare *compare, enum side side,
                                const struct ace *ace)
{
	const struct config *config = compare->config[side];
	const name_id *name =
	        ace ? keys_find(&config->time_range_uses, config_line_key(ace->span)) : NULL;
	return name ? config_name(config, *name) : S("");
}

/* What a list does with a cell, or why that was not found out. */
static struct str cell_text(const struct compare *compare, const struct delta_cell *cell,
                            enum side side)
{
	const struct ace *ace = cell->ace[side];
	struct str range = time_range_of(compare, side, ace);
	struct str address = ace ? same_doubt(compare->same, side, ace) : S("");
	if (cell->budget)
		return S("unknown: too many lines changed to compare all of them");
	if (can_is_one(cell->can[side]))
		return can_text(cell->can[side]);
	if (range.n)
		return str_printf(compare->arena, "unknown: by time-range %.*s", STR(range));
	if (address.n)
		return str_printf(compare->arena, "unknown: by %.*s", STR(address));
	return S("unknown: a line may match or not");
}

/* Where both sides have the same words: what the time-range says otherwise. */
static void tell_time_range(struct compare *compare, const struct delta_cell *cell,
                            struct difference *difference)
{
	struct str names[SIDE_COUNT];
	for (int side = 0; side < SIDE_COUNT; side++)
		names[side] = time_range_of(compare, (enum side)side, cell->ace[side]);
	if (!str_eq(difference->before, difference->after) || cell->budget || !names[SIDE_OLD].n)
		return;
	difference->after = STR_JOIN(compare->arena, difference->after, S(", which differs"));
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct block_lines apart =
		        same_lines_apart(compare->same, (enum side)side, S("time-range"), names);
		if (apart.list.n)
			difference->line[side] = apart.list.v[0];
	}
}

/* The line that decides, or the access-group where it is the end of the list. */
static struct span line_of(const struct stack *stack, const struct ace *ace)
{
	if (ace)
		return ace->span;
	return stack->own.group      ? stack->own.group->span
	       : stack->global.group ? stack->global.group->span
	                             : (struct span){0};
}

static void missing(struct compare *compare, const struct stack stacks[SIDE_COUNT],
                    const struct difference *like)
{
	struct difference difference = *like;
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct str *text = side == SIDE_OLD ? &difference.before : &difference.after;
		*text = is_missing(&stacks[side]) ? S("by a list that is not in the text")
		                                  : S("by lists that are in the text");
		difference.line[side] = line_of(&stacks[side], NULL);
	}
	difference.undecided = true;
	compare_differ(compare, difference);
}

/* Equal lists, or none, or the same one missing: that is equal to itself. */
static bool same_applied(const struct compare *compare, const struct applied *a,
                         const struct applied *b)
{
	if (a->there != b->there || !a->acl != !b->acl)
		return false;
	if (!a->there)
		return true;
	if (!a->acl)
		return same_text(compare->same, SIDE_OLD, a->group->span) ==
		       same_text(compare->same, SIDE_NEW, b->group->span);
	return same_list(compare->same, SIDE_OLD, a->group->acl) ==
	       same_list(compare->same, SIDE_NEW, b->group->acl);
}

static bool same_missing(const struct compare *compare, const struct stack stacks[SIDE_COUNT])
{
	return same_applied(compare, &stacks[SIDE_OLD].own, &stacks[SIDE_NEW].own) &&
	       same_applied(compare, &stacks[SIDE_OLD].global, &stacks[SIDE_NEW].global);
}

static void compare_place_lists(struct compare *compare, struct str ifc, enum direction direction,
                                bool v4)
{
	struct stack stacks[SIDE_COUNT];
	for (int side = 0; side < SIDE_COUNT; side++)
		stacks[side] = stack_at(compare->config[side], ifc, direction, v4);
	struct difference like = {
	        .in = DIFFERS_PERMISSION, .packets = compare_family(compare, v4), .of_lists = true};
	like.place = str_printf(compare->arena, "%s interface %.*s",
	                        direction == DIR_IN ? "in at" : "out at", STR(ifc));
	if (is_missing(&stacks[SIDE_OLD]) || is_missing(&stacks[SIDE_NEW])) {
		if (!same_missing(compare, stacks))
			missing(compare, stacks, &like);
		return;
	}
	unsigned ends[SIDE_COUNT];
	ends_of(compare, ifc, direction, stacks, ends);
	struct delta_list old = flatten(compare, SIDE_OLD, &stacks[SIDE_OLD], ends[SIDE_OLD]);
	struct delta_list new = flatten(compare, SIDE_NEW, &stacks[SIDE_NEW], ends[SIDE_NEW]);
	struct delta_cells cells = {0};
	delta_compare(compare->same, &old, &new, &like.packets, &compare->budget, &cells);
	VEC_EACH(const struct delta_cell, cell, &cells.list) {
		struct difference difference = like;
		difference.packets = cell->box;
		difference.except = cell->except;
		difference.before = cell_text(compare, cell, SIDE_OLD);
		difference.after = cell_text(compare, cell, SIDE_NEW);
		difference.undecided = cell->undecided;
		for (int side = 0; side < SIDE_COUNT; side++)
			difference.line[side] = line_of(&stacks[side], cell->ace[side]);
		tell_time_range(compare, cell, &difference);
		compare_differ(compare, difference);
	}
}

/* --- the implicit rule ------------------------------------------------------------------ */

/* A nameif with its interface on either side, or NULL. */
struct named {
	struct str name;
	const struct interface *at[SIDE_COUNT];
};

static bool levels_decide(const struct compare *compare, enum side side, const struct named *named)
{
	const struct config *config = compare->config[side];
	struct stack stack = stack_at(config, named->name, DIR_IN, true);
	return levels_known(config, named->at[side]) &&
	       behind_lists(config, &stack, DIR_IN) == CAN_BY_LEVEL;
}

static void compare_levels(struct compare *compare, const struct named *from,
                           const struct named *to)
{
	bool permit[SIDE_COUNT];
	struct difference difference = {.in = DIFFERS_PERMISSION, .packets = box_all()};
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct config *config = compare->config[side];
		const struct interface *in = from->at[side], *out = to->at[side];
		if (!levels_known(config, out))
			return;
		permit[side] = levels_permit(config, in, out);
		difference.line[side] = in->span;
	}
	if (permit[SIDE_OLD] == permit[SIDE_NEW])
		return;
	difference.place = str_printf(compare->arena, "security levels of %.*s and %.*s",
	                              STR(from->name), STR(to->name));
	difference.before = permit[SIDE_OLD] ? S("permitted") : S("denied");
	difference.after = permit[SIDE_NEW] ? S("permitted") : S("denied");
	compare_differ(compare, difference);
}

/* What nat-control asks of packets from one interface to another (9.3). */
static struct str nat_control_asks(const struct interface *in, const struct interface *out)
{
	if (in->security_level == out->security_level)
		return S("no rule has to translate");
	return in->security_level > out->security_level
	               ? S("dropped where no rule translates the source")
	               : S("dropped where no rule translates the destination");
}

/* Levels decide which end nat-control is about, whatever lists there are. */
static void compare_nat_control(struct compare *compare, const struct named *from,
                                const struct named *to)
{
	struct str asks[SIDE_COUNT];
	struct difference difference = {.in = DIFFERS_PERMISSION,
	                                .packets = compare_family(compare, true)};
	for (int side = 0; side < SIDE_COUNT; side++) {
		if (from->at[side]->implied || !to->at[side] || to->at[side]->implied)
			return;
		asks[side] = nat_control_asks(from->at[side], to->at[side]);
		difference.line[side] = from->at[side]->span;
	}
	if (str_eq(asks[SIDE_OLD], asks[SIDE_NEW]))
		return;
	difference.place = str_printf(compare->arena, "security levels of %.*s and %.*s",
	                              STR(from->name), STR(to->name));
	difference.before = asks[SIDE_OLD];
	difference.after = asks[SIDE_NEW];
	compare_differ(compare, difference);
}

static bool changes_level(const struct named *named)
{
	return named->at[SIDE_OLD] && named->at[SIDE_NEW] &&
	       named->at[SIDE_OLD]->security_level != named->at[SIDE_NEW]->security_level;
}

/* --- conduits --------------------------------------------------------------------------- */

/* PIX: what comes from a lower to a higher level where no access-group is (9.3). */
static void compare_conduits(struct compare *compare)
{
	struct delta_list lists[SIDE_COUNT] = {{.side = SIDE_OLD}, {.side = SIDE_NEW}};
	struct difference difference = {
	        .in = DIFFERS_PERMISSION, .place = S("conduit"), .of_lists = true};
	struct box region = compare_family(compare, true);
	struct delta_cells cells = {0};
	for (int side = 0; side < SIDE_COUNT; side++) {
		delta_add(compare->same, &compare->config[side]->conduits, false, &lists[side]);
		delta_end(compare->same, CAN_DENY, &lists[side]);
	}
	delta_compare(compare->same, &lists[SIDE_OLD], &lists[SIDE_NEW], &region, &compare->budget,
	              &cells);
	VEC_EACH(const struct delta_cell, cell, &cells.list) {
		difference.packets = cell->box;
		difference.except = cell->except;
		difference.before = cell_text(compare, cell, SIDE_OLD);
		difference.after = cell_text(compare, cell, SIDE_NEW);
		difference.undecided = cell->undecided;
		for (int side = 0; side < SIDE_COUNT; side++)
			difference.line[side] =
			        cell->ace[side] ? cell->ace[side]->span : (struct span){0};
		compare_differ(compare, difference);
	}
}

void compare_access_groups(struct compare *compare)
{
	struct names names = compare_nameifs(compare);
	VEC(struct named) list = {0};
	VEC_EACH(const struct str, name, &names.list) {
		struct named named = {*name,
		                      {compare_interface(compare->config[SIDE_OLD], *name),
		                       compare_interface(compare->config[SIDE_NEW], *name)}};
		VEC_PUSH(compare->arena, &list, named);
	}
	compare_conduits(compare);
	bool nat_control = lane_nat_control(compare->config[SIDE_OLD]) &&
	                   lane_nat_control(compare->config[SIDE_NEW]);
	VEC_EACH(const struct named, named, &list) {
		/* An interface that is on one side only is a difference of its own. */
		if (!named->at[SIDE_OLD] || !named->at[SIDE_NEW])
			continue;
		for (int v4 = 1; v4 >= (compare->has_v6 ? 0 : 1); v4--) {
			compare_place_lists(compare, named->name, DIR_IN, v4);
			compare_place_lists(compare, named->name, DIR_OUT, v4);
		}
		if (levels_decide(compare, SIDE_OLD, named) &&
		    levels_decide(compare, SIDE_NEW, named))
			VEC_EACH(const struct named, other, &list)
				if (other != named)
					compare_levels(compare, named, other);
		if (nat_control)
			VEC_EACH(const struct named, other, &list)
				if (other != named &&
				    (changes_level(named) || changes_level(other)))
					compare_nat_control(compare, named, other);
	}
}
