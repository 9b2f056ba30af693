/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a capture, audited with an ESA and an SMA, and searched for appliances: the report
 * can be printed, and the policy file that is made of the guesses can be read.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "analyzers/audit.h"
#include "analyzers/discover.h"
#include "emitters/emitter.h"
#include "parser/config_reader.h"
#include "parser/policy_yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The addresses that the golden cases use most, so that their lines matter. */
static const char policy_text[] =
        "version: 1\n"
        "appliances:\n"
        "  - {name: esa, role: esa, addresses: [10.1.1.25, 192.168.1.1, 10.1.1.5]}\n"
        "  - {name: sma, role: sma, addresses: [192.168.1.2, 10.2.2.50], spam_quarantine: true}\n";

static void audit(struct arena *arena, const struct config *config, struct report *report)
{
	struct policy policy = policy_default();
	struct diags diags = {0};
	struct config_report *one = NEW(arena, struct config_report);

	if (!policy_yaml_read(arena, S("policy"), S(policy_text), &policy, &diags))
		abort();
	audit_suppress(audit_run(arena, config, &policy, S("fw"), one), S("2027-01-01"));
	VEC_PUSH(arena, &report->configs, *one);
}

static void discover(struct arena *arena, const struct config *config, struct report *report)
{
	struct discovery discovery = {.guesses = discover_appliances(arena, config)};
	struct emit_options options = {.verbose = 1};
	struct buf out = {.arena = arena};
	struct policy policy = policy_default();
	struct diags diags = {0};

	VEC_PUSH(arena, &discovery.configs,
	         (struct discovered_config){.path = S("fw"),
	                                    .hostname = config->hostname,
	                                    .context = config->context,
	                                    .match = S("fw")});
	report->discovery = &discovery;
	emit_discover_yaml(report, &options, &out);
	if (!policy_yaml_read(arena, S("discovered"), buf_str(&out), &policy, &diags))
		abort();
	emit_discover_json(report, &options, &out);
	report->discovery = NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct str text = str_copy(arena, (struct str){(const char *)data, size});
	const struct config_input input = {S("fw"), text};
	struct config_parts parts = config_split(arena, text);
	struct report report = {.tool_version = "0", .rules = rules, .n_rules = n_rules};
	const struct emit_options options = {.verbose = 1};
	struct buf out = {.arena = arena};

	VEC_EACH(const struct config_part, part, &parts.list) {
		const struct config *config = config_read(arena, &input, 1, part);

		audit(arena, config, &report);
		discover(arena, config, &report);
	}
	report_summarize(&report);
	emit_text(&report, &options, &out);
	emit_json(&report, &options, &out);
	arena_free(arena);
	return 0;
}
