/* SPDX-License-Identifier: ISC */
/* Device commands that mend a config, and those that undo them. */
#ifndef MODEL_CHANGE_H
#define MODEL_CHANGE_H

#include "model/finding.h"

/* One line to paste; notes are printed as "! ..." and change nothing. */
struct change_line {
	struct str text; /* indented as a running-config */
	bool note;
};

struct change_lines {
	VEC(struct change_line) list;
};

struct unmended {
	const struct rule *rule;
	struct str flow_id; /* empty: the config */
	struct str why;
};

/* A set of packets that the change treats otherwise: its blast radius, part by part. */
struct treatment {
	struct str place; /* where: "global", "interface outside", a translation */
	struct box packets;
	struct str before, after;
	bool wanted; /* mail of the appliances, or the appliance's own limit */
};

/* What replaying the change has shown; only what was computed is set. */
struct change_check {
	bool done;    /* the commands were replayed, and the result audited and compared */
	bool cleared; /* every finding that was to be mended is gone */
	VEC(struct str) exempted; /* ids of flows that may have been inspected, and are not after */
	bool unchanged;           /* every other packet is treated as before */
	bool has_counterexample;  /* if not: one that is not */
	struct witness counterexample;
	bool rollback_restores; /* change and rollback together leave the config as it was */
	bool idempotent;        /* pasted twice is as pasted once */
	VEC(struct treatment) effects;
};

/*
 * A command to try, and what it shows before the change and after it: prose in
 * which `backticks` mark what stands on the screen. Empty: nothing to see then.
 */
struct trial {
	struct str command, before, after;
	struct str where; /* the host it is typed on; empty: the firewall */
};

/* A line that is taken out and entered anew: who cannot connect in between. */
struct outage {
	struct str line, whose;
	bool own;               /* an appliance has it to itself */
	bool inbound, outbound; /* connections to its mapped addresses; by its hosts */
};

/* What is done on this very device around the commands, as its text and release have it. */
struct procedure {
	struct str cryptochecksum; /* the device's own, of the text; empty: not in it */
	bool applied;              /* other commands (--apply) stand between text and change */
	bool failover;             /* one of a pair */
	bool pasteable;            /* into configure mode */
	struct str keep, leave;    /* show the whole config; leave configure mode */
	VEC(struct trial) trials;
	VEC(struct str) clears; /* end the connections that began before the change */
	bool clears_hosts;      /* these end all connections of the host, not mail alone */
	bool clears_xlate;      /* the release's documents ask for `clear xlate` besides */
	VEC(struct outage) outages;
	bool leaves_bare; /* meanwhile packets leave untranslated: there is no nat-control */
};

struct config_report;

struct change {
	enum fix_form form;
	bool safe;
	VEC(struct str) dangers; /* what it changes for others, where the plan knew: why not safe */
	struct change_lines commands, rollback;
	VEC(struct str) verify; /* exec commands that show the effect on the device */
	VEC(struct unmended) unmended;
	struct change_check check;
	const struct config_report *after; /* audited with the commands applied; NULL: was not */
	struct procedure procedure;
};

#endif
