/* SPDX-License-Identifier: ISC */
/* String views, suggestions, output buffers. */
#include "model/str.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define NIL        ((struct str){NULL, 0})
#define LEN(table) (sizeof(table) / sizeof(*(table)))

Test(str, compare)
{
	static const struct {
		const char *a, *b;
		int order;
		bool eq_nocase;
	} cases[] = {
	        {"", "", 0, true},       {"a", "", 1, false},          {"a", "a", 0, true},
	        {"a", "b", -1, false},   {"a", "ab", -1, false},       {"B", "a", -1, false},
	        {"A", "a", -1, true},    {"ESMTP", "esmtp", -1, true}, {"[", "{", -1, false},
	        {"\xff", "a", 1, false}, {"@", "`", -1, false},        {"\xc4", "\xe4", -1, false},
	};
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct str a = str_of(cases[i].a), b = str_of(cases[i].b);
		int ab = str_cmp(a, b), ba = str_cmp(b, a);

		cr_expect((ab > 0) - (ab < 0) == cases[i].order, "'%.*s' '%.*s'", STR(a), STR(b));
		cr_expect((ba > 0) - (ba < 0) == -cases[i].order, "'%.*s' '%.*s'", STR(b), STR(a));
		cr_expect(str_eq(a, b) == (cases[i].order == 0), "'%.*s' '%.*s'", STR(a), STR(b));
		cr_expect(str_eq_nocase(a, b) == cases[i].eq_nocase, "'%.*s' '%.*s'", STR(a),
		          STR(b));
	}
	cr_expect(str_eq(NIL, S("")) && str_cmp(NIL, S("")) == 0 && str_eq_nocase(NIL, S("")));
	cr_expect(str_of(NULL).n == 0);
}

Test(str, parts)
{
	static const struct {
		const char *s, *part;
		bool starts, ends, contains;
	} cases[] = {
	        {"", "", true, true, true},       {"abc", "", true, true, true},
	        {"", "a", false, false, false},   {"abc", "abc", true, true, true},
	        {"abc", "ab", true, false, true}, {"abc", "bc", false, true, true},
	        {"abc", "b", false, false, true}, {"abc", "abcd", false, false, false},
	        {"aab", "ab", false, true, true}, {"abc", "ac", false, false, false},
	};
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct str s = str_of(cases[i].s), part = str_of(cases[i].part);

		cr_expect(str_starts(s, part) == cases[i].starts, "starts, case %zu", i);
		cr_expect(str_ends(s, part) == cases[i].ends, "ends, case %zu", i);
		cr_expect(str_contains(s, part) == cases[i].contains, "contains, case %zu", i);
	}
	cr_expect(str_starts(NIL, NIL) && str_ends(NIL, NIL) && str_contains(NIL, NIL));
}

Test(str, trim)
{
	static const char *const cases[][2] = {
	        {"", ""},     {" ", ""},      {"a", "a"},
	        {" a", "a"},  {"a\r\n", "a"}, {"\t a b \t\r\n", "a b"},
	        {"\v", "\v"},
	};
	size_t i;

	for (i = 0; i < LEN(cases); i++)
		cr_expect(str_eq(str_trim(str_of(cases[i][0])), str_of(cases[i][1])), "case %zu",
		          i);
	cr_expect(str_trim(NIL).n == 0);
}

Test(str, cut)
{
	static const struct {
		const char *s, *head, *tail;
		bool found;
	} cases[] = {
	        {"", "", "", false},   {"a", "a", "", false}, {"a=b", "a", "b", true},
	        {"=b", "", "b", true}, {"a=", "a", "", true}, {"a=b=c", "a", "b=c", true},
	        {"=", "", "", true},
	};
	struct str head, tail;
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		bool found = str_cut(str_of(cases[i].s), '=', &head, &tail);

		cr_expect(found == cases[i].found, "case %zu", i);
		cr_expect(str_eq(head, str_of(cases[i].head)), "case %zu: head", i);
		cr_expect(str_eq(tail, str_of(cases[i].tail)), "case %zu: tail", i);
	}
	cr_expect(!str_cut(NIL, '=', &head, &tail));
	tail = S("a,b,c"); /* in place: *tail may be the view that is cut */
	cr_expect(str_cut(tail, ',', &head, &tail) && str_cut(tail, ',', &head, &tail));
	cr_expect(str_eq(head, S("b")) && str_eq(tail, S("c")));
}

Test(str, number)
{
	static const struct {
		const char *s;
		uint64_t max;
		bool good;
		uint64_t value;
	} cases[] = {
	        {"0", 0, true, 0},
	        {"1", 0, false, 0},
	        {"", 9, false, 0},
	        {"65535", 65535, true, 65535},
	        {"65536", 65535, false, 0},
	        {"0025", 65535, true, 25},
	        {"+1", 9, false, 0},
	        {"-1", 9, false, 0},
	        {"1 ", 9, false, 0},
	        {" 1", 9, false, 0},
	        {"1a", 99, false, 0},
	        {"0x1", 99, false, 0},
	        {"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
	        {"18446744073709551616", UINT64_MAX, false, 0},
	        {"184467440737095516150", UINT64_MAX, false, 0},
	};
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		uint64_t value = 0;
		bool good = str_number(str_of(cases[i].s), cases[i].max, &value);

		cr_expect(good == cases[i].good, "'%s'", cases[i].s);
		cr_expect(value == cases[i].value, "'%s'", cases[i].s);
	}
}

Test(str, hash)
{
	cr_expect(str_hash(S("")) == 0xcbf29ce484222325u);
	cr_expect(str_hash(S("a")) == 0xaf63dc4c8601ec8cu);
	cr_expect(str_hash(S("foobar")) == 0x85944171f73967e8u);
}

Test(str, copies)
{
	struct arena *arena = arena_new();
	struct str text = S("inspect esmtp"), copy = str_copy(arena, text);

	cr_expect(str_eq(copy, text) && copy.s != text.s && copy.s[copy.n] == '\0');
	cr_expect(strcmp(str_cstr(arena, (struct str){text.s, 7}), "inspect") == 0);
	cr_expect(str_cstr(arena, NIL)[0] == '\0');
	cr_expect(str_eq(str_printf(arena, "%.*s:%d", STR(copy), 25), S("inspect esmtp:25")));
	cr_expect(str_eq(str_printf(arena, "%s", ""), S("")));
	arena_free(arena);
}

Test(str, nearest)
{
	static const struct str words[] = {
	        S("inspect"), S("policy-map"), S("class-map"), S("access-list"), S("nat"), S(""),
	};
	static const struct {
		const char *word;
		int nearest;
	} cases[] = {
	        {"inspect", 0},
	        {"INSPECT", 0},
	        {"inpsect", 0},   /* two letters swapped */
	        {"inspct", 0},    /* one left out */
	        {"innspecct", 0}, /* two too many */
	        {"insXXXt", -1},  /* too far */
	        {"polcy-mpa", 1},
	        {"clas-map", 2},
	        {"acces-lst", 3},
	        {"acl", -1},
	        {"nta", 4},
	        {"na", 4},
	        {"net", 4},
	        {"nett", -1},
	        {"x", -1},
	        {"", -1},
	        {"inspectinspectinspectinspectinspectinspectinspect", -1},
	};
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		int nearest = str_nearest(str_of(cases[i].word), words, LEN(words));

		cr_expect(nearest == cases[i].nearest, "'%s': %d", cases[i].word, nearest);
	}
	cr_expect(str_nearest(S("nat"), NULL, 0) == -1);
	/* The nearest wins, of equals the first. */
	cr_expect(str_nearest(S("ports"), (struct str[]){S("port"), S("posts"), S("ports")}, 3) ==
	          2);
	cr_expect(str_nearest(S("ports"), (struct str[]){S("port"), S("posts")}, 2) == 0);
}

Test(str, buffer)
{
	struct arena *arena = arena_new();
	struct buf buf = {.arena = arena};
	char expected[20000];
	size_t n = 0;
	int i;

	cr_expect(buf_str(&buf).n == 0);
	buf_add(&buf, NIL);
	cr_expect(buf_str(&buf).n == 0);
	for (i = 0; i < 1000; i++) {
		buf_add(&buf, S("line "));
		buf_printf(&buf, "%d%s", i, i % 7 ? "" : " of many others");
		buf_char(&buf, '\n');
		n += (size_t)snprintf(expected + n, sizeof(expected) - n, "line %d%s\n", i,
		                      i % 7 ? "" : " of many others");
	}
	cr_expect(str_eq(buf_str(&buf), (struct str){expected, n}));
	n = buf.n;
	buf_printf(&buf, "%01000d", 0); /* many times the room that is left */
	cr_expect(buf.n == n + 1000);
	arena_free(arena);
}
