/* SPDX-License-Identifier: ISC */
/*
 * One pass over the translations, one over the access rules, one over the names. An address in
 * a rule stands for the host that a static leads from there to, in every release: from 8.3 a
 * rule with the mapped address is a mistake, but the same host is meant.
 */
#include "analyzers/clues.h"

#include "analyzers/path.h"

enum { SMTP_PORT = 25, SSH_PORT = 22, CPQ_PORT = 7025, SPAM_PORT = 6025 };

/* A rule is about single hosts and single ports when it has no more of them than this. */
enum { FEW = 8 };

/* The ports that tell something, as bits: what a service lets through. */
enum { HAS_SMTP = 1 << 0, HAS_CPQ = 1 << 1, HAS_SPAM = 1 << 2, HAS_SSH = 1 << 3 };
static const struct {
	uint16_t port;
	uint8_t bit;
} telling_ports[] = {
        {SMTP_PORT, HAS_SMTP}, {CPQ_PORT, HAS_CPQ}, {SPAM_PORT, HAS_SPAM}, {SSH_PORT, HAS_SSH}};

/* A static translation of addresses, whole or of one TCP port. */
struct mapping {
	struct range real, mapped;
	bool mapped_known; /* the interface's address may not be */
	bool one_port;
	uint16_t real_port, mapped_port;
	const struct interface *real_ifc, *mapped_ifc;
	const char *what;
	struct span span;
};

/* An SSH rule between two hosts, which counts only where something else speaks for both. */
struct ssh_rule {
	u128 from, to;
	struct span span;
};

struct collector {
	struct arena *arena, *scratch; /* for what lasts, and what does not */
	struct route_table routes;
	const struct config *config;
	uint32_t nth;
	struct suspects *found;
	VEC(struct mapping) mappings;
	struct keys mapped;               /* by first mapped address: is there any? */
	bool maps_ranges;                 /* ... of more than one address */
	const struct interface *internet; /* where the Internet is; NULL: not known */
	uint8_t *ports;                   /* of each service: bits of telling_ports, and SEEN */
	VEC(struct ssh_rule) ssh_rules;
};

static bool is_within(struct range range, u128 address)
{
	return range.lo <= address && address <= range.hi;
}

/* --- suspects --------------------------------------------------------------------------- */

static struct suspect *find(const struct collector *collector, u128 real)
{
	const uint32_t *at = keys_find(&collector->found->index, real);
	return at ? &collector->found->list.v[*at] : NULL;
}

/* The suspect of that real address, made when new; NULL where it can be none. */
static struct suspect *suspect(struct collector *collector, u128 real)
{
	struct suspects *found = collector->found;
	struct suspect *old = find(collector, real);
	if (old)
		return old;
	if (real == ADDR4_MIN || config_is_own_address(collector->config, real))
		return NULL;
	if (found->list.n == MAX_SUSPECTS) {
		found->too_many = true;
		return NULL;
	}
	keys_put(collector->arena, &found->index, real, found->list.n);
	return VEC_PUSH(collector->arena, &found->list, (struct suspect){.host.real = real});
}

static struct clue *add_clue(struct collector *collector, struct suspect *suspect,
                             enum clue_kind kind, struct span span, struct str reason)
{
	const struct sources *sources = &collector->config->sources;
	struct place place = source_place(sources, span);
	struct clue clue = {.kind = kind, .config = collector->nth, .line = place.line};
	clue.reason = reason;
	struct span line = source_line(sources, span.source, place.line);
	clue.text = str_trim(source_quote(collector->arena, sources, line));
	return VEC_PUSH(collector->arena, &suspect->clues, clue);
}

/* --- translations ----------------------------------------------------------------------- */

static bool one_range(struct iset set, struct range *range)
{
	if (set.n == 1)
		*range = set.v[0];
	return set.n == 1;
}

static bool interface_address(const struct interface *ifc, struct range *range)
{
	if (!ifc || ifc->addresses.n == 0 || ifc->addresses.v[0].masked)
		return false;
	range->lo = range->hi = ifc->addresses.v[0].address;
	return true;
}

static bool mapping_of(const struct nat_rule *rule, struct mapping *out)
{
	if (rule->act != ACT_STATIC || rule->acl || rule->has_dst || rule->doubtful ||
	    rule->nowhere || (rule->protocol && rule->protocol != PROTO_TCP))
		return false;
	if (rule->source.set && (rule->source.real_lo != rule->source.real_hi ||
	                         rule->source.mapped_lo != rule->source.mapped_hi))
		return false;
	*out = (struct mapping){.one_port = rule->source.set,
	                        .real_port = rule->source.real_lo,
	                        .mapped_port = rule->source.mapped_lo,
	                        .real_ifc = rule->real_ifc,
	                        .mapped_ifc = rule->mapped_ifc,
	                        .what = rule->legacy   ? "a static"
	                                : rule->object ? "object NAT"
	                                               : "twice NAT",
	                        .span = rule->span};
	if (!one_range(rule->src_real.must, &out->real))
		return false;
	out->mapped_known = rule->to_interface ? interface_address(rule->mapped_ifc, &out->mapped)
	                                       : one_range(rule->src_mapped.must, &out->mapped);
	return !out->mapped_known || out->real.hi - out->real.lo == out->mapped.hi - out->mapped.lo;
}

static void read_mappings(struct collector *collector)
{
	struct nat_table table = nat_table_of(collector->scratch, collector->config);
	struct mapping mapping;
	VEC_EACH(const struct nat_rule, rule, &table.rules) {
		if (!mapping_of(rule, &mapping))
			continue;
		VEC_PUSH(collector->scratch, &collector->mappings, mapping);
		if (!mapping.mapped_known)
			continue;
		keys_put(collector->scratch, &collector->mapped, mapping.mapped.lo, 0);
		collector->maps_ranges |= mapping.mapped.lo != mapping.mapped.hi;
	}
}

/* The host that connections to `address`:`port` reach. */
static u128 real_of(const struct collector *collector, u128 address, uint16_t port)
{
	if (!collector->maps_ranges && !keys_find(&collector->mapped, address))
		return address;
	VEC_EACH(const struct mapping, mapping, &collector->mappings)
		if (mapping->mapped_known && is_within(mapping->mapped, address) &&
		    (!mapping->one_port || mapping->mapped_port == port))
			return mapping->real.lo + (address - mapping->mapped.lo);
	return address;
}

/* Statics of the mail port alone: nothing else is meant by them. */
static void clues_of_mappings(struct collector *collector)
{
	VEC_EACH(const struct mapping, mapping, &collector->mappings) {
		if (!mapping->one_port || mapping->real.lo != mapping->real.hi ||
		    (mapping->mapped_port != SMTP_PORT && mapping->real_port != SMTP_PORT))
			continue;
		struct suspect *at = suspect(collector, mapping->real.lo);
		if (!at)
			continue;
		if (mapping->real_port != SMTP_PORT)
			at->smtp_port = mapping->real_port;
		add_clue(collector, at, CLUE_NAT, mapping->span,
		         str_printf(collector->arena, "%s of tcp/25", mapping->what));
	}
}

/* How the Internet sees a suspect, or else how some other interface does. */
static void set_mapped(struct collector *collector, struct suspect *suspect)
{
	const struct mapping *best = NULL;
	uint16_t port = suspect->smtp_port ? suspect->smtp_port : SMTP_PORT;
	VEC_EACH(const struct mapping, mapping, &collector->mappings) {
		bool there = !mapping->mapped_ifc || mapping->mapped_ifc == collector->internet;
		if (!mapping->mapped_known || !is_within(mapping->real, suspect->host.real) ||
		    (mapping->one_port && mapping->real_port != port))
			continue;
		if (!best || (there && best->mapped_ifc && best->mapped_ifc != collector->internet))
			best = mapping;
	}
	if (!best || best->real.lo == best->mapped.lo)
		return;
	suspect->host.has_mapped = true;
	suspect->host.mapped = best->mapped.lo + (suspect->host.real - best->real.lo);
	if (!best->one_port)
		add_clue(collector, suspect, CLUE_MAPPED, best->span,
		         str_printf(collector->arena, "%s makes it %.*s", best->what,
		                    STR(addr_text(collector->arena, suspect->host.mapped))));
}

/* --- where things are ------------------------------------------------------------------- */

/* Where the default route leads; without one `outside`, or else what is trusted least. */
static const struct interface *find_internet(const struct config *config)
{
	/* The routes of a bridge are for its own packets. */
	const struct interface *found = config->transparent ? NULL : path_default(config, true);
	bool alone = true;
	if (found)
		return found;
	VEC_EACH(const struct interface, ifc, &config->interfaces) {
		if (!path_carries_traffic(ifc))
			continue;
		if (str_eq_nocase(config_name(config, ifc->nameif), S("outside")))
			return ifc;
		if (ifc->implied)
			continue;
		if (!found || ifc->security_level < found->security_level) {
			found = ifc;
			alone = true;
		} else if (ifc->security_level == found->security_level) {
			alone = false;
		}
	}
	return alone ? found : NULL;
}

static bool is_default(const struct route *route)
{
	return route->network.hi - route->network.lo >= (u128)UINT32_MAX;
}

/* The interface a host is behind, or NULL; *beyond: no more than the default route says so. */
static const struct interface *place_of(const struct collector *collector, u128 real, bool *beyond)
{
	VEC_EACH(const struct mapping, mapping, &collector->mappings)
		if (mapping->real_ifc && is_within(mapping->real, real)) {
			*beyond = false;
			return mapping->real_ifc;
		}
	*beyond = false;
	if (collector->config->transparent)
		return NULL;
	struct route_to route = path_route(&collector->routes, real);
	*beyond = route.route && is_default(route.route) && !route.masked;
	return route.ifc;
}

/* --- access rules ----------------------------------------------------------------------- */

static uint8_t ports_of(const struct service_set *service)
{
	uint8_t bits = 0;
	VEC_EACH(const struct service_box, box, &service->must) {
		if (!iset_contains(box->proto, PROTO_TCP) ||
		    iset_size_capped(box->dport, FEW + 1) > FEW)
			continue;
		for (size_t i = 0; i < sizeof(telling_ports) / sizeof(telling_ports[0]); i++)
			if (iset_contains(box->dport, telling_ports[i].port))
				bits |= telling_ports[i].bit;
	}
	return bits;
}

static bool is_few(struct iset set)
{
	return !iset_is_empty(set) && iset_size_capped(set, FEW + 1) <= FEW;
}

/* As good as everyone. */
static bool is_wide(struct iset set)
{
	const u128 many = (u128)1 << 24;
	return iset_size_capped(set, many) == many;
}

struct few_hosts {
	u128 at[FEW];
	uint32_t n;
};

/* The hosts of a small set; as destinations of a port, behind their translations. */
static struct few_hosts hosts_of(const struct collector *collector, struct iset set, uint16_t port)
{
	struct few_hosts hosts = {0};
	if (!is_few(set))
		return hosts;
	for (uint32_t i = 0; i < set.n; i++)
		for (u128 at = set.v[i].lo;; at++) {
			hosts.at[hosts.n++] = port ? real_of(collector, at, port) : at;
			if (at == set.v[i].hi)
				break;
		}
	return hosts;
}

/* One rule that lets tcp traffic through. */
struct rule_seen {
	struct iset src, dst;
	const struct interface *ifc; /* it is applied to; NULL: to all */
	enum direction direction;
	struct span span;
};

static void clue_of_mail(struct collector *collector, const struct rule_seen *rule, u128 server)
{
	const struct interface *internet = collector->internet;
	bool wide = is_wide(rule->src), beyond, from_internet = wide;
	const struct interface *at = place_of(collector, server, &beyond);
	if (rule->ifc && internet)
		from_internet = rule->direction == DIR_OUT ? wide && rule->ifc != internet
		                                           : rule->ifc == internet;
	/* What is on the same side is not let in by this rule. */
	bool same_side = (beyond && at == internet) ||
	                 (rule->ifc && rule->ifc == at && rule->direction == DIR_IN);
	struct suspect *to = suspect(collector, server);
	if (!to)
		return;
	if (from_internet && !same_side) {
		add_clue(collector, to, CLUE_SMTP_IN, rule->span, S("a permit to tcp/25"));
		return;
	}
	struct few_hosts from = hosts_of(collector, rule->src, 0);
	struct clue *clue = add_clue(collector, to, CLUE_SMTP_INNER, rule->span,
	                             wide ? S("a permit to tcp/25 from any but the Internet")
	                                  : S("a permit to tcp/25 from some hosts or networks"));
	clue->wide = wide;
	clue->beyond = same_side;
	clue->has_peer = from.n == 1;
	clue->peer = from.at[0];
}

/* Both ends of a rule of a port that only appliances use. */
static void clues_of_pair(struct collector *collector, const struct rule_seen *rule, uint16_t port,
                          enum clue_kind to_kind, enum clue_kind from_kind)
{
	struct few_hosts from = hosts_of(collector, rule->src, 0);
	struct few_hosts to = hosts_of(collector, rule->dst, port);
	struct str reason = str_printf(collector->arena, "a permit to tcp/%u", port);
	struct str sends = str_printf(collector->arena, "a permit from it to tcp/%u", port);
	for (uint32_t i = 0; i < to.n; i++) {
		for (uint32_t k = 0; k < (from.n ? from.n : 1); k++) {
			struct suspect *at = suspect(collector, to.at[i]);
			if (!at)
				break;
			struct clue *clue = add_clue(collector, at, to_kind, rule->span, reason);
			clue->has_peer = from.n > 0;
			clue->peer = from.at[k];
		}
	}
	for (uint32_t k = 0; k < from.n; k++) {
		for (uint32_t i = 0; i < (to.n ? to.n : 1); i++) {
			struct suspect *at = suspect(collector, from.at[k]);
			if (!at)
				break;
			struct clue *clue = add_clue(collector, at, from_kind, rule->span, sends);
			clue->has_peer = to.n > 0;
			clue->peer = to.at[i];
		}
	}
}

static void clues_of_rule(struct collector *collector, const struct rule_seen *rule, uint8_t ports)
{
	if (ports & HAS_SMTP) {
		struct few_hosts to = hosts_of(collector, rule->dst, SMTP_PORT);
		struct few_hosts from = hosts_of(collector, rule->src, 0);
		for (uint32_t i = 0; i < to.n; i++)
			clue_of_mail(collector, rule, to.at[i]);
		for (uint32_t i = 0; is_wide(rule->dst) && i < from.n; i++) {
			struct suspect *at = suspect(collector, from.at[i]);
			if (at)
				add_clue(collector, at, CLUE_SMTP_OUT, rule->span,
				         S("a permit from it to tcp/25 of any"));
		}
	}
	if (ports & HAS_CPQ)
		clues_of_pair(collector, rule, CPQ_PORT, CLUE_CPQ_TO, CLUE_CPQ_FROM);
	if (ports & HAS_SPAM)
		clues_of_pair(collector, rule, SPAM_PORT, CLUE_SPAM_TO, CLUE_SPAM_FROM);
	if (ports & HAS_SSH) {
		struct few_hosts from = hosts_of(collector, rule->src, 0);
		struct few_hosts to = hosts_of(collector, rule->dst, SSH_PORT);
		for (uint32_t k = 0; k < from.n; k++)
			for (uint32_t i = 0; i < to.n; i++)
				VEC_PUSH(collector->scratch, &collector->ssh_rules,
				         (struct ssh_rule){from.at[k], to.at[i], rule->span});
	}
}

static void clues_of_list(struct collector *collector, const struct acl *acl,
                          const struct interface *ifc, enum direction direction)
{
	enum { SEEN = 1 << 7 };
	const struct config *config = collector->config;
	VEC_EACH(const struct ace, ace, &acl->aces) {
		if (ace->action != ACE_PERMIT || ace->inactive)
			continue;
		uint8_t *ports = &collector->ports[ace->service];
		if (!*ports)
			*ports = SEEN | ports_of(config_service_set(config, ace->service));
		if (*ports == SEEN)
			continue;
		struct rule_seen rule = {.ifc = ifc, .direction = direction, .span = ace->span};
		rule.src = config_addr_set(config, ace->src)->must;
		rule.dst = config_addr_set(config, ace->dst)->must;
		if (is_few(rule.src) || is_few(rule.dst))
			clues_of_rule(collector, &rule, *ports);
	}
}

static void clues_of_rules(struct collector *collector)
{
	const struct config *config = collector->config;
	collector->ports = NEW_ARRAY(collector->scratch, uint8_t, config->service_pool.n + 1);
	VEC_EACH(const struct access_group, group, &config->access_groups) {
		const struct acl *acl = config_acl(config, group->acl);
		if (acl)
			clues_of_list(collector, acl, config_interface(config, group->interface),
			              group->direction);
	}
	if (config->has_conduits)
		clues_of_list(collector, &config->conduits, NULL, DIR_GLOBAL);
}

/* SSH tells an SMA from an ESA where both are suspects for another reason. */
static void clues_of_ssh(struct collector *collector)
{
	VEC_EACH(const struct ssh_rule, rule, &collector->ssh_rules) {
		struct suspect *from = find(collector, rule->from);
		struct suspect *to = find(collector, rule->to);
		if (!from || !to || from == to)
			continue;
		struct clue *clue = add_clue(collector, from, CLUE_SSH_FROM, rule->span,
		                             S("a permit from it to tcp/22"));
		clue->has_peer = true;
		clue->peer = rule->to;
		clue = add_clue(collector, to, CLUE_SSH_TO, rule->span, S("a permit to tcp/22"));
		clue->has_peer = true;
		clue->peer = rule->from;
	}
}

/* --- names ------------------------------------------------------------------------------ */

static bool sounds(struct name_sound sound)
{
	return sound.esa || sound.sma;
}

/* A name is a reason to suspect a host, or says more about one that is suspected already. */
static void clue_of_name(struct collector *collector, struct str name, u128 address,
                         struct span span, bool of_group)
{
	struct name_sound sound = clue_sound(name);
	u128 real = real_of(collector, address, SMTP_PORT);
	struct suspect *at = sounds(sound) ? suspect(collector, real) : find(collector, real);
	if (!at)
		return;
	if (sound.esa && sound.sma)
		return; /* "ESA-SMA-HOSTS" */
	enum clue_kind kind = sound.esa   ? CLUE_NAME_ESA
	                      : sound.sma ? CLUE_NAME_SMA
	                                  : CLUE_NAME_OTHER;
	bool better = !at->called.n || (sounds(sound) && !sounds(clue_sound(at->called)));
	if (!of_group && better)
		at->called = str_copy(collector->arena, name);
	if (sounds(sound) || sound.other)
		add_clue(collector, at, kind, span,
		         of_group ? S("its group's name") : S("its name"));
}

static bool is_one(struct range range)
{
	return range.lo == range.hi;
}

static void clues_of_names(struct collector *collector)
{
	const struct config *config = collector->config;
	VEC_EACH(const struct object, object, &config->objects)
		if (object->kind == OBJECT_ADDRESS && object->address.kind == ADDR_RANGE &&
		    is_one(object->address.range) && config_object(config, object->name) == object)
			clue_of_name(collector, config_name(config, object->name),
			             object->address.range.lo, object->span, false);
	VEC_EACH(const struct label, label, &config->labels)
		if (config_index_get(&config->label_index, label->name) ==
		    (uint32_t)(label - config->labels.v) + 1)
			clue_of_name(collector, config_name(config, label->name), label->address,
			             label->span, false);
	VEC_EACH(const struct group, group, &config->groups) {
		struct str name = config_name(config, group->name);
		if (group->kind != GROUP_NETWORK || group->members.n > FEW ||
		    config_group(config, group->name) != group || !sounds(clue_sound(name)))
			continue;
		VEC_EACH(const struct member, member, &group->members)
			if (member->kind == MEMBER_ADDRESS && member->address.kind == ADDR_RANGE &&
			    is_one(member->address.range))
				clue_of_name(collector, name, member->address.range.lo,
				             member->span, true);
	}
}

struct suspects clues_collect(struct arena *arena, const struct config *config, uint32_t nth)
{
	struct suspects found = {0};
	struct collector collector = {.arena = arena,
	                              .scratch = config->arena,
	                              .routes = path_routes(config->arena, config, true),
	                              .config = config,
	                              .nth = nth,
	                              .found = &found};
	collector.internet = find_internet(config);
	read_mappings(&collector);
	clues_of_mappings(&collector);
	clues_of_rules(&collector);
	clues_of_names(&collector);
	clues_of_ssh(&collector);
	VEC_EACH(struct suspect, suspect, &found.list)
		set_mapped(&collector, suspect);
	return found;
}
