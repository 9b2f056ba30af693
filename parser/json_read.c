/* SPDX-License-Identifier: ISC */
#include "parser/json_read.h"

#include <string.h>

struct str json_read_string(struct arena *arena, const json_t *value)
{
	struct str text = {json_string_value(value), json_string_length(value)};
	return text.n ? str_copy(arena, text) : S("");
}

struct str json_read_text(struct arena *arena, const json_t *object, const char *key)
{
	return json_read_string(arena, json_object_get(object, key));
}

uint32_t json_read_count(const json_t *object, const char *key)
{
	json_int_t number = json_integer_value(json_object_get(object, key));
	return number > 0 && number <= (json_int_t)UINT32_MAX ? (uint32_t)number : 0;
}

bool json_read_bool(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

int json_read_name(const json_t *object, const char *key, const char *const *names, int n)
{
	const char *text = json_string_value(json_object_get(object, key));
	for (int i = 0; text && i < n; i++)
		if (names[i] && strcmp(names[i], text) == 0)
			return i;
	return -1;
}
