/* SPDX-License-Identifier: ISC */
/* Commands that are kept as text (model/block.h). */
#include "parser/grammar.h"

/* Where the name of a block stands in its head; 0: the line is no head. */
static uint32_t name_at(const struct str *words, uint32_t n)
{
	static const char *const second[] = {"regex", "time-range", "tcp-map"};
	static const char *const last[] = {"class-map", "policy-map"};
	if (n >= 2 && WORD_IN(words[0], second))
		return 1;
	return n >= 4 && WORD_IN(words[0], last) && str_eq(words[1], S("type")) ? n - 1 : 0;
}

static struct block *open_block(struct reader *reader, struct str kind, name_id name)
{
	struct config *config = reader->config;
	struct block fresh = {.kind = kind, .name = name};
	VEC_EACH(struct block, block, &config->blocks)
		if (block->name == name && str_eq(block->kind, kind))
			return block;
	return VEC_PUSH(reader->arena, &config->blocks, fresh);
}

/* Cheap, since every line of every config is asked. */
static bool may_be_head(struct str word)
{
	return word.s[0] == 'r' || word.s[0] == 't' || word.s[0] == 'c' || word.s[0] == 'p';
}

/* A line below the head of the open block, or the first behind it. */
static void add_below(struct reader *reader)
{
	struct block *block = &reader->config->blocks.v[reader->block - 1];
	if (reader->depth > reader->block_depth)
		VEC_PUSH(reader->arena, &block->lines, reader->line);
	else
		reader->block = 0;
}

void note_block_line(struct reader *reader, const struct str *words, uint32_t n)
{
	uint32_t at = may_be_head(words[0]) ? name_at(words, n) : 0;
	if (at == 0) {
		if (reader->block)
			add_below(reader);
		return;
	}
	struct block *block = open_block(reader, words[0], name_of(reader, words[at]));
	/* A regex entered anew is another; of the others the lines come together. */
	if (reader->negated || str_eq(block->kind, S("regex")))
		block->lines.n = 0;
	if (!reader->negated && block->lines.n == 0)
		VEC_PUSH(reader->arena, &block->lines, reader->line);
	reader->block = reader->negated ? 0 : (uint32_t)(block - reader->config->blocks.v) + 1;
	reader->block_depth = reader->depth;
}
