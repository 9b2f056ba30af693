/* SPDX-License-Identifier: ISC */
/*
 * Service policies, feature by feature (asa-semantics 1 to 3).
 *
 * Why comparing the changed parts is complete: classes are aligned so that what stands in both is
 * in the same order. A packet outside the match of every class without a partner, and outside
 * what a class matches otherwise than its partner does, meets the same classes in the same order,
 * so the same one comes first. Only the rest is classified in both configs.
 */
#include "analyzers/compare_policy.h"

/* So many boxes of one policy and feature are classified one by one; the rest is unknown. */
enum { MAX_REGION = 20000, MAX_DISJOINT = 400 };

/* --- regions ---------------------------------------------------------------------------- */

/* A box in which two policies may act differently, and the lines of lists that make it so. */
struct part {
	struct box box;
	struct boxes except; /* not these, which the lists match alike */
	struct span line[SIDE_COUNT];
	const struct config *config[SIDE_COUNT]; /* with what is known of it; NULL: as it is */
	uint64_t hash;
};

/* They may overlap. */
struct region {
	VEC(struct part) parts;
	bool everything;
};

static uint64_t box_hash(const struct box *box)
{
	uint64_t hash = 0xcbf29ce484222325u;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		for (uint32_t i = 0; i < box->dim[dim].n; i++) {
			hash = (hash ^ (uint64_t)box->dim[dim].v[i].lo) * 0x100000001b3u;
			hash = (hash ^ (uint64_t)box->dim[dim].v[i].hi) * 0x100000001b3u;
		}
	return hash;
}

static void region_add_part(struct compare *compare, struct region *region, const struct part *part)
{
	struct part fresh = *part;
	fresh.hash = box_hash(&part->box);
	if (box_is_empty(&part->box) || region->everything)
		return;
	VEC_EACH(const struct part, old, &region->parts)
		if (old->hash == fresh.hash && !old->except.list.n &&
		    box_equal(&old->box, &part->box))
			return;
	VEC_PUSH(compare->arena, &region->parts, fresh);
}

static void region_add(struct compare *compare, struct region *region, const struct box *box)
{
	const struct part part = {.box = *box};
	region_add_part(compare, region, &part);
}

static void region_add_everything(struct compare *compare, struct region *region)
{
	const struct part part = {.box = box_all()};
	if (region->everything)
		return;
	region->parts.n = 0;
	region_add_part(compare, region, &part);
	region->everything = true;
}

/*
 * A config in which the classes of one access-list match all, or nothing: to classify packets of
 * which it is known what the list says, without reading its thousands of lines again.
 */
static const struct config *with_known(struct compare *compare, enum side side,
                                       const struct acl *acl, bool matches)
{
	struct config *known = NEW(compare->arena, struct config);
	const struct config *config = compare->config[side];
	*known = *config;
	known->class_maps.v = NEW_ARRAY(compare->arena, struct class_map, config->class_maps.n);
	known->class_maps.cap = config->class_maps.n;
	for (uint32_t i = 0; i < config->class_maps.n; i++) {
		struct class_map *map = &known->class_maps.v[i];
		*map = config->class_maps.v[i];
		bool only = map->matches.n == 1 && map->refused.n == 0 && !map->typed &&
		            map->matches.v[0].kind == MATCH_ACL &&
		            map->matches.v[0].acl == acl->name && !map->matches.v[0].doubtful;
		if (!only)
			continue;
		struct class_match any = map->matches.v[0];
		any.kind = MATCH_ANY;
		map->matches = (typeof(map->matches)){0};
		if (matches)
			VEC_PUSH(compare->arena, &map->matches, any);
	}
	return known;
}

/* What two lists match differently; a list that is not there matches nothing. */
static void region_add_lists(struct compare *compare, const struct acl *a, const struct acl *b,
                             struct region *region)
{
	struct delta_list lists[SIDE_COUNT] = {{.side = SIDE_OLD}, {.side = SIDE_NEW}};
	const struct acl *acls[SIDE_COUNT] = {a, b};
	struct delta_cells cells = {0};
	struct box all = box_all();
	for (int side = 0; side < SIDE_COUNT; side++) {
		if (acls[side] && acls[side]->kind == ACL_EXTENDED)
			delta_add(compare->same, acls[side], false, &lists[side]);
		delta_end(compare->same, CAN_DENY, &lists[side]);
	}
	delta_compare(compare->same, &lists[SIDE_OLD], &lists[SIDE_NEW], &all, &compare->budget,
	              &cells);
	const struct config *known[SIDE_COUNT][2] = {{NULL}};
	for (int side = 0; side < SIDE_COUNT; side++)
		for (int matches = 0; matches < 2 && acls[side]; matches++)
			known[side][matches] =
			        with_known(compare, (enum side)side, acls[side], matches);
	VEC_EACH(const struct delta_cell, cell, &cells.list) {
		struct part part = {.box = cell->box, .except = cell->except};
		for (int side = 0; side < SIDE_COUNT; side++) {
			if (cell->ace[side])
				part.line[side] = cell->ace[side]->span;
			if (can_is_one(cell->can[side]))
				part.config[side] = known[side][cell->can[side] == CAN_PERMIT];
		}
		region_add_part(compare, region, &part);
	}
}

/* --- classes ---------------------------------------------------------------------------- */

/* A class that bears on a feature. */
struct entry {
	const struct policy_class *class;
	const struct class_map *map;
	const struct class_match *only; /* its match, if it has just one */
	bool by_default_ports;
	uint32_t matches, actions; /* by content */
};

struct entries {
	VEC(struct entry) list;
	enum side side;
	enum feature feature;
};

static struct entry entry_of(const struct compare *compare, enum side side, enum feature feature,
                             const struct policy_class *class)
{
	const struct class_map *map = config_class_map(compare->config[side], class->name);
	struct entry entry = {.class = class, .map = map};
	entry.only = map && map->matches.n == 1 && map->refused.n == 0 ? &map->matches.v[0] : NULL;
	if (map)
		VEC_EACH(const struct class_match, match, &map->matches)
			entry.by_default_ports |= match->kind == MATCH_DEFAULT_INSPECTION;
	entry.matches = same_matches(compare->same, side, class);
	entry.actions = same_actions(compare->same, side, class, feature);
	return entry;
}

static struct entries entries_of(const struct compare *compare, enum side side,
                                 const struct policy_map *policy, enum feature feature)
{
	struct entries entries = {.side = side, .feature = feature};
	VEC_EACH(const struct policy_class, class, &policy->classes)
		if (class->unknown || mpf_class_has(compare->config[side], class, feature))
			VEC_PUSH(compare->arena, &entries.list,
			         entry_of(compare, side, feature, class));
	return entries;
}

static bool is_by_list(const struct entry *entry)
{
	return entry->only && entry->only->kind == MATCH_ACL;
}

/* How good a pair two classes make; 0: none. */
static unsigned likeness(const struct entry *a, const struct entry *b, enum feature feature)
{
	if (a->matches == b->matches && a->actions == b->actions)
		return 16;
	/* Other inspections by default ports: outside their ports the class acts as before. */
	if (feature == FEATURE_INSPECT && a->by_default_ports && b->by_default_ports &&
	    a->matches == b->matches)
		return 8;
	/* Another access-list: outside what it matches otherwise the class acts as before. */
	if (is_by_list(a) && is_by_list(b) && a->actions == b->actions)
		return 2;
	return 0;
}

/* The partners of classes, as index + 1, by the heaviest common subsequence. */
static struct pairs pair_classes(struct compare *compare, const struct entries *a,
                                 const struct entries *b)
{
	uint32_t rows = a->list.n, columns = b->list.n;
	size_t width = (size_t)columns + 1;
	unsigned *best = NEW_ARRAY(compare->arena, unsigned, ((size_t)rows + 1) * width);
	struct pairs pairs = {{NEW_ARRAY(compare->arena, uint32_t, rows + 1u),
	                       NEW_ARRAY(compare->arena, uint32_t, columns + 1u)}};
	for (uint32_t i = rows; i-- > 0;)
		for (uint32_t j = columns; j-- > 0;) {
			unsigned weight = likeness(&a->list.v[i], &b->list.v[j], a->feature);
			unsigned down = best[(i + 1) * width + j];
			unsigned right = best[i * width + j + 1];
			unsigned both = weight ? weight + best[(i + 1) * width + j + 1] : 0;
			best[i * width + j] = down > right ? down : right;
			if (both > best[i * width + j])
				best[i * width + j] = both;
		}
	for (uint32_t i = 0, j = 0; i < rows && j < columns;) {
		unsigned weight = likeness(&a->list.v[i], &b->list.v[j], a->feature);
		unsigned at = best[i * width + j];
		if (weight && at == weight + best[(i + 1) * width + j + 1]) {
			pairs.pair[SIDE_OLD][i] = j + 1;
			pairs.pair[SIDE_NEW][j] = i + 1;
			i++;
			j++;
		} else if (at == best[(i + 1) * width + j]) {
			i++;
		} else {
			j++;
		}
	}
	return pairs;
}

/* The default ports of exclusive engines of a class that `other` (if any) does not hold alike. */
static void region_add_ports(struct compare *compare, enum side side, const struct entry *entry,
                             const struct entry *other, struct region *region)
{
	const struct config *config = compare->config[side];
	struct box boxes[3];
	VEC_EACH(const struct inspect, inspect, &entry->class->inspects) {
		uint32_t number = same_inspect(compare->same, side, inspect);
		bool known = mpf_is_combinable(config, inspect->engine);
		if (other)
			VEC_EACH(const struct inspect, at, &other->class->inspects)
				known |= same_inspect(compare->same,
				                      side == SIDE_OLD ? SIDE_NEW : SIDE_OLD,
				                      at) == number;
		uint32_t n =
		        known ? 0
		              : mpf_default_ports(compare->arena, config, inspect->engine, boxes);
		for (uint32_t i = 0; i < n; i++)
			region_add(compare, region, &boxes[i]);
	}
}

/* Everything that a class without a partner may match. */
static void region_add_class(struct compare *compare, const struct entries *entries,
                             const struct entry *entry, struct region *region)
{
	const struct config *config = compare->config[entries->side];
	const struct acl *acl = is_by_list(entry) ? config_acl(config, entry->only->acl) : NULL;
	struct box box = box_all();
	if (entry->class->unknown) {
		region_add_everything(compare, region);
	} else if (is_by_list(entry)) {
		region_add_lists(compare, entries->side == SIDE_OLD ? acl : NULL,
		                 entries->side == SIDE_NEW ? acl : NULL, region);
	} else if (entry->only && entry->only->kind == MATCH_PORT) {
		box.dim[DIM_PROTO] = iset_point(compare->arena, entry->only->protocol);
		box.dim[DIM_DPORT] = iset_range(compare->arena, entry->only->lo, entry->only->hi);
		region_add(compare, region, &box);
	} else if (entry->by_default_ports && entries->feature == FEATURE_INSPECT) {
		region_add_ports(compare, entries->side, entry, NULL, region);
	} else {
		region_add_everything(compare, region);
	}
}

static void region_add_pair(struct compare *compare, const struct entry *a, const struct entry *b,
                            enum feature feature, struct region *region)
{
	if (a->matches != b->matches) {
		region_add_lists(compare, config_acl(compare->config[SIDE_OLD], a->only->acl),
		                 config_acl(compare->config[SIDE_NEW], b->only->acl), region);
	} else if (a->actions != b->actions && feature == FEATURE_INSPECT) {
		region_add_ports(compare, SIDE_OLD, a, b, region);
		region_add_ports(compare, SIDE_NEW, b, a, region);
		if (a->class->unknown != b->class->unknown)
			region_add_everything(compare, region);
	}
}

static struct region changed_classes(struct compare *compare, const struct entries *a,
                                     const struct entries *b)
{
	struct region region = {0};
	struct pairs pairs = pair_classes(compare, a, b);
	for (uint32_t i = 0; i < a->list.n; i++) {
		const struct entry *entry = &a->list.v[i];
		if (pairs.pair[SIDE_OLD][i])
			region_add_pair(compare, entry, &b->list.v[pairs.pair[SIDE_OLD][i] - 1],
			                a->feature, &region);
		else
			region_add_class(compare, a, entry, &region);
	}
	for (uint32_t j = 0; j < b->list.n; j++)
		if (!pairs.pair[SIDE_NEW][j])
			region_add_class(compare, b, &b->list.v[j], &region);
	return region;
}

/* --- comparing regions ------------------------------------------------------------------ */

const struct policy_map *place_policy(const struct policy_place *place, enum side side)
{
	static const struct policy_map none;
	return place->policy[side] ? place->policy[side] : &none;
}

/* Both pieces hold a box: what each side does with it. */
static void compare_piece(struct compare *compare, const struct policy_place *place,
                          const struct part *part, const struct piece *const both[SIDE_COUNT],
                          const struct box *box, struct pset *told)
{
	struct str texts[SIDE_COUNT];
	struct difference difference = {.in = piece_differs_in(place->feature),
	                                .place = compare_place(compare, place->ifc),
	                                .of_lists = true};
	struct pset packets = passage_differs(compare, place, box);
	for (int side = 0; side < SIDE_COUNT; side++) {
		texts[side] = piece_text(compare, (enum side)side, place->feature, both[side]);
		difference.undecided |= !piece_is_decided(both[side]);
		difference.line[side] = piece_span(both[side]);
		if (difference.line[side].len == 0)
			difference.line[side] = part->line[side];
	}
	difference.before = texts[SIDE_OLD];
	difference.after = texts[SIDE_NEW];
	piece_tell_map(compare, place->feature, both, &difference);
	difference.except = part->except;
	VEC_EACH(const struct box, at, &packets.boxes) {
		difference.packets = *at;
		compare_differ(compare, difference);
		if (!part->except.list.n && told->boxes.n < MAX_DISJOINT)
			pset_add_box(compare->arena, told, at);
		else if (!part->except.list.n)
			VEC_PUSH(compare->arena, &told->boxes, *at);
	}
}

static void compare_part(struct compare *outer, const struct policy_place *place,
                         const struct part *part, struct pset *told)
{
	struct pieces pieces[SIDE_COUNT] = {0};
	struct compare inner = *outer, *compare = &inner;
	for (int side = 0; side < SIDE_COUNT; side++) {
		if (part->config[side])
			inner.config[side] = part->config[side];
		mpf_classify_policy(compare->arena, compare->config[side], place->feature,
		                    place_policy(place, (enum side)side), &part->box,
		                    &pieces[side]);
	}
	VEC_EACH(const struct piece, x, &pieces[SIDE_OLD].list)
		VEC_EACH(const struct piece, y, &pieces[SIDE_NEW].list) {
			const struct piece *const both[SIDE_COUNT] = {x, y};
			struct box box;
			if (box_intersect(compare->arena, &x->box, &y->box, &box) &&
			    !piece_is_same(compare, place->feature, x, y, &box))
				compare_piece(compare, place, part, both, &box, told);
		}
	passage_compare_part(compare, place, &part->box, told);
	outer->budget = inner.budget;
	outer->ways = inner.ways;
}

static void too_much(struct compare *compare, enum feature feature, struct str place,
                     struct str why)
{
	struct difference difference = {.in = piece_differs_in(feature),
	                                .place = place,
	                                .packets = box_all(),
	                                .before = why,
	                                .after = why,
	                                .undecided = true,
	                                .of_lists = true};
	compare_differ(compare, difference);
}

static void compare_policies(struct compare *compare, struct policy_place place)
{
	for (int feature = FEATURE_INSPECT; feature <= FEATURE_MODULE; feature++) {
		place.feature = (enum feature)feature;
		place.alone = passage_stands_alone(compare, &place);
		struct entries old = entries_of(compare, SIDE_OLD, place_policy(&place, SIDE_OLD),
		                                place.feature);
		struct entries new = entries_of(compare, SIDE_NEW, place_policy(&place, SIDE_NEW),
		                                place.feature);
		struct region region = changed_classes(compare, &old, &new);
		if (region.parts.n > MAX_REGION) {
			too_much(compare, place.feature, compare_place(compare, place.ifc),
			         str_printf(compare->arena,
			                    "unknown: more than %d parts of it changed, which is "
			                    "too many to be compared one by one",
			                    (int)MAX_REGION));
			region.parts.n = MAX_REGION;
		}
		struct pset told = {0};
		VEC_EACH(const struct part, part, &region.parts)
			compare_part(compare, &place, part, &told);
		passage_compare_hiding(compare, &place, &told);
	}
}

/* --- places ----------------------------------------------------------------------------- */

static const struct policy_map *policy_there(const struct config *config, struct str ifc)
{
	VEC_EACH(const struct service_policy, sp, &config->service_policies)
		if (str_eq_nocase(config_name(config, sp->interface), ifc))
			return mpf_policy(config, sp);
	return NULL;
}

/* An interface that is on one side only is a difference of its own. */
static bool place_is_on_both(const struct compare *compare, struct str ifc)
{
	return ifc.n == 0 || (compare_interface(compare->config[SIDE_OLD], ifc) &&
	                      compare_interface(compare->config[SIDE_NEW], ifc));
}

/* Each place that either config applies a policy to, once. */
void compare_service_policies(struct compare *compare)
{
	const struct config *old = compare->config[SIDE_OLD], *new = compare->config[SIDE_NEW];
	for (int side = 0; side < SIDE_COUNT; side++)
		VEC_EACH(const struct service_policy, sp,
		         &compare->config[side]->service_policies) {
			struct str ifc = config_name(compare->config[side], sp->interface);
			if ((side == SIDE_NEW && policy_there(old, ifc)) ||
			    !place_is_on_both(compare, ifc))
				continue;
			compare_policies(compare,
			                 (struct policy_place){.ifc = ifc,
			                                       .policy = {policy_there(old, ifc),
			                                                  policy_there(new, ifc)}});
		}
	if (compare->ways == 0)
		too_much(compare, FEATURE_INSPECT, S("service policies"),
		         S("unknown: the ways between interfaces with policies of their own are "
		           "too many to be compared one by one"));
}
