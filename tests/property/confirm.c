/* SPDX-License-Identifier: ISC */
#include "tests/property/confirm.h"

#include "analyzers/trace.h"
#include "emitters/trace.h"

#include <string.h>

/* --- what a finding says ---------------------------------------------------------------- */

static bool is_evidence(const struct finding *finding, struct span span)
{
	VEC_EACH(const struct span, evidence, &finding->evidence)
		if (evidence->source == span.source && evidence->offset <= span.offset &&
		    span.offset < evidence->offset + evidence->len)
			return true;
	return false;
}

static bool lists_engine(const struct finding *finding, const struct trace *trace)
{
	VEC_EACH(const struct trace_inspection, inspection, &trace->inspections)
		if (is_evidence(finding, inspection->hit.span) &&
		    (!finding->certain || inspection->certain))
			return true;
	return false;
}

static bool lists_limit(const struct finding *finding, const struct trace *trace)
{
	VEC_EACH(const struct trace_limit, limit, &trace->limits)
		if (is_evidence(finding, limit->hit.span) && (!finding->certain || limit->certain))
			return true;
	return false;
}

static bool lists_phase(const struct trace *trace, const char *type)
{
	VEC_EACH(const struct trace_phase, phase, &trace->phases)
		if (strcmp(phase->type, type) == 0)
			return true;
	return false;
}

static bool is_stopped(const struct finding *finding, const struct trace *trace)
{
	return trace->result == TRACE_DROP || (!finding->certain && trace->result != TRACE_ALLOW);
}

bool trace_confirms(const struct finding *finding, const struct trace *trace)
{
	static const char *const engines[] = {"AM101", "AM102", "AM103", "AM106", "AM107"};
	static const char *const limits[] = {"AM201", "AM202", "AM203", "AM204", "AM205", "AM207"};
	static const char *const blocked[] = {"AM301", "AM302", "AM303", "AM304"};
	const char *id = finding->rule->id;
	for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++)
		if (strcmp(id, engines[i]) == 0)
			return lists_engine(finding, trace);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (strcmp(id, limits[i]) == 0)
			return lists_limit(finding, trace);
	for (size_t i = 0; i < sizeof(blocked) / sizeof(blocked[0]); i++)
		if (strcmp(id, blocked[i]) == 0)
			return is_stopped(finding, trace);
	return strcmp(id, "AM108") != 0 || lists_phase(trace, "MODULE");
}

/* --- what a proof says ------------------------------------------------------------------ */

static struct str trace_text(struct arena *arena, const struct config *config,
                             const struct witness *witness)
{
	const struct tracer tracer = tracer_of(arena, config);
	struct buf out = {.arena = arena};
	struct trace trace;
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (ifc->nameif && out.n == 0 &&
		    str_eq(config_name(config, ifc->nameif), witness->input)) {
			trace_packet(arena, &tracer, ifc, &witness->packet, &trace);
			emit_trace_object(&trace, &config->sources, &out);
		}
	return buf_str(&out);
}

bool traces_differ(struct arena *arena, const struct config *before, const struct config *after,
                   const struct witness *witness)
{
	struct str old = trace_text(arena, before, witness);
	struct str new = trace_text(arena, after, witness);
	return old.n && new.n && !str_eq(old, new);
}
