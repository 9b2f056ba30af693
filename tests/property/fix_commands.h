/* SPDX-License-Identifier: ISC */
/* Which commands a release does not have, by the tables of asa-semantics 1.7, 6, 7 and 8. */
#ifndef PROPERTY_FIX_COMMANDS_H
#define PROPERTY_FIX_COMMANDS_H

#include "model/config.h"

/* What is wrong with a line of a change, without `no` and blanks before it; NULL: nothing. */
const char *command_too_new(const struct config *config, struct str line);

/* What is wrong with a command that is typed to check a change or to end connections; or NULL. */
const char *check_too_new(const struct config *config, struct str command);

#endif
