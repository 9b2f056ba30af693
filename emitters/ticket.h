/* SPDX-License-Identifier: ISC */
/*
 * A change ticket as data: sections of paragraphs, lists, tables and commands. It is made once
 * from a report and printed as Markdown, as HTML and into the columns of a ServiceNow change.
 *
 * Texts are one line of valid UTF-8 without control characters, but for two: what stands between
 * TICKET_CODE and TICKET_PROSE is to be shown as it is typed or seen on a screen. Each printer
 * escapes them for its format.
 */
#ifndef EMITTERS_TICKET_H
#define EMITTERS_TICKET_H

#include "emitters/packets.h"
#include "model/report.h"

#define TICKET_CODE  "\x0e"
#define TICKET_PROSE "\x0f"
#define CODE(text)   TICKET_CODE text TICKET_PROSE

enum { SHORT_DESCRIPTION_MAX = 160 }; /* characters */

/* How good the news is. Printers show it by a sign, and by colour where there is one. */
enum tone { TONE_PLAIN, TONE_GOOD, TONE_WARNING, TONE_BAD, TONE_COUNT };
extern const char *const tone_signs[TONE_COUNT]; /* "", a check mark, ... */

struct cell {
	struct str text;
	enum tone tone;
};

struct cells {
	VEC(struct cell) list;
};

enum block_kind {
	BLOCK_TEXT,    /* a paragraph: one row of one cell */
	BLOCK_LIST,    /* a point a row */
	BLOCK_TABLE,   /* the first row has the titles */
	BLOCK_COMMANDS /* a line a row, to be copied as they are */
};

struct block {
	enum block_kind kind;
	VEC(struct cells) rows;
};

/* In the order in which they are read. */
enum ticket_part {
	PART_SUMMARY,
	PART_REASONS,
	PART_FLOWS,
	PART_UNMENDED,
	PART_RISK,
	PART_PROOF,
	PART_PREPARE,
	PART_BEFORE,
	PART_CHANGE,
	PART_CONNECTIONS,
	PART_AFTER,
	PART_SAVE,
	PART_ROLLBACK,
	PART_COUNT
};
extern const char *const ticket_part_titles[PART_COUNT];

struct section {
	VEC(struct block) blocks; /* none: left out */
};

/* Flows of one appliance that fare alike, before the change and after it. */
struct ticket_flow {
	const struct flow *flow; /* the first of them, before */
	struct words from, to;
	struct cell before, after;
	struct words before_parts, after_parts; /* the same, a fact each */
	bool changed;
	bool reinspected;     /* other engines or maps take it after, or none */
	bool freed;           /* less of it is inspected after, by whatever engine */
	bool raised, lifted;  /* a limit is higher after, or gone */
	bool floods;          /* one of these was on half-open connections */
	bool in_doubt;        /* mail of which it is not decided after whether it is inspected */
	struct words engines; /* reinspected: those that took it before, "SMTP", "http" */
};

struct ticket_flows {
	VEC(struct ticket_flow) list;
};

struct ticket {
	bool change;      /* there are commands to paste */
	struct str title; /* the short description too: at most SHORT_DESCRIPTION_MAX characters */
	struct str firewall;       /* HOSTNAME or HOSTNAME/CONTEXT; empty: the text has none */
	struct str device;         /* "Cisco ASA 9.8(4)15" */
	struct str id, start, end; /* as asked for; empty: not given */
	struct block facts;        /* a table without titles */
	struct section parts[PART_COUNT];
	struct ticket_flows flows; /* on path */
	const char *tool_version;
};

/* The ticket for the change of a report; one that says so where nothing is to be done. */
struct ticket ticket_build(struct arena *arena, const struct report *report);

/* --- for printers ------------------------------------------------------------------------- */

/* Take the next run of a text off its front; false at the end. */
bool ticket_run(struct str *text, struct str *run, bool *code);

/* The text without marks, code in "backticks" if asked for. */
struct str ticket_plain(struct arena *arena, struct str text, bool backticks);

/* The first `max` characters; the last is an ellipsis where some are left out. */
struct str ticket_shortened(struct arena *arena, struct str text, size_t max);

/* Does some command of the change begin with these words? */
bool ticket_has_command(const struct change *change, const char *words);

/* --- for those who fill it ---------------------------------------------------------------- */

/* Text of unknown origin made fit: no control characters, valid UTF-8. */
struct str ticket_clean(struct arena *arena, struct str text);

/* The same of prose in which `backticks` mark code. */
struct str ticket_prose(struct arena *arena, struct str text);

/* A new block at the end of a section, and rows at the end of a block. */
struct block *ticket_block(struct arena *arena, struct section *section, enum block_kind kind);
void ticket_row(struct arena *arena, struct block *block, struct str text);
struct cells *ticket_cells(struct arena *arena, struct block *block);
void ticket_cell(struct arena *arena, struct cells *cells, enum tone tone, struct str text);
/* A paragraph of its own. */
void ticket_say(struct arena *arena, struct section *section, struct str text);
void ticket_say_with_tone(struct arena *arena, struct section *section, enum tone tone,
                          struct str text);
void ticket_titles(struct arena *arena, struct block *block, const char *const *titles, size_t n);

/* ticket_flows.c: the flows on path, alike ones in one row; and the section about them. */
struct ticket_flows ticket_flows(struct arena *arena, const struct config_report *before,
                                 const struct change *change);

/* What becomes of the limits on connections of the flows. */
enum limits_deed { LIMITS_KEPT, LIMITS_RAISED, LIMITS_LIFTED, LIMITS_RAISED_OR_LIFTED };
enum limits_deed ticket_limits_deed(const struct ticket_flows *flows);

/* Is mail exempt from inspection that was not before? */
bool ticket_frees(const struct ticket_flows *flows);
void ticket_fill_flows(struct arena *arena, struct ticket *ticket, const struct report *report);

/*
 * ticket_effects.c: a table, titles and all, of the packets that the change treats otherwise:
 * where, from, to, protocol and port, before, after, whose it is. Parts that fare alike are joined.
 */
void ticket_effects(struct arena *arena, const struct change_check *check, struct block *table);

/* ticket_claims.c: why, what is left, what can go wrong, what is proved. */
void ticket_fill_claims(struct arena *arena, struct ticket *ticket, const struct report *report);

/* ticket_steps.c: what is done on the device, in order. */
void ticket_fill_steps(struct arena *arena, struct ticket *ticket, const struct report *report);

#endif
