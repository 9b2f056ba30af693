/* SPDX-License-Identifier: ISC */
/* Small configs of each family of releases, and what becomes of packets in them. */
#include <criterion/criterion.h>

#include "tests/unit/trace_rows.h"

Test(trace, levels_and_lists)
{
	static const char text[] =
	        "ASA Version 9.8(4)\n" IFCS /* lines 2 to 13 */
	        "access-list out_in extended permit tcp any host 10.1.1.25 eq smtp\n"
	        "access-list out_in extended deny tcp any host 10.1.1.26 eq smtp\n"
	        "access-list out_in extended permit tcp any object FQ eq smtp\n"
	        "object network FQ\n fqdn mail.example.com\n"
	        "access-group out_in in interface outside\n" ROUTE INSPECTION;
	static const struct trace_row rows[] = {
	        {"input outside tcp 198.51.100.7 40000 10.1.1.25 25", "allow", .output = "inside",
	         .list = "out_in permit 14", .engine = "esmtp", .limits = "none", .nat = "- -",
	         .phase = "FLOW-CREATION allow"},
	        {"input outside tcp 198.51.100.7 40000 10.1.1.26 25", "drop", .output = "inside",
	         .list = "out_in deny 15", .engine = "esmtp", .limits = "none", .nat = "- -",
	         .phase = "ACCESS-LIST drop"},
	        {"input outside tcp 198.51.100.7 40000 10.1.1.27 25", "unknown", .output = "inside",
	         .list = "out_in unknown 16", .engine = "esmtp", .phase = "ACCESS-LIST unknown"},
	        {"input outside tcp 198.51.100.7 40000 10.1.1.27 26", "drop", .output = "inside",
	         .list = "out_in deny -", .engine = "none"},
	        {"input inside tcp 10.1.1.25 40000 198.51.100.7 smtp", "allow", .output = "outside",
	         .list = "none", .engine = "esmtp"},
	        {"input dmz tcp 10.2.2.2 40000 10.1.1.25 25", "drop", .output = "inside",
	         .list = "none", .engine = "esmtp", .phase = "ACCESS-LIST drop"},
	        {"input inside tcp 10.1.1.25 40000 10.1.1.26 25", "drop", .output = "inside",
	         .list = "none"},
	        {"input inside icmp 10.1.1.25 echo 0 198.51.100.7", "allow", .output = "outside",
	         .list = "none", .engine = "none"},
	        {"input inside rawip 10.1.1.25 47 198.51.100.7", "allow", .output = "outside",
	         .list = "none", .engine = "none"},
	        {"input outside tcp 198.51.100.7 40000 203.0.113.1 25", "unknown", .output = "",
	         .phase = "ROUTE-LOOKUP unknown"},
	};
	CHECK_TRACES(text, rows);
}

Test(trace, global_and_outbound_lists)
{
	static const char text[] =
	        "ASA Version 9.8(4)\n" IFCS
	        "access-list one extended permit tcp any host 10.1.1.25 eq smtp\n"
	        "access-list all extended permit tcp any host 10.1.1.26 eq smtp\n"
	        "access-list leave extended deny tcp any host 10.1.1.25 eq 26\n"
	        "access-list leave extended permit ip any any\n"
	        "access-list one extended permit tcp any host 10.1.1.25 eq 26\n"
	        "access-group one in interface outside\naccess-group all global\n"
	        "access-group leave out interface inside\n" ROUTE INSPECTION;
	static const struct trace_row rows[] = {
	        {"input outside tcp 198.51.100.7 1 10.1.1.25 25", "allow", .output = "inside",
	         .list = "one permit 14", .engine = "esmtp"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.26 25", "allow", .output = "inside",
	         .list = "all permit 15", .engine = "esmtp"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.27 25", "drop", .output = "inside",
	         .list = "all deny -", .engine = "esmtp"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.25 26", "drop", .output = "inside",
	         .list = "one permit 18", .engine = "none", .phase = "ACCESS-LIST drop"},
	        {"input inside tcp 10.1.1.9 1 198.51.100.7 25", "drop", .output = "outside",
	         .list = "all deny -", .engine = "esmtp"},
	};
	CHECK_TRACES(text, rows);
}

Test(trace, fwsm_and_conduits)
{
	static const char fwsm[] = "FWSM Version 4.1(5)\n" IFCS ROUTE INSPECTION;
	static const char pix[] = "PIX Version 6.3(5)\n"
	                          "interface ethernet0 auto\ninterface ethernet1 auto\n"
	                          "nameif ethernet0 outside security0\n"
	                          "nameif ethernet1 inside security100\n"
	                          "fixup protocol smtp 25\n"
	                          "ip address outside 203.0.113.1 255.255.255.0\n"
	                          "ip address inside 10.1.1.1 255.255.255.0\n"
	                          "static (inside,outside) 203.0.113.25 10.1.1.25 netmask "
	                          "255.255.255.255 0 0\n"
	                          "conduit permit tcp host 203.0.113.25 eq smtp any\n" ROUTE;
	static const struct trace_row fwsm_rows[] = {
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "drop", .output = "outside",
	         .list = "none", .engine = "esmtp", .phase = "ACCESS-LIST drop"},
	};
	static const struct trace_row pix_rows[] = {
	        {"input outside tcp 198.51.100.7 1 203.0.113.25 25", "allow", .output = "inside",
	         .engine = "smtp", .nat = "10.1.1.25 -", .phase = "ACCESS-LIST allow"},
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "allow", .output = "outside",
	         .list = "none", .engine = "smtp", .nat = "- 203.0.113.25"},
	        {"input inside tcp 10.1.1.26 1 198.51.100.7 25", "drop", .output = "outside",
	         .engine = "smtp", .phase = "NAT drop"},
	};
	CHECK_TRACES(fwsm, fwsm_rows);
	CHECK_TRACES(pix, pix_rows);
}

Test(trace, service_policies)
{
	static const char text[] =
	        "ASA Version 9.8(4)\n" IFCS
	        "access-list caps extended permit tcp any host 10.1.1.25\n"
	        "access-list byp extended permit tcp any host 10.1.1.26\n"
	        "class-map CAPS\n match access-list caps\nclass-map BYP\n match access-list byp\n"
	        "class-map ALL\n match any\n"
	        "class-map inspection_default\n match default-inspection-traffic\n"
	        "policy-map global_policy\n class inspection_default\n  inspect esmtp\n"
	        "  inspect http\n class ALL\n  set connection conn-max 9\n  police input 64000\n"
	        "policy-map OUT\n class CAPS\n  set connection conn-max 5 per-client-max 2\n"
	        " class BYP\n  set connection advanced-options tcp-state-bypass\n"
	        "  csc fail-open\n"
	        "service-policy global_policy global\nservice-policy OUT interface outside\n"
	        "access-list out_in extended permit ip any any\n"
	        "access-group out_in in interface outside\n" ROUTE;
	static const struct trace_row rows[] = {
	        {"input outside tcp 198.51.100.7 1 10.1.1.25 25", "allow", .output = "inside",
	         .engine = "esmtp", .limits = "conn-max 5, per-client-max 2, police 64000",
	         .phase = "CONN-SETTINGS allow"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.26 25", "allow", .output = "inside",
	         .engine = "none", .limits = "conn-max 9?, police 64000", .phase = "MODULE allow"},
	        {"input dmz tcp 10.2.2.7 1 198.51.100.7 80", "allow", .output = "outside",
	         .engine = "http", .limits = "conn-max 9, police 64000", .phase = "QOS allow"},
	};
	CHECK_TRACES(text, rows);
}

Test(trace, two_readings_and_fragments)
{
	static const char mapped[] =
	        "ASA Version 8.2(5)\n" IFCS "static (inside,outside) 203.0.113.25 10.1.1.25\n"
	        "access-list in extended permit ip any any\naccess-group in in interface outside\n"
	        "access-list e extended deny tcp any host 10.1.1.25 eq smtp\n"
	        "access-list e extended permit tcp any any eq smtp\n"
	        "class-map E\n match access-list e\npolicy-map g\n class E\n  inspect esmtp\n"
	        "service-policy g global\n" ROUTE;
	static const char fragment[] = IFCS ROUTE;
	static const char stray[] =
	        "ASA Version 9.8(4)\n" IFCS ROUTE INSPECTION "frobnicate everything\n";
	static const struct trace_row mapped_rows[] = {
	        {"input outside tcp 198.51.100.7 1 203.0.113.25 25", "unknown", .output = "inside",
	         .list = "in permit 15", .engine = "esmtp?", .phase = "INSPECT unknown"},
	};
	static const struct trace_row fragment_rows[] = {
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "unknown", .output = "outside",
	         .list = "none", .engine = "none", .phase = "INSPECT unknown"},
	};
	static const struct trace_row stray_rows[] = {
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "unknown", .output = "outside",
	         .list = "none", .engine = "esmtp", .phase = "UNKNOWN-COMMAND unknown"},
	};
	CHECK_TRACES(mapped, mapped_rows);
	CHECK_TRACES(fragment, fragment_rows);
	CHECK_TRACES(stray, stray_rows);
}

Test(trace, routes)
{
	static const char text[] =
	        "ASA Version 9.8(4)\n" IFCS "route inside 10.9.0.0 255.255.0.0 10.1.1.2 1\n"
	        "route dmz 10.9.9.0 255.255.255.0 10.2.2.2 1\n"
	        "route dmz 172.16.0.0 255.240.0.0 10.2.2.2 10\n"
	        "route inside 172.16.0.0 255.240.0.0 10.1.1.2 5\n"
	        "route inside 192.0.2.0 255.255.255.0 10.1.1.2 1\n"
	        "route dmz 192.0.2.0 255.255.255.0 10.2.2.2 1\n" INSPECTION;
	static const struct trace_row rows[] = {
	        {"input dmz tcp 10.2.2.2 1 10.9.1.1 25", NULL, .output = "inside"},
	        {"input inside tcp 10.1.1.2 1 10.9.9.1 25", "allow", .output = "dmz"},
	        {"input dmz tcp 10.2.2.2 1 172.16.1.1 25", NULL, .output = "inside"},
	        {"input outside tcp 203.0.113.9 1 192.0.2.1 25", "unknown", .output = "",
	         .phase = "ROUTE-LOOKUP unknown"},
	        {"input inside tcp 10.1.1.2 1 8.8.8.8 25", "drop", .output = "", .engine = "esmtp",
	         .phase = "ROUTE-LOOKUP drop"},
	};
	CHECK_TRACES(text, rows);
}

Test(trace, ipv6)
{
	static const char text[] =
	        "ASA Version 9.8(4)\n"
	        "interface e0\n nameif outside\n security-level 0\n ipv6 address 2001:db8:1::1/64\n"
	        "interface e1\n nameif inside\n security-level 100\n"
	        " ipv6 address 2001:db8:2::1/64\n"
	        "access-list in extended permit tcp any6 host 2001:db8:2::25 eq smtp\n"
	        "access-list in extended permit tcp any4 any4 eq smtp\n"
	        "access-group in in interface outside\n"
	        "ipv6 route outside ::/0 2001:db8:1::ff\n" INSPECTION;
	static const struct trace_row rows[] = {
	        {"input outside tcp 2001:db8:9::1 1 2001:db8:2::25 25", "allow", .output = "inside",
	         .list = "in permit 10", .engine = "esmtp"},
	        {"input outside tcp 2001:db8:9::1 1 2001:db8:2::26 25", "drop", .output = "inside",
	         .list = "in deny -", .engine = "esmtp"},
	        {"input inside icmp 2001:db8:2::25 echo 2001:db8:9::1", "allow",
	         .output = "outside", .list = "none", .engine = "none"},
	};
	CHECK_TRACES(text, rows);
}

/* State bypass is about TCP, nat-control about IPv4. */
Test(trace, what_is_not_for_all_packets)
{
	static const char bypass[] =
	        "ASA Version 9.8(4)\n" IFCS "class-map B\n match any\n"
	        "class-map inspection_default\n match default-inspection-traffic\n"
	        "policy-map p\n class inspection_default\n  inspect dns\n  inspect esmtp\n class "
	        "B\n"
	        "  set connection advanced-options tcp-state-bypass\n"
	        "service-policy p global\n" ROUTE;
	static const char control[] = "ASA Version 8.2(5)\n" IFCS6 "nat-control\n"
	                              "ipv6 route outside ::/0 2001:db8:1::2\n" ROUTE INSPECTION;
	static const struct trace_row bypass_rows[] = {
	        {"input inside udp 10.1.1.9 1 198.51.100.7 53", "allow", .output = "outside",
	         .engine = "dns"},
	        {"input inside tcp 10.1.1.9 1 198.51.100.7 25", "allow", .output = "outside",
	         .engine = "none"},
	};
	static const struct trace_row control_rows[] = {
	        {"input inside tcp 2001:db8:2::25 1 2001:db8:9::1 25", "allow", .output = "outside",
	         .engine = "esmtp", .nat = "- -"},
	        {"input inside tcp 10.1.1.9 1 198.51.100.7 25", "drop", .output = "outside",
	         .engine = "esmtp", .phase = "NAT drop"},
	};
	CHECK_TRACES(bypass, bypass_rows);
	CHECK_TRACES(control, control_rows);
}

Test(trace, reverse_path_and_discarded)
{
	static const char text[] =
	        "ASA Version 9.8(4)\n" IFCS "ip verify reverse-path interface outside\n"
	        "ip verify reverse-path interface inside\n"
	        "route inside 10.0.0.0 255.0.0.0 10.1.1.2 1\nroute Null0 10.9.0.0 255.255.0.0\n"
	        "access-list out_in extended permit ip any any\n"
	        "access-group out_in in interface outside\n" ROUTE INSPECTION;
	static const struct trace_row rows[] = {
	        {"input outside tcp 198.51.100.7 1 10.8.1.1 25", "allow", .output = "inside",
	         .phase = "ROUTE-LOOKUP allow"},
	        {"input outside tcp 10.8.1.2 1 10.8.1.1 25", "drop", .phase = "ROUTE-LOOKUP drop"},
	        {"input outside tcp 10.9.1.2 1 10.8.1.1 25", "drop", .phase = "ROUTE-LOOKUP drop"},
	        {"input inside tcp 198.51.100.7 1 198.51.100.8 25", "drop",
	         .phase = "ROUTE-LOOKUP drop"},
	        {"input dmz tcp 198.51.100.7 1 198.51.100.8 25", "allow", .output = "outside"},
	        {"input outside tcp 198.51.100.7 1 10.9.1.1 25", "drop", .output = "",
	         .phase = "ROUTE-LOOKUP drop"},
	};
	CHECK_TRACES(text, rows);
}

Test(trace, odd_addresses)
{
	static const char text[] = "ASA Version 9.8(4)\n" IFCS ROUTE INSPECTION;
	static const struct trace_row rows[] = {
	        {"input inside udp 10.1.1.9 68 255.255.255.255 67", "unknown", .output = "",
	         .phase = "ROUTE-LOOKUP unknown"},
	        {"input inside udp 10.1.1.9 1 224.0.0.5 53", "unknown", .output = "",
	         .phase = "ROUTE-LOOKUP unknown"},
	        {"input inside tcp 10.1.1.9 1 0.0.0.0 25", "drop", .phase = "INPUT drop"},
	        {"input inside tcp 127.0.0.1 1 198.51.100.7 25", "drop", .phase = "INPUT drop"},
	        {"input inside tcp 198.51.100.7 1 198.51.100.7 25", "drop", .phase = "INPUT drop"},
	};
	CHECK_TRACES(text, rows);
}

Test(trace, tunnels)
{
	static const char text[] =
	        "ASA Version 9.8(4)\n" IFCS
	        "access-list vpn extended permit ip 10.1.1.0 255.255.255.0 10.9.0.0 255.255.0.0\n"
	        "access-list dyn extended permit ip 10.1.1.0 255.255.255.0 10.8.0.0 255.255.0.0\n"
	        "crypto map M 10 match address vpn\ncrypto map M 10 set peer 198.51.100.1\n"
	        "crypto dynamic-map D 1 match address dyn\n"
	        "crypto map M 65535 ipsec-isakmp dynamic D\ncrypto map M interface outside\n"
	        "access-list out_in extended permit ip any any\n"
	        "access-group out_in in interface outside\n" ROUTE INSPECTION;
	static const struct trace_row rows[] = {
	        {"input inside tcp 10.1.1.9 1 10.9.1.1 25", "unknown", .output = "outside",
	         .engine = "esmtp", .phase = "VPN unknown"},
	        {"input inside tcp 10.1.1.9 1 10.8.1.1 25", "unknown", .output = "outside",
	         .engine = "esmtp", .phase = "VPN unknown"},
	        {"input outside tcp 10.9.1.1 1 10.1.1.9 25", "unknown", .output = "inside",
	         .engine = "esmtp", .phase = "VPN unknown"},
	        {"input inside tcp 10.1.1.9 1 10.7.1.1 25", "allow", .output = "outside",
	         .engine = "esmtp"},
	        {"input dmz tcp 10.2.2.9 1 10.9.1.1 25", "allow", .output = "outside",
	         .engine = "esmtp"},
	};
	CHECK_TRACES(text, rows);
}

/* PIX 6 passes nothing between equal levels, whatever a list permits (9.3). */
Test(trace, equal_levels_on_pix_6)
{
	static const char text[] =
	        "PIX Version 6.3(5)\n"
	        "interface ethernet0 auto\ninterface ethernet1 auto\n"
	        "nameif ethernet0 a security50\nnameif ethernet1 b security50\n"
	        "fixup protocol smtp 25\nip address a 203.0.113.1 255.255.255.0\n"
	        "ip address b 10.1.1.1 255.255.255.0\n"
	        "access-list a_in permit ip any any\naccess-group a_in in interface a\n"
	        "route a 0.0.0.0 0.0.0.0 203.0.113.254 1\n";
	static const struct trace_row rows[] = {
	        {"input a tcp 203.0.113.9 1 10.1.1.25 25", "drop", .output = "b", .engine = "smtp",
	         .phase = "ACCESS-LIST drop"},
	};
	CHECK_TRACES(text, rows);
}
