/* SPDX-License-Identifier: ISC */
/* The small languages inside commands: addresses, ports, times, interfaces in brackets. */
#include "parser/reader.h"

#include <criterion/criterion.h>

#include "model/ports.h"
#include "model/spec_text.h"

enum { MAX = 16 };

struct words {
	struct reader reader;
	struct cursor cursor;
	struct str words[MAX];
	struct str text;
};

/* A cursor over the words of a line. */
static struct cursor *on(struct words *words, const char *line)
{
	struct arena *arena = arena_new();
	struct config *config = NEW(arena, struct config);
	config->arena = arena;
	config->names = interns_new(arena);
	words->text = str_of(line);
	source_add(arena, &config->sources, S("fw"), words->text);
	words->reader = (struct reader){.config = config, .arena = arena, .text = words->text};
	words->reader.line = (struct span){.len = (uint32_t)words->text.n};
	uint32_t n = 0;
	struct str rest = words->text;
	for (bool more = words->text.n > 0; more && n < MAX;)
		more = str_cut(rest, ' ', &words->words[n++], &rest);
	words->cursor = (struct cursor){&words->reader, words->words, n, 0};
	return &words->cursor;
}

static void done(struct words *words)
{
	arena_free(words->reader.arena);
}

Test(values, addresses)
{
	static const struct {
		const char *line, *as; /* NULL: refused */
		uint32_t left, invalid;
	} cases[] = {
	        {"any eq", "any", 1, 0},
	        {"any4", "any4", 0, 0},
	        {"any6", "any6", 0, 0},
	        {"host 10.1.1.5", "host 10.1.1.5", 0, 0},
	        {"host 2001:db8::5", "host 2001:db8::5", 0, 0},
	        {"2001:db8::/32", "2001:db8::/32", 0, 0},
	        {"10.1.0.0 255.255.0.0 eq", "10.1.0.0 255.255.0.0", 1, 0},
	        {"0.0.0.0 0.0.0.0", "0.0.0.0 0.0.0.0", 0, 0},
	        {"0 0", "0.0.0.0 0.0.0.0", 0, 0},
	        {"10.1.1.5 255.255.255.255", "host 10.1.1.5", 0, 0},
	        {"10.1.1.5 255.255.255.0", "10.1.1.0 255.255.255.0", 0, 1},
	        {"10.1.1.0 0.0.0.255", "<unknown>", 0, 1},
	        {"10.1.1.5", "host 10.1.1.5", 0, 1},
	        {"2001:db8::5 255.255.255.0", "<unknown>", 0, 1},
	        {"object ESA", "object ESA", 0, 0},
	        {"object-group ESA", "object-group ESA", 0, 0},
	        {"interface outside", "interface outside", 0, 0},
	        {"host x.x.x.x", "<unknown>", 0, 0},
	        {"x.x.x.x 255.255.255.0 eq", "<unknown>", 1, 0},
	        {"10.1.x.x x.x.x.x", "<unknown>", 0, 0},
	        {"host <removed>", "<unknown>", 0, 0},
	        {"host <secret hidden> eq", "<unknown>", 1, 0},
	        {"host nowhere", "<unknown>", 0, 0},
	        {"host", NULL, 0, 0},
	        {"object", NULL, 0, 0},
	        {"eq 25", NULL, 0, 0},
	        {"", NULL, 0, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct words words;
		struct cursor *cursor = on(&words, cases[i].line);
		struct addr_spec spec;
		bool read = take_addr_spec(cursor, &spec);
		cr_expect(read == (cases[i].as != NULL), "\"%s\"", cases[i].line);
		if (read && cases[i].as) {
			struct str text =
			        addr_spec_text(words.reader.arena, words.reader.config, &spec);
			cr_expect(str_eq(text, str_of(cases[i].as)), "\"%s\" is %.*s",
			          cases[i].line, STR(text));
			cr_expect(cursor->n - cursor->i == cases[i].left, "\"%s\" leaves %u",
			          cases[i].line, cursor->n - cursor->i);
			cr_expect(words.reader.config->invalid_lines.n == cases[i].invalid,
			          "\"%s\"", cases[i].line);
		}
		done(&words);
	}
}

Test(values, ports)
{
	static const struct {
		const char *line, *as;
	} cases[] = {
	        {"eq 25", "eq smtp"},
	        {"eq smtp", "eq smtp"},
	        {"eq SMTP", "eq smtp"},
	        {"neq 25", "neq smtp"},
	        {"gt 1023", "range 1024 65535"},
	        {"lt 1024", "range 0 1023"},
	        {"gt 65535", "<unknown>"},
	        {"lt 0", "<unknown>"},
	        {"range 25 587", "range smtp 587"},
	        {"range 587 25", "range smtp 587"},
	        {"range smtp smtp", "eq smtp"},
	        {"log", ""},
	        {"", ""},
	        {"eq 65536", NULL},
	        {"eq frob", NULL},
	        {"eq", NULL},
	        {"range 25", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct words words;
		struct port_spec spec;
		bool read = take_port_spec(on(&words, cases[i].line), &spec);
		cr_expect(read == (cases[i].as != NULL), "\"%s\"", cases[i].line);
		if (read && cases[i].as) {
			struct str text =
			        port_spec_text(words.reader.arena, words.reader.config, &spec);
			cr_expect(str_eq(text, str_of(cases[i].as)), "\"%s\" is \"%.*s\"",
			          cases[i].line, STR(text));
		}
		done(&words);
	}
}

Test(values, services)
{
	static const struct {
		const char *line, *as;
	} cases[] = {
	        {"tcp", "tcp"},
	        {"tcp eq ssh", "tcp destination eq ssh"},
	        {"tcp destination eq 25", "tcp destination eq smtp"},
	        {"udp source gt 1023 destination lt 1024",
	         "udp source range 1024 65535 destination range 0 1023"},
	        {"tcp source eq 25 destination range 1 65535",
	         "tcp source eq smtp destination range 1 65535"},
	        {"tcp-udp destination eq domain", "tcp-udp destination eq domain"},
	        {"icmp echo 0", "icmp 8 0"},
	        {"icmp6 echo", "icmp6 128"},
	        {"icmp packet-too-big", "icmp 2"},
	        {"137", "137"},
	        {"ip", "ip"},
	        {"tcp source", NULL},
	        {"tcp destination", NULL},
	        {"frob", NULL},
	        {"256", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct words words;
		struct service_spec spec;
		bool read = take_object_service(on(&words, cases[i].line), &spec);
		cr_expect(read == (cases[i].as != NULL), "\"%s\"", cases[i].line);
		if (read && cases[i].as) {
			struct str text =
			        service_spec_text(words.reader.arena, words.reader.config, &spec);
			cr_expect(str_eq(text, str_of(cases[i].as)), "\"%s\" is \"%.*s\"",
			          cases[i].line, STR(text));
		}
		done(&words);
	}
}

Test(values, times)
{
	static const struct {
		const char *line;
		bool read;
		uint32_t seconds;
	} cases[] = {
	        {"1:00:00", true, 3600}, {"0:0:30", true, 30}, {"10:00", true, 600},
	        {"0", true, 0},          {"0:0:0", true, 0},   {"10", false, 0},
	        {"1:2:3:4", false, 0},   {"a:b", false, 0},    {"", false, 0},
	        {"1::", false, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct words words;
		uint32_t seconds = 0;
		cr_expect(take_time(on(&words, cases[i].line), &seconds) == cases[i].read, "\"%s\"",
		          cases[i].line);
		cr_expect(!cases[i].read || seconds == cases[i].seconds, "\"%s\" is %u",
		          cases[i].line, seconds);
		done(&words);
	}
}

Test(values, interfaces_in_brackets)
{
	static const struct {
		const char *line, *first, *second; /* "": any */
		bool read, pair;
	} cases[] = {
	        {"(inside,outside)", "inside", "outside", true, true},
	        {"(inside, outside)", "inside", "outside", true, true},
	        {"(any,outside)", "", "outside", true, true},
	        {"(inside)", "inside", "", true, false},
	        {"(inside,)", "", "", false, false},
	        {"(,outside)", "", "", false, false},
	        {"()", "", "", false, false},
	        {"inside", "", "", false, false},
	        {"(inside", "", "", false, false},
	        {"", "", "", false, false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct words words;
		name_id first = 0, second = 0;
		bool pair = false;
		bool read = take_interfaces(on(&words, cases[i].line), &first, &second, &pair);
		cr_expect(read == cases[i].read, "\"%s\"", cases[i].line);
		if (read) {
			struct str a = config_name(words.reader.config, first);
			struct str b = config_name(words.reader.config, second);
			cr_expect(pair == cases[i].pair, "\"%s\"", cases[i].line);
			cr_expect(str_eq(a, str_of(cases[i].first)) &&
			                  str_eq(b, str_of(cases[i].second)),
			          "\"%s\"", cases[i].line);
		}
		done(&words);
	}
}

Test(values, masked)
{
	static const char *const yes[] = {"x.x.x.x",  "10.x.x.1",  "10.1.1.***", "***.***.***.***",
	                                  "A.B.C.D",  "<removed>", "*****",      "XXXXXXXX",
	                                  "[masked]", "#.#.#.#"};
	static const char *const no[] = {"10.1.1.1", "esa",        "mail.example.com.de", "10.1.1",
	                                 "x",        "10.1.1.1.1", "mail.x.y.z"};
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		cr_expect(looks_masked(str_of(yes[i])), "%s", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		cr_expect(!looks_masked(str_of(no[i])), "%s", no[i]);
}

/* port_number() searches by halves: every name must be found. */
Test(values, port_names)
{
	for (uint32_t port = 0; port <= 65535; port++) {
		const char *name = port_name((uint16_t)port);
		if (name)
			cr_expect(port_number(str_of(name)) == (int)port, "%s", name);
	}
	cr_expect(port_number(S("syslog")) == 514 && port_number(S("cmd")) == 514);
	cr_expect(port_number(S("aaa")) == -1 && port_number(S("zzz")) == -1);
	cr_expect(port_number(S("smt")) == -1 && port_number(S("smtpx")) == -1);
}
