/* SPDX-License-Identifier: ISC */
/*
 * Trying a change: its commands are replayed on the config by the same parser, and the
 * result is audited again. No I/O, so it can be tested by itself.
 */
#ifndef CLI_PROVE_H
#define CLI_PROVE_H

#include "cli/analyze.h"

/*
 * Fill change->check, and put every finding that was to be mended and is still there under
 * change->unmended. A change that the device would refuse, or that hands mail to another
 * engine, loses its commands. `before` is the audit that the change was planned from.
 */
void prove_change(struct arena *arena, const struct options *options, const struct policy *policy,
                  const struct capture_input *input, uint32_t part, const struct audit *before,
                  struct change *change);

#endif
