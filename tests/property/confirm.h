/* SPDX-License-Identifier: ISC */
/* Does a trace of a finding's witness show what the finding says? */
#ifndef PROPERTY_CONFIRM_H
#define PROPERTY_CONFIRM_H

#include "model/finding.h"
#include "model/trace.h"

/*
 * An engine that inspects is listed, so is a limit that caps; what is blocked is dropped. By the
 * rule; those that are not about one packet are confirmed by any.
 */
bool trace_confirms(const struct finding *finding, const struct trace *trace);

#endif
