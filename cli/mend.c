/* SPDX-License-Identifier: ISC */
#include "cli/mend.h"

/* Reasons why the whole change came to nothing, for what a part of it leaves as it is. */
static void keep_reasons(struct arena *arena, const struct change *whole, unsigned without,
                         struct change *part)
{
	VEC_EACH(const struct unmended, reason, &whole->unmended)
		if (remedy_part_of(reason->rule) & without)
			VEC_PUSH(arena, &part->unmended, *reason);
}

struct change *mend_as(struct arena *arena, const struct options *options,
                       const struct policy *policy, const struct capture_input *input,
                       uint32_t part, const struct audit *audit, const struct remedy_wish *wish)
{
	/* The inspection of mail is what a change is for, so it is the last to go. */
	static const unsigned without[] = {
	        REMEDY_TRANSLATIONS,
	        REMEDY_LIMITS,
	        REMEDY_LIMITS | REMEDY_TRANSLATIONS,
	        REMEDY_INSPECTION,
	        REMEDY_INSPECTION | REMEDY_TRANSLATIONS,
	        REMEDY_INSPECTION | REMEDY_LIMITS,
	};
	struct change *whole = remedy_plan(audit, wish);
	uint32_t planned = whole->commands.list.n;
	prove_change(arena, options, policy, input, part, audit, whole);
	if (!planned || whole->commands.list.n)
		return whole;
	for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
		struct remedy_wish less = *wish;
		less.without = without[i];
		struct change *change = remedy_plan(audit, &less);
		uint32_t n = change->commands.list.n;
		if (n == 0 || n == planned)
			continue; /* nothing is left, or nothing was left out */
		keep_reasons(arena, whole, without[i], change);
		prove_change(arena, options, policy, input, part, audit, change);
		if (change->commands.list.n)
			return change;
	}
	return whole;
}

struct change *mend(struct arena *arena, const struct options *options, const struct policy *policy,
                    const struct capture_input *input, uint32_t part, const struct audit *audit)
{
	const struct remedy_wish wish = {
	        .form = options->form != FORM_DEFAULT ? options->form : policy->form,
	        .unsafe = options->unsafe,
	        .prefix = options->name_prefix.n ? options->name_prefix : policy->name_prefix,
	};
	return mend_as(arena, options, policy, input, part, audit, &wish);
}
