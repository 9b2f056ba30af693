/* SPDX-License-Identifier: ISC */
/* What random_config.c, random_nat.c and random_policy.c share: the release, the names so far, the
 * dice. */
#ifndef PROPERTY_RANDOM_GEN_H
#define PROPERTY_RANDOM_GEN_H

#include "tests/property/sample.h"

/* What a release can say. */
struct release {
	const char *line;
	bool old;     /* PIX up to 6, FWSM up to 2: fixup, no indentation */
	bool pix6;    /* its interfaces and lists */
	bool real;    /* 8.3: objects, object NAT, global lists */
	bool dual;    /* 9.0: IPv6 in lists */
	bool untyped; /* 8.0: service groups without a protocol */
	bool bypass;  /* 8.2(1): tcp-state-bypass */
};

struct gen {
	struct rng rng;
	struct buf out;
	const struct release *release;
	const char *indent;
	bool fragment, has_list6;
	unsigned n_places;
	/* How many there are of each kind so far. */
	unsigned objects, services, networks, port_groups, untyped, protocols, lists, classes;
	unsigned policies, maps;
	unsigned used; /* classes of the policy-map at hand, by bits */
};

#define PICK(g, list) ((list)[gen_below((g), sizeof(list) / sizeof((list)[0]))])

static inline bool gen_chance(struct gen *g, unsigned percent)
{
	return rng_percent(&g->rng, percent);
}

static inline unsigned gen_below(struct gen *g, unsigned long n)
{
	return rng_below(&g->rng, (uint32_t)n);
}

const char *gen_port(struct gen *g); /* "smtp" more often than others */
const char *gen_host(struct gen *g);
const char *gen_network(struct gen *g); /* IPv4 */
const char *gen_nameif(unsigned place); /* of the places from 0 to n_places - 1 */
unsigned gen_list(struct gen *g);       /* N of access-list AN; now and then of none */

/* static, nat, global; or object and twice NAT (random_nat.c). */
void gen_translation(struct gen *g);

/* class-maps, inspection maps, policy-maps, service-policies; or fixups (random_policy.c). */
void gen_inspection(struct gen *g);

#endif
