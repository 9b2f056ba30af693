/* SPDX-License-Identifier: ISC */
/* Whether a class-map matches one packet (asa-semantics 2). */
#ifndef PROPERTY_SLOW_CLASS_H
#define PROPERTY_SLOW_CLASS_H

#include "tests/property/slow.h"

/* Is it one of default-inspection-traffic, which every engine reads by its own ports? */
bool slow_is_by_ports(const struct class_map *map);

/*
 * A class that is not. With a second `match`, which the device refuses, it may have been meant to
 * match more, or less; two ports only more (section 2, ruling 14).
 */
enum slow_answer slow_class_matches(const struct config *config, const struct class_map *map,
                                    const struct slow_packet *packet);

/* The `match access-list` beside default-inspection-traffic: addresses only (ruling 3). */
enum slow_answer slow_narrowed(const struct config *config, const struct class_map *map,
                               const struct slow_packet *packet);

/* May a line that the device refuses have been meant to match the packet? */
bool slow_may_be_refused(const struct config *config, const struct class_map *map,
                         const struct slow_packet *packet);

#endif
