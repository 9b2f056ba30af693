/* SPDX-License-Identifier: ISC */
/* Configs that tests trace packets through, and what they expect of each packet. */
#ifndef TESTS_UNIT_TRACE_ROWS_H
#define TESTS_UNIT_TRACE_ROWS_H

#include <stddef.h>

/* Lines 2 to 13 of a config: three interfaces. Then one line and some that a test may need. */
#define IFCS                                                                                       \
	"interface Ethernet0/0\n nameif outside\n security-level 0\n"                              \
	" ip address 203.0.113.1 255.255.255.0\n"                                                  \
	"interface Ethernet0/1\n nameif inside\n security-level 100\n"                             \
	" ip address 10.1.1.1 255.255.255.0\n"                                                     \
	"interface Ethernet0/2\n nameif dmz\n security-level 50\n"                                 \
	" ip address 10.2.2.1 255.255.255.0\n"
#define ROUTE "route outside 0.0.0.0 0.0.0.0 203.0.113.254 1\n"
#define INSPECTION                                                                                 \
	"class-map inspection_default\n match default-inspection-traffic\n"                        \
	"policy-map global_policy\n class inspection_default\n  inspect esmtp\n  inspect ftp\n"    \
	"service-policy global_policy global\n"

/* `outside` and `inside` again, with IPv6. */
#define IFCS6                                                                                      \
	"interface Ethernet0/0\n nameif outside\n security-level 0\n"                              \
	" ip address 203.0.113.1 255.255.255.0\n ipv6 address 2001:db8:1::1/64\n"                  \
	"interface Ethernet0/1\n nameif inside\n security-level 100\n"                             \
	" ip address 10.1.1.1 255.255.255.0\n ipv6 address 2001:db8:2::1/64\n"

/* One packet and what a trace of it must say; NULL: not looked at. */
struct trace_row {
	const char *packet, *result, *output;
	const char *list;   /* "NAME ACTION LINE"; LINE - is the implicit rule; "none" */
	const char *engine; /* "none": nothing inspects; with "?" at its end: may inspect */
	const char *limits; /* "conn-max 50, ..."; "none" */
	const char *nat;    /* "DST SRC", an address, "-" for none, "pool" */
	const char *phase;  /* the phase that must be there, with its result: "NAT drop" */
};

/* Trace the packets of `n` rows through the config that `text` is. */
void check_traces(const char *text, const struct trace_row *rows, size_t n);

#define CHECK_TRACES(text, rows) check_traces(text, rows, sizeof(rows) / sizeof((rows)[0]))

#endif
