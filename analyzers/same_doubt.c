/* SPDX-License-Identifier: ISC */
/* Addresses that are not in the text, by the text that stands for them (same.h). */
#include "analyzers/same.h"

/* The first line below the head of an object that begins with `word`; the head without one. */
static struct str line_below(const struct same *same, const struct config *config, struct span head,
                             struct str word)
{
	struct place place = source_place(&config->sources, head);
	for (uint32_t line = place.line; head.len && line < place.line + 4; line++) {
		struct span span = source_line(&config->sources, head.source, line + 1);
		struct str text = str_trim(source_quote(same->arena, &config->sources, span));
		if (str_starts(text, word))
			return text;
	}
	return S("");
}

/* The walk through the groups below one spec. Each group is entered once, whoever holds it. */
struct walk {
	const struct same *same;
	const struct config *config;
	uint32_t *groups; /* by index: `number` while it is open, and `number` + 1 behind it */
	uint32_t number;
	struct buf out;
};

static void add_doubt(struct walk *walk, const struct addr_spec *spec);

static void add_object_doubt(struct walk *walk, name_id name)
{
	const struct object *object = config_object(walk->config, name);
	struct str text = S("");
	if (object && object->kind == OBJECT_FQDN)
		text = line_below(walk->same, walk->config, object->span, S("fqdn"));
	buf_printf(&walk->out, "|%.*s", STR(text.n ? text : config_name(walk->config, name)));
}

static void add_members(struct walk *walk, const struct group *group)
{
	VEC_EACH(const struct member, member, &group->members) {
		struct addr_spec inner = {.kind = ADDR_GROUP, .name = member->group};
		if (member->kind == MEMBER_ADDRESS)
			add_doubt(walk, &member->address);
		else if (member->kind == MEMBER_GROUP)
			add_doubt(walk, &inner);
		else if (member->kind == MEMBER_UNKNOWN)
			buf_printf(&walk->out, "|%.*s",
			           STR(source_quote(walk->same->arena, &walk->config->sources,
			                            member->span)));
	}
}

static void add_group_doubt(struct walk *walk, name_id name)
{
	const struct group *group = config_group(walk->config, name);
	uint32_t *seen = group ? &walk->groups[group - walk->config->groups.v] : NULL;
	if (!group || group->kind == GROUP_OPAQUE || *seen == walk->number) {
		buf_printf(&walk->out, "|%.*s", STR(config_name(walk->config, name)));
		return;
	}
	if (*seen == walk->number + 1)
		return;
	*seen = walk->number;
	add_members(walk, group);
	*seen = walk->number + 1;
}

static void add_doubt(struct walk *walk, const struct addr_spec *spec)
{
	switch (spec->kind) {
	case ADDR_ANY:
	case ADDR_ANY4:
	case ADDR_ANY6:
	case ADDR_RANGE:
		return;
	case ADDR_OBJECT:
		add_object_doubt(walk, spec->name);
		return;
	case ADDR_GROUP:
		add_group_doubt(walk, spec->name);
		return;
	case ADDR_INTERFACE:
	case ADDR_UNKNOWN:
		break;
	}
	buf_printf(&walk->out, "|%d %.*s", (int)spec->kind,
	           STR(config_name(walk->config, spec->name)));
}

struct str same_doubts(struct same *same, enum side side, const struct addr_spec *spec)
{
	struct walk walk = {.same = same,
	                    .config = same->config[side],
	                    .groups = same->groups[side],
	                    .number = same->walks += 2,
	                    .out = {.arena = same->arena}};
	add_doubt(&walk, spec);
	return buf_str(&walk.out);
}

/* The names of what is not in the text at one end, as a list for people. */
static struct str end_doubt(struct same *same, enum side side, uint32_t index)
{
	const struct config *config = same->config[side];
	struct buf words = {.arena = same->arena};
	struct str rest = S(""), name;
	if (config_addr_set(config, index)->why != WHY_NONE)
		rest = same_doubts(same, side, &config->addr_pool.v[index]);
	while (rest.n) {
		str_cut(rest, '|', &name, &rest);
		if (name.n)
			buf_printf(&words, "%s%.*s", words.n ? ", " : "", STR(name));
	}
	return buf_str(&words);
}

struct str same_doubt(struct same *same, enum side side, const struct ace *ace)
{
	struct str src = S("");
	if (ace->action == ACE_UNKNOWN)
		return src;
	src = end_doubt(same, side, ace->src);
	return src.n ? src : end_doubt(same, side, ace->dst);
}
