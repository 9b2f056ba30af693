/* SPDX-License-Identifier: ISC */
/* See slow_mpf.h; sections 1.6, 2 and 3 of asa-semantics, one loop each. */
#include "tests/property/slow_mpf.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/property/slow_class.h"
#include "tests/property/slow_engines.h"

enum { TCP = 6, UDP = 17 };

static bool is_word(struct str name, const char *word)
{
	return str_eq(name, str_of(word));
}

static bool is_smtp(const struct config *config, const struct inspect *inspect)
{
	struct str engine = config_name(config, inspect->engine);
	return is_word(engine, "esmtp") || is_word(engine, "smtp");
}

static struct str owner_engine(const struct config *config, const struct slow_owner *owner)
{
	return config_name(config, owner->fixup ? owner->fixup->engine : owner->inspect->engine);
}

static bool is_class_default(const struct config *config, const struct policy_class *class)
{
	return is_word(config_name(config, class->name), "class-default");
}

/* --- actions ----------------------------------------------------------------------------- */

static bool has_action(const struct config *config, const struct policy_class *class,
                       enum slow_feature feature)
{
	bool any = false;
	switch (feature) {
	case SLOW_INSPECT:
		VEC_EACH(const struct inspect, inspect, &class->inspects)
			any |= !slow_is_combinable(config_name(config, inspect->engine));
		return any;
	case SLOW_CONN:
		for (int i = 0; i < CONN_LIMIT_COUNT; i++)
			any |= class->limits[i].set;
		for (int i = 0; i < TIMEOUT_COUNT; i++)
			any |= class->timeouts[i].set;
		return any || class->conn_other;
	case SLOW_TCP:
		return class->state_bypass || class->tcp_map;
	case SLOW_POLICE_IN:
		return class->police_in.set;
	case SLOW_POLICE_OUT:
		return class->police_out.set;
	case SLOW_MODULE:
		return class->modules.n > 0;
	case SLOW_FEATURES:
		break;
	}
	return false;
}

/* --- the search -------------------------------------------------------------------------- */

struct search {
	const struct config *config;
	enum slow_feature feature;
	const struct slow_packet *packet; /* as the policy at hand sees it */
	const struct service_policy *service_policy;
	struct slow_owners *owners;
	const struct policy_map *before[3]; /* asked already; they hide what engines they hold */
	unsigned n_before;
};

/* `set connection conn-max 0` alone: nobody tells whether it is an action (section 5). */
static bool only_zeroes(const struct policy_class *class)
{
	for (int i = 0; i < CONN_LIMIT_COUNT; i++)
		if (class->limits[i].set && class->limits[i].value > 0)
			return false;
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		if (class->timeouts[i].set)
			return false;
	return !class->conn_other;
}

/* The class matches so surely; does the search end here? */
static void claim(struct search *search, const struct policy_class *class,
                  const struct inspect *inspect, enum slow_answer matches)
{
	struct slow_owners *owners = search->owners;
	if (matches == SLOW_NO)
		return;
	if (owners->n == SLOW_MAX_OWNERS) {
		fputs("slow_mpf: too many classes may own one packet\n", stderr);
		abort();
	}
	owners->list[owners->n++] =
	        (struct slow_owner){search->service_policy, class, inspect, NULL};
	if (matches == SLOW_YES && !(search->feature == SLOW_CONN && only_zeroes(class)))
		owners->open = false;
}

/* A line of the class that could not be read may be an action of any feature. */
static void blur(struct slow_owners *owners, const struct policy_class *class)
{
	owners->blurred_twice |= owners->blurred && owners->blurring != class;
	owners->blurred = true;
	owners->blurring = class;
}

/*
 * Does a policy before this one hold the engine, so that it perhaps acts nowhere else (ruling 4)?
 */
static bool is_held_before(const struct search *search, const struct inspect *inspect)
{
	for (unsigned i = 0; i < search->n_before; i++)
		VEC_EACH(const struct policy_class, class, &search->before[i]->classes)
			VEC_EACH(const struct inspect, held, &class->inspects)
				if (held->engine == inspect->engine ||
				    (is_smtp(search->config, held) &&
				     is_smtp(search->config, inspect)))
					return true;
	return false;
}

/* inspection_default: each engine for its own ports; other actions for the ports of all. */
static void try_inspection_default(struct search *search, const struct policy_class *class,
                                   const struct class_map *map)
{
	enum slow_answer matches = slow_narrowed(search->config, map, search->packet);
	if (search->feature != SLOW_INSPECT) {
		if (slow_is_default_port(NULL, search->packet))
			claim(search, class, NULL, matches);
		return;
	}
	VEC_EACH(const struct inspect, inspect, &class->inspects) {
		struct str engine = config_name(search->config, inspect->engine);
		if (search->owners->open && !slow_is_combinable(engine) &&
		    slow_is_default_port(&engine, search->packet) &&
		    !is_held_before(search, inspect))
			claim(search, class, inspect, matches);
	}
}

/*
 * The first inspection of the class that works on the packet's transport (ruling 2); any of
 * them where the class-map is not there to tell whether each has ports of its own.
 */
static void try_inspects(struct search *search, const struct policy_class *class,
                         const struct class_map *map, enum slow_answer matches)
{
	bool by_ports = map && slow_is_by_ports(map);
	bool any = by_ports || (!map && !is_class_default(search->config, class));
	VEC_EACH(const struct inspect, inspect, &class->inspects) {
		struct str engine = config_name(search->config, inspect->engine);
		if (slow_is_combinable(engine) || !slow_works_on(engine, search->packet->proto) ||
		    is_held_before(search, inspect))
			continue;
		claim(search, class, inspect, matches);
		if (!any)
			return;
	}
}

static void try_class(struct search *search, const struct policy_class *class)
{
	const struct config *config = search->config;
	const struct class_map *map = config_class_map(config, class->name);
	bool last = is_class_default(config, class);
	enum slow_answer matches = SLOW_YES;
	if (!search->owners->open)
		return;
	bool by_ports = map && !last && slow_is_by_ports(map);
	search->owners->excused |= class->unknown;
	if (by_ports)
		matches = slow_narrowed(config, map, search->packet);
	else if (!last && map)
		matches = slow_class_matches(config, map, search->packet);
	else if (!last)
		matches = SLOW_UNKNOWN; /* no device holds such a class: the text is not whole */
	if (class->unknown && matches != SLOW_NO)
		blur(search->owners, class);
	if (!has_action(config, class, search->feature))
		return; /* such a class never stops the search (ruling 1) */
	bool also = by_ports && slow_may_be_refused(config, map, search->packet);
	if (by_ports)
		try_inspection_default(search, class, map);
	if (by_ports && !(also && search->owners->open))
		return;
	if (by_ports)
		matches = SLOW_UNKNOWN;
	if (search->feature == SLOW_INSPECT)
		try_inspects(search, class, map, matches);
	else
		claim(search, class, NULL, matches);
}

/* class-default comes last wherever it stands (ruling 2). */
static void try_policy(struct search *search, const struct policy_map *policy)
{
	VEC_EACH(const struct policy_class, class, &policy->classes)
		if (!is_class_default(search->config, class))
			try_class(search, class);
	VEC_EACH(const struct policy_class, class, &policy->classes)
		if (is_class_default(search->config, class))
			try_class(search, class);
}

/* Does some class of the policy hold the feature? */
static bool holds(const struct config *config, const struct policy_map *policy,
                  enum slow_feature feature)
{
	VEC_EACH(const struct policy_class, class, &policy->classes)
		if (has_action(config, class, feature))
			return true;
	return false;
}

static const struct service_policy *policy_on(const struct config *config, name_id ifc)
{
	VEC_EACH(const struct service_policy, sp, &config->service_policies)
		if (ifc ? slow_same_ifc(config, sp->interface, ifc) : sp->interface == 0)
			return sp;
	return NULL;
}

/* Does `sip PORT` speak of UDP too? Only where the text has no `sip udp`, and then perhaps. */
static bool sip_may_be_udp(const struct config *config, const struct fixup *fixup)
{
	if (!is_word(config_name(config, fixup->engine), "sip") || fixup->transport != TCP)
		return false;
	VEC_EACH(const struct fixup, other, &config->fixups)
		if (other->engine == fixup->engine && other->transport == UDP)
			return false;
	return true;
}

/* PIX 6: by port alone, whatever the host (section 6). Each engine once; none before another. */
static void try_fixups(const struct config *config, const struct slow_packet *packet,
                       struct slow_owners *owners)
{
	if (packet->proto != TCP && packet->proto != UDP)
		return;
	VEC_EACH(const struct fixup, fixup, &config->fixups) {
		bool here = fixup->transport == 0 || packet->proto == fixup->transport;
		bool maybe = packet->proto == UDP && sip_may_be_udp(config, fixup);
		bool again = false;
		if (fixup->off || fixup->lo == 0 || !(here || maybe) || packet->dport < fixup->lo ||
		    packet->dport > fixup->hi)
			continue;
		for (unsigned i = 0; i < owners->n; i++)
			again |= owners->list[i].fixup->engine == fixup->engine;
		if (again)
			continue;
		owners->list[owners->n++] = (struct slow_owner){.fixup = fixup};
		owners->open = owners->open && !here;
	}
}

void slow_search(const struct config *config, enum slow_feature feature,
                 const struct slow_packet *packet, struct slow_reading reading,
                 struct slow_owners *owners)
{
	const struct service_policy *ingress = packet->in ? policy_on(config, packet->in) : NULL;
	const struct service_policy *egress = packet->out ? policy_on(config, packet->out) : NULL;
	const struct service_policy *order[] = {ingress, policy_on(config, 0), egress};
	/* Policing acts where its direction says (section 3). */
	if (feature == SLOW_POLICE_IN)
		order[2] = NULL;
	if (feature == SLOW_POLICE_OUT) {
		order[0] = egress;
		order[2] = NULL;
	}
	owners->n = 0;
	owners->open = true;
	owners->blurred = owners->blurred_twice = owners->excused = false;
	owners->blurring = NULL;
	if (slow_fixups(config)) {
		if (feature == SLOW_INSPECT)
			try_fixups(config, packet, owners);
		return;
	}
	struct search search = {.config = config, .feature = feature, .owners = owners};
	for (size_t i = 0; i < 3; i++) {
		const struct policy_map *policy =
		        order[i] ? config_policy_map(config, order[i]->policy) : NULL;
		struct slow_packet seen = *packet;
		if (!order[i] || (i == 2 && egress == ingress))
			continue;
		if (!policy) { /* it is not in the text: it may do anything */
			blur(owners, NULL);
			owners->excused = true;
			continue;
		}
		if (order[i]->interface == 0 && reading.real_in_global) {
			seen.dst = packet->real_dst;
			seen.dport = packet->real_dport;
		}
		search.packet = &seen;
		search.service_policy = order[i];
		try_policy(&search, policy);
		if (!owners->open)
			return;
		if (reading.per_feature && feature == SLOW_INSPECT)
			search.before[search.n_before++] = policy;
		else if (reading.per_feature && holds(config, policy, feature))
			return;
	}
}

/* --- the verdict ------------------------------------------------------------------------- */

/* Do the owners do it: all, none, or some? */
static enum slow_answer all_of(unsigned n_do, const struct slow_owners *owners)
{
	if (owners->blurred)
		return SLOW_UNKNOWN;
	if (n_do == 0)
		return SLOW_NO;
	return n_do == owners->n && !owners->open ? SLOW_YES : SLOW_UNKNOWN;
}

static enum slow_answer inspected_in(const struct config *config, const struct slow_packet *packet,
                                     struct slow_reading reading)
{
	struct slow_owners owners;
	unsigned n = 0;
	slow_search(config, SLOW_INSPECT, packet, reading, &owners);
	for (unsigned i = 0; i < owners.n; i++)
		n += is_word(owner_engine(config, &owners.list[i]), "smtp") ||
		     is_word(owner_engine(config, &owners.list[i]), "esmtp");
	enum slow_answer smtp = all_of(n, &owners);
	if (smtp == SLOW_NO)
		return SLOW_NO;
	slow_search(config, SLOW_TCP, packet, reading, &owners);
	n = 0;
	for (unsigned i = 0; i < owners.n; i++)
		n += owners.list[i].class->state_bypass;
	/* Whatever else the owner does: its own lines do not take the bypass back. */
	if (owners.n == 1 && !owners.open && !owners.blurred_twice &&
	    owners.blurring == owners.list[0].class)
		owners.blurred = false;
	enum slow_answer bypass = all_of(n, &owners);
	return bypass == SLOW_YES ? SLOW_NO : bypass == SLOW_NO ? smtp : SLOW_UNKNOWN;
}

static enum slow_answer over_readings(const struct config *config, const struct slow_packet *packet)
{
	enum slow_answer answer = inspected_in(config, packet, (struct slow_reading){false, false});
	for (int i = 1; i < 4; i++) {
		struct slow_reading reading = {(i & 1) != 0, (i & 2) != 0};
		answer = slow_either(answer, inspected_in(config, packet, reading));
	}
	return answer;
}

enum slow_answer slow_inspected(const struct config *config, const struct slow_packet *packet)
{
	enum slow_answer answer = over_readings(config, packet);
	/* An interface that is not known may be any that has a policy of its own, or none. */
	VEC_EACH(const struct service_policy, sp, &config->service_policies) {
		struct slow_packet other = *packet;
		if (sp->interface == 0 || (packet->in && packet->out))
			continue;
		if (packet->in == 0 && !slow_same_ifc(config, sp->interface, packet->out))
			other.in = sp->interface;
		else if (packet->out == 0 && !slow_same_ifc(config, sp->interface, packet->in))
			other.out = sp->interface;
		else
			continue;
		answer = slow_either(answer, over_readings(config, &other));
	}
	return answer;
}
