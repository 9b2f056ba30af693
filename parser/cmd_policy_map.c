/* SPDX-License-Identifier: ISC */
/* policy-map, its classes and their actions but `set connection` (asa-semantics 1.5, 3, 10). */
#include "parser/grammar.h"

/* A device takes 63 classes and as many actions as there are kinds; more are read up to here. */
enum { MAX_CLASSES = 1000, MAX_ACTIONS = 200 };

static struct policy_class *current(struct reader *reader)
{
	return &reader->config->policy_maps.v[reader->policy_map].classes.v[reader->class];
}

/* --- policy-map ------------------------------------------------------------------------- */

/* Classes that name a class-map: one in use cannot be removed (1.7). */
static void count_class(struct reader *reader, name_id class, int by)
{
	count_use(reader, &reader->places.class_uses, class, by);
}

static enum handled remove_policy_map(struct reader *reader, name_id name)
{
	struct name_index *index = &reader->places.policy_maps;
	uint32_t at = config_index_get(index, name);
	if (at == 0)
		return HANDLED;
	if (config_index_get(&reader->places.policy_uses, name)) {
		invalid_line(reader, "the policy-map is in use by a service-policy; the device "
		                     "refuses to remove it");
		return HANDLED;
	}
	struct policy_map *policy = &reader->config->policy_maps.v[at - 1];
	VEC_EACH(const struct policy_class, class, &policy->classes)
		count_class(reader, class->name, -1);
	policy->name = 0;
	config_unindex(index, name);
	reader->removed = true;
	return HANDLED;
}

enum handled read_inspect_map(struct reader *reader, struct cursor *cursor);

/* policy-map NAME · policy-map type inspect ENGINE NAME */
enum handled cmd_policy_map(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	if (accept(cursor, "type"))
		return read_inspect_map(reader, cursor);
	struct policy_map fresh = {.name = name_of(reader, take(cursor)), .span = reader->line};
	if (fresh.name == 0 || !at_end(cursor))
		return HANDLED_UNKNOWN;
	if (reader->negated)
		return remove_policy_map(reader, fresh.name);
	uint32_t at = config_index_get(&reader->places.policy_maps, fresh.name);
	if (at == 0) {
		config_index(config, &reader->places.policy_maps, fresh.name,
		             config->policy_maps.n);
		VEC_PUSH(reader->arena, &config->policy_maps, fresh);
		at = config->policy_maps.n;
	}
	reader->policy_map = at - 1;
	open_mode(reader, MODE_POLICY_MAP);
	return HANDLED;
}

/* --- class ------------------------------------------------------------------------------ */

static void remove_class(struct reader *reader, struct policy_map *policy, uint32_t at)
{
	if (at == policy->classes.n)
		return;
	count_class(reader, policy->classes.v[at].name, -1);
	for (; at + 1 < policy->classes.n; at++)
		policy->classes.v[at] = policy->classes.v[at + 1];
	policy->classes.n--;
}

/* Behind the others, but before class-default, which comes last whatever the text says. */
static uint32_t add_class(struct reader *reader, struct policy_map *policy,
                          struct policy_class fresh)
{
	struct config *config = reader->config;
	name_id last = config_find_name(config, S("class-default"));
	uint32_t n = policy->classes.n, at = n;
	if (fresh.name != last && n && policy->classes.v[n - 1].name == last)
		at = n - 1;
	VEC_PUSH(reader->arena, &policy->classes, fresh);
	for (uint32_t i = n; i > at; i--)
		policy->classes.v[i] = policy->classes.v[i - 1];
	policy->classes.v[at] = fresh;
	count_class(reader, fresh.name, 1);
	/* A change is typed in order; in a file the class-map may stand below. */
	if (reader->applied && fresh.name != last &&
	    !config_index_get(&reader->places.class_maps, fresh.name))
		invalid_line(reader, "there is no class-map of this name; the device refuses it");
	return at;
}

enum handled cmd_policy_class(struct reader *reader, struct cursor *cursor)
{
	struct policy_map *policy = &reader->config->policy_maps.v[reader->policy_map];
	struct policy_class fresh = {.name = name_of(reader, take(cursor)), .span = reader->line};
	uint32_t at = 0;
	while (at < policy->classes.n && policy->classes.v[at].name != fresh.name)
		at++;
	if (reader->negated) {
		remove_class(reader, policy, at);
		return HANDLED;
	}
	if (at == MAX_CLASSES)
		return HANDLED_UNKNOWN;
	if (at == policy->classes.n)
		at = add_class(reader, policy, fresh);
	reader->class = at;
	open_mode(reader, MODE_CLASS);
	return HANDLED;
}

/* A line of a class that could not be read may be any action of it. */
static enum handled doubt_class(struct reader *reader)
{
	current(reader)->unknown = true;
	return HANDLED_DOUBT;
}

/* --- inspect ---------------------------------------------------------------------------- */

/* Every engine that some release has; a word that is none of them is no engine. */
static bool is_engine(struct str word)
{
	static const char *const engines[] = {
	        "ctiqbe",   "cuseeme",    "dcerpc",
	        "diameter", "dns",        "esmtp",
	        "ftp",      "gtp",        "h323",
	        "http",     "icmp",       "ils",
	        "im",       "ip-options", "ipsec-pass-thru",
	        "ipv6",     "lisp",       "m3ua",
	        "mgcp",     "mmp",        "netbios",
	        "pptp",     "quic",       "radius-accounting",
	        "rsh",      "rtsp",       "sctp",
	        "sip",      "skinny",     "smtp",
	        "snmp",     "sqlnet",     "stun",
	        "sunrpc",   "tftp",       "vxlan",
	        "waas",     "xdmcp",
	};
	return WORD_IN(word, engines);
}

/* Some have names of two words. */
static bool take_engine(struct reader *reader, struct cursor *cursor, name_id *engine)
{
	struct str first = take(cursor), second = peek(cursor);
	bool two = (str_eq(first, S("h323")) &&
	            (str_eq(second, S("h225")) || str_eq(second, S("ras")))) ||
	           (str_eq(first, S("icmp")) && str_eq(second, S("error")));
	*engine = name_of(reader, first);
	if (two) {
		take(cursor);
		*engine = name_of(reader,
		                  str_printf(reader->arena, "%.*s %.*s", STR(first), STR(second)));
	}
	return is_engine(first);
}

static void put_module(struct reader *reader, struct module_action action)
{
	struct policy_class *class = current(reader);
	uint32_t kept = 0;
	VEC_EACH(const struct module_action, old, &class->modules)
		if (old->module != action.module)
			class->modules.v[kept++] = *old;
	class->modules.n = kept;
	if (!reader->negated)
		VEC_PUSH(reader->arena, &class->modules, action);
}

static bool is_smtp(const struct config *config, name_id engine)
{
	return engine == config_find_name(config, S("esmtp")) ||
	       engine == config_find_name(config, S("smtp"));
}

/* `no inspect` of what is not there is an exemption attempt (1.2). */
static void remove_inspect(struct reader *reader, const struct inspect *inspect)
{
	bool by_map = is_smtp(reader->config, inspect->engine); /* of others it is not told */
	struct policy_class *class = current(reader);
	uint32_t kept = 0, n = class->inspects.n;
	bool unnamed = false;
	VEC_EACH(const struct inspect, old, &class->inspects) {
		/* With another map's name the device finds nothing to remove. */
		bool same = old->engine == inspect->engine &&
		            (old->map == inspect->map || inspect->map == 0 || !by_map);
		unnamed |= same && by_map && old->map != inspect->map;
		if (!same)
			class->inspects.v[kept++] = *old;
	}
	class->inspects.n = kept;
	if (kept < n && unnamed)
		invalid_line(reader, "this inspection has a map, and is removed with its name");
	if (kept == n && class->negated.n < MAX_ACTIONS)
		VEC_PUSH(reader->arena, &class->negated, reader->line);
}

/*
 * The one name of inspections that go together: h323 h225 and ras; empty for those that stand
 * beside any other (1.1.6).
 */
static struct str exclusive_name(const struct config *config, name_id engine)
{
	static const char *const combinable[] = {"ip-options", "ipv6", "waas"};
	struct str first, rest;
	str_cut(config_name(config, engine), ' ', &first, &rest);
	return WORD_IN(first, combinable) ? S("") : first;
}

/* Does the class go by default ports, where each inspection has its own? Not known: it may. */
static bool may_take_several(const struct reader *reader, const struct policy_class *class)
{
	uint32_t at = config_index_get(&reader->places.class_maps, class->name);
	if (!at)
		return !str_eq(config_name(reader->config, class->name), S("class-default"));
	const struct class_map *map = &reader->config->class_maps.v[at - 1];
	VEC_EACH(const struct class_match, match, &map->matches)
		if (match->kind == MATCH_DEFAULT_INSPECTION || match->kind == MATCH_UNKNOWN)
			return true;
	return false;
}

/* One that is refused since the class has another is read as meant (1.1.9, ruling 14). */
static void check_exclusive(struct reader *reader, const struct inspect *inspect)
{
	const struct policy_class *class = current(reader);
	struct str name = exclusive_name(reader->config, inspect->engine);
	if (!name.n || may_take_several(reader, class))
		return;
	VEC_EACH(const struct inspect, old, &class->inspects) {
		struct str other = exclusive_name(reader->config, old->engine);
		if (!other.n || str_eq(other, name))
			continue;
		invalid_line(reader, "the class has `inspect %.*s`, and takes one inspection alone",
		             STR(other));
		return;
	}
}

static enum handled add_inspect(struct reader *reader, const struct inspect *inspect)
{
	struct policy_class *class = current(reader);
	VEC_EACH(const struct inspect, old, &class->inspects) {
		if (old->engine != inspect->engine)
			continue;
		if (!same_words(reader->config, old->span, inspect->span))
			invalid_line(reader, "the class has this inspection already; remove it "
			                     "first to change its map");
		return HANDLED;
	}
	check_exclusive(reader, inspect);
	VEC_PUSH(reader->arena, &class->inspects, *inspect);
	return HANDLED;
}

/*
 * The map among the words behind an engine: none of the words that some engines have of their own,
 * and not what those name.
 */
static struct str take_map(struct cursor *cursor)
{
	static const char *const switches[] = {"strict", "dynamic-filter-snoop"};
	static const char *const named[] = {"maximum-length", "tls-proxy", "uc-ime"};
	while (!at_end(cursor)) {
		if (ACCEPT_ONE(cursor, switches) >= 0)
			continue;
		if (ACCEPT_ONE(cursor, named) < 0)
			break;
		take(cursor);
	}
	return take(cursor);
}

/* inspect ENGINE [MAP] ... */
enum handled cmd_inspect(struct reader *reader, struct cursor *cursor)
{
	struct inspect inspect = {.span = reader->line};
	/* scansafe sends traffic away as the modules do. */
	if (next_is(cursor, "scansafe")) {
		put_module(reader, (struct module_action){name_of(reader, S("scansafe")), false,
		                                          reader->line});
		return HANDLED;
	}
	if (!take_engine(reader, cursor, &inspect.engine))
		return doubt_class(reader);
	bool smtp = is_smtp(reader->config, inspect.engine);
	inspect.map = name_of(reader, smtp ? take(cursor) : take_map(cursor));
	if (smtp && !at_end(cursor))
		return doubt_class(reader);
	if (!reader->negated)
		return add_inspect(reader, &inspect);
	remove_inspect(reader, &inspect);
	return HANDLED;
}

/* --- police, modules, the rest ---------------------------------------------------------- */

/* police {input|output} RATE [BURST] [conform-action A] [exceed-action A] */
enum handled cmd_police(struct reader *reader, struct cursor *cursor)
{
	struct policy_class *class = current(reader);
	uint32_t rate = 0;
	bool output = accept(cursor, "output");
	if (!output)
		accept(cursor, "input");
	if (!take_number(cursor, UINT32_MAX, &rate) && !reader->negated)
		return doubt_class(reader);
	*(output ? &class->police_out : &class->police_in) =
	        (struct setting_number){!reader->negated, rate, reader->line};
	return HANDLED;
}

/* csc, cxsc, ips, sfr, cx, scansafe */
enum handled cmd_module(struct reader *reader, struct cursor *cursor)
{
	struct module_action action = {name_of(reader, cursor->words[0]), false, reader->line};
	for (; !at_end(cursor); take(cursor))
		action.copy_only |=
		        next_is(cursor, "promiscuous") || next_is(cursor, "monitor-only");
	put_module(reader, action);
	return HANDLED;
}

/* Actions that have nothing to do with mail: they only keep the class from being empty. */
enum handled cmd_other_action(struct reader *reader, struct cursor *cursor)
{
	struct policy_class *class = current(reader);
	uint32_t kept = 0;
	/* `service-policy P {global|interface X}` below a block without indentation. */
	bool service_policy = str_eq(cursor->words[0], S("service-policy"));
	if (service_policy && cursor->n > 2)
		return HANDLED_NOT_MINE;
	VEC_EACH(const struct span, old, &class->others)
		if (!same_words(reader->config, *old, reader->line))
			class->others.v[kept++] = *old;
	class->others.n = kept;
	if (!reader->negated && kept < MAX_ACTIONS)
		VEC_PUSH(reader->arena, &class->others, reader->line);
	class->other_actions = class->others.n;
	return HANDLED_IRRELEVANT;
}
