/* SPDX-License-Identifier: ISC */
/* All rules there are, from rules.def: the one place of their ids, names, severities and texts. */
#ifndef ANALYZERS_RULES_H
#define ANALYZERS_RULES_H

#include "model/finding.h"

/* Indexes into `rules`: rules[RULE_AM101] is the rule AM101. */
enum rule_index {
#define RULE(id, name, severity, title, help) RULE_##id,
#include "analyzers/rules.def"
#undef RULE
	RULE_COUNT
};

extern const struct rule rules[];
extern const size_t n_rules; /* RULE_COUNT */

/* The rule of this id, or NULL. */
const struct rule *rules_find(struct str id);

/* The ids of all rules, n_rules of them, for checks and suggestions. */
const struct str *rules_ids(struct arena *arena);

#endif
