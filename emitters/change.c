/* SPDX-License-Identifier: ISC */
/*
 * A change, its rollback and what was shown of it. As `cli` the output is
 * nothing but what the device takes: commands, and notes that begin with "!",
 * so it can be pasted or piped back into `audit --apply -`.
 */
#include "emitters/change.h"

#include "emitters/emitter.h"
#include "emitters/json_change.h"
#include "emitters/json_value.h"
#include "emitters/text_table.h"
#include "emitters/ticket_json.h"

enum { NOTE_WIDTH = 76, TABLE_WIDTH = 79 }; /* a long echo breaks scripted pasting */

static const struct change no_change = {.safe = true};

static const struct change *change_of(const struct report *report)
{
	return report->change ? report->change : &no_change;
}

static bool is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

/* Byte for byte, since names must stay as the device has them; but never two lines for one. */
static void add_command(struct buf *out, struct str text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		buf_char(out, is_control(text.s[i]) ? '?' : text.s[i]);
	buf_char(out, '\n');
}

/* A note as "! ..." lines, broken between words. */
static void add_note(struct buf *out, struct str text)
{
	size_t column = 0;
	struct str word;

	while (text.n) {
		str_cut(text, ' ', &word, &text);
		if (!word.n)
			continue;
		if (column && column + 1 + word.n > NOTE_WIDTH) {
			buf_char(out, '\n');
			column = 0;
		}
		buf_add(out, column ? S(" ") : S("! "));
		column += word.n + (column ? 1 : 2);
		for (; word.n; word.s++, word.n--)
			buf_char(out, is_control(*word.s) ? '?' : *word.s);
	}
	buf_add(out, column ? S("\n") : S("!\n"));
}

void change_add_lines(struct buf *out, const struct change_lines *lines, bool notes)
{
	VEC_EACH(const struct change_line, line, &lines->list) {
		if (!line->note)
			add_command(out, line->text);
		else if (notes)
			add_note(out, line->text);
	}
}

static bool same_reason(const struct unmended *a, const struct unmended *b)
{
	return str_eq(a->why, b->why);
}

/* Each reason once, with the rules it stands for. */
static void add_unmended(struct buf *out, const struct change *change)
{
	VEC_EACH(const struct unmended, first, &change->unmended) {
		struct buf rules = {.arena = out->arena};
		bool told = false;

		for (const struct unmended *at = change->unmended.v; at < first; at++)
			told |= same_reason(at, first);
		if (told)
			continue;
		for (const struct unmended *at = first; at < first_end; at++) {
			struct str id = str_of(at->rule->id);

			if (same_reason(at, first) && !str_contains(buf_str(&rules), id))
				buf_printf(&rules, "%s%.*s", rules.n ? ", " : "", STR(id));
		}
		add_note(out, str_printf(out->arena, "not mended: %.*s: %.*s", STR(buf_str(&rules)),
		                         STR(first->why)));
	}
}

/* --show-suppressed: what the change could mend and leaves alone, as asked. */
static void add_suppressed(struct buf *out, const struct report *report)
{
	VEC_EACH(const struct config_report, config, &report->configs) {
		struct str last = S("");

		VEC_EACH(const struct finding, finding, &config->findings.list) {
			struct str note;

			if (!finding_is_suppressed(finding) || finding->fix == FIX_NONE)
				continue;
			note = str_printf(out->arena, "left alone, suppressed by %s: %s: %.*s",
			                  suppressed_by_names[finding->suppressed.by],
			                  finding->rule->id, STR(finding->message));
			if (!str_eq(note, last)) /* of several flows, told once */
				add_note(out, note);
			last = note;
		}
	}
}

/* --explain: which packets the change treats otherwise, before and after. */
static void add_effects(struct buf *out, const struct change_check *check)
{
	struct block table = {.kind = BLOCK_TABLE};

	if (!check->done)
		return;
	if (check->effects.n) {
		ticket_effects(out->arena, check, &table);
		add_note(out,
		         S("what changes, over all packets; what is in no row stays as it is"));
		text_table_add(out, &table, "! ", TABLE_WIDTH);
	} else {
		add_note(out, S("no packet is treated otherwise"));
	}
	add_note(out, str_printf(out->arena,
	                         "proved by replay: traffic of others is treated as before: %s; "
	                         "the rollback restores the config: %s; pasted twice is as "
	                         "once: %s",
	                         check->unchanged ? "yes" : "no",
	                         check->rollback_restores ? "yes" : "no",
	                         check->idempotent ? "yes" : "no"));
}

void emit_change_cli(const struct report *report, const struct emit_options *options,
                     struct buf *out)
{
	const struct change *change = change_of(report);
	const struct change_lines *lines =
	        options->rollback ? &change->rollback : &change->commands;

	if (!options->rollback && !options->quiet)
		add_unmended(out, change);
	if (options->show_suppressed && !options->quiet)
		add_suppressed(out, report);
	if ((options->explain || options->verbose) && !options->quiet)
		add_effects(out, &change->check);
	change_add_lines(out, lines, !options->quiet);
}

/* Which config the change is for: the first, since fix takes one. */
static void set_config(struct arena *arena, json_t *document, const struct report *report)
{
	static const struct config_report none;
	const struct config_report *config = report->configs.n ? report->configs.v : &none;

	json_set(arena, document, "path", json_text(arena, config->path));
	json_set(arena, document, "sha256", json_text(arena, config->sha256));
	json_set(arena, document, "hostname", json_text(arena, config->hostname));
	json_set(arena, document, "context", json_text_or_null(arena, config->context));
}

void emit_change_json(const struct report *report, const struct emit_options *options,
                      struct buf *out)
{
	const struct change *change = change_of(report);
	struct arena *arena = out->arena;
	json_t *document = json_object();

	(void)options;
	json_set(arena, document, "schema_version", json_integer(JSON_SCHEMA_VERSION));
	json_set(arena, document, "tool", json_tool(arena, report->tool_version));
	set_config(arena, document, report);
	json_update(arena, document, json_change(arena, change));
	json_set(arena, document, "ticket", json_ticket(arena, report));
	json_write(out, document);
}
