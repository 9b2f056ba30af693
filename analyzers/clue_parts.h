/* SPDX-License-Identifier: ISC */
/* What the files that collect clues share (clues.h). */
#ifndef ANALYZERS_CLUE_PARTS_H
#define ANALYZERS_CLUE_PARTS_H

#include "analyzers/clues.h"
#include "analyzers/path.h"

enum { SMTP_PORT = 25 };

/* A rule is about single hosts and single ports when it has no more of them than this. */
enum { FEW = 8 };

/* A static translation of addresses, whole or of one TCP port. */
struct mapping {
	struct range real, mapped;
	bool mapped_known; /* the interface's address may not be */
	bool one_port;
	uint16_t real_port, mapped_port;
	const struct interface *real_ifc, *mapped_ifc;
	const char *what;
	struct span span;
};

/* An SSH rule between two hosts, which counts only where something else speaks for both. */
struct ssh_rule {
	u128 from, to;
	struct span span;
};

struct collector {
	struct arena *arena, *scratch; /* for what lasts, and what does not */
	struct route_table routes;
	const struct config *config;
	uint32_t nth; /* of this config among those of the survey */
	struct suspects *found;
	VEC(struct mapping) mappings;
	struct keys mapped;               /* by first mapped address: is there any? */
	bool maps_ranges;                 /* ... of more than one address */
	const struct interface *internet; /* where the Internet is; NULL: not known */
	uint8_t *ports; /* by service: what clue_rules.c found in it; 0: nothing yet */
	VEC(struct ssh_rule) ssh_rules;
};

static inline bool is_within(struct range range, u128 address)
{
	return range.lo <= address && address <= range.hi;
}

/* --- suspects (clues.c) ------------------------------------------------------------------- */

/* The suspect of that real address, or NULL. It stays where it is until the next one is made. */
struct suspect *clues_find(const struct collector *collector, u128 real);

/*
 * The same, made when new; NULL where it can be none, as the firewall's own address, or too many.
 */
struct suspect *clues_suspect(struct collector *collector, u128 real);

/*
 * Another reason to suspect it, with the line in which `span` is. The caller may add a peer to the
 * clue, which stays where it is until the suspect's next one.
 */
struct clue *clues_add(struct collector *collector, struct suspect *suspect, enum clue_kind kind,
                       struct span span, struct str reason);

/* --- translations (clue_translations.c) --------------------------------------------------- */

/* Read them all, which comes first; then make suspects of those of the mail port alone. */
void clues_read_mappings(struct collector *collector);
void clues_of_mappings(struct collector *collector);

/* The real address of the host that connections to `address`:`port` reach. */
u128 clues_real_of(const struct collector *collector, u128 address, uint16_t port);

/* How the Internet sees a suspect, or else how some other interface does. */
void clues_set_mapped(struct collector *collector, struct suspect *suspect);

/* --- access rules (clue_rules.c) ---------------------------------------------------------- */

/* Permits of the ports that tell something, of all lists in force and of conduits. */
void clues_of_rules(struct collector *collector);

/* Permits of SSH, when all suspects are known: between two of them it tells an SMA from an ESA. */
void clues_of_ssh(struct collector *collector);

#endif
