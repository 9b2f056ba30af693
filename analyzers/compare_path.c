/* SPDX-License-Identifier: ISC */
/*
 * Interfaces that come, go or are shut down, and addresses that lie behind another interface than
 * before: which places a packet passes depends on it.
 */
#include "analyzers/compare_parts.h"

#include "analyzers/path.h"

static struct str state_of(const struct interface *ifc)
{
	if (!ifc)
		return S("not there");
	if (ifc->shutdown)
		return S("shut down");
	return ifc->management_only ? S("for management only") : S("carries traffic");
}

static bool carries(const struct interface *ifc)
{
	return ifc && path_carries_traffic(ifc);
}

static void compare_state(struct compare *compare, struct str name)
{
	const struct interface *a = compare_interface(compare->config[SIDE_OLD], name);
	const struct interface *b = compare_interface(compare->config[SIDE_NEW], name);
	struct difference difference = {.in = DIFFERS_PATH,
	                                .place = compare_place(compare, name),
	                                .packets = box_all(),
	                                .before = state_of(a),
	                                .after = state_of(b)};
	if (carries(a) == carries(b))
		return;
	if (a)
		difference.line[SIDE_OLD] = a->span;
	if (b)
		difference.line[SIDE_NEW] = b->span;
	compare_differ(compare, difference);
}

/* ---- settings by which an interface drops packets ---- */

static struct str reverse_text(const struct compare *compare, enum side side,
                               const struct interface *ifc)
{
	(void)compare;
	(void)side;
	return ifc->verify_reverse.len ? S("verifies reverse paths")
	                               : S("does not verify reverse paths");
}

static struct str forward_text(const struct compare *compare, enum side side,
                               const struct interface *ifc)
{
	return ifc->no_forward
	               ? str_printf(compare->arena, "opens no connections to %.*s",
	                            STR(config_name(compare->config[side], ifc->no_forward)))
	               : S("opens connections to every interface");
}

static void compare_setting(struct compare *compare, struct str name,
                            struct str (*text)(const struct compare *compare, enum side side,
                                               const struct interface *ifc))
{
	struct str texts[SIDE_COUNT];
	struct difference difference = {
	        .in = DIFFERS_PATH, .place = compare_place(compare, name), .packets = box_all()};
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct interface *ifc = compare_interface(compare->config[side], name);
		if (!carries(ifc))
			return;
		texts[side] = text(compare, (enum side)side, ifc);
		difference.line[side] = ifc->span;
	}
	difference.before = texts[SIDE_OLD];
	difference.after = texts[SIDE_NEW];
	if (!str_eq(difference.before, difference.after))
		compare_differ(compare, difference);
}

/* --- what lies behind ------------------------------------------------------------------- */

/* All that decides where an address lies, by content. */
static uint32_t topology(const struct compare *compare, enum side side)
{
	const struct config *config = compare->config[side];
	struct buf content = {.arena = compare->arena};
	VEC_EACH(const struct interface, ifc, &config->interfaces) {
		buf_printf(&content, "%.*s %d", STR(config_name(config, ifc->nameif)),
		           carries(ifc));
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			buf_printf(&content, " %d %.*s %.*s", at->masked,
			           STR(addr_text(compare->arena, at->network.lo)),
			           STR(addr_text(compare->arena, at->network.hi)));
		buf_char(&content, '\n');
	}
	VEC_EACH(const struct route, route, &config->routes)
		buf_printf(&content, "%.*s %.*s %.*s %u\n", STR(config_name(config, route->ifc)),
		           STR(addr_text(compare->arena, route->network.lo)),
		           STR(addr_text(compare->arena, route->network.hi)), route->metric);
	return same_content(compare->same, &content);
}

/* Who lies behind each interface, and by which line. */
struct lie {
	struct names names;
	struct iset *behind[SIDE_COUNT]; /* by index of the name */
	struct route_table routes[SIDE_COUNT];
};

static void find_behind(struct compare *compare, bool v4, struct lie *lie)
{
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct config *config = compare->config[side];
		lie->behind[side] = NEW_ARRAY(compare->arena, struct iset, lie->names.list.n + 1u);
		for (uint32_t i = 0; i < lie->names.list.n; i++) {
			const struct interface *ifc =
			        compare_interface(config, lie->names.list.v[i]);
			if (carries(ifc))
				lie->behind[side][i] = path_behind(config, compare->arena, ifc, v4);
		}
	}
}

/* By index of a name; `n` of them is behind none. */
static struct str behind_text(const struct compare *compare, const struct lie *lie, uint32_t index)
{
	if (index == lie->names.list.n)
		return S("behind no interface");
	return str_printf(compare->arena, "behind %.*s", STR(lie->names.list.v[index]));
}

/* The lines are those by which the first address is looked up. */
static void moved(struct compare *compare, const struct lie *lie, struct iset what, uint32_t from,
                  uint32_t to)
{
	struct difference difference = {.in = DIFFERS_PATH,
	                                .place = S("interfaces and routes"),
	                                .packets = box_all(),
	                                .before = behind_text(compare, lie, from),
	                                .after = behind_text(compare, lie, to)};
	if (iset_is_empty(what))
		return;
	difference.packets.dim[DIM_DST] = what;
	for (int side = 0; side < SIDE_COUNT; side++)
		difference.line[side] = path_route(&lie->routes[side], what.v[0].lo).span;
	compare_differ(compare, difference);
}

/* What lay behind an interface and does not any more, by where it lies now. */
static void compare_lost(struct compare *compare, const struct lie *lie, uint32_t index)
{
	uint32_t n = lie->names.list.n;
	struct iset lost = iset_subtract(compare->arena, lie->behind[SIDE_OLD][index],
	                                 lie->behind[SIDE_NEW][index]);
	for (uint32_t i = 0; i < n && !iset_is_empty(lost); i++) {
		struct iset there = lie->behind[SIDE_NEW][i];
		moved(compare, lie, iset_intersect(compare->arena, lost, there), index, i);
		lost = iset_subtract(compare->arena, lost, there);
	}
	if (compare_interface(compare->config[SIDE_NEW], lie->names.list.v[index]))
		moved(compare, lie, lost, index, n);
}

/* What lay behind no interface at all and does now. */
static void compare_found(struct compare *compare, const struct lie *lie, uint32_t index)
{
	uint32_t n = lie->names.list.n;
	struct iset found = lie->behind[SIDE_NEW][index];
	for (uint32_t i = 0; i < n && !iset_is_empty(found); i++)
		found = iset_subtract(compare->arena, found, lie->behind[SIDE_OLD][i]);
	if (compare_interface(compare->config[SIDE_OLD], lie->names.list.v[index]))
		moved(compare, lie, found, n, index);
}

void compare_paths(struct compare *compare)
{
	struct lie lie = {.names = compare_nameifs(compare)};
	VEC_EACH(const struct str, name, &lie.names.list) {
		compare_state(compare, *name);
		compare_setting(compare, *name, reverse_text);
		compare_setting(compare, *name, forward_text);
	}
	if (topology(compare, SIDE_OLD) == topology(compare, SIDE_NEW))
		return;
	for (int side = 0; side < SIDE_COUNT; side++)
		lie.routes[side] = path_routes(compare->arena, compare->config[side], true);
	for (int v4 = 1; v4 >= (compare->has_v6 ? 0 : 1); v4--) {
		find_behind(compare, v4, &lie);
		for (uint32_t i = 0; i < lie.names.list.n; i++) {
			compare_lost(compare, &lie, i);
			compare_found(compare, &lie, i);
		}
	}
}
