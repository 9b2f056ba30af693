/* SPDX-License-Identifier: ISC */
/* AM501 and AM9xx: lines the device refuses, and what keeps a verdict from being sure. */
#include "analyzers/audit.h"

static void find_invalid(struct audit *audit)
{
	VEC_EACH(const struct invalid_line, line, &audit->config->invalid_lines) {
		struct str text = source_quote(audit->arena, &audit->config->sources, line->span);
		struct finding *finding =
		        audit_find(audit, RULE_AM501, NULL, text, true, line->problem);
		audit_evidence(audit, finding, line->span);
	}
}

/* Unknown lines outside any object: they may decide anything. One finding names them all. */
static void find_stray(struct audit *audit)
{
	uint32_t n = 0;
	struct finding *finding = NULL;
	VEC_EACH(const struct unknown_line, line, &audit->config->unknown_lines) {
		if (line->local)
			continue;
		if (n++ == 0)
			finding = audit_find(audit, RULE_AM901, NULL, S("unknown commands"), true,
			                     S(""));
		audit_evidence(audit, finding, line->span);
	}
	if (finding)
		finding->message =
		        str_printf(audit->arena,
		                   "%u command%s not known; what %s to mail is unknown, so no flow "
		                   "is called clean",
		                   n, n == 1 ? " is" : "s are", n == 1 ? "it does" : "they do");
}

/* What there is to say about lines, by their places. */
enum {
	IS_UNKNOWN = 1 << 0, /* the grammar does not know it */
	IS_STRAY = 1 << 1,   /* nor is it inside an object: AM901 names it */
	IS_TOLD = 1 << 2     /* a finding is about it: AM501, AM902 */
};

static void tell(struct audit *audit, struct keys *lines, struct span span, uint32_t what)
{
	if (span.len && !keys_put(audit->arena, lines, config_line_key(span), what))
		*keys_find(lines, config_line_key(span)) |= what;
}

static struct keys lines_told(struct audit *audit)
{
	const struct config *config = audit->config;
	struct keys lines = {0};
	VEC_EACH(const struct invalid_line, line, &config->invalid_lines)
		tell(audit, &lines, line->span, IS_TOLD);
	VEC_EACH(const struct truncation, truncation, &config->truncations)
		tell(audit, &lines, truncation->span, IS_TOLD);
	VEC_EACH(const struct unknown_line, line, &config->unknown_lines)
		tell(audit, &lines, line->span, line->local ? IS_UNKNOWN : IS_UNKNOWN | IS_STRAY);
	return lines;
}

static bool line_is(const struct keys *lines, struct span span, uint32_t what)
{
	const uint32_t *is = span.len ? keys_find(lines, config_line_key(span)) : NULL;
	return is && (*is & what);
}

/* AM902: the capture is not all that the device said. */
static void find_truncated(struct audit *audit)
{
	VEC_EACH(const struct truncation, truncation, &audit->config->truncations) {
		struct str message = str_printf(
		        audit->arena, "the capture is not whole: %.*s; what is missing may decide",
		        STR(truncation->text));
		struct finding *finding =
		        audit_find(audit, RULE_AM902, NULL, truncation->text, true, message);
		audit_evidence(audit, finding, truncation->span);
	}
}

static enum rule_index rule_of(const struct keys *lines, const struct why *why)
{
	switch (why->code) {
	case WHY_UNMODELLED:
		return line_is(lines, why->span, IS_UNKNOWN) ? RULE_AM901 : RULE_AM904;
	case WHY_FQDN:
	case WHY_MASKED:
		return RULE_AM903;
	case WHY_RELEASE:
	case WHY_TWO_READINGS:
	case WHY_TIME_RANGE:
	case WHY_IDENTITY:
	case WHY_BUDGET:
	case WHY_ROUTE:
	case WHY_NONE:
	case WHY_COUNT:
		break;
	}
	return RULE_AM904;
}

/* Does a finding about this very line speak for the reason already? */
static bool told_already(const struct keys *lines, const struct why *why)
{
	return line_is(lines, why->span,
	               why->code == WHY_UNMODELLED ? IS_TOLD | IS_STRAY : IS_TOLD);
}

/* Is this question one that the flow needs an answer to? */
static bool matters(const struct flow *flow, enum why_about about)
{
	if (about == ABOUT_PERMITTED)
		return flow->primary && flow->permitted == VERDICT_UNKNOWN;
	bool inspection = flow->kind != FLOW_SSH_CONFIG && flow->kind != FLOW_SPAM_QUARANTINE;
	return about == ABOUT_INSPECTED && inspection && flow->inspected == VERDICT_UNKNOWN;
}

/* A line to show where the reason itself has none: what is applied to the flow's interface. */
static struct span nearest_line(const struct audit *audit, const struct flow *flow,
                                enum why_about about)
{
	const struct config *config = audit->config;
	if (about == ABOUT_PERMITTED)
		VEC_EACH(const struct access_group, group, &config->access_groups)
			if (str_eq_nocase(audit_name(audit, group->interface), flow->from))
				return group->span;
	if (about == ABOUT_INSPECTED)
		VEC_EACH(const struct service_policy, sp, &config->service_policies)
			return sp->span;
	const struct interface *ifc =
	        config_interface(config, config_find_name(config, flow->from));
	return ifc ? ifc->span : (struct span){0};
}

static void find_undecided(struct audit *audit, const struct keys *lines, const struct flow *flow)
{
	VEC_EACH(const struct why, why, &flow->why) {
		if (!matters(flow, why->about) || told_already(lines, why))
			continue;
		struct str message =
		        str_printf(audit->arena, "it is not known whether this mail is %s: %.*s",
		                   why_about_names[why->about], STR(why->text));
		struct finding *finding =
		        audit_find(audit, rule_of(lines, why), flow,
		                   str_of(why_code_names[why->code]), true, message);
		audit_evidence(audit, finding, why->span);
		if (why->code == WHY_TWO_READINGS)
			VEC_EACH(const struct inspection_hit, hit, &flow->inspections)
				audit_evidence(audit, finding, hit->span);
		if (finding->evidence.n == 0)
			audit_evidence(audit, finding, nearest_line(audit, flow, why->about));
	}
}

static bool has_host(const struct hosts *hosts, u128 address)
{
	VEC_EACH(const struct host, host, &hosts->list)
		if (host->real == address || (host->has_mapped && host->mapped == address))
			return true;
	return false;
}

/* Is the appliance an end of any flow that crosses this firewall? */
static bool is_on_path(const struct audit *audit, const struct appliance *appliance)
{
	VEC_EACH(const struct flow_work, work, &audit->flows) {
		if (!work->flow->on_path)
			continue;
		if (work->flow->appliance == appliance)
			return true;
		VEC_EACH(const struct lane, lane, &work->lanes)
			if ((lane->client_is_appliance &&
			     has_host(&appliance->addresses, lane->client)) ||
			    (lane->server_is_appliance &&
			     has_host(&appliance->addresses, lane->server)))
				return true;
	}
	return false;
}

static bool is_placed(const struct audit *audit, const struct appliance *appliance)
{
	VEC_EACH(const struct host, host, &appliance->addresses.list)
		if (path_place(audit->config, host->real).by != PLACED_NOWHERE ||
		    (host->has_mapped &&
		     path_place(audit->config, host->mapped).by != PLACED_NOWHERE))
			return true;
	return false;
}

static void find_absent(struct audit *audit, const struct appliance *appliance)
{
	if (!appliance->named_here || is_on_path(audit, appliance))
		return;
	struct str address = addr_text(audit->arena, appliance->addresses.list.v[0].real);
	struct str message = str_printf(audit->arena,
	                                is_placed(audit, appliance)
	                                        ? "%.*s (%.*s) is on no path of this firewall: "
	                                          "whom it talks to lies behind the same "
	                                          "interface, or was not named"
	                                        : "%.*s (%.*s) is on no path of this firewall: no "
	                                          "connected network, static route or "
	                                          "host entry has it; is the address right?",
	                                STR(appliance->name), STR(address));
	struct finding *finding =
	        audit_find(audit, RULE_AM905, NULL, appliance->name, true, message);
	audit_about(audit, finding, appliance);
}

static void missing(struct audit *audit, struct span span, const char *what, struct str name)
{
	diag_add(audit->arena, &audit->report->diags, SEVERITY_WARNING, span,
	         "there is no %s %.*s in the text", what, STR(name));
}

static void note_missing_address(struct audit *audit, const struct ace *ace, uint32_t index)
{
	const struct addr_spec *spec = &audit->config->addr_pool.v[index];
	if (spec->kind == ADDR_OBJECT && !config_object(audit->config, spec->name))
		missing(audit, ace->span, "object", audit_name(audit, spec->name));
	else if (spec->kind == ADDR_GROUP && !config_group(audit->config, spec->name))
		missing(audit, ace->span, "object-group", audit_name(audit, spec->name));
}

static void note_missing_time_range(struct audit *audit, const struct ace *ace)
{
	const struct config *config = audit->config;
	const uint32_t *name = keys_find(&config->time_range_uses, config_line_key(ace->span));
	const uint32_t *defined = name ? keys_find(&config->time_ranges, *name) : NULL;
	if (name && !(defined && *defined))
		missing(audit, ace->span, "time-range", audit_name(audit, *name));
}

static void note_missing_in_lists(struct audit *audit)
{
	VEC_EACH(const struct acl, acl, &audit->config->acls) {
		if (config_acl(audit->config, acl->name) != acl)
			continue;
		VEC_EACH(const struct ace, ace, &acl->aces) {
			if (ace->action == ACE_REMARK || ace->action == ACE_UNKNOWN)
				continue;
			note_missing_address(audit, ace, ace->src);
			note_missing_address(audit, ace, ace->dst);
			note_missing_time_range(audit, ace);
		}
	}
}

static bool has_regex(const struct config *config, name_id name)
{
	for (uint32_t i = 0; i < config->regexes.n; i++)
		if (config->regexes.v[i] == name)
			return true;
	return false;
}

/* "sender-address regex NAME" and "mime filetype regex class NAME" of an ESMTP map. */
static void note_missing_regex(struct audit *audit, const struct map_match *match)
{
	const struct config *config = audit->config;
	struct str rest = match->what, word, last = {"", 0}, before = {"", 0};
	bool by_regex = false;
	for (bool more = true; more;) {
		more = str_cut(rest, ' ', &word, &rest);
		by_regex |= str_eq(word, S("regex"));
		before = last;
		last = word;
	}
	name_id name = config_find_name(config, last);
	if (!by_regex)
		return;
	if (str_eq(before, S("class")) && !config_class_map(config, name))
		missing(audit, match->span, "class-map type regex", last);
	else if (str_eq(before, S("regex")) && !has_regex(config, name))
		missing(audit, match->span, "regex", last);
}

/* Lines that name what is not there: the device would have refused them. */
static void note_missing(struct audit *audit)
{
	const struct config *config = audit->config;
	VEC_EACH(const struct service_policy, sp, &config->service_policies) {
		if (sp->interface && !config_interface(config, sp->interface))
			missing(audit, sp->span, "interface", audit_name(audit, sp->interface));
		if (!config_policy_map(config, sp->policy))
			missing(audit, sp->span, "policy-map", audit_name(audit, sp->policy));
	}
	VEC_EACH(const struct access_group, group, &config->access_groups) {
		if (group->interface && !config_interface(config, group->interface))
			missing(audit, group->span, "interface",
			        audit_name(audit, group->interface));
		if (!config_acl(config, group->acl))
			missing(audit, group->span, "access-list", audit_name(audit, group->acl));
	}
	VEC_EACH(const struct class_map, map, &config->class_maps)
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_ACL && !config_acl(config, match->acl))
				missing(audit, match->span, "access-list",
				        audit_name(audit, match->acl));
	VEC_EACH(const struct policy_map, policy, &config->policy_maps)
		VEC_EACH(const struct policy_class, class, &policy->classes)
			if (!config_class_map(config, class->name) &&
			    !str_eq(audit_name(audit, class->name), S("class-default")))
				missing(audit, class->span, "class-map",
				        audit_name(audit, class->name));
	note_missing_in_lists(audit);
	VEC_EACH(const struct inspect_map, map, &config->inspect_maps)
		VEC_EACH(const struct map_match, match, &map->matches)
			note_missing_regex(audit, match);
}

void audit_hygiene_rules(struct audit *audit)
{
	if (audit->config->system_context)
		return; /* no traffic crosses the system space */
	note_missing(audit);
	find_invalid(audit);
	find_truncated(audit);
	find_stray(audit);
	struct keys lines = lines_told(audit);
	VEC_EACH(const struct flow_work, work, &audit->flows)
		if (work->flow->on_path)
			find_undecided(audit, &lines, work->flow);
	VEC_EACH(const struct appliance, appliance, &audit->policy->appliances.list)
		find_absent(audit, appliance);
}
