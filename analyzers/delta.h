/* SPDX-License-Identifier: ISC */
/*
 * Where two access-lists decide otherwise, exactly.
 *
 * Why only changed lines are looked at: lists are aligned so that what stands in both is in the
 * same order. If both lists decide a packet by lines that stand in both, these are the same line:
 * the one of the new list comes no later than the partner of the old one, and the other way
 * round. So a packet that fares differently is decided by a changed line in one of them, and only
 * the matches of changed lines are searched.
 */
#ifndef ANALYZERS_DELTA_H
#define ANALYZERS_DELTA_H

#include "analyzers/same.h"

/* Beside CAN_PERMIT and CAN_DENY: no list decides, so the security levels of the interfaces do. */
enum { CAN_BY_LEVEL = 4 };

/* Is it known which of these (CAN_PERMIT and so on) happens? */
static inline bool can_is_one(unsigned can)
{
	return can != 0 && (can & (can - 1)) == 0;
}

struct delta_line {
	const struct ace *ace; /* NULL: what happens behind the last line */
	uint32_t number;       /* same.h */
	unsigned can;
	bool addresses_only; /* its protocol and ports do not count */
};

/* Access-lists one behind the other, as they are asked at a place. */
struct delta_list {
	enum side side;
	VEC(struct delta_line) list;
};

/* Append the lines of a list that count, remarks and inactive ones left out. */
void delta_add(struct same *same, const struct acl *acl, bool addresses_only,
               struct delta_list *list);
/* What happens to packets that no line matches. Must come last. */
void delta_end(struct same *same, unsigned can, struct delta_list *list);

/* A part of the packets that differ: those of the box without the exceptions. */
struct delta_cell {
	struct box box;
	struct boxes except;      /* what one list does with one line, the other with thousands */
	unsigned can[SIDE_COUNT]; /* more than one bit: it is not known which */
	const struct ace *ace[SIDE_COUNT];
	bool undecided;
	bool budget; /* given up: the box holds all that may differ here */
};

struct delta_cells {
	VEC(struct delta_cell) list;
};

/* What may still be spent, in lines looked at and in cells; one for a whole comparison. */
struct delta_budget {
	uint64_t steps, cells;
	uint64_t box_steps, box_cells; /* of these one box may take */
	uint64_t whole_cells; /* a box of a changed line with more is taken apart by lines */
};

/* A full one: what it allows takes a few seconds at most. */
struct delta_budget delta_budget_new(void);

/*
 * The packets of `region` that the lists treat differently. Cells are disjoint, but for those of
 * `budget` and of changed lines that were taken apart.
 */
void delta_compare(struct same *same, const struct delta_list *a, const struct delta_list *b,
                   const struct box *region, struct delta_budget *budget, struct delta_cells *out);

#endif
