/* SPDX-License-Identifier: ISC */
/*
 * The report as one HTML file: what there is to know of the fleet, then a section a firewall, then
 * what the rules mean. It reads without its script, which sorts, filters, copies, and opens one
 * firewall at a time.
 */
#include "emitters/report_html.h"

#include "emitters/emitter.h"
#include "emitters/finding_groups.h"

#include <string.h>

static struct str title_of(struct arena *arena, const struct html_report *html)
{
	uint32_t n = html->firewalls.n;

	if (n == 1)
		return str_printf(arena, "Mail through %.*s", STR(html->firewalls.v[0].name));
	return str_printf(arena, "Mail through %.*s firewalls", STR(html_number(arena, n)));
}

/* The columns of the matrix, and their titles where each row is a card. */
static struct str style_of(struct arena *arena, const struct html_report *html)
{
	struct buf style = {.arena = arena};
	unsigned column = 3;
	int kind;

	buf_add(&style, str_of(web_report_css));
	buf_printf(&style,
	           "#matrix tr{grid-template-columns:minmax(10em,1.8fr) minmax(6.4em,.8fr) "
	           "repeat(%u,minmax(7.2em,1fr)) repeat(3,4.9em)%s}\n@media (max-width:75em){\n",
	           html->n_kinds, html->changes ? " 5.4em" : "");
	for (kind = 0; kind < FLOW_KIND_COUNT; kind++)
		if (html->kinds[kind])
			buf_printf(&style, "#matrix td:nth-child(%u)::before{content:\"%s\"}\n",
			           column++, flow_kind_names[kind]);
	buf_printf(&style,
	           "#matrix td:nth-child(%u)::before{content:\"errors\"}\n"
	           "#matrix td:nth-child(%u)::before{content:\"warnings\"}\n"
	           "#matrix td:nth-child(%u)::before{content:\"notes\"}\n"
	           "#matrix td:nth-child(%u)::before{content:\"change\"}\n}\n",
	           column, column + 1, column + 2, column + 3);
	return buf_str(&style);
}

static void add_top(struct buf *out, const struct html_report *html)
{
	buf_printf(out,
	           "<body%s>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n"
	           "<header class=\"top\">\n<h1>",
	           html->many               ? " class=\"many\""
	           : html->firewalls.n == 1 ? " class=\"single\""
	                                    : "");
	page_text(out, title_of(out->arena, html));
	buf_add(out, S("</h1>\n<fieldset class=\"theme\" hidden=\"hidden\"><legend>Theme</legend>"
	               "<label><input type=\"radio\" name=\"theme\" value=\"auto\" "
	               "checked=\"checked\"/>auto</label>"
	               "<label><input type=\"radio\" name=\"theme\" value=\"light\"/>light</label>"
	               "<label><input type=\"radio\" name=\"theme\" value=\"dark\"/>dark</label>"
	               "</fieldset>\n</header>\n<main id=\"content\">\n"));
	if (html->many)
		buf_add(out, S("<nav id=\"pager\" aria-label=\"Firewalls\" hidden=\"hidden\">"
		               "<a id=\"back\" href=\"#fleet\">All firewalls</a>"
		               "<a id=\"previous\" href=\"#fleet\">Previous</a>"
		               "<a id=\"next\" href=\"#fleet\">Next</a><span "
		               "id=\"where\"></span></nav>\n"));
	buf_add(out, S("<p id=\"said\" class=\"unseen\" role=\"status\"></p>\n"));
}

static uint32_t count_unread(const struct report *report, bool skipped)
{
	uint32_t n = 0;

	VEC_EACH(const struct unread, unread, &report->unread)
		n += unread->skipped == skipped;
	return n;
}

static void add_unread_list(struct buf *out, const struct report *report, bool skipped)
{
	buf_add(out, S("<ul>\n"));
	VEC_EACH(const struct unread, unread, &report->unread) {
		if (unread->skipped != skipped)
			continue;
		buf_printf(out, "<li><span class=\"%s\">%s</span> <code>",
		           skipped ? "off" : "error", skipped ? "skipped" : "not read");
		page_text(out, unread->path);
		buf_add(out, S("</code> "));
		page_text(out, unread->reason);
		buf_add(out, S("</li>\n"));
	}
	buf_add(out, S("</ul>\n"));
}

static void add_unread(struct buf *out, const struct report *report)
{
	uint32_t skipped = count_unread(report, true);

	if (!report->unread.n)
		return;
	buf_add(out, S("<section id=\"unread\">\n<h2>Inputs without a result</h2>\n"));
	if (skipped < report->unread.n)
		add_unread_list(out, report, false);
	if (skipped) {
		buf_printf(out, "<details><summary>%.*s skipped</summary>\n",
		           STR(html_number(out->arena, skipped)));
		add_unread_list(out, report, true);
		buf_add(out, S("</details>\n"));
	}
	buf_add(out, S("</section>\n"));
}

/* Its words are forgotten when it is written: there may be ten thousand. */
static void add_section(struct buf *out, const struct html_report *html,
                        const struct html_firewall *firewall)
{
	struct buf section = {.arena = arena_new()};

	html_add_firewall(&section, firewall);
	buf_add(out, S("<section class=\"fw\" id=\""));
	page_text(out, firewall->id);
	buf_add(out, html->many ? S("\"><noscript>") : S("\">"));
	buf_add(out, buf_str(&section));
	buf_add(out, html->many ? S("</noscript></section>\n") : S("</section>\n"));
	arena_free(section.arena);
}

static bool has_finding(const struct report *report, const struct rule *rule)
{
	VEC_EACH(const struct config_report, config, &report->configs)
		VEC_EACH(const struct finding, finding, &config->findings.list)
			if (strcmp(finding->rule->id, rule->id) == 0)
				return true;
	return false;
}

static void add_rules(struct buf *out, const struct report *report)
{
	bool any = false;
	size_t i;

	for (i = 0; i < report->n_rules; i++) {
		const struct rule *rule = &report->rules[i];
		struct str help = str_of(rule->help), paragraph;

		if (!has_finding(report, rule))
			continue;
		if (!any)
			buf_add(out, S("<section id=\"rules\">\n<h2>What the rules mean</h2>\n"));
		any = true;
		buf_printf(out,
		           "<article class=\"rule\" id=\"rule-%s\">\n<h3>%s %s</h3>\n<p class="
		           "\"title\">",
		           rule->id, rule->id, rule->name);
		page_prose(out, str_of(rule->title));
		buf_add(out, S("</p>\n"));
		while ((paragraph = rule_next_paragraph(&help)).n) {
			buf_add(out, S("<p>"));
			page_prose(out, paragraph);
			buf_add(out, S("</p>\n"));
		}
		buf_add(out, S("</article>\n"));
	}
	buf_add(out, any ? S("</section>\n") : S(""));
}

void emit_report_html(const struct report *report, const struct emit_options *options,
                      struct buf *out)
{
	struct html_report html = html_report_of(out->arena, report);

	(void)options;
	page_head(out, title_of(out->arena, &html), style_of(out->arena, &html),
	          str_of(web_report_js));
	add_top(out, &html);
	buf_add(out, S("<div id=\"overview\">\n"));
	html_add_summary(out, &html);
	if (html.firewalls.n > 1) {
		html_add_charts(out, &html);
		html_add_fleet(out, &html);
	}
	add_unread(out, report);
	buf_add(out, S("</div>\n"));
	page_script(out, str_of(web_report_js)); /* here: the matrix need not wait for the rest */
	VEC_EACH(const struct html_firewall, firewall, &html.firewalls)
		add_section(out, &html, firewall);
	add_rules(out, report);
	buf_add(out, S("</main>\n<footer>Made by asamend "));
	page_text(out, str_of(report->tool_version));
	buf_add(out, S(".</footer>\n</body>\n</html>\n"));
}
