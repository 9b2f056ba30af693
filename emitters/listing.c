/* SPDX-License-Identifier: ISC */
/* The findings of a whole report in one list. */
#include "emitters/listing.h"

#include "emitters/escape.h"
#include "emitters/packets.h"

#include <stdlib.h>

struct listed listed_of(const struct config_report *config, const struct finding *finding)
{
	struct listed listed = {
	        .config = config,
	        .finding = finding,
	        .place = {.path = config->path, .line = 1},
	};

	VEC_EACH(const struct span, span, &finding->evidence) {
		struct place place = source_place(&config->sources, *span);

		if (place.line == 0)
			continue;
		listed.span = *span;
		listed.place = place;
		break;
	}
	return listed;
}

static int compare(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int compare_listed(const void *left, const void *right)
{
	const struct listed *a = left, *b = right;
	int by = compare(finding_is_suppressed(a->finding), finding_is_suppressed(b->finding));

	if (by == 0)
		by = compare(b->finding->severity, a->finding->severity);
	return by ? by : compare(a->order, b->order);
}

struct listing listing_of(struct arena *arena, const struct report *report, bool suppressed)
{
	struct listing listing = {0};

	VEC_EACH(const struct config_report, config, &report->configs) {
		VEC_EACH(const struct finding, finding, &config->findings.list) {
			struct listed listed = listed_of(config, finding);

			if (!suppressed && finding_is_suppressed(finding))
				continue;
			listed.order = listing.list.n;
			VEC_PUSH(arena, &listing.list, listed);
		}
	}
	if (listing.list.n)
		qsort(listing.list.v, listing.list.n, sizeof(*listing.list.v), compare_listed);
	return listing;
}

struct str finding_appliance(const struct finding *finding)
{
	const struct appliance *appliance = finding->appliance;

	if (!appliance && finding->flow)
		appliance = finding->flow->appliance;
	return appliance ? appliance->name : S("");
}

struct str listed_sentence(struct arena *arena, const struct listed *listed)
{
	const struct finding *finding = listed->finding;
	struct words about = {0};
	struct str text = finding->message;

	if (finding->flow)
		VEC_PUSH(arena, &about.list, finding->flow->id);
	if (listed->config->context.n)
		VEC_PUSH(arena, &about.list,
		         str_printf(arena, "context %.*s", STR(listed->config->context)));
	if (!finding->certain)
		VEC_PUSH(arena, &about.list, S("not certain"));
	if (finding->discovered)
		VEC_PUSH(arena, &about.list, S("the appliance is a guess"));
	if (about.list.n)
		text = str_printf(arena, "%.*s [%.*s]", STR(text),
		                  STR(words_join(arena, &about, "; ")));
	return escape_line(arena, text);
}

struct str suppression_text(struct arena *arena, const struct suppression *suppression)
{
	struct buf buf = {.arena = arena};

	buf_printf(&buf, "suppressed by %s", suppressed_by_names[suppression->by]);
	if (suppression->until.n)
		buf_printf(&buf, " until %.*s", STR(suppression->until));
	if (suppression->ticket.n)
		buf_printf(&buf, ", ticket %.*s", STR(suppression->ticket));
	if (suppression->reason.n)
		buf_printf(&buf, ": %.*s", STR(suppression->reason));
	return escape_line(arena, buf_str(&buf));
}

struct str quoted_line(struct arena *arena, const struct config_report *config, struct span span)
{
	struct place place = source_place(&config->sources, span);
	struct span whole;

	if (place.line == 0)
		return S("");
	whole = source_line(&config->sources, span.source, place.line);
	return escape_line(arena, source_quote(arena, &config->sources, whole));
}

struct str counts_text(struct arena *arena, const uint32_t findings[SEVERITY_COUNT])
{
	struct words words = {0};
	unsigned i;

	for (i = SEVERITY_COUNT; i-- > 0;)
		if (findings[i])
			VEC_PUSH(arena, &words.list,
			         str_printf(arena, "%u %s%s", findings[i], severity_names[i],
			                    findings[i] == 1 ? "" : "s"));
	return words.list.n ? words_join(arena, &words, ", ") : S("no findings");
}

struct str others_text(struct arena *arena, const struct summary *summary)
{
	const struct {
		uint32_t n;
		const char *what;
	} others[] = {
	        {summary->suppressed, "suppressed"},
	        {summary->fixed, "fixed since the baseline"},
	        {summary->skipped, "skipped"},
	        {summary->unreadable, "unreadable"},
	};
	struct buf text = {.arena = arena};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (others[i].n)
			buf_printf(&text, ", %u %s", others[i].n, others[i].what);
	}
	return buf_str(&text);
}
