/* SPDX-License-Identifier: ISC */
/*
 * Flows are compared by what their audits say of each packet.
 *
 * A flow is one way through the firewall. Packets that take another way in the new config are
 * compared with what happens to them there.
 */
#include "analyzers/diff_parts.h"

/* --- permitted and inspected ------------------------------------------------------------ */

/* Which inspections may act on a cell, by content. */
static uint32_t claims_number(const struct differ *differ, enum side side,
                              const struct verdict_cell *cell)
{
	const struct config *config = differ->audit[side]->config;
	struct buf content = {.arena = differ->arena};
	buf_add(&content, S("claims"));
	for (const struct claim *claim = cell->claims; claim; claim = claim->next)
		if (claim->inspect)
			buf_printf(&content, " %u",
			           same_inspect(differ->same, side, claim->inspect));
		else if (claim->fixup)
			buf_printf(&content, " fixup %.*s",
			           STR(config_name(config, claim->fixup->engine)));
	return same_content(differ->same, &content);
}

/* Not knowing for the same reason is no difference. */
static bool same_reason(const struct differ *differ, const struct verdict_cell *a,
                        const struct verdict_cell *b)
{
	bool by_line = a->why_span.len && b->why_span.len; /* else only the words tell */
	return a->why == b->why && (by_line || str_eq(a->why_text, b->why_text)) &&
	       same_text(differ->same, SIDE_OLD, a->why_span) ==
	               same_text(differ->same, SIDE_NEW, b->why_span);
}

static bool same_cells(const struct differ *differ, enum diff_what what,
                       const struct verdict_cell *a, const struct verdict_cell *b)
{
	if (a->verdict != b->verdict)
		return false;
	if (what == DIFF_INSPECTED && a->verdict == VERDICT_UNKNOWN &&
	    (a->open != b->open || a->blurred != b->blurred))
		return false;
	/* Not by SMTP's engine is not alike: another one may take the mail for its own. */
	if (what == DIFF_INSPECTED &&
	    claims_number(differ, SIDE_OLD, a) != claims_number(differ, SIDE_NEW, b))
		return false;
	return a->verdict != VERDICT_UNKNOWN || same_reason(differ, a, b);
}

static struct span cell_span(const struct verdict_cell *cell)
{
	if (cell->verdict == VERDICT_UNKNOWN && cell->why_span.len)
		return cell->why_span;
	if (cell->ace)
		return cell->ace->span;
	if (!cell->claims)
		return cell->why_span;
	return cell->claims->fixup     ? cell->claims->fixup->span
	       : cell->claims->inspect ? cell->claims->inspect->span
	                               : cell->claims->class->span;
}

/* "inspect esmtp relaxed", "fixup smtp" */
static struct str claim_text(const struct differ *differ, enum side side, const struct claim *claim)
{
	const struct config *config = differ->audit[side]->config;
	if (!claim->inspect)
		return str_printf(differ->arena, "fixup %.*s",
		                  STR(config_name(config, claim->fixup->engine)));
	return str_printf(differ->arena, "inspect %.*s%s%.*s",
	                  STR(config_name(config, claim->inspect->engine)),
	                  claim->inspect->map ? " " : "",
	                  STR(config_name(config, claim->inspect->map)));
}

/* "yes, inspect esmtp"; "unknown, inspect esmtp or inspect ftp or none": all that may be. */
static struct str readings_text(const struct differ *differ, enum side side,
                                const struct verdict_cell *cell)
{
	struct buf text = {.arena = differ->arena};
	VEC(struct str) told = {0};
	for (const struct claim *claim = cell->claims; claim; claim = claim->next) {
		struct str words = claim_text(differ, side, claim);
		bool known = false;
		VEC_EACH(const struct str, old, &told)
			known |= str_eq(*old, words);
		if (known)
			continue;
		buf_printf(&text, "%s%.*s", told.n ? " or " : "", STR(words));
		VEC_PUSH(differ->arena, &told, words);
	}
	if (cell->blurred)
		buf_printf(&text, "%san action that could not be read", text.n ? " or " : "");
	if (cell->open && text.n)
		buf_add(&text, S(" or none"));
	return str_printf(differ->arena, "%s%s%.*s", verdict_names[cell->verdict],
	                  text.n ? ", " : "", STR(buf_str(&text)));
}

/* The reason why it is not known, where there is one. */
static struct str doubt_text(const struct differ *differ, const struct verdict_cell *cell)
{
	return str_printf(differ->arena, "%s%s%.*s", verdict_names[cell->verdict],
	                  cell->why_text.n ? ", " : "", STR(cell->why_text));
}

/* The shortest words that tell the sides apart. */
static void verdict_words(const struct differ *differ, const struct verdict_cell *a,
                          const struct verdict_cell *b, struct diff_change *change)
{
	change->before = str_of(verdict_names[a->verdict]);
	change->after = str_of(verdict_names[b->verdict]);
	if (a->verdict != b->verdict)
		return;
	if (change->what == DIFF_INSPECTED) {
		change->before = readings_text(differ, SIDE_OLD, a);
		change->after = readings_text(differ, SIDE_NEW, b);
	}
	if (str_eq(change->before, change->after) && a->verdict == VERDICT_UNKNOWN) {
		change->before = doubt_text(differ, a);
		change->after = doubt_text(differ, b);
	}
}

/* The maps of inspections that have the same words: which lines of them differ. */
static void tell_maps(struct differ *differ, const struct verdict_cell *a,
                      const struct verdict_cell *b, struct diff_change *change,
                      const struct box *box)
{
	const struct verdict_cell *const cells[SIDE_COUNT] = {a, b};
	struct str names[SIDE_COUNT];
	if (!str_eq(change->before, change->after))
		return;
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct claim *claim = cells[side]->claims;
		if (!claim || !claim->inspect || !claim->inspect->map)
			return;
		names[side] = config_name(differ->audit[side]->config, claim->inspect->map);
	}
	change->after = STR_JOIN(differ->arena, change->after, S(", whose map differs"));
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct block_lines apart =
		        same_lines_apart(differ->same, (enum side)side, S("policy-map"), names);
		VEC_EACH(const struct span, span, &apart.list) {
			struct span lines[SIDE_COUNT] = {0};
			lines[side] = *span;
			diff_add(differ, change, box, lines);
		}
	}
}

static void compare_cell(struct differ *differ, const struct diff_change *like,
                         const struct verdict_cell *a, const struct verdict_cell *b,
                         const struct box *box)
{
	struct diff_change change = *like;
	struct span lines[SIDE_COUNT] = {cell_span(a), cell_span(b)};
	verdict_words(differ, a, b, &change);
	change.undecided = a->verdict == VERDICT_UNKNOWN || b->verdict == VERDICT_UNKNOWN;
	change.has_witness = true;
	change.witness = diff_witness(differ, SIDE_NEW, b->lane, box);
	tell_maps(differ, a, b, &change, box);
	diff_add(differ, &change, box, lines);
}

/* Cells of a flow before and of one after, where both are, inside `within`. */
static void compare_cells(struct differ *differ, struct str flow, enum diff_what what,
                          const struct verdict_cells *a, const struct verdict_cells *b,
                          const struct pset *within)
{
	struct diff_change like = {.flow = flow, .what = what, .mail = true};
	VEC_EACH(const struct verdict_cell, x, &a->list)
		VEC_EACH(const struct verdict_cell, y, &b->list) {
			struct box both, box;
			if (!box_intersect(differ->arena, &x->box, &y->box, &both) ||
			    same_cells(differ, what, x, y))
				continue;
			VEC_EACH(const struct box, part, &within->boxes)
				if (box_intersect(differ->arena, &both, part, &box))
					compare_cell(differ, &like, x, y, &box);
		}
}

/* --- flows ------------------------------------------------------------------------------ */

static bool same_group(const struct flow *a, const struct flow *b)
{
	return a->kind == b->kind && str_eq(a->name, b->name) &&
	       str_eq(a->appliance ? a->appliance->name : S(""),
	              b->appliance ? b->appliance->name : S(""));
}

/* Addresses that take no part in a flow with any: the firewall's, and the appliances' mapped. */
static struct iset own_addresses(const struct differ *differ)
{
	VEC(struct range) ranges = {0};
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct audit *audit = differ->audit[side];
		VEC_EACH(const struct interface, ifc, &audit->config->interfaces)
			VEC_EACH(const struct interface_address, at, &ifc->addresses)
				if (!at->masked)
					VEC_PUSH(differ->arena, &ranges,
					         (struct range){at->address, at->address});
		VEC_EACH(const struct flow_work, work, &audit->flows)
			VEC_EACH(const struct lane, lane, &work->lanes)
				if (lane->server_is_appliance)
					VEC_PUSH(differ->arena, &ranges,
					         (struct range){lane->wire_dst, lane->wire_dst});
	}
	return iset_of(differ->arena, ranges.v, ranges.n);
}

/* The packets without those of peers that are none. */
static struct pset of_peers(const struct differ *differ, const struct flow_work *work,
                            const struct pset *packets)
{
	const struct lane *lane = work->lanes.n ? &work->lanes.v[0] : NULL;
	struct iset own = own_addresses(differ);
	struct pset kept = {0};
	if (!lane || !lane->peer_is_any)
		return *packets;
	VEC_EACH(const struct box, box, &packets->boxes) {
		struct box rest = *box;
		enum dim peer = lane->server_is_appliance ? DIM_SRC : DIM_DST;
		rest.dim[peer] = iset_subtract(differ->arena, rest.dim[peer], own);
		if (!box_is_empty(&rest))
			VEC_PUSH(differ->arena, &kept.boxes, rest);
	}
	return kept;
}

static void path_change(struct differ *differ, const struct flow_work *work, bool gone,
                        const struct pset *all)
{
	const struct flow *flow = work->flow;
	struct pset peers = of_peers(differ, work, all);
	const struct pset *packets = &peers;
	struct diff_change like = {.flow = flow->id,
	                           .what = DIFF_PATH,
	                           .mail = true,
	                           .before = gone ? S("on path") : S("off path"),
	                           .after = gone ? S("off path") : S("on path")};
	struct span none[SIDE_COUNT] = {0};
	like.witness.input = flow->from;
	like.has_witness = pset_witness(packets, &like.witness.packet);
	VEC_EACH(const struct box, box, &packets->boxes)
		diff_add(differ, &like, box, none);
}

/* A flow of the old config with what became of its packets, by whatever way they go now. */
static void compare_flow(struct differ *differ, const struct flow_work *a)
{
	struct arena *arena = differ->arena;
	struct pset left = a->flow->packets;
	/* Its own way first; the rest may be on another. */
	for (int own = 1; own >= 0; own--)
		VEC_EACH(const struct flow_work, b, &differ->audit[SIDE_NEW]->flows) {
			bool is_own = str_eq(a->flow->id, b->flow->id);
			if (!b->flow->on_path || is_own != own || !same_group(a->flow, b->flow))
				continue;
			struct pset here = pset_intersect(arena, &left, &b->flow->packets);
			left = pset_subtract(arena, &left, &here);
			compare_cells(differ, a->flow->id, DIFF_PERMITTED, &a->permission,
			              &b->permission, &here);
			compare_cells(differ, a->flow->id, DIFF_INSPECTED, &a->inspection,
			              &b->inspection, &here);
			if (!pset_is_empty(&here))
				diff_limits(differ, a->flow->id, a, b, &here);
		}
	if (!pset_is_empty(&left))
		path_change(differ, a, true, &left);
}

/* Packets of a new flow that were on no path before. */
static void compare_new_flow(struct differ *differ, const struct flow_work *b)
{
	struct pset left = b->flow->packets;
	VEC_EACH(const struct flow_work, a, &differ->audit[SIDE_OLD]->flows)
		if (a->flow->on_path && same_group(a->flow, b->flow))
			left = pset_subtract(differ->arena, &left, &a->flow->packets);
	if (!pset_is_empty(&left))
		path_change(differ, b, false, &left);
}

void diff_flows(struct differ *differ)
{
	VEC_EACH(const struct flow_work, work, &differ->audit[SIDE_OLD]->flows)
		if (work->flow->on_path) {
			differ->out->flows++;
			compare_flow(differ, work);
		}
	VEC_EACH(const struct flow_work, work, &differ->audit[SIDE_NEW]->flows)
		if (work->flow->on_path)
			compare_new_flow(differ, work);
}
