/* SPDX-License-Identifier: ISC */
#include "tests/property/variants.h"

#include "tests/property/slow_route.h"

/* The commands of one variant as they grow, with the words that all of them need. */
struct writer {
	struct buf out;
	const struct config *config;
	struct rng *rng;
	const char *esa, *mapped;     /* as in `host ADDRESS`; `mapped` is an address of nobody */
	const char *inside, *outside; /* nameifs, NULL if there are no two */
	const char *engine;           /* the release's word: "esmtp" or "smtp" */
	bool old;                     /* fixup */
	bool real;                    /* from 8.3 */
	bool v4;
};

__attribute__((format(printf, 2, 3))) static void say(struct writer *w, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_add(&w->out, str_vprintf(w->out.arena, format, args));
	va_end(args);
	buf_char(&w->out, '\n');
}

/* --- pieces ------------------------------------------------------------------------------ */

/* A policy of its own in place of the global one; its classes follow. */
static void own_global_policy(struct writer *w, const char *name)
{
	VEC_EACH(const struct service_policy, sp, &w->config->service_policies)
		if (sp->interface == 0)
			say(w, "no service-policy %.*s global",
			    STR(config_name(w->config, sp->policy)));
	say(w, "service-policy %s global", name);
}

static void class_of_list(struct writer *w, const char *class, const char *list)
{
	say(w, "class-map %s", class);
	say(w, " match access-list %s", list);
}

static void default_class(struct writer *w)
{
	say(w, "class-map Zdefault");
	say(w, " match default-inspection-traffic");
}

static const char *direction(struct writer *w, const char *host, bool in)
{
	return str_printf(w->out.arena, in ? "any host %s" : "host %s any", host).s;
}

static void line(struct writer *w, const char *list, const char *action, const char *ends)
{
	say(w, "access-list %s extended %s tcp %s eq smtp", list, action, ends);
}

/* The usual exemption: deny lines for these hosts, then permit. */
static void exemption(struct writer *w, const char *host, bool in, bool out)
{
	if (in)
		line(w, "Zexempt", "deny", direction(w, host, true));
	if (out)
		line(w, "Zexempt", "deny", direction(w, host, false));
	line(w, "Zexempt", "permit", "any any");
	class_of_list(w, "Zexempt-class", "Zexempt");
	say(w, "policy-map Zpolicy");
	say(w, " class Zexempt-class");
	say(w, "  inspect %s", w->engine);
	own_global_policy(w, "Zpolicy");
}

/* --- variants ---------------------------------------------------------------------------- */

static void as_it_is(struct writer *w)
{
	(void)w;
}

static void default_inspection(struct writer *w)
{
	default_class(w);
	say(w, "policy-map Zpolicy\n class Zdefault\n  inspect dns\n  inspect ftp\n  inspect %s",
	    w->engine);
	own_global_policy(w, "Zpolicy");
}

static void interface_policy(struct writer *w)
{
	if (!w->outside)
		return;
	say(w, "class-map Zany\n match any\npolicy-map Zifc\n class Zany\n  inspect %s", w->engine);
	say(w, "service-policy Zifc interface %s",
	    rng_percent(w->rng, 50) ? w->inside : w->outside);
}

static void interface_and_global(struct writer *w)
{
	default_inspection(w);
	interface_policy(w);
}

static void any_before_default(struct writer *w)
{
	default_class(w);
	say(w, "class-map Zany\n match any\npolicy-map Zpolicy\n class Zany\n  inspect %s",
	    w->engine);
	say(w, " class Zdefault\n  inspect dns\n  inspect %s", w->engine);
	own_global_policy(w, "Zpolicy");
}

static void shadowed(struct writer *w)
{
	default_class(w);
	line(w, "Zmail", "permit", direction(w, w->esa, true));
	class_of_list(w, "Zmail-class", "Zmail");
	say(w, "policy-map Zpolicy\n class Zmail-class\n  inspect %s",
	    rng_percent(w->rng, 50) ? "http" : w->engine);
	say(w, " class Zdefault\n  inspect ftp\n  inspect %s", w->engine);
	own_global_policy(w, "Zpolicy");
}

static void other_engine_behind(struct writer *w)
{
	default_inspection(w);
	say(w, "class-map Zany\n match any\npolicy-map Zpolicy\n class Zany\n  inspect http");
}

static void both_caps(struct writer *w)
{
	line(w, "Zcap", "permit", direction(w, w->esa, true));
	line(w, "Zcap", "permit", direction(w, w->esa, false));
	class_of_list(w, "Zcap-class", "Zcap");
	default_class(w);
	say(w, "policy-map Zpolicy\n class Zcap-class");
	say(w, "  set connection conn-max 20 embryonic-conn-max 10 per-client-max 5");
	say(w, " class Zdefault\n  inspect %s", w->engine);
	own_global_policy(w, "Zpolicy");
}

static void cap_of_all(struct writer *w)
{
	say(w, "policy-map Zpolicy\n class class-default\n  set connection conn-max 50 "
	       "embryonic-conn-max 60");
	own_global_policy(w, "Zpolicy");
}

static void cap_and_timeout(struct writer *w)
{
	line(w, "Zcap", "permit", direction(w, w->esa, true));
	class_of_list(w, "Zcap-class", "Zcap");
	say(w, "policy-map Zpolicy\n class Zcap-class\n  set connection conn-max 20");
	say(w, "  set connection timeout idle 1:00:00");
	own_global_policy(w, "Zpolicy");
}

static void cap_by_any(struct writer *w)
{
	say(w, "class-map Zany\n match any\npolicy-map Zpolicy\n class Zany\n  set connection "
	       "conn-max 30");
	own_global_policy(w, "Zpolicy");
}

static void migrated_cap(struct writer *w)
{
	if (!w->inside || !w->real)
		return;
	line(w, "acl-conn-param-tcp-01", "permit", direction(w, w->esa, true));
	class_of_list(w, "class-conn-param-tcp-01", "acl-conn-param-tcp-01");
	say(w, "policy-map policy-conn-param-%s\n class class-conn-param-tcp-01", w->inside);
	say(w, "  set connection conn-max 50 embryonic-conn-max 100 "
	       "random-sequence-number enable");
	say(w, "service-policy policy-conn-param-%s interface %s", w->inside, w->inside);
}

static void partial(struct writer *w)
{
	say(w, "access-list Zpart extended permit tcp 198.51.100.0 255.255.255.0 any eq smtp");
	line(w, "Zpart", "permit", direction(w, w->esa, false));
	class_of_list(w, "Zpart-class", "Zpart");
	say(w, "policy-map Zpolicy\n class Zpart-class\n  inspect %s", w->engine);
	own_global_policy(w, "Zpolicy");
}

static void wrong_address(struct writer *w)
{
	exemption(w, w->mapped, true, true);
}

static void one_way(struct writer *w)
{
	bool in = rng_percent(w->rng, 50);
	exemption(w, w->esa, in, !in);
}

static void exempt_but_default(struct writer *w)
{
	exemption(w, w->esa, true, true);
	default_class(w);
	say(w, "policy-map Zpolicy\n class Zdefault\n  inspect %s", w->engine);
}

static void narrowed_default(struct writer *w)
{
	say(w, "access-list Znarrow extended deny ip host 10.77.7.7 any");
	say(w, "access-list Znarrow extended permit ip any any");
	default_class(w);
	say(w, " match access-list Znarrow\npolicy-map Zpolicy\n class Zdefault");
	say(w, "  inspect dns\n  inspect ftp\n  inspect %s", w->engine);
	own_global_policy(w, "Zpolicy");
}

/* By ports too, which do not count there. */
static void narrowed_by_ports(struct writer *w)
{
	line(w, "Znarrow", "permit", "any 10.0.0.0 255.0.0.0");
	say(w, "access-list Znarrow extended permit udp any host %s eq domain", w->esa);
	line(w, "Znarrow", "permit", direction(w, w->esa, false));
	default_class(w);
	say(w, " match access-list Znarrow\npolicy-map Zpolicy\n class Zdefault");
	say(w, "  inspect %s", w->engine);
	own_global_policy(w, "Zpolicy");
}

static void shared_list(struct writer *w)
{
	if (!w->outside)
		return;
	line(w, "Zshared", "permit", "any any");
	class_of_list(w, "Zshared-class", "Zshared");
	say(w, "policy-map Zpolicy\n class Zshared-class\n  inspect %s", w->engine);
	own_global_policy(w, "Zpolicy");
	say(w, "access-group Zshared in interface %s", w->outside);
}

static void shared_policy(struct writer *w)
{
	default_inspection(w);
	if (w->outside)
		say(w, "service-policy Zpolicy interface %s", w->outside);
}

static void class_default(struct writer *w)
{
	say(w, "policy-map Zpolicy\n class class-default\n  inspect %s", w->engine);
	own_global_policy(w, "Zpolicy");
}

static void by_port(struct writer *w)
{
	say(w,
	    "class-map Zport\n match port tcp %s\npolicy-map Zpolicy\n class Zport\n  inspect %s",
	    rng_percent(w->rng, 50) ? "eq smtp" : "range 20 30", w->engine);
	own_global_policy(w, "Zpolicy");
}

static void with_map(struct writer *w)
{
	if (w->config->platform == PLATFORM_FWSM)
		return;
	say(w, "policy-map type inspect esmtp Zmap\n parameters\n  mask-banner");
	say(w, " match cmd line length gt 512\n  drop-connection");
	default_class(w);
	say(w, "policy-map Zpolicy\n class Zdefault\n  inspect esmtp Zmap");
	own_global_policy(w, "Zpolicy");
}

static void names_taken(struct writer *w)
{
	say(w, "access-list ESMTP_INSPECT extended permit ip any any");
	say(w, "object-group network ESMTP_EXEMPT\n network-object host 10.7.7.7");
	say(w, "class-map ESMTP_INSPECT_CLASS\n match any");
	default_inspection(w);
	say(w, "policy-map Zpolicy\n class Zdefault\n  set connection conn-max 5");
}

static void quarantine(struct writer *w)
{
	say(w, "access-list Zquarantine extended permit tcp any any eq 7025");
	say(w, "access-list Zquarantine extended permit tcp any any range 20 30");
	class_of_list(w, "Zquarantine-class", "Zquarantine");
	say(w, "policy-map Zpolicy\n class Zquarantine-class\n  inspect %s", w->engine);
	own_global_policy(w, "Zpolicy");
}

static void technote(struct writer *w)
{
	default_inspection(w);
	say(w, "access-list Ztech extended permit ip any host %s", w->esa);
	say(w, "access-list Ztech extended permit ip host %s any", w->esa);
	class_of_list(w, "Ztech-class", "Ztech");
	say(w, "policy-map Zpolicy\n class Ztech-class\n  no inspect %s", w->engine);
}

/* Statics of the host, one behind the other, with caps; and the host as a client. */
static void static_caps(struct writer *w)
{
	if (w->real || !w->outside || !w->v4)
		return;
	const char *inside = w->inside, *outside = w->outside;
	if (rng_percent(w->rng, 40))
		say(w, "static (%s,%s) tcp %s smtp %s smtp netmask 255.255.255.255 50 100", inside,
		    outside, w->mapped, w->esa);
	say(w, "static (%s,%s) %s %s netmask 255.255.255.255 %s50 100", inside, outside, w->mapped,
	    w->esa, w->old ? "" : "tcp ");
	if (rng_percent(w->rng, 40))
		say(w, "static (%s,%s) 203.0.113.232 10.0.0.8 netmask 255.255.255.248", inside,
		    outside);
	if (rng_percent(w->rng, 40))
		say(w, "static (%s,%s) 10.0.0.0 10.0.0.0 netmask 255.0.0.0", inside, outside);
	say(w, "nat (%s) 7 %s 255.255.255.255 20 30", inside, w->esa);
	say(w, "global (%s) 7 interface", outside);
}

/* --- classes by dice ---------------------------------------------------------------------- */

static const char *some(struct writer *w, const char *const *words, unsigned n)
{
	return words[rng_below(w->rng, n)];
}

/* One to three lines that may be about the ESA's mail. */
static void dice_list(struct writer *w, const char *name)
{
	static const char *const ports[] = {" eq smtp", " eq smtp", " range 20 30", " eq 2525", ""};
	const char *in = direction(w, w->esa, true), *out = direction(w, w->esa, false);
	const char *const ends[] = {"any any", "any any", in, out, "any 10.1.1.0 255.255.255.0"};
	for (unsigned n = 1 + (unsigned)rng_below(w->rng, 3); n > 0; n--)
		say(w, "access-list %s extended %s tcp %s%s", name,
		    rng_percent(w->rng, 65) ? "permit" : "deny", some(w, ends, w->v4 ? 5 : 4),
		    some(w, ports, 5));
}

/* A class of the policy-map that is entered now. */
static void dice_class(struct writer *w, const char *name)
{
	const char *const engines[] = {w->engine, w->engine, "http", "ftp"};
	bool by_list = rng_percent(w->rng, 60);
	const char *policy = str_printf(w->out.arena, "policy-map Zp%c", name[1]).s;
	if (by_list && rng_percent(w->rng, 90))
		dice_list(w, name);
	say(w, "class-map %s-class", name);
	if (by_list)
		say(w, " match access-list %s", name);
	else
		say(w, " match %s", rng_percent(w->rng, 40) ? "any" : "port tcp eq smtp");
	say(w, "%s\n class %s-class", policy, name);
	if (rng_percent(w->rng, 80))
		say(w, "  inspect %s", some(w, engines, 4));
	if (rng_percent(w->rng, 25))
		say(w, "  set connection conn-max 50");
}

/* A policy-map Zp0, Zp1, ...: the default class among some others. */
static void dice_policy(struct writer *w, char digit)
{
	unsigned n = 1 + (unsigned)rng_below(w->rng, 3), at = (unsigned)rng_below(w->rng, n + 1);
	for (unsigned i = 0; i <= n; i++) {
		if (i == at) {
			default_class(w);
			say(w, "policy-map Zp%c\n class Zdefault\n  inspect ftp", digit);
			if (rng_percent(w->rng, 75))
				say(w, "  inspect %s", w->engine);
		} else {
			dice_class(w, str_printf(w->out.arena, "Z%cc%u", digit, i).s);
		}
	}
}

static void dice_global(struct writer *w)
{
	dice_policy(w, '0');
	own_global_policy(w, "Zp0");
}

static void dice_both(struct writer *w)
{
	dice_global(w);
	if (!w->outside)
		return;
	dice_policy(w, '1');
	say(w, "service-policy Zp1 interface %s", rng_percent(w->rng, 50) ? w->inside : w->outside);
}

/* --- all --------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*write)(struct writer *w);
	bool without_policies; /* releases with `fixup` have it too */
} variants[N_VARIANTS] = {
        {"as it is", as_it_is, true},
        {"default inspection", default_inspection, false},
        {"interface policy", interface_policy, false},
        {"interface and global", interface_and_global, false},
        {"any before default", any_before_default, false},
        {"shadowed", shadowed, false},
        {"other engine behind", other_engine_behind, false},
        {"both caps", both_caps, false},
        {"cap of all", cap_of_all, false},
        {"cap and timeout", cap_and_timeout, false},
        {"cap by any", cap_by_any, false},
        {"migrated cap", migrated_cap, false},
        {"partial", partial, false},
        {"wrong address", wrong_address, false},
        {"one way", one_way, false},
        {"exempt but default", exempt_but_default, false},
        {"narrowed default", narrowed_default, false},
        {"narrowed by ports", narrowed_by_ports, false},
        {"shared list", shared_list, false},
        {"shared policy", shared_policy, false},
        {"class-default", class_default, false},
        {"by port", by_port, false},
        {"with map", with_map, false},
        {"names taken", names_taken, false},
        {"quarantine", quarantine, false},
        {"technote", technote, false},
        {"static caps", static_caps, true},
        {"dice", dice_global, false},
        {"dice, two policies", dice_both, false},
};

const char *variant_name(unsigned variant)
{
	return variants[variant].name;
}

/* The interface the ESA is behind, and another one. */
static void choose_interfaces(struct writer *w, u128 esa)
{
	VEC_EACH(const struct interface, ifc, &w->config->interfaces) {
		struct str name = config_name(w->config, ifc->nameif);
		if (ifc->nameif == 0)
			continue;
		if (!w->inside && slow_behind(w->config, ifc->nameif, esa) == SLOW_YES)
			w->inside = str_copy(w->out.arena, name).s;
		else if (!w->outside || rng_percent(w->rng, 30))
			w->outside = str_copy(w->out.arena, name).s;
	}
	if (!w->inside || !w->outside)
		w->inside = w->outside = NULL;
}

static const char *text_of(struct arena *arena, u128 address)
{
	return str_copy(arena, addr_text(arena, address)).s;
}

struct str variant_text(struct arena *arena, const struct variant_of *of, unsigned variant)
{
	struct writer w = {.out = {.arena = arena}, .config = of->config, .rng = of->rng};
	w.esa = text_of(arena, of->esa);
	w.v4 = addr_is4(of->esa);
	w.mapped = w.v4 ? "203.0.113.233" : "2001:db8:ff::233";
	w.engine = of->config->platform == PLATFORM_FWSM ? "smtp" : "esmtp";
	w.old = slow_fixups(of->config);
	w.real = slow_real_addresses(of->config);
	choose_interfaces(&w, of->esa);
	bool sayable = w.v4 || slow_dual_any(of->config);
	if (sayable && (!w.old || variants[variant].without_policies))
		variants[variant].write(&w);
	return buf_str(&w.out);
}
