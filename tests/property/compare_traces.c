/* SPDX-License-Identifier: ISC */
/* Traces of single packets, step by step beside those of the slow evaluator. */
#include "tests/property/compare_traces.h"

#include <stdio.h>

#include "tests/property/aim.h"

void look_differs(const struct look *look, const char *what, struct str want, struct str got)
{
	disagree(look->run,
	         "path %s: %s: expected %.*s, got %.*s (result %s: %.*s; expected %s: %s)",
	         packet_text(look->run, look->packet), what, STR(want), STR(got),
	         trace_result_names[look->got->result], STR(look->got->reason),
	         slow_answer_names[look->want->passes],
	         look->want->because ? look->want->because : "");
}

void look_is_vague(const struct look *look, const char *what, struct str why)
{
	look->run->tally.paths_vague++;
	if (look->run->verbose)
		printf("%s: %s: %s is vague: %.*s (expected %s: %s)\n", look->run->name,
		       packet_text(look->run, look->packet), what, STR(why),
		       slow_answer_names[look->want->passes],
		       look->want->because ? look->want->because : "");
}

void look_is_unjudged(const struct look *look)
{
	look->run->tally.paths_unjudged++;
}

/* --- translation, list, output ----------------------------------------------------------- */

static struct str end_text(const struct look *look, bool applies, bool known, u128 address,
                           uint16_t port)
{
	struct arena *arena = look->run->arena;
	if (!applies)
		return S("none");
	if (!known)
		return S("some");
	return str_printf(arena, "%.*s/%u", STR(addr_text(arena, address)), port);
}

static void compare_end(const struct look *look, const char *what, const struct slow_end *want,
                        const struct trace_nat *got)
{
	if (want->coarse) {
		look_is_unjudged(look);
		return;
	}
	bool told = want->done == SLOW_YES && !want->refused;
	struct str wanted = end_text(look, want->done != SLOW_NO, told && !want->pooled,
	                             want->address, want->port);
	struct str is = end_text(look, got->applies, got->address_known && got->port_known,
	                         got->address, got->port);
	if ((want->done != SLOW_NO) != got->applies) {
		look_differs(look, what, wanted, is);
		return;
	}
	if (want->done == SLOW_NO)
		return;
	if (!span_same(slow_nat_span(want->nat), got->span)) {
		look_differs(look, what, S("another line"), is);
	} else if (told != got->certain) {
		if (told)
			look_is_vague(look, what, wanted);
		else
			look_differs(look, what, S("unknown"), is);
	} else if (told && !want->pooled && !str_eq(wanted, is)) {
		look_differs(look, what, wanted, is);
	} else if (told && want->pooled && got->port_known) {
		look_differs(look, what, S("some of a pool"), is);
	}
}

static void compare_list(const struct look *look)
{
	const struct slow_path *want = look->want;
	const struct trace_list *got = &look->got->list;
	struct str name = want->list ? config_name(look->run->config, want->list->name) : S("none");
	if (!want->destination_told && slow_real_addresses(look->run->config)) {
		look_is_unjudged(look);
		return;
	}
	if (want->list_missing) {
		if (got->applies && got->action != LIST_UNKNOWN)
			look_differs(look, "list", S("not in the text"), got->name);
		return;
	}
	if ((want->list != NULL) != got->applies) {
		look_differs(look, "list", name, got->applies ? got->name : S("none"));
		return;
	}
	if (!want->list)
		return;
	if (want->list_permits == SLOW_UNKNOWN) {
		if (got->action != LIST_UNKNOWN)
			look_differs(look, "list", S("unknown"),
			             str_of(list_action_names[got->action]));
		return;
	}
	if (got->action == LIST_UNKNOWN) {
		look_is_vague(look, "list", name);
		return;
	}
	bool permits = got->action == LIST_PERMIT;
	if (permits != (want->list_permits == SLOW_YES) || !str_eq(name, got->name))
		look_differs(look, "list", name, got->name);
	else if (!span_same(want->ace ? want->ace->span : (struct span){0}, got->span) &&
	         (want->ace || got->span.len))
		look_differs(look, "list line", S("another"), got->name);
}

static void compare_output(const struct look *look)
{
	struct str want = config_name(look->run->config, look->want->seen.out);
	if (str_eq_nocase(want, look->got->output))
		return;
	if (look->got->output.n == 0 && look->got->result != TRACE_DROP)
		look_is_vague(look, "output", want);
	else if (look->got->output.n)
		look_differs(look, "output", want, look->got->output);
}

/* --- the result -------------------------------------------------------------------------- */

static void compare_result(const struct look *look, enum slow_answer want)
{
	static const enum slow_answer answers[] = {
	        [TRACE_ALLOW] = SLOW_YES,
	        [TRACE_DROP] = SLOW_NO,
	        [TRACE_UNKNOWN] = SLOW_UNKNOWN,
	};
	enum slow_answer got = answers[look->got->result];
	bool open = !look->want->destination_told;
	look->run->tally.paths_by[want]++;
	if ((got == SLOW_YES) != (look->got->reason.n == 0))
		look_differs(look, "reason", got == SLOW_YES ? S("none") : S("one"),
		             look->got->reason);
	if (want == got)
		return;
	if (got == SLOW_UNKNOWN)
		look_is_vague(look, "result", look->got->reason);
	else if (want == SLOW_UNKNOWN && (look->want->coarse || (open && got == SLOW_NO)))
		look_is_unjudged(look);
	else
		look_differs(look, "result", str_of(slow_answer_names[want]),
		             str_of(trace_result_names[look->got->result]));
}

static void compare_trace(struct run *run, const struct slow_packet *packet,
                          const struct slow_path *want, const struct trace *got)
{
	const struct look look = {run, packet, want, got};
	const struct slow_packet *seen = &want->seen;
	enum slow_answer result = want->passes;
	run->tally.paths++;
	run->tally.paths6 += !addr_is4(packet->dst);
	run->tally.paths_unknown += result == SLOW_UNKNOWN;
	compare_end(&look, "destination", &want->destination, &got->destination);
	if (want->for_itself) {
		compare_result(&look, result);
		return;
	}
	compare_list(&look);
	compare_output(&look);
	if (seen->out)
		compare_end(&look, "source", &want->source, &got->source);
	/* Where it goes, and so who else acts, is not known. */
	if (!seen->out || !want->destination_told) {
		if (result != SLOW_YES)
			compare_result(&look, result);
		return;
	}
	bool open = look_at_policies(&look);
	look_at_limits(&look);
	compare_result(&look, open ? slow_and(result, SLOW_UNKNOWN) : result);
}

/* --- all of it ---------------------------------------------------------------------------- */

void compare_traces(struct run *run, unsigned n)
{
	struct arena *arena = run->arena, *scratch = arena_new();
	const struct tracer alone = tracer_of(arena, run->config);
	const struct tracer many = tracer_for_many(arena, run->config);
	struct slow_nats nats = slow_nats_of(arena, run->config);
	for (unsigned i = 0; i < n; i++) {
		struct slow_packet packet;
		struct slow_path want;
		struct trace got;
		if (!aim_packet(run, &nats, &packet))
			continue;
		const struct interface *in = slow_interface(run->config, packet.in);
		if (!in)
			continue; /* no interface that a packet could come in by */
		struct packet wire;
		wire.at[DIM_PROTO] = packet.proto;
		wire.at[DIM_SRC] = packet.src;
		wire.at[DIM_DST] = packet.dst;
		wire.at[DIM_SPORT] = packet.sport;
		wire.at[DIM_DPORT] = packet.dport;
		/* Most by the way that many packets are traced; the other must say the same. */
		const struct tracer *tracer = i % 8 ? &many : &alone;
		trace_packet(scratch, tracer, in, &wire, &got);
		slow_path(run->config, &nats, &packet, &want);
		packet.out = want.seen.out;
		compare_trace(run, &packet, &want, &got);
		if (arena_used(scratch) > 1 << 22) {
			arena_free(scratch);
			scratch = arena_new();
		}
	}
	arena_free(scratch);
}
