/* SPDX-License-Identifier: ISC */
/* What the formats of a diff for people say alike. */
#ifndef EMITTERS_DIFF_WORDS_H
#define EMITTERS_DIFF_WORDS_H

#include "emitters/packets.h"
#include "model/report.h"

/* "mail is treated differently: 2 flows; 3 other differences" */
struct str diff_summary(struct arena *arena, const struct diff *diff);

/* "old.cfg -> new.cfg: fw1, context admin", "fw.cfg -> fw.cfg with change applied: fw1" */
struct str diff_title(struct arena *arena, const struct diff_config *config);

/* "tcp from any to 192.168.1.1 port 25" */
struct str diff_packets(struct arena *arena, const struct box *box);

/* "inspected", or with the place of what is no flow. */
struct str diff_what(struct arena *arena, const struct diff_change *change);

/* The first change of the same flow (or of none) as `change` begins a group. */
bool diff_begins_group(const struct diff_config *config, const struct diff_change *change);
bool diff_same_group(const struct diff_change *a, const struct diff_change *b);

/* What the group is called: the flow, or who it is about. */
struct str diff_group(const struct diff_change *change);

#endif
