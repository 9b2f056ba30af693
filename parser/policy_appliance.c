/* SPDX-License-Identifier: ISC */
/* One entry of `appliances:`, as a table of its fields. */
#include "parser/policy_appliance.h"

#include "parser/policy_values.h"

enum { NAME_MAX_LEN = 64 };

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* ---- appliances ---- */

/* An appliance while it is read. */
struct appliance_draft {
	struct appliance appliance;
	struct span name_span;
};

/* Letters, digits and . _ - so that it can stand in a flow id; no address, and not "any". */
static bool is_appliance_name(struct str name)
{
	u128 address;

	if (name.n > NAME_MAX_LEN || !(policy_is_letter(name.s[0]) || policy_is_digit(name.s[0])))
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.s[i];

		if (!policy_is_letter(c) && !policy_is_digit(c) && c != '.' && c != '_' && c != '-')
			return false;
	}
	return !str_eq(name, S("any")) && !addr_parse(name, &address);
}

static void read_appliance_name(struct yaml_reader *reader, const struct yaml_node *node,
                                void *into)
{
	static const char what[] = "a name of letters, digits, dots, - or _";
	struct appliance_draft *draft = into;

	draft->name_span = node->span;
	if (yaml_text(reader, node, what, &draft->appliance.name) &&
	    !is_appliance_name(draft->appliance.name))
		yaml_expected(reader, node, what);
}

static void read_role(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct appliance_draft *draft = into;
	struct str words[ROLE_COUNT];
	size_t role;

	for (int i = 0; i < ROLE_COUNT; i++)
		words[i] = str_of(role_names[i]);
	if (yaml_word(reader, node, words, ROLE_COUNT, &role))
		draft->appliance.role = (enum role)role;
}

static void read_addresses(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct appliance_draft *draft = into;

	policy_value_hosts(reader, node, &draft->appliance.addresses);
}

static void read_mapped(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct appliance_draft *draft = into;
	struct hosts *hosts = &draft->appliance.addresses;

	if (!yaml_is_list(reader, node, "a list of addresses, one for each of \"addresses\""))
		return;
	if (node->items.n != hosts->list.n) {
		if (hosts->list.n)
			yaml_problem(reader, node->span,
			             "\"mapped\" has %u addresses where \"addresses\" has %u; "
			             "they go in pairs",
			             node->items.n, hosts->list.n);
		return;
	}
	for (uint32_t i = 0; i < node->items.n; i++) {
		struct host *host = &hosts->list.v[i];

		host->has_mapped =
		        policy_value_address(reader, node->items.v[i].value, &host->mapped);
	}
}

static void read_smtp_ports(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct appliance_draft *draft = into;

	policy_value_ports(reader, node, &draft->appliance.smtp_ports);
}

/* An address of the appliance that is given again is known with its mapped one. */
static void take_mapped(struct hosts *hosts, const struct hosts *known)
{
	VEC_EACH(struct host, host, &hosts->list) {
		VEC_EACH(struct host, other, &known->list) {
			if (other->real == host->real)
				*host = *other;
		}
	}
}

static void read_cpq_addresses(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct appliance *appliance = into;

	policy_value_hosts(reader, node, &appliance->cpq_addresses);
	take_mapped(&appliance->cpq_addresses, &appliance->addresses);
}

static void read_cpq_port(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct appliance *appliance = into;

	policy_value_port(reader, node, &appliance->cpq_port);
}

static void read_cpq(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	static const struct yaml_field fields[] = {
	        {"addresses", false, read_cpq_addresses},
	        {"port", false, read_cpq_port},
	};
	struct appliance_draft *draft = into;

	yaml_map(reader, node, "cpq: {addresses, port}", fields, N(fields), &draft->appliance);
}

static void read_ssh_addresses(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct appliance *appliance = into;

	policy_value_hosts(reader, node, &appliance->ssh_addresses);
	take_mapped(&appliance->ssh_addresses, &appliance->addresses);
}

static void read_ssh(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	static const struct yaml_field fields[] = {{"addresses", true, read_ssh_addresses}};
	struct appliance_draft *draft = into;

	yaml_map(reader, node, "ssh: {addresses}", fields, N(fields), &draft->appliance);
}

static void read_spam_quarantine(struct yaml_reader *reader, const struct yaml_node *node,
                                 void *into)
{
	struct appliance_draft *draft = into;

	yaml_bool(reader, node, "true or false", &draft->appliance.spam_quarantine);
}

static const struct yaml_field appliance_fields[] = {
        {"name", true, read_appliance_name},
        {"role", true, read_role},
        {"addresses", true, read_addresses},
        {"mapped", false, read_mapped},
        {"smtp_ports", false, read_smtp_ports},
        {"cpq", false, read_cpq},
        {"ssh", false, read_ssh},
        {"spam_quarantine", false, read_spam_quarantine},
};

const struct appliance *policy_appliance_find(const struct appliances *appliances, struct str name)
{
	VEC_EACH(struct appliance, appliance, &appliances->list) {
		if (str_eq(appliance->name, name))
			return appliance;
	}
	return NULL;
}

void policy_appliance_add(struct yaml_reader *reader, const struct yaml_node *node,
                          struct appliances *appliances)
{
	struct appliance_draft draft = {0};

	if (!yaml_map(reader, node, "an appliance", appliance_fields, N(appliance_fields), &draft))
		return;
	if (!draft.appliance.name.n)
		return;
	if (policy_appliance_find(appliances, draft.appliance.name)) {
		struct str shown = yaml_shown(reader->arena, draft.appliance.name);

		yaml_problem(reader, draft.name_span, "the appliance %.*s is given twice",
		             STR(shown));
		return;
	}
	VEC_PUSH(reader->arena, &appliances->list, draft.appliance);
}
