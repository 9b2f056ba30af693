/* SPDX-License-Identifier: ISC */
/* Labels and objects (asa-semantics 9.2). */
#include "parser/grammar.h"

/* name ADDRESS LABEL [description TEXT] */
enum handled cmd_name(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct str address = take(cursor);
	struct label at = {.name = name_of(reader, take(cursor)), .span = reader->line};
	if (reader->negated) {
		config_unindex(&config->label_index, at.name);
		return HANDLED;
	}
	if (!addr_parse(address, &at.address))
		return looks_masked(address) ? HANDLED : HANDLED_UNKNOWN;
	config_index(config, &config->label_index, at.name, config->labels.n);
	VEC_PUSH(reader->arena, &config->labels, at);
	return HANDLED;
}

/* --- objects ---------------------------------------------------------------------------- */

static struct object *current(struct reader *reader)
{
	return &reader->config->objects.v[reader->object];
}

static void remove_object(struct reader *reader, name_id name)
{
	uint32_t nat = config_index_get(&reader->places.object_nats, name);
	if (nat)
		reader->config->object_nats.v[nat - 1].object = 0;
	config_unindex(&reader->places.object_nats, name);
	config_unindex(&reader->config->object_index, name);
	reader->removed = true;
}

/* Open an object of this name, made when new; opened twice it is the same one. */
static enum handled open_object(struct reader *reader, struct cursor *cursor, enum mode mode)
{
	struct config *config = reader->config;
	take(cursor);
	name_id name = name_of(reader, take(cursor));
	if (!at_end(cursor))
		return HANDLED_UNKNOWN; /* `rename NEW` */
	if (reader->negated) {
		remove_object(reader, name);
		return HANDLED;
	}
	uint32_t at = config_index_get(&config->object_index, name);
	if (at == 0) {
		struct object fresh = {.name = name, .span = reader->line};
		config_index(config, &config->object_index, name, config->objects.n);
		VEC_PUSH(reader->arena, &config->objects, fresh);
		at = config->objects.n;
	}
	bool service = config->objects.v[at - 1].kind == OBJECT_SERVICE;
	bool empty = config->objects.v[at - 1].kind == OBJECT_EMPTY;
	if (!empty && service != (mode == MODE_OBJECT_SERVICE))
		invalid_line(reader, "an object of this name and another kind exists already");
	reader->object = at - 1;
	open_mode(reader, mode);
	return HANDLED;
}

enum handled cmd_object_network(struct reader *reader, struct cursor *cursor)
{
	return open_object(reader, cursor, MODE_OBJECT_NETWORK);
}

enum handled cmd_object_service(struct reader *reader, struct cursor *cursor)
{
	return open_object(reader, cursor, MODE_OBJECT_SERVICE);
}

static void set_address(struct reader *reader, struct range range, bool unknown)
{
	struct object *object = current(reader);
	object->kind = reader->negated ? OBJECT_EMPTY : OBJECT_ADDRESS;
	object->address = (struct addr_spec){.kind = unknown ? ADDR_UNKNOWN : ADDR_RANGE};
	if (!unknown)
		object->address.range = range;
}

/* A line of an object that could not be read: nothing is known of the object any more. */
static enum handled doubt_object(struct reader *reader)
{
	mark_unknown(reader);
	return HANDLED_DOUBT;
}

enum handled cmd_object_host(struct reader *reader, struct cursor *cursor)
{
	u128 address;
	bool unknown;
	if (!take_address(cursor, &address, &unknown) || !at_end(cursor))
		return doubt_object(reader);
	set_address(reader, (struct range){address, address}, unknown);
	return HANDLED;
}

/* subnet A M · subnet V6/LEN */
enum handled cmd_object_subnet(struct reader *reader, struct cursor *cursor)
{
	struct addr_spec spec;
	if (!take_addr_spec(cursor, &spec) || !at_end(cursor) ||
	    (spec.kind != ADDR_RANGE && spec.kind != ADDR_UNKNOWN))
		return doubt_object(reader);
	set_address(reader, spec.range, spec.kind == ADDR_UNKNOWN);
	return HANDLED;
}

enum handled cmd_object_range(struct reader *reader, struct cursor *cursor)
{
	struct range range;
	bool unknown_lo, unknown_hi;
	if (!take_address(cursor, &range.lo, &unknown_lo) ||
	    !take_address(cursor, &range.hi, &unknown_hi) || !at_end(cursor))
		return doubt_object(reader);
	bool unknown = unknown_lo || unknown_hi;
	if (!unknown && (range.lo > range.hi || addr_is4(range.lo) != addr_is4(range.hi))) {
		invalid_line(reader, "this range runs backwards; what it matches is unknown");
		unknown = true;
	}
	set_address(reader, range, unknown);
	return HANDLED;
}

/* fqdn [v4|v6] NAME */
enum handled cmd_object_fqdn(struct reader *reader, struct cursor *cursor)
{
	(void)cursor;
	current(reader)->kind = reader->negated ? OBJECT_EMPTY : OBJECT_FQDN;
	return HANDLED;
}

/* service PROTO [source OP P] [destination OP P] · the global `service` command is not for here */
enum handled cmd_object_service_line(struct reader *reader, struct cursor *cursor)
{
	static const char *const global[] = {"resetinbound",    "resetoutbound",     "resetoutside",
	                                     "internal",        "password-recovery", "call-home",
	                                     "sw-reset-button", "telemetry"};
	struct object *object = current(reader);
	if (WORD_IN(peek(cursor), global))
		return HANDLED_NOT_MINE;
	if (reader->negated) {
		object->kind = OBJECT_EMPTY;
		return HANDLED;
	}
	object->kind = OBJECT_SERVICE;
	if (!take_object_service(cursor, &object->service) || !at_end(cursor)) {
		object->service = (struct service_spec){.kind = SERVICE_UNKNOWN};
		return HANDLED_DOUBT;
	}
	return HANDLED;
}
