/* SPDX-License-Identifier: ISC */
/* Lines before they are commands: what a terminal, a device and a banner put around those. */
#include "parser/line.h"

#include "parser/capture.h"
#include "parser/grammar.h"

void line_set(struct reader *reader, struct str line)
{
	reader->line.offset = (uint32_t)(line.s - reader->text.s);
	reader->line.len = (uint32_t)line.n;
}

/* --- versions --------------------------------------------------------------------------- */

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

bool line_version(struct reader *reader, struct str line)
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

/* --- prompts and noise ------------------------------------------------------------------ */

/* Noise and prompts. True: the line is done with; else *line is the command in it. */
bool line_strip(struct reader *reader, struct str *line)
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
	line_set(reader, *line);
	return !prompt.configuring || line->n == 0;
}

/* --- cut lines -------------------------------------------------------------------------- */

/*
 * The width at which a terminal may have cut lines: 80, or what `terminal width` says, if no line
 * is wider.
 */
uint32_t line_width(struct str text)
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

/*
 * A line as wide as the terminal, and below it one that begins like no command: the terminal
 * cut a line in two (section 10). It is never joined: whether a word was cut is not known.
 */
bool line_is_cut(const struct reader *reader, struct str raw)
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

/* --- banners ---------------------------------------------------------------------------- */

/* `banner motd ^C`: the text up to the line with the same mark, if there is one. */
void line_skip_banner(struct reader *reader, const struct str *words, uint32_t n)
{
	if (n == 0 || !str_eq(words[0], S("banner")))
		return;
	reader->prose = true;
	if (n != 3 || reader->no_banner_end)
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
