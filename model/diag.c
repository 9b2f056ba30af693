/* SPDX-License-Identifier: ISC */
/* The queue of diagnostics. */
#include "model/diag.h"

const char *const severity_names[SEVERITY_COUNT] = {
        [SEVERITY_NOTE] = "note",
        [SEVERITY_WARNING] = "warning",
        [SEVERITY_ERROR] = "error",
};

void diag_add(struct arena *arena, struct diags *diags, enum severity severity, struct span span,
              const char *format, ...)
{
	struct str message;
	va_list args;

	va_start(args, format);
	message = str_vprintf(arena, format, args);
	va_end(args);
	VEC_PUSH(arena, &diags->list, (struct diag){severity, span, message});
}
