/* SPDX-License-Identifier: ISC */
/* See capture.h. The forms are those of asa-semantics section 10. */
#include "parser/capture.h"

#include <string.h>

/* --- lines ------------------------------------------------------------------------------ */

struct str capture_line(struct str text, size_t *at)
{
	const char *begin = text.s + *at, *end = memchr(begin, '\n', text.n - *at);
	size_t len = end ? (size_t)(end - begin) : text.n - *at;
	*at += len + (end != NULL);
	return (struct str){begin, len};
}

uint32_t capture_depth(struct str line)
{
	size_t depth = 0;
	while (depth < line.n && (line.s[depth] == ' ' || line.s[depth] == '\t'))
		depth++;
	return depth > UINT32_MAX ? UINT32_MAX : (uint32_t)depth;
}

bool capture_version(struct str line, enum platform *platform, struct str *version,
                     struct str *context)
{
	static const struct {
		const char *prefix;
		enum platform platform;
	} prefixes[] = {
	        {"ASA Version ", PLATFORM_ASA},
	        {"PIX Version ", PLATFORM_PIX},
	        {"FWSM Version ", PLATFORM_FWSM},
	        {"NGFW Version ", PLATFORM_FTD},
	};
	struct str tail;
	if (line.n < 12 || !memchr("APFN", line.s[0], 4))
		return false;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		struct str prefix = str_of(prefixes[i].prefix);
		if (!str_starts(line, prefix))
			continue;
		*platform = prefixes[i].platform;
		str_cut(str_trim((struct str){line.s + prefix.n, line.n - prefix.n}), ' ', version,
		        &tail);
		tail = str_trim(tail);
		*context = (struct str){"", 0};
		if (tail.n > 2 && tail.s[0] == '<' && tail.s[tail.n - 1] == '>')
			*context = (struct str){tail.s + 1, tail.n - 2};
		return true;
	}
	return false;
}

/* --- terminals -------------------------------------------------------------------------- */

static struct str skip(struct str line, size_t n)
{
	return (struct str){line.s + n, line.n - n};
}

/* An escape sequence of a terminal at the front: ESC [ digits letter. */
static size_t escape_len(struct str line)
{
	size_t n = 2;
	if (line.n < 3 || line.s[0] != '\033' || line.s[1] != '[')
		return 0;
	while (n < line.n && strchr("0123456789;?", line.s[n]) && line.s[n])
		n++;
	return n < line.n ? n + 1 : n;
}

/* Behind a paging mark stands what wiped it: CR or backspaces, as many blanks, CR again. */
static struct str without_wiping(struct str line, size_t width)
{
	for (;;) {
		size_t blanks = 0, escape = escape_len(line);
		if (escape) {
			line = skip(line, escape);
			continue;
		}
		if (line.n && (line.s[0] == '\b' || line.s[0] == '\r')) {
			line = skip(line, 1);
			continue;
		}
		while (blanks < line.n && line.s[blanks] == ' ')
			blanks++;
		bool wiped = blanks < line.n && (line.s[blanks] == '\r' || line.s[blanks] == '\b');
		if (blanks && wiped) {
			line = skip(line, blanks);
			continue;
		}
		/*
		 * The CRs are lost: as many blanks as the mark is long wiped it, the rest indent.
		 */
		return blanks >= width ? skip(line, width) : line;
	}
}

/* A paging mark at the front of a line: its length, or 0. */
static size_t mark_len(struct str line)
{
	static const char *const marks[] = {"<--- More --->", "--More--", "-- More --"};
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (str_starts(line, str_of(marks[i])))
			return strlen(marks[i]);
	return 0;
}

struct str capture_unpage(struct str line, bool *paged)
{
	*paged = false;
	if (str_starts(line, S("\357\273\277")))
		line = skip(line, 3);
	for (;;) {
		size_t blanks = 0, mark;
		while (blanks < line.n && strchr(" \f\v", line.s[blanks]))
			blanks++; /* strchr() finds NUL bytes too */
		struct str rest = skip(line, blanks);
		if (rest.n == 0 || !strchr("<-\b\r\033", rest.s[0]))
			return blanks && line.s[0] != ' ' ? rest : line;
		mark = mark_len(rest);
		struct str left = without_wiping(skip(rest, mark), mark ? mark : SIZE_MAX);
		if (left.n == rest.n)
			return line;
		*paged |= mark > 0;
		line = left;
	}
}

static bool is_prompt_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c && strchr("-_./()@:", c));
}

bool capture_prompt(struct str line, struct prompt *prompt)
{
	size_t at = 0;
	while (at < line.n && is_prompt_char(line.s[at]))
		at++;
	if (at == line.n || (line.s[at] != '#' && line.s[at] != '>'))
		return false;
	/* CLISH of FTD has a bare ">". */
	if (at == 0 && (line.s[0] == '#' || (line.n > 1 && line.s[1] != ' ')))
		return false;
	prompt->len = at + 1;
	prompt->configuring =
	        line.s[at] == '#' && str_contains((struct str){line.s, at}, S("(config"));
	prompt->command = str_trim(skip(line, at + 1));
	return true;
}

/* --- what is around a config ------------------------------------------------------------ */

enum noise capture_noise(struct str line)
{
	static const struct {
		const char *prefix;
		enum noise noise;
	} list[] = {
	        {"Cryptochecksum", NOISE_END},
	        {"-----", NOISE_DEVICE},
	        {"Building configuration", NOISE_DEVICE},
	        {"[OK]", NOISE_DEVICE},
	        {"Type help or ", NOISE_DEVICE},
	        {"User Access Verification", NOISE_DEVICE},
	        {"Username:", NOISE_DEVICE},
	        {"Password:", NOISE_DEVICE},
	        {"User ", NOISE_DEVICE},
	        {"Logins over the last ", NOISE_DEVICE},
	        {"Last login:", NOISE_DEVICE},
	        {"Failed logins since", NOISE_DEVICE},
	        {"Logoff", NOISE_DEVICE},
	        {"Command authorization", NOISE_ERROR},
	        {"Uncompressed configuration", NOISE_DEVICE},
	        {"Current configuration", NOISE_DEVICE},
	        {"INFO:", NOISE_DEVICE},
	        {"WARNING:", NOISE_DEVICE},
	        {"WARNING ", NOISE_DEVICE},
	        {"%ASA-", NOISE_DEVICE},
	        {"%PIX-", NOISE_DEVICE},
	        {"%FWSM-", NOISE_DEVICE},
	        {"%FTD-", NOISE_DEVICE},
	        {"ERROR:", NOISE_ERROR},
	        {"ERROR %", NOISE_ERROR},
	        {"% ", NOISE_ERROR},
	        {"Connection to ", NOISE_ERROR},
	        {"Connection closed", NOISE_ERROR},
	        {"Write failed", NOISE_ERROR},
	        {"Received disconnect", NOISE_ERROR},
	};
	if (line.s[0] == '!' || line.s[0] == ':')
		return str_eq(line, S(": end")) ? NOISE_END : NOISE_COMMENT;
	/* Commands begin with a small letter. */
	if (line.s[0] >= 'a' && line.s[0] <= 'z')
		return NOISE_NONE;
	if (str_eq(line, S("^")))
		return NOISE_ERROR;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (str_starts(line, str_of(list[i].prefix)))
			return list[i].noise;
	return NOISE_NONE;
}

static struct str word_at(struct str *rest)
{
	struct str head, tail;
	str_cut(str_trim(*rest), ' ', &head, &tail);
	*rest = tail;
	return head;
}

bool capture_prints_other(struct str command)
{
	static const char *const printing[] = {"dir",        "ping",  "packet-tracer", "test",
	                                       "traceroute", "debug", "capture",       "verify"};
	struct str first = word_at(&command), second = word_at(&command);
	for (size_t i = 0; i < sizeof(printing) / sizeof(printing[0]); i++)
		if (str_eq(first, str_of(printing[i])))
			return true;
	if (first.n < 2 || !str_starts(S("show"), first))
		return str_eq(first, S("more")) && !str_contains(second, S("config")) &&
		       !str_ends(second, S(".cfg"));
	/*
	 * show running-config, startup-config, configuration, tech-support; access-lists are the
	 * reader's, which knows their form.
	 */
	static const char *const config[] = {"running-config", "startup-config", "configuration",
	                                     "tech-support", "access-list"};
	for (size_t i = 0; i < sizeof(config) / sizeof(config[0]); i++)
		if (second.n >= 3 && str_starts(str_of(config[i]), second))
			return false;
	return second.n > 0;
}

/* --- splitting -------------------------------------------------------------------------- */

struct splitter {
	struct arena *arena;
	struct config_parts *parts;
	struct str text;
	struct config_part open;
	uint32_t line;   /* of the line at hand, from 1 */
	size_t comments; /* where the comments just above it begin; SIZE_MAX: none */
	uint32_t comments_line;
	bool has_version;  /* the open part has its version line */
	bool has_commands; /* ... or some line that is no comment */
};

static void close_part(struct splitter *splitter, size_t end)
{
	if (end > splitter->open.offset) {
		splitter->open.len = (uint32_t)(end - splitter->open.offset);
		VEC_PUSH(splitter->arena, &splitter->parts->list, splitter->open);
	}
}

static void begin_part(struct splitter *splitter, size_t offset, uint32_t line, struct str context)
{
	splitter->open = (struct config_part){
	        .offset = (uint32_t)offset, .first_line = line, .context = context};
	splitter->has_version = splitter->has_commands = false;
}

/* A name for what follows: a new part, unless nothing has begun yet. */
static void on_context(struct splitter *splitter, size_t offset, struct str context)
{
	if (splitter->has_commands || splitter->has_version) {
		close_part(splitter, offset);
		begin_part(splitter, offset, splitter->line, context);
	} else {
		splitter->open.context = context;
	}
}

static void on_version(struct splitter *splitter, size_t offset)
{
	if (splitter->has_version) {
		bool above = splitter->comments != SIZE_MAX;
		size_t from = above ? splitter->comments : offset;
		close_part(splitter, from);
		begin_part(splitter, from, above ? splitter->comments_line : splitter->line,
		           (struct str){"", 0});
	}
	splitter->has_version = true;
}

/* "----------========== [ CONTEXT name FILE disk0:/name.cfg ] ==========----------" */
static bool oxidized_context(struct str line, struct str *context)
{
	struct str mark = S("----------========== [ CONTEXT ");
	if (!str_starts(line, mark))
		return false;
	struct str rest = skip(line, mark.n);
	*context = word_at(&rest);
	return true;
}

/* `changeto context NAME`, `changeto system` */
static bool changes_context(struct str command, struct str *context)
{
	struct str first = word_at(&command), second = word_at(&command);
	if (first.n < 3 || !str_starts(S("changeto"), first) || second.n == 0)
		return false;
	*context = str_starts(S("system"), second) ? S("system") : word_at(&command);
	return context->n > 0;
}

/* What the first lines say about the tool that made the capture. */
static void find_maker(struct config_parts *parts, struct str line)
{
	if (str_starts(line, S("!RANCID-CONTENT-TYPE")))
		parts->captured_by = S("rancid");
	/* Oxidized puts `show version` above the config, as comments. */
	else if (parts->captured_by.n == 0 &&
	         (str_starts(line, S("! Cisco Adaptive Security Appliance Software")) ||
	          str_starts(line, S("! Cisco PIX ")) || str_starts(line, S("! FWSM "))))
		parts->captured_by = S("oxidized");
}

static bool is_tech_heading(struct str line, bool *config)
{
	if (!str_starts(line, S("------------------ show ")))
		return false;
	*config = str_starts(line, S("------------------ show running-config -"));
	return true;
}

static void split_line(struct splitter *splitter, struct str line, size_t offset)
{
	enum platform platform;
	struct str version, context;
	struct prompt prompt;
	if (line.n == 0)
		return;
	if (line.s[0] == '!' || line.s[0] == ':') {
		find_maker(splitter->parts, line);
		/* ": end" belongs to the config above. */
		if (line.s[0] == ':' && !str_eq(line, S(": end")) &&
		    splitter->comments == SIZE_MAX) {
			splitter->comments = offset;
			splitter->comments_line = splitter->line;
		}
		return;
	}
	if (capture_version(line, &platform, &version, &context)) {
		on_version(splitter, offset);
	} else if (oxidized_context(line, &context)) {
		splitter->parts->captured_by = S("oxidized");
		on_context(splitter, offset, context);
	} else if (line.s[0] != ' ' && capture_prompt(line, &prompt)) {
		if (changes_context(prompt.command, &context))
			on_context(splitter, offset, context);
	} else {
		splitter->has_commands = true;
	}
	splitter->comments = SIZE_MAX;
}

struct config_parts config_split(struct arena *arena, struct str text)
{
	struct config_parts parts = {0};
	struct splitter splitter = {
	        .arena = arena, .parts = &parts, .text = text, .comments = SIZE_MAX};
	bool in_config = true, config_section = false;
	begin_part(&splitter, 0, 1, (struct str){"", 0});
	for (size_t at = 0; at < text.n;) {
		size_t offset = at;
		struct str line = str_trim(capture_line(text, &at));
		splitter.line++;
		if (is_tech_heading(line, &config_section)) {
			if (in_config && parts.captured_by.n)
				close_part(&splitter, offset);
			/* What stood above the first running-config is no part of it. */
			if (config_section)
				begin_part(&splitter, at, splitter.line + 1, (struct str){"", 0});
			parts.captured_by = S("show-tech");
			in_config = config_section;
		} else if (in_config) {
			split_line(&splitter, line, offset);
		}
	}
	if (in_config)
		close_part(&splitter, text.n);
	if (parts.list.n == 0)
		VEC_PUSH(arena, &parts.list,
		         (struct config_part){.len = (uint32_t)text.n, .first_line = 1});
	struct sources sources = {0};
	source_add(arena, &sources, S(""), text);
	VEC_EACH(struct config_part, part, &parts.list)
		part->capture = sources.list.v;
	return parts;
}
