/* SPDX-License-Identifier: ISC */
/*
 * Who owns a lane in a feature. The classifier runs once a reading; where the readings part,
 * the verdict is unknown and says so (architecture, decision 4).
 */
#include "analyzers/audit.h"

/* --- readings --------------------------------------------------------------------------- */

/* The readings that can differ for this passage: two questions, asked only where they matter. */
static uint32_t readings_of(const struct config *config, const struct passage *passage,
                            struct reading *readings)
{
	bool interface_policies = false;
	VEC_EACH(const struct service_policy, sp, &config->service_policies)
		interface_policies |= sp->interface != 0;
	bool mapped = !box_equal(&passage->seen, &passage->global);
	uint32_t n = 0;
	for (int per_feature = 0; per_feature <= (interface_policies ? 1 : 0); per_feature++)
		for (int real = 0; real <= (mapped ? 1 : 0); real++)
			readings[n++] = (struct reading){per_feature != 0, real != 0};
	return n;
}

/* --- verdicts of pieces ----------------------------------------------------------------- */

static bool is_smtp_claim(const struct config *config, const struct claim *claim)
{
	return mpf_is_smtp(config, mpf_engine(claim));
}

/* Is a piece under SMTP inspection (or owned at all)? Unknown where those who may own it part. */
static enum verdict piece_verdict(const struct config *config, enum feature feature,
                                  const struct piece *piece)
{
	bool smtp = false, other = piece->open;
	for (const struct claim *claim = piece->claims; claim; claim = claim->next) {
		bool is = feature != FEATURE_INSPECT || is_smtp_claim(config, claim);
		smtp |= is;
		other |= !is;
	}
	/* A class that may act, with whatever engine: what becomes of the mail is not known. */
	bool may_act = feature == FEATURE_INSPECT && piece->claims && piece->open;
	if (piece->blurred || (smtp && other) || may_act)
		return VERDICT_UNKNOWN;
	return smtp ? VERDICT_YES : VERDICT_NO;
}

/* Pieces come in terms of what the ingress sees; verdicts are told by real addresses. */
void lane_to_real(const struct lane *lane, struct box *box)
{
	for (int dim = 0; dim < DIM_COUNT; dim++)
		if (!iset_equal(lane->passage.seen.dim[dim], lane->real.dim[dim]))
			box->dim[dim] = lane->real.dim[dim];
}

static void classify(struct arena *arena, const struct config *config, const struct lane *lane,
                     enum feature feature, struct reading reading, struct verdict_cells *out)
{
	struct pieces pieces = {0};
	mpf_classify(arena, config, feature, &lane->passage, reading, &pieces);
	VEC_EACH(const struct piece, piece, &pieces.list) {
		struct verdict_cell cell = {.lane = lane,
		                            .box = piece->box,
		                            .claims = piece->claims,
		                            .open = piece->open || piece->blurred,
		                            .blurred = piece->blurred};
		cell.verdict = piece_verdict(config, feature, piece);
		cell.why = piece->why;
		cell.why_text = piece->why_text;
		cell.why_span = piece->why_span;
		lane_to_real(lane, &cell.box);
		VEC_PUSH(arena, &out->list, cell);
	}
}

/* Packets under tcp-state-bypass are not inspected (asa-semantics 1.6.5). */
static void subtract_bypass(struct arena *arena, const struct config *config,
                            const struct lane *lane, struct reading reading,
                            struct verdict_cells *cells)
{
	struct pieces pieces = {0};
	struct verdict_cells out = {0};
	if (lane->wire_proto != PROTO_TCP)
		return;
	mpf_classify(arena, config, FEATURE_TCP, &lane->passage, reading, &pieces);
	VEC_EACH(const struct verdict_cell, cell, &cells->list) {
		VEC_EACH(const struct piece, piece, &pieces.list) {
			struct box box = piece->box;
			struct verdict_cell next = *cell;
			bool bypass = false, normal = piece->open;
			lane_to_real(lane, &box);
			if (!box_intersect(arena, &cell->box, &box, &next.box))
				continue;
			for (const struct claim *c = piece->claims; c; c = c->next) {
				bypass |= c->class->state_bypass;
				normal |= !c->class->state_bypass;
			}
			/* What is not inspected at all has nothing to be bypassed. */
			bool matters = next.claims || next.verdict != VERDICT_NO;
			bool surely = bypass && !normal && !piece->blurred;
			if (surely) {
				next.verdict = VERDICT_NO;
				next.claims = NULL;
				next.open = true;
			} else if ((bypass || piece->blurred) && matters) {
				next.open = true;
				if (next.verdict != VERDICT_NO)
					next.verdict = VERDICT_UNKNOWN;
				next.why = piece->why;
				next.why_text = piece->why_text;
				next.why_span = piece->why_span;
			}
			VEC_PUSH(arena, &out.list, next);
		}
	}
	*cells = out;
}

/* --- merging ---------------------------------------------------------------------------- */

static bool same_claim(const struct claim *a, const struct claim *b)
{
	return a->class == b->class && a->inspect == b->inspect && a->fixup == b->fixup &&
	       a->service_policy == b->service_policy;
}

/* Do two readings give a cell the same owners? */
static bool same_owners(const struct verdict_cell *a, const struct verdict_cell *b)
{
	const struct claim *left = a->claims, *right = b->claims;
	for (; left && right && same_claim(left, right); left = left->next)
		right = right->next;
	return !left && !right && a->open == b->open;
}

/* An owner under one reading that is none under the other. */
static const struct claim *lost_claim(const struct verdict_cell *a, const struct verdict_cell *b)
{
	for (const struct claim *c = a->claims; c; c = c->next) {
		bool kept = false;
		for (const struct claim *d = b->claims; d && !kept; d = d->next)
			kept = same_claim(c, d);
		if (!kept)
			return c;
	}
	return NULL;
}

/*
 * Which of the two questions parts `b`, of the reading `by`, from the readings before it, which
 * gave `a`: those of one policy for another come last (readings_of).
 */
static struct str two_readings_text(struct arena *arena, const struct config *config,
                                    const struct verdict_cell *a, const struct verdict_cell *b,
                                    struct reading by)
{
	const struct claim *hidden = lost_claim(a, b);
	if (!by.per_feature)
		return S("before 8.3 a global policy may see the mapped or the real address; the "
		         "two do not agree here");
	if (!hidden || hidden->fixup)
		return S("one service policy has the same action in a class that does not match; "
		         "whether the one that is asked after it then acts is not documented");
	if (hidden->service_policy->interface == 0)
		return S("an interface policy has the same action in a class that does not match; "
		         "whether the global one then acts is not documented");
	return STR_JOIN(arena,
	                S("a service policy that is asked before has the same action in a class "
	                  "that does not match; whether the one of interface "),
	                config_name(config, hidden->service_policy->interface),
	                S(" then acts is not documented"));
}

/* All that may own a cell under either reading: `a` in its order, then what only `b` has. */
static const struct claim *join_claims(struct arena *arena, const struct claim *a,
                                       const struct claim *b)
{
	if (!a || !b)
		return a ? a : b;
	const struct claim *end = NULL;
	for (; b; b = b->next) {
		bool known = false;
		for (const struct claim *c = a; c && !known; c = c->next)
			known = same_claim(c, b);
		if (known)
			continue;
		struct claim *copy = NEW(arena, struct claim);
		*copy = *b;
		copy->next = end;
		end = copy;
	}
	if (!end)
		return a;
	/* a's nodes are shared with other cells, so they are copied, last first. */
	VEC(const struct claim *) nodes = {0};
	for (; a; a = a->next)
		VEC_PUSH(arena, &nodes, a);
	for (uint32_t i = nodes.n; i-- > 0;) {
		struct claim *copy = NEW(arena, struct claim);
		*copy = *nodes.v[i];
		copy->next = end;
		end = copy;
	}
	return end;
}

/* The line that inspects under one of two readings that part. */
static struct span reading_span(const struct verdict_cell *a, const struct verdict_cell *b)
{
	const struct claim *claim = a->claims ? a->claims : b->claims;
	return claim && claim->inspect ? claim->inspect->span : (struct span){0};
}

static void merge(struct arena *arena, const struct config *config,
                  const struct verdict_cells *more, struct reading by, struct verdict_cells *cells)
{
	struct verdict_cells out = {0};
	VEC_EACH(const struct verdict_cell, a, &cells->list) {
		VEC_EACH(const struct verdict_cell, b, &more->list) {
			struct verdict_cell both = *a;
			if (!box_intersect(arena, &a->box, &b->box, &both.box))
				continue;
			both.claims = join_claims(arena, a->claims, b->claims);
			both.open = a->open || b->open;
			both.blurred = a->blurred || b->blurred;
			if (a->verdict != b->verdict) {
				const struct verdict_cell *unsure =
				        a->verdict == VERDICT_UNKNOWN   ? a
				        : b->verdict == VERDICT_UNKNOWN ? b
				                                        : NULL;
				both.verdict = VERDICT_UNKNOWN;
				both.why = unsure ? unsure->why : WHY_TWO_READINGS;
				both.why_text = unsure ? unsure->why_text
				                       : two_readings_text(arena, config, a, b, by);
				both.why_span = unsure ? unsure->why_span : reading_span(a, b);
			} else if (both.why == WHY_NONE && !same_owners(a, b)) {
				both.why = b->why != WHY_NONE ? b->why : WHY_TWO_READINGS;
				both.why_text =
				        b->why != WHY_NONE
				                ? b->why_text
				                : two_readings_text(arena, config, a, b, by);
				both.why_span = b->why_span;
			}
			VEC_PUSH(arena, &out.list, both);
		}
	}
	*cells = out;
}

/*
 * Cells of the same packets become one that all their owners may own: of a mapped address that is
 * not in the text, what it may be was told apart, and is one by the real address.
 */
static void join_equal(struct arena *arena, struct verdict_cells *cells)
{
	uint32_t n = 0;
	VEC_EACH(const struct verdict_cell, cell, &cells->list) {
		struct verdict_cell *same = NULL;
		for (uint32_t i = 0; i < n && !same; i++)
			if (box_equal(&cells->list.v[i].box, &cell->box))
				same = &cells->list.v[i];
		if (!same) {
			cells->list.v[n++] = *cell;
			continue;
		}
		same->claims = join_claims(arena, same->claims, cell->claims);
		same->open |= cell->open;
		same->blurred |= cell->blurred;
		if (same->verdict != cell->verdict)
			same->verdict = VERDICT_UNKNOWN;
	}
	cells->list.n = n;
}

struct str lane_unknown_mapping(const struct lane *lane)
{
	return lane->server_nat && lane->server_nat->acl
	               ? S("a static with an access-list translates the appliance for some, so the "
	                   "address that others use for it is not told")
	               : S("the address that others use for the appliance is not in the text");
}

/* A mapped address that is not known: the lane was classified for all it might be. */
static void settle_unknown_mapping(const struct lane *lane, struct verdict_cells *cells)
{
	enum verdict verdict = verdict_of(cells);
	if (verdict == VERDICT_PARTLY || verdict == VERDICT_UNKNOWN)
		VEC_EACH(struct verdict_cell, cell, &cells->list) {
			cell->verdict = VERDICT_UNKNOWN;
			cell->why = WHY_MASKED;
			cell->why_text = lane_unknown_mapping(lane);
			cell->why_span =
			        lane->server_nat ? lane->server_nat->span : (struct span){0};
		}
}

static void classify_feature(struct arena *arena, const struct config *config,
                             const struct lane *lane, enum feature feature,
                             struct verdict_cells *out)
{
	struct reading readings[4];
	struct verdict_cells cells = {0};
	uint32_t n = readings_of(config, &lane->passage, readings);
	for (uint32_t i = 0; i < n; i++) {
		struct verdict_cells more = {0};
		classify(arena, config, lane, feature, readings[i], &more);
		if (feature == FEATURE_INSPECT)
			subtract_bypass(arena, config, lane, readings[i], &more);
		if (lane->mapped_unknown)
			join_equal(arena, &more);
		if (i == 0)
			cells = more;
		else
			merge(arena, config, &more, readings[i], &cells);
		if (lane->mapped_unknown)
			join_equal(arena, &cells);
	}
	if (lane->mapped_unknown && feature == FEATURE_INSPECT)
		settle_unknown_mapping(lane, &cells);
	VEC_EACH(const struct verdict_cell, cell, &cells.list)
		VEC_PUSH(arena, &out->list, *cell);
}

void lane_feature(struct arena *arena, const struct config *config, const struct lane *lane,
                  enum feature feature, struct verdict_cells *out)
{
	struct feature_memo *memo = lane->memo;
	if (!memo) {
		classify_feature(arena, config, lane, feature, out);
		return;
	}
	if (!memo->known[feature])
		classify_feature(memo->arena, config, lane, feature, &memo->cells[feature]);
	memo->known[feature] = true;
	*out = memo->cells[feature];
}
