/* SPDX-License-Identifier: ISC */
/*
 * Place by place, then what holds for the whole device. Why comparing the changed parts of lists
 * is complete is told in delta.h, of classes in compare_policy.c.
 */
#include "analyzers/compare_parts.h"

#include "model/spec_text.h"

void compare_differ(struct compare *compare, struct difference difference)
{
	if (!compare->has_v6)
		difference.packets.dim[DIM_SRC] =
		        iset_family(compare->arena, difference.packets.dim[DIM_SRC], true);
	if (!box_is_empty(&difference.packets))
		VEC_PUSH(compare->arena, &compare->out->list, difference);
}

struct str compare_place(const struct compare *compare, struct str ifc)
{
	return ifc.n ? str_printf(compare->arena, "interface %.*s", STR(ifc)) : S("global");
}

enum { MAX_WAYS = 20000 };

const struct interface *compare_interface(const struct config *config, struct str nameif)
{
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (ifc->nameif && str_eq_nocase(config_name(config, ifc->nameif), nameif))
			return ifc;
	return NULL;
}

struct names compare_nameifs(const struct compare *compare)
{
	struct names names = {0};
	for (int side = 0; side < SIDE_COUNT; side++)
		VEC_EACH(const struct interface, ifc, &compare->config[side]->interfaces) {
			struct str name = config_name(compare->config[side], ifc->nameif);
			bool known = name.n == 0;
			VEC_EACH(const struct str, old, &names.list)
				known |= str_eq_nocase(*old, name);
			if (!known)
				VEC_PUSH(compare->arena, &names.list, name);
		}
	return names;
}

struct box compare_family(const struct compare *compare, bool v4)
{
	struct box box = box_all();
	box.dim[DIM_SRC] = iset_family(compare->arena, iset_all(), v4);
	box.dim[DIM_DST] = box.dim[DIM_SRC];
	return box;
}

struct str compare_quote(const struct compare *compare, enum side side, struct span span)
{
	return source_quote(compare->arena, &compare->config[side]->sources, span);
}

/* --- settings of the whole device ------------------------------------------------------- */

/* A difference of a setting: it may concern any packet. */
static void differ_in_all(struct compare *compare, enum differs_in in, struct str place,
                          struct str before, struct str after, bool undecided)
{
	struct difference difference = {.in = in,
	                                .place = place,
	                                .packets = box_all(),
	                                .before = before,
	                                .after = after,
	                                .undecided = undecided};
	compare_differ(compare, difference);
}

/* What a config says of a timeout; `by_default` (asa-semantics 5) where it says nothing. */
static void compare_timeout(struct compare *compare, struct str place, uint32_t by_default,
                            const struct setting_number *a, const struct setting_number *b)
{
	uint32_t before = a->set ? a->value : by_default, after = b->set ? b->value : by_default;
	struct difference difference = {.in = DIFFERS_LIMITS,
	                                .place = place,
	                                .packets = box_all(),
	                                .before = seconds_text(compare->arena, before),
	                                .after = seconds_text(compare->arena, after),
	                                .line = {a->span, b->span}};
	if (before == after)
		return;
	difference.packets.dim[DIM_PROTO] = iset_point(compare->arena, PROTO_TCP);
	compare_differ(compare, difference);
}

static void compare_settings(struct compare *compare)
{
	const struct config *a = compare->config[SIDE_OLD], *b = compare->config[SIDE_NEW];
	compare_timeout(compare, S("timeout conn"), 3600, &a->timeout_conn, &b->timeout_conn);
	compare_timeout(compare, S("timeout half-closed"), 600, &a->timeout_half_closed,
	                &b->timeout_half_closed);
	if (a->nat_control != b->nat_control)
		differ_in_all(compare, DIFFERS_PERMISSION, S("nat-control"),
		              a->nat_control ? S("what no rule translates is dropped")
		                             : S("what no rule translates passes"),
		              b->nat_control ? S("what no rule translates is dropped")
		                             : S("what no rule translates passes"),
		              true);
	if (a->same_security_intra != b->same_security_intra) {
		struct difference difference = {
		        .in = DIFFERS_PERMISSION,
		        .place = S("out by the interface it came in"),
		        .packets = box_all(),
		        .before = a->same_security_intra ? S("permitted") : S("denied"),
		        .after = b->same_security_intra ? S("permitted") : S("denied"),
		        .line = {a->same_security_intra_span, b->same_security_intra_span}};
		compare_differ(compare, difference);
	}
}

/* --- what cannot be compared ------------------------------------------------------------ */

/* A line that is on one side only may do anything. */
static void unknown_line(struct compare *compare, enum side side, struct span span)
{
	struct str quote = compare_quote(compare, side, span);
	struct difference difference = {.in = DIFFERS_OTHER,
	                                .place = S("a command that is not known"),
	                                .packets = box_all(),
	                                .before = side == SIDE_OLD ? quote : S("not there"),
	                                .after = side == SIDE_NEW ? quote : S("not there"),
	                                .undecided = true};
	difference.line[side] = span;
	compare_differ(compare, difference);
}

static void compare_unknown_lines(struct compare *compare)
{
	uint32_t *numbers[SIDE_COUNT], n[SIDE_COUNT];
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct config *config = compare->config[side];
		n[side] = config->unknown_lines.n;
		numbers[side] = NEW_ARRAY(compare->arena, uint32_t, n[side] + 1u);
		for (uint32_t i = 0; i < n[side]; i++)
			numbers[side][i] = same_whole_line(compare->same, (enum side)side,
			                                   config->unknown_lines.v[i].span);
	}
	struct pairs pairs = same_align(compare->arena, numbers[SIDE_OLD], n[SIDE_OLD],
	                                numbers[SIDE_NEW], n[SIDE_NEW]);
	for (int side = 0; side < SIDE_COUNT; side++)
		for (uint32_t i = 0; i < n[side]; i++)
			if (!pairs.pair[side][i])
				unknown_line(compare, (enum side)side,
				             compare->config[side]->unknown_lines.v[i].span);
}

/* The lines of outbound lists, which are not evaluated. */
static uint32_t outbounds(const struct compare *compare, enum side side)
{
	static const char *const words[] = {"conduit ", "no conduit ", "outbound ", "no outbound ",
	                                    "apply "};
	struct buf content = {.arena = compare->arena};
	VEC_EACH(const struct source, source, &compare->config[side]->sources.list) {
		struct str rest = source->text, line;
		while (rest.n) {
			str_cut(rest, '\n', &line, &rest);
			for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
				if (str_starts(line, str_of(words[i])))
					buf_printf(&content, "%.*s\n", STR(str_trim(line)));
		}
	}
	return same_content(compare->same, &content);
}

static void compare_outbounds(struct compare *compare)
{
	const struct config *a = compare->config[SIDE_OLD], *b = compare->config[SIDE_NEW];
	if ((a->has_outbounds || b->has_outbounds) &&
	    outbounds(compare, SIDE_OLD) != outbounds(compare, SIDE_NEW))
		differ_in_all(compare, DIFFERS_PERMISSION, S("outbound lists"), S("not evaluated"),
		              S("not evaluated, and other lines"), true);
}

/* Lists of the two releases speak of different addresses, or of different inspection: true. */
static bool incomparable(struct compare *compare)
{
	const struct config *a = compare->config[SIDE_OLD], *b = compare->config[SIDE_NEW];
	bool real_a = config_uses_real_addresses(a), real_b = config_uses_real_addresses(b);
	if (real_a != real_b) {
		differ_in_all(compare, DIFFERS_OTHER, S("access-lists and classes"),
		              real_a ? S("by real addresses") : S("by mapped addresses"),
		              real_b ? S("by real addresses") : S("by mapped addresses"), true);
		return true;
	}
	if (config_uses_fixup(a) != config_uses_fixup(b))
		differ_in_all(compare, DIFFERS_INSPECTION, S("global"),
		              config_uses_fixup(a) ? S("by fixup") : S("by service policies"),
		              config_uses_fixup(b) ? S("by fixup") : S("by service policies"),
		              true);
	return false;
}

void compare_configs(struct arena *arena, const struct config *a, const struct config *b,
                     struct comparison *out)
{
	const struct delta_budget budget = delta_budget_new();
	compare_within(arena, a, b, &budget, out);
}

bool difference_holds(const struct difference *difference, const struct packet *packet)
{
	VEC_EACH(const struct box, box, &difference->except.list)
		if (box_contains(box, packet))
			return false;
	return box_contains(&difference->packets, packet);
}

void compare_within(struct arena *arena, const struct config *a, const struct config *b,
                    const struct delta_budget *budget, struct comparison *out)
{
	struct compare compare = {.arena = arena,
	                          .config = {a, b},
	                          .same = same_new(arena, a, b),
	                          .budget = *budget,
	                          .ways = MAX_WAYS,
	                          .has_v6 = config_may_have_ipv6(a) || config_may_have_ipv6(b),
	                          .out = out};
	compare_paths(&compare);
	compare_settings(&compare);
	if (!incomparable(&compare)) {
		compare_service_policies(&compare);
		compare_access_groups(&compare);
		compare_translations(&compare);
		if (config_uses_fixup(a) && config_uses_fixup(b))
			compare_fixups(&compare);
	}
	compare_outbounds(&compare);
	compare_unknown_lines(&compare);
}
