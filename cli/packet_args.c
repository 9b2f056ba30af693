/* SPDX-License-Identifier: ISC */
#include "cli/packet_args.h"

#include "model/packet_set.h"
#include "model/ports.h"

enum { NAMES_SHOWN = 12, BYTES_SHOWN = 60, MOST_WORDS = 64 };

/* --- the words of packet-tracer --------------------------------------------------------- */

/* What may stand at the end of the device's command and changes nothing here. */
static bool is_trailer(struct str word)
{
	static const char *const trailers[] = {"detail",    "detailed", "xml",     "bypass-checks",
	                                       "decrypted", "persist",  "transmit"};
	for (size_t i = 0; i < sizeof(trailers) / sizeof(trailers[0]); i++)
		if (str_eq(word, str_of(trailers[i])))
			return true;
	return false;
}

static const char with_ports[] = "input IFC {tcp|udp|sctp} SRC SPORT DST DPORT";
static const char icmp_form[] = "input IFC icmp SRC TYPE [CODE] DST";
static const char raw_form[] = "input IFC rawip SRC PROTOCOL DST";

static bool wrong_form(struct arena *arena, const char *form, struct str *error)
{
	*error = str_printf(arena, "a packet is given as %s", form);
	return false;
}

static bool read_icmp(struct arena *arena, const struct str *words, uint32_t n,
                      struct packet_words *out, struct str *error)
{
	/* SRC TYPE DST · SRC TYPE CODE DST · SRC TYPE CODE IDENT DST */
	if (n < 3 || n > 5)
		return wrong_form(arena, icmp_form, error);
	out->src = words[0];
	out->sport = words[1];
	out->dport = n > 3 ? words[2] : S("0");
	out->dst = words[n - 1];
	return true;
}

/* The words of a line that was pasted, in one operand or in several. */
struct word_list {
	VEC(struct str) list;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void split_words(struct arena *arena, struct str text, struct word_list *out)
{
	for (size_t at = 0; at < text.n && out->list.n < MOST_WORDS;) {
		size_t begin = at;
		while (at < text.n && !is_blank(text.s[at]))
			at++;
		if (at > begin)
			VEC_PUSH(arena, &out->list, (struct str){text.s + begin, at - begin});
		while (at < text.n && is_blank(text.s[at]))
			at++;
	}
}

/* The first word without a prompt such as "fw/act(config)#" before it. */
static struct str without_prompt(struct str word)
{
	size_t from = word.n;
	while (from > 0 && word.s[from - 1] != '#' && word.s[from - 1] != '>')
		from--;
	return (struct str){word.s + from, word.n - from};
}

bool packet_words_read(struct arena *arena, const struct str *operands, uint32_t n_operands,
                       struct packet_words *out, struct str *error)
{
	struct word_list given = {0};
	for (uint32_t i = 0; i < n_operands; i++)
		split_words(arena, operands[i], &given);
	struct str *words = given.list.v;
	uint32_t n = given.list.n;
	*out = (struct packet_words){0};
	if (n)
		words[0] = without_prompt(words[0]);
	if (n && words[0].n == 0) {
		words++;
		n--;
	}
	if (n && str_eq(words[0], S("packet-tracer"))) {
		words++;
		n--;
	}
	while (n && is_trailer(words[n - 1]))
		n--;
	if (n < 4 || !str_eq(words[0], S("input")))
		return wrong_form(arena, with_ports, error);
	out->input = words[1];
	out->protocol = words[2];
	words += 3;
	n -= 3;
	if (str_starts(out->protocol, S("icmp")))
		return read_icmp(arena, words, n, out, error);
	if (str_eq(out->protocol, S("rawip"))) {
		if (n != 3)
			return wrong_form(arena, raw_form, error);
		out->src = words[0];
		out->sport = words[1];
		out->dst = words[2];
		return true;
	}
	if (n != 4)
		return wrong_form(arena, with_ports, error);
	out->src = words[0];
	out->sport = words[1];
	out->dst = words[2];
	out->dport = words[3];
	return true;
}

/* --- names ------------------------------------------------------------------------------ */

/* A word as an error quotes it: the beginning of a long one, cut between characters. */
static struct str quoted(struct arena *arena, struct str word)
{
	size_t n = BYTES_SHOWN;
	if (word.n <= n)
		return word;
	while (n && ((unsigned char)word.s[n] & 0xc0) == 0x80)
		n--;
	return str_printf(arena, "%.*s...", (int)n, word.s);
}

struct names {
	VEC(struct str) list;
};

/* "; there are a, b and 3 more; did you mean a?" */
static struct str suggest(struct arena *arena, struct str word, const struct names *names,
                          const char *what)
{
	struct buf text = {.arena = arena};
	int nearest = str_nearest(word, names->list.v, names->list.n);
	if (names->list.n == 0)
		return str_printf(arena, "; the config has no %s", what);
	for (uint32_t i = 0; i < names->list.n && i < NAMES_SHOWN; i++)
		buf_printf(&text, "%s%.*s", i ? ", " : "", STR(names->list.v[i]));
	if (names->list.n > NAMES_SHOWN)
		buf_printf(&text, " and %u more", names->list.n - NAMES_SHOWN);
	struct str listed = buf_str(&text);
	if (nearest < 0)
		return str_printf(arena, "; %s: %.*s", what, STR(listed));
	return str_printf(arena, "; %s: %.*s; did you mean %.*s?", what, STR(listed),
	                  STR(names->list.v[nearest]));
}

static const struct interface *find_input(const struct config *config, struct str word)
{
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (ifc->nameif && str_eq(config_name(config, ifc->nameif), word))
			return ifc;
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (ifc->nameif && str_eq_nocase(config_name(config, ifc->nameif), word))
			return ifc;
	return NULL;
}

static bool no_input(struct arena *arena, const struct config *config, struct str word,
                     struct str *error)
{
	struct names names = {0};
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (ifc->nameif)
			VEC_PUSH(arena, &names.list, config_name(config, ifc->nameif));
	struct str hint = suggest(arena, word, &names, "interfaces");
	word = quoted(arena, word);
	*error = str_printf(arena, "there is no interface \"%.*s\"%.*s", STR(word), STR(hint));
	return false;
}

/* The address of a host object; false for a network or what is not known. */
static bool object_host(const struct config *config, uint32_t at, u128 *address)
{
	struct iset set = config->object_sets[at].must;
	if (set.n != 1 || set.v[0].lo != set.v[0].hi)
		return false;
	*address = set.v[0].lo;
	return true;
}

static bool named_address(const struct config *config, struct str word, u128 *address)
{
	name_id name = config_find_name(config, word);
	uint32_t label = name ? config_index_get(&config->label_index, name) : 0;
	uint32_t object = name ? config_index_get(&config->object_index, name) : 0;
	if (label)
		*address = config->labels.v[label - 1].address;
	return label || (object && object_host(config, object - 1, address));
}

static bool no_address(struct arena *arena, const struct config *config, struct str word,
                       struct str *error)
{
	struct names names = {0};
	u128 address;
	VEC_EACH(const struct label, label, &config->labels)
		VEC_PUSH(arena, &names.list, config_name(config, label->name));
	for (uint32_t i = 0; i < config->objects.n; i++)
		if (object_host(config, i, &address))
			VEC_PUSH(arena, &names.list,
			         config_name(config, config->objects.v[i].name));
	struct str hint = suggest(arena, word, &names, "names of hosts");
	word = quoted(arena, word);
	*error = str_printf(arena, "\"%.*s\" is no IPv4 or IPv6 address%.*s", STR(word), STR(hint));
	return false;
}

static bool read_address(struct arena *arena, const struct config *config, struct str word,
                         u128 *address, struct str *error)
{
	if (addr_parse(word, address) || named_address(config, word, address))
		return true;
	return no_address(arena, config, word, error);
}

/* --- numbers ---------------------------------------------------------------------------- */

static bool no_port(struct arena *arena, struct str word, struct str *error)
{
	struct names names = {0};
	for (uint32_t port = 0; port <= 65535; port++) {
		const char *name = port_name((uint16_t)port);
		if (name)
			VEC_PUSH(arena, &names.list, str_of(name));
	}
	struct str hint = suggest(arena, word, &names, "names of ports");
	word = quoted(arena, word);
	*error = str_printf(arena, "\"%.*s\" is no port from 0 to 65535%.*s", STR(word), STR(hint));
	return false;
}

static bool read_port(struct arena *arena, struct str word, u128 *port, struct str *error)
{
	uint64_t number;
	int named = -1;
	if (str_number(word, 65535, &number)) {
		*port = number;
		return true;
	}
	if (word.n)
		named = port_number(word);
	if (named < 0)
		return no_port(arena, word, error);
	*port = (u128)named;
	return true;
}

static bool read_type(struct arena *arena, struct str word, bool v6, bool is_type, u128 *value,
                      struct str *error)
{
	uint64_t number;
	int named = is_type ? icmp_type_number(word, v6) : -1;
	if (named >= 0) {
		*value = (u128)named;
		return true;
	}
	if (!str_number(word, 255, &number)) {
		word = quoted(arena, word);
		*error = str_printf(arena, "\"%.*s\" is no ICMP %s from 0 to 255%s", STR(word),
		                    is_type ? "type" : "code",
		                    is_type ? " and no name such as echo or unreachable" : "");
		return false;
	}
	*value = number;
	return true;
}

static bool read_protocol(struct arena *arena, struct str word, bool v4, u128 *protocol,
                          struct str *error)
{
	uint64_t number;
	if (str_eq(word, S("tcp"))) {
		*protocol = PROTO_TCP; /* the commonest by far, without the table */
		return true;
	}
	int named = protocol_number(word);
	if (str_number(word, 255, &number))
		named = (int)number;
	if (named < 0 || (named == 0 && !str_number(word, 255, &number))) {
		word = quoted(arena, word);
		*error = str_printf(arena,
		                    "\"%.*s\" is no protocol; tcp, udp, sctp, icmp, or rawip with "
		                    "a number from 0 to 255",
		                    STR(word));
		return false;
	}
	if (named == PROTO_ICMP && !v4)
		named = PROTO_ICMP6;
	*protocol = (u128)named;
	return true;
}

/* "rawip" with the number where other protocols have a port, or "rawip 47". */
static bool is_raw(const struct packet_words *words, struct str *number)
{
	const struct str raw = S("rawip");
	struct str protocol = words->protocol;
	if (!str_starts(protocol, raw) || (protocol.n > raw.n && protocol.s[raw.n] != ' '))
		return false;
	*number = words->sport;
	if (protocol.n > raw.n)
		*number = (struct str){protocol.s + raw.n + 1, protocol.n - raw.n - 1};
	return true;
}

/* Whatever has ports or types must be given with them: they decide. */
static bool raw_is_enough(unsigned protocol, struct str *error)
{
	static const struct {
		unsigned protocol;
		const char *error;
	} forms[] = {
	        {PROTO_TCP, "rawip tells no ports of TCP; use tcp SRC SPORT DST DPORT"},
	        {PROTO_UDP, "rawip tells no ports of UDP; use udp SRC SPORT DST DPORT"},
	        {PROTO_SCTP, "rawip tells no ports of SCTP; use sctp SRC SPORT DST DPORT"},
	        {PROTO_ICMP, "rawip tells no type of ICMP; use icmp SRC TYPE [CODE] DST"},
	        {PROTO_ICMP6, "rawip tells no type of ICMPv6; use icmp SRC TYPE [CODE] DST"},
	};
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (forms[i].protocol == protocol) {
			*error = str_of(forms[i].error);
			return false;
		}
	return true;
}

bool packet_of_words(struct arena *arena, const struct config *config,
                     const struct packet_words *words, const struct interface **in,
                     struct packet *packet, struct str *error)
{
	u128 *at = packet->at;
	struct str protocol = words->protocol;
	bool raw = is_raw(words, &protocol);
	*packet = (struct packet){0};
	*in = find_input(config, words->input);
	if (!*in)
		return no_input(arena, config, words->input, error);
	if (!read_address(arena, config, words->src, &at[DIM_SRC], error) ||
	    !read_address(arena, config, words->dst, &at[DIM_DST], error))
		return false;
	bool v4 = addr_is4(at[DIM_DST]);
	if (v4 != addr_is4(at[DIM_SRC])) {
		*error = S("source and destination must both be IPv4 or both IPv6");
		return false;
	}
	if (!read_protocol(arena, protocol, v4, &at[DIM_PROTO], error))
		return false;
	if (raw && !raw_is_enough((unsigned)at[DIM_PROTO], error))
		return false;
	switch ((unsigned)at[DIM_PROTO]) {
	case PROTO_TCP:
	case PROTO_UDP:
	case PROTO_SCTP:
		return read_port(arena, words->sport, &at[DIM_SPORT], error) &&
		       read_port(arena, words->dport, &at[DIM_DPORT], error);
	case PROTO_ICMP:
	case PROTO_ICMP6: {
		struct str code = words->dport.n ? words->dport : S("0");
		return read_type(arena, words->sport, !v4, true, &at[DIM_SPORT], error) &&
		       read_type(arena, code, !v4, false, &at[DIM_DPORT], error);
	}
	default:
		return true;
	}
}
