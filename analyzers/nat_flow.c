/* SPDX-License-Identifier: ISC */
/* The rules of whole flows: who publishes a server, who translates a client. */
#include "analyzers/nat_rule.h"

/* The first ACE that names the host as a source, whoever its peer is. */
static const struct ace *names_source(const struct config *config, const struct nat_rule *rule,
                                      u128 real)
{
	if (rule->acl)
		VEC_EACH(const struct ace, ace, &rule->acl->aces)
			if (ace->action == ACE_PERMIT &&
			    iset_contains(config_addr_set(config, ace->src)->must, real))
				return ace;
	return NULL;
}

static bool translates(const struct config *config, const struct nat_rule *rule, u128 real,
                       const struct interface *real_ifc, const struct interface *mapped_ifc)
{
	if (rule->nowhere || !rule_is_at(rule->real_ifc, real_ifc) ||
	    !rule_is_at(rule->mapped_ifc, mapped_ifc))
		return false;
	if (rule->legacy && rule->legacy->acl)
		return names_source(config, rule, real) != NULL;
	return iset_contains(rule->src_real.must, real);
}

/* May a policy static's ACE speak of this real port? (its source port, asa-semantics 4.2) */
static bool from_port(const struct config *config, const struct ace *ace, uint8_t protocol,
                      uint16_t port)
{
	const struct service_set *service = config_service_set(config, ace->service);
	VEC_EACH(const struct service_box, box, &service->may)
		if (iset_contains(box->proto, protocol) && iset_contains(box->sport, port))
			return true;
	return false;
}

/* The first ACE that names the host as a server at this TCP port, whoever its peer is. */
static const struct ace *names_server(const struct config *config, const struct nat_rule *rule,
                                      u128 real, uint16_t port)
{
	VEC_EACH(const struct ace, ace, &rule->acl->aces)
		if (ace->action == ACE_PERMIT &&
		    iset_contains(config_addr_set(config, ace->src)->must, real) &&
		    from_port(config, ace, PROTO_TCP, port))
			return ace;
	return NULL;
}

bool nat_may_serve(const struct config *config, const struct legacy_nat *nat, u128 real,
                   uint8_t protocol, uint16_t port)
{
	if (nat->kind != NAT_STATIC || (nat->protocol && nat->protocol != protocol))
		return false;
	if (!nat->acl)
		return (nat->real_unknown || (nat->real.lo <= real && real <= nat->real.hi)) &&
		       (!nat->protocol || nat->real_port == port);
	const struct acl *acl = config_acl(config, nat->acl);
	if (!acl)
		return true;
	VEC_EACH(const struct ace, ace, &acl->aces)
		if (ace->action == ACE_PERMIT &&
		    iset_contains(config_addr_set(config, ace->src)->may, real) &&
		    from_port(config, ace, protocol, port))
			return true;
	return false;
}

bool nat_is_taken(struct arena *arena, const struct nat_table *table,
                  const struct nat_published *at, const struct nat_rule *by)
{
	VEC_EACH(const struct nat_rule, rule, &table->rules) {
		if (rule == by)
			return false;
		bool other_port = rule->protocol && (rule->protocol != PROTO_TCP ||
		                                     rule->source.mapped_lo != at->port);
		if (rule->act != ACT_STATIC || rule->acl || rule->doubtful || !rule->legacy ||
		    !at->mapped_ifc || rule->nowhere || other_port ||
		    !rule_is_at(rule->mapped_ifc, at->mapped_ifc) ||
		    (!by && iset_contains(rule->src_real.may, at->real)))
			continue;
		struct addr_set to =
		        rule_mapped_source(arena, rule, at->mapped_ifc, addr_is4(at->address));
		if (iset_contains(to.must, at->address))
			return true;
	}
	return false;
}

struct xlate nat_server(struct arena *arena, const struct config *config,
                        const struct nat_table *table, const struct nat_server_of *of, uint32_t nth)
{
	const struct interface *real_ifc = of->real_ifc, *mapped_ifc = of->mapped_ifc;
	const u128 real = of->address;
	const uint16_t port = of->port;
	const struct xlate none = {.address = real, .port = port, .address_known = true};
	VEC_EACH(const struct nat_rule, rule, &table->rules) {
		bool other_port = rule->protocol && (rule->protocol != PROTO_TCP ||
		                                     (!rule->acl && rule->source.real_lo != port));
		if (rule->act != ACT_STATIC || rule->has_dst || other_port ||
		    !translates(config, rule, real, real_ifc, mapped_ifc))
			continue;
		const struct ace *ace = rule->acl ? names_server(config, rule, real, port) : NULL;
		if (rule->acl && !ace)
			continue;
		struct addr_set to = rule_mapped_source(arena, rule, mapped_ifc, addr_is4(real));
		struct iset from = rule->acl ? iset_point(arena, real) : rule->src_real.must;
		struct xlate seen = none;
		seen.done = VERDICT_YES;
		seen.rule = rule;
		/* A policy static holds for the peers of its list; who others see is left open. */
		bool for_all = !ace || iset_covers(config_addr_set(config, ace->dst)->must,
		                                   iset_family(arena, iset_all(), true));
		seen.address_known = for_all && to.why == WHY_NONE &&
		                     rule_map_address(from, to.must, real, &seen.address);
		if (rule->protocol)
			seen.port = rule->source.mapped_lo;
		const struct nat_published at = {seen.address, seen.port, real, mapped_ifc};
		seen.taken = seen.address_known && nat_is_taken(arena, table, &at, rule);
		if (nth-- == 0)
			return seen;
	}
	return none;
}

/* Does a line of policy NAT take what the host opens towards this TCP port? */
static bool takes_port(const struct config *config, const struct nat_rule *rule, u128 real,
                       uint16_t port)
{
	VEC_EACH(const struct ace, ace, &rule->acl->aces) {
		const struct service_set *service = config_service_set(config, ace->service);
		if (ace->action != ACE_PERMIT ||
		    !iset_contains(config_addr_set(config, ace->src)->must, real))
			continue;
		VEC_EACH(const struct service_box, box, &service->may)
			if (iset_contains(box->proto, PROTO_TCP) && iset_contains(box->dport, port))
				return true;
	}
	return false;
}

const struct legacy_nat *nat_client(const struct config *config, const struct nat_table *table,
                                    u128 real, uint16_t port, const struct interface *real_ifc,
                                    const struct interface *mapped_ifc)
{
	VEC_EACH(const struct nat_rule, rule, &table->rules) {
		/* Exemption comes first and has no limits; it must hold for whoever the peer is. */
		const struct ace *exempt =
		        rule->act == ACT_EXEMPT && rule_is_at(rule->real_ifc, real_ifc)
		                ? names_source(config, rule, real)
		                : NULL;
		if (exempt && iset_covers(config_addr_set(config, exempt->dst)->must,
		                          iset_range(config->arena, ADDR4_MIN, ADDR4_MAX)))
			return NULL;
		if (!rule->legacy || rule->act == ACT_EXEMPT || rule->protocol ||
		    (rule->act != ACT_STATIC && rule->legacy->outside))
			continue;
		/* One that has its pool elsewhere drops what goes here instead (305006). */
		if (!rule_level_fits(rule, real_ifc, mapped_ifc) ||
		    (rule->act == ACT_DYNAMIC && mapped_ifc && rule_has_global(rule, NULL) &&
		     !rule_has_global(rule, mapped_ifc)))
			continue;
		if (translates(config, rule, real, real_ifc, mapped_ifc) &&
		    (!rule->acl || takes_port(config, rule, real, port)))
			return rule->legacy;
	}
	return NULL;
}
