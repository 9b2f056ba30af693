/* SPDX-License-Identifier: ISC */
/* What the security levels of two interfaces say of packets between them (asa-semantics 9.3). */
#include "analyzers/lane_parts.h"

/* The outbound list that is applied where the packets come in, or may be. */
static const struct outbound_binding *outbound_at(const struct config *config,
                                                  const struct interface *in)
{
	VEC_EACH(const struct outbound_binding, binding, &config->outbounds)
		if (binding->interface == 0 || config_interface(config, binding->interface) == in)
			return binding;
	return NULL;
}

enum verdict lane_levels(const struct config *config, const struct lane *lane,
                         struct verdict_cell *cell)
{
	const struct interface *in = lane->passage.in, *out = lane->passage.out;
	if (config->platform == PLATFORM_FWSM && in) {
		cell->why_span = in->span;
		cell->why_text = S("on FWSM nothing enters an interface without an access-list");
		return VERDICT_NO;
	}
	if (!in || !out || in->implied || out->implied || config->platform == PLATFORM_FTD) {
		cell->why = WHY_ROUTE;
		cell->why_text = S("no access-list decides, and the security levels are not known");
		return VERDICT_UNKNOWN;
	}
	cell->why_span = in->span;
	if (in == out)
		return config->same_security_intra ? VERDICT_YES : VERDICT_NO;
	if (in->security_level < out->security_level)
		return VERDICT_NO;
	if (in->security_level == out->security_level && !config->same_security_inter)
		return VERDICT_NO;
	const struct outbound_binding *outbound = outbound_at(config, in);
	if (outbound) {
		cell->why = WHY_UNMODELLED;
		cell->why_text = S("outbound and apply lists decide, which are not evaluated");
		cell->why_span = outbound->span;
		return VERDICT_UNKNOWN;
	}
	return VERDICT_YES;
}

enum verdict lane_same_security(const struct config *config, const struct lane *lane,
                                struct doubt *why)
{
	const struct interface *in = lane->passage.in, *out = lane->passage.out;
	*why = (struct doubt){0};
	if (!in || !out || in->implied || out->implied || config->platform == PLATFORM_FTD)
		return VERDICT_YES;
	if (in == out && !config->same_security_intra) {
		*why = (struct doubt){WHY_NONE,
		                      S("in and out of one interface needs `same-security-traffic "
		                        "permit intra-interface`"),
		                      in->span};
		return VERDICT_NO;
	}
	if (in == out || in->security_level != out->security_level || config->same_security_inter)
		return VERDICT_YES;
	if (config->platform == PLATFORM_PIX && config_uses_fixup(config)) {
		*why = (struct doubt){WHY_NONE,
		                      S("PIX 6 passes nothing between interfaces of one level"),
		                      in->span};
		return VERDICT_NO;
	}
	*why = (struct doubt){
	        WHY_TWO_READINGS,
	        S("whether an access-list lets packets pass between interfaces of one security "
	          "level without `same-security-traffic permit inter-interface` is not documented"),
	        in->span};
	return VERDICT_UNKNOWN;
}
