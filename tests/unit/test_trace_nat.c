/* SPDX-License-Identifier: ISC */
/* Packets that translation meets, before 8.3 and from there on. */
#include <criterion/criterion.h>

#include "tests/unit/trace_rows.h"

Test(trace_nat, object_and_twice_nat)
{
	static const char text[] =
	        "ASA Version 9.8(4)\n" IFCS "object network ESA\n host 10.1.1.25\n"
	        "object network ESA-PORT\n host 10.1.1.26\n"
	        "object network NET\n subnet 10.1.1.0 255.255.255.0\n"
	        "object network A\n host 10.1.1.40\nobject network B\n host 203.0.113.40\n"
	        "object network P\n host 198.51.100.40\nobject network Q\n host 192.0.2.40\n"
	        "object network ID\n host 10.1.1.50\n"
	        "nat (inside,outside) source static A B destination static Q P\n"
	        "nat (inside,outside) source static ID ID\n"
	        "object network ESA\n nat (inside,outside) static 203.0.113.25\n"
	        "object network ESA-PORT\n"
	        " nat (inside,outside) static 203.0.113.26 service tcp smtp 2525\n"
	        "object network NET\n nat (inside,outside) dynamic interface\n"
	        "access-list out_in extended permit ip any any\n"
	        "access-group out_in in interface outside\n" ROUTE INSPECTION;
	static const struct trace_row rows[] = {
	        {"input outside tcp 198.51.100.7 1 203.0.113.25 25", "allow", .output = "inside",
	         .engine = "esmtp", .nat = "10.1.1.25 -", .phase = "UN-NAT allow"},
	        {"input outside tcp 198.51.100.7 1 203.0.113.26 2525", "allow", .output = "inside",
	         .engine = "esmtp", .nat = "10.1.1.26 -"},
	        {"input outside tcp 198.51.100.7 1 203.0.113.26 25", "drop", .output = "outside",
	         .nat = "- -"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.25 25", "drop", .output = "inside",
	         .engine = "esmtp", .nat = "- -", .phase = "NAT drop"},
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "allow", .output = "outside",
	         .list = "none", .engine = "esmtp", .nat = "- 203.0.113.25"},
	        {"input inside tcp 10.1.1.30 1 198.51.100.7 25", "allow", .output = "outside",
	         .list = "none", .engine = "esmtp", .nat = "- 203.0.113.1"},
	        {"input inside tcp 10.1.1.40 1 192.0.2.40 25", "allow", .output = "outside",
	         .list = "none", .engine = "esmtp", .nat = "198.51.100.40 203.0.113.40"},
	        {"input outside tcp 198.51.100.40 1 203.0.113.40 25", "allow", .output = "inside",
	         .engine = "esmtp", .nat = "10.1.1.40 192.0.2.40"},
	        {"input inside tcp 10.1.1.40 1 198.51.100.9 25", "allow", .output = "outside",
	         .list = "none", .engine = "esmtp", .nat = "- 203.0.113.1"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.50 25", "allow", .output = "inside",
	         .engine = "esmtp", .nat = "10.1.1.50 -"},
	        {"input inside tcp 10.1.1.30 1 10.2.2.9 25", "allow", .output = "dmz",
	         .list = "none", .engine = "esmtp", .nat = "- -"},
	};
	CHECK_TRACES(text, rows);
}

Test(trace_nat, statics_before_8_3)
{
	static const char text[] =
	        "ASA Version 8.2(5)\n" IFCS
	        "static (inside,outside) 203.0.113.25 10.1.1.25 netmask 255.255.255.255 tcp 50 "
	        "100 udp 7\n"
	        "static (inside,outside) tcp 203.0.113.26 2525 10.1.1.26 smtp netmask "
	        "255.255.255.255\n"
	        "static (inside,outside) 203.0.113.27 access-list POL\n"
	        "access-list POL extended permit ip host 10.1.1.27 198.51.100.0 255.255.255.0\n"
	        "nat (inside) 0 access-list EXEMPT\n"
	        "access-list EXEMPT extended permit ip host 10.1.1.28 host 198.51.100.7\n"
	        "nat (inside) 1 10.1.1.0 255.255.255.0 tcp 20 30\n"
	        "global (outside) 1 203.0.113.200-203.0.113.210\n"
	        "access-list out_in extended permit tcp any host 203.0.113.25 eq smtp\n"
	        "access-list out_in extended permit udp any any eq 53\n"
	        "access-list out_in extended permit tcp any any range 2500 2600\n"
	        "access-list out_in extended permit ip host 198.51.100.7 host 10.1.1.28\n"
	        "access-list out_in extended permit ip any host 203.0.113.27\n"
	        "access-group out_in in interface outside\n" ROUTE INSPECTION;
	static const struct trace_row rows[] = {
	        {"input outside tcp 198.51.100.7 1 203.0.113.25 25", "allow", .output = "inside",
	         .list = "out_in permit 22", .engine = "esmtp",
	         .limits = "conn-max 50, embryonic-conn-max 100", .nat = "10.1.1.25 -",
	         .phase = "UN-NAT allow"},
	        {"input outside udp 198.51.100.7 1 203.0.113.25 53", "allow", .output = "inside",
	         .list = "out_in permit 23", .engine = "none", .limits = "conn-max 7",
	         .nat = "10.1.1.25 -"},
	        {"input outside tcp 198.51.100.7 1 203.0.113.26 2525", "unknown",
	         .output = "inside", .list = "out_in permit 24", .engine = "esmtp?",
	         .limits = "none", .nat = "10.1.1.26 -"},
	        {"input outside tcp 198.51.100.7 1 203.0.113.27 80", "allow", .output = "inside",
	         .list = "out_in permit 26", .engine = "none", .limits = "none",
	         .nat = "10.1.1.27 -"},
	        {"input outside tcp 192.0.2.7 1 203.0.113.27 80", "drop", .output = "outside",
	         .list = "out_in permit 26", .nat = "- -"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.28 25", "allow", .output = "inside",
	         .list = "out_in permit 25", .engine = "esmtp", .nat = "10.1.1.28 -"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.29 2500", "drop", .output = "inside",
	         .list = "out_in permit 24", .nat = "- -", .phase = "NAT drop"},
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "allow", .output = "outside",
	         .list = "none", .engine = "esmtp", .limits = "none", .nat = "- 203.0.113.25"},
	        {"input inside tcp 10.1.1.28 1 198.51.100.7 25", "allow", .output = "outside",
	         .list = "none", .engine = "esmtp", .limits = "none", .nat = "- 10.1.1.28"},
	        {"input inside tcp 10.1.1.28 1 198.51.100.8 25", "allow", .output = "outside",
	         .list = "none", .engine = "esmtp", .limits = "conn-max 20, embryonic-conn-max 30",
	         .nat = "- pool"},
	        {"input inside tcp 10.1.1.27 1 198.51.100.8 25", "allow", .output = "outside",
	         .list = "none", .engine = "esmtp", .limits = "none", .nat = "- 203.0.113.27"},
	        {"input inside tcp 10.1.1.28 1 10.2.2.8 25", "drop", .output = "dmz",
	         .list = "none", .engine = "esmtp", .nat = "- ?", .phase = "NAT drop"},
	};
	CHECK_TRACES(text, rows);
}

Test(trace_nat, nat_control)
{
	static const char text[] = "PIX Version 7.2(2)\n" IFCS "nat-control\n"
	                           "static (inside,outside) 203.0.113.25 10.1.1.25\n"
	                           "access-list out_in extended permit ip any any\n"
	                           "access-group out_in in interface outside\n" ROUTE INSPECTION;
	static const struct trace_row rows[] = {
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "allow", .output = "outside",
	         .nat = "- 203.0.113.25"},
	        {"input inside tcp 10.1.1.26 1 198.51.100.7 25", "drop", .output = "outside",
	         .engine = "esmtp", .nat = "- -", .phase = "NAT drop"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.26 25", "drop", .output = "inside",
	         .list = "out_in permit 16", .engine = "esmtp", .nat = "- -", .phase = "NAT drop"},
	};
	CHECK_TRACES(text, rows);
}

/* `any` and `interface` are of the family that their line maps to. */
Test(trace_nat, families_of_translation)
{
	static const char v4[] =
	        "ASA Version 9.8(4)\n" IFCS6 "object network ESA\n host 10.1.1.25\n"
	        " nat (inside,outside) static interface service tcp smtp smtp\n"
	        "nat (inside,outside) after-auto source dynamic any interface\n"
	        "ipv6 route outside ::/0 2001:db8:1::2\n"
	        "access-list out_in extended permit ip any any\n"
	        "access-group out_in in interface outside\n" ROUTE INSPECTION;
	static const char v6[] =
	        "ASA Version 9.8(4)\n" IFCS6
	        "nat (inside,outside) after-auto source dynamic any interface ipv6\n"
	        "ipv6 route outside ::/0 2001:db8:1::2\n" ROUTE INSPECTION;
	static const struct trace_row v4_rows[] = {
	        {"input outside tcp 2001:db8:9::1 1 2001:db8:2::25 25", "allow", .output = "inside",
	         .engine = "esmtp", .nat = "- -"},
	        {"input inside tcp 2001:db8:2::25 1 2001:db8:9::1 25", "allow", .output = "outside",
	         .engine = "esmtp", .nat = "- -"},
	        {"input inside tcp 10.1.1.9 1 198.51.100.7 25", "allow", .output = "outside",
	         .engine = "esmtp", .nat = "- 203.0.113.1"},
	};
	static const struct trace_row v6_rows[] = {
	        {"input inside tcp 2001:db8:2::25 1 2001:db8:9::1 25", "allow", .output = "outside",
	         .engine = "esmtp", .nat = "- 2001:db8:1::1"},
	        {"input inside tcp 10.1.1.9 1 198.51.100.7 25", "allow", .output = "outside",
	         .engine = "esmtp", .nat = "- -"},
	};
	CHECK_TRACES(v4, v4_rows);
	CHECK_TRACES(v6, v6_rows);
}

/* Service ports count without a destination; which of two lines a source meets may be open. */
Test(trace_nat, twice_nat_services_and_order)
{
	static const char text[] =
	        "ASA Version 9.8(4)\n" IFCS "object network A\n host 10.1.1.40\n"
	        "object network B\n host 203.0.113.40\nobject network C\n host 203.0.113.41\n"
	        "object network P\n host 198.51.100.40\nobject network Q\n host 192.0.2.40\n"
	        "object network D\n host 10.1.1.50\n"
	        "object service web\n service tcp destination eq www\n"
	        "object service in25\n service tcp source eq smtp\n"
	        "object service out25\n service tcp source eq 2525\n"
	        "nat (inside,outside) source static A B service web web\n"
	        "nat (inside,outside) source static A C\n"
	        "nat (inside,outside) source static A B destination static Q P\n"
	        "nat (inside,outside) source static D D service in25 out25\n"
	        "access-list out_in extended permit ip any any\n"
	        "access-group out_in in interface outside\n" ROUTE INSPECTION;
	static const struct trace_row rows[] = {
	        {"input inside tcp 10.1.1.40 1 198.51.100.7 80", "allow", .output = "outside",
	         .nat = "- 203.0.113.40"},
	        {"input inside tcp 10.1.1.40 1 198.51.100.7 25", "allow", .output = "outside",
	         .nat = "- 203.0.113.41"},
	        {"input outside tcp 198.51.100.7 25 203.0.113.40 80", "drop", .output = "outside",
	         .nat = "- -"},
	        {"input inside tcp 10.1.1.40 1 192.0.2.40 25", "unknown", .output = "outside",
	         .nat = "198.51.100.40 ?", .phase = "NAT unknown"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.50 2525", "allow", .output = "inside",
	         .nat = "10.1.1.50 -"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.50 25", "drop", .output = "inside",
	         .nat = "- -", .phase = "NAT drop"},
	};
	CHECK_TRACES(text, rows);
}

/* nat 0 ADDRESS opens nothing from outside; `nat` without a `global` there leaves replies open. */
Test(trace_nat, old_nat_from_the_other_side)
{
	static const char text[] =
	        "ASA Version 8.2(5)\n" IFCS "nat (inside) 0 10.1.1.25 255.255.255.255\n"
	        "nat (inside) 1 0.0.0.0 0.0.0.0\nglobal (outside) 1 interface\n"
	        "access-list in extended permit ip any any\naccess-group in in interface outside\n"
	        "access-group in in interface dmz\n" ROUTE INSPECTION;
	static const char hidden[] =
	        "ASA Version 8.2(5)\n"
	        "interface Ethernet0/0\n nameif outside\n security-level 0\n ip address dhcp\n"
	        "interface Ethernet0/1\n nameif inside\n security-level 100\n"
	        " ip address 10.1.1.1 255.255.255.0\n"
	        "access-list POL extended permit tcp host 10.1.1.25 eq smtp any\n"
	        "static (inside,outside) tcp interface smtp access-list POL\n"
	        "access-list in extended permit ip any any\naccess-group in in interface outside\n"
	        "route outside 0.0.0.0 0.0.0.0 203.0.113.254 1\n" INSPECTION;
	static const struct trace_row rows[] = {
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "allow", .output = "outside",
	         .nat = "- 10.1.1.25"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.25 25", "drop", .output = "inside",
	         .nat = "- -", .phase = "NAT drop"},
	        {"input dmz tcp 10.2.2.7 1 10.1.1.26 25", "unknown", .output = "inside",
	         .nat = "- -", .phase = "NAT unknown"},
	};
	static const struct trace_row hidden_rows[] = {
	        {"input outside tcp 198.51.100.7 1 203.0.113.7 25", "unknown", .nat = "? -",
	         .phase = "UN-NAT unknown"},
	        {"input outside tcp 198.51.100.7 1 203.0.113.7 26", "drop", .nat = "- -"},
	};
	CHECK_TRACES(text, rows);
	CHECK_TRACES(hidden, hidden_rows);
}

/* Identity NAT asks the routes before ASA 8.4(2); the numbers of FTD are others. */
Test(trace_nat, identity_on_ftd)
{
	static const char text[] = "NGFW Version 7.4.2\n" IFCS "object network D\n host 10.2.2.50\n"
	                           "nat (inside,outside) source static D D\n"
	                           "access-list CSM_FW_ACL_ advanced permit ip any any\n"
	                           "access-group CSM_FW_ACL_ global\n" ROUTE INSPECTION;
	static const struct trace_row rows[] = {
	        {"input outside tcp 198.51.100.7 1 10.2.2.50 25", "allow", .output = "inside",
	         .nat = "10.2.2.50 -"},
	};
	CHECK_TRACES(text, rows);
}

/* The packet came by the policy static: its limits bind for sure. */
Test(trace_nat, limits_of_a_policy_static)
{
	static const char text[] =
	        "ASA Version 8.2(5)\n" IFCS
	        "access-list POL extended permit ip host 10.1.1.25 198.51.100.0 255.255.255.0\n"
	        "static (inside,outside) 203.0.113.25 access-list POL tcp 50 100\n"
	        "static (inside,outside) 203.0.113.26 10.1.1.25 tcp 7 8\n"
	        "access-list in extended permit ip any any\naccess-group in in interface "
	        "outside\n" ROUTE INSPECTION;
	static const struct trace_row rows[] = {
	        {"input outside tcp 198.51.100.7 1 203.0.113.25 80", "allow", .output = "inside",
	         .limits = "conn-max 50, embryonic-conn-max 100", .nat = "10.1.1.25 -"},
	        {"input outside tcp 192.0.2.7 1 203.0.113.26 80", "allow", .output = "inside",
	         .limits = "conn-max 7, embryonic-conn-max 8", .nat = "10.1.1.25 -"},
	};
	CHECK_TRACES(text, rows);
}
