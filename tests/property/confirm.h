/* SPDX-License-Identifier: ISC */
/* Do traces show what a finding says of its witness, and a proof of its counterexample? */
#ifndef PROPERTY_CONFIRM_H
#define PROPERTY_CONFIRM_H

#include "model/config.h"
#include "model/finding.h"
#include "model/trace.h"

/* Is it about what becomes of one packet? */
bool trace_can_tell(const struct finding *finding);

/*
 * An engine that inspects is listed, so is a limit that caps; what is blocked is dropped. By the
 * rule; those that are not about one packet are confirmed by any.
 */
bool trace_confirms(const struct finding *finding, const struct trace *trace);

/* Traced as JSON through both configs, does the packet fare otherwise? No without its interface. */
bool traces_differ(struct arena *arena, const struct config *before, const struct config *after,
                   const struct witness *witness);

#endif
