/* SPDX-License-Identifier: ISC */
/* class-map, policy-map, their contents, service-policy; and fixup (asa-semantics 2, 3, 5, 6). */
#include "parser/grammar.h"

/* The text of a line from a word on, as written. */
static struct str rest_of_line(const struct reader *reader, struct str from)
{
	const struct source *source = &reader->config->sources.list.v[reader->line.source];
	const char *end = source->text.s + reader->line.offset + reader->line.len;
	return from.n ? (struct str){from.s, (size_t)(end - from.s)} : (struct str){"", 0};
}

/* --- class-map -------------------------------------------------------------------------- */

/* class-map [match-any|match-all] NAME · class-map type KIND [PROTO] [match-...] NAME */
enum handled cmd_class_map(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct class_map fresh = {.span = reader->line};
	fresh.typed = accept(cursor, "type");
	if (fresh.typed && cursor->n - cursor->i > 2)
		skip_words(cursor, accept(cursor, "inspect") ? 1 : 0);
	while (cursor->n - cursor->i > 1) {
		fresh.match_any_of |= next_is(cursor, "match-any");
		take(cursor);
	}
	fresh.name = name_of(reader, take(cursor));
	if (fresh.name == 0)
		return HANDLED_UNKNOWN;
	if (fresh.typed)
		return HANDLED_IRRELEVANT;
	struct class_map *map = config_class_map(config, fresh.name);
	if (reader->negated) {
		VEC_EACH(struct policy_map, policy, &config->policy_maps)
			VEC_EACH(struct policy_class, class, &policy->classes)
				if (class->name == fresh.name) {
					invalid_line(reader,
					             "the class-map is in use in a policy-map; the "
					             "device refuses to remove it");
					return HANDLED;
				}
		if (map) {
			uint32_t at = (uint32_t)(map - config->class_maps.v);
			for (; at + 1 < config->class_maps.n; at++)
				config->class_maps.v[at] = config->class_maps.v[at + 1];
			config->class_maps.n--;
		}
		return HANDLED;
	}
	if (!map)
		map = VEC_PUSH(reader->arena, &config->class_maps, fresh);
	reader->class_map = (uint32_t)(map - config->class_maps.v);
	open_mode(reader, MODE_CLASS_MAP);
	return HANDLED;
}

/* port {tcp|udp|sctp} {eq P | range A B} */
static bool take_match_port(struct cursor *cursor, struct class_match *match)
{
	uint8_t hi;
	match->kind = MATCH_PORT;
	if (!take_protocol(cursor, &match->protocol, &hi))
		return false;
	if (accept(cursor, "eq")) {
		if (!take_port(cursor, &match->lo))
			return false;
		match->hi = match->lo;
		return at_end(cursor);
	}
	return accept(cursor, "range") && take_port(cursor, &match->lo) &&
	       take_port(cursor, &match->hi) && match->lo <= match->hi && at_end(cursor);
}

static bool take_match(struct reader *reader, struct cursor *cursor, struct class_match *match)
{
	static const char *const header[] = {"dscp", "precedence", "rtp", "tunnel-group", "flow"};
	if (accept(cursor, "any")) {
		match->kind = MATCH_ANY;
		return at_end(cursor);
	}
	if (accept(cursor, "default-inspection-traffic")) {
		match->kind = MATCH_DEFAULT_INSPECTION;
		return at_end(cursor);
	}
	if (accept(cursor, "access-list") || next_is(cursor, "address")) {
		if (accept(cursor, "address"))
			invalid_line(reader, "`match address` does not exist in a class-map (\"%% "
			                     "Invalid input\"); read as `match access-list`");
		match->kind = MATCH_ACL;
		match->acl = name_of(reader, take(cursor));
		return match->acl != 0 && at_end(cursor);
	}
	if (accept(cursor, "port"))
		return take_match_port(cursor, match);
	for (size_t i = 0; i < sizeof(header) / sizeof(header[0]); i++)
		if (accept(cursor, header[i])) {
			match->kind = MATCH_HEADER;
			match->rtp = str_eq(str_of(header[i]), S("rtp"));
			return true;
		}
	return false;
}

static bool same_match(const struct class_match *a, const struct class_match *b)
{
	return a->kind == b->kind && a->acl == b->acl && a->protocol == b->protocol &&
	       a->lo == b->lo && a->hi == b->hi &&
	       (a->kind != MATCH_HEADER || str_eq(a->text, b->text));
}

/* May the two stand in one class-map? (section 2: one match, with two exceptions) */
static bool may_join(const struct class_match *a, const struct class_match *b)
{
	bool narrowed = a->kind == MATCH_DEFAULT_INSPECTION && b->kind == MATCH_ACL;
	bool tunnel = a->kind == MATCH_HEADER && str_starts(a->text, S("tunnel-group"));
	return narrowed || tunnel;
}

enum handled cmd_class_match(struct reader *reader, struct cursor *cursor)
{
	struct class_map *map = &reader->config->class_maps.v[reader->class_map];
	struct class_match match = {.span = reader->line,
	                            .text = rest_of_line(reader, peek(cursor))};
	bool read = take_match(reader, cursor, &match);
	if (!read)
		match.kind = MATCH_UNKNOWN;
	if (reader->negated) {
		uint32_t kept = 0;
		VEC_EACH(const struct class_match, old, &map->matches)
			if (!same_match(old, &match))
				map->matches.v[kept++] = *old;
		map->matches.n = kept;
		return read ? HANDLED : HANDLED_DOUBT;
	}
	VEC_EACH(const struct class_match, old, &map->matches) {
		if (same_match(old, &match) && read)
			return HANDLED;
		if (read && !map->match_any_of && !may_join(old, &match) &&
		    !may_join(&match, old)) {
			invalid_line(reader,
			             "a second match in a class-map is refused; it has `match "
			             "%.*s` already",
			             STR(old->text));
			return HANDLED;
		}
	}
	VEC_PUSH(reader->arena, &map->matches, match);
	return read ? HANDLED : HANDLED_DOUBT;
}

/* --- policy-map ------------------------------------------------------------------------- */

static struct policy_class *current_class(struct reader *reader)
{
	return &reader->config->policy_maps.v[reader->policy_map].classes.v[reader->class];
}

enum handled cmd_inspect_map(struct reader *reader, struct cursor *cursor);

/* policy-map NAME · policy-map type inspect ENGINE NAME */
enum handled cmd_policy_map(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	if (accept(cursor, "type"))
		return cmd_inspect_map(reader, cursor);
	struct policy_map fresh = {.name = name_of(reader, take(cursor)), .span = reader->line};
	if (fresh.name == 0 || !at_end(cursor))
		return HANDLED_UNKNOWN;
	struct policy_map *policy = config_policy_map(config, fresh.name);
	if (reader->negated) {
		if (policy) {
			uint32_t at = (uint32_t)(policy - config->policy_maps.v);
			for (; at + 1 < config->policy_maps.n; at++)
				config->policy_maps.v[at] = config->policy_maps.v[at + 1];
			config->policy_maps.n--;
		}
		return HANDLED;
	}
	if (!policy)
		policy = VEC_PUSH(reader->arena, &config->policy_maps, fresh);
	reader->policy_map = (uint32_t)(policy - config->policy_maps.v);
	open_mode(reader, MODE_POLICY_MAP);
	return HANDLED;
}

/* class NAME: appended behind the others, but before class-default (1.5) */
enum handled cmd_policy_class(struct reader *reader, struct cursor *cursor)
{
	struct policy_map *policy = &reader->config->policy_maps.v[reader->policy_map];
	struct policy_class fresh = {.name = name_of(reader, take(cursor)), .span = reader->line};
	name_id last = name_of(reader, S("class-default"));
	uint32_t at = 0, n = policy->classes.n;
	while (at < n && policy->classes.v[at].name != fresh.name)
		at++;
	if (reader->negated) {
		for (; at + 1 < n; at++)
			policy->classes.v[at] = policy->classes.v[at + 1];
		policy->classes.n -= at < n;
		return HANDLED;
	}
	if (at == n) {
		if (fresh.name != last && n && policy->classes.v[n - 1].name == last)
			at = n - 1;
		VEC_PUSH(reader->arena, &policy->classes, fresh);
		for (uint32_t i = n; i > at; i--)
			policy->classes.v[i] = policy->classes.v[i - 1];
		policy->classes.v[at] = fresh;
	}
	reader->class = at;
	open_mode(reader, MODE_CLASS);
	return HANDLED;
}

/* Engines whose name is two words. */
static struct str take_engine(struct reader *reader, struct cursor *cursor)
{
	struct str engine = take(cursor), next = peek(cursor);
	bool two = (str_eq(engine, S("h323")) &&
	            (str_eq(next, S("h225")) || str_eq(next, S("ras")))) ||
	           (str_eq(engine, S("icmp")) && str_eq(next, S("error")));
	if (two)
		return str_printf(reader->arena, "%.*s %.*s", STR(engine), STR(take(cursor)));
	return engine;
}

/* inspect ENGINE [MAP] ...; `no inspect` of what is not there is an exemption attempt (1.2) */
enum handled cmd_inspect(struct reader *reader, struct cursor *cursor)
{
	struct policy_class *class = current_class(reader);
	struct inspect fresh = {.span = reader->line};
	fresh.engine = name_of(reader, take_engine(reader, cursor));
	if (fresh.engine == 0)
		return HANDLED_UNKNOWN;
	bool smtp = fresh.engine == name_of(reader, S("esmtp")) ||
	            fresh.engine == name_of(reader, S("smtp"));
	/* Other engines take words of their own ("dns maximum-length 512"). */
	if (smtp && !at_end(cursor))
		fresh.map = name_of(reader, take(cursor));
	uint32_t at = 0;
	while (at < class->inspects.n && class->inspects.v[at].engine != fresh.engine)
		at++;
	bool there = at < class->inspects.n;
	if (!reader->negated) {
		if (there && class->inspects.v[at].map != fresh.map)
			invalid_line(reader, "the class has this inspection already; remove it "
			                     "first to change its map");
		if (!there)
			VEC_PUSH(reader->arena, &class->inspects, fresh);
		return HANDLED;
	}
	if (!there) {
		VEC_PUSH(reader->arena, &class->negated, reader->line);
		return HANDLED;
	}
	for (; at + 1 < class->inspects.n; at++)
		class->inspects.v[at] = class->inspects.v[at + 1];
	class->inspects.n--;
	return HANDLED;
}

static struct setting_number number_here(const struct reader *reader, uint32_t value)
{
	return (struct setting_number){!reader->negated, value, reader->line};
}

static enum handled take_limits(struct reader *reader, struct cursor *cursor)
{
	static const char *const words[CONN_LIMIT_COUNT] = {
	        [CONN_MAX] = "conn-max",
	        [CONN_EMBRYONIC] = "embryonic-conn-max",
	        [CONN_PER_CLIENT] = "per-client-max",
	        [CONN_PER_CLIENT_EMBRYONIC] = "per-client-embryonic-max",
	};
	struct policy_class *class = current_class(reader);
	while (!at_end(cursor)) {
		uint32_t value = 0;
		size_t i = 0;
		if (accept(cursor, "random-sequence-number")) {
			take(cursor);
			class->conn_other = !reader->negated;
			continue;
		}
		if (accept(cursor, "syn-cookie-mss")) {
			take(cursor);
			continue;
		}
		while (i < CONN_LIMIT_COUNT && !accept(cursor, words[i]))
			i++;
		if (i == CONN_LIMIT_COUNT ||
		    (!take_number(cursor, UINT32_MAX, &value) && !reader->negated))
			return HANDLED_DOUBT;
		class->limits[i] = number_here(reader, value);
	}
	return HANDLED;
}

/* [embryonic T] [half-closed T] [{idle|tcp} T [reset]] [dcd [T [N]]] */
static enum handled take_timeouts(struct reader *reader, struct cursor *cursor)
{
	struct policy_class *class = current_class(reader);
	while (!at_end(cursor)) {
		uint32_t seconds = 0;
		enum conn_timeout kind;
		if (accept(cursor, "dcd")) {
			class->conn_other = true;
			take_time(cursor, &seconds);
			take_number(cursor, 255, &seconds);
			continue;
		}
		if (accept(cursor, "reset"))
			continue;
		if (accept(cursor, "idle") || accept(cursor, "tcp"))
			kind = TIMEOUT_IDLE;
		else if (accept(cursor, "embryonic"))
			kind = TIMEOUT_EMBRYONIC;
		else if (accept(cursor, "half-closed"))
			kind = TIMEOUT_HALF_CLOSED;
		else
			return HANDLED_DOUBT;
		if (!take_time(cursor, &seconds) && !reader->negated)
			return HANDLED_DOUBT;
		class->timeouts[kind] = number_here(reader, seconds);
	}
	return HANDLED;
}

/* set connection ... (section 5) */
enum handled cmd_set_connection(struct reader *reader, struct cursor *cursor)
{
	struct policy_class *class = current_class(reader);
	enum handled handled = HANDLED;
	accept(cursor, "connection");
	if (accept(cursor, "timeout")) {
		handled = take_timeouts(reader, cursor);
	} else if (accept(cursor, "advanced-options")) {
		struct str what = take(cursor);
		if (str_eq(what, S("tcp-state-bypass"))) {
			class->state_bypass = !reader->negated;
			class->state_bypass_span = reader->line;
		} else {
			class->tcp_map = !reader->negated;
		}
	} else if (accept(cursor, "decrement-ttl")) {
		class->other_actions++;
	} else {
		handled = take_limits(reader, cursor);
	}
	if (handled == HANDLED_DOUBT)
		class->unknown = true;
	return handled;
}

/* police {input|output} RATE [BURST] ... */
enum handled cmd_police(struct reader *reader, struct cursor *cursor)
{
	struct policy_class *class = current_class(reader);
	uint32_t rate = 0;
	bool output = accept(cursor, "output");
	if (!output)
		accept(cursor, "input");
	if (!take_number(cursor, UINT32_MAX, &rate) && !reader->negated)
		return HANDLED_UNKNOWN;
	*(output ? &class->police_out : &class->police_in) = number_here(reader, rate);
	return HANDLED;
}

/* csc, cxsc, ips, sfr, cx, scansafe */
enum handled cmd_module(struct reader *reader, struct cursor *cursor)
{
	struct policy_class *class = current_class(reader);
	struct module_action action = {name_of(reader, cursor->words[0]), reader->line};
	if (!reader->negated) {
		VEC_PUSH(reader->arena, &class->modules, action);
		return HANDLED;
	}
	uint32_t kept = 0;
	VEC_EACH(const struct module_action, old, &class->modules)
		if (old->module != action.module)
			class->modules.v[kept++] = *old;
	class->modules.n = kept;
	return HANDLED;
}

/* Actions that have nothing to do with mail: they only keep the class from being empty. */
enum handled cmd_other_action(struct reader *reader, struct cursor *cursor)
{
	if (!str_eq(cursor->words[0], S("description")) && !reader->negated)
		current_class(reader)->other_actions++;
	return HANDLED_IRRELEVANT;
}

/* service-policy NAME {global | interface IFC} [fail-close] */
enum handled cmd_service_policy(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct service_policy fresh = {.policy = name_of(reader, take(cursor)),
	                               .span = reader->line};
	if (accept(cursor, "interface"))
		fresh.interface = name_of(reader, take(cursor));
	else if (!accept(cursor, "global"))
		return HANDLED_UNKNOWN;
	/* One policy a place. */
	uint32_t kept = 0;
	VEC_EACH(const struct service_policy, old, &config->service_policies)
		if (old->interface != fresh.interface)
			config->service_policies.v[kept++] = *old;
	config->service_policies.n = kept;
	if (!reader->negated)
		VEC_PUSH(reader->arena, &config->service_policies, fresh);
	return HANDLED;
}

/* [no] fixup protocol PROTO [PORT[-PORT]] (section 6) */
enum handled cmd_fixup(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct fixup fixup = {.off = reader->negated, .span = reader->line};
	struct str head, tail;
	uint64_t lo = 25, hi;
	accept(cursor, "protocol");
	struct str protocol = take(cursor);
	fixup.protocol = name_of(reader, protocol);
	if (!str_eq(protocol, S("smtp"))) {
		VEC_PUSH(reader->arena, &config->fixups, fixup);
		return HANDLED;
	}
	uint16_t named;
	bool range = str_cut(peek(cursor), '-', &head, &tail);
	if (!at_end(cursor) && !range && take_port(cursor, &named)) {
		lo = hi = named;
	} else {
		if (!at_end(cursor) && !str_number(head, 65535, &lo))
			return HANDLED_UNKNOWN;
		hi = lo;
		if (range && (!str_number(tail, 65535, &hi) || hi < lo))
			return HANDLED_UNKNOWN;
	}
	fixup.lo = (uint16_t)lo;
	fixup.hi = (uint16_t)hi;
	/* `fixup` and `no fixup` of the same ports replace each other. */
	uint32_t kept = 0;
	VEC_EACH(const struct fixup, old, &config->fixups)
		if (old->protocol != fixup.protocol || old->lo != fixup.lo || old->hi != fixup.hi)
			config->fixups.v[kept++] = *old;
	config->fixups.n = kept;
	VEC_PUSH(reader->arena, &config->fixups, fixup);
	return HANDLED;
}
