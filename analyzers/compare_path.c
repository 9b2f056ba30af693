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

static struct iset behind(const struct compare *compare, enum side side, struct str name, bool v4)
{
	const struct config *config = compare->config[side];
	const struct interface *ifc = compare_interface(config, name);
	return carries(ifc) ? path_behind(config, compare->arena, ifc, v4) : iset_none();
}

static struct str behind_text(const struct compare *compare, struct str name)
{
	return str_printf(compare->arena, "behind %.*s", STR(name));
}

static void moved(struct compare *compare, struct iset what, struct str from, struct str to)
{
	struct difference difference = {.in = DIFFERS_PATH,
	                                .place = S("interfaces and routes"),
	                                .packets = box_all(),
	                                .before = from,
	                                .after = to};
	difference.packets.dim[DIM_DST] = what;
	compare_differ(compare, difference);
}

/* What lay behind an interface and does not any more, by where it lies now. */
static void compare_lost(struct compare *compare, const struct names *names, struct str name,
                         bool v4)
{
	struct iset lost = iset_subtract(compare->arena, behind(compare, SIDE_OLD, name, v4),
	                                 behind(compare, SIDE_NEW, name, v4));
	VEC_EACH(const struct str, other, &names->list) {
		struct iset there = behind(compare, SIDE_NEW, *other, v4);
		struct iset part = iset_intersect(compare->arena, lost, there);
		if (!iset_is_empty(part))
			moved(compare, part, behind_text(compare, name),
			      behind_text(compare, *other));
		lost = iset_subtract(compare->arena, lost, there);
	}
	if (!iset_is_empty(lost) && compare_interface(compare->config[SIDE_NEW], name))
		moved(compare, lost, behind_text(compare, name), S("behind no interface"));
}

/* What lay behind no interface at all and does now. */
static void compare_found(struct compare *compare, const struct names *names, struct str name,
                          bool v4)
{
	struct iset found = behind(compare, SIDE_NEW, name, v4);
	VEC_EACH(const struct str, other, &names->list)
		found = iset_subtract(compare->arena, found, behind(compare, SIDE_OLD, *other, v4));
	if (!iset_is_empty(found) && compare_interface(compare->config[SIDE_OLD], name))
		moved(compare, found, S("behind no interface"), behind_text(compare, name));
}

void compare_paths(struct compare *compare)
{
	struct names names = compare_nameifs(compare);
	VEC_EACH(const struct str, name, &names.list) {
		compare_state(compare, *name);
		compare_setting(compare, *name, reverse_text);
		compare_setting(compare, *name, forward_text);
	}
	if (topology(compare, SIDE_OLD) == topology(compare, SIDE_NEW))
		return;
	for (int v4 = 1; v4 >= (compare->has_v6 ? 0 : 1); v4--)
		VEC_EACH(const struct str, name, &names.list) {
			compare_lost(compare, &names, *name, v4);
			compare_found(compare, &names, *name, v4);
		}
}
