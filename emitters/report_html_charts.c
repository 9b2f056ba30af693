/* SPDX-License-Identifier: ISC */
/*
 * Charts: what the flows of each kind meet, findings by rule and by release. A chart is a table
 * with a bar in each row, so its numbers can be read as they are; the script draws it anew for the
 * firewalls that the filters leave.
 */
#include "emitters/report_html.h"

#include "model/intern.h"

#include <stdlib.h>
#include <string.h>

enum { BAR = 1000, PARTS_MAX = 6 };

/* One of the numbers in each row: its title, and the looks of its part of the bar. */
struct part {
	const char *class, *title;
};

struct bar {
	struct str key, title; /* what the script knows it by; what people read */
	uint32_t n[PARTS_MAX];
};

struct chart {
	const char *id, *caption, *head;
	const struct part *parts;
	unsigned n_parts;
	bool whole; /* a bar is as long as the widest however small its sum: shares are shown */
	VEC(struct bar) bars;
};

static uint32_t sum(const struct chart *chart, const struct bar *bar)
{
	uint32_t total = 0;
	unsigned i;

	for (i = 0; i < chart->n_parts; i++)
		total += bar->n[i];
	return total;
}

static uint32_t scale_of(const struct chart *chart, const struct bar *bar)
{
	uint32_t most = 1;

	if (chart->whole)
		return sum(chart, bar) ? sum(chart, bar) : 1;
	VEC_EACH(const struct bar, other, &chart->bars)
		if (sum(chart, other) > most)
			most = sum(chart, other);
	return most;
}

static void add_bar(struct buf *out, const struct chart *chart, const struct bar *bar)
{
	uint32_t scale = scale_of(chart, bar);
	double at = 0;
	unsigned i;

	buf_add(out, S("<tr data-key=\""));
	page_text(out, bar->key);
	buf_add(out, S("\"><th scope=\"row\">"));
	page_text(out, bar->title);
	buf_printf(out,
	           "</th><td class=\"bar\"><svg viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" "
	           "aria-hidden=\"true\" focusable=\"false\">",
	           BAR);
	for (i = 0; i < chart->n_parts; i++) {
		double width = (double)BAR * bar->n[i] / scale;

		buf_printf(out,
		           "<rect class=\"%s\" x=\"%.1f\" width=\"%.1f\" height=\"10\"></rect>",
		           chart->parts[i].class, at, width);
		at += width;
	}
	buf_add(out, S("</svg></td>"));
	for (i = 0; i < chart->n_parts; i++)
		buf_printf(out, "<td data-title=\"%s\">%.*s</td>", chart->parts[i].title,
		           STR(html_number(out->arena, bar->n[i])));
	buf_add(out, S("</tr>\n"));
}

static void add_chart(struct buf *out, const struct chart *chart)
{
	uint32_t total = 0;
	unsigned i;

	VEC_EACH(const struct bar, bar, &chart->bars)
		total += sum(chart, bar);
	if (!total)
		return;
	buf_printf(out,
	           "<figure class=\"chart%s\"><figcaption id=\"%s-title\">%s</figcaption>\n"
	           "<table id=\"%s\" aria-labelledby=\"%s-title\"%s><thead><tr><th "
	           "scope=\"col\">%s</th><td></td>",
	           chart->whole ? " whole" : "", chart->id, chart->caption, chart->id, chart->id,
	           chart->whole ? " data-whole=\"1\"" : "", chart->head);
	for (i = 0; i < chart->n_parts; i++)
		buf_printf(out, "<th scope=\"col\"><span class=\"%s\">%s</span></th>",
		           chart->parts[i].class, chart->parts[i].title);
	buf_add(out, S("</tr></thead><tbody>\n"));
	VEC_EACH(const struct bar, bar, &chart->bars)
		if (sum(chart, bar))
			add_bar(out, chart, bar);
	buf_add(out, S("</tbody></table></figure>\n"));
}

/* ---- what is counted */

static struct bar *find_bar(struct arena *arena, struct chart *chart, struct str key,
                            struct str title)
{
	VEC_EACH(struct bar, bar, &chart->bars)
		if (str_eq(bar->key, key))
			return bar;
	return VEC_PUSH(arena, &chart->bars, (struct bar){.key = key, .title = title});
}

/* Each firewall by the worst that it does to the flows of a kind. */
static void count_flows(struct arena *arena, struct chart *chart, const struct html_report *html)
{
	int kind, mark;
	unsigned i;

	for (kind = 0; kind < FLOW_KIND_COUNT; kind++) {
		struct str name = str_of(flow_kind_names[kind]);

		if (!html->kinds[kind])
			continue;
		VEC_EACH(const struct html_firewall, firewall, &html->firewalls) {
			struct bar *bar = find_bar(arena, chart, name, name);

			for (mark = 0; !(firewall->marks[kind] & 1u << mark); mark++)
				;
			for (i = 0; i < chart->n_parts; i++)
				bar->n[i] +=
				        strcmp(html_mark_classes[mark], chart->parts[i].class) == 0;
		}
	}
}

static int most_first(const void *left, const void *right)
{
	const struct bar *a = left, *b = right;

	if (a->n[0] != b->n[0])
		return a->n[0] < b->n[0] ? 1 : -1;
	return str_cmp(a->key, b->key);
}

static int by_key(const void *left, const void *right)
{
	const struct bar *a = left, *b = right;

	return str_cmp(a->key, b->key);
}

static void count_findings(struct arena *arena, struct chart *rules, struct chart *trains,
                           const struct html_report *html)
{
	VEC_EACH(const struct html_firewall, firewall, &html->firewalls) {
		struct bar *train = find_bar(arena, trains, firewall->train, firewall->train);

		train->n[0] += firewall->findings[SEVERITY_ERROR];
		train->n[1] += firewall->findings[SEVERITY_WARNING];
		train->n[2] += firewall->findings[SEVERITY_NOTE];
		VEC_EACH(const struct finding, finding, &firewall->config->findings.list) {
			const struct rule *rule = finding->rule;

			if (finding_is_suppressed(finding))
				continue;
			find_bar(arena, rules, str_of(rule->id),
			         str_printf(arena, "%s %s", rule->id, rule->name))
			        ->n[0]++;
		}
	}
	if (rules->bars.n)
		qsort(rules->bars.v, rules->bars.n, sizeof(*rules->bars.v), most_first);
	if (trains->bars.n)
		qsort(trains->bars.v, trains->bars.n, sizeof(*trains->bars.v), by_key);
}

#define COUNT(parts) (sizeof(parts) / sizeof(*(parts)))

void html_add_charts(struct buf *out, const struct html_report *html)
{
	static const struct part verdicts[] = {
	        {"blocked", "blocked"}, {"inspected", "inspected"}, {"maybe", "not decided"},
	        {"capped", "capped"},   {"limited", "limited"},     {"clear", "clear"},
	};
	static const struct part severities[] = {
	        {"error", "errors"}, {"warning", "warnings"}, {"note", "notes"}};
	static const struct part all[] = {{"any", "findings"}};
	struct chart flows = {"chart-flows",
	                      "Firewalls by what they do to mail",
	                      "Flow",
	                      verdicts,
	                      COUNT(verdicts),
	                      true,
	                      {0}};
	struct chart rules = {
	        "chart-rules", "Findings by rule", "Rule", all, COUNT(all), false, {0}};
	struct chart trains = {"chart-trains",
	                       "Findings by release",
	                       "Release",
	                       severities,
	                       COUNT(severities),
	                       false,
	                       {0}};

	count_flows(out->arena, &flows, html);
	count_findings(out->arena, &rules, &trains, html);
	buf_add(out, S("<section class=\"charts\" aria-label=\"Charts\">\n"));
	add_chart(out, &flows);
	add_chart(out, &rules);
	add_chart(out, &trains);
	buf_add(out, S("</section>\n"));
}
