/* SPDX-License-Identifier: ISC */
/* "firewalls" of the policy file: whose appliances, and which limits. */
#include "parser/policy_appliance.h"
#include "parser/policy_parts.h"
#include "parser/policy_values.h"

struct firewall_draft {
	const struct policy *policy;
	struct firewall_entry entry;
};

static void read_match(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct firewall_draft *draft = into;

	policy_value_glob(reader, node, &draft->entry.match);
}

/* An appliance by name or as a whole entry; in one list a name stands once. */
static void add_firewall_appliance(struct yaml_reader *reader, const struct yaml_node *node,
                                   const struct policy *policy, struct firewall_entry *entry)
{
	struct str shown = yaml_shown(reader->arena, node->text), hint;
	struct strs known;

	if (node->kind == YAML_MAP) {
		policy_appliance_add(reader, node, &entry->appliances);
		return;
	}
	if (node->kind != YAML_TEXT) {
		yaml_expected(reader, node, "the name of an appliance, or an appliance");
		return;
	}
	VEC_EACH(struct str, name, &entry->appliance_names) {
		if (str_eq(*name, node->text))
			yaml_problem(reader, node->span, "the appliance %.*s is given twice",
			             STR(shown));
	}
	if (policy_appliance_find(&policy->appliances, node->text)) {
		VEC_PUSH(reader->arena, &entry->appliance_names, node->text);
		return;
	}
	known = policy_names(reader->arena, &policy->appliances);
	hint = yaml_suggest(reader->arena, node->text, known.list.v, known.list.n);
	yaml_problem(reader, node->span, "there is no appliance %.*s in \"appliances\"%.*s",
	             STR(shown), STR(hint));
}

static void read_firewall_appliances(struct yaml_reader *reader, const struct yaml_node *node,
                                     void *into)
{
	struct firewall_draft *draft = into;

	if (!yaml_is_list(reader, node, "a list of appliances or their names"))
		return;
	VEC_EACH(struct yaml_item, item, &node->items)
		add_firewall_appliance(reader, item->value, draft->policy, &draft->entry);
}

/* What an entry does not say of the limits is as in general. */
static void read_firewall_limits(struct yaml_reader *reader, const struct yaml_node *node,
                                 void *into)
{
	struct firewall_draft *draft = into;

	draft->entry.has_limits = true;
	draft->entry.limits = draft->policy->limits;
	policy_read_limits(reader, node, &draft->entry.limits);
}

void policy_read_firewalls(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	static const struct yaml_field fields[] = {
	        {"match", true, read_match},
	        {"appliances", false, read_firewall_appliances},
	        {"limits", false, read_firewall_limits},
	};
	struct policy *policy = into;

	if (!yaml_is_list(reader, node, "a list of firewalls"))
		return;
	VEC_EACH(struct yaml_item, item, &node->items) {
		struct firewall_draft draft = {.policy = policy};

		draft.entry.span = policy_first_line(policy, item->value->span);
		if (yaml_map(reader, item->value, "a firewall", fields, N(fields), &draft))
			VEC_PUSH(reader->arena, &policy->firewalls, draft.entry);
	}
}
