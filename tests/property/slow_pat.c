/* SPDX-License-Identifier: ISC */
/* Packets that PAT cannot translate: syslog 305006, and the books' chapter on dynamic NAT. */
#include "tests/property/slow_nat_lines.h"

enum { ICMP = 1, TCP = 6, UDP = 17, GRE = 47, ESP = 50, AH = 51, ICMP6 = 58, SCTP = 132 };

static bool inspects(const struct config *config, const char *engine)
{
	name_id name = config_find_name(config, str_of(engine));
	VEC_EACH(const struct policy_map, policy, &config->policy_maps)
		VEC_EACH(const struct policy_class, class, &policy->classes)
			VEC_EACH(const struct inspect, inspect, &class->inspects)
				if (name && inspect->engine == name)
					return true;
	VEC_EACH(const struct fixup, fixup, &config->fixups)
		if (name && fixup->engine == name && !fixup->off)
			return true;
	return false;
}

static enum slow_answer pat_takes(const struct config *config, const struct slow_packet *packet)
{
	bool perhaps;
	switch (packet->proto) {
	case TCP:
	case UDP:
		return SLOW_YES;
	case ICMP: /* the type stands in for the source port */
		return packet->sport == 8 || packet->sport == 0 ? SLOW_YES : SLOW_NO;
	case ICMP6:
	case SCTP:
		return SLOW_UNKNOWN;
	case GRE:
		perhaps = inspects(config, "pptp");
		break;
	case ESP:
		perhaps = inspects(config, "ipsec-pass-thru") || inspects(config, "esp-ike");
		break;
	case AH:
		perhaps = inspects(config, "ipsec-pass-thru");
		break;
	default:
		perhaps = false;
	}
	return perhaps ? SLOW_UNKNOWN : SLOW_NO;
}

/* Does the line have addresses that one host gets for itself? */
static enum slow_answer has_own(const struct config *config, const struct slow_packet *packet,
                                const struct slow_nat *nat)
{
	enum slow_answer answer = SLOW_NO;
	if (nat->legacy) {
		VEC_EACH(const struct global_pool, pool, &config->globals) {
			if (pool->id != nat->legacy->id || !pool->is_range ||
			    !slow_same_ifc(config, pool->ifc, packet->out))
				continue;
			if (pool->addresses.lo == pool->addresses.hi)
				return SLOW_UNKNOWN;
			answer = SLOW_YES;
		}
		return answer;
	}
	if (nat->object ? nat->object->pat_pool : nat->twice->pat_pool)
		return SLOW_NO;
	const struct addr_spec *mapped =
	        nat->twice ? &nat->twice->src_mapped : &nat->object->mapped;
	if (mapped->kind == ADDR_INTERFACE)
		return SLOW_NO;
	struct ranges ranges = ranges_written(config, mapped);
	for (unsigned i = 0; i < ranges.n; i++)
		if (ranges.list[i].lo < ranges.list[i].hi)
			answer = SLOW_YES;
	return ranges.known ? answer : SLOW_UNKNOWN;
}

void slow_pat(const struct config *config, const struct slow_packet *packet, struct slow_end *end)
{
	enum slow_answer takes = pat_takes(config, packet);
	if (takes == SLOW_YES)
		return;
	enum slow_answer own = has_own(config, packet, end->nat);
	if (own == SLOW_YES)
		end->own = true;
	else if (own == SLOW_NO && takes == SLOW_NO)
		end->refused = true;
	else
		end->done = SLOW_UNKNOWN;
}
