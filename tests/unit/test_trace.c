/* SPDX-License-Identifier: ISC */
/* Small configs of each family of releases, and what becomes of packets in them. */
#include <criterion/criterion.h>

#include "analyzers/trace.h"
#include "cli/packet_args.h"
#include "parser/config_reader.h"

#include <string.h>

/* One packet and what a trace of it must say; NULL or 0: not looked at. */
struct row {
	const char *packet, *result, *output;
	const char *list;   /* "NAME ACTION LINE"; LINE - is the implicit rule; "none" */
	const char *engine; /* "none": nothing inspects; with "?" at its end: may inspect */
	const char *limits; /* "conn-max 50, ..."; "none" */
	const char *nat;    /* "DST SRC", an address, "-" for none, "pool" */
	const char *phase;  /* the phase that must be there, with its result: "NAT drop" */
};

static struct str joined(struct arena *arena, struct str a, const char *between, struct str b)
{
	return a.n ? str_printf(arena, "%.*s%s%.*s", STR(a), between, STR(b)) : b;
}

static struct str list_text(struct arena *arena, const struct config *config,
                            const struct trace *trace)
{
	struct place place = source_place(&config->sources, trace->list.span);
	if (!trace->list.applies)
		return S("none");
	struct str line = place.line ? str_printf(arena, "%u", place.line) : S("-");
	return str_printf(arena, "%.*s %s %.*s", STR(trace->list.name),
	                  list_action_names[trace->list.action], STR(line));
}

static struct str engines_text(struct arena *arena, const struct trace *trace)
{
	struct str text = S("");
	VEC_EACH(const struct trace_inspection, one, &trace->inspections)
		text = joined(arena, text, ", ",
		              one->certain ? one->hit.engine
		                           : str_printf(arena, "%.*s?", STR(one->hit.engine)));
	return text.n ? text : S("none");
}

static struct str limits_text(struct arena *arena, const struct trace *trace)
{
	struct str text = S("");
	VEC_EACH(const struct trace_limit, one, &trace->limits)
		text = joined(arena, text, ", ",
		              str_printf(arena, "%s %u%s", limit_kind_names[one->hit.kind],
		                         one->hit.value, one->certain ? "" : "?"));
	return text.n ? text : S("none");
}

static struct str end_text(struct arena *arena, const struct trace_nat *nat)
{
	if (!nat->applies)
		return S("-");
	if (!nat->certain)
		return S("?");
	return nat->address_known ? addr_text(arena, nat->address) : S("pool");
}

static bool has_phase(struct arena *arena, const struct trace *trace, const char *wanted)
{
	VEC_EACH(const struct trace_phase, phase, &trace->phases)
		if (str_eq(str_of(wanted), str_printf(arena, "%s %s", phase->type,
		                                      trace_result_names[phase->result])))
			return true;
	return false;
}

static void same(const struct row *row, const char *what, struct str is, const char *wanted)
{
	if (wanted)
		cr_expect(str_eq(is, str_of(wanted)), "%s: %s is \"%.*s\", expected \"%s\"",
		          row->packet, what, STR(is), wanted);
}

static void check_row(struct arena *arena, const struct tracer *tracer, const struct row *row)
{
	VEC(struct str) words = {0};
	struct packet_words parts;
	const struct interface *in;
	struct packet packet;
	struct trace trace;
	struct str error, rest = str_of(row->packet), word;
	for (bool more = true; more;) {
		more = str_cut(rest, ' ', &word, &rest);
		VEC_PUSH(arena, &words, word);
	}
	if (!packet_words_read(arena, words.v, words.n, &parts, &error) ||
	    !packet_of_words(arena, tracer->config, &parts, &in, &packet, &error)) {
		cr_expect(false, "%s: %.*s", row->packet, STR(error));
		return;
	}
	trace_packet(arena, tracer, in, &packet, &trace);
	same(row, "result", str_of(trace_result_names[trace.result]), row->result);
	same(row, "output", trace.output, row->output);
	same(row, "list", list_text(arena, tracer->config, &trace), row->list);
	same(row, "engine", engines_text(arena, &trace), row->engine);
	same(row, "limits", limits_text(arena, &trace), row->limits);
	same(row, "nat",
	     str_printf(arena, "%.*s %.*s", STR(end_text(arena, &trace.destination)),
	                STR(end_text(arena, &trace.source))),
	     row->nat);
	if (row->phase)
		cr_expect(has_phase(arena, &trace, row->phase), "%s: no phase \"%s\" (%.*s)",
		          row->packet, row->phase, STR(trace.reason));
}

static void check(const char *text, const struct row *rows, size_t n)
{
	struct arena *arena = arena_new();
	struct config_input input = {S("test.cfg"), str_of(text)};
	struct config_parts parts = config_split(arena, input.text);
	const struct config *config = config_read(arena, &input, 1, &parts.list.v[0]);
	const struct tracer tracer = tracer_of(arena, config);
	for (size_t i = 0; i < n; i++)
		check_row(arena, &tracer, &rows[i]);
	arena_free(arena);
}

#define CHECK(text, rows) check(text, rows, sizeof(rows) / sizeof((rows)[0]))

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

Test(trace, levels_and_lists)
{
	static const char text[] =
	        "ASA Version 9.8(4)\n" IFCS /* lines 2 to 13 */
	        "access-list out_in extended permit tcp any host 10.1.1.25 eq smtp\n"
	        "access-list out_in extended deny tcp any host 10.1.1.26 eq smtp\n"
	        "access-list out_in extended permit tcp any object FQ eq smtp\n"
	        "object network FQ\n fqdn mail.example.com\n"
	        "access-group out_in in interface outside\n" ROUTE INSPECTION;
	static const struct row rows[] = {
	        {"input outside tcp 198.51.100.7 40000 10.1.1.25 25", "allow", "inside",
	         "out_in permit 14", "esmtp", "none", "- -", "FLOW-CREATION allow"},
	        {"input outside tcp 198.51.100.7 40000 10.1.1.26 25", "drop", "inside",
	         "out_in deny 15", "esmtp", "none", "- -", "ACCESS-LIST drop"},
	        {"input outside tcp 198.51.100.7 40000 10.1.1.27 25", "unknown", "inside",
	         "out_in unknown 16", "esmtp", NULL, NULL, "ACCESS-LIST unknown"},
	        {"input outside tcp 198.51.100.7 40000 10.1.1.27 26", "drop", "inside",
	         "out_in deny -", "none", NULL, NULL, NULL},
	        {"input inside tcp 10.1.1.25 40000 198.51.100.7 smtp", "allow", "outside", "none",
	         "esmtp", NULL, NULL, NULL},
	        {"input dmz tcp 10.2.2.2 40000 10.1.1.25 25", "drop", "inside", "none", "esmtp",
	         NULL, NULL, "ACCESS-LIST drop"},
	        {"input inside tcp 10.1.1.25 40000 10.1.1.26 25", "drop", "inside", "none", NULL,
	         NULL, NULL, NULL},
	        {"input inside icmp 10.1.1.25 echo 0 198.51.100.7", "allow", "outside", "none",
	         "none", NULL, NULL, NULL},
	        {"input inside rawip 10.1.1.25 47 198.51.100.7", "allow", "outside", "none", "none",
	         NULL, NULL, NULL},
	        {"input outside tcp 198.51.100.7 40000 203.0.113.1 25", "unknown", "", NULL, NULL,
	         NULL, NULL, "ROUTE-LOOKUP unknown"},
	};
	CHECK(text, rows);
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
	static const struct row rows[] = {
	        {"input outside tcp 198.51.100.7 1 10.1.1.25 25", "allow", "inside",
	         "one permit 14", "esmtp", NULL, NULL, NULL},
	        {"input outside tcp 198.51.100.7 1 10.1.1.26 25", "allow", "inside",
	         "all permit 15", "esmtp", NULL, NULL, NULL},
	        {"input outside tcp 198.51.100.7 1 10.1.1.27 25", "drop", "inside", "all deny -",
	         "esmtp", NULL, NULL, NULL},
	        {"input outside tcp 198.51.100.7 1 10.1.1.25 26", "drop", "inside", "one permit 18",
	         "none", NULL, NULL, "ACCESS-LIST drop"},
	        {"input inside tcp 10.1.1.9 1 198.51.100.7 25", "drop", "outside", "all deny -",
	         "esmtp", NULL, NULL, NULL},
	};
	CHECK(text, rows);
}

Test(trace, object_and_twice_nat)
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
	static const struct row rows[] = {
	        {"input outside tcp 198.51.100.7 1 203.0.113.25 25", "allow", "inside", NULL,
	         "esmtp", NULL, "10.1.1.25 -", "UN-NAT allow"},
	        {"input outside tcp 198.51.100.7 1 203.0.113.26 2525", "allow", "inside", NULL,
	         "esmtp", NULL, "10.1.1.26 -", NULL},
	        {"input outside tcp 198.51.100.7 1 203.0.113.26 25", "drop", "outside", NULL, NULL,
	         NULL, "- -", NULL},
	        {"input outside tcp 198.51.100.7 1 10.1.1.25 25", "drop", "inside", NULL, "esmtp",
	         NULL, "- -", "NAT drop"},
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "allow", "outside", "none",
	         "esmtp", NULL, "- 203.0.113.25", NULL},
	        {"input inside tcp 10.1.1.30 1 198.51.100.7 25", "allow", "outside", "none",
	         "esmtp", NULL, "- 203.0.113.1", NULL},
	        {"input inside tcp 10.1.1.40 1 192.0.2.40 25", "allow", "outside", "none", "esmtp",
	         NULL, "198.51.100.40 203.0.113.40", NULL},
	        {"input outside tcp 198.51.100.40 1 203.0.113.40 25", "allow", "inside", NULL,
	         "esmtp", NULL, "10.1.1.40 192.0.2.40", NULL},
	        {"input inside tcp 10.1.1.40 1 198.51.100.9 25", "allow", "outside", "none",
	         "esmtp", NULL, "- 203.0.113.1", NULL},
	        {"input outside tcp 198.51.100.7 1 10.1.1.50 25", "allow", "inside", NULL, "esmtp",
	         NULL, "10.1.1.50 -", NULL},
	        {"input inside tcp 10.1.1.30 1 10.2.2.9 25", "allow", "dmz", "none", "esmtp", NULL,
	         "- -", NULL},
	};
	CHECK(text, rows);
}

Test(trace, statics_before_8_3)
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
	static const struct row rows[] = {
	        {"input outside tcp 198.51.100.7 1 203.0.113.25 25", "allow", "inside",
	         "out_in permit 22", "esmtp", "conn-max 50, embryonic-conn-max 100", "10.1.1.25 -",
	         "UN-NAT allow"},
	        {"input outside udp 198.51.100.7 1 203.0.113.25 53", "allow", "inside",
	         "out_in permit 23", "none", "conn-max 7", "10.1.1.25 -", NULL},
	        {"input outside tcp 198.51.100.7 1 203.0.113.26 2525", "unknown", "inside",
	         "out_in permit 24", "esmtp?", "none", "10.1.1.26 -", NULL},
	        {"input outside tcp 198.51.100.7 1 203.0.113.27 80", "allow", "inside",
	         "out_in permit 26", "none", "none", "10.1.1.27 -", NULL},
	        {"input outside tcp 192.0.2.7 1 203.0.113.27 80", "drop", "outside",
	         "out_in permit 26", NULL, NULL, "- -", NULL},
	        {"input outside tcp 198.51.100.7 1 10.1.1.28 25", "allow", "inside",
	         "out_in permit 25", "esmtp", NULL, "10.1.1.28 -", NULL},
	        {"input outside tcp 198.51.100.7 1 10.1.1.29 2500", "drop", "inside",
	         "out_in permit 24", NULL, NULL, "- -", "NAT drop"},
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "allow", "outside", "none",
	         "esmtp", "none", "- 203.0.113.25", NULL},
	        {"input inside tcp 10.1.1.28 1 198.51.100.7 25", "allow", "outside", "none",
	         "esmtp", "none", "- 10.1.1.28", NULL},
	        {"input inside tcp 10.1.1.28 1 198.51.100.8 25", "allow", "outside", "none",
	         "esmtp", "conn-max 20, embryonic-conn-max 30", "- pool", NULL},
	        {"input inside tcp 10.1.1.27 1 198.51.100.8 25", "allow", "outside", "none",
	         "esmtp", "none", "- 203.0.113.27", NULL},
	        {"input inside tcp 10.1.1.28 1 10.2.2.8 25", "drop", "dmz", "none", "esmtp", NULL,
	         "- ?", "NAT drop"},
	};
	CHECK(text, rows);
}

Test(trace, nat_control)
{
	static const char text[] = "PIX Version 7.2(2)\n" IFCS "nat-control\n"
	                           "static (inside,outside) 203.0.113.25 10.1.1.25\n"
	                           "access-list out_in extended permit ip any any\n"
	                           "access-group out_in in interface outside\n" ROUTE INSPECTION;
	static const struct row rows[] = {
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "allow", "outside", NULL, NULL,
	         NULL, "- 203.0.113.25", NULL},
	        {"input inside tcp 10.1.1.26 1 198.51.100.7 25", "drop", "outside", NULL, "esmtp",
	         NULL, "- -", "NAT drop"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.26 25", "drop", "inside",
	         "out_in permit 16", "esmtp", NULL, "- -", "NAT drop"},
	};
	CHECK(text, rows);
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
	static const struct row fwsm_rows[] = {
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "drop", "outside", "none", "esmtp",
	         NULL, NULL, "ACCESS-LIST drop"},
	};
	static const struct row pix_rows[] = {
	        {"input outside tcp 198.51.100.7 1 203.0.113.25 25", "allow", "inside", NULL,
	         "smtp", NULL, "10.1.1.25 -", "ACCESS-LIST allow"},
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "allow", "outside", "none", "smtp",
	         NULL, "- 203.0.113.25", NULL},
	        {"input inside tcp 10.1.1.26 1 198.51.100.7 25", "drop", "outside", NULL, "smtp",
	         NULL, NULL, "NAT drop"},
	};
	CHECK(fwsm, fwsm_rows);
	CHECK(pix, pix_rows);
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
	static const struct row rows[] = {
	        {"input outside tcp 198.51.100.7 1 10.1.1.25 25", "allow", "inside", NULL, "esmtp",
	         "conn-max 5, per-client-max 2, police 64000", NULL, "CONN-SETTINGS allow"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.26 25", "allow", "inside", NULL, "none",
	         "conn-max 9?, police 64000", NULL, "MODULE allow"},
	        {"input dmz tcp 10.2.2.7 1 198.51.100.7 80", "allow", "outside", NULL, "http",
	         "conn-max 9, police 64000", NULL, "QOS allow"},
	};
	CHECK(text, rows);
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
	static const struct row mapped_rows[] = {
	        {"input outside tcp 198.51.100.7 1 203.0.113.25 25", "unknown", "inside",
	         "in permit 15", "esmtp?", NULL, NULL, "INSPECT unknown"},
	};
	static const struct row fragment_rows[] = {
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "unknown", "outside", "none",
	         "none", NULL, NULL, "INSPECT unknown"},
	};
	static const struct row stray_rows[] = {
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "unknown", "outside", "none",
	         "esmtp", NULL, NULL, "UNKNOWN-COMMAND unknown"},
	};
	CHECK(mapped, mapped_rows);
	CHECK(fragment, fragment_rows);
	CHECK(stray, stray_rows);
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
	static const struct row rows[] = {
	        {"input dmz tcp 10.2.2.2 1 10.9.1.1 25", NULL, "inside", NULL, NULL, NULL, NULL,
	         NULL},
	        {"input inside tcp 10.1.1.2 1 10.9.9.1 25", "allow", "dmz", NULL, NULL, NULL, NULL,
	         NULL},
	        {"input dmz tcp 10.2.2.2 1 172.16.1.1 25", NULL, "inside", NULL, NULL, NULL, NULL,
	         NULL},
	        {"input outside tcp 203.0.113.9 1 192.0.2.1 25", "unknown", "", NULL, NULL, NULL,
	         NULL, "ROUTE-LOOKUP unknown"},
	        {"input inside tcp 10.1.1.2 1 8.8.8.8 25", "drop", "", NULL, "esmtp", NULL, NULL,
	         "ROUTE-LOOKUP drop"},
	};
	CHECK(text, rows);
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
	static const struct row rows[] = {
	        {"input outside tcp 2001:db8:9::1 1 2001:db8:2::25 25", "allow", "inside",
	         "in permit 10", "esmtp", NULL, NULL, NULL},
	        {"input outside tcp 2001:db8:9::1 1 2001:db8:2::26 25", "drop", "inside",
	         "in deny -", "esmtp", NULL, NULL, NULL},
	        {"input inside icmp 2001:db8:2::25 echo 2001:db8:9::1", "allow", "outside", "none",
	         "none", NULL, NULL, NULL},
	};
	CHECK(text, rows);
}

#define IFCS6                                                                                      \
	"interface Ethernet0/0\n nameif outside\n security-level 0\n"                              \
	" ip address 203.0.113.1 255.255.255.0\n ipv6 address 2001:db8:1::1/64\n"                  \
	"interface Ethernet0/1\n nameif inside\n security-level 100\n"                             \
	" ip address 10.1.1.1 255.255.255.0\n ipv6 address 2001:db8:2::1/64\n"

/* `any` and `interface` are of the family that their line maps to. */
Test(trace, families_of_translation)
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
	static const struct row v4_rows[] = {
	        {"input outside tcp 2001:db8:9::1 1 2001:db8:2::25 25", "allow", "inside", NULL,
	         "esmtp", NULL, "- -", NULL},
	        {"input inside tcp 2001:db8:2::25 1 2001:db8:9::1 25", "allow", "outside", NULL,
	         "esmtp", NULL, "- -", NULL},
	        {"input inside tcp 10.1.1.9 1 198.51.100.7 25", "allow", "outside", NULL, "esmtp",
	         NULL, "- 203.0.113.1", NULL},
	};
	static const struct row v6_rows[] = {
	        {"input inside tcp 2001:db8:2::25 1 2001:db8:9::1 25", "allow", "outside", NULL,
	         "esmtp", NULL, "- 2001:db8:1::1", NULL},
	        {"input inside tcp 10.1.1.9 1 198.51.100.7 25", "allow", "outside", NULL, "esmtp",
	         NULL, "- -", NULL},
	};
	CHECK(v4, v4_rows);
	CHECK(v6, v6_rows);
}

/* Service ports count without a destination; which of two lines a source meets may be open. */
Test(trace, twice_nat_services_and_order)
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
	static const struct row rows[] = {
	        {"input inside tcp 10.1.1.40 1 198.51.100.7 80", "allow", "outside", NULL, NULL,
	         NULL, "- 203.0.113.40", NULL},
	        {"input inside tcp 10.1.1.40 1 198.51.100.7 25", "allow", "outside", NULL, NULL,
	         NULL, "- 203.0.113.41", NULL},
	        {"input outside tcp 198.51.100.7 25 203.0.113.40 80", "drop", "outside", NULL, NULL,
	         NULL, "- -", NULL},
	        {"input inside tcp 10.1.1.40 1 192.0.2.40 25", "unknown", "outside", NULL, NULL,
	         NULL, "198.51.100.40 ?", "NAT unknown"},
	        {"input outside tcp 198.51.100.7 1 10.1.1.50 2525", "allow", "inside", NULL, NULL,
	         NULL, "10.1.1.50 -", NULL},
	        {"input outside tcp 198.51.100.7 1 10.1.1.50 25", "drop", "inside", NULL, NULL,
	         NULL, "- -", "NAT drop"},
	};
	CHECK(text, rows);
}

/* nat 0 ADDRESS opens nothing from outside; `nat` without a `global` there leaves replies open. */
Test(trace, old_nat_from_the_other_side)
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
	static const struct row rows[] = {
	        {"input inside tcp 10.1.1.25 1 198.51.100.7 25", "allow", "outside", NULL, NULL,
	         NULL, "- 10.1.1.25", NULL},
	        {"input outside tcp 198.51.100.7 1 10.1.1.25 25", "drop", "inside", NULL, NULL,
	         NULL, "- -", "NAT drop"},
	        {"input dmz tcp 10.2.2.7 1 10.1.1.26 25", "unknown", "inside", NULL, NULL, NULL,
	         "- -", "NAT unknown"},
	};
	static const struct row hidden_rows[] = {
	        {"input outside tcp 198.51.100.7 1 203.0.113.7 25", "unknown", NULL, NULL, NULL,
	         NULL, "? -", "UN-NAT unknown"},
	        {"input outside tcp 198.51.100.7 1 203.0.113.7 26", "drop", NULL, NULL, NULL, NULL,
	         "- -", NULL},
	};
	CHECK(text, rows);
	CHECK(hidden, hidden_rows);
}

/* Identity NAT asks the routes before ASA 8.4(2); the numbers of FTD are others. */
Test(trace, identity_on_ftd)
{
	static const char text[] = "NGFW Version 7.4.2\n" IFCS "object network D\n host 10.2.2.50\n"
	                           "nat (inside,outside) source static D D\n"
	                           "access-list CSM_FW_ACL_ advanced permit ip any any\n"
	                           "access-group CSM_FW_ACL_ global\n" ROUTE INSPECTION;
	static const struct row rows[] = {
	        {"input outside tcp 198.51.100.7 1 10.2.2.50 25", "allow", "inside", NULL, NULL,
	         NULL, "10.2.2.50 -", NULL},
	};
	CHECK(text, rows);
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
	static const struct row bypass_rows[] = {
	        {"input inside udp 10.1.1.9 1 198.51.100.7 53", "allow", "outside", NULL, "dns",
	         NULL, NULL, NULL},
	        {"input inside tcp 10.1.1.9 1 198.51.100.7 25", "allow", "outside", NULL, "none",
	         NULL, NULL, NULL},
	};
	static const struct row control_rows[] = {
	        {"input inside tcp 2001:db8:2::25 1 2001:db8:9::1 25", "allow", "outside", NULL,
	         "esmtp", NULL, "- -", NULL},
	        {"input inside tcp 10.1.1.9 1 198.51.100.7 25", "drop", "outside", NULL, "esmtp",
	         NULL, NULL, "NAT drop"},
	};
	CHECK(bypass, bypass_rows);
	CHECK(control, control_rows);
}

Test(trace, reverse_path_and_discarded)
{
	static const char text[] =
	        "ASA Version 9.8(4)\n" IFCS "ip verify reverse-path interface outside\n"
	        "ip verify reverse-path interface inside\n"
	        "route inside 10.0.0.0 255.0.0.0 10.1.1.2 1\nroute Null0 10.9.0.0 255.255.0.0\n"
	        "access-list out_in extended permit ip any any\n"
	        "access-group out_in in interface outside\n" ROUTE INSPECTION;
	static const struct row rows[] = {
	        {"input outside tcp 198.51.100.7 1 10.8.1.1 25", "allow", "inside", NULL, NULL,
	         NULL, NULL, "ROUTE-LOOKUP allow"},
	        {"input outside tcp 10.8.1.2 1 10.8.1.1 25", "drop", NULL, NULL, NULL, NULL, NULL,
	         "ROUTE-LOOKUP drop"},
	        {"input outside tcp 10.9.1.2 1 10.8.1.1 25", "drop", NULL, NULL, NULL, NULL, NULL,
	         "ROUTE-LOOKUP drop"},
	        {"input inside tcp 198.51.100.7 1 198.51.100.8 25", "drop", NULL, NULL, NULL, NULL,
	         NULL, "ROUTE-LOOKUP drop"},
	        {"input dmz tcp 198.51.100.7 1 198.51.100.8 25", "allow", "outside", NULL, NULL,
	         NULL, NULL, NULL},
	        {"input outside tcp 198.51.100.7 1 10.9.1.1 25", "drop", "", NULL, NULL, NULL, NULL,
	         "ROUTE-LOOKUP drop"},
	};
	CHECK(text, rows);
}

Test(trace, odd_addresses)
{
	static const char text[] = "ASA Version 9.8(4)\n" IFCS ROUTE INSPECTION;
	static const struct row rows[] = {
	        {"input inside udp 10.1.1.9 68 255.255.255.255 67", "unknown", "", NULL, NULL, NULL,
	         NULL, "ROUTE-LOOKUP unknown"},
	        {"input inside udp 10.1.1.9 1 224.0.0.5 53", "unknown", "", NULL, NULL, NULL, NULL,
	         "ROUTE-LOOKUP unknown"},
	        {"input inside tcp 10.1.1.9 1 0.0.0.0 25", "drop", NULL, NULL, NULL, NULL, NULL,
	         "INPUT drop"},
	        {"input inside tcp 127.0.0.1 1 198.51.100.7 25", "drop", NULL, NULL, NULL, NULL,
	         NULL, "INPUT drop"},
	        {"input inside tcp 198.51.100.7 1 198.51.100.7 25", "drop", NULL, NULL, NULL, NULL,
	         NULL, "INPUT drop"},
	};
	CHECK(text, rows);
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
	static const struct row rows[] = {
	        {"input inside tcp 10.1.1.9 1 10.9.1.1 25", "unknown", "outside", NULL, "esmtp",
	         NULL, NULL, "VPN unknown"},
	        {"input inside tcp 10.1.1.9 1 10.8.1.1 25", "unknown", "outside", NULL, "esmtp",
	         NULL, NULL, "VPN unknown"},
	        {"input outside tcp 10.9.1.1 1 10.1.1.9 25", "unknown", "inside", NULL, "esmtp",
	         NULL, NULL, "VPN unknown"},
	        {"input inside tcp 10.1.1.9 1 10.7.1.1 25", "allow", "outside", NULL, "esmtp", NULL,
	         NULL, NULL},
	        {"input dmz tcp 10.2.2.9 1 10.9.1.1 25", "allow", "outside", NULL, "esmtp", NULL,
	         NULL, NULL},
	};
	CHECK(text, rows);
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
	static const struct row rows[] = {
	        {"input a tcp 203.0.113.9 1 10.1.1.25 25", "drop", "b", NULL, "smtp", NULL, NULL,
	         "ACCESS-LIST drop"},
	};
	CHECK(text, rows);
}

/* The packet came by the policy static: its limits bind for sure. */
Test(trace, limits_of_a_policy_static)
{
	static const char text[] =
	        "ASA Version 8.2(5)\n" IFCS
	        "access-list POL extended permit ip host 10.1.1.25 198.51.100.0 255.255.255.0\n"
	        "static (inside,outside) 203.0.113.25 access-list POL tcp 50 100\n"
	        "static (inside,outside) 203.0.113.26 10.1.1.25 tcp 7 8\n"
	        "access-list in extended permit ip any any\naccess-group in in interface "
	        "outside\n" ROUTE INSPECTION;
	static const struct row rows[] = {
	        {"input outside tcp 198.51.100.7 1 203.0.113.25 80", "allow", "inside", NULL, NULL,
	         "conn-max 50, embryonic-conn-max 100", "10.1.1.25 -", NULL},
	        {"input outside tcp 192.0.2.7 1 203.0.113.26 80", "allow", "inside", NULL, NULL,
	         "conn-max 7, embryonic-conn-max 8", "10.1.1.25 -", NULL},
	};
	CHECK(text, rows);
}
