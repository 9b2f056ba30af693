/* SPDX-License-Identifier: ISC */
/* For fish: a `complete` line for each command, option and kind of operand. */
#include "cli/completion.h"

#include "cli/option_words.h"

/* '...' of fish: only the quote and the backslash are escaped. */
static void add_quoted(struct buf *out, struct str text)
{
	buf_char(out, '\'');
	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] == '\'' || text.s[i] == '\\')
			buf_char(out, '\\');
		buf_char(out, text.s[i]);
	}
	buf_char(out, '\'');
}

/* WORD<TAB>ABOUT, a line each, as `complete -a` takes them from a command. */
static void add_function(struct buf *out, const char *name, const struct option_values *values)
{
	buf_printf(out, "function %s\n\tprintf '%%s\\n'", name);
	for (uint32_t i = 0; i < values->words.n; i++)
		buf_printf(out, " \\\n\t\t%.*s\\t%.*s", STR(values->words.v[i]),
		           STR(values->about.v[i]));
	buf_add(out, S("\nend\n\n"));
}

/* The words as the argument of -a. */
static struct str words_text(struct arena *arena, const struct option_values *values)
{
	struct buf text = {.arena = arena};

	if (values->kind == VALUE_LIST)
		return S("(__fish_complete_list , __asamend_rules)");
	if (values->about.n)
		return S("(__asamend_rules)");
	VEC_EACH(const struct str, word, &values->words)
		buf_printf(&text, "%s%.*s", word == values->words.v ? "" : " ", STR(*word));
	return buf_str(&text);
}

static void add_values(struct buf *out, const struct option_values *values)
{
	switch (values->kind) {
	case VALUE_FREE:
		buf_add(out, S(" -x"));
		break;
	case VALUE_FILE:
		buf_add(out, S(" -r -F"));
		break;
	case VALUE_ONE_OF:
	case VALUE_FORMAT:
	case VALUE_LIST:
		buf_add(out, S(" -x -a "));
		add_quoted(out, words_text(out->arena, values));
		break;
	}
}

static void begin(struct buf *out, enum command command)
{
	buf_printf(out, "complete -c asamend -n '__fish_seen_subcommand_from %s'",
	           command_name(command));
}

static void add_command(struct buf *out, enum command command)
{
	struct option_values operands = operand_values(out->arena, command);

	for (size_t i = 0; i < n_options; i++) {
		const struct option *option = &option_table[i];

		if (!option_taken(command, option))
			continue;
		begin(out, command);
		if (option->letter)
			buf_printf(out, " -s %c", option->letter);
		buf_printf(out, " -l %s", option->name);
		if (option->argument) {
			struct option_values values = option_values(out->arena, command, option);

			add_values(out, &values);
		}
		buf_add(out, S(" -d "));
		add_quoted(out, str_of(option->help));
		buf_char(out, '\n');
	}
	if (operands.kind == VALUE_FREE)
		return;
	begin(out, command);
	if (operands.kind == VALUE_FILE) {
		buf_add(out, S(" -F\n"));
		return;
	}
	buf_add(out, S(" -f -a "));
	add_quoted(out, words_text(out->arena, &operands));
	buf_char(out, '\n');
}

void completion_fish(struct buf *out)
{
	struct option_values rules = operand_values(out->arena, CMD_RULES);

	buf_add(out, S("# fish completion for asamend; printed by `asamend completion fish`.\n\n"));
	add_function(out, "__asamend_rules", &rules);
	buf_add(out, S("complete -c asamend -f\n"));
	for (int i = 0; i < COMMAND_COUNT; i++) {
		buf_printf(out, "complete -c asamend -n __fish_use_subcommand -a %s -d ",
		           command_name((enum command)i));
		add_quoted(out, str_of(command_rows[i].summary));
		buf_char(out, '\n');
	}
	buf_add(out, S("complete -c asamend -n __fish_use_subcommand -s h -l help -d 'print this "
	               "help'\n"
	               "complete -c asamend -n __fish_use_subcommand -l version -d 'print the "
	               "version'\n"));
	for (int i = 0; i < COMMAND_COUNT; i++)
		add_command(out, (enum command)i);
}
