/* SPDX-License-Identifier: ISC */
/* Boxes as the program hands them out, looked at with the plainest means: one range after another.
 */
#ifndef PROPERTY_BOXES_H
#define PROPERTY_BOXES_H

#include "tests/property/sample.h"

/* What is wrong with boxes that should divide a region, or NULL. */
const char *partition_fault(const struct box *region, const struct box *const *boxes, uint32_t n);

bool box_has(const struct box *box, const struct slow_packet *packet);

/* A region of one packet; and a wide one that holds it. */
struct box box_of_packet(struct arena *arena, const struct slow_packet *packet);
struct box box_around(struct arena *arena, struct rng *rng, const struct points *points,
                      const struct slow_packet *packet);
struct iset set_of_point(struct arena *arena, u128 point);

/* Move the packet to an end of some range of the box, or within; false if it has no packet. */
bool pick_in_box(struct rng *rng, const struct points *points, const struct box *box,
                 struct slow_packet *packet);

#endif
