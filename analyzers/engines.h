/* SPDX-License-Identifier: ISC */
/* The inspection engines there are: what they work on, and which comes before which. */
#ifndef ANALYZERS_ENGINES_H
#define ANALYZERS_ENGINES_H

#include "model/packet_set.h"

enum transport { TRANSPORT_TCP = 1, TRANSPORT_UDP = 2, TRANSPORT_ICMP = 4 };

struct engine {
	const char *name;        /* its words, e.g. "h323 h225" */
	unsigned transports;     /* enum transport, or-ed; 0: none of them */
	uint16_t tcp_lo, tcp_hi; /* default ports; 0: none */
	uint16_t udp[4];         /* up to two ranges: lo, hi, lo, hi */
	bool combinable;         /* never blocks another (ruling 2) */
};

extern const struct engine engines[];
extern const size_t n_engines;

/*
 * The engine of that name. One that is not known works on both transports, without default ports.
 */
const struct engine *engine_named(struct str name);

/* `esmtp`, or `smtp` of FWSM and PIX. */
bool engine_is_smtp(struct str name);

/* Its default ports as boxes, at most 3; how many. */
uint32_t engine_default_ports(struct arena *arena, const struct engine *engine, struct box *boxes);

/* Its place in the fixed order of asa-semantics 1.1.7; engines that it does not list come last. */
size_t engine_fixed_order(struct str name);

#endif
