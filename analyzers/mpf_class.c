/* SPDX-License-Identifier: ISC */
/* What one class of a policy takes of the packets that no class before it has for sure. */
#include "analyzers/mpf_search.h"

#include "analyzers/class_match.h"
#include "analyzers/engines.h"

static bool is_class_default(const struct config *config, const struct policy_class *class)
{
	return str_eq(config_name(config, class->name), S("class-default"));
}

/* Does an engine act in no later policy, as one that was asked before holds it (ruling 4)? */
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

/* Offer the packets of one protocol to an inspection; the rest of the pieces stays as it is. */
static void offer_protocol(const struct search *search, const struct policy_class *class,
                           const struct inspect *inspect, uint8_t protocol,
                           const struct class_map *map, struct pieces *pieces)
{
	struct box box = box_all();
	struct pieces out = {0};
	box.dim[DIM_PROTO] = iset_point(search->arena, protocol);
	VEC_EACH(const struct piece, piece, &pieces->list) {
		struct piece part = *piece;
		struct pieces inside = {0};
		struct pset outside = {0};
		if (!piece->open || !box_intersect(search->arena, &piece->box, &box, &part.box)) {
			VEC_PUSH(search->arena, &out.list, *piece);
			continue;
		}
		VEC_PUSH(search->arena, &inside.list, part);
		box_subtract(search->arena, &piece->box, &box, &outside);
		VEC_EACH(const struct box, rest, &outside.boxes) {
			part.box = *rest;
			VEC_PUSH(search->arena, &out.list, part);
		}
		if (map)
			offer_map(search, class, inspect, map, &inside);
		else
			offer_boxes(search, class, inspect, &box, NULL, &inside);
		VEC_EACH(const struct piece, done, &inside.list)
			VEC_PUSH(search->arena, &out.list, *done);
	}
	*pieces = out;
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
		for (size_t i = 0; i < sizeof(transports) / sizeof(transports[0]); i++)
			if (engine->transports & transports[i].transport)
				offer_protocol(search, class, inspect, transports[i].protocol, map,
				               pieces);
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

void search_class(const struct search *search, const struct policy_class *class,
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
