/* SPDX-License-Identifier: ISC */
/*
 * Exact sets of packets. A packet is the first of its connection (ruling 9): a
 * protocol, two addresses of one family, two ports. A box is a product of one
 * interval set a dimension; a packet set is a list of disjoint boxes.
 *
 * ICMP uses the two port dimensions for type (source) and code (destination);
 * protocols without ports use all of both.
 */
#ifndef MODEL_PACKET_SET_H
#define MODEL_PACKET_SET_H

#include "model/interval.h"

enum dim { DIM_PROTO, DIM_SRC, DIM_DST, DIM_SPORT, DIM_DPORT, DIM_COUNT };

enum { PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ICMP6 = 58, PROTO_SCTP = 132 };

struct packet {
	u128 at[DIM_COUNT];
};

struct box {
	struct iset dim[DIM_COUNT];
};

struct boxes {
	VEC(struct box) list; /* may overlap */
};

struct pset {
	VEC(struct box) boxes; /* disjoint, none empty */
};

/* The box of all packets: protocols 0-255, all addresses, ports 0-65535. */
struct box box_all(void);
/* Whether it has no packet: some dimension is empty, or the addresses have no family in common. */
bool box_is_empty(const struct box *box);
bool box_equal(const struct box *a, const struct box *b); /* the same sets in every dimension */
bool box_contains(const struct box *box, const struct packet *packet);
/* a AND b; false when empty. */
bool box_intersect(struct arena *arena, const struct box *a, const struct box *b, struct box *out);
/* Append a minus b to `out` as at most DIM_COUNT disjoint boxes. */
void box_subtract(struct arena *arena, const struct box *a, const struct box *b, struct pset *out);

void pset_add_box(struct arena *arena, struct pset *set, const struct box *box); /* kept disjoint */
struct pset pset_of(struct arena *arena, const struct box *box);
struct pset pset_union(struct arena *arena, const struct pset *a, const struct pset *b);
struct pset pset_intersect(struct arena *arena, const struct pset *a, const struct pset *b);
struct pset pset_subtract(struct arena *arena, const struct pset *a, const struct pset *b);
bool pset_is_empty(const struct pset *a);
bool pset_contains(const struct pset *a, const struct packet *packet);
bool pset_equal(struct arena *arena, const struct pset *a, const struct pset *b);

/* Fewer boxes for the same set: joins boxes that differ in one dimension only, until none do. */
struct pset pset_simplify(struct arena *arena, const struct pset *a);

/*
 * A packet of a non-empty set, the same each time: families agree, ports are
 * high for the source where there is a choice, and addresses are ordinary
 * looking (documentation ranges first: 198.51.100.0/24, 2001:db8::/32).
 */
bool pset_witness(const struct pset *a, struct packet *packet);
bool box_witness(const struct box *box, struct packet *packet);

#endif
