/* SPDX-License-Identifier: ISC */
/* Guessing the mail appliances of a config where nobody named any (product.md, options). */
#ifndef ANALYZERS_DISCOVER_H
#define ANALYZERS_DISCOVER_H

#include "model/config.h"

/* A guess, and the line it rests on. */
struct guess {
	struct host host;
	struct str because; /* "a permit to tcp/25", "its name" */
	struct span span;
};

struct guesses {
	VEC(struct guess) list; /* each real address once, the better reason first */
};

/*
 * Hosts that look like mail appliances: statics and object NAT of tcp/25, permits of tcp/25
 * to a few hosts, and names such as esa, ironport, mailgw. At most MAX_GUESSES.
 */
enum { MAX_GUESSES = 16 };
struct guesses discover_appliances(struct arena *arena, const struct config *config);

#endif
