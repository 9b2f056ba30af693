/* SPDX-License-Identifier: ISC */
/* Packets and sets of them in words: protocols, addresses, ports. */
#ifndef EMITTERS_PACKETS_H
#define EMITTERS_PACKETS_H

#include "model/finding.h"

struct words {
	VEC(struct str) list;
};

/* Append a word unless it is there already. */
void words_add_once(struct arena *arena, struct words *words, struct str word);

/* `words` in one string, `between` in between. */
struct str words_join(struct arena *arena, const struct words *words, const char *between);

/* "tcp", "udp", "icmp", ...; the number of those that have no name here. */
struct str protocol_text(struct arena *arena, unsigned protocol);

/* Protocols by their names: "any protocol", or "tcp", "udp", "50-51". */
void protocols_text(struct arena *arena, struct iset protocols, struct words *out);

/*
 * The addresses of a box's source or destination: "any", "any4", "any6", or
 * CIDR prefixes. Only the families that both ends have: no packet has the other.
 */
void box_addresses(struct arena *arena, const struct box *box, enum dim dim, struct words *out);

/* The same for people: "any4 except 192.0.2.1" where that is shorter. */
void box_addresses_short(struct arena *arena, const struct box *box, enum dim dim,
                         struct words *out);

/* Ports as "25" or "1-1023". */
void ports_text(struct arena *arena, struct iset ports, struct words *out);

/* Whether a set of ports is all of them. */
bool ports_are_any(struct iset ports);

/* The device's own command for a packet: "packet-tracer input outside tcp ...". */
struct str packet_tracer_text(struct arena *arena, const struct witness *witness);

#endif
