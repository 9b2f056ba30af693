/* SPDX-License-Identifier: ISC */
/*
 * Addresses and services as written (specs), the objects and groups they may
 * name, and the sets they resolve to once a config is linked.
 *
 * A resolved set is three-valued: `must` is what surely belongs to it, `may` is
 * all that might. They differ where something cannot be known from the text: an
 * FQDN, a masked address, an unresolved name.
 */
#ifndef MODEL_OBJECT_H
#define MODEL_OBJECT_H

#include "model/flow.h"
#include "model/intern.h"

enum addr_kind {
	ADDR_ANY, /* both families from 9.0, IPv4 before */
	ADDR_ANY4,
	ADDR_ANY6,
	ADDR_RANGE,     /* host, network, range */
	ADDR_OBJECT,    /* name: an object network */
	ADDR_GROUP,     /* name: an object-group network */
	ADDR_INTERFACE, /* name: a nameif, meaning its own address */
	ADDR_UNKNOWN    /* masked, or a label that `name` never defined */
};

struct addr_spec {
	enum addr_kind kind;
	name_id name;       /* as the kind says */
	struct range range; /* ADDR_RANGE: its ends */
};

/* What a spec stands for. `why` tells what makes `may` larger than `must`. */
struct addr_set {
	struct iset must, may;
	enum why_code why;
	bool dangling; /* a name without a definition was met on the way */
};

enum port_kind { PORT_ANY, PORT_RANGE, PORT_NOT, PORT_GROUP, PORT_UNKNOWN };

struct port_spec {
	enum port_kind kind;
	name_id group;   /* PORT_GROUP: an object-group service of this name */
	uint16_t lo, hi; /* PORT_RANGE: these; PORT_NOT: all but lo */
};

enum service_kind {
	SERVICE_PROTOCOLS, /* proto_lo to proto_hi with ports (ICMP: type and code) */
	SERVICE_OBJECT,    /* an object service, or a predefined one */
	SERVICE_GROUP, /* an object-group service without a protocol, or an object-group protocol */
	SERVICE_UNKNOWN
};

struct service_spec {
	enum service_kind kind;
	name_id name; /* SERVICE_OBJECT, SERVICE_GROUP */
	uint8_t proto_lo, proto_hi;
	bool tcp_udp;                  /* both tcp and udp, whatever proto_lo says */
	struct port_spec source, dest; /* beside a SERVICE_GROUP of protocols, too */
};

/* Protocols with their ports: a box without its addresses. */
struct service_box {
	struct iset proto, sport, dport;
};

struct service_set {
	VEC(struct service_box) must; /* may overlap */
	VEC(struct service_box) may;  /* all that might match; includes must */
	enum why_code why;
	bool dangling;
};

/* All that a group can stand for; which part counts depends on where it is named. */
struct group_set {
	struct addr_set addresses, ports;
	struct service_set services;
};

enum object_kind { OBJECT_EMPTY, OBJECT_ADDRESS, OBJECT_FQDN, OBJECT_SERVICE };

/* object network N / object service N */
struct object {
	name_id name;
	enum object_kind kind;
	struct addr_spec address;    /* OBJECT_ADDRESS */
	struct service_spec service; /* OBJECT_SERVICE */
	struct span span;            /* of its head */
};

enum group_kind { GROUP_NETWORK, GROUP_SERVICE, GROUP_PROTOCOL, GROUP_ICMP, GROUP_OPAQUE };

enum member_kind { MEMBER_ADDRESS, MEMBER_SERVICE, MEMBER_PORTS, MEMBER_GROUP, MEMBER_UNKNOWN };

struct member {
	enum member_kind kind;
	struct addr_spec address;    /* MEMBER_ADDRESS */
	struct service_spec service; /* MEMBER_SERVICE */
	struct port_spec ports;      /* MEMBER_PORTS: of a typed service group */
	name_id group;               /* MEMBER_GROUP */
	struct span span;
};

/* object-group KIND N [tcp|udp|tcp-udp] */
struct group {
	name_id name;
	enum group_kind kind;
	bool typed;    /* service groups: members are ports */
	bool tcp, udp; /* of a typed one */
	VEC(struct member) members;
	struct span span;
};

#endif
