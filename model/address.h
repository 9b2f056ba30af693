/* SPDX-License-Identifier: ISC */
/*
 * IPv4 and IPv6 addresses on one number line of 128 bits: an IPv4 address
 * a.b.c.d is the point ::ffff:a.b.c.d. Those v6 addresses never cross a
 * firewall as such, so v4 and v6 share one kind of interval set: "any4" is the
 * /96 of the mapped addresses, "any6" everything else.
 */
#ifndef MODEL_ADDRESS_H
#define MODEL_ADDRESS_H

#include "model/str.h"

__extension__ typedef unsigned __int128 u128;

#define U128_MAX  (~(u128)0)
#define ADDR4_MIN ((u128)0xffff << 32)
#define ADDR4_MAX (ADDR4_MIN | 0xffffffffu)

static inline bool addr_is4(u128 addr)
{
	return addr >= ADDR4_MIN && addr <= ADDR4_MAX;
}

static inline u128 addr4(uint32_t bits)
{
	return ADDR4_MIN | bits;
}

/* A range of addresses, both ends included. */
struct range {
	u128 lo, hi;
};

/* Dotted quad of four decimal bytes (leading zeros allowed), or IPv6 text (RFC 4291). */
bool addr_parse(struct str text, u128 *addr);

/*
 * "ADDR" or "ADDR/LEN": a single address or a prefix; host bits are kept out.
 * As a range on the number line a v6 prefix that begins with "::" and has less
 * than 96 bits (::/0 above all) may hold the v4 points too: take iset_family().
 */
bool addr_parse_prefix(struct str text, struct range *range);

/*
 * The network `addr` & `mask` as a range. `mask` is an IPv4 netmask on the
 * number line. False if the mask is not contiguous from the left (asa-semantics
 * 9.2: never read as a wildcard). *exact tells whether addr had no host bits.
 */
bool addr_network4(u128 addr, u128 mask, struct range *range, bool *exact);

/* The prefix of `len` bits (0-32 or 0-128 by the family of addr) around addr. */
bool addr_prefix(u128 addr, unsigned len, struct range *range, bool *exact);

/* Text of an address: dotted quad, or RFC 5952. */
struct str addr_text(struct arena *arena, u128 addr);
void addr_add(struct buf *buf, u128 addr); /* the same, appended */

/* A list of prefixes as text ("10.0.0.0/8"; a host without its "/32" or "/128"). */
struct cidrs {
	VEC(struct str) list;
};

/*
 * Append the fewest prefixes that cover the range exactly: first those of its
 * v4 points, then those of its v6 points, each in rising order. A v6 prefix
 * means v6 addresses only, so the whole line is "0.0.0.0/0" and "::/0".
 * To write a set of addresses use iset_cidrs().
 */
void addr_cidrs(struct arena *arena, struct range range, struct cidrs *out);
void addr_cidrs6(struct arena *arena, struct range range, struct cidrs *out); /* v6 points only */

#endif
