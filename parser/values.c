/* SPDX-License-Identifier: ISC */
/* Addresses, ports, protocols and times as commands spell them (asa-semantics 9). */
#include "model/ports.h"
#include "parser/reader.h"

bool take_number(struct cursor *cursor, uint32_t max, uint32_t *value)
{
	uint64_t number;
	if (!str_number(peek(cursor), max, &number))
		return false;
	*value = (uint32_t)number;
	take(cursor);
	return true;
}

bool looks_masked(struct str word)
{
	if (word.n >= 2 && word.s[0] == '<' && word.s[word.n - 1] == '>')
		return true;
	bool hidden = false;
	unsigned dots = 0;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.s[i];
		if (c == '.')
			dots++;
		else if (c == 'x' || c == 'X' || c == '*' || c == '?')
			hidden = true;
		else if (c < '0' || c > '9')
			return false;
	}
	return hidden && dots == 3;
}

/* Words that begin the next part of a command and so are no label. */
static bool is_keyword(struct str word)
{
	static const char *const keywords[] = {
	        "any",     "any4", "any6", "host",        "object",     "object-group", "interface",
	        "eq",      "neq",  "gt",   "lt",          "range",      "log",          "inactive",
	        "netmask", "tcp",  "udp",  "access-list", "time-range", "ifc",
	};
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (str_eq(word, str_of(keywords[i])))
			return true;
	return false;
}

bool take_address(struct cursor *cursor, u128 *address, bool *unknown)
{
	struct config *config = cursor->reader->config;
	struct str word = peek(cursor);
	*unknown = false;
	*address = 0;
	if (word.n == 0 || is_keyword(word))
		return false;
	if (addr_parse(word, address)) {
		take(cursor);
		return true;
	}
	uint32_t label = config_index_get(&config->label_index, config_find_name(config, word));
	if (label) {
		*address = config->labels.v[label - 1].address;
		take(cursor);
		return true;
	}
	if (!looks_masked(word))
		complain(cursor, word, SEVERITY_WARNING,
		         "\"%.*s\" is no address, and no `name` line defines it; what it stands "
		         "for is unknown",
		         STR(word));
	*unknown = true;
	take(cursor);
	return true;
}

bool take_network(struct cursor *cursor, struct range *range, bool *unknown)
{
	struct reader *reader = cursor->reader;
	u128 address, mask;
	bool mask_unknown = false, exact = true;
	struct str first = peek(cursor);
	if (!take_address(cursor, &address, unknown))
		return false;
	struct str second = peek(cursor);
	if (*unknown) {
		/* A masked address may be followed by its mask, masked or not. */
		if (addr_parse(second, &mask) || looks_masked(second))
			take(cursor);
		return true;
	}
	if (!addr_parse(second, &mask)) {
		if (looks_masked(second)) {
			take(cursor);
			*unknown = true;
			return true;
		}
		invalid_line(reader,
		             "address %.*s without `host` or a mask (\"%% Incomplete command\"); "
		             "read as host %.*s",
		             STR(first), STR(first));
		*range = (struct range){address, address};
		return true;
	}
	take(cursor);
	if (mask_unknown || !addr_network4(address, mask, range, &exact)) {
		invalid_line(reader,
		             "%.*s is no netmask (these devices take no wildcards); what the line "
		             "matches is unknown",
		             STR(second));
		*unknown = true;
		return true;
	}
	if (!exact)
		invalid_line(reader,
		             "address %.*s and mask %.*s do not pair; read as the network %.*s",
		             STR(first), STR(second), STR(addr_text(reader->arena, range->lo)));
	return true;
}

static bool take_v6_prefix(struct cursor *cursor, struct range *range)
{
	struct str word = peek(cursor), head, tail;
	if (!str_cut(word, '/', &head, &tail) || !addr_parse_prefix(word, range))
		return false;
	take(cursor);
	return true;
}

bool take_addr_spec(struct cursor *cursor, struct addr_spec *spec)
{
	struct reader *reader = cursor->reader;
	bool unknown = false;
	*spec = (struct addr_spec){.kind = ADDR_RANGE};
	if (accept(cursor, "any")) {
		spec->kind = ADDR_ANY;
	} else if (accept(cursor, "any4")) {
		spec->kind = ADDR_ANY4;
	} else if (accept(cursor, "any6")) {
		spec->kind = ADDR_ANY6;
	} else if (accept(cursor, "host")) {
		u128 address;
		if (!take_address(cursor, &address, &unknown))
			return false;
		spec->range = (struct range){address, address};
	} else if (accept(cursor, "object")) {
		spec->kind = ADDR_OBJECT;
		spec->name = name_of(reader, take(cursor));
		return spec->name != 0;
	} else if (accept(cursor, "object-group") || accept(cursor, "group-object")) {
		spec->kind = ADDR_GROUP;
		spec->name = name_of(reader, take(cursor));
		return spec->name != 0;
	} else if (accept(cursor, "interface")) {
		spec->kind = ADDR_INTERFACE;
		spec->name = name_of(reader, take(cursor));
		return spec->name != 0;
	} else if (!take_v6_prefix(cursor, &spec->range) &&
	           !take_network(cursor, &spec->range, &unknown)) {
		return false;
	}
	if (unknown)
		*spec = (struct addr_spec){.kind = ADDR_UNKNOWN};
	return true;
}

bool take_port(struct cursor *cursor, uint16_t *port)
{
	uint32_t number;
	if (take_number(cursor, 65535, &number)) {
		*port = (uint16_t)number;
		return true;
	}
	int named = port_number(peek(cursor));
	if (named < 0)
		return false;
	*port = (uint16_t)named;
	take(cursor);
	return true;
}

/* Is the group known to hold ports? Then it stands where a port is expected. */
static bool is_port_group(struct reader *reader, struct str name)
{
	name_id id = config_find_name(reader->config, name);
	const struct group *group = id ? config_group(reader->config, id) : NULL;
	return group && group->kind == GROUP_SERVICE && group->typed;
}

bool take_port_spec(struct cursor *cursor, struct port_spec *spec)
{
	*spec = (struct port_spec){.kind = PORT_ANY, .hi = 65535};
	if (next_is(cursor, "object-group")) {
		if (is_port_group(cursor->reader, peek_at(cursor, 1))) {
			take(cursor);
			*spec = (struct port_spec){.kind = PORT_GROUP};
			spec->group = name_of(cursor->reader, take(cursor));
		}
		return true;
	}
	if (accept(cursor, "range")) {
		spec->kind = PORT_RANGE;
		if (!take_port(cursor, &spec->lo) || !take_port(cursor, &spec->hi))
			return false;
		if (spec->lo > spec->hi) {
			uint16_t lo = spec->hi;
			invalid_line(cursor->reader, "range %u %u runs backwards; read as %u to %u",
			             spec->lo, spec->hi, lo, spec->lo);
			spec->hi = spec->lo;
			spec->lo = lo;
		}
		return true;
	}
	bool eq = accept(cursor, "eq"), neq = !eq && accept(cursor, "neq");
	bool gt = !eq && !neq && accept(cursor, "gt"),
	     lt = !eq && !neq && !gt && accept(cursor, "lt");
	if (!eq && !neq && !gt && !lt)
		return true;
	uint16_t port;
	if (!take_port(cursor, &port))
		return false;
	*spec = (struct port_spec){.kind = neq ? PORT_NOT : PORT_RANGE, .lo = port, .hi = port};
	if (gt && port == 65535)
		spec->kind = PORT_UNKNOWN;
	else if (gt)
		*spec = (struct port_spec){
		        .kind = PORT_RANGE, .lo = (uint16_t)(port + 1), .hi = 65535};
	if (lt && port == 0)
		spec->kind = PORT_UNKNOWN;
	else if (lt)
		*spec = (struct port_spec){.kind = PORT_RANGE, .lo = 0, .hi = (uint16_t)(port - 1)};
	return true;
}

bool take_protocol(struct cursor *cursor, uint8_t *lo, uint8_t *hi)
{
	uint32_t number;
	if (!take_number(cursor, 255, &number)) {
		int named = protocol_number(peek(cursor));
		if (named < 0)
			return false;
		number = (uint32_t)named;
		take(cursor);
	}
	*lo = (uint8_t)number;
	*hi = number == 0 ? 255 : (uint8_t)number;
	return true;
}

bool take_icmp(struct cursor *cursor, struct service_spec *spec)
{
	bool v6 = spec->proto_lo == PROTO_ICMP6;
	uint32_t type, code;
	int named = icmp_type_number(peek(cursor), v6);
	if (named >= 0) {
		type = (uint32_t)named;
		take(cursor);
	} else if (!take_number(cursor, 255, &type)) {
		return true;
	}
	spec->source = (struct port_spec){PORT_RANGE, 0, (uint16_t)type, (uint16_t)type};
	if (take_number(cursor, 255, &code))
		spec->dest = (struct port_spec){PORT_RANGE, 0, (uint16_t)code, (uint16_t)code};
	return true;
}

bool take_time(struct cursor *cursor, uint32_t *seconds)
{
	struct str rest = peek(cursor), part;
	uint64_t total = 0, number;
	if (rest.n == 0)
		return false;
	for (unsigned parts = 0;; parts++) {
		struct str tail;
		bool more = str_cut(rest, ':', &part, &tail);
		if (parts == 3 || !str_number(part, 100000, &number))
			return false;
		total = total * 60 + number;
		if (!more) {
			/* A bare number is 0 ("never"): times have at least one colon. */
			if (parts == 0 && number != 0)
				return false;
			break;
		}
		rest = tail;
	}
	*seconds = total > UINT32_MAX ? UINT32_MAX : (uint32_t)total;
	take(cursor);
	return true;
}
