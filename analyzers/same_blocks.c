/* SPDX-License-Identifier: ISC */
/*
 * Commands that are kept as text (model/block.h), by their words: one is another's like when its
 * lines say the same but for names, and what they name is alike.
 */
#include "analyzers/same.h"

enum { MAX_DEPTH = 4 }; /* regex < class-map type regex < class-map type inspect < policy-map */

static const struct block *find_block(const struct config *config, struct str kind, struct str name)
{
	name_id id = name.n ? config_find_name(config, name) : 0;
	if (id)
		VEC_EACH(const struct block, block, &config->blocks)
			if (block->name == id && block->lines.n && str_eq(block->kind, kind))
				return block;
	return NULL;
}

static uint32_t block_number(struct same *same, enum side side, struct str kind, struct str name,
                             unsigned depth);

/* The words of a line, but for its own name; what it names by what that says. */
static uint32_t words_number(struct same *same, enum side side, struct str line, struct str own,
                             unsigned depth)
{
	struct buf content = {.arena = same->arena};
	struct str word, before = S("");
	bool head = own.n > 0; /* names nothing but itself */
	buf_char(&content, 'W');
	while (line.n) {
		str_cut(line, ' ', &word, &line);
		bool regex = str_eq(before, S("regex")) && !str_eq(word, S("class"));
		bool class = str_eq(before, S("class"));
		if (word.n == 0)
			continue;
		if (own.n && str_eq(word, own))
			own = S("");
		else if (depth < MAX_DEPTH && !head && (regex || class))
			buf_printf(&content, " #%u",
			           block_number(same, side, regex ? S("regex") : S("class-map"),
			                        word, depth + 1));
		else
			buf_printf(&content, " %.*s", STR(word));
		before = word;
	}
	return same_content(same, &content);
}

static uint32_t block_number(struct same *same, enum side side, struct str kind, struct str name,
                             unsigned depth)
{
	const struct config *config = same->config[side];
	const struct block *block = find_block(config, kind, name);
	struct buf content = {.arena = same->arena};
	bool only_head = block && block->lines.n == 1 && !str_eq(kind, S("regex"));
	buf_printf(&content, "B%.*s", STR(kind));
	/* The head alone says nothing: its text may have lost its indentation. */
	if (!block || only_head)
		buf_printf(&content, " %.*s", STR(name));
	if (block)
		VEC_EACH(const struct span, line, &block->lines)
			buf_printf(&content, " %u",
			           words_number(same, side,
			                        source_quote(same->arena, &config->sources, *line),
			                        line == block->lines.v ? name : S(""), depth));
	return same_content(same, &content);
}

uint32_t same_block(struct same *same, enum side side, struct str kind, struct str name)
{
	return block_number(same, side, kind, name, 0);
}

uint32_t same_named_words(struct same *same, enum side side, struct str words)
{
	return words_number(same, side, words, S(""), 0);
}

/* --- which lines differ ------------------------------------------------------------------- */

struct block_lines same_lines_apart(struct same *same, enum side side, struct str kind,
                                    const struct str names[SIDE_COUNT])
{
	struct block_lines apart = {0};
	uint32_t *numbers[SIDE_COUNT] = {0}, n[SIDE_COUNT] = {0};
	const struct block *blocks[SIDE_COUNT];
	for (int at = 0; at < SIDE_COUNT; at++) {
		const struct config *config = same->config[at];
		blocks[at] = find_block(config, kind, names[at]);
		uint32_t lines = blocks[at] ? blocks[at]->lines.n : 0;
		numbers[at] = NEW_ARRAY(same->arena, uint32_t, lines + 1u);
		for (; n[at] < lines; n[at]++)
			numbers[at][n[at]] =
			        words_number(same, (enum side)at,
			                     source_quote(same->arena, &config->sources,
			                                  blocks[at]->lines.v[n[at]]),
			                     n[at] == 0 ? names[at] : S(""), 0);
	}
	enum side other = side == SIDE_OLD ? SIDE_NEW : SIDE_OLD;
	struct pairs pairs =
	        same_align(same->arena, numbers[side], n[side], numbers[other], n[other]);
	for (uint32_t i = 0; i < n[side]; i++)
		if (!pairs.pair[SIDE_OLD][i])
			VEC_PUSH(same->arena, &apart.list, blocks[side]->lines.v[i]);
	return apart;
}
