/* SPDX-License-Identifier: ISC */
/* asamend trace --packets: a packet object a line in, a trace object a line out, in order. */
#ifndef CLI_PACKET_STREAM_H
#define CLI_PACKET_STREAM_H

#include "analyzers/trace.h"

/*
 * Answer every line of `path` (- is standard input) on standard output, with result and reason
 * alone if the tracer is brief. Lines that are no packet get {"error": ...} in their place. Returns
 * an enum status: STATUS_USAGE if there was one, or if something could not be read or written (told
 * on stderr).
 */
int packet_stream(struct arena *arena, const struct tracer *tracer, const char *path);

#endif
