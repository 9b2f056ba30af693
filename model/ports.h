/* SPDX-License-Identifier: ISC */
/* Names of ports and protocols as the devices spell them (asa-semantics 9.4, 9.5). */
#ifndef MODEL_PORTS_H
#define MODEL_PORTS_H

#include "model/str.h"

/* The number of a port name ("smtp" is 25), or -1. Case is ignored. */
int port_number(struct str name);

/* The name running-configs show for a TCP port ("smtp" for 25), or NULL. */
const char *port_name(uint16_t port);

/* The number of a protocol name ("tcp" is 6), or -1. "ip" is 0: every protocol. */
int protocol_number(struct str name);

/* "tcp", "udp", ... or NULL for one that has no name. */
const char *protocol_name(uint8_t protocol);

/* The number of an ICMP or ICMPv6 type name ("echo" is 8), or -1. */
int icmp_type_number(struct str name, bool v6);

#endif
