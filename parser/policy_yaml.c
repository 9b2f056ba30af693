/* SPDX-License-Identifier: ISC */
/*
 * The schema of the policy file, as tables of fields: for each kind of map its
 * keys, which of them must be there, and the function that reads the value
 * (those of an appliance are in policy_appliance.c).
 * Fields are read in the order of their table, so what others refer to (the
 * appliances, the general limits) stands first whatever the order in the file.
 */
#include "parser/policy_yaml.h"

#include "model/date.h"
#include "model/flow.h"
#include "parser/policy_appliance.h"
#include "parser/policy_values.h"
#include "parser/yaml_schema.h"

#include <stdlib.h>

enum { NAME_MAX_LEN = 64, PREFIX_MAX_LEN = 20 };

#define N(array) (sizeof(array) / sizeof((array)[0]))

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

static void read_limits_into(struct yaml_reader *reader, const struct yaml_node *node,
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

	read_limits_into(reader, node, &policy->limits);
}

/* ---- firewalls ---- */

struct firewall_draft {
	const struct policy *policy;
	struct firewall_entry entry;
};

struct strs {
	VEC(struct str) list;
};

static struct strs names_of(struct arena *arena, const struct appliances *appliances)
{
	struct strs names = {0};

	VEC_EACH(struct appliance, appliance, &appliances->list)
		VEC_PUSH(arena, &names.list, appliance->name);
	return names;
}

/* The part of a span that is on its first line. */
static struct span first_line(const struct policy *policy, struct span span)
{
	struct str text = policy->sources.list.v[span.source].text, line, rest;

	str_cut((struct str){text.s + span.offset, span.len}, '\n', &line, &rest);
	if (line.n)
		span.len = (uint32_t)line.n;
	return span;
}

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
	known = names_of(reader->arena, &policy->appliances);
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
	read_limits_into(reader, node, &draft->entry.limits);
}

static void read_firewalls(struct yaml_reader *reader, const struct yaml_node *node, void *into)
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

		draft.entry.span = first_line(policy, item->value->span);
		if (yaml_map(reader, item->value, "a firewall", fields, N(fields), &draft))
			VEC_PUSH(reader->arena, &policy->firewalls, draft.entry);
	}
}

/* ---- flows ---- */

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
	struct strs names = names_of(arena, &policy->appliances);

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

static void read_flows(struct yaml_reader *reader, const struct yaml_node *node, void *into)
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

/* ---- rules and suppressions ---- */

/* AM and at least `least` digits, three at most. */
static bool is_rule(struct str text, size_t least)
{
	if (!str_starts(text, S("AM")) || text.n < 2 + least || text.n > 5)
		return false;
	for (size_t i = 2; i < text.n; i++) {
		if (!policy_is_digit(text.s[i]))
			return false;
	}
	return true;
}

static void read_rule_setting(struct yaml_reader *reader, const struct yaml_item *item,
                              struct policy *policy)
{
	struct rule_setting setting = {.rule = item->key->text};
	struct str words[SEVERITY_COUNT + 1];
	size_t chosen;

	if (item->key->kind != YAML_TEXT || !is_rule(setting.rule, 3)) {
		yaml_expected(reader, item->key, "a rule id such as AM101");
		return;
	}
	VEC_EACH(struct rule_setting, other, &policy->rules) {
		if (str_eq(other->rule, setting.rule))
			yaml_problem(reader, item->key->span, "the rule %.*s is given twice",
			             STR(setting.rule));
	}
	for (int i = 0; i < SEVERITY_COUNT; i++)
		words[i] = str_of(severity_names[SEVERITY_COUNT - 1 - i]);
	words[SEVERITY_COUNT] = S("off");
	if (yaml_is_false(item->value))
		chosen = SEVERITY_COUNT;
	else if (!yaml_word(reader, item->value, words, SEVERITY_COUNT + 1, &chosen))
		return;
	setting.off = chosen == SEVERITY_COUNT;
	if (!setting.off)
		setting.severity = (enum severity)(SEVERITY_COUNT - 1 - (int)chosen);
	VEC_PUSH(reader->arena, &policy->rules, setting);
}

static void read_rules(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	if (node->kind != YAML_MAP) {
		yaml_expected(reader, node, "a map such as {AM104: off}");
		return;
	}
	VEC_EACH(struct yaml_item, item, &node->items)
		read_rule_setting(reader, item, into);
}

static void read_ignored_rule(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct ignore *ignore = into;

	if (node->kind == YAML_TEXT && is_rule(node->text, 1))
		ignore->rule = node->text;
	else
		yaml_expected(reader, node, "a rule id or a prefix of one, such as AM204 or AM2");
}

static void read_ignored_firewall(struct yaml_reader *reader, const struct yaml_node *node,
                                  void *into)
{
	struct ignore *ignore = into;

	policy_value_glob(reader, node, &ignore->firewall);
}

static void read_ignored_flow(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct ignore *ignore = into;

	policy_value_glob(reader, node, &ignore->flow);
}

static void read_until(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct ignore *ignore = into;

	if (node->kind == YAML_TEXT && date_is_valid(node->text))
		ignore->until = node->text;
	else
		yaml_expected(reader, node, "a date as YYYY-MM-DD");
}

static void read_ticket(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct ignore *ignore = into;

	yaml_text(reader, node, "a ticket number", &ignore->ticket);
}

static void read_reason(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	struct ignore *ignore = into;

	yaml_text(reader, node, "a reason", &ignore->reason);
}

static void read_ignores(struct yaml_reader *reader, const struct yaml_node *node, void *into)
{
	static const struct yaml_field fields[] = {
	        {"rule", true, read_ignored_rule},  {"firewall", false, read_ignored_firewall},
	        {"flow", false, read_ignored_flow}, {"until", false, read_until},
	        {"ticket", false, read_ticket},     {"reason", false, read_reason},
	};
	struct policy *policy = into;

	if (!yaml_is_list(reader, node, "a list of suppressions"))
		return;
	VEC_EACH(struct yaml_item, item, &node->items) {
		struct ignore ignore = {.span = first_line(policy, item->value->span)};

		if (yaml_map(reader, item->value, "a suppression", fields, N(fields), &ignore))
			VEC_PUSH(reader->arena, &policy->ignores, ignore);
	}
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
        {"version", true, read_version},  {"appliances", false, read_appliances},
        {"limits", false, read_limits},   {"firewalls", false, read_firewalls},
        {"flows", false, read_flows},     {"rules", false, read_rules},
        {"ignore", false, read_ignores},  {"fix", false, read_fix},
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

/* ---- rule ids ---- */

/* Where a text of the policy stands in its file; no place if it is not a view of it. */
static struct span place_of(const struct policy *policy, struct str text)
{
	const struct source *source = policy->sources.list.v;
	uintptr_t at = (uintptr_t)text.s, begin;

	if (!policy->sources.list.n)
		return (struct span){0};
	begin = (uintptr_t)source->text.s;
	if (at < begin || at - begin >= source->text.n)
		return (struct span){0};
	return (struct span){.offset = (uint32_t)(at - begin), .len = (uint32_t)text.n};
}

static bool check_rule(struct yaml_reader *reader, const struct policy *policy, struct str word,
                       const struct str *ids, size_t n)
{
	struct str hint;

	for (size_t i = 0; i < n; i++) {
		if (str_starts(ids[i], word))
			return true;
	}
	hint = yaml_suggest(reader->arena, word, ids, n);
	return yaml_problem(reader, place_of(policy, word), "there is no rule \"%.*s\"%.*s",
	                    STR(word), STR(hint));
}

bool policy_check_rules(struct arena *arena, const struct policy *policy, const struct str *ids,
                        size_t n, struct diags *diags)
{
	struct yaml_reader reader = {.arena = arena, .diags = diags};
	bool ok = true;

	VEC_EACH(struct rule_setting, setting, &policy->rules)
		ok = check_rule(&reader, policy, setting->rule, ids, n) && ok;
	VEC_EACH(struct ignore, ignore, &policy->ignores)
		ok = check_rule(&reader, policy, ignore->rule, ids, n) && ok;
	return ok;
}
