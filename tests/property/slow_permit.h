/* SPDX-License-Identifier: ISC */
/* Translation before 8.3 (asa-semantics 4.2), and what the access rules say to one packet (9.3). */
#ifndef PROPERTY_SLOW_PERMIT_H
#define PROPERTY_SLOW_PERMIT_H

#include "tests/property/slow.h"

/*
 * Fill in dst and dport, as on the wire, of a packet whose real_dst and real_dport are
 * set. False when the mapped address is not in the text.
 */
bool slow_to_wire(const struct config *config, struct slow_packet *packet);

/* The static that translates the destination of a packet whose real_dst is set, or NULL. */
const struct legacy_nat *slow_static(const struct config *config, const struct slow_packet *packet);

/* The access-group of a place that filters a family; a list not in the text may filter both. */
const struct access_group *slow_group_at(const struct config *config, enum direction direction,
                                         name_id ifc, bool v4);

/* What a list says, by all that its outcomes can be: bits SLOW_PERMIT and SLOW_DENY. */
enum slow_answer slow_answer_of(unsigned can);

/* The levels alone, conduits and outbound lists with them, where no access-list decides. */
enum slow_answer slow_by_levels(const struct config *config, const struct slow_packet *packet);

/*
 * What no access-list overrides: between equal levels, and back out of the interface it came
 * in by. Whether a list lets packets pass between equal levels is not documented from 7.0 on.
 */
enum slow_answer slow_same_security(const struct config *config, const struct slow_packet *packet);

/* The checks a packet passes one after another. */
struct slow_checks {
	enum slow_answer in;          /* the inbound and the global list, or the levels */
	enum slow_answer levels;      /* what no list overrides */
	enum slow_answer nat_control; /* before 8.3 */
	enum slow_answer out;         /* the outbound list */
};

struct slow_checks slow_checks_of(const struct config *config, const struct slow_packet *packet);

/* Permitted: merged over the interfaces where they are not known. */
enum slow_answer slow_permitted(const struct config *config, const struct slow_packet *packet);

#endif
