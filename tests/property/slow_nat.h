/* SPDX-License-Identifier: ISC */
/*
 * Translation of one packet in every release, by walking the lines of the text in the order of
 * the documents (asa-semantics 4.2, 4.4). No set, no table of rules resolved beforehand.
 */
#ifndef PROPERTY_SLOW_NAT_H
#define PROPERTY_SLOW_NAT_H

#include "tests/property/slow.h"

/* A line of translation: exactly one of the three is set. */
struct slow_nat {
	const struct legacy_nat *legacy;
	const struct object_nat *object;
	const struct twice_nat *twice;
};

struct slow_nats {
	VEC(struct slow_nat) list; /* in the order in which the device tries them */
};

struct slow_nats slow_nats_of(struct arena *arena, const struct config *config);

/* One end of a packet behind its translation. */
struct slow_end {
	enum slow_answer done; /* by `nat`; SLOW_UNKNOWN: the text does not tell */
	const struct slow_nat *nat;
	bool from_mapped; /* the line was met from its mapped side */
	bool refused;     /* `nat` without a `global` where the packet leaves, or only PAT */
	bool pooled;      /* the address is one of a pool, or the port any */
	bool own;         /* ... of its ranges, in which each host has an address of its own */
	u128 address;     /* the old one where nothing changes */
	uint16_t port;
	bool coarse; /* SLOW_UNKNOWN because this evaluator knows no better */
};

/* The line and its kind: "static", "dynamic", "exempt", "identity". */
struct span slow_nat_span(const struct slow_nat *nat);
bool slow_nat_is_static(const struct slow_nat *nat);
bool slow_nat_is_exempt(const struct slow_nat *nat);

/* The destination of a packet that enters by packet->in: src, dst and ports as on the wire. */
struct slow_end slow_unnat(const struct config *config, const struct slow_nats *nats,
                           const struct slow_packet *packet);

/* The nameif that the translation of the destination leads to by itself; 0: ask the routes. */
name_id slow_divert(const struct config *config, const struct slow_packet *packet,
                    const struct slow_end *destination);

/* The source, as it leaves by packet->out. */
struct slow_end slow_source(const struct config *config, const struct slow_nats *nats,
                            const struct slow_packet *packet, const struct slow_end *destination);

/* PAT goes by ports: what it does to a source of a pool that has none (slow_pat.c). */
void slow_pat(const struct config *config, const struct slow_packet *packet, struct slow_end *end);

/*
 * Would a reply be translated by the line that the packet came by? SLOW_NO: by another (305013).
 * *met: some line would translate the reply.
 */
enum slow_answer slow_rpf(const struct config *config, const struct slow_nats *nats,
                          const struct slow_packet *packet, const struct slow_end *destination,
                          const struct slow_end *source, bool *met);

/* Visit one address of each stretch of the pool that `source` is mapped to. */
void slow_each_pooled(const struct config *config, const struct slow_packet *packet,
                      const struct slow_end *source, void (*visit)(void *context, u128 address),
                      void *context);

#endif
