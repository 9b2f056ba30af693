/* SPDX-License-Identifier: ISC */
/*
 * The laws of fix (fix_laws.h) over the examples, the golden tests, random configs and, where it
 * is there, the corpus: each as it is and with what variants.h puts on top, with any of its hosts
 * named as the ESA. Prints the share that was proved, and with -v every reason why something is
 * not mended. Ends with "N passed, N failed", by configs.
 *
 *	test_fix [-v] [-l] [-x] [-n PACKETS] [-c CASES] [-s SEED] [-r CONFIGS] [-w WORDS] [FILE...]
 *
 * -w: with -v, the cases that a reason with these words is given for, and what was applied.
 * -x: random configs only (test_verdicts -d SEED prints one).
 * -l: every host with every variant; else some of each, which take turns from config to config.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/property/files.h"
#include "tests/property/fix_laws.h"
#include "tests/property/random_config.h"
#include "tests/property/variants.h"

#include "cli/input.h"

enum { HOSTS_OF_ALL = 4 };

struct settings {
	bool all;
	unsigned packets; /* of each case */
	unsigned cases;   /* of each config */
};

/* --- one config -------------------------------------------------------------------------- */

static u128 some_host(struct rng *rng, const struct points *points)
{
	for (int tries = 0; tries < 30 && points->hosts.n; tries++) {
		u128 host = points->hosts.v[rng_below(rng, points->hosts.n)];
		if (host != 0 && host != ADDR4_MIN && host != ADDR4_MAX)
			return host;
	}
	return addr4(0x0a010105);
}

static void add_appliance(struct arena *arena, struct policy *policy, const char *name,
                          enum role role, u128 address)
{
	struct appliance appliance = {.name = str_of(name), .role = role};
	struct host host = {.real = address};
	VEC_PUSH(arena, &appliance.addresses.list, host);
	VEC_PUSH(arena, &policy->appliances.list, appliance);
}

static enum fix_form some_form(struct rng *rng)
{
	static const enum fix_form forms[] = {FORM_ALLOW_TLS, FORM_GLOBAL_OFF, FORM_TECHNOTE};
	return rng_percent(rng, 80) ? FORM_DEFAULT : forms[rng_below(rng, 3)];
}

static void one_case(struct fix_run *run, const struct settings *settings,
                     const struct capture_input *input, uint32_t part, u128 esa, unsigned variant)
{
	struct arena *arena = arena_new();
	struct options options = {.arena = arena, .ignore_suppressions = true};
	struct capture_input with = *input;
	const struct config *config = capture_config(arena, input, part, S(""));
	const struct points points = points_of(arena, config);
	const struct variant_of of = {config, esa, &run->rng};
	struct str text = variant_text(arena, &of, variant);
	struct policy policy = policy_default();
	const char *other = "";
	if (text.n)
		VEC_PUSH(arena, &with.applied.list, (struct config_input){S("variant"), text});
	add_appliance(arena, &policy, "esa", ROLE_ESA, esa);
	u128 more = some_host(&run->rng, &points);
	if (more != esa && rng_percent(&run->rng, 40)) {
		enum role role = rng_percent(&run->rng, 60) ? ROLE_SMA : ROLE_ESA;
		add_appliance(arena, &policy, "more", role, more);
		other = str_printf(arena, " --%s %.*s", role == ROLE_SMA ? "sma" : "esa",
		                   STR(addr_text(arena, more)))
		                .s;
	}
	struct fix_case at = {.arena = arena,
	                      .options = &options,
	                      .policy = &policy,
	                      .input = &with,
	                      .part = part,
	                      .form = some_form(&run->rng),
	                      .unsafe = rng_percent(&run->rng, 15),
	                      .packets = settings->packets};
	run->name = str_printf(arena, "%.*s, %s, --form %s --esa %.*s%s%s", STR(input->path),
	                       variant_name(variant), fix_form_names[at.form],
	                       STR(addr_text(arena, esa)), other, at.unsafe ? " --unsafe" : "")
	                    .s;
	run->found = false;
	uint64_t faults = run->faults;
	fix_laws(run, &at);
	if (run->verbose && (run->faults > faults || run->found))
		printf("--- applied:\n%.*s---\n", STR(text));
	arena_free(arena);
}

static void one_config(struct fix_run *run, const struct settings *settings,
                       const struct capture_input *input, uint32_t part, uint64_t turn)
{
	struct arena *arena = arena_new();
	const struct config *config = capture_config(arena, input, part, S(""));
	const struct points points = points_of(arena, config);
	unsigned hosts = settings->all ? HOSTS_OF_ALL : 1;
	for (unsigned h = 0; h < hosts; h++) {
		u128 esa = some_host(&run->rng, &points);
		for (unsigned v = 0; v < (settings->all ? N_VARIANTS : settings->cases); v++)
			one_case(run, settings, input, part, esa,
			         settings->all ? v
			         : v == 0      ? 0
			                       : (unsigned)((turn * (settings->cases - 1) + v) %
                                                       N_VARIANTS));
	}
	arena_free(arena);
}

/* --- all --------------------------------------------------------------------------------- */

struct result {
	unsigned configs, failed, skipped;
};

static void try_input(struct fix_run *run, const struct settings *settings, struct arena *arena,
                      struct capture_input *input, struct result *result)
{
	input->parts = config_split(arena, input->text);
	run->rng.state = str_hash(input->path);
	for (uint32_t part = 0; part < input->parts.list.n; part++) {
		struct str looks_like;
		uint64_t faults = run->faults;
		if (!config_recognised(capture_config(arena, input, part, S("")), &looks_like)) {
			result->skipped++;
			continue;
		}
		one_config(run, settings, input, part, result->configs);
		result->configs++;
		result->failed += run->faults > faults;
	}
}

static int by_count(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;
	return x->n != y->n ? (x->n < y->n ? 1 : -1) : str_cmp(x->text, y->text);
}

static void print_share(const char *what, const uint64_t n[FIX_RESULTS])
{
	uint64_t all = n[FIX_PROVED] + n[FIX_PARTLY] + n[FIX_UNPROVED] + n[FIX_REFUSED];
	printf("%s: with something to mend %llu, proved %llu (%llu%%), a part of it proved %llu, "
	       "others change too %llu, refused with the reason %llu; nothing to mend %llu\n",
	       what, (unsigned long long)all, (unsigned long long)n[FIX_PROVED],
	       (unsigned long long)(all ? n[FIX_PROVED] * 100 / all : 0),
	       (unsigned long long)n[FIX_PARTLY], (unsigned long long)n[FIX_UNPROVED],
	       (unsigned long long)n[FIX_REFUSED], (unsigned long long)n[FIX_NOTHING]);
}

static void print_numbers(struct fix_run *run, const struct result *result)
{
	if (run->verbose && run->reasons.n) {
		qsort(run->reasons.v, run->reasons.n, sizeof(*run->reasons.v), by_count);
		VEC_EACH(const struct reason, reason, &run->reasons)
			printf("%6llu %.*s\n", (unsigned long long)reason->n, STR(reason->text));
	}
	printf("configs %u, other files %u\n", result->configs, result->skipped);
	print_share("by the release's own form", run->results[1]);
	print_share("by all forms, safe and unsafe", run->results[0]);
	printf("packets %llu, treated otherwise %llu; longest line %zu; faults %llu\n",
	       (unsigned long long)run->packets, (unsigned long long)run->changed, run->longest,
	       (unsigned long long)run->faults);
	printf("others change too, shown by a packet %llu, not shown %llu\n",
	       (unsigned long long)run->shown, (unsigned long long)run->unshown);
	printf("%u passed, %u failed\n", result->configs - result->failed, result->failed);
}

int main(int argc, char **argv)
{
	struct settings settings = {.packets = 30, .cases = 6};
	unsigned long n_random = 150;
	uint64_t seed = 1;
	bool random_only = false;
	struct fix_run run = {.kept = arena_new()};
	struct files files = {0};
	struct result result = {0};
	for (int option; (option = getopt(argc, argv, "vlxn:c:r:s:w:")) != -1;) {
		if (option == 'v')
			run.verbose = true;
		else if (option == 'l')
			settings.all = true;
		else if (option == 'x')
			random_only = true;
		else if (option == 'w')
			run.looked_for = optarg;
		else if (option == 'n')
			settings.packets = (unsigned)strtoul(optarg, NULL, 10);
		else if (option == 'c')
			settings.cases = (unsigned)strtoul(optarg, NULL, 10);
		else if (option == 'r')
			n_random = strtoul(optarg, NULL, 10);
		else if (option == 's')
			seed = strtoull(optarg, NULL, 10);
		else
			return 2;
	}
	if (optind < argc)
		n_random = 0;
	for (int i = optind; i < argc; i++)
		VEC_PUSH(run.kept, &files.list, str_of(argv[i]));
	if (optind == argc && !random_only)
		files_find_all(run.kept, &files);
	VEC_EACH(const struct str, path, &files.list) {
		struct arena *arena = arena_new();
		struct capture_input input = {.path = *path};
		struct str error;
		if (input_read(arena, path->s, &input.text, &error))
			try_input(&run, &settings, arena, &input, &result);
		else
			result.skipped++;
		arena_free(arena);
	}
	for (uint64_t i = 0; i < n_random; i++) {
		struct arena *arena = arena_new();
		struct capture_input input = {.text = random_config(arena, seed + i)};
		input.path = str_printf(arena, "random %llu", (unsigned long long)(seed + i));
		try_input(&run, &settings, arena, &input, &result);
		arena_free(arena);
	}
	print_numbers(&run, &result);
	arena_free(run.kept);
	return result.failed > 0;
}
