/* SPDX-License-Identifier: ISC */
/*
 * A bump arena: a list of chunks, the newest first, each twice the size of the
 * one before (64 KiB to 8 MiB). A request that would waste much of a chunk gets
 * one of its own, put behind the newest so that the rest of that one stays in
 * use. Chunks come from calloc(), so memory is zeroed and large chunks cost
 * only the pages that are touched.
 *
 * Under AddressSanitizer all of a chunk that is not handed out is poisoned, with
 * a gap after every allocation, so that overruns are found as with malloc().
 */
#include "model/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASAN 1
#endif
#endif

#ifdef ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#define GAP            ((size_t)16)
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define GAP            ((size_t)0)
#endif

#define CHUNK_MIN ((size_t)64 << 10)
#define CHUNK_MAX ((size_t)8 << 20)

struct chunk {
	struct chunk *next;
	size_t size, used; /* of data[] */
	_Alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct chunk *chunks;
	size_t next_size; /* of the next ordinary chunk */
	size_t used;
	jmp_buf *on_oom;
};

static _Noreturn void out_of_memory(jmp_buf *on_oom)
{
	if (on_oom)
		longjmp(*on_oom, 1);
	fputs("asamend: out of memory\n", stderr);
	exit(3);
}

struct arena *arena_new(void)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (!arena)
		out_of_memory(NULL);
	arena->next_size = CHUNK_MIN;
	return arena;
}

void arena_free(struct arena *arena)
{
	struct chunk *chunk, *next;

	if (!arena)
		return;
	for (chunk = arena->chunks; chunk; chunk = next) {
		next = chunk->next;
		UNPOISON(chunk->data, chunk->size);
		free(chunk);
	}
	free(arena);
}

void arena_clear(struct arena *arena)
{
	struct chunk *kept = arena->chunks;

	if (!kept)
		return;
	for (struct chunk *chunk = kept->next, *next; chunk; chunk = next) {
		next = chunk->next;
		UNPOISON(chunk->data, chunk->size);
		free(chunk);
	}
	UNPOISON(kept->data, kept->used);
	memset(kept->data, 0, kept->used);
	POISON(kept->data, kept->used);
	kept->next = NULL;
	kept->used = 0;
	arena->used = 0;
}

void arena_on_oom(struct arena *arena, jmp_buf *env)
{
	arena->on_oom = env;
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}

/* A chunk with room for `need` bytes, linked in. */
static struct chunk *add_chunk(struct arena *arena, size_t need)
{
	bool own = need > arena->next_size / 4;
	size_t size = own ? need : arena->next_size;
	struct chunk *chunk, **link;

	if (size > PTRDIFF_MAX - sizeof(*chunk))
		out_of_memory(arena->on_oom);
	chunk = calloc(1, sizeof(*chunk) + size);
	if (!chunk)
		out_of_memory(arena->on_oom);
	chunk->size = size;
	POISON(chunk->data, size);

	link = own && arena->chunks ? &arena->chunks->next : &arena->chunks;
	chunk->next = *link;
	*link = chunk;
	if (!own && arena->next_size < CHUNK_MAX)
		arena->next_size *= 2;
	return chunk;
}

/* Bytes to skip in a chunk so that the next allocation is aligned. */
static size_t padding(const struct chunk *chunk, size_t align)
{
	return -(uintptr_t)(chunk->data + chunk->used) & (align - 1);
}

static bool has_room(const struct chunk *chunk, size_t size, size_t align)
{
	size_t left = chunk->size - chunk->used, skip = padding(chunk, align);

	return skip <= left && size <= left - skip;
}

void *arena_alloc(struct arena *arena, size_t size, size_t align)
{
	struct chunk *chunk = arena->chunks;
	size_t need;
	void *p;

	assert(align && !(align & (align - 1)));
	if (__builtin_add_overflow(size, align - 1 + GAP, &need))
		out_of_memory(arena->on_oom);
	if (!chunk || !has_room(chunk, size + GAP, align))
		chunk = add_chunk(arena, need);

	chunk->used += padding(chunk, align);
	p = chunk->data + chunk->used;
	chunk->used += size + GAP;
	arena->used += size;
	UNPOISON(p, size);
	return p;
}

void *arena_array(struct arena *arena, size_t n, size_t size, size_t align)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		out_of_memory(arena->on_oom);
	return arena_alloc(arena, bytes, align);
}

void *vec_grow(struct arena *arena, void *v, uint32_t n, uint32_t *cap, size_t size)
{
	uint32_t room = *cap ? *cap : 2;
	void *larger;

	if (room > UINT32_MAX / 2)
		out_of_memory(arena->on_oom);
	larger = arena_array(arena, room * 2, size, _Alignof(max_align_t));
	if (n)
		memcpy(larger, v, n * size);
	*cap = room * 2;
	return larger;
}
