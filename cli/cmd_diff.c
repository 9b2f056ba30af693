/* SPDX-License-Identifier: ISC */
/*
 * asamend diff: what changes for mail, and for the rest, between two configs or by commands that
 * --apply replays on one. Contexts are compared by their names.
 */
#include "analyzers/diff.h"
#include "cli/analyze.h"
#include "cli/cmd.h"
#include "cli/site_policy.h"

#include <stdio.h>

static int complain(struct str error)
{
	fprintf(stderr, "asamend: %.*s\n", STR(error));
	return STATUS_USAGE;
}

/* The configs of one capture: of each context one. */
struct capture_configs {
	struct capture_input input;
	VEC(const struct config *) list;
};

/* The configs of a capture that has been read; false with a message when there are none. */
static bool split_side(const struct options *options, struct capture_configs *side)
{
	struct str looks_like = {"", 0};
	uint32_t found = 0;
	for (uint32_t part = 0; part < side->input.parts.list.n; part++) {
		const struct config *config =
		        capture_config(options->arena, &side->input, part, S(""));
		if (!config_recognised(config, &looks_like))
			continue;
		found++;
		if (context_wanted(options, config))
			VEC_PUSH(options->arena, &side->list, config);
	}
	if (found == 0)
		complain(str_printf(options->arena,
		                    "%.*s: this is %.*s; expected the running-config of an ASA, "
		                    "PIX, FWSM or FTD",
		                    STR(side->input.path), STR(looks_like)));
	return found > 0;
}

/* Both sides: two files, or one with and without what is applied to it (read once). */
static bool read_sides(const struct options *options, struct capture_configs *sides)
{
	bool two = options->operands.n == 2;
	struct applied applied[DIFF_SIDE_COUNT] = {0};
	struct str error;
	if (!applied_read(options->arena, options, &applied[DIFF_NEW], &error)) {
		complain(error);
		return false;
	}
	for (uint32_t side = 0; side < (two ? 2u : 1u); side++)
		if (!capture_read(options->arena, options, options->operands.v[side].s,
		                  &applied[side], &sides[side].input, &error)) {
			complain(str_printf(options->arena, "%.*s: %.*s",
			                    STR(sides[side].input.path), STR(error)));
			return false;
		}
	if (!two) {
		sides[DIFF_NEW].input = sides[DIFF_OLD].input;
		sides[DIFF_NEW].input.applied = applied[DIFF_NEW];
	}
	return split_side(options, &sides[DIFF_OLD]) && split_side(options, &sides[DIFF_NEW]);
}

/* The config of the same context on the other side; single mode matches single mode. */
static const struct config *partner(const struct config *config,
                                    const struct capture_configs *other, bool alone)
{
	for (uint32_t i = 0; i < other->list.n; i++)
		if (str_eq(other->list.v[i]->context, config->context))
			return other->list.v[i];
	/* One config on each side: they are meant, whatever they call themselves. */
	return alone && other->list.n == 1 ? other->list.v[0] : NULL;
}

static void describe(struct arena *arena, struct diff_config *out, enum diff_side side,
                     const struct config *config, const struct capture_input *input)
{
	out->there[side] = true;
	out->path[side] = input->path;
	out->sha256[side] = input->sha256;
	out->hostname[side] = config->hostname;
	out->version[side] = config->version_text;
	out->sources[side] = config->sources;
	if (!out->context.n)
		out->context = config->context;
	VEC_EACH(const struct config_input, applied, &input->applied.list)
		VEC_PUSH(arena, &out->applied, applied->path);
}

/* Guesses are made from the old config; where it has none, from the new one. */
static const struct policy *policy_of(const struct options *options, const struct policy *policy,
                                      const struct capture_configs *sides, const struct config *old,
                                      const struct config *new, struct notes *notes)
{
	const struct policy *here =
	        effective_policy(options->arena, policy, sides[DIFF_OLD].input.path, old, notes);
	if (here->appliances.list.n)
		return here;
	notes->list.n = 0;
	return effective_policy(options->arena, policy, sides[DIFF_NEW].input.path, new, notes);
}

static const struct audit *classify(const struct options *options, const struct policy *policy,
                                    const struct capture_configs *side, const struct config *config)
{
	struct config_report *report = NEW(options->arena, struct config_report);
	return audit_classify(options->arena, config, policy, side->input.path, report);
}

static void diff_pair(const struct options *options, const struct policy *policy,
                      const struct capture_configs *sides, const struct config *old,
                      const struct config *new, struct diff *diff)
{
	struct diff_config out = {0};
	struct notes notes = {0};
	const struct policy *here = policy_of(options, policy, sides, old, new, &notes);
	const struct audit *before = classify(options, here, &sides[DIFF_OLD], old);
	const struct audit *after = classify(options, here, &sides[DIFF_NEW], new);
	describe(options->arena, &out, DIFF_OLD, old, &sides[DIFF_OLD].input);
	describe(options->arena, &out, DIFF_NEW, new, &sides[DIFF_NEW].input);
	VEC_EACH(const struct str, note, &notes.list)
		VEC_PUSH(options->arena, &out.notes, *note);
	diff_audits(options->arena, before, after, &out);
	VEC_PUSH(options->arena, &diff->configs, out);
}

static void one_side_only(const struct options *options, enum diff_side side,
                          const struct config *config, const struct capture_input *input,
                          struct diff *diff)
{
	struct diff_config out = {0};
	describe(options->arena, &out, side, config, input);
	VEC_PUSH(options->arena, &diff->configs, out);
}

static void diff_captures(const struct options *options, const struct policy *policy,
                          const struct capture_configs *sides, struct diff *diff)
{
	const struct capture_configs *a = &sides[DIFF_OLD], *b = &sides[DIFF_NEW];
	bool alone = a->list.n == 1 && b->list.n == 1;
	for (uint32_t i = 0; i < a->list.n; i++) {
		const struct config *other = partner(a->list.v[i], b, alone);
		if (other)
			diff_pair(options, policy, sides, a->list.v[i], other, diff);
		else
			one_side_only(options, DIFF_OLD, a->list.v[i], &a->input, diff);
	}
	for (uint32_t i = 0; i < b->list.n; i++)
		if (!partner(b->list.v[i], a, alone))
			one_side_only(options, DIFF_NEW, b->list.v[i], &b->input, diff);
	diff->equal = true;
	VEC_EACH(const struct diff_config, config, &diff->configs)
		diff->equal &= config->changes.n == 0 && config->there[DIFF_OLD] &&
		               config->there[DIFF_NEW];
}

/* OLD NEW, or CONFIG with --apply; nothing else. */
static bool operands_fit(const struct options *options)
{
	bool two = options->operands.n == 2;
	bool same = two && str_eq(options->operands.v[0], S("-")) &&
	            str_eq(options->operands.v[1], S("-"));
	if (two == (options->apply.n == 0) && !same)
		return true;
	complain(same  ? S("standard input can be OLD or NEW, not both")
	         : two ? S("--apply is for one config: asamend diff CONFIG --apply FILE")
	               : S("diff takes OLD and NEW, or CONFIG and --apply FILE"));
	return false;
}

int cmd_diff(struct options *options)
{
	struct report report = new_report();
	struct capture_configs sides[DIFF_SIDE_COUNT] = {0};
	struct policy policy;
	struct diff diff = {0};
	enum severity severity;
	if (!operands_fit(options) ||
	    !site_policy_load(options, rules_ids(options->arena), n_rules, &policy) ||
	    !read_sides(options, sides))
		return STATUS_USAGE;
	diff_captures(options, &policy, sides, &diff);
	if (diff.configs.n == 0)
		return complain(S("no context of that name on either side"));
	report.diff = &diff;
	int written = emit_all(options, &report);
	if (written != STATUS_CLEAN)
		return written;
	return diff_severity(&diff, &severity) && severity >= options->fail_on ? STATUS_FINDINGS
	                                                                       : STATUS_CLEAN;
}
