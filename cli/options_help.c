/* SPDX-License-Identifier: ISC */
/* The help, from the table of options. */
#include "cli/options.h"

#include "cli/option_words.h"

#include <string.h>

enum { HELP_WIDTH = 80, HELP_INDENT = 28 };

const char *command_name(enum command command)
{
	return command_rows[command].name;
}

/* Words of `text` from column `column` on; the lines after the first begin at `indent`. */
static void wrap(struct buf *buf, struct str text, size_t column, size_t indent)
{
	struct str rest = text, word;
	bool more, first = true;

	do {
		more = str_cut(rest, ' ', &word, &rest);
		if (!first && column + 1 + word.n > HELP_WIDTH) {
			buf_printf(buf, "\n%*s", (int)indent, "");
			column = indent;
			first = true;
		}
		buf_printf(buf, "%s%.*s", first ? "" : " ", STR(word));
		column += word.n + !first;
		first = false;
	} while (more);
	buf_char(buf, '\n');
}

static struct str option_help(struct arena *arena, enum command command,
                              const struct option *option)
{
	struct buf text = {.arena = arena};
	struct option_words names;

	buf_add(&text, str_of(option->help));
	if (strcmp(option->name, "format") == 0) {
		names = option_formats(arena, command);
		for (uint32_t i = 0; i < names.n; i++)
			buf_printf(&text, "%s%.*s%s", i == 0 ? ": " : ", ", STR(names.v[i]),
			           i == 0 ? " (default)" : "");
	}
	return buf_str(&text);
}

static void help_row(struct buf *buf, enum command command, const struct option *option)
{
	size_t begin = buf->n, column;

	if (option->letter)
		buf_printf(buf, "  -%c, --%s", option->letter, option->name);
	else
		buf_printf(buf, "      --%s", option->name);
	if (option->argument)
		buf_printf(buf, " %s", option->argument);
	column = buf->n - begin;
	if (column >= HELP_INDENT) {
		buf_char(buf, '\n');
		column = 0;
	}
	buf_printf(buf, "%*s", (int)(HELP_INDENT - column), "");
	wrap(buf, option_help(buf->arena, command, option), HELP_INDENT, HELP_INDENT);
}

struct str options_help(struct arena *arena, enum command command)
{
	struct buf buf = {.arena = arena};

	buf_printf(&buf, "Usage: asamend %s [options] %s\n\n%c%s.\n", command_rows[command].name,
	           command_rows[command].operands, command_rows[command].summary[0] - 'a' + 'A',
	           command_rows[command].summary + 1);
	for (int group = 0; group < GROUP_COUNT; group++) {
		bool titled = false;

		for (size_t i = 0; i < n_options; i++) {
			if (option_table[i].group != (enum option_group)group ||
			    !option_taken(command, &option_table[i]))
				continue;
			if (!titled)
				buf_printf(&buf, "\n%s:\n", option_group_names[group]);
			titled = true;
			help_row(&buf, command, &option_table[i]);
		}
	}
	return buf_str(&buf);
}

struct str options_overview(struct arena *arena)
{
	struct buf buf = {.arena = arena};

	buf_add(&buf, S("Usage: asamend COMMAND [options] ...\n\n"
	                "Audit and mend the mail path through Cisco ASA and PIX firewalls.\n\n"
	                "Commands:\n"));
	for (int i = 0; i < COMMAND_COUNT; i++) {
		size_t begin = buf.n;

		buf_printf(&buf, "  %s %s", command_rows[i].name, command_rows[i].operands);
		if (buf.n - begin >= HELP_INDENT) {
			buf_char(&buf, '\n');
			begin = buf.n;
		}
		buf_printf(&buf, "%*s", (int)(HELP_INDENT - (buf.n - begin)), "");
		wrap(&buf, str_of(command_rows[i].summary), HELP_INDENT, HELP_INDENT);
	}
	buf_add(&buf, S("\nOptions:\n"
	                "  -h, --help                print this help; with a command, its options\n"
	                "      --version             print the version\n\n"
	                "Exit status:\n"
	                "  0  everything asked about was decided and is clean\n"
	                "  1  there are findings\n"
	                "  2  a mistake in the command line or policy, or unreadable input\n"
	                "  3  an internal error\n"));
	return buf_str(&buf);
}
