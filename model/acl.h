/* SPDX-License-Identifier: ISC */
/*
 * Access-lists. An ACE is a small record that refers to interned specs; it is
 * never expanded. Lists of kinds that cannot be used for mail keep their lines
 * out (the list exists, empty).
 */
#ifndef MODEL_ACL_H
#define MODEL_ACL_H

#include "model/object.h"

enum ace_action {
	ACE_DENY,
	ACE_PERMIT, /* `trust` of FTD too */
	ACE_REMARK,
	ACE_UNKNOWN /* a line that could not be read: may match anything, either way */
};

struct ace {
	struct span span;
	uint32_t src, dst; /* indexes into config.addr_pool */
	uint32_t service;  /* index into config.service_pool */
	uint8_t action;    /* enum ace_action */
	bool inactive;
	uint8_t unsure; /* enum why_code: time-range, user or security group, scope; WHY_NONE: sure
	                 */
	uint16_t scope; /* index into config.ace_scopes + 1; 0: every interface */
};

/*
 * `ifc A ... ifc B` of FTD: the ACE counts for packets from A to B only (0: any). An ACE with
 * a scope is unsure (WHY_UNMODELLED) for whoever does not look at it.
 */
struct ace_scope {
	name_id from, to;
};

struct acl_index;

enum acl_kind { ACL_EXTENDED, ACL_STANDARD, ACL_ETHERTYPE, ACL_WEBTYPE, ACL_IPV6 };

struct acl {
	name_id name;
	enum acl_kind kind;
	VEC(struct ace) aces; /* in the order of the list, remarks included */
	struct span span;     /* its first line */
	const struct acl_index
	        *index; /* for one packet at a time (analyzers/acl_index); NULL: none */
};

/* access-group ACL {in|out} interface IFC, or ACL global */
enum direction { DIR_IN, DIR_OUT, DIR_GLOBAL };

struct access_group {
	name_id acl;
	name_id interface; /* 0 when global */
	enum direction direction;
	struct span span;
	/* Made by config_link(). */
	const struct acl *list;          /* NULL: it is not in the text */
	const struct access_group *next; /* of the same place and direction */
};

/* apply (IFC) N {outgoing_src | outgoing_dest}: filters what comes in there (section 6). */
struct outbound_binding {
	name_id interface; /* 0: it could not be read; any */
	struct span span;
};

#endif
