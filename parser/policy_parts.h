/* SPDX-License-Identifier: ISC */
/*
 * What the rooms of the policy file share; for policy_yaml.c, policy_firewalls.c, policy_flows.c
 * and policy_rules.c only. Each reader takes the value of the key it is named after into a
 * struct policy; what is wrong goes to the reader's diagnostics.
 */
#ifndef PARSER_POLICY_PARTS_H
#define PARSER_POLICY_PARTS_H

#include "model/policy.h"
#include "parser/yaml_schema.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

struct strs {
	VEC(struct str) list;
};

/* The names of appliances, in their order. */
struct strs policy_names(struct arena *arena, const struct appliances *appliances);

/* The part of a span of the policy file that is on its first line. */
struct span policy_first_line(const struct policy *policy, struct span span);

/* {min_connections, min_embryonic}; what is not said stays as it is in `limits`. */
void policy_read_limits(struct yaml_reader *reader, const struct yaml_node *node,
                        struct limits_wanted *limits);

/* `into` is the struct policy; lists are appended to. */
void policy_read_firewalls(struct yaml_reader *reader, const struct yaml_node *node, void *into);
void policy_read_flows(struct yaml_reader *reader, const struct yaml_node *node, void *into);
void policy_read_rules(struct yaml_reader *reader, const struct yaml_node *node, void *into);
void policy_read_ignores(struct yaml_reader *reader, const struct yaml_node *node, void *into);

#endif
