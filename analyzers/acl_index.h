/* SPDX-License-Identifier: ISC */
/*
 * Which ACEs of a list may meet one packet, without reading the list: those in both its row of
 * the sources and its row of the destinations, in order. What is doubtful about an address counts
 * as a match here; the painter looks at it closely.
 */
#ifndef ANALYZERS_ACL_INDEX_H
#define ANALYZERS_ACL_INDEX_H

#include "analyzers/address_rows.h"
#include "model/config.h"

/* Index every list of a linked config that is long enough to be worth it (acl.index). */
void acl_index_all(struct arena *arena, struct config *config);

/* The index of one list, or NULL if it would be too large. */
const struct acl_index *acl_index_of(struct arena *arena, const struct config *config,
                                     const struct acl *acl);

/*
 * An ACE as one box of ports: what there is to know of it where its addresses match. Not plain is
 * an ACE with any doubt, a scope, or more than one range of protocols or ports.
 */
struct plain_ace {
	bool plain;
	uint8_t can, proto_lo, proto_hi; /* can: as ace_can() */
	uint16_t sport_lo, sport_hi, dport_lo, dport_hi;
};

/* Of each ACE of the list. */
const struct plain_ace *acl_plain(const struct acl_index *index);

/* The ACEs whose addresses may match, by their place in the list: see row_next(). */
struct row_walk acl_candidates(const struct acl_index *index, u128 src, u128 dst);

#endif
