/* SPDX-License-Identifier: ISC */
/* Where an address lies, by connected networks and static routes (product.md, on path). */
#ifndef PROPERTY_SLOW_ROUTE_H
#define PROPERTY_SLOW_ROUTE_H

#include "tests/property/slow.h"

/* Does the address lie behind the interface? SLOW_UNKNOWN: no network or route says where. */
enum slow_answer slow_behind(const struct config *config, name_id nameif, u128 address);

#endif
