/* SPDX-License-Identifier: ISC */
/*
 * Which ACEs of a list may meet one packet, without reading the list: a row of bits for each
 * elementary interval of the sources, one for each of the destinations; both rows ANDed are
 * the ACEs whose addresses may match, in order. What is doubtful about an address counts as
 * a match here; the painter looks at it closely.
 */
#ifndef ANALYZERS_ACL_INDEX_H
#define ANALYZERS_ACL_INDEX_H

#include "model/config.h"

/* Index every list of a linked config that is long enough to be worth it (acl.index). */
void acl_index_all(struct arena *arena, struct config *config);

/* The index of one list, or NULL if it would be too large. */
const struct acl_index *acl_index_of(struct arena *arena, const struct config *config,
                                     const struct acl *acl);

/* Where to go on from: ACEs before `at` were seen. */
struct acl_candidates {
	const uint64_t *sources, *destinations; /* rows of bits */
	uint32_t n_words, word;
	uint64_t left; /* bits of the current word not yet taken */
};

struct acl_candidates acl_candidates(const struct acl_index *index, u128 src, u128 dst);

/* The next ACE by its place in the list, or false. */
bool acl_next_candidate(struct acl_candidates *candidates, uint32_t *ace);

#endif
