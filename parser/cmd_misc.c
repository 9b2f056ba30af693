/* SPDX-License-Identifier: ISC */
/* Commands of no family: hostname, timeouts, same-security-traffic, and what stops mail unseen. */
#include "model/ports.h"
#include "parser/grammar.h"

enum handled cmd_hostname(struct reader *reader, struct cursor *cursor)
{
	reader->config->hostname = reader->negated ? (struct str){"", 0} : take(cursor);
	return HANDLED;
}

/* timeout {WHAT H:M:S}...; only conn and half-closed bear on mail. `no`: the default again. */
enum handled cmd_timeout(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	bool relevant = false;
	while (!at_end(cursor)) {
		struct str what = take(cursor);
		bool conn = str_eq(what, S("conn"));
		uint32_t seconds = 0;
		if (!take_time(cursor, &seconds) && !(conn && reader->negated)) {
			if (conn)
				return HANDLED_UNKNOWN;
			continue;
		}
		struct setting_number number = {!reader->negated, seconds, reader->line};
		if (conn)
			config->timeout_conn = number;
		else if (str_eq(what, S("half-closed")))
			config->timeout_half_closed = number;
		else
			continue;
		relevant = true;
	}
	return relevant ? HANDLED : HANDLED_IRRELEVANT;
}

enum handled cmd_same_security(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	accept(cursor, "permit");
	if (accept(cursor, "inter-interface")) {
		config->same_security_inter = !reader->negated;
	} else if (accept(cursor, "intra-interface")) {
		config->same_security_intra = !reader->negated;
		config->same_security_intra_span = reader->line;
	} else {
		return HANDLED_UNKNOWN;
	}
	return HANDLED;
}

/* context NAME, in the system space of a multi-context device */
enum handled cmd_context(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	reader->config->system_context = true;
	return HANDLED_IRRELEVANT;
}

/*
 * firewall transparent: packets are bridged, so neither addresses of interfaces nor routes tell
 * their path. No analyzer knows it yet.
 */
enum handled cmd_firewall(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	if (!accept(cursor, "transparent"))
		return HANDLED_IRRELEVANT;
	config->transparent = !reader->negated;
	config->transparent_span = reader->line;
	return reader->negated ? HANDLED_IRRELEVANT : HANDLED_UNKNOWN;
}

/* --- what may permit or stop mail beside access-lists ----------------------------------- */

/* Is this service of an `aaa ... include` line another than mail? "telnet", "tcp/80", "http" */
static bool is_other_service(struct str service)
{
	struct str protocol, port;
	uint64_t number;
	if (!str_cut(service, '/', &protocol, &port)) {
		int named = port_number(service);
		return named > 0 && named != 25;
	}
	if (!str_eq(protocol, S("tcp")) && !str_eq(protocol, S("6")))
		return !str_eq(protocol, S("0")) && !str_eq(protocol, S("ip"));
	/* The ports that ask for a password; another one waits until a user has given one there. */
	return str_number(port, 65535, &number) &&
	       (number == 21 || number == 23 || number == 80 || number == 443);
}

/*
 * aaa {authentication|authorization} {include SERVICE ...|match ACL ...}: traffic through the
 * device waits for a user's password. `exclude` takes some of it out again.
 */
enum handled cmd_aaa_through(struct reader *reader, struct cursor *cursor)
{
	take(cursor);
	bool include = accept(cursor, "include");
	if (reader->negated || (include && is_other_service(peek(cursor))))
		return HANDLED_IRRELEVANT;
	return HANDLED_UNKNOWN;
}

/* time-range NAME: when it holds is not modelled, that it is there is known. */
enum handled cmd_time_range(struct reader *reader, struct cursor *cursor)
{
	struct keys *known = &reader->config->time_ranges;
	name_id name = name_of(reader, take(cursor));
	if (!keys_put(reader->arena, known, name, !reader->negated))
		*keys_find(known, name) = !reader->negated;
	return HANDLED_IRRELEVANT;
}
