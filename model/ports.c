/* SPDX-License-Identifier: ISC */
#include "model/ports.h"

struct named_number {
	const char *name;
	int number;
};

/* Sorted by name: searched by halves (test_values looks after the order). */
static const struct named_number ports[] = {
        {"aol", 5190},
        {"bgp", 179},
        {"biff", 512},
        {"bootpc", 68},
        {"bootps", 67},
        {"chargen", 19},
        {"cifs", 3020},
        {"citrix-ica", 1494},
        {"cmd", 514},
        {"ctiqbe", 2748},
        {"daytime", 13},
        {"discard", 9},
        {"dnsix", 195},
        {"domain", 53},
        {"echo", 7},
        {"exec", 512},
        {"finger", 79},
        {"ftp", 21},
        {"ftp-data", 20},
        {"gopher", 70},
        {"h323", 1720},
        {"hostname", 101},
        {"http", 80},
        {"https", 443},
        {"ident", 113},
        {"imap4", 143},
        {"irc", 194},
        {"isakmp", 500},
        {"kerberos", 750},
        {"klogin", 543},
        {"kshell", 544},
        {"ldap", 389},
        {"ldaps", 636},
        {"login", 513},
        {"lotusnotes", 1352},
        {"lpd", 515},
        {"mobile-ip", 434},
        {"nameserver", 42},
        {"netbios-dgm", 138},
        {"netbios-ns", 137},
        {"netbios-ssn", 139},
        {"nfs", 2049},
        {"nntp", 119},
        {"ntp", 123},
        {"pcanywhere-data", 5631},
        {"pcanywhere-status", 5632},
        {"pim-auto-rp", 496},
        {"pop2", 109},
        {"pop3", 110},
        {"pptp", 1723},
        {"radius", 1645},
        {"radius-acct", 1646},
        {"rip", 520},
        {"rsh", 514},
        {"rtsp", 554},
        {"secureid-udp", 5510},
        {"sip", 5060},
        {"smtp", 25},
        {"snmp", 161},
        {"snmptrap", 162},
        {"sqlnet", 1521},
        {"ssh", 22},
        {"sunrpc", 111},
        {"syslog", 514},
        {"tacacs", 49},
        {"tacacs-ds", 65},
        {"talk", 517},
        {"telnet", 23},
        {"tftp", 69},
        {"time", 37},
        {"uucp", 540},
        {"vxlan", 4789},
        {"who", 513},
        {"whois", 43},
        {"www", 80},
        {"xdmcp", 177},
};

/* Names a running-config prints for TCP where several fit come first. */
static const struct named_number protocols[] = {
        {"ip", 0},     {"icmp", 1},  {"igmp", 2},   {"ipinip", 4}, {"tcp", 6},
        {"igrp", 9},   {"udp", 17},  {"gre", 47},   {"pptp", 47},  {"esp", 50},
        {"ipsec", 50}, {"ah", 51},   {"icmp6", 58}, {"eigrp", 88}, {"ospf", 89},
        {"nos", 94},   {"pim", 103}, {"pcp", 108},  {"snp", 109},  {"sctp", 132},
};

static const struct named_number icmp_types[] = {
        {"echo-reply", 0},           {"unreachable", 3},
        {"source-quench", 4},        {"redirect", 5},
        {"alternate-address", 6},    {"echo", 8},
        {"router-advertisement", 9}, {"router-solicitation", 10},
        {"time-exceeded", 11},       {"parameter-problem", 12},
        {"timestamp-request", 13},   {"timestamp-reply", 14},
        {"information-request", 15}, {"information-reply", 16},
        {"mask-request", 17},        {"mask-reply", 18},
        {"traceroute", 30},          {"conversion-error", 31},
        {"mobile-redirect", 32},
};

static const struct named_number icmp6_types[] = {
        {"unreachable", 1},
        {"packet-too-big", 2},
        {"time-exceeded", 3},
        {"parameter-problem", 4},
        {"echo", 128},
        {"echo-reply", 129},
        {"membership-query", 130},
        {"membership-report", 131},
        {"membership-reduction", 132},
        {"router-solicitation", 133},
        {"router-advertisement", 134},
        {"neighbor-solicitation", 135},
        {"neighbor-advertisement", 136},
        {"neighbor-redirect", 137},
        {"router-renumbering", 138},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int number_of(const struct named_number *table, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(str_of(table[i].name), name))
			return table[i].number;
	return -1;
}

static const char *name_of(const struct named_number *table, size_t n, int number)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].number == number)
			return table[i].name;
	return NULL;
}

/* Order of names, case ignored. */
static int name_cmp(struct str a, const char *b)
{
	size_t i = 0;
	for (; i < a.n && b[i]; i++) {
		char c = (char)(a.s[i] >= 'A' && a.s[i] <= 'Z' ? a.s[i] + 32 : a.s[i]);
		if (c != b[i])
			return (unsigned char)c < (unsigned char)b[i] ? -1 : 1;
	}
	return i < a.n ? 1 : b[i] ? -1 : 0;
}

int port_number(struct str name)
{
	size_t lo = 0, hi = COUNT(ports);
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int order = name_cmp(name, ports[mid].name);
		if (order == 0)
			return ports[mid].number;
		if (order < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return -1;
}

const char *port_name(uint16_t port)
{
	return port == 80 ? "www" : name_of(ports, COUNT(ports), port);
}

int protocol_number(struct str name)
{
	return number_of(protocols, COUNT(protocols), name);
}

const char *protocol_name(uint8_t protocol)
{
	return name_of(protocols, COUNT(protocols), protocol);
}

int icmp_type_number(struct str name, bool v6)
{
	return v6 ? number_of(icmp6_types, COUNT(icmp6_types), name)
	          : number_of(icmp_types, COUNT(icmp_types), name);
}
