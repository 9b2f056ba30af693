/* SPDX-License-Identifier: ISC */
/* Packets on their way in: at access-lists, at lines of translation, and one beside them. */
#ifndef PROPERTY_AIM_H
#define PROPERTY_AIM_H

#include "tests/property/compare.h"
#include "tests/property/slow_nat.h"

/* Its `in` is set, `out` is not. False where none was found. */
bool aim_packet(struct run *run, const struct slow_nats *nats, struct slow_packet *packet);

#endif
