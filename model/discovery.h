/* SPDX-License-Identifier: ISC */
/* Appliances guessed from configs, each with the lines that speak for it. */
#ifndef MODEL_DISCOVERY_H
#define MODEL_DISCOVERY_H

#include "model/keys.h"
#include "model/policy.h"

/* What a line says about a host. */
enum clue_kind {
	CLUE_NAT,        /* a static or object NAT of tcp/25 alone leads to it */
	CLUE_SMTP_IN,    /* tcp/25 towards it from the Internet */
	CLUE_SMTP_INNER, /* tcp/25 towards it from elsewhere */
	CLUE_SMTP_OUT,   /* tcp/25 from it to anywhere */
	CLUE_CPQ_TO,     /* tcp/7025, centralized quarantines */
	CLUE_CPQ_FROM,
	CLUE_SPAM_TO, /* tcp/6025, the spam quarantine: towards an SMA */
	CLUE_SPAM_FROM,
	CLUE_SSH_TO, /* tcp/22 between hosts that other lines speak for: from an SMA to an ESA */
	CLUE_SSH_FROM,
	CLUE_NAME_ESA, /* its name: esa, ironport, mailgw */
	CLUE_NAME_SMA,
	CLUE_NAME_OTHER, /* exchange, wsa, ...: another kind of server */
	CLUE_MAPPED,     /* a translation of the whole host */
	CLUE_COUNT
};
extern const char *const clue_names[CLUE_COUNT]; /* "nat", "smtp-in", ... */

struct clue {
	enum clue_kind kind;
	uint32_t config;   /* index into discovery.configs */
	uint32_t line;     /* of its first input, from 1 */
	struct str text;   /* that line, secrets masked */
	struct str reason; /* what it is: "a permit to tcp/25" */
	u128 peer;         /* the other end, where that is one host */
	bool has_peer;
	bool wide;   /* of CLUE_SMTP_INNER: from anywhere */
	bool beyond; /* ... and no more than the default route leads to the host */
};

struct guess {
	struct appliance appliance;
	struct str called;      /* in the configs; may be empty */
	struct str doubt;       /* why it is too weak to be taken as it is; empty: it is not */
	VEC(struct clue) clues; /* what says most first */
	VEC(uint32_t) seen;     /* indexes of the configs that have it, rising */
};

struct guesses {
	VEC(struct guess) list; /* those without doubt first */
};

struct discovered_config {
	struct str path, hostname, context;
	struct str match; /* a glob that means this config */
	bool ambiguous;   /* ... and another of them too: nothing tells them apart */
};

struct discovery {
	VEC(struct discovered_config) configs;
	struct guesses guesses;
	bool too_many; /* some config has more likely hosts than were looked at */
};

#endif
