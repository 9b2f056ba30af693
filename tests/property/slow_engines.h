/* SPDX-License-Identifier: ISC */
/* The inspection engines by name: which exclude each other, and what they work on. */
#ifndef PROPERTY_SLOW_ENGINES_H
#define PROPERTY_SLOW_ENGINES_H

#include "tests/property/slow.h"

/* These are features of their own and never stop another (ruling 2). */
bool slow_is_combinable(struct str engine);

/* Does the engine work on this transport? What has no ports in the table: on TCP and UDP. */
bool slow_works_on(struct str engine, uint8_t proto);

/* Does the packet go to a default port of the engine, or of any (NULL)? */
bool slow_is_default_port(const struct str *engine, const struct slow_packet *packet);

#endif
