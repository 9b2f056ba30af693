/* SPDX-License-Identifier: ISC */
/*
 * What an access-list decides about one packet: the first ACE that surely matches it, and those
 * before it that only may. The same as painting a region of one packet (paint.h), without sets.
 */
#ifndef ANALYZERS_ACL_POINT_H
#define ANALYZERS_ACL_POINT_H

#include "analyzers/acl_index.h"
#include "model/packet_set.h"

/* What packets can meet with; both bits: it is not known which. */
enum { CAN_PERMIT = 1, CAN_DENY = 2 };

/* The ACE that decides, or the list's end, and what leaves that open. */
struct acl_decision {
	unsigned can;
	const struct ace *ace;   /* the one that surely matches; NULL: the list's end */
	unsigned doubt_can;      /* what lines that only may match, before it, would do */
	const struct ace *doubt; /* the first of those that would change the outcome, or NULL */
	enum why_code why;       /* what makes it doubtful */
};

/* How a list looks at packets. */
struct acl_view {
	const struct interface *in, *out; /* for ACEs of FTD (`ifc`); NULL: not known */
	bool addresses_only;              /* protocols and ports of the ACEs do not count */
};

/* What one list of a linked config decides about one packet; behind its end it denies. */
struct acl_decision acl_point(const struct config *config, const struct acl *acl,
                              const struct acl_view *view, const struct packet *packet);

/*
 * What the lists of an index decide about one packet, by their parts' numbers, rising. A list that
 * is not told of has no ACE for its addresses: it denies at its end.
 */
struct acl_points {
	const struct config *config;
	const struct packet *packet;
	struct acl_walk walk;
};

/* Begin; the index and the packet outlive it. Fill the next list's number and answer, or false. */
void acl_points_begin(const struct config *config, const struct acl_index *index,
                      const struct packet *packet, struct acl_points *points);
bool acl_points_next(struct acl_points *points, uint32_t *part, struct acl_decision *out);

/* --- for the painter too ---------------------------------------------------------------- */

/* Does the scope of an ACE hold the way? Leaves *unsure where that is not known. */
bool ace_in_scope(const struct config *config, const struct ace *ace, const struct acl_view *view,
                  enum why_code *unsure);

/* What an ACE does to the packets that it matches. */
unsigned ace_can(const struct ace *ace);

/* The first of an ACE's doubts: about itself, its source, its destination, its service. */
enum why_code ace_why(enum why_code unsure, const struct addr_set *src, const struct addr_set *dst,
                      enum why_code service);

#endif
