/* SPDX-License-Identifier: ISC */
/*
 * A ring of results between the threads and the caller: a thread takes the next job when its
 * place in the ring is free, the caller empties the places in their order.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* sched_getaffinity() */
#endif
#include "cli/workers.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

enum {
	AHEAD = 16,      /* results a thread may be ahead of the slowest */
	STACK = 16 << 20 /* bytes of a thread's stack: the main thread has 8 MiB or more */
};

struct place {
	bool full;
	void *result;
};

struct ring {
	const struct work *work;
	pthread_mutex_t lock;
	pthread_cond_t filled, emptied;
	size_t n, next, taken; /* jobs in all, begun, and taken by the caller */
	size_t places;
	struct place *place;
};

unsigned workers_available(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	int n = CPU_COUNT(&set);
	return n > 0 ? (unsigned)n : 1;
}

static bool begin(struct ring *ring, size_t *job)
{
	pthread_mutex_lock(&ring->lock);
	while (ring->next < ring->n && ring->next - ring->taken >= ring->places)
		pthread_cond_wait(&ring->emptied, &ring->lock);
	*job = ring->next;
	bool any = ring->next < ring->n;
	ring->next += any;
	pthread_mutex_unlock(&ring->lock);
	return any;
}

static void end(struct ring *ring, size_t job, void *result)
{
	pthread_mutex_lock(&ring->lock);
	ring->place[job % ring->places] = (struct place){true, result};
	pthread_cond_signal(&ring->filled);
	pthread_mutex_unlock(&ring->lock);
}

static void *work(void *argument)
{
	struct ring *ring = argument;
	size_t job;
	while (begin(ring, &job))
		end(ring, job, ring->work->job(ring->work->context, job));
	return NULL;
}

/* What was begun is the last. */
static void stop(struct ring *ring)
{
	pthread_mutex_lock(&ring->lock);
	ring->n = ring->next;
	pthread_cond_broadcast(&ring->emptied);
	pthread_mutex_unlock(&ring->lock);
}

static void take_all(struct ring *ring)
{
	for (size_t i = 0; i < ring->n; i++) {
		struct place *place = &ring->place[i % ring->places];
		pthread_mutex_lock(&ring->lock);
		while (!place->full)
			pthread_cond_wait(&ring->filled, &ring->lock);
		void *result = place->result;
		*place = (struct place){0};
		ring->taken = i + 1;
		pthread_cond_broadcast(&ring->emptied);
		pthread_mutex_unlock(&ring->lock);
		if (!ring->work->done(ring->work->context, i, result))
			stop(ring);
	}
}

static unsigned start(struct ring *ring, pthread_t *threads, unsigned wanted)
{
	unsigned started = 0;
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK);
	while (started < wanted && pthread_create(&threads[started], &attributes, work, ring) == 0)
		started++;
	pthread_attr_destroy(&attributes);
	return started;
}

static void alone(const struct work *todo, size_t n)
{
	bool more = true;
	for (size_t i = 0; more && i < n; i++)
		more = todo->done(todo->context, i, todo->job(todo->context, i));
}

void workers_run(const struct work *todo, size_t n, unsigned threads)
{
	struct ring ring = {.work = todo, .n = n, .places = (size_t)threads * AHEAD};
	pthread_t *ids = calloc(threads, sizeof(*ids));
	unsigned started = 0;
	ring.place = calloc(ring.places, sizeof(*ring.place));
	pthread_mutex_init(&ring.lock, NULL);
	pthread_cond_init(&ring.filled, NULL);
	pthread_cond_init(&ring.emptied, NULL);
	if (ids && ring.place)
		started = start(&ring, ids, threads);
	if (started)
		take_all(&ring);
	else
		alone(todo, n);
	for (unsigned i = 0; i < started; i++)
		pthread_join(ids[i], NULL);
	pthread_cond_destroy(&ring.emptied);
	pthread_cond_destroy(&ring.filled);
	pthread_mutex_destroy(&ring.lock);
	free(ring.place);
	free(ids);
}
