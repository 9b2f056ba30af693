/* SPDX-License-Identifier: ISC */
/* The audits that there are to look at: the command lines of the golden cases, and examples. */
#ifndef PROPERTY_AUDITS_H
#define PROPERTY_AUDITS_H

#include "analyzers/audit.h"

/* What is done with one audit; `name` is for messages. */
struct audits {
	void (*look)(void *context, struct arena *arena, const struct audit *audit,
	             const char *name);
	void *context;
};

/* Run `asamend audit` with the words of a command line, and look at the audit of each config. */
void audits_run(const struct audits *audits, const char *name, int argc, char *argv[]);

/* The audits of every tests/golden/CASE/args; lines that need a shell are left out. */
void audits_of_golden(const struct audits *audits);

/* Call check() with every path that a glob matches. */
void audits_each_file(const char *pattern, void (*check)(const char *path, void *context),
                      void *context);

#endif
