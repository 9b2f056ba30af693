/* SPDX-License-Identifier: ISC */
/* The part of the text report that tells what the firewall does to each flow. */
#include "emitters/text_flows.h"

#include "emitters/packets.h"

enum {
	MARGIN = 2,        /* of a row */
	DETAIL_MARGIN = 6, /* of what stands under it */
	PARTS_SHOWN = 4,   /* of a partly verdict, without -v */
	WORDS_SHOWN = 8    /* of a list of addresses, without -v */
};

enum column {
	COLUMN_FLOW,
	COLUMN_PATH,
	COLUMN_PERMITTED,
	COLUMN_INSPECTED,
	COLUMN_LIMITS,
	COLUMN_COUNT
};

/* A cell wider than this does not widen its column; the row goes on in a new line instead. */
static const struct {
	const char *title;
	size_t max;
} columns[COLUMN_COUNT] = {
        [COLUMN_FLOW] = {"flow", 40},           [COLUMN_PATH] = {"from -> to", 36},
        [COLUMN_PERMITTED] = {"permitted", 20}, [COLUMN_INSPECTED] = {"inspected", 24},
        [COLUMN_LIMITS] = {"limits", 0},
};

/* Flows that are mail, so that an inspection of them is bad news. */
static const bool is_mail[FLOW_KIND_COUNT] = {
        [FLOW_SMTP_IN] = true,
        [FLOW_SMTP_OUT] = true,
        [FLOW_CPQ_QUARANTINE] = true,
        [FLOW_CPQ_RELEASE] = true,
};

/* Flows that are told in one row. */
struct row {
	const struct flow *flow; /* the first of them */
	struct words from, to;
	struct str cell[COLUMN_COUNT];
	struct words details;
};

struct rows {
	VEC(struct row) list;
};

/* ---- cells */

static struct str permitted_text(struct arena *arena, const struct flow *flow)
{
	const char *word = verdict_names[flow->permitted];

	if (flow->primary || flow->permitted == VERDICT_YES)
		return str_of(word);
	return str_printf(arena, "%s (not needed)", word); /* asked for elsewhere only */
}
static struct str inspected_text(struct arena *arena, const struct flow *flow)
{
	const char *word = verdict_names[flow->inspected];
	struct words engines = {0};
	struct str list;

	VEC_EACH(const struct inspection_hit, hit, &flow->inspections) {
		const char *between = hit->map.n ? " " : "";

		words_add_once(
		        arena, &engines,
		        str_printf(arena, "%.*s%s%.*s", STR(hit->engine), between, STR(hit->map)));
	}
	if (engines.list.n == 0)
		return str_of(word);
	list = words_join(arena, &engines, ", ");
	return str_printf(arena, "%s (%.*s)", word, STR(list));
}

/* Shorter than limit_kind_names: the row should fit a line. */
static const char *const limit_titles[LIMIT_KIND_COUNT] = {
        [LIMIT_CONN_MAX] = "conn-max",     [LIMIT_EMBRYONIC] = "embryonic",
        [LIMIT_PER_CLIENT] = "per-client", [LIMIT_PER_CLIENT_EMBRYONIC] = "per-client-embryonic",
        [LIMIT_POLICE] = "police",
};

static struct str limits_text(struct arena *arena, const struct flow *flow)
{
	struct words limits = {0};

	VEC_EACH(const struct limit_hit, hit, &flow->limits) {
		const char *unit = hit->kind == LIMIT_POLICE ? " bit/s" : "";

		words_add_once(
		        arena, &limits,
		        str_printf(arena, "%s %u%s", limit_titles[hit->kind], hit->value, unit));
	}
	return limits.list.n ? words_join(arena, &limits, ", ") : S("none");
}

static struct str off_path_text(struct arena *arena, const struct flow *flow)
{
	VEC_EACH(const struct why, why, &flow->why)
		if (why->about == ABOUT_ON_PATH && why->text.n)
			return str_printf(arena, "off path: %.*s", STR(why->text));
	return S("off path");
}

/* ---- details */

static struct str list_text(struct arena *arena, struct words words, bool all)
{
	uint32_t n = words.list.n;
	struct str shown;

	if (all || n <= WORDS_SHOWN)
		return words_join(arena, &words, ", ");
	words.list.n = WORDS_SHOWN;
	shown = words_join(arena, &words, ", ");
	return str_printf(arena, "%.*s and %u more", STR(shown), n - WORDS_SHOWN);
}

static void add_ports(struct arena *arena, struct buf *buf, const char *what, struct iset ports,
                      bool all)
{
	struct words words = {0};
	struct str list;

	ports_text(arena, ports, &words);
	list = list_text(arena, words, all);
	buf_printf(buf, "%s%s %.*s", what, words.list.n == 1 ? "" : "s", STR(list));
}

static struct str box_text(struct arena *arena, const struct box *box, bool all)
{
	struct words src = {0}, dst = {0};
	struct buf buf = {.arena = arena};
	struct str from, to;

	box_addresses_short(arena, box, DIM_SRC, &src);
	box_addresses_short(arena, box, DIM_DST, &dst);
	from = list_text(arena, src, all);
	to = list_text(arena, dst, all);
	buf_printf(&buf, "from %.*s to %.*s", STR(from), STR(to));
	if (!ports_are_any(box->dim[DIM_DPORT]))
		add_ports(arena, &buf, " port", box->dim[DIM_DPORT], all);
	if (!ports_are_any(box->dim[DIM_SPORT]))
		add_ports(arena, &buf, ", source port", box->dim[DIM_SPORT], all);
	return buf_str(&buf);
}

static void add_parts(struct arena *arena, struct words *details, const char *what,
                      const struct pset *part, bool all)
{
	uint32_t shown = all || part->boxes.n <= PARTS_SHOWN ? part->boxes.n : PARTS_SHOWN;
	uint32_t i;

	for (i = 0; i < shown; i++) {
		struct str box = box_text(arena, &part->boxes.v[i], all);

		VEC_PUSH(arena, &details->list, str_printf(arena, "%s: %.*s", what, STR(box)));
	}
	if (shown < part->boxes.n)
		VEC_PUSH(arena, &details->list,
		         str_printf(arena, "%s: ... and %u more (-v shows all)", what,
		                    part->boxes.n - shown));
}

static void add_reasons(struct arena *arena, struct words *details,
                        const struct config_report *config, const struct flow *flow)
{
	VEC_EACH(const struct why, why, &flow->why) {
		struct place place = source_place(&config->sources, why->span);
		struct buf buf = {.arena = arena};

		if (why->verdict != VERDICT_UNKNOWN || why->about == ABOUT_ON_PATH)
			continue;
		buf_printf(&buf, "%s unknown", why_about_names[why->about]);
		if (why->code != WHY_NONE)
			buf_printf(&buf, " (%s)", why_code_names[why->code]);
		buf_printf(&buf, ": %.*s", STR(why->text));
		if (place.line)
			buf_printf(&buf, " (%.*s:%u)", STR(place.path), place.line);
		words_add_once(arena, details, buf_str(&buf));
	}
}

static void add_details(struct arena *arena, struct words *details,
                        const struct config_report *config, const struct flow *flow, bool all)
{
	if (!flow->on_path)
		return;
	if (flow->permitted == VERDICT_PARTLY)
		add_parts(arena, details, "permitted", &flow->permitted_packets, all);
	if (flow->inspected == VERDICT_PARTLY)
		add_parts(arena, details, "inspected", &flow->inspected_packets, all);
	add_reasons(arena, details, config, flow);
}

/* ---- rows */

static struct row row_of(struct arena *arena, const struct config_report *config,
                         const struct flow *flow, bool all)
{
	struct row row = {.flow = flow};

	row.cell[COLUMN_FLOW] =
	        str_printf(arena, "%.*s/%.*s", STR(flow->appliance->name), STR(flow->name));
	if (flow->on_path) {
		row.cell[COLUMN_PERMITTED] = permitted_text(arena, flow);
		row.cell[COLUMN_INSPECTED] = inspected_text(arena, flow);
		row.cell[COLUMN_LIMITS] = limits_text(arena, flow);
	} else {
		row.cell[COLUMN_PERMITTED] = off_path_text(arena, flow);
	}
	VEC_PUSH(arena, &row.from.list, flow->from);
	VEC_PUSH(arena, &row.to.list, flow->to);
	add_details(arena, &row.details, config, flow, all);
	return row;
}

static bool words_equal(const struct words *a, const struct words *b)
{
	uint32_t i;

	if (a->list.n != b->list.n)
		return false;
	for (i = 0; i < a->list.n; i++)
		if (!str_eq(a->list.v[i], b->list.v[i]))
			return false;
	return true;
}

static bool same_verdicts(const struct row *a, const struct row *b)
{
	enum column column;

	if (a->flow->on_path != b->flow->on_path)
		return false;
	for (column = 0; column < COLUMN_COUNT; column++)
		if (column != COLUMN_PATH && !str_eq(a->cell[column], b->cell[column]))
			return false;
	return words_equal(&a->details, &b->details);
}

/* Whether `words` is `word` alone: then the other end of the row may vary. */
static bool is_only(const struct words *words, struct str word)
{
	return words->list.n == 1 && str_eq(words->list.v[0], word);
}

/* Take a one-flow row into another that it differs from in one interface at most. */
static bool join(struct arena *arena, struct row *row, const struct row *other)
{
	if (!same_verdicts(row, other))
		return false;
	if (is_only(&row->to, other->flow->to))
		words_add_once(arena, &row->from, other->flow->from);
	else if (is_only(&row->from, other->flow->from))
		words_add_once(arena, &row->to, other->flow->to);
	else
		return false;
	return true;
}

static struct str path_text(struct arena *arena, const struct row *row)
{
	struct str from = words_join(arena, &row->from, ", ");
	struct str to = words_join(arena, &row->to, ", ");

	return str_printf(arena, "%.*s -> %.*s", STR(from), STR(to));
}

static struct rows rows_of(struct arena *arena, const struct config_report *config, bool all)
{
	struct rows rows = {0};

	VEC_EACH(const struct flow, flow, &config->flows) {
		struct row row = row_of(arena, config, flow, all);
		bool joined = false;

		VEC_EACH(struct row, known, &rows.list)
			joined = joined || join(arena, known, &row);
		if (!joined)
			VEC_PUSH(arena, &rows.list, row);
	}
	VEC_EACH(struct row, row, &rows.list)
		row->cell[COLUMN_PATH] = path_text(arena, row);
	return rows;
}

/* ---- printing */

static enum style permitted_style(const struct flow *flow)
{
	static const enum style styles[VERDICT_COUNT] = {
	        [VERDICT_NO] = STYLE_BAD,
	        [VERDICT_YES] = STYLE_GOOD,
	        [VERDICT_PARTLY] = STYLE_WARNING,
	        [VERDICT_UNKNOWN] = STYLE_WARNING,
	};

	if (!flow->primary && flow->permitted != VERDICT_YES)
		return STYLE_PLAIN;
	return styles[flow->permitted];
}

static enum style inspected_style(const struct flow *flow)
{
	static const enum style styles[VERDICT_COUNT] = {
	        [VERDICT_NO] = STYLE_GOOD,
	        [VERDICT_YES] = STYLE_BAD,
	        [VERDICT_PARTLY] = STYLE_BAD,
	        [VERDICT_UNKNOWN] = STYLE_WARNING,
	};

	return is_mail[flow->kind] ? styles[flow->inspected] : STYLE_PLAIN;
}

static enum style cell_style(const struct flow *flow, enum column column)
{
	if (!flow->on_path)
		return column == COLUMN_FLOW ? STYLE_PLAIN : STYLE_DIM;
	if (column == COLUMN_PERMITTED)
		return permitted_style(flow);
	return column == COLUMN_INSPECTED ? inspected_style(flow) : STYLE_PLAIN;
}

/* Where each column begins. An off-path row fills only the first two, with its reason after. */
static void lay_out(const struct rows *rows, size_t start[COLUMN_COUNT])
{
	enum column column;

	start[0] = MARGIN;
	for (column = 0; column + 1 < COLUMN_COUNT; column++) {
		size_t width = str_of(columns[column].title).n;

		VEC_EACH(const struct row, row, &rows->list) {
			size_t n = row->cell[column].n;

			if (!row->flow->on_path && column > COLUMN_PATH)
				continue;
			if (n > width && n <= columns[column].max)
				width = n;
		}
		start[column + 1] = start[column] + width + 2;
	}
}

static void print_row(struct console *console, const struct row *row, const size_t *start)
{
	enum column column;

	for (column = 0; column < COLUMN_COUNT; column++) {
		if (!row->cell[column].n)
			continue;
		console->indent = start[column];
		console_column(console, start[column]);
		console_wrap(console, cell_style(row->flow, column), row->cell[column]);
	}
	console_end(console);
	VEC_EACH(const struct str, detail, &row->details.list) {
		console_column(console, DETAIL_MARGIN);
		console->indent = DETAIL_MARGIN + 2;
		console_wrap(console, STYLE_PLAIN, *detail);
		console_end(console);
	}
}

static void print_table(struct console *console, const struct rows *rows)
{
	size_t start[COLUMN_COUNT];
	enum column column;

	lay_out(rows, start);
	for (column = 0; column < COLUMN_COUNT; column++) {
		console_column(console, start[column]);
		console_put(console, STYLE_DIM, str_of(columns[column].title));
	}
	console_end(console);
	VEC_EACH(const struct row, row, &rows->list)
		print_row(console, row, start);
}

static struct str hosts_text(struct arena *arena, const struct hosts *hosts)
{
	struct words words = {0};

	VEC_EACH(const struct host, host, &hosts->list) {
		struct str text = addr_text(arena, host->real);

		if (host->has_mapped && host->mapped != host->real) {
			struct str mapped = addr_text(arena, host->mapped);

			text = str_printf(arena, "%.*s (mapped: %.*s)", STR(text), STR(mapped));
		}
		VEC_PUSH(arena, &words.list, text);
	}
	return words_join(arena, &words, ", ");
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
	struct rows rows;

	if (config->flows.n == 0)
		return;
	rows = rows_of(console->out->arena, config, options->verbose > 0);
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
		if (is_mail[flow->kind] && flow->inspected != VERDICT_NO)
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
