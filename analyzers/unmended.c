/* SPDX-License-Identifier: ISC */
#include "analyzers/unmended.h"

#include "analyzers/remedy.h"
#include "analyzers/rules.h"

bool unmended_about_inspection(const struct rule *rule)
{
	struct str id = str_of(rule->id);
	return str_starts(id, S("AM10")) || str_starts(id, S("AM40"));
}

bool unmended_told(const struct change *change, const struct finding *finding)
{
	VEC_EACH(const struct unmended, old, &change->unmended)
		if (old->rule == finding->rule || (unmended_about_inspection(old->rule) &&
		                                   unmended_about_inspection(finding->rule)))
			return true;
	return false;
}

static bool is_alike(const struct rule *a, const struct rule *b)
{
	return a == b || (unmended_about_inspection(a) && unmended_about_inspection(b));
}

void unmended_leave(struct arena *arena, struct change *change, const struct finding *finding,
                    struct str why)
{
	struct unmended entry = {finding->rule, finding->flow ? finding->flow->id : S(""), why};
	VEC_EACH(const struct unmended, old, &change->unmended) {
		if (!is_alike(old->rule, entry.rule))
			continue;
		if (str_eq(old->flow_id, entry.flow_id) || !entry.flow_id.n)
			return;
		if (unmended_about_inspection(entry.rule))
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
		bool mail = str_cmp(str_of(finding->rule->id), S("AM5")) < 0 ||
		            finding->rule == rules_find(S("AM905"));
		if (mail && finding->severity > SEVERITY_NOTE && !finding_is_suppressed(finding) &&
		    !remedy_covers(FORM_SPLIT_CLASS, finding->rule))
			unmended_leave(arena, change, finding,
			               str_printf(arena, "no commands are made for this: %.*s",
			                          STR(finding->message)));
	}
}

/* --- doubts ----------------------------------------------------------------------------- */

/* Is it about a flow of which it is not known whether it is inspected? Unknown is not clean. */
static bool is_doubt(const struct finding *finding)
{
	return str_starts(str_of(finding->rule->id), S("AM90")) && finding->flow &&
	       finding->flow->on_path && finding->flow->inspected == VERDICT_UNKNOWN &&
	       !finding_is_suppressed(finding);
}

static bool doubt_told(const struct change *change, const struct flow *flow)
{
	VEC_EACH(const struct unmended, old, &change->unmended)
		if (str_eq(old->flow_id, flow->id) && str_starts(str_of(old->rule->id), S("AM90")))
			return true;
	return false;
}

void unmended_leave_doubts(struct arena *arena, struct change *change,
                           const struct config_report *report)
{
	VEC_EACH(const struct finding, finding, &report->findings.list)
		if (is_doubt(finding) && !doubt_told(change, finding->flow))
			unmended_leave(arena, change, finding,
			               str_printf(arena, "no commands are made for this: %.*s",
			                          STR(finding->message)));
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
