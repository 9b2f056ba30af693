/* SPDX-License-Identifier: ISC */
/* The findings of a firewall: what, where, since which packet shows it, and its way through. */
#include "emitters/report_html.h"

#include "emitters/finding_groups.h"
#include "emitters/packets.h"
#include "model/trace.h"

#include <string.h>

void html_add_place(struct buf *out, struct place place)
{
	if (!place.line)
		return;
	page_text(out, place.path);
	buf_printf(out, ":%u", place.line);
}

/* A line of the config, whole: "PATH:LINE text", or "LINE text" where the path is told before. */
static void add_quote(struct buf *out, const struct sources *sources, struct span span, bool path)
{
	struct place place = source_place(sources, span);
	struct span whole = source_line(sources, span.source, place.line);

	buf_add(out, S("<code><span class=\"at\">"));
	if (path || span.source)
		html_add_place(out, place);
	else
		buf_printf(out, "%u", place.line);
	buf_add(out, S("</span> "));
	page_text(out, source_quote(out->arena, sources, whole));
	buf_add(out, S("</code>\n"));
}

static bool quoted_before(const struct sources *sources, const struct finding *finding,
                          const struct span *span)
{
	struct place place = source_place(sources, *span);

	for (const struct span *old = finding->evidence.v; old < span; old++)
		if (old->source == span->source && source_place(sources, *old).line == place.line)
			return true;
	return false;
}

static void add_evidence(struct buf *out, const struct sources *sources,
                         const struct finding *finding)
{
	bool any = false;

	VEC_EACH(const struct span, span, &finding->evidence) {
		if (!source_place(sources, *span).line || quoted_before(sources, finding, span))
			continue;
		buf_add(out, any ? S("") : S("<div class=\"lines\">\n"));
		add_quote(out, sources, *span, true);
		any = true;
	}
	buf_add(out, any ? S("</div>\n") : S(""));
}

/* ---- the witness */

static const char *const result_words[TRACE_RESULT_COUNT] = {
        [TRACE_ALLOW] = "allow", [TRACE_DROP] = "drop", [TRACE_UNKNOWN] = "unknown"};

static const char *const result_classes[TRACE_RESULT_COUNT] = {
        [TRACE_ALLOW] = "clear", [TRACE_DROP] = "blocked", [TRACE_UNKNOWN] = "maybe"};

static void add_result(struct buf *out, enum trace_result result)
{
	buf_printf(out, " <span class=\"%s\">%s</span>", result_classes[result],
	           result_words[result]);
}

static void add_phase(struct buf *out, const struct sources *sources,
                      const struct trace_phase *phase)
{
	buf_printf(out, "<li><b>%s</b> ", phase->type);
	page_text(out, phase->subtype);
	add_result(out, phase->result);
	if (phase->lines.n) {
		buf_add(out, S("<div class=\"lines\">\n"));
		VEC_EACH(const struct span, span, &phase->lines)
			add_quote(out, sources, *span, false);
		buf_add(out, S("</div>"));
	}
	if (phase->detail.n) {
		buf_add(out, S("<p>"));
		page_prose(out, phase->detail);
		buf_add(out, S("</p>"));
	}
	buf_add(out, S("</li>\n"));
}

/* Packets that show findings, each once: many findings are shown by the same. */
struct shown_packet {
	const struct finding *finding; /* the first that it shows */
};

struct shown {
	VEC(struct shown_packet) list;
};

static bool same_packet(const struct witness *a, const struct witness *b)
{
	return str_eq(a->input, b->input) &&
	       memcmp(a->packet.at, b->packet.at, sizeof(a->packet.at)) == 0;
}

/* From 1; 0: it is not traced. */
static unsigned number_of(const struct shown *shown, const struct finding *finding)
{
	unsigned number = 0;

	VEC_EACH(const struct shown_packet, other, &shown->list) {
		number++;
		if (same_packet(&other->finding->witness, &finding->witness))
			return number;
	}
	return 0;
}

static const struct finding *witness_of(const struct finding_group *group)
{
	const struct finding *best = NULL;

	VEC_EACH(const struct finding_entry, entry, &group->entries.list) {
		const struct finding *finding = entry->finding;

		if (finding->has_witness && (!best || (finding->trace && !best->trace)))
			best = finding;
	}
	return best;
}

static struct shown shown_by(struct arena *arena, const struct finding_groups *groups)
{
	struct shown shown = {0};

	VEC_EACH(const struct finding_group, group, &groups->list) {
		const struct finding *finding = witness_of(group);

		if (finding && finding->trace && !number_of(&shown, finding))
			VEC_PUSH(arena, &shown.list, (struct shown_packet){finding});
	}
	return shown;
}

static void add_trace(struct buf *out, const struct html_firewall *firewall, unsigned number,
                      const struct finding *finding)
{
	const struct trace *trace = finding->trace;

	buf_add(out, S("<details class=\"trace\" id=\""));
	page_text(out, firewall->id);
	buf_printf(out, "-p%u\"><summary>%u. <code>", number, number);
	page_text(out, packet_tracer_text(out->arena, &finding->witness));
	buf_add(out, S("</code>"));
	add_result(out, trace->result);
	buf_add(out, S("</summary>\n<ol>\n"));
	VEC_EACH(const struct trace_phase, phase, &trace->phases)
		add_phase(out, &firewall->config->sources, phase);
	buf_add(out, S("</ol>\n<p>"));
	if (trace->reason.n) {
		page_prose(out, trace->reason);
	} else {
		buf_add(out, S("It leaves by "));
		page_text(out, trace->output.n ? trace->output : S("an interface not known"));
		buf_char(out, '.');
	}
	buf_add(out, S("</p></details>\n"));
}

void html_add_traces(struct buf *out, const struct html_firewall *firewall)
{
	struct finding_entries entries = findings_sorted(out->arena, firewall->config, true);
	struct finding_groups groups = findings_grouped(out->arena, &entries);
	struct shown shown = shown_by(out->arena, &groups);
	unsigned number = 0;

	if (!shown.list.n)
		return;
	buf_add(out, S("<h3>Packets</h3>\n<p class=\"fact\">Packets that show the findings, and "
	               "their way through the firewall.</p>\n"));
	VEC_EACH(const struct shown_packet, packet, &shown.list)
		add_trace(out, firewall, ++number, packet->finding);
}

static void add_witness(struct buf *out, const struct html_firewall *firewall,
                        const struct shown *shown, const struct finding_group *group)
{
	const struct finding *finding = witness_of(group);
	unsigned number;

	if (!finding)
		return;
	buf_add(out, S("<p class=\"fact\">Shown by "));
	number = number_of(shown, finding);
	if (number) {
		buf_add(out, S("<a href=\"#"));
		page_text(out, firewall->id);
		buf_printf(out, "-p%u\">", number);
	}
	buf_add(out, S("<code>"));
	page_text(out, packet_tracer_text(out->arena, &finding->witness));
	buf_add(out, number ? S("</code></a></p>\n") : S("</code></p>\n"));
}

/* ---- one finding, or several that are told as one */

static void add_messages(struct buf *out, const struct finding_group *group)
{
	struct words told = {0};

	VEC_EACH(const struct finding_entry, entry, &group->entries.list)
		words_add_once(out->arena, &told, entry->finding->message);
	VEC_EACH(const struct str, message, &told.list) {
		buf_add(out, S("<p class=\"message\">"));
		page_prose(out, *message);
		buf_add(out, S("</p>\n"));
	}
}

static void add_flows(struct buf *out, const struct finding_group *group)
{
	struct words ids = {0};

	VEC_EACH(const struct finding_entry, entry, &group->entries.list)
		if (entry->finding->flow)
			words_add_once(out->arena, &ids, entry->finding->flow->id);
	if (!ids.list.n)
		return;
	buf_add(out,
	        ids.list.n == 1 ? S("<p class=\"fact\">Flow: ") : S("<p class=\"fact\">Flows: "));
	VEC_EACH(const struct str, id, &ids.list) {
		buf_add(out, S("<code>"));
		page_text(out, *id);
		buf_add(out, S("</code> "));
	}
	buf_add(out, S("</p>\n"));
}

static void add_reliance(struct buf *out, const struct finding *finding)
{
	if (!finding->certain)
		buf_add(out, S("<p class=\"fact\">Not certain: the config alone does not decide "
		               "it.</p>\n"));
	if (finding->discovered)
		buf_add(out, S("<p class=\"fact\">The appliance is a guess; name it with "
		               "<code>--esa</code> or <code>--sma</code>.</p>\n"));
	if (finding->fix != FIX_NONE)
		buf_printf(out, "<p class=\"fact\"><code>asamend fix%s</code> mends it.</p>\n",
		           finding_needs_unsafe(finding) ? " --unsafe" : "");
}

static void add_suppression(struct buf *out, const struct suppression *by)
{
	if (by->by == NOT_SUPPRESSED)
		return;
	buf_printf(out, "<p class=\"fact\">Suppressed by %s", suppressed_by_names[by->by]);
	if (by->until.n)
		buf_add(out, S(", until "));
	page_text(out, by->until);
	if (by->ticket.n)
		buf_add(out, S(", ticket "));
	page_text(out, by->ticket);
	if (by->reason.n)
		buf_add(out, S(": "));
	page_text(out, by->reason);
	buf_add(out, S("</p>\n"));
}

static void add_group(struct buf *out, const struct html_firewall *firewall,
                      const struct shown *shown, const struct finding_group *group)
{
	const struct finding *finding = group->entries.list.v[0].finding;
	const char *severity = severity_names[finding->severity];

	buf_printf(out,
	           "<article class=\"finding\">\n<h4><span class=\"%s\">%s</span> <a "
	           "href=\"#rule-%s\">%s</a> %s</h4>\n",
	           severity, severity, finding->rule->id, finding->rule->id, finding->rule->name);
	add_messages(out, group);
	add_evidence(out, &firewall->config->sources, finding);
	add_flows(out, group);
	add_witness(out, firewall, shown, group);
	add_reliance(out, finding);
	add_suppression(out, &finding->suppressed);
	buf_add(out, S("</article>\n"));
}

void html_add_findings(struct buf *out, const struct html_firewall *firewall, bool suppressed)
{
	const struct config_report *config = firewall->config;
	struct finding_entries entries = findings_sorted(out->arena, config, true);
	struct finding_groups groups = findings_grouped(out->arena, &entries);
	struct shown shown = shown_by(out->arena, &groups);

	VEC_EACH(const struct finding_group, group, &groups.list)
		if (finding_is_suppressed(group->entries.list.v[0].finding) == suppressed)
			add_group(out, firewall, &shown, group);
}
