/* SPDX-License-Identifier: ISC */
/* The text of a config with all the shapes that bear on mail, made from a seed. */
#ifndef PROPERTY_RANDOM_CONFIG_H
#define PROPERTY_RANDOM_CONFIG_H

#include "tests/property/sample.h"

struct str random_config(struct arena *arena, uint64_t seed);

#endif
