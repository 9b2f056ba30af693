/* SPDX-License-Identifier: ISC */
/*
 * ServiceNow's columns hold plain text, so tables become lines of "title: value". Dates are as
 * its import takes them: "YYYY-MM-DD HH:MM:SS" in UTC.
 */
#include "emitters/ticket_json.h"

#include "emitters/ticket.h"

#include <stdio.h>
#include <string.h>

enum column {
	COLUMN_DESCRIPTION,
	COLUMN_JUSTIFICATION,
	COLUMN_RISK,
	COLUMN_IMPLEMENTATION,
	COLUMN_TEST,
	COLUMN_BACKOUT,
	COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {
        [COLUMN_DESCRIPTION] = "description",
        [COLUMN_JUSTIFICATION] = "justification",
        [COLUMN_RISK] = "risk_impact_analysis",
        [COLUMN_IMPLEMENTATION] = "implementation_plan",
        [COLUMN_TEST] = "test_plan",
        [COLUMN_BACKOUT] = "backout_plan",
};

static const enum column column_of[PART_COUNT] = {
        [PART_SUMMARY] = COLUMN_DESCRIPTION,
        [PART_REASONS] = COLUMN_JUSTIFICATION,
        [PART_FLOWS] = COLUMN_DESCRIPTION,
        [PART_UNMENDED] = COLUMN_DESCRIPTION,
        [PART_RISK] = COLUMN_RISK,
        [PART_PROOF] = COLUMN_RISK,
        [PART_PREPARE] = COLUMN_IMPLEMENTATION,
        [PART_BEFORE] = COLUMN_TEST,
        [PART_CHANGE] = COLUMN_IMPLEMENTATION,
        [PART_CONNECTIONS] = COLUMN_IMPLEMENTATION,
        [PART_AFTER] = COLUMN_TEST,
        [PART_SAVE] = COLUMN_IMPLEMENTATION,
        [PART_ROLLBACK] = COLUMN_BACKOUT,
};

/* --- plain text --------------------------------------------------------------------------- */

static void add_cell(struct buf *out, const struct cell *cell)
{
	if (cell->tone != TONE_PLAIN)
		buf_printf(out, "%s ", tone_signs[cell->tone]);
	buf_add(out, ticket_plain(out->arena, cell->text, true));
}

static void add_table_row(struct buf *out, const struct cells *titles, const struct cells *row)
{
	uint32_t i;

	for (i = 0; i < row->list.n; i++) {
		const struct cell *cell = &row->list.v[i];

		if (!cell->text.n)
			continue;
		buf_add(out, i ? S("; ") : S("- "));
		if (titles && titles->list.v[i].text.n)
			buf_printf(out, "%.*s: ", STR(titles->list.v[i].text));
		else if (i)
			buf_add(out, S(": "));
		add_cell(out, cell);
	}
	buf_char(out, '\n');
}

static void add_block(struct buf *out, const struct block *block)
{
	VEC_EACH(const struct cells, row, &block->rows) {
		switch (block->kind) {
		case BLOCK_LIST:
			buf_add(out, S("- "));
			add_cell(out, row->list.v);
			buf_char(out, '\n');
			break;
		case BLOCK_TABLE:
			if (row > block->rows.v)
				add_table_row(out, block->rows.v, row);
			break;
		case BLOCK_TEXT:
		case BLOCK_COMMANDS:
			add_cell(out, row->list.v);
			buf_char(out, '\n');
			break;
		}
	}
}

static void add_facts(struct buf *out, const struct block *facts)
{
	VEC_EACH(const struct cells, row, &facts->rows) {
		buf_printf(out, "%.*s: ", STR(row->list.v[0].text));
		add_cell(out, &row->list.v[1]);
		buf_char(out, '\n');
	}
}

/* Where a part is told: its steps keep their numbers, and the plan names those told elsewhere. */
static void add_part(struct buf *out, const struct ticket *ticket, int part, enum column column)
{
	const struct section *section = &ticket->parts[part];
	bool step = part == PART_BEFORE || part == PART_AFTER;

	if (!section->blocks.n ||
	    (column_of[part] != column && !(step && column == COLUMN_IMPLEMENTATION)))
		return;
	buf_printf(out, "%s%s%s\n", out->n ? "\n" : "", ticket_part_titles[part],
	           column_of[part] == column ? "" : ", as the test plan has it");
	if (column_of[part] != column)
		return;
	VEC_EACH(const struct block, block, &section->blocks) {
		buf_char(out, '\n');
		add_block(out, block);
	}
}

static struct str column_text(struct arena *arena, const struct ticket *ticket, enum column column)
{
	bool idle = !ticket->change && !ticket->parts[PART_UNMENDED].blocks.n;
	struct buf out = {.arena = arena};
	int part;

	if (column == COLUMN_DESCRIPTION)
		add_facts(&out, &ticket->facts);
	for (part = 0; part < PART_COUNT; part++)
		add_part(&out, ticket, part, column);
	if (out.n)
		return buf_str(&out);
	return idle ? S("Nothing is to be done.\n") : S("See the description.\n");
}

/* --- dates -------------------------------------------------------------------------------- */

enum { MINUTES_A_DAY = 24 * 60 };

/* Days since 1970-01-01 of a date of the Gregorian calendar, and back. */
static long days_of(long year, long month, long day)
{
	long shifted = year - (month <= 2), era = shifted / 400;
	long of_era = shifted - era * 400;
	long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(long days, long *year, long *month, long *day)
{
	long shifted = days + 719468, era = shifted / 146097, of_era = shifted - era * 146097;
	long years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	long of_year = of_era - (365 * years + years / 4 - years / 100);
	long shifted_month = (5 * of_year + 2) / 153;

	*day = of_year - (153 * shifted_month + 2) / 5 + 1;
	*month = shifted_month + (shifted_month < 10 ? 3 : -9);
	*year = years + era * 400 + (*month <= 2);
}

/* A time that date_time_is_valid(), in UTC; one without a zone is left in its own. */
static struct str utc_text(struct arena *arena, struct str time)
{
	char text[32] = "", sign = 0;
	unsigned year, month, day, hour, minute, second = 0, zone_hour = 0, zone_minute = 0;
	long days, minutes, y, m, d;
	const char *rest;
	int used = 0;

	if (time.n >= sizeof(text))
		return time;
	memcpy(text, time.s, time.n);
	if (sscanf(text, "%4u-%2u-%2uT%2u:%2u%n", &year, &month, &day, &hour, &minute, &used) != 5)
		return time;
	rest = text + used;
	if (*rest == ':') {
		sscanf(rest, ":%2u%n", &second, &used);
		rest += used;
	}
	sscanf(rest, "%c%2u:%2u", &sign, &zone_hour, &zone_minute);
	days = days_of((long)year, (long)month, (long)day);
	minutes = days * MINUTES_A_DAY + (long)(hour * 60 + minute);
	if (sign == '+')
		minutes -= (long)(zone_hour * 60 + zone_minute);
	if (sign == '-')
		minutes += (long)(zone_hour * 60 + zone_minute);
	date_of(minutes / MINUTES_A_DAY, &y, &m, &d);
	minutes %= MINUTES_A_DAY;
	return str_printf(arena, "%04ld-%02ld-%02ld %02ld:%02ld:%02u", y, m, d, minutes / 60,
	                  minutes % 60, second);
}

/* --- the object --------------------------------------------------------------------------- */

static json_t *json_date(struct arena *arena, struct str time)
{
	return time.n ? json_text(arena, utc_text(arena, time)) : json_null();
}

json_t *json_ticket(struct arena *arena, const struct report *report)
{
	struct ticket ticket;
	json_t *object;
	int column;

	if (!report->change || !report->configs.n)
		return json_null();
	ticket = ticket_build(arena, report);
	object = json_object();
	json_set(arena, object, "number", json_text_or_null(arena, ticket.id));
	json_set(arena, object, "short_description",
	         json_text(arena, ticket_plain(arena, ticket.title, false)));
	for (column = 0; column < COLUMN_COUNT; column++)
		json_set(arena, object, column_names[column],
		         json_text(arena, column_text(arena, &ticket, (enum column)column)));
	json_set(arena, object, "start_date", json_date(arena, ticket.start));
	json_set(arena, object, "end_date", json_date(arena, ticket.end));
	json_set(arena, object, "cmdb_ci", json_text_or_null(arena, ticket.firewall));
	return object;
}
