/* SPDX-License-Identifier: ISC */
/* The command line: what good ones become, and what is said of bad ones, word by word. */
#include "cli/options.h"

#include "cli/option_words.h"
#include "cli/site_policy.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define LEN(table) (sizeof(table) / sizeof(*(table)))

enum { WORDS_MAX = 16 };

static enum options_result parse(struct options *options, struct arena *arena, enum command command,
                                 const char *const words[WORDS_MAX], struct str *error)
{
	char *argv[WORDS_MAX];
	int argc = 0;

	for (; argc < WORDS_MAX && words[argc]; argc++)
		argv[argc] = (char *)str_cstr(arena, str_of(words[argc]));
	return options_parse(options, arena, command, argc, argv, error);
}

Test(options, refused)
{
	static const struct {
		enum command command;
		const char *words[WORDS_MAX], *error;
	} cases[] = {
	        {CMD_AUDIT, {0}, "an operand is missing: CONFIG... (- is standard input)"},
	        {CMD_FIX, {"a", "b", "c"}, "one operand is enough (CONFIG); \"b\" is one too many"},
	        {CMD_RULES, {"a", "b"}, "one operand is enough ([ID]); \"b\" is one too many"},
	        {CMD_AUDIT, {"--polcy", "x"}, "unknown option --polcy; did you mean --policy?"},
	        {CMD_AUDIT, {"--polcy=x"}, "unknown option --polcy; did you mean --policy?"},
	        {CMD_AUDIT, {"--zzzzzz"}, "unknown option --zzzzzz"},
	        {CMD_AUDIT, {"-z"}, "unknown option -z"},
	        {CMD_AUDIT, {"-qz"}, "unknown option -z"},
	        {CMD_AUDIT, {"--rollback"}, "--rollback is an option of fix, not of audit"},
	        {CMD_RULES, {"--esa=1"}, "--esa is an option of audit, not of rules"},
	        {CMD_AUDIT, {"-p"}, "-p needs a value: FILE"},
	        {CMD_AUDIT, {"-qp"}, "-p needs a value: FILE"},
	        {CMD_AUDIT, {"fw", "--policy"}, "--policy needs a value: FILE"},
	        {CMD_AUDIT, {"--quiet=1"}, "--quiet takes no value"},
	        {CMD_AUDIT,
	         {"-pa", "--no-policy", "fw"},
	         "--policy and --no-policy contradict each other"},

	        {CMD_AUDIT,
	         {"--esa", "10.1.1"},
	         "--esa: \"10.1.1\" is not an IPv4 or IPv6 address"},
	        {CMD_AUDIT,
	         {"--esa", "10.1.1.0/24"},
	         "--esa: \"10.1.1.0/24\" is not an IPv4 or IPv6 address"},
	        {CMD_AUDIT,
	         {"--sma=10.1.1.1=esa"},
	         "--sma: \"esa\" is not an IPv4 or IPv6 address"},
	        {CMD_AUDIT, {"--sma=10.1.1.1="}, "--sma: \"\" is not an IPv4 or IPv6 address"},
	        {CMD_AUDIT, {"--esa=1.1.1.1", "--sma=1.1.1.1"}, "--sma: 1.1.1.1 is given twice"},
	        {CMD_AUDIT, {"--cpq-port=0"}, "--cpq-port takes a port from 1 to 65535, not \"0\""},
	        {CMD_AUDIT,
	         {"--cpq-port", "65536"},
	         "--cpq-port takes a port from 1 to 65535, not \"65536\""},
	        {CMD_AUDIT,
	         {"--cpq-port", "smtp"},
	         "--cpq-port takes a port from 1 to 65535, not \"smtp\""},

	        {CMD_AUDIT, {"-", "-"}, "standard input (-) can be read once only"},
	        {CMD_FIX, {"-", "--apply=-"}, "standard input (-) can be read once only"},

	        {CMD_RULES,
	         {"-f", "jsn"},
	         "-f takes text or json, not \"jsn\"; did you mean \"json\"?"},
	        {CMD_RULES, {"-fxml"}, "-f takes text or json, not \"xml\""},
	        {CMD_RULES, {"-fjson="}, "-f json= needs a FILE"},
	        {CMD_RULES,
	         {"-fjson", "-ftext=-"},
	         "only one format can go to standard output; give the others a file: -f text=FILE"},
	        {CMD_RULES, {"-fjson=a", "-ftext=a"}, "two formats cannot go to the same file, a"},
	        {CMD_RULES,
	         {"-fjson=a", "-ftext", "-oa"},
	         "two formats cannot go to the same file, a"},
	        {CMD_RULES,
	         {"-fjson=a", "-ob"},
	         "-o has nothing to write: every -f has a file of its own"},
	        {CMD_RULES,
	         {"--color=maybe"},
	         "--color takes auto, always or never, not \"maybe\""},

	        {CMD_AUDIT,
	         {"--fail-on", "x"},
	         "--fail-on takes error, warning, note or never, not \"x\""},
	        {CMD_AUDIT,
	         {"--fail-on=warnings"},
	         "--fail-on takes error, warning, note or never, not \"warnings\"; did you mean "
	         "\"warning\"?"},
	        {CMD_AUDIT,
	         {"--select", "AM1,,AM2"},
	         "--select takes rule ids such as AM101,AM2, not \"AM1,,AM2\""},
	        {CMD_AUDIT, {"--ignore="}, "--ignore takes rule ids such as AM101,AM2, not \"\""},
	        {CMD_AUDIT,
	         {"--today=2026-02-29"},
	         "--today takes a date as YYYY-MM-DD, not \"2026-02-29\""},

	        {CMD_FIX,
	         {"--form=default"},
	         "--form takes split-class, technote, allow-tls or global-off, not \"default\""},
	        {CMD_FIX,
	         {"--name", "a b"},
	         "--name takes 1 to 20 letters, digits, - or _, beginning with a letter, not \"a "
	         "b\""},
	        {CMD_FIX,
	         {"--window", "2027-03-01T22:00"},
	         "--window takes START/END such as 2027-03-01T22:00Z/2027-03-01T23:30Z, not "
	         "\"2027-03-01T22:00\""},
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		struct options options;
		struct str error;

		cr_expect(parse(&options, arena, cases[i].command, cases[i].words, &error) ==
		                  OPTIONS_WRONG,
		          "case %zu", i);
		cr_expect(str_eq(error, str_of(cases[i].error)), "case %zu: %.*s", i, STR(error));
	}
	arena_free(arena);
}

Test(options, defaults)
{
	static const char *const words[WORDS_MAX] = {"fw.cfg"};
	struct arena *arena = arena_new();
	struct options options;
	struct str error;

	cr_assert(parse(&options, arena, CMD_FIX, words, &error) == OPTIONS_RUN);
	cr_expect(options.command == CMD_FIX && options.arena == arena);
	cr_expect(options.operands.n == 1 && strcmp(options.operands.v[0].s, "fw.cfg") == 0);
	cr_expect(!options.policy && !options.no_policy && !options.appliances.list.n);
	cr_expect(strcmp(options.stdin_name, "-") == 0);
	cr_expect(options.formats.n == 1 && strcmp(options.formats.v[0].name, "cli") == 0);
	cr_expect(options.formats.v[0].emitter && !options.formats.v[0].path);
	cr_expect(options.fail_on == SEVERITY_WARNING && options.form == FORM_DEFAULT);
	cr_expect(options.today.n == 10);
	arena_free(arena);
}

Test(options, all_of_them)
{
	static const char *const words[WORDS_MAX] = {"-qvvpsite.yaml",
	                                             "b",
	                                             "--esa",
	                                             "10.1.1.1=192.0.2.1",
	                                             "--sma=2001:db8::2",
	                                             "--esa=10.1.1.3=2001:db8::3",
	                                             "--cpq-port=7026",
	                                             "--select=AM1, AM2",
	                                             "--select=AM3",
	                                             "-fjson=a=b",
	                                             "--output",
	                                             "x",
	                                             "--fail-on=never",
	                                             "--",
	                                             "-v"};
	struct arena *arena = arena_new();
	const struct appliance *list;
	struct options options;
	struct str error;

	cr_assert(parse(&options, arena, CMD_AUDIT, words, &error) == OPTIONS_WRONG);
	cr_expect(str_eq(error, S("-o has nothing to write: every -f has a file of its own")));

	cr_expect(options.quiet && options.verbose == 2);
	cr_expect(strcmp(options.policy, "site.yaml") == 0);
	cr_expect(options.operands.n == 2 && str_eq(options.operands.v[1], S("-v")));
	cr_assert(options.appliances.list.n == 3);
	list = options.appliances.list.v;
	cr_expect(str_eq(list[0].name, S("esa1")) && str_eq(list[1].name, S("sma1")));
	cr_expect(str_eq(list[2].name, S("esa2")) && list[1].role == ROLE_SMA);
	cr_expect(list[0].named_here && !list[0].discovered);
	cr_expect(list[0].addresses.list.v[0].real == addr4(0x0a010101));
	cr_expect(list[0].addresses.list.v[0].mapped == addr4(0xc0000201));
	cr_expect(!list[1].addresses.list.v[0].has_mapped);
	cr_expect(list[2].addresses.list.v[0].has_mapped);
	cr_expect(options.cpq_port == 7026);
	cr_expect(options.select.n == 3 && str_eq(options.select.v[1], S("AM2")));
	cr_expect(strcmp(options.formats.v[0].path, "a=b") == 0);
	cr_expect(options.fail_on == SEVERITY_COUNT);
	arena_free(arena);
}

Test(options, of_fix)
{
	static const char *const words[WORDS_MAX] = {"--rollback",
	                                             "--form=technote",
	                                             "--unsafe",
	                                             "--explain",
	                                             "--name=MX",
	                                             "--change-id=C1",
	                                             "--window=2027-03-01T22:00Z/2027-03-01T23:30Z",
	                                             "--context=a",
	                                             "--context=b",
	                                             "--apply=c",
	                                             "--today=2027-01-01",
	                                             "--stdin-name=fw",
	                                             "-"};
	struct arena *arena = arena_new();
	struct options options;
	struct str error;

	cr_assert(parse(&options, arena, CMD_FIX, words, &error) == OPTIONS_RUN, "%.*s",
	          STR(error));
	cr_expect(options.rollback && options.unsafe && options.explain);
	cr_expect(options.form == FORM_TECHNOTE && str_eq(options.name_prefix, S("MX")));
	cr_expect(str_eq(options.change_id, S("C1")));
	cr_expect(str_eq(options.window_start, S("2027-03-01T22:00Z")));
	cr_expect(str_eq(options.window_end, S("2027-03-01T23:30Z")));
	cr_expect(options.contexts.n == 2 && options.apply.n == 1);
	cr_expect(str_eq(options.today, S("2027-01-01")));
	cr_expect(strcmp(options.stdin_name, "fw") == 0);
	arena_free(arena);
}

Test(options, formats)
{
	static const char *const words[WORDS_MAX] = {"-ftext", "-f", "json=x.json", "-oy.txt"};
	static const char *const dash[WORDS_MAX] = {"-fjson=-", "-o-"};
	struct arena *arena = arena_new();
	struct options options;
	struct str error;

	cr_assert(parse(&options, arena, CMD_RULES, words, &error) == OPTIONS_RUN);
	cr_assert(options.formats.n == 2);
	cr_expect(strcmp(options.formats.v[0].path, "y.txt") == 0);
	cr_expect(strcmp(options.formats.v[1].path, "x.json") == 0);
	cr_expect(strcmp(options.formats.v[1].name, "json") == 0 && !options.formats.v[1].emitter);

	cr_assert(parse(&options, arena, CMD_RULES, dash, &error) == OPTIONS_RUN);
	cr_expect(options.formats.n == 1 && !options.formats.v[0].path);
	arena_free(arena);
}

Test(options, help_and_version)
{
	static const char *const help[WORDS_MAX] = {"fw", "-h", "--bad"};
	static const char *const version[WORDS_MAX] = {"--version"};
	struct arena *arena = arena_new();
	struct options options;
	struct str error;

	cr_expect(parse(&options, arena, CMD_AUDIT, help, &error) == OPTIONS_HELP);
	cr_expect(parse(&options, arena, CMD_AUDIT, version, &error) == OPTIONS_VERSION);
	arena_free(arena);
}

/* Help fits the terminal and has each option of the command. */
Test(options, help_text)
{
	struct arena *arena = arena_new();

	for (int command = 0; command <= COMMAND_COUNT; command++) {
		struct str rest = command < COMMAND_COUNT
		                          ? options_help(arena, (enum command)command)
		                          : options_overview(arena);
		struct str line;

		cr_expect(str_starts(rest, S("Usage: asamend ")));
		cr_expect(str_contains(rest, S("--help")) && str_ends(rest, S("\n")));
		while (str_cut(rest, '\n', &line, &rest))
			cr_expect(line.n <= 80, "%.*s", STR(line));
	}
	cr_expect(str_contains(options_help(arena, CMD_FIX), S("--rollback")));
	cr_expect(!str_contains(options_help(arena, CMD_AUDIT), S("--rollback")));
	arena_free(arena);
}

Test(options, rule_ids)
{
	static const struct {
		const char *words[WORDS_MAX], *error;
		bool am101, am104, am201;
	} cases[] = {
	        {{"x"}, "", true, true, true},
	        {{"x", "--select=AM1"}, "", true, true, false},
	        {{"x", "--select=AM1", "--ignore=AM104"}, "", true, false, false},
	        {{"x", "--select=AM104", "--ignore=AM1"}, "", false, true, false},
	        {{"x", "--select=AM101", "--ignore=AM101"}, "", false, false, false},
	        {{"x", "--ignore=AM"}, "", false, false, false},
	        {{"x", "--select=AM111"},
	         "--select: there is no rule AM111; did you mean AM101?",
	         false,
	         false,
	         false},
	        {{"x", "--ignore=AM9"},
	         "--ignore: there is no rule AM9; asamend rules lists them",
	         true,
	         true,
	         true},
	};
	const struct str ids[] = {S("AM101"), S("AM104"), S("AM201")};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		struct options options;
		struct str error;

		cr_assert(parse(&options, arena, CMD_AUDIT, cases[i].words, &error) == OPTIONS_RUN);
		cr_expect(options_check_rules(&options, ids, LEN(ids), &error) ==
		                  !cases[i].error[0],
		          "case %zu", i);
		cr_expect(str_eq(error, str_of(cases[i].error)), "case %zu: %.*s", i, STR(error));
		cr_expect(options_rule_selected(&options, ids[0]) == cases[i].am101, "case %zu", i);
		cr_expect(options_rule_selected(&options, ids[1]) == cases[i].am104, "case %zu", i);
		cr_expect(options_rule_selected(&options, ids[2]) == cases[i].am201, "case %zu", i);
	}
	arena_free(arena);
}

Test(options, over_the_policy)
{
	static const char *const words[WORDS_MAX] = {"x", "--esa=10.1.1.1", "--name=MX",
	                                             "--form=allow-tls"};
	static const char *const port[WORDS_MAX] = {"x", "--cpq-port=7030"};
	struct arena *arena = arena_new();
	struct policy policy = policy_default();
	struct firewall_entry entry = {.match = S("*"), .has_limits = true};
	struct options options;
	struct diags diags = {0};
	struct str error;

	VEC_PUSH(arena, &policy.appliances.list, (struct appliance){.name = S("old")});
	VEC_PUSH(arena, &entry.appliance_names, S("old"));
	VEC_PUSH(arena, &entry.appliances.list, (struct appliance){.name = S("inline")});
	VEC_PUSH(arena, &policy.firewalls, entry);
	VEC_PUSH(arena, &policy.flows,
	         (struct custom_flow){.name = S("gone"), .to.appliance = S("old")});
	VEC_PUSH(arena, &policy.flows,
	         (struct custom_flow){.name = S("kept"), .to.appliance = S("esa1")});

	cr_assert(parse(&options, arena, CMD_FIX, port, &error) == OPTIONS_RUN);
	site_policy_override(&options, &policy, &diags);
	cr_expect(policy.appliances.list.n == 1 && policy.appliances.list.v[0].cpq_port == 7030);
	cr_expect(policy.firewalls.v[0].appliances.list.v[0].cpq_port == 7030);
	cr_expect(policy.flows.n == 2 && policy.form == FORM_DEFAULT && !diags.list.n);

	cr_assert(parse(&options, arena, CMD_FIX, words, &error) == OPTIONS_RUN);
	site_policy_override(&options, &policy, &diags);
	cr_expect(policy.appliances.list.n == 1);
	cr_expect(str_eq(policy.appliances.list.v[0].name, S("esa1")));
	cr_expect(policy.firewalls.v[0].appliance_names.n == 0 && policy.firewalls.v[0].has_limits);
	cr_expect(policy.firewalls.v[0].appliances.list.n == 0);
	cr_expect(policy.flows.n == 1 && str_eq(policy.flows.v[0].name, S("kept")));
	cr_expect(policy.form == FORM_ALLOW_TLS && str_eq(policy.name_prefix, S("MX")));
	cr_assert(diags.list.n == 1 && diags.list.v[0].severity == SEVERITY_NOTE);
	cr_expect(
	        str_eq(diags.list.v[0].message,
	               S("the flow \"gone\" of the policy is left out: its appliance is not among "
	                 "those of the command line")));
	arena_free(arena);
}

Test(options, color)
{
	static const struct {
		const char *word, *no_color, *path;
		bool color;
	} cases[] = {
	        {"--color=always", "1", NULL, true}, {"--color=always", "", "file", true},
	        {"--color=never", "", NULL, false},  {"--color=auto", "1", NULL, false},
	        {"--color=auto", "", "file", false},
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < LEN(cases); i++) {
		const char *const words[WORDS_MAX] = {"x", cases[i].word};
		struct options options;
		struct str error;

		setenv("NO_COLOR", cases[i].no_color, 1);
		cr_assert(parse(&options, arena, CMD_AUDIT, words, &error) == OPTIONS_RUN);
		cr_expect(options_color(&options, cases[i].path) == cases[i].color, "case %zu", i);
	}
	arena_free(arena);
}

Test(options, the_values_of_every_argument_are_known_or_known_to_be_free)
{
	for (size_t i = 0; i < n_options; i++) {
		const char *argument = option_table[i].argument;

		if (argument)
			cr_expect(option_argument_known(argument), "--%s takes %s",
			          option_table[i].name, argument);
	}
}

Test(options, what_is_offered_is_taken)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < n_options; i++) {
		for (int command = 0; command < COMMAND_COUNT; command++) {
			const struct option *option = &option_table[i];
			struct option_values values = {0};

			if (!option->argument || !option_taken((enum command)command, option))
				continue;
			values = option_values(arena, (enum command)command, option);
			VEC_EACH(const struct str, word, &values.words) {
				struct options options;
				struct str error;
				char *argv[] = {
				        (char *)str_cstr(arena,
				                         str_printf(arena, "--%s=%.*s",
				                                    option->name, STR(*word))),
				        "a", "b"};
				enum options_result result = options_parse(
				        &options, arena, (enum command)command,
				        command_rows[command].most > 1 ? 3 : 2, argv, &error);

				cr_expect_eq(result, OPTIONS_RUN, "%s %s: %.*s",
				             command_rows[command].name, argv[0], STR(error));
			}
		}
	}
	arena_free(arena);
}
