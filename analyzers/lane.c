/* SPDX-License-Identifier: ISC */
/*
 * Who owns a lane in a feature, and which limits bind it. The classifier runs once a
 * reading; where the readings part, the verdict is unknown and says so (architecture,
 * decision 4).
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

/* Is a piece under SMTP inspection (or owned at all): by all that may own it, by none, or not
 * known?
 */
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

/* --- limits ------------------------------------------------------------------------------ */

static bool same_limit(const struct bound *a, const struct bound *b)
{
	return a->hit.kind == b->hit.kind && a->hit.source == b->hit.source &&
	       a->hit.value == b->hit.value && a->hit.span.offset == b->hit.span.offset &&
	       a->hit.span.source == b->hit.span.source;
}

/* A limit counts once, however many parts of the lane it binds. */
static void add_bound(struct arena *arena, struct bounds *out, struct bound bound)
{
	VEC_EACH(struct bound, old, &out->list)
		if (same_limit(old, &bound)) {
			if (!old->certain && bound.certain)
				*old = bound; /* with the packets that it binds for sure */
			return;
		}
	VEC_PUSH(arena, &out->list, bound);
}

/* TCP has them all; UDP and SCTP have no embryonic connections; others have no limits. */
static bool limits_count(const struct lane *lane, bool embryonic)
{
	if (lane->wire_proto == PROTO_TCP)
		return true;
	return !embryonic && (lane->wire_proto == PROTO_UDP || lane->wire_proto == PROTO_SCTP);
}

/* --- set connection, police ------------------------------------------------------------- */

static void class_limits(struct arena *arena, const struct config *config, struct bounds *out,
                         const struct bound *like, const struct policy_class *class)
{
	static const enum limit_kind kinds[CONN_LIMIT_COUNT] = {
	        [CONN_MAX] = LIMIT_CONN_MAX,
	        [CONN_EMBRYONIC] = LIMIT_EMBRYONIC,
	        [CONN_PER_CLIENT] = LIMIT_PER_CLIENT,
	        [CONN_PER_CLIENT_EMBRYONIC] = LIMIT_PER_CLIENT_EMBRYONIC,
	};
	for (int i = 0; i < CONN_LIMIT_COUNT; i++) {
		const struct setting_number *limit = &class->limits[i];
		struct bound bound = *like;
		bool embryonic = i == CONN_EMBRYONIC || i == CONN_PER_CLIENT_EMBRYONIC;
		if (!limit->set || limit->value == 0 || !limits_count(like->lane, embryonic))
			continue;
		bound.hit = (struct limit_hit){kinds[i], FROM_SET_CONNECTION, limit->value,
		                               config_name(config, class->name), limit->span};
		add_bound(arena, out, bound);
	}
}

static void class_police(struct arena *arena, const struct config *config, struct bounds *out,
                         const struct bound *like, const struct policy_class *class,
                         const struct setting_number *police)
{
	struct bound bound = *like;
	bound.hit = (struct limit_hit){LIMIT_POLICE, FROM_POLICE, police->value,
	                               config_name(config, class->name), police->span};
	add_bound(arena, out, bound);
}

/* The limits of every class that may own a part of the lane, whatever the reading. */
static void mpf_limits(struct arena *arena, const struct config *config, const struct lane *lane,
                       struct bounds *out, enum feature feature)
{
	struct verdict_cells cells = {0};
	lane_feature(arena, config, lane, feature, &cells);
	VEC_EACH(const struct verdict_cell, cell, &cells.list) {
		for (const struct claim *c = cell->claims; c; c = c->next) {
			struct bound like = {.lane = lane,
			                     .box = cell->box,
			                     .certain = !cell->open && !cell->claims->next,
			                     .class = c->class,
			                     .policy = c->policy};
			if (feature == FEATURE_CONN)
				class_limits(arena, config, out, &like, c->class);
			else if (feature == FEATURE_POLICE_IN)
				class_police(arena, config, out, &like, c->class,
				             &c->class->police_in);
			else
				class_police(arena, config, out, &like, c->class,
				             &c->class->police_out);
		}
	}
}

/* Is a cell of FEATURE_TCP under tcp-state-bypass? */
static enum verdict bypassed(const struct verdict_cell *cell)
{
	bool all = !cell->open && cell->claims, some = cell->blurred;
	for (const struct claim *c = cell->claims; c; c = c->next) {
		some |= c->class->state_bypass;
		all &= c->class->state_bypass;
	}
	return all ? VERDICT_YES : some ? VERDICT_UNKNOWN : VERDICT_NO;
}

static bool is_embryonic(const struct bound *bound)
{
	return bound->hit.kind == LIMIT_EMBRYONIC || bound->hit.kind == LIMIT_PER_CLIENT_EMBRYONIC;
}

/* State bypass knows no embryonic connections (asa-semantics 5): they are kept where it is not. */
static void drop_embryonic(struct arena *arena, const struct config *config,
                           const struct lane *lane, struct bounds *bounds)
{
	struct verdict_cells cells = {0};
	struct bounds out = {0};
	if (lane->wire_proto != PROTO_TCP)
		return;
	lane_feature(arena, config, lane, FEATURE_TCP, &cells);
	VEC_EACH(const struct bound, bound, &bounds->list) {
		if (!is_embryonic(bound))
			add_bound(arena, &out, *bound);
		for (uint32_t i = 0; is_embryonic(bound) && i < cells.list.n; i++) {
			const struct verdict_cell *cell = &cells.list.v[i];
			enum verdict bypass = bypassed(cell);
			struct bound part = *bound;
			part.certain &= bypass == VERDICT_NO;
			/* A kept cell of one packet has the box of another (struct feature_memo).
			 */
			bool here = lane->nat_settled ||
			            box_intersect(arena, &bound->box, &cell->box, &part.box);
			if (here && bypass != VERDICT_YES)
				add_bound(arena, &out, part);
		}
	}
	*bounds = out;
}

void lane_limits(struct arena *arena, const struct config *config, const struct lane *lane,
                 struct bounds *out)
{
	mpf_limits(arena, config, lane, out, FEATURE_CONN);
	drop_embryonic(arena, config, lane, out);
	mpf_limits(arena, config, lane, out, FEATURE_POLICE_IN);
	mpf_limits(arena, config, lane, out, FEATURE_POLICE_OUT);
}

/* --- what is not in the text ------------------------------------------------------------ */

bool lane_stray_line(const struct config *config, struct doubt *doubt)
{
	VEC_EACH(const struct unknown_line, line, &config->unknown_lines)
		if (!line->local) {
			*doubt = (struct doubt){
			        WHY_UNMODELLED,
			        S("a command that is not known may decide about it"), line->span};
			return true;
		}
	return false;
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
		VEC_EACH(const struct policy_class, class, &policy->classes) {
			if (class->unknown)
				return true;
			VEC_EACH(const struct inspect, inspect, &class->inspects)
				if (mpf_is_smtp(config, inspect->engine))
					return true;
		}
	}
	return false;
}

bool lane_doubt_present(const struct config *config, const struct lane *lane, struct doubt *doubt)
{
	if (lane->passage.in && lane->passage.out)
		return false;
	VEC_EACH(const struct service_policy, sp, &config->service_policies) {
		const struct policy_map *policy = sp->interface ? mpf_policy(config, sp) : NULL;
		if (!policy)
			continue;
		VEC_EACH(const struct policy_class, class, &policy->classes) {
			bool other = class->state_bypass || class->unknown;
			/* Another engine may take it; SMTP inspection that does not match hides the
			 * global one. */
			VEC_EACH(const struct inspect, inspect, &class->inspects)
				other |= !mpf_is_combinable(config, inspect->engine);
			if (!other)
				continue;
			*doubt = (struct doubt){WHY_ROUTE,
			                        S("an interface policy may act first, and it is "
			                          "not known whether this mail "
			                          "crosses that interface"),
			                        class->span};
			return true;
		}
	}
	return false;
}

bool lane_doubt_absent(const struct config *config, const struct lane *lane, struct doubt *doubt)
{
	bool fragment = !config->platform_known && !config->has_end;
	bool silent = config->service_policies.n == 0 && config->fixups.n == 0;
	*doubt = (struct doubt){0};
	if (hidden_policy(config, &lane->passage)) {
		doubt->code = WHY_ROUTE;
		doubt->text = S(
		        "an interface policy inspects SMTP, and it is not known whether this mail "
		        "crosses that interface");
		return true;
	}
	if (lane_stray_line(config, doubt))
		return true;
	if (config_uses_fixup(config) && config->fixups.n == 0) {
		doubt->code = WHY_RELEASE;
		doubt->text = S("the text has no fixup line at all, on or off, so it is not the "
		                "whole config; some, `fixup protocol smtp` among them, are on by "
		                "default");
		return true;
	}
	if (config->cut_short) {
		doubt->code = WHY_UNMODELLED;
		doubt->text =
		        S("the capture ends before the config does; what is missing may decide");
		doubt->span = config->truncations.v[config->truncations.n - 1].span;
		return true;
	}
	if (fragment && silent) {
		doubt->code = WHY_UNMODELLED;
		doubt->text = S("the text is a fragment without any service-policy or fixup; "
		                "the device may have them");
		return true;
	}
	return false;
}
