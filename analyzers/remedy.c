/* SPDX-License-Identifier: ISC */
/*
 * The whole plan: groups, lists, class-maps, policy-maps, translations, in the order in which
 * they can be pasted; the rollback runs the other way (asa-semantics 1.7).
 */
#include "analyzers/planner.h"

/* The rules that changes mend, and those that remain where the appliances stay inspected. */
static const struct {
	enum rule_index rule;
	enum remedy_part part;
	bool by_exemption_only;
} covered[] = {
        {RULE_AM101, REMEDY_INSPECTION, true},    {RULE_AM102, REMEDY_INSPECTION, true},
        {RULE_AM103, REMEDY_INSPECTION, false},   {RULE_AM104, REMEDY_INSPECTION, false},
        {RULE_AM105, REMEDY_INSPECTION, false},   {RULE_AM106, REMEDY_INSPECTION, true},
        {RULE_AM107, REMEDY_INSPECTION, false},   {RULE_AM201, REMEDY_TRANSLATIONS, false},
        {RULE_AM202, REMEDY_TRANSLATIONS, false}, {RULE_AM203, REMEDY_LIMITS, false},
        {RULE_AM204, REMEDY_LIMITS, false},       {RULE_AM205, REMEDY_LIMITS, false},
        {RULE_AM401, REMEDY_INSPECTION, true},    {RULE_AM402, REMEDY_INSPECTION, true},
        {RULE_AM403, REMEDY_INSPECTION, true},    {RULE_AM404, REMEDY_INSPECTION, true},
};

bool remedy_covers(enum fix_form form, const struct rule *rule)
{
	for (size_t i = 0; i < sizeof(covered) / sizeof(covered[0]); i++)
		if (rule == &rules[covered[i].rule])
			return form != FORM_ALLOW_TLS || !covered[i].by_exemption_only;
	return false;
}

unsigned remedy_part_of(const struct rule *rule)
{
	for (size_t i = 0; i < sizeof(covered) / sizeof(covered[0]); i++)
		if (rule == &rules[covered[i].rule])
			return covered[i].part;
	return 0;
}

/* --- all
 * ---------------------------------------------------------------------------------------------- */

/* Where there are no classes to split, the fixup can only be turned off (product.md "fix"). */
static enum fix_form form_of(const struct config *config, enum fix_form wish)
{
	if (wish != FORM_DEFAULT && wish != FORM_SPLIT_CLASS)
		return wish;
	return config_uses_fixup(config) ? FORM_GLOBAL_OFF : FORM_SPLIT_CLASS;
}

static void append(struct arena *arena, struct change_lines *to, const struct change_lines *more)
{
	VEC_EACH(const struct change_line, text, &more->list)
		VEC_PUSH(arena, &to->list, *text);
}

/* FTD is configured by FlexConfig objects, which are no lines to paste (asa-semantics 1.7). */
static void note_ftd(struct planner *planner)
{
	struct change *change = planner->change;
	struct change_lines commands = change->commands, rollback = change->rollback;
	if (planner->config->platform != PLATFORM_FTD || !commands.list.n)
		return;
	change->commands = change->rollback = (struct change_lines){0};
	plan_note(planner, &change->commands,
	          "not pasteable: FTD has no configure mode. Make an extended access-list object "
	          "with the entries below, then a FlexConfig object (deployment: everytime, type: "
	          "append) with the class-map and policy-map lines, where the access-list is "
	          "inserted as a variable");
	plan_note(planner, &change->rollback,
	          "not pasteable: FTD has no configure mode. First take the FlexConfig object of "
	          "the change out of the policy of the manager: deployed every time, it would make "
	          "the change again. Then deploy the policy-map and class-map lines below by a "
	          "FlexConfig object of their own; the access-list lines stand for the extended "
	          "access-list object, which is deleted in the manager");
	append(planner->arena, &change->commands, &commands);
	append(planner->arena, &change->rollback, &rollback);
}

struct change *remedy_plan(const struct audit *audit, const struct remedy_wish *wish)
{
	struct change *change = NEW(audit->arena, struct change);
	struct planner planner = {.audit = audit,
	                          .config = audit->config,
	                          .arena = audit->arena,
	                          .wish = wish,
	                          .change = change};
	change->form = form_of(audit->config, wish->form);
	change->safe = change->form != FORM_TECHNOTE; /* safe is what is proved to be */
	if (!(wish->without & REMEDY_INSPECTION))
		plan_inspection(&planner);
	if (!(wish->without & REMEDY_LIMITS))
		plan_policy_limits(&planner);
	plan_edits(&planner);
	if (!(wish->without & REMEDY_TRANSLATIONS))
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
	note_ftd(&planner);
	return change;
}
