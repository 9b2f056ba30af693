/* SPDX-License-Identifier: ISC */
/*
 * What the parts of remedy share: the change as it grows, and the access-list entries that
 * speak of the appliances' mail. Private to remedy*.c,
 * entries.c, permits.c, policy_edit.c and targets.c.
 */
#ifndef ANALYZERS_PLANNER_H
#define ANALYZERS_PLANNER_H

#include "analyzers/remedy.h"

/* An access-list entry of TCP: one direction of a lane, by one spelling of its addresses. */
struct entry {
	struct str src, dst, port; /* "any", "host 10.1.1.5"; "smtp", "7025" */
};

struct entries {
	VEC(struct entry) list;
};

/* A new access-list and the class-map that matches by it. */
struct made {
	struct str purpose; /* equal purposes share one */
	struct str acl, class;
};

/* A class of a policy-map before the change and after it. */
struct edited_class {
	struct str name;
	bool is_old, is_new; /* it is there before; after */
	bool unreadable;     /* it holds a line that cannot be entered anew */
	struct lines_text {
		VEC(struct str) list;
	} old, now;
};

/* A policy-map that the change touches: its classes in their new order, and the old one. */
struct edited_policy {
	const struct policy_map *policy;
	VEC(struct edited_class *) old, now;
};

struct planner {
	const struct audit *audit;
	const struct config *config;
	struct arena *arena;
	const struct remedy_wish *wish;
	struct change *change;
	/* In the order of pasting, and of undoing. */
	struct change_lines groups, lists, maps, policies, nats;
	struct change_lines undo_policies, undo_maps, undo_lists, undo_groups, undo_nats;
	struct entries mail; /* of every flow that is to be free of inspection */
	VEC(struct made) made;
	VEC(struct edited_policy *) edited;
};

/* --- planner.c ---------------------------------------------------------------------------- */

/* A command, or a note, at the end of `lines`. */
__attribute__((format(printf, 3, 4))) void
plan_line(struct planner *planner, struct change_lines *lines, const char *format, ...);
__attribute__((format(printf, 3, 4))) void
plan_note(struct planner *planner, struct change_lines *lines, const char *format, ...);

/* The change is not safe: say in a note of `lines` and in change->dangers, once, what it does. */
void plan_danger(struct planner *planner, struct change_lines *lines, struct str danger);

/* Say once that a finding of the rule is left, and why. */
void plan_unmended(struct planner *planner, enum rule_index rule, const struct flow *flow,
                   struct str why);

/* Is a finding of the rule (about the flow, if one is given) there and not suppressed? */
bool plan_wanted(const struct planner *planner, enum rule_index rule, const struct flow *flow);

struct str plan_name(const struct planner *planner, name_id id);

/* The words of a line of the config, with blanks for tabs. */
struct str plan_quote(const struct planner *planner, struct span span);

/* PREFIX + suffix, with a number behind it if the config has that name already. */
struct str plan_free_name(const struct planner *planner, const char *suffix);

/* --- policy_edit.c ------------------------------------------------------------------------ */

/* A class of a policy-map, to be edited; both stay what they are until plan_edits(). */
struct edited_policy *edit_policy(struct planner *planner, const struct policy_map *policy);
struct edited_class *edit_class(struct planner *planner, const struct policy_map *policy,
                                const struct policy_class *class);

/* An action of the class goes, or a new one comes behind the others. */
void edit_remove(struct edited_class *class, struct str action);
void edit_add(struct planner *planner, struct edited_class *class, struct str action);

/* A new class right before or behind another; `at` NULL: behind all but class-default. */
struct edited_class *edit_insert(struct planner *planner, const struct policy_map *policy,
                                 struct str name, const struct edited_class *at, bool before);

/* Can every class from this one on be entered anew, as an insertion before them asks for? */
bool edit_may_insert(struct planner *planner, const struct policy_map *policy,
                     const struct policy_class *at);

/* The commands of a class that hold, in order, without blanks around. */
struct lines_text edit_lines(const struct planner *planner, const struct policy_class *class);

/* --- entries.c ----------------------------------------------------------------------------- */

/*
 * The entries that match a lane as a class may see it: before 8.3 by mapped and real address
 * (ruling 5), from 8.3 by the real one. Returns why there are none; empty: there are.
 */
struct str entries_add_lane(const struct planner *planner, struct entries *entries,
                            const struct lane *lane);

/* "smtp" for 25, else digits. */
struct str entries_port(const struct planner *planner, uint16_t port);

/*
 * Write the entries into a list with their removal: at its top when `on_top`, else at its end.
 * Three hosts and more go into an object-group.
 */
void entries_write(struct planner *planner, struct str acl, const char *action,
                   const struct entries *entries, bool on_top);

/*
 * The access-list of a class that may be edited in place: the class goes by it alone, nothing
 * else uses it, and the class stands in one policy-map. NULL otherwise.
 */
const struct acl *entries_own_list(const struct planner *planner, const struct policy_class *class);

/* --- targets.c ---------------------------------------------------------------------------- */

/* A class that inspects mail which is to be free. */
struct target {
	const struct claim *claim;
	const struct flow *flow; /* the first of the flows, for messages */
	struct entries entries;
	struct iset ports; /* of a fixup: those that the mail uses */
};

/* A lane whose policy was searched for classes behind those that inspect it now. */
struct searched {
	const struct lane *lane;
	const struct policy_map *policy;
};

struct targets {
	VEC(struct target) list;
	VEC(struct searched) searched;
};

/* Classes that inspect, or may inspect, a part of a flow that is to be free. */
struct targets targets_of(struct planner *planner);

/* Say that the target's mail is left, and why. */
void target_refuse(struct planner *planner, const struct target *target, struct str why);

/* --- permits.c ---------------------------------------------------------------------------- */

/* What a class matches, as the lines of a list: what follows `access-list NAME `. */
struct permits {
	struct str purpose; /* equal purposes share a class */
	struct lines_text lines;
	bool other_engine; /* not SMTP inspection, but one that the mail would meet next */
};

/* What the claim's class matches; false where a list cannot say it. */
bool permits_of(struct planner *planner, const struct claim *claim, struct permits *permits);

/*
 * The lines of a list as they stand, without its name, `line N` and what does not count. False
 * where they are too many or not all of them were understood.
 */
bool permits_copied(struct planner *planner, const struct acl *acl, struct permits *permits);

/* --- the parts of a plan ------------------------------------------------------------------ */

void plan_inspection(struct planner *planner);    /* remedy_class.c */
void plan_policy_limits(struct planner *planner); /* remedy_limits.c */
void plan_translations(struct planner *planner);  /* remedy_nat.c */
void plan_edits(struct planner *planner);         /* policy_edit.c */

#endif
