/* SPDX-License-Identifier: ISC */
/*
 * One pass over the translations, one over the access rules, one over the names. An address in
 * a rule stands for the host that a static leads from there to, in every release: from 8.3 a
 * rule with the mapped address is a mistake, but the same host is meant.
 */
#include "analyzers/clue_parts.h"

/* --- suspects --------------------------------------------------------------------------- */

struct suspect *clues_find(const struct collector *collector, u128 real)
{
	const uint32_t *at = keys_find(&collector->found->index, real);
	return at ? &collector->found->list.v[*at] : NULL;
}

struct suspect *clues_suspect(struct collector *collector, u128 real)
{
	struct suspects *found = collector->found;
	struct suspect *old = clues_find(collector, real);
	if (old)
		return old;
	if (real == ADDR4_MIN || config_is_own_address(collector->config, real))
		return NULL;
	if (found->list.n == MAX_SUSPECTS) {
		found->too_many = true;
		return NULL;
	}
	keys_put(collector->arena, &found->index, real, found->list.n);
	return VEC_PUSH(collector->arena, &found->list, (struct suspect){.host.real = real});
}

struct clue *clues_add(struct collector *collector, struct suspect *suspect, enum clue_kind kind,
                       struct span span, struct str reason)
{
	const struct sources *sources = &collector->config->sources;
	struct place place = source_place(sources, span);
	struct clue clue = {.kind = kind, .config = collector->nth, .line = place.line};
	clue.reason = reason;
	struct span line = source_line(sources, span.source, place.line);
	clue.text = str_trim(source_quote(collector->arena, sources, line));
	return VEC_PUSH(collector->arena, &suspect->clues, clue);
}

/* --- where things are ------------------------------------------------------------------- */

/* Where the default route leads; without one `outside`, or else what is trusted least. */
static const struct interface *find_internet(const struct config *config)
{
	/* The routes of a bridge are for its own packets. */
	const struct interface *found = config->transparent ? NULL : path_default(config, true);
	bool alone = true;
	if (found)
		return found;
	VEC_EACH(const struct interface, ifc, &config->interfaces) {
		if (!path_carries_traffic(ifc))
			continue;
		if (str_eq_nocase(config_name(config, ifc->nameif), S("outside")))
			return ifc;
		if (ifc->implied)
			continue;
		if (!found || ifc->security_level < found->security_level) {
			found = ifc;
			alone = true;
		} else if (ifc->security_level == found->security_level) {
			alone = false;
		}
	}
	return alone ? found : NULL;
}

/* --- names ------------------------------------------------------------------------------ */

static bool sounds(struct name_sound sound)
{
	return sound.esa || sound.sma;
}

/* A name is a reason to suspect a host, or says more about one that is suspected already. */
static void clue_of_name(struct collector *collector, struct str name, u128 address,
                         struct span span, bool of_group)
{
	struct name_sound sound = clue_sound(name);
	u128 real = clues_real_of(collector, address, SMTP_PORT);
	struct suspect *at =
	        sounds(sound) ? clues_suspect(collector, real) : clues_find(collector, real);
	if (!at)
		return;
	if (sound.esa && sound.sma)
		return; /* "ESA-SMA-HOSTS" */
	enum clue_kind kind = sound.esa   ? CLUE_NAME_ESA
	                      : sound.sma ? CLUE_NAME_SMA
	                                  : CLUE_NAME_OTHER;
	bool better = !at->called.n || (sounds(sound) && !sounds(clue_sound(at->called)));
	if (!of_group && better)
		at->called = str_copy(collector->arena, name);
	if (sounds(sound) || sound.other)
		clues_add(collector, at, kind, span,
		          of_group ? S("its group's name") : S("its name"));
}

static bool is_one(struct range range)
{
	return range.lo == range.hi;
}

static void clues_of_names(struct collector *collector)
{
	const struct config *config = collector->config;
	VEC_EACH(const struct object, object, &config->objects)
		if (object->kind == OBJECT_ADDRESS && object->address.kind == ADDR_RANGE &&
		    is_one(object->address.range) && config_object(config, object->name) == object)
			clue_of_name(collector, config_name(config, object->name),
			             object->address.range.lo, object->span, false);
	VEC_EACH(const struct label, label, &config->labels)
		if (config_index_get(&config->label_index, label->name) ==
		    (uint32_t)(label - config->labels.v) + 1)
			clue_of_name(collector, config_name(config, label->name), label->address,
			             label->span, false);
	VEC_EACH(const struct group, group, &config->groups) {
		struct str name = config_name(config, group->name);
		if (group->kind != GROUP_NETWORK || group->members.n > FEW ||
		    config_group(config, group->name) != group || !sounds(clue_sound(name)))
			continue;
		VEC_EACH(const struct member, member, &group->members)
			if (member->kind == MEMBER_ADDRESS && member->address.kind == ADDR_RANGE &&
			    is_one(member->address.range))
				clue_of_name(collector, name, member->address.range.lo,
				             member->span, true);
	}
}

struct suspects clues_collect(struct arena *arena, const struct config *config, uint32_t nth)
{
	struct suspects found = {0};
	struct collector collector = {.arena = arena,
	                              .scratch = config->arena,
	                              .routes = path_routes(config->arena, config, true),
	                              .config = config,
	                              .nth = nth,
	                              .found = &found};
	collector.internet = find_internet(config);
	clues_read_mappings(&collector);
	clues_of_mappings(&collector);
	clues_of_rules(&collector);
	clues_of_names(&collector);
	clues_of_ssh(&collector);
	VEC_EACH(struct suspect, suspect, &found.list)
		clues_set_mapped(&collector, suspect);
	return found;
}
