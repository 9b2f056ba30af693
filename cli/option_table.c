/* SPDX-License-Identifier: ISC */
/*
 * Everything about an option is its row of option_table: parsing, help and
 * suggestions all read that. The functions of the rows come first; the last
 * value counts of an option given twice, unless it is said to be repeatable.
 */
#include "cli/option_words.h"

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

/* ---- appliances and policy ---- */

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

/* ---- input ---- */

static bool set_jobs(struct parse *parse, const char *value)
{
	uint64_t jobs;

	if (!str_number(str_of(value), JOBS_MAX, &jobs) || jobs == 0)
		return option_wrong(parse, "%s takes a number of threads from 1 to %d, not \"%s\"",
		                    parse->shown, JOBS_MAX, value);
	parse->options->jobs = (unsigned)jobs;
	return true;
}

/* ---- output ---- */

/* F or F=FILE. */
static bool set_format(struct parse *parse, const char *value)
{
	struct wanted_format wanted = {0};
	const char *equals = strchr(value, '=');
	int chosen;

	if (equals) {
		value = str_cstr(parse->arena, (struct str){value, (size_t)(equals - value)});
		if (!equals[1])
			return option_wrong(parse, "%s %s= needs a FILE", parse->shown, value);
		wanted.path = strcmp(equals + 1, "-") != 0 ? equals + 1 : NULL;
	}
	chosen = option_choose(parse, "F[=FILE]", value);
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
	int color = option_choose(parse, "WHEN", value);

	if (color < 0)
		return false;
	parse->options->color = (enum color_when)color;
	return true;
}

static bool set_progress(struct parse *parse, const char *value)
{
	int progress = option_choose(parse, "WHEN", value);

	if (progress < 0)
		return false;
	parse->options->progress = (enum progress_when)progress;
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
	int chosen = option_choose(parse, "SEVERITY", value);

	if (chosen < 0)
		return false;
	parse->options->fail_on = chosen == SEVERITY_COUNT
	                                  ? SEVERITY_COUNT
	                                  : (enum severity)(SEVERITY_COUNT - 1 - chosen);
	return true;
}

/* Add the words of a comma list. */
static bool add_rules(struct parse *parse, const char *value, struct option_words *rule_ids)
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
		VEC_PUSH(parse->arena, rule_ids, word);
	} while (more);
	return true;
}

static bool set_select(struct parse *parse, const char *value)
{
	return add_rules(parse, value, &parse->options->select);
}

static bool set_ignore(struct parse *parse, const char *value)
{
	return add_rules(parse, value, &parse->options->ignore);
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

static bool set_form(struct parse *parse, const char *value)
{
	int form = option_choose(parse, "FORM", value);

	if (form < 0)
		return false;
	parse->options->form = (enum fix_form)(form + 1);
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
	if (!date_time_is_before(options->window_start, options->window_end))
		return option_wrong(parse, "%s: \"%s\" does not end after it starts", parse->shown,
		                    value);
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

bool option_set(struct parse *parse, const struct option *option, const char *value)
{
	void *field = (char *)parse->options + option->store.offset;

	switch (option->store.kind) {
	case STORE_SWITCH:
		*(bool *)field = true;
		break;
	case STORE_STRING:
		*(const char **)field = value;
		break;
	case STORE_LIST:
		VEC_PUSH(parse->arena, (struct option_words *)field, str_of(value));
		break;
	case STORE_BY:
		return option->store.by(parse, value);
	}
	return true;
}

/* ---- the table ---- */

#define SWITCH(field)                                                                              \
	{                                                                                          \
		STORE_SWITCH, offsetof(struct options, field), NULL                                \
	}
#define STRING(field)                                                                              \
	{                                                                                          \
		STORE_STRING, offsetof(struct options, field), NULL                                \
	}
#define LIST(field)                                                                                \
	{                                                                                          \
		STORE_LIST, offsetof(struct options, field), NULL                                  \
	}
#define BY(function)                                                                               \
	{                                                                                          \
		STORE_BY, 0, function                                                              \
	}

/* A row of no command (0) is not on offer yet: to the user it does not exist. */
const struct option option_table[] = {
        {GROUP_POLICY, 'p', "policy", "FILE", AUDIT | FIX | DIFF | SCAN, STRING(policy),
         "the policy file; default: asamend.yaml in this folder or one above"},
        {GROUP_POLICY, 0, "no-policy", NULL, AUDIT | FIX | DIFF | SCAN, SWITCH(no_policy),
         "read no policy file"},
        {GROUP_POLICY, 0, "esa", "ADDR[=MAPPED]", AUDIT | FIX | DIFF | SCAN, BY(set_esa),
         "an ESA by its real address and, behind NAT, the mapped one; repeatable"},
        {GROUP_POLICY, 0, "sma", "ADDR[=MAPPED]", AUDIT | FIX | DIFF | SCAN, BY(set_sma),
         "an SMA likewise; these replace the appliances of the policy file"},
        {GROUP_POLICY, 0, "cpq-port", "N", AUDIT | FIX | DIFF | SCAN, BY(set_cpq_port),
         "the port of centralized quarantines; default 7025"},
        {GROUP_POLICY, 0, "esa-xml", "FILE", 0, LIST(esa_xml),
         "an ESA and its ports from its AsyncOS export; repeatable"},
        {GROUP_POLICY, 0, "sma-xml", "FILE", 0, LIST(sma_xml),
         "an SMA and its ports from its AsyncOS export; repeatable"},

        {GROUP_INPUT, 0, "apply", "FILE", AUDIT | FIX | DIFF | TRACE | SCAN | DISCOVER, LIST(apply),
         "replay the commands of FILE (- is standard input) on the config first; repeatable"},
        {GROUP_INPUT, 0, "context", "NAME", AUDIT | FIX | DIFF | TRACE | SCAN | DISCOVER,
         LIST(contexts), "only this context; repeatable"},
        {GROUP_INPUT, 0, "stdin-name", "PATH",
         AUDIT | FIX | DIFF | TRACE | SCAN | DISCOVER | REPORT, STRING(stdin_name),
         "what - is called in results, the policy file and fingerprints"},
        {GROUP_INPUT, 0, "packets", "FILE", TRACE, STRING(packets),
         "packets as JSON objects, one a line (- is standard input); an answer a line"},

        {GROUP_INPUT, 0, "files-from", "FILE", SCAN, STRING(files_from),
         "also the paths that FILE (- is standard input) lists, a line each or ended by NUL"},
        {GROUP_INPUT, 0, "include", "GLOB", SCAN | REPORT, LIST(include),
         "only firewalls whose path matches (report: or host name); repeatable"},
        {GROUP_INPUT, 0, "exclude", "GLOB", SCAN | REPORT, LIST(exclude),
         "not those whose path matches; repeatable"},
        {GROUP_INPUT, 'j', "jobs", "N", SCAN, BY(set_jobs),
         "threads; default: as many as there are processors"},
        {GROUP_INPUT, 0, "resume", NULL, SCAN, SWITCH(resume),
         "go on with the NDJSON file of a run that was cut short"},

        {GROUP_OUTPUT, 'f', "format", "F[=FILE]", ALL & ~COMPLETION, BY(set_format),
         "the format of the result, to FILE or standard output; repeatable"},
        {GROUP_OUTPUT, 'o', "output", "FILE", ALL, BY(set_output),
         "write to FILE, whole or not at all, what would go to standard output"},
        {GROUP_OUTPUT, 0, "color", "WHEN", ALL & ~COMPLETION, BY(set_color),
         "auto (default: on a terminal, unless NO_COLOR is set), always or never"},
        {GROUP_OUTPUT, 0, "progress", "WHEN", SCAN, BY(set_progress),
         "auto (default: where standard error is a terminal), always or never"},
        {GROUP_OUTPUT, 'q', "quiet", NULL, AUDIT | FIX | DIFF | TRACE | SCAN | REPORT | DISCOVER,
         SWITCH(quiet),
         "findings, or changes, only, one a line; of fix commands only, of a trace the result, of "
         "discover the policy without its evidence"},
        {GROUP_OUTPUT, 'v', "verbose", NULL, AUDIT | FIX | DIFF | SCAN | REPORT | DISCOVER,
         BY(set_verbose), "more about how the answer came about (fix: as --explain); repeatable"},

        {GROUP_JUDGE, 0, "fail-on", "SEVERITY", AUDIT | FIX | DIFF | SCAN | REPORT, BY(set_fail_on),
         "the lowest severity that makes the exit status 1: error, warning (default), note or "
         "never; of diff: mail changes, it cannot be told, other traffic changes; of fix: what is "
         "left"},
        {GROUP_JUDGE, 0, "select", "IDS", AUDIT | FIX | SCAN | REPORT, BY(set_select),
         "only these rules: ids or prefixes with commas (AM101,AM2); repeatable"},
        {GROUP_JUDGE, 0, "ignore", "IDS", AUDIT | FIX | SCAN | REPORT, BY(set_ignore),
         "not these rules; repeatable; of --select and --ignore the more exact word counts"},
        {GROUP_JUDGE, 0, "baseline", "FILE", AUDIT | FIX | SCAN | REPORT, STRING(baseline),
         "suppress the findings of an earlier JSON or NDJSON result"},
        {GROUP_JUDGE, 0, "show-suppressed", NULL, AUDIT | FIX | SCAN | REPORT,
         SWITCH(show_suppressed), "show suppressed findings too"},
        {GROUP_JUDGE, 0, "ignore-suppressions", NULL, AUDIT | FIX | SCAN,
         SWITCH(ignore_suppressions), "judge as if nothing were suppressed"},
        {GROUP_JUDGE, 0, "today", "DATE", AUDIT | FIX | SCAN, BY(set_today),
         "judge suppressions as on this day (YYYY-MM-DD, UTC)"},

        {GROUP_CHANGE, 0, "rollback", NULL, FIX, SWITCH(rollback),
         "print the commands that undo the change"},
        {GROUP_CHANGE, 0, "form", "FORM", FIX, BY(set_form),
         "how to mend: split-class, technote, allow-tls or global-off; default: the best one for "
         "the release"},
        {GROUP_CHANGE, 0, "unsafe", NULL, FIX, SWITCH(unsafe),
         "also print a change that touches more than the appliances' flows"},
        {GROUP_CHANGE, 0, "explain", NULL, FIX, SWITCH(explain),
         "show which packets are treated otherwise, before and after"},
        {GROUP_CHANGE, 0, "name", "PREFIX", FIX, BY(set_name),
         "what names of new classes and access-lists begin with; default ESMTP"},
        {GROUP_CHANGE, 0, "change-id", "ID", FIX, BY(set_change_id),
         "the number of the change ticket"},
        {GROUP_CHANGE, 0, "window", "START/END", FIX, BY(set_window),
         "the maintenance window, ISO 8601: 2027-03-01T22:00Z/2027-03-01T23:30Z"},

        {GROUP_HELP, 'h', "help", NULL, ALL, BY(set_help), "print this help"},
        {GROUP_HELP, 0, "version", NULL, ALL, BY(set_version), "print the version"},
};

const size_t n_options = sizeof(option_table) / sizeof(option_table[0]);
