/* SPDX-License-Identifier: ISC */
/* Records of results; emitters/schema/scan.schema.json describes them. */
#include "emitters/ndjson.h"

#include "emitters/emitter.h"
#include "emitters/json_config.h"
#include "emitters/json_value.h"

#include <stdlib.h>

static json_t *record(struct arena *arena, const char *kind)
{
	json_t *object = json_object();

	json_set(arena, object, "kind", json_string(kind));
	return object;
}

void ndjson_run(const char *tool_version, const struct run_info *run, struct buf *out)
{
	struct arena *arena = out->arena;
	json_t *object = record(arena, "run"), *argv = json_array();

	VEC_EACH(const struct str, word, &run->argv)
		json_append(arena, argv, json_text(arena, *word));
	json_set(arena, object, "schema_version", json_integer(JSON_SCHEMA_VERSION));
	json_set(arena, object, "tool", json_tool(arena, tool_version));
	json_set(arena, object, "policy_sha256", json_text_or_null(arena, run->policy_sha256));
	json_set(arena, object, "settings", json_text_or_null(arena, run->settings));
	json_set(arena, object, "argv", argv);
	json_set(arena, object, "started", json_text(arena, run->started));
	json_set(arena, object, "today", json_text(arena, run->today));
	json_write_line(out, object);
}

struct line {
	const char *path; /* NULL: the config itself */
	json_int_t number;
};

struct lines {
	VEC(struct line) list;
};

/* The lines that a value speaks of, wherever in it. */
static void collect_lines(struct arena *arena, json_t *value, struct lines *lines)
{
	const char *key;
	json_t *part;
	size_t i;

	if (json_is_integer(json_object_get(value, "line")))
		VEC_PUSH(arena, &lines->list,
		         (struct line){json_string_value(json_object_get(value, "path")),
		                       json_integer_value(json_object_get(value, "line"))});
	json_object_foreach(value, key, part) collect_lines(arena, part, lines);
	json_array_foreach(value, i, part) collect_lines(arena, part, lines);
}

static int compare_lines(const void *left, const void *right)
{
	const struct line *a = left, *b = right;
	int paths = str_cmp(str_of(a->path), str_of(b->path));

	return paths ? paths : (a->number > b->number) - (a->number < b->number);
}

/* The source of that path; the config is the first, whatever it is called. */
static uint16_t find_source(const struct sources *sources, const char *path)
{
	uint16_t i;

	for (i = 1; path && i < sources->list.n; i++)
		if (str_eq(sources->list.v[i].path, str_of(path)))
			return i;
	return 0;
}

/* Each line that the record speaks of, once: those who read it have no config to look it up. */
static json_t *json_lines(struct arena *arena, const struct config_report *config, json_t *object)
{
	json_t *array = json_array();
	struct lines lines = {0};

	collect_lines(arena, object, &lines);
	if (lines.list.n)
		qsort(lines.list.v, lines.list.n, sizeof(*lines.list.v), compare_lines);
	VEC_EACH(const struct line, line, &lines.list) {
		uint16_t source = find_source(&config->sources, line->path);
		struct span span = source_line(&config->sources, source, (uint32_t)line->number);
		json_t *entry;

		if (line > lines.list.v && compare_lines(line, line - 1) == 0)
			continue;
		entry = json_object();
		json_set(arena, entry, "line", json_integer(line->number));
		if (line->path)
			json_set(arena, entry, "path", json_string(line->path));
		json_set(arena, entry, "text",
		         json_text(arena, source_quote(arena, &config->sources, span)));
		json_append(arena, array, entry);
	}
	return array;
}

void ndjson_config(const struct config_report *config, struct buf *out)
{
	struct arena *arena = out->arena;
	json_t *object = record(arena, "config"), *body = json_config(arena, config);
	json_t *lines = json_lines(arena, config, body);

	json_update(arena, object, body);
	json_set(arena, object, "lines", lines);
	json_write_line(out, object);
}

void ndjson_unread(const struct unread *unread, struct buf *out)
{
	json_t *object = record(out->arena, unread->skipped ? "skipped" : "unreadable");

	json_set(out->arena, object, "path", json_text(out->arena, unread->path));
	json_set(out->arena, object, "reason", json_text(out->arena, unread->reason));
	json_write_line(out, object);
}

void ndjson_end(const struct summary *summary, struct buf *out)
{
	json_t *object = record(out->arena, "end");

	json_set(out->arena, object, "summary", json_summary(out->arena, summary));
	json_write_line(out, object);
}

void emit_ndjson(const struct report *report, const struct emit_options *options, struct buf *out)
{
	(void)options;
	ndjson_run(report->tool_version, &report->run, out);
	VEC_EACH(const struct config_report, config, &report->configs)
		ndjson_config(config, out);
	VEC_EACH(const struct unread, unread, &report->unread)
		ndjson_unread(unread, out);
	ndjson_end(&report->summary, out);
}
