/* SPDX-License-Identifier: ISC */
/*
 * Packet sets against bitmaps on a tiny universe: every dimension is cut into a
 * few cells, random sets are made of boxes of whole cells, and one packet of
 * each combination of cells stands for all of it.
 */
#include "model/packet_set.h"

#include <criterion/criterion.h>
#include <string.h>

#define A4 ADDR4_MIN
#define Z4 ADDR4_MAX

enum { PROTOS = 3, ADDRS = 4, SPORTS = 2, DPORTS = 3 };
enum { PACKETS = PROTOS * ADDRS * ADDRS * SPORTS * DPORTS };

static const struct range protos[PROTOS] = {{0, 5}, {6, 6}, {7, 255}};
static const struct range addrs[ADDRS] = {
        {0, A4 - 1}, {A4, A4 + 9}, {A4 + 10, Z4}, {Z4 + 1, U128_MAX}};
static const struct range sports[SPORTS] = {{0, 1023}, {1024, 65535}};
static const struct range dports[DPORTS] = {{0, 24}, {25, 25}, {26, 65535}};

static const struct {
	const struct range *cells;
	unsigned n;
} universe[DIM_COUNT] = {
        [DIM_PROTO] = {protos, PROTOS}, [DIM_SRC] = {addrs, ADDRS},     [DIM_DST] = {addrs, ADDRS},
        [DIM_SPORT] = {sports, SPORTS}, [DIM_DPORT] = {dports, DPORTS},
};

/* One bool a packet of the universe. */
struct bitmap {
	bool has[PACKETS];
};

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* The i-th packet; which end of its cells is taken goes by its number too. */
static struct packet packet_of(unsigned i)
{
	struct packet packet;
	unsigned number = i;
	int d;

	for (d = 0; d < DIM_COUNT; d++) {
		struct range cell = universe[d].cells[i % universe[d].n];

		packet.at[d] = number * 7 >> d & 1 ? cell.lo : cell.hi;
		i /= universe[d].n;
	}
	return packet;
}

/* A box of random cells: about every sixteenth is empty in some dimension. */
static struct box random_box(struct arena *arena, uint32_t *seed, struct bitmap *bits)
{
	unsigned mask[DIM_COUNT], i;
	struct box box;
	int d;

	for (d = 0; d < DIM_COUNT; d++) {
		struct range ranges[ADDRS];
		uint32_t n = 0;

		do {
			mask[d] = next(seed) % (1u << universe[d].n);
		} while (mask[d] == 0 && next(seed) % 16);
		for (i = 0; i < universe[d].n; i++)
			if (mask[d] >> i & 1)
				ranges[n++] = universe[d].cells[i];
		box.dim[d] = iset_of(arena, ranges, n);
	}
	for (i = 0; i < PACKETS; i++) {
		struct packet packet = packet_of(i);
		unsigned cell = i;
		bool in = addr_is4(packet.at[DIM_SRC]) == addr_is4(packet.at[DIM_DST]);

		for (d = 0; d < DIM_COUNT; d++) {
			in = in && mask[d] >> cell % universe[d].n & 1;
			cell /= universe[d].n;
		}
		bits->has[i] = in;
	}
	return box;
}

static struct pset random_set(struct arena *arena, uint32_t *seed, struct bitmap *bits)
{
	struct pset set = {0};
	unsigned i, n = next(seed) % 5;

	memset(bits, 0, sizeof(*bits));
	while (n-- > 0) {
		struct bitmap more;
		struct box box = random_box(arena, seed, &more);

		pset_add_box(arena, &set, &box);
		for (i = 0; i < PACKETS; i++)
			bits->has[i] |= more.has[i];
	}
	return set;
}

/*
 * Whether the set has just the packets of the bitmap, each in one box only, and no box for nothing.
 */
static bool is(const struct pset *set, const struct bitmap *bits)
{
	unsigned i;

	VEC_EACH(const struct box, box, &set->boxes) {
		if (box_is_empty(box))
			return false;
	}
	for (i = 0; i < PACKETS; i++) {
		struct packet packet = packet_of(i);
		unsigned boxes = 0;

		VEC_EACH(const struct box, box, &set->boxes)
			boxes += box_contains(box, &packet);
		if (boxes != bits->has[i] || pset_contains(set, &packet) != bits->has[i])
			return false;
	}
	return true;
}

static bool has_good_witness(const struct pset *set)
{
	struct packet first, again;

	if (pset_is_empty(set))
		return !pset_witness(set, &first);
	return pset_witness(set, &first) && pset_contains(set, &first) &&
	       pset_witness(set, &again) && memcmp(&first, &again, sizeof(first)) == 0;
}

Test(packet_set, boxes)
{
	uint32_t seed = 3;
	int round;

	for (round = 0; round < 5000; round++) {
		struct arena *arena = arena_new();
		struct bitmap a, b, both, minus;
		struct box x = random_box(arena, &seed, &a), y = random_box(arena, &seed, &b), out;
		struct pset pieces = {0}, one = pset_of(arena, &x);
		struct packet packet;
		bool any = false, meets = false;
		unsigned i;

		for (i = 0; i < PACKETS; i++) {
			both.has[i] = a.has[i] && b.has[i];
			minus.has[i] = a.has[i] && !b.has[i];
			any |= a.has[i];
			meets |= both.has[i];
		}
		cr_expect(is(&one, &a), "round %d: a box", round);
		cr_expect(box_is_empty(&x) == !any, "round %d: empty", round);
		cr_expect(box_witness(&x, &packet) == any, "round %d: witness", round);
		cr_expect(!any || box_contains(&x, &packet), "round %d: witness", round);
		cr_expect(box_intersect(arena, &x, &y, &out) == meets, "round %d: meet", round);
		if (meets) {
			one = pset_of(arena, &out);
			cr_expect(is(&one, &both), "round %d: both", round);
		}
		box_subtract(arena, &x, &y, &pieces);
		cr_expect(is(&pieces, &minus), "round %d: minus", round);
		cr_expect(pieces.boxes.n <= DIM_COUNT, "round %d: pieces", round);
		arena_free(arena);
	}
}

Test(packet_set, laws)
{
	uint32_t seed = 1;
	int round;

	for (round = 0; round < 5000; round++) {
		struct arena *arena = arena_new();
		struct bitmap a, b, either, both, minus, none = {0};
		struct pset x = random_set(arena, &seed, &a), y = random_set(arena, &seed, &b);
		struct pset u = pset_union(arena, &x, &y), n = pset_intersect(arena, &x, &y);
		struct pset m = pset_subtract(arena, &x, &y), back = pset_union(arena, &m, &n);
		struct pset apart = pset_intersect(arena, &m, &y), s = pset_simplify(arena, &u);
		unsigned i;

		for (i = 0; i < PACKETS; i++) {
			either.has[i] = a.has[i] || b.has[i];
			both.has[i] = a.has[i] && b.has[i];
			minus.has[i] = a.has[i] && !b.has[i];
		}
		cr_expect(is(&x, &a) && is(&y, &b), "round %d: the sets", round);
		cr_expect(is(&u, &either), "round %d: union", round);
		cr_expect(is(&n, &both), "round %d: intersect", round);
		cr_expect(is(&m, &minus), "round %d: subtract", round);
		cr_expect(is(&apart, &none), "round %d: A\\B meets B", round);
		cr_expect(is(&back, &a), "round %d: (A\\B) u (A n B)", round);
		cr_expect(pset_equal(arena, &back, &x), "round %d: (A\\B) u (A n B)", round);
		cr_expect(pset_equal(arena, &x, &y) == !memcmp(&a, &b, sizeof(a)), "round %d",
		          round);
		cr_expect(pset_is_empty(&m) == !memcmp(&minus, &none, sizeof(none)), "round %d",
		          round);

		cr_expect(is(&s, &either), "round %d: simplify", round);
		cr_expect(s.boxes.n <= u.boxes.n, "round %d: simplify", round);
		cr_expect(pset_simplify(arena, &s).boxes.n == s.boxes.n, "round %d: twice", round);
		cr_expect(has_good_witness(&x) && has_good_witness(&m) && has_good_witness(&n) &&
		                  has_good_witness(&s),
		          "round %d: witness", round);
		arena_free(arena);
	}
}

Test(packet_set, whole)
{
	struct arena *arena = arena_new();
	struct box all = box_all(), mail = all, mixed = all, rest;
	struct pset set, joined;

	mail.dim[DIM_DPORT] = iset_point(arena, 25);
	mail.dim[DIM_PROTO] = iset_point(arena, PROTO_TCP);
	set = pset_of(arena, &all);
	cr_expect(set.boxes.n == 1 && !box_is_empty(&all));
	set = (struct pset){0};
	box_subtract(arena, &all, &mail, &set);
	cr_expect(set.boxes.n == 2);
	pset_add_box(arena, &set, &mail);
	joined = pset_simplify(arena, &set);
	cr_expect(joined.boxes.n == 1, "the pieces make one box again");
	cr_expect(pset_contains(&joined, &(struct packet){{6, addr4(1), addr4(2), 3, 25}}));
	cr_expect(!pset_contains(&joined, &(struct packet){{6, addr4(1), 2, 3, 25}}), "mixed");
	cr_expect(!pset_contains(&joined, &(struct packet){{256, addr4(1), addr4(2), 3, 25}}));

	mixed.dim[DIM_SRC] = iset_family(arena, iset_all(), true);
	mixed.dim[DIM_DST] = iset_family(arena, iset_all(), false);
	cr_expect(box_is_empty(&mixed), "no packet goes from v4 to v6");
	cr_expect(!box_intersect(arena, &all, &mixed, &rest));
	set = pset_of(arena, &mixed);
	cr_expect(pset_is_empty(&set));
	arena_free(arena);
}

static struct iset addresses(struct arena *arena, const char *list)
{
	struct str rest = str_of(list), word;
	struct iset set = iset_none();
	struct range range;

	while (rest.n) {
		str_cut(rest, ' ', &word, &rest);
		cr_assert(addr_parse_prefix(word, &range));
		if (addr_is4(range.lo))
			set = iset_union(arena, set, iset_range(arena, range.lo, range.hi));
		else
			set = iset_union(
			        arena, set,
			        iset_family(arena, iset_range(arena, range.lo, range.hi), false));
	}
	return set;
}

Test(packet_set, witness_addresses)
{
	static const struct {
		const char *src, *dst, *from, *to;
	} cases[] = {
	        {"0.0.0.0/0 ::/0", "0.0.0.0/0 ::/0", "198.51.100.7", "192.0.2.25"},
	        {"203.0.113.0/24", "10.1.1.25", "203.0.113.7", "10.1.1.25"},
	        {"192.0.2.0/24 10.0.0.0/8", "198.51.100.0/24", "192.0.2.7", "198.51.100.25"},
	        {"0.0.0.0/0 ::/0", "2001:db8:1::25", "2001:db8::7", "2001:db8:1::25"},
	        {"::/0", "::/0", "2001:db8::7", "2001:db8::25"},
	        {"10.0.0.0/8", "10.1.1.0/32", "10.0.0.1", "10.1.1.0"},
	        {"0.0.0.0 10.0.0.5", "0.0.0.0", "10.0.0.5", "0.0.0.0"},
	        {"0.0.0.0/1", "0.0.0.0/31", "0.0.0.1", "0.0.0.1"},
	        {":: fd00::/8", "::", "fd00::1", "::"},
	        {":: 10.0.0.5", "fd00::1 10.0.0.6", "10.0.0.5", "10.0.0.6"},
	        {"10.0.0.5 fd00::5", "fd00::6", "fd00::5", "fd00::6"},
	        {"10.0.0.5 198.51.100.7 fd00::5", "fd00::6", "fd00::5", "fd00::6"},
	};
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct box box = box_all();
		struct packet packet;
		struct str from, to;

		box.dim[DIM_SRC] = addresses(arena, cases[i].src);
		box.dim[DIM_DST] = addresses(arena, cases[i].dst);
		cr_assert(box_witness(&box, &packet), "case %zu", i);
		from = addr_text(arena, packet.at[DIM_SRC]);
		to = addr_text(arena, packet.at[DIM_DST]);
		cr_expect(str_eq(from, str_of(cases[i].from)), "case %zu: %.*s", i, STR(from));
		cr_expect(str_eq(to, str_of(cases[i].to)), "case %zu: %.*s", i, STR(to));
		cr_expect(box_contains(&box, &packet), "case %zu", i);
	}
	arena_free(arena);
}

Test(packet_set, witness_ports)
{
	static const struct {
		struct range proto, sport, dport;
		unsigned expect[3];
	} cases[] = {
	        {{0, 255}, {0, 65535}, {0, 65535}, {PROTO_TCP, 40000, 1}},
	        {{17, 255}, {0, 65535}, {25, 587}, {PROTO_UDP, 40000, 25}},
	        {{6, 6}, {1024, 5000}, {0, 0}, {PROTO_TCP, 5000, 0}},
	        {{132, 132}, {40001, 65535}, {7, 9}, {PROTO_SCTP, 65535, 7}},
	        {{1, 1}, {0, 65535}, {0, 65535}, {PROTO_ICMP, 8, 0}},
	        {{1, 1}, {3, 3}, {4, 4}, {PROTO_ICMP, 3, 4}},
	        {{58, 58}, {0, 65535}, {0, 65535}, {PROTO_ICMP6, 128, 0}},
	        {{50, 51}, {0, 65535}, {0, 65535}, {50, 8, 0}},
	};
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct box box = box_all();
		struct packet packet;

		box.dim[DIM_PROTO] = iset_range(arena, cases[i].proto.lo, cases[i].proto.hi);
		box.dim[DIM_SPORT] = iset_range(arena, cases[i].sport.lo, cases[i].sport.hi);
		box.dim[DIM_DPORT] = iset_range(arena, cases[i].dport.lo, cases[i].dport.hi);
		cr_assert(box_witness(&box, &packet), "case %zu", i);
		cr_expect(packet.at[DIM_PROTO] == cases[i].expect[0], "case %zu: protocol", i);
		cr_expect(packet.at[DIM_SPORT] == cases[i].expect[1], "case %zu: source", i);
		cr_expect(packet.at[DIM_DPORT] == cases[i].expect[2], "case %zu: destination", i);
	}
	arena_free(arena);
}
