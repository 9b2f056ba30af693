/* SPDX-License-Identifier: ISC */
/* One audited config, and the sums of a run, as JSON values. */
#include "emitters/json_config.h"

#include "emitters/json_change.h"
#include "emitters/json_value.h"
#include "emitters/trace.h"

/* Verdicts mean nothing off the path. */
static json_t *json_verdict(const struct flow *flow, enum verdict verdict)
{
	return flow->on_path ? json_string(verdict_names[verdict]) : json_null();
}

static json_t *json_why(struct arena *arena, const struct sources *sources, const struct flow *flow)
{
	json_t *array = json_array();

	VEC_EACH(const struct why, why, &flow->why) {
		json_t *object = json_object();

		json_set(arena, object, "about", json_string(why_about_names[why->about]));
		json_set(arena, object, "verdict", json_string(verdict_names[why->verdict]));
		json_set(arena, object, "code",
		         why->code == WHY_NONE ? json_null()
		                               : json_string(why_code_names[why->code]));
		json_set(arena, object, "text", json_text(arena, why->text));
		json_set_line(arena, object, sources, why->span);
		json_append(arena, array, object);
	}
	return array;
}

/* The packets are told where a word does not tell them. */
static json_t *json_part(struct arena *arena, const struct flow *flow, enum verdict verdict,
                         const struct pset *set)
{
	return flow->on_path && verdict == VERDICT_PARTLY ? json_packets(arena, set) : json_array();
}

static json_t *json_partly(struct arena *arena, const struct flow *flow)
{
	json_t *object = json_object();

	json_set(arena, object, "permitted",
	         json_part(arena, flow, flow->permitted, &flow->permitted_packets));
	json_set(arena, object, "inspected",
	         json_part(arena, flow, flow->inspected, &flow->inspected_packets));
	return object;
}

static json_t *json_scope(struct arena *arena, struct str interface)
{
	if (!interface.n)
		return json_string("global");
	return json_text(arena, str_printf(arena, "interface %.*s", STR(interface)));
}

static json_t *json_inspections(struct arena *arena, const struct sources *sources,
                                const struct flow *flow)
{
	json_t *array = json_array();

	VEC_EACH(const struct inspection_hit, hit, &flow->inspections) {
		json_t *object = json_object();

		json_set(arena, object, "engine", json_text(arena, hit->engine));
		json_set(arena, object, "map", json_text_or_null(arena, hit->map));
		json_set(arena, object, "policy", json_text_or_null(arena, hit->policy));
		json_set(arena, object, "class", json_text_or_null(arena, hit->class));
		json_set(arena, object, "scope", json_scope(arena, hit->interface));
		json_set_line(arena, object, sources, hit->span);
		json_append(arena, array, object);
	}
	return array;
}

static json_t *json_limits(struct arena *arena, const struct sources *sources,
                           const struct flow *flow)
{
	json_t *array = json_array();

	VEC_EACH(const struct limit_hit, hit, &flow->limits) {
		json_t *object = json_object();

		json_set(arena, object, "kind", json_string(limit_kind_names[hit->kind]));
		json_set(arena, object, "value", json_integer(hit->value));
		json_set(arena, object, "source", json_string(limit_source_names[hit->source]));
		json_set_line(arena, object, sources, hit->span);
		json_append(arena, array, object);
	}
	return array;
}

static json_t *json_flow_ports(struct arena *arena, const struct ports *ports)
{
	json_t *array = json_array();

	VEC_EACH(const uint16_t, port, &ports->list)
		json_append(arena, array, json_integer(*port));
	return array;
}

static json_t *json_flow(struct arena *arena, const struct sources *sources,
                         const struct flow *flow)
{
	json_t *object = json_object();

	json_set(arena, object, "id", json_text(arena, flow->id));
	json_set(arena, object, "flow", json_text(arena, flow->name));
	json_set(arena, object, "appliance", json_text(arena, flow->appliance->name));
	json_set(arena, object, "from", json_text(arena, flow->from));
	json_set(arena, object, "to", json_text(arena, flow->to));
	json_set(arena, object, "protocol", json_text(arena, protocol_text(arena, flow->protocol)));
	json_set(arena, object, "ports", json_flow_ports(arena, &flow->ports));
	json_set(arena, object, "on_path", json_boolean(flow->on_path));
	json_set(arena, object, "primary", json_boolean(flow->primary));
	json_set(arena, object, "permitted", json_verdict(flow, flow->permitted));
	json_set(arena, object, "inspected", json_verdict(flow, flow->inspected));
	json_set(arena, object, "why", json_why(arena, sources, flow));
	json_set(arena, object, "partly", json_partly(arena, flow));
	json_set(arena, object, "inspections", json_inspections(arena, sources, flow));
	json_set(arena, object, "limits", json_limits(arena, sources, flow));
	return object;
}

static json_t *json_evidence(struct arena *arena, const struct sources *sources,
                             const struct finding *finding)
{
	json_t *array = json_array();

	VEC_EACH(const struct span, span, &finding->evidence) {
		uint32_t line = source_place(sources, *span).line;
		struct span whole = source_line(sources, span->source, line);
		json_t *object = json_object();

		json_set_line(arena, object, sources, *span);
		json_set(arena, object, "column",
		         json_integer(source_place(sources, *span).column));
		json_set(arena, object, "text",
		         json_text(arena, source_quote(arena, sources, whole)));
		json_append(arena, array, object);
	}
	return array;
}

static json_t *json_suppressed(struct arena *arena, const struct suppression *by)
{
	json_t *object;

	if (by->by == NOT_SUPPRESSED)
		return json_null();
	object = json_object();
	json_set(arena, object, "until", json_text_or_null(arena, by->until));
	json_set(arena, object, "ticket", json_text_or_null(arena, by->ticket));
	json_set(arena, object, "reason", json_text_or_null(arena, by->reason));
	json_set(arena, object, "by", json_string(suppressed_by_names[by->by]));
	return object;
}

static json_t *json_fix(enum fix_kind fix)
{
	static const char *const names[FIX_KIND_COUNT] = {
	        [FIX_SAFE] = "safe",
	        [FIX_UNSAFE] = "unsafe",
	};

	return fix == FIX_NONE ? json_null() : json_string(names[fix]);
}

static json_t *json_trace(struct arena *arena, const struct trace *trace,
                          const struct sources *sources)
{
	struct buf text = {.arena = arena};

	emit_trace_object(trace, sources, &text);
	return json_loadb(text.s, text.n, 0, NULL);
}

static json_t *json_finding(struct arena *arena, const struct sources *sources,
                            const struct finding *finding)
{
	const struct flow *flow = finding->flow;
	const struct appliance *appliance =
	        finding->appliance || !flow ? finding->appliance : flow->appliance;
	json_t *object = json_object();

	json_set(arena, object, "rule", json_string(finding->rule->id));
	json_set(arena, object, "name", json_string(finding->rule->name));
	json_set(arena, object, "severity", json_string(severity_names[finding->severity]));
	json_set(arena, object, "message", json_text(arena, finding->message));
	json_set(arena, object, "help", json_text(arena, str_of(finding->rule->help)));
	json_set(arena, object, "flow", flow ? json_text(arena, flow->id) : json_null());
	json_set(arena, object, "appliance",
	         appliance ? json_text(arena, appliance->name) : json_null());
	json_set(arena, object, "certain", json_boolean(finding->certain));
	json_set(arena, object, "fix", json_fix(finding->fix));
	json_set(arena, object, "at_fault", json_text_or_null(arena, finding->at_fault));
	json_set(arena, object, "fingerprint", json_text(arena, finding->fingerprint));
	json_set(arena, object, "discovered", json_boolean(finding->discovered));
	json_set(arena, object, "evidence", json_evidence(arena, sources, finding));
	json_set(arena, object, "witness",
	         finding->has_witness ? json_witness(arena, &finding->witness) : json_null());
	json_set(arena, object, "suppressed", json_suppressed(arena, &finding->suppressed));
	if (finding->trace)
		json_set(arena, object, "trace", json_trace(arena, finding->trace, sources));
	return object;
}

static json_t *json_diag(struct arena *arena, const struct sources *sources,
                         const struct diag *diag)
{
	struct place place = source_place(sources, diag->span);
	json_t *object = json_object();

	json_set(arena, object, "severity", json_string(severity_names[diag->severity]));
	json_set_line(arena, object, sources, diag->span);
	json_set(arena, object, "column", place.line ? json_integer(place.column) : json_null());
	json_set(arena, object, "message", json_text(arena, diag->message));
	return object;
}

static json_t *json_capture(struct arena *arena, const struct capture *capture)
{
	json_t *object = json_object();

	json_set(arena, object, "by", json_text_or_null(arena, capture->by));
	json_set(arena, object, "complete",
	         capture->complete == TRI_UNKNOWN ? json_null()
	                                          : json_boolean(capture->complete == TRI_YES));
	return object;
}

static json_t *json_coverage(struct arena *arena, const struct coverage *coverage)
{
	json_t *object = json_object();

	json_set(arena, object, "lines", json_integer(coverage->lines));
	json_set(arena, object, "modelled", json_integer(coverage->modelled));
	json_set(arena, object, "irrelevant", json_integer(coverage->irrelevant));
	json_set(arena, object, "unknown", json_integer(coverage->unknown));
	return object;
}

static json_t *json_appliance(struct arena *arena, const struct appliance *appliance)
{
	json_t *object = json_object();

	json_set(arena, object, "name", json_text(arena, appliance->name));
	json_set(arena, object, "role", json_string(role_names[appliance->role]));
	json_set(arena, object, "addresses", json_hosts(arena, &appliance->addresses));
	json_set(arena, object, "discovered", json_boolean(appliance->discovered));
	return object;
}

json_t *json_config(struct arena *arena, const struct config_report *config)
{
	json_t *object = json_object(), *appliances = json_array();
	json_t *flows = json_array(), *findings = json_array();
	json_t *diags = json_array(), *notes = json_array();

	VEC_EACH(const struct appliance, appliance, &config->appliances.list)
		json_append(arena, appliances, json_appliance(arena, appliance));
	VEC_EACH(const struct flow, flow, &config->flows)
		json_append(arena, flows, json_flow(arena, &config->sources, flow));
	VEC_EACH(const struct finding, finding, &config->findings.list)
		json_append(arena, findings, json_finding(arena, &config->sources, finding));
	VEC_EACH(const struct diag, diag, &config->diags.list)
		json_append(arena, diags, json_diag(arena, &config->sources, diag));
	VEC_EACH(const struct str, note, &config->notes)
		json_append(arena, notes, json_text(arena, *note));

	json_set(arena, object, "path", json_text(arena, config->path));
	json_set(arena, object, "sha256", json_text(arena, config->sha256));
	json_set(arena, object, "hostname", json_text(arena, config->hostname));
	json_set(arena, object, "platform", json_string(platform_names[config->platform]));
	json_set(arena, object, "version", json_text_or_null(arena, config->version));
	json_set(arena, object, "context", json_text_or_null(arena, config->context));
	json_set(arena, object, "capture", json_capture(arena, &config->capture));
	json_set(arena, object, "coverage", json_coverage(arena, &config->coverage));
	json_set(arena, object, "notes", notes);
	json_set(arena, object, "appliances", appliances);
	json_set(arena, object, "flows", flows);
	json_set(arena, object, "findings", findings);
	json_set(arena, object, "diagnostics", diags);
	json_set(arena, object, "fixed", json_integer(config->fixed));
	if (config->change)
		json_set(arena, object, "change", json_change(arena, config->change));
	return object;
}

json_t *json_summary(struct arena *arena, const struct summary *summary)
{
	static const enum verdict verdicts[VERDICT_COUNT] = {
	        VERDICT_YES,
	        VERDICT_NO,
	        VERDICT_PARTLY,
	        VERDICT_UNKNOWN,
	};
	json_t *object = json_object(), *findings = json_object(), *flows = json_object();
	unsigned i;

	for (i = SEVERITY_COUNT; i-- > 0;)
		json_set(arena, findings, severity_names[i], json_integer(summary->findings[i]));
	for (i = 0; i < VERDICT_COUNT; i++)
		json_set(arena, flows, verdict_names[verdicts[i]],
		         json_integer(summary->flows[verdicts[i]]));
	json_set(arena, flows, "off_path", json_integer(summary->off_path));
	json_set(arena, object, "configs", json_integer(summary->configs));
	json_set(arena, object, "findings", findings);
	json_set(arena, object, "flows", flows);
	json_set(arena, object, "suppressed", json_integer(summary->suppressed));
	json_set(arena, object, "fixed", json_integer(summary->fixed));
	json_set(arena, object, "skipped", json_integer(summary->skipped));
	json_set(arena, object, "unreadable", json_integer(summary->unreadable));
	return object;
}
