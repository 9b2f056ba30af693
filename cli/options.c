/* SPDX-License-Identifier: ISC */
/*
 * Words are read as getopt_long(3) does: --name=value, --name value, -xVALUE,
 * -x VALUE, -xy for switches, options also after operands, -- ends options, -
 * is an operand. Names are not abbreviated.
 */
#include "cli/options.h"

#include "cli/option_words.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- parsing ---- */

static const struct option *find_letter(enum command command, char letter)
{
	for (size_t i = 0; i < n_options; i++) {
		if (option_taken(command, &option_table[i]) && option_table[i].letter == letter)
			return &option_table[i];
	}
	return NULL;
}

/* The option of that name: the command's own, else one of another command. */
static const struct option *find_name(enum command command, struct str name)
{
	const struct option *found = NULL;

	for (size_t i = 0; i < n_options; i++) {
		if (str_eq(name, str_of(option_table[i].name)) &&
		    (!found || option_taken(command, &option_table[i])))
			found = &option_table[i];
	}
	return found;
}

/* An option of no command, or of another command than this. */
static bool unknown_option(struct parse *parse, struct str name, const struct option *elsewhere)
{
	enum command command = parse->options->command;
	struct str *known = NEW_ARRAY(parse->arena, struct str, n_options), hint;
	size_t n = 0;

	for (int i = 0; elsewhere && i < COMMAND_COUNT; i++) {
		if (option_taken((enum command)i, elsewhere))
			return option_wrong(parse, "--%s is an option of %s, not of %s",
			                    elsewhere->name, command_rows[i].name,
			                    command_rows[command].name);
	}
	for (size_t i = 0; i < n_options; i++) {
		if (option_taken(command, &option_table[i]))
			known[n++] = str_of(option_table[i].name);
	}
	hint = option_suggest(parse->arena, name, known, n, "--", "");
	return option_wrong(parse, "unknown option --%.*s%.*s", STR(name), STR(hint));
}

/* The word "--name" or "--name=value" at argv[*i]; *i moves over a value that follows. */
static bool parse_long(struct parse *parse, int argc, char *const argv[], int *i)
{
	const char *word = argv[*i] + 2, *equals = strchr(word, '=');
	struct str name = {word, equals ? (size_t)(equals - word) : strlen(word)};
	const struct option *option = find_name(parse->options->command, name);
	const char *value = equals ? equals + 1 : NULL;

	if (!option || !option_taken(parse->options->command, option))
		return unknown_option(parse, name, option);
	parse->shown = str_cstr(parse->arena, str_printf(parse->arena, "--%s", option->name));
	if (!option->argument && value)
		return option_wrong(parse, "%s takes no value", parse->shown);
	if (option->argument && !value) {
		if (*i + 1 >= argc)
			return option_wrong(parse, "%s needs a value: %s", parse->shown,
			                    option->argument);
		value = argv[++*i];
	}
	return option_set(parse, option, value);
}

/* The word "-xyz" at argv[*i]: switches, the last of which may be an option with a value. */
static bool parse_short(struct parse *parse, int argc, char *const argv[], int *i)
{
	for (const char *c = argv[*i] + 1; *c; c++) {
		const struct option *option = find_letter(parse->options->command, *c);

		if (!option)
			return option_wrong(parse, "unknown option -%c", *c);
		parse->shown = str_cstr(parse->arena, str_printf(parse->arena, "-%c", *c));
		if (!option->argument) {
			if (!option_set(parse, option, NULL))
				return false;
			continue;
		}
		if (c[1])
			return option_set(parse, option, c + 1);
		if (*i + 1 >= argc)
			return option_wrong(parse, "%s needs a value: %s", parse->shown,
			                    option->argument);
		return option_set(parse, option, argv[++*i]);
	}
	return true;
}

/* ---- what holds for the whole line ---- */

static bool check_operands(struct parse *parse)
{
	const struct options *options = parse->options;
	uint32_t n = options->operands.n, from_stdin = 0;
	const char *operands = command_rows[options->command].operands;
	uint32_t most = command_rows[options->command].most;

	if (n < command_rows[options->command].least && !options->files_from)
		return option_wrong(parse, "an operand is missing: %s%s", operands,
		                    operand_values(parse->arena, options->command).kind ==
		                                    VALUE_FILE
		                            ? " (- is standard input)"
		                            : "");
	if (n > most)
		return option_wrong(parse, "one operand is enough (%s); \"%s\" is one too many",
		                    operands, options->operands.v[most].s);
	VEC_EACH(struct str, operand, &options->operands)
		from_stdin += str_eq(*operand, S("-"));
	VEC_EACH(struct str, apply, &options->apply)
		from_stdin += str_eq(*apply, S("-"));
	from_stdin += options->files_from && strcmp(options->files_from, "-") == 0;
	from_stdin += options->packets && strcmp(options->packets, "-") == 0;
	if (from_stdin > 1)
		return option_wrong(parse, "standard input (-) can be read once only");
	return true;
}

/* At least one format; at most one to standard output, which -o sends to a file; no file twice. */
static bool check_formats(struct parse *parse)
{
	struct options *options = parse->options;
	struct wanted_format *on_stdout = NULL;

	if (!options->formats.n) {
		struct wanted_format wanted = {0};

		wanted.name = option_format(options->command, 0, &wanted.emitter);
		if (options->command == CMD_SCAN && (parse->output || !isatty(STDOUT_FILENO))) {
			wanted.emitter = emitter_find(EMIT_AUDIT, S("ndjson"));
			wanted.name = wanted.emitter->name;
		}
		VEC_PUSH(parse->arena, &options->formats, wanted);
	}
	VEC_EACH(struct wanted_format, wanted, &options->formats) {
		if (wanted->path)
			continue;
		if (on_stdout)
			return option_wrong(
			        parse,
			        "only one format can go to standard output; give the others a "
			        "file: -f %s=FILE",
			        wanted->name);
		on_stdout = wanted;
	}
	if (parse->output && !on_stdout)
		return option_wrong(parse,
		                    "-o has nothing to write: every -f has a file of its own");
	if (parse->output && strcmp(parse->output, "-") != 0)
		on_stdout->path = parse->output;
	for (uint32_t i = 0; i < options->formats.n; i++) {
		const char *path = options->formats.v[i].path;

		for (uint32_t j = 0; path && j < i; j++) {
			const char *other = options->formats.v[j].path;

			if (other && strcmp(path, other) == 0)
				return option_wrong(
				        parse, "two formats cannot go to the same file, %s", path);
		}
	}
	return true;
}

static bool is_same_file(const char *path, const struct stat *other)
{
	struct stat file;

	return stat(path, &file) == 0 && S_ISREG(file.st_mode) && file.st_dev == other->st_dev &&
	       file.st_ino == other->st_ino;
}

/* Does one of these words name the file? */
static bool is_among(struct arena *arena, const struct option_words *words, const struct stat *file)
{
	VEC_EACH(const struct str, word, words)
		if (is_same_file(str_cstr(arena, *word), file))
			return true;
	return false;
}

/* What is read is never written, by whatever name it goes. */
static bool check_inputs(struct parse *parse)
{
	const struct options *options = parse->options;

	VEC_EACH(const struct wanted_format, wanted, &options->formats) {
		struct stat file;

		if (!wanted->path || stat(wanted->path, &file) != 0)
			continue;
		if (is_among(parse->arena, &options->operands, &file) ||
		    is_among(parse->arena, &options->apply, &file) ||
		    (options->policy && is_same_file(options->policy, &file)))
			return option_wrong(parse, "%s is an input; it will not be written",
			                    wanted->path);
	}
	return true;
}

static struct str this_day(struct arena *arena)
{
	time_t now = time(NULL);
	struct tm day;

	if (!gmtime_r(&now, &day))
		return S("1970-01-01");
	return str_printf(arena, "%04d-%02d-%02d", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

enum options_result options_parse(struct options *options, struct arena *arena,
                                  enum command command, int argc, char *const argv[],
                                  struct str *error)
{
	struct parse parse = {.options = options, .arena = arena, .error = error};
	bool only_operands = false;

	*options = (struct options){
	        .arena = arena,
	        .command = command,
	        .stdin_name = "-",
	        .fail_on = SEVERITY_WARNING,
	};
	*error = S("");
	VEC_PUSH(arena, &options->argv, str_of(command_rows[command].name));
	for (int i = 0; i < argc; i++)
		VEC_PUSH(arena, &options->argv, str_of(argv[i]));
	for (int i = 0; i < argc; i++) {
		const char *word = argv[i];

		if (only_operands || word[0] != '-' || !word[1])
			VEC_PUSH(arena, &options->operands, str_of(word));
		else if (strcmp(word, "--") == 0)
			only_operands = true;
		else if (word[1] == '-')
			parse_long(&parse, argc, argv, &i);
		else
			parse_short(&parse, argc, argv, &i);
		if (parse.result != OPTIONS_RUN)
			return parse.result;
	}
	if (options->policy && options->no_policy)
		option_wrong(&parse, "--policy and --no-policy contradict each other");
	else if (check_operands(&parse) && check_formats(&parse))
		check_inputs(&parse);
	if (!options->today.n)
		options->today = this_day(arena);
	return parse.result;
}

/* ---- rule ids ---- */

static bool begins_an_id(struct str word, const struct str *ids, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_starts(ids[i], word))
			return true;
	}
	return false;
}

static bool check_words(struct arena *arena, const char *shown, const struct str *words,
                        uint32_t n_words, const struct str *ids, size_t n, struct str *error)
{
	for (uint32_t i = 0; i < n_words; i++) {
		struct str hint;

		if (begins_an_id(words[i], ids, n))
			continue;
		hint = option_suggest(arena, words[i], ids, n, "", "");
		if (!hint.n)
			hint = S("; asamend rules lists them");
		*error = str_printf(arena, "%s: there is no rule %.*s%.*s", shown, STR(words[i]),
		                    STR(hint));
		return false;
	}
	return true;
}

bool options_check_rules(const struct options *options, const struct str *ids, size_t n,
                         struct str *error)
{
	return check_words(options->arena, "--select", options->select.v, options->select.n, ids, n,
	                   error) &&
	       check_words(options->arena, "--ignore", options->ignore.v, options->ignore.n, ids, n,
	                   error);
}

/* The length of the longest word that the id begins with, or -1. */
static int64_t longest_match(const struct str *words, uint32_t n, struct str id)
{
	int64_t longest = -1;

	for (uint32_t i = 0; i < n; i++) {
		if (str_starts(id, words[i]) && (int64_t)words[i].n > longest)
			longest = (int64_t)words[i].n;
	}
	return longest;
}

bool options_rule_selected(const struct options *options, struct str id)
{
	int64_t select = longest_match(options->select.v, options->select.n, id);
	int64_t ignore = longest_match(options->ignore.v, options->ignore.n, id);

	if (options->select.n && select < 0)
		return false;
	return ignore < 0 || ignore < select;
}

/* ---- color ---- */

bool options_color(const struct options *options, const char *path)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	switch (options->color) {
	case COLOR_ALWAYS:
		return true;
	case COLOR_NEVER:
		return false;
	case COLOR_AUTO:
		break;
	}
	return !path && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0) &&
	       isatty(STDOUT_FILENO);
}
