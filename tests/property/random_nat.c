/* SPDX-License-Identifier: ISC */
/* Translation of random configs, of the releases before 8.3 and from it; and tunnels. */
#include "tests/property/random_gen.h"

/* --- translation -------------------------------------------------------------------------- */

static void limits(struct gen *g)
{
	if (gen_chance(g, 30))
		buf_printf(&g->out, " %u %u", gen_below(g, 3) * 50, gen_below(g, 3) * 100);
	buf_printf(&g->out, "\n");
}

/* A device refuses a static that it has already, so no config has one twice. */
static void end_static(struct gen *g, size_t start)
{
	const struct str line = {g->out.s + start, g->out.n - start};
	bool known = str_contains((struct str){g->out.s, start}, line);
	limits(g);
	if (known)
		g->out.n = start;
}

static void one_static(struct gen *g)
{
	size_t start = g->out.n;
	const char *real = gen_chance(g, 50) || g->n_places < 3 ? "inside" : "dmz";
	const char *host = real[0] == 'i' ? "10.1.1.5" : "10.2.2.5";
	const char *mapped = gen_chance(g, 80) || g->n_places < 4 ? "outside" : "partner";
	unsigned kind = gen_below(g, 100);
	buf_printf(&g->out, "static (%s,%s) ", real, mapped);
	if (kind < 45)
		buf_printf(&g->out, "203.0.113.25 %s netmask 255.255.255.255", host);
	else if (kind < 60)
		buf_printf(&g->out, "tcp 203.0.113.25 smtp %s %s netmask 255.255.255.255", host,
		           gen_chance(g, 70) ? "smtp" : "7025");
	else if (kind < 75)
		buf_printf(&g->out, "tcp interface smtp %s smtp netmask 255.255.255.255", host);
	else if (kind < 85)
		buf_printf(&g->out, "203.0.113.24 10.1.1.4 netmask 255.255.255.252");
	else if (kind < 92)
		buf_printf(&g->out, "10.0.0.0 10.0.0.0 netmask 255.0.0.0");
	else if (kind < 96)
		buf_printf(&g->out, "203.0.113.26 access-list POLICY-%s", real);
	else
		buf_printf(&g->out, "tcp 203.0.113.26 smtp access-list POLICY-%s", real);
	end_static(g, start);
}

/* What the policy statics translate: one host, for some peers or by one of its ports. */
static void policy_lists(struct gen *g)
{
	const char *extended = g->release->pix6 ? "" : " extended";
	buf_printf(&g->out, "access-list POLICY-inside%s permit ip host 10.1.1.5 %s\n", extended,
	           gen_chance(g, 50) ? "any" : gen_network(g));
	buf_printf(&g->out, "access-list POLICY-dmz%s permit tcp host 10.2.2.5 eq %s any\n",
	           extended, gen_chance(g, 70) ? "smtp" : "www");
	buf_printf(&g->out, "access-list POLICY-net%s permit ip 10.1.1.0 255.255.255.128 %s\n",
	           extended, gen_network(g));
	buf_printf(&g->out, "access-list EXEMPT%s permit ip 10.1.1.0 255.255.255.0 %s\n", extended,
	           gen_network(g));
	if (gen_chance(g, 40))
		buf_printf(&g->out, "access-list EXEMPT%s deny ip host %s any\n", extended,
		           gen_host(g));
	buf_printf(&g->out, "access-list EXEMPT%s permit tcp host %s host %s eq smtp%s\n", extended,
	           gen_host(g), gen_host(g),
	           gen_chance(g, 30) && !g->release->pix6 ? " inactive" : "");
}

/* Exemption against statics and pools; from outside too. */
static void one_nat(struct gen *g)
{
	static const char *const inner[] = {"inside", "dmz"};
	const char *from = g->n_places < 3 ? "inside" : PICK(g, inner);
	unsigned kind = gen_below(g, 100);
	if (kind < 12)
		buf_printf(&g->out, "nat (%s) 0 access-list EXEMPT", from);
	else if (kind < 22)
		buf_printf(&g->out, "nat (%s) 2 access-list POLICY-net", from);
	else if (kind < 28)
		buf_printf(&g->out, "nat (outside) 1 198.51.100.0 255.255.255.128 outside");
	else if (kind < 40)
		buf_printf(&g->out, "nat (%s) %u host-of-it", from, gen_below(g, 3));
	else
		buf_printf(&g->out, "nat (%s) %u %s", from, gen_below(g, 4) ? 1 : 0,
		           gen_chance(g, 50) ? "0.0.0.0 0.0.0.0" : "10.1.1.0 255.255.255.0");
	limits(g);
}

static void old_nat(struct gen *g)
{
	policy_lists(g);
	buf_printf(&g->out, "name 10.1.1.6 host-of-it\n");
	for (unsigned n = gen_below(g, 4); n > 0; n--)
		one_static(g);
	if (gen_chance(g, 8))
		buf_printf(&g->out, "static (outside,inside) 10.1.1.200 198.51.100.10 netmask "
		                    "255.255.255.255\n");
	if (gen_chance(g, 8))
		buf_printf(&g->out,
		           "static (inside,outside) 203.0.113.32 access-list POLICY-net\n");
	if (gen_chance(g, 20) && g->lists)
		buf_printf(&g->out, "nat (inside) 0 access-list A%u\n", gen_below(g, g->lists));
	for (unsigned n = gen_below(g, 4); n > 0; n--)
		one_nat(g);
	static const char *const pools[] = {"interface", "interface", "203.0.113.48-203.0.113.48",
	                                    "203.0.113.40-203.0.113.45 netmask 255.255.255.0",
	                                    "203.0.113.40-203.0.113.45"};
	if (gen_chance(g, 50))
		buf_printf(&g->out, "global (outside) 1 %s\n", PICK(g, pools));
	if (gen_chance(g, 15))
		buf_printf(&g->out, "global (outside) 1 203.0.113.47\n");
	if (gen_chance(g, 30))
		buf_printf(&g->out, "global (outside) 2 203.0.113.46\n");
	if (gen_chance(g, 20) && g->n_places > 2)
		buf_printf(&g->out, "global (dmz) 1 interface\n");
	if (gen_chance(g, 15) && !g->release->old)
		buf_printf(&g->out, "nat-control\n");
}

/* Objects and groups that only translation names. */
static void nat_objects(struct gen *g)
{
	static const char *const services[] = {"tcp source eq smtp", "tcp source eq 2525",
	                                       "tcp destination eq smtp", "tcp destination eq 2525",
	                                       "tcp source range 20 30 destination eq 7025"};
	buf_printf(&g->out,
	           "object network N0\n host 10.1.1.5\nobject network N1\n subnet 10.1.1.0 "
	           "255.255.255.0\nobject network N2\n range 10.2.2.5 10.2.2.8\n"
	           "object network N3\n host 198.51.100.10\nobject network N4\n subnet "
	           "198.51.100.0 255.255.255.128\n");
	buf_printf(&g->out,
	           "object network M0\n host 203.0.113.25\nobject network M1\n subnet "
	           "203.0.113.128 255.255.255.128\nobject network M2\n range 203.0.113.60 "
	           "203.0.113.63\nobject network M3\n host 192.0.2.200\nobject network M4\n "
	           "subnet 192.0.2.0 255.255.255.128\n");
	buf_printf(&g->out,
	           "object-group network NG\n network-object host 10.1.1.5\n "
	           "network-object host 10.1.1.77\nobject-group network MG\n network-object "
	           "object M0\n network-object host 203.0.113.99\nobject-group network PG\n "
	           "network-object object M2\n network-object host 203.0.113.64\n");
	if (g->release->dual)
		buf_printf(&g->out,
		           "object network N6\n subnet 2001:db8:1::/64\nobject network M6\n subnet "
		           "2001:db8:ff:1::/64\nobject network H6\n host 2001:db8:1::5\nobject "
		           "network X6\n host 2001:db8:ff::99\n");
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		buf_printf(&g->out, "object service S%zu\n service %s\n", i, services[i]);
}

static void ifc_pair(struct gen *g)
{
	static const char *const pairs[] = {"inside,outside", "inside,outside", "inside,outside",
	                                    "inside,dmz",     "dmz,outside",    "outside,inside",
	                                    "any,outside",    "inside,any",     "any,any"};
	const char *pair = PICK(g, pairs);
	if (g->n_places < 3 && (pair[0] == 'd' || pair[7] == 'd'))
		pair = "inside,outside";
	buf_printf(&g->out, "nat (%s) ", pair);
}

/* A pair of what is translated, and into what, that a device takes. */
static void source_of(struct gen *g, bool *identity, bool *six)
{
	static const char *const pairs[] = {"N0 M0", "N0 M0",   "N1 M1", "N2 M2", "NG NG",
	                                    "N1 N1", "any any", "N0 N0", "N2 M0", "NG MG"};
	static const char *const pairs6[] = {"N6 M6", "N6 N6", "H6 X6", "any any"};
	*six = g->release->dual && gen_chance(g, 20);
	const char *pair = *six ? PICK(g, pairs6) : PICK(g, pairs);
	unsigned kind = gen_below(g, 10);
	*identity = false;
	if (kind < 6 || *six) {
		*identity = str_eq((struct str){pair, 2}, (struct str){pair + 3, 2});
		buf_printf(&g->out, "source static %s", pair);
	} else if (kind < 7) {
		buf_printf(&g->out, "source static N0 interface");
	} else {
		static const char *const pools[] = {
		        "N1 interface",   "any interface",           "N1 M2", "N0 M3", "N1 PG",
		        "N1 pat-pool PG", "N1 pat-pool M2 interface"};
		buf_printf(&g->out, "source dynamic %s%s", PICK(g, pools), "");
	}
}

static void twice_nat(struct gen *g, bool after)
{
	static const char *const far[] = {"M3 N3",   "M4 N4", "N4 N4",
	                                  "any any", "N3 N3", "interface N3"};
	static const char *const services[] = {"S0 S1", "S2 S3", "S2 S2", "S4 S4"};
	static const char *const far6[] = {"X6 H6", "M6 M6", "any any", "X6 X6"};
	bool identity, six, destination = gen_chance(g, 40);
	ifc_pair(g);
	if (after)
		buf_printf(&g->out, "after-auto ");
	source_of(g, &identity, &six);
	if (destination)
		buf_printf(&g->out, " destination static %s", six ? PICK(g, far6) : PICK(g, far));
	if (gen_chance(g, 20))
		buf_printf(&g->out, " service %s", PICK(g, services));
	if (identity && gen_chance(g, 25))
		buf_printf(&g->out, " no-proxy-arp route-lookup");
	if (gen_chance(g, 6))
		buf_printf(&g->out, " unidirectional");
	if (gen_chance(g, 6))
		buf_printf(&g->out, " inactive");
	buf_printf(&g->out, "\n");
}

/* An object has one line: those of the same addresses have names of their own. */
static void object_nat(struct gen *g, unsigned i)
{
	static const char *const real[] = {
	        "host 10.1.1.5", "subnet 10.1.1.0 255.255.255.0", "range 10.2.2.5 10.2.2.8",
	        "host 10.2.2.5", "subnet 0.0.0.0 0.0.0.0",        "host 198.51.100.10"};
	static const char *const pools[] = {"interface",    "interface",    "interface",
	                                    "M2",           "M2 interface", "PG",
	                                    "203.0.113.27", "pat-pool M2",  "M0"};
	static const char *const mapped[] = {"203.0.113.25", "203.0.113.26", "M1", "M2",
	                                     "interface"};
	unsigned kind = gen_below(g, 100);
	bool six = g->release->dual && gen_chance(g, 15);
	buf_printf(&g->out, "object network T%u\n %s\n ", i,
	           six ? "subnet 2001:db8:1::/64" : PICK(g, real));
	ifc_pair(g);
	if (six)
		buf_printf(&g->out, "%s\n", kind < 60 ? "static M6" : "dynamic interface ipv6");
	else if (kind < 35)
		buf_printf(&g->out, "static %s\n", PICK(g, mapped));
	else if (kind < 60)
		buf_printf(&g->out, "static %s service tcp %s %s\n", PICK(g, mapped),
		           gen_chance(g, 70) ? "smtp" : "7025",
		           gen_chance(g, 70) ? "smtp" : "2525");
	else
		buf_printf(&g->out, "dynamic %s\n", PICK(g, pools));
}

static void new_nat(struct gen *g)
{
	nat_objects(g);
	for (unsigned n = gen_below(g, 3); n > 0; n--)
		twice_nat(g, false);
	if (gen_chance(g, 40))
		buf_printf(&g->out, "object network ESA\n host 10.1.1.5\n"
		                    " nat (inside,outside) static 203.0.113.25\n");
	if (gen_chance(g, 20) && g->n_places > 2)
		buf_printf(&g->out, "object network ESA-25\n host 10.2.2.5\n"
		                    " nat (dmz,outside) static interface service tcp smtp smtp\n");
	for (unsigned n = gen_below(g, 4); n > 0; n--)
		object_nat(g, n);
	if (gen_chance(g, 30))
		buf_printf(&g->out,
		           "nat (inside,outside) after-auto source dynamic any interface\n");
	if (gen_chance(g, 20))
		twice_nat(g, true);
}

/* --- tunnels ------------------------------------------------------------------------------ */

static void tunnels(struct gen *g)
{
	const char *extended = g->release->pix6 ? "" : " extended";
	buf_printf(&g->out, "access-list TUNNEL%s permit ip %s %s\n", extended, gen_network(g),
	           gen_network(g));
	if (gen_chance(g, 50))
		buf_printf(&g->out, "access-list TUNNEL%s permit tcp host %s any eq smtp\n",
		           extended, gen_host(g));
	if (gen_chance(g, 70))
		buf_printf(&g->out, "crypto map VPN 10 match address TUNNEL\n");
	else
		buf_printf(&g->out, "crypto dynamic-map DYN 1 match address TUNNEL\n"
		                    "crypto map VPN 65535 ipsec-isakmp dynamic DYN\n");
	buf_printf(&g->out,
	           "crypto map VPN 10 set peer 198.51.100.10\n"
	           "crypto map VPN interface %s\n",
	           gen_nameif(gen_below(g, g->n_places)));
}

void gen_translation(struct gen *g)
{
	if (g->release->real)
		new_nat(g);
	else
		old_nat(g);
	if (gen_chance(g, 8))
		tunnels(g);
}
