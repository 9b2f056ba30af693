/* SPDX-License-Identifier: ISC */
/* Which classes act on a traced packet, and which limits bind it. */
#include "analyzers/trace_walk.h"

static void add_claim_lines(const struct walk *walk, struct trace_phase *phase,
                            const struct claim *claim)
{
	if (claim->fixup) {
		walk_line(walk, phase, claim->fixup->span);
		return;
	}
	const struct class_map *map = config_class_map(walk->config, claim->class->name);
	if (map)
		walk_line(walk, phase, map->span);
	if (map)
		VEC_EACH(const struct class_match, match, &map->matches)
			walk_line(walk, phase, match->span);
	walk_line(walk, phase, claim->policy->span);
	walk_line(walk, phase, claim->class->span);
	walk_line(walk, phase, claim->service_policy->span);
}

static struct str claim_text(const struct walk *walk, const struct claim *claim)
{
	const struct config *config = walk->config;
	if (claim->fixup)
		return S("fixup");
	struct str ifc = config_name(config, claim->service_policy->interface);
	return str_printf(walk->arena, "class %.*s, policy %.*s, %s%.*s",
	                  STR(config_name(config, claim->class->name)),
	                  STR(config_name(config, claim->policy->name)),
	                  ifc.n ? "interface " : "global", STR(ifc));
}

/* The cells of a packet agree, or the claims of all may act. */
static struct verdict_cell owner(const struct walk *walk, enum feature feature)
{
	struct verdict_cells cells = {0};
	lane_feature(walk->arena, walk->config, &walk->lane, feature, &cells);
	struct verdict_cell one = cells.list.v[0];
	VEC_EACH(const struct verdict_cell, cell, &cells.list) {
		if (cell->open)
			one.open = true;
		if (cell->claims != one.claims && !one.claims)
			one.claims = cell->claims;
	}
	if (cells.list.n > 1 && one.claims) {
		one.open = true;
		one.why = WHY_MASKED;
		one.why_text = S("it depends on the real destination, which is not known");
	}
	return one;
}

static bool is_certain(const struct verdict_cell *owner)
{
	return owner->claims && !owner->claims->next && !owner->open;
}

static void end_owned(struct walk *walk, struct trace_phase *phase,
                      const struct verdict_cell *owner)
{
	if (is_certain(owner)) {
		walk_end(walk, phase, S(""));
		return;
	}
	walk_line(walk, phase, owner->why_span);
	phase->detail = str_printf(walk->arena, "may act: %.*s; %.*s", STR(phase->detail),
	                           STR(owner->why_text));
	phase->result = TRACE_UNKNOWN;
	walk_end(walk, phase, owner->why_text);
}

static struct inspection_hit hit_of(const struct walk *walk, const struct claim *claim)
{
	const struct config *config = walk->config;
	if (claim->fixup)
		return (struct inspection_hit){.engine =
		                                       config_name(config, claim->fixup->protocol),
		                               .span = claim->fixup->span};
	return (struct inspection_hit){
	        .engine = config_name(config, claim->inspect->engine),
	        .map = config_name(config, claim->inspect->map),
	        .policy = config_name(config, claim->policy->name),
	        .class = config_name(config, claim->class->name),
	        .interface = config_name(config, claim->service_policy->interface),
	        .span = claim->inspect->span,
	};
}

/* A class that may act and of which nothing can be read: no claim to name. */
static void unread_phase(struct walk *walk, const char *type, const struct verdict_cell *owner)
{
	struct trace_phase phase = walk_begin(type, S(""), owner->why_text);
	if (owner->claims || owner->why == WHY_NONE)
		return;
	walk_line(walk, &phase, owner->why_span);
	walk_unknown(walk, &phase, owner->why_text);
}

/* Inspection is for TCP and UDP; other packets have none that could be missing. */
static bool may_be_mail(const struct walk *walk)
{
	u128 protocol = walk->packet.wire.at[DIM_PROTO];
	return protocol == PROTO_TCP || protocol == PROTO_UDP;
}

void trace_inspect_phase(struct walk *walk)
{
	struct verdict_cell one = owner(walk, FEATURE_INSPECT);
	struct doubt doubt;
	if (one.claims && lane_doubt_present(walk->config, &walk->lane, &doubt)) {
		one.open = true;
		one.why = doubt.code;
		one.why_text = doubt.text;
		one.why_span = doubt.span;
	}
	unread_phase(walk, "INSPECT", &one);
	for (const struct claim *claim = one.claims; claim; claim = claim->next) {
		struct trace_inspection inspection = {hit_of(walk, claim), is_certain(&one)};
		VEC_PUSH(walk->arena, &walk->trace->inspections, inspection);
		struct trace_phase phase = walk_begin(
		        "INSPECT",
		        str_printf(walk->arena, "inspect-%.*s", STR(inspection.hit.engine)),
		        claim_text(walk, claim));
		walk_line(walk, &phase, inspection.hit.span);
		add_claim_lines(walk, &phase, claim);
		end_owned(walk, &phase, &one);
	}
	if (!one.claims && may_be_mail(walk) &&
	    lane_doubt_absent(walk->config, &walk->lane, &doubt)) {
		struct trace_phase phase = walk_begin("INSPECT", S(""), S(""));
		walk_line(walk, &phase, doubt.span);
		walk_unknown(walk, &phase, doubt.text);
	}
}

void trace_class_phase(struct walk *walk, enum feature feature, const char *type)
{
	struct verdict_cell one = owner(walk, feature);
	unread_phase(walk, type, &one);
	for (const struct claim *claim = one.claims; claim; claim = claim->next) {
		struct trace_phase phase = walk_begin(type, S(""), claim_text(walk, claim));
		if (feature == FEATURE_TCP && claim->class->state_bypass) {
			phase.subtype = S("tcp-state-bypass");
			walk_line(walk, &phase, claim->class->state_bypass_span);
		} else if (feature == FEATURE_POLICE_IN) {
			walk_line(walk, &phase, claim->class->police_in.span);
		} else if (feature == FEATURE_POLICE_OUT) {
			walk_line(walk, &phase, claim->class->police_out.span);
		} else if (feature == FEATURE_MODULE) {
			phase.subtype =
			        config_name(walk->config, claim->class->modules.v[0].module);
			VEC_EACH(const struct module_action, action, &claim->class->modules)
				walk_line(walk, &phase, action->span);
		} else if (feature == FEATURE_CONN) {
			for (int i = 0; i < CONN_LIMIT_COUNT; i++)
				if (claim->class->limits[i].set)
					walk_line(walk, &phase, claim->class->limits[i].span);
		}
		add_claim_lines(walk, &phase, claim);
		end_owned(walk, &phase, &one);
	}
}

void trace_limits_phase(struct walk *walk)
{
	struct bounds bounds = {0};
	struct trace_phase phase = walk_begin("HOST-LIMITS", S(""), S(""));
	lane_limits(walk->arena, walk->config, &walk->lane, &bounds);
	VEC_EACH(const struct bound, bound, &bounds.list) {
		struct trace_limit limit = {bound->hit, bound->certain};
		VEC_PUSH(walk->arena, &walk->trace->limits, limit);
		if (bound->hit.source != FROM_STATIC && bound->hit.source != FROM_NAT)
			continue;
		walk_line(walk, &phase, bound->hit.span);
		phase.detail = str_printf(walk->arena, "%.*s%s%s %u", STR(phase.detail),
		                          phase.detail.n ? ", " : "",
		                          limit_kind_names[bound->hit.kind], bound->hit.value);
	}
	if (phase.lines.n)
		walk_end(walk, &phase, S(""));
}
