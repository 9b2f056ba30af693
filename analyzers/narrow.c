/* SPDX-License-Identifier: ISC */
/*
 * The part of the appliances' mail that a class limits, as the lines of a list: a class of their
 * own takes just that, so that mail which the class never had is treated as before.
 */
#include "analyzers/planner.h"

enum { MAX_NARROWED = 20 }; /* lines for one entry */

/* --- by the class's own list ---------------------------------------------------------------- */

/* What an ACE leaves of an entry. */
enum part { PART_NONE, PART_SOME, PART_ALL, PART_UNCLEAR };

/* At one end; *words is what a list says of it. */
static enum part end_part(const struct planner *planner, uint32_t end, struct iset whole,
                          struct str *words)
{
	const struct addr_set *set = config_addr_set(planner->config, end);
	if (iset_covers(set->must, whole))
		return PART_ALL;
	if (!iset_overlaps(set->may, whole))
		return PART_NONE;
	if (!str_eq(*words, S("any")))
		return PART_UNCLEAR;
	*words = permits_end(planner, end);
	return words->n ? PART_SOME : PART_UNCLEAR;
}

static bool is_all_ports(struct iset ports)
{
	return iset_size_capped(ports, 65536) == 65536;
}

static enum part port_part(const struct planner *planner, const struct ace *ace, uint16_t port)
{
	const struct service_set *service = config_service_set(planner->config, ace->service);
	enum part part = PART_NONE;
	VEC_EACH(const struct service_box, box, &service->may)
		if (iset_contains(box->proto, PROTO_TCP) && iset_contains(box->dport, port))
			part = PART_UNCLEAR;
	VEC_EACH(const struct service_box, box, &service->must)
		if (iset_contains(box->proto, PROTO_TCP) && iset_contains(box->dport, port) &&
		    is_all_ports(box->sport))
			part = PART_ALL;
	return part;
}

/* The ACEs that meet the entry, each narrowed to it; false where one cannot be. */
static bool list_lines(const struct planner *planner, const struct acl *acl,
                       const struct entry *entry, const struct box *region,
                       struct lines_text *lines)
{
	uint16_t port = (uint16_t)entry->box.dim[DIM_DPORT].v[0].lo;
	uint32_t last = 0; /* what follows the last permit says nothing */
	VEC_EACH(const struct ace, ace, &acl->aces) {
		struct str src = entry->src, dst = entry->dst;
		if (ace->action == ACE_REMARK || ace->inactive)
			continue;
		enum part from = end_part(planner, ace->src, region->dim[DIM_SRC], &src);
		enum part to = end_part(planner, ace->dst, region->dim[DIM_DST], &dst);
		enum part by = port_part(planner, ace, port);
		if (from == PART_NONE || to == PART_NONE || by == PART_NONE)
			continue;
		if (from == PART_UNCLEAR || to == PART_UNCLEAR || by == PART_UNCLEAR ||
		    ace->action == ACE_UNKNOWN || ace->unsure != WHY_NONE || ace->scope)
			return false;
		bool permit = ace->action == ACE_PERMIT;
		VEC_PUSH(planner->arena, &lines->list,
		         str_printf(planner->arena, "extended %s tcp %.*s %.*s eq %.*s",
		                    permit ? "permit" : "deny", STR(src), STR(dst),
		                    STR(entry->port)));
		last = permit ? lines->list.n : last;
		if (from == PART_ALL && to == PART_ALL)
			break;
	}
	lines->list.n = last;
	return true;
}

/* The list that the class goes by, and by nothing else; NULL: none. */
static const struct acl *list_of(const struct planner *planner, const struct policy_class *class)
{
	const struct class_map *map = config_class_map(planner->config, class->name);
	bool alone = map && map->matches.n == 1 && map->refused.n == 0 &&
	             map->matches.v[0].kind == MATCH_ACL && !map->matches.v[0].doubtful;
	const struct acl *acl = alone ? config_acl(planner->config, map->matches.v[0].acl) : NULL;
	return acl && acl->kind == ACL_EXTENDED ? acl : NULL;
}

/* --- by the packets that it matches ----------------------------------------------------------- */

/* The packets of the region that the class limits, or may limit, whatever stands before it. */
static struct pset limited(const struct planner *planner, const struct policy_class *class,
                           const struct box *region)
{
	struct policy_class alone = *class;
	struct policy_map policy = {0};
	struct pieces pieces = {0};
	struct pset out = {0};
	alone.unknown = false;
	VEC_PUSH(planner->arena, &policy.classes, alone);
	mpf_classify_policy(planner->arena, planner->config, FEATURE_CONN, &policy, region,
	                    &pieces);
	VEC_EACH(const struct piece, piece, &pieces.list)
		if (piece->claims)
			VEC_PUSH(planner->arena, &out.boxes, piece->box);
	return pset_simplify(planner->arena, &out);
}

/* Before 9.0 lists have IPv4 only; and the ends of a packet are of one family. */
static struct box region_of(const struct planner *planner, const struct entry *entry)
{
	struct arena *arena = planner->arena;
	struct box region = entry->box;
	struct iset *src = &region.dim[DIM_SRC], *dst = &region.dim[DIM_DST];
	for (int v4 = 0; v4 <= 1; v4++) {
		bool other = (v4 == 1 || config_any_is_dual(planner->config)) &&
		             !iset_is_empty(iset_family(arena, *src, v4)) &&
		             !iset_is_empty(iset_family(arena, *dst, v4));
		if (other)
			continue;
		*src = iset_family(arena, *src, !v4);
		*dst = iset_family(arena, *dst, !v4);
	}
	return region;
}

/* A set of addresses as a list has them: the words of the entry where it is all of its set. */
static struct lines_text address_words(const struct planner *planner, struct iset set,
                                       struct iset whole, struct str words)
{
	struct lines_text out = {0};
	struct cidrs cidrs = {0};
	if (iset_covers(set, whole)) {
		VEC_PUSH(planner->arena, &out.list, words);
		return out;
	}
	iset_cidrs(planner->arena, set, &cidrs);
	VEC_EACH(const struct str, cidr, &cidrs.list)
		VEC_PUSH(planner->arena, &out.list, entries_network(planner, *cidr));
	return out;
}

/* " eq 25", " range 1 24", or nothing for all ports; false where it takes more words. */
static bool port_words(const struct planner *planner, struct iset ports, struct str *words)
{
	*words = S("");
	if (is_all_ports(ports))
		return true;
	if (ports.n != 1)
		return false;
	uint16_t lo = (uint16_t)ports.v[0].lo, hi = (uint16_t)ports.v[0].hi;
	*words = lo == hi ? str_printf(planner->arena, " eq %.*s", STR(entries_port(planner, lo)))
	                  : str_printf(planner->arena, " range %u %u", lo, hi);
	return true;
}

/* Packets of the region as lines; false if they are too many. */
static bool set_lines(const struct planner *planner, const char *action, const struct pset *set,
                      const struct entry *entry, const struct box *region, struct lines_text *lines)
{
	VEC_EACH(const struct box, box, &set->boxes) {
		struct str sport;
		struct lines_text from =
		        address_words(planner, box->dim[DIM_SRC], region->dim[DIM_SRC], entry->src);
		struct lines_text to =
		        address_words(planner, box->dim[DIM_DST], region->dim[DIM_DST], entry->dst);
		if (!port_words(planner, box->dim[DIM_SPORT], &sport) ||
		    lines->list.n + (uint64_t)from.list.n * to.list.n > MAX_NARROWED)
			return false;
		VEC_EACH(const struct str, src, &from.list)
			VEC_EACH(const struct str, dst, &to.list)
				VEC_PUSH(planner->arena, &lines->list,
				         str_printf(planner->arena,
				                    "extended %s tcp %.*s%.*s %.*s eq %.*s", action,
				                    STR(*src), STR(sport), STR(*dst),
				                    STR(entry->port)));
	}
	return true;
}

/* The smallest network around a set of addresses, if it is a part of the whole; else the whole. */
static struct iset network_around(struct arena *arena, struct iset set, struct iset whole)
{
	const u128 lo = set.v[0].lo, hi = set.v[set.n - 1].hi;
	u128 hosts = 0;
	while ((lo & ~hosts) != (hi & ~hosts))
		hosts = hosts << 1 | 1;
	struct iset network = iset_range(arena, lo & ~hosts, lo | hosts);
	bool fits = addr_is4(lo) == addr_is4(hi) && iset_covers(whole, network);
	return fits ? network : whole;
}

/* The region as far as anything in the set makes it necessary. */
static struct box box_around(struct arena *arena, const struct pset *set, const struct box *region)
{
	struct box around = *region;
	struct iset src = iset_none(), dst = iset_none();
	VEC_EACH(const struct box, box, &set->boxes) {
		src = iset_union(arena, src, box->dim[DIM_SRC]);
		dst = iset_union(arena, dst, box->dim[DIM_DST]);
	}
	around.dim[DIM_SRC] = network_around(arena, src, region->dim[DIM_SRC]);
	around.dim[DIM_DST] = network_around(arena, dst, region->dim[DIM_DST]);
	return around;
}

/* --- lines --------------------------------------------------------------------------------------
 */

/*
 * An entry of which the class limits a part, by the fewest lines: those of the class's list,
 * permits alone, or denies before a wider permit.
 */
static bool add_part(const struct planner *planner, const struct policy_class *class,
                     const struct entry *entry, const struct box *region, const struct pset *mine,
                     struct lines_text *lines)
{
	struct arena *arena = planner->arena;
	struct box around = box_around(arena, mine, region);
	struct pset all = pset_of(arena, &around), rest = pset_subtract(arena, &all, mine);
	const struct acl *list = list_of(planner, class);
	struct lines_text ways[3] = {0};
	const struct lines_text *best = NULL;
	rest = pset_simplify(arena, &rest);
	const bool done[3] = {
	        list && list_lines(planner, list, entry, region, &ways[0]),
	        set_lines(planner, "permit", mine, entry, region, &ways[1]),
	        set_lines(planner, "deny", &rest, entry, region, &ways[2]) &&
	                set_lines(planner, "permit", &all, entry, region, &ways[2]),
	};
	for (int i = 0; i < 3; i++)
		if (done[i] && (!best || ways[i].list.n < best->list.n))
			best = &ways[i];
	if (best)
		VEC_EACH(const struct str, line, &best->list)
			if (!lines_hold(lines, *line))
				VEC_PUSH(arena, &lines->list, *line);
	return best != NULL;
}

enum { MAX_SAMPLES = 64 };

/* Does a class limit a packet of others, by one of the first lines of its list? Few are asked. */
static bool limits_sample(const struct planner *planner, const struct policy_class *class,
                          const struct entries *mail)
{
	const struct config *config = planner->config;
	const struct class_map *map = config_class_map(config, class->name);
	const struct acl *acl = map && map->matches.n == 1 && map->matches.v[0].kind == MATCH_ACL
	                                ? config_acl(config, map->matches.v[0].acl)
	                                : NULL;
	for (uint32_t i = 0; acl && i < acl->aces.n && i < MAX_SAMPLES; i++) {
		const struct ace *ace = &acl->aces.v[i];
		struct box box = box_all();
		struct packet packet;
		bool is_mail = false;
		if (ace->action != ACE_PERMIT || ace->inactive)
			continue;
		box = place_of_line(config, ace);
		if (box_is_empty(&box) || !box_witness(&box, &packet))
			continue;
		for (int dim = 0; dim < DIM_COUNT; dim++)
			box.dim[dim] = iset_point(planner->arena, packet.at[dim]);
		VEC_EACH(const struct entry, entry, &mail->list)
			is_mail |= box_contains(&entry->box, &packet);
		struct pset own = limited(planner, class, &box);
		if (!is_mail && !pset_is_empty(&own))
			return true;
	}
	return false;
}

bool narrow_is_mail(const struct planner *planner, const struct policy_class *class,
                    const struct entries *mail)
{
	struct planner look = *planner;
	struct box all = box_all();
	look.arena = arena_new(); /* of all that a list matches, which may be much */
	bool only = !limits_sample(&look, class, mail);
	if (only) {
		struct pset rest = limited(&look, class, &all);
		VEC_EACH(const struct entry, entry, &mail->list) {
			struct pset own = pset_of(look.arena, &entry->box);
			rest = pset_subtract(look.arena, &rest, &own);
		}
		only = pset_is_empty(&rest);
	}
	arena_free(look.arena);
	return only;
}

bool narrow_lines(struct planner *planner, const struct policy_class *class,
                  const struct entries *mail, struct lines_text *lines)
{
	struct entries whole = {0};
	VEC_EACH(const struct entry, entry, &mail->list) {
		struct box region = region_of(planner, entry);
		struct pset mine = limited(planner, class, &region);
		struct pset all = pset_of(planner->arena, &region);
		struct pset rest = pset_subtract(planner->arena, &all, &mine);
		if (pset_is_empty(&rest))
			VEC_PUSH(planner->arena, &whole.list, *entry);
		else if (!pset_is_empty(&mine) &&
		         !add_part(planner, class, entry, &region, &mine, lines))
			return false;
	}
	struct lines_text permits = entries_lines(planner, "permit", &whole);
	VEC_EACH(const struct str, line, &permits.list)
		VEC_PUSH(planner->arena, &lines->list, *line);
	return true;
}
