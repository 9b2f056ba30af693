/* SPDX-License-Identifier: ISC */
/*
 * Lines for people: styled where that is wanted, and wrapped. Everything is
 * made safe for a terminal on its way out, so callers pass text as it is.
 */
#ifndef EMITTERS_CONSOLE_H
#define EMITTERS_CONSOLE_H

#include "model/str.h"

enum { CONSOLE_WIDTH = 100 };

enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_DIM,
	STYLE_BAD,     /* red */
	STYLE_WARNING, /* yellow */
	STYLE_NOTE,    /* cyan */
	STYLE_GOOD,    /* green */
	STYLE_COUNT
};

struct console {
	struct buf *out;
	bool color;
	size_t indent; /* of the lines that wrapping begins */
	size_t column; /* where the next character goes, from 0 */
	bool space;    /* a blank is due before the next word */
};

/* The text as it is, never broken. */
void console_put(struct console *console, enum style style, struct str text);

/* The words of the text, with a new line at `indent` before each that would pass CONSOLE_WIDTH. */
void console_wrap(struct console *console, enum style style, struct str text);

/* A blank, unless the line is wrapped here. */
void console_space(struct console *console);

/* Blanks up to a column; a new line first if the column is passed already. */
void console_column(struct console *console, size_t column);

/* End the line, if one was begun. */
void console_end(struct console *console);

/* End the line and leave one empty, except at the very beginning and after an empty one. */
void console_gap(struct console *console);

/* console_wrap() of a formatted text. */
__attribute__((format(printf, 3, 4))) void console_printf(struct console *console, enum style style,
                                                          const char *format, ...);

#endif
