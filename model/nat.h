/* SPDX-License-Identifier: ISC */
/*
 * Address translation: `static`, `nat` and `global` up to 8.2 (asa-semantics
 * 4.2), object NAT and twice NAT from 8.3 (4.4).
 */
#ifndef MODEL_NAT_H
#define MODEL_NAT_H

#include "model/object.h"

/* [[tcp] max_conns [emb_limit]] [udp udp_max_conns]; 0 is no limit (ruling 12). */
struct nat_limits {
	uint32_t max_conns, embryonic, udp_max_conns;
};

enum nat_kind {
	NAT_STATIC,  /* static (real,mapped) MAPPED REAL, whole or one port, or by access-list */
	NAT_DYNAMIC, /* nat (real) ID ADDRESS, ID above 0 */
	NAT_EXEMPT,  /* nat (real) 0 access-list */
	NAT_IDENTITY /* nat (real) 0 ADDRESS */
};

struct legacy_nat {
	enum nat_kind kind;
	name_id real_ifc, mapped_ifc; /* nameifs; mapped_ifc only of a static */
	struct range real, mapped;    /* of equal size for a static by addresses */
	bool mapped_is_interface;
	bool real_unknown, mapped_unknown; /* masked, or an undefined label */
	uint8_t protocol;                  /* 0: all; else tcp or udp, with the ports below */
	uint16_t real_port, mapped_port;
	name_id acl; /* policy NAT: real and destination by an access-list */
	uint32_t id; /* of NAT_DYNAMIC */
	bool outside, dns, norandomseq;
	struct nat_limits limits;
	struct span span;
};

/* global (ifc) ID ... */
struct global_pool {
	name_id ifc;
	uint32_t id;
	struct range addresses;
	bool is_interface;
	bool is_range; /* A-B: an address for each host; else its ports are shared (PAT) */
	struct span span;
};

enum xlate_kind { XLATE_STATIC, XLATE_DYNAMIC };

/* One `nat` line inside an object network. */
struct object_nat {
	name_id object;
	name_id real_ifc, mapped_ifc; /* 0: any */
	enum xlate_kind kind;
	struct addr_spec mapped; /* ADDR_INTERFACE with name 0: the mapped interface's address */
	bool interface6;         /* ... its IPv6 address (`interface ipv6`) */
	bool pat_pool;           /* dynamic: the addresses of a pool are shared by their ports */
	uint8_t protocol;        /* 0: all */
	uint16_t real_port, mapped_port;
	bool route_lookup;
	struct span span;
};

/* nat (real,mapped) [after-auto] [N] source ... */
struct twice_nat {
	name_id real_ifc, mapped_ifc; /* 0: any */
	bool after_auto, inactive, unidirectional, route_lookup;
	enum xlate_kind kind;
	struct addr_spec src_real, src_mapped;
	bool pat_pool; /* dynamic: the addresses of src_mapped are shared by their ports */
	bool has_destination;
	struct addr_spec dst_mapped, dst_real;
	bool src_interface6, dst_interface6;  /* `interface ipv6` */
	name_id service_real, service_mapped; /* object service names; 0: none */
	bool unknown;                         /* part of the line could not be read */
	struct span span;
};

#endif
