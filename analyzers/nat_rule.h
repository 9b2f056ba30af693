/* SPDX-License-Identifier: ISC */
/*
 * One rule of nat_table.h and one packet: what the rooms of nat_path.h share. nat_destination.c
 * makes the destination real, nat_source.c the source mapped and asks for the reply's rule,
 * nat_flow.c looks at whole flows.
 */
#ifndef ANALYZERS_NAT_RULE_H
#define ANALYZERS_NAT_RULE_H

#include "analyzers/nat_path.h"

#define NAT_UNREADABLE "it cannot be told whether this translation applies"
#define NAT_ACROSS     "it is between IPv4 and IPv6 (NAT64), which is not followed"

/* --- three-valued ----------------------------------------------------------------------- */

static inline enum verdict verdict_both(enum verdict a, enum verdict b)
{
	if (a == VERDICT_NO || b == VERDICT_NO)
		return VERDICT_NO;
	return a == VERDICT_YES && b == VERDICT_YES ? VERDICT_YES : VERDICT_UNKNOWN;
}

static inline enum verdict verdict_sure(bool yes)
{
	return yes ? VERDICT_YES : VERDICT_NO;
}

/* Is a point in a set? */
enum verdict verdict_in(const struct addr_set *set, u128 point);

/* --- parts of a rule -------------------------------------------------------------------- */

/* A packet from its rule's real side. */
struct nat_ends {
	u128 near, far; /* the address of the rule's real side, and the other */
	uint16_t near_port, far_port;
	uint8_t protocol;
};

static inline uint16_t packet_port(const struct packet *packet, enum dim dim)
{
	return (uint16_t)packet->at[dim];
}

/* NULL is any interface, or one that is not known. */
static inline bool rule_is_at(const struct interface *rule, const struct interface *ifc)
{
	return !rule || !ifc || rule == ifc;
}

static inline bool rule_port_in(uint16_t lo, uint16_t hi, uint16_t port)
{
	return lo <= port && port <= hi;
}

/* An interface's own address of a family. */
struct addr_set rule_own_address(struct arena *arena, const struct interface *ifc, bool v4);

/* What a source of a family becomes, and what a destination was; the interface of that side. */
struct addr_set rule_mapped_source(struct arena *arena, const struct nat_rule *rule,
                                   const struct interface *mapped_ifc, bool v4);
struct addr_set rule_mapped_destination(struct arena *arena, const struct nat_rule *rule,
                                        const struct interface *real_ifc, bool v4);

/* The port at the same place of the other range. */
uint16_t rule_map_port(uint16_t from, uint16_t to, uint16_t to_hi, uint16_t port);

/*
 * The k-th address of one set for the k-th of the other, round and round where they differ;
 * false where that cannot be told.
 */
bool rule_map_address(struct iset from, struct iset to, u128 address, u128 *out);

/* Policy statics map the network of each ACE to one of the same size from their address on. */
struct iset rule_mapped_side(struct arena *arena, struct iset real, struct iset mapped,
                             const struct ace *ace);

/* Does a rule make addresses of one family those of the other? */
bool rule_is_across(const struct nat_rule *rule);

/* --- matching --------------------------------------------------------------------------- */

/*
 * The first ACE of a policy or exemption list that takes this packet. Policy NAT has permit
 * lines only; `inactive` and time-range do not count, but on FWSM they do (4.2). Exemption
 * looks at addresses only. ends->near is the ACE's source.
 */
enum verdict rule_by_aces(const struct config *config, const struct nat_rule *rule,
                          const struct nat_ends *ends, const struct ace **found);

/* `nat` without `outside` is for lower and equal levels, with it for higher ones. */
bool rule_level_fits(const struct nat_rule *rule, const struct interface *in,
                     const struct interface *out);

/* Does the rule translate a source on its real side? *ace: the line of a policy list that did. */
enum verdict rule_matches_source(struct arena *arena, const struct config *config,
                                 const struct nat_rule *rule, const struct nat_ends *ends,
                                 const struct interface *in, const struct interface *out,
                                 const struct ace **ace);

/* A `global` for it on an interface; NULL: on any. */
bool rule_has_global(const struct nat_rule *rule, const struct interface *ifc);

/* --- one end of a packet ---------------------------------------------------------------- */

/* As no rule has met it. */
struct xlate xlate_untouched(const struct packet *packet, enum dim address, enum dim port);

/* As it may be where a rule may have met it. */
struct xlate xlate_doubtful(struct arena *arena, struct xlate from, const struct nat_rule *rule,
                            const char *text);

/* Its address and port have been found: fill `changed` and `self`. */
void xlate_settle(struct xlate *xlate, const struct packet *packet, enum dim address,
                  enum dim port);

#endif
