/* SPDX-License-Identifier: ISC */
/*
 * Every verdict against a second opinion (slow.h): access-lists, classes and whole
 * audits, over the examples, the golden tests, random configs and, where it is there,
 * the corpus. Ends with "N passed, N failed", by configs.
 *
 *	test_verdicts [-v] [-n PACKETS] [-s SEED] [-r CONFIGS] [FILE...]
 *	test_verdicts -d SEED       print the random config of this seed
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/input.h"
#include "parser/config_reader.h"
#include "tests/property/compare.h"
#include "tests/property/random_config.h"
#include "tests/property/works.h"

enum { FIRST_SEED = 1 };

/* --- configs ------------------------------------------------------------------------------ */

static bool compare_part(struct run *run, struct arena *arena, const struct config_input *input,
                         const struct config_part *part, unsigned packets)
{
	struct str looks_like;
	const struct config *config = config_read(arena, input, 1, part);
	if (!config_recognised(config, &looks_like))
		return false;
	run->config = config;
	run->arena = arena;
	run->points = points_of(arena, config);
	run->disagreements = 0;
	compare_lists(run, packets / 3);
	compare_classes(run, packets / 3);
	compare_flows(run, packets / 3);
	return true;
}

struct result {
	unsigned configs, failed, skipped;
};

static void compare_work(struct run *run, const struct work *work, unsigned packets,
                         struct result *result)
{
	struct arena *arena = arena_new();
	struct config_input input = {.path = work->path};
	struct str error;
	if (work->path.n && !input_read(arena, work->path.s, &input.text, &error)) {
		result->skipped++;
		arena_free(arena);
		return;
	}
	if (work->path.n == 0) {
		input.text = random_config(arena, work->seed);
		input.path = str_printf(arena, "random %llu", (unsigned long long)work->seed);
	}
	run->name = input.path.s;
	run->rng.state = work->path.n ? str_hash(work->path) : work->seed * 77;
	struct config_parts parts = config_split(arena, input.text);
	VEC_EACH(const struct config_part, part, &parts.list) {
		if (!compare_part(run, arena, &input, part, packets)) {
			result->skipped++;
			continue;
		}
		result->configs++;
		result->failed += run->disagreements > 0;
	}
	arena_free(arena);
}

/* --- main --------------------------------------------------------------------------------- */

static void print_numbers(const struct run *run, const struct result *result)
{
	const struct tally *t = &run->tally;
	printf("configs %u, other files %u\n", result->configs, result->skipped);
	printf("packets %llu: access-lists %llu, classes %llu, flows %llu; rightly unknown %llu, "
	       "unknown though the text decides %llu\n",
	       (unsigned long long)(t->lists + t->classes + t->flows), (unsigned long long)t->lists,
	       (unsigned long long)t->classes, (unsigned long long)t->flows,
	       (unsigned long long)t->unknown, (unsigned long long)t->vague);
	printf("regions %llu, flows %llu: inspected no %llu yes %llu partly %llu unknown %llu; "
	       "permitted no %llu yes %llu partly %llu unknown %llu\n",
	       (unsigned long long)t->regions, (unsigned long long)t->flows_seen,
	       (unsigned long long)t->inspected[0], (unsigned long long)t->inspected[1],
	       (unsigned long long)t->inspected[2], (unsigned long long)t->inspected[3],
	       (unsigned long long)t->permitted[0], (unsigned long long)t->permitted[1],
	       (unsigned long long)t->permitted[2], (unsigned long long)t->permitted[3]);
	printf("witnesses %llu, limits %llu, peers %llu; ", (unsigned long long)t->witnesses,
	       (unsigned long long)t->limits, (unsigned long long)t->peers);
	printf("unknown flows without an unknown packet among those picked: %llu\n",
	       (unsigned long long)t->flows_vague);
	printf("witnesses traced %llu, gone elsewhere %llu, not confirmed in random configs %llu\n",
	       (unsigned long long)t->traced, (unsigned long long)t->elsewhere,
	       (unsigned long long)t->unconfirmed);
	printf("disagreements %llu\n", (unsigned long long)t->disagreements);
	printf("%u passed, %u failed\n", result->configs - result->failed, result->failed);
}

int main(int argc, char **argv)
{
	unsigned long packets = 700000, n_random = 1000;
	uint64_t seed = FIRST_SEED;
	struct run run = {0};
	struct works works = {0};
	struct result result = {0};
	for (int option; (option = getopt(argc, argv, "vn:r:s:d:")) != -1;) {
		if (option == 'v')
			run.verbose = true;
		else if (option == 'n')
			packets = strtoul(optarg, NULL, 10);
		else if (option == 'r')
			n_random = strtoul(optarg, NULL, 10);
		else if (option == 's')
			seed = strtoull(optarg, NULL, 10);
		else if (option == 'd')
			return works_dump(strtoull(optarg, NULL, 10)), 0;
		else
			return 2;
	}
	struct arena *arena = arena_new();
	if (optind < argc)
		n_random = 0;
	for (int i = optind; i < argc; i++)
		VEC_PUSH(arena, &works.list, (struct work){.path = str_of(argv[i])});
	if (optind == argc)
		works_find_all(arena, &works);
	for (unsigned long i = 0; i < n_random; i++)
		VEC_PUSH(arena, &works.list, (struct work){.seed = seed + i});
	VEC_EACH(const struct work, work, &works.list)
		compare_work(&run, work, (unsigned)(packets / works.list.n), &result);
	arena_free(arena);
	print_numbers(&run, &result);
	return result.failed > 0;
}
