/* SPDX-License-Identifier: ISC */
/*
 * One bump arena a config, one an analysis. Nothing in it is freed piecewise;
 * arena_free() gives back everything. All memory comes zeroed.
 *
 * When memory runs out the arena longjmps to the handler set by arena_on_oom(),
 * so one config can be given up without ending the program; without a handler
 * it prints a message and exits with status 3.
 */
#ifndef MODEL_ARENA_H
#define MODEL_ARENA_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A new, empty arena; owned by the caller, freed with arena_free(). */
struct arena *arena_new(void);

/* Free the arena and all that was allocated in it. NULL is allowed. */
void arena_free(struct arena *arena);

/* Take back all that was allocated, to be handed out again; some of the memory is kept for that. */
void arena_clear(struct arena *arena);

/* Jump to `env` (with value 1) when memory runs out. NULL restores the default. */
void arena_on_oom(struct arena *arena, jmp_buf *env);

/* `size` zeroed bytes aligned to `align` (a power of two). Never NULL. */
void *arena_alloc(struct arena *arena, size_t size, size_t align);

/* `n` zeroed elements of `size` bytes; the product is checked for overflow. */
void *arena_array(struct arena *arena, size_t n, size_t size, size_t align);

/* Bytes handed out so far. */
size_t arena_used(const struct arena *arena);

#define NEW(arena, type)          ((type *)arena_alloc((arena), sizeof(type), _Alignof(type)))
#define NEW_ARRAY(arena, type, n) ((type *)arena_array((arena), (n), sizeof(type), _Alignof(type)))

/*
 * A growing array in an arena. A zeroed VEC is an empty one.
 *
 *	VEC(struct ace) aces = {0};
 *	VEC_PUSH(arena, &aces, ace);
 *	VEC_EACH(struct ace, a, &aces) ...
 */
#define VEC(type)                                                                                  \
	struct {                                                                                   \
		type *v;                                                                           \
		uint32_t n, cap;                                                                   \
	}

/* Append one element; a pointer to it is the value of the expression. */
#define VEC_PUSH(arena, vec, ...)                                                                  \
	((vec)->v = (vec)->n < (vec)->cap ? (vec)->v                                               \
	                                  : vec_grow((arena), (vec)->v, (vec)->n, &(vec)->cap,     \
	                                             sizeof(*(vec)->v)),                           \
	 (vec)->v[(vec)->n] = (__VA_ARGS__), &(vec)->v[(vec)->n++])

/* Loop over pointers to the elements. */
#define VEC_EACH(type, it, vec)                                                                    \
	for (type *it = (vec)->v, *it##_end = (vec)->v ? (vec)->v + (vec)->n : NULL;               \
	     it < it##_end; it++)

/* A larger copy of a full `v`. Used by VEC_PUSH only. */
void *vec_grow(struct arena *arena, void *v, uint32_t n, uint32_t *cap, size_t size);

#endif
