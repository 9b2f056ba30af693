/* SPDX-License-Identifier: ISC */
/*
 * See pat.h. The books of ASA 8.2 and 9.x: PAT does not work with IP protocols that have no port
 * to overload, such as GRE version 0; of ICMP it takes echo and echo-reply (syslog 305006). A
 * mapped range gives each host an address of its own, and single addresses beside it are for PAT.
 */
#include "analyzers/pat.h"

#include "analyzers/mpf.h"

enum { PROTO_GRE = 47, PROTO_ESP = 50, PROTO_AH = 51, ICMP_ECHO_REPLY = 0, ICMP_ECHO = 8 };

/* Does anything in the config inspect with this engine, wherever? */
static bool has_engine(const struct config *config, struct str engine)
{
	VEC_EACH(const struct policy_map, policy, &config->policy_maps)
		if (mpf_inspects_with(config, policy, engine))
			return true;
	VEC_EACH(const struct fixup, fixup, &config->fixups)
		if (!fixup->off && str_eq(config_name(config, fixup->engine), engine))
			return true;
	return false;
}

struct answer {
	enum verdict takes;
	const char *why;
};

/* An engine that may open such connections through PAT, beside what was asked of the packet. */
static const struct {
	uint8_t protocol;
	const char *engine;
	const char *why;
} helpers[] = {
        {PROTO_GRE, "pptp",
         "PAT takes no GRE but that of calls which the inspection of PPTP follows"},
        {PROTO_ESP, "ipsec-pass-thru",
         "PAT takes no ESP but that of tunnels which the inspection of IPsec follows"},
        {PROTO_AH, "ipsec-pass-thru",
         "PAT takes no AH but that of tunnels which the inspection of IPsec follows"},
        {PROTO_ESP, "esp-ike", "`fixup protocol esp-ike` takes the ESP of one tunnel through PAT"},
};

/* Can PAT translate it? */
static struct answer pat_takes(const struct config *config, const struct packet *packet)
{
	u128 protocol = packet->at[DIM_PROTO], type = packet->at[DIM_SPORT];
	if (protocol == PROTO_TCP || protocol == PROTO_UDP)
		return (struct answer){VERDICT_YES, NULL};
	if (protocol == PROTO_ICMP && (type == ICMP_ECHO || type == ICMP_ECHO_REPLY))
		return (struct answer){VERDICT_YES, NULL};
	if (protocol == PROTO_ICMP)
		return (struct answer){VERDICT_NO,
		                       "PAT translates echo and echo-reply only (305006)"};
	if (protocol == PROTO_ICMP6)
		return (struct answer){VERDICT_UNKNOWN,
		                       "the documents do not tell which ICMPv6 PAT translates"};
	if (protocol == PROTO_SCTP)
		return (struct answer){VERDICT_UNKNOWN,
		                       "the documents do not tell whether PAT translates SCTP"};
	for (size_t i = 0; i < sizeof(helpers) / sizeof(helpers[0]); i++)
		if (protocol == helpers[i].protocol &&
		    has_engine(config, str_of(helpers[i].engine)))
			return (struct answer){VERDICT_UNKNOWN, helpers[i].why};
	return (struct answer){VERDICT_NO, "PAT has no port to go by in this protocol (305006)"};
}

/* --- addresses of one host each --------------------------------------------------------- */

struct own_addresses {
	struct arena *arena;
	VEC(struct range) list;
	bool unsure; /* there may be more */
};

static void add_range(struct own_addresses *own, struct range range)
{
	if (range.lo != range.hi)
		VEC_PUSH(own->arena, &own->list, range);
}

/* The ranges of a mapped object or group. Single addresses in it are for PAT. */
static void add_spec(const struct config *config, const struct addr_spec *spec, unsigned depth,
                     struct own_addresses *own)
{
	enum { DEEPEST = 20 };
	const struct object *object =
	        spec->kind == ADDR_OBJECT ? config_object(config, spec->name) : NULL;
	const struct group *group =
	        spec->kind == ADDR_GROUP ? config_group(config, spec->name) : NULL;
	if (spec->kind == ADDR_RANGE) {
		add_range(own, spec->range);
	} else if (object && object->kind == OBJECT_ADDRESS && depth < DEEPEST) {
		add_spec(config, &object->address, depth + 1, own);
	} else if (group && group->kind == GROUP_NETWORK && depth < DEEPEST) {
		VEC_EACH(const struct member, member, &group->members) {
			struct addr_spec inner = {.kind = ADDR_GROUP, .name = member->group};
			if (member->kind == MEMBER_ADDRESS)
				inner = member->address;
			add_spec(config, &inner, depth + 1, own);
		}
	} else if (spec->kind != ADDR_INTERFACE) {
		own->unsure = true;
	}
}

/* `global A-B`; of a range of one address the documents do not tell what it is. */
static void add_globals(const struct config *config, const struct nat_packet *packet,
                        const struct legacy_nat *nat, struct own_addresses *own)
{
	VEC_EACH(const struct global_pool, global, &config->globals) {
		if (global->id != nat->id || !global->is_range ||
		    config_interface(config, global->ifc) != packet->out)
			continue;
		own->unsure |= global->addresses.lo == global->addresses.hi;
		add_range(own, global->addresses);
	}
}

static struct own_addresses own_addresses(struct arena *arena, const struct config *config,
                                          const struct nat_packet *packet,
                                          const struct nat_rule *rule)
{
	struct own_addresses own = {.arena = arena};
	if (rule->legacy)
		add_globals(config, packet, rule->legacy, &own);
	else if (rule->object && !rule->object->pat_pool)
		add_spec(config, &rule->object->mapped, 0, &own);
	else if (rule->twice && !rule->twice->pat_pool)
		add_spec(config, &rule->twice->src_mapped, 0, &own);
	return own;
}

/* --- the limit -------------------------------------------------------------------------- */

static void refuse(struct arena *arena, struct xlate *source, enum verdict takes, const char *why)
{
	source->done = VERDICT_UNKNOWN;
	source->refused = takes == VERDICT_NO;
	source->no_pat = source->refused;
	source->address_known = source->port_known = false;
	source->several = true;
	source->pool = iset_family(arena, iset_all(), addr_is4(source->address));
	source->why = WHY_UNMODELLED;
	source->why_text = str_of(why);
}

void pat_limit(struct arena *arena, const struct config *config, const struct nat_packet *packet,
               struct xlate *source)
{
	const struct nat_rule *rule = source->rule;
	if (source->done != VERDICT_YES || source->reverse || rule->act != ACT_DYNAMIC)
		return;
	struct answer answer = pat_takes(config, &packet->wire);
	if (answer.takes == VERDICT_YES)
		return;
	struct own_addresses own = own_addresses(arena, config, packet, rule);
	if (own.unsure) {
		refuse(arena, source, VERDICT_UNKNOWN,
		       "it cannot be told whether this is PAT, which has no port to go by");
	} else if (own.list.n == 0) {
		refuse(arena, source, answer.takes, answer.why);
	} else {
		source->several = true;
		source->pool = iset_of(arena, own.list.v, own.list.n);
		source->address_known = false;
	}
}
