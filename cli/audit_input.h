/* SPDX-License-Identifier: ISC */
/* All configs of one input, audited: what audit and scan share. */
#ifndef CLI_AUDIT_INPUT_H
#define CLI_AUDIT_INPUT_H

#include "cli/analyze.h"

/* How far a result goes. */
enum depth {
	DEPTH_AUDIT, /* flows and findings */
	DEPTH_MEND   /* and each witness traced, and the change that mends what was found */
};

struct audited {
	VEC(struct config_report) configs;
	uint32_t found;        /* configs in it, those that --context leaves out too */
	struct str looks_like; /* what it is, where there are none: "an IOS router's config" */
};

/* Audit the configs of a capture. Everything is allocated in `arena`. */
void audit_capture(struct arena *arena, const struct options *options, const struct policy *policy,
                   const struct capture_input *input, enum depth depth, struct audited *out);

/* "this is an IOS router's config; expected ...": why an input without a config is none. */
struct str not_a_config(struct arena *arena, const struct audited *audited);

#endif
