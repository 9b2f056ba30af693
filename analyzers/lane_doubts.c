/* SPDX-License-Identifier: ISC */
/* Why the inspection of a lane is not known, by what the text does not tell. */
#include "analyzers/lane.h"

bool lane_stray_line(const struct config *config, struct doubt *doubt)
{
	VEC_EACH(const struct unknown_line, line, &config->unknown_lines)
		if (!line->local) {
			*doubt = (struct doubt){
			        WHY_UNMODELLED,
			        S("a command that is not known may decide about it"), line->span};
			return true;
		}
	return false;
}

/*
 * A class of an interface policy that may be on the way, where that is not known, and that acts so.
 */
static const struct policy_class *
hidden_class(const struct config *config, const struct passage *passage,
             bool (*acts)(const struct config *config, const struct policy_class *class))
{
	if (passage->in && passage->out)
		return NULL;
	VEC_EACH(const struct service_policy, sp, &config->service_policies) {
		const struct policy_map *policy = sp->interface ? mpf_policy(config, sp) : NULL;
		if (!policy)
			continue;
		VEC_EACH(const struct policy_class, class, &policy->classes)
			if (acts(config, class))
				return class;
	}
	return NULL;
}

static bool may_inspect_smtp(const struct config *config, const struct policy_class *class)
{
	if (class->unknown)
		return true;
	VEC_EACH(const struct inspect, inspect, &class->inspects)
		if (mpf_is_smtp(config, inspect->engine))
			return true;
	return false;
}

/* Another engine may take the mail; SMTP inspection that does not match hides the global one. */
static bool may_end_inspection(const struct config *config, const struct policy_class *class)
{
	if (class->state_bypass || class->unknown)
		return true;
	VEC_EACH(const struct inspect, inspect, &class->inspects)
		if (!mpf_is_combinable(config, inspect->engine))
			return true;
	return false;
}

bool lane_doubt_present(const struct config *config, const struct lane *lane, struct doubt *doubt)
{
	const struct policy_class *class = hidden_class(config, &lane->passage, may_end_inspection);
	if (class)
		*doubt = (struct doubt){WHY_ROUTE,
		                        S("an interface policy may act first, and it is not known "
		                          "whether this mail crosses that interface"),
		                        class->span};
	return class != NULL;
}

bool lane_doubt_absent(const struct config *config, const struct lane *lane, struct doubt *doubt)
{
	bool fragment = !config->platform_known && !config->has_end;
	bool silent = config->service_policies.n == 0 && config->fixups.n == 0;
	*doubt = (struct doubt){0};
	if (hidden_class(config, &lane->passage, may_inspect_smtp)) {
		doubt->code = WHY_ROUTE;
		doubt->text = S(
		        "an interface policy inspects SMTP, and it is not known whether this mail "
		        "crosses that interface");
		return true;
	}
	if (lane_stray_line(config, doubt))
		return true;
	if (config_uses_fixup(config) && config->fixups.n == 0) {
		doubt->code = WHY_RELEASE;
		doubt->text = S("the text has no fixup line at all, on or off, so it is not the "
		                "whole config; some, `fixup protocol smtp` among them, are on by "
		                "default");
		return true;
	}
	if (config->cut_short) {
		doubt->code = WHY_UNMODELLED;
		doubt->text =
		        S("the capture ends before the config does; what is missing may decide");
		doubt->span = config->truncations.v[config->truncations.n - 1].span;
		return true;
	}
	if (fragment && silent) {
		doubt->code = WHY_UNMODELLED;
		doubt->text = S("the text is a fragment without any service-policy or fixup; "
		                "the device may have them");
		return true;
	}
	return false;
}
