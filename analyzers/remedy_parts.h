/* SPDX-License-Identifier: ISC */
/* What changes of inspection share; for remedy_class.c, remedy_made.c and remedy_off.c only. */
#ifndef ANALYZERS_REMEDY_PARTS_H
#define ANALYZERS_REMEDY_PARTS_H

#include "analyzers/planner.h"

/* --- new lists and classes (remedy_made.c) ------------------------------------------------ */

/* All that stands behind `inspect`, maps and options too. */
struct str remedy_inspect_line(const struct planner *planner, const struct inspect *inspect);

/* Deny lines for the mail, then what is permitted. By allow-tls a class before it has the mail. */
struct lines_text remedy_exempting_lines(struct planner *planner, const struct target *target,
                                         const struct permits *permits);

/* The list that permits what the class matches but the appliances' mail: its name. */
struct str remedy_exempting_list(struct planner *planner, const struct target *target,
                                 const struct permits *permits);

/*
 * The class of everybody else: all that the old class inspects but the appliances' mail. One class
 * takes one inspection (asa-semantics 1.1.9).
 */
struct str remedy_others_class(struct planner *planner, const struct target *target,
                               const struct permits *permits);

/* A class of the appliances' mail alone, but for what is `left` out; `text` is its remark. */
struct str remedy_appliances_class(struct planner *planner, const struct entries *left,
                                   const struct entries *mail, const char *text);

/* --- global-off (remedy_off.c) ------------------------------------------------------------ */

/* The fixup of the target ends; ports of it that the mail does not use stay. */
void remedy_fixup_off(struct planner *planner, const struct target *target);

/* The inspection of the target ends for everybody; without --unsafe the reason why not is said. */
void remedy_inspect_off(struct planner *planner, const struct target *target);

#endif
