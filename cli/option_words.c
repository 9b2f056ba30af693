/* SPDX-License-Identifier: ISC */
/*
 * The words that options and operands can have as values: for parsing, for
 * what an error lists, for --help and for completion, all from here.
 */
#include "cli/option_words.h"

#include "analyzers/rules.h"

#include <string.h>

struct str option_suggest(struct arena *arena, struct str word, const struct str *known, size_t n,
                          const char *before, const char *after)
{
	int nearest = str_nearest(word, known, n);

	if (nearest < 0)
		return S("");
	return str_printf(arena, "; did you mean %s%.*s%s?", before, STR(known[nearest]), after);
}

/* Of --color and --progress. */
static const char *const when_names[] = {"auto", "always", "never"};
_Static_assert(COLOR_AUTO == 0 && COLOR_ALWAYS == 1 && COLOR_NEVER == 2, "as in when_names");
_Static_assert(PROGRESS_AUTO == 0 && PROGRESS_ALWAYS == 1 && PROGRESS_NEVER == 2,
               "as in when_names");

static struct option_words words_of(struct arena *arena, const char *const *names, size_t n)
{
	struct option_words words = {0};

	for (size_t i = 0; i < n; i++)
		VEC_PUSH(arena, &words, str_of(names[i]));
	return words;
}

static struct option_words when_words(struct arena *arena)
{
	return words_of(arena, when_names, sizeof(when_names) / sizeof(when_names[0]));
}

/* From the highest down, and never. */
static struct option_words severity_words(struct arena *arena)
{
	struct option_words words = {0};

	for (int i = SEVERITY_COUNT - 1; i >= 0; i--)
		VEC_PUSH(arena, &words, str_of(severity_names[i]));
	VEC_PUSH(arena, &words, S("never"));
	return words;
}

static struct option_words form_words(struct arena *arena)
{
	return words_of(arena, fix_form_names + 1, FORM_COUNT - 1);
}

static struct option_words rule_words(struct arena *arena)
{
	struct option_words words = {0};

	for (size_t i = 0; i < n_rules; i++)
		VEC_PUSH(arena, &words, str_of(rules[i].id));
	return words;
}

/* What the name of an argument says of its values. NULL: formats, or no words. */
static const struct {
	const char *argument;
	enum value_kind kind;
	struct option_words (*words)(struct arena *arena);
} argument_kinds[] = {
        {"FILE", VALUE_FILE, NULL},         {"F[=FILE]", VALUE_FORMAT, NULL},
        {"WHEN", VALUE_ONE_OF, when_words}, {"SEVERITY", VALUE_ONE_OF, severity_words},
        {"FORM", VALUE_ONE_OF, form_words}, {"IDS", VALUE_LIST, rule_words},
        {"[ID]", VALUE_ONE_OF, rule_words}, {"ADDR[=MAPPED]", VALUE_FREE, NULL},
        {"DATE", VALUE_FREE, NULL},         {"GLOB", VALUE_FREE, NULL},
        {"ID", VALUE_FREE, NULL},           {"N", VALUE_FREE, NULL},
        {"NAME", VALUE_FREE, NULL},         {"PATH", VALUE_FREE, NULL},
        {"PREFIX", VALUE_FREE, NULL},       {"START/END", VALUE_FREE, NULL},
};

/* The index of its row, or -1. */
static int argument_row(const char *argument)
{
	for (size_t i = 0; i < sizeof(argument_kinds) / sizeof(argument_kinds[0]); i++) {
		if (strcmp(argument_kinds[i].argument, argument) == 0)
			return (int)i;
	}
	return -1;
}

bool option_argument_known(const char *argument)
{
	return argument_row(argument) >= 0;
}

static struct option_values values_of(struct arena *arena, enum command command,
                                      const char *argument)
{
	struct option_values values = {0};
	int row = argument_row(argument);

	if (row < 0)
		return values;
	values.kind = argument_kinds[row].kind;
	if (values.kind == VALUE_FORMAT)
		values.words = option_formats(arena, command);
	if (argument_kinds[row].words)
		values.words = argument_kinds[row].words(arena);
	if (argument_kinds[row].words == rule_words) {
		for (size_t i = 0; i < n_rules; i++)
			VEC_PUSH(arena, &values.about, str_of(rules[i].name));
	}
	return values;
}

struct option_values option_values(struct arena *arena, enum command command,
                                   const struct option *option)
{
	return values_of(arena, command, option->argument);
}

int option_choose(struct parse *parse, const char *argument, const char *value)
{
	struct option_words known =
	        values_of(parse->arena, parse->options->command, argument).words;
	struct buf list = {.arena = parse->arena};
	struct str hint;

	for (uint32_t i = 0; i < known.n; i++) {
		if (str_eq(str_of(value), known.v[i]))
			return (int)i;
		buf_printf(&list, "%s%.*s",
		           i == 0            ? ""
		           : i + 1 < known.n ? ", "
		                             : " or ",
		           STR(known.v[i]));
	}
	hint = option_suggest(parse->arena, str_of(value), known.v, known.n, "\"", "\"");
	option_wrong(parse, "%s takes %.*s, not \"%s\"%.*s", parse->shown, STR(buf_str(&list)),
	             value, STR(hint));
	return -1;
}

struct option_values operand_values(struct arena *arena, enum command command)
{
	struct str operands = str_of(command_rows[command].operands), word;
	struct option_values values = {.kind = VALUE_FILE};

	if (option_argument_known(operands.s))
		return values_of(arena, command, operands.s);
	if (!str_contains(operands, S("|")))
		return values;
	values.kind = VALUE_ONE_OF;
	for (bool more = true; more;) {
		more = str_cut(operands, '|', &word, &operands);
		VEC_PUSH(arena, &values.words, word);
	}
	return values;
}

const char *option_format(enum command command, size_t n, const struct emitter **emitter)
{
	static const char *const own[] = {"text", "json"};

	*emitter = NULL;
	if (!command_rows[command].emit)
		return n < sizeof(own) / sizeof(own[0]) ? own[n] : NULL;
	*emitter = emitter_nth((enum emit_command)command_rows[command].emit, n);
	return *emitter ? (*emitter)->name : NULL;
}

struct option_words option_formats(struct arena *arena, enum command command)
{
	struct option_words names = {0};
	const struct emitter *emitter;
	const char *name;

	for (size_t i = 0; (name = option_format(command, i, &emitter)); i++)
		VEC_PUSH(arena, &names, str_of(name));
	return names;
}
