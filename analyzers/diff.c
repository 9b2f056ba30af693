/* SPDX-License-Identifier: ISC */
/*
 * Flows are compared by what their audits say of each packet. What compare_configs() finds is
 * told for the packets that are no mail; of mail it is told where the audits do not look (idle
 * timeouts, modules, translations).
 *
 * A flow is one way through the firewall. Packets that take another way in the new config are
 * compared with what happens to them there.
 */
#include "analyzers/diff.h"

#include "analyzers/compare.h"
#include "analyzers/counterexample.h"

enum {
	MAX_LINES = 12,     /* of each side that are shown of one change */
	MAX_DISJOINT = 400, /* boxes of one change that are kept disjoint and joined */
	MAX_TRIED = 300     /* boxes of one change that a witness is looked for in */
};

struct differ {
	struct arena *arena;
	struct same *same;
	const struct audit *audit[SIDE_COUNT];
	struct diff_config *out;
};

/* --- collecting ------------------------------------------------------------------------- */

static void add_line(struct arena *arena, struct diff_lines *lines, struct span span)
{
	if (span.len == 0 || lines->list.n >= MAX_LINES)
		return;
	VEC_EACH(const struct span, old, &lines->list)
		if (old->offset == span.offset && old->source == span.source)
			return;
	VEC_PUSH(arena, &lines->list, span);
}

/* The change of the same kind, or a new one. */
static struct diff_change *change_like(struct differ *differ, const struct diff_change *like)
{
	VEC_EACH(struct diff_change, old, &differ->out->changes)
		if (old->what == like->what && old->undecided == like->undecided &&
		    old->mail == like->mail && str_eq(old->flow, like->flow) &&
		    str_eq(old->place, like->place) && str_eq(old->before, like->before) &&
		    str_eq(old->after, like->after))
			return old;
	return VEC_PUSH(differ->arena, &differ->out->changes, *like);
}

static void add_packets(struct differ *differ, struct diff_change *change, const struct box *box)
{
	if (box_is_empty(box))
		return;
	if (change->packets.boxes.n < MAX_DISJOINT)
		pset_add_box(differ->arena, &change->packets, box);
	else
		VEC_PUSH(differ->arena, &change->packets.boxes, *box);
}

static void add_change(struct differ *differ, const struct diff_change *like, const struct box *box,
                       const struct span lines[SIDE_COUNT])
{
	struct diff_change *change = change_like(differ, like);
	add_packets(differ, change, box);
	for (int side = 0; side < SIDE_COUNT; side++)
		add_line(differ->arena, &change->lines[side], lines[side]);
}

/* --- permitted and inspected ------------------------------------------------------------ */

/* A packet of the box as it arrives on the wire. */
static struct witness witness_of(const struct differ *differ, enum side side,
                                 const struct lane *lane, const struct box *box)
{
	const struct config *config = differ->audit[side]->config;
	struct witness witness = {0};
	box_witness(box, &witness.packet);
	if (lane->passage.in)
		witness.input = config_name(config, lane->passage.in->nameif);
	if (lane->server_is_appliance) {
		witness.packet.at[DIM_DST] = lane->wire_dst;
		witness.packet.at[DIM_DPORT] = lane->wire_port;
	}
	return witness;
}

/* Which inspections may act on a cell, by content. */
static uint32_t claims_number(const struct differ *differ, enum side side,
                              const struct verdict_cell *cell)
{
	struct buf content = {.arena = differ->arena};
	buf_add(&content, S("claims"));
	for (const struct claim *claim = cell->claims; claim; claim = claim->next)
		buf_printf(&content, " %u",
		           claim->inspect ? same_inspect(differ->same, side, claim->inspect) : 0);
	return same_content(differ->same, &content);
}

/* Not knowing for the same reason is no difference. */
static bool same_doubt(const struct differ *differ, const struct verdict_cell *a,
                       const struct verdict_cell *b)
{
	return a->why == b->why && str_eq(a->why_text, b->why_text) &&
	       same_text(differ->same, SIDE_OLD, a->why_span) ==
	               same_text(differ->same, SIDE_NEW, b->why_span);
}

static bool same_cells(const struct differ *differ, enum diff_what what,
                       const struct verdict_cell *a, const struct verdict_cell *b)
{
	if (a->verdict != b->verdict)
		return false;
	if (what == DIFF_INSPECTED && a->verdict != VERDICT_NO &&
	    claims_number(differ, SIDE_OLD, a) != claims_number(differ, SIDE_NEW, b))
		return false;
	return a->verdict != VERDICT_UNKNOWN || same_doubt(differ, a, b);
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

/* "yes"; with the map where both are yes and differ by it. */
static struct str verdict_text(const struct differ *differ, enum side side,
                               const struct verdict_cell *cell, bool with_map)
{
	const struct config *config = differ->audit[side]->config;
	const struct claim *claim = cell->claims;
	struct str word = str_of(verdict_names[cell->verdict]);
	if (!with_map || !claim || !claim->inspect)
		return word;
	return str_printf(differ->arena, "%.*s, inspect %.*s%s%.*s", STR(word),
	                  STR(config_name(config, claim->inspect->engine)),
	                  claim->inspect->map ? " " : "",
	                  STR(config_name(config, claim->inspect->map)));
}

static void compare_cell(struct differ *differ, const struct diff_change *like,
                         const struct verdict_cell *a, const struct verdict_cell *b,
                         const struct box *box)
{
	bool same_word = a->verdict == b->verdict;
	struct diff_change change = *like;
	struct span lines[SIDE_COUNT] = {cell_span(a), cell_span(b)};
	change.before = verdict_text(differ, SIDE_OLD, a, same_word);
	change.after = verdict_text(differ, SIDE_NEW, b, same_word);
	change.undecided = a->verdict == VERDICT_UNKNOWN || b->verdict == VERDICT_UNKNOWN;
	change.has_witness = true;
	change.witness = witness_of(differ, SIDE_NEW, b->lane, box);
	add_change(differ, &change, box, lines);
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

/* --- limits ----------------------------------------------------------------------------- */

/* A limit of a flow with all packets that it binds, on whatever lane. */
struct limit {
	struct bound bound;
	struct pset packets;
};

struct limits {
	VEC(struct limit) list;
};

static bool same_bound(const struct bound *a, const struct bound *b)
{
	return a->hit.kind == b->hit.kind && a->hit.value == b->hit.value &&
	       a->hit.source == b->hit.source && a->certain == b->certain;
}

static void add_limit(struct arena *arena, const struct bound *bound, struct limits *limits)
{
	VEC_EACH(struct limit, old, &limits->list)
		if (same_bound(&old->bound, bound)) {
			pset_add_box(arena, &old->packets, &bound->box);
			return;
		}
	struct limit limit = {*bound, pset_of(arena, &bound->box)};
	VEC_PUSH(arena, &limits->list, limit);
}

static struct limits limits_of(const struct differ *differ, enum side side,
                               const struct flow_work *work)
{
	struct limits limits = {0};
	for (uint32_t i = 0; i < work->lanes.n; i++) {
		struct bounds bounds = {0};
		audit_lane_limits(differ->audit[side], work, i, &bounds);
		VEC_EACH(const struct bound, bound, &bounds.list)
			add_limit(differ->arena, bound, &limits);
	}
	return limits;
}

static struct str bound_text(const struct differ *differ, const struct bound *bound)
{
	return str_printf(differ->arena, "%s%s %u (%s)", bound->certain ? "" : "perhaps ",
	                  limit_kind_names[bound->hit.kind], bound->hit.value,
	                  limit_source_names[bound->hit.source]);
}

static void limit_change(struct differ *differ, struct str flow, const struct bound *a,
                         const struct bound *b, const struct pset *packets)
{
	const struct bound *some = a ? a : b;
	struct str none = str_printf(differ->arena, "no %s", limit_kind_names[some->hit.kind]);
	struct diff_change like = {.flow = flow,
	                           .what = DIFF_LIMITS,
	                           .mail = true,
	                           .before = a ? bound_text(differ, a) : none,
	                           .after = b ? bound_text(differ, b) : none,
	                           .undecided = (a && !a->certain) || (b && !b->certain)};
	struct span lines[SIDE_COUNT] = {a ? a->hit.span : (struct span){0},
	                                 b ? b->hit.span : (struct span){0}};
	VEC_EACH(const struct box, box, &packets->boxes) {
		like.has_witness = true;
		like.witness = witness_of(differ, a ? SIDE_OLD : SIDE_NEW, some->lane, box);
		add_change(differ, &like, box, lines);
	}
}

/* Where a limit binds and no equal one of the other side does. */
static struct pset unmatched(const struct differ *differ, const struct limit *limit,
                             const struct limits *others)
{
	struct pset rest = limit->packets;
	VEC_EACH(const struct limit, other, &others->list)
		if (same_bound(&limit->bound, &other->bound))
			rest = pset_subtract(differ->arena, &rest, &other->packets);
	return rest;
}

/* Each limit that has gone with the one that came in its place; then those that are new. */
static void compare_limits(struct differ *differ, struct str flow, const struct flow_work *work_a,
                           const struct flow_work *work_b)
{
	struct arena *arena = differ->arena;
	struct limits a = limits_of(differ, SIDE_OLD, work_a);
	struct limits b = limits_of(differ, SIDE_NEW, work_b);
	VEC_EACH(const struct limit, x, &a.list) {
		struct pset rest = unmatched(differ, x, &b);
		VEC_EACH(const struct limit, y, &b.list) {
			if (y->bound.hit.kind != x->bound.hit.kind ||
			    same_bound(&x->bound, &y->bound))
				continue;
			struct pset new = unmatched(differ, y, &a);
			struct pset both = pset_intersect(arena, &rest, &new);
			limit_change(differ, flow, &x->bound, &y->bound, &both);
			rest = pset_subtract(arena, &rest, &both);
		}
		limit_change(differ, flow, &x->bound, NULL, &rest);
	}
	VEC_EACH(const struct limit, y, &b.list) {
		struct pset rest = unmatched(differ, y, &a);
		VEC_EACH(const struct limit, x, &a.list) {
			struct pset old = unmatched(differ, x, &b);
			if (x->bound.hit.kind == y->bound.hit.kind)
				rest = pset_subtract(arena, &rest, &old);
		}
		limit_change(differ, flow, NULL, &y->bound, &rest);
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
		add_change(differ, &like, box, none);
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
			if (is_own)
				compare_limits(differ, a->flow->id, a, b);
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

static void compare_flows(struct differ *differ)
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

/* --- everything else -------------------------------------------------------------------- */

static enum diff_what what_of(enum differs_in in)
{
	switch (in) {
	case DIFFERS_PERMISSION:
		return DIFF_PERMITTED;
	case DIFFERS_INSPECTION:
		return DIFF_INSPECTED;
	case DIFFERS_LIMITS:
		return DIFF_LIMITS;
	case DIFFERS_TRANSLATION:
		return DIFF_TRANSLATED;
	case DIFFERS_PATH:
		return DIFF_PATH;
	case DIFFERS_OTHER:
		break;
	}
	return DIFF_OTHER;
}

/* Is it told of a flow already that these packets are treated differently in this way? */
static bool told(const struct differ *differ, enum diff_what what, const struct box *box)
{
	struct box both;
	VEC_EACH(const struct diff_change, change, &differ->out->changes) {
		if (change->flow.n == 0 || change->what != what)
			continue;
		VEC_EACH(const struct box, part, &change->packets.boxes)
			if (box_intersect(differ->arena, box, part, &both))
				return true;
	}
	return false;
}

/* The packets of a lane as they come in; false where that is not known. */
static bool wire_box(const struct differ *differ, const struct lane *lane, struct box *box)
{
	*box = lane->real;
	if (!lane->passage.in || lane->mapped_unknown)
		return false;
	if (lane->server_is_appliance) {
		box->dim[DIM_DST] = iset_point(differ->arena, lane->wire_dst);
		box->dim[DIM_DPORT] = iset_point(differ->arena, lane->wire_port);
	}
	return true;
}

/* What is translated otherwise of the flows that come in there; the rest stays in `others`. */
static void tell_flows(struct differ *differ, enum side side, const struct difference *difference,
                       const struct diff_change *like, struct pset *others)
{
	const struct config *config = differ->audit[side]->config;
	VEC_EACH(const struct flow_work, work, &differ->audit[side]->flows)
		VEC_EACH(const struct lane, lane, &work->lanes) {
			struct diff_change change = *like;
			struct box wire;
			if (!wire_box(differ, lane, &wire) ||
			    !str_eq_nocase(STR_JOIN(differ->arena, S("interface "),
			                            config_name(config, lane->passage.in->nameif)),
			                   difference->place))
				continue;
			struct pset mail = pset_of(differ->arena, &wire);
			struct pset here = pset_intersect(differ->arena, others, &mail);
			change.flow = work->flow->id;
			change.mail = true;
			VEC_EACH(const struct box, box, &here.boxes)
				add_change(differ, &change, box, difference->line);
			*others = pset_subtract(differ->arena, others, &mail);
		}
}

/* A translation changes the flows whose packets it meets where they come in. */
static void tell_translation(struct differ *differ, const struct difference *difference,
                             const struct diff_change *like)
{
	struct pset others = pset_of(differ->arena, &difference->packets);
	for (int side = 0; side < SIDE_COUNT; side++)
		tell_flows(differ, (enum side)side, difference, like, &others);
	VEC_EACH(const struct box, box, &others.boxes)
		add_change(differ, like, box, difference->line);
}

/* A setting of the whole device or a limit of a translation: told as it is. */
static void tell_setting(struct differ *differ, const struct difference *difference,
                         struct diff_change *like, const struct boxes *mail)
{
	struct box both;
	switch (difference->in) {
	case DIFFERS_TRANSLATION: /* told by flows */
		break;
	case DIFFERS_LIMITS: /* of translations the flows tell; timeouts they do not */
		if (difference->packets.dim[DIM_PROTO].n == 1 &&
		    iset_equal(difference->packets.dim[DIM_DST], iset_all()))
			VEC_EACH(const struct box, box, &mail->list)
				like->mail |= box_intersect(differ->arena, box,
				                            &difference->packets, &both);
		break;
	case DIFFERS_PERMISSION:
	case DIFFERS_INSPECTION:
	case DIFFERS_OTHER:
		like->mail = difference->undecided && mail->list.n > 0;
		break;
	case DIFFERS_PATH: /* what comes of it for mail the flows tell */
		break;
	}
	add_change(differ, like, &difference->packets, difference->line);
}

/* The mail among the packets is told by its flows, but for what they do not look at. */
static void tell_lists(struct differ *differ, const struct difference *difference,
                       struct diff_change *like, const struct boxes *mail)
{
	struct pset others = {0};
	bool told_by_flows =
	        difference->in == DIFFERS_PERMISSION || difference->in == DIFFERS_INSPECTION;
	pset_add_box(differ->arena, &others, &difference->packets);
	VEC_EACH(const struct box, box, &mail->list) {
		struct pset flow = pset_of(differ->arena, box);
		struct box both;
		if (!box_intersect(differ->arena, box, &difference->packets, &both))
			continue;
		if (!told_by_flows && !told(differ, like->what, &both) &&
		    !told(differ, DIFF_INSPECTED, &both)) {
			like->mail = true;
			add_change(differ, like, &both, difference->line);
			like->mail = false;
		}
		others = pset_subtract(differ->arena, &others, &flow);
	}
	VEC_EACH(const struct box, box, &others.boxes)
		add_change(differ, like, box, difference->line);
}

static struct boxes all_mail(const struct differ *differ)
{
	struct boxes all = {0};
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct boxes mail = audit_mail(differ->audit[side]);
		VEC_EACH(const struct box, box, &mail.list) {
			bool known = false;
			VEC_EACH(const struct box, old, &all.list)
				known |= box_equal(old, box);
			if (!known)
				VEC_PUSH(differ->arena, &all.list, *box);
		}
	}
	return all;
}

static void compare_others(struct differ *differ)
{
	struct comparison comparison = {0};
	struct boxes mail = all_mail(differ);
	compare_configs(differ->arena, differ->audit[SIDE_OLD]->config,
	                differ->audit[SIDE_NEW]->config, &comparison);
	VEC_EACH(const struct difference, difference, &comparison.list) {
		struct diff_change like = {.what = what_of(difference->in),
		                           .place = difference->place,
		                           .before = difference->before,
		                           .after = difference->after,
		                           .undecided = difference->undecided};
		if (difference->in == DIFFERS_TRANSLATION)
			tell_translation(differ, difference, &like);
		else if (difference->of_lists)
			tell_lists(differ, difference, &like, &mail);
		else
			tell_setting(differ, difference, &like, &mail);
	}
}

/* --- putting it together ---------------------------------------------------------------- */

/*
 * One packet of the change whose traces differ: the one that its flow has for it, or else the
 * first that is found. Where none is found there is no witness: what differs at a place is not
 * met by a packet that something before it drops.
 */
static void find_witness(struct differ *differ, struct examiner *examiner,
                         struct diff_change *change)
{
	if (change->has_witness && counterexample_shows(examiner, &change->witness))
		return;
	examiner->left = MAX_TRIED;
	examiner->there_only = change->what == DIFF_TRANSLATED;
	change->has_witness = counterexample_among(differ->arena, examiner, change->place,
	                                           &change->packets, &change->witness);
}

static void finish(struct differ *differ)
{
	const struct boxes none = {0};
	struct examiner examiner = {0};
	if (differ->out->changes.n)
		examiner = examiner_of(differ->arena, differ->audit[SIDE_OLD]->config,
		                       differ->audit[SIDE_NEW]->config, &none);
	examiner.results_only = true;
	VEC_EACH(struct diff_change, change, &differ->out->changes) {
		if (change->packets.boxes.n <= MAX_DISJOINT)
			change->packets = pset_simplify(differ->arena, &change->packets);
		find_witness(differ, &examiner, change);
	}
}

void diff_audits(struct arena *arena, const struct audit *before, const struct audit *after,
                 struct diff_config *out)
{
	struct differ differ = {.arena = arena,
	                        .same = same_new(arena, before->config, after->config),
	                        .audit = {before, after},
	                        .out = out};
	compare_flows(&differ);
	compare_others(&differ);
	finish(&differ);
}

bool diff_severity(const struct diff *diff, enum severity *severity)
{
	bool any = false;
	*severity = SEVERITY_NOTE;
	VEC_EACH(const struct diff_config, config, &diff->configs) {
		if (!config->there[DIFF_OLD] || !config->there[DIFF_NEW]) {
			*severity = SEVERITY_ERROR;
			any = true;
		}
		VEC_EACH(const struct diff_change, change, &config->changes) {
			enum severity grave = !change->mail       ? SEVERITY_NOTE
			                      : change->undecided ? SEVERITY_WARNING
			                                          : SEVERITY_ERROR;
			any = true;
			*severity = grave > *severity ? grave : *severity;
		}
	}
	return any;
}
