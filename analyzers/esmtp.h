/* SPDX-License-Identifier: ISC */
/* What an ESMTP inspection map in force does to a session (asa-semantics section 7). */
#ifndef ANALYZERS_ESMTP_H
#define ANALYZERS_ESMTP_H

#include "model/config.h"

enum effect { EFFECT_NO, EFFECT_YES, EFFECT_UNKNOWN };

struct esmtp_effects {
	const struct inspect_map *map; /* NULL: the default map, or one that is missing */
	bool missing;                  /* a map is named that does not exist */
	enum effect strips_tls, masks_banner;
	struct span tls_span, banner_span; /* the deciding line of the map, if any */
};

/* The effects of `inspect esmtp [MAP]` on this device. */
struct esmtp_effects esmtp_effects(const struct config *config, const struct inspect *inspect);

#endif
