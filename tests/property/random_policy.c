/* SPDX-License-Identifier: ISC */
/* Inspection of random configs: classes of all kinds, several policies; fixups of old releases. */
#include "tests/property/random_gen.h"

static void class_match(struct gen *g, bool is_default)
{
	static const char *const protocols[] = {"tcp", "tcp", "tcp", "udp"};
	unsigned kind = gen_below(g, 100);
	if (is_default) {
		buf_printf(&g->out, " match default-inspection-traffic\n");
		if (gen_chance(g, 30))
			buf_printf(&g->out, " match access-list A%u\n", gen_list(g));
		if (gen_chance(g, 4))
			buf_printf(&g->out, " match port tcp eq smtp\n");
	} else if (kind < 15)
		buf_printf(&g->out, " match any\n");
	else if (kind < 63) {
		buf_printf(&g->out, " match access-list A%u\n", gen_list(g));
		if (gen_chance(g, 4))
			buf_printf(&g->out, " match port tcp eq smtp\n");
	} else if (kind < 65) /* the device refuses it */
		buf_printf(&g->out, " match address A%u\n", gen_list(g));
	else if (kind < 80) {
		buf_printf(&g->out, " match port %s eq %s\n", PICK(g, protocols), gen_port(g));
		if (gen_chance(g, 15)) /* a second one is refused too */
			buf_printf(&g->out, " match port %s eq %s\n", PICK(g, protocols),
			           gen_port(g));
	} else if (kind < 88)
		buf_printf(&g->out, " match port %s range %u %u\n", PICK(g, protocols),
		           20 + gen_below(g, 10), gen_chance(g, 50) ? 30 : 7025);
	else if (kind < 91)
		buf_printf(&g->out, " match dscp ef\n");
	else if (kind < 93)
		buf_printf(&g->out, " match rtp 2000 100\n");
	else if (kind < 95)
		buf_printf(&g->out, " match something-new\n");
	/* or nothing at all */
}

static void class_maps(struct gen *g)
{
	buf_printf(&g->out, "class-map inspection_default\n");
	class_match(g, true);
	for (unsigned n = gen_below(g, 5); g->classes < n; g->classes++) {
		bool any_of = gen_chance(g, 6);
		buf_printf(&g->out, "class-map %sC%u\n", any_of ? "match-any " : "", g->classes);
		class_match(g, !any_of && gen_chance(g, 6));
		if (any_of)
			class_match(g, false);
	}
}

static void esmtp_maps(struct gen *g)
{
	for (unsigned n = gen_below(g, 2); g->maps < n; g->maps++)
		buf_printf(&g->out, "policy-map type inspect esmtp M%u\n parameters\n  allow-tls\n",
		           g->maps);
}

static void smtp_inspect(struct gen *g)
{
	bool fwsm = g->release->line && g->release->line[0] == 'F';
	buf_printf(&g->out, "  inspect %s", fwsm && gen_chance(g, 60) ? "smtp" : "esmtp");
	if (g->maps && gen_chance(g, 30))
		buf_printf(&g->out, " M%u", gen_below(g, g->maps));
	buf_printf(&g->out, "\n");
}

static void one_inspect(struct gen *g)
{
	static const char *const engines[] = {
	        "http",          "ftp",
	        "dns",           "sip",
	        "sunrpc",        "h323 h225",
	        "ip-options",    "waas",
	        "icmp",          "new-one",
	        "rtsp",          "tftp",
	        "pptp",          "ipsec-pass-thru",
	        "icmp error",    "dns maximum-length 512",
	        "ftp strict F0", "sip S0 tls-proxy T0",
	};
	if (gen_chance(g, 50))
		smtp_inspect(g);
	else
		buf_printf(&g->out, "  inspect %s\n", PICK(g, engines));
}

static void default_inspects(struct gen *g)
{
	static const char *const engines[] = {
	        "dns",  "ftp",  "h323 h225", "h323 ras", "rsh",    "rtsp", "http", "netbios",
	        "tftp", "snmp", "icmp",      "ipv6",     "sqlnet", "sip",  "gtp",  "icmp error"};
	for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++)
		if (gen_chance(g, 50))
			buf_printf(&g->out, "  inspect %s\n", engines[i]);
	if (gen_chance(g, 70))
		smtp_inspect(g);
}

static void other_action(struct gen *g)
{
	static const char *const actions[] = {
	        "set connection conn-max 50 embryonic-conn-max 100",
	        "set connection per-client-max 10",
	        "set connection conn-max 0",
	        "set connection timeout idle 0:05:00",
	        "set connection random-sequence-number disable",
	        "set connection advanced-options TCPMAP",
	        "police input 1000000 2000",
	        "police output 8000000",
	        "ips inline fail-open",
	        "csc fail-open",
	        "priority",
	        "no inspect esmtp",
	};
	if (g->release->bypass && gen_chance(g, 15))
		buf_printf(&g->out, "  set connection advanced-options tcp-state-bypass\n");
	else if (gen_chance(g, 2))
		buf_printf(&g->out, "  set connection what-is-this 7\n");
	else
		buf_printf(&g->out, "  %s\n", PICK(g, actions));
}

static void actions(struct gen *g)
{
	if (gen_chance(g, 55))
		one_inspect(g); /* one: only inspection_default takes several */
	for (unsigned n = gen_below(g, 3); n > 0; n--)
		other_action(g);
}

static void policy_class(struct gen *g)
{
	unsigned kind = gen_below(g, 100);
	if (kind < 35) {
		buf_printf(&g->out, " class inspection_default\n");
		default_inspects(g);
		if (gen_chance(g, 10))
			other_action(g);
	} else if (kind < 43) {
		if (g->used & 1u << 10)
			return;
		g->used |= 1u << 10;
		buf_printf(&g->out, " class class-default\n");
		actions(g);
	} else {
		/* C9 has no class-map. Opened again, a class would get a second inspection. */
		unsigned i = kind < 45 || g->classes == 0 ? 9 : gen_below(g, g->classes);
		if (g->used & 1u << i)
			return;
		g->used |= 1u << i;
		buf_printf(&g->out, " class C%u\n", i);
		actions(g);
	}
}

static void policies(struct gen *g)
{
	for (unsigned n = 1 + gen_below(g, 3); g->policies < n; g->policies++) {
		buf_printf(&g->out, "policy-map P%u\n", g->policies);
		g->used = 0;
		for (unsigned k = 1 + gen_below(g, 4); k > 0; k--)
			policy_class(g);
	}
	if (gen_chance(g, 85))
		buf_printf(&g->out, "service-policy P%u global\n",
		           gen_chance(g, 97) ? 0 : g->policies);
	for (unsigned i = 0; i < g->n_places; i++)
		if (gen_chance(g, 25))
			buf_printf(&g->out, "service-policy P%u interface %s\n",
			           gen_below(g, g->policies), gen_nameif(i));
}

/* Engines of all kinds: of TCP, of UDP, without ports, unknown; on ports of mail and of others. */
static void other_fixups(struct gen *g)
{
	static const char *const lines[] = {"http 80",
	                                    "http 25",
	                                    "ftp strict 21",
	                                    "ftp 20-30",
	                                    "sip 5060",
	                                    "sip 25",
	                                    "tftp 69",
	                                    "sip udp 5060",
	                                    "sip udp 53",
	                                    "dns",
	                                    "h323 1720",
	                                    "rsh 514",
	                                    "h323 ras 1718",
	                                    "smtp 7020-7030",
	                                    "new-one 1024",
	                                    "icmp error",
	                                    "snmp 161",
	                                    "esp-ike",
	                                    "pptp",
	                                    "http 7025",
	                                    "h323 h225",
	                                    "http 1024",
	                                    "dns maximum-length 512"};
	for (unsigned n = gen_below(g, 6); n > 0; n--)
		buf_printf(&g->out, "%sfixup protocol %s\n", gen_chance(g, 12) ? "no " : "",
		           PICK(g, lines));
	if (gen_chance(g, 5))
		buf_printf(&g->out, "no fixup protocol http\n");
}

static void fixups(struct gen *g)
{
	buf_printf(&g->out, "fixup protocol ftp 21\n");
	if (gen_chance(g, 60))
		buf_printf(&g->out, "fixup protocol smtp 25\n");
	else if (gen_chance(g, 50))
		buf_printf(&g->out, "no fixup protocol smtp 25\n");
	if (gen_chance(g, 15))
		buf_printf(&g->out, "fixup protocol smtp 7020-7030\n");
	if (gen_chance(g, 60))
		other_fixups(g);
}

void gen_inspection(struct gen *g)
{
	if (g->release->old) {
		fixups(g);
		return;
	}
	class_maps(g);
	esmtp_maps(g);
	policies(g);
}
