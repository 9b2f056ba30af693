/* SPDX-License-Identifier: ISC */
/*
 * A change is tried in this order, and loses its commands where a step fails: its lines are ones
 * that a device takes; the mail is not worse off; what is left is told; others' packets, rollback
 * and pasting twice are compared over all packets (compare.h).
 */
#include "cli/prove.h"

#include "analyzers/compare.h"
#include "analyzers/counterexample.h"
#include "analyzers/effects.h"
#include "analyzers/remedy.h"
#include "analyzers/unmended.h"
#include "emitters/packets.h"

/* A change with what it is tried on. */
struct proof {
	struct arena *arena;
	const struct capture_input *input;
	uint32_t part;
	const struct audit *before;
	const struct config *changed; /* with the commands applied */
	struct change *change;
};

/* --- replay ----------------------------------------------------------------------------- */

static struct str text_of(struct arena *arena, const struct change_lines *lines)
{
	struct buf text = {.arena = arena};
	VEC_EACH(const struct change_line, line, &lines->list)
		if (!line->note)
			buf_printf(&text, "%.*s\n", STR(line->text));
	return buf_str(&text);
}

/* The config after the commands of the change, and then these. */
static const struct config *config_after(const struct proof *proof, const struct change_lines *then)
{
	struct str commands = text_of(proof->arena, &proof->change->commands);
	struct str more = then ? text_of(proof->arena, then) : S("");
	return capture_config(proof->arena, proof->input, proof->part,
	                      STR_JOIN(proof->arena, commands, more));
}

/* What no terminal takes as it is; it would not be printed as it was proved. */
static bool holds_control(const struct change_lines *lines)
{
	VEC_EACH(const struct change_line, line, &lines->list)
		for (size_t i = 0; !line->note && i < line->text.n; i++)
			if ((unsigned char)line->text.s[i] < ' ' || line->text.s[i] == 0x7f)
				return true;
	return false;
}

/* --- the mail --------------------------------------------------------------------------- */

static const struct finding *find_same(const struct config_report *report,
                                       const struct finding *finding)
{
	VEC_EACH(const struct finding, other, &report->findings.list)
		if (str_eq(other->fingerprint, finding->fingerprint))
			return other;
	return NULL;
}

/* A finding of the rule after that was not there before; NULL: there is none. */
static const struct finding *appeared(const struct config_report *before,
                                      const struct config_report *after, const char *id)
{
	VEC_EACH(const struct finding, finding, &after->findings.list)
		if (str_eq(str_of(finding->rule->id), str_of(id)) && !find_same(before, finding))
			return finding;
	return NULL;
}

static const struct flow *flow_of(const struct config_report *report, struct str id)
{
	VEC_EACH(const struct flow, flow, &report->flows)
		if (str_eq(flow->id, id))
			return flow;
	return NULL;
}

static bool has_engine(const struct flow *flow, struct str engine)
{
	VEC_EACH(const struct inspection_hit, hit, &flow->inspections)
		if (str_eq(hit->engine, engine))
			return true;
	return false;
}

/* A finding of another engine that had no part of the flow before; NULL: there is none. */
static const struct finding *handed_over(const struct config_report *before,
                                         const struct config_report *after)
{
	VEC_EACH(const struct finding, finding, &after->findings.list) {
		const struct flow *now = finding->flow;
		if (!str_eq(str_of(finding->rule->id), S("AM107")) || find_same(before, finding))
			continue;
		const struct flow *old = now ? flow_of(before, now->id) : NULL;
		if (!old)
			return finding;
		VEC_EACH(const struct inspection_hit, hit, &now->inspections)
			if (!has_engine(old, hit->engine))
				return finding;
	}
	return NULL;
}

/* Is it about a flow that the lines of the change brought on a path, as they name its appliance? */
static bool comes_on_path(const struct config_report *before, const struct finding *now)
{
	const struct flow *old = now->flow ? flow_of(before, now->flow->id) : NULL;
	return now->flow && now->flow->on_path && !(old && old->on_path);
}

/*
 * Inspection that the plan set out to end, and that is left, or comes about: a finding of it.
 * What the plan itself has given a reason for is no such case. NULL: there is none.
 */
static const struct finding *half_mended(const struct config_report *before,
                                         const struct config_report *after,
                                         const struct change *change)
{
	VEC_EACH(const struct finding, now, &after->findings.list) {
		const struct finding *was = find_same(before, now);
		if (remedy_covers(change->form, now->rule) &&
		    unmended_about_inspection(now->rule) && !unmended_told(change, now) &&
		    !finding_is_suppressed(now) && !(was && finding_is_suppressed(was)) &&
		    !comes_on_path(before, now))
			return now;
	}
	return NULL;
}

/* A packet as `asamend trace` takes it, "input outside tcp 198.51.100.7 40000 192.0.2.25 25". */
static struct str shown(struct arena *arena, const struct witness *witness)
{
	struct str command, packet;
	str_cut(packet_tracer_text(arena, witness), ' ', &command, &packet);
	return packet;
}

/* What the mail would come to by the change, with a packet of it. */
static struct str worse(struct arena *arena, struct change *change, const struct finding *finding,
                        const char *what)
{
	struct str packet = S("");
	if (finding->has_witness) {
		change->check.has_counterexample = true;
		change->check.counterexample = finding->witness;
		packet = str_printf(arena, ", for instance %.*s",
		                    STR(shown(arena, &finding->witness)));
	}
	return str_printf(arena, "the change that was planned would %s%.*s: %.*s", what,
	                  STR(packet), STR(finding->message));
}

/* What is wrong with the change for the mail itself; empty: nothing. */
static struct str mail_fault(struct arena *arena, const struct config_report *before,
                             const struct config_report *after, struct change *change)
{
	const struct {
		const struct finding *finding;
		const char *what;
	} faults[] = {
	        {handed_over(before, after), "hand this mail to another engine"},
	        {appeared(before, after, "AM301"), "block this mail"},
	        {half_mended(before, after, change), "leave mail inspected"},
	};
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (faults[i].finding)
			return worse(arena, change, faults[i].finding, faults[i].what);
	return S("");
}

/* --- what the commands leave ------------------------------------------------------------ */

/* What is suppressed was so before too, though another class has it now (--baseline). */
static bool is_accepted(const struct config_report *before, const struct finding *finding)
{
	VEC_EACH(const struct finding, old, &before->findings.list)
		if (finding_is_suppressed(old) && old->rule == finding->rule &&
		    str_eq(old->flow ? old->flow->id : S(""),
		           finding->flow ? finding->flow->id : S("")))
			return true;
	return finding_is_suppressed(finding);
}

/* Findings that are there still, or for the first time. Returns false: there are some. */
static bool leave_findings(struct arena *arena, const struct config_report *before,
                           const struct config_report *after, struct change *change)
{
	bool cleared = true;
	VEC_EACH(const struct finding, finding, &before->findings.list)
		if (remedy_covers(change->form, finding->rule) && !finding_is_suppressed(finding) &&
		    find_same(after, finding)) {
			cleared = false;
			unmended_leave(arena, change, finding,
			               S("the commands below do not end it"));
		}
	VEC_EACH(const struct finding, finding, &after->findings.list)
		if (remedy_covers(change->form, finding->rule) && !is_accepted(before, finding) &&
		    !find_same(before, finding)) {
			cleared = false;
			unmended_leave(arena, change, finding,
			               comes_on_path(before, finding)
			                       ? S("nothing but the commands below names the "
			                           "appliance on a path of this mail; once they "
			                           "stand, fix mends it too")
			                       : S("the commands below bring it about"));
		}
	return cleared;
}

/*
 * A flow of which nothing is known any more after the change is not mended; nor is one that was on
 * no path before the lines of the change named its appliance. Returns false: there is one.
 */
static bool leave_new_doubts(struct arena *arena, const struct config_report *before,
                             const struct config_report *after, struct change *change)
{
	bool cleared = true;
	VEC_EACH(const struct flow, old, &before->flows) {
		const struct flow *now = flow_of(after, old->id);
		bool was = !old->on_path || old->inspected != VERDICT_UNKNOWN;
		if (!was || !now || !now->on_path || now->inspected != VERDICT_UNKNOWN)
			continue;
		cleared = false;
		struct unmended entry = {
		        rules_find(S("AM904")), old->id,
		        str_printf(arena, "after the commands %.*s",
		                   STR(unmended_doubt(arena, &after->sources, now)))};
		VEC_PUSH(arena, &change->unmended, entry);
	}
	return cleared;
}

/* Flows that were or may have been inspected, and are not now. */
static void note_exempted(struct arena *arena, const struct config_report *before,
                          const struct config_report *after, struct change *change)
{
	VEC_EACH(const struct flow, old, &before->flows) {
		const struct flow *now = flow_of(after, old->id);
		if (old->on_path && old->inspected != VERDICT_NO && now &&
		    now->inspected == VERDICT_NO)
			VEC_PUSH(arena, &change->check.exempted, old->id);
	}
}

/* --- all packets ------------------------------------------------------------------------ */

/* What differs first between two configs, with a packet that shows it; empty: nothing. */
static struct str first_difference(struct arena *arena, const struct config *a,
                                   const struct config *b, struct change_check *check)
{
	const struct boxes none = {0};
	struct comparison comparison = {0};
	compare_configs(arena, a, b, &comparison);
	if (comparison.list.n == 0)
		return S("");
	struct examiner examiner = examiner_of(arena, a, b, &none);
	const struct difference *first = &comparison.list.v[0];
	struct str packet = S("");
	VEC_EACH(const struct difference, difference, &comparison.list)
		if (counterexample_find(arena, &examiner, difference->place, &difference->packets,
		                        &check->counterexample)) {
			check->has_counterexample = true;
			first = difference;
			packet = str_printf(arena, ", %.*s",
			                    STR(shown(arena, &check->counterexample)));
			break;
		}
	return str_printf(arena, "%.*s%.*s: %.*s, then %.*s", STR(first->place), STR(packet),
	                  STR(first->before), STR(first->after));
}

/* A packet of others that fares otherwise, and the reason not to call the change safe. */
static struct str show_others(const struct proof *proof)
{
	struct arena *arena = proof->arena;
	struct change_check *check = &proof->change->check;
	const struct boxes mail = audit_mail(proof->before);
	struct examiner examiner = examiner_of(arena, proof->before->config, proof->changed, &mail);
	const struct treatment *first = NULL;
	struct str packet = S("but none was found that shows it");
	VEC_EACH(const struct treatment, treatment, &check->effects) {
		if (treatment->wanted)
			continue;
		if (!first)
			first = treatment;
		check->has_counterexample =
		        counterexample_find(arena, &examiner, treatment->place, &treatment->packets,
		                            &check->counterexample);
		if (!check->has_counterexample)
			continue;
		first = treatment;
		packet = str_printf(arena, "for instance %.*s",
		                    STR(shown(arena, &check->counterexample)));
		break;
	}
	if (!first)
		return S("");
	return str_printf(arena,
	                  "the change that was planned would treat other packets otherwise, %.*s "
	                  "(%.*s): %.*s before, %.*s after",
	                  STR(packet), STR(first->place), STR(first->before), STR(first->after));
}

/* Does it change what others' packets meet, and nothing for the mail? */
static bool touches_others_only(const struct change_check *check)
{
	VEC_EACH(const struct treatment, treatment, &check->effects)
		if (treatment->wanted)
			return false;
	return check->effects.n > 0;
}

/*
 * Compare over all packets. Returns why the change must not be printed; empty: it may be. What is
 * not said to be safe is printed with its counterexample.
 */
static struct str compare_all(const struct proof *proof)
{
	struct arena *arena = proof->arena;
	struct change *change = proof->change;
	struct change_check *check = &change->check;
	const struct config *was = proof->before->config;
	effects_find(arena, proof->before, proof->changed, check);
	struct str back =
	        first_difference(arena, was, config_after(proof, &change->rollback), check);
	struct str twice = first_difference(arena, proof->changed,
	                                    config_after(proof, &change->commands), check);
	check->rollback_restores = back.n == 0;
	check->idempotent = twice.n == 0;
	if ((change->safe && !check->unchanged) || touches_others_only(check))
		return show_others(proof);
	if (back.n)
		return str_printf(arena,
		                  "it could not be proved that the rollback restores the config "
		                  "(%.*s)",
		                  STR(back));
	if (twice.n)
		return str_printf(arena,
		                  "it could not be proved that pasted twice is as once (%.*s)",
		                  STR(twice));
	show_others(proof);
	return S("");
}

/* No finding ends and no mail is inspected otherwise: then nothing is to be pasted. */
static bool mends_nothing(const struct config_report *before, const struct config_report *after)
{
	VEC_EACH(const struct finding, finding, &before->findings.list)
		if (!finding_is_suppressed(finding) && !find_same(after, finding))
			return false;
	VEC_EACH(const struct flow, old, &before->flows) {
		const struct flow *now = flow_of(after, old->id);
		if (!now || now->inspected != old->inspected ||
		    now->inspected_packets.boxes.n != old->inspected_packets.boxes.n)
			return false;
	}
	return true;
}

/* --- the order of it -------------------------------------------------------------------- */

/* Asked for by name, printed as it is, and never called proved. */
static void leave_technote(struct arena *arena, const struct config_report *before,
                           struct change *change)
{
	VEC_EACH(const struct finding, finding, &before->findings.list)
		if (remedy_covers(change->form, finding->rule) && !finding_is_suppressed(finding))
			unmended_leave(arena, change, finding,
			               unmended_about_inspection(finding->rule)
			                       ? S("the TechNote's class has no action, so it "
			                           "exempts nothing")
			                       : S("of the form technote nothing is proved, so "
			                           "whether its commands end this was not looked "
			                           "at"));
}

/* Audit what the commands make of the config, and compare. Returns why not; empty: it may be. */
static struct str try_change(const struct proof *proof, const struct config_report *now)
{
	struct arena *arena = proof->arena;
	struct change *change = proof->change;
	const struct config_report *was = proof->before->report;
	struct str fault = mail_fault(arena, was, now, change);
	if (!fault.n && mends_nothing(was, now))
		fault = S("the commands that were planned do not end it");
	if (fault.n)
		return fault;
	bool ended = leave_findings(arena, was, now, change);
	bool known = leave_new_doubts(arena, was, now, change);
	change->check.done = true;
	change->check.cleared = ended && known;
	change->after = now;
	unmended_leave_uncovered(arena, change, now);
	unmended_leave_doubts(arena, change, now);
	note_exempted(arena, was, now, change);
	return compare_all(proof);
}

/* Nothing is left of what was tried; the reasons that the plan gave stay. */
static void withdraw(const struct proof *proof, uint32_t said_before, struct str why)
{
	const struct config_report *was = proof->before->report;
	proof->change->unmended.n = said_before;
	unmended_withdraw(proof->arena, proof->change, was, why);
	unmended_leave_uncovered(proof->arena, proof->change, was);
	unmended_leave_doubts(proof->arena, proof->change, was);
}

void prove_change(struct arena *arena, const struct options *options, const struct policy *policy,
                  const struct capture_input *input, uint32_t part, const struct audit *before,
                  struct change *change)
{
	struct proof proof = {arena, input, part, before, NULL, change};
	const uint32_t said_before = change->unmended.n;
	struct str why = S("");
	if (change->commands.list.n == 0) {
		unmended_leave_covered(arena, change, before->report,
		                       S("no form of change mends this yet"));
		unmended_leave_uncovered(arena, change, before->report);
		unmended_leave_doubts(arena, change, before->report);
		return;
	}
	proof.changed = config_after(&proof, NULL);
	if (holds_control(&change->commands) || holds_control(&change->rollback))
		why = S("a name in the commands holds a control character, which cannot be pasted");
	else if (proof.changed->invalid_lines.n > before->config->invalid_lines.n)
		why = S("the device would refuse a line of the change that was planned");
	else if (change->form == FORM_TECHNOTE)
		leave_technote(arena, before->report, change);
	else
		why = try_change(&proof,
		                 analyze(arena, options, policy, input, proof.changed)->report);
	if (why.n)
		withdraw(&proof, said_before, why);
	else if (change->after)
		unmended_forget(change, change->after);
}
