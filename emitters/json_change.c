/* SPDX-License-Identifier: ISC */
/* A change as JSON: its lines and what replaying them has shown. */
#include "emitters/json_change.h"

#include "emitters/json_value.h"

/* The commands among the lines, or the notes. */
static json_t *json_lines(struct arena *arena, const struct change_lines *lines, bool notes)
{
	json_t *array = json_array();

	VEC_EACH(const struct change_line, line, &lines->list)
		if (line->note == notes)
			json_append(arena, array, json_text(arena, line->text));
	return array;
}

static json_t *json_strings(struct arena *arena, const struct str *strings, uint32_t n)
{
	json_t *array = json_array();
	uint32_t i;

	for (i = 0; i < n; i++)
		json_append(arena, array, json_text(arena, strings[i]));
	return array;
}

/* Only what was computed is claimed; null is "not looked at". */
static json_t *json_proof(struct arena *arena, const struct change_check *check)
{
	json_t *object = json_object();

	json_set(arena, object, "cleared",
	         check->done ? json_boolean(check->cleared) : json_null());
	json_set(arena, object, "exempted",
	         check->done ? json_strings(arena, check->exempted.v, check->exempted.n)
	                     : json_null());
	json_set(arena, object, "unchanged",
	         check->done ? json_boolean(check->unchanged) : json_null());
	json_set(arena, object, "counterexample",
	         check->has_counterexample ? json_witness(arena, &check->counterexample)
	                                   : json_null());
	json_set(arena, object, "rollback_restores",
	         check->done ? json_boolean(check->rollback_restores) : json_null());
	json_set(arena, object, "idempotent",
	         check->done ? json_boolean(check->idempotent) : json_null());
	return object;
}

static json_t *json_unmended(struct arena *arena, const struct change *change)
{
	json_t *array = json_array();

	VEC_EACH(const struct unmended, unmended, &change->unmended) {
		json_t *object = json_object();

		json_set(arena, object, "rule", json_string(unmended->rule->id));
		json_set(arena, object, "flow", json_text_or_null(arena, unmended->flow_id));
		json_set(arena, object, "why", json_text(arena, unmended->why));
		json_append(arena, array, object);
	}
	return array;
}

json_t *json_change(struct arena *arena, const struct change *change)
{
	json_t *object = json_object();

	json_set(arena, object, "change", json_lines(arena, &change->commands, false));
	json_set(arena, object, "rollback", json_lines(arena, &change->rollback, false));
	json_set(arena, object, "notes", json_lines(arena, &change->commands, true));
	json_set(arena, object, "rollback_notes", json_lines(arena, &change->rollback, true));
	json_set(arena, object, "verify", json_strings(arena, change->verify.v, change->verify.n));
	json_set(arena, object, "form", json_string(fix_form_names[change->form]));
	json_set(arena, object, "safe", json_boolean(change->safe));
	json_set(arena, object, "proof", json_proof(arena, &change->check));
	json_set(arena, object, "unmended", json_unmended(arena, change));
	return object;
}
