/* SPDX-License-Identifier: ISC */
/* What people and devices read: the audit as text, and a change as device lines. */
#include "emitters/console.h"
#include "emitters/emitter.h"
#include "emitters/escape.h"
#include "tests/unit/sample_report.h"

#include <criterion/criterion.h>
#include <string.h>

#define LEN(table) (sizeof(table) / sizeof(*(table)))

/* The first line in which two texts differ, to be shown when a test fails. */
static void expect_text(struct str got, const char *expected, const char *name)
{
	struct str want = str_of(expected), got_line, want_line;
	bool more, wanted;
	int line = 0;

	do {
		line++;
		more = str_cut(got, '\n', &got_line, &got);
		wanted = str_cut(want, '\n', &want_line, &want);
		cr_expect(str_eq(got_line, want_line), "%s, line %d:\n got: %.*s\nwant: %.*s", name,
		          line, STR(got_line), STR(want_line));
	} while (more && wanted && str_eq(got_line, want_line));
	cr_expect(more == wanted, "%s: one text is longer", name);
}

static const char sample_text[] =
        "== edge.cfg: edge\xef\xbf\xbd, PIX 7.2(2), capture not complete\n"
        "  note: sma1 was guessed from its name\n"
        "\n"
        "  esa1: ESA 192.168.1.1 (mapped: 1.1.1.1)\n"
        "  sma1: SMA 192.168.1.2\n"
        "\n"
        "  flow                 from -> to              permitted             inspected    limits\n"
        "  esa1/smtp-in         outside -> inside       yes                   yes (esmtp)  "
        "conn-max 50,\n"
        "                                                                                  "
        "embryonic 100\n"
        "  esa1/smtp-in         dmz -> inside           unknown (not needed)  yes (esmtp)  none\n"
        "      permitted unknown (fqdn): object mx stands for mail.example.com, which only a "
        "lookup can turn\n"
        "        into addresses (edge.cfg:4)\n"
        "  esa1/smtp-out        inside -> outside, dmz  yes                   partly       none\n"
        "      inspected: from 10.1.0.0/16 to any4 port 25\n"
        "  sma1/cpq-quarantine  inside -> inside        off path: both ends are behind inside\n"
        "\n"
        "edge.cfg:10: error AM101 smtp-inspected: `inspect esmtp` of class inspection_default "
        "rewrites this\n"
        "    mail: policy global_policy is on every interface\n"
        "    10 |   inspect esmtp\n"
        "       = 2 flows: esa1/smtp-in/outside-inside, esa1/smtp-in/dmz-inside\n"
        "       = witness: packet-tracer input outside tcp 198.51.100.7 40000 1.1.1.1 25\n"
        "\n"
        "edge.cfg:2: warning AM501 invalid-command: the device refuses it: caf\xef\xbf\xbd\n"
        "     2 | enable password ***** encrypted\n"
        "\n"
        "edge.cfg:7: warning AM201 connection-cap: at most 50 connections to 1.1.1.1\n"
        "     7 | static (inside,outside) 1.1.1.1 192.168.1.1 tcp 50 100\n"
        "       = flow: esa1/smtp-in/outside-inside\n"
        "\n"
        "edge.cfg: warning AM905 appliance-absent: sma1 is on no path\n"
        "\n"
        "more.txt:3: warning AM108 module-redirect: class csc sends it to the module\n"
        "     3 |   csc fail-open\n"
        "       = in: edge.cfg\n"
        "     8 | policy-map global_policy\n"
        "       = flow: esa1/smtp-out/inside-outside\n"
        "       = not certain: the config alone does not decide it\n"
        "\n"
        "edge.cfg:11:1: warning: unknown command 0\n"
        "edge.cfg:11:1: warning: unknown command 1\n"
        "edge.cfg:11:1: warning: unknown command 2\n"
        "edge.cfg:11:1: warning: unknown command 3\n"
        "edge.cfg:11:1: warning: unknown command 4\n"
        "edge.cfg:11:1: warning: unknown command 5\n"
        "edge.cfg:11:1: warning: unknown command 6\n"
        "edge.cfg:11:1: warning: unknown command 7\n"
        "edge.cfg:11:1: warning: unknown command 8\n"
        "edge.cfg:11:1: warning: unknown command 9\n"
        "... and 2 more (-v shows all)\n"
        "\n"
        "coverage: 12 lines: 9 modelled, 1 irrelevant to mail, 2 unknown\n"
        "\n"
        "fix: asamend fix edge.cfg (with the same options) prints the commands that mend 3 "
        "findings, 1 of\n"
        "    them only with --unsafe\n"
        "\n"
        "1 firewall: 2 errors, 4 warnings, 1 suppressed, 3 skipped\n";

static const char sample_quiet[] =
        "edge.cfg:10: error AM101 smtp-inspected: `inspect esmtp` of class inspection_default "
        "rewrites this mail: policy global_policy is on every interface "
        "[esa1/smtp-in/outside-inside]\n"
        "edge.cfg:10: error AM101 smtp-inspected: `inspect esmtp` of class inspection_default "
        "rewrites this mail: policy global_policy is on every interface [esa1/smtp-in/dmz-inside]\n"
        "edge.cfg:2: warning AM501 invalid-command: the device refuses it: caf\xef\xbf\xbd\n"
        "edge.cfg:7: warning AM201 connection-cap: at most 50 connections to 1.1.1.1 "
        "[esa1/smtp-in/outside-inside]\n"
        "edge.cfg: warning AM905 appliance-absent: sma1 is on no path\n"
        "more.txt:3: warning AM108 module-redirect: class csc sends it to the module "
        "[esa1/smtp-out/inside-outside]\n"
        "edge.cfg:10: suppressed AM104 banner-masked: the banner is masked "
        "[esa1/smtp-in/outside-inside]\n";

static const char clean_text[] =
        "== fw/my edge.cfg: ASA (version not given), context admin\n"
        "\n"
        "  esa1: ESA 2001:db8::25\n"
        "\n"
        "  flow           from -> to         permitted        inspected  limits\n"
        "  esa1/smtp-in   outside -> inside  yes              no         none\n"
        "  esa1/smtp-in   dmz -> inside      no (not needed)  no         none\n"
        "  esa1/smtp-out  inside -> outside  yes              no         none\n"
        "\n"
        "clean: 2 flows: permitted, not inspected, not capped; 1 flow: not permitted (nor needed), "
        "not\n"
        "    inspected, not capped\n"
        "\n"
        "== fw/my edge.cfg: ASA (version not given), context cust-17\n"
        "\n"
        "no findings: no flow was judged, since no appliance is known here; name them with --esa "
        "and --sma or\n"
        "    in a policy file\n"
        "\n"
        "2 firewalls: no findings\n";

static const char change_cli[] =
        "! not mended: AM201: others share this static\n"
        "! esa1 is exempt from SMTP inspection; everyone else is still inspected, in\n"
        "! a class of its own\n"
        "policy-map global_policy\n"
        " class inspection_default\n"
        "  no inspect esmtp\n";

static const char rollback_cli[] = "policy-map global_policy\n"
                                   " class inspection_default\n"
                                   "  inspect esmtp\n";

Test(emit_text, whole_outputs)
{
	static const struct {
		const char *name;
		struct report *(*make)(struct arena *arena);
		enum emit_command command;
		const char *format;
		struct emit_options options;
		const char *expected;
	} cases[] = {
	        {"sample", sample_report, EMIT_AUDIT, "text", {0}, sample_text},
	        {"quiet",
	         sample_report,
	         EMIT_AUDIT,
	         "text",
	         {.quiet = true, .show_suppressed = true},
	         sample_quiet},
	        {"clean", sample_clean_report, EMIT_AUDIT, "text", {0}, clean_text},
	        {"clean, quiet", sample_clean_report, EMIT_AUDIT, "text", {.quiet = true}, ""},
	        {"change", sample_change_report, EMIT_FIX, "cli", {0}, change_cli},
	        {"rollback",
	         sample_change_report,
	         EMIT_FIX,
	         "cli",
	         {.rollback = true},
	         rollback_cli},
	};
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct arena *arena = arena_new();
		struct buf out = {.arena = arena};

		emitter_find(cases[i].command, str_of(cases[i].format))
		        ->emit(cases[i].make(arena), &cases[i].options, &out);
		expect_text(buf_str(&out), cases[i].expected, cases[i].name);
		arena_free(arena);
	}
}

/* The report with some options, in `arena`. */
static struct str text_of(struct arena *arena, const struct report *report,
                          struct emit_options options)
{
	struct buf out = {.arena = arena};

	emit_text(report, &options, &out);
	return buf_str(&out);
}

static bool has(struct str text, const char *part)
{
	return str_contains(text, str_of(part));
}

Test(emit_text, verbose_tells_all)
{
	struct arena *arena = arena_new();
	const struct report *report = sample_report(arena);
	struct str plain = text_of(arena, report, (struct emit_options){0});
	struct str verbose = text_of(arena, report,
	                             (struct emit_options){.verbose = 1, .show_suppressed = true});
	static const char *const added[] = {
	        "captured by rancid",
	        "packet-tracer input dmz tcp 198.51.100.7 40000 192.168.1.1 25\n",
	        "       = help: Many verbs are not known to it.\n",
	        "edge.cfg:11:1: note: not looked at\n",
	        "unknown command 11\n",
	        "edge.cfg:10: suppressed AM104 banner-masked: the banner is masked\n",
	        "       = suppressed: by policy (was: note), until 2027-03-01, ticket CHG123",
	};
	size_t i;

	for (i = 0; i < LEN(added); i++) {
		cr_expect(has(verbose, added[i]), "with -v: %s", added[i]);
		cr_expect(!has(plain, added[i]), "without -v: %s", added[i]);
	}
	cr_expect(!has(verbose, "more (-v"));
	cr_expect(!has(verbose, "secret"));
	arena_free(arena);
}

/* Colour adds escape sequences and takes nothing away: verdicts are words. */
Test(emit_text, color)
{
	struct arena *arena = arena_new();
	const struct report *report = sample_report(arena);
	struct str plain = text_of(arena, report, (struct emit_options){0});
	struct str color = text_of(arena, report, (struct emit_options){.color = true});
	struct buf stripped = {.arena = arena};
	size_t i;

	cr_expect(has(color, "\033[1;31merror\033[0m"));
	for (i = 0; i < color.n; i++) {
		if (color.s[i] == '\033')
			while (color.s[i] != 'm')
				i++;
		else
			buf_char(&stripped, color.s[i]);
	}
	cr_expect(str_eq(buf_str(&stripped), plain));
	arena_free(arena);
}

/* What only one flow has to say is not lost when findings are told together. */
Test(emit_text, merged_messages)
{
	struct arena *arena = arena_new();
	struct report *report = sample_report(arena);
	struct str text;

	report->configs.v[0].findings.list.v[3].message = S("and from the dmz too");
	text = text_of(arena, report, (struct emit_options){0});
	cr_expect(has(text, "       = also: and from the dmz too\n       = 2 flows: esa1/"));
	arena_free(arena);
}

Test(emit_text, no_firewall)
{
	struct arena *arena = arena_new();
	struct report report = {.tool_version = "1", .summary.unreadable = 2};
	struct str text = text_of(arena, &report, (struct emit_options){0});

	cr_expect(str_eq(text, S("no firewall was audited, 2 unreadable\n")));
	arena_free(arena);
}

/* A config is called clean only if all that its flows need was decided and is so. */
Test(emit_text, not_clean)
{
	static const struct {
		const char *name;
		enum verdict permitted, inspected;
		bool on_path, broken;
		const char *expected;
	} cases[] = {
	        {"well", VERDICT_YES, VERDICT_NO, true, false, "\nclean: 1 flow: permitted, not"},
	        {"blocked", VERDICT_NO, VERDICT_NO, true, false,
	         "\nno findings: 1 flow: not permitted,"},
	        {"inspected", VERDICT_YES, VERDICT_YES, true, false,
	         "\nno findings: 1 flow: permitted, inspected,"},
	        {"undecided", VERDICT_YES, VERDICT_UNKNOWN, true, false,
	         "\nno findings: 1 flow: permitted, inspection unknown,"},
	        {"off path", VERDICT_YES, VERDICT_NO, false, false,
	         "\nno findings: 1 flow: off path\n"},
	        {"broken", VERDICT_YES, VERDICT_NO, true, true,
	         "\nno findings: 1 flow: permitted, not inspected, not capped; but see the errors "
	         "in the input\n"},
	};
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct arena *arena = arena_new();
		struct report *report = sample_clean_report(arena);
		struct config_report *config = &report->configs.v[0];
		struct str text;

		config->flows.n = 1;
		config->flows.v[0].permitted = cases[i].permitted;
		config->flows.v[0].inspected = cases[i].inspected;
		config->flows.v[0].on_path = cases[i].on_path;
		if (cases[i].broken)
			diag_add(arena, &config->diags, SEVERITY_ERROR, (struct span){0}, "broken");
		text = text_of(arena, report, (struct emit_options){0});
		cr_expect(has(text, cases[i].expected), "%s:\n%.*s", cases[i].name, STR(text));
		arena_free(arena);
	}
}

/* Nothing of the input can end a line or reach the terminal as a control sequence. */
Test(emit_text, escapes)
{
	static const struct {
		const char *in, *utf8, *line, *shell;
	} cases[] = {
	        {"", "", "", "''"},
	        {"edge-1/fw.cfg", "edge-1/fw.cfg", "edge-1/fw.cfg", "edge-1/fw.cfg"},
	        {"a b", "a b", "a b", "'a b'"},
	        {"it's", "it's", "it's", "'it'\\''s'"},
	        {"\033[2J\n", "\033[2J\n", "?[2J?", "'\033[2J\n'"},
	        {"\xc3\xa9", "\xc3\xa9", "\xc3\xa9", "'\xc3\xa9'"},
	        {"\xe9", "\xef\xbf\xbd", "\xef\xbf\xbd", "'\xe9'"},
	        {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd", "'\xc0\xaf'"},
	        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
	         "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "'\xed\xa0\x80'"},
	        {"\xf0\x9f\x94\xa5", "\xf0\x9f\x94\xa5", "\xf0\x9f\x94\xa5", "'\xf0\x9f\x94\xa5'"},
	        {"\xf0\x9f", "\xef\xbf\xbd\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd", "'\xf0\x9f'"},
	        {"\xc2\x9b", "\xc2\x9b", "?", "'\xc2\x9b'"},
	};
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct str in = str_of(cases[i].in);

		cr_expect(str_eq(escape_utf8(arena, in), str_of(cases[i].utf8)), "utf8 %zu", i);
		cr_expect(str_eq(escape_line(arena, in), str_of(cases[i].line)), "line %zu", i);
		cr_expect(str_eq(escape_shell(arena, in), str_of(cases[i].shell)), "shell %zu", i);
	}
	arena_free(arena);
}

Test(emit_text, wrapping)
{
	struct arena *arena = arena_new();
	struct buf out = {.arena = arena};
	struct console console = {.out = &out, .indent = 4};
	struct str word;
	int i;

	console_put(&console, STYLE_PLAIN, S("edge.cfg:1:"));
	for (i = 0; i < 40; i++) {
		console_space(&console);
		console_wrap(&console, STYLE_PLAIN, S("  words\n here "));
	}
	console_end(&console);
	for (struct str rest = buf_str(&out); str_cut(rest, '\n', &word, &rest);) {
		cr_expect(word.n <= CONSOLE_WIDTH && word.n > 0, "%zu columns", word.n);
		cr_expect(word.s[word.n - 1] != ' ', "a blank at the end");
		cr_expect(str_starts(word, S("edge.cfg")) || str_starts(word, S("    words")) ||
		          str_starts(word, S("    here")));
	}
	console_gap(&console);
	console_gap(&console);
	console_wrap(&console, STYLE_PLAIN, S("end"));
	cr_expect(str_ends(buf_str(&out), S("here\n\nend")));
	arena_free(arena);
}

Test(emit_text, formats)
{
	static const struct {
		enum emit_command command;
		const char *names[5];
	} cases[] = {
	        {EMIT_AUDIT, {"text", "json"}},
	        {EMIT_FIX, {"cli", "ticket", "html", "json"}},
	};
	size_t i, n;

	for (i = 0; i < LEN(cases); i++)
		for (n = 0; cases[i].names[n]; n++) {
			struct str name = str_of(cases[i].names[n]);

			cr_assert(emitter_find(cases[i].command, name));
			cr_expect(emitter_nth(cases[i].command, n) ==
			          emitter_find(cases[i].command, name));
		}
	cr_expect(!emitter_find(EMIT_AUDIT, S("cli")));
	cr_expect(!emitter_find(EMIT_FIX, S("")));
	cr_expect(emitter_find(EMIT_AUDIT, S("json"))->emit == emit_json);
	cr_expect(emitter_find(EMIT_FIX, S("json"))->emit == emit_change_json);
}
