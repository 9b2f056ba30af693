/* SPDX-License-Identifier: ISC */
/* AM101 to AM108: what inspection does to mail flows. */
#include "analyzers/audit.h"
#include "analyzers/esmtp.h"

/* The first cell of a verdict, for the witness. */
static const struct verdict_cell *first_cell(const struct flow_work *work, enum verdict verdict)
{
	VEC_EACH(const struct verdict_cell, cell, &work->inspection.list)
		if (cell->verdict == verdict)
			return cell;
	return NULL;
}

static bool same_claim(const struct claim *a, const struct claim *b)
{
	return a->class == b->class && a->inspect == b->inspect && a->fixup == b->fixup &&
	       a->service_policy == b->service_policy;
}

static bool has_claim(const struct verdict_cell *cell, const struct claim *wanted)
{
	for (const struct claim *claim = cell->claims; claim; claim = claim->next)
		if (same_claim(claim, wanted))
			return true;
	return false;
}

/* A packet that this very claim inspects, alone if there is one. */
static void witness(struct audit *audit, struct finding *finding, const struct flow_work *work,
                    const struct claim *claim)
{
	VEC_EACH(const struct verdict_cell, cell, &work->inspection.list) {
		bool alone = cell->verdict == VERDICT_YES && cell->claims && !cell->claims->next;
		if (alone && same_claim(cell->claims, claim))
			audit_witness(audit, finding, cell->lane, &cell->box);
	}
	VEC_EACH(const struct verdict_cell, cell, &work->inspection.list)
		if (has_claim(cell, claim))
			audit_witness(audit, finding, cell->lane, &cell->box);
}

static struct str where(struct audit *audit, const struct claim *claim)
{
	name_id ifc = claim->service_policy->interface;
	return ifc ? str_printf(audit->arena, "on interface %.*s", STR(audit_name(audit, ifc)))
	           : S("on every interface");
}

static struct str extent(const struct flow *flow)
{
	return flow->inspected == VERDICT_PARTLY ? S("part of this mail") : S("this mail");
}

/* AM102: PIX 6 and older. */
static void find_fixup(struct audit *audit, const struct flow_work *work, const struct claim *claim)
{
	struct str message =
	        str_printf(audit->arena,
	                   "`fixup protocol smtp` rewrites %.*s: only seven verbs pass, EHLO is "
	                   "not among them, and the banner is masked",
	                   STR(extent(work->flow)));
	struct finding *finding =
	        audit_find(audit, flow_is_cpq(work->flow) ? RULE_AM106 : RULE_AM102, work->flow,
	                   S("fixup smtp"), true, message);
	finding->fix = FIX_UNSAFE; /* it has no exemption: off is off for all */
	audit_evidence(audit, finding, claim->fixup->span);
	witness(audit, finding, work, claim);
}

/* What the other reading of the documents would say of the first packets that are inspected. */
static struct str other_reading(struct audit *audit, const struct flow_work *work,
                                const struct claim *claim)
{
	const struct verdict_cell *cell = first_cell(work, VERDICT_YES);
	const struct claim *other = cell ? mpf_other_reading(audit->arena, audit->config, claim,
	                                                     &cell->lane->passage.seen)
	                                 : NULL;
	if (!other)
		return S("");
	return str_printf(audit->arena,
	                  "; by the fixed order of inspections that older books print, `inspect "
	                  "%.*s` of class "
	                  "%.*s would take it instead",
	                  STR(audit_name(audit, other->inspect->engine)),
	                  STR(audit_name(audit, other->class->name)));
}

/* AM101, or AM106 for the quarantine's port. */
static void find_inspected(struct audit *audit, const struct flow_work *work,
                           const struct claim *claim)
{
	const struct flow *flow = work->flow;
	struct str class = audit_name(audit, claim->class->name);
	struct str engine = audit_name(audit, claim->inspect->engine);
	enum rule_index rule = flow_is_cpq(flow) ? RULE_AM106 : RULE_AM101;
	struct str message =
	        str_printf(audit->arena,
	                   "`inspect %.*s` in class %.*s rewrites %.*s (policy-map %.*s, %.*s)%.*s",
	                   STR(engine), STR(class), STR(extent(flow)),
	                   STR(audit_name(audit, claim->policy->name)), STR(where(audit, claim)),
	                   STR(other_reading(audit, work, claim)));
	struct finding *finding = audit_find(audit, rule, flow, class, true, message);
	finding->fix = FIX_SAFE;
	audit_evidence(audit, finding, claim->inspect->span);
	audit_evidence(audit, finding, claim->class->span);
	audit_evidence(audit, finding, claim->service_policy->span);
	witness(audit, finding, work, claim);
}

static struct str map_text(struct audit *audit, const struct claim *claim)
{
	return claim->inspect->map ? str_printf(audit->arena, "the map %.*s",
	                                        STR(audit_name(audit, claim->inspect->map)))
	                           : S("the default map of this release");
}

/* AM103: STARTTLS goes. Where it only may go, it is a warning. */
static void find_starttls(struct audit *audit, const struct flow_work *work,
                          const struct claim *claim, const struct esmtp_effects *effects)
{
	if (effects->strips_tls == EFFECT_NO)
		return;
	bool certain = effects->strips_tls == EFFECT_YES;
	struct str map = map_text(audit, claim);
	struct str message = certain ? str_printf(audit->arena,
	                                          "%.*s removes STARTTLS: mail goes in clear text, "
	                                          "or not at all where "
	                                          "TLS is required",
	                                          STR(map))
	                             : str_printf(audit->arena,
	                                          "%.*s may remove STARTTLS: whether it allows TLS "
	                                          "depends on how the device "
	                                          "came to this release; `show running-config all "
	                                          "policy-map` tells",
	                                          STR(map));
	struct str class = audit_name(audit, claim->class->name);
	struct finding *finding =
	        audit_find(audit, RULE_AM103, work->flow, class, certain, message);
	finding->fix = FIX_SAFE;
	audit_evidence(audit, finding, claim->inspect->span);
	audit_evidence(audit, finding, effects->tls_span);
	witness(audit, finding, work, claim);
}

/* AM104 */
static void find_banner(struct audit *audit, const struct flow_work *work,
                        const struct claim *claim, const struct esmtp_effects *effects)
{
	if (effects->masks_banner != EFFECT_YES)
		return;
	struct str message = str_printf(audit->arena, "%.*s masks the server's 220 banner",
	                                STR(map_text(audit, claim)));
	struct finding *finding = audit_find(audit, RULE_AM104, work->flow,
	                                     audit_name(audit, claim->class->name), true, message);
	finding->fix = FIX_SAFE;
	audit_evidence(audit, finding, claim->inspect->span);
	audit_evidence(audit, finding, effects->banner_span);
	witness(audit, finding, work, claim);
}

/* --- AM105 ------------------------------------------------------------------------------ */

/* What the default map drops or masks (asa-semantics section 7). */
static const char default_matches[] = "drops connections with a command line over 512 bytes, more "
                                      "than 100 recipients, a header line "
                                      "over 998 bytes, a sender over 320 bytes or a MIME file name "
                                      "over 255 bytes, and masks EHLO "
                                      "keywords it does not know";

static const struct {
	unsigned action;
	const char *verb;
} action_verbs[] = {
        {ACTION_DROP, "drops"},
        {ACTION_RESET, "resets"},
        {ACTION_MASK, "masks"},
        {ACTION_RATE_LIMIT, "rate-limits"},
};

static void add_action(struct buf *text, unsigned actions, struct str what, bool negated)
{
	for (size_t i = 0; i < sizeof(action_verbs) / sizeof(action_verbs[0]); i++) {
		if (!(actions & action_verbs[i].action))
			continue;
		buf_printf(text, "%s%s on `%s%.*s`", text->n ? ", " : "", action_verbs[i].verb,
		           negated ? "not " : "", STR(what));
	}
}

static bool only_logs(unsigned actions)
{
	return actions == ACTION_LOG || actions == ACTION_NONE;
}

/* One finding that names every match and parameter that touches mail. */
static void find_matches(struct audit *audit, const struct flow_work *work,
                         const struct claim *claim, const struct esmtp_effects *effects)
{
	const struct inspect_map *map = effects->map;
	struct buf text = {.arena = audit->arena};
	if (effects->missing)
		return;
	if (!map) {
		buf_add(&text, str_of(default_matches));
	} else {
		VEC_EACH(const struct map_match, match, &map->matches)
			add_action(&text, match->actions, match->what, match->negated);
		add_action(&text, map->mail_relay, S("mail-relay"), false);
		add_action(&text, map->special_character, S("special-character"), false);
	}
	if (text.n == 0)
		return;
	struct str message = str_printf(audit->arena, "%.*s %.*s", STR(map_text(audit, claim)),
	                                STR(buf_str(&text)));
	struct finding *finding = audit_find(audit, RULE_AM105, work->flow,
	                                     audit_name(audit, claim->class->name), true, message);
	finding->fix = FIX_SAFE;
	audit_evidence(audit, finding, claim->inspect->span);
	if (map) {
		VEC_EACH(const struct map_match, match, &map->matches)
			if (!only_logs(match->actions))
				audit_evidence(audit, finding, match->span);
		if (!only_logs(map->mail_relay))
			audit_evidence(audit, finding, map->mail_relay_span);
		if (!only_logs(map->special_character))
			audit_evidence(audit, finding, map->special_character_span);
	}
	witness(audit, finding, work, claim);
}

/* --- AM107, AM108 ----------------------------------------------------------------------- */

/* Who takes the mail: a class, or "fixup http". */
static struct str taker(struct audit *audit, const struct claim *claim)
{
	return claim->fixup ? STR_JOIN(audit->arena, S("fixup "),
	                               audit_name(audit, claim->fixup->engine))
	                    : audit_name(audit, claim->class->name);
}

static struct str taking_text(struct audit *audit, const struct claim *claim)
{
	if (claim->fixup)
		return str_printf(audit->arena,
		                  "`fixup protocol %.*s` takes this mail for its own protocol",
		                  STR(claim->fixup->text));
	return str_printf(audit->arena,
	                  "`inspect %.*s` in class %.*s takes this mail for its own protocol",
	                  STR(audit_name(audit, claim->inspect->engine)),
	                  STR(audit_name(audit, claim->class->name)));
}

/* The flow's finding of this rule about the class, or NULL. */
static struct finding *told(const struct audit *audit, const struct flow *flow,
                            enum rule_index rule, struct str class)
{
	VEC_EACH(struct finding, old, &audit->report->findings.list)
		if (old->rule == &rules[rule] && old->flow == flow && str_eq(old->at_fault, class))
			return old;
	return NULL;
}

/* Another exclusive engine claims (part of) a mail flow. */
static void find_wrong_engines(struct audit *audit, const struct flow_work *work)
{
	VEC_EACH(const struct verdict_cell, cell, &work->inspection.list) {
		for (const struct claim *c = cell->claims; c; c = c->next) {
			struct str at_fault = taker(audit, c);
			struct finding *old = told(audit, work->flow, RULE_AM107, at_fault);
			if (mpf_is_smtp(audit->config, mpf_engine(c)))
				continue;
			if (old) {
				audit_witness(audit, old, cell->lane, &cell->box);
				continue;
			}
			bool certain = cell->verdict == VERDICT_NO && !cell->open && !c->next &&
			               cell->claims == c;
			struct finding *finding =
			        audit_find(audit, RULE_AM107, work->flow, at_fault, certain,
			                   taking_text(audit, c));
			finding->fix = c->fixup ? FIX_UNSAFE : FIX_SAFE;
			audit_evidence(audit, finding,
			               c->fixup ? c->fixup->span : c->inspect->span);
			audit_witness(audit, finding, cell->lane, &cell->box);
		}
	}
}

/* The modules that a class hands its packets to, "csc and ips"; one that sees a copy is none. */
static struct str module_names(const struct audit *audit, const struct policy_class *class)
{
	struct buf names = {.arena = audit->arena};
	VEC_EACH(const struct module_action, action, &class->modules) {
		if (action->copy_only)
			continue; /* the mail goes its way */
		if (names.n)
			buf_add(&names, S(" and "));
		buf_add(&names, audit_name(audit, action->module));
	}
	return buf_str(&names);
}

static void find_module(struct audit *audit, const struct flow_work *work,
                        const struct verdict_cell *cell, const struct claim *claim)
{
	struct str class = audit_name(audit, claim->class->name);
	struct str modules = module_names(audit, claim->class);
	struct finding *old = told(audit, work->flow, RULE_AM108, class);
	if (old)
		audit_witness(audit, old, cell->lane, &cell->box);
	if (old || modules.n == 0)
		return;
	struct str message =
	        str_printf(audit->arena, "class %.*s sends this mail through the %.*s module",
	                   STR(class), STR(modules));
	struct finding *finding = audit_find(audit, RULE_AM108, work->flow, class,
	                                     !cell->open && !cell->claims->next, message);
	VEC_EACH(const struct module_action, action, &claim->class->modules)
		if (!action->copy_only)
			audit_evidence(audit, finding, action->span);
	audit_witness(audit, finding, cell->lane, &cell->box);
}

static void find_modules(struct audit *audit, const struct flow_work *work)
{
	VEC_EACH(const struct lane, lane, &work->lanes) {
		struct verdict_cells cells = {0};
		lane_feature(audit->arena, audit->config, lane, FEATURE_MODULE, &cells);
		VEC_EACH(const struct verdict_cell, cell, &cells.list)
			for (const struct claim *c = cell->claims; c; c = c->next)
				find_module(audit, work, cell, c);
	}
}

/* --- all ---------------------------------------------------------------------------------- */

/* Every class that surely inspects part of a flow, once. */
struct owners {
	VEC(const struct claim *) list;
};

static struct owners owners_of(struct audit *audit, const struct flow_work *work)
{
	struct owners owners = {0};
	VEC_EACH(const struct verdict_cell, cell, &work->inspection.list) {
		if (cell->verdict != VERDICT_YES || !cell->claims)
			continue;
		bool seen = false;
		for (uint32_t i = 0; i < owners.list.n; i++)
			seen |= owners.list.v[i]->inspect == cell->claims->inspect &&
			        owners.list.v[i]->fixup == cell->claims->fixup;
		if (!seen)
			VEC_PUSH(audit->arena, &owners.list, cell->claims);
	}
	return owners;
}

static bool is_mail_flow(const struct flow *flow)
{
	return flow_is_smtp(flow) || flow_is_cpq(flow) || flow->kind == FLOW_CUSTOM;
}

static void find_effects(struct audit *audit, const struct flow_work *work,
                         const struct claim *owner)
{
	if (owner->fixup) {
		find_fixup(audit, work, owner);
		return;
	}
	find_inspected(audit, work, owner);
	/* What maps do is documented for `inspect esmtp` alone; FWSM's `inspect smtp` has none. */
	if (!str_eq(audit_name(audit, owner->inspect->engine), S("esmtp")))
		return;
	struct esmtp_effects effects = esmtp_effects(audit->config, owner->inspect);
	find_starttls(audit, work, owner, &effects);
	find_banner(audit, work, owner, &effects);
	find_matches(audit, work, owner, &effects);
}

void audit_smtp_rules(struct audit *audit)
{
	VEC_EACH(const struct flow_work, work, &audit->flows) {
		if (!work->flow->on_path || !is_mail_flow(work->flow))
			continue;
		struct owners owners = owners_of(audit, work);
		for (uint32_t i = 0; i < owners.list.n; i++)
			find_effects(audit, work, owners.list.v[i]);
		find_wrong_engines(audit, work);
		find_modules(audit, work);
	}
}
