/* SPDX-License-Identifier: ISC */
/* asamend rules: what can be found, and what each finding means. */
#include "cli/cmd.h"

#include "analyzers/rules.h"
#include "cli/options.h"
#include "cli/output.h"
#include "emitters/console.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const enum style severity_styles[SEVERITY_COUNT] = {
        [SEVERITY_NOTE] = STYLE_NOTE,
        [SEVERITY_WARNING] = STYLE_WARNING,
        [SEVERITY_ERROR] = STYLE_BAD,
};

/* Id, severity and name in columns. */
static void print_head(struct console *console, const struct rule *rule)
{
	console_put(console, STYLE_BOLD, str_of(rule->id));
	console_column(console, 7);
	console_put(console, severity_styles[rule->severity],
	            str_of(severity_names[rule->severity]));
	console_column(console, 16);
	console_put(console, STYLE_PLAIN, str_of(rule->name));
}

static void print_list(struct console *console)
{
	for (size_t i = 0; i < n_rules; i++) {
		print_head(console, &rules[i]);
		console_column(console, 41);
		console_put(console, STYLE_PLAIN, str_of(rules[i].title));
		console_end(console);
	}
}

static void print_rule(struct console *console, const struct rule *rule)
{
	const char *paragraph = rule->help;

	print_head(console, rule);
	console_end(console);
	console_wrap(console, STYLE_BOLD, str_of(rule->title));
	while (paragraph) {
		const char *end = strstr(paragraph, "\n\n");
		size_t n = end ? (size_t)(end - paragraph) : strlen(paragraph);

		console_gap(console);
		console_wrap(console, STYLE_PLAIN, (struct str){paragraph, n});
		paragraph = end ? end + 2 : NULL;
	}
	console_end(console);
}

static json_t *rule_json(const struct rule *rule)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", rule->id, "name", rule->name,
	                 "severity", severity_names[rule->severity], "title", rule->title, "help",
	                 rule->help);
}

static bool print_json(struct buf *out, const struct rule *only)
{
	json_t *list = json_array(), *document;
	char *text;

	for (size_t i = 0; i < n_rules; i++) {
		if (!only || only == &rules[i])
			json_array_append_new(list, rule_json(&rules[i]));
	}
	document = json_pack("{s:i, s:o}", "schema_version", 1, "rules", list);
	text = document ? json_dumps(document, JSON_INDENT(2)) : NULL;
	json_decref(document);
	if (!text)
		return false;
	buf_printf(out, "%s\n", text);
	free(text);
	return true;
}

/* The rule of an id or name; without one a message that has the nearest id. */
static const struct rule *find_rule(struct arena *arena, const char *word)
{
	struct str *known = NEW_ARRAY(arena, struct str, 2 * n_rules);
	int nearest;

	for (size_t i = 0; i < n_rules; i++) {
		known[2 * i] = str_of(rules[i].id);
		known[2 * i + 1] = str_of(rules[i].name);
		if (str_eq_nocase(str_of(word), known[2 * i]) ||
		    str_eq(str_of(word), known[2 * i + 1]))
			return &rules[i];
	}
	nearest = str_nearest(str_of(word), known, 2 * n_rules);
	if (nearest < 0)
		fprintf(stderr, "asamend rules: there is no rule %s; asamend rules lists them\n",
		        word);
	else
		fprintf(stderr, "asamend rules: there is no rule %s; did you mean %.*s?\n", word,
		        STR(known[nearest]));
	return NULL;
}

int cmd_rules(struct options *options)
{
	const struct rule *only = NULL;
	struct str error;

	if (options->operands.n) {
		only = find_rule(options->arena, options->operands.v[0].s);
		if (!only)
			return STATUS_USAGE;
	}
	VEC_EACH(struct wanted_format, wanted, &options->formats) {
		struct buf out = {.arena = options->arena};
		struct console console = {
		        .out = &out,
		        .color = options_color(options, wanted->path),
		};

		if (strcmp(wanted->name, "json") == 0) {
			if (!print_json(&out, only))
				return STATUS_INTERNAL;
		} else if (only) {
			print_rule(&console, only);
		} else {
			print_list(&console);
		}
		if (!output_write(options->arena, wanted->path, buf_str(&out), &error)) {
			fprintf(stderr, "asamend rules: %.*s\n", STR(error));
			return STATUS_USAGE;
		}
	}
	return STATUS_CLEAN;
}
