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
 * A change loses its commands when the device would refuse a line of it, when it would block mail,
 * hand it to another engine or leave it inspected without a reason, when it is said to be safe and
 * others' packets are treated otherwise, or these alone are, and when the rollback does not restore
 * the config or pasting it twice is not as once. `before` is the audit that it was planned from.
 */
void prove_change(struct arena *arena, const struct options *options, const struct policy *policy,
                  const struct capture_input *input, uint32_t part, const struct audit *before,
                  struct change *change);

#endif
