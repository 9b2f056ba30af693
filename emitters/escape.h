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

/*
 * Any bytes as text of XML 1.0, or as a quoted attribute of it: what is no character of XML
 * becomes U+FFFD. Line ends and tabs of an attribute are written so that a reader sees them.
 */
struct str escape_xml(struct arena *arena, struct str s);
struct str escape_xml_attribute(struct arena *arena, struct str s);

/* Any bytes as the path of a URI: all but letters, digits and "-._~/" percent-encoded. */
struct str escape_uri_path(struct arena *arena, struct str path);

/*
 * Any bytes as a cell of CSV (RFC 4180), quoted where it has to be. What a spreadsheet would
 * take for a formula (a cell that begins with = + - @ tab CR or LF) gets an apostrophe in
 * front, inside the quotes. Control characters other than tab, CR and LF become '?'.
 */
struct str escape_csv(struct arena *arena, struct str s);

/* Any bytes as the message of a GitHub workflow command, or as one of its properties. */
struct str escape_github(struct arena *arena, struct str s);
struct str escape_github_property(struct arena *arena, struct str s);

/*
 * Any bytes as running text within a line of GitHub's and GitLab's Markdown, a cell of a table
 * too: nothing in it is markup, mentions a person or refers to an issue. At the beginning of a
 * line something else has to stand.
 */
struct str escape_markdown(struct arena *arena, struct str s);

#endif
