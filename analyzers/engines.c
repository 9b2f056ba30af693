/* SPDX-License-Identifier: ISC */
#include "analyzers/engines.h"

/*
 * Sorted by name. Default ports are those of `match default-inspection-traffic` (asa-semantics
 * section 2), all destination ports (ruling 3). ICMP has none: its engines are for all of protocol
 * 1; that they see ICMPv6 too is said nowhere.
 */
const struct engine engines[] = {
        {"ctiqbe", TRANSPORT_TCP, 2748, 2748, {0}, false},
        {"dcerpc", TRANSPORT_TCP, 135, 135, {0}, false},
        {"dns", TRANSPORT_UDP, 0, 0, {53, 53}, false},
        {"esmtp", TRANSPORT_TCP, 25, 25, {0}, false},
        {"ftp", TRANSPORT_TCP, 21, 21, {0}, false},
        {"gtp", TRANSPORT_UDP, 0, 0, {2123, 2123, 3386, 3386}, false},
        {"h323 h225", TRANSPORT_TCP, 1720, 1720, {0}, false},
        {"h323 ras", TRANSPORT_UDP, 0, 0, {1718, 1719}, false},
        {"http", TRANSPORT_TCP, 80, 80, {0}, false},
        {"icmp", TRANSPORT_ICMP, 0, 0, {0}, false},
        {"icmp error", TRANSPORT_ICMP, 0, 0, {0}, false},
        {"ils", TRANSPORT_TCP, 389, 389, {0}, false},
        {"im", TRANSPORT_TCP, 0, 0, {0}, false},
        {"ip-options", 0, 0, 0, {0}, true},
        {"ipsec-pass-thru", TRANSPORT_UDP, 0, 0, {0}, false},
        {"ipv6", 0, 0, 0, {0}, true},
        {"mgcp", TRANSPORT_UDP, 0, 0, {2427, 2427, 2727, 2727}, false},
        {"mmp", TRANSPORT_TCP, 5443, 5443, {0}, false},
        {"netbios", TRANSPORT_UDP, 0, 0, {137, 138}, false},
        {"pptp", TRANSPORT_TCP, 1723, 1723, {0}, false},
        {"radius-accounting", TRANSPORT_UDP, 0, 0, {1646, 1646}, false},
        {"rsh", TRANSPORT_TCP, 514, 514, {0}, false},
        {"rtsp", TRANSPORT_TCP, 554, 554, {0}, false},
        {"sip", TRANSPORT_TCP | TRANSPORT_UDP, 5060, 5060, {5060, 5060}, false},
        {"skinny", TRANSPORT_TCP, 2000, 2000, {0}, false},
        {"smtp", TRANSPORT_TCP, 25, 25, {0}, false},
        {"snmp", TRANSPORT_UDP, 0, 0, {161, 162}, false},
        {"sqlnet", TRANSPORT_TCP, 1521, 1521, {0}, false},
        {"sunrpc", TRANSPORT_TCP | TRANSPORT_UDP, 0, 0, {111, 111}, false},
        {"tftp", TRANSPORT_UDP, 0, 0, {69, 69}, false},
        {"vxlan", TRANSPORT_UDP, 0, 0, {4789, 4789}, false},
        {"waas", TRANSPORT_TCP, 1, 65535, {0}, true},
        {"xdmcp", TRANSPORT_UDP, 0, 0, {177, 177}, false},
};

const size_t n_engines = sizeof(engines) / sizeof(engines[0]);

const struct engine *engine_named(struct str name)
{
	static const struct engine unknown = {"", TRANSPORT_TCP | TRANSPORT_UDP, 0, 0, {0}, false};
	for (size_t i = 0; i < n_engines; i++)
		if (str_eq(name, str_of(engines[i].name)))
			return &engines[i];
	return &unknown;
}

bool engine_is_smtp(struct str name)
{
	return str_eq(name, S("esmtp")) || str_eq(name, S("smtp"));
}

uint32_t engine_default_ports(struct arena *arena, const struct engine *engine, struct box *boxes)
{
	uint32_t n = 0;
	if (engine->tcp_lo) {
		boxes[n] = box_all();
		boxes[n].dim[DIM_PROTO] = iset_point(arena, PROTO_TCP);
		boxes[n++].dim[DIM_DPORT] = iset_range(arena, engine->tcp_lo, engine->tcp_hi);
	}
	if (engine->transports & TRANSPORT_ICMP) {
		boxes[n] = box_all();
		boxes[n++].dim[DIM_PROTO] = iset_point(arena, PROTO_ICMP);
	}
	for (int i = 0; i < 4 && engine->udp[i]; i += 2) {
		boxes[n] = box_all();
		boxes[n].dim[DIM_PROTO] = iset_point(arena, PROTO_UDP);
		boxes[n++].dim[DIM_DPORT] = iset_range(arena, engine->udp[i], engine->udp[i + 1]);
	}
	return n;
}

size_t engine_fixed_order(struct str name)
{
	static const char *const order[] = {
	        "ctiqbe", "dns",        "ftp",   "gtp",    "h323 h225", "h323 ras", "http",
	        "icmp",   "icmp error", "ils",   "mgcp",   "netbios",   "pptp",     "sunrpc",
	        "rsh",    "rtsp",       "sip",   "skinny", "smtp",      "esmtp",    "snmp",
	        "sqlnet", "tftp",       "xdmcp", "dcerpc", "im",
	};
	size_t n = sizeof(order) / sizeof(order[0]), i = 0;
	while (i < n && !str_eq(name, str_of(order[i])))
		i++;
	return i;
}
