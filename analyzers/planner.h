/* SPDX-License-Identifier: ISC */
/*
 * What the parts of remedy share: the change as it grows, and the access-list entries that
 * speak of the appliances' mail. Private to remedy*.c, entries.c, lists.c, narrow.c, permits.c,
 * place.c, policy_edit.c, targets.c and vacancy.c.
 */
#ifndef ANALYZERS_PLANNER_H
#define ANALYZERS_PLANNER_H

#include "analyzers/remedy.h"

/* An access-list entry of TCP: one direction of a lane, by one spelling of its addresses. */
struct entry {
	struct str src, dst, port; /* "any", "host 10.1.1.5"; "smtp", "7025" */
	struct box box;            /* the packets that it matches */
};

struct entries {
	VEC(struct entry) list;
};

/* A new access-list, class-map, object-group or map. */
struct made {
	struct str purpose; /* equal purposes share one */
	struct str name;
};

/* A class that inspects mail which is to be free, or would do so next. */
struct target {
	const struct claim *claim;
	const struct flow *flow; /* the first of the flows, for messages */
	struct iset ports;       /* of a fixup: those that the mail uses */
	bool gone;               /* the inspection leaves its class, and no other takes its place */
};

struct targets {
	VEC(struct target) list; /* in the order of the config */
};

/* An inspection that a class carries: as it did before, or for a class that gave it away. */
struct carried {
	const struct policy_class *class;
	const struct inspect *inspect;
};

/* A class of a policy-map before the change and after it. */
struct edited_class {
	struct str name;
	bool is_old, is_new; /* it is there before; after */
	bool unreadable;     /* it holds a line that cannot be entered anew */
	struct lines_text {
		VEC(struct str) list;
	} old, now;
	VEC(struct carried) carries;
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
	struct targets targets;
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

/* Is this limit of the flow too low, and found so by a rule whose finding is not suppressed? */
bool plan_lifts(const struct planner *planner, const struct flow *flow, const struct bound *bound);

/*
 * The limit to set where one is too low: the policy file's minimum, or 0, which is none, if that is
 * more than the release takes (asa-semantics 4.2 and 5).
 */
uint32_t plan_minimum(const struct planner *planner, bool embryonic);

/* The config's own text of a name. */
struct str plan_name(const struct planner *planner, name_id id);

/* What was made for this purpose; NULL: nothing. */
const struct made *plan_made(const struct planner *planner, struct str purpose);

/* Make a name for it: PREFIX + suffix, with a number behind it if the config has that already. */
struct str plan_make(struct planner *planner, struct str purpose, const char *suffix);

/* The words of a line of the config, with blanks for tabs. */
struct str plan_quote(const struct planner *planner, struct span span);

/* --- policy_edit.c ------------------------------------------------------------------------ */

/* A class of a policy-map, to be edited; both stay what they are until plan_edits(). */
struct edited_policy *edit_policy(struct planner *planner, const struct policy_map *policy);
struct edited_class *edit_class(struct planner *planner, const struct policy_map *policy,
                                const struct policy_class *class);

/* An action of the class goes, changes, or a new one comes behind the others. */
void edit_remove(struct edited_class *class, struct str action);
void edit_replace(struct edited_class *class, struct str action, struct str by);
void edit_add(struct planner *planner, struct edited_class *class, struct str action);

/*
 * A new class right before another; `at` NULL: behind all but class-default. One of that name that
 * is there already is moved only if it is new and stands behind `at`.
 */
struct edited_class *edit_insert(struct planner *planner, const struct policy_map *policy,
                                 struct str name, const struct edited_class *at);

/*
 * Why the policy-map takes no `n` classes more, each with a class-map of its own: a device holds so
 * many (asa-semantics 1.5). Empty: it does.
 */
struct str edit_why_full(struct planner *planner, const struct policy_map *policy, unsigned n);

/* Can every class from this one on be entered anew, as an insertion before them asks for? */
bool edit_may_insert(struct planner *planner, const struct policy_map *policy,
                     const struct edited_class *at);

/* The commands of a class that hold, in order, without blanks around. */
struct lines_text edit_lines(const struct planner *planner, const struct policy_class *class);

/* Is the line among them, to the letter? */
bool lines_hold(const struct lines_text *lines, struct str text);

/* --- entries.c ----------------------------------------------------------------------------- */

/*
 * The entries that match a lane as a class may see it: before 8.3 by mapped and real address
 * (ruling 5), from 8.3 by the real one. Returns why there are none; empty: there are.
 */
struct str entries_add_lane(const struct planner *planner, struct entries *entries,
                            const struct lane *lane);

/*
 * The part of an entry that lies in a set: what is `within`, once what is `without` is left out.
 * False where that takes too many entries, or more than addresses.
 */
bool entries_add_part(const struct planner *planner, struct entries *within,
                      struct entries *without, const struct entry *entry, const struct pset *set);

/* "smtp" for 25, else digits. */
struct str entries_port(const struct planner *planner, uint16_t port);

/* "198.51.100.0/24" as a list has it; of IPv6 it is the same. */
struct str entries_network(const struct planner *planner, struct str cidr);

/*
 * The entries as what follows `access-list NAME `. Three hosts and more go into an object-group,
 * which is made here.
 */
struct lines_text entries_lines(struct planner *planner, const char *action,
                                const struct entries *entries);

/* --- lists.c ------------------------------------------------------------------------------ */

enum { MAX_COPIED = 300 }; /* lines of a list that are entered again, or taken out */

/* What follows `access-list NAME ` in a line of a list, with `extended` and without `line N`. */
struct str list_line(const struct planner *planner, const struct ace *ace);

/* A line at the end of a list, with its removal; one that the change writes already is left. */
void list_append(struct planner *planner, struct str acl, struct str line);
void list_append_all(struct planner *planner, struct str acl, const struct lines_text *lines);
void list_remark(struct planner *planner, struct str acl, const char *text);

/* Lines at the top of a list that is there, with their removal. */
void list_put_on_top(struct planner *planner, struct str acl, const struct lines_text *lines);

/*
 * May a list be rewritten as these lines, and do it: what it has of them must stand in their order
 * and before all that it has not. `acl` NULL: a name whose list is missing.
 */
bool list_may_become(struct planner *planner, const struct acl *acl,
                     const struct lines_text *lines);
void list_become(struct planner *planner, struct str name, const struct lines_text *lines);

/* Is the list that a class-map goes by used by it alone? Then entries in it change nothing else. */
bool list_is_own(const struct config *config, name_id acl, const struct class_map *own);

/* In so many policy-maps a class stands. */
uint32_t list_count_uses(const struct config *config, name_id class);

/*
 * The access-list of a class that may be edited in place: the class goes by it alone, nothing
 * else uses it, and the class stands in one policy-map. NULL otherwise.
 */
const struct acl *list_of_its_own(const struct planner *planner, const struct policy_class *class);

/* --- targets.c ---------------------------------------------------------------------------- */

/*
 * Every class that inspects, or may inspect, a part of a flow that is to be free, in any policy
 * that its packets meet by any reading (rulings 4 and 5); also those that would do so were the
 * mail free of the classes before them. By allow-tls only those that own the mail now. The entries
 * of the mail go into planner->mail.
 */
struct targets targets_of(struct planner *planner);

/* Say that the target's mail is left, and why. */
void target_refuse(struct planner *planner, const struct target *target, struct str why);

/* --- place.c ------------------------------------------------------------------------------ */

/* What the inspection of a class matches of a region, whatever stands before the class. */
struct pset place_matched(const struct planner *planner, const struct policy_class *class,
                          const struct inspect *inspect, const struct box *region);

/* Does the inspection of a class match, or may, a part of a region, whatever stands before it? */
bool place_meets(const struct planner *planner, const struct policy_class *class,
                 const struct inspect *inspect, const struct box *region);

/* What a line of a list surely matches, or a part of it; empty: nothing for sure. */
struct box place_of_line(const struct config *config, const struct ace *ace);

/* Is it sure which packets of a region the claim's class matches? */
bool place_is_sure(const struct planner *planner, const struct claim *claim,
                   const struct box *region);

/* The mail that an inspection of a class might take: what a list of that class has to deny. */
struct entries place_mail(const struct planner *planner, const struct claim *claim);

/*
 * Once the inspection leaves its class, does each packet of others that it matches meet an equal
 * one in the same policy? Then nothing has to take its place. One that is shadowed by another
 * engine is no such case: by the other reading of 1.1.7 it may act.
 */
bool place_is_covered(const struct planner *planner, const struct claim *claim);

/*
 * The class that the new one, which takes over the inspection, has to stand before, as it would
 * inspect a part of the packets otherwise; NULL: none, the new class may come last. When
 * `with_mail`, the mail is to be taken by a new class too, and by no other.
 */
struct edited_class *place_before(struct planner *planner, const struct claim *claim,
                                  bool with_mail);

/* Would the inspection do the same in this class of its policy-map? */
bool place_serves(struct planner *planner, const struct claim *claim,
                  const struct edited_class *class);

/* --- vacancy.c ---------------------------------------------------------------------------- */

/*
 * A class of the target's policy-map that was meant as an exemption from SMTP inspection and does
 * nothing: it matches mail and has no action (AM401), or it has the target's inspection and its
 * list matches nothing (AM406). Its list becomes these lines; from then on it stands for a new
 * class. Its name; empty: there is none.
 */
struct str vacancy_fill(struct planner *planner, const struct target *target,
                        const struct lines_text *lines);

/*
 * The same of a class-map in no policy in force, whose list is about the mail (AM405): it is still
 * to be put into the policy.
 */
struct str vacancy_bind(struct planner *planner, const struct target *target,
                        const struct lines_text *lines);

/* --- permits.c ---------------------------------------------------------------------------- */

/* What a class matches, as the lines of a list: what follows `access-list NAME `. */
struct permits {
	struct str purpose; /* equal purposes share a class */
	struct lines_text lines;
	bool other_engine; /* not SMTP inspection, but one that the mail would meet next */
};

/* One end of an entry as a list has it; empty where it cannot be repeated. */
struct str permits_end(const struct planner *planner, uint32_t index);

/* What the claim's class matches; false where a list cannot say it. */
bool permits_of(struct planner *planner, const struct claim *claim, struct permits *permits);

/* --- narrow.c ----------------------------------------------------------------------------- */

/* Does the class's `set connection` have nothing but this mail, by what the class matches? */
bool narrow_is_mail(const struct planner *planner, const struct policy_class *class,
                    const struct entries *mail);

/*
 * The part of the mail that the class's `set connection` has by what the class matches, whatever
 * stands before it: lines that permit just that, appended. False where it takes too many.
 */
bool narrow_lines(struct planner *planner, const struct policy_class *class,
                  const struct entries *mail, struct lines_text *lines);

/* --- the parts of a plan ------------------------------------------------------------------ */

void plan_inspection(struct planner *planner);    /* remedy_class.c */
void plan_policy_limits(struct planner *planner); /* remedy_limits.c */
void plan_translations(struct planner *planner);  /* remedy_nat.c */
void plan_edits(struct planner *planner);         /* policy_edit.c */

#endif
