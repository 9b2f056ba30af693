/* SPDX-License-Identifier: ISC */
/* The new lists and classes of a change of inspection. */
#include "analyzers/remedy_parts.h"

struct str remedy_inspect_line(const struct planner *planner, const struct inspect *inspect)
{
	return plan_quote(planner, inspect->span);
}

struct lines_text remedy_exempting_lines(struct planner *planner, const struct target *target,
                                         const struct permits *permits)
{
	struct lines_text lines = {0};
	if (planner->change->form != FORM_ALLOW_TLS) {
		struct entries mail = place_mail(planner, target->claim);
		lines = entries_lines(planner, "deny", &mail);
	}
	VEC_EACH(const struct str, line, &permits->lines.list)
		if (!lines_hold(&lines, *line))
			VEC_PUSH(planner->arena, &lines.list, *line);
	return lines;
}

static const char *exempting_remark(const struct planner *planner, const struct target *target)
{
	if (planner->change->form == FORM_ALLOW_TLS)
		return "all others, inspected as before";
	return mpf_is_smtp(planner->config, target->claim->inspect->engine)
	               ? "mail appliances are exempt from ESMTP inspection"
	               : "mail appliances are exempt from inspection";
}

struct str remedy_exempting_list(struct planner *planner, const struct target *target,
                                 const struct permits *permits)
{
	const struct made *made = plan_made(planner, permits->purpose);
	if (made)
		return made->name;
	struct str acl = plan_make(planner, permits->purpose, "_INSPECT");
	struct lines_text lines = remedy_exempting_lines(planner, target, permits);
	list_remark(planner, acl, exempting_remark(planner, target));
	list_append_all(planner, acl, &lines);
	return acl;
}

static struct str make_class(struct planner *planner, struct str purpose, const char *suffix,
                             struct str acl)
{
	struct str class = plan_make(planner, purpose, suffix);
	plan_line(planner, &planner->maps, "class-map %.*s", STR(class));
	plan_line(planner, &planner->maps, " match access-list %.*s", STR(acl));
	plan_line(planner, &planner->undo_maps, "no class-map %.*s", STR(class));
	return class;
}

struct str remedy_others_class(struct planner *planner, const struct target *target,
                               const struct permits *permits)
{
	struct str purpose =
	        str_printf(planner->arena, "class of %.*s by %.*s", STR(permits->purpose),
	                   STR(remedy_inspect_line(planner, target->claim->inspect)));
	const struct made *made = plan_made(planner, purpose);
	if (made)
		return made->name;
	struct lines_text lines = remedy_exempting_lines(planner, target, permits);
	struct str begun = vacancy_bind(planner, target, &lines);
	if (begun.n) {
		VEC_PUSH(planner->arena, &planner->made, ((struct made){purpose, begun}));
		return begun;
	}
	struct str acl = remedy_exempting_list(planner, target, permits);
	return make_class(planner, purpose, "_INSPECT_CLASS", acl);
}

struct str remedy_appliances_class(struct planner *planner, const struct entries *left,
                                   const struct entries *mail, const char *text)
{
	struct lines_text lines = entries_lines(planner, "deny", left);
	struct lines_text permits = entries_lines(planner, "permit", mail);
	VEC_EACH(const struct str, line, &permits.list)
		VEC_PUSH(planner->arena, &lines.list, *line);
	struct buf purpose = {.arena = planner->arena};
	buf_add(&purpose, S("class of"));
	VEC_EACH(const struct str, line, &lines.list)
		buf_printf(&purpose, " %.*s", STR(*line));
	const struct made *made = plan_made(planner, buf_str(&purpose));
	if (made)
		return made->name;
	struct str acl = plan_make(planner, S(""), "_APPLIANCES");
	list_remark(planner, acl, text);
	list_append_all(planner, acl, &lines);
	return make_class(planner, buf_str(&purpose), "_APPLIANCES_CLASS", acl);
}
