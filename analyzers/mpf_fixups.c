/* SPDX-License-Identifier: ISC */
/* What `fixup protocol` of PIX 6 makes of packets (asa-semantics 6). */
#include "analyzers/mpf_search.h"

#include "analyzers/class_match.h"

/* What a fixup makes of a piece that has its ports. Of two engines the documents choose none. */
static struct piece with_fixup(const struct search *search, const struct piece *piece,
                               const struct fixup *fixup, bool surely)
{
	struct piece next = *piece;
	for (const struct claim *c = piece->claims; c; c = c->next)
		if (c->fixup->engine == fixup->engine)
			return next;
	struct claim *claim = NEW(search->arena, struct claim);
	*claim = (struct claim){.fixup = fixup, .next = piece->claims};
	next.claims = claim;
	next.open = piece->open && !surely;
	if (next.open) {
		next.why = WHY_RELEASE;
		next.why_text = S("there is no `fixup protocol sip udp`, on or off; whether SIP "
		                  "over UDP is inspected depends on the release");
		next.why_span = fixup->span;
	} else if (claim->next) {
		next.why = WHY_TWO_READINGS;
		next.why_text = S("fixups of two engines name this port; the documents do not tell "
		                  "which of them inspects it");
		next.why_span = fixup->span;
	}
	return next;
}

static void offer_fixup(const struct search *search, const struct fixup *fixup, uint8_t protocol,
                        bool surely, struct pieces *pieces)
{
	struct box box = box_all();
	struct pieces out = {0};
	box.dim[DIM_PROTO] = iset_point(search->arena, protocol);
	box.dim[DIM_DPORT] = iset_range(search->arena, fixup->lo, fixup->hi);
	VEC_EACH(const struct piece, piece, &pieces->list) {
		struct cells cells = {0};
		class_split(search->arena, &cells, &piece->box, &box, CAN_PERMIT, WHY_NONE);
		VEC_EACH(const struct cell, cell, &cells.list) {
			struct piece next = cell->can & CAN_PERMIT
			                            ? with_fixup(search, piece, fixup, surely)
			                            : *piece;
			next.box = cell->box;
			VEC_PUSH(search->arena, &out.list, next);
		}
	}
	*pieces = out;
}

void search_fixups(const struct search *search, struct pieces *pieces)
{
	VEC_EACH(const struct fixup, fixup, &search->config->fixups) {
		if (fixup->off || fixup->lo == 0)
			continue;
		if (fixup->transport != PROTO_UDP)
			offer_fixup(search, fixup, PROTO_TCP, true, pieces);
		if (fixup->transport != PROTO_TCP || fixup->perhaps_udp)
			offer_fixup(search, fixup, PROTO_UDP, !fixup->perhaps_udp, pieces);
	}
}
