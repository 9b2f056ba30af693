/* SPDX-License-Identifier: ISC */
#include "cli/twins.h"
#include "cli/workers.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* ---- order */

struct count {
	atomic_size_t begun;
	size_t taken, stop_at, wrong, ahead;
};

static void *count_job(void *context, size_t i)
{
	struct count *count = context;
	size_t *result = malloc(sizeof(*result));
	atomic_fetch_add(&count->begun, 1);
	*result = i * i;
	return result;
}

static bool count_done(void *context, size_t i, void *result)
{
	struct count *count = context;
	size_t begun = atomic_load(&count->begun);
	count->wrong += i != count->taken++ || *(size_t *)result != i * i;
	if (begun - i > count->ahead)
		count->ahead = begun - i;
	free(result);
	return i != count->stop_at;
}

Test(workers, results_come_in_order_and_few_wait)
{
	static const struct {
		size_t n;
		unsigned threads;
	} cases[] = {{0, 1}, {1, 1}, {1, 8}, {5000, 1}, {5000, 3}, {100, 100}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct count count = {.stop_at = SIZE_MAX};
		struct work work = {count_job, count_done, &count};
		workers_run(&work, cases[i].n, cases[i].threads);
		cr_expect(count.taken == cases[i].n && count.wrong == 0, "case %zu", i);
		cr_expect(count.ahead <= cases[i].threads * 16 + 1, "case %zu: %zu wait", i,
		          count.ahead);
	}
}

Test(workers, who_takes_the_results_can_stop)
{
	struct count count = {.stop_at = 10};
	struct work work = {count_job, count_done, &count};
	workers_run(&work, 100000, 4);
	cr_expect(count.taken > 10 && count.taken <= 10 + 1 + 4 * 16 && count.wrong == 0);
	cr_expect(count.taken == atomic_load(&count.begun), "what was begun is taken");
}

/* ---- equal texts */

Test(twins, the_second_gets_the_records_of_the_first)
{
	struct arena *arena = arena_new();
	struct twins *twins = twins_new(10);
	struct str records;
	cr_expect(!twins_begin(twins, S("a"), arena, &records));
	twins_end(twins, S("a"), S("12345"));
	cr_expect(twins_begin(twins, S("a"), arena, &records) && str_eq(records, S("12345")));
	cr_expect(!twins_begin(twins, S("b"), arena, &records));
	twins_end(twins, S("b"), S("67890"));
	cr_expect(twins_begin(twins, S("a"), arena, &records));
	cr_expect(!twins_begin(twins, S("c"), arena, &records));
	twins_end(twins, S("c"), S("1")); /* over the budget: the oldest goes */
	cr_expect(!twins_begin(twins, S("a"), arena, &records));
	twins_end(twins, S("a"), S(""));
	cr_expect(twins_begin(twins, S("b"), arena, &records) && str_eq(records, S("67890")));
	cr_expect(!twins_begin(twins, S("d"), arena, &records));
	twins_end(twins, S("d"), S("larger than all of the budget"));
	cr_expect(!twins_begin(twins, S("d"), arena, &records));
	twins_end(twins, S("d"), S(""));
	twins_free(twins);
	arena_free(arena);
}

static void *wait_for_twin(void *context)
{
	struct arena *arena = arena_new();
	struct str records = S("");
	bool known = twins_begin(context, S("key"), arena, &records);
	bool good = known && str_eq(records, S("made"));
	arena_free(arena);
	return good ? context : NULL;
}

Test(twins, others_wait_for_it)
{
	struct arena *arena = arena_new();
	struct twins *twins = twins_new(100);
	pthread_t threads[4];
	struct str records;
	cr_assert(!twins_begin(twins, S("key"), arena, &records));
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, wait_for_twin, twins);
	twins_end(twins, S("key"), S("made"));
	for (int i = 0; i < 4; i++) {
		void *good;
		pthread_join(threads[i], &good);
		cr_expect(good);
	}
	twins_free(twins);
	arena_free(arena);
}
