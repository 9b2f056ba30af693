/* SPDX-License-Identifier: ISC */
/* What the class that acts on packets does to them: is it the same, and in words. */
#include "analyzers/compare_policy.h"

#include "model/spec_text.h"

#include <stdarg.h>

bool piece_is_decided(const struct piece *piece)
{
	bool one = piece->claims && !piece->claims->next && !piece->open;
	bool none = !piece->claims && piece->open;
	return (one || none) && !piece->blurred;
}

static uint32_t claim_number(const struct compare *compare, enum side side, enum feature feature,
                             const struct claim *claim)
{
	return feature == FEATURE_INSPECT
	               ? same_inspect(compare->same, side, claim->inspect)
	               : same_actions(compare->same, side, claim->class, feature);
}

/* Nothing is done, whichever of the classes acts that may. */
static bool is_idle(enum feature feature, const struct piece *piece)
{
	if (piece->blurred || (piece->claims && feature != FEATURE_CONN))
		return false;
	for (const struct claim *c = piece->claims; c; c = c->next)
		if (!mpf_sets_no_limit(c->class))
			return false;
	return piece->claims || piece->open;
}

/* The claims, without those in front of a sure one that does the same: whichever acts, it is that.
 */
static const struct claim *that_matter(const struct compare *compare, enum side side,
                                       enum feature feature, const struct piece *piece,
                                       struct claim *alone)
{
	const struct claim *last = piece->claims;
	if (!last || piece->open)
		return last;
	for (const struct claim *c = last->next; c; c = c->next)
		if (claim_number(compare, side, feature, c) !=
		    claim_number(compare, side, feature, last))
			return last;
	*alone = *last;
	alone->next = NULL;
	return alone;
}

bool piece_is_same(struct compare *compare, enum feature feature, const struct piece *a,
                   const struct piece *b, const struct box *box)
{
	struct claim alone[SIDE_COUNT];
	const struct claim *old = that_matter(compare, SIDE_OLD, feature, a, &alone[SIDE_OLD]);
	const struct claim *new = that_matter(compare, SIDE_NEW, feature, b, &alone[SIDE_NEW]);
	const struct claim *x = old, *y = new;
	bool any;
	if (is_idle(feature, a) && is_idle(feature, b))
		return true;
	for (; x && y; x = x->next, y = y->next)
		if (claim_number(compare, SIDE_OLD, feature, x) !=
		    claim_number(compare, SIDE_NEW, feature, y))
			return false;
	if (x || y || a->open != b->open || a->blurred != b->blurred)
		return false;
	bool one = old && !old->next && !a->open, none = !old && a->open;
	if ((one || none) && !a->blurred)
		return true;
	if (a->why != b->why || !doubts_are_same(compare, old, new, box, &any))
		return false;
	return (any && !a->blurred) || same_text(compare->same, SIDE_OLD, a->why_span) ==
	                                       same_text(compare->same, SIDE_NEW, b->why_span);
}

/* A part of a list of settings. */
__attribute__((format(printf, 2, 3))) static void add_setting(struct buf *text, const char *format,
                                                              ...)
{
	va_list args;
	va_start(args, format);
	struct str setting = str_vprintf(text->arena, format, args);
	va_end(args);
	buf_printf(text, "%s%.*s", text->n ? ", " : "", STR(setting));
}

static struct str conn_text(const struct compare *compare, const struct policy_class *class)
{
	struct buf text = {.arena = compare->arena};
	for (int i = 0; i < CONN_LIMIT_COUNT; i++)
		if (class->limits[i].set)
			add_setting(&text, "%s %u", conn_limit_words[i], class->limits[i].value);
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		if (class->timeouts[i].set)
			add_setting(&text, "%s timeout %.*s", conn_timeout_words[i],
			            STR(seconds_text(text.arena, class->timeouts[i].value)));
	if (class->random_sequence)
		add_setting(&text, "random-sequence-number %s",
		            class->sequence_kept ? "disable" : "enable");
	if (class->dcd && (class->dcd_retry || class->dcd_tries))
		add_setting(&text, "dcd every %u seconds, %u times", class->dcd_retry,
		            class->dcd_tries);
	else if (class->dcd)
		add_setting(&text, "dcd");
	return buf_str(&text);
}

/* The modules of a class, "csc, ips (a copy)". */
static struct str modules_text(struct arena *arena, const struct config *config,
                               const struct policy_class *class)
{
	struct buf text = {.arena = arena};
	VEC_EACH(const struct module_action, action, &class->modules)
		buf_printf(&text, "%s%.*s%s", text.n ? ", " : "",
		           STR(config_name(config, action->module)),
		           action->copy_only ? " (a copy)" : "");
	return text.n ? buf_str(&text) : S("a module");
}

/* What the class does for the feature. */
static struct str action_text(const struct compare *compare, enum side side, enum feature feature,
                              const struct claim *claim)
{
	const struct config *config = compare->config[side];
	const struct policy_class *class = claim->class;
	struct arena *arena = compare->arena;
	switch (feature) {
	case FEATURE_INSPECT:
		return str_printf(arena, "inspect %.*s%s%.*s",
		                  STR(config_name(config, claim->inspect->engine)),
		                  claim->inspect->map ? " " : "",
		                  STR(config_name(config, claim->inspect->map)));
	case FEATURE_CONN:
		return conn_text(compare, class);
	case FEATURE_TCP:
		return class->state_bypass ? S("tcp-state-bypass")
		                           : STR_JOIN(arena, S("tcp-map "),
		                                      config_name(config, class->tcp_map));
	case FEATURE_POLICE_IN:
		return str_printf(arena, "police input %u", class->police_in.value);
	case FEATURE_POLICE_OUT:
		return str_printf(arena, "police output %u", class->police_out.value);
	case FEATURE_MODULE:
		return modules_text(arena, config, class);
	}
	return S("");
}

struct str piece_text(const struct compare *compare, enum side side, enum feature feature,
                      const struct piece *piece)
{
	static const char *const nothing[] = {
	        [FEATURE_INSPECT] = "not inspected",
	        [FEATURE_CONN] = "no limit",
	        [FEATURE_TCP] = "normal",
	        [FEATURE_POLICE_IN] = "not policed",
	        [FEATURE_POLICE_OUT] = "not policed",
	        [FEATURE_MODULE] = "no module",
	};
	const struct claim *claim = piece->claims;
	if (!claim)
		return piece->blurred ? S("unknown") : str_of(nothing[feature]);
	return str_printf(compare->arena, "%s%.*s in class %.*s",
	                  piece_is_decided(piece) ? "" : "perhaps ",
	                  STR(action_text(compare, side, feature, claim)),
	                  STR(config_name(compare->config[side], claim->class->name)));
}

struct span piece_span(const struct piece *piece)
{
	const struct claim *claim = piece->claims;
	if (!claim)
		return piece->why_span;
	return claim->inspect ? claim->inspect->span : claim->class->span;
}

/* The map that a claim applies: its kind in model/block.h, and its name; empty where it has none.
 */
static struct str map_kind(enum feature feature)
{
	return feature == FEATURE_TCP ? S("tcp-map") : S("policy-map");
}

static struct str map_name(const struct compare *compare, enum side side, enum feature feature,
                           const struct piece *piece)
{
	const struct claim *claim = piece->claims;
	if (!claim || (feature != FEATURE_TCP && feature != FEATURE_INSPECT))
		return S("");
	return config_name(compare->config[side],
	                   feature == FEATURE_TCP ? claim->class->tcp_map : claim->inspect->map);
}

void piece_tell_map(struct compare *compare, enum feature feature,
                    const struct piece *const both[SIDE_COUNT], struct difference *difference)
{
	struct str names[SIDE_COUNT];
	if (!str_eq(difference->before, difference->after))
		return;
	for (int side = 0; side < SIDE_COUNT; side++)
		names[side] = map_name(compare, (enum side)side, feature, both[side]);
	if (!names[SIDE_OLD].n || !names[SIDE_NEW].n)
		return;
	difference->after = STR_JOIN(compare->arena, difference->after, S(", whose map differs"));
	/* What other maps say is known by its words alone. */
	difference->undecided |=
	        feature == FEATURE_TCP ||
	        !mpf_is_smtp(compare->config[SIDE_OLD], both[SIDE_OLD]->claims->inspect->engine);
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct block_lines apart =
		        same_lines_apart(compare->same, (enum side)side, map_kind(feature), names);
		if (apart.list.n)
			difference->line[side] = apart.list.v[0];
	}
}

enum differs_in piece_differs_in(enum feature feature)
{
	static const enum differs_in kinds[] = {
	        [FEATURE_INSPECT] = DIFFERS_INSPECTION, [FEATURE_CONN] = DIFFERS_LIMITS,
	        [FEATURE_TCP] = DIFFERS_OTHER,          [FEATURE_POLICE_IN] = DIFFERS_LIMITS,
	        [FEATURE_POLICE_OUT] = DIFFERS_LIMITS,  [FEATURE_MODULE] = DIFFERS_OTHER,
	};
	return kinds[feature];
}
