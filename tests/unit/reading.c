/* SPDX-License-Identifier: ISC */
#include "tests/unit/reading.h"

#include <criterion/criterion.h>

#include "model/dump.h"

struct reading read_part(const char *text, const char *change, uint32_t part)
{
	struct reading reading = {.arena = arena_new()};
	const struct config_input inputs[] = {{S("fw"), str_of(text)},
	                                      {S("change"), str_of(change)}};
	struct config_parts parts = config_split(reading.arena, inputs[0].text);
	cr_assert(part < parts.list.n, "%u parts in: %s", parts.list.n, text);
	struct buf dump = {.arena = reading.arena};
	reading.config = config_read(reading.arena, inputs, change ? 2 : 1, &parts.list.v[part]);
	config_dump(reading.config, &dump);
	reading.dump = buf_str(&dump);
	return reading;
}

struct reading read_text(const char *text)
{
	return read_part(text, NULL, 0);
}

bool reading_has(const struct reading *reading, const char *text)
{
	return str_contains(reading->dump, str_of(text));
}

void expect_lines(const char *text, const char *change, const char *there, const char *gone)
{
	struct reading reading = read_part(text, change, 0);
	if (there)
		cr_expect(reading_has(&reading, there), "\"%s\" is not in:\n%.*s", there,
		          STR(reading.dump));
	if (gone)
		cr_expect(!reading_has(&reading, gone), "\"%s\" is in:\n%.*s", gone,
		          STR(reading.dump));
	arena_free(reading.arena);
}

void expect_counts(const char *text, uint32_t unknown, uint32_t invalid)
{
	struct reading reading = read_text(text);
	cr_expect(reading.config->coverage.unknown == unknown, "%u unknown in: %s",
	          reading.config->coverage.unknown, text);
	cr_expect(reading.config->invalid_lines.n == invalid, "%u invalid in: %s",
	          reading.config->invalid_lines.n, text);
	arena_free(reading.arena);
}

void expect_same(const char *text, const char *change, const char *as)
{
	struct reading a = read_part(text, change, 0), b = read_text(as);
	cr_expect(str_eq(a.dump, b.dump), "%s\n--- and\n%s\n--- are\n%.*s--- and\n%.*s", text, as,
	          STR(a.dump), STR(b.dump));
	arena_free(a.arena);
	arena_free(b.arena);
}
