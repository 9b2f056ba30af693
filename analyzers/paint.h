/* SPDX-License-Identifier: ISC */
/*
 * What an access-list decides inside a region of packets: cells with the ACE that
 * owns them.
 *
 * ACEs that cannot meet the region are left out; the rest are painted, in order,
 * over the elementary intervals of one dimension (the one with most boundaries),
 * once for each elementary slice of the others. A cell is closed by the first ACE
 * that surely matches it. ACEs that only may match (FQDN, masked address,
 * time-range, identity) leave their mark on open cells.
 */
#ifndef ANALYZERS_PAINT_H
#define ANALYZERS_PAINT_H

#include "analyzers/acl_point.h"

/* Packets of which a list decides the same. */
struct cell {
	struct box box;
	unsigned can; /* these as in struct acl_decision */
	const struct ace *ace;
	unsigned doubt_can;
	const struct ace *doubt;
	enum why_code why;
};

struct cells {
	VEC(struct cell) list;
};

/*
 * Append the cells of `region` (a box with packets in it). Together they are exactly
 * the region, and they are disjoint. Beyond the work budget the region comes back as
 * one cell that can be both, with WHY_BUDGET.
 */
void acl_paint(struct arena *arena, const struct config *config, const struct acl *acl,
               const struct box *region, struct cells *cells);

/*
 * The same for packets from one interface to another (NULL: not known), which ACEs of FTD may
 * be for (`ifc`).
 */
void acl_paint_between(struct arena *arena, const struct config *config, const struct acl *acl,
                       const struct interface *in, const struct interface *out,
                       const struct box *region, struct cells *cells);

/* The same with only the addresses of each ACE: its protocol and ports do not count. */
void acl_paint_addresses(struct arena *arena, const struct config *config, const struct acl *acl,
                         const struct box *region, struct cells *cells);

#endif
