/* SPDX-License-Identifier: ISC */
/* Any bytes as a policy file: read, its rules checked, narrowed to a firewall. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "analyzers/rules.h"
#include "parser/policy_yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct policy policy = policy_default();
	struct diags diags = {0};
	struct str text = str_copy(arena, (struct str){(const char *)data, size});

	bool ok = policy_yaml_read(arena, S("asamend.yaml"), text, &policy, &diags) &&
	          policy_check_rules(arena, &policy, rules_ids(arena), n_rules, &diags);
	if (!ok && !diags.list.n)
		abort(); /* refused, and nobody knows why */
	VEC_EACH(const struct diag, diag, &diags.list)
		source_place(&policy.sources, diag->span);
	if (ok)
		policy_for(arena, &policy, S("edge/fw1.cfg"), S("fw1"), S("cust-17"));
	arena_free(arena);
	return 0;
}
