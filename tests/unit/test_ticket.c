/* SPDX-License-Identifier: ISC */
/* The ticket: its texts, its printers, and what must not come through them. */
#include "emitters/emitter.h"
#include "emitters/escape.h"
#include "emitters/ticket.h"
#include "tests/unit/sample_report.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#define LEN(table) (sizeof(table) / sizeof(*(table)))

static struct str printed(struct arena *arena, const char *format, const struct report *report)
{
	const struct emit_options options = {0};
	struct buf out = {.arena = arena};

	emitter_find(EMIT_FIX, str_of(format))->emit(report, &options, &out);
	return buf_str(&out);
}

/* A change of the sample that is done and looked at, with everything that a ticket can tell. */
/* The config as it is after the change: nothing inspects its mail. */
static const struct config_report *freed(struct arena *arena, const struct config_report *config)
{
	struct config_report *after = NEW(arena, struct config_report);

	*after = *config;
	memset(&after->flows, 0, sizeof(after->flows));
	VEC_EACH(const struct flow, flow, &config->flows) {
		struct flow now = *flow;

		now.inspected = VERDICT_NO;
		memset(&now.inspections, 0, sizeof(now.inspections));
		VEC_PUSH(arena, &after->flows, now);
	}
	return after;
}

static struct report *full_report(struct arena *arena)
{
	struct report *report = sample_change_report(arena);
	struct change *change = NEW(arena, struct change);
	struct trial trial = {S("show conn"), S("flag `M`"), S("no flag `M`"), S("")};
	struct outage outage = {.line = S("static (inside,outside) 1.1.1.1 192.168.1.1"),
	                        .whose = S("esa1")};

	*change = *report->change;
	change->after = freed(arena, &report->configs.v[0]);
	change->procedure.pasteable = true;
	change->procedure.failover = true;
	change->procedure.cryptochecksum = S("0123456789abcdef0123456789abcdef");
	change->procedure.keep = S("show running-config");
	change->procedure.leave = S("end");
	VEC_PUSH(arena, &change->procedure.trials, trial);
	VEC_PUSH(arena, &change->procedure.clears, S("clear conn address 192.168.1.1"));
	VEC_PUSH(arena, &change->procedure.outages, outage);
	report->change = change;
	return report;
}

static json_t *ticket_of(struct arena *arena, const struct report *report)
{
	struct str text = printed(arena, "json", report);
	json_t *document = json_loadb(text.s, text.n, JSON_REJECT_DUPLICATES, NULL);
	json_t *ticket = json_incref(json_object_get(document, "ticket"));

	json_decref(document);
	return ticket;
}

Test(ticket, prose)
{
	static const struct {
		const char *text, *expected; /* code in <> */
	} cases[] = {
	        {"", ""},
	        {"plain", "plain"},
	        {"`code`", "<code>"},
	        {"type `show conn` now", "type <show conn> now"},
	        {"`a` and `b`", "<a> and <b>"},
	        {"an odd ` stays", "an odd ` stays"},
	        {"`a` and ` b", "<a> and ` b"},
	        {"no \x0e marks \x0f from outside", "no ? marks ? from outside"},
	        {"``", ""},
	};
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct str text = ticket_prose(arena, str_of(cases[i].text)), run;
		struct buf out = {.arena = arena};
		bool code;

		while (ticket_run(&text, &run, &code))
			if (run.n)
				buf_printf(&out, code ? "<%.*s>" : "%.*s", STR(run));
		cr_expect(str_eq(buf_str(&out), str_of(cases[i].expected)), "%s: %.*s",
		          cases[i].text, STR(buf_str(&out)));
	}
	arena_free(arena);
}

Test(ticket, plain)
{
	struct arena *arena = arena_new();
	struct str text = S("type " CODE("show conn") ".");

	cr_expect(str_eq(ticket_plain(arena, text, true), S("type `show conn`.")));
	cr_expect(str_eq(ticket_plain(arena, text, false), S("type show conn.")));
	arena_free(arena);
}

/* Characters count, not bytes; none is cut in two. */
Test(ticket, shortened)
{
	struct arena *arena = arena_new();

	cr_expect(str_eq(ticket_shortened(arena, S("four"), 4), S("four")));
	cr_expect(str_eq(ticket_shortened(arena, S("fives"), 4), S("fiv\xe2\x80\xa6")));
	cr_expect(str_eq(ticket_shortened(arena, S("\xc3\xa9\xc3\xa9\xc3\xa9"), 2),
	                 S("\xc3\xa9\xe2\x80\xa6")));
	arena_free(arena);
}

Test(ticket, short_description_fits)
{
	struct arena *arena = arena_new();
	struct report *report = full_report(arena);
	struct buf name = {.arena = arena};
	const char *short_description;
	json_t *ticket;
	int i;

	for (i = 0; i < 300; i++)
		buf_add(&name, S("\xc3\xa9"));
	report->configs.v[0].hostname = buf_str(&name);
	ticket = ticket_of(arena, report);
	short_description = json_string_value(json_object_get(ticket, "short_description"));
	cr_expect(escape_width(str_of(short_description)) == SHORT_DESCRIPTION_MAX);
	json_decref(ticket);
	arena_free(arena);
}

Test(ticket, dates)
{
	static const struct {
		const char *given, *expected;
	} cases[] = {
	        {"2027-03-01T22:00Z", "2027-03-01 22:00:00"},
	        {"2027-03-01T22:00:30Z", "2027-03-01 22:00:30"},
	        {"2027-03-01T22:00", "2027-03-01 22:00:00"},
	        {"2027-03-01T00:30+01:00", "2027-02-28 23:30:00"},
	        {"2028-02-29T23:30-01:45", "2028-03-01 01:15:00"},
	        {"2027-01-01T00:00+00:01", "2026-12-31 23:59:00"},
	};
	struct arena *arena = arena_new();
	struct report *report = full_report(arena);
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		json_t *ticket, *date;

		report->request.start = str_of(cases[i].given);
		ticket = ticket_of(arena, report);
		date = json_object_get(ticket, "start_date");
		cr_expect_str_eq(json_string_value(date), cases[i].expected);
		cr_expect(json_is_null(json_object_get(ticket, "end_date")));
		json_decref(ticket);
	}
	arena_free(arena);
}

/* What belongs into which column. */
Test(ticket, columns)
{
	static const struct {
		const char *column, *has;
	} cases[] = {
	        {"number", "CHG7"},
	        {"cmdb_ci", "edge"},
	        {"description", "esa1 smtp-in"},
	        {"risk_impact_analysis", "Outage expected: yes"},
	        {"risk_impact_analysis", "V-239869"},
	        {"risk_impact_analysis", "The rollback restores"},
	        {"implementation_plan", "show failover"},
	        {"implementation_plan", "0123456789abcdef0123456789abcdef"},
	        {"implementation_plan", "\n  no inspect esmtp\n"},
	        {"implementation_plan", "clear conn address 192.168.1.1"},
	        {"implementation_plan", "write memory"},
	        {"test_plan", "flag `M`"},
	        {"backout_plan", "\n  inspect esmtp\n"},
	};
	struct arena *arena = arena_new();
	struct report *report = full_report(arena);
	json_t *ticket;
	size_t i;

	report->request.id = S("CHG7");
	ticket = ticket_of(arena, report);
	for (i = 0; i < LEN(cases); i++) {
		const char *text = json_string_value(json_object_get(ticket, cases[i].column));

		cr_assert(text, "%s", cases[i].column);
		cr_expect(strstr(text, cases[i].has), "%s: %s", cases[i].column, cases[i].has);
	}
	json_decref(ticket);
	arena_free(arena);
}

/* A name in any place must stay text. */
Test(ticket, hostile_names)
{
	static const char *const formats[] = {"html", "ticket"};
	static const char hostile[] = "</code></pre><script>x</script>\"'&|`*_\x1b\x0e\xff";
	struct arena *arena = arena_new();
	struct report *report = full_report(arena);
	struct change *change = NEW(arena, struct change);
	size_t i;

	*change = *report->change;
	report->change = change;
	report->configs.v[0].hostname = str_of(hostile);
	report->configs.v[0].context = str_of(hostile);
	report->configs.v[0].version = str_of(hostile);
	report->configs.v[0].path = str_of(hostile);
	report->request.id = str_of(hostile);
	change->procedure.cryptochecksum = str_of(hostile);
	change->unmended.v[0].why = str_of(hostile);
	change->procedure.outages.v[0].whose = str_of(hostile);
	change->procedure.trials.v[0].after = str_of(hostile);
	report->configs.v[0].flows.v[0].from = str_of(hostile);
	for (i = 0; i < LEN(formats); i++) {
		struct str text = printed(arena, formats[i], report);
		bool html = i == 0;

		cr_expect(!memchr(text.s, 0x1b, text.n), "%s", formats[i]);
		cr_expect(!memchr(text.s, 0x0e, text.n), "%s", formats[i]);
		cr_expect(!memchr(text.s, 0xff, text.n), "%s", formats[i]);
		cr_expect(!html || !str_contains(text, S("<script>x")));
		cr_expect(!html || !str_contains(text, S("'&|")));
	}
	arena_free(arena);
}

/* No proof, no appliances, nothing to do: each is said, nothing is claimed. */
Test(ticket, says_what_there_is)
{
	static const struct change nothing = {.safe = true};
	struct arena *arena = arena_new();
	struct report *report = sample_clean_report(arena);
	struct change *change = NEW(arena, struct change);
	struct str text;

	report->change = &nothing;
	text = printed(arena, "ticket", report);
	cr_expect(str_contains(text, S("Nothing is to be done")));
	cr_expect(!str_contains(text, S("Step 3")));
	report = full_report(arena);
	*change = *report->change;
	change->check = (struct change_check){0};
	report->change = change;
	text = printed(arena, "ticket", report);
	cr_expect(str_contains(text, S("Nothing was proved of this change")));
	cr_expect(!str_contains(text, S("proved over all packets")));
	report->change = NULL;
	printed(arena, "ticket", report);
	printed(arena, "html", report);
	arena_free(arena);
}
