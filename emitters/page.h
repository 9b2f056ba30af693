/* SPDX-License-Identifier: ISC */
/*
 * What HTML pages share. A page is one file that needs nothing beside it, and a strict policy
 * holds in it: nothing is loaded, and no style and no script but its own two is obeyed, which the
 * policy names by their hashes. It is well-formed as XML too.
 */
#ifndef EMITTERS_PAGE_H
#define EMITTERS_PAGE_H

#include "model/str.h"

/* web.c: the files in emitters/web. */
extern const char web_report_css[], web_report_js[];

/* Everything up to the body, with a policy that lets `script` run. */
void page_head(struct buf *out, struct str title, struct str style, struct str script);

/* The script itself. It must be what the head was told, to the byte. */
void page_script(struct buf *out, struct str script);

/* Text of unknown origin, made fit and escaped, for content and quoted attributes. */
void page_text(struct buf *out, struct str text);

/* The same of prose in which `backticks` mark code. */
void page_prose(struct buf *out, struct str text);

#endif
