/* SPDX-License-Identifier: ISC */
/* Configs that tests read, and what they expect of the model's dump. */
#ifndef TESTS_UNIT_READING_H
#define TESTS_UNIT_READING_H

#include "parser/config_reader.h"

/* The line by which a fragment is known to be a config. */
#define HEAD "ASA Version 9.8(4)\n"

struct reading {
	struct arena *arena; /* the caller frees it */
	struct config *config;
	struct str dump;
};

/* The part (a context) of that number, with the commands of `change` replayed unless it is NULL. */
struct reading read_part(const char *text, const char *change, uint32_t part);
struct reading read_text(const char *text);

/* Is this text (whole lines) in the dump? */
bool reading_has(const struct reading *reading, const char *text);

/* The dump of `text` has `there`, and has not `gone`; each may be NULL. */
void expect_lines(const char *text, const char *change, const char *there, const char *gone);

/* So many lines are unknown, so many refused. */
void expect_counts(const char *text, uint32_t unknown, uint32_t invalid);

/* `text` with a change, if any, and `as` are the same firewall. */
void expect_same(const char *text, const char *change, const char *as);

#endif
