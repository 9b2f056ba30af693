/* SPDX-License-Identifier: ISC */
/*
 * What a class-map matches, in cells: CAN_PERMIT is that it matches, CAN_DENY that it does not
 * (asa-semantics section 2). A line that the device refuses is read as meant and decides nothing
 * for sure (ruling 14).
 */
#ifndef ANALYZERS_CLASS_MATCH_H
#define ANALYZERS_CLASS_MATCH_H

#include "analyzers/paint.h"

/* Append the whole region as one cell. */
void class_cell(struct arena *arena, struct cells *cells, const struct box *region, unsigned can,
                enum why_code why);

/* Append a region, split by a box: outside it does not match. */
void class_split(struct arena *arena, struct cells *cells, const struct box *region,
                 const struct box *match, unsigned can_inside, enum why_code why);

/* The `match default-inspection-traffic` of a class-map; NULL: none, or no class-map. */
const struct class_match *class_by_default(const struct class_map *map);

/* Append the cells of a class that has no such match: by all its lines together. */
void class_cells(struct arena *arena, const struct config *config, const struct class_map *map,
                 const struct box *region, struct cells *cells);

/*
 * Narrow cells that match by default ports: by the addresses of the class's own access-list (ruling
 * 3), and perhaps by what the device refuses beside it.
 */
void class_narrow(struct arena *arena, const struct config *config, const struct class_map *map,
                  struct cells *cells);

/* The lines that the device refuses as a class of their own; false where there are none. */
bool class_as_refused(struct arena *arena, const struct class_map *map, struct class_map *refused);

#endif
