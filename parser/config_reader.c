/* SPDX-License-Identifier: ISC */
/*
 * The replay: lines, words, modes, and the account of what every line was.
 *
 * Modes follow two signs. In a text with indentation a line at depth 0 belongs to
 * the top level, a deeper one to the innermost mode opened above it. In a text that
 * lost its indentation (PIX 6 never had any) a line belongs to the innermost open
 * mode that knows it. In both, a command a mode does not know is taken by its parent
 * (asa-semantics 1.7).
 */
#include "parser/config_reader.h"

#include <string.h>

#include "parser/grammar.h"

/* A line with more words than this is none that a device printed. */
enum { MAX_WORDS = 256 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* --- words ------------------------------------------------------------------------------ */

static uint32_t split_words(struct str line, struct str *words)
{
	uint32_t n = 0;
	size_t at = 0;
	while (n < MAX_WORDS) {
		while (at < line.n && is_blank(line.s[at]))
			at++;
		if (at == line.n)
			break;
		size_t begin = at;
		while (at < line.n && !is_blank(line.s[at]))
			at++;
		words[n++] = (struct str){line.s + begin, at - begin};
	}
	return n;
}

/* Words after which a secret stands, in commands that are not modelled. */
static void mark_secrets(struct reader *reader, const struct str *words, uint32_t n)
{
	static const char *const before[] = {
	        "password",
	        "passwd",
	        "key",
	        "secret",
	        "community",
	        "pre-shared-key",
	        "authentication-key",
	        "md5",
	        "sha",
	        "auth-password",
	        "hex",
	};
	const char *text = reader->config->sources.list.v[reader->line.source].text.s;
	for (uint32_t i = 0; i + 1 < n; i++)
		for (size_t k = 0; k < sizeof(before) / sizeof(before[0]); k++)
			if (str_eq(words[i], str_of(before[k]))) {
				struct span span = reader->line;
				span.offset = (uint32_t)(words[i + 1].s - text);
				span.len = (uint32_t)(words[n - 1].s + words[n - 1].n -
				                      words[i + 1].s);
				source_mark_secret(reader->arena, &reader->config->sources, span);
				return;
			}
}

/* --- what a line was -------------------------------------------------------------------- */

static void count_line(struct reader *reader, enum line_use use)
{
	struct coverage *coverage = &reader->config->coverage;
	coverage->lines++;
	switch (use) {
	case LINE_MODELLED:
		coverage->modelled++;
		break;
	case LINE_IRRELEVANT:
		coverage->irrelevant++;
		break;
	case LINE_UNKNOWN:
		coverage->unknown++;
		break;
	}
}

/* The first two words of an unknown line may be shown; one, where the second may be a secret. */
static void report_unknown(struct reader *reader, const struct str *words, uint32_t n, bool local)
{
	struct config *config = reader->config;
	struct unknown_line line = {.span = reader->line, .local = local};
	VEC_PUSH(reader->arena, &config->unknown_lines, line);
	mark_secrets(reader, words, n);
	struct span two = reader->line;
	const char *text = config->sources.list.v[two.source].text.s;
	const struct str *last = &words[n > 1 ? 1 : 0];
	two.len = (uint32_t)(last->s + last->n - (text + two.offset));
	diag_add(reader->arena, &config->diags, SEVERITY_WARNING, reader->line,
	         "unknown command \"%.*s%s\"; what it does to mail is not known",
	         STR(source_quote(reader->arena, &config->sources, two)), n > 2 ? " ..." : "");
}

/* An unknown line inside an object makes that object uncertain, and nothing else. */
static bool mark_unknown(struct reader *reader)
{
	struct config *config = reader->config;
	struct member unknown_member = {.kind = MEMBER_UNKNOWN, .span = reader->line};
	struct class_match unknown_match = {.kind = MATCH_UNKNOWN, .span = reader->line};
	struct policy_map *policy;
	switch (reader->modes[reader->n_modes - 1].mode) {
	case MODE_GROUP:
		VEC_PUSH(config->arena, &config->groups.v[reader->group].members, unknown_member);
		return true;
	case MODE_OBJECT_NETWORK:
	case MODE_OBJECT_SERVICE:
		config->objects.v[reader->object].kind = OBJECT_ADDRESS;
		config->objects.v[reader->object].address =
		        (struct addr_spec){.kind = ADDR_UNKNOWN};
		return true;
	case MODE_CLASS_MAP:
		VEC_PUSH(config->arena, &config->class_maps.v[reader->class_map].matches,
		         unknown_match);
		return true;
	case MODE_CLASS:
		policy = &config->policy_maps.v[reader->policy_map];
		policy->classes.v[reader->class].unknown = true;
		return true;
	case MODE_ESMTP_MAP:
	case MODE_ESMTP_PARAMS:
	case MODE_ESMTP_MATCH:
		config->inspect_maps.v[reader->inspect_map].unknown = true;
		return true;
	case MODE_TOP:
	case MODE_INTERFACE:
	case MODE_POLICY_MAP:
	case MODE_IRRELEVANT:
	case MODE_UNKNOWN_BLOCK:
	case MODE_COUNT:
		break;
	}
	return false;
}

/* --- modes ------------------------------------------------------------------------------ */

static enum mode innermost(const struct reader *reader)
{
	return reader->modes[reader->n_modes - 1].mode;
}

/* A certificate's hex lines: nothing but digits, in a block that does not matter. */
static bool is_hex_dump(const struct str *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (words[i].n % 2 || words[i].n > 64)
			return false;
		for (size_t k = 0; k < words[i].n; k++)
			if (!strchr("0123456789abcdefABCDEF", words[i].s[k]))
				return false;
	}
	return true;
}

/* The row for a line in one mode; a row without handler for all that an ignored block holds. */
static const struct command *find_in_mode(const struct reader *reader, enum mode mode,
                                          const struct str *words, uint32_t n)
{
	static const struct command ignored = {MODE_IRRELEVANT, "...", NULL};
	if (mode == MODE_IRRELEVANT) {
		bool deeper = reader->indent > reader->modes[reader->n_modes - 1].indent;
		if ((deeper && !reader->flat) || is_hex_dump(words, n))
			return &ignored;
	}
	return grammar_find(mode, words, n);
}

static enum handled run(struct reader *reader, const struct command *command,
                        const struct str *words, uint32_t n)
{
	if (!command->handler)
		return HANDLED_IRRELEVANT;
	struct cursor cursor = {reader, words, n, 1};
	return command->handler(reader, &cursor);
}

/* Run the line in the mode at `level`; that mode becomes the innermost if it takes the line. */
static bool try_mode(struct reader *reader, uint32_t level, const struct str *words, uint32_t n,
                     enum handled *handled)
{
	uint32_t all = reader->n_modes;
	const struct command *command;
	reader->n_modes = level + 1;
	command = find_in_mode(reader, reader->modes[level].mode, words, n);
	if (command) {
		*handled = run(reader, command, words, n);
		if (*handled != HANDLED_NOT_MINE) {
			if (*handled == HANDLED_IRRELEVANT &&
			    reader->modes[level].mode == MODE_TOP && reader->n_modes == level + 1)
				open_mode(reader, MODE_IRRELEVANT);
			return true;
		}
	}
	reader->n_modes = all;
	return false;
}

/* Leave the modes that a line of this depth cannot be in. */
static void close_modes(struct reader *reader)
{
	if (reader->flat)
		return;
	while (reader->n_modes > 1 && reader->indent <= reader->modes[reader->n_modes - 1].indent)
		reader->n_modes--;
}

static bool dispatch(struct reader *reader, const struct str *words, uint32_t n,
                     enum handled *handled)
{
	if (!reader->flat && reader->indent == 0) {
		/* The top level first; then, for a block that lost its indent, what was open. */
		if (try_mode(reader, 0, words, n, handled))
			return true;
		for (uint32_t level = reader->n_modes; level-- > 1;)
			if (try_mode(reader, level, words, n, handled))
				return true;
		return false;
	}
	close_modes(reader);
	if (innermost(reader) == MODE_UNKNOWN_BLOCK && !reader->flat)
		return false;
	for (uint32_t level = reader->n_modes; level-- > 0;)
		if (try_mode(reader, level, words, n, handled))
			return true;
	return false;
}

/* Commands that no router has. */
static bool is_firewall_word(struct str word)
{
	static const char *const only[] = {
	        "access-group",   "conduit",     "fixup", "global",
	        "nameif",         "nat-control", "nat",   "same-security-traffic",
	        "security-level", "static",
	};
	for (size_t i = 0; i < sizeof(only) / sizeof(only[0]); i++)
		if (str_eq(word, str_of(only[i])))
			return true;
	return false;
}

static enum line_use read_command(struct reader *reader, const struct str *words, uint32_t n)
{
	enum handled handled = HANDLED_UNKNOWN;
	bool in_unknown_block;
	if (!dispatch(reader, words, n, &handled)) {
		if (!reader->flat && reader->indent == 0)
			close_modes(reader);
		in_unknown_block = innermost(reader) == MODE_UNKNOWN_BLOCK;
		report_unknown(reader, words, n, mark_unknown(reader) || in_unknown_block);
		if (innermost(reader) == MODE_TOP)
			open_mode(reader, MODE_UNKNOWN_BLOCK);
		return LINE_UNKNOWN;
	}
	switch (handled) {
	case HANDLED:
		reader->asa_signs += is_firewall_word(words[0]);
		return LINE_MODELLED;
	case HANDLED_IRRELEVANT:
	case HANDLED_NOT_MINE:
		mark_secrets(reader, words, n);
		return LINE_IRRELEVANT;
	case HANDLED_UNKNOWN:
	case HANDLED_DOUBT:
		report_unknown(reader, words, n, handled == HANDLED_DOUBT);
		break;
	}
	return LINE_UNKNOWN;
}

/* --- lines ------------------------------------------------------------------------------ */

/* "9.8(4)15", "8.2(5)", "7.4.2" as numbers; what does not fit stays 0. */
static struct version parse_version(struct str text)
{
	uint16_t part[4] = {0};
	size_t at = 0;
	for (unsigned i = 0; i < 4; i++) {
		uint32_t number = 0;
		while (at < text.n && (text.s[at] < '0' || text.s[at] > '9'))
			at++;
		for (; at < text.n && text.s[at] >= '0' && text.s[at] <= '9'; at++)
			if (number < 6000)
				number = number * 10 + (uint32_t)(text.s[at] - '0');
		part[i] = (uint16_t)number;
	}
	return (struct version){part[0], part[1], part[2], part[3]};
}

static const struct {
	const char *prefix;
	enum platform platform;
} version_lines[] = {
        {"ASA Version ", PLATFORM_ASA},
        {"PIX Version ", PLATFORM_PIX},
        {"FWSM Version ", PLATFORM_FWSM},
        {"NGFW Version ", PLATFORM_FTD},
};

enum { N_VERSION_LINES = sizeof(version_lines) / sizeof(version_lines[0]) };

static bool is_version_line(struct str line)
{
	for (size_t i = 0; i < N_VERSION_LINES; i++)
		if (str_starts(line, str_of(version_lines[i].prefix)))
			return true;
	return false;
}

/* "ASA Version 9.8(4)15 <context>" */
static bool read_version(struct reader *reader, struct str line)
{
	struct config *config = reader->config;
	for (size_t i = 0; i < N_VERSION_LINES; i++) {
		struct str prefix = str_of(version_lines[i].prefix), head, tail;
		if (!str_starts(line, prefix))
			continue;
		struct str rest = str_trim((struct str){line.s + prefix.n, line.n - prefix.n});
		str_cut(rest, ' ', &head, &tail);
		config->platform = version_lines[i].platform;
		config->platform_known = true;
		config->version_text = head;
		config->version = parse_version(head);
		tail = str_trim(tail);
		if (tail.n > 2 && tail.s[0] == '<' && tail.s[tail.n - 1] == '>')
			config->context = (struct str){tail.s + 1, tail.n - 2};
		config->system_context = str_eq(config->context, S("system"));
		reader->asa_signs += 10;
		return true;
	}
	return false;
}

/* Lines around a config: what the device or the tool that collected it printed. */
static bool is_noise(struct reader *reader, struct str line)
{
	static const char *const noise[] = {
	        "Building configuration",
	        "[OK]",
	        "Cryptochecksum",
	        "Type help or ",
	        "-----",
	        "Command authorization",
	        "Uncompressed configuration",
	        "Current configuration",
	};
	if (line.s[0] == '!' || line.s[0] == ':') {
		if (str_starts(line, S(": end")))
			reader->config->has_end = true;
		return true;
	}
	if (str_starts(line, S("Cryptochecksum")))
		reader->config->has_end = true;
	for (size_t i = 0; i < sizeof(noise) / sizeof(noise[0]); i++)
		if (str_starts(line, str_of(noise[i])))
			return true;
	return false;
}

static bool is_name_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c && strchr("-_./()", c));
}

/*
 * "host# show run", "host/ctx(config-if)# nameif x": the length of the prompt, 0 without
 * one. What follows a prompt of a configuration mode is a command of the config.
 */
static size_t prompt_len(struct str line, bool *configuring)
{
	size_t at = 0;
	*configuring = false;
	while (at < line.n && is_name_char(line.s[at]))
		at++;
	if (at == 0 || at == line.n || (line.s[at] != '#' && line.s[at] != '>'))
		return 0;
	*configuring = line.s[at] == '#' && str_contains((struct str){line.s, at}, S("(config"));
	return at + 1;
}

/* Cut paging marks ("<--- More --->" and the blanks and backspaces that wipe it). */
static struct str without_paging(struct str line)
{
	struct str mark = S("<--- More --->");
	for (size_t at = 0; at + mark.n <= line.n; at++) {
		if (memcmp(line.s + at, mark.s, mark.n) != 0)
			continue;
		line.s += at + mark.n;
		line.n -= at + mark.n;
		while (line.n && (line.s[0] == '\b' || line.s[0] == '\r')) {
			line.s++;
			line.n--;
		}
		/* The terminal wiped the mark with CR, blanks, CR. */
		size_t blanks = 0;
		while (blanks < line.n && line.s[blanks] == ' ')
			blanks++;
		if (blanks < line.n && line.s[blanks] == '\r') {
			line.s += blanks + 1;
			line.n -= blanks + 1;
		}
		break;
	}
	return line;
}

static const char *count_signs(const struct str *words, uint32_t n)
{
	static const char *const ios[] = {
	        "version NUMBER",
	        "ip access-list ...",
	        "line vty ...",
	        "line con ...",
	        "ip route ...",
	        "service timestamps ...",
	        "ip nat ...",
	        "ip cef ...",
	        "spanning-tree ...",
	        "boot-start-marker",
	        "ip forward-protocol ...",
	        "ip domain name ...",
	        "ip domain-name ...",
	        "ip ssh ...",
	        "vtp ...",
	};
	for (size_t i = 0; i < sizeof(ios) / sizeof(ios[0]); i++)
		if (grammar_match(ios[i], words, n))
			return ios[i];
	return NULL;
}

static enum line_use read_line(struct reader *reader, struct str raw)
{
	struct str words[MAX_WORDS];
	const char *text = reader->config->sources.list.v[reader->line.source].text.s;
	struct str line = without_paging(raw);
	size_t depth = 0;
	while (depth < line.n && is_blank(line.s[depth]))
		depth++;
	line = str_trim(line);
	reader->line.offset = (uint32_t)(line.s - text);
	reader->line.len = (uint32_t)line.n;
	if (line.n == 0 || is_noise(reader, line))
		return LINE_IRRELEVANT;
	if (read_version(reader, line))
		return LINE_MODELLED;

	bool configuring;
	size_t prompt = depth <= reader->base ? prompt_len(line, &configuring) : 0;
	if (prompt) {
		reader->config->capture.by = S("terminal");
		if (!configuring)
			return LINE_IRRELEVANT;
		line = str_trim((struct str){line.s + prompt, line.n - prompt});
		reader->line.offset = (uint32_t)(line.s - text);
		reader->line.len = (uint32_t)line.n;
		if (line.n == 0)
			return LINE_IRRELEVANT;
	}

	reader->indent = depth > 1000 ? 1000 : (uint32_t)depth;
	reader->indent -= reader->indent < reader->base ? reader->indent : reader->base;
	uint32_t n = split_words(line, words), first = 0;
	if (depth <= reader->base && count_signs(words, n))
		reader->ios_signs++;
	reader->negated = n > 1 && str_eq(words[0], S("no"));
	first = reader->negated;
	if (n == MAX_WORDS)
		diag_add(reader->arena, &reader->config->diags, SEVERITY_WARNING, reader->line,
		         "a line of more than %d words; the rest of it is not read", MAX_WORDS);
	if (n - first == 1 &&
	    (str_eq(words[first], S("exit")) || str_eq(words[first], S("quit")))) {
		if (reader->n_modes > 1)
			reader->n_modes--;
		return LINE_IRRELEVANT;
	}
	return read_command(reader, words + first, n - first);
}

/* --- layout ----------------------------------------------------------------------------- */

static bool is_one_of(struct str word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(word, str_of(list[i])))
			return true;
	return false;
}

/*
 * Has the text lost its indentation? Each line that opens a block and the line below it
 * vote: deeper is for no, a sub-command at the same depth for yes. *base is the least
 * depth of any command (a config inside another document may be indented as a whole).
 */
static bool lost_indentation(struct str text, uint32_t *base)
{
	static const char *const openers[] = {"interface", "class-map",    "policy-map",
	                                      "object",    "object-group", "class"};
	static const char *const inner[] = {
	        "nameif",
	        "description",
	        "security-level",
	        "match",
	        "class",
	        "host",
	        "subnet",
	        "range",
	        "inspect",
	        "network-object",
	        "port-object",
	        "service-object",
	        "ip",
	        "shutdown",
	        "no",
	        "service",
	        "fqdn",
	        "group-object",
	        "protocol-object",
	        "icmp-object",
	        "parameters",
	        "speed",
	        "switchport",
	        "vlan",
	        "set",
	};
	uint32_t deeper = 0, level = 0;
	size_t opener_depth = 0;
	bool after_opener = false;
	*base = UINT32_MAX;
	for (size_t at = 0; at < text.n;) {
		const char *end = memchr(text.s + at, '\n', text.n - at);
		size_t len = end ? (size_t)(end - (text.s + at)) : text.n - at, depth = 0;
		struct str line = {text.s + at, len}, first, rest;
		while (depth < len && is_blank(line.s[depth]))
			depth++;
		at += len + 1;
		line = str_trim(line);
		if (line.n == 0 || line.s[0] == '!' || line.s[0] == ':')
			continue;
		if (depth < *base)
			*base = (uint32_t)depth;
		str_cut(line, ' ', &first, &rest);
		if (after_opener && depth > opener_depth)
			deeper++;
		else if (after_opener && is_one_of(first, inner, sizeof(inner) / sizeof(inner[0])))
			level++;
		after_opener = is_one_of(first, openers, sizeof(openers) / sizeof(openers[0]));
		opener_depth = depth;
	}
	if (*base == UINT32_MAX)
		*base = 0;
	return deeper == 0 || level > deeper;
}

static void read_source(struct reader *reader, uint16_t source, uint32_t offset, uint32_t len)
{
	struct str text = reader->config->sources.list.v[source].text;
	text = (struct str){text.s + offset, len};
	reader->line = (struct span){.source = source};
	reader->applied = source > 0;
	reader->flat = lost_indentation(text, &reader->base);
	reader->n_modes = 1;
	reader->modes[0] = (struct open_mode){MODE_TOP, 0};
	for (size_t at = 0; at < text.n;) {
		const char *end = memchr(text.s + at, '\n', text.n - at);
		size_t n = end ? (size_t)(end - (text.s + at)) : text.n - at;
		enum line_use use = read_line(reader, (struct str){text.s + at, n});
		if (!reader->applied)
			count_line(reader, use);
		at += n + 1;
	}
}

struct config *config_read(struct arena *arena, const struct config_input *inputs, uint32_t n,
                           const struct config_part *part)
{
	struct config *config = NEW(arena, struct config);
	config->arena = arena;
	config->names = interns_new(arena);
	struct reader reader = {.config = config, .arena = arena};
	for (uint32_t i = 0; i < n; i++) {
		uint16_t source =
		        source_add(arena, &config->sources, inputs[i].path, inputs[i].text);
		if (i == 0)
			read_source(&reader, source, part->offset, part->len);
		else
			read_source(&reader, source, 0, (uint32_t)inputs[i].text.n);
		if (i == 0) {
			config->asa_signs = reader.asa_signs;
			config->ios_signs = reader.ios_signs;
		}
	}
	config_link(config);
	return config;
}

bool config_recognised(const struct config *config, struct str *looks_like)
{
	struct str text = config->sources.list.v[0].text;
	if (str_trim(text).n == 0) {
		*looks_like = S("an empty file");
		return false;
	}
	if (memchr(text.s, '\0', text.n) && config->asa_signs == 0) {
		*looks_like = S("a binary file");
		return false;
	}
	if (config->ios_signs > config->asa_signs) {
		*looks_like = S("the config of an IOS router or switch");
		return false;
	}
	bool mostly_unknown = config->coverage.unknown > 2 * config->coverage.modelled;
	if (config->coverage.modelled == 0 || (config->asa_signs == 0 && mostly_unknown)) {
		*looks_like = S("no firewall config: none of its commands is one that decides "
		                "about traffic");
		return false;
	}
	return true;
}

/* --- captures --------------------------------------------------------------------------- */

static uint32_t count_newlines(struct str text, size_t upto)
{
	uint32_t n = 0;
	for (size_t i = 0; i < upto; i++)
		n += text.s[i] == '\n';
	return n;
}

/* Where a new config begins: its version line, or the ": Saved" lines just above it. */
struct boundary {
	size_t offset;
};

static void add_part(struct arena *arena, struct config_parts *parts, struct str text, size_t from,
                     size_t to)
{
	struct config_part part = {(uint32_t)from, (uint32_t)(to - from),
	                           count_newlines(text, from) + 1};
	VEC_PUSH(arena, &parts->list, part);
}

struct config_parts config_split(struct arena *arena, struct str text)
{
	struct config_parts parts = {0};
	VEC(struct boundary) boundaries = {0};
	size_t from = 0, to = text.n, comments = SIZE_MAX;
	bool in_config = true, tech = false;
	for (size_t at = 0; at < text.n;) {
		const char *end = memchr(text.s + at, '\n', text.n - at);
		size_t len = end ? (size_t)(end - (text.s + at)) : text.n - at;
		struct str line = str_trim((struct str){text.s + at, len});
		if (str_starts(line, S("------------------ show "))) {
			bool running =
			        str_starts(line, S("------------------ show running-config -"));
			if (running) {
				from = at + len + 1 < text.n ? at + len + 1 : text.n;
				boundaries.n = 0;
				to = text.n;
			} else if (tech && in_config) {
				to = at;
			}
			in_config = running;
			tech |= running;
		} else if (in_config && is_version_line(line)) {
			struct boundary boundary = {comments != SIZE_MAX ? comments : at};
			VEC_PUSH(arena, &boundaries, boundary);
		}
		bool comment = line.n && line.s[0] == ':' && !str_starts(line, S(": end"));
		if (!comment && line.n)
			comments = SIZE_MAX;
		else if (comment && comments == SIZE_MAX)
			comments = at;
		at += len + 1;
	}
	if (tech)
		parts.captured_by = S("show-tech");
	size_t begin = from;
	for (uint32_t i = 1; i < boundaries.n; i++) {
		add_part(arena, &parts, text, begin, boundaries.v[i].offset);
		begin = boundaries.v[i].offset;
	}
	add_part(arena, &parts, text, begin, to);
	return parts;
}
