/* SPDX-License-Identifier: ISC */
#include "analyzers/unmended.h"

#include "analyzers/remedy.h"
#include "analyzers/rules.h"

bool unmended_about_inspection(const struct rule *rule)
{
	struct str id = str_of(rule->id);
	return (str_starts(id, S("AM10")) || str_starts(id, S("AM40"))) &&
	       remedy_covers(FORM_SPLIT_CLASS, rule);
}

/* Is the reason for one the reason for the other? */
static bool is_alike(const struct rule *a, const struct rule *b)
{
	return a == b || (unmended_about_inspection(a) && unmended_about_inspection(b));
}

bool unmended_told(const struct change *change, const struct finding *finding)
{
	VEC_EACH(const struct unmended, old, &change->unmended)
		if (is_alike(old->rule, finding->rule))
			return true;
	return false;
}

/* A place in words that end a sentence; empty: no line of the config. */
static struct str at_line(struct arena *arena, const struct sources *sources, struct span span)
{
	if (span.len == 0)
		return S("");
	struct place place = source_place(sources, span);
	return str_printf(arena, " (%.*s:%u)", STR(place.path), place.line);
}

struct str unmended_doubt(struct arena *arena, const struct sources *sources,
                          const struct flow *flow)
{
	VEC_EACH(const struct why, why, &flow->why)
		if (why->about == ABOUT_INSPECTED)
			return str_printf(
			        arena, "it is not known whether this mail is inspected: %.*s%.*s",
			        STR(why->text), STR(at_line(arena, sources, why->span)));
	return S("it is not known whether this mail is inspected");
}

void unmended_leave(struct arena *arena, struct change *change, const struct finding *finding,
                    struct str why)
{
	struct unmended entry = {finding->rule, finding->flow ? finding->flow->id : S(""), why};
	bool inspection = unmended_about_inspection(finding->rule);
	VEC_EACH(const struct unmended, old, &change->unmended) {
		if (!is_alike(old->rule, entry.rule))
			continue;
		if (entry.flow_id.n ? str_eq(old->flow_id, entry.flow_id)
		                    : inspection || str_eq(old->why, why))
			return;
		if (inspection)
			entry.why = old->why;
	}
	VEC_PUSH(arena, &change->unmended, entry);
}

void unmended_leave_covered(struct arena *arena, struct change *change,
                            const struct config_report *report, struct str why)
{
	VEC_EACH(const struct finding, finding, &report->findings.list)
		if (remedy_covers(change->form, finding->rule) && !finding_is_suppressed(finding))
			unmended_leave(arena, change, finding, why);
}

void unmended_leave_uncovered(struct arena *arena, struct change *change,
                              const struct config_report *report)
{
	VEC_EACH(const struct finding, finding, &report->findings.list) {
		bool mail = str_cmp(str_of(finding->rule->id), S("AM5")) < 0;
		if (mail && finding->severity > SEVERITY_NOTE && !finding_is_suppressed(finding) &&
		    !remedy_covers(FORM_SPLIT_CLASS, finding->rule))
			unmended_leave(arena, change, finding,
			               str_printf(arena, "no commands are made for this: %.*s",
			                          STR(finding->message)));
	}
}

/* --- doubts ----------------------------------------------------------------------------- */

/*
 * Is it about a flow of which it is not known whether it is inspected, or about all that was asked:
 * commands are not known, the text is not whole, the appliance is nowhere? Unknown is not clean.
 */
static bool is_doubt(const struct finding *finding)
{
	bool about_flow = str_starts(str_of(finding->rule->id), S("AM90")) && finding->flow &&
	                  finding->flow->on_path && finding->flow->inspected == VERDICT_UNKNOWN;
	bool about_all = finding->rule == &rules[RULE_AM902] ||
	                 finding->rule == &rules[RULE_AM905] ||
	                 (finding->rule == &rules[RULE_AM901] && finding->severity > SEVERITY_NOTE);
	return (about_flow || about_all) && !finding_is_suppressed(finding);
}

/* Is anything else about a flow not known, such as whether it is permitted? */
static bool is_open(const struct finding *finding)
{
	return str_starts(str_of(finding->rule->id), S("AM90")) && finding->flow &&
	       finding->severity > SEVERITY_NOTE && !finding_is_suppressed(finding);
}

static bool doubt_told(const struct change *change, const struct flow *flow)
{
	VEC_EACH(const struct unmended, old, &change->unmended)
		if (flow && str_eq(old->flow_id, flow->id) &&
		    str_starts(str_of(old->rule->id), S("AM90")))
			return true;
	return false;
}

void unmended_leave_doubts(struct arena *arena, struct change *change,
                           const struct config_report *report)
{
	VEC_EACH(const struct finding, finding, &report->findings.list) {
		bool cut = finding->rule == &rules[RULE_AM902];
		struct span line = finding->evidence.n ? finding->evidence.v[0] : (struct span){0};
		if ((!is_doubt(finding) && !is_open(finding)) || doubt_told(change, finding->flow))
			continue;
		struct str doubt = finding->flow && is_doubt(finding)
		                           ? unmended_doubt(arena, &report->sources, finding->flow)
		                           : STR_JOIN(arena, finding->message,
		                                      at_line(arena, &report->sources, line));
		unmended_leave(arena, change, finding,
		               str_printf(arena, "%s: %.*s",
		                          cut ? "commands are for the text alone"
		                              : "no commands are made for this",
		                          STR(doubt)));
	}
}

void unmended_withdraw(struct arena *arena, struct change *change,
                       const struct config_report *before, struct str why)
{
	change->commands.list.n = 0;
	change->rollback.list.n = 0;
	change->verify.n = 0;
	change->after = NULL;
	change->check =
	        (struct change_check){.has_counterexample = change->check.has_counterexample,
	                              .counterexample = change->check.counterexample};
	VEC_EACH(const struct finding, finding, &before->findings.list)
		if ((remedy_covers(change->form, finding->rule) &&
		     !finding_is_suppressed(finding)) ||
		    is_doubt(finding))
			unmended_leave(arena, change, finding, why);
}

static bool is_free(const struct config_report *report, struct str flow_id)
{
	VEC_EACH(const struct finding, finding, &report->findings.list)
		if (finding->flow && str_eq(finding->flow->id, flow_id) &&
		    unmended_about_inspection(finding->rule))
			return false;
	VEC_EACH(const struct flow, flow, &report->flows)
		if (str_eq(flow->id, flow_id))
			return flow->on_path && flow->inspected == VERDICT_NO;
	return false;
}

void unmended_forget(struct change *change, const struct config_report *after)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < change->unmended.n; i++) {
		const struct unmended *old = &change->unmended.v[i];
		if (!unmended_about_inspection(old->rule) || !is_free(after, old->flow_id))
			change->unmended.v[kept++] = *old;
	}
	change->unmended.n = kept;
}
