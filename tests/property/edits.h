/* SPDX-License-Identifier: ISC */
/* Random edits of a config's text, and other words for the same config. */
#ifndef PROPERTY_EDITS_H
#define PROPERTY_EDITS_H

#include "tests/property/sample.h"

/* The text with a line less, with two lines swapped, a line written twice, or another number. */
struct str edit_text(struct arena *arena, struct rng *rng, struct str text);

/* The same config: pools with other numbers, the default map by its name, limits of 0. */
struct str reword_text(struct arena *arena, struct str text);

#endif
