/* SPDX-License-Identifier: ISC */
/* What the parts of compare_configs() share; for compare.c and compare_*.c only. */
#ifndef ANALYZERS_COMPARE_PARTS_H
#define ANALYZERS_COMPARE_PARTS_H

#include "analyzers/compare.h"
#include "analyzers/delta.h"
#include "analyzers/trace.h"

struct compare {
	struct arena *arena;
	const struct config *config[SIDE_COUNT];
	struct same *same;
	struct delta_budget budget;
	bool has_v6;                           /* packets of IPv6 may cross the firewall */
	const struct doors *doors[N_FEATURES]; /* compare_passage.c */
	uint32_t ways; /* ways through that may still be compared, for a box each */
	struct comparison *out;
};

/* Report a difference; its packets are narrowed to the families that cross the firewall. */
void compare_differ(struct compare *compare, struct difference difference);

/* "interface IFC", or "global" for the empty name. */
struct str compare_place(const struct compare *compare, struct str ifc);

/* The interface of that nameif on one side, or NULL. */
const struct interface *compare_interface(const struct config *config, struct str nameif);

/* Nameifs of both sides, each once, in the order of the old config. */
struct names {
	VEC(struct str) list;
};
struct names compare_nameifs(const struct compare *compare);

/* The packets of one family. */
struct box compare_family(const struct compare *compare, bool v4);

/* The text at a span of one side's sources, secrets masked. */
struct str compare_quote(const struct compare *compare, enum side side, struct span span);

/* The rules of translation of both sides, in the order of their tables. */
struct translations {
	struct tracer tracer[SIDE_COUNT];
	bool *changed[SIDE_COUNT];    /* by rule: the other side has it not, or in another order */
	bool *lone[SIDE_COUNT];       /* by rule: the other side has it not at all */
	uint32_t *number[SIDE_COUNT]; /* by rule: by content */
};

/* --- the parts -------------------------------------------------------------------------- */

void compare_service_policies(struct compare *compare); /* compare_policy.c */
void compare_fixups(struct compare *compare);           /* compare_fixups.c */
void compare_access_groups(struct compare *compare);    /* compare_access.c */
void compare_translations(struct compare *compare);     /* compare_nat.c */
void compare_paths(struct compare *compare);            /* compare_path.c */

/* What changed rules do to packets. compare_translation.c */
void compare_translated(struct compare *compare, const struct translations *translations);

#endif
