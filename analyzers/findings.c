/* SPDX-License-Identifier: ISC */
/* Making findings, and what the rules share. */
#include "analyzers/audit.h"

#include "model/intern.h"

bool flow_is_smtp(const struct flow *flow)
{
	return flow->kind == FLOW_SMTP_IN || flow->kind == FLOW_SMTP_OUT;
}

bool flow_is_cpq(const struct flow *flow)
{
	return flow->kind == FLOW_CPQ_QUARANTINE || flow->kind == FLOW_CPQ_RELEASE;
}

void flow_why(struct audit *audit, struct flow *flow, enum why_about about, enum verdict verdict,
              enum why_code code, struct str text, struct span span)
{
	VEC_EACH(const struct why, old, &flow->why)
		if (old->about == about && old->code == code && str_eq(old->text, text))
			return;
	struct why why = {about, verdict, code, text, span};
	VEC_PUSH(audit->arena, &flow->why, why);
}

enum verdict verdict_of(const struct verdict_cells *cells)
{
	bool yes = false, no = false;
	VEC_EACH(const struct verdict_cell, cell, &cells->list) {
		if (cell->verdict == VERDICT_UNKNOWN)
			return VERDICT_UNKNOWN;
		yes |= cell->verdict == VERDICT_YES;
		no |= cell->verdict == VERDICT_NO;
	}
	return yes && no ? VERDICT_PARTLY : yes ? VERDICT_YES : VERDICT_NO;
}

struct pset packets_with(struct arena *arena, const struct verdict_cells *cells,
                         enum verdict verdict)
{
	struct pset set = {0};
	VEC_EACH(const struct verdict_cell, cell, &cells->list)
		if (cell->verdict == verdict)
			pset_add_box(arena, &set, &cell->box);
	return pset_simplify(arena, &set);
}

/* rule, path, context, flow, what is at fault (product.md) */
static struct str print_base(struct arena *arena, const struct config_report *config,
                             const struct finding *finding)
{
	struct str flow = finding->flow ? finding->flow->id : S("");
	return str_printf(arena, "%s|%.*s|%.*s|%.*s|%.*s", finding->rule->id, STR(config->path),
	                  STR(config->context), STR(flow), STR(finding->at_fault));
}

void findings_fingerprint(struct arena *arena, struct config_report *config)
{
	struct interns *bases = interns_new(arena), *taken = interns_new(arena);
	VEC(uint32_t) repeats = {0}; /* by base: how many had it before */
	VEC_PUSH(arena, &repeats, 0);
	VEC_EACH(struct finding, finding, &config->findings.list) {
		struct str base = print_base(arena, config, finding), text = base;
		name_id id = intern(bases, base);
		while (repeats.n <= id)
			VEC_PUSH(arena, &repeats, 0);
		do {
			if (repeats.v[id]++)
				text = str_printf(arena, "%.*s|%u", STR(base), repeats.v[id]);
			finding->fingerprint =
			        str_printf(arena, "%016llx", (unsigned long long)str_hash(text));
		} while (intern_find(taken, finding->fingerprint));
		intern(taken, finding->fingerprint);
	}
}

static enum severity severity_of(const struct audit *audit, const struct finding *finding)
{
	enum severity severity = finding->rule->severity;
	VEC_EACH(const struct rule_setting, setting, &audit->policy->rules)
		if (str_eq(setting->rule, str_of(finding->rule->id)) && !setting->off)
			severity = setting->severity;
	bool capped = finding->discovered || !finding->certain;
	return capped && severity == SEVERITY_ERROR ? SEVERITY_WARNING : severity;
}

struct finding *audit_find(struct audit *audit, enum rule_index rule, const struct flow *flow,
                           struct str at_fault, bool certain, struct str message)
{
	struct finding finding = {.rule = &rules[rule],
	                          .flow = flow,
	                          .at_fault = at_fault,
	                          .certain = certain,
	                          .message = message};
	finding.discovered = flow && flow->appliance && flow->appliance->discovered;
	finding.severity = severity_of(audit, &finding);
	return VEC_PUSH(audit->arena, &audit->report->findings.list, finding);
}

void audit_about(struct audit *audit, struct finding *finding, const struct appliance *appliance)
{
	finding->appliance = appliance;
	finding->discovered = appliance->discovered;
	finding->severity = severity_of(audit, finding);
}

/* A place in the evidence of a finding, among all findings. */
static u128 place_key(const struct audit *audit, const struct finding *finding, struct span span)
{
	u128 nth = (u128)(finding - audit->report->findings.list.v);
	return nth << 64 | (u128)span.source << 32 | span.offset;
}

/* Short lists are searched; the places of long ones are in a table. */
static bool is_evidence(struct audit *audit, const struct finding *finding, struct span span)
{
	enum { SHORT = 16 };
	const struct span *old = finding->evidence.v;
	if (finding->evidence.n < SHORT) {
		for (uint32_t i = 0; i < finding->evidence.n; i++)
			if (span_same(old[i], span))
				return true;
		return false;
	}
	for (uint32_t i = 0; i < SHORT && finding->evidence.n == SHORT; i++)
		keys_put(audit->arena, &audit->places, place_key(audit, finding, old[i]), 0);
	return !keys_put(audit->arena, &audit->places, place_key(audit, finding, span), 0);
}

void audit_evidence(struct audit *audit, struct finding *finding, struct span span)
{
	if (span.len && !is_evidence(audit, finding, span))
		VEC_PUSH(audit->arena, &finding->evidence, span);
}
