/* SPDX-License-Identifier: ISC */
/* What the two halves of the SARIF emitter share. */
#ifndef EMITTERS_SARIF_H
#define EMITTERS_SARIF_H

#include "emitters/emitter.h"
#include "emitters/json_value.h"
#include "emitters/listing.h"

/* {"text": ...}: a plain text message, its braces and brackets escaped as SARIF asks. */
json_t *sarif_message(struct arena *arena, struct str text);

/* A location: a line of a file, with the text of the line where it is given. */
json_t *sarif_location(struct arena *arena, const struct emit_options *options, struct place place,
                       struct str text);

/* A finding as a result. */
json_t *sarif_result(struct arena *arena, const struct report *report,
                     const struct emit_options *options, const struct listed *listed);

#endif
