/* SPDX-License-Identifier: ISC */
/* Reading configs: a text, perhaps a change on top of it, and lines of the model's dump. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/unit/reading.h"

/* --- modes ------------------------------------------------------------------------------ */

static const char indented[] = HEAD "interface Ethernet0/0\n"
                                    " nameif outside\n"
                                    " security-level 0\n"
                                    " ip address 192.0.2.1 255.255.255.0\n"
                                    "!\n"
                                    "object-group network ESA\n"
                                    " description gateways\n"
                                    " network-object host 10.1.1.25\n"
                                    "aaa-server T protocol tacacs+\n"
                                    "timeout conn 2:00:00\n"
                                    "class-map esa\n"
                                    " match port tcp eq smtp\n"
                                    "policy-map type inspect dns preset_dns_map\n"
                                    " parameters\n"
                                    "  message-length maximum 512\n"
                                    "policy-map global_policy\n"
                                    " class esa\n"
                                    "  set connection conn-max 100\n"
                                    " class class-default\n"
                                    "  inspect esmtp\n"
                                    "!\n"
                                    "service-policy global_policy global\n";

/* The same text with what stands before each line taken away, or put there. */
static const char *reindent(struct arena *arena, const char *text, bool keep, const char *before)
{
	struct buf out = {.arena = arena};
	for (const char *line = text; *line;) {
		size_t blanks = keep ? 0 : strspn(line, " "), len = strcspn(line, "\n");
		buf_add(&out, str_of(before));
		buf_add(&out, (struct str){line + blanks, len - blanks});
		buf_char(&out, '\n');
		line += len + 1;
	}
	return str_cstr(arena, buf_str(&out));
}

Test(reader, lost_indentation_changes_nothing)
{
	struct arena *arena = arena_new();
	expect_same(reindent(arena, indented, false, ""), NULL, indented);
	expect_same(reindent(arena, indented, true, "    "), NULL, indented);
	expect_same(reindent(arena, indented, true, "\t"), NULL, indented);
	expect_counts(indented, 0, 0);
	expect_counts(reindent(arena, indented, false, ""), 0, 0);
	arena_free(arena);
}

Test(reader, a_block_that_lost_its_indentation_among_others)
{
	expect_lines(HEAD "policy-map p\nclass c\ninspect esmtp\ninterface Vlan1\n nameif inside\n"
	                  "service-policy p global\n",
	             NULL, "policy-map p\n class c\n  inspect esmtp\nservice-policy p global",
	             NULL);
	expect_lines(HEAD
	             "object service S\nservice tcp destination eq smtp\nservice resetinbound\n",
	             NULL, " service tcp destination eq smtp", "! not known");
}

Test(reader, exit_and_end_leave_modes)
{
	expect_lines(HEAD "policy-map p\n class a\n  inspect esmtp\n exit\nexit\nclass-map c\nend\n"
	                  "match any\n",
	             NULL, "! not known: match any", NULL);
	expect_lines(HEAD "policy-map p\nclass a\nexit\nclass b\ninspect esmtp\n", NULL,
	             " class a\n class b\n  inspect esmtp", NULL);
}

Test(reader, unknown_lines_stay_where_they_are)
{
	struct reading reading = read_text(HEAD "object-group network G\n frob x\n"
	                                        "frobnicate y\n and more\n");
	cr_assert(reading.config->unknown_lines.n == 3);
	cr_expect(reading.config->unknown_lines.v[0].local);
	cr_expect(!reading.config->unknown_lines.v[1].local);
	cr_expect(reading.config->unknown_lines.v[2].local);
	cr_expect(reading.config->groups.v[0].members.v[0].kind == MEMBER_UNKNOWN);
	arena_free(reading.arena);
}

Test(reader, reentered_blocks_are_one)
{
	expect_same(HEAD "object network A\n host 10.1.1.1\nobject-group network G\n"
	                 " network-object object A\nobject network A\n host 10.1.1.2\n"
	                 "object-group network G\n network-object host 10.9.9.9\n"
	                 "policy-map p\n class a\n  inspect esmtp\npolicy-map p\n class a\n"
	                 "  inspect ftp\n",
	            NULL,
	            HEAD "object network A\n host 10.1.1.2\nobject-group network G\n"
	                 " network-object object A\n network-object host 10.9.9.9\n"
	                 "policy-map p\n class a\n  inspect esmtp\n  inspect ftp\n");
}

Test(reader, capitals)
{
	expect_counts(HEAD "DNS server-group DefaultDNS\n name-server 8.8.8.8\n", 0, 0);
}

/* --- replay ----------------------------------------------------------------------------- */

Test(reader, no_of_what_is_modelled)
{
	static const struct {
		const char *text, *no;
	} cases[] = {
	        {"access-list a extended permit tcp any any eq 25\n"
	         "access-list a extended deny ip any any\n",
	         "no access-list a extended deny ip any any\n"},
	        {"access-list a remark hello there\naccess-list a extended deny ip any any\n",
	         "no access-list a remark hello there\n"},
	        {"access-list a extended permit tcp any any eq 25\naccess-group a in interface "
	         "outside\n",
	         "no access-group a in interface outside\n"},
	        {"object-group network G\n network-object host 10.1.1.1\n", "object-group network "
	                                                                    "G\n no network-object "
	                                                                    "host 10.1.1.1\n"},
	        {"route outside 0.0.0.0 0.0.0.0 192.0.2.254 1\n",
	         "no route outside 0.0.0.0 0.0.0.0 192.0.2.254 1\n"},
	        {"static (inside,outside) 192.0.2.25 10.1.1.25 netmask 255.255.255.255 tcp 50 "
	         "100\n",
	         "no static (inside,outside) 192.0.2.25 10.1.1.25 netmask 255.255.255.255\n"},
	        {"nat (inside) 1 10.0.0.0 255.0.0.0\nglobal (outside) 1 interface\n",
	         "no nat (inside) 1 10.0.0.0 255.0.0.0\nno global (outside) 1 interface\n"},
	        {"nat (inside,outside) source static A B\n",
	         "no nat (inside,outside) source static A B\n"},
	        {"object network A\n host 10.1.1.1\n nat (inside,outside) static 192.0.2.5\n",
	         "object network A\n no nat (inside,outside) static 192.0.2.5\n"},
	        {"class-map c\n match any\n", "no class-map c\n"},
	        {"class-map c\n match any\n", "class-map c\n no match any\n"},
	        {"policy-map p\n class c\n  inspect esmtp m\n",
	         "policy-map p\n class c\n  no inspect esmtp m\n"},
	        {"policy-map p\n class c\n  set connection conn-max 5 per-client-max 3\n",
	         "policy-map p\n class c\n  no set connection conn-max 5\n  no set connection "
	         "per-client-max 3\n"},
	        {"policy-map p\n class c\n  set connection timeout idle 0:05:00 dcd\n",
	         "policy-map p\n class c\n  no set connection timeout idle 0:05:00 dcd\n"},
	        {"policy-map p\n class c\n  set connection advanced-options tcp-state-bypass\n",
	         "policy-map p\n class c\n  no set connection advanced-options tcp-state-bypass\n"},
	        {"policy-map p\n class c\n  police output 1000000\n  ips inline fail-open\n"
	         "  priority\n",
	         "policy-map p\n class c\n  no police output 1000000\n  no ips inline fail-open\n"
	         "  no priority\n"},
	        {"policy-map p\n class c\n", "policy-map p\n no class c\n"},
	        {"service-policy p interface outside\n", "no service-policy p interface outside\n"},
	        {"policy-map type inspect esmtp m\n match body length gt 5\n  log\n",
	         "policy-map type inspect esmtp m\n no match body length gt 5\n"},
	        {"policy-map type inspect esmtp m\n parameters\n  allow-tls\n",
	         "no policy-map type inspect esmtp m\n"},
	        {"name 10.1.1.1 esa\n", "no name 10.1.1.1 esa\n"},
	        {"same-security-traffic permit intra-interface\n",
	         "no same-security-traffic permit intra-interface\n"},
	        {"timeout conn 1:00:00\n", "no timeout conn 1:00:00\n"},
	        {"object network A\n host 10.1.1.1\n", "no object network A\n"},
	        {"object-group network G\n", "no object-group network G\n"},
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str base = str_of(cases[i].text), no = str_of(cases[i].no);
		struct str both = str_printf(arena, HEAD "%.*s", STR(base));
		struct str joined = str_printf(arena, HEAD "%.*s%.*s", STR(base), STR(no));
		struct reading with = read_text(str_cstr(arena, both));
		struct reading inside = read_text(str_cstr(arena, joined));
		struct reading applied = read_part(str_cstr(arena, both), cases[i].no, 0);
		/* In a file and as a change it is the same; and something went. */
		cr_expect(str_eq(inside.dump, applied.dump), "%s\n%.*s--- and\n%.*s", cases[i].no,
		          STR(inside.dump), STR(applied.dump));
		cr_expect(applied.dump.n < with.dump.n, "%s takes nothing away:\n%.*s", cases[i].no,
		          STR(applied.dump));
		cr_expect(applied.config->unknown_lines.n == 0 &&
		                  applied.config->invalid_lines.n == 0,
		          "%s", cases[i].no);
		/* Typed again, all is as before. */
		struct str back = str_printf(arena, "%.*s%.*s", STR(no), STR(base));
		struct reading restored =
		        read_part(str_cstr(arena, both), str_cstr(arena, back), 0);
		if (!str_starts(no, S("no access-list a remark")))
			cr_expect(str_eq(restored.dump, with.dump), "%.*s--- is not\n%.*s",
			          STR(restored.dump), STR(with.dump));
		arena_free(with.arena);
		arena_free(inside.arena);
		arena_free(applied.arena);
		arena_free(restored.arena);
	}
	arena_free(arena);
}

Test(reader, twice_is_as_once)
{
	static const char change[] =
	        "access-list X line 1 extended deny tcp any host 10.1.1.25 eq smtp\n"
	        "access-list X extended permit tcp any any eq 25\n"
	        "class-map X\n match access-list X\n"
	        "policy-map global_policy\n class inspection_default\n  no inspect esmtp\n"
	        " class X\n  inspect esmtp\n"
	        "object-group network G\n network-object host 10.1.1.25\n";
	static const char base[] = HEAD "class-map inspection_default\n match default-inspection-"
	                                "traffic\npolicy-map global_policy\n class "
	                                "inspection_default\n  inspect esmtp\n  inspect ftp\n"
	                                "service-policy global_policy global\n";
	struct arena *arena = arena_new();
	struct str twice = str_printf(arena, "%s%s", change, change);
	struct reading once = read_part(base, change, 0);
	struct reading again = read_part(base, str_cstr(arena, twice), 0);
	cr_expect(str_eq(once.dump, again.dump), "%.*s--- and\n%.*s", STR(once.dump),
	          STR(again.dump));
	arena_free(once.arena);
	arena_free(again.arena);
	arena_free(arena);
}

Test(reader, lines_at_a_place)
{
	expect_lines(
	        HEAD "access-list a extended permit tcp any any eq 1\n"
	             "access-list a extended permit tcp any any eq 2\n",
	        "access-list a line 2 extended permit tcp any any eq 3\n"
	        "access-list a line 1 remark first\n"
	        "no access-list a extended permit tcp any any eq 2\n"
	        "access-list a line 99 extended permit tcp any any eq 4\n",
	        "access-list a remark first\naccess-list a permit tcp any any eq 1\n"
	        "access-list a permit tcp any any eq 3\naccess-list a permit tcp any any eq 4\n",
	        NULL);
	expect_lines(HEAD "nat (a,b) source static A A\nnat (a,b) after-auto source static Z Z\n"
	                  "nat (a,b) 1 source static B B\nnat (a,b) source static C C\n",
	             NULL,
	             "nat (a,b) 1 source static B B\nnat (a,b) source static A A\n"
	             "nat (a,b) source static C C\nnat (a,b) after-auto source static Z Z\n",
	             NULL);
}

Test(reader, an_ace_typed_again_is_switched)
{
	expect_lines(HEAD "access-list a extended permit tcp any any eq smtp log\n",
	             "access-list a extended permit tcp any any eq 25 inactive\n",
	             "access-list a permit tcp any any eq smtp inactive\n", "eq smtp\naccess-list");
}

Test(reader, the_last_line_takes_the_access_group_along)
{
	expect_lines(HEAD
	             "access-list a extended permit ip any any\naccess-group a in interface i\n"
	             "access-list b extended permit ip any any\naccess-group b in interface j\n",
	             "no access-list a extended permit ip any any\n"
	             "access-list a extended deny ip any any\n",
	             "access-list a deny ip any any\n", "access-group a");
}

Test(reader, clear_configure)
{
	static const char base[] = HEAD "access-list a extended permit ip any any\n"
	                                "access-group a in interface i\n"
	                                "access-list b extended permit ip any any\n"
	                                "object network O\n host 10.1.1.1\n"
	                                "object-group network G\n network-object host 10.1.1.1\n"
	                                "class-map c\n match any\npolicy-map p\n class c\n"
	                                "  inspect esmtp\nservice-policy p global\n";
	expect_lines(base, "clear configure access-list a\n", "access-list b", "access-list a");
	expect_lines(base, "clear configure access-group\n", "access-list a", "access-group");
	expect_lines(base, "clear configure object id O\n", "object-group network G",
	             "object network O");
	expect_lines(base, "clear configure object-group network G\n", "object network O",
	             "object-group");
	expect_lines(base, "clear configure class-map c\n", "class-map c", NULL); /* in use */
	expect_lines(base,
	             "clear configure service-policy\nclear configure policy-map p\n"
	             "clear configure class-map c\n",
	             NULL, "c\n match any");
	expect_lines(base, "clear configure access-list nothing\n", "access-list a", NULL);
	expect_lines(base, "clear configure all\n", NULL, "access-list");
	expect_lines(base, "clear xlate\nclear access-list a counters\n", "access-list a", NULL);
	expect_counts(HEAD "clear configure interface\n", 1, 0);
	expect_lines("PIX Version 6.3(5)\naccess-list a permit ip any any\nclear access-list a\n",
	             NULL, NULL, "access-list a");
}

Test(reader, whole_lists)
{
	expect_lines("PIX Version 6.3(5)\naccess-list a permit ip any any\nno access-list a\n",
	             NULL, NULL, "access-list");
	expect_lines(HEAD "access-list a permit ip any any\nno access-list a\n", NULL,
	             "access-list a", NULL);
	expect_counts(HEAD "access-list a permit ip any any\nno access-list a\n", 0, 1);
}

/* --- lines that a device refuses -------------------------------------------------------- */

Test(reader, refused_lines)
{
	static const char *const lines[] = {
	        "class-map c\n match address a\n",
	        "class-map c\n match tcp eq 80\n",
	        "class-map c\n match any\n match access-list a\n",
	        "access-list a extended permit tcp any 10.1.1.5 255.255.255.0 eq 25\n",
	        "access-list a extended permit ip any 192.168.1.1\n",
	        "object-group network G\n network-object 10.1.1.0 0.0.0.255\n",
	        "object-group network G\nobject-group service G tcp\n",
	        "policy-map type inspect esmtp m\n match cmd verb FROB\n",
	        "policy-map type inspect esmtp m\n match body length gt 5\n  mask\n",
	        "policy-map type inspect esmtp m\n match mime encoding ebcdic\n",
	        "policy-map type inspect esmtp m\n parameters\n  special-character action reset\n",
	        "policy-map p\n class c\n  inspect esmtp\n  inspect esmtp m\n",
	        "class-map c\npolicy-map p\n class c\nno class-map c\n",
	        "service-policy p global\nservice-policy q global\n",
	        "policy-map p\n class c\n  set connection conn-max 3000000\n",
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		expect_counts(str_cstr(arena, str_printf(arena, HEAD "%s", lines[i])), 0, 1);
	arena_free(arena);
}

/* --- lines that stay unknown ------------------------------------------------------------ */

Test(reader, what_may_change_a_verdict_is_no_noise)
{
	static const char *const lines[] = {
	        "firewall transparent\n",
	        "aaa authentication match ACL inside TACACS\n",
	        "aaa authentication include tcp/0 inside 0 0 0 0 TACACS\n",
	        "interface Gi0/0\n policy-route route-map PBR\n",
	        "interface Gi0/0\n vrf forwarding RED\n",
	        "nat (a,b) source static A A frob\n",
	        "access-list a extended permit tcp any any eq frob\n",
	        "policy-map p\n class c\n  inspect frob\n",
	        "policy-map type inspect esmtp m\n match frob\n",
	};
	static const char *const harmless[] = {
	        "no firewall transparent\n",
	        "established tcp 0 0\n",
	        "established udp 0 0 permitto udp 0\n",
	        "aaa authentication include http inside 0 0 0 0 TACACS\n",
	        "interface Vlan3\n forward interface Vlan1\n",
	        "interface Vlan3\n no forward interface Vlan1\n",
	        "interface Gi0/0\n policy-route cost 1\n",
	        "interface Gi0/0\n vrf forwarding default\n",
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		expect_counts(str_cstr(arena, str_printf(arena, HEAD "%s", lines[i])), 1, 0);
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		expect_counts(str_cstr(arena, str_printf(arena, HEAD "%s", harmless[i])), 0, 0);
	arena_free(arena);
}

/* --- forms ------------------------------------------------------------------------------ */

Test(reader, pix6)
{
	expect_lines(
	        "PIX Version 6.3(5)\n"
	        "interface ethernet0 auto\ninterface ethernet0 vlan2 logical\n"
	        "interface ethernet1 auto shutdown\n"
	        "nameif ethernet0 outside security0\nnameif vlan2 dmz security50\n"
	        "ip address outside 192.0.2.1 255.255.255.0\n"
	        "ip address dmz 10.2.2.1 255.255.255.0\n"
	        "fixup protocol smtp 25-26\nno fixup protocol smtp 587\n"
	        "route outside 0 0 192.0.2.254\n"
	        "nat (inside) 1 0 0\n"
	        "static (inside,outside) 192.0.2.25 10.1.1.25 dns netmask 255.255.255.255 5 6 "
	        "norandomseq\n",
	        NULL,
	        "interface ethernet0\n nameif outside\n security-level 0\n"
	        " ip address 192.0.2.1 255.255.255.0\n"
	        "interface vlan2\n nameif dmz\n security-level 50\n"
	        " ip address 10.2.2.1 255.255.255.0\n"
	        "interface ethernet1\n shutdown\n"
	        "nat (inside) 1 0.0.0.0 0.0.0.0\n"
	        "static (inside,outside) 192.0.2.25 10.1.1.25 to 10.1.1.25 dns norandomseq tcp 5 "
	        "6\n"
	        "route outside 0.0.0.0 0.0.0.0 1\n",
	        "! not known");
	expect_lines("PIX Version 6.3(5)\nfixup protocol smtp 25\nno fixup protocol smtp\n", NULL,
	             "no fixup protocol smtp 25-25\n", "\nfixup");
}

Test(reader, fixups)
{
	static const struct {
		const char *lines, *as, *not_as;
	} cases[] = {
	        {"fixup protocol dns\n", "\nfixup protocol dns udp 53-53\n", "! not known"},
	        {"fixup protocol dns maximum-length 512\n", "\nfixup protocol dns udp 53-53\n",
	         "! not known"},
	        {"fixup protocol ftp strict 21\n", "\nfixup protocol ftp 21-21\n", "! not known"},
	        {"fixup protocol ftp 21\nfixup protocol ftp strict 21\n", "ftp 21-21\n",
	         "21-21\nfixup"},
	        {"fixup protocol h323 1720\n", "\nfixup protocol h323 1720-1720\n", "! not known"},
	        {"fixup protocol h323 ras 1718-1719\n", "h323 ras udp 1718-1719\n", "! not known"},
	        {"fixup protocol icmp error\n", "\nfixup protocol icmp error 0-0\n", "! not known"},
	        {"fixup protocol sip udp 5060\n", "\nfixup protocol sip udp 5060-5060\n",
	         "! not known"},
	        {"fixup protocol smtp\n", "\nfixup protocol smtp 25-25\n", "! not known"},
	        {"fixup protocol new-one 7-9\n", "\nfixup protocol new-one 7-9\n", "! not known"},
	        {"fixup protocol http 80\nfixup protocol http 8080\nno fixup protocol http\n",
	         "\nno fixup protocol http 80-80\n", "8080"},
	        {"no fixup protocol mgcp\n", "\nno fixup protocol mgcp udp 0-0\n", "! not known"},
	        {"fixup protocol mgcp\n", "! not known", "\nfixup"},
	        {"fixup protocol new-one\n", "! not known", "\nfixup"},
	        {"fixup protocol http 0\n", "! not known", "\nfixup"},
	        {"fixup protocol http 90-80\n", "! not known", "\nfixup"},
	        {"fixup protocol http 80 90\n", "! not known", "\nfixup"},
	        {"clear fixup\n", "\nfixup protocol smtp 25-25\n", "no fixup"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[200];
		snprintf(text, sizeof(text), "PIX Version 6.3(5)\n%s", cases[i].lines);
		expect_lines(text, NULL, cases[i].as, cases[i].not_as);
	}
}

Test(reader, ports_of_groups)
{
	static const char groups[] = HEAD "object-group service P tcp\n port-object eq smtp\n"
	                                  "object-group network N\n network-object host 10.1.1.1\n"
	                                  "object-group protocol T\n protocol-object tcp\n";
	static const struct {
		const char *line, *as;
	} cases[] = {
	        {"permit tcp object-group N object-group P any",
	         "permit tcp object-group N object-group P any"},
	        {"permit tcp any object-group N object-group P",
	         "permit tcp any object-group N object-group P"},
	        {"permit object-group T any any eq 25", "permit object-group T any any eq smtp"},
	        {"permit object-group T any object-group P object-group N eq 25",
	         "permit object-group T any object-group P object-group N eq smtp"},
	        {"permit tcp any object-group LATER any eq 25",
	         "permit tcp any object-group LATER any eq smtp"},
	        {"permit tcp any object-group LATER eq 25",
	         "permit tcp any object-group LATER eq smtp"},
	        {"deny icmp any any echo 0", "deny icmp any any 8 0"},
	        {"permit tcp any4 any6 range 25 587", "permit tcp any4 any6 range smtp 587"},
	        {"permit object tcp-smtp any any", "permit object tcp-smtp any any"},
	        {"permit tcp any host 10.1.1.1 eq smtp log 6 interval 300 time-range T inactive",
	         "permit tcp any host 10.1.1.1 eq smtp <time-range> inactive"},
	        {"permit tcp user CORP\\bob any any", "permit tcp any any <identity>"},
	        {"permit tcp security-group tag 5 any security-group name X any",
	         "permit tcp any any <identity>"},
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str text =
		        str_printf(arena, "%saccess-list a extended %s\n", groups, cases[i].line);
		struct str want = str_printf(arena, "access-list a %s\n", cases[i].as);
		expect_lines(str_cstr(arena, text), NULL, str_cstr(arena, want), "! not");
	}
	arena_free(arena);
}

Test(reader, ftd)
{
	expect_lines("NGFW Version 7.4.2\n"
	             "access-list CSM_FW_ACL_ remark rule-id 9998: PREFILTER POLICY: Default\n"
	             "access-list CSM_FW_ACL_ advanced trust tcp ifc outside any ifc dmz object A "
	             "object-group P rule-id 268435461 event-log both\n"
	             "access-list CSM_FW_ACL_ advanced deny ip any any rule-id 1 event-log "
	             "flow-start (hitcnt=0) 0x6149c43c\n"
	             "access-group CSM_FW_ACL_ global\n",
	             NULL,
	             "access-list CSM_FW_ACL_ permit tcp ifc outside any ifc dmz object A "
	             "object-group P\naccess-list CSM_FW_ACL_ deny ip any any\n",
	             "! not known");
}

Test(reader, esmtp_map)
{
	expect_lines(HEAD "policy-map type inspect esmtp m\n description x\n parameters\n"
	                  "  no mask-banner\n  allow-tls action log\n"
	                  "  mail-relay example.com action drop-connection log\n"
	                  "  special-character action log\n"
	                  " match cmd verb VRFY etrn\n  mask log\n"
	                  " match not sender-address regex class C\n  reset\n"
	                  " match MIME filename length gt 255\n  drop-connection log\n"
	                  " match cmd RCPT count gt 100\n  drop-connection log\n"
	                  " match ehlo-reply-parameter others size\n  mask\n"
	                  " match cmd verb noop\n  rate-limit 5\n",
	             NULL,
	             "policy-map type inspect esmtp m\n parameters\n  allow-tls\n  no mask-banner\n"
	             "  mail-relay example.com action drop-connection log\n"
	             "  special-character action log\n"
	             " match MIME filename length gt 255\n  drop-connection log\n"
	             " match cmd RCPT count gt 100\n  drop-connection log\n"
	             " match cmd verb VRFY etrn\n  mask log\n"
	             " match cmd verb noop\n  rate-limit\n"
	             " match ehlo-reply-parameter others size\n  mask\n"
	             " match not sender-address regex class C\n  reset\n",
	             "! not");
	expect_counts(HEAD "policy-map type inspect esmtp m\n match MIME filename length gt 255\n"
	                   "  drop-connection log\n match cmd RCPT count gt 100\n  reset\n",
	              0, 0);
}

Test(reader, typed_fixup_becomes_an_inspection)
{
	expect_lines(HEAD "class-map inspection_default\n match default-inspection-traffic\n"
	                  "policy-map global_policy\n class inspection_default\n  inspect esmtp\n"
	                  "  inspect ftp\n",
	             "no fixup protocol smtp 25\n", "inspect ftp", "inspect esmtp");
}

Test(reader, learned_default_route)
{
	expect_lines(HEAD "interface Gi0/0\n nameif outside\n ip address dhcp setroute\n", NULL,
	             "route outside 0.0.0.0 0.0.0.0 1\n", NULL);
}
