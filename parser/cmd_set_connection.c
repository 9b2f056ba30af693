/* SPDX-License-Identifier: ISC */
/* `set connection` of a policy-map class (asa-semantics section 5). */
#include "parser/grammar.h"

/* The largest limit that a release takes. */
enum { LIMIT_MAX = 2000000 };

static struct policy_class *current(struct reader *reader)
{
	return &reader->config->policy_maps.v[reader->policy_map].classes.v[reader->class];
}

static struct setting_number number_here(const struct reader *reader, uint32_t value)
{
	return (struct setting_number){!reader->negated, value, reader->line};
}

static bool take_limit(struct reader *reader, struct cursor *cursor, struct setting_number *limit)
{
	uint32_t value = 0;
	if (!take_number(cursor, UINT32_MAX, &value) && !reader->negated)
		return false;
	if (value > LIMIT_MAX)
		invalid_line(reader, "the limit %u is above %d, which no release takes", value,
		             LIMIT_MAX);
	*limit = number_here(reader, value);
	return true;
}

/* [conn-max N] [embryonic-conn-max N] [per-client-...] [random-sequence-number {enable|disable}] */
static bool take_limits(struct reader *reader, struct cursor *cursor)
{
	struct policy_class *class = current(reader);
	if (at_end(cursor))
		return false;
	while (!at_end(cursor)) {
		int limit = ACCEPT_ONE(cursor, conn_limit_words);
		if (limit >= 0) {
			if (!take_limit(reader, cursor, &class->limits[limit]))
				return false;
		} else if (accept(cursor, "random-sequence-number")) {
			bool kept = accept(cursor, "disable");
			if (!kept && !accept(cursor, "enable") && !reader->negated)
				return false;
			class->random_sequence = !reader->negated;
			class->sequence_kept = kept && !reader->negated;
		} else if (accept(cursor, "syn-cookie-mss")) {
			take(cursor);
		} else {
			return false;
		}
	}
	return true;
}

/* dcd [INTERVAL [TRIES]] */
static void take_dcd(struct reader *reader, struct cursor *cursor)
{
	struct policy_class *class = current(reader);
	class->dcd = !reader->negated;
	class->dcd_retry = class->dcd_tries = 0;
	take_time(cursor, &class->dcd_retry);
	take_number(cursor, 255, &class->dcd_tries);
}

/* [embryonic T] [half-closed T] [{idle|tcp} T [reset]] [dcd ...]; `tcp` is the word of 7.0 and 7.1
 */
static bool take_timeouts(struct reader *reader, struct cursor *cursor)
{
	static const char *const words[] = {"idle", "tcp", "embryonic", "half-closed"};
	static const enum conn_timeout kinds[] = {TIMEOUT_IDLE, TIMEOUT_IDLE, TIMEOUT_EMBRYONIC,
	                                          TIMEOUT_HALF_CLOSED};
	struct policy_class *class = current(reader);
	if (at_end(cursor))
		return false;
	while (!at_end(cursor)) {
		uint32_t seconds = 0;
		if (accept(cursor, "dcd")) {
			take_dcd(reader, cursor);
			continue;
		}
		if (accept(cursor, "reset"))
			continue;
		int kind = ACCEPT_ONE(cursor, words);
		if (kind < 0 || (!take_time(cursor, &seconds) && !reader->negated))
			return false;
		class->timeouts[kinds[kind]] = number_here(reader, seconds);
	}
	return true;
}

/* advanced-options {TCPMAP | tcp-state-bypass | sctp-state-bypass | flow-offload} */
static bool take_advanced(struct reader *reader, struct cursor *cursor)
{
	struct policy_class *class = current(reader);
	struct str what = take(cursor);
	if (str_eq(what, S("tcp-state-bypass"))) {
		class->state_bypass = !reader->negated;
		class->state_bypass_span = reader->line;
	} else if (!str_eq(what, S("sctp-state-bypass")) && !str_eq(what, S("flow-offload"))) {
		class->tcp_map = reader->negated ? 0 : name_of(reader, what);
	}
	return what.n > 0 && at_end(cursor);
}

/* set connection ... */
enum handled cmd_set_connection(struct reader *reader, struct cursor *cursor)
{
	struct policy_class *class = current(reader);
	bool read;
	accept(cursor, "connection");
	if (next_is(cursor, "decrement-ttl"))
		return cmd_other_action(reader, cursor);
	if (accept(cursor, "timeout"))
		read = take_timeouts(reader, cursor);
	else if (accept(cursor, "advanced-options"))
		read = take_advanced(reader, cursor);
	else
		read = take_limits(reader, cursor);
	class->conn_other = class->random_sequence || class->dcd;
	class->unknown |= !read;
	return read ? HANDLED : HANDLED_DOUBT;
}
