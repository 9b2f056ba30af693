/* SPDX-License-Identifier: ISC */
#include "cli/prove.h"

#include "analyzers/compare.h"
#include "analyzers/counterexample.h"
#include "analyzers/remedy.h"
#include "emitters/packets.h"

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

/* Findings about one inspection: the reason for one is the reason for all. */
static bool about_inspection(const struct rule *rule)
{
	struct str id = str_of(rule->id);
	return str_starts(id, S("AM10")) || str_starts(id, S("AM40"));
}

static bool told(const struct change *change, const struct finding *finding)
{
	VEC_EACH(const struct unmended, old, &change->unmended)
		if (old->rule == finding->rule ||
		    (about_inspection(old->rule) && about_inspection(finding->rule)))
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

/* A finding of the rule after that was not there before; NULL: there is none. */
static const struct finding *appeared(const struct config_report *before,
                                      const struct config_report *after, const char *id)
{
	VEC_EACH(const struct finding, finding, &after->findings.list)
		if (str_eq(str_of(finding->rule->id), str_of(id)) && !find_same(before, finding))
			return finding;
	return NULL;
}

/* Is it about a flow of which it is not known whether it is inspected? Unknown is not clean. */
static bool is_doubt(const struct finding *finding)
{
	return str_starts(str_of(finding->rule->id), S("AM90")) && finding->flow &&
	       finding->flow->on_path && finding->flow->inspected == VERDICT_UNKNOWN;
}

/* The change must not be printed as a remedy: say so for everything it was to mend. */
static void withdraw(struct arena *arena, struct change *change, const struct config_report *before,
                     struct str why)
{
	change->commands.list.n = 0;
	change->rollback.list.n = 0;
	change->verify.n = 0;
	change->check =
	        (struct change_check){.has_counterexample = change->check.has_counterexample,
	                              .counterexample = change->check.counterexample};
	VEC_EACH(const struct finding, finding, &before->findings.list)
		if ((remedy_covers(change->form, finding->rule) || is_doubt(finding)) &&
		    !finding_is_suppressed(finding))
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

/* --- the proof -------------------------------------------------------------------------- */

/* Is the limit of a translation one that an appliance has to itself? */
static bool own_limit(const struct audit *before, const struct difference *difference)
{
	if (difference->in != DIFFERS_LIMITS || difference->of_lists)
		return false;
	VEC_EACH(const struct flow_work, work, &before->flows)
		VEC_EACH(const struct lane, lane, &work->lanes) {
			struct iset server = iset_point(before->arena, lane->server);
			struct iset client = iset_point(before->arena, lane->client);
			if ((lane->server_is_appliance &&
			     iset_covers(server, difference->packets.dim[DIM_DST])) ||
			    (lane->client_is_appliance &&
			     iset_covers(client, difference->packets.dim[DIM_SRC])))
				return true;
		}
	return false;
}

static void add_treatment(struct arena *arena, struct change_check *check,
                          const struct difference *like, const struct box *packets, bool wanted)
{
	struct treatment treatment = {like->place, *packets, like->before, like->after, wanted};
	VEC_PUSH(arena, &check->effects, treatment);
	check->unchanged &= wanted;
}

/* Differences of one kind at one place, and all the packets they are about. */
struct kind {
	const struct difference *like;
	struct pset packets;
};

struct kinds {
	VEC(struct kind) list;
};

static struct kinds sort_kinds(struct arena *arena, const struct config *config,
                               const struct comparison *comparison)
{
	struct kinds kinds = {0};
	VEC_EACH(const struct difference, difference, &comparison->list) {
		struct kind *kind = NULL;
		struct box packets = difference->packets;
		VEC_EACH(struct kind, old, &kinds.list)
			if (old->like->in == difference->in &&
			    str_eq(old->like->place, difference->place) &&
			    str_eq(old->like->before, difference->before) &&
			    str_eq(old->like->after, difference->after) &&
			    old->like->undecided == difference->undecided)
				kind = old;
		if (!kind)
			kind = VEC_PUSH(arena, &kinds.list, (struct kind){.like = difference});
		if (!config_has_ipv6(config)) /* no packet of IPv6 crosses this firewall */
			packets.dim[DIM_SRC] = iset_family(arena, packets.dim[DIM_SRC], true);
		pset_add_box(arena, &kind->packets, &packets);
	}
	return kinds;
}

/* All packets of a kind are the appliances' mail, others' traffic, or divided into the two. */
static void judge(struct arena *arena, const struct audit *before, const struct kind *kind,
                  const struct boxes *mail, struct change_check *check)
{
	bool may_be_mail =
	        (kind->like->in == DIFFERS_INSPECTION || kind->like->in == DIFFERS_LIMITS);
	struct pset others = kind->packets, wanted = {0};
	if (own_limit(before, kind->like)) {
		wanted = kind->packets;
		others = (struct pset){0};
	} else if (may_be_mail) {
		VEC_EACH(const struct box, box, &mail->list) {
			struct pset flow = pset_of(arena, box);
			others = pset_subtract(arena, &others, &flow);
		}
		wanted = pset_subtract(arena, &kind->packets, &others);
	}
	wanted = pset_simplify(arena, &wanted);
	VEC_EACH(const struct box, box, &wanted.boxes)
		add_treatment(arena, check, kind->like, box, true);
	others = pset_simplify(arena, &others);
	VEC_EACH(const struct box, box, &others.boxes)
		add_treatment(arena, check, kind->like, box, false);
}

/* The config after these commands, one text after the other. */
static const struct config *after(struct arena *arena, const struct capture_input *input,
                                  uint32_t part, struct str first, struct str second)
{
	struct buf text = {.arena = arena};
	buf_add(&text, first);
	buf_add(&text, second);
	return capture_config(arena, input, part, buf_str(&text));
}

/* A packet as `asamend trace` takes it, "input outside tcp 198.51.100.7 40000 192.0.2.25 25". */
static struct str shown(struct arena *arena, const struct witness *witness)
{
	struct str command, packet;
	str_cut(packet_tracer_text(arena, witness), ' ', &command, &packet);
	return packet;
}

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

/* Returns what the rollback, or the change pasted twice, leaves otherwise; empty: nothing. */
static struct str prove(struct arena *arena, const struct capture_input *input, uint32_t part,
                        const struct audit *before, const struct config *changed,
                        struct change *change)
{
	struct change_check *check = &change->check;
	struct comparison comparison = {0};
	struct boxes mail = audit_mail(before);
	struct str commands = text_of(arena, &change->commands);
	struct str rollback = text_of(arena, &change->rollback);
	check->unchanged = true;
	compare_configs(arena, before->config, changed, &comparison);
	struct kinds kinds = sort_kinds(arena, before->config, &comparison);
	VEC_EACH(const struct kind, kind, &kinds.list)
		judge(arena, before, kind, &mail, check);
	struct str back = first_difference(arena, before->config,
	                                   after(arena, input, part, commands, rollback), check);
	struct str twice = first_difference(arena, changed,
	                                    after(arena, input, part, commands, commands), check);
	check->rollback_restores = back.n == 0;
	check->idempotent = twice.n == 0;
	return back.n ? str_printf(arena,
	                           "it could not be proved that the rollback restores "
	                           "the config (%.*s)",
	                           STR(back))
	              : str_printf(arena,
	                           "it could not be proved that pasted twice is as once "
	                           "(%.*s)",
	                           STR(twice));
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
		if (remedy_covers(change->form, now->rule) && about_inspection(now->rule) &&
		    !told(change, now) && !(was && finding_is_suppressed(was)))
			return now;
	}
	return NULL;
}

/* What is wrong with the change for the mail itself; empty: nothing. */
static struct str mail_fault(struct arena *arena, const struct config_report *before,
                             const struct config_report *after, struct change *change)
{
	const struct {
		const struct finding *finding;
		const char *what;
	} faults[] = {
	        {appeared(before, after, "AM107"), "hand this mail to another engine"},
	        {appeared(before, after, "AM301"), "block this mail"},
	        {half_mended(before, after, change), "leave mail inspected"},
	};
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (faults[i].finding)
			return worse(arena, change, faults[i].finding, faults[i].what);
	return S("");
}

/* A packet of others that fares otherwise, and the reason not to call the change safe. */
static struct str show_others(struct arena *arena, const struct audit *before,
                              const struct config *changed, struct change_check *check)
{
	const struct boxes mail = audit_mail(before);
	struct examiner examiner = examiner_of(arena, before->config, changed, &mail);
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

static struct str doubt_text(struct arena *arena, const struct flow *flow)
{
	VEC_EACH(const struct why, why, &flow->why)
		if (why->about == ABOUT_INSPECTED)
			return str_printf(arena,
			                  "after the commands it is not known whether this mail is "
			                  "inspected: %.*s",
			                  STR(why->text));
	return S("after the commands it is not known whether this mail is inspected");
}

/*
 * A flow of which nothing is known any more after the change is not mended; nor is one that was on
 * no path before the lines of the change named its appliance.
 */
static bool left_in_doubt(struct arena *arena, const struct config_report *before,
                          const struct config_report *after, struct change *change)
{
	bool any = false;
	VEC_EACH(const struct flow, old, &before->flows) {
		const struct flow *now = flow_of(after, old->id);
		bool was = !old->on_path || old->inspected != VERDICT_UNKNOWN;
		if (!was || !now || !now->on_path || now->inspected != VERDICT_UNKNOWN)
			continue;
		any = true;
		struct unmended entry = {rules_find(S("AM904")), old->id, doubt_text(arena, now)};
		VEC_PUSH(arena, &change->unmended, entry);
	}
	return any;
}

static bool doubt_told(const struct change *change, const struct flow *flow)
{
	VEC_EACH(const struct unmended, old, &change->unmended)
		if (str_eq(old->flow_id, flow->id) && str_starts(str_of(old->rule->id), S("AM90")))
			return true;
	return false;
}

/* No commands are made for mail that may be free: a change is for what is known. */
static void leave_doubts(struct arena *arena, const struct config_report *report,
                         struct change *change)
{
	VEC_EACH(const struct finding, finding, &report->findings.list)
		if (is_doubt(finding) && !finding_is_suppressed(finding) &&
		    !doubt_told(change, finding->flow))
			leave(arena, change, finding,
			      str_printf(arena, "no commands are made for this: %.*s",
			                 STR(finding->message)));
}

/* Mail is hurt by a finding that no form of change is about: it is left, and said to be. */
static void leave_uncovered(struct arena *arena, const struct config_report *report,
                            struct change *change)
{
	VEC_EACH(const struct finding, finding, &report->findings.list) {
		bool mail = str_cmp(str_of(finding->rule->id), S("AM5")) < 0;
		if (mail && finding->severity > SEVERITY_NOTE &&
		    finding->suppressed.by == NOT_SUPPRESSED &&
		    !remedy_covers(FORM_SPLIT_CLASS, finding->rule))
			leave(arena, change, finding,
			      str_printf(arena,
			                 "no commands are made for this; `asamend rules %s` tells "
			                 "more",
			                 finding->rule->id));
	}
}

/* withdraw() once the change was tried: what was found of its commands is not said, as there are
 * none. */
static void withdraw_tried(struct arena *arena, struct change *change,
                           const struct config_report *before, uint32_t said_before, struct str why)
{
	change->unmended.n = said_before;
	withdraw(arena, change, before, why);
	leave_uncovered(arena, before, change);
	leave_doubts(arena, before, change);
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

void prove_change(struct arena *arena, const struct options *options, const struct policy *policy,
                  const struct capture_input *input, uint32_t part, const struct audit *before,
                  struct change *change)
{
	const struct config_report *was = before->report;
	const uint32_t said_before = change->unmended.n;
	bool cleared = true;
	if (change->commands.list.n == 0) {
		VEC_EACH(const struct finding, finding, &was->findings.list)
			if (remedy_covers(change->form, finding->rule) &&
			    finding->suppressed.by == NOT_SUPPRESSED)
				leave(arena, change, finding,
				      S("no form of change mends this yet"));
		leave_uncovered(arena, was, change);
		leave_doubts(arena, was, change);
		return;
	}
	if (holds_control(&change->commands) || holds_control(&change->rollback)) {
		withdraw(arena, change, was,
		         S("a name in the commands holds a control character, which cannot be "
		           "pasted"));
		return;
	}
	const struct config *config =
	        capture_config(arena, input, part, text_of(arena, &change->commands));
	if (config->invalid_lines.n > before->config->invalid_lines.n) {
		withdraw(arena, change, was,
		         S("the device would refuse a line of the change that was planned"));
		return;
	}
	if (change->form == FORM_TECHNOTE) {
		/* Asked for by name, printed as it is, and never called proved. */
		VEC_EACH(const struct finding, finding, &was->findings.list)
			if (remedy_covers(change->form, finding->rule) &&
			    finding->suppressed.by == NOT_SUPPRESSED)
				leave(arena, change, finding,
				      about_inspection(finding->rule)
				              ? S("the TechNote's class has no action, so it "
				                  "exempts "
				                  "nothing")
				              : S("of the form technote nothing is proved, so "
				                  "whether "
				                  "its commands end this was not looked at"));
		return;
	}
	const struct audit *now = analyze(arena, options, policy, input, config);
	struct str fault = mail_fault(arena, was, now->report, change);
	if (fault.n) {
		withdraw(arena, change, was, fault);
		return;
	}
	VEC_EACH(const struct finding, finding, &was->findings.list) {
		bool covered = remedy_covers(change->form, finding->rule) &&
		               finding->suppressed.by == NOT_SUPPRESSED;
		if (!covered || !find_same(now->report, finding))
			continue;
		cleared = false;
		leave(arena, change, finding, S("the commands below do not end it"));
	}
	VEC_EACH(const struct finding, finding, &now->report->findings.list) {
		if (!remedy_covers(change->form, finding->rule) || find_same(was, finding))
			continue;
		cleared = false;
		leave(arena, change, finding, S("the commands below bring it about"));
	}
	cleared &= !left_in_doubt(arena, was, now->report, change);
	change->check.done = true;
	change->after = now->report;
	change->check.cleared = cleared;
	leave_uncovered(arena, now->report, change);
	leave_doubts(arena, now->report, change);
	note_exempted(arena, was, now->report, change);
	struct str why = prove(arena, input, part, before, config, change);
	/* What is said to be safe must be proved to be; the rest is printed with its
	 * counterexample. */
	if (change->safe && !change->check.unchanged)
		withdraw_tried(arena, change, was, said_before,
		               show_others(arena, before, config, &change->check));
	else if (!change->check.rollback_restores || !change->check.idempotent)
		withdraw_tried(arena, change, was, said_before, why);
	else
		show_others(arena, before, config, &change->check);
}
