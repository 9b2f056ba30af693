/* SPDX-License-Identifier: ISC */
/*
 * Every trace against a second opinion (slow_path.h): whole ways of packets through the
 * examples, the golden tests, random configs of all releases and, where it is there, the
 * corpus. Ends with "N passed, N failed", by configs.
 *
 *	test_paths [-v] [-n PACKETS] [-s SEED] [-r CONFIGS] [FILE...]
 *	test_paths -d SEED       print the random config of this seed
 *
 * PATHS=1000000 in the environment is the same as -n 1000000 -r 5000. -v prints what the
 * program leaves open though the text decides.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analyzers/acl_index.h"
#include "cli/input.h"
#include "parser/config_reader.h"
#include "tests/property/compare.h"
#include "tests/property/random_config.h"
#include "tests/property/works.h"

enum { FIRST_SEED = 1 };

struct result {
	unsigned configs, failed, skipped;
};

static bool compare_part(struct run *run, struct arena *arena, const struct config_input *input,
                         const struct config_part *part, unsigned packets)
{
	struct str looks_like;
	struct config *config = config_read(arena, input, 1, part);
	if (!config_recognised(config, &looks_like))
		return false;
	run->config = config;
	run->arena = arena;
	run->points = points_of(arena, config);
	run->disagreements = 0;
	if (rng_percent(&run->rng, 50))
		acl_index_all(arena, config);
	if (config->interfaces.n)
		compare_traces(run, packets);
	return true;
}

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
	run->rng.state = (work->path.n ? str_hash(work->path) : work->seed * 77) + run->seed;
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

static void print_numbers(const struct run *run, const struct result *result)
{
	const struct tally *t = &run->tally;
	printf("configs %u, other files %u\n", result->configs, result->skipped);
	printf("allowed %llu, dropped %llu, unknown %llu\n",
	       (unsigned long long)t->paths_by[SLOW_YES], (unsigned long long)t->paths_by[SLOW_NO],
	       (unsigned long long)t->paths_by[SLOW_UNKNOWN]);
	printf("unknown though the text decides %llu, not judged %llu\n",
	       (unsigned long long)t->paths_vague, (unsigned long long)t->paths_unjudged);
	printf("configs %u, packets %llu (IPv6 %llu), disagreements %llu, unknown %llu\n",
	       result->configs, (unsigned long long)t->paths, (unsigned long long)t->paths6,
	       (unsigned long long)t->disagreements, (unsigned long long)t->paths_unknown);
	printf("%u passed, %u failed\n", result->configs - result->failed, result->failed);
}

int main(int argc, char **argv)
{
	unsigned long packets = 300000, n_random = 1500;
	uint64_t seed = FIRST_SEED;
	struct run run = {0};
	struct works works = {0};
	struct result result = {0};
	if (getenv("PATHS")) {
		packets = strtoul(getenv("PATHS"), NULL, 10);
		n_random = 5000;
	}
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
	run.seed = seed;
	if (optind < argc)
		n_random = 0;
	for (int i = optind; i < argc; i++)
		VEC_PUSH(arena, &works.list, (struct work){.path = str_of(argv[i])});
	if (optind == argc)
		works_find_all(arena, &works);
	for (unsigned long i = 0; i < n_random; i++)
		VEC_PUSH(arena, &works.list, (struct work){.seed = seed + i});
	VEC_EACH(const struct work, work, &works.list)
		compare_work(&run, work, (unsigned)(packets / works.list.n) + 1, &result);
	arena_free(arena);
	print_numbers(&run, &result);
	return result.failed > 0;
}
