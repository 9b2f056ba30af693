/* SPDX-License-Identifier: ISC */
#include "analyzers/planner.h"

static void add(struct planner *planner, struct change_lines *lines, bool note, const char *format,
                va_list args)
{
	struct change_line text = {.text = str_vprintf(planner->arena, format, args), .note = note};
	VEC_PUSH(planner->arena, &lines->list, text);
}

void plan_line(struct planner *planner, struct change_lines *lines, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add(planner, lines, false, format, args);
	va_end(args);
}

void plan_note(struct planner *planner, struct change_lines *lines, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add(planner, lines, true, format, args);
	va_end(args);
}

void plan_danger(struct planner *planner, struct change_lines *lines, struct str danger)
{
	struct change *change = planner->change;
	change->safe = false;
	VEC_EACH(const struct str, old, &change->dangers)
		if (str_eq(*old, danger))
			return;
	VEC_PUSH(planner->arena, &change->dangers, danger);
	plan_note(planner, lines, "%.*s", STR(danger));
}

void plan_unmended(struct planner *planner, enum rule_index rule, const struct flow *flow,
                   struct str why)
{
	struct unmended entry = {&rules[rule], flow ? flow->id : S(""), why};
	VEC_EACH(const struct unmended, old, &planner->change->unmended)
		if (old->rule == entry.rule && str_eq(old->why, why) &&
		    str_eq(old->flow_id, entry.flow_id))
			return;
	VEC_PUSH(planner->arena, &planner->change->unmended, entry);
}

bool plan_wanted(const struct planner *planner, enum rule_index rule, const struct flow *flow)
{
	VEC_EACH(const struct finding, finding, &planner->audit->report->findings.list)
		if (finding->rule == &rules[rule] && finding->suppressed.by == NOT_SUPPRESSED &&
		    (!flow || (finding->flow && str_eq(finding->flow->id, flow->id))))
			return true;
	return false;
}

bool plan_lifts(const struct planner *planner, const struct flow *flow, const struct bound *bound)
{
	return audit_is_low(planner->audit, &bound->hit) &&
	       plan_wanted(planner, audit_limit_rule(planner->audit, bound), flow);
}

struct str plan_name(const struct planner *planner, name_id id)
{
	return config_name(planner->config, id);
}

uint32_t plan_minimum(const struct planner *planner, bool embryonic)
{
	const struct limits_wanted *wanted = &planner->audit->policy->limits;
	const struct config *config = planner->config;
	uint32_t minimum = embryonic ? wanted->min_embryonic : wanted->min_connections;
	bool wide = config_uses_real_addresses(config) &&
	            (!config->version.major || version_cmp(config->version, 8, 4, 0) >= 0);
	return minimum <= (wide ? 2000000 : 65535) ? minimum : 0;
}

struct str plan_quote(const struct planner *planner, struct span span)
{
	struct str text = str_trim(source_quote(planner->arena, &planner->config->sources, span));
	struct buf out = {.arena = planner->arena};
	for (size_t i = 0; i < text.n; i++)
		buf_char(&out, text.s[i] == '\t' ? ' ' : text.s[i]);
	return buf_str(&out);
}

/* Also a name that is only spoken of: what refers to it would come to life. */
static bool is_taken(const struct planner *planner, struct str text)
{
	VEC_EACH(const struct made, made, &planner->made)
		if (str_eq(made->name, text))
			return true;
	return config_find_name(planner->config, text) || config_mentions(planner->config, text);
}

const struct made *plan_made(const struct planner *planner, struct str purpose)
{
	VEC_EACH(const struct made, old, &planner->made)
		if (str_eq(old->purpose, purpose))
			return old;
	return NULL;
}

struct str plan_make(struct planner *planner, struct str purpose, const char *suffix)
{
	struct str prefix = planner->wish->prefix.n ? planner->wish->prefix : S("ESMTP");
	struct str text = str_printf(planner->arena, "%.*s%s", STR(prefix), suffix);
	for (unsigned n = 2; is_taken(planner, text); n++)
		text = str_printf(planner->arena, "%.*s%s_%u", STR(prefix), suffix, n);
	VEC_PUSH(planner->arena, &planner->made, ((struct made){purpose, text}));
	return text;
}
