/* SPDX-License-Identifier: ISC */
/*
 * Which ACEs may meet one packet, without reading their lists: those in both its row of the
 * sources and its row of the destinations, in order. What is doubtful about an address counts
 * as a match here; acl_point.c looks at it closely.
 */
#ifndef ANALYZERS_ACL_INDEX_H
#define ANALYZERS_ACL_INDEX_H

#include "analyzers/address_rows.h"
#include "model/config.h"

/* Index every list of a linked config that is long enough to be worth it (acl.index). */
void acl_index_all(struct arena *arena, struct config *config);

/* A list, and how it is read. */
struct acl_part {
	const struct acl *acl;
	bool addresses_only; /* protocols and ports of its ACEs do not count */
};

/* The index of the ACEs of several lists, one list after the other; NULL if too large. */
const struct acl_index *acl_index_of(struct arena *arena, const struct config *config,
                                     const struct acl_part *parts, uint32_t n);

/*
 * An ACE as one box of ports: all there is to know of it where its addresses match. Not plain is
 * an ACE with any doubt, a scope, or more than one range of protocols or ports.
 */
struct acl_entry {
	const struct ace *ace;
	uint32_t part;
	bool plain;
	uint8_t can, proto_lo, proto_hi; /* can: as ace_can() */
	uint16_t sport_lo, sport_hi, dport_lo, dport_hi;
};

/* The entries whose addresses may match one packet. */
struct acl_walk {
	const struct acl_index *index;
	struct row_walk row;
	const struct acl_entry *entry; /* the current one; NULL: no more */
};

/* Go to the first entry for a packet's ends, which may be none; then to each next one. */
void acl_walk_begin(const struct acl_index *index, u128 src, u128 dst, struct acl_walk *walk);
void acl_walk_next(struct acl_walk *walk);

/* Go past the rest of the current entry's list. */
void acl_walk_next_part(struct acl_walk *walk);

/* A list of the index by its place. */
const struct acl_part *acl_index_part(const struct acl_index *index, uint32_t part);

#endif
