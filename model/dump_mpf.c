/* SPDX-License-Identifier: ISC */
/* The part of a dump about the Modular Policy Framework. */
#include "model/dump.h"
#include "model/ports.h"
#include "model/spec_text.h"

/* --- class-maps ------------------------------------------------------------------------- */

static struct str match_text(struct arena *arena, const struct config *config,
                             const struct class_match *match)
{
	struct str words = dump_words(arena, config, match->span);
	const char *protocol = protocol_name(match->protocol);
	struct port_spec ports = {.kind = PORT_RANGE, .lo = match->lo, .hi = match->hi};
	struct str text = port_spec_text(arena, config, &ports);
	if (match->kind == MATCH_ACL)
		words = str_printf(arena, "match access-list %.*s",
		                   STR(config_name(config, match->acl)));
	else if (match->kind == MATCH_PORT)
		words = str_printf(arena, "match port %s %.*s", protocol ? protocol : "?",
		                   STR(text));
	return words;
}

static struct str class_map_text(struct arena *arena, const struct config *config,
                                 const struct class_map *map)
{
	struct buf out = {.arena = arena};
	struct dump_lines matches = {0};
	buf_printf(&out, "class-map %s%.*s\n", map->match_any_of ? "match-any " : "",
	           STR(config_name(config, map->name)));
	VEC_EACH(const struct class_match, match, &map->matches) {
		struct str words = match_text(arena, config, match);
		VEC_PUSH(arena, &matches.list,
		         str_printf(arena, " %s%.*s",
		                    match->kind == MATCH_UNKNOWN ? "! not read: " : "",
		                    STR(words)));
	}
	VEC_EACH(const struct class_match, match, &map->refused) {
		struct str words = match_text(arena, config, match);
		VEC_PUSH(arena, &matches.list, str_printf(arena, " ! refused: %.*s", STR(words)));
	}
	dump_sorted(&matches, &out);
	out.n--;
	return buf_str(&out);
}

/* --- policy-map type inspect esmtp ------------------------------------------------------ */

static void dump_actions(unsigned actions, struct buf *out)
{
	static const struct {
		enum match_action action;
		const char *word;
	} words[] = {{ACTION_DROP, "drop-connection"},
	             {ACTION_RESET, "reset"},
	             {ACTION_MASK, "mask"},
	             {ACTION_RATE_LIMIT, "rate-limit"},
	             {ACTION_LOG, "log"}};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (actions & (unsigned)words[i].action)
			buf_printf(out, " %s", words[i].word);
}

static void dump_switch(struct buf *out, const char *word, enum setting setting)
{
	if (setting != SETTING_ABSENT)
		buf_printf(out, "\n  %s%s", setting == SETTING_OFF ? "no " : "", word);
}

static struct str inspect_map_text(struct arena *arena, const struct config *config,
                                   const struct inspect_map *map)
{
	struct buf out = {.arena = arena};
	struct dump_lines matches = {0};
	buf_printf(&out, "policy-map type inspect %.*s %.*s\n parameters",
	           STR(config_name(config, map->engine)), STR(config_name(config, map->name)));
	dump_switch(&out, "allow-tls", map->allow_tls);
	dump_switch(&out, "mask-banner", map->mask_banner);
	if (map->mail_relay)
		buf_printf(&out, "\n  %.*s", STR(dump_words(arena, config, map->mail_relay_span)));
	if (map->special_character)
		buf_printf(&out, "\n  %.*s",
		           STR(dump_words(arena, config, map->special_character_span)));
	if (map->unknown)
		buf_add(&out, S("\n  ! not all read"));
	buf_char(&out, '\n');
	VEC_EACH(const struct map_match, match, &map->matches) {
		struct buf text = {.arena = arena};
		buf_printf(&text, " match %s%.*s\n ", match->negated ? "not " : "",
		           STR(match->what));
		dump_actions(match->actions, &text);
		VEC_PUSH(arena, &matches.list, buf_str(&text));
	}
	dump_sorted(&matches, &out);
	out.n--;
	return buf_str(&out);
}

/* --- policy-maps ------------------------------------------------------------------------ */

static void dump_limits(const struct config *config, const struct policy_class *class,
                        struct buf *out)
{
	for (int i = 0; i < CONN_LIMIT_COUNT; i++)
		if (class->limits[i].set)
			buf_printf(out, "  set connection %s %u\n", conn_limit_words[i],
			           class->limits[i].value);
	if (class->random_sequence)
		buf_printf(out, "  set connection random-sequence-number %s\n",
		           class->sequence_kept ? "disable" : "enable");
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		if (class->timeouts[i].set)
			buf_printf(out, "  set connection timeout %s %.*s\n", conn_timeout_words[i],
			           STR(seconds_text(out->arena, class->timeouts[i].value)));
	if (class->dcd)
		buf_add(out, S("  set connection timeout dcd\n"));
	if (class->state_bypass)
		buf_add(out, S("  set connection advanced-options tcp-state-bypass\n"));
	if (class->tcp_map)
		buf_printf(out, "  set connection advanced-options %.*s\n",
		           STR(config_name(config, class->tcp_map)));
	if (class->police_in.set)
		buf_printf(out, "  police input %u\n", class->police_in.value);
	if (class->police_out.set)
		buf_printf(out, "  police output %u\n", class->police_out.value);
}

static void dump_class(const struct config *config, const struct policy_class *class,
                       struct buf *out)
{
	struct arena *arena = out->arena;
	struct dump_lines lines = {0};
	buf_printf(out, " class %.*s\n", STR(config_name(config, class->name)));
	VEC_EACH(const struct inspect, inspect, &class->inspects)
		VEC_PUSH(
		        arena, &lines.list,
		        str_printf(arena, "  %.*s", STR(dump_words(arena, config, inspect->span))));
	VEC_EACH(const struct module_action, module, &class->modules)
		VEC_PUSH(arena, &lines.list,
		         str_printf(arena, "  %.*s", STR(dump_words(arena, config, module->span))));
	VEC_EACH(const struct span, other, &class->others)
		VEC_PUSH(arena, &lines.list,
		         str_printf(arena, "  %.*s", STR(dump_words(arena, config, *other))));
	dump_sorted(&lines, out);
	dump_limits(config, class, out);
	if (class->unknown)
		buf_add(out, S("  ! not all read\n"));
}

static struct str policy_map_text(struct arena *arena, const struct config *config,
                                  const struct policy_map *policy)
{
	struct buf out = {.arena = arena};
	buf_printf(&out, "policy-map %.*s\n", STR(config_name(config, policy->name)));
	VEC_EACH(const struct policy_class, class, &policy->classes)
		dump_class(config, class, &out);
	out.n--;
	return buf_str(&out);
}

void config_dump_policies(const struct config *config, struct buf *out)
{
	struct arena *arena = out->arena;
	struct dump_lines classes = {0}, maps = {0}, policies = {0}, places = {0};
	VEC_EACH(const struct class_map, map, &config->class_maps)
		VEC_PUSH(arena, &classes.list, class_map_text(arena, config, map));
	VEC_EACH(const struct inspect_map, map, &config->inspect_maps)
		VEC_PUSH(arena, &maps.list, inspect_map_text(arena, config, map));
	VEC_EACH(const struct policy_map, policy, &config->policy_maps)
		VEC_PUSH(arena, &policies.list, policy_map_text(arena, config, policy));
	VEC_EACH(const struct service_policy, place, &config->service_policies) {
		struct str policy = config_name(config, place->policy);
		const char *end = place->fail_close ? " fail-close" : "";
		if (place->interface)
			VEC_PUSH(arena, &places.list,
			         str_printf(arena, "service-policy %.*s interface %.*s%s",
			                    STR(policy), STR(config_name(config, place->interface)),
			                    end));
		else
			VEC_PUSH(arena, &places.list,
			         str_printf(arena, "service-policy %.*s global%s", STR(policy),
			                    end));
	}
	dump_sorted(&classes, out);
	dump_sorted(&maps, out);
	dump_sorted(&policies, out);
	dump_sorted(&places, out);
}
