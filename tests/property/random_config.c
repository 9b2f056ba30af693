/* SPDX-License-Identifier: ISC */
/*
 * A small world (inside, dmz, partner, outside; an ESA, an SMA and a few hosts), so
 * that lists, groups and classes overlap. What is written depends on the release.
 */
#include "tests/property/random_config.h"

#include "tests/property/random_gen.h"

static const struct release releases[] = {
        {"PIX Version 6.3(5)", true, true, false, false, false, false},
        {"FWSM Version 2.3(4)", true, false, false, false, false, false},
        {"FWSM Version 4.1(5)", false, false, false, false, true, false},
        {"PIX Version 7.2(2)", false, false, false, false, false, false},
        {"ASA Version 7.2(4)", false, false, false, false, false, false},
        {"ASA Version 8.2(5)", false, false, false, false, true, true},
        {"ASA Version 8.2(5)", false, false, false, false, true, true},
        {"ASA Version 8.4(7)", false, false, true, false, true, true},
        {"ASA Version 9.1(6)", false, false, true, true, true, true},
        {"ASA Version 9.16(4)", false, false, true, true, true, true},
        {"NGFW Version 7.4.2", false, false, true, true, true, true},
};

static const struct {
	const char *nameif, *network, *mask, *own, *network6;
	int level;
} places[] = {
        {"outside", "203.0.113.0", "255.255.255.0", "203.0.113.1", "2001:db8:ff::", 0},
        {"inside", "10.1.1.0", "255.255.255.0", "10.1.1.1", "2001:db8:1::", 100},
        {"dmz", "10.2.2.0", "255.255.255.128", "10.2.2.1", "2001:db8:2::", 50},
        {"partner", "172.16.0.0", "255.255.240.0", "172.16.0.1", "2001:db8:3::", 50},
};

/* The ESA and the SMA, inside or in the dmz, what others see them as, and some others. */
static const char *const hosts[] = {
        "10.1.1.5",     "10.1.1.5",  "10.2.2.5",    "10.1.1.6",      "10.2.2.6",
        "203.0.113.25", "10.1.1.77", "172.16.1.20", "198.51.100.10", "192.0.2.200",
};
static const char *const hosts6[] = {"2001:db8:1::5", "2001:db8:2::6", "2001:db8:ff::99",
                                     "2001:db9::1"};
static const char *const networks[] = {
        "10.1.1.0 255.255.255.0",   "10.2.2.0 255.255.255.128",     "10.0.0.0 255.0.0.0",
        "10.1.1.4 255.255.255.252", "203.0.113.0 255.255.255.0",    "198.51.100.0 255.255.255.128",
        "172.16.0.0 255.255.240.0", "203.0.113.24 255.255.255.254", "0.0.0.0 0.0.0.0",
        "128.0.0.0 128.0.0.0",
};
static const char *const networks6[] = {"2001:db8:1::/64", "2001:db8::/32", "2001:db8:2::/64",
                                        "::/0", "2000::/3"};
static const char *const ports[] = {"smtp", "smtp", "smtp", "25",  "7025",   "ssh",
                                    "6025", "www",  "ftp",  "587", "domain", "1024"};

const char *gen_nameif(unsigned place)
{
	return places[place].nameif;
}

/* --- addresses and ports ------------------------------------------------------------------ */

static bool v6(struct gen *g)
{
	return g->release->dual && gen_chance(g, 15);
}

static void host_or_network(struct gen *g, bool six)
{
	if (gen_chance(g, 60))
		buf_printf(&g->out, "host %s", six ? PICK(g, hosts6) : PICK(g, hosts));
	else
		buf_printf(&g->out, "%s", six ? PICK(g, networks6) : PICK(g, networks));
}

static void address(struct gen *g)
{
	unsigned kind = gen_below(g, 100);
	if (kind < 28)
		buf_printf(&g->out, "any");
	else if (kind < 34 && g->release->dual)
		buf_printf(&g->out, gen_chance(g, 50) ? "any4" : "any6");
	else if (kind < 46 && g->objects)
		buf_printf(&g->out, "object o%u", gen_below(g, g->objects));
	else if (kind < 60 && g->networks)
		buf_printf(&g->out, "object-group g%u", gen_below(g, g->networks));
	else if (kind < 63)
		buf_printf(&g->out, "interface %s", places[gen_below(g, g->n_places)].nameif);
	else if (kind < 64)
		buf_printf(&g->out, "host x.x.x.x");
	else if (kind < 65)
		buf_printf(&g->out, "object-group nowhere");
	else if (kind < 66) /* the device refuses both */
		buf_printf(&g->out, gen_chance(g, 50) ? "10.1.1.5" : "10.1.1.5 255.255.255.0");
	else if (kind < 69)
		buf_printf(&g->out, "host the-esa");
	else
		host_or_network(g, v6(g));
}

const char *gen_host(struct gen *g)
{
	return PICK(g, hosts);
}

const char *gen_network(struct gen *g)
{
	return PICK(g, networks);
}

const char *gen_port(struct gen *g)
{
	return PICK(g, ports);
}

static void port_test(struct gen *g)
{
	unsigned kind = gen_below(g, 100), lo = 1 + gen_below(g, 60000);
	if (kind < 55)
		buf_printf(&g->out, " eq %s", gen_port(g));
	else if (kind < 62)
		buf_printf(&g->out, " neq %s", gen_port(g));
	else if (kind < 70)
		buf_printf(&g->out, " gt %u", gen_chance(g, 50) ? 1023 : 24);
	else if (kind < 78)
		buf_printf(&g->out, " lt %u", gen_chance(g, 50) ? 1024 : 26);
	else if (kind < 90)
		buf_printf(&g->out, " range %u %u", gen_chance(g, 50) ? 20 : 25,
		           gen_chance(g, 50) ? 25 : 7025);
	else
		buf_printf(&g->out, " range %u %u", lo, lo + gen_below(g, 65536 - lo));
}

static void maybe_port(struct gen *g, unsigned percent)
{
	if (!gen_chance(g, percent))
		return;
	if (g->port_groups && gen_chance(g, 20))
		buf_printf(&g->out, " object-group p%u", gen_below(g, g->port_groups));
	else
		port_test(g);
}

/* --- objects and groups ------------------------------------------------------------------- */

static void network_object(struct gen *g, unsigned i)
{
	unsigned kind = gen_below(g, 100);
	buf_printf(&g->out, "object network o%u\n", i);
	if (kind < 50 || (!g->release->dual && kind >= 90))
		buf_printf(&g->out, " host %s\n", PICK(g, hosts));
	else if (kind < 70)
		buf_printf(&g->out, " subnet %s\n", PICK(g, networks));
	else if (kind < 82)
		buf_printf(&g->out, " range 10.1.1.%u 10.1.%u.9\n", gen_below(g, 9),
		           1 + gen_below(g, 3));
	else if (kind < 90)
		buf_printf(&g->out, " fqdn mx%u.example.com\n", i);
	else
		buf_printf(&g->out, " subnet %s\n", PICK(g, networks6));
}

static void service_line(struct gen *g, const char *word, bool old_form)
{
	unsigned kind = gen_below(g, 10);
	if (kind == 0) {
		buf_printf(&g->out, " %s icmp%s\n", word, old_form ? "" : " echo");
		return;
	}
	if (kind == 1) {
		buf_printf(&g->out, " %s %u\n", word, 47 + gen_below(g, 4));
		return;
	}
	buf_printf(&g->out, " %s %s", word, kind < 8 ? "tcp" : "udp");
	if (old_form) {
		maybe_port(g, 80);
	} else {
		if (gen_chance(g, 20)) {
			buf_printf(&g->out, " source");
			port_test(g);
		}
		if (gen_chance(g, 85)) {
			buf_printf(&g->out, " destination");
			port_test(g);
		}
	}
	buf_printf(&g->out, "\n");
}

static void objects(struct gen *g)
{
	unsigned n = g->release->real ? gen_below(g, 6) : 0;
	for (; g->objects < n; g->objects++)
		network_object(g, g->objects);
	n = g->release->real ? gen_below(g, 4) : 0;
	for (; g->services < n; g->services++) {
		buf_printf(&g->out, "object service s%u\n", g->services);
		service_line(g, "service", false);
	}
}

static void network_groups(struct gen *g)
{
	for (unsigned n = gen_below(g, 4); g->networks < n; g->networks++) {
		buf_printf(&g->out, "object-group network g%u\n%sdescription mail\n", g->networks,
		           g->indent);
		for (unsigned k = 1 + gen_below(g, 4); k > 0; k--) {
			unsigned kind = gen_below(g, 100);
			buf_printf(&g->out, "%s", g->indent);
			if (kind < 25 && g->networks)
				buf_printf(&g->out, "group-object g%u", gen_below(g, g->networks));
			else if (kind < 27)
				buf_printf(&g->out, "group-object g%u", g->networks);
			else if (kind < 50 && g->objects)
				buf_printf(&g->out, "network-object object o%u",
				           gen_below(g, g->objects));
			else {
				buf_printf(&g->out, "network-object ");
				host_or_network(g, v6(g));
			}
			buf_printf(&g->out, "\n");
		}
	}
}

static void port_groups(struct gen *g)
{
	static const char *const types[] = {"tcp", "tcp", "tcp-udp"};
	for (unsigned n = gen_below(g, 3); g->port_groups < n; g->port_groups++) {
		buf_printf(&g->out, "object-group service p%u %s\n", g->port_groups,
		           PICK(g, types));
		for (unsigned k = 1 + gen_below(g, 3); k > 0; k--) {
			unsigned lo = gen_below(g, 7100);
			if (gen_chance(g, 20) && g->port_groups)
				buf_printf(&g->out, "%sgroup-object p%u\n", g->indent,
				           gen_below(g, g->port_groups));
			else if (gen_chance(g, 60))
				buf_printf(&g->out, "%sport-object eq %s\n", g->indent,
				           gen_port(g));
			else
				buf_printf(&g->out, "%sport-object range %u %u\n", g->indent, lo,
				           lo + gen_below(g, 100));
		}
	}
}

static void service_groups(struct gen *g)
{
	static const char *const predefined[] = {"tcp-smtp",  "tcp-www",     "udp-domain",
	                                         "icmp-echo", "tcp-udp-sip", "ospf"};
	static const char *const protocols[] = {"tcp", "udp", "icmp", "47", "ip"};
	unsigned n = g->release->untyped ? gen_below(g, 3) : 0;
	for (; g->untyped < n; g->untyped++) {
		buf_printf(&g->out, "object-group service u%u\n", g->untyped);
		for (unsigned k = 1 + gen_below(g, 3); k > 0; k--) {
			if (gen_chance(g, 20) && g->untyped)
				buf_printf(&g->out, " group-object u%u\n",
				           gen_below(g, g->untyped));
			else if (gen_chance(g, 15) && g->services)
				buf_printf(&g->out, " service-object object s%u\n",
				           gen_below(g, g->services));
			else if (gen_chance(g, 15) && g->release->real)
				buf_printf(&g->out, " service-object object %s\n",
				           PICK(g, predefined));
			else
				service_line(g, "service-object", !g->release->real);
		}
	}
	buf_printf(&g->out,
	           "object-group icmp-type i0\n%sicmp-object echo-reply\n%sicmp-object 3\n",
	           g->indent, g->indent);
	for (n = gen_below(g, 2); g->protocols < n; g->protocols++) {
		buf_printf(&g->out, "object-group protocol r%u\n", g->protocols);
		for (unsigned k = 1 + gen_below(g, 2); k > 0; k--)
			buf_printf(&g->out, "%sprotocol-object %s\n", g->indent,
			           PICK(g, protocols));
	}
}

/* --- access-lists ------------------------------------------------------------------------- */

/* FTD limits a rule to interfaces. */
static void scope(struct gen *g)
{
	if (g->release->line[0] == 'N' && gen_chance(g, 15))
		buf_printf(&g->out, "ifc %s ", places[gen_below(g, g->n_places)].nameif);
}

static void plain_ace(struct gen *g)
{
	bool tcp = gen_chance(g, 80);
	buf_printf(&g->out, "%s ", tcp ? "tcp" : "udp");
	if (g->release->real && gen_chance(g, 3))
		buf_printf(&g->out, "user DOMAIN\\\\postmaster ");
	scope(g);
	address(g);
	maybe_port(g, 10);
	buf_printf(&g->out, " ");
	scope(g);
	address(g);
	maybe_port(g, 75);
}

static void ace_body(struct gen *g)
{
	unsigned kind = gen_below(g, 100);
	if (kind >= 45) {
		plain_ace(g);
		return;
	}
	if (kind < 8 && g->services)
		buf_printf(&g->out, "object s%u ", gen_below(g, g->services));
	else if (kind < 16 && g->untyped)
		buf_printf(&g->out, "object-group u%u ", gen_below(g, g->untyped));
	else if (kind < 20 && g->protocols) {
		buf_printf(&g->out, "object-group r%u ", gen_below(g, g->protocols));
		address(g);
		buf_printf(&g->out, " ");
		address(g);
		maybe_port(g, 40);
		return;
	} else if (kind < 23)
		buf_printf(&g->out, "47 ");
	else if (kind < 26)
		buf_printf(&g->out, "icmp ");
	else
		buf_printf(&g->out, "ip ");
	address(g);
	buf_printf(&g->out, " ");
	address(g);
	if (kind >= 23 && kind < 26)
		buf_printf(&g->out, gen_chance(g, 50) ? " echo" : " object-group i0");
}

static void ace(struct gen *g, unsigned list, unsigned permits)
{
	const char *extended = g->release->pix6 ? "" : " extended";
	bool pix6 = g->release->pix6;
	if (gen_chance(g, 4)) {
		buf_printf(&g->out, "access-list A%u remark mail, see ticket\n", list);
		return;
	}
	buf_printf(&g->out, "access-list A%u%s %s ", list, extended,
	           gen_chance(g, permits) ? "permit" : "deny");
	if (gen_chance(g, 1)) {
		buf_printf(&g->out, "tcp any any eq what-is-this\n");
		return;
	}
	ace_body(g);
	if (gen_chance(g, 10) && !pix6)
		buf_printf(&g->out, " log");
	if (gen_chance(g, 5) && !pix6)
		buf_printf(&g->out, " time-range NIGHT");
	if (gen_chance(g, 8) && !pix6)
		buf_printf(&g->out, " inactive");
	buf_printf(&g->out, "\n");
}

/* Deny lines for the ESA both ways, then permit: what exempts it in a class (1.3 b). */
static void exemption(struct gen *g, unsigned list)
{
	const char *esa = PICK(g, hosts), *extended = g->release->pix6 ? "" : "extended ";
	buf_printf(&g->out, "access-list A%u %sdeny tcp any host %s eq smtp\n", list, extended,
	           esa);
	if (gen_chance(g, 80))
		buf_printf(&g->out, "access-list A%u %sdeny tcp host %s any eq smtp\n", list,
		           extended, esa);
	buf_printf(&g->out, "access-list A%u %spermit tcp any any eq smtp\n", list, extended);
}

static void lists(struct gen *g)
{
	for (unsigned n = 2 + gen_below(g, 4); g->lists < n; g->lists++) {
		unsigned permits = 30 + gen_below(g, 60);
		if (gen_chance(g, 25))
			exemption(g, g->lists);
		for (unsigned k = gen_below(g, 9); k > 0; k--)
			ace(g, g->lists, permits);
	}
}

/* IPv6 before 9.0 has lists of its own. */
static void lists6(struct gen *g)
{
	if (g->release->dual || g->release->old || !gen_chance(g, 15))
		return;
	g->has_list6 = true;
	for (unsigned k = 1 + gen_below(g, 3); k > 0; k--)
		buf_printf(&g->out, "ipv6 access-list V6 %s tcp %s host %s eq %s\n",
		           gen_chance(g, 70) ? "permit" : "deny",
		           gen_chance(g, 60) ? "any" : PICK(g, networks6), PICK(g, hosts6),
		           gen_port(g));
}

unsigned gen_list(struct gen *g)
{
	return gen_chance(g, 3) ? g->lists : gen_below(g, g->lists);
}

/* --- interfaces --------------------------------------------------------------------------- */

static void interface(struct gen *g, unsigned i)
{
	static const int levels[] = {0, 50, 100};
	int level = gen_chance(g, 70) ? places[i].level : PICK(g, levels);
	bool dhcp = i == 0 && gen_chance(g, 15);
	if (g->release->pix6) {
		buf_printf(&g->out, "interface ethernet%u auto\n", i);
		buf_printf(&g->out, "nameif ethernet%u %s security%d\n", i, places[i].nameif,
		           level);
		if (dhcp)
			buf_printf(&g->out, "ip address %s dhcp setroute\n", places[i].nameif);
		else
			buf_printf(&g->out, "ip address %s %s %s\n", places[i].nameif,
			           places[i].own, places[i].mask);
		return;
	}
	buf_printf(&g->out, "interface GigabitEthernet0/%u\n nameif %s\n", i, places[i].nameif);
	buf_printf(&g->out, " security-level %d\n", level);
	if (dhcp)
		buf_printf(&g->out, " ip address dhcp setroute\n");
	else
		buf_printf(&g->out, " ip address %s %s\n", places[i].own, places[i].mask);
	if (i == 3 && gen_chance(g, 10))
		buf_printf(&g->out, gen_chance(g, 50) ? " shutdown\n" : " management-only\n");
	if (!g->release->old && gen_chance(g, g->release->dual ? 50 : 20))
		buf_printf(&g->out, " ipv6 address %s1/64\n", places[i].network6);
}

static void interfaces(struct gen *g)
{
	g->n_places = 2 + gen_below(g, 3);
	if (g->fragment && gen_chance(g, 50))
		return;
	for (unsigned i = 0; i < g->n_places; i++)
		interface(g, i);
	if (gen_chance(g, 80))
		buf_printf(&g->out, "route outside 0.0.0.0 0.0.0.0 203.0.113.254 1\n");
	if (gen_chance(g, 20))
		buf_printf(&g->out, "route inside 192.0.2.128 255.255.255.128 10.1.1.254 1\n");
	if (gen_chance(g, 15)) /* a floating one, an equal one, and a closer one */
		buf_printf(&g->out, "route %s 192.0.2.128 255.255.255.128 10.2.2.126 %u\n",
		           places[gen_below(g, g->n_places)].nameif, gen_chance(g, 50) ? 1 : 20);
	if (gen_chance(g, 10))
		buf_printf(&g->out, "route %s 192.0.2.200 255.255.255.255 10.2.2.126\n",
		           places[gen_below(g, g->n_places)].nameif);
	if (gen_chance(g, 10))
		buf_printf(&g->out, "ip verify reverse-path interface %s\n",
		           places[gen_below(g, g->n_places)].nameif);
	if (!g->release->old && gen_chance(g, 8))
		buf_printf(&g->out, "route Null0 192.0.2.0 255.255.255.%u %u\n",
		           gen_chance(g, 50) ? 0 : 128, gen_chance(g, 50) ? 1 : 254);
	if (!g->release->old && gen_chance(g, 40))
		buf_printf(&g->out, "ipv6 route outside ::/0 2001:db8:ff::2\n");
	if (!g->release->old && gen_chance(g, 10))
		buf_printf(&g->out, "ipv6 route inside 2001:db9::/32 2001:db8:1::2\n");
	if (!g->release->pix6 && gen_chance(g, 30))
		buf_printf(&g->out, "same-security-traffic permit inter-interface\n");
	if (!g->release->pix6 && gen_chance(g, 20))
		buf_printf(&g->out, "same-security-traffic permit intra-interface\n");
}

static void access_groups(struct gen *g)
{
	for (unsigned i = 0; i < g->n_places; i++) {
		if (gen_chance(g, 60))
			buf_printf(&g->out, "access-group A%u in interface %s\n", gen_list(g),
			           places[i].nameif);
		if (gen_chance(g, 15) && !g->release->pix6)
			buf_printf(&g->out, "access-group A%u out interface %s\n", gen_list(g),
			           places[i].nameif);
	}
	if (g->has_list6)
		buf_printf(&g->out, "access-group V6 in interface %s\n",
		           places[gen_below(g, g->n_places)].nameif);
	if (gen_chance(g, 4) && g->release->pix6)
		buf_printf(&g->out, "outbound 1 deny 0.0.0.0 0.0.0.0 25 tcp\n"
		                    "apply (inside) 1 outgoing_src\n");
	if (gen_chance(g, 20) && g->release->real)
		buf_printf(&g->out, "access-group A%u global\n", gen_list(g));
	if (gen_chance(g, 10) && g->release->pix6)
		buf_printf(&g->out, "conduit permit tcp host 203.0.113.25 eq smtp any\n");
}

/* --- all of it ---------------------------------------------------------------------------- */

struct str random_config(struct arena *arena, uint64_t seed)
{
	struct gen g = {.rng = {seed}, .out = {.arena = arena}};
	g.release = &PICK(&g, releases);
	g.indent = g.release->pix6 ? "" : " ";
	g.fragment = gen_chance(&g, 6);
	if (!g.fragment)
		buf_printf(&g.out, ": Saved\n:\n%s\nhostname fw%u\n", g.release->line,
		           gen_below(&g, 100));
	buf_printf(&g.out, "names\nname 10.1.1.5 the-esa\n");
	interfaces(&g);
	objects(&g);
	network_groups(&g);
	port_groups(&g);
	service_groups(&g);
	lists(&g);
	lists6(&g);
	if (gen_chance(&g, 2))
		buf_printf(&g.out, "frobnicate the mail\n");
	access_groups(&g);
	gen_translation(&g);
	gen_inspection(&g);
	if (!g.fragment)
		buf_printf(&g.out, ": end\n");
	return buf_str(&g.out);
}
