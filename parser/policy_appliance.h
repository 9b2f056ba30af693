/* SPDX-License-Identifier: ISC */
/* Appliances in the policy file. */
#ifndef PARSER_POLICY_APPLIANCE_H
#define PARSER_POLICY_APPLIANCE_H

#include "model/policy.h"
#include "parser/yaml_schema.h"

/*
 * Read one appliance from a mapping and append it, unless it is none or its name is taken; what is
 * wrong goes to the reader's diagnostics.
 */
void policy_appliance_add(struct yaml_reader *reader, const struct yaml_node *node,
                          struct appliances *appliances);

/* The appliance of that name, or NULL. */
const struct appliance *policy_appliance_find(const struct appliances *appliances, struct str name);

#endif
