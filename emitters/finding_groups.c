/* SPDX-License-Identifier: ISC */
/* Findings in the order in which people read them, and those that are told as one. */
#include "emitters/finding_groups.h"

#include <stdlib.h>
#include <string.h>

static struct span first_place(const struct finding *finding)
{
	VEC_EACH(const struct span, span, &finding->evidence)
		if (span->len)
			return *span;
	return (struct span){0};
}

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Suppressed ones last; then by severity, place (none is last), rule, and as they came. */
static int compare_entries(const void *left, const void *right)
{
	const struct finding_entry *a = left, *b = right;
	const int keys[] = {
	        compare(finding_is_suppressed(a->finding), finding_is_suppressed(b->finding)),
	        compare(b->finding->severity, a->finding->severity),
	        compare(a->span.source, b->span.source),
	        compare(a->place.line - 1, b->place.line - 1),
	        strcmp(a->finding->rule->id, b->finding->rule->id),
	        compare(a->order, b->order),
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i])
			return keys[i];
	return 0;
}

struct finding_entries findings_sorted(struct arena *arena, const struct config_report *config,
                                       bool with_suppressed)
{
	struct finding_entries entries = {0};
	uint32_t order = 0;

	VEC_EACH(const struct finding, finding, &config->findings.list) {
		struct finding_entry entry = {
		        .finding = finding,
		        .span = first_place(finding),
		        .order = order++,
		};

		if (finding_is_suppressed(finding) && !with_suppressed)
			continue;
		entry.place = source_place(&config->sources, entry.span);
		VEC_PUSH(arena, &entries.list, entry);
	}
	if (entries.list.n)
		qsort(entries.list.v, entries.list.n, sizeof(*entries.list.v), compare_entries);
	return entries;
}

static bool same_evidence(const struct finding *a, const struct finding *b)
{
	uint32_t i;

	if (a->evidence.n != b->evidence.n)
		return false;
	for (i = 0; i < a->evidence.n; i++) {
		struct span x = a->evidence.v[i], y = b->evidence.v[i];

		if (x.offset != y.offset || x.len != y.len || x.source != y.source)
			return false;
	}
	return true;
}

static bool same_suppression(const struct suppression *a, const struct suppression *b)
{
	return a->by == b->by && str_eq(a->until, b->until) && str_eq(a->ticket, b->ticket) &&
	       str_eq(a->reason, b->reason);
}

/* Whether two findings are told as one: they differ in the flow, and their messages may. */
static bool same_entry(const struct finding *a, const struct finding *b)
{
	if (a->rule != b->rule || a->severity != b->severity || a->certain != b->certain ||
	    a->discovered != b->discovered || !a->flow || !b->flow)
		return false;
	if (a->evidence.n == 0 && !str_eq(a->message, b->message))
		return false;
	return same_evidence(a, b) && same_suppression(&a->suppressed, &b->suppressed);
}

/* Equal ones stand at the same place, so only the last few groups need be looked at. */
static struct finding_group *find_group(struct finding_groups *groups,
                                        const struct finding_entry *entry)
{
	uint32_t i;

	for (i = groups->list.n; i > 0; i--) {
		const struct finding_entry *first = &groups->list.v[i - 1].entries.list.v[0];

		if (same_entry(first->finding, entry->finding))
			return &groups->list.v[i - 1];
		if (first->place.line != entry->place.line)
			break;
	}
	return NULL;
}

struct finding_groups findings_grouped(struct arena *arena, const struct finding_entries *entries)
{
	struct finding_groups groups = {0};

	VEC_EACH(const struct finding_entry, entry, &entries->list) {
		struct finding_group *group = find_group(&groups, entry);

		if (!group)
			group = VEC_PUSH(arena, &groups.list, (struct finding_group){0});
		VEC_PUSH(arena, &group->entries.list, *entry);
	}
	return groups;
}

struct str rule_next_paragraph(struct str *text)
{
	struct str paragraph;
	size_t n = 0;

	*text = str_trim(*text);
	while (n < text->n && !str_starts((struct str){text->s + n, text->n - n}, S("\n\n")))
		n++;
	paragraph = (struct str){text->s, n};
	*text = (struct str){text->s + n, text->n - n};
	return paragraph;
}
