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
#include "parser/line.h"
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

/* Who enters a class anew needs all that was entered in it. */
static void keep_class_line(struct reader *reader)
{
	struct policy_map *policy = &reader->config->policy_maps.v[reader->policy_map];
	VEC_PUSH(reader->arena, &policy->classes.v[reader->class].lines, reader->line);
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
	if (reader->modes[level].mode == MODE_CLASS)
		keep_class_line(reader);
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
	bool inside = innermost(reader)->mode == MODE_IRRELEVANT && innermost(reader)->indented;
	if (!dispatch(reader, words, n, &handled)) {
		if (is_prose(reader, words[0]))
			return LINE_IRRELEVANT;
		if (!dispatch_lowered(reader, words, n, &handled))
			return unknown_command(reader, words, n);
	}
	reader->prose &= inside; /* deeper lines below a banner are its text */
	switch (handled) {
	case HANDLED:
		reader->asa_signs += is_firewall_word(words[0]);
		if (reader->config->invalid_lines.n != n_invalid)
			mark_secrets_in_prose(reader, words, n);
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

/* Certificates are most of what does not matter, and name nothing. */
static void note_other_line(struct reader *reader, const struct str *words, uint32_t n)
{
	if (n > 1 && !is_hex_dump(words, n) && !str_eq(words[0], S("description")))
		VEC_PUSH(reader->arena, &reader->config->other_lines, reader->line);
}

/* What was cut from the front of a line, without what wiped it. */
static struct span paging_mark(const struct reader *reader, struct str raw, struct str line)
{
	struct span span = reader->line;
	enum { MARK = sizeof("<--- More --->") - 1 };
	span.offset = (uint32_t)(raw.s - reader->text.s);
	span.len = (uint32_t)(line.s - raw.s);
	span.len = span.len > MARK ? MARK : span.len;
	return span;
}

static enum line_use read_line(struct reader *reader, struct str raw)
{
	struct str *words = reader->words;
	bool paged;
	struct str line = capture_unpage(raw, &paged);
	reader->depth = capture_depth(line);
	line = str_trim(line);
	line_set(reader, line);
	if (paged)
		note_truncation(reader, paging_mark(reader, raw, line),
		                "it was captured with paging (`<--- More --->`)");
	if (memchr(line.s, '\0', line.n))
		diag_add(reader->arena, &reader->config->diags, SEVERITY_WARNING, reader->line,
		         "a NUL byte in this line: no device prints one, so the file may be "
		         "damaged");
	if (line.n == 0)
		return LINE_IRRELEVANT;
	if (line_version(reader, line))
		return LINE_MODELLED;
	if (line_strip(reader, &line))
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
	if (line_is_cut(reader, raw))
		return read_cut_line(reader, words + first, n - first);
	enum line_use use = read_command(reader, words + first, n - first);
	note_block_line(reader, words + first, n - first);
	if (use == LINE_IRRELEVANT) {
		hide_secrets(reader, words + first, n - first);
		line_skip_banner(reader, words + first, n - first);
	}
	if (use != LINE_MODELLED)
		note_other_line(reader, words + first, n - first);
	return use;
}

/* --- sources ---------------------------------------------------------------------------- */

static void read_source(struct reader *reader, uint16_t source, size_t offset, size_t len)
{
	reader->text = reader->config->sources.list.v[source].text;
	reader->line = (struct span){.source = source};
	reader->applied = source > 0;
	reader->end = offset + len;
	reader->next = offset;
	struct str part = {reader->text.s + offset, len}, whole = {reader->text.s, reader->end};
	reader->wrap_width = line_width(part);
	reader->skipping = reader->prose = reader->no_banner_end = false;
	reader->shown = (struct shown_ace){0};
	reader->shown_twice = 0;
	reader->block = 0;
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
	/* 128 KiB of stack, which a capture of many contexts gets back. */
	struct str words[MAX_WORDS];
	struct grammar grammar;
	grammar_init(&grammar);
	struct reader reader = {
	        .config = config, .arena = arena, .grammar = &grammar, .words = words};
	for (uint32_t i = 0; i < n; i++) {
		uint16_t source = i == 0 ? source_share(arena, &config->sources, inputs[i].path,
		                                        part->capture)
		                         : source_add(arena, &config->sources, inputs[i].path,
		                                      inputs[i].text);
		if (i == 0) {
			read_source(&reader, source, part->offset, part->len);
			judge_end(&reader);
		} else {
			read_source(&reader, source, 0, inputs[i].text.n);
		}
	}
	reader_finish(&reader);
	config_link(config);
	return config;
}
