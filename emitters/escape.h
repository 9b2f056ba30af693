/* SPDX-License-Identifier: ISC */
/* Text of unknown origin made fit to be printed. */
#ifndef EMITTERS_ESCAPE_H
#define EMITTERS_ESCAPE_H

#include "model/str.h"

/* The length of the UTF-8 character that `s` begins with; 0 when that is none (RFC 3629). */
unsigned escape_utf8_length(struct str s);

/* Valid UTF-8: each byte that is part of no character becomes U+FFFD. `s` itself when it is fit. */
struct str escape_utf8(struct arena *arena, struct str s);

/*
 * The same, and safe to print as part of one line on a terminal: control
 * characters (C0 and C1, so escape sequences and line ends too) become '?'.
 */
struct str escape_line(struct arena *arena, struct str s);

/* Columns that valid UTF-8 takes, one a character. */
size_t escape_width(struct str s);

/* `word` as one word of a POSIX shell: quoted when it needs to be. */
struct str escape_shell(struct arena *arena, struct str word);

/* Valid UTF-8 as text or a quoted attribute of HTML and XML. */
struct str escape_html(struct arena *arena, struct str s);

#endif
