/* SPDX-License-Identifier: ISC */
/* The policy of a run: the policy file, and what the command line says over it. */
#ifndef CLI_SITE_POLICY_H
#define CLI_SITE_POLICY_H

#include "cli/options.h"

/*
 * Read the policy file (of --policy, or asamend.yaml in this folder or the
 * nearest one above that has it; none with --no-policy), check its rule ids and
 * those of the options against the `n` ids there are, and apply
 * site_policy_override(). What is wrong goes to standard error, a line each. False
 * means status 2.
 */
bool site_policy_load(const struct options *options, const struct str *ids, size_t n,
                      struct policy *policy);

/*
 * Put what the command line says over the policy: its appliances take the place
 * of all others, those of `firewalls:` entries too, and --cpq-port holds for
 * every appliance. Custom flows of appliances that are gone go too; each adds a
 * note to `diags`.
 */
void site_policy_override(const struct options *options, struct policy *policy,
                          struct diags *diags);

#endif
