/* SPDX-License-Identifier: ISC */
/* global-off: an inspection ends for everybody, and so does a fixup, which has no other form. */
#include "analyzers/remedy_parts.h"

/* The device's own words for ports of a fixup. */
static struct str fixup_ports(const struct planner *planner, const struct fixup *fixup,
                              struct range ports)
{
	struct str engine = plan_name(planner, fixup->engine);
	if (ports.lo == ports.hi)
		return str_printf(planner->arena, "%.*s %u", STR(engine), (unsigned)ports.lo);
	return str_printf(planner->arena, "%.*s %u-%u", STR(engine), (unsigned)ports.lo,
	                  (unsigned)ports.hi);
}

/* The ports of a range that the appliances' mail does not use: their fixup can stay. */
static struct iset fixup_rest(const struct planner *planner, const struct target *target)
{
	const struct fixup *fixup = target->claim->fixup;
	const struct range whole = {fixup->lo, fixup->hi};
	if (fixup->lo == 0 || !str_eq(fixup->text, fixup_ports(planner, fixup, whole)))
		return iset_none();
	return iset_subtract(planner->arena, iset_range(planner->arena, whole.lo, whole.hi),
	                     target->ports);
}

void remedy_fixup_off(struct planner *planner, const struct target *target)
{
	const struct fixup *fixup = target->claim->fixup;
	enum fix_form form = planner->change->form;
	struct iset rest = fixup_rest(planner, target);
	if (form != FORM_GLOBAL_OFF) {
		target_refuse(planner, target,
		              str_printf(planner->arena,
		                         "this release inspects by `fixup` and has no classes: of "
		                         "the forms only global-off is there, not %s",
		                         fix_form_names[form]));
		return;
	}
	plan_danger(planner, &planner->policies,
	            str_printf(planner->arena,
	                       "a fixup has no exemption for one host, so `fixup protocol %.*s` "
	                       "ends for everybody%s",
	                       STR(fixup->text), rest.n ? ", but for the ports that stay" : ""));
	plan_line(planner, &planner->policies, "no fixup protocol %.*s", STR(fixup->text));
	for (uint32_t i = 0; i < rest.n; i++) {
		struct str ports = fixup_ports(planner, fixup, rest.v[i]);
		plan_line(planner, &planner->policies, "fixup protocol %.*s", STR(ports));
		plan_line(planner, &planner->undo_policies, "no fixup protocol %.*s", STR(ports));
	}
	plan_line(planner, &planner->undo_policies, "fixup protocol %.*s", STR(fixup->text));
}

void remedy_inspect_off(struct planner *planner, const struct target *target)
{
	const struct claim *claim = target->claim;
	struct edited_class *class;
	if (!planner->wish->unsafe) {
		planner->change->safe = false;
		target_refuse(planner, target,
		              S("global-off ends the inspection for everybody; it needs --unsafe"));
		return;
	}
	plan_danger(planner, &planner->policies,
	            str_printf(planner->arena,
	                       "this ends `inspect %.*s` of class %.*s for everybody",
	                       STR(plan_name(planner, claim->inspect->engine)),
	                       STR(plan_name(planner, claim->class->name))));
	class = edit_class(planner, claim->policy, claim->class);
	edit_remove(class, remedy_inspect_line(planner, claim->inspect));
}
