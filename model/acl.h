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
	uint8_t unsure; /* enum why_code: time-range, user or security group; WHY_NONE: sure */
};

enum acl_kind { ACL_EXTENDED, ACL_STANDARD, ACL_ETHERTYPE, ACL_WEBTYPE, ACL_IPV6 };

struct acl {
	name_id name;
	enum acl_kind kind;
	VEC(struct ace) aces; /* in the order of the list, remarks included */
	struct span span;     /* its first line */
};

/* access-group ACL {in|out} interface IFC, or ACL global */
enum direction { DIR_IN, DIR_OUT, DIR_GLOBAL };

struct access_group {
	name_id acl;
	name_id interface; /* 0 when global */
	enum direction direction;
	struct span span;
};

#endif
