/* SPDX-License-Identifier: ISC */
/* Two configs, where they differ: equal in other words, changed, and not to be decided. */
#include "analyzers/compare.h"
#include "analyzers/diff.h"
#include "parser/config_reader.h"

#include <criterion/criterion.h>

#define LEN(table) (sizeof(table) / sizeof(*(table)))

/* Every case is these lines with something behind them, on each side. */
static const char head[] = "ASA Version 9.8(4)\n"
                           "hostname fw\n"
                           "interface Ethernet0\n"
                           " nameif outside\n"
                           " security-level 0\n"
                           " ip address 192.0.2.1 255.255.255.0\n"
                           "interface Ethernet1\n"
                           " nameif inside\n"
                           " security-level 100\n"
                           " ip address 10.0.0.1 255.255.0.0\n";

static const struct config *config_of(struct arena *arena, const char *lines)
{
	struct config_input input = {S("fw.cfg"), str_printf(arena, "%s%s: end\n", head, lines)};
	struct config_parts parts = config_split(arena, input.text);
	return config_read(arena, &input, 1, &parts.list.v[0]);
}

#define GROUP_A "object-group network A\n network-object host 10.0.0.1\n"
#define GROUP_B "object-group network B\n network-object host 10.0.0.1\n"
#define IN      "access-group in in interface outside\n"
#define LINE    "access-list in extended "
#define POLICY  "policy-map p\n class c\n  inspect esmtp\nservice-policy p global\n"
#define CLASS   "class-map c\n match access-list m\n"
#define MAIL    "access-list m extended permit tcp any any eq 25\n"

enum expected { EQUAL, DIFFERS, UNDECIDED };

static const struct pair {
	const char *name, *old, *new;
	enum expected expected;
} pairs[] = {
        {"nothing", "", "", EQUAL},
        {"group renamed", GROUP_A LINE "permit tcp any object-group A eq 25\n" IN,
         GROUP_B LINE "permit tcp any object-group B eq smtp\n" IN, EQUAL},
        {"group expanded", GROUP_A LINE "permit tcp any object-group A eq 25\n" IN,
         LINE "permit tcp any host 10.0.0.1 eq 25\n" IN, EQUAL},
        {"a member more", GROUP_A LINE "permit tcp any object-group A eq 25\n" IN,
         GROUP_A " network-object host 10.0.0.2\n" LINE "permit tcp any object-group A eq 25\n" IN,
         DIFFERS},
        {"independent lines swapped",
         LINE "permit tcp any host 10.0.0.1 eq 25\n" LINE "deny tcp any host 10.0.0.2\n" IN,
         LINE "deny tcp any host 10.0.0.2\n" LINE "permit tcp any host 10.0.0.1 eq 25\n" IN, EQUAL},
        {"dependent lines swapped",
         LINE "permit tcp any host 10.0.0.1 eq 25\n" LINE "deny tcp any host 10.0.0.1\n" IN,
         LINE "deny tcp any host 10.0.0.1\n" LINE "permit tcp any host 10.0.0.1 eq 25\n" IN,
         DIFFERS},
        {"a range split", LINE "permit tcp any any range 25 26\n" IN,
         LINE "permit tcp any any eq 25\n" LINE "permit tcp any any eq 26\n" IN, EQUAL},
        {"the implicit deny spelled out", LINE "permit tcp any any eq 25\n" IN,
         LINE "permit tcp any any eq 25\n" LINE "deny ip any any\n" IN, EQUAL},
        {"list for levels", "", LINE "permit tcp any any eq 25\n" IN, DIFFERS},
        {"inactive line", LINE "permit tcp any any eq 25\n" IN,
         LINE "permit tcp any any eq 25\n" LINE "permit tcp any any eq 80 inactive\n" IN, EQUAL},
        {"the list is missing", IN, LINE "permit tcp any any eq 25\n" IN, UNDECIDED},
        {"time-range", LINE "permit tcp any any eq 25 time-range T\n" IN,
         LINE "permit tcp any any eq 25 time-range T\n" LINE "permit tcp any any eq 80\n" IN,
         DIFFERS},
        {"another time-range", LINE "permit tcp any any eq 25 time-range T\n" IN,
         LINE "permit tcp any any eq 25 time-range U\n" IN, UNDECIDED},
        {"class renamed", MAIL CLASS POLICY,
         "access-list x extended permit tcp any any eq 25\nclass-map d\n match access-list x\n"
         "policy-map q\n class d\n  inspect esmtp\nservice-policy q global\n",
         EQUAL},
        {"the same class by its port", MAIL CLASS POLICY,
         "class-map c\n match port tcp eq 25\n" POLICY, EQUAL},
        {"policy not applied", MAIL CLASS POLICY,
         MAIL CLASS "policy-map p\n class c\n  inspect esmtp\n", DIFFERS},
        {"object NAT by another name",
         "object network a\n host 10.0.0.1\n nat (inside,outside) static 192.0.2.7\n",
         "object network b\n host 10.0.0.1\n nat (inside,outside) static 192.0.2.7\n", EQUAL},
        {"object NAT to another address",
         "object network a\n host 10.0.0.1\n nat (inside,outside) static 192.0.2.7\n",
         "object network a\n host 10.0.0.1\n nat (inside,outside) static 192.0.2.8\n", DIFFERS},
        {"hairpin", "", "same-security-traffic permit intra-interface\n", DIFFERS},
        {"timeout", "timeout conn 1:00:00\n", "timeout conn 0:05:00\n", DIFFERS},
        {"route", "", "route inside 172.16.0.0 255.240.0.0 10.0.0.2 1\n", DIFFERS},
};

Test(diff, configs)
{
	for (size_t i = 0; i < LEN(pairs); i++) {
		const struct pair *pair = &pairs[i];
		struct arena *arena = arena_new();
		struct comparison comparison = {0};
		compare_configs(arena, config_of(arena, pair->old), config_of(arena, pair->new),
		                &comparison);
		bool undecided = false, decided = false;
		VEC_EACH(const struct difference, difference, &comparison.list) {
			undecided |= difference->undecided;
			decided |= !difference->undecided;
		}
		cr_expect_eq(decided, pair->expected == DIFFERS, "%s: decided %d", pair->name,
		             decided);
		cr_expect_eq(undecided, pair->expected == UNDECIDED, "%s: undecided %d", pair->name,
		             undecided);
		arena_free(arena);
	}
}

Test(diff, severity)
{
	struct arena *arena = arena_new();
	struct diff diff = {0};
	struct diff_config config = {.there = {true, true}};
	enum severity severity;
	static const struct {
		bool mail, undecided;
		enum severity severity;
	} cases[] = {{true, false, SEVERITY_ERROR},
	             {true, true, SEVERITY_WARNING},
	             {false, false, SEVERITY_NOTE},
	             {false, true, SEVERITY_NOTE}};

	VEC_PUSH(arena, &diff.configs, config);
	cr_expect_not(diff_severity(&diff, &severity), "no change is grave");
	for (size_t i = 0; i < LEN(cases); i++) {
		struct diff_change change = {.mail = cases[i].mail,
		                             .undecided = cases[i].undecided};
		diff.configs.v[0].changes.n = 0;
		VEC_PUSH(arena, &diff.configs.v[0].changes, change);
		cr_expect(diff_severity(&diff, &severity));
		cr_expect_eq(severity, cases[i].severity, "case %zu: %d", i, (int)severity);
	}
	diff.configs.v[0].there[DIFF_NEW] = false;
	diff_severity(&diff, &severity);
	cr_expect_eq(severity, SEVERITY_ERROR, "a context that is gone is grave");
	arena_free(arena);
}

/* A longest rising sequence of equal numbers. */
Test(diff, alignment)
{
	static const uint32_t a[] = {1, 2, 3, 4, 5, 3}, b[] = {2, 1, 3, 5, 4, 6, 3};
	struct arena *arena = arena_new();
	struct pairs pairs_found = same_align(arena, a, LEN(a), b, LEN(b));
	unsigned n = 0;
	uint32_t last = 0;

	for (size_t i = 0; i < LEN(a); i++) {
		uint32_t at = pairs_found.pair[SIDE_OLD][i];
		if (!at)
			continue;
		n++;
		cr_expect_eq(a[i], b[at - 1]);
		cr_expect_gt(at, last);
		cr_expect_eq(pairs_found.pair[SIDE_NEW][at - 1], i + 1);
		last = at;
	}
	cr_expect_eq(n, 4, "%u pairs", n);
	arena_free(arena);
}
