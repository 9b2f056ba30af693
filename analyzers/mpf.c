/* SPDX-License-Identifier: ISC */
/* See mpf.h. The search is one loop over policies and classes for every feature. */
#include "analyzers/mpf.h"

#include "analyzers/class_match.h"
#include "analyzers/engines.h"

name_id mpf_engine(const struct claim *claim)
{
	return claim->fixup ? claim->fixup->engine : claim->inspect->engine;
}

bool mpf_is_smtp(const struct config *config, name_id engine)
{
	return engine_is_smtp(config_name(config, engine));
}

/* --- features --------------------------------------------------------------------------- */

static bool is_exclusive(const struct config *config, const struct inspect *inspect)
{
	return !engine_named(config_name(config, inspect->engine))->combinable;
}

static bool has_conn_action(const struct policy_class *class)
{
	bool any = class->conn_other;
	for (int i = 0; i < CONN_LIMIT_COUNT; i++)
		any |= class->limits[i].set;
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		any |= class->timeouts[i].set;
	return any;
}

bool mpf_sets_no_limit(const struct policy_class *class)
{
	bool any = class->conn_other;
	for (int i = 0; i < CONN_LIMIT_COUNT; i++)
		any |= class->limits[i].set && class->limits[i].value;
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		any |= class->timeouts[i].set;
	return !any;
}

bool mpf_class_has(const struct config *config, const struct policy_class *class,
                   enum feature feature)
{
	switch (feature) {
	case FEATURE_INSPECT:
		VEC_EACH(const struct inspect, inspect, &class->inspects)
			if (is_exclusive(config, inspect))
				return true;
		return false;
	case FEATURE_CONN:
		return has_conn_action(class);
	case FEATURE_TCP:
		return class->state_bypass || class->tcp_map;
	case FEATURE_POLICE_IN:
		return class->police_in.set;
	case FEATURE_POLICE_OUT:
		return class->police_out.set;
	case FEATURE_MODULE:
		return class->modules.n > 0;
	}
	return false;
}

const struct policy_map *mpf_policy(const struct config *config, const struct service_policy *sp)
{
	return config_policy_map(config, sp->policy);
}

static bool is_class_default(const struct config *config, const struct policy_class *class)
{
	return str_eq(config_name(config, class->name), S("class-default"));
}

/* --- the search ------------------------------------------------------------------------- */

struct search {
	struct arena *arena;
	const struct config *config;
	enum feature feature;
	const struct passage *passage;
	const struct service_policy *service_policy;
	const struct policy_map *policy;
	/* By one reading of ruling 4 their engines act in no policy that is asked after them. */
	const struct policy_map *before[2];
	unsigned n_before;
};

static bool is_hidden(const struct search *search, const struct inspect *inspect)
{
	for (unsigned i = 0; i < search->n_before; i++)
		if (mpf_inspects_with(search->config, search->before[i],
		                      config_name(search->config, inspect->engine)))
			return true;
	return false;
}

/* The line that leaves open whether a class matches: its access-list's, or its own. */
static struct span doubt_span(const struct config *config, const struct cell *cell,
                              const struct policy_class *class)
{
	const struct class_map *map = config_class_map(config, class->name);
	if (cell->doubt)
		return cell->doubt->span;
	if (map)
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_UNKNOWN || match->doubtful)
				return match->span;
	if (map && map->refused.n)
		return map->refused.v[0].span;
	return cell->ace ? cell->ace->span : class->span;
}

/* The piece that a cell of an open piece becomes: claimed if the class matches or may. */
static void claim_cell(const struct search *search, const struct piece *piece,
                       const struct cell *cell, const struct policy_class *class,
                       const struct inspect *inspect, struct pieces *out)
{
	struct piece next = *piece;
	next.box = cell->box;
	const struct claim *last = piece->claims;
	bool again = last && last->service_policy == search->service_policy &&
	             last->class == class && last->inspect == inspect;
	if ((cell->can & CAN_PERMIT) && again) {
		next.open = next.open && (cell->can & CAN_DENY) != 0; /* by another line of it */
	} else if (cell->can & CAN_PERMIT) {
		struct claim *claim = NEW(search->arena, struct claim);
		*claim =
		        (struct claim){search->service_policy, search->policy, class, inspect, NULL,
		                       piece->claims};
		next.claims = claim;
		next.open = (cell->can & CAN_DENY) != 0;
	}
	if (cell->can == (CAN_PERMIT | CAN_DENY) && next.why == WHY_NONE) {
		next.why = cell->why;
		next.why_text =
		        str_printf(search->arena, "it cannot be told whether class %.*s matches",
		                   STR(config_name(search->config, class->name)));
		next.why_span = doubt_span(search->config, cell, class);
	}
	if ((cell->can & CAN_PERMIT) && search->feature == FEATURE_CONN &&
	    mpf_sets_no_limit(class)) {
		next.open = true;
		if (next.why == WHY_NONE) {
			next.why = WHY_TWO_READINGS;
			next.why_text = str_printf(
			        search->arena,
			        "class %.*s has limits of 0 alone; whether these are an action, "
			        "which ends the search, is not documented",
			        STR(config_name(search->config, class->name)));
			next.why_span = class->span;
		}
	}
	VEC_PUSH(search->arena, &out->list, next);
}

/* Offer every open piece to (an action of) a class, whose match is given by boxes. */
static void offer_boxes(const struct search *search, const struct policy_class *class,
                        const struct inspect *inspect, const struct box *match,
                        const struct class_map *narrowed_by, struct pieces *pieces)
{
	struct pieces out = {0};
	VEC_EACH(const struct piece, piece, &pieces->list) {
		if (!piece->open) {
			VEC_PUSH(search->arena, &out.list, *piece);
			continue;
		}
		struct cells cells = {0};
		class_split(search->arena, &cells, &piece->box, match, CAN_PERMIT, WHY_NONE);
		if (narrowed_by)
			class_narrow(search->arena, search->config, narrowed_by, &cells);
		VEC_EACH(const struct cell, cell, &cells.list)
			claim_cell(search, piece, cell, class, inspect, &out);
	}
	*pieces = out;
}

static void offer_map(const struct search *search, const struct policy_class *class,
                      const struct inspect *inspect, const struct class_map *map,
                      struct pieces *pieces)
{
	struct pieces out = {0};
	VEC_EACH(const struct piece, piece, &pieces->list) {
		struct cells cells = {0};
		if (!piece->open) {
			VEC_PUSH(search->arena, &out.list, *piece);
			continue;
		}
		class_cells(search->arena, search->config, map, &piece->box, &cells);
		VEC_EACH(const struct cell, cell, &cells.list)
			claim_cell(search, piece, cell, class, inspect, &out);
	}
	*pieces = out;
}

/* `match default-inspection-traffic`: each inspect by its own ports, other actions by all. */
static void offer_default(const struct search *search, const struct policy_class *class,
                          const struct class_map *map, struct pieces *pieces)
{
	struct box boxes[3];
	if (search->feature == FEATURE_INSPECT) {
		VEC_EACH(const struct inspect, inspect, &class->inspects) {
			const struct engine *engine =
			        engine_named(config_name(search->config, inspect->engine));
			uint32_t n = engine->combinable || is_hidden(search, inspect)
			                     ? 0
			                     : engine_default_ports(search->arena, engine, boxes);
			for (uint32_t i = 0; i < n; i++)
				offer_boxes(search, class, inspect, &boxes[i], map, pieces);
		}
		return;
	}
	for (size_t e = 0; e < n_engines; e++) {
		if (engines[e].combinable)
			continue; /* waas would make it all of TCP (ruling 3) */
		uint32_t n = engine_default_ports(search->arena, &engines[e], boxes);
		for (uint32_t i = 0; i < n; i++)
			offer_boxes(search, class, NULL, &boxes[i], map, pieces);
	}
}

/* Engines of one class that is not by default ports: those whose transport it is (ruling 2). */
static void offer_inspects(const struct search *search, const struct policy_class *class,
                           const struct class_map *map, struct pieces *pieces)
{
	static const struct {
		unsigned transport;
		uint8_t protocol;
	} transports[] = {{TRANSPORT_TCP, PROTO_TCP},
	                  {TRANSPORT_UDP, PROTO_UDP},
	                  {TRANSPORT_ICMP, PROTO_ICMP}};
	VEC_EACH(const struct inspect, inspect, &class->inspects) {
		const struct engine *engine =
		        engine_named(config_name(search->config, inspect->engine));
		if (engine->combinable || is_hidden(search, inspect))
			continue;
		for (size_t i = 0; i < sizeof(transports) / sizeof(transports[0]); i++) {
			if (!(engine->transports & transports[i].transport))
				continue;
			struct box box = box_all();
			box.dim[DIM_PROTO] = iset_point(search->arena, transports[i].protocol);
			struct pieces out = {0};
			VEC_EACH(const struct piece, piece, &pieces->list) {
				struct piece inside = *piece;
				struct pset outside = {0};
				if (!piece->open ||
				    !box_intersect(search->arena, &piece->box, &box, &inside.box)) {
					VEC_PUSH(search->arena, &out.list, *piece);
					continue;
				}
				box_subtract(search->arena, &piece->box, &box, &outside);
				VEC_EACH(const struct box, rest, &outside.boxes) {
					struct piece untouched = *piece;
					untouched.box = *rest;
					VEC_PUSH(search->arena, &out.list, untouched);
				}
				struct pieces one = {0};
				VEC_PUSH(search->arena, &one.list, inside);
				if (map)
					offer_map(search, class, inspect, map, &one);
				else
					offer_boxes(search, class, inspect, &box, NULL, &one);
				VEC_EACH(const struct piece, done, &one.list)
					VEC_PUSH(search->arena, &out.list, *done);
			}
			*pieces = out;
		}
	}
}

/* The pieces that a class may match, marked: it may act on them in any way. */
static void blur(const struct search *search, const struct policy_class *class,
                 const struct class_map *map, struct pieces *pieces)
{
	struct pieces out = {0};
	VEC_EACH(const struct piece, piece, &pieces->list) {
		struct cells cells = {0};
		if (!piece->open || !map)
			class_cell(search->arena, &cells, &piece->box, CAN_PERMIT, WHY_NONE);
		else if (class_by_default(map))
			class_cell(search->arena, &cells, &piece->box, CAN_PERMIT | CAN_DENY,
			           WHY_NONE);
		else
			class_cells(search->arena, search->config, map, &piece->box, &cells);
		VEC_EACH(const struct cell, cell, &cells.list) {
			struct piece next = *piece;
			next.box = cell->box;
			if (piece->open && (cell->can & CAN_PERMIT)) {
				next.blurred = true;
				next.why = WHY_UNMODELLED;
				next.why_text = str_printf(
				        search->arena,
				        "class %.*s has an action that could not be read",
				        STR(config_name(search->config, class->name)));
				next.why_span = class->span;
			}
			VEC_PUSH(search->arena, &out.list, next);
		}
	}
	*pieces = out;
}

/*
 * A class whose class-map is not in the text. No device holds one without the other, so the text
 * is not all there: the class may match anything, with the actions that it lists.
 */
static void offer_unseen(const struct search *search, const struct policy_class *class,
                         struct pieces *pieces)
{
	struct class_match unseen = {.kind = MATCH_UNKNOWN, .span = class->span};
	struct class_map map = {.name = class->name, .span = class->span};
	VEC_PUSH(search->arena, &map.matches, unseen);
	if (search->feature == FEATURE_INSPECT)
		offer_inspects(search, class, &map, pieces);
	else
		offer_map(search, class, NULL, &map, pieces);
	VEC_EACH(struct piece, piece, &pieces->list)
		if (piece->claims && piece->claims->class == class && piece->open) {
			piece->why = WHY_MASKED;
			piece->why_text =
			        str_printf(search->arena, "the class-map %.*s is not in the text",
			                   STR(config_name(search->config, class->name)));
			piece->why_span = class->span;
		}
}

static void offer_class(const struct search *search, const struct policy_class *class,
                        struct pieces *pieces)
{
	bool is_default = is_class_default(search->config, class);
	const struct class_map *map =
	        is_default ? NULL : config_class_map(search->config, class->name);
	if (class->unknown)
		blur(search, class, map, pieces);
	if (!mpf_class_has(search->config, class, search->feature))
		return; /* no action of the feature: the search goes on (ruling 1) */
	struct box all = box_all();
	struct class_map refused;
	if (!is_default && !map)
		offer_unseen(search, class, pieces);
	else if (class_by_default(map)) {
		offer_default(search, class, map, pieces);
		if (!class_as_refused(search->arena, map, &refused))
			return;
		if (search->feature == FEATURE_INSPECT)
			offer_inspects(search, class, &refused, pieces);
		else
			offer_map(search, class, NULL, &refused, pieces);
	} else if (search->feature == FEATURE_INSPECT)
		offer_inspects(search, class, map, pieces);
	else if (is_default)
		offer_boxes(search, class, NULL, &all, NULL, pieces);
	else
		offer_map(search, class, NULL, map, pieces);
}

/* The policy-map that a service-policy names is not in the text: it may do anything. */
static void search_missing(const struct search *search, const struct service_policy *service_policy,
                           struct pieces *pieces)
{
	VEC_EACH(struct piece, piece, &pieces->list) {
		if (!piece->open)
			continue;
		piece->blurred = true;
		piece->why = WHY_MASKED;
		piece->why_text =
		        str_printf(search->arena, "the policy-map %.*s is not in the text",
		                   STR(config_name(search->config, service_policy->policy)));
		piece->why_span = service_policy->span;
	}
}

static void search_policy(struct search *search, const struct service_policy *service_policy,
                          struct pieces *pieces)
{
	search->service_policy = service_policy;
	search->policy = mpf_policy(search->config, service_policy);
	if (!search->policy) {
		search_missing(search, service_policy, pieces);
		return;
	}
	/* class-default is kept last by the parser (ruling 2). */
	VEC_EACH(const struct policy_class, class, &search->policy->classes)
		offer_class(search, class, pieces);
}

static const struct service_policy *policy_at(const struct config *config,
                                              const struct interface *ifc)
{
	VEC_EACH(const struct service_policy, sp, &config->service_policies) {
		if (!ifc && sp->interface == 0)
			return sp;
		if (ifc && sp->interface && config_interface(config, sp->interface) == ifc)
			return sp;
	}
	return NULL;
}

bool mpf_implements(const struct config *config, const struct policy_map *policy,
                    enum feature feature)
{
	VEC_EACH(const struct policy_class, class, &policy->classes)
		if (mpf_class_has(config, class, feature))
			return true;
	return false;
}

bool mpf_inspects_with(const struct config *config, const struct policy_map *policy,
                       struct str engine)
{
	bool smtp = engine_is_smtp(engine);
	VEC_EACH(const struct policy_class, class, &policy->classes)
		VEC_EACH(const struct inspect, inspect, &class->inspects) {
			struct str held = config_name(config, inspect->engine);
			if (smtp ? engine_is_smtp(held) : str_eq(held, engine))
				return true;
		}
	return false;
}

/* Pieces of `from` found with the boxes of the global reading, put back in terms of `seen`. */
static void restate(const struct passage *passage, struct pieces *pieces, bool to_global)
{
	const struct box *from = to_global ? &passage->seen : &passage->global;
	const struct box *to = to_global ? &passage->global : &passage->seen;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		if (!iset_equal(from->dim[dim], to->dim[dim]))
			VEC_EACH(struct piece, piece, &pieces->list)
				piece->box.dim[dim] = to->dim[dim];
}

/* What a fixup makes of a piece that has its ports. Of two engines the documents choose none. */
static struct piece with_fixup(const struct search *search, const struct piece *piece,
                               const struct fixup *fixup, bool surely)
{
	struct piece next = *piece;
	for (const struct claim *c = piece->claims; c; c = c->next)
		if (c->fixup->engine == fixup->engine)
			return next;
	struct claim *claim = NEW(search->arena, struct claim);
	*claim = (struct claim){.fixup = fixup, .next = piece->claims};
	next.claims = claim;
	next.open = piece->open && !surely;
	if (next.open) {
		next.why = WHY_RELEASE;
		next.why_text = S("there is no `fixup protocol sip udp`, on or off; whether SIP "
		                  "over UDP is inspected depends on the release");
		next.why_span = fixup->span;
	} else if (claim->next) {
		next.why = WHY_TWO_READINGS;
		next.why_text = S("fixups of two engines name this port; the documents do not tell "
		                  "which of them inspects it");
		next.why_span = fixup->span;
	}
	return next;
}

static void offer_fixup(const struct search *search, const struct fixup *fixup, uint8_t protocol,
                        bool surely, struct pieces *pieces)
{
	struct box box = box_all();
	struct pieces out = {0};
	box.dim[DIM_PROTO] = iset_point(search->arena, protocol);
	box.dim[DIM_DPORT] = iset_range(search->arena, fixup->lo, fixup->hi);
	VEC_EACH(const struct piece, piece, &pieces->list) {
		struct cells cells = {0};
		class_split(search->arena, &cells, &piece->box, &box, CAN_PERMIT, WHY_NONE);
		VEC_EACH(const struct cell, cell, &cells.list) {
			struct piece next = cell->can & CAN_PERMIT
			                            ? with_fixup(search, piece, fixup, surely)
			                            : *piece;
			next.box = cell->box;
			VEC_PUSH(search->arena, &out.list, next);
		}
	}
	*pieces = out;
}

/* By ports alone, whatever the host (asa-semantics section 6). */
static void classify_fixups(const struct search *search, struct pieces *pieces)
{
	VEC_EACH(const struct fixup, fixup, &search->config->fixups) {
		if (fixup->off || fixup->lo == 0)
			continue;
		if (fixup->transport != PROTO_UDP)
			offer_fixup(search, fixup, PROTO_TCP, true, pieces);
		if (fixup->transport != PROTO_TCP || fixup->perhaps_udp)
			offer_fixup(search, fixup, PROTO_UDP, !fixup->perhaps_udp, pieces);
	}
}

uint32_t mpf_asked(const struct config *config, enum feature feature, const struct passage *passage,
                   const struct service_policy **asked)
{
	/* Policing has a direction; all else acts at either interface (section 3). */
	const struct interface *in = feature == FEATURE_POLICE_OUT ? NULL : passage->in;
	const struct interface *out = feature == FEATURE_POLICE_IN ? NULL : passage->out;
	const struct service_policy *order[3] = {
	        in ? policy_at(config, in) : NULL,
	        policy_at(config, NULL),
	        out && out != in ? policy_at(config, out) : NULL,
	};
	uint32_t n = 0;
	if (feature ==
	    FEATURE_POLICE_OUT) { /* the egress interface comes before the global policy */
		order[0] = order[2];
		order[2] = NULL;
	}
	for (size_t i = 0; i < 3; i++)
		if (order[i])
			asked[n++] = order[i];
	return n;
}

void mpf_classify(struct arena *arena, const struct config *config, enum feature feature,
                  const struct passage *passage, struct reading reading, struct pieces *pieces)
{
	struct search search = {
	        .arena = arena, .config = config, .feature = feature, .passage = passage};
	struct piece whole = {.box = passage->seen, .open = true};
	struct pieces now = {0};
	VEC_PUSH(arena, &now.list, whole);
	if (config_uses_fixup(config)) {
		if (feature == FEATURE_INSPECT)
			classify_fixups(&search, &now);
		*pieces = now;
		return;
	}
	const struct service_policy *order[3];
	uint32_t n = mpf_asked(config, feature, passage, order);
	for (uint32_t i = 0; i < n; i++) {
		bool as_global = order[i]->interface == 0 && reading.real_in_global;
		if (as_global)
			restate(passage, &now, true);
		search_policy(&search, order[i], &now);
		if (as_global)
			restate(passage, &now, false);
		if (!reading.per_feature || !search.policy || i == 2)
			continue;
		if (feature == FEATURE_INSPECT) /* each engine is one (ruling 4) */
			search.before[search.n_before++] = search.policy;
		else if (mpf_implements(config, search.policy, feature))
			break; /* it implements the feature: no other policy is asked */
	}
	*pieces = now;
}

void mpf_classify_policy(struct arena *arena, const struct config *config, enum feature feature,
                         const struct policy_map *policy, const struct box *region,
                         struct pieces *pieces)
{
	struct search search = {
	        .arena = arena, .config = config, .feature = feature, .policy = policy};
	struct piece whole = {.box = *region, .open = true};
	VEC_PUSH(arena, &pieces->list, whole);
	VEC_EACH(const struct policy_class, class, &policy->classes)
		offer_class(&search, class, pieces);
}

uint32_t mpf_default_ports(struct arena *arena, const struct config *config, name_id engine,
                           struct box *boxes)
{
	return engine_default_ports(arena, engine_named(config_name(config, engine)), boxes);
}

bool mpf_is_combinable(const struct config *config, name_id engine)
{
	return engine_named(config_name(config, engine))->combinable;
}

const struct claim *mpf_other_reading(struct arena *arena, const struct config *config,
                                      const struct claim *claim, const struct box *box)
{
	struct policy_map later = {.name = claim->policy->name};
	struct pieces pieces = {0};
	size_t own = engine_fixed_order(config_name(config, claim->inspect->engine));
	bool behind = false;
	VEC_EACH(const struct policy_class, class, &claim->policy->classes) {
		if (behind)
			VEC_PUSH(arena, &later.classes, *class);
		behind |= class == claim->class;
	}
	mpf_classify_policy(arena, config, FEATURE_INSPECT, &later, box, &pieces);
	VEC_EACH(const struct piece, piece, &pieces.list)
		for (const struct claim *c = piece->claims; c; c = c->next)
			if (engine_fixed_order(config_name(config, c->inspect->engine)) < own)
				return c;
	return NULL;
}
