/* SPDX-License-Identifier: ISC */
/* Addresses that no one host has, one packet at a time. */
#ifndef PROPERTY_SLOW_ODD_H
#define PROPERTY_SLOW_ODD_H

#include "tests/property/slow_nat.h"

/* No host sends from these, nor to itself, nor to 0.0.0.0 (106016, 106017). */
bool slow_is_spoof(const struct config *config, const struct slow_packet *packet);

/*
 * Addresses of many, of none, of one link: of packets to and from them the documents tell nothing.
 */
bool slow_is_odd(const struct config *config, u128 address);

/* A static of before 8.3 for a whole network, met at the first or the last address of it. */
bool slow_ends_static(const struct slow_end *destination, u128 on_wire);

/* The firewall's own addresses. */
bool slow_is_own(const struct config *config, u128 address);

#endif
