/* SPDX-License-Identifier: ISC */
/* Diagnostics about the input: data, queued where they happen, printed by an emitter. */
#ifndef MODEL_DIAG_H
#define MODEL_DIAG_H

#include "model/source.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_COUNT };

extern const char *const severity_names[SEVERITY_COUNT]; /* "note", "warning", "error" */

struct diag {
	enum severity severity;
	struct span span;
	struct str message; /* what was expected, and what to do; no place in it, no newline */
};

struct diags {
	VEC(struct diag) list;
};

/* Queue one about a place; its message is made in `arena`, which lives as long as the list. */
__attribute__((format(printf, 5, 6))) void diag_add(struct arena *arena, struct diags *diags,
                                                    enum severity severity, struct span span,
                                                    const char *format, ...);

#endif
