/* SPDX-License-Identifier: ISC */
/* Sets of services under construction, and the services that devices know without a definition. */
#ifndef MODEL_SERVICE_SET_H
#define MODEL_SERVICE_SET_H

#include "model/object.h"

/* Note a reason for doubt unless there is one. */
void why_note(enum why_code *why, enum why_code code);

/* 0 to 65535. */
struct iset ports_all(struct arena *arena);

/* Everything may be in it, nothing surely is. */
struct service_set services_doubtful(struct arena *arena, bool dangling);

/* Add a box to what is surely, or possibly, in the set; empty ones are left out. */
void services_add_must(struct arena *arena, struct service_set *set, const struct service_box *box);
void services_add_may(struct arena *arena, struct service_set *set, const struct service_box *box);

/* Add another set to one; services_join() when all are in it. */
void services_add(struct arena *arena, struct service_set *set, const struct service_set *more);

/* Join boxes that differ in their destination ports, or else their source ports, only. */
void services_join(struct arena *arena, struct service_set *set);

/* The part of a set that has these ports (`permit object-group PROTOCOLS any any eq 25`). */
struct service_set services_with_ports(struct arena *arena, const struct service_set *set,
                                       const struct addr_set *source, const struct addr_set *dest);

/* A predefined object: "tcp-smtp", "udp-domain", "tcp-udp-sip", "icmp-echo", "ospf" (9.1). */
bool service_predefined(struct str name, struct service_spec *out);

#endif
