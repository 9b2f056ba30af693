/* SPDX-License-Identifier: ISC */
/* What a change does to a flow, and a packet of the flow to try it with. */
#include "analyzers/procedure_parts.h"

#include "analyzers/remedy.h"

/* Of a change that was not tried nothing is known but what it is for. */
static const struct flow *flow_after(const struct guide *guide, const struct flow *flow)
{
	if (!guide->change->after)
		return flow;
	VEC_EACH(const struct flow, now, &guide->change->after->flows)
		if (str_eq(now->id, flow->id))
			return now;
	return NULL;
}

static bool same_limits(const struct flow *a, const struct flow *b)
{
	if (a->limits.n != b->limits.n)
		return false;
	for (uint32_t i = 0; i < a->limits.n; i++)
		if (a->limits.v[i].kind != b->limits.v[i].kind ||
		    a->limits.v[i].value != b->limits.v[i].value)
			return false;
	return true;
}

static struct str map_of(const struct flow *flow)
{
	return flow->inspections.n ? flow->inspections.v[0].map : S("");
}

/* Does some engine take it, or may it? */
static bool is_taken(const struct flow *flow)
{
	return flow->inspected != VERDICT_NO || flow->inspections.n > 0;
}

/* Is the finding about the flow, and one that the change is to mend or a doubt that it ends? */
static bool is_reason(const struct guide *guide, const struct finding *finding,
                      const struct flow *flow)
{
	return finding->flow && str_eq(finding->flow->id, flow->id) &&
	       (remedy_covers(guide->change->form, finding->rule) ||
	        str_starts(str_of(finding->rule->id), S("AM90")));
}

static bool has_reason(const struct guide *guide, const struct flow *flow)
{
	VEC_EACH(const struct finding, finding, &guide->audit->report->findings.list)
		if (is_reason(guide, finding, flow))
			return true;
	return false;
}

/* What is in doubt after is freed as far as the text goes: all the more is it tried. */
static bool is_freed(const struct guide *guide, const struct flow *old, const struct flow *now)
{
	if (!is_taken(old))
		return false;
	return !guide->change->after || !is_taken(now) ||
	       (old->inspected != VERDICT_NO && now->inspected == VERDICT_NO) ||
	       (old->inspected != VERDICT_UNKNOWN && now->inspected == VERDICT_UNKNOWN);
}

/* --- a packet --------------------------------------------------------------------------- */

static enum trace_result trace_of(const struct guide *guide, const struct witness *witness,
                                  struct trace *trace)
{
	const struct config *config = guide->config;
	/* "any" is no interface: that the text tells none. */
	const struct interface *in =
	        config_interface(config, config_find_name(config, witness->input));
	*trace = (struct trace){.result = TRACE_UNKNOWN};
	if (in)
		trace_packet(guide->arena, &guide->audit->tracer, in, &witness->packet, trace);
	return trace->result;
}

/* One that comes through where there is one: else nobody sees on the device what is inspected. */
static void find_packet(const struct guide *guide, struct subject *subject)
{
	const struct finding *first = NULL;
	struct witness other;
	VEC_EACH(const struct finding, finding, &guide->audit->report->findings.list) {
		if (!is_reason(guide, finding, subject->old) || !finding->has_witness)
			continue;
		first = first ? first : finding;
		if (trace_of(guide, &finding->witness, &subject->trace) != TRACE_ALLOW)
			continue;
		subject->has_witness = true;
		subject->witness = finding->witness;
		return;
	}
	subject->has_witness = first != NULL;
	if (first)
		subject->witness = first->witness;
	if (audit_passing_packet(guide->audit, subject->old, first, &other)) {
		subject->has_witness = true;
		subject->witness = other;
	}
	if (subject->has_witness)
		trace_of(guide, &subject->witness, &subject->trace);
}

/* The engine that takes the packet, or else the first that may take a part of the flow. */
static const struct inspection_hit *find_taker(const struct subject *subject)
{
	if (subject->trace.inspections.n)
		return &subject->trace.inspections.v[0].hit;
	return subject->old->inspections.n ? &subject->old->inspections.v[0] : NULL;
}

bool procedure_subject(const struct guide *guide, const struct flow *old, struct subject *subject)
{
	const struct flow *now = flow_after(guide, old);
	*subject = (struct subject){.old = old, .now = now};
	if (!old->on_path || !now || !has_reason(guide, old))
		return false;
	subject->freed = is_freed(guide, old, now);
	subject->remapped = !subject->freed && is_taken(now) && !str_eq(map_of(old), map_of(now));
	subject->relimited = !same_limits(old, now);
	if (!subject->freed && !subject->remapped && !subject->relimited)
		return false;
	subject->map = map_of(now);
	find_packet(guide, subject);
	subject->taker = find_taker(subject);
	return true;
}
