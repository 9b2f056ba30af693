/* SPDX-License-Identifier: ISC */
/* What the parts of diff_audits() share; for diff.c and diff_*.c only. */
#ifndef ANALYZERS_DIFF_PARTS_H
#define ANALYZERS_DIFF_PARTS_H

#include "analyzers/diff.h"
#include "analyzers/same.h"

struct differ {
	struct arena *arena;
	struct same *same;
	const struct audit *audit[SIDE_COUNT];
	struct diff_config *out;
};

/* --- the parts, in this order ----------------------------------------------------------- */

void diff_flows(struct differ *differ);  /* diff_flows.c: what becomes of the mail */
void diff_others(struct differ *differ); /* diff_others.c: everything else */

/* diff_limits.c: the limits of packets that are in a flow of each config. */
void diff_limits(struct differ *differ, struct str flow, const struct flow_work *before,
                 const struct flow_work *after, const struct pset *within);

/* --- diff.c ----------------------------------------------------------------------------- */

/* Add the packets of the box, and a line of each side, to the change that is like this one. */
void diff_add(struct differ *differ, const struct diff_change *like, const struct box *box,
              const struct span lines[SIDE_COUNT]);

/* A packet of the box, a part of the lane, as it arrives on the wire. */
struct witness diff_witness(const struct differ *differ, enum side side, const struct lane *lane,
                            const struct box *box);

#endif
