/* SPDX-License-Identifier: ISC */
/*
 * Ways to build inspection, caps and exemptions around an ESA, as commands to apply on a config:
 * what configs that are to be mended look like, for every release that has the words.
 */
#ifndef PROPERTY_VARIANTS_H
#define PROPERTY_VARIANTS_H

#include "tests/property/sample.h"

struct variant_of {
	const struct config *config;
	u128 esa;
	struct rng *rng; /* which interfaces, which engine */
};

enum { N_VARIANTS = 29 };

/* The name of a variant; and its commands, empty where the release or the config has no such. */
const char *variant_name(unsigned variant);
struct str variant_text(struct arena *arena, const struct variant_of *of, unsigned variant);

#endif
