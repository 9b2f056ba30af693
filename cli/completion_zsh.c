/* SPDX-License-Identifier: ISC */
/* For zsh: the specifications of _arguments, one a line. */
#include "cli/completion.h"

#include "cli/option_words.h"

/* Text inside '...', where `escaped` bytes get a backslash before them. */
static void add_escaped(struct buf *out, struct str text, struct str escaped)
{
	for (size_t i = 0; i < text.n; i++) {
		struct str c = {text.s + i, 1};

		if (c.s[0] == '\'') {
			buf_add(out, S("'\\''"));
			continue;
		}
		if (c.s[0] == '\\' || str_contains(escaped, c))
			buf_char(out, '\\');
		buf_add(out, c);
	}
}

static void add_words(struct buf *out, const struct option_words *words)
{
	VEC_EACH(const struct str, word, words)
		buf_printf(out, "%s%.*s", word == words->v ? "" : " ", STR(*word));
}

/* ":MESSAGE:ACTION" */
static void add_action(struct buf *out, const char *message, const struct option_values *values)
{
	buf_char(out, ':');
	add_escaped(out, str_of(message), S(":"));
	buf_char(out, ':');
	switch (values->kind) {
	case VALUE_FREE:
		buf_char(out, ' ');
		break;
	case VALUE_FILE:
		buf_add(out, S("_files"));
		break;
	case VALUE_ONE_OF:
	case VALUE_FORMAT:
		if (values->about.n) {
			buf_add(out, S("_asamend_rule"));
			break;
		}
		buf_add(out, values->kind == VALUE_FORMAT ? S("_asamend_format ") : S("("));
		add_words(out, &values->words);
		buf_add(out, values->kind == VALUE_FORMAT ? S("") : S(")"));
		break;
	case VALUE_LIST:
		buf_add(out, S("_asamend_rules"));
		break;
	}
}

/* One way to write an option: '*--name=[what it does]:FILE:_files' */
static void add_spelling(struct buf *out, enum command command, const struct option *option,
                         bool is_long)
{
	buf_add(out, S(" \\\n\t\t\t'*"));
	if (is_long)
		buf_printf(out, "--%s%s", option->name, option->argument ? "=" : "");
	else
		buf_printf(out, "-%c%s", option->letter, option->argument ? "+" : "");
	buf_char(out, '[');
	add_escaped(out, str_of(option->help), S("[]:"));
	buf_char(out, ']');
	if (option->argument) {
		struct option_values values = option_values(out->arena, command, option);

		add_action(out, option->argument, &values);
	}
	buf_char(out, '\'');
}

static void add_command(struct buf *out, enum command command)
{
	struct option_values operands = operand_values(out->arena, command);

	buf_printf(out, "\t%s)\n\t\t_arguments -s -S", command_name(command));
	for (size_t i = 0; i < n_options; i++) {
		if (!option_taken(command, &option_table[i]))
			continue;
		if (option_table[i].letter)
			add_spelling(out, command, &option_table[i], false);
		add_spelling(out, command, &option_table[i], true);
	}
	buf_add(out, S(" \\\n\t\t\t'*"));
	add_action(out, command_rows[command].operands, &operands);
	buf_add(out, S("'\n\t\t;;\n"));
}

/* The rules, found by their option's words. */
static void add_rules(struct buf *out, const struct option_values *rules)
{
	buf_add(out, S("_asamend_rules() {\n\t_values -s , rule"));
	for (uint32_t i = 0; i < rules->words.n; i++)
		buf_printf(out, " \\\n\t\t'%.*s[%.*s]'", STR(rules->words.v[i]),
		           STR(rules->about.v[i]));
	buf_add(out, S("\n}\n\n_asamend_rule() {\n\tlocal -a rules=("));
	for (uint32_t i = 0; i < rules->words.n; i++)
		buf_printf(out, "\n\t\t'%.*s:%.*s'", STR(rules->words.v[i]),
		           STR(rules->about.v[i]));
	buf_add(out, S(")\n\t_describe rule rules\n}\n\n"));
}

void completion_zsh(struct buf *out)
{
	struct option_values rules = operand_values(out->arena, CMD_RULES);

	buf_add(out, S("#compdef asamend\n"
	               "# zsh completion for asamend; printed by `asamend completion zsh`.\n\n"));
	add_rules(out, &rules);
	buf_add(out, S("# FORMAT, or FORMAT=FILE\n"
	               "_asamend_format() {\n"
	               "\tif compset -P '*='; then\n"
	               "\t\t_files\n"
	               "\telse\n"
	               "\t\tcompadd \"$@\"\n"
	               "\tfi\n"
	               "}\n\n"
	               "_asamend() {\n"
	               "\tlocal curcontext=$curcontext\n"
	               "\tif ((CURRENT == 2)); then\n"
	               "\t\tlocal -a commands=("));
	for (int i = 0; i < COMMAND_COUNT; i++) {
		buf_printf(out, "\n\t\t\t'%s:", command_name((enum command)i));
		add_escaped(out, str_of(command_rows[i].summary), S(""));
		buf_char(out, '\'');
	}
	buf_add(out, S(")\n"
	               "\t\t_describe command commands\n"
	               "\t\tcompadd -- --help --version\n"
	               "\t\treturn\n"
	               "\tfi\n"
	               "\tlocal command=$words[2]\n"
	               "\tshift words\n"
	               "\t((CURRENT--))\n"
	               "\tcase $command in\n"));
	for (int i = 0; i < COMMAND_COUNT; i++)
		add_command(out, (enum command)i);
	buf_add(out, S("\tesac\n"
	               "}\n\n"
	               "if [ \"$funcstack[1]\" = _asamend ]; then\n"
	               "\t_asamend \"$@\"\n"
	               "else\n"
	               "\tcompdef _asamend asamend\n"
	               "fi\n"));
}
