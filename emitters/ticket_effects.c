/* SPDX-License-Identifier: ISC */
/* The blast radius of a change: which packets it treats otherwise, in few rows. */
#include "emitters/ticket.h"

enum { JOINED_MAX = 200 }; /* of more parts it is not worth the time to look for fewer rows */

static bool fare_alike(const struct treatment *a, const struct treatment *b)
{
	return a->wanted == b->wanted && str_eq(a->place, b->place) &&
	       str_eq(a->before, b->before) && str_eq(a->after, b->after);
}

static bool is_anybody(const struct box *box)
{
	return iset_equal(box->dim[DIM_SRC], iset_all()) &&
	       iset_equal(box->dim[DIM_DST], iset_all());
}

/* The packets of one family; in sets of both, addresses of the one would read as of the other. */
static void add_family(struct arena *arena, const struct box *packets, bool v4, struct pset *out)
{
	struct box box = *packets;

	box.dim[DIM_SRC] = iset_family(arena, box.dim[DIM_SRC], v4);
	box.dim[DIM_DST] = iset_family(arena, box.dim[DIM_DST], v4);
	if (box_is_empty(&box))
		return;
	if (out->boxes.n < JOINED_MAX)
		pset_add_box(arena, out, &box);
	else
		VEC_PUSH(arena, &out->boxes, box);
}

static struct str side_text(struct arena *arena, const struct box *box, enum dim dim)
{
	struct words words = {0};

	box_addresses_short(arena, box, dim, &words);
	return words_join(arena, &words, ", ");
}

/* "tcp", "any but tcp, udp" */
static struct str protocols_names(struct arena *arena, struct iset protocols)
{
	struct iset others = iset_subtract(arena, iset_range(arena, 0, UINT8_MAX), protocols);
	struct words names = {0}, left_out = {0};

	protocols_text(arena, protocols, &names);
	protocols_text(arena, others, &left_out);
	if (!left_out.list.n)
		return S("any");
	if (left_out.list.n < names.list.n)
		return str_printf(arena, "any but %.*s", STR(words_join(arena, &left_out, ", ")));
	return words_join(arena, &names, ", ");
}

/* Protocol and destination port: "tcp/25", "udp/any", "any". */
static struct str port_text(struct arena *arena, const struct box *box)
{
	struct str protocols = protocols_names(arena, box->dim[DIM_PROTO]);
	struct words ports = {0};

	ports_text(arena, box->dim[DIM_DPORT], &ports);
	if (ports_are_any(box->dim[DIM_DPORT]))
		return str_eq(protocols, S("any")) ? protocols
		                                   : STR_JOIN(arena, protocols, S("/any"));
	return STR_JOIN(arena, protocols, S("/"), words_join(arena, &ports, ", "));
}

static void add_rows(struct arena *arena, struct block *table, const struct treatment *like,
                     const struct pset *packets)
{
	struct pset few = packets->boxes.n <= JOINED_MAX ? pset_simplify(arena, packets) : *packets;

	VEC_EACH(const struct box, box, &few.boxes) {
		struct cells *cells = ticket_cells(arena, table);

		ticket_cell(arena, cells, TONE_PLAIN, ticket_prose(arena, like->place));
		ticket_cell(arena, cells, TONE_PLAIN, side_text(arena, box, DIM_SRC));
		ticket_cell(arena, cells, TONE_PLAIN, side_text(arena, box, DIM_DST));
		ticket_cell(arena, cells, TONE_PLAIN, port_text(arena, box));
		ticket_cell(arena, cells, TONE_PLAIN, ticket_prose(arena, like->before));
		ticket_cell(arena, cells, TONE_PLAIN, ticket_prose(arena, like->after));
		ticket_cell(arena, cells, like->wanted ? TONE_GOOD : TONE_WARNING,
		            like->wanted ? S("appliances") : S("others"));
	}
}

void ticket_effects(struct arena *arena, const struct change_check *check, struct block *table)
{
	static const char *const titles[] = {"Where",  "From",  "To",        "Port",
	                                     "Before", "After", "Traffic of"};

	ticket_titles(arena, table, titles, sizeof(titles) / sizeof(titles[0]));
	VEC_EACH(const struct treatment, first, &check->effects) {
		struct pset anybody = {0}, v4 = {0}, v6 = {0};
		bool told = false;

		for (const struct treatment *old = check->effects.v; old < first && !told; old++)
			told = fare_alike(old, first);
		if (told)
			continue;
		for (const struct treatment *at = first; at < check->effects.v + check->effects.n;
		     at++) {
			if (!fare_alike(at, first))
				continue;
			if (is_anybody(&at->packets)) {
				pset_add_box(arena, &anybody, &at->packets);
				continue;
			}
			add_family(arena, &at->packets, true, &v4);
			add_family(arena, &at->packets, false, &v6);
		}
		add_rows(arena, table, first, &anybody);
		add_rows(arena, table, first, &v4);
		add_rows(arena, table, first, &v6);
	}
}
