/* SPDX-License-Identifier: ISC */
/* "rules" and "ignore" of the policy file, and whether their rules exist. */
#include "model/date.h"
#include "parser/policy_parts.h"
#include "parser/policy_values.h"
#include "parser/policy_yaml.h"

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

void policy_read_rules(struct yaml_reader *reader, const struct yaml_node *node, void *into)
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

void policy_read_ignores(struct yaml_reader *reader, const struct yaml_node *node, void *into)
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
		struct ignore ignore = {.span = policy_first_line(policy, item->value->span)};

		if (yaml_map(reader, item->value, "a suppression", fields, N(fields), &ignore))
			VEC_PUSH(reader->arena, &policy->ignores, ignore);
	}
}

/* --- rule ids --------------------------------------------------------------------------- */

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
