/* SPDX-License-Identifier: ISC */
/* Sources made anew from results: of each file just the lines that the results speak of. */
#ifndef PARSER_EXCERPT_H
#define PARSER_EXCERPT_H

#include "model/source.h"

#include <jansson.h>

/*
 * Fill `sources` with an excerpt for `path` (the config itself, always the first) and one for
 * every other file that `object` cites: all objects in it that have a `line` are citations,
 * with their `path`, `column` and `text` where given.
 */
void excerpt_sources(struct arena *arena, struct sources *sources, struct str path,
                     const json_t *object);

/* The span that a citation names; an empty one when it has no line. */
struct span excerpt_span(const struct sources *sources, const json_t *citation);

#endif
