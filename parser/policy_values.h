/* SPDX-License-Identifier: ISC */
/* Values that several parts of the policy file have in common. */
#ifndef PARSER_POLICY_VALUES_H
#define PARSER_POLICY_VALUES_H

#include "model/policy.h"
#include "parser/yaml_schema.h"

/* ASCII only. */
bool policy_is_letter(char c);
bool policy_is_digit(char c);

/* Whether `text` has a control character. */
bool policy_has_control(struct str text);

/* A pattern; an unclosed [ would match nothing but itself, so it is an error. */
bool policy_value_glob(struct yaml_reader *reader, const struct yaml_node *node, struct str *glob);

/* IPv4 or IPv6. False, as of the others here, after a diagnostic: the node is something else. */
bool policy_value_address(struct yaml_reader *reader, const struct yaml_node *node, u128 *address);

/* A list of addresses. Bad ones keep their place in it, for what runs parallel to it. */
void policy_value_hosts(struct yaml_reader *reader, const struct yaml_node *node,
                        struct hosts *hosts);

/* A port from 1 to 65535; a list of them, from which bad ones are left out. */
bool policy_value_port(struct yaml_reader *reader, const struct yaml_node *node, uint16_t *port);
void policy_value_ports(struct yaml_reader *reader, const struct yaml_node *node,
                        struct ports *ports);

#endif
