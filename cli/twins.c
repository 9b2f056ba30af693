/* SPDX-License-Identifier: ISC */
/* A balanced tree by key (tsearch) and a queue by age: the oldest go first. */
#include "cli/twins.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

struct twin {
	struct str key;
	char *records; /* NULL: a thread is making them */
	size_t n;
	struct twin *younger;
};

struct twins {
	pthread_mutex_t lock;
	pthread_cond_t made;
	void *tree;
	struct twin *oldest, *youngest; /* with records */
	size_t used, budget;
};

static int compare(const void *left, const void *right)
{
	const struct twin *a = left, *b = right;
	return str_cmp(a->key, b->key);
}

struct twins *twins_new(size_t budget)
{
	struct twins *twins = calloc(1, sizeof(*twins));
	if (!twins)
		return NULL;
	twins->budget = budget;
	pthread_mutex_init(&twins->lock, NULL);
	pthread_cond_init(&twins->made, NULL);
	return twins;
}

static struct twin *find(const struct twins *twins, struct str key)
{
	struct twin wanted = {.key = key};
	struct twin **node = tfind(&wanted, &twins->tree, compare);
	return node ? *node : NULL;
}

/* An entry of its own memory, key included; without memory there is none, and no harm done. */
static void announce(struct twins *twins, struct str key)
{
	struct twin *twin = calloc(1, sizeof(*twin) + key.n);
	if (!twin)
		return;
	twin->key = (struct str){memcpy(twin + 1, key.s, key.n), key.n};
	if (!tsearch(twin, &twins->tree, compare))
		free(twin);
}

bool twins_begin(struct twins *twins, struct str key, struct arena *arena, struct str *records)
{
	char *copy = NULL;
	size_t n = 0;
	if (!twins)
		return false;
	pthread_mutex_lock(&twins->lock);
	const struct twin *twin;
	while ((twin = find(twins, key)) && !twin->records)
		pthread_cond_wait(&twins->made, &twins->lock);
	if (!twin) {
		announce(twins, key);
	} else if ((copy = malloc(twin->n))) { /* an arena may jump away, with the lock held */
		n = twin->n;
		memcpy(copy, twin->records, n);
	}
	pthread_mutex_unlock(&twins->lock);
	if (!copy)
		return false;
	*records = str_copy(arena, (struct str){copy, n});
	free(copy);
	return true;
}

static void forget(struct twins *twins, struct twin *twin)
{
	tdelete(twin, &twins->tree, compare);
	free(twin->records);
	free(twin);
}

static void drop_oldest(struct twins *twins)
{
	struct twin *oldest = twins->oldest;
	twins->oldest = oldest->younger;
	if (!twins->oldest)
		twins->youngest = NULL;
	twins->used -= oldest->n;
	forget(twins, oldest);
}

void twins_free(struct twins *twins)
{
	if (!twins)
		return;
	while (twins->oldest)
		drop_oldest(twins);
	pthread_cond_destroy(&twins->made);
	pthread_mutex_destroy(&twins->lock);
	free(twins);
}

static void keep(struct twins *twins, struct twin *twin, char *copy, size_t n)
{
	twin->records = copy;
	twin->n = n;
	if (twins->youngest)
		twins->youngest->younger = twin;
	else
		twins->oldest = twin;
	twins->youngest = twin;
	twins->used += n;
	while (twins->used > twins->budget)
		drop_oldest(twins);
}

void twins_end(struct twins *twins, struct str key, struct str records)
{
	if (!twins)
		return;
	char *copy = records.n ? malloc(records.n) : NULL;
	if (copy)
		memcpy(copy, records.s, records.n);
	pthread_mutex_lock(&twins->lock);
	struct twin *twin = find(twins, key);
	bool awaited = twin && !twin->records;
	if (awaited && copy)
		keep(twins, twin, copy, records.n);
	else if (awaited)
		forget(twins, twin);
	if (!awaited)
		free(copy);
	pthread_cond_broadcast(&twins->made);
	pthread_mutex_unlock(&twins->lock);
}
