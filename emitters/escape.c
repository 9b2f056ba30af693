/* SPDX-License-Identifier: ISC */
/* Text of unknown origin made fit to be printed. */
#include "emitters/escape.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/*
 * The well-formed sequences of RFC 3629, section 4, by their first byte: how
 * long they are and what the second byte may be (the others: 80 to bf). This
 * keeps out overlong forms, surrogates and what is above U+10FFFF.
 */
static const struct {
	unsigned char first_lo, first_hi, second_lo, second_hi;
	unsigned length;
} sequences[] = {
        {0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

static unsigned char byte_at(struct str s, size_t i)
{
	return (unsigned char)s.s[i];
}

static bool is_tail(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

unsigned escape_utf8_length(struct str s)
{
	size_t i;
	unsigned k;

	for (i = 0; s.n && i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		unsigned length = sequences[i].length;

		if (byte_at(s, 0) < sequences[i].first_lo || byte_at(s, 0) > sequences[i].first_hi)
			continue;
		if (length > s.n)
			return 0;
		if (length > 1 && (byte_at(s, 1) < sequences[i].second_lo ||
		                   byte_at(s, 1) > sequences[i].second_hi))
			return 0;
		for (k = 2; k < length; k++)
			if (!is_tail(byte_at(s, k)))
				return 0;
		return length;
	}
	return 0;
}

/* C0, DEL, and C1 (which some terminals obey as they do escape sequences). */
static bool is_control(struct str s)
{
	unsigned char first = byte_at(s, 0);

	return first < 0x20 || first == 0x7f || (first == 0xc2 && s.n > 1 && byte_at(s, 1) < 0xa0);
}

static bool is_fit(struct str s, bool controls)
{
	while (s.n) {
		unsigned length = escape_utf8_length(s);

		if (length == 0 || (!controls && is_control(s)))
			return false;
		s = (struct str){s.s + length, s.n - length};
	}
	return true;
}

static struct str escape(struct arena *arena, struct str s, bool controls)
{
	struct buf buf = {.arena = arena};

	if (is_fit(s, controls))
		return s;
	while (s.n) {
		unsigned length = escape_utf8_length(s);

		if (length == 0)
			buf_add(&buf, S(REPLACEMENT));
		else if (!controls && is_control(s))
			buf_char(&buf, '?');
		else
			buf_add(&buf, (struct str){s.s, length});
		length = length ? length : 1;
		s = (struct str){s.s + length, s.n - length};
	}
	return buf_str(&buf);
}

struct str escape_utf8(struct arena *arena, struct str s)
{
	return escape(arena, s, true);
}

struct str escape_line(struct arena *arena, struct str s)
{
	return escape(arena, s, false);
}

size_t escape_width(struct str s)
{
	size_t width = 0, i;

	for (i = 0; i < s.n; i++)
		width += !is_tail(byte_at(s, i));
	return width;
}

static bool is_plain_in_shell(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("%+,-./:=@_", c));
}

struct str escape_shell(struct arena *arena, struct str word)
{
	struct buf buf = {.arena = arena};
	size_t i;

	for (i = 0; i < word.n && is_plain_in_shell(word.s[i]); i++)
		;
	if (i == word.n && word.n)
		return word;
	buf_char(&buf, '\'');
	for (i = 0; i < word.n; i++) {
		if (word.s[i] == '\'')
			buf_add(&buf, S("'\\''"));
		else
			buf_char(&buf, word.s[i]);
	}
	buf_char(&buf, '\'');
	return buf_str(&buf);
}

static const char *html_entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

struct str escape_html(struct arena *arena, struct str s)
{
	struct buf buf = {.arena = arena};
	size_t i;

	for (i = 0; i < s.n; i++) {
		const char *entity = html_entity(s.s[i]);

		if (entity)
			buf_add(&buf, str_of(entity));
		else
			buf_char(&buf, s.s[i]);
	}
	return buf_str(&buf);
}

/* ---- XML */

/*
 * Of the characters of UTF-8, XML 1.0 has no C0 but tab, CR and LF, and neither U+FFFE nor U+FFFF.
 */
static bool is_xml(struct str s, unsigned length)
{
	unsigned char first = byte_at(s, 0);

	if (length == 1)
		return first >= 0x20 || first == '\t' || first == '\n' || first == '\r';
	return !(length == 3 && first == 0xef && byte_at(s, 1) == 0xbf && byte_at(s, 2) >= 0xbe);
}

static struct str xml(struct arena *arena, struct str s, bool attribute)
{
	struct buf buf = {.arena = arena};

	while (s.n) {
		unsigned length = escape_utf8_length(s);
		char c = s.s[0];

		if (length == 0 || !is_xml(s, length))
			buf_add(&buf, S(REPLACEMENT));
		else if (html_entity(c))
			buf_add(&buf, str_of(html_entity(c)));
		else if (c == '\r' || (attribute && (c == '\t' || c == '\n')))
			buf_printf(&buf, "&#%d;", c);
		else
			buf_add(&buf, (struct str){s.s, length});
		length = length ? length : 1;
		s = (struct str){s.s + length, s.n - length};
	}
	return buf_str(&buf);
}

struct str escape_xml(struct arena *arena, struct str s)
{
	return xml(arena, s, false);
}

struct str escape_xml_attribute(struct arena *arena, struct str s)
{
	return xml(arena, s, true);
}

/* ---- what code-hosting sites and spreadsheets read */

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~", c));
}

struct str escape_uri_path(struct arena *arena, struct str path)
{
	struct buf buf = {.arena = arena};
	size_t i;

	for (i = 0; i < path.n; i++) {
		if (is_unreserved(path.s[i]) || path.s[i] == '/')
			buf_char(&buf, path.s[i]);
		else
			buf_printf(&buf, "%%%02X", byte_at(path, i));
	}
	return buf_str(&buf);
}

/* Valid UTF-8 whose only control characters are those in `kept`; others become '?'. */
static struct str keep_controls(struct arena *arena, struct str s, const char *kept)
{
	struct buf buf = {.arena = arena};
	size_t i, from = 0;

	for (i = 0; s.n && i <= s.n; i++) {
		if (i < s.n && !(s.s[i] && strchr(kept, s.s[i])))
			continue;
		buf_add(&buf, escape_line(arena, (struct str){s.s + from, i - from}));
		if (i < s.n)
			buf_char(&buf, s.s[i]);
		from = i + 1;
	}
	return buf_str(&buf);
}

static bool has_any(struct str s, const char *chars)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (strchr(chars, s.s[i]))
			return true;
	return false;
}

struct str escape_csv(struct arena *arena, struct str s)
{
	struct str text = keep_controls(arena, s, "\t\r\n");
	bool formula = text.n && strchr("=+-@\t\r\n", text.s[0]);
	struct buf buf = {.arena = arena};
	size_t i;

	if (!formula && !has_any(text, ",\"\t\r\n"))
		return text;
	buf_add(&buf, formula ? S("\"'") : S("\""));
	for (i = 0; i < text.n; i++) {
		if (text.s[i] == '"')
			buf_char(&buf, '"');
		buf_char(&buf, text.s[i]);
	}
	buf_char(&buf, '"');
	return buf_str(&buf);
}

static struct str github(struct arena *arena, struct str s, const char *special)
{
	struct str text = keep_controls(arena, s, "\r\n");
	struct buf buf = {.arena = arena};
	size_t i;

	for (i = 0; i < text.n; i++) {
		if (strchr(special, text.s[i]))
			buf_printf(&buf, "%%%02X", byte_at(text, i));
		else
			buf_char(&buf, text.s[i]);
	}
	return buf_str(&buf);
}

struct str escape_github(struct arena *arena, struct str s)
{
	return github(arena, s, "%\r\n");
}

struct str escape_github_property(struct arena *arena, struct str s)
{
	return github(arena, s, "%\r\n:,");
}

struct str escape_markdown(struct arena *arena, struct str s)
{
	struct str line = escape_line(arena, s);
	struct buf buf = {.arena = arena};
	size_t i;

	for (i = 0; i < line.n; i++) {
		char c = line.s[i];

		if (c == '<' || c == '&')
			buf_add(&buf, str_of(html_entity(c)));
		else if (c == '@' || c == '#')
			/* a backslash would not keep the site from making a link of what follows */
			buf_printf(&buf, "%c<!-- -->", c);
		else {
			if (strchr("|\\`*_~[]$", c))
				buf_char(&buf, '\\');
			buf_char(&buf, c);
		}
	}
	return buf_str(&buf);
}
