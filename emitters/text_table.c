/* SPDX-License-Identifier: ISC */
#include "emitters/text_table.h"

#include "emitters/escape.h"

#include <string.h>

enum { COLUMNS_MAX = 16, NARROWEST = 10, GAP = 2 };

struct layout {
	size_t width[COLUMNS_MAX];
	size_t word[COLUMNS_MAX]; /* the longest */
	uint32_t n;
	const char *prefix;
	size_t all; /* that a line may take */
};

static struct str cell_text(struct arena *arena, const struct cells *row, uint32_t column)
{
	return ticket_plain(arena, row->list.v[column].text, true);
}

static size_t longest_word(struct str text)
{
	size_t longest = 0;
	struct str word;

	while (text.n) {
		str_cut(text, ' ', &word, &text);
		longest = escape_width(word) > longest ? escape_width(word) : longest;
	}
	return longest;
}

/* The widest column that can be narrower without cutting a word; 0: there is none. */
static uint32_t widest(const struct layout *layout)
{
	uint32_t best = 0, i;

	for (i = 1; i < layout->n; i++)
		if (layout->width[i] > layout->word[i] &&
		    (!best || layout->width[i] > layout->width[best]))
			best = i;
	return best;
}

/* The column of the longest word, which is cut before others' are; 0: none is to be cut. */
static uint32_t wordiest(const struct layout *layout)
{
	uint32_t best = 0, i;

	for (i = 1; i < layout->n; i++)
		if (layout->width[i] > NARROWEST && (!best || layout->word[i] > layout->word[best]))
			best = i;
	return best;
}

static size_t total(const struct layout *layout)
{
	size_t sum = strlen(layout->prefix);
	uint32_t i;

	for (i = 1; i < layout->n; i++)
		sum += GAP + layout->width[i];
	return sum;
}

static struct layout lay_out(struct arena *arena, const struct block *table, const char *prefix,
                             size_t width)
{
	struct layout layout = {.n = table->rows.v[0].list.n, .prefix = prefix, .all = width};

	VEC_EACH(const struct cells, row, &table->rows)
		for (uint32_t i = 1; i < layout.n; i++) {
			struct str text = cell_text(arena, row, i);
			size_t needed = escape_width(text), word = longest_word(text);

			layout.width[i] = needed > layout.width[i] ? needed : layout.width[i];
			layout.word[i] = word > layout.word[i] ? word : layout.word[i];
		}
	while (total(&layout) > width && widest(&layout))
		layout.width[widest(&layout)]--;
	while (total(&layout) > width && wordiest(&layout))
		layout.width[wordiest(&layout)]--;
	return layout;
}

/* The first `max` characters. */
static struct str head_of(struct str text, size_t max)
{
	struct str rest = text;

	while (rest.n && max--) {
		unsigned length = escape_utf8_length(rest);

		rest = (struct str){rest.s + length, rest.n - length};
	}
	return (struct str){text.s, text.n - rest.n};
}

/* Take as many words off the front as a line holds; a word that is longer than it is cut. */
static struct str take_line(struct str *rest, size_t width)
{
	struct str line = head_of(*rest, width), tail;
	size_t end = line.n;

	if (line.n < rest->n && rest->s[line.n] != ' ') {
		while (end && line.s[end - 1] != ' ')
			end--;
		line.n = end ? end : line.n;
	}
	tail = (struct str){rest->s + line.n, rest->n - line.n};
	*rest = str_trim(tail);
	return str_trim(line);
}

static void pad(struct buf *out, size_t n)
{
	while (n--)
		buf_char(out, ' ');
}

/* A row as so many lines as its tallest cell takes. */
static void add_row(struct buf *out, const struct layout *layout, const struct cells *row)
{
	struct str rest[COLUMNS_MAX];
	bool more = true;
	uint32_t i;

	for (i = 1; i < layout->n; i++)
		rest[i] = cell_text(out->arena, row, i);
	while (more) {
		size_t due = 0;

		more = false;
		buf_add(out, str_of(layout->prefix));
		for (i = 1; i < layout->n; i++) {
			struct str line = take_line(&rest[i], layout->width[i]);

			due += GAP;
			if (line.n) {
				pad(out, due);
				buf_add(out, line);
				due = 0;
			}
			due += layout->width[i] - escape_width(line);
			more |= rest[i].n > 0;
		}
		buf_char(out, '\n');
	}
}

static void add_heading(struct buf *out, const struct layout *layout, struct str text)
{
	while (text.n) {
		struct str line = take_line(&text, layout->all - strlen(layout->prefix));

		buf_printf(out, "%s%.*s\n", layout->prefix, STR(line));
	}
}

void text_table_add(struct buf *out, const struct block *table, const char *prefix, size_t width)
{
	struct layout layout = lay_out(out->arena, table, prefix, width);
	const struct cells *titles = table->rows.v;
	struct str last = {"", 0};

	VEC_EACH(const struct cells, row, &table->rows) {
		struct str heading = cell_text(out->arena, row, 0);

		if (row == titles)
			continue;
		if (row == titles + 1 || !str_eq(heading, last)) {
			add_heading(out, &layout, str_printf(out->arena, "%.*s:", STR(heading)));
			add_row(out, &layout, titles);
		}
		add_row(out, &layout, row);
		last = heading;
	}
}
