/* SPDX-License-Identifier: ISC */
/* Pseudo-random numbers, and packets at the boundaries of a config. */
#ifndef PROPERTY_SAMPLE_H
#define PROPERTY_SAMPLE_H

#include "tests/property/slow.h"

struct rng {
	uint64_t state;
};

uint64_t rng_next(struct rng *rng);
uint32_t rng_below(struct rng *rng, uint32_t n);               /* 0 to n - 1; 0 for n = 0 */
bool rng_percent(struct rng *rng, unsigned percent);           /* true so often */
uint64_t rng_range(struct rng *rng, uint64_t lo, uint64_t hi); /* both included */

/* The ends of all ranges in a config with their neighbours, and ordinary values. */
struct points {
	VEC(u128) addresses;
	VEC(u128) hosts; /* addresses that the config names one by one */
	VEC(uint16_t) ports;
	VEC(uint8_t) protocols;
};

struct points points_of(struct arena *arena, const struct config *config);

u128 pick_address(struct rng *rng, const struct points *points, bool v4);
uint16_t pick_port(struct rng *rng, const struct points *points);

/* A packet of one family; real_dst and real_dport are those of dst and dport. */
struct slow_packet pick_packet(struct rng *rng, const struct points *points);

/* A packet in, or just beside, what an ACE of the list is about. */
struct slow_packet pick_near(struct rng *rng, const struct config *config,
                             const struct points *points, const struct acl *acl);

#endif
