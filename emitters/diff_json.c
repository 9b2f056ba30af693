/* SPDX-License-Identifier: ISC */
/* What two configs treat differently, as JSON; emitters/schema/diff.schema.json describes it. */
#include "emitters/emitter.h"
#include "emitters/json_value.h"

static json_t *json_lines(struct arena *arena, const struct diff_config *config,
                          const struct diff_change *change, enum diff_side side)
{
	const struct sources *sources = &config->sources[side];
	json_t *array = json_array();

	VEC_EACH(const struct span, span, &change->lines[side].list) {
		json_t *object = json_object();

		json_set_line(arena, object, sources, *span);
		json_set(arena, object, "text",
		         json_text(arena, source_quote(arena, sources, *span)));
		json_append(arena, array, object);
	}
	return array;
}

/* The boxes with their protocols, which flows need not tell. */
static json_t *json_diff_packets(struct arena *arena, const struct pset *set)
{
	json_t *array = json_packets(arena, set);
	size_t i = 0;

	VEC_EACH(const struct box, box, &set->boxes) {
		struct words words = {0};

		protocols_text(arena, box->dim[DIM_PROTO], &words);
		json_set(arena, json_array_get(array, i++), "protocols", json_words(arena, &words));
	}
	return array;
}

static json_t *json_change(struct arena *arena, const struct diff_config *config,
                           const struct diff_change *change)
{
	json_t *object = json_object(), *lines = json_object();

	json_set(arena, lines, "old", json_lines(arena, config, change, DIFF_OLD));
	json_set(arena, lines, "new", json_lines(arena, config, change, DIFF_NEW));
	json_set(arena, object, "flow", json_text_or_null(arena, change->flow));
	json_set(arena, object, "what", json_string(diff_what_names[change->what]));
	json_set(arena, object, "place", json_text_or_null(arena, change->place));
	json_set(arena, object, "before", json_text(arena, change->before));
	json_set(arena, object, "after", json_text(arena, change->after));
	json_set(arena, object, "undecided", json_boolean(change->undecided));
	json_set(arena, object, "mail", json_boolean(change->mail));
	json_set(arena, object, "packets", json_diff_packets(arena, &change->packets));
	if (change->except.boxes.n)
		json_set(arena, object, "except", json_diff_packets(arena, &change->except));
	json_set(arena, object, "witness",
	         change->has_witness ? json_witness(arena, &change->witness) : json_null());
	json_set(arena, object, "lines", lines);
	json_set(arena, object, "context", json_text_or_null(arena, config->context));
	return object;
}

static json_t *json_side(struct arena *arena, const struct diff_config *config, enum diff_side side)
{
	json_t *object = json_object();

	if (!config->there[side]) {
		json_decref(object);
		return json_null();
	}
	json_set(arena, object, "path", json_text(arena, config->path[side]));
	json_set(arena, object, "sha256", json_text(arena, config->sha256[side]));
	json_set(arena, object, "hostname", json_text(arena, config->hostname[side]));
	json_set(arena, object, "version", json_text_or_null(arena, config->version[side]));
	return object;
}

static json_t *json_config(struct arena *arena, const struct diff_config *config)
{
	json_t *object = json_object(), *notes = json_array(), *applied = json_array();

	VEC_EACH(const struct str, note, &config->notes)
		json_append(arena, notes, json_text(arena, *note));
	VEC_EACH(const struct str, path, &config->applied)
		json_append(arena, applied, json_text(arena, *path));
	json_set(arena, object, "context", json_text_or_null(arena, config->context));
	json_set(arena, object, "old", json_side(arena, config, DIFF_OLD));
	json_set(arena, object, "new", json_side(arena, config, DIFF_NEW));
	json_set(arena, object, "applied", applied);
	json_set(arena, object, "flows", json_integer(config->flows));
	json_set(arena, object, "notes", notes);
	return object;
}

void emit_diff_json(const struct report *report, const struct emit_options *options,
                    struct buf *out)
{
	static const struct diff none = {.equal = true};
	const struct diff *diff = report->diff ? report->diff : &none;
	struct arena *arena = out->arena;
	json_t *document = json_object(), *changes = json_array(), *configs = json_array();

	(void)options;
	VEC_EACH(const struct diff_config, config, &diff->configs) {
		json_append(arena, configs, json_config(arena, config));
		VEC_EACH(const struct diff_change, change, &config->changes)
			json_append(arena, changes, json_change(arena, config, change));
	}
	json_set(arena, document, "schema_version", json_integer(JSON_SCHEMA_VERSION));
	json_set(arena, document, "tool", json_tool(arena, report->tool_version));
	json_set(arena, document, "configs", configs);
	json_set(arena, document, "changes", changes);
	json_set(arena, document, "equal", json_boolean(diff->equal));
	json_write(out, document);
}
