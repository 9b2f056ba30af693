/* SPDX-License-Identifier: ISC */
/*
 * What the rooms of comparing service policies share; for compare_policy.c, compare_pieces.c,
 * compare_doubts.c and compare_passage.c only.
 */
#ifndef ANALYZERS_COMPARE_POLICY_H
#define ANALYZERS_COMPARE_POLICY_H

#include "analyzers/compare_parts.h"

/* A feature at a place: the policies that are applied there. */
struct policy_place {
	struct str ifc; /* empty: global */
	enum feature feature;
	const struct policy_map *policy[SIDE_COUNT]; /* NULL: none */
	bool alone;                                  /* no other policy holds the feature */
};

/* The policy of one side; one without classes where there is none. */
const struct policy_map *place_policy(const struct policy_place *place, enum side side);

/* --- pieces: what classes do to packets (compare_pieces.c) ------------------------------ */

/* One class acts, or none, for sure. */
bool piece_is_decided(const struct piece *piece);

/* The same actions for this box of both, and where it is not known which, for the same reasons. */
bool piece_is_same(struct compare *compare, enum feature feature, const struct piece *a,
                   const struct piece *b, const struct box *box);

/* "inspect esmtp in class inspection_default" */
struct str piece_text(const struct compare *compare, enum side side, enum feature feature,
                      const struct piece *piece);

/*
 * Where the words of a difference are the same on both sides, since a map of that name says
 * something else: tell that, and the first lines of the maps that differ.
 */
void piece_tell_map(struct compare *compare, enum feature feature,
                    const struct piece *const both[SIDE_COUNT], struct difference *difference);

/* The line that makes it what it is: of the inspection, the class, or of what leaves it open. */
struct span piece_span(const struct piece *piece);

/* Which kind of difference a feature makes. */
enum differs_in piece_differs_in(enum feature feature);

/* --- doubts: what leaves it open which class acts (compare_doubts.c) --------------------- */

/*
 * Do the same lines leave it open, claim by claim, whether the classes match the box? `any`: there
 * are such lines. False where one side has more claims.
 */
bool doubts_are_same(struct compare *compare, const struct claim *old, const struct claim *new,
                     const struct box *box, bool *any);

/* --- passages: what all policies together do (compare_passage.c) ------------------------ */

/* Does no other policy than that of the place hold the feature, on either side? */
bool passage_stands_alone(struct compare *compare, const struct policy_place *place);

/*
 * The packets of `box` that some way through the firewall, by some reading of ruling 4, treats
 * otherwise than before: what an interface's policy does is nothing new where the global one did
 * it already.
 */
struct pset passage_differs(struct compare *compare, const struct policy_place *place,
                            const struct box *box);

/*
 * A policy that holds an engine, or another feature, in no class any more, or for the first time:
 * by one reading of ruling 4 the policies behind it are asked for it from now on, or are not,
 * whatever it does itself. `told`: the packets that a difference tells of; those found are added.
 */
void passage_compare_hiding(struct compare *compare, const struct policy_place *place,
                            struct pset *told);

/*
 * What the classes of `box` that changed do on ways where, by one reading of ruling 4, another
 * policy takes an engine from this one: a class behind the first is then asked.
 */
void passage_compare_part(struct compare *compare, const struct policy_place *place,
                          const struct box *box, struct pset *told);

#endif
