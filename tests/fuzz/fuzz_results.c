/* SPDX-License-Identifier: ISC */
/*
 * Results that anybody may have written are read back and printed in every format: nothing in
 * them may crash the program, and what was read once reads the same when it is written again.
 */
#include "analyzers/rules.h"
#include "emitters/emitter.h"
#include "parser/results.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_text(struct arena *arena, struct str text, struct report *report)
{
	enum results_end end;
	struct str error;
	uint32_t line;
	*report = (struct report){.tool_version = "0", .rules = rules, .n_rules = n_rules};
	bool good = results_read(arena, (struct rule_table){rules, n_rules}, text, report, &end,
	                         &line, &error);
	report_summarize(report);
	return good;
}

static struct str print(struct arena *arena, const struct emitter *emitter,
                        const struct report *report)
{
	struct emit_options options = {.verbose = 1, .show_suppressed = true};
	struct buf out = {.arena = arena};
	emitter->emit(report, &options, &out);
	return buf_str(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct report first, second;
	const struct emitter *emitter;
	if (read_text(arena, (struct str){(const char *)data, size}, &first)) {
		for (size_t i = 0; (emitter = emitter_nth(EMIT_AUDIT, i)); i++)
			print(arena, emitter, &first);
		emitter = emitter_find(EMIT_AUDIT, S("ndjson"));
		struct str records = print(arena, emitter, &first);
		if (!read_text(arena, records, &second) ||
		    !str_eq(records, print(arena, emitter, &second)))
			abort();
	}
	arena_free(arena);
	return 0;
}
