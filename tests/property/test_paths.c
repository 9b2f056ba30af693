/* SPDX-License-Identifier: ISC */
/*
 * Every trace against a second opinion (slow_path.h): whole ways of packets through all
 * that works.h runs a test on.
 *
 * PATHS=1000000 in the environment is the same as -n 1000000 -r 5000.
 * -v prints what the program leaves open though the text decides.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/acl_index.h"
#include "tests/property/works.h"

static void compare_all(struct run *run, struct config *config, unsigned packets)
{
	if (rng_percent(&run->rng, 50))
		acl_index_all(run->arena, config);
	if (config->interfaces.n)
		compare_traces(run, packets);
}

static void print_numbers(const struct run *run, const struct works_result *result)
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
}

int main(int argc, char **argv)
{
	struct works works = {300000, 1500, compare_all, print_numbers};
	if (getenv("PATHS")) {
		works.packets = strtoul(getenv("PATHS"), NULL, 10);
		works.n_random = 5000;
	}
	return works_run(&works, argc, argv);
}
