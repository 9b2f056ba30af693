/* SPDX-License-Identifier: ISC */
/*
 * Everything about an option is its row of option_table: parsing, help and
 * suggestions all read that. The functions of the rows come first; the last
 * value counts of an option given twice, unless it is said to be repeatable.
 */
#include "cli/option_table.h"

#include "analyzers/rules.h"
#include "model/date.h"
#include "parser/policy_yaml.h"

#include <string.h>

enum { JOBS_MAX = 1024 };

const char *const option_group_names[GROUP_COUNT] = {
        [GROUP_POLICY] = "Appliances and policy",
        [GROUP_INPUT] = "Input",
        [GROUP_OUTPUT] = "Output",
        [GROUP_JUDGE] = "Findings",
        [GROUP_CHANGE] = "The change",
        [GROUP_HELP] = "Help",
};

const struct command_row command_rows[COMMAND_COUNT] = {
#define X(id, name, operands, least, most, emit, summary)                                          \
	[CMD_##id] = {#name, operands, least, most, emit, summary},
        COMMANDS(X)
#undef X
};

/* Which commands take an option. */
enum {
	AUDIT = 1 << CMD_AUDIT,
	FIX = 1 << CMD_FIX,
	DIFF = 1 << CMD_DIFF,
	TRACE = 1 << CMD_TRACE,
	SCAN = 1 << CMD_SCAN,
	REPORT = 1 << CMD_REPORT,
	DISCOVER = 1 << CMD_DISCOVER,
	RULES = 1 << CMD_RULES,
	COMPLETION = 1 << CMD_COMPLETION,
	ALL = (1 << COMMAND_COUNT) - 1
};

bool option_taken(enum command command, const struct option *option)
{
	return option->commands & (1u << command);
}

/* ---- mistakes ---- */

bool option_wrong(struct parse *parse, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*parse->error = str_vprintf(parse->arena, format, args);
	va_end(args);
	parse->result = OPTIONS_WRONG;
	return false;
}

struct str option_suggest(struct arena *arena, struct str word, const struct str *known, size_t n,
                          const char *before, const char *after)
{
	int nearest = str_nearest(word, known, n);

	if (nearest < 0)
		return S("");
	return str_printf(arena, "; did you mean %s%.*s%s?", before, STR(known[nearest]), after);
}

/* The index of `value` among `known`, or -1 with an error that lists them. */
static int choose(struct parse *parse, const char *value, const struct str *known, size_t n)
{
	struct buf words = {.arena = parse->arena};
	struct str hint;

	for (size_t i = 0; i < n; i++) {
		if (str_eq(str_of(value), known[i]))
			return (int)i;
		buf_printf(&words, "%s%.*s",
		           i == 0      ? ""
		           : i + 1 < n ? ", "
		                       : " or ",
		           STR(known[i]));
	}
	hint = option_suggest(parse->arena, str_of(value), known, n, "\"", "\"");
	option_wrong(parse, "%s takes %.*s, not \"%s\"%.*s", parse->shown, STR(buf_str(&words)),
	             value, STR(hint));
	return -1;
}

/* ---- the values that are words ---- */

/* Of --color and --progress. */
static const char *const when_names[] = {"auto", "always", "never"};
_Static_assert(COLOR_AUTO == 0 && COLOR_ALWAYS == 1 && COLOR_NEVER == 2, "as in when_names");
_Static_assert(PROGRESS_AUTO == 0 && PROGRESS_ALWAYS == 1 && PROGRESS_NEVER == 2,
               "as in when_names");

static struct option_words words_of(struct arena *arena, const char *const *names, size_t n)
{
	struct option_words words = {0};

	for (size_t i = 0; i < n; i++)
		VEC_PUSH(arena, &words.list, str_of(names[i]));
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
		VEC_PUSH(arena, &words.list, str_of(severity_names[i]));
	VEC_PUSH(arena, &words.list, S("never"));
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
		VEC_PUSH(arena, &words.list, str_of(rules[i].id));
	return words;
}

/* The index of `value` among words, or -1 with an error that lists them. */
static int choose_word(struct parse *parse, const char *value, struct option_words words)
{
	return choose(parse, value, words.list.v, words.list.n);
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
			VEC_PUSH(arena, &values.about.list, str_of(rules[i].name));
	}
	return values;
}

struct option_values option_values(struct arena *arena, enum command command,
                                   const struct option *option)
{
	return values_of(arena, command, option->argument);
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
		VEC_PUSH(arena, &values.words.list, word);
	}
	return values;
}

/* ---- appliances and policy ---- */

static bool set_policy(struct parse *parse, const char *value)
{
	parse->options->policy = value;
	return true;
}

static bool set_no_policy(struct parse *parse, const char *value)
{
	(void)value;
	parse->options->no_policy = true;
	return true;
}

static bool given_already(const struct options *options, u128 address)
{
	VEC_EACH(struct appliance, appliance, &options->appliances.list) {
		VEC_EACH(struct host, host, &appliance->addresses.list) {
			if (host->real == address)
				return true;
		}
	}
	return false;
}

static bool read_address(struct parse *parse, struct str text, u128 *address)
{
	if (addr_parse(text, address))
		return true;
	return option_wrong(parse, "%s: \"%.*s\" is not an IPv4 or IPv6 address", parse->shown,
	                    STR(text));
}

/* ADDR or ADDR=MAPPED becomes an appliance called esa1, esa2, ... or sma1, sma2, ... */
static bool add_appliance(struct parse *parse, enum role role, const char *value)
{
	struct options *options = parse->options;
	struct appliance appliance = {.role = role, .named_here = true};
	struct host host = {0};
	struct str real, mapped;
	unsigned number = 1;

	host.has_mapped = str_cut(str_of(value), '=', &real, &mapped);
	if (!read_address(parse, real, &host.real))
		return false;
	if (host.has_mapped && !read_address(parse, mapped, &host.mapped))
		return false;
	if (given_already(options, host.real))
		return option_wrong(parse, "%s: %.*s is given twice", parse->shown, STR(real));
	VEC_EACH(struct appliance, other, &options->appliances.list)
		number += other->role == role;
	appliance.name = str_printf(parse->arena, "%s%u", role_names[role], number);
	VEC_PUSH(parse->arena, &appliance.addresses.list, host);
	VEC_PUSH(parse->arena, &options->appliances.list, appliance);
	return true;
}

static bool set_esa(struct parse *parse, const char *value)
{
	return add_appliance(parse, ROLE_ESA, value);
}

static bool set_sma(struct parse *parse, const char *value)
{
	return add_appliance(parse, ROLE_SMA, value);
}

static bool set_cpq_port(struct parse *parse, const char *value)
{
	uint64_t port;

	if (!str_number(str_of(value), UINT16_MAX, &port) || port == 0)
		return option_wrong(parse, "%s takes a port from 1 to 65535, not \"%s\"",
		                    parse->shown, value);
	parse->options->cpq_port = (uint16_t)port;
	return true;
}

static bool set_esa_xml(struct parse *parse, const char *value)
{
	VEC_PUSH(parse->arena, &parse->options->esa_xml, str_of(value));
	return true;
}

static bool set_sma_xml(struct parse *parse, const char *value)
{
	VEC_PUSH(parse->arena, &parse->options->sma_xml, str_of(value));
	return true;
}

/* ---- input ---- */

static bool set_apply(struct parse *parse, const char *value)
{
	VEC_PUSH(parse->arena, &parse->options->apply, str_of(value));
	return true;
}

static bool set_context(struct parse *parse, const char *value)
{
	VEC_PUSH(parse->arena, &parse->options->contexts, str_of(value));
	return true;
}

static bool set_packets(struct parse *parse, const char *value)
{
	parse->options->packets = value;
	return true;
}

static bool set_stdin_name(struct parse *parse, const char *value)
{
	parse->options->stdin_name = value;
	return true;
}

static bool set_files_from(struct parse *parse, const char *value)
{
	parse->options->files_from = value;
	return true;
}

static bool set_include(struct parse *parse, const char *value)
{
	VEC_PUSH(parse->arena, &parse->options->include, str_of(value));
	return true;
}

static bool set_exclude(struct parse *parse, const char *value)
{
	VEC_PUSH(parse->arena, &parse->options->exclude, str_of(value));
	return true;
}

static bool set_jobs(struct parse *parse, const char *value)
{
	uint64_t jobs;

	if (!str_number(str_of(value), JOBS_MAX, &jobs) || jobs == 0)
		return option_wrong(parse, "%s takes a number of threads from 1 to %d, not \"%s\"",
		                    parse->shown, JOBS_MAX, value);
	parse->options->jobs = (unsigned)jobs;
	return true;
}

static bool set_resume(struct parse *parse, const char *value)
{
	(void)value;
	parse->options->resume = true;
	return true;
}

/* ---- output ---- */

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
		VEC_PUSH(arena, &names.list, str_of(name));
	return names;
}

/* F or F=FILE. */
static bool set_format(struct parse *parse, const char *value)
{
	struct option_words names = option_formats(parse->arena, parse->options->command);
	struct wanted_format wanted = {0};
	const char *equals = strchr(value, '=');
	int chosen;

	if (equals) {
		value = str_cstr(parse->arena, (struct str){value, (size_t)(equals - value)});
		if (!equals[1])
			return option_wrong(parse, "%s %s= needs a FILE", parse->shown, value);
		wanted.path = strcmp(equals + 1, "-") != 0 ? equals + 1 : NULL;
	}
	chosen = choose_word(parse, value, names);
	if (chosen < 0)
		return false;
	wanted.name = option_format(parse->options->command, (size_t)chosen, &wanted.emitter);
	VEC_PUSH(parse->arena, &parse->options->formats, wanted);
	return true;
}

static bool set_output(struct parse *parse, const char *value)
{
	parse->output = value;
	return true;
}

static bool set_color(struct parse *parse, const char *value)
{
	int color = choose_word(parse, value, when_words(parse->arena));

	if (color < 0)
		return false;
	parse->options->color = (enum color_when)color;
	return true;
}

static bool set_progress(struct parse *parse, const char *value)
{
	int progress = choose_word(parse, value, when_words(parse->arena));

	if (progress < 0)
		return false;
	parse->options->progress = (enum progress_when)progress;
	return true;
}

static bool set_quiet(struct parse *parse, const char *value)
{
	(void)value;
	parse->options->quiet = true;
	return true;
}

static bool set_verbose(struct parse *parse, const char *value)
{
	(void)value;
	parse->options->verbose++;
	return true;
}

/* ---- findings ---- */

static bool set_fail_on(struct parse *parse, const char *value)
{
	int chosen = choose_word(parse, value, severity_words(parse->arena));

	if (chosen < 0)
		return false;
	parse->options->fail_on = chosen == SEVERITY_COUNT
	                                  ? SEVERITY_COUNT
	                                  : (enum severity)(SEVERITY_COUNT - 1 - chosen);
	return true;
}

/* The words of a comma list. */
static bool add_words(struct parse *parse, const char *value, struct option_words *words)
{
	struct str rest = str_of(value), word;
	bool more;

	do {
		more = str_cut(rest, ',', &word, &rest);
		word = str_trim(word);
		if (!word.n)
			return option_wrong(parse,
			                    "%s takes rule ids such as AM101,AM2, not \"%s\"",
			                    parse->shown, value);
		VEC_PUSH(parse->arena, &words->list, word);
	} while (more);
	return true;
}

static bool set_select(struct parse *parse, const char *value)
{
	struct option_words words = {0};

	if (!add_words(parse, value, &words))
		return false;
	VEC_EACH(struct str, word, &words.list)
		VEC_PUSH(parse->arena, &parse->options->select, *word);
	return true;
}

static bool set_ignore(struct parse *parse, const char *value)
{
	struct option_words words = {0};

	if (!add_words(parse, value, &words))
		return false;
	VEC_EACH(struct str, word, &words.list)
		VEC_PUSH(parse->arena, &parse->options->ignore, *word);
	return true;
}

static bool set_baseline(struct parse *parse, const char *value)
{
	parse->options->baseline = value;
	return true;
}

static bool set_show_suppressed(struct parse *parse, const char *value)
{
	(void)value;
	parse->options->show_suppressed = true;
	return true;
}

static bool set_ignore_suppressions(struct parse *parse, const char *value)
{
	(void)value;
	parse->options->ignore_suppressions = true;
	return true;
}

static bool set_today(struct parse *parse, const char *value)
{
	if (!date_is_valid(str_of(value)))
		return option_wrong(parse, "%s takes a date as YYYY-MM-DD, not \"%s\"",
		                    parse->shown, value);
	parse->options->today = str_of(value);
	parse->options->today_given = true;
	return true;
}

/* ---- the change ---- */

static bool set_rollback(struct parse *parse, const char *value)
{
	(void)value;
	parse->options->rollback = true;
	return true;
}

static bool set_form(struct parse *parse, const char *value)
{
	int form = choose_word(parse, value, form_words(parse->arena));

	if (form < 0)
		return false;
	parse->options->form = (enum fix_form)(form + 1);
	return true;
}

static bool set_unsafe(struct parse *parse, const char *value)
{
	(void)value;
	parse->options->unsafe = true;
	return true;
}

static bool set_explain(struct parse *parse, const char *value)
{
	(void)value;
	parse->options->explain = true;
	return true;
}

static bool set_change_id(struct parse *parse, const char *value)
{
	parse->options->change_id = str_of(value);
	return true;
}

static bool set_window(struct parse *parse, const char *value)
{
	struct options *options = parse->options;

	if (!str_cut(str_of(value), '/', &options->window_start, &options->window_end) ||
	    !date_time_is_valid(options->window_start) || !date_time_is_valid(options->window_end))
		return option_wrong(
		        parse,
		        "%s takes START/END such as 2027-03-01T22:00Z/2027-03-01T23:30Z, "
		        "not \"%s\"",
		        parse->shown, value);
	return true;
}

static bool set_name(struct parse *parse, const char *value)
{
	if (!policy_prefix_is_valid(str_of(value)))
		return option_wrong(parse, "%s takes " POLICY_PREFIX_FORM ", not \"%s\"",
		                    parse->shown, value);
	parse->options->name_prefix = str_of(value);
	return true;
}

/* ---- help ---- */

static bool set_help(struct parse *parse, const char *value)
{
	(void)value;
	parse->result = OPTIONS_HELP;
	return true;
}

static bool set_version(struct parse *parse, const char *value)
{
	(void)value;
	parse->result = OPTIONS_VERSION;
	return true;
}

/* ---- the table ---- */

/* A row of no command (0) is not on offer yet: to the user it does not exist. */
const struct option option_table[] = {
        {GROUP_POLICY, 'p', "policy", "FILE", AUDIT | FIX | DIFF | SCAN, set_policy,
         "the policy file; default: asamend.yaml in this folder or one above"},
        {GROUP_POLICY, 0, "no-policy", NULL, AUDIT | FIX | DIFF | SCAN, set_no_policy,
         "read no policy file"},
        {GROUP_POLICY, 0, "esa", "ADDR[=MAPPED]", AUDIT | FIX | DIFF | SCAN, set_esa,
         "an ESA by its real address and, behind NAT, the mapped one; repeatable"},
        {GROUP_POLICY, 0, "sma", "ADDR[=MAPPED]", AUDIT | FIX | DIFF | SCAN, set_sma,
         "an SMA likewise; these replace the appliances of the policy file"},
        {GROUP_POLICY, 0, "cpq-port", "N", AUDIT | FIX | DIFF | SCAN, set_cpq_port,
         "the port of centralized quarantines; default 7025"},
        {GROUP_POLICY, 0, "esa-xml", "FILE", 0, set_esa_xml,
         "an ESA and its ports from its AsyncOS export; repeatable"},
        {GROUP_POLICY, 0, "sma-xml", "FILE", 0, set_sma_xml,
         "an SMA and its ports from its AsyncOS export; repeatable"},

        {GROUP_INPUT, 0, "apply", "FILE", AUDIT | FIX | DIFF | TRACE | SCAN | DISCOVER, set_apply,
         "replay the commands of FILE (- is standard input) on the config first; repeatable"},
        {GROUP_INPUT, 0, "context", "NAME", AUDIT | FIX | DIFF | TRACE | SCAN | DISCOVER,
         set_context, "only this context; repeatable"},
        {GROUP_INPUT, 0, "stdin-name", "PATH",
         AUDIT | FIX | DIFF | TRACE | SCAN | DISCOVER | REPORT, set_stdin_name,
         "what - is called in results, the policy file and fingerprints"},
        {GROUP_INPUT, 0, "packets", "FILE", TRACE, set_packets,
         "packets as JSON objects, one a line (- is standard input); an answer a line"},

        {GROUP_INPUT, 0, "files-from", "FILE", SCAN, set_files_from,
         "also the paths that FILE (- is standard input) lists, a line each or ended by NUL"},
        {GROUP_INPUT, 0, "include", "GLOB", SCAN | REPORT, set_include,
         "only firewalls whose path matches (report: or host name); repeatable"},
        {GROUP_INPUT, 0, "exclude", "GLOB", SCAN | REPORT, set_exclude,
         "not those whose path matches; repeatable"},
        {GROUP_INPUT, 'j', "jobs", "N", SCAN, set_jobs,
         "threads; default: as many as there are processors"},
        {GROUP_INPUT, 0, "resume", NULL, SCAN, set_resume,
         "go on with the NDJSON file of a run that was cut short"},

        {GROUP_OUTPUT, 'f', "format", "F[=FILE]", ALL & ~COMPLETION, set_format,
         "the format of the result, to FILE or standard output; repeatable"},
        {GROUP_OUTPUT, 'o', "output", "FILE", ALL, set_output,
         "write to FILE, whole or not at all, what would go to standard output"},
        {GROUP_OUTPUT, 0, "color", "WHEN", ALL & ~COMPLETION, set_color,
         "auto (default: on a terminal, unless NO_COLOR is set), always or never"},
        {GROUP_OUTPUT, 0, "progress", "WHEN", SCAN, set_progress,
         "auto (default: where standard error is a terminal), always or never"},
        {GROUP_OUTPUT, 'q', "quiet", NULL, AUDIT | FIX | DIFF | TRACE | SCAN | REPORT | DISCOVER,
         set_quiet,
         "findings only, one a line; of a trace the result only; of discover the policy without "
         "its evidence"},
        {GROUP_OUTPUT, 'v', "verbose", NULL, AUDIT | FIX | DIFF | SCAN | REPORT | DISCOVER,
         set_verbose, "more about how the answer came about; repeatable"},

        {GROUP_JUDGE, 0, "fail-on", "SEVERITY", AUDIT | FIX | DIFF | SCAN | REPORT, set_fail_on,
         "the lowest severity that makes the exit status 1: error, warning (default), note or "
         "never; of diff: mail changes, it cannot be told, other traffic changes"},
        {GROUP_JUDGE, 0, "select", "IDS", AUDIT | FIX | SCAN | REPORT, set_select,
         "only these rules: ids or prefixes with commas (AM101,AM2); repeatable"},
        {GROUP_JUDGE, 0, "ignore", "IDS", AUDIT | FIX | SCAN | REPORT, set_ignore,
         "not these rules; repeatable; of --select and --ignore the more exact word counts"},
        {GROUP_JUDGE, 0, "baseline", "FILE", AUDIT | FIX | SCAN | REPORT, set_baseline,
         "suppress the findings of an earlier JSON or NDJSON result"},
        {GROUP_JUDGE, 0, "show-suppressed", NULL, AUDIT | FIX | SCAN | REPORT, set_show_suppressed,
         "show suppressed findings too"},
        {GROUP_JUDGE, 0, "ignore-suppressions", NULL, AUDIT | FIX | SCAN, set_ignore_suppressions,
         "judge as if nothing were suppressed"},
        {GROUP_JUDGE, 0, "today", "DATE", AUDIT | FIX | SCAN, set_today,
         "judge suppressions as on this day (YYYY-MM-DD, UTC)"},

        {GROUP_CHANGE, 0, "rollback", NULL, FIX, set_rollback,
         "print the commands that undo the change"},
        {GROUP_CHANGE, 0, "form", "FORM", FIX, set_form,
         "how to mend: split-class, technote, allow-tls or global-off; default: the best one for "
         "the release"},
        {GROUP_CHANGE, 0, "unsafe", NULL, FIX, set_unsafe,
         "also print a change that touches more than the appliances' flows"},
        {GROUP_CHANGE, 0, "explain", NULL, FIX, set_explain,
         "show which packets are treated otherwise, before and after"},
        {GROUP_CHANGE, 0, "name", "PREFIX", FIX, set_name,
         "what names of new classes and access-lists begin with; default ESMTP"},
        {GROUP_CHANGE, 0, "change-id", "ID", FIX, set_change_id, "the number of the change ticket"},
        {GROUP_CHANGE, 0, "window", "START/END", FIX, set_window,
         "the maintenance window, ISO 8601: 2027-03-01T22:00Z/2027-03-01T23:30Z"},

        {GROUP_HELP, 'h', "help", NULL, ALL, set_help, "print this help"},
        {GROUP_HELP, 0, "version", NULL, ALL, set_version, "print the version"},
};

const size_t n_options = sizeof(option_table) / sizeof(option_table[0]);
