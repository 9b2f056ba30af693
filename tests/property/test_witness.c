/* SPDX-License-Identifier: ISC */
/*
 * Each witness of the audit, traced, confirms its finding: an engine that inspects is listed, a
 * limit that caps is listed, and what is blocked is dropped. Over every audit of the golden cases
 * and every example, with the appliances that those name or that are guessed.
 *
 * Usage: test_witness [DIR]; DIR is the root of the sources, the current folder by default.
 */
#include "analyzers/trace.h"
#include "cli/analyze.h"
#include "cli/site_policy.h"
#include "tests/property/confirm.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_WORDS = 64 };

struct counts {
	unsigned audits, witnesses, failures;
};

/* --- one config ------------------------------------------------------------------------- */

static void check_finding(struct arena *arena, const struct config *config, const char *name,
                          const struct finding *finding, struct counts *counts)
{
	const struct tracer tracer = tracer_of(arena, config);
	const struct interface *in = NULL;
	struct trace trace;
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (ifc->nameif && str_eq(config_name(config, ifc->nameif), finding->witness.input))
			in = ifc;
	if (!in)
		return; /* "any": the config has no interface on that side */
	counts->witnesses++;
	trace_packet(arena, &tracer, in, &finding->witness.packet, &trace);
	if (trace_confirms(finding, &trace))
		return;
	const u128 *at = finding->witness.packet.at;
	counts->failures++;
	printf("%s: %s (%s) is not confirmed by: input %.*s %.*s -> %.*s/%u: %s %.*s\n", name,
	       finding->rule->id, finding->certain ? "certain" : "not certain",
	       STR(finding->witness.input), STR(addr_text(arena, at[DIM_SRC])),
	       STR(addr_text(arena, at[DIM_DST])), (unsigned)at[DIM_DPORT],
	       trace_result_names[trace.result], STR(trace.reason));
}

/* Run the audit of a command line and trace the witnesses of its findings. */
static void check_audit(const char *name, int argc, char *argv[], struct counts *counts)
{
	struct arena *arena = arena_new();
	struct options options;
	struct policy policy;
	struct str error, looks_like;
	struct applied applied = {0};
	struct capture_input input;
	if (options_parse(&options, arena, CMD_AUDIT, argc, argv, &error) != OPTIONS_RUN ||
	    !site_policy_load(&options, rules_ids(arena), n_rules, &policy))
		options.operands.n = 0;
	VEC_EACH(const struct str, path, &options.operands) {
		applied.list.n = 0;
		if (str_eq(*path, S("-")) || !applied_read(arena, &options, &applied, &error) ||
		    !capture_read(arena, &options, path->s, &applied, &input, &error))
			continue;
		for (uint32_t part = 0; part < input.parts.list.n; part++) {
			const struct config *config = capture_config(arena, &input, part, S(""));
			struct notes notes = {0};
			if (!config_recognised(config, &looks_like) ||
			    !context_wanted(&options, config))
				continue;
			const struct policy *here =
			        effective_policy(arena, &policy, input.path, config, &notes);
			const struct audit *audit = analyze(arena, &options, here, &input, config);
			counts->audits++;
			VEC_EACH(const struct finding, finding, &audit->report->findings.list)
				if (finding->has_witness)
					check_finding(arena, config, name, finding, counts);
		}
	}
	arena_free(arena);
}

/* --- all of them ------------------------------------------------------------------------ */

/* The words of one line of `args`; lines that need a shell are left out. */
static int split(char *line, char *words[])
{
	int n = 0;
	if (strpbrk(line, "|;<>$\"'&*"))
		return 0;
	for (char *word = strtok(line, " \n"); word && n < MAX_WORDS; word = strtok(NULL, " \n"))
		words[n++] = word;
	return n;
}

static void check_case(const char *args, struct counts *counts)
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
			check_audit(dir, n - 1, words + 1, counts);
	}
	fclose(file);
	free(dir);
	if (chdir(folder) != 0)
		exit(2);
}

static void check_example(const char *path, struct counts *counts)
{
	char policy[] = "--no-policy", *copy = strdup(path);
	char *argv[] = {policy, copy};
	check_audit(path, 2, argv, counts);
	free(copy);
}

int main(int argc, char *argv[])
{
	struct counts counts = {0};
	glob_t found;
	if (argc > 1 && chdir(argv[1]) != 0) {
		perror(argv[1]);
		return 2;
	}
	if (glob("tests/golden/*/args", 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			check_case(found.gl_pathv[i], &counts);
	globfree(&found);
	if (glob("examples/*.cfg", 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			check_example(found.gl_pathv[i], &counts);
	globfree(&found);
	printf("%u audits, %u witnesses, %u not confirmed\n", counts.audits, counts.witnesses,
	       counts.failures);
	return counts.failures || counts.witnesses == 0;
}
