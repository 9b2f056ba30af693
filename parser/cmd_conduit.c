/* SPDX-License-Identifier: ISC */
/*
 * Conduits (PIX up to 6, asa-semantics section 6): an access-list with its ends exchanged, for
 * interfaces that have none. The global address, which is the destination, stands first.
 */
#include "parser/grammar.h"

/* PROTO GLOBAL [OP PORT] FOREIGN [OP PORT] [ICMP-TYPE] */
static bool take_conduit(struct cursor *cursor, struct ace *ace)
{
	struct config *config = cursor->reader->config;
	struct service_spec service = service_any();
	struct addr_spec global, foreign;
	if (!take_protocol(cursor, &service.proto_lo, &service.proto_hi) ||
	    !take_addr_spec(cursor, &global) || !take_port_spec(cursor, &service.dest) ||
	    !take_addr_spec(cursor, &foreign) || !take_port_spec(cursor, &service.source))
		return false;
	if (service.proto_lo == PROTO_ICMP && !take_icmp(cursor, &service))
		return false;
	ace->src = config_add_addr(config, &foreign);
	ace->dst = config_add_addr(config, &global);
	ace->service = config_add_service(config, &service);
	return at_end(cursor);
}

static bool same_conduit(const struct ace *a, const struct ace *b)
{
	return a->action == b->action && a->src == b->src && a->dst == b->dst &&
	       a->service == b->service;
}

/* conduit {permit|deny} ...; forms before 4.2 and with object-groups are not read */
enum handled cmd_conduit(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct acl *conduits = &config->conduits;
	struct ace ace = {.span = reader->line};
	bool permit = accept(cursor, "permit");
	bool read = (permit || accept(cursor, "deny")) && take_conduit(cursor, &ace);
	ace.action = !read ? ACE_UNKNOWN : permit ? ACE_PERMIT : ACE_DENY;
	config->conduit_span = reader->line;
	if (!reader->negated) {
		config->has_conduits = true;
		VEC_PUSH(reader->arena, &conduits->aces, ace);
		return read ? HANDLED : HANDLED_DOUBT;
	}
	uint32_t kept = 0;
	VEC_EACH(const struct ace, old, &conduits->aces)
		if (!same_conduit(old, &ace))
			conduits->aces.v[kept++] = *old;
	conduits->aces.n = kept;
	config->has_conduits = kept > 0;
	return read ? HANDLED : HANDLED_DOUBT;
}
