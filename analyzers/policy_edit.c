/* SPDX-License-Identifier: ISC */
/*
 * Policy-maps as they are edited on a device: a new class always comes behind the others but
 * class-default, and there is no word to put one elsewhere (asa-semantics 1.5). So where the order
 * asks for it, the classes behind leave and enter anew with all their commands.
 */
#include "analyzers/planner.h"

static bool is_class_default(struct str name)
{
	return str_eq(name, S("class-default"));
}

/* --- classes as text -------------------------------------------------------------------- */

bool lines_hold(const struct lines_text *lines, struct str text)
{
	VEC_EACH(const struct str, line, &lines->list)
		if (str_eq(*line, text))
			return true;
	return false;
}

static void drop_line(struct lines_text *lines, struct str text)
{
	uint32_t kept = 0;
	VEC_EACH(const struct str, line, &lines->list)
		if (!str_eq(*line, text))
			lines->list.v[kept++] = *line;
	lines->list.n = kept;
}

/* The device refuses it, so it is not there. */
static bool is_refused(const struct config *config, struct span span)
{
	VEC_EACH(const struct invalid_line, line, &config->invalid_lines)
		if (span_same(line->span, span))
			return true;
	return false;
}

struct lines_text edit_lines(const struct planner *planner, const struct policy_class *class)
{
	struct lines_text lines = {0};
	VEC_EACH(const struct span, span, &class->lines) {
		struct str text = plan_quote(planner, *span);
		struct str positive = text;
		bool negated = str_starts(text, S("no "));
		if (is_refused(planner->config, *span))
			continue;
		if (str_starts(text, S("inspect ")) && lines_hold(&lines, text))
			continue; /* the second is refused, and the first keeps its place */
		if (negated)
			positive = str_trim((struct str){text.s + 3, text.n - 3});
		drop_line(&lines, positive); /* what was entered twice stands once */
		if (!negated)
			VEC_PUSH(planner->arena, &lines.list, text);
	}
	return lines;
}

static struct edited_class *old_class(struct planner *planner, const struct policy_class *class)
{
	struct edited_class *edited = NEW(planner->arena, struct edited_class);
	*edited = (struct edited_class){.name = plan_name(planner, class->name),
	                                .is_old = true,
	                                .is_new = true,
	                                .unreadable = class->unknown};
	edited->old = edit_lines(planner, class);
	VEC_EACH(const struct str, line, &edited->old.list)
		VEC_PUSH(planner->arena, &edited->now.list, *line);
	VEC_EACH(const struct inspect, inspect, &class->inspects)
		VEC_PUSH(planner->arena, &edited->carries, ((struct carried){class, inspect}));
	return edited;
}

struct edited_policy *edit_policy(struct planner *planner, const struct policy_map *policy)
{
	for (uint32_t i = 0; i < planner->edited.n; i++)
		if (planner->edited.v[i]->policy == policy)
			return planner->edited.v[i];
	struct edited_policy *edited = NEW(planner->arena, struct edited_policy);
	edited->policy = policy;
	VEC_EACH(const struct policy_class, class, &policy->classes) {
		struct edited_class *at = old_class(planner, class);
		VEC_PUSH(planner->arena, &edited->old, at);
		VEC_PUSH(planner->arena, &edited->now, at);
	}
	VEC_PUSH(planner->arena, &planner->edited, edited);
	return edited;
}

static struct edited_class *find_class(const struct edited_policy *policy, struct str name)
{
	for (uint32_t i = 0; i < policy->now.n; i++)
		if (str_eq(policy->now.v[i]->name, name))
			return policy->now.v[i];
	return NULL;
}

struct edited_class *edit_class(struct planner *planner, const struct policy_map *policy,
                                const struct policy_class *class)
{
	return find_class(edit_policy(planner, policy), plan_name(planner, class->name));
}

/* --- editing ---------------------------------------------------------------------------- */

void edit_remove(struct edited_class *class, struct str action)
{
	drop_line(&class->now, action);
}

void edit_replace(struct edited_class *class, struct str action, struct str by)
{
	VEC_EACH(struct str, line, &class->now.list)
		if (str_eq(*line, action))
			*line = by;
}

void edit_add(struct planner *planner, struct edited_class *class, struct str action)
{
	drop_line(&class->now, action);
	VEC_PUSH(planner->arena, &class->now.list, action);
}

static uint32_t place_of(const struct edited_policy *policy, const struct edited_class *class)
{
	uint32_t place = 0;
	while (place < policy->now.n && policy->now.v[place] != class)
		place++;
	return place;
}

struct edited_class *edit_insert(struct planner *planner, const struct policy_map *policy,
                                 struct str name, const struct edited_class *at)
{
	struct edited_policy *edited = edit_policy(planner, policy);
	struct edited_class *class = find_class(edited, name);
	if (!class) {
		class = NEW(planner->arena, struct edited_class);
		*class = (struct edited_class){.name = name, .is_new = true};
		VEC_PUSH(planner->arena, &edited->now, class);
	} else if (class->is_old || !at || place_of(edited, class) < place_of(edited, at)) {
		return class;
	}
	uint32_t from = place_of(edited, class), to = at ? place_of(edited, at) : from;
	if (!at && from > 0 && is_class_default(edited->now.v[from - 1]->name))
		to = from - 1;
	for (uint32_t i = from; i > to; i--)
		edited->now.v[i] = edited->now.v[i - 1];
	edited->now.v[to] = class;
	return class;
}

enum { MAX_CLASSES = 63, MAX_CLASS_MAPS = 255 };

struct str edit_why_full(struct planner *planner, const struct policy_map *policy, unsigned n)
{
	const struct edited_policy *edited = edit_policy(planner, policy);
	unsigned classes = n, maps = n + planner->config->class_maps.n;
	for (uint32_t i = 0; i < edited->now.n; i++)
		classes += edited->now.v[i]->is_new && !is_class_default(edited->now.v[i]->name);
	VEC_EACH(const struct change_line, line, &planner->undo_maps.list)
		maps += str_starts(line->text, S("no class-map "));
	if (classes > MAX_CLASSES)
		return str_printf(planner->arena,
		                  "policy-map %.*s has no room for a new class: a device takes %d "
		                  "in one, and it would have %u",
		                  STR(plan_name(planner, policy->name)), (int)MAX_CLASSES, classes);
	if (maps > MAX_CLASS_MAPS)
		return str_printf(planner->arena,
		                  "there is no room for a new class-map: a device takes %d, and it "
		                  "would have %u",
		                  (int)MAX_CLASS_MAPS, maps);
	return S("");
}

/* A class without its class-map is refused when it is entered anew. */
static bool is_lost(const struct planner *planner, const struct edited_class *class)
{
	name_id name = config_find_name(planner->config, class->name);
	return class->unreadable || !name || !config_class_map(planner->config, name);
}

bool edit_may_insert(struct planner *planner, const struct policy_map *policy,
                     const struct edited_class *at)
{
	const struct edited_policy *edited = edit_policy(planner, policy);
	bool behind = false;
	for (uint32_t i = 0; i < edited->now.n; i++) {
		const struct edited_class *class = edited->now.v[i];
		behind |= class == at;
		if (behind && class->is_old && !is_class_default(class->name) &&
		    is_lost(planner, class))
			return false;
	}
	return true;
}

/* --- commands --------------------------------------------------------------------------- */

/* A turn, from the classes `a` to the classes `b`; the other way it is the rollback. */
struct turn {
	struct edited_class **a, **b;
	uint32_t n_a, n_b;
	bool back;
};

static bool is_there(const struct edited_class *class, bool after)
{
	return after ? class->is_new : class->is_old;
}

/* So many classes of `b` can stay where they are: they are the first that stay of `a` too. */
static uint32_t count_kept(const struct turn *turn)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < turn->n_a; i++) {
		const struct edited_class *class = turn->a[i];
		if (!is_there(class, !turn->back))
			continue; /* it goes */
		if (kept == turn->n_b || turn->b[kept] != class)
			break;
		kept++;
	}
	return kept;
}

static bool is_kept(const struct turn *turn, uint32_t kept, const struct edited_class *class)
{
	for (uint32_t i = 0; i < kept; i++)
		if (turn->b[i] == class)
			return true;
	return is_class_default(class->name);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t past_digits(struct str text, size_t at)
{
	while (at < text.n && is_digit(text.s[at]))
		at++;
	return at;
}

static bool same_but_numbers(struct str a, struct str b)
{
	size_t i = 0, j = 0;
	while (i < a.n && j < b.n) {
		bool numbers = is_digit(a.s[i]) && is_digit(b.s[j]);
		if (!numbers && a.s[i] != b.s[j])
			return false;
		i = numbers ? past_digits(a, i) : i + 1;
		j = numbers ? past_digits(b, j) : j + 1;
	}
	return i == a.n && j == b.n;
}

/* Limits that are entered again with other numbers take the place of those that are there. */
static bool is_overwritten(struct str line, const struct lines_text *by)
{
	if (str_starts(line, S("set connection ")))
		VEC_EACH(const struct str, other, &by->list)
			if (same_but_numbers(line, *other))
				return true;
	return false;
}

static void write_difference(struct planner *planner, struct change_lines *to,
                             const struct edited_class *class, bool back)
{
	const struct lines_text *from = back ? &class->now : &class->old;
	const struct lines_text *into = back ? &class->old : &class->now;
	bool opened = false;
	VEC_EACH(const struct str, line, &from->list) {
		if (lines_hold(into, *line) || is_overwritten(*line, into))
			continue;
		if (!opened)
			plan_line(planner, to, " class %.*s", STR(class->name));
		opened = true;
		plan_line(planner, to, "  no %.*s", STR(*line));
	}
	VEC_EACH(const struct str, line, &into->list) {
		if (lines_hold(from, *line))
			continue;
		if (!opened)
			plan_line(planner, to, " class %.*s", STR(class->name));
		opened = true;
		plan_line(planner, to, "  %.*s", STR(*line));
	}
}

static void write_whole(struct planner *planner, struct change_lines *to,
                        const struct edited_class *class, bool back)
{
	const struct lines_text *lines = back ? &class->old : &class->now;
	plan_line(planner, to, " class %.*s", STR(class->name));
	VEC_EACH(const struct str, line, &lines->list)
		plan_line(planner, to, "  %.*s", STR(*line));
}

/* Classes that are there before and after, and leave for a while. */
static struct str moved_names(struct planner *planner, const struct turn *turn, uint32_t kept)
{
	struct buf names = {.arena = planner->arena};
	for (uint32_t i = kept; i < turn->n_b; i++) {
		const struct edited_class *class = turn->b[i];
		if (is_there(class, turn->back) && !is_kept(turn, kept, class))
			buf_printf(&names, "%s%.*s", names.n ? ", " : "", STR(class->name));
	}
	return buf_str(&names);
}

/*
 * Pasted a second time, a new class is there already and would stay before the classes that enter
 * anew, though it belongs behind one of them. So it leaves too; it is entered first, since the
 * device refuses `no class` of one that is not there.
 */
static void write_leave_new(struct planner *planner, struct change_lines *to,
                            const struct turn *turn, uint32_t kept)
{
	bool behind = false, noted = false;
	for (uint32_t i = kept; i < turn->n_b; i++) {
		const struct edited_class *class = turn->b[i];
		if (behind && !class->is_old) {
			if (!noted)
				plan_note(planner, to,
				          "new classes that come behind these are entered and left "
				          "first, so that all of this can be pasted twice");
			noted = true;
			plan_line(planner, to, " class %.*s", STR(class->name));
			plan_line(planner, to, " no class %.*s", STR(class->name));
		}
		behind |= class->is_old && !is_kept(turn, kept, class);
	}
}

static void write_turn(struct planner *planner, struct change_lines *to,
                       const struct policy_map *policy, const struct turn *turn)
{
	uint32_t kept = count_kept(turn);
	struct str moved = moved_names(planner, turn, kept);
	if (moved.n)
		plan_note(planner, to,
		          "order counts, and a new class comes last: these leave and enter anew, "
		          "and do nothing to connections that begin in between: %.*s",
		          STR(moved));
	plan_line(planner, to, "policy-map %.*s", STR(plan_name(planner, policy->name)));
	for (uint32_t i = 0; i < turn->n_a; i++)
		if (turn->back && !is_kept(turn, kept, turn->a[i]))
			plan_line(planner, to, " no class %.*s", STR(turn->a[i]->name));
	for (uint32_t i = 0; i < turn->n_b; i++)
		if (is_there(turn->b[i], turn->back) && is_kept(turn, kept, turn->b[i]))
			write_difference(planner, to, turn->b[i], turn->back);
	for (uint32_t i = 0; i < turn->n_a; i++)
		if (!turn->back && !is_kept(turn, kept, turn->a[i]))
			plan_line(planner, to, " no class %.*s", STR(turn->a[i]->name));
	if (!turn->back)
		write_leave_new(planner, to, turn, kept);
	for (uint32_t i = kept; i < turn->n_b; i++)
		if (!is_kept(turn, kept, turn->b[i]))
			write_whole(planner, to, turn->b[i], turn->back);
}

static bool is_changed(const struct edited_policy *policy)
{
	for (uint32_t i = 0; i < policy->now.n; i++) {
		const struct edited_class *class = policy->now.v[i];
		bool same = class->is_old && class->old.list.n == class->now.list.n;
		VEC_EACH(const struct str, line, &class->old.list)
			same &= lines_hold(&class->now, *line);
		if (!same)
			return true;
	}
	return false;
}

void plan_edits(struct planner *planner)
{
	for (uint32_t i = 0; i < planner->edited.n; i++) {
		const struct edited_policy *edited = planner->edited.v[i];
		if (!is_changed(edited))
			continue; /* it was only looked at */
		struct turn there = {edited->old.v, edited->now.v, edited->old.n, edited->now.n,
		                     false};
		struct turn back = {edited->now.v, edited->old.v, edited->now.n, edited->old.n,
		                    true};
		write_turn(planner, &planner->policies, edited->policy, &there);
		write_turn(planner, &planner->undo_policies, edited->policy, &back);
	}
}
