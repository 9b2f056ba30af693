/* SPDX-License-Identifier: ISC */
/*
 * Conduits (PIX up to 6, asa-semantics section 6): an access-list with its ends exchanged, for
 * interfaces that have none. The global address, which is the destination, stands first.
 */
#include "parser/ace.h"
#include "parser/grammar.h"

/* conduit {permit|deny} ...; the form before 4.2 is not read */
enum handled cmd_conduit(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct acl *conduits = &config->conduits;
	struct edits **edits = &reader->edited.conduits;
	struct ace ace = {.span = reader->line};
	bool read = take_conduit(cursor, &ace);
	config->conduit_span = reader->line;
	if (!reader->negated) {
		config->has_conduits = true;
		VEC_PUSH(reader->arena, &conduits->aces, ace);
		return read ? HANDLED : HANDLED_DOUBT;
	}
	if (!*edits)
		*edits = edits_new(reader->arena, &ace_edits, reader);
	edits_sync(*edits, conduits->aces.v, conduits->aces.n);
	edits_remove(*edits, conduits->aces.v, &ace);
	config->has_conduits = edits_count(*edits) > 0;
	return read ? HANDLED : HANDLED_DOUBT;
}
