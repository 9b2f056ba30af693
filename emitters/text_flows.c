/* SPDX-License-Identifier: ISC */
/* The part of the text report that tells what the firewall does to each flow. */
#include "emitters/text_flows.h"

#include "emitters/flow_rows.h"

enum {
	MARGIN = 2,       /* of a row */
	DETAIL_MARGIN = 6 /* of what stands under it */
};

/* A cell wider than this does not widen its column; the row goes on in a new line instead. */
static const struct {
	const char *title;
	size_t max;
} columns[FLOW_COLUMN_COUNT] = {
        [FLOW_COLUMN_FLOW] = {"flow", 40},           [FLOW_COLUMN_PATH] = {"from -> to", 36},
        [FLOW_COLUMN_PERMITTED] = {"permitted", 20}, [FLOW_COLUMN_INSPECTED] = {"inspected", 24},
        [FLOW_COLUMN_LIMITS] = {"limits", 0},
};

/* Where each column begins. An off-path row fills only the first two, with its reason after. */
static void lay_out(const struct flow_rows *rows, size_t start[FLOW_COLUMN_COUNT])
{
	enum flow_column column;

	start[0] = MARGIN;
	for (column = 0; column + 1 < FLOW_COLUMN_COUNT; column++) {
		size_t width = str_of(columns[column].title).n;

		VEC_EACH(const struct flow_row, row, &rows->list) {
			size_t n = row->cell[column].n;

			if (!row->flow->on_path && column > FLOW_COLUMN_PATH)
				continue;
			if (n > width && n <= columns[column].max)
				width = n;
		}
		start[column + 1] = start[column] + width + 2;
	}
}

static void print_row(struct console *console, const struct flow_row *row, const size_t *start)
{
	enum flow_column column;

	for (column = 0; column < FLOW_COLUMN_COUNT; column++) {
		if (!row->cell[column].n)
			continue;
		console->indent = start[column];
		console_column(console, start[column]);
		console_wrap(console, flow_cell_style(row->flow, column), row->cell[column]);
	}
	console_end(console);
	VEC_EACH(const struct str, detail, &row->details.list) {
		console_column(console, DETAIL_MARGIN);
		console->indent = DETAIL_MARGIN + 2;
		console_wrap(console, STYLE_PLAIN, *detail);
		console_end(console);
	}
}

static void print_table(struct console *console, const struct flow_rows *rows)
{
	size_t start[FLOW_COLUMN_COUNT];
	enum flow_column column;

	lay_out(rows, start);
	for (column = 0; column < FLOW_COLUMN_COUNT; column++) {
		console_column(console, start[column]);
		console_put(console, STYLE_DIM, str_of(columns[column].title));
	}
	console_end(console);
	VEC_EACH(const struct flow_row, row, &rows->list)
		print_row(console, row, start);
}

static void print_appliance(struct console *console, const struct appliance *appliance)
{
	struct str hosts = hosts_text(console->out->arena, &appliance->addresses);

	console_column(console, MARGIN);
	console->indent = DETAIL_MARGIN;
	console_printf(console, STYLE_PLAIN, "%.*s: %s %.*s%s", STR(appliance->name),
	               appliance->role == ROLE_ESA ? "ESA" : "SMA", STR(hosts),
	               appliance->discovered ? ", guessed" : "");
	console_end(console);
}

static void print_appliances(struct console *console, const struct config_report *config)
{
	VEC_EACH(const struct appliance, appliance, &config->appliances.list)
		print_appliance(console, appliance);
}

void text_flows(struct console *console, const struct config_report *config,
                const struct emit_options *options)
{
	const struct flow_details how = {.all = options->verbose > 0, .hint = "-v shows all"};
	struct flow_rows rows;

	if (config->flows.n == 0)
		return;
	rows = flow_rows(console->out->arena, config, &how);
	print_appliances(console, config);
	console_gap(console);
	print_table(console, &rows);
}

/* ---- in a sentence */

bool text_flows_are_well(const struct config_report *config)
{
	uint32_t crossing = 0;

	VEC_EACH(const struct flow, flow, &config->flows) {
		if (!flow->on_path)
			continue;
		crossing++;
		if (flow->permitted == VERDICT_UNKNOWN || flow->inspected == VERDICT_UNKNOWN)
			return false;
		if (flow->primary && flow->permitted != VERDICT_YES)
			return false;
		if (flow_is_mail[flow->kind] && flow->inspected != VERDICT_NO)
			return false;
	}
	return crossing > 0;
}

static struct str decided_text(struct arena *arena, const struct flow *flow)
{
	static const char *const permitted[VERDICT_COUNT] = {
	        [VERDICT_NO] = "not permitted",
	        [VERDICT_YES] = "permitted",
	        [VERDICT_PARTLY] = "permitted in part",
	        [VERDICT_UNKNOWN] = "permission unknown",
	};
	static const char *const inspected[VERDICT_COUNT] = {
	        [VERDICT_NO] = "not inspected",
	        [VERDICT_YES] = "inspected",
	        [VERDICT_PARTLY] = "inspected in part",
	        [VERDICT_UNKNOWN] = "inspection unknown",
	};
	bool optional = !flow->primary && flow->permitted != VERDICT_YES;

	if (!flow->on_path)
		return S("off path");
	return str_printf(arena, "%s%s, %s, %s", permitted[flow->permitted],
	                  optional ? " (nor needed)" : "", inspected[flow->inspected],
	                  flow->limits.n ? "limited as listed" : "not capped");
}

struct str text_flows_decided(struct arena *arena, const struct config_report *config)
{
	struct words phrases = {0}, counted = {0};

	if (config->flows.n == 0)
		return S("no flow was judged, since no appliance is known here; name them with "
		         "--esa and --sma or in a policy file");
	VEC_EACH(const struct flow, flow, &config->flows)
		words_add_once(arena, &phrases, decided_text(arena, flow));
	VEC_EACH(const struct str, phrase, &phrases.list) {
		unsigned n = 0;

		VEC_EACH(const struct flow, flow, &config->flows)
			n += str_eq(*phrase, decided_text(arena, flow));
		VEC_PUSH(arena, &counted.list,
		         str_printf(arena, "%u flow%s: %.*s", n, n == 1 ? "" : "s", STR(*phrase)));
	}
	return words_join(arena, &counted, "; ");
}
