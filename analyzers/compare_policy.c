/* SPDX-License-Identifier: ISC */
/*
 * Service policies, feature by feature (asa-semantics 1 to 3).
 *
 * Why comparing the changed parts is complete: classes are aligned so that what stands in both is
 * in the same order. A packet outside the match of every class without a partner, and outside
 * what a class matches otherwise than its partner does, meets the same classes in the same order,
 * so the same one comes first. Only the rest is classified in both configs.
 */
#include "analyzers/compare_parts.h"

/* So many boxes of one policy and feature are classified one by one; the rest is unknown. */
enum { MAX_REGION = 2000 };

/* --- regions ---------------------------------------------------------------------------- */

/* A box in which two policies may act differently, and the lines of lists that make it so. */
struct part {
	struct box box;
	struct span line[SIDE_COUNT];
};

/* They may overlap. */
struct region {
	VEC(struct part) parts;
	bool everything;
};

static void region_add_part(struct compare *compare, struct region *region, const struct part *part)
{
	if (box_is_empty(&part->box) || region->everything)
		return;
	VEC_EACH(const struct part, old, &region->parts)
		if (box_equal(&old->box, &part->box))
			return;
	VEC_PUSH(compare->arena, &region->parts, *part);
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

/* What two lists match differently; a list that is not there matches nothing. */
static void region_add_lists(struct compare *compare, const struct acl *a, const struct acl *b,
                             bool addresses_only, struct region *region)
{
	struct delta_list lists[SIDE_COUNT] = {{.side = SIDE_OLD}, {.side = SIDE_NEW}};
	const struct acl *acls[SIDE_COUNT] = {a, b};
	struct delta_cells cells = {0};
	struct box all = box_all();
	for (int side = 0; side < SIDE_COUNT; side++) {
		if (acls[side] && acls[side]->kind == ACL_EXTENDED)
			delta_add(compare->same, acls[side], addresses_only, &lists[side]);
		delta_end(compare->same, CAN_DENY, &lists[side]);
	}
	delta_compare(compare->same, &lists[SIDE_OLD], &lists[SIDE_NEW], &all, addresses_only,
	              &compare->budget, &cells);
	VEC_EACH(const struct delta_cell, cell, &cells.list) {
		struct part part = {.box = cell->box};
		for (int side = 0; side < SIDE_COUNT; side++)
			if (cell->ace[side])
				part.line[side] = cell->ace[side]->span;
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
		                 entries->side == SIDE_NEW ? acl : NULL, false, region);
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
		                 config_acl(compare->config[SIDE_NEW], b->only->acl), false,
		                 region);
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

/* --- comparing pieces ------------------------------------------------------------------- */

static bool decided(const struct piece *piece)
{
	bool one = piece->claims && !piece->claims->next && !piece->open;
	bool none = !piece->claims && piece->open;
	return (one || none) && !piece->blurred;
}

static uint32_t claim_number(const struct compare *compare, enum side side, enum feature feature,
                             const struct claim *claim)
{
	return feature == FEATURE_INSPECT
	               ? same_inspect(compare->same, side, claim->inspect)
	               : same_actions(compare->same, side, claim->class, feature);
}

/* The same actions, and where it is not known which, for the same reason. */
static bool same_pieces(const struct compare *compare, enum feature feature, const struct piece *a,
                        const struct piece *b)
{
	const struct claim *x = a->claims, *y = b->claims;
	for (; x && y; x = x->next, y = y->next)
		if (claim_number(compare, SIDE_OLD, feature, x) !=
		    claim_number(compare, SIDE_NEW, feature, y))
			return false;
	if (x || y || a->open != b->open || a->blurred != b->blurred || a->why != b->why)
		return false;
	return decided(a) || same_text(compare->same, SIDE_OLD, a->why_span) ==
	                             same_text(compare->same, SIDE_NEW, b->why_span);
}

static void add_word(struct buf *text, const char *name, const char *of, uint32_t value)
{
	buf_printf(text, "%s%s%s %u", text->n ? ", " : "", name, of, value);
}

static struct str conn_text(const struct compare *compare, const struct policy_class *class)
{
	struct buf text = {.arena = compare->arena};
	for (int i = 0; i < CONN_LIMIT_COUNT; i++)
		if (class->limits[i].set)
			add_word(&text, conn_limit_words[i], "", class->limits[i].value);
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		if (class->timeouts[i].set)
			add_word(&text, conn_timeout_words[i], " timeout",
			         class->timeouts[i].value);
	if (class->conn_other)
		buf_printf(&text, "%sanother set connection", text.n ? ", " : "");
	return buf_str(&text);
}

/* The modules of a class, "csc, ips (a copy)". */
static struct str modules_text(struct arena *arena, const struct config *config,
                               const struct policy_class *class)
{
	struct buf text = {.arena = arena};
	VEC_EACH(const struct module_action, action, &class->modules)
		buf_printf(&text, "%s%.*s%s", text.n ? ", " : "",
		           STR(config_name(config, action->module)),
		           action->copy_only ? " (a copy)" : "");
	return text.n ? buf_str(&text) : S("a module");
}

/* What the class does for the feature. */
static struct str action_text(const struct compare *compare, enum side side, enum feature feature,
                              const struct claim *claim)
{
	const struct config *config = compare->config[side];
	const struct policy_class *class = claim->class;
	struct arena *arena = compare->arena;
	switch (feature) {
	case FEATURE_INSPECT:
		return str_printf(arena, "inspect %.*s%s%.*s",
		                  STR(config_name(config, claim->inspect->engine)),
		                  claim->inspect->map ? " " : "",
		                  STR(config_name(config, claim->inspect->map)));
	case FEATURE_CONN:
		return conn_text(compare, class);
	case FEATURE_TCP:
		return class->state_bypass ? S("tcp-state-bypass") : S("a tcp-map");
	case FEATURE_POLICE_IN:
		return str_printf(arena, "police input %u", class->police_in.value);
	case FEATURE_POLICE_OUT:
		return str_printf(arena, "police output %u", class->police_out.value);
	case FEATURE_MODULE:
		return modules_text(arena, config, class);
	}
	return S("");
}

static struct str piece_text(const struct compare *compare, enum side side, enum feature feature,
                             const struct piece *piece)
{
	static const char *const nothing[] = {
	        [FEATURE_INSPECT] = "not inspected",
	        [FEATURE_CONN] = "no limit",
	        [FEATURE_TCP] = "normal",
	        [FEATURE_POLICE_IN] = "not policed",
	        [FEATURE_POLICE_OUT] = "not policed",
	        [FEATURE_MODULE] = "no module",
	};
	const struct claim *claim = piece->claims;
	if (!claim)
		return piece->blurred ? S("unknown") : str_of(nothing[feature]);
	return str_printf(compare->arena, "%s%.*s in class %.*s", decided(piece) ? "" : "perhaps ",
	                  STR(action_text(compare, side, feature, claim)),
	                  STR(config_name(compare->config[side], claim->class->name)));
}

static struct span piece_span(const struct piece *piece)
{
	const struct claim *claim = piece->claims;
	if (!claim)
		return piece->why_span;
	return claim->inspect ? claim->inspect->span : claim->class->span;
}

struct places {
	struct str place;
	enum feature feature;
	const struct policy_map *policy[SIDE_COUNT];
};

static const enum differs_in kinds[] = {
        [FEATURE_INSPECT] = DIFFERS_INSPECTION, [FEATURE_CONN] = DIFFERS_LIMITS,
        [FEATURE_TCP] = DIFFERS_OTHER,          [FEATURE_POLICE_IN] = DIFFERS_LIMITS,
        [FEATURE_POLICE_OUT] = DIFFERS_LIMITS,  [FEATURE_MODULE] = DIFFERS_OTHER,
};

static void compare_region(struct compare *compare, const struct places *at,
                           const struct part *part)
{
	struct pieces pieces[SIDE_COUNT] = {0};
	for (int side = 0; side < SIDE_COUNT; side++)
		mpf_classify_policy(compare->arena, compare->config[side], at->feature,
		                    at->policy[side], &part->box, &pieces[side]);
	VEC_EACH(const struct piece, x, &pieces[SIDE_OLD].list)
		VEC_EACH(const struct piece, y, &pieces[SIDE_NEW].list) {
			struct difference difference = {
			        .in = kinds[at->feature], .place = at->place, .of_lists = true};
			if (!box_intersect(compare->arena, &x->box, &y->box, &difference.packets) ||
			    same_pieces(compare, at->feature, x, y))
				continue;
			difference.before = piece_text(compare, SIDE_OLD, at->feature, x);
			difference.after = piece_text(compare, SIDE_NEW, at->feature, y);
			difference.undecided = !decided(x) || !decided(y);
			difference.line[SIDE_OLD] = piece_span(x);
			difference.line[SIDE_NEW] = piece_span(y);
			for (int side = 0; side < SIDE_COUNT; side++)
				if (difference.line[side].len == 0)
					difference.line[side] = part->line[side];
			compare_differ(compare, difference);
		}
}

static void too_much(struct compare *compare, const struct places *at)
{
	struct difference difference = {.in = kinds[at->feature],
	                                .place = at->place,
	                                .packets = box_all(),
	                                .before = S("unknown"),
	                                .after = S("unknown"),
	                                .undecided = true,
	                                .of_lists = true};
	compare_differ(compare, difference);
}

static void compare_policies(struct compare *compare, struct str place, const struct policy_map *a,
                             const struct policy_map *b)
{
	static const struct policy_map none;
	for (int feature = FEATURE_INSPECT; feature <= FEATURE_MODULE; feature++) {
		struct places at = {place, (enum feature)feature, {a ? a : &none, b ? b : &none}};
		struct entries old = entries_of(compare, SIDE_OLD, at.policy[SIDE_OLD], at.feature);
		struct entries new = entries_of(compare, SIDE_NEW, at.policy[SIDE_NEW], at.feature);
		struct region region = changed_classes(compare, &old, &new);
		if (region.parts.n > MAX_REGION) {
			too_much(compare, &at);
			region.parts.n = MAX_REGION;
		}
		VEC_EACH(const struct part, part, &region.parts)
			compare_region(compare, &at, part);
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

/* Does a policy of another place hold the feature (of inspections, the engine), or perhaps? */
static bool others_hold(const struct compare *compare, enum side side, struct str ifc,
                        enum feature feature, struct str engine)
{
	const struct config *config = compare->config[side];
	VEC_EACH(const struct service_policy, sp, &config->service_policies) {
		const struct policy_map *policy = mpf_policy(config, sp);
		if (str_eq_nocase(config_name(config, sp->interface), ifc) || !policy)
			continue;
		VEC_EACH(const struct policy_class, class, &policy->classes)
			if (class->unknown)
				return true;
		if (feature == FEATURE_INSPECT ? mpf_inspects_with(config, policy, engine)
		                               : mpf_implements(config, policy, feature))
			return true;
	}
	return false;
}

/* One side's policy holds the feature, or the engine, which the other side's does not. */
static void differ_hiding(struct compare *compare, struct str ifc, enum feature feature,
                          struct str engine, enum side holds)
{
	if (!others_hold(compare, SIDE_OLD, ifc, feature, engine) &&
	    !others_hold(compare, SIDE_NEW, ifc, feature, engine))
		return;
	struct str what =
	        engine.n ? STR_JOIN(compare->arena, S("inspect "), engine, S(" ")) : S("");
	struct str alone =
	        STR_JOIN(compare->arena, what, S("perhaps alone, whatever other policies say"));
	struct str together = STR_JOIN(compare->arena, what, S("together with the other policies"));
	struct difference difference = {.in = kinds[feature],
	                                .place = compare_place(compare, ifc),
	                                .packets = box_all(),
	                                .before = holds == SIDE_OLD ? alone : together,
	                                .after = holds == SIDE_NEW ? alone : together,
	                                .undecided = true,
	                                .of_lists = true};
	compare_differ(compare, difference);
}

/* Is it the first inspection with its engine in the policy? */
static bool is_first(const struct config *config, const struct policy_map *policy,
                     const struct inspect *of)
{
	bool smtp = mpf_is_smtp(config, of->engine);
	VEC_EACH(const struct policy_class, class, &policy->classes)
		VEC_EACH(const struct inspect, inspect, &class->inspects) {
			if (inspect == of)
				return true;
			if (inspect->engine == of->engine ||
			    (smtp && mpf_is_smtp(config, inspect->engine)))
				return false;
		}
	return true;
}

/* The engines and other features that one side's policy holds and the other side's does not. */
static void compare_held(struct compare *compare, struct str ifc, enum side side,
                         const struct policy_map *own, const struct policy_map *other)
{
	const struct config *config = compare->config[side];
	const struct config *there = compare->config[side == SIDE_OLD ? SIDE_NEW : SIDE_OLD];
	VEC_EACH(const struct policy_class, class, &own->classes)
		VEC_EACH(const struct inspect, inspect, &class->inspects) {
			struct str engine = config_name(config, inspect->engine);
			if (mpf_is_combinable(config, inspect->engine) ||
			    !is_first(config, own, inspect) ||
			    (other && mpf_inspects_with(there, other, engine)))
				continue;
			differ_hiding(compare, ifc, FEATURE_INSPECT, engine, side);
		}
	for (int f = FEATURE_INSPECT + 1; f <= FEATURE_MODULE; f++) {
		enum feature feature = (enum feature)f;
		if (mpf_implements(config, own, feature) &&
		    !(other && mpf_implements(there, other, feature)))
			differ_hiding(compare, ifc, feature, S(""), side);
	}
}

/*
 * A policy that holds an engine, or another feature, in no class any more, or for the first time:
 * by one reading of ruling 4 the policies behind it are asked for it from now on, or are not,
 * whatever it does itself.
 */
static void compare_hiding(struct compare *compare, struct str ifc, const struct policy_map *a,
                           const struct policy_map *b)
{
	if (a)
		compare_held(compare, ifc, SIDE_OLD, a, b);
	if (b)
		compare_held(compare, ifc, SIDE_NEW, b, a);
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
			compare_policies(compare, compare_place(compare, ifc),
			                 policy_there(old, ifc), policy_there(new, ifc));
			compare_hiding(compare, ifc, policy_there(old, ifc),
			               policy_there(new, ifc));
		}
}
