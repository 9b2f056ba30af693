/* SPDX-License-Identifier: ISC */
/*
 * The schema of the policy file, as tables of fields: for each kind of map its
 * keys, which of them must be there, and the function that reads the value
 * (policy_appliance.c, policy_firewalls.c, policy_flows.c and policy_rules.c have
 * what is below the keys of these names).
 * Fields are read in the order of their table, so what others refer to (the
 * appliances, the general limits) stands first whatever the order in the file.
 */
#include "parser/policy_yaml.h"

#include "parser/policy_appliance.h"
#include "parser/policy_parts.h"
#include "parser/policy_values.h"

#include <stdlib.h>

enum { PREFIX_MAX_LEN = 20 };

/* ---- shared ---- */

struct strs policy_names(struct arena *arena, const struct appliances *appliances)
{
	struct strs names = {0};

	VEC_EACH(struct appliance, appliance, &appliances->list)
		VEC_PUSH(arena, &names.list, appliance->name);
	return names;
}

struct span policy_first_line(const struct policy *policy, struct span span)
{
	struct str text = policy->sources.list.v[span.source].text, line, rest;

	str_cut((struct str){text.s + span.offset, span.len}, '\n', &line, &rest);
	if (line.n)
		span.len = (uint32_t)line.n;
	return span;
}

/* ---- appliances ---- */

static void read_appliances(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct policy *policy = into;

	if (!yaml_is_list(reader, node, "a list of appliances"))
		return;
	VEC_EACH(struct yaml_item, item, &node->items)
		policy_appliance_add(reader, item->value, &policy->appliances);
}

/* ---- limits ---- */

static const char limit_form[] = "a number of connections, or 0 for any limit";

static void read_min_connections(struct yaml_reader *reader, const struct yaml_node *node,
                                 void *into)
{
	struct limits_wanted *limits = into;
	uint64_t number;

	if (yaml_number(reader, node, 0, UINT32_MAX, limit_form, &number))
		limits->min_connections = (uint32_t)number;
}

static void read_min_embryonic(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct limits_wanted *limits = into;
	uint64_t number;

	if (yaml_number(reader, node, 0, UINT32_MAX, limit_form, &number))
		limits->min_embryonic = (uint32_t)number;
}

void policy_read_limits(struct yaml_reader *reader, const struct yaml_node *node,
                        struct limits_wanted *limits)
{
	static const struct yaml_field fields[] = {
	        {"min_connections", false, read_min_connections},
	        {"min_embryonic", false, read_min_embryonic},
	};

	yaml_map(reader, node, "limits", fields, N(fields), limits);
}

static void read_limits(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct policy *policy = into;

	policy_read_limits(reader, node, &policy->limits);
}

/* ---- fix, remarks, version ---- */

bool policy_prefix_is_valid(struct str text)
{
	if (!text.n || text.n > PREFIX_MAX_LEN || !policy_is_letter(text.s[0]))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.s[i];

		if (!policy_is_letter(c) && !policy_is_digit(c) && c != '_' && c != '-')
			return false;
	}
	return true;
}

static void read_form(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct policy *policy = into;
	struct str words[FORM_COUNT];
	size_t chosen;

	for (int i = 1; i < FORM_COUNT; i++)
		words[i - 1] = str_of(fix_form_names[i]);
	if (yaml_word(reader, node, words, FORM_COUNT - 1, &chosen))
		policy->form = (enum fix_form)(chosen + 1);
}

static void read_name_prefix(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct policy *policy = into;

	if (node->kind == YAML_TEXT && policy_prefix_is_valid(node->text))
		policy->name_prefix = node->text;
	else
		yaml_expected(reader, node, POLICY_PREFIX_FORM);
}

static void read_fix(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	static const struct yaml_field fields[] = {
	        {"form", false, read_form},
	        {"name_prefix", false, read_name_prefix},
	};

	yaml_map(reader, node, "fix: {form, name_prefix}", fields, N(fields), into);
}

static void read_remarks(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct policy *policy = into;
	bool on = true;

	yaml_bool(reader, node, "on or off", &on);
	policy->remarks_off = !on;
}

static void read_version(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	uint64_t version;

	(void)into; /* any other number ended the reading before */
	yaml_number(reader, node, 1, 1, "the number 1", &version);
}

static const struct yaml_field policy_fields[] = {
        {"version", true, read_version},        {"appliances", false, read_appliances},
        {"limits", false, read_limits},         {"firewalls", false, policy_read_firewalls},
        {"flows", false, policy_read_flows},    {"rules", false, policy_read_rules},
        {"ignore", false, policy_read_ignores}, {"fix", false, read_fix},
        {"remarks", false, read_remarks},
};

/* ---- the file ---- */

/* A file of another version follows other rules: nothing more is said of it. */
static bool is_other_version(struct yaml_reader *reader, const struct yaml_node *root)
{
	uint64_t version;

	VEC_EACH(struct yaml_item, item, &root->items) {
		const struct yaml_node *value = item->value;

		if (item->key && item->key->kind == YAML_TEXT &&
		    str_eq(item->key->text, S("version")) && value->kind == YAML_TEXT &&
		    value->plain && str_number(value->text, UINT64_MAX, &version) && version != 1)
			return !yaml_problem(reader, value->span,
			                     "this is version %.*s of the policy file; this "
			                     "program reads version 1",
			                     STR(value->text));
	}
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct diag *x = a, *y = b;

	if (x->span.offset != y->span.offset)
		return x->span.offset < y->span.offset ? -1 : 1;
	return str_cmp(x->message, y->message);
}

bool policy_yaml_read(struct arena *arena, struct str path, struct str text, struct policy *out,
                      struct diags *diags)
{
	struct yaml_reader reader = {.arena = arena, .diags = diags};
	uint32_t before = diags->list.n;
	const struct yaml_node *root;
	uint16_t source;

	*out = policy_default();
	if (str_starts(text, S("\xef\xbb\xbf"))) /* a byte order mark */
		text = (struct str){text.s + 3, text.n - 3};
	source = source_add(arena, &out->sources, path, text);
	root = yaml_tree_read(arena, &out->sources, source, diags);
	if (!root || is_other_version(&reader, root))
		return false;
	if (root->kind != YAML_MAP)
		return yaml_expected(&reader, root, "a policy, which begins with \"version: 1\"");
	yaml_map(&reader, root, "a policy", policy_fields, N(policy_fields), out);
	/* Fields are read in the order of the tables; people read in the order of the file. */
	if (diags->list.n > before)
		qsort(diags->list.v + before, diags->list.n - before, sizeof(*diags->list.v),
		      by_place);
	return diags->list.n == before;
}
