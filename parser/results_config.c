/* SPDX-License-Identifier: ISC */
/* The parts of a config's result, each from its object: the counterpart of emitters/json_config. */
#include "parser/results_config.h"

#include "model/ports.h"
#include "parser/excerpt.h"
#include "parser/json_read.h"
#include "parser/results_change.h"
#include "parser/results_trace.h"

#include <string.h>

/* What the parts of one config share. */
struct reading {
	struct arena *arena;
	struct rule_table rules;
	struct config_report *config;
	struct str *error;
};

static bool wrong(struct reading *reading, struct str error)
{
	*reading->error = error;
	return false;
}

/* ---- head */

static enum tristate read_tristate(const json_t *value)
{
	return json_is_true(value) ? TRI_YES : json_is_false(value) ? TRI_NO : TRI_UNKNOWN;
}

static bool read_head(struct reading *reading, const json_t *object)
{
	struct config_report *config = reading->config;
	struct arena *arena = reading->arena;
	const json_t *capture = json_object_get(object, "capture");
	const json_t *coverage = json_object_get(object, "coverage");
	int platform = json_read_name(object, "platform", platform_names, PLATFORM_COUNT);
	if (!json_is_string(json_object_get(object, "path")) || platform < 0)
		return wrong(reading, S("expected a config with \"path\" and \"platform\""));
	config->path = json_read_text(arena, object, "path");
	config->sha256 = json_read_text(arena, object, "sha256");
	config->hostname = json_read_text(arena, object, "hostname");
	config->platform = (enum platform)platform;
	config->version = json_read_text(arena, object, "version");
	config->context = json_read_text(arena, object, "context");
	config->capture.by = json_read_text(arena, capture, "by");
	config->capture.complete = read_tristate(json_object_get(capture, "complete"));
	config->coverage = (struct coverage){
	        .lines = json_read_count(coverage, "lines"),
	        .modelled = json_read_count(coverage, "modelled"),
	        .irrelevant = json_read_count(coverage, "irrelevant"),
	        .unknown = json_read_count(coverage, "unknown"),
	};
	return true;
}

static void read_host(struct arena *arena, const json_t *object, struct hosts *hosts)
{
	struct host host = {0};
	if (!addr_parse(json_read_text(arena, object, "real"), &host.real))
		return;
	host.has_mapped = addr_parse(json_read_text(arena, object, "mapped"), &host.mapped);
	VEC_PUSH(arena, &hosts->list, host);
}

static void read_appliances(struct reading *reading, const json_t *array)
{
	struct arena *arena = reading->arena;
	size_t i, j;
	json_t *object, *address;
	json_array_foreach(array, i, object)
	{
		struct appliance appliance = {.name = json_read_text(arena, object, "name")};
		int role = json_read_name(object, "role", role_names, ROLE_COUNT);
		appliance.role = role < 0 ? ROLE_ESA : (enum role)role;
		appliance.discovered = json_read_bool(object, "discovered");
		json_array_foreach(json_object_get(object, "addresses"), j, address)
		        read_host(arena, address, &appliance.addresses);
		VEC_PUSH(arena, &reading->config->appliances.list, appliance);
	}
}

/* The appliance of that name; one that the record does not list is known by its name alone. */
static const struct appliance *find_appliance(struct reading *reading, struct str name)
{
	VEC_EACH(const struct appliance, appliance, &reading->config->appliances.list)
		if (str_eq(appliance->name, name))
			return appliance;
	struct appliance *appliance = NEW(reading->arena, struct appliance);
	appliance->name = name;
	return appliance;
}

/* ---- flows */

static struct iset read_addresses(struct arena *arena, const json_t *array)
{
	VEC(struct range) ranges = {0};
	struct iset all = iset_none();
	json_t *word;
	size_t i;
	json_array_foreach(array, i, word)
	{
		struct str text = json_read_string(arena, word);
		struct range range;
		if (str_eq(text, S("any")))
			return iset_all();
		if (str_eq(text, S("any4")) || str_eq(text, S("any6")))
			all = iset_union(arena, all,
			                 iset_family(arena, iset_all(), str_eq(text, S("any4"))));
		else if (addr_parse_prefix(text, &range) && str_contains(text, S(".")))
			VEC_PUSH(arena, &ranges, range);
		else if (addr_parse_prefix(text, &range))
			all = iset_union(
			        arena, all,
			        iset_family(arena, iset_range(arena, range.lo, range.hi), false));
	}
	return iset_union(arena, all, iset_of(arena, ranges.v, ranges.n));
}

static struct iset read_ports(struct arena *arena, const json_t *array)
{
	VEC(struct range) ranges = {0};
	json_t *word;
	size_t i;
	json_array_foreach(array, i, word)
	{
		struct str lo, hi;
		uint64_t from, to;
		if (!str_cut(json_read_string(arena, word), '-', &lo, &hi))
			hi = lo;
		if (str_number(lo, UINT16_MAX, &from) && str_number(hi, UINT16_MAX, &to) &&
		    from <= to)
			VEC_PUSH(arena, &ranges, (struct range){from, to});
	}
	return iset_of(arena, ranges.v, ranges.n);
}

static struct pset read_packets(struct arena *arena, uint8_t protocol, const json_t *array)
{
	struct pset set = {0};
	json_t *object;
	size_t i;
	json_array_foreach(array, i, object)
	{
		struct box box = box_all();
		const json_t *from = json_object_get(object, "src_ports");
		box.dim[DIM_PROTO] = iset_point(arena, protocol);
		box.dim[DIM_SRC] = read_addresses(arena, json_object_get(object, "src"));
		box.dim[DIM_DST] = read_addresses(arena, json_object_get(object, "dst"));
		box.dim[DIM_DPORT] = read_ports(arena, json_object_get(object, "ports"));
		if (from)
			box.dim[DIM_SPORT] = read_ports(arena, from);
		VEC_PUSH(arena, &set.boxes, box);
	}
	return set;
}

static void read_why(struct reading *reading, const json_t *array, struct flow *flow)
{
	json_t *object;
	size_t i;
	json_array_foreach(array, i, object)
	{
		int about = json_read_name(object, "about", why_about_names, ABOUT_COUNT);
		int verdict = json_read_name(object, "verdict", verdict_names, VERDICT_COUNT);
		int code = json_read_name(object, "code", why_code_names, WHY_COUNT);
		struct why why = {
		        .about = about < 0 ? ABOUT_PERMITTED : (enum why_about)about,
		        .verdict = verdict < 0 ? VERDICT_UNKNOWN : (enum verdict)verdict,
		        .code = code < 0 ? WHY_NONE : (enum why_code)code,
		        .text = json_read_text(reading->arena, object, "text"),
		        .span = excerpt_span(&reading->config->sources, object),
		};
		VEC_PUSH(reading->arena, &flow->why, why);
	}
}

static enum flow_kind kind_of(struct str name)
{
	for (int i = 0; i < FLOW_CUSTOM; i++)
		if (str_eq(name, str_of(flow_kind_names[i])))
			return (enum flow_kind)i;
	return FLOW_CUSTOM;
}

/* A verdict; null (off path) is never looked at. */
static enum verdict read_verdict(const json_t *object, const char *key)
{
	int verdict = json_read_name(object, key, verdict_names, VERDICT_COUNT);
	return verdict < 0 ? VERDICT_UNKNOWN : (enum verdict)verdict;
}

static uint8_t read_protocol(struct str text)
{
	uint64_t number;
	int known = protocol_number(text);
	if (known >= 0)
		return (uint8_t)known;
	return str_number(text, UINT8_MAX, &number) ? (uint8_t)number : 0;
}

static void read_flow(struct reading *reading, const json_t *object)
{
	struct arena *arena = reading->arena;
	const json_t *partly = json_object_get(object, "partly");
	struct flow flow = {
	        .id = json_read_text(arena, object, "id"),
	        .name = json_read_text(arena, object, "flow"),
	        .from = json_read_text(arena, object, "from"),
	        .to = json_read_text(arena, object, "to"),
	        .protocol = read_protocol(json_read_text(arena, object, "protocol")),
	        .on_path = json_read_bool(object, "on_path"),
	        .primary = json_read_bool(object, "primary"),
	        .permitted = read_verdict(object, "permitted"),
	        .inspected = read_verdict(object, "inspected"),
	};
	json_t *part;
	size_t i;
	flow.kind = kind_of(flow.name);
	flow.appliance = find_appliance(reading, json_read_text(arena, object, "appliance"));
	json_array_foreach(json_object_get(object, "ports"), i, part)
	        VEC_PUSH(arena, &flow.ports.list, (uint16_t)json_integer_value(part));
	read_why(reading, json_object_get(object, "why"), &flow);
	flow.permitted_packets =
	        read_packets(arena, flow.protocol, json_object_get(partly, "permitted"));
	flow.inspected_packets =
	        read_packets(arena, flow.protocol, json_object_get(partly, "inspected"));
	json_array_foreach(json_object_get(object, "inspections"), i, part)
	        VEC_PUSH(arena, &flow.inspections,
	                 results_inspection(arena, &reading->config->sources, part));
	json_array_foreach(json_object_get(object, "limits"), i, part)
	{
		struct limit_hit hit;
		if (results_limit(&reading->config->sources, part, &hit))
			VEC_PUSH(arena, &flow.limits, hit);
	}
	if (flow.id.n)
		VEC_PUSH(arena, &reading->config->flows, flow);
}

/* ---- findings */

static const struct flow *find_flow(const struct config_report *config, struct str id)
{
	VEC_EACH(const struct flow, flow, &config->flows)
		if (str_eq(flow->id, id))
			return flow;
	return NULL;
}

static struct suppression read_suppression(struct arena *arena, const json_t *object)
{
	int by = json_read_name(object, "by", suppressed_by_names, SUPPRESSED_BY_COUNT);
	return (struct suppression){
	        .by = by < 0 ? NOT_SUPPRESSED : (enum suppressed_by)by,
	        .until = json_read_text(arena, object, "until"),
	        .ticket = json_read_text(arena, object, "ticket"),
	        .reason = json_read_text(arena, object, "reason"),
	};
}

static bool read_rule(struct reading *reading, const json_t *object, const struct rule **rule)
{
	const char *id = json_string_value(json_object_get(object, "rule"));
	for (size_t i = 0; id && i < reading->rules.n; i++)
		if (strcmp(reading->rules.rules[i].id, id) == 0) {
			*rule = &reading->rules.rules[i];
			return true;
		}
	return wrong(reading, str_printf(reading->arena,
	                                 "there is no rule %s; another version of asamend "
	                                 "wrote this",
	                                 id ? id : "(none)"));
}

static enum fix_kind read_fix(const json_t *object)
{
	static const char *const names[FIX_KIND_COUNT] = {
	        [FIX_SAFE] = "safe", [FIX_UNSAFE] = "unsafe"};
	int fix = json_read_name(object, "fix", names, FIX_KIND_COUNT);
	return fix < 0 ? FIX_NONE : (enum fix_kind)fix;
}

static bool read_finding(struct reading *reading, const json_t *object)
{
	struct arena *arena = reading->arena;
	struct finding finding = {0};
	json_t *part;
	size_t i;
	int severity = json_read_name(object, "severity", severity_names, SEVERITY_COUNT);
	if (!read_rule(reading, object, &finding.rule))
		return false;
	if (severity < 0)
		return wrong(reading, S("expected a finding with a \"severity\""));
	struct str appliance = json_read_text(arena, object, "appliance");
	finding.severity = (enum severity)severity;
	finding.message = json_read_text(arena, object, "message");
	finding.flow = find_flow(reading->config, json_read_text(arena, object, "flow"));
	if (appliance.n && !finding.flow)
		finding.appliance = find_appliance(reading, appliance);
	finding.at_fault = json_read_text(arena, object, "at_fault");
	finding.fingerprint = json_read_text(arena, object, "fingerprint");
	finding.certain = json_read_bool(object, "certain");
	finding.discovered = json_read_bool(object, "discovered");
	finding.fix = read_fix(object);
	json_array_foreach(json_object_get(object, "evidence"), i, part)
	{
		struct span span = excerpt_span(&reading->config->sources, part);
		VEC_PUSH(arena, &finding.evidence, span);
	}
	finding.has_witness =
	        results_witness(arena, json_object_get(object, "witness"), &finding.witness);
	if (finding.has_witness)
		finding.trace = results_trace(arena, &reading->config->sources,
		                              json_object_get(object, "trace"), &finding.witness);
	finding.suppressed = read_suppression(arena, json_object_get(object, "suppressed"));
	VEC_PUSH(arena, &reading->config->findings.list, finding);
	return true;
}

/* ---- the rest */

static void read_diag(struct reading *reading, const json_t *object)
{
	int severity = json_read_name(object, "severity", severity_names, SEVERITY_COUNT);
	struct diag diag = {
	        .severity = severity < 0 ? SEVERITY_NOTE : (enum severity)severity,
	        .span = excerpt_span(&reading->config->sources, object),
	        .message = json_read_text(reading->arena, object, "message"),
	};
	VEC_PUSH(reading->arena, &reading->config->diags.list, diag);
}

bool results_config(struct arena *arena, struct rule_table rules, const json_t *object,
                    struct config_report *config, struct str *error)
{
	struct reading reading = {arena, rules, config, error};
	json_t *part;
	size_t i;
	*config = (struct config_report){0};
	if (!read_head(&reading, object))
		return false;
	excerpt_sources(arena, &config->sources, config->path, object);
	json_array_foreach(json_object_get(object, "notes"), i, part)
	        VEC_PUSH(arena, &config->notes, json_read_string(arena, part));
	read_appliances(&reading, json_object_get(object, "appliances"));
	json_array_foreach(json_object_get(object, "flows"), i, part) read_flow(&reading, part);
	json_array_foreach(json_object_get(object, "findings"), i, part)
	{
		if (!read_finding(&reading, part))
			return false;
	}
	json_array_foreach(json_object_get(object, "diagnostics"), i, part)
	        read_diag(&reading, part);
	config->fixed = json_read_count(object, "fixed");
	config->change = results_change(arena, rules, json_object_get(object, "change"));
	return true;
}
