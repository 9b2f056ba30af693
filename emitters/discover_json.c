/* SPDX-License-Identifier: ISC */
/* Guesses at appliances as JSON: the same as the policy file, with the evidence as data. */
#include "emitters/emitter.h"
#include "emitters/json_value.h"

static json_t *json_evidence(struct arena *arena, const struct discovery *discovery,
                             const struct clue *clue)
{
	json_t *object = json_object();

	json_set(arena, object, "kind", json_text(arena, str_of(clue_names[clue->kind])));
	json_set(arena, object, "path", json_text(arena, discovery->configs.v[clue->config].path));
	json_set(arena, object, "line", clue->line ? json_integer(clue->line) : json_null());
	json_set(arena, object, "text", json_text(arena, clue->text));
	json_set(arena, object, "reason", json_text(arena, clue->reason));
	json_set(arena, object, "peer",
	         clue->has_peer ? json_text(arena, addr_text(arena, clue->peer)) : json_null());
	return object;
}

static json_t *json_guess(struct arena *arena, const struct discovery *discovery,
                          const struct guess *guess)
{
	const struct appliance *appliance = &guess->appliance;
	json_t *object = json_object(), *ports = json_array(), *firewalls = json_array(),
	       *evidence = json_array();

	VEC_EACH(const uint16_t, port, &appliance->smtp_ports.list)
		json_append(arena, ports, json_integer(*port));
	VEC_EACH(const uint32_t, config, &guess->seen)
		json_append(arena, firewalls,
		            json_text(arena, discovery->configs.v[*config].match));
	VEC_EACH(const struct clue, clue, &guess->clues)
		json_append(arena, evidence, json_evidence(arena, discovery, clue));
	json_set(arena, object, "name", json_text(arena, appliance->name));
	json_set(arena, object, "role", json_text(arena, str_of(role_names[appliance->role])));
	json_set(arena, object, "called", json_text_or_null(arena, guess->called));
	json_set(arena, object, "taken", json_boolean(guess->doubt.n == 0));
	json_set(arena, object, "doubt", json_text_or_null(arena, guess->doubt));
	json_set(arena, object, "addresses", json_hosts(arena, &appliance->addresses));
	json_set(arena, object, "smtp_ports", ports);
	json_set(arena, object, "cpq_addresses", json_hosts(arena, &appliance->cpq_addresses));
	json_set(arena, object, "ssh_addresses", json_hosts(arena, &appliance->ssh_addresses));
	json_set(arena, object, "spam_quarantine", json_boolean(appliance->spam_quarantine));
	json_set(arena, object, "firewalls", firewalls);
	json_set(arena, object, "evidence", evidence);
	return object;
}

static json_t *json_config(struct arena *arena, const struct discovered_config *config)
{
	json_t *object = json_object();

	json_set(arena, object, "path", json_text(arena, config->path));
	json_set(arena, object, "hostname", json_text(arena, config->hostname));
	json_set(arena, object, "context", json_text_or_null(arena, config->context));
	json_set(arena, object, "match", json_text(arena, config->match));
	return object;
}

void emit_discover_json(const struct report *report, const struct emit_options *options,
                        struct buf *out)
{
	static const struct discovery nothing = {0};
	const struct discovery *discovery = report->discovery ? report->discovery : &nothing;
	struct arena *arena = out->arena;
	json_t *document = json_object(), *configs = json_array(), *appliances = json_array();

	(void)options;
	VEC_EACH(const struct discovered_config, config, &discovery->configs)
		json_append(arena, configs, json_config(arena, config));
	VEC_EACH(const struct guess, guess, &discovery->guesses.list)
		json_append(arena, appliances, json_guess(arena, discovery, guess));
	json_set(arena, document, "schema_version", json_integer(JSON_SCHEMA_VERSION));
	json_set(arena, document, "tool", json_tool(arena, report->tool_version));
	json_set(arena, document, "configs", configs);
	json_set(arena, document, "appliances", appliances);
	json_set(arena, document, "too_many", json_boolean(discovery->too_many));
	json_write(out, document);
}
