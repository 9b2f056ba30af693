/* SPDX-License-Identifier: ISC */
#include "cli/prove.h"

#include "analyzers/remedy.h"

static struct str text_of(struct arena *arena, const struct change_lines *lines)
{
	struct buf text = {.arena = arena};
	VEC_EACH(const struct change_line, line, &lines->list)
		if (!line->note)
			buf_printf(&text, "%.*s\n", STR(line->text));
	return buf_str(&text);
}

static const struct finding *find_same(const struct config_report *report,
                                       const struct finding *finding)
{
	VEC_EACH(const struct finding, other, &report->findings.list)
		if (str_eq(other->fingerprint, finding->fingerprint))
			return other;
	return NULL;
}

static bool told(const struct change *change, const struct finding *finding)
{
	VEC_EACH(const struct unmended, old, &change->unmended)
		if (old->rule == finding->rule &&
		    (!finding->flow || str_eq(old->flow_id, finding->flow->id)))
			return true;
	return false;
}

static void leave(struct arena *arena, struct change *change, const struct finding *finding,
                  struct str why)
{
	struct unmended entry = {finding->rule, finding->flow ? finding->flow->id : S(""), why};
	if (!told(change, finding))
		VEC_PUSH(arena, &change->unmended, entry);
}

/* Is there a finding of the rule after that was not there before? */
static bool appeared(const struct config_report *before, const struct config_report *after,
                     const char *id)
{
	VEC_EACH(const struct finding, finding, &after->findings.list)
		if (str_eq(str_of(finding->rule->id), str_of(id)) && !find_same(before, finding))
			return true;
	return false;
}

/* The change must not be printed as a remedy: say so for everything it was to mend. */
static void withdraw(struct arena *arena, struct change *change, const struct config_report *before,
                     struct str why)
{
	change->commands.list.n = 0;
	change->rollback.list.n = 0;
	change->verify.n = 0;
	change->check = (struct change_check){0};
	VEC_EACH(const struct finding, finding, &before->findings.list)
		if (remedy_covers(finding->rule) && finding->suppressed.by == NOT_SUPPRESSED)
			leave(arena, change, finding, why);
}

static const struct flow *flow_of(const struct config_report *report, struct str id)
{
	VEC_EACH(const struct flow, flow, &report->flows)
		if (str_eq(flow->id, id))
			return flow;
	return NULL;
}

/* Flows that were inspected, or capped by more limits, and are free now. */
static void note_exempted(struct arena *arena, const struct config_report *before,
                          const struct config_report *after, struct change *change)
{
	VEC_EACH(const struct flow, old, &before->flows) {
		const struct flow *now = flow_of(after, old->id);
		if (!old->on_path || !now || old->inspected == VERDICT_NO)
			continue;
		if (now->inspected == VERDICT_NO)
			VEC_PUSH(arena, &change->check.exempted, old->id);
	}
}

void prove_change(struct arena *arena, const struct options *options, const struct policy *policy,
                  const struct capture_input *input, uint32_t part, const struct audit *before,
                  struct change *change)
{
	const struct config_report *was = before->report;
	bool cleared = true;
	if (change->commands.list.n == 0) {
		VEC_EACH(const struct finding, finding, &was->findings.list)
			if (remedy_covers(finding->rule) &&
			    finding->suppressed.by == NOT_SUPPRESSED)
				leave(arena, change, finding,
				      S("no form of change mends this yet"));
		return;
	}
	const struct config *config =
	        capture_config(arena, input, part, text_of(arena, &change->commands));
	const struct audit *after = analyze(arena, options, policy, input, config);
	if (config->invalid_lines.n > before->config->invalid_lines.n) {
		withdraw(arena, change, was,
		         S("the device would refuse a line of the change that was planned"));
		return;
	}
	if (appeared(was, after->report, "AM107") || appeared(was, after->report, "AM301")) {
		withdraw(arena, change, was,
		         S("the change that was planned would hand this mail to another engine or "
		           "block it"));
		return;
	}
	VEC_EACH(const struct finding, finding, &was->findings.list) {
		bool covered =
		        remedy_covers(finding->rule) && finding->suppressed.by == NOT_SUPPRESSED;
		if (!covered || !find_same(after->report, finding))
			continue;
		cleared = false;
		leave(arena, change, finding, S("the commands below do not end it"));
	}
	change->check.done = true;
	change->check.cleared = cleared;
	note_exempted(arena, was, after->report, change);
}
