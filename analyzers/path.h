/* SPDX-License-Identifier: ISC */
/*
 * Where things are: the interface an address lies behind, how an appliance's
 * address looks from another interface, and the passages that make up a flow.
 */
#ifndef ANALYZERS_PATH_H
#define ANALYZERS_PATH_H

#include "analyzers/mpf.h"
#include "analyzers/nat_path.h"

/* How it is known that an address lies behind an interface. */
enum placed_by {
	PLACED_NOWHERE,
	PLACED_CONNECTED, /* a connected network */
	PLACED_ROUTE,     /* a static route other than the default */
	PLACED_NAT,       /* the real interface of a translation of this very address */
	PLACED_NAMED      /* named in the config, and the default route leads there */
};

struct place_of {
	enum placed_by by;
	const struct interface *ifc; /* NULL: nowhere, or named without a known interface */
};

/* The interface an address lies behind. The default route alone places nothing (product.md, on
 * path). */
struct place_of path_place(const struct config *config, u128 address);

/* The interface of the default route (lowest metric) of a family, or NULL. */
const struct interface *path_default(const struct config *config, bool v4);

/*
 * The addresses of a family that lie behind an interface: by its connected networks and static
 * routes, longest prefix first. What no network or route other than a default one places lies
 * behind the interface of the default route; where there is none, or the interface's own network
 * is not known, it may lie behind any.
 */
struct iset path_behind(const struct config *config, struct arena *arena,
                        const struct interface *ifc, bool v4);

/* The same for many interfaces: who owns which addresses of a family is found once. */
struct layout;
const struct layout *path_layout(const struct config *config, struct arena *arena, bool v4);
struct iset layout_behind(const struct layout *layout, struct arena *arena,
                          const struct interface *ifc);

/*
 * The firewall's own addresses, whose packets do not go through it, and those of its networks
 * that are no host's.
 */
struct iset path_no_hosts(const struct config *config, struct arena *arena);

/* Subtract a set of many ranges from one of few: only what lies in that is looked at. */
struct iset path_without(struct arena *arena, struct iset set, struct iset many);

/* Interfaces that through traffic can enter by: named, not shut down, not management-only. */
bool path_carries_traffic(const struct interface *ifc);

/* One way that a route lookup may choose. */
struct hop {
	const struct interface *ifc;
	const struct route *route; /* NULL: connected */
	struct range network;
	uint32_t metric; /* 0: connected */
	struct span span;
	struct str text; /* "192.0.2.0/24" */
	bool discarded;  /* a route to Null0; it has no interface */
};

/* Where a route lookup sends a packet: longest prefix, connected before static, lower metric. */
struct route_to {
	const struct interface *ifc; /* NULL: no route in the text */
	const struct route *route;   /* NULL: connected */
	struct span span;
	struct str text; /* of the route's network */
	bool ambiguous;  /* equal routes by several interfaces */
	bool masked;     /* some interface's own network is not in the text */
	bool discarded;  /* a route to Null0 is the closest; `span` is its line */
};

/* All connected networks and routes, made once a config. */
struct route_table {
	VEC(struct hop) list;            /* connected first, then routes, then those to Null0 */
	const struct address_rows *rows; /* which hold an address; NULL: all are looked at */
	bool masked;                     /* as in route_to */
};

/* The table of a config; with rows for many look-ups. */
struct route_table path_routes(struct arena *arena, const struct config *config, bool many);
struct route_to path_route(const struct route_table *table, u128 address);

/* How a real address and port are seen from another interface. */
struct seen_as {
	u128 address;
	uint16_t port;
	bool translated;
	bool unknown; /* the mapped address is not in the text */
	bool taken;   /* before 8.3: by a line of another host others reach that one there */
	const struct legacy_nat *nat;        /* the rule, before 8.3 */
	const struct object_nat *object_nat; /* from 8.3 */
	const struct twice_nat *twice_nat;
};

/*
 * The translation of a server `real`:`port` (TCP) behind `real_ifc` as seen from
 * `mapped_ifc`: the first rule of the config's table that applies. Ports come back as mapped.
 */
struct seen_as path_seen(const struct config *config, const struct nat_table *table,
                         struct arena *arena, u128 real, uint16_t port,
                         const struct interface *real_ifc, const struct interface *mapped_ifc);

/*
 * The same, but by the rule that publishes the server as the address that others were said to know
 * it by, if one does, or as that address where the text does not tell it; `given` NULL: none was
 * said.
 */
struct seen_as path_seen_by(const struct config *config, const struct nat_table *table,
                            struct arena *arena, u128 real, uint16_t port,
                            const struct interface *real_ifc, const struct interface *mapped_ifc,
                            const u128 *given);

/*
 * The rule that translates the source of TCP connections that `real` opens from `real_ifc`
 * towards `port` on `mapped_ifc` (before 8.3); NULL when none does. A static comes before `nat`.
 */
const struct legacy_nat *path_source_nat(const struct config *config, const struct nat_table *table,
                                         u128 real, uint16_t port, const struct interface *real_ifc,
                                         const struct interface *mapped_ifc);

#endif
