/* SPDX-License-Identifier: ISC */
/*
 * The plan goes by the classes that inspect mail of the appliances. A class that goes
 * by default ports, a port, or everything gets its SMTP inspection moved into a new
 * class whose access-list denies the appliances (split-class). A class that goes by an
 * access-list of its own gets the deny lines at the top of that list.
 *
 * Commands stand in the order in which they can be pasted: lists, class-maps, policy-maps,
 * translations. The rollback runs the other way.
 */
#include "analyzers/remedy.h"

#include "model/ports.h"

/* A line of an access-list: one direction of a lane, by one spelling of its addresses. */
struct deny {
	struct str src, dst, port;
};

struct denies {
	VEC(struct deny) list;
};

/* A new access-list and the class-map that matches by it. */
struct made {
	struct str tail, acl, class;
};

struct planner {
	const struct audit *audit;
	const struct config *config;
	struct arena *arena;
	const struct remedy_wish *wish;
	struct change *change;
	/* In the order of pasting; joined at the end. */
	struct change_lines lists, maps, policies, nats;
	struct change_lines undo_lists, undo_maps, undo_policies, undo_nats;
	struct denies denies; /* of every class that inspects: the new lists hold them all */
	VEC(struct made)
	made; /* new lists and classes so far, one for each tail of the permit line */
};

/* --- lines ------------------------------------------------------------------------------ */

__attribute__((format(printf, 3, 4))) static void
line(struct planner *planner, struct change_lines *lines, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct change_line text = {.text = str_vprintf(planner->arena, format, args)};
	va_end(args);
	VEC_PUSH(planner->arena, &lines->list, text);
}

__attribute__((format(printf, 3, 4))) static void
note(struct planner *planner, struct change_lines *lines, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct change_line text = {.text = str_vprintf(planner->arena, format, args), .note = true};
	va_end(args);
	VEC_PUSH(planner->arena, &lines->list, text);
}

static void append(struct planner *planner, struct change_lines *to,
                   const struct change_lines *more)
{
	VEC_EACH(const struct change_line, text, &more->list)
		VEC_PUSH(planner->arena, &to->list, *text);
}

static void unmended(struct planner *planner, enum rule_index rule, const struct flow *flow,
                     struct str why)
{
	VEC_EACH(const struct unmended, old, &planner->change->unmended)
		if (old->rule == &rules[rule] && str_eq(old->why, why) &&
		    str_eq(old->flow_id, flow ? flow->id : S("")))
			return;
	struct unmended entry = {&rules[rule], flow ? flow->id : S(""), why};
	VEC_PUSH(planner->arena, &planner->change->unmended, entry);
}

static struct str name(const struct planner *planner, name_id id)
{
	return config_name(planner->config, id);
}

/* --- what is asked for ------------------------------------------------------------------ */

bool remedy_covers(const struct rule *rule)
{
	static const enum rule_index covered[] = {
	        RULE_AM101, RULE_AM102, RULE_AM103, RULE_AM104, RULE_AM105,
	        RULE_AM106, RULE_AM201, RULE_AM202, RULE_AM203, RULE_AM204,
	        RULE_AM205, RULE_AM401, RULE_AM402, RULE_AM403, RULE_AM404,
	};
	for (size_t i = 0; i < sizeof(covered) / sizeof(covered[0]); i++)
		if (rule == &rules[covered[i]])
			return true;
	return false;
}

/* Is a finding of the rule about the flow still wanted? */
static bool wanted(const struct planner *planner, enum rule_index rule, const struct flow *flow)
{
	VEC_EACH(const struct finding, finding, &planner->audit->report->findings.list)
		if (finding->rule == &rules[rule] && finding->suppressed.by == NOT_SUPPRESSED &&
		    (!flow || (finding->flow && str_eq(finding->flow->id, flow->id))))
			return true;
	return false;
}

static bool inspection_wanted(const struct planner *planner, const struct flow *flow)
{
	static const enum rule_index about[] = {RULE_AM101, RULE_AM102, RULE_AM103,
	                                        RULE_AM104, RULE_AM105, RULE_AM106};
	for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++)
		if (wanted(planner, about[i], flow))
			return true;
	/* Readings that part: a change must hold under both (ruling 4). */
	return flow->inspected == VERDICT_UNKNOWN && wanted(planner, RULE_AM904, flow);
}

/* --- free names ------------------------------------------------------------------------- */

static bool name_taken(const struct planner *planner, struct str text)
{
	const struct config *config = planner->config;
	VEC_EACH(const struct made, made, &planner->made)
		if (str_eq(made->acl, text) || str_eq(made->class, text))
			return true;
	name_id id = config_find_name(config, text);
	return id &&
	       (config_acl(config, id) || config_object(config, id) || config_group(config, id) ||
	        config_class_map(config, id) || config_policy_map(config, id));
}

static struct str free_name(const struct planner *planner, const char *suffix)
{
	struct str prefix = planner->wish->prefix.n ? planner->wish->prefix : S("ESMTP");
	struct str text = str_printf(planner->arena, "%.*s%s", STR(prefix), suffix);
	for (unsigned n = 2; name_taken(planner, text); n++)
		text = str_printf(planner->arena, "%.*s%s_%u", STR(prefix), suffix, n);
	return text;
}

/* --- deny lines ------------------------------------------------------------------------- */

static struct str host_text(const struct planner *planner, u128 address)
{
	/* An IPv6 host is spelt the same way from 9.0. */
	return str_printf(planner->arena, "host %.*s", STR(addr_text(planner->arena, address)));
}

static struct str port_text(const struct planner *planner, uint16_t port)
{
	const char *named = port_name(port);
	return named ? str_of(named) : str_printf(planner->arena, "%u", port);
}

static void add_deny(const struct planner *planner, struct denies *denies, struct str src,
                     struct str dst, uint16_t port)
{
	struct deny deny = {src, dst, port_text(planner, port)};
	VEC_EACH(const struct deny, old, &denies->list)
		if (str_eq(old->src, src) && str_eq(old->dst, dst) && str_eq(old->port, deny.port))
			return;
	VEC_PUSH(planner->arena, &denies->list, deny);
}

/* An end of a lane: every address of one host that a class may see (ruling 5), or "any". */
static uint32_t end_texts(const struct planner *planner, bool is_appliance, u128 real, u128 other,
                          struct str *texts)
{
	uint32_t n = 0;
	if (!is_appliance) {
		texts[n++] = S("any");
		return n;
	}
	texts[n++] = host_text(planner, real);
	if (!config_uses_real_addresses(planner->config) && other != real)
		texts[n++] = host_text(planner, other);
	return n;
}

/* The address others know the client by, before 8.3; the real one if it is not translated. */
static u128 client_mapped(const struct planner *planner, const struct lane *lane)
{
	struct seen_as seen = path_seen(planner->config, planner->arena, lane->client, 25,
	                                lane->passage.in, lane->passage.out);
	return seen.translated && !seen.unknown ? seen.address : lane->client;
}

/* Ends that are a set of addresses (custom flows) cannot be written as hosts. */
static bool ends_are_hosts(const struct lane *lane)
{
	return lane->client_is_appliance == lane->server_is_appliance || lane->peer_is_any;
}

static void deny_lane(const struct planner *planner, struct denies *denies, const struct lane *lane)
{
	struct str sources[2], dests[2];
	u128 client = lane->client_is_appliance ? client_mapped(planner, lane) : 0;
	uint32_t n_src =
	        end_texts(planner, lane->client_is_appliance, lane->client, client, sources);
	uint32_t n_dst =
	        end_texts(planner, lane->server_is_appliance, lane->server, lane->wire_dst, dests);
	uint16_t ports[2] = {(uint16_t)lane->real.dim[DIM_DPORT].v[0].lo, lane->wire_port};
	uint32_t n_ports =
	        !config_uses_real_addresses(planner->config) && ports[0] != ports[1] ? 2 : 1;
	for (uint32_t p = 0; p < n_ports; p++)
		for (uint32_t d = n_dst; d-- > 0;)
			for (uint32_t s = 0; s < n_src; s++)
				add_deny(planner, denies, sources[s], dests[d], ports[p]);
}

/* --- the classes to change -------------------------------------------------------------- */

struct target {
	const struct claim *claim; /* one that inspects; its class, policy and engine */
	struct denies denies;
	const struct flow *flow; /* the first flow it inspects, for messages */
};

struct targets {
	VEC(struct target) list;
};

static struct target *target_of(struct planner *planner, struct targets *targets,
                                const struct claim *claim, const struct flow *flow)
{
	VEC_EACH(struct target, old, &targets->list)
		if (old->claim->class == claim->class && old->claim->inspect == claim->inspect &&
		    old->claim->fixup == claim->fixup)
			return old;
	struct target fresh = {.claim = claim, .flow = flow};
	return VEC_PUSH(planner->arena, &targets->list, fresh);
}

/* Classes that inspect, or may inspect, a part of a flow that is to be free. */
static struct targets collect_targets(struct planner *planner)
{
	struct targets targets = {0};
	VEC_EACH(const struct flow_work, work, &planner->audit->flows) {
		if (!work->flow->on_path || !inspection_wanted(planner, work->flow))
			continue;
		VEC_EACH(const struct verdict_cell, cell, &work->inspection.list) {
			for (const struct claim *c = cell->claims; c; c = c->next) {
				if (!c->fixup && !mpf_is_smtp(planner->config, c->inspect->engine))
					continue;
				struct target *target = target_of(planner, &targets, c, work->flow);
				if (c->fixup)
					continue;
				if (!ends_are_hosts(cell->lane)) {
					unmended(planner, RULE_AM101, work->flow,
					         S("the other end of this flow is a set of "
					           "addresses; such an exemption is not written "
					           "yet"));
					continue;
				}
				deny_lane(planner, &target->denies, cell->lane);
				deny_lane(planner, &planner->denies, cell->lane);
			}
		}
	}
	return targets;
}

/* --- repairing a list in place ---------------------------------------------------------- */

static const struct class_match *only_acl(const struct config *config, const struct class_map *map)
{
	return map && map->matches.n == 1 && map->matches.v[0].kind == MATCH_ACL &&
	                       config_acl(config, map->matches.v[0].acl)
	               ? &map->matches.v[0]
	               : NULL;
}

/* Is the list used by this class alone? Then lines in it change nothing else. */
static bool list_is_own(const struct config *config, name_id acl, const struct class_map *own)
{
	VEC_EACH(const struct access_group, group, &config->access_groups)
		if (group->acl == acl)
			return false;
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if (nat->acl == acl)
			return false;
	VEC_EACH(const struct class_map, map, &config->class_maps)
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_ACL && match->acl == acl && map != own)
				return false;
	return true;
}

/* Do other actions than the inspection hang on the class? They would lose the appliances too. */
static bool inspects_only(const struct config *config, const struct policy_class *class)
{
	return class->inspects.n == 1 && class->modules.n == 0 && !class->police_in.set &&
	       !class->police_out.set && !mpf_class_has(config, class, FEATURE_CONN) &&
	       !mpf_class_has(config, class, FEATURE_TCP);
}

/* Is the class in force in one policy only? */
static bool used_once(const struct config *config, name_id class)
{
	uint32_t n = 0;
	VEC_EACH(const struct policy_map, policy, &config->policy_maps)
		VEC_EACH(const struct policy_class, at, &policy->classes)
			n += at->name == class;
	return n == 1;
}

static const char *extended(const struct planner *planner)
{
	return config_uses_fixup(planner->config) ? "" : "extended ";
}

static void repair_list(struct planner *planner, const struct target *target, name_id acl)
{
	struct str list = name(planner, acl);
	uint32_t at = 1;
	VEC_EACH(const struct deny, deny, &target->denies.list) {
		line(planner, &planner->lists,
		     "access-list %.*s line %u %sdeny tcp %.*s %.*s eq %.*s", STR(list), at++,
		     extended(planner), STR(deny->src), STR(deny->dst), STR(deny->port));
		line(planner, &planner->undo_lists,
		     "no access-list %.*s %sdeny tcp %.*s %.*s eq %.*s", STR(list),
		     extended(planner), STR(deny->src), STR(deny->dst), STR(deny->port));
	}
}

/* --- split-class ------------------------------------------------------------------------ */

static struct str inspect_words(const struct planner *planner, const struct inspect *inspect)
{
	struct str engine = name(planner, inspect->engine);
	return inspect->map ? str_printf(planner->arena, "%.*s %.*s", STR(engine),
	                                 STR(name(planner, inspect->map)))
	                    : engine;
}

/* The match of the class as "port" or "everything"; false for one that a list cannot repeat. */
static bool permit_tail(const struct planner *planner, const struct target *target,
                        struct str *tail)
{
	const struct config *config = planner->config;
	const struct policy_class *class = target->claim->class;
	const struct class_map *map = config_class_map(config, class->name);
	*tail = S("");
	if (str_eq(name(planner, class->name), S("class-default")))
		return true;
	if (!map || map->matches.n != 1)
		return false;
	const struct class_match *match = &map->matches.v[0];
	switch (match->kind) {
	case MATCH_DEFAULT_INSPECTION:
		*tail = S(" eq smtp");
		return true;
	case MATCH_ANY:
		return true;
	case MATCH_PORT:
		if (match->protocol != PROTO_TCP)
			return false;
		*tail = match->lo == match->hi
		                ? str_printf(planner->arena, " eq %.*s",
		                             STR(port_text(planner, match->lo)))
		                : str_printf(planner->arena, " range %u %u", match->lo, match->hi);
		return true;
	case MATCH_ACL:
	case MATCH_HEADER:
	case MATCH_UNKNOWN:
		break;
	}
	return false;
}

static void make_list(struct planner *planner, const struct made *made)
{
	struct str list = made->acl;
	static const char remark[] = "mail appliances are exempt from ESMTP inspection";
	line(planner, &planner->lists, "access-list %.*s remark %s", STR(list), remark);
	line(planner, &planner->undo_lists, "no access-list %.*s remark %s", STR(list), remark);
	VEC_EACH(const struct deny, deny, &planner->denies.list) {
		line(planner, &planner->lists,
		     "access-list %.*s extended deny tcp %.*s %.*s eq %.*s", STR(list),
		     STR(deny->src), STR(deny->dst), STR(deny->port));
		line(planner, &planner->undo_lists,
		     "no access-list %.*s extended deny tcp %.*s %.*s eq %.*s", STR(list),
		     STR(deny->src), STR(deny->dst), STR(deny->port));
	}
	line(planner, &planner->lists, "access-list %.*s extended permit tcp any any%.*s",
	     STR(list), STR(made->tail));
	line(planner, &planner->undo_lists, "no access-list %.*s extended permit tcp any any%.*s",
	     STR(list), STR(made->tail));
}

/* The new class for a tail of the permit line; policies that need the same one share it. */
static struct str made_class(struct planner *planner, struct str tail)
{
	VEC_EACH(const struct made, old, &planner->made)
		if (str_eq(old->tail, tail))
			return old->class;
	struct made fresh = {tail, free_name(planner, "_INSPECT"),
	                     free_name(planner, "_INSPECT_CLASS")};
	VEC_PUSH(planner->arena, &planner->made, fresh);
	make_list(planner, &fresh);
	line(planner, &planner->maps, "class-map %.*s", STR(fresh.class));
	line(planner, &planner->maps, " match access-list %.*s", STR(fresh.acl));
	line(planner, &planner->undo_maps, "no class-map %.*s", STR(fresh.class));
	return fresh.class;
}

static void split_class(struct planner *planner, const struct target *target, struct str tail)
{
	const struct claim *claim = target->claim;
	struct str words = inspect_words(planner, claim->inspect);
	struct str policy = name(planner, claim->policy->name);
	struct str old = name(planner, claim->class->name);
	struct str fresh = made_class(planner, tail);
	line(planner, &planner->policies, "policy-map %.*s", STR(policy));
	line(planner, &planner->policies, " class %.*s", STR(old));
	line(planner, &planner->policies, "  no inspect %.*s", STR(words));
	line(planner, &planner->policies, " class %.*s", STR(fresh));
	line(planner, &planner->policies, "  inspect %.*s", STR(words));

	line(planner, &planner->undo_policies, "policy-map %.*s", STR(policy));
	line(planner, &planner->undo_policies, " no class %.*s", STR(fresh));
	line(planner, &planner->undo_policies, " class %.*s", STR(old));
	line(planner, &planner->undo_policies, "  inspect %.*s", STR(words));
}

/* Before 9.0 the new class sees IPv4 only, while the default class took IPv6 SMTP too (1.7). */
static bool loses_ipv6(const struct planner *planner)
{
	return !config_any_is_dual(planner->config) && config_has_ipv6(planner->config);
}

static enum rule_index inspected_rule(const struct target *target)
{
	return flow_is_cpq(target->flow) ? RULE_AM106 : RULE_AM101;
}

static void refuse(struct planner *planner, const struct target *target, struct str why)
{
	unmended(planner, inspected_rule(target), target->flow, why);
}

static void mend_class(struct planner *planner, const struct target *target)
{
	const struct config *config = planner->config;
	const struct claim *claim = target->claim;
	const struct class_map *map = config_class_map(config, claim->class->name);
	const struct class_match *match = only_acl(config, map);
	struct str tail;
	if (target->denies.list.n == 0)
		return; /* said already why */
	if (match && list_is_own(config, match->acl, map) && inspects_only(config, claim->class) &&
	    used_once(config, claim->class->name)) {
		repair_list(planner, target, match->acl);
		return;
	}
	if (match) {
		refuse(planner, target,
		       S("the access-list of the class that inspects serves other ends too; lines "
		         "in it would "
		         "change them"));
		return;
	}
	if (!permit_tail(planner, target, &tail)) {
		refuse(planner, target,
		       S("the class that inspects matches in a way that a new access-list cannot "
		         "repeat"));
		return;
	}
	if (loses_ipv6(planner) && !planner->wish->unsafe) {
		refuse(planner, target,
		       S("an interface has IPv6, which before 9.0 the new class cannot see: the "
		         "inspection of all "
		         "IPv6 SMTP would end; --unsafe does it all the same"));
		return;
	}
	if (loses_ipv6(planner))
		planner->change->safe = false;
	split_class(planner, target, tail);
}

/* --- global-off ------------------------------------------------------------------------- */

static void fixup_off(struct planner *planner, const struct fixup *fixup)
{
	struct str ports = fixup->lo == fixup->hi
	                           ? str_printf(planner->arena, "%u", fixup->lo)
	                           : str_printf(planner->arena, "%u-%u", fixup->lo, fixup->hi);
	note(planner, &planner->policies,
	     "a fixup has no exemption for one host: this ends the inspection of all SMTP");
	line(planner, &planner->policies, "no fixup protocol smtp %.*s", STR(ports));
	line(planner, &planner->undo_policies, "fixup protocol smtp %.*s", STR(ports));
	planner->change->safe = false;
}

static void inspect_off(struct planner *planner, const struct target *target)
{
	const struct claim *claim = target->claim;
	struct str words = inspect_words(planner, claim->inspect);
	note(planner, &planner->policies, "this ends the inspection of all SMTP by this class");
	line(planner, &planner->policies, "policy-map %.*s",
	     STR(name(planner, claim->policy->name)));
	line(planner, &planner->policies, " class %.*s", STR(name(planner, claim->class->name)));
	line(planner, &planner->policies, "  no inspect %.*s", STR(words));
	line(planner, &planner->undo_policies, "policy-map %.*s",
	     STR(name(planner, claim->policy->name)));
	line(planner, &planner->undo_policies, " class %.*s",
	     STR(name(planner, claim->class->name)));
	line(planner, &planner->undo_policies, "  inspect %.*s", STR(words));
	planner->change->safe = false;
}

static void mend_inspection(struct planner *planner)
{
	struct targets targets = collect_targets(planner);
	VEC_EACH(const struct target, target, &targets.list) {
		if (target->claim->fixup) {
			fixup_off(planner, target->claim->fixup);
		} else if (planner->config->platform == PLATFORM_FTD) {
			refuse(planner, target,
			       S("FTD has no configure mode to paste into; the exemption goes in "
			         "as a FlexConfig object"));
		} else if (planner->change->form == FORM_GLOBAL_OFF && !planner->wish->unsafe) {
			refuse(planner, target,
			       S("global-off ends the inspection for everybody; it needs "
			         "--unsafe"));
		} else if (planner->change->form == FORM_GLOBAL_OFF) {
			inspect_off(planner, target);
		} else {
			mend_class(planner, target);
		}
	}
}

/* --- translations ----------------------------------------------------------------------- */

enum { MAX_NAT_WORDS = 40 };

struct nat_words {
	struct str word[MAX_NAT_WORDS];
	uint32_t n;
};

static bool is_number(struct str word)
{
	uint64_t value;
	return str_number(word, UINT32_MAX, &value);
}

static bool split(struct str text, struct nat_words *out)
{
	struct str rest = str_trim(text), head;
	out->n = 0;
	while (rest.n) {
		str_cut(rest, ' ', &head, &rest);
		rest = str_trim(rest);
		if (out->n == MAX_NAT_WORDS)
			return false;
		out->word[out->n++] = head;
	}
	return true;
}

/* Where the options begin: behind the addresses, ports and mask (asa-semantics 4.2). */
static uint32_t options_at(const struct legacy_nat *nat, const struct nat_words *words)
{
	uint32_t at = 0;
	if (nat->kind == NAT_STATIC) {
		at = 2 + (nat->protocol ? 3 : 1); /* static (a,b) [tcp] MAPPED [PORT] */
		at += nat->acl ? 2 : nat->protocol ? 2 : 1;
		if (at < words->n && str_eq(words->word[at], S("dns")))
			at++;
		if (at < words->n && str_eq(words->word[at], S("netmask")))
			at += 2;
	} else {
		at = 3 + (nat->acl ? 2 : 1); /* nat (a) ID REAL [MASK] */
		u128 mask;
		if (!nat->acl && at < words->n && addr_parse(words->word[at], &mask))
			at++;
	}
	return at < words->n ? at : words->n;
}

static uint32_t raised(uint32_t value, uint32_t minimum)
{
	if (value == 0)
		return 0; /* no limit stays none */
	if (minimum == 0)
		return 0; /* no cap is wanted at all */
	return value < minimum ? minimum : value;
}

/* The line again with other limits: order, options and port forms are kept. */
static struct str with_limits(const struct planner *planner, const struct legacy_nat *nat,
                              const struct nat_words *words)
{
	const struct limits_wanted *wanted_limits = &planner->audit->policy->limits;
	const uint32_t limits[2] = {
	        raised(nat->limits.max_conns, wanted_limits->min_connections),
	        raised(nat->limits.embryonic, wanted_limits->min_embryonic),
	};
	struct buf out = {.arena = planner->arena};
	uint32_t from = options_at(nat, words), n = 0;
	for (uint32_t i = 0; i < words->n; i++) {
		bool after_udp = i > from && str_eq(words->word[i - 1], S("udp"));
		if (i)
			buf_char(&out, ' ');
		if (i >= from && n < 2 && is_number(words->word[i]) && !after_udp)
			buf_printf(&out, "%u", limits[n++]);
		else
			buf_add(&out, words->word[i]);
	}
	return buf_str(&out);
}

static bool ranges_meet(struct range a, struct range b)
{
	return a.lo <= b.hi && b.lo <= a.hi;
}

/* A translation behind this one that it would fall behind when it is entered anew. */
static bool order_matters(const struct config *config, const struct legacy_nat *nat)
{
	VEC_EACH(const struct legacy_nat, other, &config->nats) {
		if (other <= nat || other->kind != nat->kind || other->real_ifc != nat->real_ifc)
			continue;
		bool vague = nat->acl || other->acl || nat->real_unknown || other->real_unknown;
		bool ports_apart =
		        nat->protocol && other->protocol &&
		        (nat->protocol != other->protocol || nat->real_port != other->real_port);
		bool mapped_apart = nat->mapped_ifc != other->mapped_ifc;
		if (!ports_apart && !mapped_apart && (vague || ranges_meet(nat->real, other->real)))
			return true;
	}
	return false;
}

static void mend_nat(struct planner *planner, const struct flow *flow, const struct bound *bound,
                     enum rule_index rule)
{
	const struct legacy_nat *nat = bound->hit.source == FROM_STATIC ? bound->lane->server_nat
	                                                                : bound->lane->client_nat;
	struct nat_words words;
	bool own = nat->kind == NAT_STATIC && nat->acl == 0 && nat->real.lo == nat->real.hi;
	struct str text = source_quote(planner->arena, &planner->config->sources, nat->span);
	if (!own && !planner->wish->unsafe) {
		unmended(planner, rule, flow,
		         str_printf(planner->arena,
		                    "`%.*s` caps others too; --unsafe lifts it for all of them",
		                    STR(text)));
		return;
	}
	if (order_matters(planner->config, nat) || !split(text, &words)) {
		unmended(planner, rule, flow,
		         str_printf(planner->arena,
		                    "entering `%.*s` anew would move it behind another translation "
		                    "of the same host",
		                    STR(text)));
		return;
	}
	struct str again = with_limits(planner, nat, &words);
	VEC_EACH(const struct change_line, old, &planner->nats.list)
		if (str_eq(old->text, again))
			return; /* one line for both of its limits */
	note(planner, &planner->nats, "between these two lines new connections of %s are refused",
	     own ? "the appliance" : "all it translates");
	line(planner, &planner->nats, "no %.*s", STR(text));
	line(planner, &planner->nats, "%.*s", STR(again));
	line(planner, &planner->undo_nats, "no %.*s", STR(again));
	line(planner, &planner->undo_nats, "%.*s", STR(text));
	planner->change->safe &= own;
}

static void mend_caps(struct planner *planner)
{
	static const enum rule_index mpf_rules[] = {RULE_AM203, RULE_AM204, RULE_AM205};
	VEC_EACH(const struct flow_work, work, &planner->audit->flows) {
		VEC_EACH(const struct bound, bound, &work->bounds) {
			bool nat =
			        bound->hit.source == FROM_STATIC || bound->hit.source == FROM_NAT;
			enum rule_index rule =
			        bound->hit.kind == LIMIT_EMBRYONIC ? RULE_AM202 : RULE_AM201;
			if (nat && wanted(planner, rule, work->flow))
				mend_nat(planner, work->flow, bound, rule);
		}
		for (size_t i = 0; i < sizeof(mpf_rules) / sizeof(mpf_rules[0]); i++)
			if (wanted(planner, mpf_rules[i], work->flow))
				unmended(planner, mpf_rules[i], work->flow,
				         S("limits of `set connection` are not changed yet; deny "
				           "the appliance in "
				           "that class's access-list, or give it a class of its "
				           "own before it"));
	}
}

/* --- verification ----------------------------------------------------------------------- */

/* Commands that show the effect, as far as the release has them (asa-semantics 8). */
static void plan_checks(struct planner *planner)
{
	const struct config *config = planner->config;
	struct change *change = planner->change;
	bool old_pix = config_uses_fixup(config);
	bool tracer = !old_pix && config->platform != PLATFORM_FWSM &&
	              (!config->version.major || version_cmp(config->version, 7, 2, 1) >= 0);
	if (old_pix)
		VEC_PUSH(planner->arena, &change->verify, S("show fixup"));
	VEC_EACH(const struct finding, finding, &planner->audit->report->findings.list) {
		if (!finding->has_witness || !finding->flow || !remedy_covers(finding->rule) ||
		    old_pix)
			continue;
		const struct packet *packet = &finding->witness.packet;
		struct str src = addr_text(planner->arena, packet->at[DIM_SRC]);
		struct str dst = addr_text(planner->arena, packet->at[DIM_DST]);
		unsigned port = (unsigned)packet->at[DIM_DPORT];
		struct str flow = str_printf(
		        planner->arena, "show service-policy flow tcp host %.*s host %.*s eq %u",
		        STR(src), STR(dst), port);
		bool told = false;
		VEC_EACH(const struct str, old, &change->verify)
			told |= str_eq(*old, flow);
		if (told)
			continue;
		VEC_PUSH(planner->arena, &change->verify, flow);
		if (tracer)
			VEC_PUSH(planner->arena, &change->verify,
			         str_printf(planner->arena,
			                    "packet-tracer input %.*s tcp %.*s %u %.*s %u",
			                    STR(finding->witness.input), STR(src),
			                    (unsigned)packet->at[DIM_SPORT], STR(dst), port));
	}
}

/* --- all -------------------------------------------------------------------------------- */

static enum fix_form default_form(const struct config *config)
{
	return config_uses_fixup(config) ? FORM_GLOBAL_OFF : FORM_SPLIT_CLASS;
}

struct change *remedy_plan(const struct audit *audit, const struct remedy_wish *wish)
{
	struct change *change = NEW(audit->arena, struct change);
	struct planner planner = {.audit = audit,
	                          .config = audit->config,
	                          .arena = audit->arena,
	                          .wish = wish,
	                          .change = change};
	change->form = wish->form == FORM_DEFAULT ? default_form(audit->config) : wish->form;
	change->safe = true;
	mend_inspection(&planner);
	mend_caps(&planner);
	append(&planner, &change->commands, &planner.lists);
	append(&planner, &change->commands, &planner.maps);
	append(&planner, &change->commands, &planner.policies);
	append(&planner, &change->commands, &planner.nats);
	append(&planner, &change->rollback, &planner.undo_policies);
	append(&planner, &change->rollback, &planner.undo_maps);
	append(&planner, &change->rollback, &planner.undo_lists);
	append(&planner, &change->rollback, &planner.undo_nats);
	if (change->commands.list.n)
		plan_checks(&planner);
	return change;
}
