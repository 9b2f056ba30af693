/* SPDX-License-Identifier: ISC */
/* Completion scripts for shells, from the table of options: no list is kept twice. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "model/str.h"

/* Append the script for a shell. */
void completion_bash(struct buf *out);
void completion_zsh(struct buf *out);
void completion_fish(struct buf *out);

#endif
