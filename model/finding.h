/* SPDX-License-Identifier: ISC */
/* Rules, and what they found. */
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include "model/flow.h"

/* One row of analyzers/rules.def. */
struct rule {
	const char *id;   /* "AM101" */
	const char *name; /* "smtp-inspected" */
	enum severity severity;
	const char *title; /* one line */
	const char *help;  /* paragraphs separated by blank lines */
};

enum fix_kind { FIX_NONE, FIX_SAFE, FIX_UNSAFE, FIX_KIND_COUNT };

/* A packet as a person would type it into packet-tracer. */
struct witness {
	struct str input; /* ingress nameif */
	struct packet packet;
};

enum suppressed_by { NOT_SUPPRESSED, BY_POLICY, BY_REMARK, BY_BASELINE, SUPPRESSED_BY_COUNT };
extern const char *const suppressed_by_names[SUPPRESSED_BY_COUNT]; /* "", "policy", ... */

struct suppression {
	enum suppressed_by by;
	struct str until, ticket, reason;
};

struct trace;

struct finding {
	const struct rule *rule;
	enum severity severity;
	struct str message;
	const struct flow *flow;           /* NULL: about the config as a whole */
	const struct appliance *appliance; /* NULL: that of the flow, if there is one */
	struct str at_fault; /* the name of what is at fault: class, access-list, NAT addresses */
	struct str fingerprint; /* 16 hex digits */
	bool certain;
	bool discovered;
	enum fix_kind fix;
	VEC(struct span) evidence;
	bool has_witness;
	struct witness witness;
	const struct trace *trace; /* of the witness; NULL: it was not traced */
	struct suppression suppressed;
};

static inline bool finding_is_suppressed(const struct finding *finding)
{
	return finding->suppressed.by != NOT_SUPPRESSED;
}

/* Only an unsafe change mends it. Of a fixup there is no other, so fix prints that as it is. */
static inline bool finding_needs_unsafe(const struct finding *finding)
{
	return finding->fix == FIX_UNSAFE && !str_starts(finding->at_fault, S("fixup "));
}

struct findings {
	VEC(struct finding) list;
};

#endif
