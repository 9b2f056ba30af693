/* SPDX-License-Identifier: ISC */
/* The lines of a change as the device takes them. */
#ifndef EMITTERS_CHANGE_H
#define EMITTERS_CHANGE_H

#include "model/change.h"

/* A command a line, with the notes, if wanted, as lines that begin with "!". */
void change_add_lines(struct buf *out, const struct change_lines *lines, bool notes);

#endif
