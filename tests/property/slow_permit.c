/* SPDX-License-Identifier: ISC */
#include "tests/property/slow_permit.h"

#include "tests/property/slow_nat.h"

/* --- translation ------------------------------------------------------------------------- */

/* A rule without a name of an interface holds for any; an interface not known may be any. */
static bool on_interface(const struct config *config, name_id rule, name_id ifc)
{
	return rule == 0 || ifc == 0 || slow_same_ifc(config, rule, ifc);
}

static bool in_range(struct range range, u128 address)
{
	return range.lo <= address && address <= range.hi &&
	       addr_is4(range.lo) == addr_is4(address);
}

/*
 * Does the static have a connection that the host opens or, reversed, one to it? Of one that is
 * opened ports do not count; else those of a list do, and the one that the static is of.
 */
static bool static_covers(const struct config *config, const struct legacy_nat *nat,
                          const struct slow_packet *packet, bool reversed)
{
	if (nat->acl)
		return slow_policy_nat(config, config_acl(config, nat->acl), packet, reversed);
	return !nat->real_unknown && in_range(nat->real, packet->src) &&
	       (nat->protocol == 0 || nat->real_port == packet->sport);
}

/* The address a static maps `real` to; false when the text does not tell. */
static bool static_maps(const struct config *config, const struct legacy_nat *nat, name_id ifc,
                        u128 real, u128 *mapped)
{
	if (nat->mapped_is_interface) {
		const struct interface *own = slow_interface(config, ifc ? ifc : nat->mapped_ifc);
		if (!own || own->addresses.n == 0 || own->addresses.v[0].masked)
			return false;
		*mapped = own->addresses.v[0].address;
		return true;
	}
	*mapped = nat->acl ? nat->mapped.lo : nat->mapped.lo + (real - nat->real.lo);
	return !nat->mapped_unknown;
}

const struct legacy_nat *slow_static(const struct config *config, const struct slow_packet *packet)
{
	if (slow_real_addresses(config))
		return NULL; /* there are none, and lists and classes see real addresses */
	const struct slow_packet back = {.proto = packet->proto,
	                                 .src = packet->real_dst,
	                                 .sport = packet->real_dport,
	                                 .dst = packet->src,
	                                 .dport = packet->sport};
	VEC_EACH(const struct legacy_nat, nat, &config->nats) {
		if (nat->kind != NAT_STATIC || !on_interface(config, nat->real_ifc, packet->out) ||
		    !on_interface(config, nat->mapped_ifc, packet->in))
			continue;
		if (nat->protocol && nat->protocol != packet->proto)
			continue;
		if (static_covers(config, nat, &back, true))
			return nat;
	}
	return NULL;
}

bool slow_to_wire(const struct config *config, struct slow_packet *packet)
{
	const struct legacy_nat *nat = slow_static(config, packet);
	packet->dst = packet->real_dst;
	packet->dport = packet->real_dport;
	if (!nat)
		return true;
	if (nat->protocol)
		packet->dport = nat->mapped_port;
	return static_maps(config, nat, packet->in, packet->real_dst, &packet->dst);
}

enum new_source { SOURCE_KEPT, SOURCE_MAPPED, SOURCE_POOL };

static struct slow_packet to_real(const struct slow_packet *packet)
{
	struct slow_packet out = *packet;
	out.dst = packet->real_dst;
	return out;
}

/* nat 0 ACL: these pairs are not translated. */
static bool is_exempt(const struct config *config, const struct slow_packet *packet)
{
	const struct slow_packet out = to_real(packet);
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if (nat->kind == NAT_EXEMPT && on_interface(config, nat->real_ifc, packet->in) &&
		    slow_policy_nat(config, config_acl(config, nat->acl), &out, false))
			return true;
	return false;
}

/* `nat (ifc) N` needs a `global` of the same number where the packet leaves. */
static bool has_pool(const struct config *config, const struct legacy_nat *nat, name_id out)
{
	VEC_EACH(const struct global_pool, pool, &config->globals)
		if (pool->id == nat->id && slow_same_ifc(config, pool->ifc, out))
			return true;
	return nat->kind != NAT_DYNAMIC;
}

/* What becomes of the source; *rule tells whether any rule of NAT speaks of it. */
static enum new_source translate_source(const struct config *config,
                                        const struct slow_packet *packet, u128 *mapped, bool *rule)
{
	const struct slow_packet out = to_real(packet);
	const struct legacy_nat *best = NULL;
	*mapped = packet->src;
	*rule = true;
	if (is_exempt(config, packet))
		return SOURCE_KEPT;
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if (nat->kind == NAT_STATIC && nat->protocol == 0 &&
		    on_interface(config, nat->real_ifc, packet->in) &&
		    on_interface(config, nat->mapped_ifc, packet->out) &&
		    static_covers(config, nat, &out, false))
			return static_maps(config, nat, packet->out, packet->src, mapped)
			               ? SOURCE_MAPPED
			               : SOURCE_POOL;
	VEC_EACH(const struct legacy_nat, nat, &config->nats) {
		if (nat->kind != NAT_DYNAMIC && nat->kind != NAT_IDENTITY)
			continue;
		if (nat->outside || !on_interface(config, nat->real_ifc, packet->in) ||
		    !has_pool(config, nat, packet->out))
			continue;
		if (nat->acl && slow_policy_nat(config, config_acl(config, nat->acl), &out, false))
			return SOURCE_POOL;
		bool covers = !nat->acl && !nat->real_unknown && in_range(nat->real, packet->src);
		if (covers &&
		    (!best || nat->real.hi - nat->real.lo < best->real.hi - best->real.lo))
			best = nat;
	}
	*rule = best != NULL;
	return best && best->kind == NAT_DYNAMIC ? SOURCE_POOL : SOURCE_KEPT;
}

/* --- levels ------------------------------------------------------------------------------ */

static bool is_pix6(const struct config *config)
{
	return config->platform == PLATFORM_PIX && slow_fixups(config);
}

/* nat-control between two interfaces: towards a lower level a packet needs a rule of NAT (9.3). */
static enum slow_answer nat_control_between(const struct config *config,
                                            const struct slow_packet *packet,
                                            const struct interface *in, const struct interface *out)
{
	struct slow_packet at = *packet;
	u128 mapped;
	bool rule;
	if (in == out)
		return SLOW_YES;
	if (in->implied || out->implied)
		return SLOW_UNKNOWN;
	if (in->security_level <= out->security_level)
		return SLOW_YES;
	at.in = in->nameif;
	at.out = out->nameif;
	translate_source(config, &at, &mapped, &rule);
	return rule ? SLOW_YES : SLOW_NO;
}

/* The same between any two that the packet may cross. */
static enum slow_answer passes_nat_control(const struct config *config,
                                           const struct slow_packet *packet)
{
	const struct interface *in = slow_interface(config, packet->in);
	const struct interface *out = slow_interface(config, packet->out);
	bool on = !slow_real_addresses(config) && (slow_fixups(config) || config->nat_control);
	bool first = true;
	enum slow_answer answer = SLOW_YES;
	if (!on || !addr_is4(packet->src))
		return SLOW_YES;
	VEC_EACH(const struct interface, from, &config->interfaces) {
		if (!from->nameif || (in && from != in))
			continue;
		VEC_EACH(const struct interface, to, &config->interfaces) {
			if (!to->nameif || (out && to != out))
				continue;
			enum slow_answer one = nat_control_between(config, packet, from, to);
			answer = first ? one : slow_either(answer, one);
			first = false;
		}
	}
	return first ? SLOW_UNKNOWN : answer;
}

/* A list with its ends exchanged already: who comes from outside is the source (section 6). */
static enum slow_answer by_conduits(const struct config *config, const struct slow_packet *packet)
{
	unsigned can = slow_acl(config, &config->conduits, packet).can;
	if (!(can & SLOW_PERMIT))
		return SLOW_NO;
	return can == SLOW_PERMIT ? SLOW_YES : SLOW_UNKNOWN;
}

enum slow_answer slow_same_security(const struct config *config, const struct slow_packet *packet)
{
	const struct interface *in = slow_interface(config, packet->in);
	const struct interface *out = slow_interface(config, packet->out);
	if (!in || !out || in->implied || out->implied || config->platform == PLATFORM_FTD)
		return SLOW_YES;
	if (in == out)
		return config->same_security_intra && !is_pix6(config) ? SLOW_YES : SLOW_NO;
	if (in->security_level != out->security_level)
		return SLOW_YES;
	if (is_pix6(config))
		return SLOW_NO;
	return config->same_security_inter ? SLOW_YES : SLOW_UNKNOWN;
}

enum slow_answer slow_by_levels(const struct config *config, const struct slow_packet *packet)
{
	const struct interface *in = slow_interface(config, packet->in);
	const struct interface *out = slow_interface(config, packet->out);
	if (config->platform == PLATFORM_FWSM && in)
		return SLOW_NO;
	if (!in || !out || in->implied || out->implied || config->platform == PLATFORM_FTD)
		return SLOW_UNKNOWN;
	if (in == out)
		return config->same_security_intra && !is_pix6(config) ? SLOW_YES : SLOW_NO;
	if (in->security_level < out->security_level)
		return config->has_conduits ? by_conduits(config, packet) : SLOW_NO;
	if (in->security_level == out->security_level &&
	    (!config->same_security_inter || is_pix6(config)))
		return SLOW_NO;
	VEC_EACH(const struct outbound_binding, binding, &config->outbounds)
		if (binding->interface == 0 ||
		    slow_same_ifc(config, binding->interface, packet->in))
			return SLOW_UNKNOWN; /* it filters what comes in there */
	return SLOW_YES;
}

/* --- lists ------------------------------------------------------------------------------- */

const struct access_group *slow_group_at(const struct config *config, enum direction direction,
                                         name_id ifc, bool v4)
{
	VEC_EACH(const struct access_group, group, &config->access_groups) {
		const struct acl *acl = config_acl(config, group->acl);
		bool of_v6 = acl && acl->kind == ACL_IPV6;
		if (group->direction != direction ||
		    (direction != DIR_GLOBAL && !slow_same_ifc(config, group->interface, ifc)))
			continue;
		if (acl && (v4 ? of_v6 : !of_v6 && !slow_dual_any(config)))
			continue;
		return group;
	}
	return NULL;
}

/* Permit and deny as they may come out of the list of a group; its end is `at_end`. */
static unsigned list_outcomes(const struct config *config, const struct access_group *group,
                              const struct slow_packet *packet, unsigned at_end)
{
	const struct acl *acl = config_acl(config, group->acl);
	if (!acl)
		return SLOW_PERMIT | SLOW_DENY; /* it is not in the text */
	unsigned can = slow_acl(config, acl, packet).can;
	return can & SLOW_END ? (can & ~(unsigned)SLOW_END) | at_end : can;
}

enum slow_answer slow_answer_of(unsigned can)
{
	return can == SLOW_PERMIT ? SLOW_YES : can == SLOW_DENY ? SLOW_NO : SLOW_UNKNOWN;
}

/* Interface list, then global list; the levels where there is neither. */
static enum slow_answer passes_in(const struct config *config, const struct slow_packet *packet)
{
	bool v4 = addr_is4(packet->dst);
	const struct access_group *own = slow_group_at(config, DIR_IN, packet->in, v4);
	const struct access_group *global = slow_group_at(config, DIR_GLOBAL, 0, v4);
	unsigned at_end = SLOW_DENY;
	if (!own && !global)
		return slow_by_levels(config, packet);
	if (global)
		at_end = list_outcomes(config, global, packet, SLOW_DENY);
	return slow_answer_of(own ? list_outcomes(config, own, packet, at_end) : at_end);
}

/* What a list says while its source may be any address. */
struct any_source {
	const struct config *config;
	const struct access_group *group;
	struct slow_packet packet;
	unsigned can;
};

static void add_outcome(void *context, u128 address)
{
	struct any_source *any = context;
	any->packet.src = address;
	any->can |= list_outcomes(any->config, any->group, &any->packet, SLOW_DENY);
}

/* The outbound list sees packets as they leave: real destination, translated source. */
static enum slow_answer passes_out(const struct config *config, const struct slow_packet *packet)
{
	const struct access_group *group =
	        slow_group_at(config, DIR_OUT, packet->out, addr_is4(packet->dst));
	struct slow_packet leaving = *packet;
	if (!group)
		return SLOW_YES;
	leaving.dst = packet->real_dst;
	leaving.dport = packet->real_dport;
	if (!slow_real_addresses(config) && addr_is4(packet->src)) {
		const struct slow_nats nats = slow_nats_of(config->arena, config);
		struct slow_end to = slow_unnat(config, &nats, packet);
		struct slow_end source = slow_source(config, &nats, packet, &to);
		struct any_source any = {config, group, leaving, 0};
		if (source.done == SLOW_UNKNOWN)
			slow_each_address(config, add_outcome, &any);
		else if (source.pooled)
			slow_each_pooled(config, packet, &source, add_outcome, &any);
		if (any.can)
			return slow_answer_of(any.can);
		leaving.src = source.address;
	}
	return slow_answer_of(list_outcomes(config, group, &leaving, SLOW_DENY));
}

struct slow_checks slow_checks_of(const struct config *config, const struct slow_packet *packet)
{
	return (struct slow_checks){
	        .in = passes_in(config, packet),
	        .levels = slow_same_security(config, packet),
	        .nat_control = passes_nat_control(config, packet),
	        .out = passes_out(config, packet),
	};
}

static enum slow_answer between(const struct config *config, const struct slow_packet *packet)
{
	struct slow_checks checks = slow_checks_of(config, packet);
	return slow_and(slow_and(checks.in, checks.levels),
	                slow_and(checks.nat_control, checks.out));
}

enum slow_answer slow_permitted(const struct config *config, const struct slow_packet *packet)
{
	enum slow_answer answer = between(config, packet);
	/* An interface that is not known may be any that has a list of its own. */
	VEC_EACH(const struct access_group, group, &config->access_groups) {
		struct slow_packet other = *packet;
		if (packet->in == 0 && group->direction == DIR_IN &&
		    !slow_same_ifc(config, group->interface, packet->out))
			other.in = group->interface;
		else if (packet->out == 0 && group->direction == DIR_OUT &&
		         !slow_same_ifc(config, group->interface, packet->in))
			other.out = group->interface;
		else
			continue;
		answer = slow_either(answer, between(config, &other));
	}
	return answer;
}
