/* SPDX-License-Identifier: ISC */
/* Places, quoted text with secrets, lines; and the queue of diagnostics. */
#include "model/diag.h"
#include "model/source.h"

#include <criterion/criterion.h>

#define LEN(table) (sizeof(table) / sizeof(*(table)))

static struct span at(uint32_t offset, uint32_t len)
{
	return (struct span){.offset = offset, .len = len};
}

Test(source, places)
{
	static const struct {
		const char *text;
		uint32_t offset, line, column;
	} cases[] = {
	        {"a", 0, 1, 1},          {"abc\ndef\n", 2, 1, 3}, {"abc\ndef\n", 3, 1, 4},
	        {"abc\ndef\n", 4, 2, 1}, {"abc\ndef\n", 7, 2, 4}, {"abc\r\ndef", 5, 2, 1},
	        {"\n\n\nx", 0, 1, 1},    {"\n\n\nx", 1, 2, 1},    {"\n\n\nx", 3, 4, 1},
	};
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct sources sources = {0};
		struct place place;

		source_add(arena, &sources, S("fw.cfg"), str_of(cases[i].text));
		place = source_place(&sources, at(cases[i].offset, 1));
		cr_expect(place.line == cases[i].line, "case %zu: line %u", i, place.line);
		cr_expect(place.column == cases[i].column, "case %zu: column %u", i, place.column);
		cr_expect(str_eq(place.path, S("fw.cfg")));
	}
	arena_free(arena);
}

Test(source, several)
{
	struct arena *arena = arena_new();
	struct sources sources = {0};
	uint16_t first = source_add(arena, &sources, S("a.cfg"), S("hostname fw\n"));
	uint16_t empty = source_add(arena, &sources, S("b.cfg"), S(""));
	uint16_t last = source_add(arena, &sources, S("c.cfg"), S("\nno names\n"));
	struct place place;

	cr_expect(first == 0 && empty == 1 && last == 2);
	place = source_place(&sources, (struct span){.offset = 1, .len = 2, .source = last});
	cr_expect(str_eq(place.path, S("c.cfg")) && place.line == 2 && place.column == 1);
	place = source_place(&sources, (struct span){.source = empty});
	cr_expect(str_eq(place.path, S("b.cfg")) && place.line == 0 && place.column == 0);
	place = source_place(&(struct sources){0}, (struct span){0});
	cr_expect(place.path.n == 0 && place.line == 0);
	cr_expect(source_quote(arena, &sources, (struct span){0}).n == 0);
	arena_free(arena);
}

Test(source, lines)
{
	static const struct {
		const char *text;
		uint32_t line, offset, len;
	} cases[] = {
	        {"", 1, 0, 0},
	        {"a", 1, 0, 1},
	        {"a", 2, 0, 0},
	        {"a", 0, 0, 0},
	        {"a\n", 2, 0, 0},
	        {"ab\ncde\n", 2, 3, 3},
	        {"ab\r\ncde\r\n", 1, 0, 2},
	        {"ab\r\ncde\r\n", 2, 4, 3},
	        {"ab\n\ncd", 2, 3, 0},
	        {"ab\n\ncd", 3, 4, 2},
	        {"a\r", 1, 0, 1},
	};
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct sources sources = {0};
		struct span span;

		source_add(arena, &sources, S("-"), str_of(cases[i].text));
		span = source_line(&sources, 0, cases[i].line);
		cr_expect(span.offset == cases[i].offset && span.len == cases[i].len,
		          "case %zu: %u+%u", i, span.offset, span.len);
	}
	cr_expect(source_line(&(struct sources){0}, 3, 1).len == 0);
	arena_free(arena);
}

/*                           0         1         2         3         4 */
/*                           012345678901234567890123456789012345678901234 */
static const char quoted[] = "key SECRET1 user admin password=SECRET2\t x\001 \r\n";

Test(source, quotes)
{
	static const struct {
		uint32_t offset, len;
		const char *text;
	} cases[] = {
	        {0, 3, "key"},
	        {23, 9, "password="},
	        {0, 4, "key"},
	        {0, 5, "key *****"},
	        {0, 11, "key *****"},
	        {0, 12, "key *****"},
	        {0, 16, "key ***** user"},
	        {6, 2, "*****"},
	        {10, 6, "***** user"},
	        {11, 5, " user"},
	        {12, 10, "user admin"},
	        {4, 35, "***** user admin password=*****"},
	        {23, 23, "password=*****  x?"},
	        {39, 2, ""},
	        {0, 0, ""},
	};
	struct arena *arena = arena_new();
	struct sources sources = {0};
	size_t i;

	source_add(arena, &sources, S("-"), str_of(quoted));
	source_mark_secret(arena, &sources, at(4, 3));
	source_mark_secret(arena, &sources, at(5, 0));
	source_mark_secret(arena, &sources, at(5, 4)); /* overlaps */
	source_mark_secret(arena, &sources, at(6, 2)); /* inside */
	source_mark_secret(arena, &sources, at(9, 2)); /* touches */
	source_mark_secret(arena, &sources, at(32, 7));
	for (i = 0; i < LEN(cases); i++) {
		struct str text = source_quote(arena, &sources, at(cases[i].offset, cases[i].len));

		cr_expect(str_eq(text, str_of(cases[i].text)), "case %zu: '%.*s'", i, STR(text));
		cr_expect(!str_contains(text, S("SEC")) && !str_contains(text, S("RET")));
	}
	arena_free(arena);
}

Test(source, diagnostics)
{
	struct arena *arena = arena_new();
	struct diags diags = {0};

	diag_add(arena, &diags, SEVERITY_ERROR, at(3, 4), "expected %s, not '%d'", "a mask", 7);
	diag_add(arena, &diags, SEVERITY_NOTE, at(0, 0), "nothing else");
	cr_assert(diags.list.n == 2);
	cr_expect(diags.list.v[0].severity == SEVERITY_ERROR && diags.list.v[0].span.offset == 3);
	cr_expect(str_eq(diags.list.v[0].message, S("expected a mask, not '7'")));
	cr_expect(str_eq(str_of(severity_names[diags.list.v[1].severity]), S("note")));
	arena_free(arena);
}
