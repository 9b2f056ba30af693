/* SPDX-License-Identifier: ISC */
/* Text of unknown origin in XML, URIs, CSV, workflow commands and Markdown; names of files. */
#include "emitters/escape.h"
#include "emitters/location.h"

#include <criterion/criterion.h>

#define LEN(table) (sizeof(table) / sizeof(*(table)))
#define BAD        "\xef\xbf\xbd" /* U+FFFD */

typedef struct str (*escape_fn)(struct arena *arena, struct str s);

struct escape_case {
	struct str in;
	const char *out;
};

static void expect(const char *name, escape_fn escape, const struct escape_case *cases, size_t n)
{
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < n; i++) {
		struct str out = escape(arena, cases[i].in);

		cr_expect(str_eq(out, str_of(cases[i].out)), "%s, case %zu: got %.*s, not %s", name,
		          i, STR(out), cases[i].out);
	}
	arena_free(arena);
}

Test(escape, xml)
{
	static const struct escape_case text[] = {
	        {S(""), ""},
	        {S("plain"), "plain"},
	        {S("<a b='c'>&\"]]>"), "&lt;a b=&#39;c&#39;&gt;&amp;&quot;]]&gt;"},
	        {S("tab\there\nline\r\n"), "tab\there\nline&#13;\n"},
	        {S("nul\0x"), "nul" BAD "x"},
	        {S("\x01\x08\x0b\x0c\x1b[31m\x7f"), BAD BAD BAD BAD BAD "[31m\x7f"},
	        {S("caf\xe9"), "caf" BAD},
	        {S("\xc3\xa9\xe2\x82\xac\xf0\x9f\x93\xa7"), "\xc3\xa9\xe2\x82\xac\xf0\x9f\x93\xa7"},
	        {S("\xed\xa0\x80"), BAD BAD BAD},         /* a surrogate */
	        {S("\xef\xbf\xbe\xef\xbf\xbf"), BAD BAD}, /* no characters of XML */
	        {S("\xef\xbf\xbd"), BAD},
	};
	static const struct escape_case attribute[] = {
	        {S("a\tb\nc\rd"), "a&#9;b&#10;c&#13;d"},
	        {S("\"'<>&"), "&quot;&#39;&lt;&gt;&amp;"},
	};

	expect("text", escape_xml, text, LEN(text));
	expect("attribute", escape_xml_attribute, attribute, LEN(attribute));
}

Test(escape, uri)
{
	static const struct escape_case cases[] = {
	        {S("fw/edge-1.cfg"), "fw/edge-1.cfg"},
	        {S("a b#c?d%e:f"), "a%20b%23c%3Fd%25e%3Af"},
	        {S("\xc3\xa9\xff\n"), "%C3%A9%FF%0A"},
	        {S("~_."), "~_."},
	};

	expect("uri", escape_uri_path, cases, LEN(cases));
}

Test(escape, csv)
{
	static const struct escape_case cases[] = {
	        {S(""), ""},
	        {{NULL, 0}, ""},
	        {S("plain text"), "plain text"},
	        {S("a,b"), "\"a,b\""},
	        {S("say \"x\""), "\"say \"\"x\"\"\""},
	        {S("two\nlines"), "\"two\nlines\""},
	        {S("two\r\nlines"), "\"two\r\nlines\""},
	        {S("=1+1"), "\"'=1+1\""},
	        {S("+1"), "\"'+1\""},
	        {S("-1"), "\"'-1\""},
	        {S("@x"), "\"'@x\""},
	        {S("\tx"), "\"'\tx\""},
	        {S("\rx"), "\"'\rx\""},
	        {S("\nx"), "\"'\nx\""},
	        {S("=cmd|' /C calc'!A0,\""), "\"'=cmd|' /C calc'!A0,\"\"\""},
	        {S("a=b"), "a=b"},
	        {S("'quoted'"), "'quoted'"},
	        {S("\x1b[0m\0x"), "?[0m?x"},
	        {S("caf\xe9"), "caf" BAD},
	};

	expect("csv", escape_csv, cases, LEN(cases));
}

Test(escape, github)
{
	static const struct escape_case message[] = {
	        {{NULL, 0}, ""},
	        {S("plain: a, b"), "plain: a, b"},
	        {S("100%\r\nnext"), "100%25%0D%0Anext"},
	        {S("%0A::error::x"), "%250A::error::x"},
	        {S("\x1b]0;x\x07"), "?]0;x?"},
	        {S("\xff"), BAD},
	};
	static const struct escape_case property[] = {
	        {S("a,b:c%d\n"), "a%2Cb%3Ac%25d%0A"},
	};

	expect("message", escape_github, message, LEN(message));
	expect("property", escape_github_property, property, LEN(property));
}

Test(escape, markdown)
{
	static const struct escape_case cases[] = {
	        {S("plain text, 10.1.1.1"), "plain text, 10.1.1.1"},
	        {S("<script>&amp;"), "&lt;script>&amp;amp;"},
	        {S("a|b\\|c"), "a\\|b\\\\\\|c"},
	        {S("[x](http://y) *b* _i_ `c` ~s~ $m$"),
	         "\\[x\\](http://y) \\*b\\* \\_i\\_ \\`c\\` \\~s\\~ \\$m\\$"},
	        {S("@team #12"), "@<!-- -->team #<!-- -->12"},
	        {S("two\nlines\x1b"), "two?lines?"},
	        {S("\xe9"), BAD},
	};

	expect("markdown", escape_markdown, cases, LEN(cases));
}

Test(escape, location)
{
	static const struct {
		const char *folder, *path, *place, *uri;
	} cases[] = {
	        {"/w", "fw.cfg", "fw.cfg", "fw.cfg"},
	        {"/w", "./a//b/../fw.cfg", "a/fw.cfg", "a/fw.cfg"},
	        {"/w", "/w/a/fw.cfg", "a/fw.cfg", "a/fw.cfg"},
	        {"/w/", "/w/../w/fw.cfg", "fw.cfg", "fw.cfg"},
	        {"/w", "/ww/fw.cfg", "/ww/fw.cfg", "file:///ww/fw.cfg"},
	        {"/w", "../x y/fw.cfg", "/x y/fw.cfg", "file:///x%20y/fw.cfg"},
	        {"/w/v", "../../../fw.cfg", "/fw.cfg", "file:///fw.cfg"},
	        {"/", "/etc/fw.cfg", "etc/fw.cfg", "etc/fw.cfg"},
	        {"/w", "/w", "/w", "file:///w"},
	        {"/w", "-", "-", "-"},
	        {"/w", "c:fw.cfg", "c:fw.cfg", "c%3Afw.cfg"},
	        {"/w", "=a\n\xff.cfg", "=a\n\xff.cfg", "%3Da%0A%FF.cfg"},
	        {"", "a/../fw.cfg", "fw.cfg", "fw.cfg"},
	        {"", "../../fw.cfg", "../../fw.cfg", "../../fw.cfg"},
	        {"", "/a/../../fw.cfg", "/fw.cfg", "file:///fw.cfg"},
	};
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct str folder = str_of(cases[i].folder), path = str_of(cases[i].path);
		struct str place = location_path(arena, folder, path);
		struct str uri = location_uri(arena, folder, path);

		cr_expect(str_eq(place, str_of(cases[i].place)), "case %zu: %.*s", i, STR(place));
		cr_expect(str_eq(uri, str_of(cases[i].uri)), "case %zu: %.*s", i, STR(uri));
	}
	arena_free(arena);
}
