/* SPDX-License-Identifier: ISC */
/* The section of one firewall: what it is, what it does to mail, what to do about it. */
#include "emitters/report_html.h"

#include "emitters/change.h"
#include "emitters/finding_groups.h"
#include "emitters/flow_rows.h"
#include "emitters/text_flows.h"

static const char *const style_classes[STYLE_COUNT] = {
        [STYLE_BAD] = "inspected",
        [STYLE_WARNING] = "maybe",
        [STYLE_GOOD] = "clear",
};

/* ---- what it is */

static void add_fact(struct buf *out, const char *name, struct str value)
{
	if (!value.n)
		return;
	buf_printf(out, "<div><dt>%s</dt><dd>", name);
	page_text(out, value);
	buf_add(out, S("</dd></div>"));
}

static struct str capture_text(struct arena *arena, const struct capture *capture)
{
	static const char *const complete[] = {
	        [TRI_UNKNOWN] = "", [TRI_NO] = "not complete", [TRI_YES] = "complete"};
	const char *word = complete[capture->complete];

	if (!capture->by.n)
		return str_of(word);
	return str_printf(arena, "%.*s%s%s", STR(capture->by), *word ? ", " : "", word);
}

static void add_facts(struct buf *out, const struct config_report *config)
{
	const struct coverage *coverage = &config->coverage;
	struct arena *arena = out->arena;

	buf_add(out, S("<dl class=\"facts\">"));
	add_fact(out, "File", config->path);
	add_fact(out, "Hostname", config->hostname);
	add_fact(out, "Context", config->context);
	add_fact(out, "Release", html_release(arena, config));
	add_fact(out, "Capture", capture_text(arena, &config->capture));
	add_fact(out, "Lines",
	         str_printf(arena, "%u: %u modelled, %u irrelevant to mail, %u unknown",
	                    coverage->lines, coverage->modelled, coverage->irrelevant,
	                    coverage->unknown));
	VEC_EACH(const struct appliance, appliance, &config->appliances.list) {
		struct str hosts = hosts_text(arena, &appliance->addresses);

		add_fact(out, appliance->role == ROLE_ESA ? "ESA" : "SMA",
		         str_printf(arena, "%.*s: %.*s%s", STR(appliance->name), STR(hosts),
		                    appliance->discovered ? ", guessed" : ""));
	}
	if (config->fixed)
		add_fact(out, "Fixed since the baseline", html_number(arena, config->fixed));
	buf_add(out, S("<div class=\"wide\"><dt>SHA-256</dt><dd>"));
	page_text(out, config->sha256);
	buf_add(out, S("</dd></div></dl>\n"));
	VEC_EACH(const struct str, note, &config->notes) {
		buf_add(out, S("<p class=\"remark\"><span class=\"note\">note</span> "));
		page_prose(out, *note);
		buf_add(out, S("</p>\n"));
	}
}

/* ---- what it does to mail */

static void add_verdict(struct buf *out, const struct flow_row *row, enum flow_column column,
                        const char *title)
{
	const char *class = style_classes[flow_cell_style(row->flow, column)];

	if (column == FLOW_COLUMN_PERMITTED && class && row->flow->permitted == VERDICT_NO)
		class = "blocked";
	if (!row->flow->on_path)
		class = "off";
	buf_printf(out, "<td data-title=\"%s\">", title);
	if (class)
		buf_printf(out, "<span class=\"%s\">", class);
	page_text(out, row->cell[column]);
	buf_add(out, class ? S("</span></td>") : S("</td>"));
}

static void add_words(struct buf *out, const struct words *words)
{
	VEC_EACH(const struct str, word, &words->list) {
		if (word != words->list.v)
			buf_add(out, S(", "));
		page_text(out, *word);
	}
}

static void add_limits(struct buf *out, const struct config_report *config,
                       const struct flow_row *row)
{
	const char *class = html_is_capped(config, row->flow) ? "capped" : "limited";

	buf_add(out, S("<td data-title=\"limits\">"));
	if (row->flow->limits.n)
		buf_printf(out, "<span class=\"%s\">", class);
	page_text(out, row->cell[FLOW_COLUMN_LIMITS]);
	buf_add(out, row->flow->limits.n ? S("</span></td>") : S("</td>"));
}

static void add_flow(struct buf *out, const struct config_report *config,
                     const struct flow_row *row)
{
	const struct flow *flow = row->flow;

	buf_add(out, S("<tr><th scope=\"row\">"));
	page_text(out, row->cell[FLOW_COLUMN_FLOW]);
	buf_add(out, S("</th><td data-title=\"path\">"));
	add_words(out, &row->from);
	buf_add(out, S(" &#8594; "));
	add_words(out, &row->to);
	buf_add(out, S("</td>"));
	add_verdict(out, row, FLOW_COLUMN_PERMITTED, "permitted");
	if (flow->on_path) {
		add_verdict(out, row, FLOW_COLUMN_INSPECTED, "inspected");
		add_limits(out, config, row);
	} else {
		buf_add(out, S("<td></td><td></td>"));
	}
	buf_add(out, S("</tr>\n"));
	if (!row->details.list.n)
		return;
	buf_add(out, S("<tr class=\"why\"><td colspan=\"5\"><ul>"));
	VEC_EACH(const struct str, detail, &row->details.list) {
		buf_add(out, S("<li>"));
		page_prose(out, *detail);
		buf_add(out, S("</li>"));
	}
	buf_add(out, S("</ul></td></tr>\n"));
}

static void add_flows(struct buf *out, const struct config_report *config)
{
	const struct flow_details how = {.places = true, .hint = "the JSON report has all"};
	struct flow_rows rows = flow_rows(out->arena, config, &how);

	if (!rows.list.n)
		return;
	buf_add(out, S("<h3>Flows</h3>\n<table class=\"flows\"><thead><tr><th "
	               "scope=\"col\">Flow</th><th scope=\"col\">From &#8594; to</th><th "
	               "scope=\"col\">Permitted</th><th scope=\"col\">Inspected</th><th "
	               "scope=\"col\">Limits</th></tr></thead><tbody>\n"));
	VEC_EACH(const struct flow_row, row, &rows.list)
		add_flow(out, config, row);
	buf_add(out, S("</tbody></table>\n"));
}

/* ---- the change */

static void add_commands(struct buf *out, const struct change_lines *lines)
{
	struct buf text = {.arena = out->arena};
	struct str rest, line;

	change_add_lines(&text, lines, true);
	buf_add(out, S("<div class=\"commands\"><pre>"));
	for (rest = buf_str(&text); rest.n;) {
		str_cut(rest, '\n', &line, &rest);
		page_text(out, line);
		buf_char(out, '\n');
	}
	buf_add(out, S("</pre></div>\n"));
}

static void add_claim(struct buf *out, const char *claim, bool holds)
{
	buf_printf(out, "<li><span class=\"%s\">%s</span> %s</li>\n", holds ? "clear" : "blocked",
	           holds ? "yes" : "no", claim);
}

static void add_proof(struct buf *out, const struct change_check *check)
{
	if (!check->done) {
		buf_add(out, S("<p class=\"remark\"><span class=\"warning\">not proved</span> "
		               "Nothing was shown of this change.</p>\n"));
		return;
	}
	buf_add(out, S("<ul class=\"claims\">\n"));
	add_claim(out, "everything that it is to mend is mended", check->cleared);
	add_claim(out, "every other packet is treated as before", check->unchanged);
	add_claim(out, "the rollback restores the config", check->rollback_restores);
	add_claim(out, "pasted twice is as pasted once", check->idempotent);
	buf_add(out, S("</ul>\n"));
	if (!check->has_counterexample)
		return;
	buf_add(out, S("<p class=\"fact\">A packet of others that it treats otherwise: <code>"));
	page_text(out, packet_tracer_text(out->arena, &check->counterexample));
	buf_add(out, S("</code></p>\n"));
}

static void add_unmended(struct buf *out, const struct change *change)
{
	if (!change->unmended.n)
		return;
	buf_add(out, S("<h4>Not mended</h4>\n<ul>\n"));
	VEC_EACH(const struct unmended, left, &change->unmended) {
		buf_printf(out, "<li><b>%s</b> ", left->rule->id);
		if (left->flow_id.n) {
			buf_add(out, S("<code>"));
			page_text(out, left->flow_id);
			buf_add(out, S("</code>: "));
		}
		page_prose(out, left->why);
		buf_add(out, S("</li>\n"));
	}
	buf_add(out, S("</ul>\n"));
}

static void add_change(struct buf *out, const struct change *change)
{
	if (!change || (!change->commands.list.n && !change->unmended.n))
		return;
	buf_add(out, S("<h3>Change</h3>\n"));
	if (change->commands.list.n) {
		if (!change->safe)
			buf_add(out, S("<p class=\"remark\"><span class=\"warning\">unsafe</span> "
			               "Traffic of others is treated otherwise too.</p>\n"));
		add_commands(out, &change->commands);
		add_proof(out, &change->check);
		buf_add(out, S("<details class=\"rollback\"><summary>Rollback</summary>\n"));
		add_commands(out, &change->rollback);
		buf_add(out, S("</details>\n"));
	}
	add_unmended(out, change);
}

/* ---- all of it */

static void add_diags(struct buf *out, const struct config_report *config)
{
	uint32_t n = config->diags.list.n;

	if (!n)
		return;
	buf_printf(out,
	           "<details class=\"diags\"><summary>%u diagnostic%s of the input</summary>"
	           "\n<ul>\n",
	           n, n == 1 ? "" : "s");
	VEC_EACH(const struct diag, diag, &config->diags.list) {
		struct place place = source_place(&config->sources, diag->span);
		const char *severity = severity_names[diag->severity];

		buf_printf(out, "<li><span class=\"%s\">%s</span> ", severity, severity);
		if (place.line) {
			buf_add(out, S("<code>"));
			html_add_place(out, place);
			buf_printf(out, ":%u</code> ", place.column);
		}
		page_prose(out, diag->message);
		buf_add(out, S("</li>\n"));
	}
	buf_add(out, S("</ul></details>\n"));
}

static uint32_t count_suppressed(const struct config_report *config)
{
	uint32_t n = 0;

	VEC_EACH(const struct finding, finding, &config->findings.list)
		n += finding_is_suppressed(finding);
	return n;
}

/* What was decided where nothing was found, so that silence is never taken for a verdict. */
static void add_clean(struct buf *out, const struct config_report *config, uint32_t suppressed)
{
	bool clean = text_flows_are_well(config);

	VEC_EACH(const struct diag, diag, &config->diags.list)
		clean = clean && diag->severity != SEVERITY_ERROR;
	buf_printf(out, "<p class=\"remark\"><span class=\"%s\">%s</span> %s",
	           clean ? "clear" : "maybe", clean ? "clean" : "none",
	           suppressed ? "but for those suppressed; " : "");
	page_text(out, text_flows_decided(out->arena, config));
	buf_add(out, S(".</p>\n"));
}

void html_add_firewall(struct buf *out, const struct html_firewall *firewall)
{
	const struct config_report *config = firewall->config;
	uint32_t suppressed = count_suppressed(config), n = config->findings.list.n;

	buf_add(out, S("<h2 tabindex=\"-1\">"));
	page_text(out, firewall->name);
	buf_add(out, S("</h2>\n"));
	add_facts(out, config);
	add_flows(out, config);
	buf_add(out, S("<h3>Findings</h3>\n"));
	if (n == suppressed)
		add_clean(out, config, suppressed);
	html_add_findings(out, firewall, false);
	if (suppressed) {
		buf_printf(out, "<details class=\"suppressed\"><summary>%u suppressed</summary>\n",
		           suppressed);
		html_add_findings(out, firewall, true);
		buf_add(out, S("</details>\n"));
	}
	add_change(out, config->change);
	html_add_traces(out, firewall);
	add_diags(out, config);
}
