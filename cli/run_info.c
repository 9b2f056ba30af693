/* SPDX-License-Identifier: ISC */
#include "cli/run_info.h"

#include <stdlib.h>
#include <time.h>

static struct str this_moment(struct arena *arena)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	uint64_t seconds;
	time_t now = time(NULL);
	struct tm at;
	if (epoch && str_number(str_of(epoch), INT32_MAX, &seconds))
		now = (time_t)seconds;
	if (!gmtime_r(&now, &at))
		return S("1970-01-01T00:00:00Z");
	return str_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", at.tm_year + 1900, at.tm_mon + 1,
	                  at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec);
}

static void add_words(struct buf *text, const char *what, const struct str *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		buf_printf(text, "%s %zu %.*s\n", what, words[i].n, STR(words[i]));
}

static void add_appliance(struct buf *text, const struct appliance *appliance)
{
	VEC_EACH(const struct host, host, &appliance->addresses.list) {
		struct str real = addr_text(text->arena, host->real);
		struct str mapped = host->has_mapped ? addr_text(text->arena, host->mapped) : S("");
		buf_printf(text, "appliance %s %.*s %.*s\n", role_names[appliance->role], STR(real),
		           STR(mapped));
	}
}

static struct str settings(const struct options *options, const struct applied *applied)
{
	struct buf text = {.arena = options->arena};
	VEC_EACH(const struct appliance, appliance, &options->appliances.list)
		add_appliance(&text, appliance);
	buf_printf(&text, "cpq-port %u\nfiles-from %s\nbaseline %s\nsuppressions %d\n",
	           options->cpq_port, options->files_from ? options->files_from : "",
	           options->baseline ? options->baseline : "", options->ignore_suppressions);
	add_words(&text, "operand", options->operands.v, options->operands.n);
	add_words(&text, "include", options->include.v, options->include.n);
	add_words(&text, "exclude", options->exclude.v, options->exclude.n);
	add_words(&text, "context", options->contexts.v, options->contexts.n);
	add_words(&text, "select", options->select.v, options->select.n);
	add_words(&text, "ignore", options->ignore.v, options->ignore.n);
	if (options->today_given)
		add_words(&text, "today", &options->today, 1);
	VEC_EACH(const struct config_input, input, &applied->list)
		add_words(&text, "apply", &input->text, 1);
	return sha256_hex(options->arena, buf_str(&text));
}

struct run_info run_info(const struct options *options, const struct policy *policy,
                         const struct applied *applied)
{
	struct run_info run = {
	        .settings = settings(options, applied),
	        .started = this_moment(options->arena),
	        .today = options->today,
	};
	if (policy->sources.list.n)
		run.policy_sha256 = sha256_hex(options->arena, policy->sources.list.v[0].text);
	VEC_EACH(const struct str, word, &options->argv)
		VEC_PUSH(options->arena, &run.argv, *word);
	return run;
}
