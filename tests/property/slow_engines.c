/* SPDX-License-Identifier: ISC */
#include "tests/property/slow_engines.h"

enum { ICMP = 1, TCP = 6, UDP = 17 };

/*
 * The table of default ports (section 2), all of them destination ports (ruling 3); those of ICMP
 * are its codes.
 */
static const struct {
	const char *engine;
	uint8_t proto;
	uint16_t lo, hi;
} default_ports[] = {
        {"ctiqbe", TCP, 2748, 2748},   {"dcerpc", TCP, 135, 135},
        {"dns", UDP, 53, 53},          {"esmtp", TCP, 25, 25},
        {"ftp", TCP, 21, 21},          {"gtp", UDP, 2123, 2123},
        {"gtp", UDP, 3386, 3386},      {"h323 h225", TCP, 1720, 1720},
        {"icmp", ICMP, 0, 65535},      {"icmp error", ICMP, 0, 65535},
        {"h323 ras", UDP, 1718, 1719}, {"http", TCP, 80, 80},
        {"ils", TCP, 389, 389},        {"mgcp", UDP, 2427, 2427},
        {"mgcp", UDP, 2727, 2727},     {"mmp", TCP, 5443, 5443},
        {"netbios", UDP, 137, 138},    {"pptp", TCP, 1723, 1723},
        {"rsh", TCP, 514, 514},        {"radius-accounting", UDP, 1646, 1646},
        {"rtsp", TCP, 554, 554},       {"sip", TCP, 5060, 5060},
        {"sip", UDP, 5060, 5060},      {"skinny", TCP, 2000, 2000},
        {"smtp", TCP, 25, 25},         {"snmp", UDP, 161, 162},
        {"sqlnet", TCP, 1521, 1521},   {"sunrpc", UDP, 111, 111},
        {"tftp", UDP, 69, 69},         {"vxlan", UDP, 4789, 4789},
        {"xdmcp", UDP, 177, 177},
};

enum { N_DEFAULT_PORTS = sizeof(default_ports) / sizeof(default_ports[0]) };

static bool is_word(struct str name, const char *word)
{
	return str_eq(name, str_of(word));
}

bool slow_is_combinable(struct str engine)
{
	return is_word(engine, "ip-options") || is_word(engine, "ipv6") || is_word(engine, "waas");
}

bool slow_works_on(struct str engine, uint8_t proto)
{
	bool listed = false, works = false;
	if (proto != TCP && proto != UDP && proto != ICMP)
		return false;
	if (is_word(engine, "sunrpc"))
		return proto != ICMP;
	if (is_word(engine, "im"))
		return proto == TCP;
	if (is_word(engine, "ipsec-pass-thru"))
		return proto == UDP;
	for (size_t i = 0; i < N_DEFAULT_PORTS; i++) {
		if (!is_word(engine, default_ports[i].engine))
			continue;
		listed = true;
		works |= default_ports[i].proto == proto;
	}
	return works || (!listed && proto != ICMP);
}

bool slow_is_default_port(const struct str *engine, const struct slow_packet *packet)
{
	for (size_t i = 0; i < N_DEFAULT_PORTS; i++)
		if ((!engine || is_word(*engine, default_ports[i].engine)) &&
		    default_ports[i].proto == packet->proto &&
		    default_ports[i].lo <= packet->dport && packet->dport <= default_ports[i].hi)
			return true;
	return false;
}
