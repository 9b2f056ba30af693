/* SPDX-License-Identifier: ISC */
/*
 * Specs as the commands that make them: canonical, with the names that running-configs
 * show ("eq smtp", "host 10.1.1.5", "10.1.0.0 255.255.0.0").
 */
#ifndef MODEL_SPEC_TEXT_H
#define MODEL_SPEC_TEXT_H

#include "model/config.h"

/* An address as in an access-list; as in an object where it is a range ("range A B"). */
struct str addr_spec_text(struct arena *arena, const struct config *config,
                          const struct addr_spec *spec);

/* The words behind an address: "", "eq smtp", "range 1024 65535", "object-group PORTS". */
struct str port_spec_text(struct arena *arena, const struct config *config,
                          const struct port_spec *spec);

/* "tcp", "ip", "47", "object-group SERVICES": what stands before the addresses. */
struct str service_spec_protocol(struct arena *arena, const struct config *config,
                                 const struct service_spec *spec);

/* The whole of an object or member: "tcp source eq 25 destination eq smtp", "icmp echo 0". */
struct str service_spec_text(struct arena *arena, const struct config *config,
                             const struct service_spec *spec);

/* "H:MM:SS" of a timeout; "0" for never. */
struct str seconds_text(struct arena *arena, uint32_t seconds);

/* "10.1.1.5 255.255.255.0": an address and the mask of its network. */
struct str address_mask_text(struct arena *arena, u128 address, struct range network);

#endif
