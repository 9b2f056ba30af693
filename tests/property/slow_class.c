/* SPDX-License-Identifier: ISC */
#include "tests/property/slow_class.h"

enum { UDP = 17 };

/* A permit ACE is a match; a deny ACE or none is not (section 2). */
static enum slow_answer acl_matches(const struct config *config, name_id name,
                                    const struct slow_packet *packet, bool addresses_only)
{
	const struct acl *acl = config_acl(config, name);
	struct slow_packet anywhere = *packet;
	if (!acl || acl->kind != ACL_EXTENDED)
		return SLOW_NO;
	anywhere.in = anywhere.out = 0; /* a class is not about interfaces */
	struct slow_decision decision = addresses_only ? slow_acl_addresses(config, acl, &anywhere)
	                                               : slow_acl(config, acl, &anywhere);
	if (!(decision.can & SLOW_PERMIT))
		return SLOW_NO;
	return decision.can == SLOW_PERMIT ? SLOW_YES : SLOW_UNKNOWN;
}

static enum slow_answer match_as_meant(const struct config *config, const struct class_match *match,
                                       const struct slow_packet *packet)
{
	switch (match->kind) {
	case MATCH_ANY:
		return SLOW_YES;
	case MATCH_ACL:
		return acl_matches(config, match->acl, packet, false);
	case MATCH_PORT:
		return packet->proto == match->protocol && match->lo <= packet->dport &&
		                       packet->dport <= match->hi
		               ? SLOW_YES
		               : SLOW_NO;
	case MATCH_HEADER:
		return match->rtp && packet->proto != UDP ? SLOW_NO : SLOW_UNKNOWN;
	case MATCH_DEFAULT_INSPECTION:
	case MATCH_UNKNOWN:
		break;
	}
	return SLOW_UNKNOWN;
}

/* A line the device refuses is read as meant, but decides nothing for sure (ruling 14). */
static enum slow_answer one_match(const struct config *config, const struct class_match *match,
                                  const struct slow_packet *packet)
{
	enum slow_answer answer = match_as_meant(config, match, packet);
	return match->doubtful ? slow_and(answer, SLOW_UNKNOWN) : answer;
}

bool slow_is_by_ports(const struct class_map *map)
{
	VEC_EACH(const struct class_match, match, &map->matches)
		if (match->kind == MATCH_DEFAULT_INSPECTION)
			return true;
	return false;
}

/* By the lines that the device takes. */
static enum slow_answer plain_match(const struct config *config, const struct class_map *map,
                                    const struct slow_packet *packet)
{
	enum slow_answer answer = map->match_any_of || map->matches.n == 0 ? SLOW_NO : SLOW_YES;
	VEC_EACH(const struct class_match, match, &map->matches) {
		enum slow_answer one = one_match(config, match, packet);
		answer = map->match_any_of ? slow_or(answer, one) : slow_and(answer, one);
	}
	return answer;
}

enum slow_answer slow_class_matches(const struct config *config, const struct class_map *map,
                                    const struct slow_packet *packet)
{
	enum slow_answer answer = plain_match(config, map, packet);
	VEC_EACH(const struct class_match, match, &map->refused) {
		bool ports = map->matches.n && map->matches.v[0].kind == MATCH_PORT &&
		             match->kind == MATCH_PORT;
		enum slow_answer one = match_as_meant(config, match, packet);
		if (!(ports && one == SLOW_NO))
			answer = slow_either(answer, one);
	}
	return answer;
}

bool slow_may_be_refused(const struct config *config, const struct class_map *map,
                         const struct slow_packet *packet)
{
	bool may = false;
	VEC_EACH(const struct class_match, match, &map->refused)
		may |= match_as_meant(config, match, packet) != SLOW_NO;
	return may;
}

enum slow_answer slow_narrowed(const struct config *config, const struct class_map *map,
                               const struct slow_packet *packet)
{
	enum slow_answer answer = SLOW_YES;
	VEC_EACH(const struct class_match, match, &map->matches)
		if (match->kind == MATCH_ACL)
			answer = slow_and(answer, acl_matches(config, match->acl, packet, true));
	VEC_EACH(const struct class_match, match, &map->refused)
		if (answer == SLOW_YES && match_as_meant(config, match, packet) != SLOW_YES)
			answer = SLOW_UNKNOWN;
	return answer;
}
