/* SPDX-License-Identifier: ISC */
#include "tests/property/treatment.h"

#include <stdlib.h>

#include "tests/property/slow_mpf.h"
#include "tests/property/slow_permit.h"

static const struct slow_reading readings[] = {
        {false, false}, {true, false}, {false, true}, {true, true}};

enum { N_READINGS = sizeof(readings) / sizeof(readings[0]) };

static void add_number(struct buf *text, const char *word, const struct setting_number *number)
{
	if (number->set)
		buf_printf(text, " %s %u", word, number->value);
}

/* A map by what it says; one that is not in the text by its name. */
static void add_map(struct buf *text, const struct config *config, const struct inspect *inspect)
{
	const struct inspect_map *map =
	        inspect->map ? config_inspect_map(config, config_find_name(config, S("esmtp")),
	                                          inspect->map)
	                     : NULL;
	if (!map) {
		buf_add(text, config_name(config, inspect->map));
		return;
	}
	buf_printf(text, "map %d %d %u %u%s", map->allow_tls == SETTING_ON,
	           map->mask_banner == SETTING_ON, map->mail_relay, map->special_character,
	           map->unknown ? " and what cannot be read" : "");
	VEC_EACH(const struct map_match, match, &map->matches)
		buf_printf(text, ", %d %.*s %u", match->negated, STR(match->what), match->actions);
}

/* What an owner does for the feature. */
static struct str action(struct arena *arena, const struct config *config,
                         enum slow_feature feature, const struct slow_owner *owner)
{
	static const char *const limits[CONN_LIMIT_COUNT] = {"max", "embryonic", "client",
	                                                     "client-embryonic"};
	static const char *const timeouts[TIMEOUT_COUNT] = {"idle", "embryonic", "half-closed"};
	const struct policy_class *class = owner->class;
	struct buf text = {.arena = arena};
	if (owner->fixup)
		return STR_JOIN(arena, S("fixup "), config_name(config, owner->fixup->engine));
	switch (feature) {
	case SLOW_INSPECT:
		buf_printf(&text, "%.*s ", STR(config_name(config, owner->inspect->engine)));
		add_map(&text, config, owner->inspect);
		break;
	case SLOW_CONN:
		for (int i = 0; i < CONN_LIMIT_COUNT; i++)
			add_number(&text, limits[i], &class->limits[i]);
		for (int i = 0; i < TIMEOUT_COUNT; i++)
			add_number(&text, timeouts[i], &class->timeouts[i]);
		buf_printf(&text, "%s%s", class->random_sequence ? " sequence" : "",
		           class->dcd ? " dcd" : "");
		break;
	case SLOW_TCP:
		buf_printf(&text, "%s%s", class->state_bypass ? " bypass" : "",
		           class->tcp_map ? " tcp-map" : "");
		break;
	case SLOW_POLICE_IN:
		add_number(&text, "police", &class->police_in);
		break;
	case SLOW_POLICE_OUT:
		add_number(&text, "police", &class->police_out);
		break;
	case SLOW_MODULE:
		VEC_EACH(const struct module_action, module, &class->modules)
			buf_printf(&text, " %.*s%d", STR(config_name(config, module->module)),
			           module->copy_only);
		break;
	case SLOW_FEATURES:
		break;
	}
	return buf_str(&text);
}

static int by_text(const void *left, const void *right)
{
	return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

/* The set of what may be done; an owner that does the same as one before it adds nothing. */
static void add_feature(struct buf *out, const struct config *config, enum slow_feature feature,
                        const struct slow_packet *packet, struct slow_reading reading)
{
	struct slow_owners owners;
	VEC(struct str) actions = {0};
	slow_search(config, feature, packet, reading, &owners);
	for (unsigned i = 0; i < owners.n; i++) {
		struct str text = action(out->arena, config, feature, &owners.list[i]);
		bool known = false;
		VEC_EACH(const struct str, old, &actions)
			known |= str_eq(*old, text);
		if (!known)
			VEC_PUSH(out->arena, &actions, text);
	}
	/* Which of them it is is not known, so their order says nothing. */
	if (actions.n)
		qsort(actions.v, actions.n, sizeof(actions.v[0]), by_text);
	for (uint32_t i = 0; i < actions.n; i++)
		buf_printf(out, "%s%.*s", i ? " or " : "", STR(actions.v[i]));
	buf_printf(out, "%s%s; ", owners.open ? (owners.n ? " or none" : "none") : "",
	           owners.blurred ? " or what cannot be read" : "");
}

static struct str features(struct arena *arena, const struct config *config,
                           const struct slow_packet *packet, enum slow_feature first,
                           enum slow_feature last)
{
	struct buf out = {.arena = arena};
	for (int r = 0; r < N_READINGS; r++)
		for (int feature = (int)first; feature <= (int)last; feature++)
			add_feature(&out, config, (enum slow_feature)feature, packet, readings[r]);
	return buf_str(&out);
}

/* The limits of a static that count for the packet: those of TCP, or that of UDP (4.2). */
static struct str of_static(struct arena *arena, const struct config *config,
                            const struct slow_packet *packet)
{
	const struct legacy_nat *nat = slow_static(config, packet);
	if (!nat)
		return S("no static");
	bool tcp = packet->proto == PROTO_TCP, udp = packet->proto == PROTO_UDP;
	return str_printf(arena, "static of %u, limits %u %u %u", nat->mapped_port,
	                  tcp ? nat->limits.max_conns : 0, tcp ? nat->limits.embryonic : 0,
	                  udp ? nat->limits.udp_max_conns : 0);
}

struct slow_treatment slow_treat(struct arena *arena, const struct config *config, struct str in,
                                 struct str out, const struct slow_packet *packet)
{
	struct slow_treatment treatment;
	struct slow_packet here = *packet;
	here.in = in.n ? config_find_name(config, in) : 0;
	here.out = out.n ? config_find_name(config, out) : 0;
	struct slow_checks checks = slow_checks_of(config, &here);
	treatment.part[PART_INSPECTION] = str_printf(
	        arena, "%.*s(%s)", STR(features(arena, config, &here, SLOW_INSPECT, SLOW_INSPECT)),
	        slow_answer_names[slow_inspected(config, &here)]);
	treatment.part[PART_LIMITS] = features(arena, config, &here, SLOW_CONN, SLOW_CONN);
	treatment.part[PART_STATIC] = of_static(arena, config, &here);
	treatment.part[PART_REST] =
	        str_printf(arena, "%.*s(in %s, levels %s, nat-control %s, out %s, permitted %s)",
	                   STR(features(arena, config, &here, SLOW_TCP, SLOW_MODULE)),
	                   slow_answer_names[checks.in], slow_answer_names[checks.levels],
	                   slow_answer_names[checks.nat_control], slow_answer_names[checks.out],
	                   slow_answer_names[slow_permitted(config, &here)]);
	return treatment;
}
