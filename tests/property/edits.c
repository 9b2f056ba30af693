/* SPDX-License-Identifier: ISC */
/* See edits.h. Lines are edited where they matter: never those that begin a config. */
#include "tests/property/edits.h"

#include <stdlib.h>

struct text_lines {
	VEC(struct str) list;
};

static struct text_lines lines_of(struct arena *arena, struct str text)
{
	struct text_lines lines = {0};
	while (text.n) {
		struct str line;
		str_cut(text, '\n', &line, &text);
		VEC_PUSH(arena, &lines.list, line);
	}
	return lines;
}

static struct str joined(struct arena *arena, const struct text_lines *lines)
{
	struct buf out = {.arena = arena};
	VEC_EACH(const struct str, line, &lines->list)
		buf_printf(&out, "%.*s\n", STR(*line));
	return buf_str(&out);
}

/* --- edits ------------------------------------------------------------------------------ */

static bool matters(struct str line)
{
	static const char *const words[] = {"access-list ",    "access-group ",
	                                    "static ",         "nat ",
	                                    "global ",         " nat ",
	                                    " host ",          " subnet ",
	                                    "  inspect ",      "  set ",
	                                    "  police ",       " match ",
	                                    "service-policy ", " network-object ",
	                                    "route ",          " security-level "};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_starts(line, str_of(words[i])))
			return true;
	return false;
}

/* There are few such lines, so they are looked for first. */
static bool translates(struct str line)
{
	return str_starts(line, S("static ")) || str_starts(line, S("nat ")) ||
	       str_starts(line, S("global ")) || str_starts(line, S(" nat "));
}

static uint32_t some_line(struct rng *rng, const struct text_lines *lines)
{
	uint32_t at = 0;
	for (int tries = 0; tries < 200; tries++) {
		at = rng_below(rng, lines->list.n);
		if (matters(lines->list.v[at]) && (tries > 9 || translates(lines->list.v[at])))
			break;
	}
	return at;
}

/* One digit of the line becomes another. */
static struct str other_number(struct arena *arena, struct rng *rng, struct str line)
{
	struct buf out = {.arena = arena};
	size_t digits = 0, at, seen = 0;
	for (size_t i = 0; i < line.n; i++)
		digits += line.s[i] >= '0' && line.s[i] <= '9';
	at = rng_below(rng, (uint32_t)digits);
	for (size_t i = 0; i < line.n; i++) {
		bool digit = line.s[i] >= '0' && line.s[i] <= '9';
		buf_char(&out,
		         digit && seen++ == at ? (char)('0' + rng_below(rng, 10)) : line.s[i]);
	}
	return buf_str(&out);
}

struct str edit_text(struct arena *arena, struct rng *rng, struct str text)
{
	struct text_lines lines = lines_of(arena, text);
	uint32_t at = some_line(rng, &lines), other = some_line(rng, &lines);
	struct str line = lines.list.v[at];
	switch (rng_below(rng, 4)) {
	case 0:
		for (; at + 1 < lines.list.n; at++)
			lines.list.v[at] = lines.list.v[at + 1];
		lines.list.n--;
		break;
	case 1:
		lines.list.v[at] = lines.list.v[other];
		lines.list.v[other] = line;
		break;
	case 2:
		lines.list.v[other] = line;
		break;
	default:
		lines.list.v[at] = other_number(arena, rng, line);
	}
	return joined(arena, &lines);
}

/* --- other words ------------------------------------------------------------------------ */

/* "nat (inside) 1 REST" with 701 for 1; false where it has no pool. */
static bool with_other_pool(struct arena *arena, struct str line, struct str *out)
{
	struct str head, number, rest;
	if (!str_starts(line, S("nat (")) && !str_starts(line, S("global (")))
		return false;
	if (!str_cut(line, ')', &head, &rest) || !str_cut(str_trim(rest), ' ', &number, &rest) ||
	    number.n == 0 || number.n > 2)
		return false;
	for (size_t i = 0; i < number.n; i++)
		if (number.s[i] < '0' || number.s[i] > '9')
			return false;
	if (str_eq(number, S("0")))
		return false;
	*out = str_printf(arena, "%.*s) 7%02d %.*s", STR(head), atoi(str_cstr(arena, number)),
	                  STR(rest));
	return true;
}

struct str reword_text(struct arena *arena, struct str text)
{
	struct text_lines lines = lines_of(arena, text);
	VEC_EACH(struct str, line, &lines.list) {
		if (with_other_pool(arena, *line, line))
			continue;
		if (str_eq(str_trim(*line), S("inspect esmtp")))
			*line = S("  inspect esmtp _default_esmtp_map");
	}
	return joined(arena, &lines);
}
