/* SPDX-License-Identifier: ISC */
/* Lines before they are commands: what a terminal, a device and a banner put around those. */
#ifndef PARSER_LINE_H
#define PARSER_LINE_H

#include "parser/reader.h"

/* This text, a part of the source, is the line at hand. */
void line_set(struct reader *reader, struct str line);

/* "ASA Version 9.8(4)15 <context>": true if the line is one. */
bool line_version(struct reader *reader, struct str line);

/* Noise and prompts. True: the line is done with; else *line is the command in it. */
bool line_strip(struct reader *reader, struct str *line);

/* The width at which a terminal may have cut lines of this text; 0: it did not. */
uint32_t line_width(struct str text);

/* Did the terminal cut this line (`raw`: with its indentation), so that it goes on below? */
bool line_is_cut(const struct reader *reader, struct str raw);

/* After a banner: its text may go on below, in lines that are no commands. */
void line_skip_banner(struct reader *reader, const struct str *words, uint32_t n);

#endif
