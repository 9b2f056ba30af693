/* SPDX-License-Identifier: ISC */
/* Addresses, ports and names as a policy file has them. */
#include "parser/policy_values.h"

/* ---- texts of a certain form ---- */

bool policy_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool policy_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool policy_has_control(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.s[i] < ' ' || text.s[i] == 0x7f)
			return true;
	}
	return false;
}

bool policy_value_glob(struct yaml_reader *reader, const struct yaml_node *node, struct str *glob)
{
	size_t open = 0;
	bool in_set = false;

	if (!yaml_text(reader, node, "a pattern such as \"branch-*\"", glob))
		return false;
	for (size_t i = 0; i < glob->n; i++) {
		if (!in_set && glob->s[i] == '[') {
			in_set = true;
			open = i + (i + 1 < glob->n && glob->s[i + 1] == '!');
		} else if (in_set && glob->s[i] == ']' && i > open + 1) {
			in_set = false;
		}
	}
	return !in_set || yaml_expected(reader, node, "a pattern in which ] closes each [");
}

/* ---- addresses and ports ---- */

bool policy_value_address(struct yaml_reader *reader, const struct yaml_node *node, u128 *address)
{
	if (node->kind == YAML_TEXT && addr_parse(node->text, address))
		return true;
	return yaml_expected(reader, node, "an IPv4 or IPv6 address");
}

void policy_value_hosts(struct yaml_reader *reader, const struct yaml_node *node,
                        struct hosts *hosts)
{
	if (!yaml_is_filled_list(reader, node, "a list of addresses such as [192.0.2.25]"))
		return;
	VEC_EACH(struct yaml_item, item, &node->items) {
		struct host host = {0};

		if (policy_value_address(reader, item->value, &host.real)) {
			VEC_EACH(struct host, other, &hosts->list) {
				if (other->real == host.real)
					yaml_problem(reader, item->value->span,
					             "the address %.*s is given twice",
					             STR(item->value->text));
			}
		}
		VEC_PUSH(reader->arena, &hosts->list, host);
	}
}

bool policy_value_port(struct yaml_reader *reader, const struct yaml_node *node, uint16_t *port)
{
	uint64_t number;

	if (!yaml_number(reader, node, 1, UINT16_MAX, "a port from 1 to 65535", &number))
		return false;
	*port = (uint16_t)number;
	return true;
}

void policy_value_ports(struct yaml_reader *reader, const struct yaml_node *node,
                        struct ports *ports)
{
	if (!yaml_is_filled_list(reader, node, "a list of ports such as [25]"))
		return;
	VEC_EACH(struct yaml_item, item, &node->items) {
		uint16_t port;

		if (!policy_value_port(reader, item->value, &port))
			continue;
		VEC_EACH(uint16_t, other, &ports->list) {
			if (*other == port)
				yaml_problem(reader, item->value->span,
				             "the port %u is given twice", port);
		}
		VEC_PUSH(reader->arena, &ports->list, port);
	}
}
