/* SPDX-License-Identifier: ISC */
/*
 * The ticket as one HTML file that needs nothing beside it: no font, no image, no network. It
 * can be printed, read on a phone and by a screen reader; without its script only the buttons
 * that copy commands are missing. Nothing but that script may run.
 */
#include "emitters/emitter.h"
#include "emitters/page.h"
#include "emitters/ticket_page.h"

static void add_text(struct buf *out, struct str text)
{
	struct str run;
	bool code;

	while (ticket_run(&text, &run, &code)) {
		buf_add(out, code ? S("<code>") : S(""));
		page_text(out, run);
		buf_add(out, code ? S("</code>") : S(""));
	}
}

static void add_sign(struct buf *out, enum tone tone)
{
	if (tone != TONE_PLAIN)
		buf_printf(out, "<span class=\"sign %s\" aria-hidden=\"true\">%s</span>",
		           tone_classes[tone], tone_signs[tone]);
}

static void add_cell(struct buf *out, const struct cell *cell)
{
	add_sign(out, cell->tone);
	add_text(out, cell->text);
}

/* --- blocks ------------------------------------------------------------------------------- */

static void add_paragraph(struct buf *out, const struct block *block)
{
	const struct cell *cell = block->rows.v->list.v;

	buf_printf(out, "<p class=\"%s\">", tone_classes[cell->tone]);
	add_cell(out, cell);
	buf_add(out, S("</p>\n"));
}

static void add_list(struct buf *out, const struct block *block)
{
	buf_add(out, S("<ul>\n"));
	VEC_EACH(const struct cells, row, &block->rows) {
		buf_add(out, S("<li>"));
		add_cell(out, row->list.v);
		buf_add(out, S("</li>\n"));
	}
	buf_add(out, S("</ul>\n"));
}

/* Titles of their own group stand above the rows on every page of paper, and never alone. */
static void add_titles(struct buf *out, const struct cells *titles)
{
	buf_add(out, S("<thead><tr>"));
	VEC_EACH(const struct cell, cell, &titles->list) {
		buf_add(out, S("<th scope=\"col\">"));
		page_text(out, cell->text);
		buf_add(out, S("</th>"));
	}
	buf_add(out, S("</tr></thead>\n"));
}

/* Each cell bears its title: on a phone rows become cards. */
static void add_row(struct buf *out, const struct cells *titles, const struct cells *row)
{
	uint32_t i;

	buf_add(out, S("<tr>"));
	for (i = 0; i < row->list.n; i++) {
		buf_add(out, S("<td data-title=\""));
		page_text(out, titles->list.v[i].text);
		buf_add(out, S("\">"));
		add_cell(out, &row->list.v[i]);
		buf_add(out, S("</td>"));
	}
	buf_add(out, S("</tr>\n"));
}

static void add_table(struct buf *out, const struct block *block)
{
	const struct cells *titles = block->rows.v;

	buf_add(out, S("<table>"));
	add_titles(out, titles);
	buf_add(out, S("<tbody>\n"));
	VEC_EACH(const struct cells, row, &block->rows)
		if (row != titles)
			add_row(out, titles, row);
	buf_add(out, S("</tbody></table>\n"));
}

static void add_commands(struct buf *out, const struct block *block)
{
	buf_add(out, S("<div class=\"commands\"><pre tabindex=\"0\"><code>"));
	VEC_EACH(const struct cells, row, &block->rows) {
		page_text(out, row->list.v->text);
		buf_char(out, '\n');
	}
	buf_add(out, S("</code></pre></div>\n"));
}

static void add_block(struct buf *out, const struct block *block)
{
	static void (*const add[])(struct buf *, const struct block *) = {
	        [BLOCK_TEXT] = add_paragraph,
	        [BLOCK_LIST] = add_list,
	        [BLOCK_TABLE] = add_table,
	        [BLOCK_COMMANDS] = add_commands,
	};

	add[block->kind](out, block);
}

/* --- the page ----------------------------------------------------------------------------- */

static void add_head(struct buf *out, const struct ticket *ticket)
{
	struct buf title = {.arena = out->arena};

	if (ticket->id.n)
		buf_printf(&title, "%.*s ", STR(ticket->id));
	buf_add(&title, ticket->title);
	page_head(out, buf_str(&title), str_of(ticket_style), str_of(ticket_script));
}

static void add_facts(struct buf *out, const struct block *facts)
{
	buf_add(out, S("<dl>\n"));
	VEC_EACH(const struct cells, row, &facts->rows) {
		buf_add(out, S("<dt>"));
		page_text(out, row->list.v[0].text);
		buf_add(out, S("</dt><dd>"));
		add_cell(out, &row->list.v[1]);
		buf_add(out, S("</dd>\n"));
	}
	buf_add(out, S("</dl>\n"));
}

static void add_contents(struct buf *out, const struct ticket *ticket)
{
	int part;

	buf_add(out, S("<nav aria-label=\"Contents\">\n"));
	for (part = 0; part < PART_COUNT; part++)
		if (ticket->parts[part].blocks.n)
			buf_printf(out, "<a href=\"#part-%d\">%s</a>\n", part,
			           ticket_part_titles[part]);
	buf_add(out, S("</nav>\n"));
}

static void add_section(struct buf *out, const struct ticket *ticket, int part)
{
	const struct section *section = &ticket->parts[part];

	if (!section->blocks.n)
		return;
	buf_printf(out, "<section>\n<h2 id=\"part-%d\">%s</h2>\n", part, ticket_part_titles[part]);
	if (part == PART_FLOWS)
		ticket_picture(out, ticket);
	VEC_EACH(const struct block, block, &section->blocks)
		add_block(out, block);
	buf_add(out, S("</section>\n"));
}

void emit_ticket_html(const struct report *report, const struct emit_options *options,
                      struct buf *out)
{
	struct ticket ticket = ticket_build(out->arena, report);
	int part;

	(void)options;
	add_head(out, &ticket);
	buf_add(out, S("<body>\n<main>\n<h1>"));
	page_text(out, ticket.title);
	buf_add(out, S("</h1>\n"));
	add_facts(out, &ticket.facts);
	add_contents(out, &ticket);
	for (part = 0; part < PART_COUNT; part++)
		add_section(out, &ticket, part);
	buf_printf(out, "<footer>Made by asamend %s.</footer>\n</main>\n", ticket.tool_version);
	page_script(out, str_of(ticket_script));
	buf_add(out, S("</body>\n</html>\n"));
}
