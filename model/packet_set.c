/* SPDX-License-Identifier: ISC */
/*
 * Packet sets as lists of disjoint boxes. A minus B peels off one dimension
 * after the other: the part of A outside of B in the first dimension, then of
 * what is inside in the first the part outside in the second, and so on. The
 * pieces of a subtraction are at most DIM_COUNT a box, so a long chain of
 * subtractions may grow with the power of its length: keep to small regions.
 *
 * A box may hold pairs of a v4 with a v6 address; those are no packets, and no
 * answer here counts them.
 */
#include "model/packet_set.h"

static const struct range protocols = {0, 255}, ports = {0, 65535};
static const struct range line4 = {ADDR4_MIN, ADDR4_MAX};
static const struct range below4 = {0, ADDR4_MIN - 1}, above4 = {ADDR4_MAX + 1, U128_MAX};

static bool meets(struct iset a, const struct range *range)
{
	return iset_overlaps(a, (struct iset){range, 1});
}

static bool has_family(struct iset a, bool v4)
{
	return v4 ? meets(a, &line4) : meets(a, &below4) || meets(a, &above4);
}

/* Whether the box has packets of this family, going by its addresses only. */
static bool both_have_family(const struct box *box, bool v4)
{
	return has_family(box->dim[DIM_SRC], v4) && has_family(box->dim[DIM_DST], v4);
}

struct box box_all(void)
{
	struct box box;

	box.dim[DIM_PROTO] = (struct iset){&protocols, 1};
	box.dim[DIM_SRC] = box.dim[DIM_DST] = iset_all();
	box.dim[DIM_SPORT] = box.dim[DIM_DPORT] = (struct iset){&ports, 1};
	return box;
}

bool box_is_empty(const struct box *box)
{
	int d;

	for (d = 0; d < DIM_COUNT; d++)
		if (iset_is_empty(box->dim[d]))
			return true;
	return !both_have_family(box, true) && !both_have_family(box, false);
}

bool box_equal(const struct box *a, const struct box *b)
{
	for (int dim = 0; dim < DIM_COUNT; dim++)
		if (!iset_equal(a->dim[dim], b->dim[dim]))
			return false;
	return true;
}

bool box_contains(const struct box *box, const struct packet *packet)
{
	int d;

	if (addr_is4(packet->at[DIM_SRC]) != addr_is4(packet->at[DIM_DST]))
		return false;
	for (d = 0; d < DIM_COUNT; d++)
		if (!iset_contains(box->dim[d], packet->at[d]))
			return false;
	return true;
}

/* Whether two boxes overlap in every dimension; nothing is built for it. */
static bool meet(const struct box *a, const struct box *b)
{
	int d;

	for (d = 0; d < DIM_COUNT; d++)
		if (!iset_overlaps(a->dim[d], b->dim[d]))
			return false;
	return true;
}

bool box_intersect(struct arena *arena, const struct box *a, const struct box *b, struct box *out)
{
	struct box both;
	int d;

	if (!meet(a, b))
		return false;
	for (d = 0; d < DIM_COUNT; d++)
		both.dim[d] = iset_intersect(arena, a->dim[d], b->dim[d]);
	if (box_is_empty(&both))
		return false;
	*out = both;
	return true;
}

/* Append a box that is known to be disjoint from the others, unless it is empty. */
static void add_disjoint(struct arena *arena, struct pset *set, const struct box *box)
{
	if (!box_is_empty(box))
		VEC_PUSH(arena, &set->boxes, *box);
}

void box_subtract(struct arena *arena, const struct box *a, const struct box *b, struct pset *out)
{
	struct box both, piece, rest = *a;
	int d;

	if (!box_intersect(arena, a, b, &both)) {
		add_disjoint(arena, out, a);
		return;
	}
	for (d = 0; d < DIM_COUNT; d++) {
		piece = rest;
		piece.dim[d] = iset_subtract(arena, rest.dim[d], both.dim[d]);
		add_disjoint(arena, out, &piece);
		rest.dim[d] = both.dim[d];
	}
}

/* Append box minus all of `set`, to `out`, which is another one. */
static void subtract_all(struct arena *arena, const struct box *box, const struct pset *set,
                         struct pset *out)
{
	struct pset left = pset_of(arena, box);

	VEC_EACH(struct box, taken, &set->boxes) {
		struct pset next = {0};

		if (!meet(box, taken)) /* nor does a piece of it */
			continue;
		VEC_EACH(struct box, piece, &left.boxes)
			box_subtract(arena, piece, taken, &next);
		left = next;
	}
	VEC_EACH(struct box, piece, &left.boxes)
		VEC_PUSH(arena, &out->boxes, *piece);
}

void pset_add_box(struct arena *arena, struct pset *set, const struct box *box)
{
	struct pset added = {0};

	subtract_all(arena, box, set, &added);
	VEC_EACH(struct box, piece, &added.boxes)
		VEC_PUSH(arena, &set->boxes, *piece);
}

struct pset pset_of(struct arena *arena, const struct box *box)
{
	struct pset set = {0};

	add_disjoint(arena, &set, box);
	return set;
}

struct pset pset_union(struct arena *arena, const struct pset *a, const struct pset *b)
{
	struct pset set = {0};

	VEC_EACH(struct box, box, &a->boxes)
		VEC_PUSH(arena, &set.boxes, *box);
	VEC_EACH(struct box, box, &b->boxes)
		subtract_all(arena, box, a, &set);
	return set;
}

struct pset pset_intersect(struct arena *arena, const struct pset *a, const struct pset *b)
{
	struct pset set = {0};
	struct box both;

	VEC_EACH(struct box, x, &a->boxes)
		VEC_EACH(struct box, y, &b->boxes)
			if (box_intersect(arena, x, y, &both))
				VEC_PUSH(arena, &set.boxes, both);
	return set;
}

struct pset pset_subtract(struct arena *arena, const struct pset *a, const struct pset *b)
{
	struct pset set = {0};

	VEC_EACH(struct box, box, &a->boxes)
		subtract_all(arena, box, b, &set);
	return set;
}

bool pset_is_empty(const struct pset *a)
{
	return a->boxes.n == 0;
}

bool pset_contains(const struct pset *a, const struct packet *packet)
{
	VEC_EACH(struct box, box, &a->boxes)
		if (box_contains(box, packet))
			return true;
	return false;
}

bool pset_equal(struct arena *arena, const struct pset *a, const struct pset *b)
{
	struct pset more = pset_subtract(arena, a, b), less;

	if (!pset_is_empty(&more))
		return false;
	less = pset_subtract(arena, b, a);
	return pset_is_empty(&less);
}

/* Grow `a` by `b` if that is again a box: they differ in one dimension at most. */
static bool join(struct arena *arena, struct box *a, const struct box *b)
{
	int d, other = DIM_PROTO, differ = 0;

	for (d = 0; d < DIM_COUNT && differ < 2; d++) {
		if (!iset_equal(a->dim[d], b->dim[d])) {
			other = d;
			differ++;
		}
	}
	if (differ > 1)
		return false;
	a->dim[other] = iset_union(arena, a->dim[other], b->dim[other]);
	return true;
}

struct pset pset_simplify(struct arena *arena, const struct pset *a)
{
	struct pset set = {0};
	uint32_t i, j, kept;
	bool joined;

	VEC_EACH(struct box, box, &a->boxes)
		VEC_PUSH(arena, &set.boxes, *box);
	do {
		joined = false;
		for (i = 0; i < set.boxes.n; i++) {
			for (j = kept = i + 1; j < set.boxes.n; j++) {
				if (join(arena, &set.boxes.v[i], &set.boxes.v[j]))
					joined = true;
				else
					set.boxes.v[kept++] = set.boxes.v[j];
			}
			set.boxes.n = kept;
		}
	} while (joined);
	return set;
}

#define DOC4(bits) (ADDR4_MIN | (bits))
#define DOC6(bits) ((u128)0x20010db8 << 96 | (bits))

/* What a witness likes to have as addresses: hosts of the documentation ranges. */
static const u128 liked_sources[] = {
        DOC4(0xc6336407), /* 198.51.100.7 */
        DOC4(0xcb007107), /* 203.0.113.7 */
        DOC4(0xc0000207), /* 192.0.2.7 */
        DOC6(0x7),        /* 2001:db8::7 */
};
static const u128 liked_destinations[] = {
        DOC4(0xc0000219), /* 192.0.2.25 */
        DOC4(0xcb007119), /* 203.0.113.25 */
        DOC4(0xc6336419), /* 198.51.100.25 */
        DOC6(0x25),       /* 2001:db8::25 */
};
enum { N_LIKED = sizeof(liked_sources) / sizeof(*liked_sources) };

/*
 * The lowest address of a family that looks like a host's: where a range begins
 * with the address of a network (its last byte 0) the next one, if there is one.
 * The unspecified address (0.0.0.0, ::) is taken only if there is no other.
 */
static u128 lowest_host(struct iset addrs, bool v4)
{
	u128 unspecified = v4 ? addr4(0) : 0;
	uint32_t i;

	for (i = 0; i < addrs.n; i++) {
		u128 lo = addrs.v[i].lo, hi = addrs.v[i].hi;

		if (v4 && lo < ADDR4_MIN)
			lo = ADDR4_MIN;
		if (!v4 && addr_is4(lo))
			lo = ADDR4_MAX + 1;
		if (lo > hi || addr_is4(lo) != v4)
			continue;
		if ((lo & 255) == 0 && lo < hi)
			lo++;
		if (lo != unspecified)
			return lo;
	}
	return unspecified;
}

static u128 pick_address(struct iset addrs, const u128 liked[N_LIKED], bool v4, bool v6)
{
	int i;

	for (i = 0; i < N_LIKED; i++)
		if ((addr_is4(liked[i]) ? v4 : v6) && iset_contains(addrs, liked[i]))
			return liked[i];
	return lowest_host(addrs, v4);
}

/* The lowest point, but 0 only if there is no other. */
static u128 lowest_above0(struct iset points)
{
	if (points.v[0].lo > 0)
		return points.v[0].lo;
	if (points.v[0].hi > 0)
		return 1;
	return points.n > 1 ? points.v[1].lo : 0;
}

static u128 lowest_or(struct iset points, u128 liked)
{
	return iset_contains(points, liked) ? liked : points.v[0].lo;
}

bool box_witness(const struct box *box, struct packet *packet)
{
	struct iset sport = box->dim[DIM_SPORT], dport = box->dim[DIM_DPORT];
	u128 *at = packet->at;
	bool v4, v6;

	if (box_is_empty(box))
		return false;
	v4 = both_have_family(box, true);
	v6 = both_have_family(box, false);
	at[DIM_SRC] = pick_address(box->dim[DIM_SRC], liked_sources, v4, v6);
	v4 = addr_is4(at[DIM_SRC]);
	at[DIM_DST] = pick_address(box->dim[DIM_DST], liked_destinations, v4, !v4);
	at[DIM_PROTO] = lowest_or(box->dim[DIM_PROTO], PROTO_TCP);

	if (at[DIM_PROTO] == PROTO_TCP || at[DIM_PROTO] == PROTO_UDP ||
	    at[DIM_PROTO] == PROTO_SCTP) {
		at[DIM_SPORT] = iset_contains(sport, 40000) ? 40000 : sport.v[sport.n - 1].hi;
		at[DIM_DPORT] = lowest_above0(dport);
	} else { /* an ICMP type and code (an echo request), or ports that mean nothing */
		at[DIM_SPORT] = lowest_or(sport, at[DIM_PROTO] == PROTO_ICMP6 ? 128 : 8);
		at[DIM_DPORT] = dport.v[0].lo;
	}
	return true;
}

bool pset_witness(const struct pset *a, struct packet *packet)
{
	return !pset_is_empty(a) && box_witness(&a->boxes.v[0], packet);
}
