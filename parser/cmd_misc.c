/* SPDX-License-Identifier: ISC */
/* Commands of no family: hostname, timeouts, same-security-traffic, contexts, clear configure. */
#include "parser/grammar.h"

enum handled cmd_hostname(struct reader *reader, struct cursor *cursor)
{
	reader->config->hostname = reader->negated ? (struct str){"", 0} : take(cursor);
	return HANDLED;
}

/* timeout {WHAT H:M:S}...; only conn and half-closed bear on mail */
enum handled cmd_timeout(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	bool relevant = false;
	while (!at_end(cursor)) {
		struct str what = take(cursor);
		uint32_t seconds;
		if (!take_time(cursor, &seconds)) {
			if (str_eq(what, S("conn")))
				return HANDLED_UNKNOWN;
			continue;
		}
		struct setting_number number = {!reader->negated, seconds, reader->line};
		if (str_eq(what, S("conn")))
			config->timeout_conn = number;
		else if (str_eq(what, S("half-closed")))
			config->timeout_half_closed = number;
		else
			continue;
		relevant = true;
	}
	return relevant ? HANDLED : HANDLED_IRRELEVANT;
}

enum handled cmd_same_security(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	accept(cursor, "permit");
	if (accept(cursor, "inter-interface")) {
		config->same_security_inter = !reader->negated;
	} else {
		config->same_security_intra = !reader->negated;
		config->same_security_intra_span = reader->line;
	}
	return HANDLED;
}

/* router {ospf|eigrp|rip|bgp|isis} ...: routes that the text does not have */
enum handled cmd_router(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	if (!reader->negated && reader->config->routing_span.len == 0)
		reader->config->routing_span = reader->line;
	return HANDLED_IRRELEVANT;
}

/* context NAME, in the system space of a multi-context device */
enum handled cmd_context(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	reader->config->system_context = true;
	return HANDLED_IRRELEVANT;
}

/* --- clear configure -------------------------------------------------------------------- */

static void clear_index(struct name_index *index)
{
	for (uint32_t i = 0; i < index->slots.n; i++)
		index->slots.v[i] = 0;
}

static void clear_access_lists(struct config *config, name_id only)
{
	uint32_t kept = 0;
	VEC_EACH(const struct access_group, group, &config->access_groups)
		if (only && group->acl != only)
			config->access_groups.v[kept++] = *group;
	config->access_groups.n = kept;
	if (only)
		config_unindex(&config->acl_index, only);
	else
		clear_index(&config->acl_index);
}

static void clear_groups(struct config *config)
{
	clear_index(&config->group_index);
}

static void clear_objects(struct config *config)
{
	clear_index(&config->object_index);
	config->object_nats.n = 0;
}

static void clear_nats(struct config *config, bool statics, bool dynamics)
{
	uint32_t kept = 0;
	VEC_EACH(const struct legacy_nat, nat, &config->nats) {
		bool is_static = nat->kind == NAT_STATIC;
		if (!(is_static ? statics : dynamics))
			config->nats.v[kept++] = *nat;
	}
	config->nats.n = kept;
	if (dynamics)
		config->twice_nats.n = 0;
}

/* clear {configure|config} WHAT [NAME] · clear access-list NAME (PIX 6) · clear xlate and the like
 */
enum handled cmd_clear(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	bool configure = accept(cursor, "configure") || accept(cursor, "config");
	if (!configure && !config_uses_fixup(config) && config->version.major)
		return HANDLED_IRRELEVANT; /* counters and connections */
	struct str what = take(cursor);
	name_id name = at_end(cursor) ? 0 : config_find_name(config, peek(cursor));
	bool all = configure && str_eq(what, S("all"));
	if (!at_end(cursor) && name == 0)
		return HANDLED; /* a name that nothing has */
	if (all || str_eq(what, S("access-list")))
		clear_access_lists(config, all ? 0 : name);
	if (all || str_eq(what, S("access-group")))
		config->access_groups.n = 0;
	if (all || str_eq(what, S("object-group")))
		clear_groups(config);
	if (all || str_eq(what, S("object")))
		clear_objects(config);
	if (all || str_eq(what, S("static")) || str_eq(what, S("nat")))
		clear_nats(config, all || str_eq(what, S("static")), all || str_eq(what, S("nat")));
	if (all || str_eq(what, S("global")))
		config->globals.n = 0;
	if (all || str_eq(what, S("service-policy")))
		config->service_policies.n = 0;
	if (all || str_eq(what, S("policy-map")))
		config->policy_maps.n = 0;
	if (all || str_eq(what, S("class-map")))
		config->class_maps.n = 0;
	if (all || str_eq(what, S("fixup")))
		config->fixups.n = 0;
	if (all || str_eq(what, S("route")))
		config->routes.n = 0;
	if (all || str_eq(what, S("conduit")))
		config->has_conduits = false;
	if (all || str_eq(what, S("name")) || str_eq(what, S("names")))
		clear_index(&config->label_index);
	return HANDLED;
}
