/* SPDX-License-Identifier: ISC */
/* The audit as one JSON document; emitters/schema/audit.schema.json describes it. */
#include "emitters/emitter.h"
#include "emitters/json_config.h"
#include "emitters/json_value.h"

/* Inputs that gave no result. */
static json_t *json_unread(struct arena *arena, const struct report *report)
{
	json_t *array = json_array();

	VEC_EACH(const struct unread, unread, &report->unread) {
		json_t *object = json_object();

		json_set(arena, object, "path", json_text(arena, unread->path));
		json_set(arena, object, "reason", json_text(arena, unread->reason));
		json_set(arena, object, "skipped", json_boolean(unread->skipped));
		json_append(arena, array, object);
	}
	return array;
}

void emit_json(const struct report *report, const struct emit_options *options, struct buf *out)
{
	struct arena *arena = out->arena;
	json_t *document = json_object(), *configs = json_array();

	(void)options;
	VEC_EACH(const struct config_report, config, &report->configs)
		json_append(arena, configs, json_config(arena, config));
	json_set(arena, document, "schema_version", json_integer(JSON_SCHEMA_VERSION));
	json_set(arena, document, "tool", json_tool(arena, report->tool_version));
	json_set(arena, document, "configs", configs);
	json_set(arena, document, "unread", json_unread(arena, report));
	json_set(arena, document, "summary", json_summary(arena, &report->summary));
	json_write(out, document);
}
