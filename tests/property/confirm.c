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

/* Exemptions that do not work: whatever class it is, one inspects. */
static bool is_inspected(const struct finding *finding, const struct trace *trace)
{
	(void)finding;
	VEC_EACH(const struct trace_inspection, inspection, &trace->inspections)
		if (inspection->certain)
			return true;
	return false;
}

/* All that is evidence: a contradiction needs both of its limits. */
static bool lists_limits(const struct finding *finding, const struct trace *trace)
{
	VEC_EACH(const struct span, evidence, &finding->evidence) {
		bool found = false;
		VEC_EACH(const struct trace_limit, limit, &trace->limits)
			found |= span_same(limit->hit.span, *evidence) &&
			         (!finding->certain || limit->certain);
		if (!found)
			return false;
	}
	return true;
}

/* The module, or the state bypass, is named by the line that is at fault. */
static bool has_phase(const struct finding *finding, const struct trace *trace, const char *type)
{
	VEC_EACH(const struct trace_phase, phase, &trace->phases)
		VEC_EACH(const struct span, line, &phase->lines)
			if (strcmp(phase->type, type) == 0 && is_evidence(finding, *line) &&
			    (!finding->certain || phase->result == TRACE_ALLOW))
				return true;
	return false;
}

static bool is_sent_to_module(const struct finding *finding, const struct trace *trace)
{
	return has_phase(finding, trace, "MODULE");
}

static bool is_bypassed(const struct finding *finding, const struct trace *trace)
{
	return has_phase(finding, trace, "CONN-SETTINGS");
}

/* By what the finding names, or for want of a translation, which no line names. */
static bool is_stopped(const struct finding *finding, const struct trace *trace)
{
	const struct trace_phase *last = &trace->phases.v[trace->phases.n - 1];
	bool named = str_eq(last->subtype, S("nat-control")) &&
	             str_contains(finding->message, S("nat-control"));
	VEC_EACH(const struct span, line, &last->lines)
		named |= is_evidence(finding, *line);
	return trace->result == TRACE_DROP && named;
}

static const struct {
	const char *id;
	bool (*shows)(const struct finding *finding, const struct trace *trace);
} rows[] = {
        {"AM101", lists_engine}, {"AM102", lists_engine},      {"AM103", lists_engine},
        {"AM104", lists_engine}, {"AM105", lists_engine},      {"AM106", lists_engine},
        {"AM107", lists_engine}, {"AM108", is_sent_to_module}, {"AM201", lists_limits},
        {"AM202", lists_limits}, {"AM203", lists_limits},      {"AM204", lists_limits},
        {"AM205", lists_limits}, {"AM206", lists_limits},      {"AM207", lists_limits},
        {"AM301", is_stopped},   {"AM302", is_stopped},        {"AM303", is_stopped},
        {"AM304", is_stopped},   {"AM401", is_inspected},      {"AM402", is_inspected},
        {"AM403", is_inspected}, {"AM404", is_inspected},      {"AM405", is_inspected},
        {"AM408", is_bypassed},
};

enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };

static size_t row_of(const struct finding *finding)
{
	size_t at = 0;
	while (at < N_ROWS && strcmp(rows[at].id, finding->rule->id) != 0)
		at++;
	return at;
}

bool trace_can_tell(const struct finding *finding)
{
	return row_of(finding) < N_ROWS;
}

/* It leaves as the flow does; what is for an appliance comes to it, by whatever address. */
static bool is_of_flow(const struct finding *finding, const struct trace *trace)
{
	const struct flow *flow = finding->flow;
	const struct trace_nat *to = &trace->destination;
	u128 address = to->applies ? to->address : trace->packet.at[DIM_DST];
	if (flow && trace->output.n && !str_eq(trace->output, flow->to) &&
	    !str_eq(flow->to, S("any")))
		return false;
	if (!flow || flow->kind == FLOW_SMTP_OUT || flow->kind == FLOW_CUSTOM)
		return true;
	bool found = to->applies && !to->certain;
	VEC_EACH(const struct box, box, &flow->packets.boxes)
		found |= iset_contains(box->dim[DIM_DST], address);
	return found;
}

bool trace_confirms(const struct finding *finding, const struct trace *trace)
{
	size_t row = row_of(finding);
	return is_of_flow(finding, trace) && (row == N_ROWS || rows[row].shows(finding, trace));
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
