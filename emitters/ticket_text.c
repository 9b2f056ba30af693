/* SPDX-License-Identifier: ISC */
/* The texts that a ticket is made of, and the blocks that hold them. */
#include "emitters/escape.h"
#include "emitters/ticket.h"

#include <string.h>

const char *const tone_signs[TONE_COUNT] = {
        [TONE_PLAIN] = "",
        [TONE_GOOD] = "\xe2\x9c\x93",    /* check mark */
        [TONE_WARNING] = "\xe2\x96\xb2", /* triangle */
        [TONE_BAD] = "\xe2\x9c\x97",     /* ballot x */
};

/* --- texts -------------------------------------------------------------------------------- */

bool ticket_run(struct str *text, struct str *run, bool *code)
{
	char end = TICKET_CODE[0];
	const char *stop;

	if (!text->n)
		return false;
	*code = text->s[0] == TICKET_CODE[0];
	if (*code) {
		end = TICKET_PROSE[0];
		*text = (struct str){text->s + 1, text->n - 1};
	}
	stop = text->n ? memchr(text->s, end, text->n) : NULL;
	*run = (struct str){text->s, stop ? (size_t)(stop - text->s) : text->n};
	*text = (struct str){text->s + run->n, text->n - run->n};
	if (*code && text->n)
		*text = (struct str){text->s + 1, text->n - 1};
	return true;
}

struct str ticket_plain(struct arena *arena, struct str text, bool backticks)
{
	struct buf out = {.arena = arena};
	struct str run;
	bool code;

	while (ticket_run(&text, &run, &code)) {
		if (code && backticks)
			buf_printf(&out, "`%.*s`", STR(run));
		else
			buf_add(&out, run);
	}
	return buf_str(&out);
}

struct str ticket_clean(struct arena *arena, struct str text)
{
	return escape_line(arena, text);
}

struct str ticket_prose(struct arena *arena, struct str text)
{
	struct buf out = {.arena = arena};
	struct str head, rest = ticket_clean(arena, text);
	bool code = false;

	while (str_cut(rest, '`', &head, &rest)) {
		bool closed = code || (rest.n && memchr(rest.s, '`', rest.n));

		buf_add(&out, head);
		if (closed)
			buf_add(&out, code ? S(TICKET_PROSE) : S(TICKET_CODE));
		else
			buf_char(&out, '`');
		code = closed && !code;
	}
	buf_add(&out, head);
	return buf_str(&out);
}

struct str ticket_shortened(struct arena *arena, struct str text, size_t max)
{
	struct str rest = text;
	size_t n;

	if (escape_width(text) <= max)
		return text;
	for (n = 0; n + 1 < max; n++) {
		unsigned length = escape_utf8_length(rest);

		rest = (struct str){rest.s + length, rest.n - length};
	}
	return str_printf(arena, "%.*s\xe2\x80\xa6", (int)(text.n - rest.n), text.s);
}

/* --- blocks ------------------------------------------------------------------------------- */

struct block *ticket_block(struct arena *arena, struct section *section, enum block_kind kind)
{
	return VEC_PUSH(arena, &section->blocks, (struct block){.kind = kind});
}

struct cells *ticket_cells(struct arena *arena, struct block *block)
{
	return VEC_PUSH(arena, &block->rows, (struct cells){0});
}

void ticket_cell(struct arena *arena, struct cells *cells, enum tone tone, struct str text)
{
	VEC_PUSH(arena, &cells->list, (struct cell){text, tone});
}

void ticket_row(struct arena *arena, struct block *block, struct str text)
{
	ticket_cell(arena, ticket_cells(arena, block), TONE_PLAIN, text);
}

void ticket_say_with_tone(struct arena *arena, struct section *section, enum tone tone,
                          struct str text)
{
	struct block *block = ticket_block(arena, section, BLOCK_TEXT);
	ticket_cell(arena, ticket_cells(arena, block), tone, text);
}

void ticket_say(struct arena *arena, struct section *section, struct str text)
{
	ticket_say_with_tone(arena, section, TONE_PLAIN, text);
}

void ticket_titles(struct arena *arena, struct block *block, const char *const *titles, size_t n)
{
	struct cells *cells = ticket_cells(arena, block);
	size_t i;

	for (i = 0; i < n; i++)
		ticket_cell(arena, cells, TONE_PLAIN, str_of(titles[i]));
}
