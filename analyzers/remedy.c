/* SPDX-License-Identifier: ISC */
/*
 * The whole plan: groups, lists, class-maps, policy-maps, translations, in the order in which
 * they can be pasted; the rollback runs the other way (asa-semantics 1.7).
 */
#include "analyzers/planner.h"

/* The rules that changes mend, and those that remain where the appliances stay inspected. */
static const struct {
	enum rule_index rule;
	bool by_exemption_only;
} covered[] = {
        {RULE_AM101, true},  {RULE_AM102, true},  {RULE_AM103, false}, {RULE_AM104, false},
        {RULE_AM105, false}, {RULE_AM106, true},  {RULE_AM201, false}, {RULE_AM202, false},
        {RULE_AM203, false}, {RULE_AM204, false}, {RULE_AM205, false}, {RULE_AM401, true},
        {RULE_AM402, true},  {RULE_AM403, true},  {RULE_AM404, true},
};

bool remedy_covers(enum fix_form form, const struct rule *rule)
{
	for (size_t i = 0; i < sizeof(covered) / sizeof(covered[0]); i++)
		if (rule == &rules[covered[i].rule])
			return form != FORM_ALLOW_TLS || !covered[i].by_exemption_only;
	return false;
}

/* --- verification ----------------------------------------------------------------------- */

/* Commands that show the effect, as far as the release has them (asa-semantics 8). */
static void plan_checks(struct planner *planner)
{
	const struct config *config = planner->config;
	struct change *change = planner->change;
	bool old_pix = config_uses_fixup(config);
	bool tracer = !old_pix && config->platform != PLATFORM_FWSM &&
	              (!config->version.major || version_cmp(config->version, 7, 2, 1) >= 0);
	if (old_pix)
		VEC_PUSH(planner->arena, &change->verify, S("show fixup"));
	VEC_EACH(const struct finding, finding, &planner->audit->report->findings.list) {
		if (!finding->has_witness || !finding->flow ||
		    !remedy_covers(planner->change->form, finding->rule) || old_pix)
			continue;
		const struct packet *packet = &finding->witness.packet;
		struct str src = addr_text(planner->arena, packet->at[DIM_SRC]);
		struct str dst = addr_text(planner->arena, packet->at[DIM_DST]);
		unsigned port = (unsigned)packet->at[DIM_DPORT];
		struct str flow = str_printf(
		        planner->arena, "show service-policy flow tcp host %.*s host %.*s eq %u",
		        STR(src), STR(dst), port);
		bool told = false;
		VEC_EACH(const struct str, old, &change->verify)
			told |= str_eq(*old, flow);
		if (told)
			continue;
		VEC_PUSH(planner->arena, &change->verify, flow);
		if (tracer)
			VEC_PUSH(planner->arena, &change->verify,
			         str_printf(planner->arena,
			                    "packet-tracer input %.*s tcp %.*s %u %.*s %u",
			                    STR(finding->witness.input), STR(src),
			                    (unsigned)packet->at[DIM_SPORT], STR(dst), port));
	}
}

/* --- all
 * ---------------------------------------------------------------------------------------------- */

static enum fix_form default_form(const struct config *config)
{
	return config_uses_fixup(config) ? FORM_GLOBAL_OFF : FORM_SPLIT_CLASS;
}

static void append(struct arena *arena, struct change_lines *to, const struct change_lines *more)
{
	VEC_EACH(const struct change_line, text, &more->list)
		VEC_PUSH(arena, &to->list, *text);
}

struct change *remedy_plan(const struct audit *audit, const struct remedy_wish *wish)
{
	struct change *change = NEW(audit->arena, struct change);
	struct planner planner = {.audit = audit,
	                          .config = audit->config,
	                          .arena = audit->arena,
	                          .wish = wish,
	                          .change = change};
	change->form = wish->form == FORM_DEFAULT ? default_form(audit->config) : wish->form;
	change->safe = true;
	plan_inspection(&planner);
	plan_policy_limits(&planner);
	plan_translations(&planner);
	const struct change_lines *paste[] = {&planner.groups, &planner.lists, &planner.maps,
	                                      &planner.policies, &planner.nats};
	const struct change_lines *undo[] = {&planner.undo_policies, &planner.undo_maps,
	                                     &planner.undo_lists, &planner.undo_groups,
	                                     &planner.undo_nats};
	for (size_t i = 0; i < sizeof(paste) / sizeof(paste[0]); i++)
		append(audit->arena, &change->commands, paste[i]);
	for (size_t i = 0; i < sizeof(undo) / sizeof(undo[0]); i++)
		append(audit->arena, &change->rollback, undo[i]);
	if (change->commands.list.n)
		plan_checks(&planner);
	return change;
}
