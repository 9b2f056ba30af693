/* SPDX-License-Identifier: ISC */
/*
 * A packet among many is answered as it is alone: with every rule, route and list found by its
 * index and what the policies said kept, each byte is the same, and the brief answer is a part
 * of the whole one. Over the golden cases, the examples and random configs.
 */
#include "analyzers/acl_index.h"
#include "analyzers/trace.h"
#include "analyzers/trace_memo.h"
#include "emitters/trace.h"
#include "parser/config_reader.h"
#include "tests/property/random_config.h"

#include "cli/input.h"

#include <glob.h>
#include <stdio.h>

enum { PACKETS = 200, RANDOM_CONFIGS = 100 };

struct counts {
	unsigned configs, packets, failures, allowed;
};

static const struct config *read_part(struct arena *arena, const struct config_input *input,
                                      const struct config_part *part)
{
	struct str looks_like;
	const struct config *config = config_read(arena, input, 1, part);
	return config_recognised(config, &looks_like) ? config : NULL;
}

/* A tracer with every index, however little there is to find. */
static struct tracer indexed(struct arena *arena, struct config *config)
{
	struct tracer tracer = {.config = config,
	                        .nat = nat_table_of(arena, config),
	                        .routes = path_routes(arena, config, true),
	                        .memo = trace_memo_new(arena, config)};
	nat_table_index(arena, config, &tracer.nat);
	VEC_EACH(struct acl, acl, &config->acls)
		if (acl->kind == ACL_EXTENDED)
			acl->index = acl_index_of(arena, config, &(struct acl_part){.acl = acl}, 1);
	return tracer;
}

static struct packet some_packet(struct rng *rng, const struct points *points)
{
	static const uint8_t protocols[] = {PROTO_TCP, PROTO_TCP, PROTO_TCP, PROTO_UDP, PROTO_ICMP};
	bool v4 = rng_percent(rng, 90);
	struct packet packet = {0};
	packet.at[DIM_PROTO] = protocols[rng_below(rng, 5)];
	packet.at[DIM_SRC] = pick_address(rng, points, v4);
	packet.at[DIM_DST] = pick_address(rng, points, v4);
	if (packet.at[DIM_PROTO] == PROTO_ICMP) {
		packet.at[DIM_SPORT] = 8;
		return packet;
	}
	packet.at[DIM_SPORT] = pick_port(rng, points);
	packet.at[DIM_DPORT] = rng_percent(rng, 30) ? 25 : pick_port(rng, points);
	return packet;
}

static struct str answer(struct arena *arena, const struct tracer *tracer,
                         const struct interface *in, const struct packet *packet)
{
	struct trace trace;
	struct buf out = {.arena = arena};
	trace_packet(arena, tracer, in, packet, &trace);
	if (tracer->brief)
		emit_trace_brief(&trace, &out);
	else
		emit_trace_object(&trace, &tracer->config->sources, &out);
	return buf_str(&out);
}

/* What is between the braces of the brief answer stands in the whole one. */
static bool is_part(struct str brief, struct str whole)
{
	return brief.n > 2 && str_contains(whole, (struct str){brief.s + 1, brief.n - 2});
}

static void compare(struct arena *arena, const struct config_input *input,
                    const struct config *config, struct config *same, struct counts *counts)
{
	struct rng rng = {str_hash(input->path)};
	struct points points = points_of(arena, config);
	const struct tracer alone = tracer_of(arena, config);
	const struct tracer many = indexed(arena, same);
	struct tracer brief = many;
	brief.brief = true;
	struct arena *scratch = arena_new();
	for (int i = 0; i < PACKETS && config->interfaces.n; i++, arena_clear(scratch)) {
		uint32_t at = rng_below(&rng, config->interfaces.n);
		const struct packet packet = some_packet(&rng, &points);
		if (!config->interfaces.v[at].nameif)
			continue;
		struct str one = answer(scratch, &alone, &config->interfaces.v[at], &packet);
		struct str other = answer(scratch, &many, &same->interfaces.v[at], &packet);
		struct str less = answer(scratch, &brief, &same->interfaces.v[at], &packet);
		counts->packets++;
		counts->allowed += str_contains(one, S("\"result\":\"allow\",\"reason\""));
		if (str_eq(one, other) && is_part(less, one))
			continue;
		counts->failures++;
		printf("%.*s:\n  alone %.*s\n  many  %.*s\n  brief %.*s\n", STR(input->path),
		       STR(one), STR(other), STR(less));
	}
	arena_free(scratch);
}

static void check(struct arena *arena, const struct config_input *input, struct counts *counts)
{
	struct config_parts parts = config_split(arena, input->text);
	VEC_EACH(const struct config_part, part, &parts.list) {
		const struct config *config = read_part(arena, input, part);
		if (!config)
			continue;
		counts->configs++;
		compare(arena, input, config, config_read(arena, input, 1, part), counts);
	}
}

static void check_file(const char *path, struct counts *counts)
{
	struct arena *arena = arena_new();
	struct config_input input = {.path = str_of(path)};
	struct str error;
	if (input_read(arena, path, &input.text, &error))
		check(arena, &input, counts);
	arena_free(arena);
}

int main(int argc, char **argv)
{
	static const char *const patterns[] = {"tests/golden/*/*.cfg", "examples/*.cfg"};
	struct counts counts = {0};
	for (int i = 1; i < argc; i++)
		check_file(argv[i], &counts);
	for (size_t p = 0; p < 2 && argc == 1; p++) {
		glob_t found;
		if (glob(patterns[p], 0, NULL, &found) == 0)
			for (size_t i = 0; i < found.gl_pathc; i++)
				check_file(found.gl_pathv[i], &counts);
		globfree(&found);
	}
	for (uint64_t seed = 1; seed <= RANDOM_CONFIGS && argc == 1; seed++) {
		struct arena *arena = arena_new();
		const struct config_input input = {
		        str_printf(arena, "random %llu", (unsigned long long)seed),
		        random_config(arena, seed)};
		check(arena, &input, &counts);
		arena_free(arena);
	}
	printf("%u configs, %u packets (%u allowed), %u disagreements\n", counts.configs,
	       counts.packets, counts.allowed, counts.failures);
	return counts.failures || counts.packets == 0;
}
