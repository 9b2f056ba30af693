/* SPDX-License-Identifier: ISC */
/*
 * The policy file: YAML read against a fixed schema. Nothing is guessed: an
 * unknown key, a wrong type, a bad value or a reference to something that is
 * not there is an error with its place, what was expected, and the nearest
 * right word. emitters/schema/policy.schema.json says the same to editors.
 */
#ifndef PARSER_POLICY_YAML_H
#define PARSER_POLICY_YAML_H

#include "model/policy.h"

/*
 * Read a policy file into *out, whose sources then hold it (`path` and `text`
 * are kept by reference). All errors of the file are added to `diags`, with
 * spans in out->sources; after a syntax error only that one. False if there was
 * an error: *out is then only good for printing the diagnostics.
 */
bool policy_yaml_read(struct arena *arena, struct str path, struct str text, struct policy *out,
                      struct diags *diags);

/*
 * Check the rule ids in `rules:` and `ignore:` against the `n` ids there are.
 * An id that is not among them, or a prefix of none, is an error in `diags`.
 */
bool policy_check_rules(struct arena *arena, const struct policy *policy, const struct str *ids,
                        size_t n, struct diags *diags);

/* Whether `text` can begin the names that fix makes. */
bool policy_prefix_is_valid(struct str text);
#define POLICY_PREFIX_FORM "1 to 20 letters, digits, - or _, beginning with a letter"

#endif
