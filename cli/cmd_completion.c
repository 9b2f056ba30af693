/* SPDX-License-Identifier: ISC */
/* asamend completion: what a shell reads to complete command lines. */
#include "cli/cmd.h"

#include "cli/completion.h"
#include "cli/option_words.h"
#include "cli/output.h"

#include <stdio.h>

static const struct {
	const char *name;
	void (*print)(struct buf *out);
} shells[] = {{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};

int cmd_completion(struct options *options)
{
	struct option_values known = operand_values(options->arena, CMD_COMPLETION);
	struct str shell = options->operands.v[0], error, hint;
	struct buf out = {.arena = options->arena};

	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (str_eq(shell, str_of(shells[i].name)))
			shells[i].print(&out);
	}
	if (!out.n) {
		hint = option_suggest(options->arena, shell, known.words.v, known.words.n, "", "");
		fprintf(stderr, "asamend completion: there is none for %.*s, only for %s%.*s\n",
		        STR(shell), command_rows[CMD_COMPLETION].operands, STR(hint));
		return STATUS_USAGE;
	}
	if (output_write(options->arena, options->formats.v[0].path, buf_str(&out), &error))
		return STATUS_CLEAN;
	fprintf(stderr, "asamend completion: %.*s\n", STR(error));
	return STATUS_USAGE;
}
