/* SPDX-License-Identifier: ISC */
/* Interfaces and static routes. */
#ifndef MODEL_INTERFACE_H
#define MODEL_INTERFACE_H

#include "model/intern.h"
#include "model/interval.h"
#include "model/source.h"

struct interface_address {
	u128 address;
	struct range network;
	bool masked; /* not readable, or by DHCP or PPPoE: the address is not known */
};

struct interface {
	name_id hardware;   /* "Ethernet0/0"; 0 for one known by its nameif only */
	name_id nameif;     /* 0: carries no traffic of its own */
	int security_level; /* 0-100 */
	VEC(struct interface_address) addresses;
	bool shutdown, management_only;
	bool implied; /* never defined here: only referred to (a fragment) */
	struct span span;
};

struct route {
	name_id ifc; /* nameif */
	struct range network;
	uint32_t metric;
	struct span span;
};

#endif
