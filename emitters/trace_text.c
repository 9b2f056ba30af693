/* SPDX-License-Identifier: ISC */
/* The phases of packet-tracer, with the lines of the config and their numbers. */
#include "emitters/console.h"
#include "emitters/packets.h"
#include "emitters/trace.h"

enum { GUTTER = 7, LABEL = 15 };

static enum style style_of(enum trace_result result)
{
	switch (result) {
	case TRACE_ALLOW:
		return STYLE_GOOD;
	case TRACE_DROP:
		return STYLE_BAD;
	case TRACE_UNKNOWN:
	case TRACE_RESULT_COUNT:
		break;
	}
	return STYLE_WARNING;
}

static struct str result_word(enum trace_result result)
{
	static const char *const words[TRACE_RESULT_COUNT] = {
	        [TRACE_ALLOW] = "ALLOW", [TRACE_DROP] = "DROP", [TRACE_UNKNOWN] = "UNKNOWN"};
	return str_of(words[result]);
}

static void print_line(struct console *console, const struct sources *sources, struct span span)
{
	struct arena *arena = console->out->arena;
	struct place place = source_place(sources, span);
	struct span whole = source_line(sources, span.source, place.line);
	console_put(console, STYLE_DIM, str_printf(arena, "%*u |", GUTTER - 1, place.line));
	console_space(console);
	console_put(console, STYLE_PLAIN, source_quote(arena, sources, whole));
	if (span.source) {
		console_space(console);
		console_put(console, STYLE_DIM, str_printf(arena, "(%.*s)", STR(place.path)));
	}
	console_end(console);
}

static void print_phase(struct console *console, const struct sources *sources, uint32_t number,
                        const struct trace_phase *phase)
{
	struct arena *arena = console->out->arena;
	console->indent = GUTTER + 2;
	console_put(console, STYLE_DIM, str_printf(arena, "Phase: %u", number));
	console_column(console, 11);
	console_put(console, STYLE_BOLD, str_of(phase->type));
	if (phase->subtype.n) {
		console_space(console);
		console_put(console, STYLE_PLAIN, phase->subtype);
	}
	console_column(console, 50);
	console_put(console, STYLE_PLAIN, S("Result:"));
	console_space(console);
	console_put(console, style_of(phase->result), result_word(phase->result));
	console_end(console);
	VEC_EACH(const struct span, span, &phase->lines)
		print_line(console, sources, *span);
	if (phase->detail.n) {
		console_column(console, GUTTER);
		console_put(console, STYLE_DIM, S("="));
		console_space(console);
		console_wrap(console, STYLE_PLAIN, phase->detail);
	}
	console_end(console);
}

/* --- what came of it -------------------------------------------------------------------- */

static void label(struct console *console, const char *name)
{
	console_end(console);
	console->indent = LABEL;
	console_put(console, STYLE_PLAIN, str_of(name));
	console_column(console, LABEL);
}

static void maybe(struct console *console, bool certain)
{
	if (certain)
		return;
	console_space(console);
	console_put(console, STYLE_WARNING, S("(may act)"));
}

static void at_line(struct console *console, const struct sources *sources, struct span span)
{
	struct place place = source_place(sources, span);
	if (!place.line)
		return;
	console_space(console);
	console_put(console, STYLE_DIM, str_printf(console->out->arena, "line %u", place.line));
}

static void print_list(struct console *console, const struct trace *trace,
                       const struct sources *sources)
{
	const struct trace_list *list = &trace->list;
	label(console, "access-list:");
	if (!list->applies) {
		console_put(console, STYLE_PLAIN, S("none at the ingress"));
		return;
	}
	console_printf(console, STYLE_PLAIN, "%.*s %s", STR(list->name),
	               list_action_names[list->action]);
	if (list->span.len)
		at_line(console, sources, list->span);
	else
		console_printf(console, STYLE_PLAIN, ", implicit rule at its end");
}

static void print_inspections(struct console *console, const struct trace *trace,
                              const struct sources *sources)
{
	if (trace->inspections.n == 0) {
		label(console, "inspection:");
		console_put(console, STYLE_PLAIN, S("none"));
	}
	VEC_EACH(const struct trace_inspection, inspection, &trace->inspections) {
		const struct inspection_hit *hit = &inspection->hit;
		label(console, "inspection:");
		console_put(console, STYLE_BOLD, hit->engine);
		console_space(console);
		if (hit->map.n)
			console_printf(console, STYLE_PLAIN, "%.*s", STR(hit->map));
		console_space(console);
		if (hit->class.n)
			console_printf(console, STYLE_PLAIN, "class %.*s, policy %.*s, %s%.*s",
			               STR(hit->class), STR(hit->policy),
			               hit->interface.n ? "interface " : "global",
			               STR(hit->interface));
		at_line(console, sources, hit->span);
		maybe(console, inspection->certain);
	}
}

static void print_limits(struct console *console, const struct trace *trace,
                         const struct sources *sources)
{
	if (trace->limits.n == 0) {
		label(console, "limits:");
		console_put(console, STYLE_PLAIN, S("none"));
	}
	VEC_EACH(const struct trace_limit, limit, &trace->limits) {
		label(console, "limit:");
		console_printf(console, STYLE_PLAIN, "%s %u (%s)",
		               limit_kind_names[limit->hit.kind], limit->hit.value,
		               limit_source_names[limit->hit.source]);
		at_line(console, sources, limit->hit.span);
		maybe(console, limit->certain);
	}
}

void emit_trace_text(const struct trace *trace, const struct sources *sources,
                     const struct emit_options *options, struct buf *out)
{
	struct console console = {.out = out, .color = options->color};
	const struct witness packet = {trace->input, trace->packet};
	uint32_t number = 0;
	if (!options->quiet) {
		console_put(&console, STYLE_BOLD, packet_tracer_text(out->arena, &packet));
		console_end(&console);
		VEC_EACH(const struct trace_phase, phase, &trace->phases) {
			console_gap(&console);
			print_phase(&console, sources, ++number, phase);
		}
		console_gap(&console);
	}
	console_put(&console, STYLE_BOLD, S("Result:"));
	label(&console, "input:");
	console_put(&console, STYLE_PLAIN, trace->input);
	label(&console, "output:");
	console_put(&console, STYLE_PLAIN, trace->output.n ? trace->output : S("not known"));
	print_list(&console, trace, sources);
	print_inspections(&console, trace, sources);
	print_limits(&console, trace, sources);
	label(&console, "Action:");
	console_put(&console, style_of(trace->result), str_of(trace_result_names[trace->result]));
	if (trace->reason.n) {
		label(&console, trace->result == TRACE_DROP ? "Drop-reason:" : "Reason:");
		console_wrap(&console, STYLE_PLAIN, trace->reason);
	}
	console_end(&console);
}
