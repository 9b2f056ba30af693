/* SPDX-License-Identifier: ISC */
/* asamend trace: the device's packet-tracer, offline. */
#include "analyzers/acl_index.h"
#include "cli/analyze.h"
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/packet_args.h"
#include "cli/packet_stream.h"
#include "emitters/trace.h"

#include <stdio.h>
#include <string.h>

static int fail(struct str text)
{
	fprintf(stderr, "asamend: %.*s\n", STR(text));
	return STATUS_USAGE;
}

/* "a, b": the contexts of a capture. */
struct contexts {
	struct config *only; /* the one that is wanted; NULL: none or several */
	uint32_t n;
	struct buf names;
	bool recognised;
	struct str looks_like;
};

static void add_config(const struct options *options, struct config *config,
                       struct contexts *contexts)
{
	struct str looks_like;
	if (!config_recognised(config, &looks_like)) {
		contexts->looks_like = looks_like;
		return;
	}
	contexts->recognised = true;
	if (!context_wanted(options, config) ||
	    (config->system_context && options->contexts.n == 0 && contexts->n > 0))
		return;
	buf_printf(&contexts->names, "%s%.*s", contexts->n ? ", " : "",
	           STR(config->context.n ? config->context : config->hostname));
	contexts->only = contexts->n++ ? NULL : config;
}

/* The one config of the capture that is asked about; else a line in *error. */
static struct config *the_config(struct options *options, struct str *error)
{
	struct arena *arena = options->arena;
	struct applied applied = {0};
	struct capture_input input;
	struct contexts contexts = {.names = {.arena = arena}};
	if (!applied_read(arena, options, &applied, error))
		return NULL;
	if (!capture_read(arena, options, options->operands.v[0].s, &applied, &input, error)) {
		*error = str_printf(arena, "%.*s: %.*s", STR(input.path), STR(*error));
		return NULL;
	}
	for (uint32_t part = 0; part < input.parts.list.n; part++)
		add_config(options, capture_config(arena, &input, part, S("")), &contexts);
	if (contexts.only)
		return contexts.only;
	if (!contexts.recognised)
		*error = str_printf(arena,
		                    "%.*s: this is %.*s; expected the running-config of an ASA, "
		                    "PIX, FWSM or FTD",
		                    STR(input.path), STR(contexts.looks_like));
	else if (contexts.n == 0)
		*error = str_printf(arena, "%.*s: no context of that name in it", STR(input.path));
	else
		*error = str_printf(arena,
		                    "%.*s holds several configs (%.*s); choose one with "
		                    "--context",
		                    STR(input.path), STR(buf_str(&contexts.names)));
	return NULL;
}

/* Print a trace in every format that was asked for. */
static int print_trace(const struct options *options, const struct config *config,
                       const struct trace *trace)
{
	VEC_EACH(const struct wanted_format, wanted, &options->formats) {
		struct emit_options emit = {.quiet = options->quiet, .verbose = options->verbose};
		struct buf out = {.arena = options->arena};
		struct str error;
		emit.color = options_color(options, wanted->path);
		if (strcmp(wanted->name, "json") == 0)
			emit_trace_json(trace, &config->sources, &out);
		else
			emit_trace_text(trace, &config->sources, &emit, &out);
		if (!output_write(options->arena, wanted->path, buf_str(&out), &error))
			return fail(error);
	}
	return STATUS_CLEAN;
}

static int trace_one(struct options *options, const struct config *config)
{
	struct packet_words words;
	const struct interface *in;
	struct packet packet;
	struct trace trace;
	struct str error;
	if (!packet_words_read(options->arena, options->operands.v + 1, options->operands.n - 1,
	                       &words, &error) ||
	    !packet_of_words(options->arena, config, &words, &in, &packet, &error))
		return fail(error);
	const struct tracer tracer = tracer_of(options->arena, config);
	trace_packet(options->arena, &tracer, in, &packet, &trace);
	return print_trace(options, config, &trace);
}

static bool has_file(const struct options *options)
{
	VEC_EACH(const struct wanted_format, wanted, &options->formats) {
		if (wanted->path)
			return true;
	}
	return false;
}

int cmd_trace(struct options *options)
{
	struct str error;
	if (options->packets && options->operands.n > 1)
		return fail(S("--packets and a packet on the command line exclude each other"));
	if (!options->packets && options->operands.n < 2)
		return fail(S("a packet is missing: input IFC {tcp|udp|sctp} SRC SPORT DST DPORT, "
		              "or --packets FILE"));
	if (options->packets && has_file(options))
		return fail(S("--packets answers on standard output, a JSON object a line; "
		              "redirect that instead of -o or -f FORMAT=FILE"));
	struct config *config = the_config(options, &error);
	if (!config)
		return fail(error);
	if (!options->packets)
		return trace_one(options, config);
	acl_index_all(options->arena, config);
	struct tracer tracer = tracer_for_many(options->arena, config);
	tracer.brief = options->quiet;
	return packet_stream(options->arena, &tracer, options->packets);
}
