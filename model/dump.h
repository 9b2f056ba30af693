/* SPDX-License-Identifier: ISC */
/*
 * The model as text: canonical commands, in about the order in which a device prints them. What
 * has no order is sorted, numbers have their names, defaults and what does not matter to mail are
 * left out. So two configs with the same dump are the same firewall as far as asamend can tell
 * ("twice is as once", a rollback that restores); and a test of the parser can be read.
 *
 * It is no config to paste: what could not be read stands in it as a comment with its own words,
 * for two configs that differ there must not look alike.
 */
#ifndef MODEL_DUMP_H
#define MODEL_DUMP_H

#include "model/config.h"

/* Append the dump of a config, linked or not. Secrets are masked as everywhere. */
void config_dump(const struct config *config, struct buf *out);

/* Its part about class-maps, policy-maps and service-policies (dump_mpf.c). */
void config_dump_policies(const struct config *config, struct buf *out);

/* Texts that go out in order of their letters, each with a line end. */
struct dump_lines {
	VEC(struct str) list;
};
void dump_sorted(struct dump_lines *lines, struct buf *out);

/* The words of a line of the source, one blank between them, without a leading `no`. */
struct str dump_words(struct arena *arena, const struct config *config, struct span span);

#endif
