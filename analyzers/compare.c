/* SPDX-License-Identifier: ISC */
/*
 * Why comparing the changed parts is complete: lists are aligned so that what stands in both is
 * in the same order. A packet outside the match of every class (or line) that has no equal on
 * the other side meets the same ones in the same order, so the same one comes first. Hence only
 * the union of the matches of changed classes or lines is classified in both configs.
 *
 * A condition that cannot be known (an FQDN, a time-range) is equal to itself by its text.
 */
#include "analyzers/compare.h"

/* Regions of more boxes than this are compared as one box around everything. */
enum { MAX_REGION = 256 };

struct compare {
	struct arena *arena;
	const struct config *a, *b;
	struct comparison *out;
};

static void differ(struct compare *compare, enum differs_in in, struct str place,
                   const struct box *packets, struct str before, struct str after, bool undecided)
{
	struct difference difference = {in, place, *packets, before, after, undecided};
	VEC_PUSH(compare->arena, &compare->out->list, difference);
}

/* --- equal by content ------------------------------------------------------------------- */

static bool same_name(const struct compare *compare, name_id a, name_id b)
{
	return str_eq(config_name(compare->a, a), config_name(compare->b, b));
}

/* The sets agree, and so does what makes them uncertain, by its name. */
static bool same_addresses(const struct compare *compare, uint32_t a, uint32_t b)
{
	const struct addr_set *left = config_addr_set(compare->a, a);
	const struct addr_set *right = config_addr_set(compare->b, b);
	if (left->why != right->why || !iset_equal(left->must, right->must) ||
	    !iset_equal(left->may, right->may))
		return false;
	const struct addr_spec *spec_a = &compare->a->addr_pool.v[a];
	const struct addr_spec *spec_b = &compare->b->addr_pool.v[b];
	return left->why == WHY_NONE ||
	       (spec_a->kind == spec_b->kind && same_name(compare, spec_a->name, spec_b->name));
}

static bool same_boxes(const struct service_box *a, uint32_t n_a, const struct service_box *b,
                       uint32_t n_b)
{
	if (n_a != n_b)
		return false;
	for (uint32_t i = 0; i < n_a; i++)
		if (!iset_equal(a[i].proto, b[i].proto) || !iset_equal(a[i].sport, b[i].sport) ||
		    !iset_equal(a[i].dport, b[i].dport))
			return false;
	return true;
}

static bool same_services(const struct compare *compare, uint32_t a, uint32_t b)
{
	const struct service_set *left = config_service_set(compare->a, a);
	const struct service_set *right = config_service_set(compare->b, b);
	return left->why == right->why &&
	       same_boxes(left->must.v, left->must.n, right->must.v, right->must.n) &&
	       same_boxes(left->may.v, left->may.n, right->may.v, right->may.n);
}

static struct str line_text(const struct compare *compare, const struct config *config,
                            struct span span)
{
	return source_quote(compare->arena, &config->sources, span);
}

static bool same_ace(const struct compare *compare, const struct ace *a, const struct ace *b)
{
	if (a->action != b->action || a->inactive != b->inactive || a->unsure != b->unsure)
		return false;
	/* What is uncertain about the line itself is in its text alone. */
	if (a->action == ACE_UNKNOWN || a->unsure != WHY_NONE)
		return str_eq(line_text(compare, compare->a, a->span),
		              line_text(compare, compare->b, b->span));
	return same_addresses(compare, a->src, b->src) && same_addresses(compare, a->dst, b->dst) &&
	       same_services(compare, a->service, b->service);
}

/* --- alignment -------------------------------------------------------------------------- */

/* Two lists of lines or classes, the ends that agree cut off, and what is left aligned. */
struct alignment {
	uint32_t n_a, n_b;
	uint32_t *pair_of_a; /* index in b + 1, 0: none */
	uint32_t *pair_of_b; /* index in a + 1, 0: none */
};

typedef bool same_fn(const struct compare *compare, const void *a, uint32_t i, const void *b,
                     uint32_t j);

/* Longest common subsequence of the middles; beyond this many cells they count as changed. */
enum { MAX_ALIGN = 4 * 1000 * 1000 };

static struct alignment align(const struct compare *compare, const void *a, uint32_t n_a,
                              const void *b, uint32_t n_b, same_fn *same)
{
	struct alignment out = {n_a, n_b, NEW_ARRAY(compare->arena, uint32_t, n_a),
	                        NEW_ARRAY(compare->arena, uint32_t, n_b)};
	uint32_t head = 0, tail = 0;
	while (head < n_a && head < n_b && same(compare, a, head, b, head)) {
		out.pair_of_a[head] = out.pair_of_b[head] = head + 1;
		head++;
	}
	while (tail < n_a - head && tail < n_b - head &&
	       same(compare, a, n_a - 1 - tail, b, n_b - 1 - tail)) {
		out.pair_of_a[n_a - 1 - tail] = n_b - tail;
		out.pair_of_b[n_b - 1 - tail] = n_a - tail;
		tail++;
	}
	uint32_t rows = n_a - head - tail, columns = n_b - head - tail;
	if (rows == 0 || columns == 0 || (uint64_t)rows * columns > MAX_ALIGN)
		return out;
	size_t width = (size_t)columns + 1;
	uint32_t *longest = NEW_ARRAY(compare->arena, uint32_t, ((size_t)rows + 1) * width);
	for (uint32_t i = rows; i-- > 0;)
		for (uint32_t j = columns; j-- > 0;) {
			uint32_t down = longest[(i + 1) * width + j],
			         right = longest[i * width + j + 1];
			longest[i * width + j] = same(compare, a, head + i, b, head + j)
			                                 ? longest[(i + 1) * width + j + 1] + 1
			                         : down > right ? down
			                                        : right;
		}
	for (uint32_t i = 0, j = 0; i < rows && j < columns;) {
		if (same(compare, a, head + i, b, head + j)) {
			out.pair_of_a[head + i] = head + j + 1;
			out.pair_of_b[head + j] = head + i + 1;
			i++;
			j++;
		} else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) {
			i++;
		} else {
			j++;
		}
	}
	return out;
}

/* --- regions ---------------------------------------------------------------------------- */

/* A union of disjoint boxes; everything once there are too many. */
struct region {
	struct pset set;
	bool everything;
};

static void region_add(struct arena *arena, struct region *region, const struct box *box)
{
	if (region->set.boxes.n >= MAX_REGION)
		region->everything = true;
	else if (!box_is_empty(box))
		pset_add_box(arena, &region->set, box);
}

/* Its boxes, or the one around everything. */
static struct pset region_boxes(struct arena *arena, const struct region *region)
{
	struct box all = box_all();
	return region->everything ? pset_of(arena, &all) : region->set;
}

static void region_add_ace(const struct compare *compare, const struct config *config,
                           const struct ace *ace, struct region *region)
{
	if (ace->action == ACE_REMARK || ace->inactive)
		return;
	if (ace->action == ACE_UNKNOWN) {
		region->everything = true;
		return;
	}
	const struct service_set *service = config_service_set(config, ace->service);
	struct box box = box_all();
	box.dim[DIM_SRC] = config_addr_set(config, ace->src)->may;
	box.dim[DIM_DST] = config_addr_set(config, ace->dst)->may;
	VEC_EACH(const struct service_box, at, &service->may) {
		box.dim[DIM_PROTO] = at->proto;
		box.dim[DIM_SPORT] = at->sport;
		box.dim[DIM_DPORT] = at->dport;
		region_add(compare->arena, region, &box);
	}
}

/* --- access-lists ----------------------------------------------------------------------- */

/* The lines of a list that can match: remarks do not count. */
struct lines {
	VEC(const struct ace *) list;
};

static struct lines lines_of(struct arena *arena, const struct acl *acl)
{
	struct lines lines = {0};
	if (acl)
		VEC_EACH(const struct ace, ace, &acl->aces)
			if (ace->action != ACE_REMARK && !ace->inactive)
				VEC_PUSH(arena, &lines.list, ace);
	return lines;
}

static bool same_line(const struct compare *compare, const void *a, uint32_t i, const void *b,
                      uint32_t j)
{
	const struct lines *left = a, *right = b;
	return same_ace(compare, left->list.v[i], right->list.v[j]);
}

/* What the changed lines of two lists match: outside it the lists decide alike. */
static struct region changed_lines(const struct compare *compare, const struct acl *a,
                                   const struct acl *b)
{
	struct region region = {0};
	struct lines left = lines_of(compare->arena, a), right = lines_of(compare->arena, b);
	struct alignment pairs =
	        align(compare, &left, left.list.n, &right, right.list.n, same_line);
	for (uint32_t i = 0; i < pairs.n_a; i++)
		if (!pairs.pair_of_a[i])
			region_add_ace(compare, compare->a, left.list.v[i], &region);
	for (uint32_t j = 0; j < pairs.n_b; j++)
		if (!pairs.pair_of_b[j])
			region_add_ace(compare, compare->b, right.list.v[j], &region);
	return region;
}

static bool same_list(const struct compare *compare, name_id a, name_id b)
{
	const struct acl *left = config_acl(compare->a, a), *right = config_acl(compare->b, b);
	if (!left || !right)
		return !left && !right;
	struct lines lines_a = lines_of(compare->arena, left),
	             lines_b = lines_of(compare->arena, right);
	if (left->kind != right->kind || lines_a.list.n != lines_b.list.n)
		return false;
	for (uint32_t i = 0; i < lines_a.list.n; i++)
		if (!same_ace(compare, lines_a.list.v[i], lines_b.list.v[i]))
			return false;
	return true;
}

/* --- classes ---------------------------------------------------------------------------- */

static bool same_match(const struct compare *compare, const struct class_match *a,
                       const struct class_match *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case MATCH_ANY:
	case MATCH_DEFAULT_INSPECTION:
		return true;
	case MATCH_ACL:
		return same_list(compare, a->acl, b->acl);
	case MATCH_PORT:
		return a->protocol == b->protocol && a->lo == b->lo && a->hi == b->hi;
	case MATCH_HEADER:
	case MATCH_UNKNOWN:
		break;
	}
	return str_eq(a->text, b->text);
}

/* Do two classes match the same packets, as far as their text tells? */
static bool same_matches(const struct compare *compare, const struct policy_class *a,
                         const struct policy_class *b)
{
	const struct class_map *left = config_class_map(compare->a, a->name);
	const struct class_map *right = config_class_map(compare->b, b->name);
	if (!left || !right)
		return !left && !right && same_name(compare, a->name, b->name);
	if (left->matches.n != right->matches.n || left->match_any_of != right->match_any_of)
		return false;
	for (uint32_t i = 0; i < left->matches.n; i++)
		if (!same_match(compare, &left->matches.v[i], &right->matches.v[i]))
			return false;
	return true;
}

static bool same_map(const struct compare *compare, const struct inspect *a,
                     const struct inspect *b)
{
	if (!same_name(compare, a->map, b->map))
		return false;
	const struct inspect_map *left =
	        a->map ? config_inspect_map(compare->a, a->engine, a->map) : NULL;
	const struct inspect_map *right =
	        b->map ? config_inspect_map(compare->b, b->engine, b->map) : NULL;
	if (!left || !right)
		return !left && !right;
	if (left->allow_tls != right->allow_tls || left->mask_banner != right->mask_banner ||
	    left->mail_relay != right->mail_relay ||
	    left->special_character != right->special_character ||
	    left->matches.n != right->matches.n || left->unknown != right->unknown)
		return false;
	for (uint32_t i = 0; i < left->matches.n; i++)
		if (left->matches.v[i].actions != right->matches.v[i].actions ||
		    left->matches.v[i].negated != right->matches.v[i].negated ||
		    !str_eq(left->matches.v[i].what, right->matches.v[i].what))
			return false;
	return true;
}

static bool same_inspect(const struct compare *compare, const struct inspect *a,
                         const struct inspect *b)
{
	return same_name(compare, a->engine, b->engine) && same_map(compare, a, b);
}

static bool same_number(const struct setting_number *a, const struct setting_number *b)
{
	return a->set == b->set && (!a->set || a->value == b->value);
}

static bool has_inspect(const struct compare *compare, const struct policy_class *class,
                        const struct inspect *inspect, bool in_b)
{
	VEC_EACH(const struct inspect, at, &class->inspects)
		if (in_b ? same_inspect(compare, inspect, at) : same_inspect(compare, at, inspect))
			return true;
	return false;
}

/* Exclusive inspections of one that the other has not; the boxes of their default ports. */
static bool inspects_beyond(const struct compare *compare, const struct policy_class *of,
                            const struct config *config, const struct policy_class *other,
                            bool other_is_b, struct region *ports)
{
	bool any = false;
	struct box boxes[3];
	VEC_EACH(const struct inspect, inspect, &of->inspects) {
		if (mpf_is_combinable(config, inspect->engine) ||
		    has_inspect(compare, other, inspect, other_is_b))
			continue;
		any = true;
		uint32_t n = mpf_default_ports(compare->arena, config, inspect->engine, boxes);
		for (uint32_t i = 0; i < n; i++)
			region_add(compare->arena, ports, &boxes[i]);
	}
	return any;
}

static bool same_actions(const struct compare *compare, enum feature feature,
                         const struct policy_class *a, const struct policy_class *b)
{
	struct region ignored = {0};
	bool same = true;
	switch (feature) {
	case FEATURE_INSPECT:
		same = !inspects_beyond(compare, a, compare->a, b, true, &ignored) &&
		       !inspects_beyond(compare, b, compare->b, a, false, &ignored);
		break;
	case FEATURE_CONN:
		for (int i = 0; i < CONN_LIMIT_COUNT; i++)
			same &= same_number(&a->limits[i], &b->limits[i]);
		for (int i = 0; i < TIMEOUT_COUNT; i++)
			same &= same_number(&a->timeouts[i], &b->timeouts[i]);
		same &= a->conn_other == b->conn_other;
		break;
	case FEATURE_TCP:
		same = a->state_bypass == b->state_bypass && a->tcp_map == b->tcp_map;
		break;
	case FEATURE_POLICE_IN:
		same = same_number(&a->police_in, &b->police_in);
		break;
	case FEATURE_POLICE_OUT:
		same = same_number(&a->police_out, &b->police_out);
		break;
	case FEATURE_MODULE:
		same = a->modules.n == b->modules.n;
		for (uint32_t i = 0; same && i < a->modules.n; i++)
			same = same_name(compare, a->modules.v[i].module, b->modules.v[i].module);
		break;
	}
	return same && a->unknown == b->unknown;
}

/* --- policies --------------------------------------------------------------------------- */

/* The classes of a policy that bear on a feature, in order. */
struct classes {
	VEC(const struct policy_class *) list;
	enum feature feature;
};

static struct classes classes_of(const struct compare *compare, const struct config *config,
                                 const struct policy_map *policy, enum feature feature)
{
	struct classes classes = {.feature = feature};
	if (policy)
		VEC_EACH(const struct policy_class, class, &policy->classes)
			if (class->unknown || mpf_class_has(config, class, feature))
				VEC_PUSH(compare->arena, &classes.list, class);
	return classes;
}

static bool by_default_ports(const struct config *config, const struct policy_class *class)
{
	const struct class_map *map = config_class_map(config, class->name);
	if (map)
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_DEFAULT_INSPECTION)
				return true;
	return false;
}

/* A class by default ports with other inspections: outside their ports it acts as before. */
static bool is_variant(const struct compare *compare, enum feature feature,
                       const struct policy_class *a, const struct policy_class *b)
{
	return feature == FEATURE_INSPECT && by_default_ports(compare->a, a) &&
	       by_default_ports(compare->b, b) && same_matches(compare, a, b);
}

/* The same class-map with another access-list: outside the changed lines it matches as before. */
static bool is_relisted(const struct compare *compare, enum feature feature,
                        const struct policy_class *a, const struct policy_class *b)
{
	const struct class_map *left = config_class_map(compare->a, a->name);
	const struct class_map *right = config_class_map(compare->b, b->name);
	return left && right && same_name(compare, a->name, b->name) && left->matches.n == 1 &&
	       right->matches.n == 1 && left->matches.v[0].kind == MATCH_ACL &&
	       right->matches.v[0].kind == MATCH_ACL && same_actions(compare, feature, a, b);
}

static bool same_class(const struct compare *compare, const void *a, uint32_t i, const void *b,
                       uint32_t j)
{
	const struct classes *left = a, *right = b;
	const struct policy_class *x = left->list.v[i], *y = right->list.v[j];
	return (same_matches(compare, x, y) && same_actions(compare, left->feature, x, y)) ||
	       is_variant(compare, left->feature, x, y) ||
	       is_relisted(compare, left->feature, x, y);
}

/* Everything a class may match. */
static void region_add_class(const struct compare *compare, const struct config *config,
                             enum feature feature, const struct policy_class *class,
                             struct region *region)
{
	const struct class_map *map = config_class_map(config, class->name);
	const struct class_match *match = map && map->matches.n == 1 ? &map->matches.v[0] : NULL;
	struct box box = box_all();
	if (match && match->kind == MATCH_ACL) {
		struct lines lines = lines_of(compare->arena, config_acl(config, match->acl));
		for (uint32_t i = 0; i < lines.list.n; i++)
			if (lines.list.v[i]->action != ACE_DENY)
				region_add_ace(compare, config, lines.list.v[i], region);
	} else if (match && match->kind == MATCH_PORT) {
		box.dim[DIM_PROTO] = iset_point(compare->arena, match->protocol);
		box.dim[DIM_DPORT] = iset_range(compare->arena, match->lo, match->hi);
		region_add(compare->arena, region, &box);
	} else if (match && match->kind == MATCH_DEFAULT_INSPECTION && feature == FEATURE_INSPECT) {
		struct policy_class none = {0};
		inspects_beyond(compare, class, config, &none, config == compare->a, region);
	} else {
		region->everything = true;
	}
}

/* Outside this region the two policies give every packet to the same actions. */
static struct region changed_classes(const struct compare *compare, const struct classes *a,
                                     const struct classes *b)
{
	struct region region = {0};
	struct alignment pairs = align(compare, a, a->list.n, b, b->list.n, same_class);
	for (uint32_t i = 0; i < pairs.n_a; i++) {
		const struct policy_class *x = a->list.v[i];
		if (!pairs.pair_of_a[i]) {
			region_add_class(compare, compare->a, a->feature, x, &region);
			continue;
		}
		const struct policy_class *y = b->list.v[pairs.pair_of_a[i] - 1];
		if (same_matches(compare, x, y)) {
			if (a->feature != FEATURE_INSPECT)
				continue;
			inspects_beyond(compare, x, compare->a, y, true, &region);
			inspects_beyond(compare, y, compare->b, x, false, &region);
			continue;
		}
		struct region lines = changed_lines(
		        compare,
		        config_acl(compare->a,
		                   config_class_map(compare->a, x->name)->matches.v[0].acl),
		        config_acl(compare->b,
		                   config_class_map(compare->b, y->name)->matches.v[0].acl));
		region.everything |= lines.everything;
		VEC_EACH(const struct box, box, &lines.set.boxes)
			region_add(compare->arena, &region, box);
	}
	for (uint32_t j = 0; j < pairs.n_b; j++)
		if (!pairs.pair_of_b[j])
			region_add_class(compare, compare->b, b->feature, b->list.v[j], &region);
	return region;
}

/* --- comparing pieces ------------------------------------------------------------------- */

static bool same_claims(const struct compare *compare, enum feature feature, const struct piece *a,
                        const struct piece *b)
{
	const struct claim *x = a->claims, *y = b->claims;
	for (; x && y; x = x->next, y = y->next) {
		bool same = feature == FEATURE_INSPECT
		                    ? same_inspect(compare, x->inspect, y->inspect)
		                    : same_actions(compare, feature, x->class, y->class);
		if (!same)
			return false;
	}
	return !x && !y && a->open == b->open && a->blurred == b->blurred;
}

static bool decided(const struct piece *piece)
{
	bool one = piece->claims && !piece->claims->next && !piece->open;
	bool none = !piece->claims && piece->open;
	return (one || none) && !piece->blurred;
}

static struct str piece_text(const struct compare *compare, const struct config *config,
                             enum feature feature, const struct piece *piece)
{
	if (!piece->claims)
		return feature == FEATURE_INSPECT ? S("not inspected") : S("no limit");
	const struct claim *claim = piece->claims;
	struct str class = config_name(config, claim->class->name);
	if (feature == FEATURE_INSPECT)
		return str_printf(compare->arena, "inspect %.*s in class %.*s",
		                  STR(config_name(config, claim->inspect->engine)), STR(class));
	return str_printf(compare->arena, "class %.*s", STR(class));
}

static void compare_region(struct compare *compare, enum feature feature, struct str place,
                           const struct policy_map *a, const struct policy_map *b,
                           const struct box *region)
{
	static const struct policy_map none;
	struct pieces left = {0}, right = {0};
	enum differs_in in = feature == FEATURE_INSPECT  ? DIFFERS_INSPECTION
	                     : feature == FEATURE_MODULE ? DIFFERS_OTHER
	                     : feature == FEATURE_TCP    ? DIFFERS_OTHER
	                                                 : DIFFERS_LIMITS;
	mpf_classify_policy(compare->arena, compare->a, feature, a ? a : &none, region, &left);
	mpf_classify_policy(compare->arena, compare->b, feature, b ? b : &none, region, &right);
	VEC_EACH(const struct piece, x, &left.list)
		VEC_EACH(const struct piece, y, &right.list) {
			struct box both;
			if (same_claims(compare, feature, x, y) ||
			    !box_intersect(compare->arena, &x->box, &y->box, &both))
				continue;
			differ(compare, in, place, &both,
			       piece_text(compare, compare->a, feature, x),
			       piece_text(compare, compare->b, feature, y),
			       !decided(x) || !decided(y));
		}
}

static void compare_policies(struct compare *compare, struct str place, const struct policy_map *a,
                             const struct policy_map *b)
{
	static const enum feature features[] = {FEATURE_INSPECT,    FEATURE_CONN,
	                                        FEATURE_TCP,        FEATURE_POLICE_IN,
	                                        FEATURE_POLICE_OUT, FEATURE_MODULE};
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		struct classes left = classes_of(compare, compare->a, a, features[i]);
		struct classes right = classes_of(compare, compare->b, b, features[i]);
		struct region region = changed_classes(compare, &left, &right);
		struct pset boxes = region_boxes(compare->arena, &region);
		VEC_EACH(const struct box, box, &boxes.boxes)
			compare_region(compare, features[i], place, a, b, box);
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

static struct str place_text(const struct compare *compare, struct str ifc)
{
	return ifc.n ? str_printf(compare->arena, "interface %.*s", STR(ifc)) : S("global");
}

/* Each place that either config applies a policy to, once. */
static void compare_service_policies(struct compare *compare)
{
	const struct config *configs[2] = {compare->a, compare->b};
	for (size_t c = 0; c < 2; c++)
		VEC_EACH(const struct service_policy, sp, &configs[c]->service_policies) {
			struct str ifc = config_name(configs[c], sp->interface);
			if (c == 1 && policy_there(compare->a, ifc))
				continue;
			compare_policies(compare, place_text(compare, ifc),
			                 policy_there(compare->a, ifc),
			                 policy_there(compare->b, ifc));
		}
}

static const struct access_group *group_there(const struct config *config, struct str ifc,
                                              enum direction direction, bool v6)
{
	VEC_EACH(const struct access_group, group, &config->access_groups) {
		const struct acl *acl = config_acl(config, group->acl);
		if (group->direction == direction && (acl && acl->kind == ACL_IPV6) == v6 &&
		    str_eq_nocase(config_name(config, group->interface), ifc))
			return group;
	}
	return NULL;
}

static struct str can_text(const struct cell *cell)
{
	return cell->can == CAN_PERMIT ? S("permitted")
	       : cell->can == CAN_DENY ? S("denied")
	                               : S("unknown");
}

static void compare_lists(struct compare *compare, struct str place, const struct acl *a,
                          const struct acl *b)
{
	struct region region = changed_lines(compare, a, b);
	struct pset boxes = region_boxes(compare->arena, &region);
	VEC_EACH(const struct box, box, &boxes.boxes) {
		struct cells left = {0}, right = {0};
		acl_paint(compare->arena, compare->a, a, box, &left);
		acl_paint(compare->arena, compare->b, b, box, &right);
		VEC_EACH(const struct cell, x, &left.list)
			VEC_EACH(const struct cell, y, &right.list) {
				struct box both;
				bool unsure = x->can == (CAN_PERMIT | CAN_DENY) ||
				              y->can == (CAN_PERMIT | CAN_DENY);
				if ((x->can == y->can && !unsure) ||
				    !box_intersect(compare->arena, &x->box, &y->box, &both))
					continue;
				differ(compare, DIFFERS_PERMISSION, place, &both, can_text(x),
				       can_text(y), unsure);
			}
	}
}

static void compare_access_groups(struct compare *compare)
{
	const struct config *configs[2] = {compare->a, compare->b};
	for (size_t c = 0; c < 2; c++)
		VEC_EACH(const struct access_group, group, &configs[c]->access_groups) {
			const struct acl *acl = config_acl(configs[c], group->acl);
			bool v6 = acl && acl->kind == ACL_IPV6;
			struct str ifc = config_name(configs[c], group->interface);
			const struct access_group *a =
			        group_there(compare->a, ifc, group->direction, v6);
			const struct access_group *b =
			        group_there(compare->b, ifc, group->direction, v6);
			const struct acl *left = a ? config_acl(compare->a, a->acl) : NULL;
			const struct acl *right = b ? config_acl(compare->b, b->acl) : NULL;
			struct str place = str_printf(compare->arena, "access-group at %.*s",
			                              STR(place_text(compare, ifc)));
			struct box all = box_all();
			if (c == 1 && a)
				continue;
			if (left && right)
				compare_lists(compare, place, left, right);
			else if (left || right)
				differ(compare, DIFFERS_PERMISSION, place, &all,
				       left ? S("a list") : S("no list"),
				       right ? S("a list") : S("no list"), false);
		}
}

/* --- translations ----------------------------------------------------------------------- */

static bool same_translation(const struct compare *compare, const struct legacy_nat *a,
                             const struct legacy_nat *b)
{
	return a->kind == b->kind && same_name(compare, a->real_ifc, b->real_ifc) &&
	       same_name(compare, a->mapped_ifc, b->mapped_ifc) && a->real.lo == b->real.lo &&
	       a->real.hi == b->real.hi && a->mapped.lo == b->mapped.lo &&
	       a->mapped_is_interface == b->mapped_is_interface && a->protocol == b->protocol &&
	       a->real_port == b->real_port && a->mapped_port == b->mapped_port && a->id == b->id &&
	       same_name(compare, a->acl, b->acl) && same_list(compare, a->acl, b->acl) &&
	       a->norandomseq == b->norandomseq && a->dns == b->dns && a->outside == b->outside;
}

static struct box nat_box(const struct compare *compare, const struct legacy_nat *nat)
{
	struct box box = box_all();
	if (nat->acl == 0 && !nat->real_unknown)
		box.dim[DIM_DST] = iset_range(compare->arena, nat->real.lo, nat->real.hi);
	return box;
}

static struct str nat_text(const struct compare *compare, const struct config *config,
                           const struct legacy_nat *nat)
{
	return line_text(compare, config, nat->span);
}

static bool nats_meet(const struct legacy_nat *a, const struct legacy_nat *b)
{
	if (a->acl || b->acl || a->real_unknown || b->real_unknown)
		return true;
	bool real = a->real.lo <= b->real.hi && b->real.lo <= a->real.hi;
	bool mapped = a->mapped.lo <= b->mapped.hi && b->mapped.lo <= a->mapped.hi;
	bool ports_apart = a->protocol && b->protocol &&
	                   (a->protocol != b->protocol || a->real_port != b->real_port);
	return (real || mapped) && !ports_apart;
}

/* Rules that changed their order and meet: which one translates may have changed with it. */
static void compare_order(struct compare *compare, const uint32_t *pair)
{
	const struct config *a = compare->a;
	for (uint32_t i = 0; i < a->nats.n; i++)
		for (uint32_t k = i + 1; k < a->nats.n; k++)
			if (pair[i] && pair[k] && pair[i] > pair[k] &&
			    a->nats.v[i].kind == a->nats.v[k].kind &&
			    nats_meet(&a->nats.v[i], &a->nats.v[k])) {
				struct box box = nat_box(compare, &a->nats.v[i]);
				differ(compare, DIFFERS_TRANSLATION,
				       nat_text(compare, a, &a->nats.v[i]), &box, S("earlier"),
				       S("later than another rule of the same addresses"), false);
			}
}

static void compare_nats(struct compare *compare)
{
	const struct config *a = compare->a, *b = compare->b;
	uint32_t *pair = NEW_ARRAY(compare->arena, uint32_t, a->nats.n);
	bool *taken = NEW_ARRAY(compare->arena, bool, b->nats.n);
	for (uint32_t i = 0; i < a->nats.n; i++)
		for (uint32_t j = 0; j < b->nats.n && !pair[i]; j++)
			if (!taken[j] && same_translation(compare, &a->nats.v[i], &b->nats.v[j])) {
				taken[j] = true;
				pair[i] = j + 1;
			}
	for (uint32_t i = 0; i < a->nats.n; i++) {
		const struct legacy_nat *old = &a->nats.v[i];
		struct box box = nat_box(compare, old);
		struct str text = nat_text(compare, a, old);
		if (!pair[i]) {
			differ(compare, DIFFERS_TRANSLATION, text, &box, S("there"), S("gone"),
			       false);
			continue;
		}
		const struct legacy_nat *new = &b->nats.v[pair[i] - 1];
		if (old->limits.max_conns != new->limits.max_conns ||
		    old->limits.embryonic != new->limits.embryonic ||
		    old->limits.udp_max_conns != new->limits.udp_max_conns)
			differ(compare, DIFFERS_LIMITS, text, &box, text, nat_text(compare, b, new),
			       false);
	}
	for (uint32_t j = 0; j < b->nats.n; j++)
		if (!taken[j]) {
			struct box box = nat_box(compare, &b->nats.v[j]);
			differ(compare, DIFFERS_TRANSLATION, nat_text(compare, b, &b->nats.v[j]),
			       &box, S("not there"), S("new"), false);
		}
	compare_order(compare, pair);
	/* From 8.3 no change of ours touches NAT: texts of equal length must be equal texts. */
	bool same = a->twice_nats.n == b->twice_nats.n && a->object_nats.n == b->object_nats.n;
	for (uint32_t i = 0; same && i < a->twice_nats.n; i++)
		same = str_eq(line_text(compare, a, a->twice_nats.v[i].span),
		              line_text(compare, b, b->twice_nats.v[i].span));
	for (uint32_t i = 0; same && i < a->object_nats.n; i++)
		same = str_eq(line_text(compare, a, a->object_nats.v[i].span),
		              line_text(compare, b, b->object_nats.v[i].span)) &&
		       same_name(compare, a->object_nats.v[i].object, b->object_nats.v[i].object);
	struct box all = box_all();
	if (!same)
		differ(compare, DIFFERS_TRANSLATION, S("object and twice NAT"), &all,
		       S("as before"), S("changed"), true);
}

/* --- fixups ----------------------------------------------------------------------------- */

static bool fixup_there(const struct compare *compare, const struct config *config,
                        const struct fixup *fixup, struct str protocol)
{
	(void)compare;
	VEC_EACH(const struct fixup, at, &config->fixups)
		if (!at->off && at->lo == fixup->lo && at->hi == fixup->hi &&
		    str_eq(config_name(config, at->protocol), protocol))
			return true;
	return false;
}

static void compare_fixups(struct compare *compare)
{
	const struct config *configs[2] = {compare->a, compare->b};
	for (size_t c = 0; c < 2; c++)
		VEC_EACH(const struct fixup, fixup, &configs[c]->fixups) {
			struct str protocol = config_name(configs[c], fixup->protocol);
			if (fixup->off || fixup_there(compare, configs[1 - c], fixup, protocol))
				continue;
			struct box box = box_all();
			box.dim[DIM_PROTO] = iset_point(compare->arena, PROTO_TCP);
			box.dim[DIM_DPORT] = iset_range(compare->arena, fixup->lo, fixup->hi);
			differ(compare, DIFFERS_INSPECTION, S("global"), &box,
			       c == 0 ? S("inspected by fixup") : S("not inspected"),
			       c == 0 ? S("not inspected") : S("inspected by fixup"), false);
		}
}

void compare_configs(struct arena *arena, const struct config *a, const struct config *b,
                     struct comparison *out)
{
	struct compare compare = {arena, a, b, out};
	compare_service_policies(&compare);
	compare_access_groups(&compare);
	compare_nats(&compare);
	compare_fixups(&compare);
}
