/* SPDX-License-Identifier: ISC */
/*
 * A linked list over the indexes of the VEC, cut into blocks of bounded size to find the n-th
 * element, and a hash table with chains to find an equal one.
 */
#include "parser/edits.h"

#include <string.h>

enum { BLOCK_MAX = 1024, NO_NODE = UINT32_MAX };

/* One element of the VEC, at the same index. */
struct node {
	uint32_t prev, next; /* in the order of the list */
	uint32_t chain;      /* the next of the same bucket */
	uint32_t block;
	uint64_t hash;
	bool gone;
};

struct block {
	uint32_t first; /* its first node; without meaning when it is empty */
	uint32_t n;
	uint32_t next; /* the block after it */
};

struct edits {
	struct arena *arena;
	const struct edit_kind *kind;
	const void *context;
	VEC(struct node) nodes;
	VEC(struct block) blocks; /* [0] is the first in order */
	uint32_t head, tail, last_block, left;
	uint32_t *buckets;
	uint32_t n_buckets; /* a power of two */
};

struct edits *edits_new(struct arena *arena, const struct edit_kind *kind, const void *context)
{
	struct edits *edits = NEW(arena, struct edits);
	*edits = (struct edits){
	        .arena = arena, .kind = kind, .context = context, .head = NO_NODE, .tail = NO_NODE};
	VEC_PUSH(arena, &edits->blocks, (struct block){NO_NODE, 0, NO_NODE});
	return edits;
}

static const void *element_at(const struct edits *edits, const void *v, uint32_t i)
{
	return (const char *)v + (size_t)i * edits->kind->size;
}

/* --- finding ---------------------------------------------------------------------------- */

static uint32_t *bucket_of(const struct edits *edits, uint64_t hash)
{
	return &edits->buckets[(hash ^ hash >> 32) & (edits->n_buckets - 1)];
}

static void chain_node(struct edits *edits, uint32_t at)
{
	uint32_t *bucket = bucket_of(edits, edits->nodes.v[at].hash);
	edits->nodes.v[at].chain = *bucket;
	*bucket = at;
}

static void grow_buckets(struct edits *edits)
{
	edits->n_buckets = edits->n_buckets ? edits->n_buckets * 2 : 64;
	edits->buckets = NEW_ARRAY(edits->arena, uint32_t, edits->n_buckets);
	memset(edits->buckets, 0xff, edits->n_buckets * sizeof(*edits->buckets));
	for (uint32_t i = 0; i < edits->nodes.n; i++)
		if (!edits->nodes.v[i].gone)
			chain_node(edits, i);
}

uint32_t edits_find(const struct edits *edits, const void *v, const void *element)
{
	if (edits->n_buckets == 0)
		return EDITS_NONE;
	uint64_t hash = edits->kind->hash(edits->context, element);
	for (uint32_t at = *bucket_of(edits, hash); at != NO_NODE; at = edits->nodes.v[at].chain)
		if (edits->nodes.v[at].hash == hash &&
		    edits->kind->same(edits->context, element_at(edits, v, at), element))
			return at;
	return EDITS_NONE;
}

/* --- order ------------------------------------------------------------------------------ */

/* Cut a full block in two. */
static void split_block(struct edits *edits, uint32_t at)
{
	uint32_t half = edits->blocks.v[at].n / 2, node = edits->blocks.v[at].first;
	struct block upper = {.n = edits->blocks.v[at].n - half, .next = edits->blocks.v[at].next};
	uint32_t new_block = edits->blocks.n;
	for (uint32_t i = 0; i < half; i++)
		node = edits->nodes.v[node].next;
	upper.first = node;
	for (uint32_t i = 0; i < upper.n; i++, node = edits->nodes.v[node].next)
		edits->nodes.v[node].block = new_block;
	VEC_PUSH(edits->arena, &edits->blocks, upper);
	edits->blocks.v[at].n = half;
	edits->blocks.v[at].next = new_block;
	if (edits->last_block == at)
		edits->last_block = new_block;
}

/* Link a node in before `next` (NO_NODE: at the end). */
static void link_node(struct edits *edits, uint32_t at, uint32_t next)
{
	struct node *node = &edits->nodes.v[at];
	node->next = next;
	node->prev = next == NO_NODE ? edits->tail : edits->nodes.v[next].prev;
	node->block = next == NO_NODE ? edits->last_block : edits->nodes.v[next].block;
	*(node->prev == NO_NODE ? &edits->head : &edits->nodes.v[node->prev].next) = at;
	*(next == NO_NODE ? &edits->tail : &edits->nodes.v[next].prev) = at;
	struct block *block = &edits->blocks.v[node->block];
	if (block->n == 0 || block->first == next)
		block->first = at;
	edits->left++;
	if (++block->n > BLOCK_MAX)
		split_block(edits, node->block);
}

static void unlink_node(struct edits *edits, uint32_t at)
{
	struct node *node = &edits->nodes.v[at];
	struct block *block = &edits->blocks.v[node->block];
	*(node->prev == NO_NODE ? &edits->head : &edits->nodes.v[node->prev].next) = node->next;
	*(node->next == NO_NODE ? &edits->tail : &edits->nodes.v[node->next].prev) = node->prev;
	if (block->first == at)
		block->first = node->next;
	block->n--;
	edits->left--;
}

void edits_sync(struct edits *edits, const void *v, uint32_t n)
{
	for (uint32_t i = edits->nodes.n; i < n; i++) {
		struct node node = {
		        .hash = edits->kind->hash(edits->context, element_at(edits, v, i))};
		if (i >= edits->n_buckets)
			grow_buckets(edits);
		VEC_PUSH(edits->arena, &edits->nodes, node);
		chain_node(edits, i);
		link_node(edits, i, NO_NODE);
	}
}

uint32_t edits_remove(struct edits *edits, const void *v, const void *element)
{
	uint32_t n = 0;
	if (edits->n_buckets == 0)
		return 0;
	uint64_t hash = edits->kind->hash(edits->context, element);
	for (uint32_t *slot = bucket_of(edits, hash); *slot != NO_NODE;) {
		struct node *node = &edits->nodes.v[*slot];
		bool same = node->hash == hash &&
		            edits->kind->same(edits->context, element_at(edits, v, *slot), element);
		if (!same) {
			slot = &node->chain;
			continue;
		}
		unlink_node(edits, *slot);
		node->gone = true;
		*slot = node->chain;
		n++;
	}
	return n;
}

void edits_place_last(struct edits *edits, uint32_t at)
{
	uint32_t last = edits->nodes.n - 1, block = 0, node;
	if (at + 1 >= edits->left)
		return;
	unlink_node(edits, last);
	while (at >= edits->blocks.v[block].n) {
		at -= edits->blocks.v[block].n;
		block = edits->blocks.v[block].next;
	}
	for (node = edits->blocks.v[block].first; at > 0; at--)
		node = edits->nodes.v[node].next;
	link_node(edits, last, node);
}

uint32_t edits_count(const struct edits *edits)
{
	return edits->left;
}

uint32_t edits_finish(struct edits *edits, void *v)
{
	size_t size = edits->kind->size;
	char *out = arena_array(edits->arena, edits->left, size, _Alignof(max_align_t));
	uint32_t n = 0;
	for (uint32_t at = edits->head; at != NO_NODE; at = edits->nodes.v[at].next, n++)
		memcpy(out + n * size, element_at(edits, v, at), size);
	if (n)
		memcpy(v, out, n * size);
	return n;
}
