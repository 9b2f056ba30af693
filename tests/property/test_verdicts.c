/* SPDX-License-Identifier: ISC */
/*
 * Every verdict against a second opinion (slow.h): access-lists, classes and whole
 * audits, over all that works.h runs a test on.
 */
#include <stdio.h>

#include "tests/property/works.h"

static void compare_all(struct run *run, struct config *config, unsigned packets)
{
	(void)config;
	compare_lists(run, packets / 3);
	compare_classes(run, packets / 3);
	compare_flows(run, packets / 3);
}

static void print_numbers(const struct run *run, const struct works_result *result)
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
	printf("witnesses traced %llu, certain findings that no packet shows %llu\n",
	       (unsigned long long)t->traced, (unsigned long long)t->unwitnessed);
	printf("disagreements %llu\n", (unsigned long long)t->disagreements);
}

int main(int argc, char **argv)
{
	const struct works works = {700000, 1000, compare_all, print_numbers};
	return works_run(&works, argc, argv);
}
