/* SPDX-License-Identifier: ISC */
/*
 * Each witness of the audit, traced, confirms its finding: an engine that inspects is listed, a
 * limit that caps is listed, and what is blocked is dropped. Over every audit of the golden cases
 * and every example, with the appliances that those name or that are guessed.
 *
 * Usage: test_witness [DIR]; DIR is the root of the sources, the current folder by default.
 */
#include "analyzers/trace.h"
#include "tests/property/audits.h"
#include "tests/property/confirm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static void look(void *context, struct arena *arena, const struct audit *audit, const char *name)
{
	struct counts *counts = context;
	counts->audits++;
	VEC_EACH(const struct finding, finding, &audit->report->findings.list)
		if (finding->has_witness)
			check_finding(arena, audit->config, name, finding, counts);
}

/* --- all of them ------------------------------------------------------------------------ */

static void check_example(const char *path, void *audits)
{
	char policy[] = "--no-policy", *copy = strdup(path);
	char *argv[] = {policy, copy};
	audits_run(audits, path, 2, argv);
	free(copy);
}

int main(int argc, char *argv[])
{
	struct counts counts = {0};
	struct audits audits = {look, &counts};
	if (argc > 1 && chdir(argv[1]) != 0) {
		perror(argv[1]);
		return 2;
	}
	audits_of_golden(&audits);
	audits_each_file("examples/*.cfg", check_example, &audits);
	printf("%u audits, %u witnesses, %u not confirmed\n", counts.audits, counts.witnesses,
	       counts.failures);
	return counts.failures || counts.witnesses == 0;
}
