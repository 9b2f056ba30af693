/* SPDX-License-Identifier: ISC */
/* Where policies apply (asa-semantics section 3). */
#include "parser/grammar.h"

static void drop_service_policy(struct reader *reader, uint32_t at)
{
	struct service_policy *policy = &reader->config->service_policies.v[at];
	config_unindex(&reader->places.service_policies, policy->interface);
	count_use(reader, &reader->places.policy_uses, policy->policy, -1);
	policy->policy = 0;
	reader->removed = true;
}

/* service-policy NAME {global | interface IFC} [fail-close] */
enum handled cmd_service_policy(struct reader *reader, struct cursor *cursor)
{
	struct config *config = reader->config;
	struct service_policy fresh = {.policy = name_of(reader, take(cursor)),
	                               .span = reader->line};
	if (accept(cursor, "interface"))
		fresh.interface = name_of(reader, take(cursor));
	else if (!accept(cursor, "global"))
		return HANDLED_UNKNOWN;
	fresh.fail_close = accept(cursor, "fail-close");
	if (!at_end(cursor))
		return HANDLED_UNKNOWN;
	uint32_t at = config_index_get(&reader->places.service_policies, fresh.interface);
	struct service_policy *old = at ? &config->service_policies.v[at - 1] : NULL;
	if (reader->negated) {
		if (old && old->policy == fresh.policy)
			drop_service_policy(reader, at - 1);
		return HANDLED;
	}
	if (old && old->policy != fresh.policy)
		invalid_line(reader,
		             "there is a service policy of %s already (`%.*s`); remove it first",
		             fresh.interface ? "this interface" : "all interfaces",
		             STR(config_name(config, old->policy)));
	count_use(reader, &reader->places.policy_uses, fresh.policy, 1);
	if (old) {
		count_use(reader, &reader->places.policy_uses, old->policy, -1);
		*old = fresh;
		return HANDLED;
	}
	config_index(config, &reader->places.service_policies, fresh.interface,
	             config->service_policies.n);
	VEC_PUSH(reader->arena, &config->service_policies, fresh);
	return HANDLED;
}
