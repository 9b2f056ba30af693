/* SPDX-License-Identifier: ISC */
/*
 * Parts of two configs that are equal in other words. Everything gets a number by what it stands
 * for: the sets that names resolve to, not the names. Equal numbers mean equal parts, so whole
 * lists are compared as lists of numbers.
 *
 * What cannot be known (an FQDN, a masked address, a time-range) is equal to itself by its text.
 */
#ifndef ANALYZERS_SAME_H
#define ANALYZERS_SAME_H

#include "analyzers/mpf.h"

enum side { SIDE_OLD, SIDE_NEW, SIDE_COUNT };

struct same {
	struct arena *arena;
	const struct config *config[SIDE_COUNT];
	struct interns *contents;
	uint32_t *addresses[SIDE_COUNT]; /* by index in the pool; 0: no number yet */
	uint32_t *services[SIDE_COUNT];
	uint32_t *lists[SIDE_COUNT];  /* by index, the same */
	uint32_t *groups[SIDE_COUNT]; /* by index: the last walk that came by */
	uint32_t walks;
};

/* For two linked configs, which outlive it; numbers of contents begin at 1. */
struct same *same_new(struct arena *arena, const struct config *a, const struct config *b);

/* The number of a text that was put together elsewhere. */
uint32_t same_content(struct same *same, const struct buf *content);

/* The numbers of parts of one side. */
uint32_t same_set(struct same *same, const struct addr_set *set, struct str doubt);
uint32_t same_addresses(struct same *same, enum side side, uint32_t index);
uint32_t same_spec(struct same *same, enum side side, const struct addr_spec *spec);
uint32_t same_services(struct same *same, enum side side, uint32_t index);
/* An object service by its name; 0 for none. */
uint32_t same_service_object(struct same *same, enum side side, name_id name);
uint32_t same_line(struct same *same, enum side side, const struct ace *ace, bool addresses_only);
/* On what a line depends where it only may match, and what it then decides. */
uint32_t same_condition(struct same *same, enum side side, const struct ace *ace,
                        bool addresses_only);
uint32_t same_list(struct same *same, enum side side, name_id acl);
uint32_t same_inspect(struct same *same, enum side side, const struct inspect *inspect);
/* What a class matches, and what it does for a feature. */
uint32_t same_matches(struct same *same, enum side side, const struct policy_class *class);
uint32_t same_actions(struct same *same, enum side side, const struct policy_class *class,
                      enum feature feature);
/*
 * A line by its text, without the name of its access-list or class, and with what a time-range
 * says for its name.
 */
uint32_t same_text(struct same *same, enum side side, struct span span);

/* All of the line in which the span is. */
uint32_t same_whole_line(struct same *same, enum side side, struct span span);

/* --- same_doubt.c: addresses that are not in the text ----------------------------------- */

/* What stands for them in an address, each behind a `|`: fqdn lines, masked words. */
struct str same_doubts(struct same *same, enum side side, const struct addr_spec *spec);
/* The same of an access-list's line for people, "fqdn mx.example.net"; empty: all are there. */
struct str same_doubt(struct same *same, enum side side, const struct ace *ace);

/* --- same_blocks.c: commands that are kept as text (model/block.h) ---------------------- */

/* What a block says, but for names; of one that is not in the text the name is all there is. */
uint32_t same_block(struct same *same, enum side side, struct str kind, struct str name);
/* Words in which names follow `regex` and `class`. */
uint32_t same_named_words(struct same *same, enum side side, struct str words);

struct block_lines {
	VEC(struct span) list;
};
/* The lines of one side's block that the other side's has not; both are of one kind. */
struct block_lines same_lines_apart(struct same *same, enum side side, struct str kind,
                                    const struct str names[SIDE_COUNT]);

/* A line that counts: no remark, not inactive. */
bool same_line_counts(const struct ace *ace);

/* --- lists of numbers (same_align.c) ------------------------------------------------------ */

/* The k-th of a number in b for the k-th of it in a, as index + 1, or 0; by index in a. */
uint32_t *same_pair(struct arena *arena, const uint32_t *a, uint32_t n_a, const uint32_t *b,
                    uint32_t n_b);

/*
 * Pairs of equal numbers in the same order on both sides, as many as a pairing of the k-th with
 * the k-th allows (a longest rising sequence; O(n log n)). pair[side][i] is the index on the other
 * side + 1, or 0.
 */
struct pairs {
	uint32_t *pair[SIDE_COUNT];
};
struct pairs same_align(struct arena *arena, const uint32_t *a, uint32_t n_a, const uint32_t *b,
                        uint32_t n_b);

#endif
