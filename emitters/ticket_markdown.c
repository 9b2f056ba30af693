/* SPDX-License-Identifier: ISC */
/*
 * The ticket as Markdown, as GitHub, GitLab and Jira's importers read it. A paragraph is one line:
 * where tickets are written, line ends inside one become breaks.
 */
#include "emitters/emitter.h"
#include "emitters/ticket.h"

#include <string.h>

/* --- escaping ----------------------------------------------------------------------------- */

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What has a meaning somewhere inside a line. A backslash before punctuation is always dropped. */
static bool is_special(struct str text, size_t i)
{
	bool in_word = i > 0 && i + 1 < text.n && is_word(text.s[i - 1]) && is_word(text.s[i + 1]);

	if (text.s[i] == '_')
		return !in_word;
	return text.s[i] && strchr("\\`*[]<>&|~$", text.s[i]);
}

/* Where the mark is that would make a list, a heading or a rule of a line; text.n: nowhere. */
static size_t find_line_mark(struct str text)
{
	size_t i = 0;

	if (text.n && strchr("#+-=", text.s[0]))
		return 0;
	while (i < text.n && text.s[i] >= '0' && text.s[i] <= '9')
		i++;
	if (!i || i + 1 >= text.n || text.s[i + 1] != ' ')
		return text.n;
	return text.s[i] == '.' || text.s[i] == ')' ? i : text.n;
}

static void add_prose(struct buf *out, struct str text, bool begins_line)
{
	size_t mark = begins_line ? find_line_mark(text) : text.n, i;

	for (i = 0; i < text.n; i++) {
		if (i == mark || is_special(text, i))
			buf_char(out, '\\');
		buf_char(out, text.s[i]);
	}
}

static size_t longest_ticks(struct str text)
{
	size_t longest = 0, run = 0, i;

	for (i = 0; i < text.n; i++) {
		run = text.s[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static void add_ticks(struct buf *out, size_t n)
{
	while (n--)
		buf_char(out, '`');
}

/* Between more backticks than it has; a table wants its bars escaped even there. */
static void add_code(struct buf *out, struct str text, bool in_table)
{
	size_t ticks = longest_ticks(text) + 1, i;
	bool pad = text.n && (text.s[0] == '`' || text.s[text.n - 1] == '`');

	if (!text.n)
		return;
	add_ticks(out, ticks);
	buf_add(out, pad ? S(" ") : S(""));
	for (i = 0; i < text.n; i++) {
		if (in_table && text.s[i] == '|')
			buf_char(out, '\\');
		buf_char(out, text.s[i]);
	}
	buf_add(out, pad ? S(" ") : S(""));
	add_ticks(out, ticks);
}

static void add_text(struct buf *out, struct str text, bool in_table)
{
	struct str run;
	bool code, begins_line = !in_table;

	while (ticket_run(&text, &run, &code)) {
		if (code)
			add_code(out, run, in_table);
		else
			add_prose(out, run, begins_line);
		begins_line = false;
	}
}

static void add_cell(struct buf *out, const struct cell *cell, bool in_table)
{
	if (cell->tone != TONE_PLAIN)
		buf_printf(out, "%s ", tone_signs[cell->tone]);
	add_text(out, cell->text, in_table);
}

/* --- blocks ------------------------------------------------------------------------------- */

static void add_paragraph(struct buf *out, const struct block *block)
{
	const struct cell *cell = block->rows.v->list.v;

	if (cell->tone != TONE_PLAIN)
		buf_printf(out, "**%s** ", tone_signs[cell->tone]);
	add_text(out, cell->text, false);
	buf_char(out, '\n');
}

static void add_list(struct buf *out, const struct block *block)
{
	VEC_EACH(const struct cells, row, &block->rows) {
		buf_add(out, S("- "));
		add_cell(out, row->list.v, false);
		buf_char(out, '\n');
	}
}

static void add_row(struct buf *out, const struct cells *row)
{
	VEC_EACH(const struct cell, cell, &row->list) {
		buf_add(out, S("| "));
		add_cell(out, cell, true);
		buf_char(out, ' ');
	}
	buf_add(out, S("|\n"));
}

static void add_rule(struct buf *out, uint32_t columns)
{
	while (columns--)
		buf_add(out, S("|---"));
	buf_add(out, S("|\n"));
}

static void add_table(struct buf *out, const struct block *block)
{
	VEC_EACH(const struct cells, row, &block->rows) {
		add_row(out, row);
		if (row == block->rows.v)
			add_rule(out, row->list.n);
	}
}

static void add_commands(struct buf *out, const struct block *block)
{
	size_t ticks = 3;

	VEC_EACH(const struct cells, row, &block->rows) {
		size_t longest = longest_ticks(row->list.v->text);

		ticks = longest + 1 > ticks ? longest + 1 : ticks;
	}
	add_ticks(out, ticks);
	buf_char(out, '\n');
	VEC_EACH(const struct cells, row, &block->rows) {
		buf_add(out, row->list.v->text);
		buf_char(out, '\n');
	}
	add_ticks(out, ticks);
	buf_char(out, '\n');
}

static void add_block(struct buf *out, const struct block *block)
{
	static void (*const add[])(struct buf *, const struct block *) = {
	        [BLOCK_TEXT] = add_paragraph,
	        [BLOCK_LIST] = add_list,
	        [BLOCK_TABLE] = add_table,
	        [BLOCK_COMMANDS] = add_commands,
	};

	buf_char(out, '\n');
	add[block->kind](out, block);
}

/* --- the ticket --------------------------------------------------------------------------- */

/* Markdown has no table without titles: the first row gets empty ones. */
static void add_facts(struct buf *out, const struct block *facts)
{
	buf_add(out, S("\n| | |\n"));
	add_rule(out, 2);
	VEC_EACH(const struct cells, row, &facts->rows)
		add_row(out, row);
}

void emit_ticket_markdown(const struct report *report, const struct emit_options *options,
                          struct buf *out)
{
	struct ticket ticket = ticket_build(out->arena, report);
	int part;

	(void)options;
	buf_add(out, S("# "));
	add_text(out, ticket.title, false);
	buf_char(out, '\n');
	add_facts(out, &ticket.facts);
	for (part = 0; part < PART_COUNT; part++) {
		if (!ticket.parts[part].blocks.n)
			continue;
		buf_printf(out, "\n## %s\n", ticket_part_titles[part]);
		VEC_EACH(const struct block, block, &ticket.parts[part].blocks)
			add_block(out, block);
	}
	buf_printf(out, "\n---\n\nMade by asamend %s.\n", ticket.tool_version);
}
