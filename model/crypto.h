/* SPDX-License-Identifier: ISC */
/* Which packets go into IPsec tunnels: crypto maps, by the access-lists of their entries. */
#ifndef MODEL_CRYPTO_H
#define MODEL_CRYPTO_H

#include "model/intern.h"
#include "model/source.h"

/* `crypto map M N match address ACL`, or the dynamic map that an entry stands for. */
struct crypto_entry {
	name_id map;
	bool of_dynamic; /* of a dynamic-map */
	uint32_t sequence;
	name_id acl, dynamic; /* one of the two; an ACL sees packets as they leave, translated */
	struct span span;
};

/* `crypto map M interface IFC` */
struct crypto_binding {
	name_id map, interface;
	struct span span;
};

#endif
