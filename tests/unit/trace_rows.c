/* SPDX-License-Identifier: ISC */
#include "tests/unit/trace_rows.h"

#include <criterion/criterion.h>

#include "analyzers/trace.h"
#include "cli/packet_args.h"
#include "parser/config_reader.h"

static struct str joined(struct arena *arena, struct str a, const char *between, struct str b)
{
	return a.n ? str_printf(arena, "%.*s%s%.*s", STR(a), between, STR(b)) : b;
}

static struct str list_text(struct arena *arena, const struct config *config,
                            const struct trace *trace)
{
	struct place place = source_place(&config->sources, trace->list.span);
	if (!trace->list.applies)
		return S("none");
	struct str line = place.line ? str_printf(arena, "%u", place.line) : S("-");
	return str_printf(arena, "%.*s %s %.*s", STR(trace->list.name),
	                  list_action_names[trace->list.action], STR(line));
}

static struct str engines_text(struct arena *arena, const struct trace *trace)
{
	struct str text = S("");
	VEC_EACH(const struct trace_inspection, one, &trace->inspections)
		text = joined(arena, text, ", ",
		              one->certain ? one->hit.engine
		                           : str_printf(arena, "%.*s?", STR(one->hit.engine)));
	return text.n ? text : S("none");
}

static struct str limits_text(struct arena *arena, const struct trace *trace)
{
	struct str text = S("");
	VEC_EACH(const struct trace_limit, one, &trace->limits)
		text = joined(arena, text, ", ",
		              str_printf(arena, "%s %u%s", limit_kind_names[one->hit.kind],
		                         one->hit.value, one->certain ? "" : "?"));
	return text.n ? text : S("none");
}

static struct str end_text(struct arena *arena, const struct trace_nat *nat)
{
	if (!nat->applies)
		return S("-");
	if (!nat->certain)
		return S("?");
	return nat->address_known ? addr_text(arena, nat->address) : S("pool");
}

static bool has_phase(struct arena *arena, const struct trace *trace, const char *wanted)
{
	VEC_EACH(const struct trace_phase, phase, &trace->phases)
		if (str_eq(str_of(wanted), str_printf(arena, "%s %s", phase->type,
		                                      trace_result_names[phase->result])))
			return true;
	return false;
}

static void same(const struct trace_row *row, const char *what, struct str is, const char *wanted)
{
	if (wanted)
		cr_expect(str_eq(is, str_of(wanted)), "%s: %s is \"%.*s\", expected \"%s\"",
		          row->packet, what, STR(is), wanted);
}

static void check_row(struct arena *arena, const struct tracer *tracer, const struct trace_row *row)
{
	VEC(struct str) words = {0};
	struct packet_words parts;
	const struct interface *in;
	struct packet packet;
	struct trace trace;
	struct str error, rest = str_of(row->packet), word;
	for (bool more = true; more;) {
		more = str_cut(rest, ' ', &word, &rest);
		VEC_PUSH(arena, &words, word);
	}
	if (!packet_words_read(arena, words.v, words.n, &parts, &error) ||
	    !packet_of_words(arena, tracer->config, &parts, &in, &packet, &error)) {
		cr_expect(false, "%s: %.*s", row->packet, STR(error));
		return;
	}
	trace_packet(arena, tracer, in, &packet, &trace);
	same(row, "result", str_of(trace_result_names[trace.result]), row->result);
	same(row, "output", trace.output, row->output);
	same(row, "list", list_text(arena, tracer->config, &trace), row->list);
	same(row, "engine", engines_text(arena, &trace), row->engine);
	same(row, "limits", limits_text(arena, &trace), row->limits);
	same(row, "nat",
	     str_printf(arena, "%.*s %.*s", STR(end_text(arena, &trace.destination)),
	                STR(end_text(arena, &trace.source))),
	     row->nat);
	if (row->phase)
		cr_expect(has_phase(arena, &trace, row->phase), "%s: no phase \"%s\" (%.*s)",
		          row->packet, row->phase, STR(trace.reason));
}

void check_traces(const char *text, const struct trace_row *rows, size_t n)
{
	struct arena *arena = arena_new();
	struct config_input input = {S("test.cfg"), str_of(text)};
	struct config_parts parts = config_split(arena, input.text);
	const struct config *config = config_read(arena, &input, 1, &parts.list.v[0]);
	const struct tracer tracer = tracer_of(arena, config);
	for (size_t i = 0; i < n; i++)
		check_row(arena, &tracer, &rows[i]);
	arena_free(arena);
}
