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

/* "A.B.C.D", "10.x.x.1", "1.2.3.***": four parts, of digits or of one character repeated. */
static bool is_masked_quad(struct str word)
{
	struct str part, rest = word;
	unsigned parts = 0, hidden = 0;
	for (bool more = true; more; parts++) {
		more = str_cut(rest, '.', &part, &rest);
		bool digits = part.n > 0, same = part.n > 0 && part.n <= 3;
		for (size_t i = 0; i < part.n; i++) {
			digits &= part.s[i] >= '0' && part.s[i] <= '9';
			same &= part.s[i] == part.s[0];
		}
		if (!digits && !same)
			return false;
		hidden += !digits;
	}
	return parts == 4 && hidden > 0;
}

bool looks_masked(struct str word)
{
	bool stars = word.n >= 3;
	for (size_t i = 0; i < word.n; i++)
		stars &= word.s[i] == '*' || word.s[i] == 'x' || word.s[i] == 'X';
	if (stars)
		return true;
	bool bracket = word.n >= 2 && (word.s[0] == '<' || word.s[0] == '[') &&
	               (word.s[word.n - 1] == '>' || word.s[word.n - 1] == ']');
	return bracket || is_masked_quad(word);
}

/* Words that begin the next part of a command and so are no label. */
static bool is_keyword(struct str word)
{
	static const char *const keywords[] = {
	        "any",     "any4", "any6", "host",        "object",     "object-group", "interface",
	        "eq",      "neq",  "gt",   "lt",          "range",      "log",          "inactive",
	        "netmask", "tcp",  "udp",  "access-list", "time-range", "ifc",
	};
	return WORD_IN(word, keywords);
}

bool take_address(struct cursor *cursor, u128 *address, bool *unknown)
{
	struct config *config = cursor->reader->config;
	struct str word = peek(cursor);
	*unknown = false;
	*address = 0;
	if (word.n == 0)
		return false;
	if (addr_parse(word, address)) {
		take(cursor);
		return true;
	}
	if (is_keyword(word))
		return false;
	/* "<secret hidden>" is two words. */
	if (word.s[0] == '<' && word.s[word.n - 1] != '>') {
		struct str next = peek_at(cursor, 1);
		if (next.n && next.s[next.n - 1] == '>') {
			skip_words(cursor, 2);
			*unknown = true;
			return true;
		}
	}
	if (str_eq(word, S("0"))) { /* how PIX prints 0.0.0.0 */
		*address = ADDR4_MIN;
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

bool take_mask(struct cursor *cursor, u128 *mask)
{
	struct str word = peek(cursor);
	if (str_eq(word, S("0")))
		*mask = ADDR4_MIN;
	else if (!addr_parse(word, mask) || !addr_is4(*mask))
		return false;
	take(cursor);
	return true;
}

bool take_network(struct cursor *cursor, struct range *range, bool *unknown)
{
	struct reader *reader = cursor->reader;
	u128 address, mask;
	bool exact = true;
	struct str first = peek(cursor);
	if (!take_address(cursor, &address, unknown))
		return false;
	struct str second = peek(cursor);
	if (*unknown) {
		/* A masked address may be followed by its mask, masked or not. */
		if (!take_mask(cursor, &mask) && looks_masked(second))
			take(cursor);
		return true;
	}
	if (!take_mask(cursor, &mask)) {
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
	if (!addr_is4(address) || !addr_network4(address, mask, range, &exact)) {
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
	} else if (accept(cursor, "object-group") ||
	           accept(cursor, "object-group-network-service")) {
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

bool address_follows(const struct cursor *cursor, uint32_t ahead)
{
	static const char *const words[] = {"any",    "any4",         "any6",     "host",
	                                    "object", "object-group", "interface"};
	struct str word = peek_at(cursor, ahead), head, tail;
	u128 address;
	str_cut(word, '/', &head, &tail);
	return WORD_IN(word, words) || addr_parse(head, &address) || looks_masked(word) ||
	       config_index_get(&cursor->reader->config->label_index,
	                        config_find_name(cursor->reader->config, word));
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

bool take_port_spec(struct cursor *cursor, struct port_spec *spec)
{
	*spec = (struct port_spec){.kind = PORT_ANY, .hi = 65535};
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
	if (named < 0) /* the other family's name; what type it is does not matter to mail */
		named = icmp_type_number(peek(cursor), !v6);
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

bool take_interfaces(struct cursor *cursor, name_id *first, name_id *second, bool *pair)
{
	struct reader *reader = cursor->reader;
	struct str word = peek(cursor), head, tail;
	*first = *second = 0;
	if (word.n < 2 || word.s[0] != '(')
		return false;
	take(cursor);
	if (word.s[word.n - 1] == ',' && !at_end(cursor)) {
		struct str rest = take(cursor);
		word = str_printf(reader->arena, "%.*s%.*s", STR(word), STR(rest));
	}
	if (word.n < 3 || word.s[word.n - 1] != ')')
		return false;
	*pair = str_cut((struct str){word.s + 1, word.n - 2}, ',', &head, &tail);
	head = str_trim(head);
	tail = str_trim(tail);
	if (head.n == 0 || (*pair && tail.n == 0))
		return false;
	*first = str_eq(head, S("any")) ? 0 : name_of(reader, head);
	*second = str_eq(tail, S("any")) ? 0 : name_of(reader, tail);
	return true;
}

/* --- comparing -------------------------------------------------------------------------- */

struct service_spec service_any(void)
{
	const struct port_spec any = {.kind = PORT_ANY, .hi = 65535};
	return (struct service_spec){.kind = SERVICE_PROTOCOLS, .source = any, .dest = any};
}

bool same_addr(const struct addr_spec *a, const struct addr_spec *b)
{
	return a->kind == b->kind && a->name == b->name && a->range.lo == b->range.lo &&
	       a->range.hi == b->range.hi;
}

bool same_ports(const struct port_spec *a, const struct port_spec *b)
{
	return a->kind == b->kind && a->group == b->group && a->lo == b->lo && a->hi == b->hi;
}

bool same_service(const struct service_spec *a, const struct service_spec *b)
{
	return a->kind == b->kind && a->name == b->name && a->proto_lo == b->proto_lo &&
	       a->proto_hi == b->proto_hi && a->tcp_udp == b->tcp_udp &&
	       same_ports(&a->source, &b->source) && same_ports(&a->dest, &b->dest);
}

uint64_t hash_mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

uint64_t hash_addr(uint64_t hash, const struct addr_spec *spec)
{
	hash = hash_mix(hash, (uint64_t)spec->kind << 32 | spec->name);
	hash = hash_mix(hash_mix(hash, (uint64_t)spec->range.lo), (uint64_t)(spec->range.lo >> 64));
	return hash_mix(hash_mix(hash, (uint64_t)spec->range.hi), (uint64_t)(spec->range.hi >> 64));
}

uint64_t hash_ports(uint64_t hash, const struct port_spec *spec)
{
	hash = hash_mix(hash, (uint64_t)spec->kind << 32 | spec->group);
	return hash_mix(hash, (uint64_t)spec->lo << 16 | spec->hi);
}
