/* SPDX-License-Identifier: ISC */
/* "flows" of the policy file: more than the standard ones. */
#include "model/flow.h"
#include "parser/policy_appliance.h"
#include "parser/policy_parts.h"
#include "parser/policy_values.h"

enum { NAME_MAX_LEN = 64 };

struct flow_draft {
	const struct policy *policy;
	struct custom_flow flow;
	struct span name_span;
};

/* It stands between slashes in flow ids, beside the standard flows. */
static void read_flow_name(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	static const char what[] = "a name of at most 64 bytes without /";
	struct flow_draft *draft = into;
	struct str name;

	draft->name_span = node->span;
	if (!yaml_text(reader, node, what, &name))
		return;
	draft->flow.name = name;
	if (name.n > NAME_MAX_LEN || str_contains(name, S("/")) || policy_has_control(name))
		yaml_expected(reader, node, what);
	for (int i = 0; i < FLOW_KIND_COUNT; i++) {
		if (str_eq(name, str_of(flow_kind_names[i])))
			yaml_problem(reader, node->span, "\"%.*s\" is the name of a standard flow",
			             STR(name));
	}
}

/* Every appliance that the file knows, in general or for some firewall. */
static struct strs all_names(struct arena *arena, const struct policy *policy)
{
	struct strs names = policy_names(arena, &policy->appliances);

	VEC_EACH(struct firewall_entry, entry, &policy->firewalls) {
		VEC_EACH(struct appliance, appliance, &entry->appliances.list)
			VEC_PUSH(arena, &names.list, appliance->name);
	}
	return names;
}

/* An address or prefix, as a range of a flow's end. */
static bool read_prefix(struct yaml_reader *reader, const struct yaml_node *node,
                        struct range *range)
{
	struct str address, length;
	u128 first;

	if (node->kind != YAML_TEXT || !addr_parse_prefix(node->text, range))
		return false;
	if (str_cut(node->text, '/', &address, &length) && addr_parse(address, &first) &&
	    first != range->lo) {
		struct str network = addr_text(reader->arena, range->lo);

		yaml_problem(reader, node->span, "%.*s is no network; did you mean %.*s/%.*s?",
		             STR(node->text), STR(network), STR(length));
	}
	return true;
}

static void read_addresses_end(struct yaml_reader *reader, const struct yaml_node *node,
                               struct flow_end *end)
{
	VEC(struct range) ranges = {0};

	if (!yaml_is_filled_list(reader, node, "a list of addresses and prefixes"))
		return;
	VEC_EACH(struct yaml_item, item, &node->items) {
		struct range range;

		if (read_prefix(reader, item->value, &range))
			VEC_PUSH(reader->arena, &ranges, range);
		else
			yaml_expected(reader, item->value, "an address or a prefix");
	}
	end->addresses = iset_of(reader->arena, ranges.v, ranges.n);
}

static void read_end(struct yaml_reader *reader, const struct yaml_node *node,
                     const struct policy *policy, struct flow_end *end)
{
	struct str shown = yaml_shown(reader->arena, node->text), hint;
	struct strs names = all_names(reader->arena, policy);
	struct range range;

	if (node->kind == YAML_LIST) {
		read_addresses_end(reader, node, end);
		return;
	}
	if (node->kind == YAML_TEXT && str_eq(node->text, S("any"))) {
		end->addresses = iset_all();
		return;
	}
	if (read_prefix(reader, node, &range)) {
		end->addresses = iset_range(reader->arena, range.lo, range.hi);
		return;
	}
	VEC_EACH(struct str, name, &names.list) {
		if (node->kind == YAML_TEXT && str_eq(*name, node->text)) {
			end->appliance = node->text;
			return;
		}
	}
	if (node->kind != YAML_TEXT || !node->text.n) {
		yaml_expected(reader, node, "an appliance, an address, a prefix or any");
		return;
	}
	VEC_PUSH(reader->arena, &names.list, S("any"));
	hint = yaml_suggest(reader->arena, node->text, names.list.v, names.list.n);
	yaml_problem(reader, node->span,
	             "expected an appliance, an address, a prefix or any, found %.*s%.*s",
	             STR(shown), STR(hint));
}

static void read_from(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct flow_draft *draft = into;

	read_end(reader, node, draft->policy, &draft->flow.from);
}

static void read_to(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct flow_draft *draft = into;

	read_end(reader, node, draft->policy, &draft->flow.to);
}

static void read_protocol(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	const struct str words[] = {S("tcp"), S("udp"), S("sctp")};
	static const uint8_t numbers[] = {PROTO_TCP, PROTO_UDP, PROTO_SCTP};
	struct flow_draft *draft = into;
	size_t chosen;

	if (yaml_word(reader, node, words, N(words), &chosen))
		draft->flow.protocol = numbers[chosen];
}

static void read_flow_ports(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct flow_draft *draft = into;

	policy_value_ports(reader, node, &draft->flow.ports);
}

/* Whether the ends are good together, so far as they were good alone. */
static void check_ends(struct yaml_reader *reader, const struct yaml_node *node,
                       const struct custom_flow *flow)
{
	if (flow->from.addresses.n && flow->to.addresses.n)
		yaml_problem(reader, node->span, "one end of a flow must be an appliance");
	if (flow->from.appliance.n && str_eq(flow->from.appliance, flow->to.appliance))
		yaml_problem(reader, node->span, "both ends of the flow are \"%.*s\"",
		             STR(flow->to.appliance));
}

void policy_read_flows(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	static const struct yaml_field fields[] = {
	        {"name", true, read_flow_name},
	        {"from", true, read_from},
	        {"to", true, read_to},
	        {"ports", true, read_flow_ports},
	        {"protocol", false, read_protocol},
	};
	struct policy *policy = into;

	if (!yaml_is_list(reader, node, "a list of flows"))
		return;
	VEC_EACH(struct yaml_item, item, &node->items) {
		struct flow_draft draft = {.policy = policy, .flow.protocol = PROTO_TCP};

		if (!yaml_map(reader, item->value, "a flow", fields, N(fields), &draft))
			continue;
		check_ends(reader, item->value, &draft.flow);
		VEC_EACH(struct custom_flow, other, &policy->flows) {
			if (draft.flow.name.n && str_eq(other->name, draft.flow.name))
				yaml_problem(reader, draft.name_span,
				             "the flow \"%.*s\" is given twice",
				             STR(draft.flow.name));
		}
		VEC_PUSH(reader->arena, &policy->flows, draft.flow);
	}
}
