/* SPDX-License-Identifier: ISC */
#include "cli/audit_input.h"

#include "analyzers/trace.h"
#include "cli/mend.h"

static const struct interface *find_interface(const struct config *config, struct str name)
{
	VEC_EACH(const struct interface, interface, &config->interfaces)
		if (interface->nameif && str_eq(config_name(config, interface->nameif), name))
			return interface;
	return NULL;
}

/* What becomes of each witness, as asamend trace tells it. */
static void trace_witnesses(struct arena *arena, const struct config *config,
                            struct findings *findings)
{
	const struct tracer tracer = tracer_of(arena, config);
	VEC_EACH(struct finding, finding, &findings->list) {
		const struct interface *in = find_interface(config, finding->witness.input);
		if (!finding->has_witness || !in)
			continue;
		struct trace *trace = NEW(arena, struct trace);
		trace_packet(arena, &tracer, in, &finding->witness.packet, trace);
		finding->trace = trace;
	}
}

static bool mendable(const struct findings *findings)
{
	VEC_EACH(const struct finding, finding, &findings->list)
		if (finding->fix != FIX_NONE && !finding_is_suppressed(finding))
			return true;
	return false;
}

static void audit_config(struct arena *arena, const struct options *options,
                         const struct policy *policy, const struct capture_input *input,
                         uint32_t part, const struct config *config, enum depth depth,
                         struct audited *out)
{
	struct notes notes = {0};
	const struct policy *here = effective_policy(arena, policy, input->path, config, &notes);
	const struct audit *audit = analyze(arena, options, here, input, config);
	struct config_report *report = audit->report;
	VEC_EACH(const struct str, note, &notes.list)
		VEC_PUSH(arena, &report->notes, *note);
	if (depth == DEPTH_MEND) {
		trace_witnesses(arena, config, &report->findings);
		if (mendable(&report->findings))
			report->change = mend(arena, options, here, input, part, audit);
	}
	VEC_PUSH(arena, &out->configs, *report);
}

void audit_capture(struct arena *arena, const struct options *options, const struct policy *policy,
                   const struct capture_input *input, enum depth depth, struct audited *out)
{
	for (uint32_t part = 0; part < input->parts.list.n; part++) {
		const struct config *config = capture_config(arena, input, part, S(""));
		if (!config_recognised(config, &out->looks_like))
			continue;
		out->found++;
		if (context_wanted(options, config))
			audit_config(arena, options, policy, input, part, config, depth, out);
	}
}

struct str not_a_config(struct arena *arena, const struct audited *audited)
{
	return str_printf(arena,
	                  "this is %.*s; expected the running-config of an ASA, PIX, FWSM or FTD",
	                  STR(audited->looks_like));
}
