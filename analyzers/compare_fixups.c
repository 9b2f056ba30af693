/* SPDX-License-Identifier: ISC */
/* The fixups of two configs: PIX up to 6.x, FWSM up to 2.x (asa-semantics section 6). */
#include "analyzers/compare_parts.h"

/* The fixup of another config for the same engine and ports, or NULL. */
static const struct fixup *fixup_there(const struct config *config, const struct fixup *fixup,
                                       struct str engine)
{
	VEC_EACH(const struct fixup, at, &config->fixups)
		if (!at->off && at->lo == fixup->lo && at->hi == fixup->hi &&
		    at->transport == fixup->transport &&
		    str_eq(config_name(config, at->engine), engine))
			return at;
	return NULL;
}

/* The line that turns a fixup off, if there is one. */
static struct span fixup_off(const struct config *config, const struct fixup *fixup,
                             struct str engine)
{
	VEC_EACH(const struct fixup, at, &config->fixups)
		if (at->off && at->transport == fixup->transport &&
		    str_eq(config_name(config, at->engine), engine))
			return at->span;
	return (struct span){0};
}

/* The packets of its ports; all where it is not about ports. */
static struct box fixup_packets(struct arena *arena, const struct fixup *fixup)
{
	const struct range either[] = {{PROTO_TCP, PROTO_TCP}, {PROTO_UDP, PROTO_UDP}};
	struct box box = box_all();
	if (fixup->lo == 0)
		return box;
	box.dim[DIM_DPORT] = iset_range(arena, fixup->lo, fixup->hi);
	box.dim[DIM_PROTO] = fixup->transport && !fixup->perhaps_udp
	                             ? iset_point(arena, fixup->transport)
	                             : iset_of(arena, either, 2);
	return box;
}

static struct str fixup_text(struct arena *arena, const struct fixup *fixup)
{
	return STR_JOIN(arena, S("fixup protocol "), fixup->text,
	                fixup->perhaps_udp ? S(", perhaps over UDP too") : S(""));
}

/* The words of a fixup but for its ports: "smtp 25-25" is "smtp 25". */
static struct str options_of(struct arena *arena, const struct fixup *fixup)
{
	struct buf words = {.arena = arena};
	struct str rest = fixup->text, word;
	while (rest.n) {
		str_cut(rest, ' ', &word, &rest);
		if (word.n && !(fixup->lo && word.s[0] >= '0' && word.s[0] <= '9'))
			buf_printf(&words, " %.*s", STR(word));
	}
	return buf_str(&words);
}

static bool same_fixup(struct arena *arena, const struct fixup *a, const struct fixup *b)
{
	return a->perhaps_udp == b->perhaps_udp &&
	       str_eq(options_of(arena, a), options_of(arena, b));
}

/* The ports that fixups of another config inspect with the same engine in the same way. */
static struct iset ports_there(struct arena *arena, const struct config *config,
                               const struct fixup *fixup, struct str engine)
{
	struct iset ports = iset_none();
	VEC_EACH(const struct fixup, at, &config->fixups)
		if (!at->off && at->lo && at->transport == fixup->transport &&
		    at->perhaps_udp == fixup->perhaps_udp &&
		    str_eq(config_name(config, at->engine), engine))
			ports = iset_union(arena, ports, iset_range(arena, at->lo, at->hi));
	return ports;
}

/* One side's fixup against the other side's. Two that are both there are told once. */
static void compare_fixup(struct compare *compare, enum side side, const struct fixup *fixup)
{
	enum side other = side == SIDE_OLD ? SIDE_NEW : SIDE_OLD;
	struct arena *arena = compare->arena;
	struct str engine = config_name(compare->config[side], fixup->engine);
	const struct fixup *there = fixup_there(compare->config[other], fixup, engine);
	struct str words[SIDE_COUNT];
	words[side] = there ? fixup_text(arena, fixup) : S("inspected by fixup");
	words[other] = there ? fixup_text(arena, there) : S("not inspected");
	if (there && (side == SIDE_NEW || same_fixup(arena, fixup, there)))
		return;
	struct difference difference = {.in = DIFFERS_INSPECTION,
	                                .place = S("global"),
	                                .packets = fixup_packets(arena, fixup),
	                                .before = words[SIDE_OLD],
	                                .after = words[SIDE_NEW],
	                                .of_lists = true};
	if (!there)
		difference.packets.dim[DIM_DPORT] =
		        iset_subtract(arena, difference.packets.dim[DIM_DPORT],
		                      ports_there(arena, compare->config[other], fixup, engine));
	difference.line[side] = fixup->span;
	difference.line[other] =
	        there ? there->span : fixup_off(compare->config[other], fixup, engine);
	compare_differ(compare, difference);
}

void compare_fixups(struct compare *compare)
{
	for (int side = 0; side < SIDE_COUNT; side++)
		VEC_EACH(const struct fixup, fixup, &compare->config[side]->fixups)
			if (!fixup->off)
				compare_fixup(compare, (enum side)side, fixup);
}
