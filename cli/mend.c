/* SPDX-License-Identifier: ISC */
#include "cli/mend.h"

#include "analyzers/remedy.h"

struct change *mend(struct arena *arena, const struct options *options, const struct policy *policy,
                    const struct capture_input *input, uint32_t part, const struct audit *audit)
{
	struct remedy_wish wish = {
	        .form = options->form != FORM_DEFAULT ? options->form : policy->form,
	        .unsafe = options->unsafe,
	        .prefix = options->name_prefix.n ? options->name_prefix : policy->name_prefix,
	};
	struct change *change = remedy_plan(audit, &wish);
	prove_change(arena, options, policy, input, part, audit, change);
	return change;
}
