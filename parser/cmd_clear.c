/* SPDX-License-Identifier: ISC */
/* clear configure: one row a family. */
#include "parser/grammar.h"

/* Each walks all there is; nobody clears more often. */
enum { MAX_CLEARS = 1000 };

/* Clear what is of this name, or with 0 all. */
typedef void clear_fn(struct reader *reader, name_id name);

static void clear_index(struct name_index *index)
{
	for (uint32_t i = 0; i < index->slots.n; i++)
		index->slots.v[i] = 0;
}

/* Run the `no` form of a command that is KEYWORD... NAME for everything of a kind. */
static void run_no(struct reader *reader, command_fn *handler, struct str a, struct str b,
                   name_id name)
{
	struct str words[] = {a, b, config_name(reader->config, name)};
	struct cursor cursor = {reader, b.n ? words : words + 1, b.n ? 3 : 2, 1};
	if (b.n == 0)
		words[1] = a;
	bool negated = reader->negated;
	reader->negated = true;
	handler(reader, &cursor);
	reader->negated = negated;
}

static void clear_access_lists(struct reader *reader, name_id name)
{
	struct config *config = reader->config;
	for (uint32_t i = 0; i < config->acls.n; i++) {
		name_id acl = config->acls.v[i].name;
		if ((name == 0 || acl == name) &&
		    config_index_get(&config->acl_index, acl) == i + 1)
			drop_acl(reader, acl);
	}
}

static void clear_access_groups(struct reader *reader, name_id name)
{
	for (uint32_t i = 0; i < reader->config->access_groups.n; i++)
		if (name == 0 || reader->config->access_groups.v[i].acl == name)
			remove_access_group(reader, i);
}

static void clear_objects(struct reader *reader, name_id name)
{
	VEC_EACH(const struct object, object, &reader->config->objects)
		if (name == 0 || object->name == name)
			run_no(reader, cmd_object_network, S("object"), S("network"), object->name);
}

static void clear_groups(struct reader *reader, name_id name)
{
	struct config *config = reader->config;
	if (name)
		config_unindex(&config->group_index, name);
	else
		clear_index(&config->group_index);
	reader->removed = true;
}

static void clear_service_policies(struct reader *reader, name_id name)
{
	(void)name;
	VEC_EACH(struct service_policy, policy, &reader->config->service_policies)
		policy->policy = 0;
	clear_index(&reader->places.service_policies);
	clear_index(&reader->places.policy_uses);
	reader->removed = true;
}

static void clear_policy_maps(struct reader *reader, name_id name)
{
	VEC_EACH(const struct policy_map, policy, &reader->config->policy_maps)
		if (policy->name && (name == 0 || policy->name == name))
			run_no(reader, cmd_policy_map, S("policy-map"), S(""), policy->name);
}

static void clear_class_maps(struct reader *reader, name_id name)
{
	VEC_EACH(const struct class_map, map, &reader->config->class_maps)
		if (map->name && (name == 0 || map->name == name))
			run_no(reader, cmd_class_map, S("class-map"), S(""), map->name);
}

static void clear_legacy(struct reader *reader, bool statics)
{
	struct config *config = reader->config;
	uint32_t kept = 0;
	reader_settle(reader);
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if ((nat->kind == NAT_STATIC) != statics)
			config->nats.v[kept++] = *nat;
	config->nats.n = kept;
}

static void clear_statics(struct reader *reader, name_id name)
{
	(void)name;
	clear_legacy(reader, true);
}

static void clear_nats(struct reader *reader, name_id name)
{
	(void)name;
	clear_legacy(reader, false);
	reader->twice_nats[0].n = reader->twice_nats[1].n = 0;
	VEC_EACH(struct object_nat, nat, &reader->config->object_nats)
		nat->object = 0;
	clear_index(&reader->places.object_nats);
	reader->removed = true;
}

static void clear_globals(struct reader *reader, name_id name)
{
	(void)name;
	reader_settle(reader);
	reader->config->globals.n = 0;
}

static void clear_routes(struct reader *reader, name_id name)
{
	struct config *config = reader->config;
	uint32_t kept = 0;
	reader_settle(reader);
	VEC_EACH(const struct route, route, &config->routes)
		if (name && route->ifc != name)
			config->routes.v[kept++] = *route;
	config->routes.n = kept;
}

/* `clear fixup` of PIX 6 puts the factory's fixups back. */
static void clear_fixups(struct reader *reader, name_id name)
{
	(void)name;
	reader->config->fixups.n = 0;
	put_factory_fixups(reader);
}

static void clear_conduits(struct reader *reader, name_id name)
{
	(void)name;
	reader_settle(reader);
	reader->config->has_conduits = false;
	reader->config->conduits.aces.n = 0;
}

static void clear_outbounds(struct reader *reader, name_id name)
{
	(void)name;
	reader->config->has_outbounds = false;
	reader->config->outbounds.n = 0;
}

static void clear_names(struct reader *reader, name_id name)
{
	if (name)
		config_unindex(&reader->config->label_index, name);
	else
		clear_index(&reader->config->label_index);
}

static void clear_same_security(struct reader *reader, name_id name)
{
	(void)name;
	reader->config->same_security_inter = reader->config->same_security_intra = false;
}

static void clear_timeouts(struct reader *reader, name_id name)
{
	(void)name;
	reader->config->timeout_conn = (struct setting_number){0};
	reader->config->timeout_half_closed = (struct setting_number){0};
}

static void clear_nat_control(struct reader *reader, name_id name)
{
	(void)name;
	reader->config->nat_control = false;
}

static void clear_crypto(struct reader *reader, name_id name)
{
	struct config *config = reader->config;
	bool all = name == 0;
	uint32_t entries = 0, bindings = 0;
	VEC_EACH(const struct crypto_entry, entry, &config->crypto_entries)
		if (!all && entry->map != name)
			config->crypto_entries.v[entries++] = *entry;
	VEC_EACH(const struct crypto_binding, binding, &config->crypto_bindings)
		if (!all && binding->map != name)
			config->crypto_bindings.v[bindings++] = *binding;
	config->crypto_entries.n = entries;
	config->crypto_bindings.n = bindings;
}

/* In an order in which `clear configure all` can go: users before what they use. */
static const struct {
	const char *word;
	clear_fn *clear;
} families[] = {
        {"service-policy", clear_service_policies},
        {"policy-map", clear_policy_maps},
        {"class-map", clear_class_maps},
        {"access-group", clear_access_groups},
        {"access-list", clear_access_lists},
        {"static", clear_statics},
        {"nat", clear_nats},
        {"global", clear_globals},
        {"nat-control", clear_nat_control},
        {"object-group", clear_groups},
        {"object", clear_objects},
        {"route", clear_routes},
        {"crypto", clear_crypto},
        {"name", clear_names},
        {"names", clear_names},
        {"conduit", clear_conduits},
        {"outbound", clear_outbounds},
        {"apply", clear_outbounds},
        {"same-security-traffic", clear_same_security},
        {"timeout", clear_timeouts},
        {"fixup", clear_fixups},
};

static void clear_all(struct reader *reader)
{
	struct config *config = reader->config;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		families[i].clear(reader, 0);
	VEC_EACH(struct inspect_map, map, &config->inspect_maps)
		map->name = 0;
	config->fixups.n = 0;
	config->interfaces.n = 0;
	clear_index(&reader->places.inspect_maps);
	clear_index(&reader->places.hardware);
	clear_index(&reader->places.nameif);
}

/* Families that asamend models and cannot clear in part. */
static bool is_other_family(struct str what)
{
	static const char *const words[] = {"interface", "ip", "ipv6", "nameif", "hostname"};
	return WORD_IN(what, words);
}

/* The name at the end: [network|service|...] [id] NAME */
static bool take_name(struct reader *reader, struct cursor *cursor, name_id *name)
{
	static const char *const kinds[] = {"network",   "service",  "protocol", "icmp-type",
	                                    "user",      "security", "id",       "global",
	                                    "interface", "extended"};
	bool some = false;
	*name = 0;
	while (!at_end(cursor)) {
		some = true;
		if (ACCEPT_ONE(cursor, kinds) < 0)
			*name = config_find_name(reader->config, take(cursor));
	}
	return !some || *name;
}

/* clear configure {all | WHAT [NAME]} · clear WHAT (PIX 6) · clear xlate and the like */
enum handled cmd_clear(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	bool configure = accept(cursor, "configure") || accept(cursor, "config");
	name_id name;
	/* Without `configure`: on PIX 6 the same, later counters and connections. */
	if (!configure && ((config->version.major && !config_uses_fixup(config)) ||
	                   str_eq(cursor->words[cursor->n - 1], S("counters"))))
		return HANDLED_IRRELEVANT;
	if (++reader->n_clears > MAX_CLEARS)
		return HANDLED_UNKNOWN;
	struct str what = take(cursor);
	static const char *const maps[] = {"map",
	                                   "dynamic-map"}; /* of `crypto`: the rest is none */
	if (str_eq(what, S("crypto")) && !at_end(cursor) && ACCEPT_ONE(cursor, maps) < 0)
		return HANDLED_IRRELEVANT;
	if (configure && str_eq(what, S("all"))) {
		clear_all(reader);
		return HANDLED;
	}
	if (configure && (is_other_family(what) || next_is(cursor, "type")))
		return HANDLED_UNKNOWN;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (!str_eq(what, str_of(families[i].word)))
			continue;
		if (take_name(reader, cursor, &name))
			families[i].clear(reader, name);
		return HANDLED;
	}
	return HANDLED_IRRELEVANT;
}
