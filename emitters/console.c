/* SPDX-License-Identifier: ISC */
/* Lines for people: styled where that is wanted, and wrapped. */
#include "emitters/console.h"

#include "emitters/escape.h"

static const char *const style_codes[STYLE_COUNT] = {
        [STYLE_PLAIN] = "",         [STYLE_BOLD] = "\033[1m",     [STYLE_DIM] = "\033[2m",
        [STYLE_BAD] = "\033[1;31m", [STYLE_WARNING] = "\033[33m", [STYLE_NOTE] = "\033[36m",
        [STYLE_GOOD] = "\033[32m",
};

static void flush_space(struct console *console)
{
	if (!console->space)
		return;
	buf_char(console->out, ' ');
	console->column++;
	console->space = false;
}

void console_put(struct console *console, enum style style, struct str text)
{
	bool styled = console->color && style != STYLE_PLAIN && text.n;

	if (!text.n)
		return;
	text = escape_line(console->out->arena, text);
	flush_space(console);
	if (styled)
		buf_add(console->out, str_of(style_codes[style]));
	buf_add(console->out, text);
	if (styled)
		buf_add(console->out, S("\033[0m"));
	console->column += escape_width(text);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

static struct str next_word(struct str *text)
{
	struct str word;

	*text = str_trim(*text);
	word = (struct str){text->s, 0};
	while (word.n < text->n && !is_blank(word.s[word.n]))
		word.n++;
	*text = (struct str){text->s + word.n, text->n - word.n};
	return word;
}

void console_wrap(struct console *console, enum style style, struct str text)
{
	struct str word;
	bool first = true;

	text = str_trim(text);
	while (text.n) {
		word = next_word(&text);
		if (!first)
			console_space(console);
		first = false;
		if (console->column > console->indent &&
		    console->column + console->space + escape_width(word) > CONSOLE_WIDTH) {
			console_end(console);
			console_column(console, console->indent);
		}
		console_put(console, style, word);
	}
}

void console_printf(struct console *console, enum style style, const char *format, ...)
{
	struct str text;
	va_list args;

	va_start(args, format);
	text = str_vprintf(console->out->arena, format, args);
	va_end(args);
	console_wrap(console, style, text);
}

void console_space(struct console *console)
{
	console->space = console->column > 0;
}

void console_column(struct console *console, size_t column)
{
	if (console->column > column)
		console_end(console);
	console->space = false;
	for (; console->column < column; console->column++)
		buf_char(console->out, ' ');
}

void console_end(struct console *console)
{
	console->space = false;
	if (console->column == 0)
		return;
	buf_char(console->out, '\n');
	console->column = 0;
}

void console_gap(struct console *console)
{
	const struct buf *out = console->out;

	console_end(console);
	if (out->n == 0 || (out->n > 1 && out->s[out->n - 2] == '\n'))
		return;
	buf_char(console->out, '\n');
}
