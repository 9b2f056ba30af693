/* SPDX-License-Identifier: ISC */
/* Addresses: reading, writing, networks, ranges as prefixes. */
#include "model/interval.h"

#include <criterion/criterion.h>

#define LEN(table) (sizeof(table) / sizeof(*(table)))

static u128 six(uint64_t high, uint64_t low)
{
	return (u128)high << 64 | low;
}

static u128 parsed(const char *text)
{
	u128 addr = 0;

	cr_assert(addr_parse(str_of(text), &addr), "'%s'", text);
	return addr;
}

Test(address, parse4)
{
	static const struct {
		const char *text;
		uint32_t bits;
	} cases[] = {
	        {"0.0.0.0", 0},
	        {"255.255.255.255", 0xffffffff},
	        {"10.1.2.3", 0x0a010203},
	        {"010.001.02.3", 0x0a010203}, /* decimal, as an ASA reads it */
	        {"::ffff:10.1.2.3", 0x0a010203},
	        {"::ffff:a01:203", 0x0a010203},
	};
	size_t i;

	for (i = 0; i < LEN(cases); i++)
		cr_expect(parsed(cases[i].text) == addr4(cases[i].bits), "'%s'", cases[i].text);
	cr_expect(addr_is4(addr4(0)) && addr_is4(addr4(0xffffffff)));
	cr_expect(!addr_is4(ADDR4_MIN - 1) && !addr_is4(ADDR4_MAX + 1) && !addr_is4(0));
}

Test(address, parse6)
{
	static const struct {
		const char *text;
		uint64_t high, low;
	} cases[] = {
	        {"::", 0, 0},
	        {"::1", 0, 1},
	        {"1::", 0x0001000000000000, 0},
	        {"2001:db8::7", 0x20010db800000000, 7},
	        {"2001:DB8:0:0:0:0:0:7", 0x20010db800000000, 7},
	        {"1:2:3:4:5:6:7:8", 0x0001000200030004, 0x0005000600070008},
	        {"1:2:3:4:5:6:7::", 0x0001000200030004, 0x0005000600070000},
	        {"::1.2.3.4", 0, 0x01020304},
	        {"64:ff9b::192.0.2.33", 0x0064ff9b00000000, 0xc0000221},
	        {"1111:2222:3333:4444:5555:6666:255.255.255.255", 0x1111222233334444,
	         0x55556666ffffffff},
	};
	size_t i;

	for (i = 0; i < LEN(cases); i++)
		cr_expect(parsed(cases[i].text) == six(cases[i].high, cases[i].low), "'%s'",
		          cases[i].text);
}

Test(address, refused)
{
	static const char *const cases[] = {
	        "",
	        "1",
	        "1.2.3",
	        "1.2.3.",
	        "1.2.3.4.",
	        "1.2.3.4.5",
	        ".1.2.3",
	        "1..2.3",
	        "256.1.1.1",
	        "1.2.3.256",
	        "1.2.3.4 ",
	        " 1.2.3.4",
	        "1.2.3.4a",
	        "1.2.3.-4",
	        "1.2.3.+4",
	        "1.2.3.0004",
	        "0x1.2.3.4",
	        "1.2.3.4/24",
	        ":",
	        ":::",
	        "1::2::3",
	        "1:2:3:4:5:6:7",
	        "12345::",
	        "g::",
	        "1:2:3:4:5:6:7:8:9",
	        "::1%eth0",
	        "::1 ",
	        "::1.2.3.256",
	        "any",
	        "fe80::/10",
	        "1111:2222:3333:4444:5555:6666:255.255.255.255.255.255",
	};
	u128 addr;
	size_t i;

	for (i = 0; i < LEN(cases); i++)
		cr_expect(!addr_parse(str_of(cases[i]), &addr), "'%s'", cases[i]);
	cr_expect(!addr_parse((struct str){NULL, 0}, &addr));
	cr_expect(!addr_parse(S("::1\0"), &addr));
	cr_expect(!addr_parse(S("1.2.3.4\0"), &addr));
}

Test(address, text)
{
	static const struct {
		uint64_t high, low;
		const char *text;
	} cases[] = {
	        {0, 0xffff00000000, "0.0.0.0"},
	        {0, 0xffffffffffff, "255.255.255.255"},
	        {0, 0xffff0a010203, "10.1.2.3"},
	        {0, 0, "::"},
	        {0, 1, "::1"},
	        {0x0001000000000000, 0, "1::"},
	        {0, 0x01020304, "::102:304"},
	        {0, 0xfffeffffffff, "::fffe:ffff:ffff"},
	        {0x20010db800000000, 7, "2001:db8::7"},
	        {0x20010db800000001, 0x0001000100010001, "2001:db8:0:1:1:1:1:1"}, /* one group */
	        {0x20010db800000000, 0x0001000000000001, "2001:db8::1:0:0:1"},    /* first run */
	        {0x2001000000000001, 0x0000000000000001, "2001:0:0:1::1"},        /* longest run */
	        {0x0001000200030004, 0x0005000600000000, "1:2:3:4:5:6::"},
	        {0x0000000000030004, 0x0005000600070008, "::3:4:5:6:7:8"},
	        {0xffffffffffffffff, 0xffffffffffffffff, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	};
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		u128 addr = six(cases[i].high, cases[i].low);
		struct str text = addr_text(arena, addr);

		cr_expect(str_eq(text, str_of(cases[i].text)), "'%.*s' for '%s'", STR(text),
		          cases[i].text);
		cr_expect(parsed(cases[i].text) == addr, "'%s' back", cases[i].text);
	}
	arena_free(arena);
}

Test(address, prefix)
{
	static const struct {
		const char *text, *lo, *hi; /* lo NULL: refused */
	} cases[] = {
	        {"10.1.2.3", "10.1.2.3", "10.1.2.3"},
	        {"10.1.2.3/32", "10.1.2.3", "10.1.2.3"},
	        {"10.1.2.3/24", "10.1.2.0", "10.1.2.255"},
	        {"10.1.2.3/0", "0.0.0.0", "255.255.255.255"},
	        {"2001:db8::7/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
	        {"2001:db8::7/128", "2001:db8::7", "2001:db8::7"},
	        {"::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	        {"10.1.2.3/33", NULL, NULL},
	        {"::/129", NULL, NULL},
	        {"10.1.2.3/", NULL, NULL},
	        {"/24", NULL, NULL},
	        {"10.1.2/24", NULL, NULL},
	        {"10.1.2.0/24/24", NULL, NULL},
	        {"10.1.2.0/255.255.255.0", NULL, NULL},
	        {"", NULL, NULL},
	};
	struct range range;
	bool exact;
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		bool good = addr_parse_prefix(str_of(cases[i].text), &range);

		cr_expect(good == (cases[i].lo != NULL), "'%s'", cases[i].text);
		if (good && cases[i].lo)
			cr_expect(range.lo == parsed(cases[i].lo) &&
			                  range.hi == parsed(cases[i].hi),
			          "'%s'", cases[i].text);
	}
	cr_expect(addr_prefix(parsed("10.0.0.0"), 8, &range, &exact) && exact);
	cr_expect(addr_prefix(parsed("10.0.0.1"), 8, &range, &exact) && !exact);
	cr_expect(!addr_prefix(parsed("10.0.0.1"), 33, &range, &exact));
	cr_expect(addr_prefix(parsed("::"), 0, &range, &exact) && exact);
}

Test(address, network4)
{
	static const struct {
		const char *addr, *mask, *lo, *hi; /* lo NULL: refused */
		bool exact;
	} cases[] = {
	        {"10.1.2.0", "255.255.255.0", "10.1.2.0", "10.1.2.255", true},
	        {"10.1.2.3", "255.255.255.0", "10.1.2.0", "10.1.2.255", false},
	        {"10.1.2.3", "255.255.255.255", "10.1.2.3", "10.1.2.3", true},
	        {"0.0.0.0", "0.0.0.0", "0.0.0.0", "255.255.255.255", true},
	        {"10.0.0.0", "0.0.0.0", "0.0.0.0", "255.255.255.255", false},
	        {"10.1.2.128", "255.255.255.128", "10.1.2.128", "10.1.2.255", true},
	        {"10.1.2.0", "0.0.0.255", NULL, NULL, false}, /* a wildcard, as in IOS */
	        {"10.1.2.0", "255.0.255.0", NULL, NULL, false},
	        {"10.1.2.0", "255.255.255.1", NULL, NULL, false},
	        {"10.1.2.0", "0.255.255.255", NULL, NULL, false},
	        {"10.1.2.0", "0.0.0.1", NULL, NULL, false},
	        {"2001:db8::", "255.255.255.0", NULL, NULL, false},
	        {"10.1.2.0", "ffff::", NULL, NULL, false},
	};
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct range range;
		bool exact, good;

		good = addr_network4(parsed(cases[i].addr), parsed(cases[i].mask), &range, &exact);
		cr_expect(good == (cases[i].lo != NULL), "case %zu", i);
		if (!good || !cases[i].lo)
			continue;
		cr_expect(range.lo == parsed(cases[i].lo), "case %zu", i);
		cr_expect(range.hi == parsed(cases[i].hi), "case %zu", i);
		cr_expect(exact == cases[i].exact, "case %zu", i);
	}
}

static struct str joined(struct arena *arena, const struct cidrs *cidrs)
{
	struct buf buf = {.arena = arena};

	VEC_EACH(struct str, cidr, &cidrs->list) {
		if (buf.n)
			buf_char(&buf, ' ');
		buf_add(&buf, *cidr);
	}
	return buf_str(&buf);
}

#define LAST6 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"

Test(address, cidrs)
{
	static const struct {
		const char *lo, *hi, *text;
	} cases[] = {
	        {"10.0.0.1", "10.0.0.1", "10.0.0.1"},
	        {"10.0.0.1", "10.0.0.6", "10.0.0.1 10.0.0.2/31 10.0.0.4/31 10.0.0.6"},
	        {"10.0.0.0", "10.255.255.255", "10.0.0.0/8"},
	        {"0.0.0.0", "255.255.255.255", "0.0.0.0/0"},
	        {"0.0.0.0", "127.255.255.255", "0.0.0.0/1"},
	        {"255.255.255.254", "255.255.255.255", "255.255.255.254/31"},
	        {"0.0.0.1", "0.0.0.2", "0.0.0.1 0.0.0.2"},
	        {"9.255.255.255", "10.0.1.0", "9.255.255.255 10.0.0.0/24 10.0.1.0"},
	        {"2001:db8::", "2001:db8::ff", "2001:db8::/120"},
	        {"::1", "::1", "::1"},
	        {"::2", "::5", "::2/127 ::4/127"},
	        {"8000::", LAST6, "8000::/1"},
	        {"::", LAST6, "0.0.0.0/0 ::/0"}, /* the whole line is both families */
	        {"255.255.255.255", "::1:0:0:0", "255.255.255.255 ::1:0:0:0"},
	        {"::fffe:ffff:ffff", "0.0.0.0", "0.0.0.0 ::fffe:ffff:ffff"},
	        {"::fffe:ffff:ffff", "::1:0:0:0", "0.0.0.0/0 ::fffe:ffff:ffff ::1:0:0:0"},
	};
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct range range = {parsed(cases[i].lo), parsed(cases[i].hi)};
		struct cidrs cidrs = {0};
		struct str text;

		addr_cidrs(arena, range, &cidrs);
		text = joined(arena, &cidrs);
		cr_expect(str_eq(text, str_of(cases[i].text)), "%s-%s: %.*s", cases[i].lo,
		          cases[i].hi, STR(text));
	}
	arena_free(arena);
}

Test(address, cidrs_of_sets)
{
	struct arena *arena = arena_new();
	struct iset all = iset_all(), any4 = iset_family(arena, all, true);
	struct iset any6 = iset_family(arena, all, false);
	struct iset hosts = iset_union(arena, iset_point(arena, parsed("2001:db8::7")),
	                               iset_range(arena, parsed("10.0.0.8"), parsed("10.0.0.11")));
	const struct {
		struct iset set;
		const char *text;
	} cases[] = {
	        {iset_none(), ""},
	        {all, "0.0.0.0/0 ::/0"},
	        {any4, "0.0.0.0/0"},
	        {any6, "::/0"},
	        {hosts, "10.0.0.8/30 2001:db8::7"},
	        {iset_union(arena, any6, hosts), "10.0.0.8/30 ::/0"},
	        {iset_union(arena, any4, hosts), "0.0.0.0/0 2001:db8::7"},
	        {iset_intersect(arena, any6, iset_range(arena, 0, ((u128)1 << 112) - 1)), "::/16"},
	};
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct cidrs cidrs = {0};
		struct str text;

		iset_cidrs(arena, cases[i].set, &cidrs);
		text = joined(arena, &cidrs);
		cr_expect(str_eq(text, str_of(cases[i].text)), "case %zu: %.*s", i, STR(text));
	}
	arena_free(arena);
}

/* Prefixes of random ranges: they cover it without gap or overlap, and no two could be one. */
Test(address, cidrs_are_exact)
{
	uint32_t seed = 7;
	int round;

	for (round = 0; round < 2000; round++) {
		struct arena *arena = arena_new();
		struct cidrs cidrs = {0};
		struct range range, part, before = {0, 0};
		u128 expect;
		bool good = true;

		seed = seed * 1664525u + 1013904223u;
		range.lo = addr4(seed >> 8);
		if (round % 2)
			range.lo = (u128)seed << 96 | seed >> (seed % 32);
		range.hi = range.lo + (seed >> (seed % 32)) % 100000;
		expect = range.lo;
		addr_cidrs(arena, range, &cidrs);
		VEC_EACH(struct str, cidr, &cidrs.list) {
			good = good && addr_parse_prefix(*cidr, &part) && part.lo == expect;
			if (part.hi - part.lo == before.hi - before.lo && expect != range.lo)
				good = good && (before.lo & (before.hi - before.lo + 1)) != 0;
			expect = part.hi + 1;
			before = part;
		}
		cr_expect(good && expect == range.hi + 1, "round %d", round);
		arena_free(arena);
	}
}
