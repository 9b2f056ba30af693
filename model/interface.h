/* SPDX-License-Identifier: ISC */
/* Interfaces and static routes. */
#ifndef MODEL_INTERFACE_H
#define MODEL_INTERFACE_H

#include "model/intern.h"
#include "model/interval.h"
#include "model/source.h"

struct access_group;

struct interface_address {
	u128 address;
	struct range network;
	bool masked;    /* not readable, or by DHCP or PPPoE: the address is not known */
	const char *by; /* of an IPv4 address that is learned: "DHCP" or "PPPoE"; else NULL */
};

struct interface {
	name_id hardware;   /* "Ethernet0/0"; 0 for one known by its nameif only */
	name_id nameif;     /* 0: carries no traffic of its own */
	int security_level; /* 0-100 */
	VEC(struct interface_address) addresses;
	bool ipv6_enabled;   /* `ipv6 enable`: it has a link-local address */
	bool ipv6_elsewhere; /* an IPv6 address that the text does not tell */
	bool shutdown, management_only;
	bool implied;               /* never defined here: only referred to (a fragment) */
	bool learns_default_route;  /* `ip address dhcp setroute`, `pppoe setroute` */
	uint32_t bridge_group;      /* 0: none; a BVI has its own number here */
	bool bridge_virtual;        /* a BVI: carries the address of its members */
	name_id no_forward;         /* `no forward interface HW`: opens nothing towards it */
	struct span verify_reverse; /* `ip verify reverse-path`: sources must be routed back here */
	const struct access_group *groups[2]; /* the first in and out; made by config_link() */
	struct span policy_route; /* `policy-route route-map`: egress is not by destination */
	struct span span;
};

struct route {
	name_id ifc; /* nameif */
	struct range network;
	uint32_t metric;
	struct span span;
};

#endif
