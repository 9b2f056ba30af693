/* SPDX-License-Identifier: ISC */
/* The JSON documents, read back: the keys that scripts depend on, their order, their types. */
#include "emitters/emitter.h"
#include "emitters/packets.h"
#include "tests/unit/sample_report.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#define LEN(table) (sizeof(table) / sizeof(*(table)))

static struct str emitted(struct arena *arena, enum emit_command command,
                          const struct report *report)
{
	const struct emit_options options = {.quiet = true, .color = true};
	struct buf out = {.arena = arena};

	emitter_find(command, S("json"))->emit(report, &options, &out);
	return buf_str(&out);
}

static json_t *parsed(struct str text)
{
	json_error_t error;
	json_t *document = json_loadb(text.s, text.n, JSON_REJECT_DUPLICATES, &error);

	cr_assert(document, "line %d: %s", error.line, error.text);
	return document;
}

/* A value by its path: keys, and indexes into arrays, separated by dots. */
static json_t *at(json_t *value, const char *path)
{
	char keys[128], *rest, *key;

	cr_assert(strlen(path) < sizeof(keys));
	strcpy(keys, path);
	for (key = strtok_r(keys, ".", &rest); key; key = strtok_r(NULL, ".", &rest))
		value = json_is_array(value) ? json_array_get(value, strtoul(key, NULL, 10))
		                             : json_object_get(value, key);
	return value;
}

/* The keys of an object in their order, separated by blanks. */
static void expect_keys(json_t *document, const char *path, const char *expected)
{
	json_t *object = at(document, path), *value;
	char keys[512] = "";
	const char *key;

	cr_assert(json_is_object(object), "%s is no object", path);
	json_object_foreach(object, key, value)
	{
		if (*keys)
			strcat(keys, " ");
		strcat(keys, key);
	}
	cr_expect_str_eq(keys, expected, "%s: %s", path, keys);
}

/* A value in its shortest JSON form. */
static void expect_value(json_t *document, const char *path, const char *expected)
{
	char *text = json_dumps(at(document, path), JSON_COMPACT | JSON_ENCODE_ANY);

	cr_assert(text, "%s is absent", path);
	cr_expect_str_eq(text, expected, "%s: %s", path, text);
	free(text);
}

Test(emit_json, audit_keys)
{
	static const struct {
		const char *path, *keys;
	} cases[] = {
	        {"", "schema_version tool configs unread summary"},
	        {"tool", "name version"},
	        {"configs.0",
	         "path sha256 hostname platform version context capture coverage notes "
	         "appliances flows findings diagnostics fixed"},
	        {"configs.0.capture", "by complete"},
	        {"configs.0.coverage", "lines modelled irrelevant unknown"},
	        {"configs.0.flows.0", "id flow appliance from to protocol ports on_path primary "
	                              "permitted inspected why partly inspections limits"},
	        {"configs.0.flows.1.why.0", "about verdict code text line"},
	        {"configs.0.flows.0.partly", "permitted inspected"},
	        {"configs.0.flows.2.partly.inspected.0", "src dst ports"},
	        {"configs.0.flows.0.inspections.0", "engine map policy class scope line"},
	        {"configs.0.flows.0.limits.0", "kind value source line"},
	        {"configs.0.findings.1",
	         "rule name severity message help flow appliance certain fix "
	         "at_fault fingerprint discovered evidence witness suppressed"},
	        {"configs.0.findings.1.evidence.0", "line column text"},
	        {"configs.0.findings.6.evidence.0", "line path column text"},
	        {"configs.0.findings.1.witness", "input protocol src sport dst dport"},
	        {"configs.0.findings.0.suppressed", "until ticket reason by"},
	        {"configs.0.diagnostics.0", "severity line column message"},
	        {"summary", "configs findings flows suppressed fixed skipped unreadable"},
	        {"summary.findings", "error warning note"},
	        {"summary.flows", "yes no partly unknown off_path"},
	};
	struct arena *arena = arena_new();
	json_t *document = parsed(emitted(arena, EMIT_AUDIT, sample_report(arena)));
	size_t i;

	for (i = 0; i < LEN(cases); i++)
		expect_keys(document, cases[i].path, cases[i].keys);
	json_decref(document);
	arena_free(arena);
}

Test(emit_json, audit_values)
{
	static const struct {
		const char *path, *value;
	} cases[] = {
	        {"schema_version", "1"},
	        {"tool.version", "\"1.2.3\""},
	        {"configs.0.hostname", "\"edge\xef\xbf\xbd\""},
	        {"configs.0.platform", "\"pix\""},
	        {"configs.0.context", "null"},
	        {"configs.0.capture.complete", "false"},
	        {"configs.0.flows.0.ports", "[25]"},
	        {"configs.0.flows.0.protocol", "\"tcp\""},
	        {"configs.0.flows.0.inspections.0.map", "null"},
	        {"configs.0.flows.0.inspections.0.scope", "\"global\""},
	        {"configs.0.flows.0.inspections.0.line", "10"},
	        {"configs.0.flows.0.limits.1", "{\"kind\":\"embryonic-conn-max\",\"value\":100,"
	                                       "\"source\":\"static\",\"line\":7}"},
	        {"configs.0.flows.0.partly", "{\"permitted\":[],\"inspected\":[]}"},
	        {"configs.0.flows.1.permitted", "\"unknown\""},
	        {"configs.0.flows.1.why.0.code", "\"fqdn\""},
	        {"configs.0.flows.1.why.0.line", "4"},
	        {"configs.0.flows.2.inspected", "\"partly\""},
	        {"configs.0.flows.2.partly.inspected",
	         "[{\"src\":[\"10.1.0.0/16\"],\"dst\":[\"any4\"],\"ports\":[\"25\"]}]"},
	        {"configs.0.flows.4.on_path", "false"},
	        {"configs.0.flows.4.permitted", "null"},
	        {"configs.0.flows.4.inspected", "null"},
	        {"configs.0.flows.4.why.0.line", "null"},
	        {"configs.0.findings.0.suppressed",
	         "{\"until\":\"2027-03-01\",\"ticket\":\"CHG123\","
	         "\"reason\":\"agreed\",\"by\":\"policy\"}"},
	        {"configs.0.findings.0.fix", "null"},
	        {"configs.0.findings.1.fix", "\"safe\""},
	        {"configs.0.findings.1.suppressed", "null"},
	        {"configs.0.findings.1.witness", "{\"input\":\"outside\",\"protocol\":\"tcp\","
	                                         "\"src\":\"198.51.100.7\",\"sport\":40000,"
	                                         "\"dst\":\"1.1.1.1\",\"dport\":25}"},
	        {"configs.0.findings.2.witness", "null"},
	        {"configs.0.findings.4.message", "\"the device refuses it: caf\xef\xbf\xbd\""},
	        {"configs.0.findings.4.evidence.0",
	         "{\"line\":2,\"column\":8,\"text\":\"enable password ***** encrypted\"}"},
	        {"configs.0.findings.4.flow", "null"},
	        {"configs.0.findings.4.appliance", "null"},
	        {"configs.0.findings.5.appliance", "\"sma1\""},
	        {"configs.0.findings.5.evidence", "[]"},
	        {"configs.0.findings.6.certain", "false"},
	        {"configs.0.findings.6.evidence.0",
	         "{\"line\":3,\"path\":\"more.txt\",\"column\":3,\"text\":\"  csc fail-open\"}"},
	        {"configs.0.diagnostics.0.line", "11"},
	        {"summary.configs", "1"},
	        {"summary.findings", "{\"error\":2,\"warning\":4,\"note\":0}"},
	        {"summary.flows", "{\"yes\":2,\"no\":0,\"partly\":2,\"unknown\":0,\"off_path\":1}"},
	        {"summary.suppressed", "1"},
	        {"summary.skipped", "3"},
	};
	struct arena *arena = arena_new();
	struct str text = emitted(arena, EMIT_AUDIT, sample_report(arena));
	json_t *document = parsed(text);
	size_t i;

	for (i = 0; i < LEN(cases); i++)
		expect_value(document, cases[i].path, cases[i].value);
	cr_expect(str_ends(text, S("\n}\n")));
	cr_expect(!str_contains(text, S(" \n")), "blanks at the end of a line");
	cr_expect(!str_contains(text, S("secret")), "a secret shows");
	json_decref(document);
	arena_free(arena);
}

Test(emit_json, change)
{
	static const struct {
		const char *path, *value;
	} cases[] = {
	        {"change", "[\"policy-map global_policy\",\" class inspection_default\","
	                   "\"  no inspect esmtp\"]"},
	        {"rollback", "[\"policy-map global_policy\",\" class inspection_default\","
	                     "\"  inspect esmtp\"]"},
	        {"verify", "[\"show service-policy\"]"},
	        {"form", "\"split-class\""},
	        {"safe", "true"},
	        {"proof.exempted", "[\"esa1/smtp-in/outside-inside\"]"},
	        {"proof.unchanged", "true"},
	        {"proof.counterexample", "null"},
	        {"proof.rollback_restores", "true"},
	        {"proof.idempotent", "true"},
	        {"unmended", "[{\"rule\":\"AM201\",\"flow\":\"esa1/smtp-in/outside-inside\","
	                     "\"why\":\"others share this static\"}]"},
	        {"ticket.number", "null"},
	        {"ticket.start_date", "null"},
	};
	struct arena *arena = arena_new();
	json_t *document = parsed(emitted(arena, EMIT_FIX, sample_change_report(arena)));
	size_t i;

	expect_keys(document, "",
	            "schema_version tool path sha256 hostname context change rollback notes "
	            "rollback_notes verify form safe proof unmended ticket");
	expect_keys(document, "proof",
	            "cleared exempted unchanged counterexample rollback_restores idempotent");
	expect_keys(document, "ticket",
	            "number short_description description justification risk_impact_analysis "
	            "implementation_plan test_plan backout_plan start_date end_date cmdb_ci");
	for (i = 0; i < LEN(cases); i++)
		expect_value(document, cases[i].path, cases[i].value);
	json_decref(document);
	arena_free(arena);
}

/* Nothing is claimed of a change that was not checked; no change at all is an empty one. */
Test(emit_json, change_unchecked)
{
	struct arena *arena = arena_new();
	struct report *report = sample_report(arena);
	json_t *document = parsed(emitted(arena, EMIT_FIX, report));

	expect_value(document, "change", "[]");
	expect_value(document, "proof.cleared", "null");
	expect_value(document, "proof.exempted", "null");
	expect_value(document, "proof.unchanged", "null");
	json_decref(document);
	arena_free(arena);
}

/* Sets of addresses in words: only families that both ends have, the long way and the short. */
Test(emit_json, packets)
{
	static const struct {
		const char *src, *except, *dst; /* src minus except */
		const char *words, *shortened;
	} cases[] = {
	        {"any", NULL, "any", "any", "any"},
	        {"any", NULL, "192.0.2.0/24", "any4", "any4"},
	        {"any", NULL, "2001:db8::1", "any6", "any6"},
	        {"198.51.100.7", NULL, "any", "198.51.100.7", "198.51.100.7"},
	        {"10.0.0.0/8", "10.0.0.0/9", "any", "10.128.0.0/9", "10.128.0.0/9"},
	        {"any", "0.0.0.0/1", "192.0.2.1", "128.0.0.0/1", "128.0.0.0/1"},
	        {"any", "0.0.0.0/3", "192.0.2.1", "32.0.0.0/3 64.0.0.0/2 128.0.0.0/1",
	         "any4 except 0.0.0.0/3"},
	        {"any", "192.0.2.0/24", "2001:db8::1", "any6", "any6"},
	};
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct words words = {0}, shortened = {0};
		struct range src = {0, U128_MAX}, dst = {0, U128_MAX}, except;
		struct box box = box_all();

		addr_parse_prefix(str_of(cases[i].src), &src);
		addr_parse_prefix(str_of(cases[i].dst), &dst);
		box.dim[DIM_SRC] = iset_range(arena, src.lo, src.hi);
		box.dim[DIM_DST] = iset_range(arena, dst.lo, dst.hi);
		if (cases[i].except && addr_parse_prefix(str_of(cases[i].except), &except))
			box.dim[DIM_SRC] = iset_subtract(arena, box.dim[DIM_SRC],
			                                 iset_range(arena, except.lo, except.hi));
		box_addresses(arena, &box, DIM_SRC, &words);
		box_addresses_short(arena, &box, DIM_SRC, &shortened);
		cr_expect(str_eq(words_join(arena, &words, " "), str_of(cases[i].words)),
		          "case %zu: %.*s", i, STR(words_join(arena, &words, " ")));
		cr_expect(str_eq(words_join(arena, &shortened, " "), str_of(cases[i].shortened)),
		          "case %zu, short: %.*s", i, STR(words_join(arena, &shortened, " ")));
	}
	arena_free(arena);
}

Test(emit_json, packet_tracer)
{
	static const struct {
		unsigned protocol, sport, dport;
		const char *expected;
	} cases[] = {
	        {PROTO_TCP, 40000, 25, "packet-tracer input dmz tcp 1.2.3.4 40000 5.6.7.8 25"},
	        {PROTO_SCTP, 1, 2, "packet-tracer input dmz sctp 1.2.3.4 1 5.6.7.8 2"},
	        {PROTO_ICMP, 8, 0, "packet-tracer input dmz icmp 1.2.3.4 8 0 5.6.7.8"},
	        {50, 0, 0, "packet-tracer input dmz rawip 1.2.3.4 50 5.6.7.8"},
	};
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < LEN(cases); i++) {
		struct witness witness = {.input = S("dmz")};
		struct str text;

		witness.packet.at[DIM_PROTO] = cases[i].protocol;
		witness.packet.at[DIM_SPORT] = cases[i].sport;
		witness.packet.at[DIM_DPORT] = cases[i].dport;
		witness.packet.at[DIM_SRC] = addr4(0x01020304);
		witness.packet.at[DIM_DST] = addr4(0x05060708);
		text = packet_tracer_text(arena, &witness);
		cr_expect(str_eq(text, str_of(cases[i].expected)), "%.*s", STR(text));
	}
	arena_free(arena);
}
