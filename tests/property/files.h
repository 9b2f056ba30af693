/* SPDX-License-Identifier: ISC */
/* The configs that there are to test with. */
#ifndef PROPERTY_FILES_H
#define PROPERTY_FILES_H

#include "model/str.h"

struct files {
	VEC(struct str) list; /* paths, NUL-terminated */
};

/* Configs below a folder, in order of their names; none if it is not there. */
void files_find(struct arena *arena, const char *folder, struct files *files);

/* Those of examples, golden cases and, where it is there, the corpus. */
void files_find_all(struct arena *arena, struct files *files);

#endif
