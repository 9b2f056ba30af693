/* SPDX-License-Identifier: ISC */
/* What the firewall does to each flow, in words; flows that fare alike in one row. */
#include "emitters/flow_rows.h"

enum {
	PARTS_SHOWN = 4, /* of a partly verdict, unless all are asked for */
	WORDS_SHOWN = 8  /* of a list of addresses */
};

const bool flow_is_mail[FLOW_KIND_COUNT] = {
        [FLOW_SMTP_IN] = true,
        [FLOW_SMTP_OUT] = true,
        [FLOW_CPQ_QUARANTINE] = true,
        [FLOW_CPQ_RELEASE] = true,
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
                      const struct pset *part, const struct flow_details *how)
{
	uint32_t shown = how->all || part->boxes.n <= PARTS_SHOWN ? part->boxes.n : PARTS_SHOWN;
	uint32_t i;

	for (i = 0; i < shown; i++) {
		struct str box = box_text(arena, &part->boxes.v[i], how->all);

		VEC_PUSH(arena, &details->list, str_printf(arena, "%s: %.*s", what, STR(box)));
	}
	if (shown < part->boxes.n)
		VEC_PUSH(arena, &details->list,
		         str_printf(arena, "%s: ... and %u more (%s)", what, part->boxes.n - shown,
		                    how->hint));
}

/* " (PATH:LINE)" */
static void add_place(struct buf *buf, const struct config_report *config, struct span span)
{
	struct place place = source_place(&config->sources, span);

	if (place.line)
		buf_printf(buf, " (%.*s:%u)", STR(place.path), place.line);
}

static void add_reasons(struct arena *arena, struct words *details,
                        const struct config_report *config, const struct flow *flow)
{
	VEC_EACH(const struct why, why, &flow->why) {
		struct buf buf = {.arena = arena};

		if (why->verdict != VERDICT_UNKNOWN || why->about == ABOUT_ON_PATH)
			continue;
		buf_printf(&buf, "%s unknown", why_about_names[why->about]);
		if (why->code != WHY_NONE)
			buf_printf(&buf, " (%s)", why_code_names[why->code]);
		buf_printf(&buf, ": %.*s", STR(why->text));
		add_place(&buf, config, why->span);
		words_add_once(arena, details, buf_str(&buf));
	}
}

/* By which lines it is inspected and limited. */
static void add_places(struct arena *arena, struct words *details,
                       const struct config_report *config, const struct flow *flow)
{
	VEC_EACH(const struct inspection_hit, hit, &flow->inspections) {
		struct buf buf = {.arena = arena};

		buf_printf(&buf, "inspected by %.*s", STR(hit->engine));
		if (hit->class.n)
			buf_printf(&buf, ": class %.*s, policy %.*s, %s%.*s", STR(hit->class),
			           STR(hit->policy), hit->interface.n ? "interface " : "global",
			           STR(hit->interface));
		add_place(&buf, config, hit->span);
		words_add_once(arena, details, buf_str(&buf));
	}
	VEC_EACH(const struct limit_hit, hit, &flow->limits) {
		struct buf buf = {.arena = arena};

		buf_printf(&buf, "limited by %s: %s %u", limit_source_names[hit->source],
		           limit_titles[hit->kind], hit->value);
		add_place(&buf, config, hit->span);
		words_add_once(arena, details, buf_str(&buf));
	}
}

static void add_details(struct arena *arena, struct words *details,
                        const struct config_report *config, const struct flow *flow,
                        const struct flow_details *how)
{
	if (!flow->on_path)
		return;
	if (flow->permitted == VERDICT_PARTLY)
		add_parts(arena, details, "permitted", &flow->permitted_packets, how);
	if (flow->inspected == VERDICT_PARTLY)
		add_parts(arena, details, "inspected", &flow->inspected_packets, how);
	add_reasons(arena, details, config, flow);
	if (how->places)
		add_places(arena, details, config, flow);
}

/* ---- rows */

static struct flow_row row_of(struct arena *arena, const struct config_report *config,
                              const struct flow *flow, const struct flow_details *how)
{
	struct flow_row row = {.flow = flow};

	row.cell[FLOW_COLUMN_FLOW] =
	        str_printf(arena, "%.*s/%.*s", STR(flow->appliance->name), STR(flow->name));
	if (flow->on_path) {
		row.cell[FLOW_COLUMN_PERMITTED] = permitted_text(arena, flow);
		row.cell[FLOW_COLUMN_INSPECTED] = inspected_text(arena, flow);
		row.cell[FLOW_COLUMN_LIMITS] = limits_text(arena, flow);
	} else {
		row.cell[FLOW_COLUMN_PERMITTED] = off_path_text(arena, flow);
	}
	VEC_PUSH(arena, &row.from.list, flow->from);
	VEC_PUSH(arena, &row.to.list, flow->to);
	add_details(arena, &row.details, config, flow, how);
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

static bool same_verdicts(const struct flow_row *a, const struct flow_row *b)
{
	enum flow_column column;

	if (a->flow->on_path != b->flow->on_path)
		return false;
	for (column = 0; column < FLOW_COLUMN_COUNT; column++)
		if (column != FLOW_COLUMN_PATH && !str_eq(a->cell[column], b->cell[column]))
			return false;
	return words_equal(&a->details, &b->details);
}

/* Whether `words` is `word` alone: then the other end of the row may vary. */
static bool is_only(const struct words *words, struct str word)
{
	return words->list.n == 1 && str_eq(words->list.v[0], word);
}

/* Take a one-flow row into another that it differs from in one interface at most. */
static bool join(struct arena *arena, struct flow_row *row, const struct flow_row *other)
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

static struct str path_text(struct arena *arena, const struct flow_row *row)
{
	struct str from = words_join(arena, &row->from, ", ");
	struct str to = words_join(arena, &row->to, ", ");

	return str_printf(arena, "%.*s -> %.*s", STR(from), STR(to));
}

struct flow_rows flow_rows(struct arena *arena, const struct config_report *config,
                           const struct flow_details *how)
{
	struct flow_rows rows = {0};

	VEC_EACH(const struct flow, flow, &config->flows) {
		struct flow_row row = row_of(arena, config, flow, how);
		bool joined = false;

		VEC_EACH(struct flow_row, known, &rows.list)
			joined = joined || join(arena, known, &row);
		if (!joined)
			VEC_PUSH(arena, &rows.list, row);
	}
	VEC_EACH(struct flow_row, row, &rows.list)
		row->cell[FLOW_COLUMN_PATH] = path_text(arena, row);
	return rows;
}

/* ---- looks */

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

	return flow_is_mail[flow->kind] ? styles[flow->inspected] : STYLE_PLAIN;
}

enum style flow_cell_style(const struct flow *flow, enum flow_column column)
{
	if (!flow->on_path)
		return column == FLOW_COLUMN_FLOW ? STYLE_PLAIN : STYLE_DIM;
	if (column == FLOW_COLUMN_PERMITTED)
		return permitted_style(flow);
	return column == FLOW_COLUMN_INSPECTED ? inspected_style(flow) : STYLE_PLAIN;
}

struct str hosts_text(struct arena *arena, const struct hosts *hosts)
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
