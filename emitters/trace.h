/* SPDX-License-Identifier: ISC */
/* A traced packet, for people and as JSON. */
#ifndef EMITTERS_TRACE_H
#define EMITTERS_TRACE_H

#include "emitters/emitter.h"
#include "model/trace.h"

/* The phases as the device's packet-tracer prints them, then what came of it. */
void emit_trace_text(const struct trace *trace, const struct sources *sources,
                     const struct emit_options *options, struct buf *out);

/*
 * One JSON object without blanks and without an end of line. It goes straight into the
 * buffer: scripts ask about millions of packets.
 */
void emit_trace_object(const struct trace *trace, const struct sources *sources, struct buf *out);

/* The same as a document of its own, indented. */
void emit_trace_json(const struct trace *trace, const struct sources *sources, struct buf *out);

/* An object of its result and reason alone, as one line without an end of line. */
void emit_trace_brief(const struct trace *trace, struct buf *out);

/* A string in quotes, escaped. */
void emit_json_string(struct buf *out, struct str text);

#endif
