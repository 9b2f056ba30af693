/* SPDX-License-Identifier: ISC */
#include "parser/results_change.h"

#include "model/ports.h"
#include "parser/json_read.h"

#include <string.h>

bool results_witness(struct arena *arena, const json_t *object, struct witness *witness)
{
	u128 *at = witness->packet.at;
	struct str protocol = json_read_text(arena, object, "protocol");
	uint64_t number;
	int known = protocol_number(protocol);
	if (!addr_parse(json_read_text(arena, object, "src"), &at[DIM_SRC]) ||
	    !addr_parse(json_read_text(arena, object, "dst"), &at[DIM_DST]))
		return false;
	if (known < 0 && !str_number(protocol, UINT8_MAX, &number))
		return false;
	at[DIM_PROTO] = known >= 0 ? (u128)known : number;
	at[DIM_SPORT] = json_read_count(object, "sport");
	at[DIM_DPORT] = json_read_count(object, "dport");
	witness->input = json_read_text(arena, object, "input");
	return true;
}

static void read_lines(struct arena *arena, const json_t *array, bool notes,
                       struct change_lines *lines)
{
	json_t *line;
	size_t i;
	json_array_foreach(array, i, line) VEC_PUSH(
	        arena, &lines->list, (struct change_line){json_read_string(arena, line), notes});
}

static void read_unmended(struct arena *arena, struct rule_table rules, const json_t *object,
                          struct change *change)
{
	struct str id = json_read_text(arena, object, "rule");
	for (size_t i = 0; i < rules.n; i++)
		if (str_eq(id, str_of(rules.rules[i].id)))
			VEC_PUSH(arena, &change->unmended,
			         (struct unmended){&rules.rules[i],
			                           json_read_text(arena, object, "flow"),
			                           json_read_text(arena, object, "why")});
}

static void read_proof(struct arena *arena, const json_t *object, struct change_check *check)
{
	json_t *id;
	size_t i;
	check->done = json_is_boolean(json_object_get(object, "cleared"));
	check->cleared = json_read_bool(object, "cleared");
	json_array_foreach(json_object_get(object, "exempted"), i, id)
	        VEC_PUSH(arena, &check->exempted, json_read_string(arena, id));
	check->unchanged = json_read_bool(object, "unchanged");
	check->has_counterexample = results_witness(
	        arena, json_object_get(object, "counterexample"), &check->counterexample);
	check->rollback_restores = json_read_bool(object, "rollback_restores");
	check->idempotent = json_read_bool(object, "idempotent");
}

const struct change *results_change(struct arena *arena, struct rule_table rules,
                                    const json_t *object)
{
	json_t *part;
	size_t i;
	int form = json_read_name(object, "form", fix_form_names, FORM_COUNT);
	if (form < 0)
		return NULL;
	struct change *change = NEW(arena, struct change);
	change->form = (enum fix_form)form;
	change->safe = json_read_bool(object, "safe");
	read_lines(arena, json_object_get(object, "notes"), true, &change->commands);
	read_lines(arena, json_object_get(object, "change"), false, &change->commands);
	read_lines(arena, json_object_get(object, "rollback_notes"), true, &change->rollback);
	read_lines(arena, json_object_get(object, "rollback"), false, &change->rollback);
	json_array_foreach(json_object_get(object, "verify"), i, part)
	        VEC_PUSH(arena, &change->verify, json_read_string(arena, part));
	json_array_foreach(json_object_get(object, "unmended"), i, part)
	        read_unmended(arena, rules, part, change);
	read_proof(arena, json_object_get(object, "proof"), &change->check);
	return change;
}
