/* SPDX-License-Identifier: ISC */
/*
 * A second opinion on every verdict: one packet at a time, by walking the lists of
 * the parsed config as asa-semantics says, without any set of packets. It shares no
 * code with model/interval, model/packet_set, model/link or analyzers/. Slow, and
 * meant to be read beside the documents.
 */
#ifndef PROPERTY_SLOW_H
#define PROPERTY_SLOW_H

#include "model/config.h"

enum slow_answer { SLOW_NO, SLOW_YES, SLOW_UNKNOWN };

/* "no", "yes", "unknown" */
extern const char *const slow_answer_names[];

/* The first packet of a connection (ruling 9), where it arrives. */
struct slow_packet {
	name_id in, out; /* nameifs; 0: not known */
	uint8_t proto;
	u128 src, dst; /* as they are on the ingress interface */
	uint16_t sport, dport;
	u128 real_dst; /* behind the translation; the same as dst from 8.3 */
	uint16_t real_dport;
};

/* --- three-valued logic ------------------------------------------------------------------ */

enum slow_answer slow_and(enum slow_answer a, enum slow_answer b);
enum slow_answer slow_or(enum slow_answer a, enum slow_answer b);
/* Two answers of which it is not known which holds. */
enum slow_answer slow_either(enum slow_answer a, enum slow_answer b);

/* --- releases ---------------------------------------------------------------------------- */

bool slow_real_addresses(const struct config *config); /* from 8.3 */
bool slow_dual_any(const struct config *config);       /* from 9.0 */
bool slow_fixups(const struct config *config);         /* PIX up to 6, FWSM up to 2 */

/* Are the two the same interface? Case does not count. */
bool slow_same_ifc(const struct config *config, name_id a, name_id b);

/* The first interface of this name, or NULL. */
const struct interface *slow_interface(const struct config *config, name_id name);

/*
 * Visit one IPv4 address of each stretch in which no range of the config begins or ends: what
 * holds for all of them holds for every address.
 */
void slow_each_address(const struct config *config, void (*visit)(void *context, u128 address),
                       void *context);

/* --- addresses and access-lists ---------------------------------------------------------- */

enum slow_answer slow_address(const struct config *config, const struct addr_spec *spec,
                              u128 address);

/* How a list may end for a packet; several bits: it is not known which. */
enum { SLOW_PERMIT = 1, SLOW_DENY = 2, SLOW_END = 4 };

struct slow_decision {
	unsigned can;
	const struct ace *ace; /* the one that surely matches; NULL: the list's end */
};

struct slow_decision slow_acl(const struct config *config, const struct acl *acl,
                              const struct slow_packet *packet);
/* By the addresses of the ACEs alone (ruling 3). */
struct slow_decision slow_acl_addresses(const struct config *config, const struct acl *acl,
                                        const struct slow_packet *packet);

/*
 * Does a list of policy NAT translate the source of the packet, a host behind its real interface?
 * Its permit ACEs alone count, `inactive` and `time-range` or not (4.2). Without `ports` only
 * addresses do.
 */
bool slow_policy_nat(const struct config *config, const struct acl *acl,
                     const struct slow_packet *packet, bool ports);

#endif
