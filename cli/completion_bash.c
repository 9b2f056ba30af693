/* SPDX-License-Identifier: ISC */
/*
 * For bash alone, without the functions of bash-completion. Readline breaks words at "=", so
 * "--format=js" comes as three words and "-f html=rep" as "-f", "html", "=", "rep".
 */
#include "cli/completion.h"

#include "cli/option_words.h"

/* "WORD WORD ..." */
static void add_words(struct buf *out, const struct option_words *words)
{
	VEC_EACH(const struct str, word, words)
		buf_printf(out, "%s%.*s", word == words->v ? "" : " ", STR(*word));
}

/* The commands of a case arm that completes `cur` to one of the values. */
static void add_values(struct buf *out, const struct option_values *values)
{
	switch (values->kind) {
	case VALUE_FREE:
		buf_add(out, S(":"));
		break;
	case VALUE_FILE:
		buf_add(out, S("_asamend_files"));
		break;
	case VALUE_ONE_OF:
	case VALUE_FORMAT:
		buf_add(out, S("_asamend_words '"));
		add_words(out, &values->words);
		buf_char(out, '\'');
		break;
	case VALUE_LIST:
		buf_add(out, S("_asamend_list '"));
		add_words(out, &values->words);
		buf_char(out, '\'');
		break;
	}
}

/* An arm for each option with a value: that, or the file behind the "=" of it. */
static void add_arms(struct buf *out, enum command command, bool file_behind)
{
	for (size_t i = 0; i < n_options; i++) {
		const struct option *option = &option_table[i];
		struct option_values values = {0};

		if (!option_taken(command, option) || !option->argument)
			continue;
		values = option_values(out->arena, command, option);
		if (file_behind && values.kind != VALUE_FORMAT)
			continue;
		buf_printf(out, "\t%s:--%s", command_name(command), option->name);
		if (option->letter)
			buf_printf(out, " | %s:-%c", command_name(command), option->letter);
		buf_add(out, S(") "));
		if (file_behind)
			values.kind = VALUE_FILE;
		add_values(out, &values);
		buf_add(out, S("; return ;;\n"));
	}
}

static void add_options(struct buf *out, enum command command)
{
	buf_printf(out, "\t%s) options='", command_name(command));
	for (size_t i = 0; i < n_options; i++) {
		if (!option_taken(command, &option_table[i]))
			continue;
		if (option_table[i].letter)
			buf_printf(out, "-%c ", option_table[i].letter);
		buf_printf(out, "--%s ", option_table[i].name);
	}
	buf_add(out, S("' ;;\n"));
}

static void add_operands(struct buf *out, enum command command)
{
	struct option_values values = operand_values(out->arena, command);

	buf_printf(out, "\t%s) ", command_name(command));
	add_values(out, &values);
	buf_add(out, S(" ;;\n"));
}

static const char helpers[] =
        "# bash completion for asamend; printed by `asamend completion bash`.\n"
        "\n"
        "_asamend_words() {\n"
        "\tmapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\")\n"
        "}\n"
        "\n"
        "# Words with commas in between: the last one is completed.\n"
        "_asamend_list() {\n"
        "\tlocal before=\n"
        "\t[[ $cur != *,* ]] || before=${cur%,*},\n"
        "\tmapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$1\" -- \"${cur##*,}\")\n"
        "\tcompopt -o nospace 2>/dev/null || :\n"
        "}\n"
        "\n"
        "_asamend_files() {\n"
        "\tcompopt -o filenames 2>/dev/null || :\n"
        "\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
        "}\n"
        "\n";

static const char body_begin[] =
        "_asamend() {\n"
        "\tlocal cur=${COMP_WORDS[COMP_CWORD]} at=$((COMP_CWORD - 1)) command=${COMP_WORDS[1]} i\n"
        "\tlocal options= only_operands=\n"
        "\tCOMPREPLY=()\n"
        "\tif ((COMP_CWORD == 1)); then\n"
        "\t\t_asamend_words '";

static const char body_middle[] =
        "'\n"
        "\t\treturn\n"
        "\tfi\n"
        "\tfor ((i = 2; i < COMP_CWORD; i++)); do\n"
        "\t\t[[ ${COMP_WORDS[i]} != -- ]] || only_operands=yes\n"
        "\tdone\n"
        "\t# Where \"=\" is before the cursor the option is before that.\n"
        "\tif [[ $cur == \"=\" ]]; then\n"
        "\t\tcur=\n"
        "\telif [[ ${COMP_WORDS[at]} == \"=\" ]]; then\n"
        "\t\t((at--))\n"
        "\tfi\n"
        "\t# FORMAT=FILE\n"
        "\tif [[ ${COMP_WORDS[at + 1]} == \"=\" && ${COMP_WORDS[at]} != -* ]]; then\n"
        "\t\t[[ ${COMP_WORDS[at - 1]} != \"=\" ]] || ((at--))\n"
        "\t\tcase $command:${COMP_WORDS[at - 1]} in\n";

static const char body_files[] = "\t\tesac\n"
                                 "\t\treturn\n"
                                 "\tfi\n"
                                 "\t[[ $only_operands ]] || case $command:${COMP_WORDS[at]} in\n";

void completion_bash(struct buf *out)
{
	buf_add(out, S(helpers));
	buf_add(out, S(body_begin));
	for (int i = 0; i < COMMAND_COUNT; i++)
		buf_printf(out, "%s ", command_name((enum command)i));
	buf_add(out, S("--help --version"));
	buf_add(out, S(body_middle));
	for (int i = 0; i < COMMAND_COUNT; i++)
		add_arms(out, (enum command)i, true);
	buf_add(out, S(body_files));
	for (int i = 0; i < COMMAND_COUNT; i++)
		add_arms(out, (enum command)i, false);
	buf_add(out, S("\tesac\n\tcase $command in\n"));
	for (int i = 0; i < COMMAND_COUNT; i++)
		add_options(out, (enum command)i);
	buf_add(out, S("\t*) return ;;\n\tesac\n"
	               "\tif [[ $cur == -?* || $cur == - ]] && [[ ! $only_operands ]]; then\n"
	               "\t\t_asamend_words \"$options\"\n"
	               "\t\treturn\n"
	               "\tfi\n"
	               "\tcase $command in\n"));
	for (int i = 0; i < COMMAND_COUNT; i++)
		add_operands(out, (enum command)i);
	buf_add(out, S("\tesac\n}\n\ncomplete -F _asamend asamend\n"));
}
