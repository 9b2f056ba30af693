/* SPDX-License-Identifier: ISC */
/*
 * Guessing the mail appliances of configs where nobody named any (product.md, options, and
 * `asamend discover`). A guess is an ESA or an SMA by what speaks for it; one that is more likely
 * something else, or for which too little speaks, has a doubt and is not to be judged.
 */
#ifndef ANALYZERS_DISCOVER_H
#define ANALYZERS_DISCOVER_H

#include "analyzers/clues.h"

/* In one config no more than this are taken for appliances. */
enum { MAX_GUESSES = 16 };

/* A survey of configs; start with a zeroed one. */
struct survey {
	struct suspects suspects; /* of all configs, by real address */
	struct keys mapped;       /* by mapped address: index into suspects */
	struct seen_list {
		VEC(uint32_t) next;  /* of each suspect: another of the same real address + 1 */
		VEC(struct seen) of; /* of each suspect: the configs that have it */
	} seen;
	uint32_t n_configs;
};

struct seen {
	VEC(uint32_t) configs;
};

/* Add what a linked config shows. The config need not outlive the call. */
void survey_add(struct arena *arena, struct survey *survey, const struct config *config);

/* Who is what. Names are unique; those without doubt come first, ESAs before SMAs. */
struct guesses survey_guesses(struct arena *arena, const struct survey *survey);

/* Both for one config. */
struct guesses discover_appliances(struct arena *arena, const struct config *config);

#endif
