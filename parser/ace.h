/* SPDX-License-Identifier: ISC */
/* The syntax of one access-list line (asa-semantics 9.1). */
#ifndef PARSER_ACE_H
#define PARSER_ACE_H

#include "parser/reader.h"

/*
 * Everything behind the name and `line N`: the action, and what it is for. False when it could not
 * be read: then it may match anything, with its action if that much was clear, else ACE_UNKNOWN.
 */
bool take_ace(struct cursor *cursor, enum acl_kind kind, struct ace *ace);

/* The same for a conduit: {permit|deny} PROTO GLOBAL [PORTS] FOREIGN [PORTS] [ICMP-TYPE] */
bool take_conduit(struct cursor *cursor, struct ace *ace);

/* ACEs as elements of a list under edit; the context is a struct reader. */
extern const struct edit_kind ace_edits;

#endif
