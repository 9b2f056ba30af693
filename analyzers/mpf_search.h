/* SPDX-License-Identifier: ISC */
/* A search for the class that acts on packets; for mpf.c and mpf_*.c only. */
#ifndef ANALYZERS_MPF_SEARCH_H
#define ANALYZERS_MPF_SEARCH_H

#include "analyzers/mpf.h"

struct search {
	struct arena *arena;
	const struct config *config;
	enum feature feature;
	const struct service_policy *service_policy;
	const struct policy_map *policy;
	/* By one reading of ruling 4 their engines act in no policy that is asked after them. */
	const struct policy_map *before[2];
	unsigned n_before;
};

/* mpf_class.c: offer the open pieces to a class; what it may match gets its claims. */
void search_class(const struct search *search, const struct policy_class *class,
                  struct pieces *pieces);

/* mpf_fixups.c: offer them to all fixups, by ports alone, whatever the host (asa-semantics 6). */
void search_fixups(const struct search *search, struct pieces *pieces);

#endif
