/* SPDX-License-Identifier: ISC */
/*
 * What the rooms of comparing translations share; for compare_translation.c and translation_*.c
 * only.
 *
 * translation_reach.c: what rules can meet; translation_split.c: packets that nothing tells apart;
 * translation_outcome.c: what becomes of one packet.
 */
#ifndef ANALYZERS_COMPARE_TRANSLATION_H
#define ANALYZERS_COMPARE_TRANSLATION_H

#include "analyzers/alike.h"
#include "analyzers/compare_parts.h"

/* What a rule can meet. */
struct reach {
	struct iset real;   /* the addresses on its real side */
	struct iset mapped; /* the destinations that it turns back into these */
	struct iset far;    /* the destinations that go with its real side */
	/*
	 * Not 0: a rule that stands in both and does the same with all of its addresses. Of many
	 * such rules only matters between which interfaces they are, and which changed ones come
	 * before them or hold their addresses: those with one number are alike.
	 */
	uint32_t plain;
};

struct scope {
	struct compare *compare;
	struct arena *arena, *scratch, *asking; /* for good, of a region, of a box */
	const struct translations *all;
	struct reach *reach[SIDE_COUNT];   /* by rule */
	VEC(uint32_t) changed[SIDE_COUNT]; /* indexes of rules that changed */
	unsigned left;                     /* boxes that may still be asked about */
};

/* --- what rules can meet ---------------------------------------------------------------- */

/* Packets that a changed rule can meet where they enter. */
struct region {
	const struct interface *in, *not_in; /* of `side`; NULL: any, none */
	enum side side;
	struct box box;
};

struct regions {
	VEC(struct region) list;
};

/* Fill scope->reach. */
void reach_all(struct scope *scope);

/* Of all changed rules, of both sides. They may overlap. */
struct regions reach_of_changed(const struct scope *scope);

/* The addresses of an interface, or of all (NULL); everything where one is not in the text. */
struct iset reach_own(const struct scope *scope, enum side side, const struct interface *of);

/* --- packets that nothing tells apart --------------------------------------------------- */

/* The packets of one region that enter by one interface. */
struct split {
	struct scope *scope;
	const struct interface *in[SIDE_COUNT];
	struct box box;
	struct marks marks[DIM_COUNT];
};

/* The classes of each dimension; every box of one of each has packets that fare alike. */
void split_by_rules(struct split *split, struct alike parts[DIM_COUNT]);

/* --- what becomes of one packet --------------------------------------------------------- */

struct outcome {
	bool dropped;
	struct str why;              /* of a drop, or why the reply's translation is not known */
	bool open;                   /* the reply's translation is not known */
	bool unsure;                 /* the documents do not tell whether PAT takes it */
	bool goes_on;                /* it is not dropped, nor for the firewall itself */
	const struct interface *out; /* NULL: not known */
	struct xlate to, from;
};

/* What the translation of one side does to a packet, as long as scope->asking. */
struct outcome outcome_of(const struct scope *scope, enum side side, const struct interface *in,
                          const struct packet *packet);

/* The same with an egress that the text does not tell, if it were this one. */
struct outcome outcome_if(const struct scope *scope, enum side side, const struct outcome *outcome,
                          const struct interface *in, const struct interface *out,
                          const struct packet *packet);

/* Do both sides drop a packet, or translate it alike and send it where it went? */
bool outcome_is_same(const struct scope *scope, const struct outcome *a, const struct outcome *b);

/* Is it not known what becomes of a packet that is not dropped? */
bool outcome_is_open(const struct outcome *outcome);

/* Two outermost packets of a box, and what becomes of them; `first` differs. */
struct sample {
	struct packet packets[2];
	struct outcome outcomes[SIDE_COUNT][2];
	int first;
};

/* "to 10.1.1.25, from 203.0.113.1"; `with_out` adds the egress. */
struct str outcome_text(const struct scope *scope, enum side side, const struct sample *sample,
                        bool with_out);

#endif
