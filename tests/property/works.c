/* SPDX-License-Identifier: ISC */
#include "tests/property/works.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/input.h"
#include "parser/config_reader.h"
#include "tests/property/files.h"
#include "tests/property/random_config.h"

enum { FIRST_SEED = 1 };

/* The text of a file, or a seed. */
struct work {
	struct str path; /* empty: random */
	uint64_t seed;
};

struct job {
	const struct works *works;
	struct run run;
	struct works_result result;
	VEC(struct work) list;
};

/* --- one of them -------------------------------------------------------------------------- */

static void run_part(struct job *job, struct arena *arena, const struct config_input *input,
                     const struct config_part *part, unsigned packets)
{
	struct run *run = &job->run;
	struct str looks_like;
	struct config *config = config_read(arena, input, 1, part);
	if (!config_recognised(config, &looks_like)) {
		job->result.skipped++;
		return;
	}
	run->config = config;
	run->arena = arena;
	run->points = points_of(arena, config);
	run->disagreements = 0;
	job->works->compare(run, config, packets);
	job->result.configs++;
	job->result.failed += run->disagreements > 0;
}

static void run_work(struct job *job, const struct work *work, unsigned packets)
{
	struct arena *arena = arena_new();
	struct config_input input = {.path = work->path};
	struct run *run = &job->run;
	struct str error;
	if (work->path.n && !input_read(arena, work->path.s, &input.text, &error)) {
		job->result.skipped++;
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
	VEC_EACH(const struct config_part, part, &parts.list)
		run_part(job, arena, &input, part, packets);
	arena_free(arena);
}

/* --- all of them -------------------------------------------------------------------------- */

static void print_random(uint64_t seed)
{
	struct arena *arena = arena_new();
	struct str text = random_config(arena, seed);
	fwrite(text.s, 1, text.n, stdout);
	arena_free(arena);
}

/* Examples, golden cases and, where it is there, the corpus; then random configs. */
static void find_works(struct arena *arena, struct job *job, unsigned long n_random)
{
	struct files files = {0};
	files_find_all(arena, &files);
	VEC_EACH(const struct str, path, &files.list)
		VEC_PUSH(arena, &job->list, (struct work){.path = *path});
	for (unsigned long i = 0; i < n_random; i++)
		VEC_PUSH(arena, &job->list, (struct work){.seed = job->run.seed + i});
}

int works_run(const struct works *works, int argc, char **argv)
{
	unsigned long packets = works->packets, n_random = works->n_random;
	struct job job = {.works = works, .run = {.seed = FIRST_SEED}};
	for (int option; (option = getopt(argc, argv, "vn:r:s:d:")) != -1;) {
		if (option == 'v')
			job.run.verbose = true;
		else if (option == 'n')
			packets = strtoul(optarg, NULL, 10);
		else if (option == 'r')
			n_random = strtoul(optarg, NULL, 10);
		else if (option == 's')
			job.run.seed = strtoull(optarg, NULL, 10);
		else if (option == 'd')
			return print_random(strtoull(optarg, NULL, 10)), 0;
		else
			return 2;
	}
	struct arena *arena = arena_new();
	for (int i = optind; i < argc; i++)
		VEC_PUSH(arena, &job.list, (struct work){.path = str_of(argv[i])});
	if (optind == argc)
		find_works(arena, &job, n_random);
	VEC_EACH(const struct work, work, &job.list)
		run_work(&job, work, (unsigned)(packets / job.list.n) + 1);
	arena_free(arena);
	works->print(&job.run, &job.result);
	printf("%u passed, %u failed\n", job.result.configs - job.result.failed, job.result.failed);
	return job.result.failed > 0;
}
