/* SPDX-License-Identifier: ISC */
/* The table that rules.def expands to. */
#include "analyzers/rules.h"

const struct rule rules[] = {
#define RULE(id, name, severity, title, help) {#id, name, SEVERITY_##severity, title, help},
#include "analyzers/rules.def"
#undef RULE
};

const size_t n_rules = RULE_COUNT;

const struct rule *rules_find(struct str id)
{
	for (size_t i = 0; i < n_rules; i++) {
		if (str_eq(id, str_of(rules[i].id)))
			return &rules[i];
	}
	return NULL;
}

const struct str *rules_ids(struct arena *arena)
{
	struct str *ids = NEW_ARRAY(arena, struct str, n_rules);

	for (size_t i = 0; i < n_rules; i++)
		ids[i] = str_of(rules[i].id);
	return ids;
}
