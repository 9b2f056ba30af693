/* SPDX-License-Identifier: ISC */
/* How code-hosting sites name a file: by its place below the current folder. */
#ifndef EMITTERS_LOCATION_H
#define EMITTERS_LOCATION_H

#include "model/str.h"

/*
 * `path` (absolute, or as seen from `folder`) without "." and "..", relative to `folder` where
 * it lies below it and else absolute. It is a matter of text: links are not followed. With an
 * empty `folder` (not known) a relative path stays one, with its leading "..".
 */
struct str location_path(struct arena *arena, struct str folder, struct str path);

/* The same as a URI: a relative reference, or file:// and the absolute path; percent-encoded. */
struct str location_uri(struct arena *arena, struct str folder, struct str path);

#endif
