/* SPDX-License-Identifier: ISC */
/* The table of output formats. */
#include "emitters/emitter.h"

#define ROW(commands, name, extension, function) {name, extension, commands, function},
static const struct emitter emitters[] = {EMITTERS(ROW)};
#undef ROW

#define N_EMITTERS (sizeof(emitters) / sizeof(emitters[0]))

const struct emitter *emitter_nth(enum emit_command command, size_t n)
{
	size_t i;

	for (i = 0; i < N_EMITTERS; i++)
		if ((emitters[i].commands & command) && n-- == 0)
			return &emitters[i];
	return NULL;
}

const struct emitter *emitter_find(enum emit_command command, struct str name)
{
	const struct emitter *emitter;
	size_t n;

	for (n = 0; (emitter = emitter_nth(command, n)); n++)
		if (str_eq(str_of(emitter->name), name))
			return emitter;
	return NULL;
}
