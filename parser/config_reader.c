/* SPDX-License-Identifier: ISC */
/*
 * The replay: lines, words, modes, and the account of what every line was.
 *
 * A block is read by its own indentation: if the line below its first is deeper, the block
 * ends where the depth returns. If it is not, the text has lost its indentation there (PIX 6
 * never had any), and a line belongs to the innermost open mode that knows it. In both, a
 * command that a mode does not know is taken by its parent (asa-semantics 1.7).
 */
#include "parser/config_reader.h"

#include "parser/grammar.h"
#include "parser/signs.h"

/* A line with more words than this is none that a device printed. */
enum { MAX_WORDS = 4096 };

/* --- words ------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static uint32_t split_words(struct str line, struct str *words)
{
	uint32_t n = 0;
	const char *at = line.s, *end = line.s + line.n;
	while (n < MAX_WORDS) {
		while (at < end && is_blank(*at))
			at++;
		if (at == end)
			break;
		const char *begin = at;
		while (at < end && !is_blank(*at))
			at++;
		words[n++] = (struct str){begin, (size_t)(at - begin)};
	}
	return n;
}

/* --- modes ------------------------------------------------------------------------------ */

static const struct open_mode *innermost(const struct reader *reader)
{
	return &reader->modes[reader->n_modes - 1];
}

/* The depth of the next line that is no comment; 0 at the end. */
static uint32_t next_depth(const struct reader *reader)
{
	struct str rest = {reader->text.s, reader->end};
	for (size_t at = reader->next; at < rest.n;) {
		bool paged;
		struct str line = capture_unpage(capture_line(rest, &at), &paged);
		uint32_t depth = capture_depth(line);
		line = str_trim(line);
		if (line.n && line.s[0] != '!' && line.s[0] != ':')
			return depth;
	}
	return 0;
}

void open_mode(struct reader *reader, enum mode mode)
{
	if (reader->n_modes == MAX_MODES)
		return;
	bool indented = next_depth(reader) > reader->depth;
	reader->modes[reader->n_modes++] = (struct open_mode){mode, reader->depth, indented};
	/* These are never without content (a class may be, and so may an inspection map). */
	if (mode >= MODE_INTERFACE && mode <= MODE_POLICY_MAP)
		reader->last_opener = reader->line;
}

/* Leave the modes that a line of this depth cannot be in. */
static void close_modes(struct reader *reader)
{
	for (uint32_t i = 1; i < reader->n_modes; i++) {
		const struct open_mode *mode = &reader->modes[i];
		if (mode->indented ? reader->depth <= mode->depth : reader->depth < mode->depth)
			reader->n_modes = i;
	}
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
	const struct command *command =
	        grammar_find(reader->grammar, reader->modes[level].mode, words, n);
	if (!command)
		return false;
	reader->n_modes = level + 1;
	*handled = run(reader, command, words, n);
	if (*handled == HANDLED_NOT_MINE) {
		reader->n_modes = all;
		return false;
	}
	/* What a command opens that does not matter does not matter either. */
	if (*handled == HANDLED_IRRELEVANT && level == 0 && reader->n_modes == 1)
		open_mode(reader, MODE_IRRELEVANT);
	return true;
}

/* A certificate's hex lines: nothing but digits. */
static bool is_hex_dump(const struct str *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (words[i].n % 2 || words[i].n > 64)
			return false;
		for (size_t k = 0; k < words[i].n; k++)
			if (words[i].s[k] == '\0' ||
			    !strchr("0123456789abcdefABCDEF", words[i].s[k]))
				return false;
	}
	return true;
}

/*
 * A block that does not matter and lost its indentation: what the top level models is of the
 * top level, for `timeout conn` may follow `aaa-server`; then what such blocks hold.
 */
static bool try_flat_irrelevant(struct reader *reader, const struct str *words, uint32_t n,
                                enum handled *handled)
{
	uint32_t all = reader->n_modes;
	bool known =
	        grammar_find(reader->grammar, MODE_IRRELEVANT, words, n) || is_hex_dump(words, n);
	if (try_mode(reader, 0, words, n, handled)) {
		bool read = *handled != HANDLED_UNKNOWN && *handled != HANDLED_DOUBT;
		if (read || !known)
			return true;
		reader->n_modes = all;
	}
	*handled = HANDLED_IRRELEVANT;
	if (known && next_depth(reader) > reader->depth)
		open_mode(reader, MODE_IRRELEVANT);
	return known;
}

static bool dispatch(struct reader *reader, const struct str *words, uint32_t n,
                     enum handled *handled)
{
	const struct open_mode *inner = innermost(reader);
	if (inner->mode == MODE_UNKNOWN_BLOCK && inner->indented)
		return false;
	if (inner->mode == MODE_IRRELEVANT) {
		*handled = HANDLED_IRRELEVANT;
		return inner->indented || try_flat_irrelevant(reader, words, n, handled);
	}
	for (uint32_t level = reader->n_modes; level-- > 0;)
		if (try_mode(reader, level, words, n, handled))
			return true;
	return false;
}

/* --- commands --------------------------------------------------------------------------- */

/*
 * Prose below a banner (section 10: banner text may hold anything). Commands begin with a small
 * letter; a line that does may be one that is not known, and is none of a banner.
 */
static bool is_prose(const struct reader *reader, struct str first)
{
	return reader->prose && !(first.s[0] >= 'a' && first.s[0] <= 'z');
}

static enum line_use unknown_command(struct reader *reader, const struct str *words, uint32_t n)
{
	const struct open_mode *inner = innermost(reader);
	/* Without indentation the line may be of the top level as well. */
	bool local = mark_unknown(reader) && inner->indented;
	local |= inner->mode == MODE_UNKNOWN_BLOCK;
	report_unknown(reader, words, n, local);
	if (inner->mode == MODE_TOP && next_depth(reader) > reader->depth)
		open_mode(reader, MODE_UNKNOWN_BLOCK);
	return LINE_UNKNOWN;
}

/* Devices take commands in capitals, too: people type `DNS server-group`. */
static bool dispatch_lowered(struct reader *reader, struct str *words, uint32_t n,
                             enum handled *handled)
{
	struct str written = words[0], lower = str_copy(reader->arena, written);
	bool changed = false;
	for (size_t i = 0; i < lower.n; i++)
		if (lower.s[i] >= 'A' && lower.s[i] <= 'Z') {
			((char *)lower.s)[i] += 32;
			changed = true;
		}
	words[0] = lower;
	bool done = changed && dispatch(reader, words, n, handled);
	words[0] = written;
	return done;
}

static enum line_use read_command(struct reader *reader, struct str *words, uint32_t n)
{
	enum handled handled = HANDLED_UNKNOWN;
	uint32_t n_invalid = reader->config->invalid_lines.n;
	close_modes(reader);
	reader->last_opener = (struct span){0};
	if (!dispatch(reader, words, n, &handled)) {
		if (is_prose(reader, words[0]))
			return LINE_IRRELEVANT;
		if (!dispatch_lowered(reader, words, n, &handled))
			return unknown_command(reader, words, n);
	}
	switch (handled) {
	case HANDLED:
		reader->asa_signs += is_firewall_word(words[0]);
		if (reader->config->invalid_lines.n != n_invalid)
			mark_secrets(reader, words, n);
		return LINE_MODELLED;
	case HANDLED_IRRELEVANT:
	case HANDLED_NOT_MINE:
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

static void set_version(struct config *config, enum platform platform, struct str text)
{
	config->platform = platform;
	config->platform_known = true;
	config->version_text = text;
	config->version = parse_version(text);
}

static bool read_version(struct reader *reader, struct str line)
{
	struct config *config = reader->config;
	enum platform platform;
	struct str text, context;
	if (!capture_version(line, &platform, &text, &context))
		return false;
	set_version(config, platform, text);
	reader->skipping = false;
	/* "<context>" is the word itself, not a name; "<system>" tells which. */
	if (str_eq(context, S("system"))) {
		config->system_context = true;
		config->context = context;
	} else if (context.n && config->context.n == 0) {
		config->context = context;
	}
	reader->asa_signs += 10;
	return true;
}

/* The release in a comment of Oxidized, for a config whose own version line it cut off. */
static void read_version_comment(struct reader *reader, struct str line)
{
	struct str mark = S("! Cisco Adaptive Security Appliance Software Version "), head, tail;
	if (reader->config->platform_known || !str_starts(line, mark))
		return;
	str_cut((struct str){line.s + mark.n, line.n - mark.n}, ' ', &head, &tail);
	set_version(reader->config, PLATFORM_ASA, head);
}

static void set_line(struct reader *reader, struct str line)
{
	reader->line.offset = (uint32_t)(line.s - reader->text.s);
	reader->line.len = (uint32_t)line.n;
}

/* Noise and prompts. True: the line is done with; else *line is the command in it. */
static bool strip_line(struct reader *reader, struct str *line)
{
	struct config *config = reader->config;
	struct prompt prompt;
	switch (capture_noise(*line)) {
	case NOISE_NONE:
		break;
	case NOISE_COMMENT:
		reader->skipping &= !str_eq(*line, S(": Saved"));
		read_version_comment(reader, *line);
		return true;
	case NOISE_END:
		config->has_end |= !reader->applied;
		return true;
	case NOISE_ERROR:
		if (!reader->prose)
			note_truncation(reader, reader->line, "the device reports an error");
		return true;
	case NOISE_DEVICE:
		return true;
	}
	if ((reader->depth && reader->n_modes > 1) || !capture_prompt(*line, &prompt))
		return reader->skipping;
	if (!reader->applied)
		config->capture.by = S("terminal");
	reader->skipping = !prompt.configuring && capture_prints_other(prompt.command);
	reader->n_modes = prompt.configuring ? reader->n_modes : 1;
	*line = prompt.command;
	set_line(reader, *line);
	return !prompt.configuring || line->n == 0;
}

/* exit, quit, end: true if the line was one of them. */
static bool leave_mode(struct reader *reader, const struct str *words, uint32_t n)
{
	if (n != 1)
		return false;
	if (str_eq(words[0], S("end")))
		reader->n_modes = 1;
	else if (str_eq(words[0], S("exit")) || str_eq(words[0], S("quit")))
		reader->n_modes -= reader->n_modes > 1;
	else
		return false;
	reader->last_opener = (struct span){0};
	return true;
}

/*
 * A line as wide as the terminal, and below it one that begins like no command: the terminal
 * cut a line in two (section 10). It is never joined: whether a word was cut is not known.
 */
static bool is_cut(const struct reader *reader, struct str raw)
{
	if (reader->wrap_width == 0 || raw.n != reader->wrap_width)
		return false;
	size_t at = reader->next;
	struct str rest = {reader->text.s, reader->end}, first, tail;
	struct str below = at < rest.n ? capture_line(rest, &at) : (struct str){"", 0};
	uint32_t depth = capture_depth(below);
	below = str_trim(below);
	if (below.n == 0 || depth > 0 || capture_noise(below) != NOISE_NONE)
		return false;
	str_cut(below, ' ', &first, &tail);
	if (str_eq(first, S("no")) || str_eq(first, S("exit")) || str_eq(first, S("quit")))
		return false;
	for (uint32_t i = 0; i < reader->n_modes; i++)
		if (grammar_begins(reader->grammar, reader->modes[i].mode, first))
			return false;
	struct prompt prompt;
	return !capture_prompt(below, &prompt);
}

/* Both halves of a cut line are unknown, but where the command does not matter. */
static enum line_use read_cut_line(struct reader *reader, const struct str *words, uint32_t n)
{
	close_modes(reader);
	bool irrelevant = innermost(reader)->mode == MODE_IRRELEVANT && innermost(reader)->indented;
	for (uint32_t level = reader->n_modes; level-- > 0 && !irrelevant;) {
		const struct command *command =
		        grammar_find(reader->grammar, reader->modes[level].mode, words, n);
		if (!command)
			continue;
		irrelevant = !command->handler;
		break;
	}
	note_truncation(reader, showable(reader, words, n),
	                "the terminal cut lines at its width (set `terminal width 0` or wider)");
	struct str rest = {reader->text.s, reader->end};
	capture_line(rest, &reader->next);
	if (!reader->applied)
		count_line(reader, irrelevant ? LINE_IRRELEVANT : LINE_UNKNOWN);
	mark_secrets(reader, words, n);
	if (irrelevant)
		return LINE_IRRELEVANT;
	mark_unknown(reader);
	report_unknown(reader, words, n, false);
	return LINE_UNKNOWN;
}

/* `banner motd ^C`: the text up to the line with the same mark, if there is one. */
static void skip_banner(struct reader *reader, const struct str *words, uint32_t n)
{
	reader->prose = n > 0 && str_eq(words[0], S("banner"));
	if (!reader->prose || n != 3 || reader->no_banner_end)
		return;
	struct str mark = words[2], rest = {reader->text.s, reader->end};
	bool delimiter = mark.n && mark.n <= 2 && (mark.s[0] == '^' || mark.s[0] == '\003');
	for (size_t at = reader->next; delimiter && at < rest.n;)
		if (str_ends(str_trim(capture_line(rest, &at)), mark)) {
			while (reader->next < at) {
				capture_line(rest, &reader->next);
				if (!reader->applied)
					count_line(reader, LINE_IRRELEVANT);
			}
			return;
		}
	reader->no_banner_end = delimiter;
}

/* Secrets are marked in lines that do not matter, too: nobody knows who quotes them one day. */
static void hide_secrets(struct reader *reader, const struct str *words, uint32_t n)
{
	const struct command *command = grammar_find(reader->grammar, MODE_TOP, words, n);
	int at = command ? grammar_secret(command->pattern) : -1;
	if (at < 0 || (uint32_t)at >= n) {
		mark_secrets(reader, words, n);
		return;
	}
	struct span span = reader->line;
	span.offset = (uint32_t)(words[at].s - reader->text.s);
	span.len = reader->line.offset + reader->line.len - span.offset;
	source_mark_secret(reader->arena, &reader->config->sources, span);
}

static enum line_use read_line(struct reader *reader, struct str raw)
{
	struct str *words = reader->words;
	bool paged;
	struct str line = capture_unpage(raw, &paged);
	reader->depth = capture_depth(line);
	line = str_trim(line);
	set_line(reader, line);
	if (paged)
		note_truncation(reader, reader->line,
		                "it was captured with paging (`<--- More --->`)");
	if (memchr(line.s, '\0', line.n))
		diag_add(reader->arena, &reader->config->diags, SEVERITY_WARNING, reader->line,
		         "a NUL byte in this line: no device prints one, so the file may be "
		         "damaged");
	if (line.n == 0)
		return LINE_IRRELEVANT;
	if (read_version(reader, line))
		return LINE_MODELLED;
	if (strip_line(reader, &line))
		return LINE_IRRELEVANT;

	reader->last_unknown = false;
	uint32_t n = split_words(line, words), first = 0;
	if (reader->depth == 0 && reader->asa_signs < 100)
		reader->ios_signs += is_router_line(words, n);
	if (leave_mode(reader, words, n))
		return LINE_IRRELEVANT;
	reader->negated = n > 1 && str_eq(words[0], S("no"));
	first = reader->negated;
	if (n == MAX_WORDS) {
		reader->n_modes = 1;
		return unknown_command(reader, words, 1);
	}
	if (is_cut(reader, raw))
		return read_cut_line(reader, words + first, n - first);
	enum line_use use = read_command(reader, words + first, n - first);
	if (use == LINE_IRRELEVANT) {
		hide_secrets(reader, words + first, n - first);
		skip_banner(reader, words + first, n - first);
	} else {
		reader->prose = false;
	}
	return use;
}

/* --- sources ---------------------------------------------------------------------------- */

/*
 * The width at which a terminal may have cut lines: 80, or what `terminal width` says, if no line
 * is wider.
 */
static uint32_t find_wrap_width(struct str text)
{
	static const char command[] = "terminal width ";
	size_t widest = 0;
	uint64_t width = 80;
	for (size_t at = 0; at < text.n;) {
		struct str line = capture_line(text, &at), head, tail;
		line.n -= line.n && line.s[line.n - 1] == '\r';
		widest = line.n > widest ? line.n : widest;
		if (!str_starts(line, str_of(command)))
			continue;
		struct str rest = {line.s + sizeof(command) - 1, line.n - sizeof(command) + 1};
		str_cut(str_trim(rest), ' ', &head, &tail);
		if (!str_number(head, 511, &width))
			width = 80;
	}
	return width && widest == width ? (uint32_t)width : 0;
}

static void read_source(struct reader *reader, uint16_t source, size_t offset, size_t len)
{
	reader->text = reader->config->sources.list.v[source].text;
	reader->line = (struct span){.source = source};
	reader->applied = source > 0;
	reader->end = offset + len;
	reader->next = offset;
	struct str part = {reader->text.s + offset, len}, whole = {reader->text.s, reader->end};
	reader->wrap_width = find_wrap_width(part);
	reader->skipping = reader->prose = reader->no_banner_end = false;
	reader->shown = (struct shown_ace){0};
	reader->shown_twice = 0;
	reader->n_modes = 1;
	reader->modes[0] = (struct open_mode){.mode = MODE_TOP};
	while (reader->next < reader->end) {
		struct str raw = capture_line(whole, &reader->next);
		raw.n -= raw.n && raw.s[raw.n - 1] == '\r';
		enum line_use use = read_line(reader, raw);
		if (!reader->applied)
			count_line(reader, use);
	}
}

/* Does the first input end in the middle of something? */
static void judge_end(struct reader *reader)
{
	struct config *config = reader->config;
	struct span end = reader->last_opener;
	bool cut_line =
	        reader->last_unknown && reader->end && reader->text.s[reader->end - 1] != '\n';
	if (!config->has_end && end.len)
		note_truncation(reader, end, "it ends where a block begins");
	else if (!config->has_end && cut_line)
		note_truncation(reader, config->unknown_lines.v[config->unknown_lines.n - 1].span,
		                "it ends in the middle of a command");
	config->cut_short = !config->has_end && (end.len || cut_line);
	config->capture.complete = config->truncations.n ? TRI_NO
	                           : config->has_end     ? TRI_YES
	                                                 : TRI_UNKNOWN;
	config->asa_signs = reader->asa_signs;
	config->ios_signs = reader->ios_signs;
}

struct config *config_read(struct arena *arena, const struct config_input *inputs, uint32_t n,
                           const struct config_part *part)
{
	struct config *config = NEW(arena, struct config);
	config->arena = arena;
	config->names = interns_new(arena);
	config->context = part->context;
	struct reader reader = {.config = config, .arena = arena};
	reader.grammar = grammar_new(arena);
	reader.words = NEW_ARRAY(arena, struct str, MAX_WORDS);
	for (uint32_t i = 0; i < n; i++) {
		uint16_t source =
		        source_add(arena, &config->sources, inputs[i].path, inputs[i].text);
		if (i == 0) {
			read_source(&reader, source, part->offset, part->len);
			judge_end(&reader);
		} else {
			read_source(&reader, source, 0, inputs[i].text.n);
		}
	}
	reader_finish(&reader);
	/* A device writes "<context>" for the name; the hostname is the only name in the text. */
	if (str_eq(config->context, S("context")) && config->hostname.n)
		config->context = config->hostname;
	config_link(config);
	return config;
}
