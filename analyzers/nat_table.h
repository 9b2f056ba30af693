/* SPDX-License-Identifier: ISC */
/*
 * The rules of address translation, of every form and release, in the order in which the
 * device tries them. Made once a config.
 *
 * Before 8.3 (asa-semantics 4.2): exemption, then statics of every form in the order of
 * the text, then `nat` by access-list in order, then the `nat` of the closest network.
 * From 8.3 (4.4): twice NAT in order, object NAT (static before dynamic, fewer addresses
 * first, then the lower address, then the name), twice NAT after-auto.
 */
#ifndef ANALYZERS_NAT_TABLE_H
#define ANALYZERS_NAT_TABLE_H

#include "analyzers/address_rows.h"
#include "model/config.h"

enum nat_act {
	ACT_STATIC,
	ACT_DYNAMIC,
	ACT_EXEMPT,  /* nat 0 access-list */
	ACT_IDENTITY /* nat 0 ADDRESS */
};

/* Ports that a rule translates, both ways: a of the real side is b of the mapped side. */
struct port_map {
	bool set; /* false: all ports, none changed */
	uint16_t real_lo, real_hi, mapped_lo, mapped_hi;
};

/* One `global`. */
struct nat_pool {
	const struct global_pool *global;
	const struct interface *ifc; /* NULL: one that is not there */
	struct iset addresses;
};

/* One rule with its names resolved. Exactly one of legacy, object and twice is set. */
struct nat_rule {
	const struct legacy_nat *legacy;
	const struct object_nat *object;
	const struct twice_nat *twice;
	struct span span;
	enum nat_act act;
	const struct interface *real_ifc, *mapped_ifc; /* NULL: any */
	bool nowhere;                                  /* it names an interface that is not there */
	struct addr_set src_real, src_mapped;
	bool to_interface; /* src_mapped is the mapped interface's own address */
	bool has_dst, dst_interface;
	bool src_interface6, dst_interface6; /* ... its IPv6 address, not the IPv4 one */
	struct addr_set dst_mapped, dst_real;
	uint8_t protocol; /* 0: all */
	struct port_map source, dest;
	const struct acl *acl; /* policy NAT and exemption: source and destination by its ACEs */
	const struct nat_pool *pools; /* of its number, for `nat` before 8.3 */
	uint32_t n_pools;
	bool one_way, route_lookup;
	bool doubtful; /* part of the line could not be read */
};

struct nat_table {
	VEC(struct nat_rule) rules; /* in the order in which they are tried */
	bool modern;                /* 8.3 and later */
	/*
	 * For many packets: which rules can translate a source, and which can be met by a
	 * destination. NULL: all are looked at.
	 */
	const struct address_rows *by_real, *by_target;
};

/* The table of a config, of the arena. Lines that are inactive are not in it. */
struct nat_table nat_table_of(struct arena *arena, const struct config *config);

/*
 * May two lines of `static`, or two of `nat`, speak of one packet, so that their order counts?
 * Lists and what is masked are taken to speak of anything.
 */
bool nat_lines_meet(const struct config *config, const struct legacy_nat *a,
                    const struct legacy_nat *b);

/* The addresses that the sources of a list's entries may have. */
struct iset nat_list_sources(struct arena *arena, const struct config *config,
                             const struct acl *acl);

/*
 * The addresses that a line of `static` or `nat` may translate: its own, or the sources of its
 * access-list; all where these are not in the text.
 */
struct iset nat_line_hosts(struct arena *arena, const struct config *config,
                           const struct legacy_nat *line);

/* Fill by_real and by_target. */
void nat_table_index(struct arena *arena, const struct config *config, struct nat_table *table);

/* The rules that one of them leaves for an address, in their order: see nat_walk_next(). */
struct nat_walk {
	const struct nat_table *table;
	bool indexed;
	uint32_t at;
	struct row_walk row;
};

/* `rows`: by_real or by_target of the table, by which `address` is looked up; NULL: all rules. */
void nat_walk_begin(const struct nat_table *table, const struct address_rows *rows, u128 address,
                    struct nat_walk *walk);
const struct nat_rule *nat_walk_next(struct nat_walk *walk); /* NULL: no more */

#endif
