/* SPDX-License-Identifier: ISC */
#include "parser/results_trace.h"

#include "parser/excerpt.h"
#include "parser/json_read.h"

/* "interface outside" without its first word; "global" is nothing. */
static struct str scope_interface(struct str scope)
{
	struct str word = S("interface ");
	return str_starts(scope, word) ? (struct str){scope.s + word.n, scope.n - word.n} : S("");
}

struct inspection_hit results_inspection(struct arena *arena, const struct sources *sources,
                                         const json_t *object)
{
	return (struct inspection_hit){
	        .engine = json_read_text(arena, object, "engine"),
	        .map = json_read_text(arena, object, "map"),
	        .policy = json_read_text(arena, object, "policy"),
	        .class = json_read_text(arena, object, "class"),
	        .interface = scope_interface(json_read_text(arena, object, "scope")),
	        .span = excerpt_span(sources, object),
	};
}

bool results_limit(const struct sources *sources, const json_t *object, struct limit_hit *hit)
{
	int kind = json_read_name(object, "kind", limit_kind_names, LIMIT_KIND_COUNT);
	int source = json_read_name(object, "source", limit_source_names, LIMIT_SOURCE_COUNT);
	if (kind < 0 || source < 0)
		return false;
	*hit = (struct limit_hit){
	        .kind = (enum limit_kind)kind,
	        .source = (enum limit_source)source,
	        .value = json_read_count(object, "value"),
	        .span = excerpt_span(sources, object),
	};
	return true;
}

static enum trace_result read_result(const json_t *object)
{
	int result = json_read_name(object, "result", trace_result_names, TRACE_RESULT_COUNT);
	return result < 0 ? TRACE_UNKNOWN : (enum trace_result)result;
}

static void read_list(struct arena *arena, const struct sources *sources, const json_t *object,
                      struct trace_list *list)
{
	int action = json_read_name(object, "action", list_action_names, LIST_ACTION_COUNT);
	list->applies = action >= 0;
	if (!list->applies)
		return;
	list->action = (enum list_action)action;
	list->name = json_read_text(arena, object, "name");
	list->span = excerpt_span(sources, object);
}

static void read_nat(struct arena *arena, const struct sources *sources, const json_t *object,
                     struct trace_nat *nat)
{
	const json_t *port = json_object_get(object, "port");
	static const char *const kinds[] = {"static", "dynamic", "exempt", "identity"};
	int kind = json_read_name(object, "kind", kinds, 4);
	nat->applies = kind >= 0;
	if (!nat->applies)
		return;
	nat->kind = kinds[kind];
	nat->certain = json_read_bool(object, "certain");
	nat->address_known = addr_parse(json_read_text(arena, object, "address"), &nat->address);
	nat->port_known = json_is_integer(port);
	nat->port = (uint16_t)json_integer_value(port);
	nat->span = excerpt_span(sources, object);
}

/* Phases are named in capitals, as the device prints them: "UN-NAT". */
static bool is_phase_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if ((name.s[i] < 'A' || name.s[i] > 'Z') && name.s[i] != '-')
			return false;
	return name.n > 0;
}

static void add_phase(struct arena *arena, const struct sources *sources, const json_t *object,
                      struct trace *trace)
{
	struct str name = json_read_text(arena, object, "phase");
	struct trace_phase phase = {
	        .type = str_cstr(arena, name),
	        .subtype = json_read_text(arena, object, "subtype"),
	        .result = read_result(object),
	        .detail = json_read_text(arena, object, "detail"),
	};
	struct span line = excerpt_span(sources, object);
	if (!is_phase_name(name))
		return;
	if (line.len)
		VEC_PUSH(arena, &phase.lines, line);
	VEC_PUSH(arena, &trace->phases, phase);
}

const struct trace *results_trace(struct arena *arena, const struct sources *sources,
                                  const json_t *object, const struct witness *witness)
{
	const json_t *nat = json_object_get(object, "nat");
	json_t *part;
	size_t i;
	if (!json_is_object(object))
		return NULL;
	struct trace *trace = NEW(arena, struct trace);
	trace->input = witness->input;
	trace->packet = witness->packet;
	trace->result = read_result(object);
	trace->reason = json_read_text(arena, object, "reason");
	read_list(arena, sources, json_object_get(object, "access_list"), &trace->list);
	read_nat(arena, sources, json_object_get(nat, "destination"), &trace->destination);
	read_nat(arena, sources, json_object_get(nat, "source"), &trace->source);
	trace->output = json_read_text(arena, object, "output");
	json_array_foreach(json_object_get(object, "inspections"), i, part)
	{
		struct trace_inspection inspection = {results_inspection(arena, sources, part),
		                                      json_read_bool(part, "certain")};
		VEC_PUSH(arena, &trace->inspections, inspection);
	}
	json_array_foreach(json_object_get(object, "limits"), i, part)
	{
		struct trace_limit limit = {.certain = json_read_bool(part, "certain")};
		if (results_limit(sources, part, &limit.hit))
			VEC_PUSH(arena, &trace->limits, limit);
	}
	json_array_foreach(json_object_get(object, "phases"), i, part)
	        add_phase(arena, sources, part, trace);
	return trace;
}
