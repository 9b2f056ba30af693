/* SPDX-License-Identifier: ISC */
#include "tests/property/audits.h"

#include "cli/analyze.h"
#include "cli/site_policy.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_WORDS = 64 };

static void look_at_input(const struct audits *audits, const char *name,
                          const struct options *options, const struct policy *policy,
                          const struct capture_input *input)
{
	struct arena *arena = options->arena;
	struct str looks_like;
	for (uint32_t part = 0; part < input->parts.list.n; part++) {
		const struct config *config = capture_config(arena, input, part, S(""));
		struct notes notes = {0};
		if (!config_recognised(config, &looks_like) || !context_wanted(options, config))
			continue;
		const struct policy *here =
		        effective_policy(arena, policy, input->path, config, &notes);
		audits->look(audits->context, arena, analyze(arena, options, here, input, config),
		             name);
	}
}

void audits_run(const struct audits *audits, const char *name, int argc, char *argv[])
{
	struct arena *arena = arena_new();
	struct options options;
	struct policy policy;
	struct str error;
	if (options_parse(&options, arena, CMD_AUDIT, argc, argv, &error) != OPTIONS_RUN ||
	    !site_policy_load(&options, rules_ids(arena), n_rules, &policy))
		options.operands.n = 0;
	VEC_EACH(const struct str, path, &options.operands) {
		struct applied applied = {0};
		struct capture_input input;
		if (!str_eq(*path, S("-")) && applied_read(arena, &options, &applied, &error) &&
		    capture_read(arena, &options, path->s, &applied, &input, &error))
			look_at_input(audits, name, &options, &policy, &input);
	}
	arena_free(arena);
}

/* The words of one line of `args`; none of one that needs a shell. */
static int split(char *line, char *words[])
{
	int n = 0;
	if (strpbrk(line, "|;<>$\"'&*"))
		return 0;
	for (char *word = strtok(line, " \n"); word && n < MAX_WORDS; word = strtok(NULL, " \n"))
		words[n++] = word;
	return n;
}

/* Paths in it are those of its folder. */
static void look_at_case(const char *args, void *context)
{
	char line[4096], *words[MAX_WORDS], folder[4096];
	FILE *file = fopen(args, "r");
	if (!file || !getcwd(folder, sizeof(folder)))
		exit(2);
	char *dir = strdup(args);
	*strrchr(dir, '/') = '\0';
	if (chdir(dir) != 0)
		exit(2);
	while (fgets(line, sizeof(line), file)) {
		int n = split(line, words);
		if (n > 1 && strcmp(words[0], "audit") == 0)
			audits_run(context, dir, n - 1, words + 1);
	}
	fclose(file);
	free(dir);
	if (chdir(folder) != 0)
		exit(2);
}

void audits_each_file(const char *pattern, void (*check)(const char *path, void *context),
                      void *context)
{
	glob_t found;
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			check(found.gl_pathv[i], context);
	globfree(&found);
}

void audits_of_golden(const struct audits *audits)
{
	audits_each_file("tests/golden/*/args", look_at_case, (void *)(uintptr_t)audits);
}
