/* SPDX-License-Identifier: ISC */
/* One line of translation and one packet: is it about it, from its real side or its mapped one? */
#ifndef PROPERTY_SLOW_NAT_LINES_H
#define PROPERTY_SLOW_NAT_LINES_H

#include "tests/property/slow_nat.h"
#include "tests/property/slow_ranges.h"

/* Nameifs; 0: any. */
name_id line_real_ifc(const struct slow_nat *nat);
name_id line_mapped_ifc(const struct slow_nat *nat);

struct addr_spec object_spec(name_id name);
const struct service_spec *service_named(const struct config *config, name_id name);

/* The port of `to` in the place that `port` has in `from`. */
uint16_t move_port(const struct port_spec *from, const struct port_spec *to, uint16_t port);

/* Does it translate what comes from its real side? *ace: the line of a list that says so. */
enum slow_answer line_takes(const struct config *config, const struct slow_nat *nat,
                            const struct slow_packet *packet, const struct ace **ace);

/* Does it put the destination back that was met on its mapped side? */
enum slow_answer line_gives(const struct config *config, const struct slow_nat *nat,
                            const struct slow_packet *packet, struct slow_end *end);

#endif
