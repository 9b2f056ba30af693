/* SPDX-License-Identifier: ISC */
/*
 * What two configs treat differently as a comment of a merge request: the summary first, a table
 * of what changes, then the packets and lines of each change, folded.
 */
#include "emitters/diff_words.h"
#include "emitters/emitter.h"
#include "emitters/escape.h"

enum { BOXES_SHOWN = 50 }; /* a comment has a limit on its length */

/* Text in a table cell or heading. */
static void add_text(struct buf *out, struct str text)
{
	buf_add(out, escape_markdown(out->arena, text));
}

/* A line of an indented block, as it is. */
static void add_code(struct buf *out, struct str text)
{
	buf_add(out, S("    "));
	buf_add(out, escape_line(out->arena, text));
	buf_char(out, '\n');
}

static void add_row(struct buf *out, const struct diff_change *change)
{
	buf_add(out, S("| "));
	add_text(out, diff_group(change));
	buf_add(out, S(" | "));
	add_text(out, diff_what(out->arena, change));
	buf_add(out, S(" | "));
	add_text(out, change->before);
	buf_add(out, S(" | "));
	add_text(out, change->after);
	buf_add(out, change->undecided ? S(" (undecided) |\n") : S(" |\n"));
}

static void add_lines(struct buf *out, const struct diff_config *config,
                      const struct diff_change *change, enum diff_side side)
{
	const struct sources *sources = &config->sources[side];

	VEC_EACH(const struct span, span, &change->lines[side].list) {
		struct place place = source_place(sources, *span);
		struct str quote = str_trim(source_quote(out->arena, sources, *span));

		add_code(out,
		         str_printf(out->arena, "%c %.*s:%u: %.*s", side == DIFF_OLD ? '-' : '+',
		                    STR(place.path), place.line, STR(quote)));
	}
}

static void add_boxes(struct buf *out, const struct pset *set, const char *indent)
{
	uint32_t shown = 0;

	VEC_EACH(const struct box, box, &set->boxes)
		if (shown++ < BOXES_SHOWN)
			add_code(out, STR_JOIN(out->arena, str_of(indent),
			                       diff_packets(out->arena, box)));
	if (shown > BOXES_SHOWN)
		add_code(out,
		         str_printf(out->arena, "%sand %u more sets", indent, shown - BOXES_SHOWN));
}

static void add_details(struct buf *out, const struct diff_config *config,
                        const struct diff_change *change)
{
	buf_add(out, S("**"));
	add_text(out, diff_group(change));
	buf_add(out, S("**, "));
	add_text(out, diff_what(out->arena, change));
	buf_add(out, S("\n\n"));
	add_boxes(out, &change->packets, "");
	if (change->except.boxes.n)
		add_code(out, S("but not:"));
	add_boxes(out, &change->except, "  ");
	add_lines(out, config, change, DIFF_OLD);
	add_lines(out, config, change, DIFF_NEW);
	if (change->has_witness)
		add_code(out, packet_tracer_text(out->arena, &change->witness));
	buf_char(out, '\n');
}

static void add_config(struct buf *out, const struct diff_config *config)
{
	buf_add(out, S("\n### "));
	add_text(out, diff_title(out->arena, config));
	buf_add(out, S("\n\n"));
	VEC_EACH(const struct str, note, &config->notes) {
		add_text(out, *note);
		buf_add(out, S("\n\n"));
	}
	if (config->changes.n == 0)
		return;
	buf_add(out, S("| traffic | what | before | after |\n|---|---|---|---|\n"));
	for (int mail = 1; mail >= 0; mail--)
		VEC_EACH(const struct diff_change, change, &config->changes)
			if (change->mail == mail)
				add_row(out, change);
	buf_add(out, S("\n<details><summary>packets and lines</summary>\n\n"));
	for (int mail = 1; mail >= 0; mail--)
		VEC_EACH(const struct diff_change, change, &config->changes)
			if (change->mail == mail)
				add_details(out, config, change);
	buf_add(out, S("</details>\n"));
}

void emit_diff_markdown(const struct report *report, const struct emit_options *options,
                        struct buf *out)
{
	static const struct diff none = {.equal = true};
	const struct diff *diff = report->diff ? report->diff : &none;

	(void)options;
	buf_add(out, S("**asamend diff**: "));
	add_text(out, diff_summary(out->arena, diff));
	buf_char(out, '\n');
	VEC_EACH(const struct diff_config, config, &diff->configs)
		add_config(out, config);
}
