/* SPDX-License-Identifier: ISC */
/*
 * Which engine inspects a flow. The classifier runs once a reading; where the
 * readings part, the verdict is unknown and says so (architecture, decision 4).
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
	return claim->fixup || mpf_is_smtp(config, claim->inspect->engine);
}

/* Is a piece under SMTP inspection: by all that may own it, by none, or not known? */
static enum verdict piece_verdict(const struct config *config, const struct piece *piece)
{
	bool smtp = false, other = piece->open;
	for (const struct claim *claim = piece->claims; claim; claim = claim->next) {
		bool is = is_smtp_claim(config, claim);
		smtp |= is;
		other |= !is;
	}
	if (piece->blurred || (smtp && other))
		return VERDICT_UNKNOWN;
	return smtp ? VERDICT_YES : VERDICT_NO;
}

/* Pieces come in terms of what the ingress sees; verdicts are told by real addresses. */
static void to_real(const struct lane *lane, struct box *box)
{
	for (int dim = 0; dim < DIM_COUNT; dim++)
		if (!iset_equal(lane->passage.seen.dim[dim], lane->real.dim[dim]))
			box->dim[dim] = lane->real.dim[dim];
}

static void classify(struct audit *audit, const struct lane *lane, struct reading reading,
                     struct verdict_cells *out)
{
	struct pieces pieces = {0};
	mpf_classify(audit->arena, audit->config, FEATURE_INSPECT, &lane->passage, reading,
	             &pieces);
	VEC_EACH(const struct piece, piece, &pieces.list) {
		struct verdict_cell cell = {
		        .lane = lane, .box = piece->box, .claims = piece->claims};
		cell.verdict = piece_verdict(audit->config, piece);
		if (cell.verdict == VERDICT_UNKNOWN) {
			cell.why = piece->why;
			cell.why_text = piece->why_text;
			cell.why_span = piece->why_span;
		}
		to_real(lane, &cell.box);
		VEC_PUSH(audit->arena, &out->list, cell);
	}
}

/* Packets under tcp-state-bypass are not inspected (asa-semantics 1.6.5). */
static void subtract_bypass(struct audit *audit, const struct lane *lane, struct reading reading,
                            struct verdict_cells *cells)
{
	struct pieces pieces = {0};
	struct verdict_cells out = {0};
	mpf_classify(audit->arena, audit->config, FEATURE_TCP, &lane->passage, reading, &pieces);
	VEC_EACH(const struct verdict_cell, cell, &cells->list) {
		VEC_EACH(const struct piece, piece, &pieces.list) {
			struct box box = piece->box;
			struct verdict_cell next = *cell;
			bool bypass = false, normal = piece->open;
			to_real(lane, &box);
			if (!box_intersect(audit->arena, &cell->box, &box, &next.box))
				continue;
			for (const struct claim *c = piece->claims; c; c = c->next) {
				bypass |= c->class->state_bypass;
				normal |= !c->class->state_bypass;
			}
			if (piece->blurred && next.verdict != VERDICT_NO) {
				next.verdict = VERDICT_UNKNOWN;
				next.why = piece->why;
				next.why_text = piece->why_text;
				next.why_span = piece->why_span;
			} else if (bypass && !normal) {
				next.verdict = VERDICT_NO;
				next.claims = NULL;
			} else if (bypass && next.verdict != VERDICT_NO) {
				next.verdict = VERDICT_UNKNOWN;
				next.why = piece->why;
				next.why_text = piece->why_text;
				next.why_span = piece->why_span;
			}
			VEC_PUSH(audit->arena, &out.list, next);
		}
	}
	*cells = out;
}

/* --- merging ---------------------------------------------------------------------------- */

static struct str two_readings_text(const struct audit *audit, const struct lane *lane)
{
	bool mapped = !box_equal(&lane->passage.seen, &lane->passage.global);
	(void)audit;
	return mapped ? S("before 8.3 a global policy may see the mapped or the real address; "
	                  "the two do not agree here")
	              : S("an interface policy holds SMTP inspection that does not match; whether "
	                  "the "
	                  "global one then acts is not documented");
}

static bool same_claim(const struct claim *a, const struct claim *b)
{
	return a->class == b->class && a->inspect == b->inspect && a->fixup == b->fixup &&
	       a->service_policy == b->service_policy;
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

static void merge(struct audit *audit, const struct verdict_cells *more,
                  struct verdict_cells *cells)
{
	struct verdict_cells out = {0};
	VEC_EACH(const struct verdict_cell, a, &cells->list) {
		VEC_EACH(const struct verdict_cell, b, &more->list) {
			struct verdict_cell both = *a;
			if (!box_intersect(audit->arena, &a->box, &b->box, &both.box))
				continue;
			both.claims = join_claims(audit->arena, a->claims, b->claims);
			if (a->verdict != b->verdict) {
				const struct verdict_cell *unsure =
				        a->verdict == VERDICT_UNKNOWN   ? a
				        : b->verdict == VERDICT_UNKNOWN ? b
				                                        : NULL;
				both.verdict = VERDICT_UNKNOWN;
				both.why = unsure ? unsure->why : WHY_TWO_READINGS;
				both.why_text = unsure ? unsure->why_text
				                       : two_readings_text(audit, a->lane);
				both.why_span = unsure ? unsure->why_span : reading_span(a, b);
			}
			VEC_PUSH(audit->arena, &out.list, both);
		}
	}
	*cells = out;
}

/* A mapped address that is not in the text: the lane was classified for all it might be. */
static void settle_unknown_mapping(struct verdict_cells *cells)
{
	enum verdict verdict = verdict_of(cells);
	if (verdict == VERDICT_PARTLY || verdict == VERDICT_UNKNOWN)
		VEC_EACH(struct verdict_cell, cell, &cells->list) {
			cell->verdict = VERDICT_UNKNOWN;
			cell->why = WHY_MASKED;
			cell->why_text = S(
			        "the address that others use for the appliance is not in the text");
		}
}

static void classify_lane(struct audit *audit, const struct lane *lane, struct verdict_cells *out)
{
	struct reading readings[4];
	struct verdict_cells cells = {0};
	uint32_t n = readings_of(audit->config, &lane->passage, readings);
	for (uint32_t i = 0; i < n; i++) {
		struct verdict_cells more = {0};
		classify(audit, lane, readings[i], &more);
		subtract_bypass(audit, lane, readings[i], &more);
		if (i == 0)
			cells = more;
		else
			merge(audit, &more, &cells);
	}
	if (lane->mapped_unknown)
		settle_unknown_mapping(&cells);
	VEC_EACH(const struct verdict_cell, cell, &cells.list)
		VEC_PUSH(audit->arena, &out->list, *cell);
}

/* --- what is not in the text ------------------------------------------------------------ */

/* The first unknown line whose effect is not kept inside one object. */
static const struct unknown_line *stray_line(const struct config *config)
{
	VEC_EACH(const struct unknown_line, line, &config->unknown_lines)
		if (!line->local)
			return line;
	return NULL;
}

/* Does an interface policy that may be on the way, where that is not known, inspect SMTP? */
static bool hidden_policy(const struct config *config, const struct passage *passage)
{
	if (passage->in && passage->out)
		return false;
	VEC_EACH(const struct service_policy, sp, &config->service_policies) {
		const struct policy_map *policy = sp->interface ? mpf_policy(config, sp) : NULL;
		if (!policy)
			continue;
		VEC_EACH(const struct policy_class, class, &policy->classes)
			VEC_EACH(const struct inspect, inspect, &class->inspects)
				if (mpf_is_smtp(config, inspect->engine))
					return true;
	}
	return false;
}

/* Reasons why a "no" of this config may not be one; NULL text when there is none. */
static bool doubt_no(struct audit *audit, struct verdict_cell *cell)
{
	const struct config *config = audit->config;
	const struct unknown_line *line = stray_line(config);
	if (hidden_policy(config, &cell->lane->passage)) {
		cell->why = WHY_ROUTE;
		cell->why_text = S(
		        "an interface policy inspects SMTP, and it is not known whether this mail "
		        "crosses that interface");
		return true;
	}
	if (line) {
		cell->why = WHY_UNMODELLED;
		cell->why_text = S("a command that is not known may decide about it");
		cell->why_span = line->span;
		return true;
	}
	if (config_uses_fixup(config) && config->fixups.n == 0) {
		cell->why = WHY_RELEASE;
		cell->why_text = S("the text has no fixup line at all, on or off, so it is not the "
		                   "whole config; "
		                   "`fixup protocol smtp` is on by default");
		return true;
	}
	bool silent = config->service_policies.n == 0 && config->fixups.n == 0;
	if (audit->fragment && silent) {
		cell->why = WHY_UNMODELLED;
		cell->why_text = S("the text is a fragment without any service-policy or fixup; "
		                   "the device may have them");
		return true;
	}
	return false;
}

static void note_inspections(struct audit *audit, struct flow *flow,
                             const struct verdict_cell *cell)
{
	const struct config *config = audit->config;
	for (const struct claim *claim = cell->claims; claim; claim = claim->next) {
		struct inspection_hit hit = {0};
		if (claim->fixup) {
			hit.engine = S("smtp");
			hit.span = claim->fixup->span;
		} else {
			name_id ifc = claim->service_policy->interface;
			hit.engine = config_name(config, claim->inspect->engine);
			hit.map = config_name(config, claim->inspect->map);
			hit.policy = config_name(config, claim->policy->name);
			hit.class = config_name(config, claim->class->name);
			hit.interface = config_name(config, ifc);
			hit.span = claim->inspect->span;
		}
		bool seen = false;
		VEC_EACH(const struct inspection_hit, old, &flow->inspections)
			seen |= old->span.offset == hit.span.offset &&
			        old->span.source == hit.span.source &&
			        str_eq(old->interface, hit.interface);
		if (!seen)
			VEC_PUSH(audit->arena, &flow->inspections, hit);
	}
}

void audit_inspection(struct audit *audit)
{
	VEC_EACH(struct flow_work, work, &audit->flows) {
		struct flow *flow = work->flow;
		if (!flow->on_path)
			continue;
		VEC_EACH(const struct lane, lane, &work->lanes)
			classify_lane(audit, lane, &work->inspection);
		VEC_EACH(struct verdict_cell, cell, &work->inspection.list) {
			if (cell->verdict == VERDICT_NO && doubt_no(audit, cell))
				cell->verdict = VERDICT_UNKNOWN;
			if (cell->verdict == VERDICT_UNKNOWN)
				flow_why(audit, flow, ABOUT_INSPECTED, VERDICT_UNKNOWN, cell->why,
				         cell->why_text, cell->why_span);
			note_inspections(audit, flow, cell);
		}
		flow->inspected = verdict_of(&work->inspection);
		flow->inspected_packets =
		        packets_with(audit->arena, &work->inspection, VERDICT_YES);
	}
}
