/* SPDX-License-Identifier: ISC */
/*
 * The path of the mail as two drawings side by side (below each other on a phone): appliances,
 * the firewall, the other ends; a row a flow. What becomes of a flow is told by words, by the
 * shape of a sign and by the line behind the firewall, and only then by colour.
 */
#include "emitters/escape.h"
#include "emitters/ticket_page.h"

enum {
	WIDTH = 412,
	EDGE = 4, /* left free on either side */
	TOP = 48, /* of the first row */
	LEFT_END = 92,
	FIREWALL = 118,
	FIREWALL_END = 294,
	RIGHT = 320,
	LINE = 16, /* of text */
	PARTS_LEAST = 2,
	ROWS_SHOWN = 8,
	SIDE_CHARS = 12,
	FIREWALL_CHARS = 23
};

/* The state of a flow in one of the drawings. */
struct state {
	const struct words *parts;
	enum tone tone;
};

static struct state state_of(const struct ticket_flow *row, bool after)
{
	if (after)
		return (struct state){&row->after_parts, row->after.tone};
	return (struct state){&row->before_parts, row->before.tone};
}

static unsigned row_height(const struct ticket_flow *row)
{
	uint32_t parts = PARTS_LEAST;

	parts = row->before_parts.list.n > parts ? row->before_parts.list.n : parts;
	parts = row->after_parts.list.n > parts ? row->after_parts.list.n : parts;
	return LINE * (2 + parts);
}

static void add_label(struct buf *out, unsigned x, unsigned y, const char *class, size_t max,
                      struct str text)
{
	struct str shown = escape_html(out->arena, ticket_shortened(out->arena, text, max));

	buf_printf(out, "<text x=\"%u\" y=\"%u\" class=\"%s\">%.*s</text>\n", x, y, class,
	           STR(shown));
}

/* --- signs and lines ---------------------------------------------------------------------- */

/* A disc with a check mark, a triangle with a stroke, an octagon with a cross. */
static void add_sign(struct buf *out, unsigned x, unsigned y, enum tone tone)
{
	static const char *const shapes[TONE_COUNT] = {
	        [TONE_PLAIN] = "<circle r=\"4\" class=\"shape plain\"/>",
	        [TONE_GOOD] = "<circle r=\"8\" class=\"shape good\"/>"
	                      "<path d=\"M-3.5 0l2.5 3 4.5-6\" class=\"mark\"/>",
	        [TONE_WARNING] = "<path d=\"M0-8.5L9 7H-9z\" class=\"shape warning\"/>"
	                         "<path d=\"M0-3v4.5M0 4.4v.2\" class=\"mark\"/>",
	        [TONE_BAD] = "<path d=\"M-3.5-8h7l5 5v6l-5 5h-7l-5-5v-6z\" class=\"shape bad\"/>"
	                     "<path d=\"M-3-3l6 6M3-3l-6 6\" class=\"mark\"/>",
	};

	buf_printf(out, "<g transform=\"translate(%u %u)\">%s</g>\n", x, y, shapes[tone]);
}

static bool is_blocked(const struct state *state)
{
	VEC_EACH(const struct str, part, &state->parts->list)
		if (str_eq(*part, S("blocked")))
			return true;
	return false;
}

/* From x1 to x2, with the head at x2. Behind a firewall that interferes it is broken. */
static void add_edge(struct buf *out, unsigned x1, unsigned x2, unsigned y, enum tone tone)
{
	const char *class = tone_classes[tone];
	int back = x2 > x1 ? -7 : 7;

	buf_printf(out, "<path d=\"M%u %uH%u\" class=\"edge %s\"%s/>\n", x1, y, x2, class,
	           tone == TONE_BAD       ? " stroke-dasharray=\"5 4\""
	           : tone == TONE_WARNING ? " stroke-dasharray=\"9 3\""
	                                  : "");
	buf_printf(out, "<path d=\"M%u %ul%d-5v10z\" class=\"shape %s\"/>\n", x2, y, back, class);
}

static bool is_inbound(const struct flow *flow)
{
	switch (flow->kind) {
	case FLOW_SMTP_IN:
		return true;
	case FLOW_CPQ_RELEASE:
	case FLOW_SSH_CONFIG:
		return flow->appliance->role == ROLE_ESA;
	case FLOW_CPQ_QUARANTINE:
	case FLOW_SPAM_QUARANTINE:
		return flow->appliance->role == ROLE_SMA;
	case FLOW_SMTP_OUT:
	case FLOW_CUSTOM:
	case FLOW_KIND_COUNT:
		break;
	}
	return false;
}

/* What the ends do: the one that connects, and the one that answers. */
static const struct {
	const char *client, *server;
} deeds[FLOW_KIND_COUNT] = {
        [FLOW_SMTP_IN] = {"sends", "receives"},
        [FLOW_SMTP_OUT] = {"sends", "receives"},
        [FLOW_CPQ_QUARANTINE] = {"quarantines", "keeps"},
        [FLOW_CPQ_RELEASE] = {"releases", "delivers"},
        [FLOW_SSH_CONFIG] = {"asks by SSH", "answers"},
        [FLOW_SPAM_QUARANTINE] = {"quarantines", "keeps"},
        [FLOW_CUSTOM] = {"connects", "answers"},
};

static struct str other_end(const struct flow *flow)
{
	switch (flow->kind) {
	case FLOW_SMTP_IN:
	case FLOW_SMTP_OUT:
		return flow->primary ? S("Internet") : S("hosts");
	case FLOW_CPQ_QUARANTINE:
	case FLOW_CPQ_RELEASE:
	case FLOW_SSH_CONFIG:
	case FLOW_SPAM_QUARANTINE:
		return flow->appliance->role == ROLE_ESA ? S("SMA") : S("ESA");
	case FLOW_CUSTOM:
	case FLOW_KIND_COUNT:
		break;
	}
	return S("other end");
}

/* --- a drawing ---------------------------------------------------------------------------- */

static void add_arrows(struct buf *out, const struct ticket_flow *row, const struct state *state,
                       unsigned y)
{
	bool inbound = is_inbound(row->flow);

	if (inbound)
		add_edge(out, RIGHT, FIREWALL_END, y, TONE_PLAIN);
	else
		add_edge(out, LEFT_END, FIREWALL, y, TONE_PLAIN);
	if (is_blocked(state))
		return;
	if (inbound)
		add_edge(out, FIREWALL, LEFT_END, y, state->tone);
	else
		add_edge(out, FIREWALL_END, RIGHT, y, state->tone);
}

/* The name of one end, its interfaces, and what it does. */
static void add_end(struct buf *out, unsigned x, unsigned middle, struct str name,
                    const struct words *interfaces, const char *deed)
{
	add_label(out, x, middle - 9, "head", SIDE_CHARS, name);
	add_label(out, x, middle + 5, "soft", SIDE_CHARS, words_join(out->arena, interfaces, ", "));
	add_label(out, x, middle + 19, "words", SIDE_CHARS, str_of(deed));
}

static void add_row(struct buf *out, const struct ticket_flow *row, bool after, unsigned y)
{
	struct arena *arena = out->arena;
	struct state state = state_of(row, after);
	enum flow_kind kind = row->flow->kind;
	bool inbound = is_inbound(row->flow);
	unsigned line = y + 18, middle = y + row_height(row) / 2;

	add_end(out, EDGE + 7, middle, ticket_clean(arena, row->flow->appliance->name),
	        inbound ? &row->to : &row->from, inbound ? deeds[kind].server : deeds[kind].client);
	add_end(out, RIGHT + 7, middle, other_end(row->flow), inbound ? &row->from : &row->to,
	        inbound ? deeds[kind].client : deeds[kind].server);
	add_label(out, FIREWALL + 25, line, "head", FIREWALL_CHARS,
	          ticket_clean(arena, row->flow->name));
	add_sign(out, FIREWALL + 12, middle, state.tone);
	VEC_EACH(const struct str, part, &state.parts->list)
		add_label(out, FIREWALL + 25, line += LINE, "words", FIREWALL_CHARS, *part);
	add_arrows(out, row, &state, middle);
}

static void add_column(struct buf *out, unsigned from, unsigned to, unsigned height)
{
	buf_printf(out,
	           "<rect x=\"%u\" y=\"28\" width=\"%u\" height=\"%u\" rx=\"8\" class=\"box\"/>\n",
	           from, to - from, height - 30);
}

static bool is_drawn(const struct ticket_flow *row, bool change)
{
	return row->changed || !change;
}

static void add_drawing(struct buf *out, const struct ticket *ticket, bool after, unsigned height)
{
	const char *title = !ticket->change ? "As it is" : after ? "After" : "Before";
	unsigned y = TOP, shown = 0;

	buf_printf(out,
	           "<svg viewBox=\"0 0 %u %u\" role=\"img\" aria-label=\"%s: what the firewall "
	           "does to "
	           "each flow; the table of flows says the same\">\n",
	           WIDTH, height, title);
	buf_printf(out, "<text x=\"%d\" y=\"18\" class=\"head\">%s</text>\n", EDGE, title);
	add_column(out, EDGE, LEFT_END, height);
	add_column(out, FIREWALL, FIREWALL_END, height);
	add_column(out, RIGHT, WIDTH - EDGE, height);
	add_label(out, FIREWALL, 18, "head", FIREWALL_CHARS,
	          ticket->firewall.n ? ticket->firewall : S("firewall"));
	add_label(out, FIREWALL + 10, TOP - 4, "soft", FIREWALL_CHARS, ticket->device);
	VEC_EACH(const struct ticket_flow, row, &ticket->flows.list) {
		if (!is_drawn(row, ticket->change) || shown++ >= ROWS_SHOWN)
			continue;
		if (shown > 1)
			buf_printf(out, "<path d=\"M%d %uH%d\" class=\"rule\"/>\n", EDGE + 6, y + 2,
			           WIDTH - EDGE - 6);
		add_row(out, row, after, y);
		y += row_height(row);
	}
	buf_add(out, S("</svg>\n"));
}

void ticket_picture(struct buf *out, const struct ticket *ticket)
{
	bool change = ticket->change;
	unsigned height = TOP + 8, rows = 0;

	VEC_EACH(const struct ticket_flow, row, &ticket->flows.list)
		if (is_drawn(row, change) && rows++ < ROWS_SHOWN)
			height += row_height(row);
	if (!rows)
		return;
	buf_add(out, S("<figure>\n"));
	add_drawing(out, ticket, false, height);
	if (change)
		add_drawing(out, ticket, true, height);
	buf_add(out,
	        S("<figcaption>What the firewall does to each flow. An arrow that goes on broken "
	          "is mail that the firewall interferes with; one that ends is blocked."));
	if (rows > ROWS_SHOWN)
		buf_printf(out, " %u more flows are in the table below.", rows - ROWS_SHOWN);
	buf_add(out, S("</figcaption>\n</figure>\n"));
}
