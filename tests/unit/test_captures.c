/* SPDX-License-Identifier: ISC */
/* What a config was captured as: contexts, prompts, paging, cut ends, odd bytes, secrets; and what
 * is no config. */
#include <criterion/criterion.h>

#include "tests/unit/reading.h"

/* --- captures --------------------------------------------------------------------------- */

Test(captures, prompts_and_contexts)
{
	static const char text[] = "fw/admin/act# changeto context c1\r\n"
	                           "fw/c1/act# show run\r\n: Saved\r\n"
	                           "ASA Version 9.1(5) <context>\r\nhostname one\r\n"
	                           "access-list A extended permit ip any any\r\n: end\r\n"
	                           "fw/c1/act# changeto context c2\r\n"
	                           "fw/c2/act# show run\r\n: Saved\r\n"
	                           "ASA Version 9.1(5) <context>\r\nhostname two\r\n"
	                           "access-list B extended permit ip any any\r\n: end\r\n"
	                           "fw/c2/act# show version\r\nCisco Adaptive something\r\n"
	                           "nat is no command here\r\nfw/c2/act# exit\r\n";
	struct reading one = read_part(text, NULL, 0), two = read_part(text, NULL, 1);
	cr_expect(str_eq(one.config->context, S("c1")) && str_eq(two.config->context, S("c2")));
	cr_expect(reading_has(&one, "access-list A") && !reading_has(&one, "access-list B"));
	cr_expect(reading_has(&two, "access-list B") && !reading_has(&two, "access-list A"));
	cr_expect(one.config->coverage.unknown == 0 && two.config->coverage.unknown == 0);
	cr_expect(str_eq(two.config->capture.by, S("terminal")));
	cr_expect(two.config->capture.complete == TRI_YES);
	arena_free(one.arena);
	arena_free(two.arena);
}

Test(captures, contexts_of_oxidized)
{
	static const char text[] = "! x\nASA Version 9.1(5) <system>\nhostname sys\ncontext a\n"
	                           "  config-url disk0:/a.cfg\n\n"
	                           "----------========== [ CONTEXT a FILE disk0:/a.cfg ] "
	                           "==========----------\n\n"
	                           "ASA Version 9.1(5) <context>\nhostname h\nnames\n";
	struct arena *arena = arena_new();
	struct config_parts parts = config_split(arena, str_of(text));
	cr_assert(parts.list.n == 2);
	cr_expect(str_eq(parts.captured_by, S("oxidized")));
	cr_expect(str_eq(parts.list.v[1].context, S("a")));
	cr_expect(parts.list.v[1].first_line == 7);
	struct reading system = read_text(text);
	cr_expect(system.config->system_context && str_eq(system.config->context, S("system")));
	arena_free(system.arena);
	arena_free(arena);
}

Test(captures, paging)
{
	static const char *const texts[] = {
	        HEAD "interface Gi0/0\n nameif outside\n<--- More --->\r              \r"
	             " security-level 5\naccess-list A permit ip any any\n: end\n",
	        HEAD "interface Gi0/0\n nameif outside\n<--- More --->               "
	             "security-level 5\n<--- More --->              access-list A permit ip any "
	             "any\n: end\n",
	        HEAD "interface Gi0/0\n nameif outside\n<--- More --->\n security-level 5\n"
	             "access-list A permit ip any any\n: end\n",
	        HEAD "interface Gi0/0\n nameif outside\n<--- More --->\b\b\b   \b\b\b"
	             " security-level 5\naccess-list A permit ip any any\n: end\n",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct reading reading = read_text(texts[i]);
		cr_expect(reading_has(&reading, " nameif outside\n security-level 5\n"),
		          "case %zu:\n%.*s", i, STR(reading.dump));
		cr_expect(reading_has(&reading, "\naccess-list A permit ip any any\n"), "case %zu",
		          i);
		cr_expect(reading.config->truncations.n == 1, "case %zu", i);
		cr_expect(reading.config->capture.complete == TRI_NO, "case %zu", i);
		arena_free(reading.arena);
	}
}

Test(captures, cut_lines_are_never_joined)
{
	static const char line[] = "access-list outside_in extended permit tcp host 198.51.100.77 "
	                           "host 192.168.101.25 eq 7025";
	struct arena *arena = arena_new();
	struct str text = str_printf(arena, HEAD "%.80s\n%s\naccess-group A in interface outside\n",
	                             line, line + 80);
	struct reading reading = read_text(str_cstr(arena, text));
	cr_expect(reading.config->truncations.n == 1);
	cr_expect(reading.config->coverage.unknown == 2);
	cr_expect(!reading_has(&reading, "access-list outside_in permit"), "%.*s",
	          STR(reading.dump));
	arena_free(reading.arena);
	/* A line of the same width is nothing by itself. */
	text = str_printf(arena, HEAD "%.80s\naccess-group A in interface outside\n", line);
	expect_lines(str_cstr(arena, text), NULL, "host 192.168.101.2\n", "! not");
	arena_free(arena);
}

Test(captures, how_a_capture_ends)
{
	static const struct {
		const char *text;
		enum tristate complete;
	} cases[] = {
	        {HEAD "names\n: end\n", TRI_YES},
	        {HEAD "names\nCryptochecksum:0123456789abcdef0123456789abcdef\n", TRI_YES},
	        {HEAD "names\n", TRI_UNKNOWN},
	        {HEAD "names\nobject network A\n", TRI_NO},
	        {HEAD "names\naccess-list a extended perm", TRI_NO},
	        {HEAD "names\nERROR: % Invalid input detected\n: end\n", TRI_NO},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reading reading = read_text(cases[i].text);
		cr_expect(reading.config->capture.complete == cases[i].complete, "case %zu: %d", i,
		          (int)reading.config->capture.complete);
		arena_free(reading.arena);
	}
}

Test(captures, show_access_list_is_not_counted_twice)
{
	static const char shown[] =
	        "access-list cached ACL log flows: total 0, denied 0 (deny-flow-max 4096)\n"
	        "            alert-interval 300\n"
	        "access-list A; 2 elements; name hash: 0xedd925e1\n"
	        "access-list A line 1 extended permit tcp any object-group G eq smtp (hitcnt=0) "
	        "0x1\n"
	        "  access-list A line 1 extended permit tcp any host 10.1.1.1 eq smtp (hitcnt=0) "
	        "0x2\n"
	        "  access-list A line 1 extended permit tcp any host 10.1.1.2 eq smtp (hitcnt=0) "
	        "0x3\n"
	        "access-list A line 2 extended deny ip any any log informational interval 300 "
	        "(hitcnt=3) 0x4\n";
	static const char lines[] = "access-list A permit tcp any object-group G eq smtp\n"
	                            "access-list A deny ip any any\n";
	struct arena *arena = arena_new();
	expect_lines(shown, NULL, lines, "! not");
	expect_lines(shown, NULL, NULL, "10.1.1.1");
	struct str both = str_printf(arena,
	                             HEAD "access-list A extended permit tcp any object-group G eq "
	                                  "smtp\naccess-list A extended deny ip any any\n"
	                                  "fw# show access-list\n%s",
	                             shown);
	expect_lines(str_cstr(arena, both), NULL, lines, "deny ip any any\naccess-list A permit");
	arena_free(arena);
}

Test(captures, banners)
{
	expect_counts(HEAD "banner login Authorised users only\n   * * * logged * * *\n"
	                   "Disconnect NOW\nnames\n",
	              0, 0);
	expect_lines(HEAD "banner motd ^C\naccess-list X permit ip any any\n^C\nnames\n", NULL,
	             NULL, "access-list X");
	expect_counts(HEAD "banner login x\nnames\nDisconnect NOW\n", 1, 0);
}

Test(captures, odd_bytes)
{
	static const char text[] = HEAD "\f\naccess-list A remark caf\351 \001\n"
	                                "access-list A permit ip any any\n";
	expect_lines(text, NULL, "access-list A permit ip any any\n", "! not");
	expect_lines("\357\273\277" HEAD "hostname x\n", NULL, ": asa 9.8(4)", NULL);
}

/* --- secrets ---------------------------------------------------------------------------- */

Test(captures, secrets_are_never_quoted)
{
	static const char *const lines[] = {
	        "enable password SeCrEt encrypted",
	        "passwd SeCrEt encrypted",
	        "username bob password SeCrEt privilege 15",
	        "snmp-server community SeCrEt",
	        "snmp-server host inside 10.1.1.1 community SeCrEt version 2c",
	        "aaa-server T (inside) host 10.1.1.1 SeCrEt timeout 5",
	        "isakmp key SeCrEt address 10.1.1.1",
	        "crypto isakmp key SeCrEt address 10.1.1.1",
	        "ntp authentication-key 1 md5 SeCrEt",
	        "failover key SeCrEt",
	        "vpdn username bob password SeCrEt",
	        "logging ftp-server 10.1.1.1 /path bob SeCrEt",
	        "radius-common-pw SeCrEt",
	        "auto-update server https://bob:SeCrEt@host/x",
	        "frob-password SeCrEt",
	        "frob bob password SeCrEt",
	        "access-list a remark the password is SeCrEt",
	        "ldap-login-password SeCrEt",
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct str text = str_printf(arena, HEAD "%s\n", lines[i]);
		struct reading reading = read_text(str_cstr(arena, text));
		struct span line = source_line(&reading.config->sources, 0, 2);
		struct str quoted = source_quote(arena, &reading.config->sources, line);
		cr_expect(!str_contains(quoted, S("SeCrEt")), "%.*s", STR(quoted));
		VEC_EACH(const struct diag, diag, &reading.config->diags.list)
			cr_expect(!str_contains(diag->message, S("SeCrEt")), "%.*s",
			          STR(diag->message));
		arena_free(reading.arena);
	}
	struct reading reading =
	        read_text(HEAD "access-list shared_in remark asamend: ignore AM101 reason author\n"
	                       "access-list shared_in extended permit ip any 10.1.1.1\n");
	cr_expect(reading.config->sources.list.v[0].secrets.n == 0);
	arena_free(reading.arena);
	arena_free(arena);
}

/* --- what is no firewall ---------------------------------------------------------------- */

Test(captures, recognised)
{
	static const struct {
		const char *text;
		bool firewall;
	} cases[] = {
	        {HEAD "hostname x\n", true},
	        {"access-group A in interface outside\nnat-control\n", true},
	        {"", false},
	        {"version 15.1\nip access-list extended A\nline vty 0 4\n", false},
	        {"<html>\n<body>\n", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reading reading = read_text(cases[i].text);
		struct str looks_like;
		cr_expect(config_recognised(reading.config, &looks_like) == cases[i].firewall,
		          "case %zu", i);
		arena_free(reading.arena);
	}
}
