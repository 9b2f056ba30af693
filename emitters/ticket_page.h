/* SPDX-License-Identifier: ISC */
/* What the parts of the HTML ticket share. */
#ifndef EMITTERS_TICKET_PAGE_H
#define EMITTERS_TICKET_PAGE_H

#include "emitters/ticket.h"

/* ticket_style.c: what is the same in every page. */
extern const char ticket_style[], ticket_script[];

extern const char *const tone_classes[TONE_COUNT];

/* ticket_picture.c: the path of the mail, before the change and after it. Nothing without flows. */
void ticket_picture(struct buf *out, const struct ticket *ticket);

#endif
