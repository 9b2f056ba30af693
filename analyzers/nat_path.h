/* SPDX-License-Identifier: ISC */
/* Address translation of one packet: the rules of nat_table.h, walked in their order. */
#ifndef ANALYZERS_NAT_PATH_H
#define ANALYZERS_NAT_PATH_H

#include "analyzers/nat_table.h"

/* What became of one end of a packet. */
struct xlate {
	enum verdict done; /* NO: no rule; YES: by `rule`; UNKNOWN: it cannot be told */
	const struct nat_rule *rule;
	bool reverse; /* the rule was met from its mapped side */
	bool refused; /* the rule has no address for it where it leaves: it is dropped */
	bool no_pat;  /* ... for PAT cannot translate the packet (pat.h) */
	bool changed; /* the address or port is another now */
	u128 address; /* as translated; the old one where nothing is changed */
	uint16_t port;
	bool address_known, port_known; /* false: one of a pool, or not in the text */
	struct range self;              /* the address as a set */
	bool several;                   /* it may be any of these instead */
	bool taken; /* nat_server(): an earlier static takes that address and port for another */
	struct iset pool;
	enum why_code why; /* of UNKNOWN */
	struct str why_text;
};

/* All that the address may be; good as long as the xlate is. */
static inline struct iset xlate_addresses(const struct xlate *xlate)
{
	return xlate->several ? xlate->pool : (struct iset){&xlate->self, 1};
}

/* The packet on its way: as on the wire, and what is known so far. */
struct nat_packet {
	struct packet wire;
	const struct interface *in, *out; /* out: NULL until it is known */
};

/* Un-NAT: the destination as its rule makes it. */
struct xlate nat_destination(struct arena *arena, const struct config *config,
                             const struct nat_table *table, const struct nat_packet *packet);

/* The egress that a destination's translation leads to without a route lookup, or NULL. */
const struct interface *nat_divert(const struct config *config, const struct xlate *destination);

/* The source as it leaves by packet->out. */
struct xlate nat_source(struct arena *arena, const struct config *config,
                        const struct nat_table *table, const struct nat_packet *packet,
                        const struct xlate *destination);

/*
 * The rule that a reply's source meets (rpf-check): it must be that of the destination. YES:
 * it is; NO: it is another, named in *other; UNKNOWN.
 */
enum verdict nat_reverse(struct arena *arena, const struct config *config,
                         const struct nat_table *table, const struct nat_packet *packet,
                         const struct xlate *destination, const struct xlate *source,
                         const struct nat_rule **other);

/* A server of real_ifc, by real address and TCP port, for those behind mapped_ifc. */
struct nat_server_of {
	u128 address;
	uint16_t port;
	const struct interface *real_ifc, *mapped_ifc;
};

/* An address and a TCP port by which those behind mapped_ifc are said to reach a host. */
struct nat_published {
	u128 address;
	uint16_t port;
	u128 real;
	const struct interface *mapped_ifc;
};

/*
 * Before 8.3: does a static before the rule `by` surely take them? `by` NULL: does any static that
 * is not of the host?
 */
bool nat_is_taken(struct arena *arena, const struct nat_table *table,
                  const struct nat_published *at, const struct nat_rule *by);

/*
 * For whole flows: the nth static (from 0) that publishes the server, whoever connects; xlate.done
 * is NO without one.
 */
struct xlate nat_server(struct arena *arena, const struct config *config,
                        const struct nat_table *table, const struct nat_server_of *of,
                        uint32_t nth);

/*
 * Before 8.3: may this static be what publishes a real address and port, for some peer? One by an
 * access-list is asked for the real addresses and source ports of its entries.
 */
bool nat_may_serve(const struct config *config, const struct legacy_nat *nat, u128 real,
                   uint8_t protocol, uint16_t port);

/* The first rule before 8.3 for TCP connections that `real` opens to `port`, or NULL. */
const struct legacy_nat *nat_client(const struct config *config, const struct nat_table *table,
                                    u128 real, uint16_t port, const struct interface *real_ifc,
                                    const struct interface *mapped_ifc);

#endif
