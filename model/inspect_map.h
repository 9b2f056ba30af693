/* SPDX-License-Identifier: ISC */
/* policy-map type inspect esmtp (asa-semantics section 7). */
#ifndef MODEL_INSPECT_MAP_H
#define MODEL_INSPECT_MAP_H

#include "model/intern.h"
#include "model/source.h"

/* A parameter as written: absent, on, or off by `no`. */
enum setting { SETTING_ABSENT, SETTING_ON, SETTING_OFF };

enum match_action {
	ACTION_NONE = 0,
	ACTION_LOG = 1,
	ACTION_MASK = 2,
	ACTION_DROP = 4,
	ACTION_RESET = 8,
	ACTION_RATE_LIMIT = 16
};

/* match [not] WHAT, followed by its action line. */
struct map_match {
	struct str what; /* the words after `match`, one blank between them */
	bool negated;
	unsigned actions; /* enum match_action, or-ed */
	struct span span;
};

struct inspect_map {
	name_id name;
	name_id engine; /* "esmtp", "dns", ... only esmtp maps are filled in */
	enum setting allow_tls, mask_banner;
	struct span allow_tls_span, mask_banner_span;
	unsigned mail_relay, special_character; /* actions; 0: not set */
	struct span mail_relay_span, special_character_span;
	VEC(struct map_match) matches;
	bool unknown; /* a line in it could not be read */
	struct span span;
};

#endif
