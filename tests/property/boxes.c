/* SPDX-License-Identifier: ISC */
#include "tests/property/boxes.h"

/* --- sets -------------------------------------------------------------------------------- */

static bool set_has(struct iset set, u128 point)
{
	for (uint32_t i = 0; i < set.n; i++)
		if (set.v[i].lo <= point && point <= set.v[i].hi)
			return true;
	return false;
}

static bool sets_meet(struct iset a, struct iset b)
{
	for (uint32_t i = 0; i < a.n; i++)
		for (uint32_t k = 0; k < b.n; k++)
			if (a.v[i].lo <= b.v[k].hi && b.v[k].lo <= a.v[i].hi)
				return true;
	return false;
}

/* Do the two have a point of this family in common? */
static bool sets_meet_family(struct iset a, struct iset b, bool v4)
{
	for (uint32_t i = 0; i < a.n; i++)
		for (uint32_t k = 0; k < b.n; k++) {
			u128 lo = a.v[i].lo > b.v[k].lo ? a.v[i].lo : b.v[k].lo;
			u128 hi = a.v[i].hi < b.v[k].hi ? a.v[i].hi : b.v[k].hi;
			if (lo > hi)
				continue;
			if (v4 ? lo <= ADDR4_MAX && hi >= ADDR4_MIN
			       : lo < ADDR4_MIN || hi > ADDR4_MAX)
				return true;
		}
	return false;
}

/* --- sizes, modulo a prime --------------------------------------------------------------- */

static const u128 prime = ((u128)1 << 61) - 1;

static u128 range_size(u128 lo, u128 hi)
{
	return ((hi - lo) % prime + 1) % prime;
}

static u128 set_size(struct iset set)
{
	u128 size = 0;
	for (uint32_t i = 0; i < set.n; i++)
		size = (size + range_size(set.v[i].lo, set.v[i].hi)) % prime;
	return size;
}

static u128 size4(struct iset set)
{
	u128 size = 0;
	for (uint32_t i = 0; i < set.n; i++) {
		u128 lo = set.v[i].lo > ADDR4_MIN ? set.v[i].lo : ADDR4_MIN;
		u128 hi = set.v[i].hi < ADDR4_MAX ? set.v[i].hi : ADDR4_MAX;
		if (lo <= hi)
			size = (size + range_size(lo, hi)) % prime;
	}
	return size;
}

/* The number of packets, modulo the prime: both addresses of IPv4, or both of IPv6. */
static u128 box_size(const struct box *box)
{
	u128 src = set_size(box->dim[DIM_SRC]), src4 = size4(box->dim[DIM_SRC]);
	u128 dst = set_size(box->dim[DIM_DST]), dst4 = size4(box->dim[DIM_DST]);
	u128 src6 = (src + prime - src4) % prime, dst6 = (dst + prime - dst4) % prime;
	u128 size = (src4 * dst4 + src6 * dst6 % prime) % prime;
	size = size * set_size(box->dim[DIM_PROTO]) % prime;
	size = size * set_size(box->dim[DIM_SPORT]) % prime;
	return size * set_size(box->dim[DIM_DPORT]) % prime;
}

static bool boxes_meet(const struct box *a, const struct box *b)
{
	for (int dim = 0; dim < DIM_COUNT; dim++)
		if (!sets_meet(a->dim[dim], b->dim[dim]))
			return false;
	for (int v4 = 0; v4 < 2; v4++)
		if (sets_meet_family(a->dim[DIM_SRC], b->dim[DIM_SRC], v4) &&
		    sets_meet_family(a->dim[DIM_DST], b->dim[DIM_DST], v4))
			return true;
	return false;
}

/* Overlaps are looked for among so many; sizes tell of the others too. */
enum { MAX_PAIRWISE = 250 };

const char *partition_fault(const struct box *region, const struct box *const *boxes, uint32_t n)
{
	u128 size = 0;
	for (uint32_t i = 0; i < n; i++) {
		size = (size + box_size(boxes[i])) % prime;
		for (uint32_t k = 0; k < i && i < MAX_PAIRWISE; k++)
			if (boxes_meet(boxes[i], boxes[k]))
				return "parts overlap";
	}
	return size == box_size(region) ? NULL : "parts do not add up to the region";
}

/* --- packets ----------------------------------------------------------------------------- */

static u128 packet_at(const struct slow_packet *packet, int dim)
{
	const u128 at[DIM_COUNT] = {
	        [DIM_PROTO] = packet->proto, [DIM_SRC] = packet->src,     [DIM_DST] = packet->dst,
	        [DIM_SPORT] = packet->sport, [DIM_DPORT] = packet->dport,
	};
	return at[dim];
}

static void packet_set(struct slow_packet *packet, int dim, u128 value)
{
	if (dim == DIM_PROTO)
		packet->proto = (uint8_t)value;
	else if (dim == DIM_SRC)
		packet->src = value;
	else if (dim == DIM_DST)
		packet->dst = value;
	else if (dim == DIM_SPORT)
		packet->sport = (uint16_t)value;
	else
		packet->dport = (uint16_t)value;
}

bool box_has(const struct box *box, const struct slow_packet *packet)
{
	for (int dim = 0; dim < DIM_COUNT; dim++)
		if (!set_has(box->dim[dim], packet_at(packet, dim)))
			return false;
	return true;
}

/* --- regions ----------------------------------------------------------------------------- */

static struct iset set_of(struct arena *arena, const struct range *ranges, uint32_t n)
{
	struct range *copy = NEW_ARRAY(arena, struct range, n);
	for (uint32_t i = 0; i < n; i++)
		copy[i] = ranges[i];
	return (struct iset){copy, n};
}

struct iset set_of_point(struct arena *arena, u128 point)
{
	return set_of(arena, &(struct range){point, point}, 1);
}

struct box box_of_packet(struct arena *arena, const struct slow_packet *packet)
{
	struct box box;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		box.dim[dim] = set_of_point(arena, packet_at(packet, dim));
	return box;
}

static u128 highest(int dim)
{
	return dim == DIM_PROTO ? 255 : dim == DIM_SRC || dim == DIM_DST ? U128_MAX : 65535;
}

static u128 other_point(struct rng *rng, const struct points *points, int dim, u128 point)
{
	if (dim == DIM_PROTO)
		return rng_below(rng, 256);
	if (dim == DIM_SRC || dim == DIM_DST)
		return pick_address(rng, points, addr_is4(point));
	return pick_port(rng, points);
}

/* All, a range with the point in it, that and all from a higher point on, or the point alone. */
static struct iset set_around(struct arena *arena, struct rng *rng, const struct points *points,
                              int dim, u128 point)
{
	struct range ranges[2] = {{0, highest(dim)}, {0, 0}};
	u128 other = other_point(rng, points, dim, point);
	unsigned kind = rng_below(rng, 10);
	if (kind < 4)
		return set_of(arena, ranges, 1);
	if (kind < 7)
		return set_of_point(arena, point);
	ranges[0] = other < point ? (struct range){other, point} : (struct range){point, other};
	if (kind < 9)
		return set_of(arena, ranges, 1);
	ranges[1] = (struct range){other, highest(dim)};
	ranges[0].hi = point;
	ranges[0].lo = point;
	return set_of(arena, ranges, other > point && other - point > 1 ? 2 : 1);
}

struct box box_around(struct arena *arena, struct rng *rng, const struct points *points,
                      const struct slow_packet *packet)
{
	struct box box;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		box.dim[dim] = set_around(arena, rng, points, dim, packet_at(packet, dim));
	return box;
}

/* --- picking ----------------------------------------------------------------------------- */

static u128 pick_in_range(struct rng *rng, struct range range)
{
	u128 size = range.hi - range.lo, low = rng_next(rng);
	u128 within = size == U128_MAX ? (u128)rng_next(rng) << 64 | low
	                               : ((u128)rng_next(rng) << 64 | low) % (size + 1);
	switch (rng_below(rng, 5)) {
	case 0:
		return range.lo;
	case 1:
		return range.hi;
	case 2:
		return range.lo + (size > 0);
	case 3:
		return range.hi - (size > 0);
	default:
		return range.lo + within;
	}
}

static u128 pick_in_set(struct rng *rng, const struct points *points, int dim, struct iset set)
{
	u128 point = 0;
	if ((dim == DIM_SRC || dim == DIM_DST) && rng_percent(rng, 50))
		point = points->addresses.v[rng_below(rng, points->addresses.n)];
	else if ((dim == DIM_SPORT || dim == DIM_DPORT) && rng_percent(rng, 30))
		point = pick_port(rng, points);
	return set_has(set, point) ? point : pick_in_range(rng, set.v[rng_below(rng, set.n)]);
}

bool pick_in_box(struct rng *rng, const struct points *points, const struct box *box,
                 struct slow_packet *packet)
{
	for (int dim = 0; dim < DIM_COUNT; dim++) {
		if (box->dim[dim].n == 0)
			return false;
		packet_set(packet, dim, pick_in_set(rng, points, dim, box->dim[dim]));
	}
	for (int tries = 0; tries < 30 && addr_is4(packet->src) != addr_is4(packet->dst); tries++) {
		int dim = tries % 2 ? DIM_SRC : DIM_DST;
		packet_set(packet, dim, pick_in_set(rng, points, dim, box->dim[dim]));
	}
	return addr_is4(packet->src) == addr_is4(packet->dst);
}
