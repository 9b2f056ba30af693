/* SPDX-License-Identifier: ISC */
/* asamend discover: a policy file to start from, with what speaks for each entry. */
#include "analyzers/discover.h"
#include "cli/analyze.h"
#include "cli/cmd.h"

#include <stdio.h>
#include <string.h>

/* A run: what outlives each config is in options->arena. */
struct run {
	const struct options *options;
	struct applied applied;
	struct survey survey;
	struct discovery discovery;
};

static int complain(struct str path, struct str problem)
{
	fprintf(stderr, "asamend discover: %.*s: %.*s\n", STR(path), STR(problem));
	return STATUS_USAGE;
}

/* An AsyncOS export, or any other XML, by its first byte that is no blank. */
static bool is_xml(struct str text)
{
	struct str begin = str_trim(text);

	if (str_starts(begin, S("\xef\xbb\xbf")))
		begin = (struct str){begin.s + 3, begin.n - 3};
	return str_starts(begin, S("<?xml")) || str_starts(begin, S("<!DOCTYPE"));
}

static void add_config(struct run *run, struct str path, const struct config *config)
{
	struct arena *arena = run->options->arena;
	struct discovered_config seen = {
	        .path = str_copy(arena, path),
	        .hostname = str_copy(arena, config->hostname),
	        .context = str_copy(arena, config->context),
	};

	survey_add(arena, &run->survey, config);
	VEC_PUSH(arena, &run->discovery.configs, seen);
}

/* The configs of one input; its text and model are given back at the end. */
static int read_input(struct run *run, struct arena *arena, const char *path)
{
	const struct options *options = run->options;
	struct capture_input input;
	struct str error, looks_like = {"", 0};
	uint32_t found = 0, wanted = 0;

	if (!capture_read(arena, options, path, &run->applied, &input, &error))
		return complain(input.path, error);
	if (is_xml(input.text))
		return complain(input.path, S("this is XML; AsyncOS exports cannot be read yet, "
		                              "only the configs of firewalls"));
	for (uint32_t part = 0; part < input.parts.list.n; part++) {
		const struct config *config = capture_config(arena, &input, part, S(""));

		if (!config_recognised(config, &looks_like))
			continue;
		found++;
		if (!context_wanted(options, config))
			continue;
		wanted++;
		add_config(run, input.path, config);
	}
	if (found == 0)
		return complain(input.path,
		                str_printf(arena,
		                           "this is %.*s; expected the running-config of an ASA, "
		                           "PIX, FWSM or FTD",
		                           STR(looks_like)));
	if (wanted == 0)
		return complain(input.path, S("no context of that name in it"));
	return STATUS_CLEAN;
}

/* ---- what a `firewalls:` entry calls a config ---- */

static struct str own_name(struct arena *arena, const struct discovered_config *config)
{
	if (!config->hostname.n || !config->context.n)
		return config->hostname;
	return str_printf(arena, "%.*s/%.*s", STR(config->hostname), STR(config->context));
}

/* A name as a glob of that name alone; a byte that is no plain text is any byte. */
static struct str as_glob(struct arena *arena, struct str name)
{
	struct buf glob = {.arena = arena};

	for (size_t i = 0; i < name.n; i++) {
		char c = name.s[i];

		if (c < ' ' || c > '~')
			buf_char(&glob, '?');
		else if (strchr("*?[", c))
			buf_printf(&glob, "[%c]", c);
		else
			buf_char(&glob, c);
	}
	return buf_str(&glob);
}

static void count(struct arena *arena, struct keys *counts, struct str name)
{
	if (!keys_put(arena, counts, str_hash(name), 1))
		++*keys_find(counts, str_hash(name));
}

/* By hostname, or hostname/context, where no other config has that; else by path. */
static void set_matches(struct arena *arena, struct discovery *discovery)
{
	struct keys names = {0}, paths = {0};

	VEC_EACH(const struct discovered_config, config, &discovery->configs) {
		count(arena, &names, config->hostname);
		if (config->context.n)
			count(arena, &names, own_name(arena, config));
		count(arena, &paths, config->path);
	}
	VEC_EACH(struct discovered_config, config, &discovery->configs) {
		struct str name = own_name(arena, config);
		bool alone = name.n && *keys_find(&names, str_hash(name)) == 1;

		config->match = as_glob(arena, alone ? name : config->path);
		config->ambiguous = !alone && *keys_find(&paths, str_hash(config->path)) > 1;
	}
}

static void say_what_came_out(const struct discovery *discovery)
{
	uint32_t taken = 0, doubtful = 0;

	VEC_EACH(const struct guess, guess, &discovery->guesses.list) {
		taken += guess->doubt.n == 0;
		doubtful += guess->doubt.n > 0;
	}
	if (taken || !discovery->configs.n)
		return;
	fprintf(stderr, "asamend discover: no appliance was found");
	if (doubtful)
		fprintf(stderr, " for sure; %u host%s not taken could be one", doubtful,
		        doubtful == 1 ? "" : "s");
	fprintf(stderr, "; name yours in the file, or with --esa and --sma\n");
}

int cmd_discover(struct options *options)
{
	struct run run = {.options = options};
	struct report report = new_report();
	int status = STATUS_CLEAN, written;
	struct str error;

	if (!applied_read(options->arena, options, &run.applied, &error)) {
		fprintf(stderr, "asamend discover: %.*s\n", STR(error));
		return STATUS_USAGE;
	}
	VEC_EACH(const struct str, path, &options->operands) {
		struct arena *arena = arena_new();
		int one = read_input(&run, arena, path->s);

		status = one > status ? one : status;
		arena_free(arena);
	}
	if (!run.discovery.configs.n)
		return status;
	set_matches(options->arena, &run.discovery);
	run.discovery.guesses = survey_guesses(options->arena, &run.survey);
	run.discovery.too_many = run.survey.suspects.too_many;
	report.discovery = &run.discovery;
	say_what_came_out(&run.discovery);
	written = emit_all(options, &report);
	return written > status ? written : status;
}
