/* SPDX-License-Identifier: ISC */
/*
 * The results of a SARIF run, one a finding. The first line that shows it is its location, the
 * others are related locations; the way of a witness, where it was traced, is a code flow. All
 * locations have a file and a line: sites refuse those without.
 */
#include "emitters/escape.h"
#include "emitters/location.h"
#include "emitters/sarif.h"
#include "model/trace.h"

enum { RELATED_MOST = 100 }; /* what GitHub shows of one result */

/*
 * In a message {0} is a placeholder and [text](id) a link (SARIF 2.1.0, 3.11.5 and 3.11.6), so
 * braces are doubled, and brackets get a backslash where they would make a link.
 */
static struct str message_text(struct arena *arena, struct str text)
{
	struct str line = escape_line(arena, text);
	bool link = str_contains(line, S("]("));
	struct buf buf = {.arena = arena};
	size_t i;

	for (i = 0; i < line.n; i++) {
		char c = line.s[i];

		if (c == '{' || c == '}')
			buf_char(&buf, c);
		else if (link && (c == '[' || c == ']' || c == '\\'))
			buf_char(&buf, '\\');
		buf_char(&buf, c);
	}
	return buf_str(&buf);
}

json_t *sarif_message(struct arena *arena, struct str text)
{
	json_t *message = json_object();

	json_set(arena, message, "text", json_text(arena, message_text(arena, text)));
	return message;
}

json_t *sarif_location(struct arena *arena, const struct emit_options *options, struct place place,
                       struct str text)
{
	json_t *location = json_object(), *physical = json_object();
	json_t *artifact = json_object(), *region = json_object();

	json_set(arena, artifact, "uri",
	         json_text(arena, location_uri(arena, options->folder, place.path)));
	json_set(arena, region, "startLine", json_integer(place.line ? place.line : 1));
	if (text.n) {
		json_t *snippet = json_object();

		json_set(arena, snippet, "text", json_text(arena, text));
		json_set(arena, region, "snippet", snippet);
	}
	json_set(arena, physical, "artifactLocation", artifact);
	json_set(arena, physical, "region", region);
	json_set(arena, location, "physicalLocation", physical);
	return location;
}

static json_t *span_location(struct arena *arena, const struct emit_options *options,
                             const struct config_report *config, struct span span)
{
	struct place place = source_place(&config->sources, span);

	return sarif_location(arena, options, place, quoted_line(arena, config, span));
}

static json_t *locations(struct arena *arena, const struct emit_options *options,
                         const struct listed *listed)
{
	json_t *array = json_array();

	json_append(arena, array,
	            sarif_location(arena, options, listed->place,
	                           quoted_line(arena, listed->config, listed->span)));
	return array;
}

static bool same_span(struct span a, struct span b)
{
	return a.offset == b.offset && a.source == b.source && a.len == b.len;
}

/* The other lines that show it. */
static json_t *related(struct arena *arena, const struct emit_options *options,
                       const struct listed *listed)
{
	const struct sources *sources = &listed->config->sources;
	json_t *array = json_array();
	unsigned id = 0;

	VEC_EACH(const struct span, span, &listed->finding->evidence) {
		json_t *location;

		if (same_span(*span, listed->span) || source_place(sources, *span).line == 0 ||
		    id == RELATED_MOST)
			continue;
		location = span_location(arena, options, listed->config, *span);
		json_set(arena, location, "id", json_integer(++id));
		json_set(arena, location, "message", sarif_message(arena, S("this line too")));
		json_append(arena, array, location);
	}
	return array;
}

/* The witness on its way, as far as lines decide it. */
static json_t *thread_flow(struct arena *arena, const struct emit_options *options,
                           const struct listed *listed)
{
	json_t *steps = json_array();

	VEC_EACH(const struct trace_phase, phase, &listed->finding->trace->phases) {
		VEC_EACH(const struct span, span, &phase->lines) {
			json_t *step = json_object(), *location;
			struct str text =
			        str_printf(arena, "%s: %s%s%.*s", phase->type,
			                   trace_result_names[phase->result],
			                   phase->detail.n ? ": " : "", STR(phase->detail));

			if (source_place(&listed->config->sources, *span).line == 0)
				continue;
			location = span_location(arena, options, listed->config, *span);
			json_set(arena, location, "message", sarif_message(arena, text));
			json_set(arena, step, "location", location);
			json_append(arena, steps, step);
		}
	}
	return steps;
}

/* NULL where there is none to tell. */
static json_t *code_flows(struct arena *arena, const struct emit_options *options,
                          const struct listed *listed)
{
	json_t *steps, *thread, *threads, *flow, *flows;

	if (!listed->finding->trace)
		return NULL;
	steps = thread_flow(arena, options, listed);
	if (json_array_size(steps) == 0) {
		json_decref(steps);
		return NULL;
	}
	thread = json_object();
	threads = json_array();
	flow = json_object();
	flows = json_array();
	json_set(arena, thread, "locations", steps);
	json_append(arena, threads, thread);
	json_set(arena, flow, "threadFlows", threads);
	json_append(arena, flows, flow);
	return flows;
}

static json_t *suppressions(struct arena *arena, const struct suppression *by)
{
	json_t *array = json_array(), *one;

	if (by->by == NOT_SUPPRESSED)
		return array;
	one = json_object();
	json_set(arena, one, "kind", json_string(by->by == BY_REMARK ? "inSource" : "external"));
	json_set(arena, one, "status", json_string("accepted"));
	json_set(arena, one, "justification", json_text(arena, suppression_text(arena, by)));
	json_append(arena, array, one);
	return array;
}

/* What SARIF has no word for, under the keys of our own JSON. */
static json_t *properties(struct arena *arena, const struct listed *listed)
{
	const struct finding *finding = listed->finding;
	json_t *object = json_object();

	json_set(arena, object, "hostname", json_text(arena, listed->config->hostname));
	json_set(arena, object, "context", json_text_or_null(arena, listed->config->context));
	json_set(arena, object, "flow",
	         finding->flow ? json_text(arena, finding->flow->id) : json_null());
	json_set(arena, object, "appliance", json_text_or_null(arena, finding_appliance(finding)));
	json_set(arena, object, "certain", json_boolean(finding->certain));
	json_set(arena, object, "discovered", json_boolean(finding->discovered));
	if (finding->has_witness)
		json_set(arena, object, "witness",
		         json_text(arena, packet_tracer_text(arena, &finding->witness)));
	return object;
}

json_t *sarif_result(struct arena *arena, const struct report *report,
                     const struct emit_options *options, const struct listed *listed)
{
	const struct finding *finding = listed->finding;
	json_t *object = json_object(), *fingerprints = json_object(), *more;

	json_set(arena, object, "ruleId", json_string(finding->rule->id));
	if (finding->rule >= report->rules && finding->rule < report->rules + report->n_rules)
		json_set(arena, object, "ruleIndex", json_integer(finding->rule - report->rules));
	json_set(arena, object, "level", json_string(severity_names[finding->severity]));
	json_set(arena, object, "message", sarif_message(arena, listed_sentence(arena, listed)));
	json_set(arena, object, "locations", locations(arena, options, listed));
	more = related(arena, options, listed);
	if (json_array_size(more))
		json_set(arena, object, "relatedLocations", more);
	else
		json_decref(more);
	more = code_flows(arena, options, listed);
	if (more)
		json_set(arena, object, "codeFlows", more);
	json_set(arena, fingerprints, "primaryLocationLineHash",
	         json_text(arena, finding->fingerprint));
	json_set(arena, object, "partialFingerprints", fingerprints);
	if (options->show_suppressed) /* all results have it, or none: else it reads "not known" */
		json_set(arena, object, "suppressions", suppressions(arena, &finding->suppressed));
	json_set(arena, object, "properties", properties(arena, listed));
	return object;
}
