/* SPDX-License-Identifier: ISC */
/*
 * From findings to device commands: the change that ends what was found, and the
 * rollback that undoes it (product.md "fix", asa-semantics 1.3 and 1.7).
 */
#ifndef ANALYZERS_REMEDY_H
#define ANALYZERS_REMEDY_H

#include "analyzers/audit.h"
#include "model/change.h"

/* What a change is made of, each of which can be made without the others. */
enum remedy_part {
	REMEDY_INSPECTION = 1,
	REMEDY_LIMITS = 2,       /* of `set connection` */
	REMEDY_TRANSLATIONS = 4, /* limits of `static` and `nat` */
};

struct remedy_wish {
	enum fix_form form; /* FORM_DEFAULT: what the release offers */
	bool unsafe;        /* forms that change others' traffic too are allowed */
	struct str prefix;  /* of new names; empty: "ESMTP" */
	unsigned without;   /* parts that are not planned */
};

/*
 * Plan the change for an audited config. The findings of the audit's report say what
 * is to be mended; suppressed or deselected ones are left alone. Nothing is tried here:
 * change->check is for the caller, who replays the commands.
 */
struct change *remedy_plan(const struct audit *audit, const struct remedy_wish *wish);

/* Is the rule one that a change of this form sets out to mend? */
bool remedy_covers(enum fix_form form, const struct rule *rule);

/* The part of a change that mends the rule; 0: none does. */
unsigned remedy_part_of(const struct rule *rule);

#endif
