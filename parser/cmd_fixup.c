/* SPDX-License-Identifier: ISC */
/* fixup, the inspection of PIX up to 6.x and FWSM up to 2.x (asa-semantics section 6). */
#include "model/packet_set.h"
#include "parser/grammar.h"

/* More ports than anyone runs fixup on. */
enum { MAX_FIXUPS = 1000 };

/* --- what the line says ----------------------------------------------------------------- */

/*
 * The engines of the PIX 6.3 command reference, longer words before shorter ones. Ports are those
 * of a line without any; without a transport an engine is not about ports.
 */
static const struct fixup_form {
	const char *words[2];
	const char *engine;
	uint8_t transport;
	uint16_t lo, hi; /* 0: the line has to tell */
	bool factory;    /* in the factory configs of both 6.2 and 6.3 */
} forms[] = {
        {{"ctiqbe"}, "ctiqbe", PROTO_TCP, 2748, 2748, false},
        {{"dns"}, "dns", PROTO_UDP, 53, 53, false},
        {{"esp-ike"}, "esp-ike", 0, 0, 0, false},
        {{"ftp", "strict"}, "ftp", PROTO_TCP, 21, 21, false},
        {{"ftp"}, "ftp", PROTO_TCP, 21, 21, true},
        {{"h323", "h225"}, "h323 h225", PROTO_TCP, 1720, 1720, true},
        {{"h323", "ras"}, "h323 ras", PROTO_UDP, 1718, 1719, true},
        {{"h323"}, "h323", PROTO_TCP, 1720, 1720, false},
        {{"http"}, "http", PROTO_TCP, 80, 80, true},
        {{"icmp", "error"}, "icmp error", 0, 0, 0, false},
        {{"icmp"}, "icmp", 0, 0, 0, false},
        {{"ils"}, "ils", PROTO_TCP, 389, 389, false},
        {{"mgcp"}, "mgcp", PROTO_UDP, 0, 0, false},
        {{"pptp"}, "pptp", PROTO_TCP, 1723, 1723, false},
        {{"rsh"}, "rsh", PROTO_TCP, 514, 514, true},
        {{"rtsp"}, "rtsp", PROTO_TCP, 554, 554, true},
        {{"sip", "udp"}, "sip", PROTO_UDP, 5060, 5060, false},
        {{"sip"}, "sip", PROTO_TCP, 5060, 5060, true},
        {{"skinny"}, "skinny", PROTO_TCP, 2000, 2000, true},
        {{"smtp"}, "smtp", PROTO_TCP, 25, 25, true},
        {{"snmp"}, "snmp", PROTO_UDP, 161, 162, false},
        {{"sqlnet"}, "sqlnet", PROTO_TCP, 1521, 1521, true},
        {{"tftp"}, "tftp", PROTO_UDP, 69, 69, false},
};

static const struct fixup_form *take_form(struct cursor *cursor)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const char *second = forms[i].words[1];
		if (!next_is(cursor, forms[i].words[0]) ||
		    (second && !str_eq(peek_at(cursor, 1), str_of(second))))
			continue;
		skip_words(cursor, second ? 2 : 1);
		return &forms[i];
	}
	return NULL;
}

/* PORT[-PORT] */
static bool take_ports(struct cursor *cursor, struct fixup *fixup)
{
	struct str head, tail;
	uint64_t lo, hi;
	if (str_cut(peek(cursor), '-', &head, &tail)) {
		take(cursor);
		if (!str_number(head, 65535, &lo) || !str_number(tail, 65535, &hi) || lo > hi)
			return false;
		fixup->lo = (uint16_t)lo;
		fixup->hi = (uint16_t)hi;
		return lo > 0;
	}
	if (!take_port(cursor, &fixup->lo))
		return false;
	fixup->hi = fixup->lo;
	return fixup->lo > 0;
}

static struct str with_ports(struct arena *arena, struct str words, const struct fixup *fixup)
{
	if (fixup->lo == fixup->hi)
		return str_printf(arena, "%.*s %u", STR(words), fixup->lo);
	return str_printf(arena, "%.*s %u-%u", STR(words), fixup->lo, fixup->hi);
}

/* The words behind `protocol`; a port that was not written is the engine's own. */
static struct str full_text(struct reader *reader, const struct cursor *cursor, uint32_t from,
                            const struct fixup *fixup, bool bare)
{
	struct buf text = {.arena = reader->arena};
	for (uint32_t i = from; i < cursor->n; i++)
		buf_printf(&text, "%s%.*s", i > from ? " " : "", STR(cursor->words[i]));
	return bare && fixup->lo ? with_ports(reader->arena, buf_str(&text), fixup)
	                         : buf_str(&text);
}

/* ENGINE [strict] [maximum-length N | PORT[-PORT]]; *all: no port is named, or can be. */
static bool take_fixup(struct cursor *cursor, struct fixup *fixup, bool *all)
{
	struct reader *reader = cursor->reader;
	uint32_t from = cursor->i, length;
	const struct fixup_form *form = take_form(cursor);
	if (form) {
		fixup->transport = form->transport;
		fixup->lo = form->lo;
		fixup->hi = form->hi;
	}
	fixup->engine = name_of(reader, form ? str_of(form->engine) : take(cursor));
	bool ports = !form || form->transport;
	bool length_given = accept(cursor, "maximum-length");
	if (length_given && !take_number(cursor, UINT32_MAX, &length))
		return false;
	bool bare = ports && at_end(cursor) && !length_given;
	*all = bare || !ports;
	if (ports && !at_end(cursor) && !take_ports(cursor, fixup))
		return false;
	if (fixup->engine == 0 || !at_end(cursor) || (ports && !fixup->lo && !reader->negated))
		return false;
	fixup->text = full_text(reader, cursor, from, fixup, bare);
	return true;
}

/* --- what it does ----------------------------------------------------------------------- */

/* `fixup` and `no fixup` of the same ports replace each other; `no fixup` alone ends them all. */
static void put_fixup(struct reader *reader, const struct fixup *fixup, bool all)
{
	struct config *config = reader->config;
	uint32_t kept = 0;
	VEC_EACH(const struct fixup, old, &config->fixups) {
		bool same = old->engine == fixup->engine && old->transport == fixup->transport &&
		            (all || (old->lo == fixup->lo && old->hi == fixup->hi));
		if (!same)
			config->fixups.v[kept++] = *old;
	}
	config->fixups.n = kept;
	VEC_PUSH(reader->arena, &config->fixups, *fixup);
}

/*
 * From 7.0 on the device turns `fixup protocol smtp` into `inspect esmtp` of the default policy
 * and says so. In a captured config it is not there any more.
 */
static enum handled converted_fixup(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct str words[] = {S("inspect"), S("esmtp")};
	struct cursor inspect = {reader, words, 2, 1};
	uint32_t policy = config_index_get(&reader->places.policy_maps,
	                                   config_find_name(config, S("global_policy")));
	name_id name = config_find_name(config, S("inspection_default"));
	name_id esmtp = config_find_name(config, S("esmtp"));
	if (!str_eq(peek_at(cursor, 0), S("smtp")))
		return HANDLED_IRRELEVANT;
	if (policy == 0 || (cursor->n > 3 && !str_eq(peek_at(cursor, 1), S("25"))))
		return HANDLED_UNKNOWN;
	struct policy_map *map = &config->policy_maps.v[policy - 1];
	for (uint32_t i = 0; i < map->classes.n; i++) {
		if (map->classes.v[i].name != name)
			continue;
		VEC_EACH(const struct inspect, old, &map->classes.v[i].inspects)
			if (old->engine == esmtp && !reader->negated)
				return HANDLED; /* on already */
		reader->policy_map = policy - 1;
		reader->class = i;
		return cmd_inspect(reader, &inspect);
	}
	return HANDLED_UNKNOWN;
}

/* [no] fixup protocol ENGINE ... */
enum handled cmd_fixup(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct fixup fixup = {.off = reader->negated, .span = reader->line};
	bool all;
	accept(cursor, "protocol");
	if (config->policy_maps.n && config->version.major && !config_uses_fixup(config))
		return converted_fixup(reader, cursor);
	if (config->fixups.n >= MAX_FIXUPS || !take_fixup(cursor, &fixup, &all))
		return HANDLED_UNKNOWN;
	put_fixup(reader, &fixup, all && reader->negated);
	return HANDLED;
}

void put_factory_fixups(struct reader *reader)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct fixup fixup = {.engine = name_of(reader, str_of(forms[i].engine)),
		                      .transport = forms[i].transport,
		                      .lo = forms[i].lo,
		                      .hi = forms[i].hi,
		                      .span = reader->line};
		if (!forms[i].factory)
			continue;
		fixup.text = with_ports(reader->arena, str_of(forms[i].engine), &fixup);
		VEC_PUSH(reader->arena, &reader->config->fixups, fixup);
	}
}
