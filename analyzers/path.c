/* SPDX-License-Identifier: ISC */
#include "analyzers/path.h"

#include <stdlib.h>

/* --- interfaces and routes -------------------------------------------------------------- */

bool path_carries_traffic(const struct interface *ifc)
{
	return ifc->nameif && !ifc->shutdown && !ifc->management_only && !ifc->bridge_virtual;
}

/* A v6 range may span the points of IPv4; families never mix. */
static bool covers(struct range range, u128 address)
{
	return range.lo <= address && address <= range.hi &&
	       addr_is4(range.lo) == addr_is4(address);
}

static u128 size_of(struct range range)
{
	return range.hi - range.lo;
}

static bool is_default_route(const struct route *route)
{
	bool v4 = route->network.lo == ADDR4_MIN && route->network.hi == ADDR4_MAX;
	bool v6 = route->network.lo == 0 && route->network.hi == U128_MAX;
	return v4 || v6;
}

const struct interface *path_default(const struct config *config, bool v4)
{
	const struct route *best = NULL;
	VEC_EACH(const struct route, route, &config->routes)
		if (is_default_route(route) && addr_is4(route->network.lo) == v4 &&
		    (!best || route->metric < best->metric))
			best = route;
	if (best)
		return config_interface(config, best->ifc);
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (v4 && ifc->learns_default_route)
			return ifc;
	return NULL;
}

/* Longest prefix first; a connected network wins over a route of the same length. */
static struct place_of by_network(const struct config *config, u128 address)
{
	struct place_of best = {PLACED_NOWHERE, NULL};
	u128 size = U128_MAX;
	VEC_EACH(const struct interface, ifc, &config->interfaces) {
		if (!ifc->nameif || ifc->shutdown)
			continue;
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (!at->masked && covers(at->network, address) &&
			    size_of(at->network) < size) {
				best = (struct place_of){PLACED_CONNECTED, ifc};
				size = size_of(at->network);
			}
	}
	VEC_EACH(const struct route, route, &config->routes) {
		if (is_default_route(route) || !covers(route->network, address) ||
		    size_of(route->network) >= size)
			continue;
		best = (struct place_of){PLACED_ROUTE, config_interface(config, route->ifc)};
		size = size_of(route->network);
	}
	return best;
}

/* --- who owns which addresses ------------------------------------------------------------ */

/* A network of an interface, or a route; NULL: it leads nowhere that is known. */
struct holding {
	struct range range;
	const struct interface *owner;
	uint32_t order; /* of equal ranges the first wins, as in by_network() */
};

/* Addresses in a row with one owner; NULL: none. */
struct stretch {
	struct range range;
	const struct interface *owner;
};

struct layout {
	const struct config *config;
	bool v4;
	VEC(struct holding) holdings;
	VEC(struct stretch) stretches; /* by owner, those without one last */
};

static void add_holding(struct arena *arena, struct layout *layout, struct range range,
                        const struct interface *owner)
{
	if (addr_is4(range.lo) == layout->v4)
		VEC_PUSH(arena, &layout->holdings,
		         (struct holding){range, owner, layout->holdings.n});
}

static void add_holdings(struct arena *arena, struct layout *layout)
{
	const struct config *config = layout->config;
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (ifc->nameif && !ifc->shutdown && !at->masked)
				add_holding(arena, layout, at->network, ifc);
	VEC_EACH(const struct route, route, &config->routes)
		if (!is_default_route(route))
			add_holding(arena, layout, route->network,
			            config_interface(config, route->ifc));
}

/* Outer ranges before those in them; of equal ones the winner last. */
static int compare_holdings(const void *left, const void *right)
{
	const struct holding *a = left, *b = right;
	if (a->range.lo != b->range.lo)
		return a->range.lo < b->range.lo ? -1 : 1;
	if (a->range.hi != b->range.hi)
		return a->range.hi > b->range.hi ? -1 : 1;
	return a->order > b->order ? -1 : a->order < b->order;
}

/* NULL is above all. */
static int compare_stretches(const void *left, const void *right)
{
	const struct stretch *a = left, *b = right;
	uintptr_t x = (uintptr_t)a->owner - 1, y = (uintptr_t)b->owner - 1;
	if (x != y)
		return x < y ? -1 : 1;
	return a->range.lo < b->range.lo ? -1 : a->range.lo > b->range.lo;
}

/* The sweep: what is next to be given away, and the holdings that are open there. */
struct sweep {
	struct arena *arena;
	struct layout *layout;
	u128 next;
	bool done; /* the last address is given away */
	VEC(const struct holding *) open;
};

/* Give away all up to `hi` to the innermost open holding. */
static void give(struct sweep *sweep, u128 hi)
{
	const struct interface *owner =
	        sweep->open.n ? sweep->open.v[sweep->open.n - 1]->owner : NULL;
	if (sweep->done || sweep->next > hi)
		return;
	VEC_PUSH(sweep->arena, &sweep->layout->stretches,
	         (struct stretch){{sweep->next, hi}, owner});
	sweep->done = hi == U128_MAX;
	sweep->next = hi + 1;
}

/* Networks are nested or apart, so the innermost open holding is the longest prefix. */
const struct layout *path_layout(const struct config *config, struct arena *arena, bool v4)
{
	struct layout *layout = NEW(arena, struct layout);
	struct sweep sweep = {.arena = arena, .layout = layout};
	layout->config = config;
	layout->v4 = v4;
	add_holdings(arena, layout);
	if (layout->holdings.n)
		qsort(layout->holdings.v, layout->holdings.n, sizeof(*layout->holdings.v),
		      compare_holdings);
	VEC_EACH(const struct holding, holding, &layout->holdings) {
		while (sweep.open.n &&
		       sweep.open.v[sweep.open.n - 1]->range.hi < holding->range.lo) {
			give(&sweep, sweep.open.v[sweep.open.n - 1]->range.hi);
			sweep.open.n--;
		}
		if (holding->range.lo)
			give(&sweep, holding->range.lo - 1);
		VEC_PUSH(arena, &sweep.open, holding);
	}
	for (; sweep.open.n; sweep.open.n--)
		give(&sweep, sweep.open.v[sweep.open.n - 1]->range.hi);
	give(&sweep, U128_MAX);
	qsort(layout->stretches.v, layout->stretches.n, sizeof(*layout->stretches.v),
	      compare_stretches);
	return layout;
}

/* The first stretch of an owner, or of those after it. */
static uint32_t first_stretch(const struct layout *layout, const struct interface *owner)
{
	struct stretch wanted = {.owner = owner};
	uint32_t lo = 0, hi = layout->stretches.n;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (compare_stretches(&layout->stretches.v[mid], &wanted) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool network_known(const struct config *config, const struct interface *ifc)
{
	VEC_EACH(const struct interface_address, at, &ifc->addresses)
		if (at->masked)
			return false;
	bool routed = false;
	VEC_EACH(const struct route, route, &config->routes)
		routed |= config_interface(config, route->ifc) == ifc;
	return ifc->addresses.n > 0 || routed;
}

struct iset layout_behind(const struct layout *layout, struct arena *arena,
                          const struct interface *ifc)
{
	const struct config *config = layout->config;
	struct iset family = iset_family(arena, iset_all(), layout->v4);
	if (config->transparent || ifc->bridge_group)
		return family; /* a bridge: who is on which side, is not told */
	VEC(struct range) behind = {0};
	const struct interface *internet = path_default(config, layout->v4);
	bool rest = !internet || internet == ifc || !network_known(config, ifc);
	const struct interface *owners[] = {ifc, NULL};
	for (uint32_t i = 0; i < (rest ? 2 : 1); i++)
		for (uint32_t at = first_stretch(layout, owners[i]);
		     at < layout->stretches.n && layout->stretches.v[at].owner == owners[i]; at++)
			VEC_PUSH(arena, &behind, layout->stretches.v[at].range);
	return iset_intersect(arena, family, iset_of(arena, behind.v, behind.n));
}

struct iset path_behind(const struct config *config, struct arena *arena,
                        const struct interface *ifc, bool v4)
{
	return layout_behind(path_layout(config, arena, v4), arena, ifc);
}

struct iset path_no_hosts(const struct config *config, struct arena *arena)
{
	VEC(struct range) points = {0};
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses) {
			const u128 no_hosts[] = {at->address, at->network.lo, at->network.hi};
			for (size_t i = 0; i < 3 && !at->masked; i++)
				VEC_PUSH(arena, &points, (struct range){no_hosts[i], no_hosts[i]});
		}
	return iset_of(arena, points.v, points.n);
}

struct iset path_without(struct arena *arena, struct iset set, struct iset many)
{
	VEC(struct range) inside = {0};
	for (uint32_t i = 0; i < set.n; i++)
		for (uint32_t at = iset_find(many, set.v[i].lo);
		     at < many.n && many.v[at].lo <= set.v[i].hi; at++)
			VEC_PUSH(arena, &inside, many.v[at]);
	return inside.n ? iset_subtract(arena, set, iset_of(arena, inside.v, inside.n)) : set;
}

/* --- naming ----------------------------------------------------------------------------- */

static bool is_host(struct iset set, u128 address)
{
	return set.n == 1 && set.v[0].lo == address && set.v[0].hi == address;
}

/* A host entry of NAT, access-list or object that is this very address. */
static bool is_named(const struct config *config, u128 address)
{
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if ((nat->real.lo == address && nat->real.hi == address) ||
		    (nat->mapped.lo == address && nat->mapped.hi == address))
			return true;
	for (uint32_t i = 0; i < config->addr_pool.n; i++)
		if (config->addr_pool.v[i].kind == ADDR_RANGE &&
		    is_host(config->addr_sets[i].must, address))
			return true;
	for (uint32_t i = 0; i < config->objects.n; i++)
		if (is_host(config->object_sets[i].must, address))
			return true;
	VEC_EACH(const struct group, group, &config->groups)
		VEC_EACH(const struct member, member, &group->members)
			if (member->kind == MEMBER_ADDRESS && member->address.kind == ADDR_RANGE &&
			    member->address.range.lo == address &&
			    member->address.range.hi == address)
				return true;
	return false;
}

/* The real interface of a translation of this very host. */
static const struct interface *by_translation(const struct config *config, u128 address)
{
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if (nat->kind == NAT_STATIC && nat->acl == 0 && !nat->real_unknown &&
		    nat->real.lo == address && nat->real.hi == address)
			return config_interface(config, nat->real_ifc);
	VEC_EACH(const struct object_nat, nat, &config->object_nats) {
		uint32_t at = config_index_get(&config->object_index, nat->object);
		if (at && nat->kind == XLATE_STATIC && nat->real_ifc &&
		    is_host(config->object_sets[at - 1].must, address))
			return config_interface(config, nat->real_ifc);
	}
	return NULL;
}

struct place_of path_place(const struct config *config, u128 address)
{
	struct place_of place = by_network(config, address);
	/* A bridge has both sides in one network: it crosses, and on which side who is, is not
	 * told. */
	if (place.ifc && (config->transparent || place.ifc->bridge_virtual))
		return (struct place_of){PLACED_NAMED, NULL};
	if (place.ifc)
		return place;
	const struct interface *ifc = by_translation(config, address);
	if (ifc)
		return (struct place_of){PLACED_NAT, ifc};
	if (is_named(config, address))
		return (struct place_of){PLACED_NAMED, path_default(config, addr_is4(address))};
	return (struct place_of){PLACED_NOWHERE, NULL};
}

/* --- routes ----------------------------------------------------------------------------- */

static struct str network_text(struct arena *arena, struct range network)
{
	struct cidrs cidrs = {0};
	if (addr_is4(network.lo))
		addr_cidrs(arena, network, &cidrs);
	else
		addr_cidrs6(arena, network, &cidrs); /* ::/0 spans the points of IPv4 */
	return cidrs.list.n ? cidrs.list.v[0] : S("");
}

static struct hop hop_of(struct arena *arena, const struct route *route,
                         const struct interface *ifc)
{
	return (struct hop){
	        .ifc = ifc,
	        .route = route,
	        .network = route->network,
	        .metric = route->metric ? route->metric : 1,
	        .span = route->span,
	        .text = network_text(arena, route->network),
	};
}

struct route_table path_routes(struct arena *arena, const struct config *config, bool many)
{
	struct route_table table = {0};
	VEC_EACH(const struct interface, ifc, &config->interfaces) {
		if (!ifc->nameif || ifc->shutdown)
			continue;
		VEC_EACH(const struct interface_address, at, &ifc->addresses) {
			const struct hop hop = {
			        .ifc = ifc, .network = at->network, .span = ifc->span};
			table.masked |= at->masked;
			if (!at->masked)
				VEC_PUSH(arena, &table.list, hop);
		}
	}
	VEC_EACH(const struct route, route, &config->routes) {
		const struct interface *ifc = config_interface(config, route->ifc);
		if (ifc)
			VEC_PUSH(arena, &table.list, hop_of(arena, route, ifc));
	}
	VEC_EACH(const struct route, route, &config->null_routes) {
		struct hop hop = hop_of(arena, route, NULL);
		hop.discarded = true;
		VEC_PUSH(arena, &table.list, hop);
	}
	if (!many)
		return table;
	struct iset *sets = NEW_ARRAY(arena, struct iset, table.list.n);
	for (uint32_t i = 0; i < table.list.n; i++)
		sets[i] = (struct iset){&table.list.v[i].network, 1};
	table.rows = address_rows_of(arena, sets, table.list.n);
	return table;
}

static bool leads_to(const struct hop *hop, u128 address)
{
	bool is_default = hop->route && is_default_route(hop->route);
	return is_default ? addr_is4(hop->network.lo) == addr_is4(address)
	                  : covers(hop->network, address);
}

static bool is_better(const struct hop *hop, const struct hop *best)
{
	u128 size = size_of(hop->network), other = size_of(best->network);
	return size < other || (size == other && hop->metric < best->metric);
}

struct route_to path_route(const struct route_table *table, u128 address)
{
	const struct hop *best = NULL;
	bool ambiguous = false;
	struct row_walk row;
	uint32_t at = 0;
	if (table->rows)
		address_row(table->rows, address, &row);
	for (;; at++) {
		if (table->rows ? !row_next(&row, &at) : at == table->list.n)
			break;
		const struct hop *hop = &table->list.v[at];
		if (!leads_to(hop, address))
			continue;
		if (!best || is_better(hop, best)) {
			best = hop;
			ambiguous = false;
		} else if (!is_better(best, hop) && best->ifc != hop->ifc && !hop->discarded) {
			ambiguous = true;
		}
	}
	if (!best)
		return (struct route_to){.masked = table->masked};
	if (best->discarded)
		return (struct route_to){
		        .span = best->span, .masked = table->masked, .discarded = true};
	return (struct route_to){.ifc = best->ifc,
	                         .route = best->route,
	                         .span = best->span,
	                         .text = best->text,
	                         .ambiguous = ambiguous,
	                         .masked = table->masked};
}

/* --- translation ------------------------------------------------------------------------ */

static struct seen_as seen_nth(const struct config *config, const struct nat_table *table,
                               struct arena *arena, const struct nat_server_of *of, uint32_t nth)
{
	struct xlate xlate = nat_server(arena, config, table, of, nth);
	struct seen_as seen = {.address = xlate.address,
	                       .port = xlate.port,
	                       .translated = xlate.done == VERDICT_YES,
	                       .unknown = !xlate.address_known,
	                       .taken = xlate.taken};
	if (seen.translated) {
		seen.nat = xlate.rule->legacy;
		seen.object_nat = xlate.rule->object;
		seen.twice_nat = xlate.rule->twice;
	}
	return seen;
}

struct seen_as path_seen(const struct config *config, const struct nat_table *table,
                         struct arena *arena, u128 real, uint16_t port,
                         const struct interface *real_ifc, const struct interface *mapped_ifc)
{
	struct nat_server_of of = {real, port, real_ifc, mapped_ifc};
	return seen_nth(config, table, arena, &of, 0);
}

struct seen_as path_seen_by(const struct config *config, const struct nat_table *table,
                            struct arena *arena, u128 real, uint16_t port,
                            const struct interface *real_ifc, const struct interface *mapped_ifc,
                            const u128 *given)
{
	struct nat_server_of of = {real, port, real_ifc, mapped_ifc};
	struct seen_as first = seen_nth(config, table, arena, &of, 0), seen = first;
	if (!given)
		return first;
	for (uint32_t nth = 1; seen.translated; nth++) {
		if (!seen.unknown && seen.address == *given)
			return seen;
		seen = seen_nth(config, table, arena, &of, nth);
	}
	if (first.unknown) {
		const struct nat_published at = {*given, first.port, real, mapped_ifc};
		first.address = *given;
		first.unknown = false;
		first.taken = nat_is_taken(arena, table, &at, NULL);
	}
	return first;
}

const struct legacy_nat *path_source_nat(const struct config *config, const struct nat_table *table,
                                         u128 real, uint16_t port, const struct interface *real_ifc,
                                         const struct interface *mapped_ifc)
{
	return nat_client(config, table, real, port, real_ifc, mapped_ifc);
}
