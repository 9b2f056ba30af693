/* SPDX-License-Identifier: ISC */
/*
 * Proving a change: its commands are replayed on the config by the same parser, the result is
 * audited again, and compared with the original over all packets; so are change and rollback
 * together, and the change pasted twice. No I/O, so it can be tested by itself.
 */
#ifndef CLI_PROVE_H
#define CLI_PROVE_H

#include "cli/analyze.h"

/*
 * Fill change->check, and put every finding that is left under change->unmended with the reason.
 * A change that the device would refuse, that hands mail to another engine, or that is said to be
 * safe and cannot be proved to be, loses its commands. `before` is the audit that the change was
 * planned from.
 */
void prove_change(struct arena *arena, const struct options *options, const struct policy *policy,
                  const struct capture_input *input, uint32_t part, const struct audit *before,
                  struct change *change);

#endif
