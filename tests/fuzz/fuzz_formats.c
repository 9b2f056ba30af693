/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a config, its first line as its name: audited, and printed in every format. What
 * comes out is UTF-8, and what is JSON, XML, CSV or a workflow command reads as that.
 */
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analyzers/audit.h"
#include "emitters/emitter.h"
#include "emitters/escape.h"
#include "parser/config_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static bool begins(struct str text, size_t at, const char *with)
{
	return str_starts((struct str){text.s + at, text.n - at}, str_of(with));
}

static void read_json(struct str text)
{
	json_t *document =
	        json_loadb(text.s, text.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);

	require(document != NULL);
	json_decref(document);
}

/* Every tag is one of ours, every reference one that was written on purpose. */
static void read_xml(struct str text)
{
	static const char *const words[] = {
	        "<test",         "</test",   "<failure",  "</failure",    "<error",
	        "</error",       "<skipped", "</skipped", "<system-out>", "</system-out>",
	        "<?xml version", "&amp;",    "&lt;",      "&gt;",         "&quot;",
	        "&#39;",         "&#9;",     "&#10;",     "&#13;"};
	size_t i, word;

	for (i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.s[i];
		bool found = c != '<' && c != '&';

		require(c >= 0x20 || c == '\t' || c == '\n');
		for (word = 0; !found && word < sizeof(words) / sizeof(words[0]); word++)
			found = begins(text, i, words[word]);
		require(found);
	}
}

/* Eleven cells a row, none of them a formula. */
static void read_csv(struct str text)
{
	unsigned cells = 1;
	bool quoted = false;
	size_t i;

	for (i = 0; i < text.n; i++) {
		bool first = i == 0 || text.s[i - 1] == ',' || text.s[i - 1] == '\n';

		if (!quoted && first)
			require(!strchr("=+-@\t", text.s[i]));
		if (!quoted && first && text.s[i] == '"')
			require(i + 1 < text.n && !strchr("=+-@\t\r\n", text.s[i + 1]));
		if (text.s[i] == '"')
			quoted = !quoted;
		else if (!quoted && text.s[i] == ',')
			cells++;
		else if (!quoted && text.s[i] == '\n') {
			require(cells == 11 && text.s[i - 1] == '\r');
			cells = 1;
		}
	}
	require(!quoted && cells == 1);
}

static void read_commands(struct str text)
{
	struct str line;

	while (text.n) {
		require(str_cut(text, '\n', &line, &text));
		require(str_starts(line, S("::error file=")) ||
		        str_starts(line, S("::warning file=")) ||
		        str_starts(line, S("::notice file=")));
	}
}

static void read_back(struct arena *arena, const char *format, struct str text)
{
	require(escape_utf8(arena, text).s == text.s);
	if (strcmp(format, "json") == 0 || strcmp(format, "sarif") == 0 ||
	    strcmp(format, "gitlab") == 0)
		read_json(text);
	else if (strcmp(format, "junit") == 0)
		read_xml(text);
	else if (strcmp(format, "csv") == 0)
		read_csv(text);
	else if (strcmp(format, "github") == 0)
		read_commands(text);
	else if (strcmp(format, "markdown") == 0)
		require(text.n < 65536);
}

static void print(struct arena *arena, const struct report *report)
{
	const struct emit_options options = {
	        .show_suppressed = true, .fail_on = SEVERITY_NOTE, .folder = S("/fw")};
	const struct emitter *emitter;
	size_t n;

	for (n = 0; (emitter = emitter_nth(EMIT_AUDIT, n)); n++) {
		struct buf out = {.arena = arena};

		emitter->emit(report, &options, &out);
		read_back(arena, emitter->name, buf_str(&out));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct str text = str_copy(arena, (struct str){(const char *)data, size}), path, rest;
	/* One rule is enough: the texts of all in each run of SARIF take most of the time. */
	struct report report = {.tool_version = "0", .rules = rules, .n_rules = 1};
	struct appliance esa = {.name = S("esa"), .role = ROLE_ESA};
	struct policy policy = policy_default();
	struct config_parts parts;
	struct range range;

	str_cut(text, '\n', &path, &rest);
	addr_parse_prefix(S("10.1.1.25"), &range);
	VEC_PUSH(arena, &esa.addresses.list, (struct host){.real = range.lo});
	VEC_PUSH(arena, &policy.appliances.list, esa);
	VEC_PUSH(arena, &report.unread, (struct unread){.path = path, .reason = path});
	parts = config_split(arena, text);
	VEC_EACH(const struct config_part, part, &parts.list) {
		const struct config_input input = {path, text};
		const struct config *config = config_read(arena, &input, 1, part);
		struct config_report one = {0};

		audit_suppress(audit_run(arena, config, &policy, path, &one), S("2026-12-31"));
		VEC_PUSH(arena, &report.configs, one);
	}
	report_summarize(&report);
	print(arena, &report);
	arena_free(arena);
	return 0;
}
