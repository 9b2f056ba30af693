/* SPDX-License-Identifier: ISC */
/* Access rules that let mail, or what only appliances speak, through to single hosts. */
#include "analyzers/clue_parts.h"

enum { SSH_PORT = 22, CPQ_PORT = 7025, SPAM_PORT = 6025 };

/* The ports that tell something, as bits: what a service lets through. */
enum { HAS_SMTP = 1 << 0, HAS_CPQ = 1 << 1, HAS_SPAM = 1 << 2, HAS_SSH = 1 << 3 };
static const struct {
	uint16_t port;
	uint8_t bit;
} telling_ports[] = {
        {SMTP_PORT, HAS_SMTP}, {CPQ_PORT, HAS_CPQ}, {SPAM_PORT, HAS_SPAM}, {SSH_PORT, HAS_SSH}};

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
			hosts.at[hosts.n++] = port ? clues_real_of(collector, at, port) : at;
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
	struct suspect *to = clues_suspect(collector, server);
	if (!to)
		return;
	if (from_internet && !same_side) {
		clues_add(collector, to, CLUE_SMTP_IN, rule->span, S("a permit to tcp/25"));
		return;
	}
	struct few_hosts from = hosts_of(collector, rule->src, 0);
	struct clue *clue = clues_add(collector, to, CLUE_SMTP_INNER, rule->span,
	                              wide ? S("a permit to tcp/25 from any but the Internet")
	                                   : S("a permit to tcp/25 from some hosts or networks"));
	clue->wide = wide;
	clue->beyond = same_side;
	clue->has_peer = from.n == 1;
	clue->peer = from.at[0];
}

/* A clue about each host, for each of its peers; one without a peer where these are not few. */
static void clues_of_ends(struct collector *collector, const struct rule_seen *rule,
                          enum clue_kind kind, struct str reason, const struct few_hosts *hosts,
                          const struct few_hosts *peers)
{
	for (uint32_t i = 0; i < hosts->n; i++)
		for (uint32_t k = 0; k < (peers->n ? peers->n : 1); k++) {
			struct suspect *at = clues_suspect(collector, hosts->at[i]);
			if (!at)
				break;
			struct clue *clue = clues_add(collector, at, kind, rule->span, reason);
			clue->has_peer = peers->n > 0;
			clue->peer = peers->at[k];
		}
}

/* Both ends of a rule of a port that only appliances use. */
static void clues_of_pair(struct collector *collector, const struct rule_seen *rule, uint16_t port,
                          enum clue_kind to_kind, enum clue_kind from_kind)
{
	const struct few_hosts from = hosts_of(collector, rule->src, 0);
	const struct few_hosts to = hosts_of(collector, rule->dst, port);
	struct str reason = str_printf(collector->arena, "a permit to tcp/%u", port);
	struct str sends = str_printf(collector->arena, "a permit from it to tcp/%u", port);
	clues_of_ends(collector, rule, to_kind, reason, &to, &from);
	clues_of_ends(collector, rule, from_kind, sends, &from, &to);
}

static void clues_of_rule(struct collector *collector, const struct rule_seen *rule, uint8_t ports)
{
	if (ports & HAS_SMTP) {
		struct few_hosts to = hosts_of(collector, rule->dst, SMTP_PORT);
		struct few_hosts from = hosts_of(collector, rule->src, 0);
		for (uint32_t i = 0; i < to.n; i++)
			clue_of_mail(collector, rule, to.at[i]);
		for (uint32_t i = 0; is_wide(rule->dst) && i < from.n; i++) {
			struct suspect *at = clues_suspect(collector, from.at[i]);
			if (at)
				clues_add(collector, at, CLUE_SMTP_OUT, rule->span,
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

void clues_of_rules(struct collector *collector)
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
void clues_of_ssh(struct collector *collector)
{
	VEC_EACH(const struct ssh_rule, rule, &collector->ssh_rules) {
		struct suspect *from = clues_find(collector, rule->from);
		struct suspect *to = clues_find(collector, rule->to);
		if (!from || !to || from == to)
			continue;
		struct clue *clue = clues_add(collector, from, CLUE_SSH_FROM, rule->span,
		                              S("a permit from it to tcp/22"));
		clue->has_peer = true;
		clue->peer = rule->to;
		clue = clues_add(collector, to, CLUE_SSH_TO, rule->span, S("a permit to tcp/22"));
		clue->has_peer = true;
		clue->peer = rule->from;
	}
}
