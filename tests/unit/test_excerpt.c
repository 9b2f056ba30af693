/* SPDX-License-Identifier: ISC */
#include "parser/excerpt.h"

#include <criterion/criterion.h>

static const char record[] =
        "{\"path\":\"fw.cfg\",\"findings\":[{\"evidence\":["
        "{\"line\":7,\"column\":3,\"text\":\"  inspect esmtp\"},"
        "{\"line\":2,\"path\":\"more.txt\",\"text\":\"a\\nb\"}]}],"
        "\"why\":[{\"line\":4,\"text\":\"a reason, which stands in no file\"}],"
        "\"diagnostics\":[{\"line\":7,\"column\":40,\"message\":\"m\"},{\"line\":null}],"
        "\"lines\":[{\"line\":4,\"text\":\"access-list x\"}]}";

static struct str quoted(struct arena *arena, const struct sources *sources, const char *citation)
{
	json_t *object = json_loads(citation, 0, NULL);
	struct span span = excerpt_span(sources, object);
	struct place place = source_place(sources, span);
	struct span whole = source_line(sources, span.source, place.line);
	struct str text = source_quote(arena, sources, whole);
	json_decref(object);
	return str_printf(arena, "%.*s:%u:%u:%.*s", STR(place.path), place.line, place.column,
	                  STR(text));
}

Test(excerpt, places_and_texts_are_those_of_the_file)
{
	static const char *const cases[][2] = {
	        {"{\"line\":7,\"column\":3}", "fw.cfg:7:3:  inspect esmtp"},
	        {"{\"line\":7,\"column\":40}", "fw.cfg:7:40:  inspect esmtp"},
	        {"{\"line\":4}", "fw.cfg:4:1:access-list x"},
	        {"{\"line\":2,\"path\":\"more.txt\"}", "more.txt:2:1:a?b"},
	        {"{\"line\":3}", "fw.cfg:0:0:"},
	        {"{\"line\":null}", "fw.cfg:0:0:"},
	        {"{\"line\":-1}", "fw.cfg:0:0:"},
	        {"{\"line\":99999999999}", "fw.cfg:0:0:"},
	};
	struct arena *arena = arena_new();
	json_t *object = json_loads(record, 0, NULL);
	struct sources sources = {0};
	excerpt_sources(arena, &sources, S("fw.cfg"), object);
	json_decref(object);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str text = quoted(arena, &sources, cases[i][0]);
		cr_expect(str_eq(text, str_of(cases[i][1])), "%s: %.*s", cases[i][0], STR(text));
	}
	arena_free(arena);
}

Test(excerpt, equal_lines_are_equal_places)
{
	struct arena *arena = arena_new();
	json_t *object = json_loads(
	        "{\"a\":{\"line\":5,\"column\":2},\"b\":[{\"line\":5,\"column\":2}]}", 0, NULL);
	struct sources sources = {0};
	excerpt_sources(arena, &sources, S("x"), object);
	struct span a = excerpt_span(&sources, json_object_get(object, "a"));
	struct span b = excerpt_span(&sources, json_array_get(json_object_get(object, "b"), 0));
	cr_expect(a.len && a.offset == b.offset && a.source == b.source);
	json_decref(object);
	arena_free(arena);
}
