/* SPDX-License-Identifier: ISC */
/* Any bytes as a capture: split, read with a change on top, linked, printed. */
#include <stddef.h>
#include <stdint.h>

#include "model/dump.h"
#include "parser/config_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	/* What stands behind a line of "===" is applied on top of what stands before it. */
	struct str text = str_copy(arena, (struct str){(const char *)data, size}), looks_like;
	struct str base = text, change = {"", 0};
	for (size_t i = 0; i + 5 < text.n; i++)
		if (str_starts((struct str){text.s + i, text.n - i}, S("\n===\n"))) {
			base.n = i;
			change = (struct str){text.s + i + 5, text.n - i - 5};
			break;
		}
	const struct config_input inputs[] = {{S("base"), base}, {S("change"), change}};
	struct config_parts parts = config_split(arena, base);
	VEC_EACH(const struct config_part, part, &parts.list) {
		struct config *config = config_read(arena, inputs, change.n ? 2 : 1, part);
		struct buf dump = {.arena = arena};
		config_recognised(config, &looks_like);
		config_dump(config, &dump);
	}
	arena_free(arena);
	return 0;
}
