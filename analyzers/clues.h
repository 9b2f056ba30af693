/* SPDX-License-Identifier: ISC */
/*
 * The hosts of a config that something speaks for as mail appliances, and what does:
 * translations of tcp/25, permits of the ports that appliances use, names. Nothing is
 * concluded here (discover.h).
 */
#ifndef ANALYZERS_CLUES_H
#define ANALYZERS_CLUES_H

#include "model/config.h"
#include "model/discovery.h"

/* One host by its real address. */
struct suspect {
	struct host host;
	uint16_t smtp_port; /* that tcp/25 of the mapped address leads to; 0: 25 */
	struct str
	        called; /* an object's name or label, one that sounds like mail if there is one */
	VEC(struct clue) clues;
};

struct suspects {
	VEC(struct suspect) list; /* those of translations first, then of permits, then of names */
	struct keys index;        /* by real address */
	bool too_many;            /* some were left out */
};

enum { MAX_SUSPECTS = 256 };

/* Collect from a linked config; its clues say `nth` as their config. What lasts is in `arena`. */
struct suspects clues_collect(struct arena *arena, const struct config *config, uint32_t nth);

/* --- names (clue_words.c) ----------------------------------------------------------------- */

/* What a name of a host sounds like, by its words: ESA1, mail-gw, IronPort, sma_mgmt. */
struct name_sound {
	bool esa, sma, other;
};
struct name_sound clue_sound(struct str name);

/* "esa1-cpq", "ESA1_MGMT": the name without such a last word, "esa1"; empty when there is none. */
struct str clue_stem(struct str name);

#endif
