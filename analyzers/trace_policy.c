/* SPDX-License-Identifier: ISC */
/* Which classes act on a traced packet, and which limits bind it. */
#include "analyzers/trace_walk.h"

void trace_policies(struct walk *walk)
{
	walk->memo = trace_memo_for(walk->tracer->memo, walk->config, &walk->lane);
	walk->lane.memo = walk->memo ? &walk->memo->features : NULL;
}

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
	return STR_JOIN(walk->arena, S("class "), config_name(config, claim->class->name),
	                S(", policy "), config_name(config, claim->policy->name), S(", "),
	                ifc.n ? S("interface ") : S("global"), ifc);
}

/* The cells of a packet agree, or the claims of all may act. */
static const struct verdict_cell *owner(const struct walk *walk, enum feature feature)
{
	struct verdict_cells cells = {0};
	lane_feature(walk->arena, walk->config, &walk->lane, feature, &cells);
	if (cells.list.n == 1)
		return cells.list.v;
	struct verdict_cell *one = NEW(walk->arena, struct verdict_cell);
	*one = cells.list.v[0];
	VEC_EACH(const struct verdict_cell, cell, &cells.list) {
		if (cell->open)
			one->open = true;
		if (cell->claims != one->claims && !one->claims)
			one->claims = cell->claims;
	}
	if (one->claims) {
		one->open = true;
		one->why = WHY_MASKED;
		one->why_text = S("it depends on the real destination, which is not known");
	}
	return one;
}

static bool is_certain(const struct verdict_cell *owner)
{
	return owner->claims && !owner->claims->next && !owner->open;
}

static void end_owned(struct walk *walk, struct trace_phase *phase,
                      const struct verdict_cell *owner, bool decides)
{
	if (is_certain(owner)) {
		walk_end(walk, phase, S(""));
		return;
	}
	walk_line(walk, phase, owner->why_span);
	phase->detail =
	        STR_JOIN(walk->arena, S("may act: "), phase->detail, S("; "), owner->why_text);
	phase->result = TRACE_UNKNOWN;
	phase->aside = !decides;
	walk_end(walk, phase, owner->why_text);
}

static struct inspection_hit hit_of(const struct walk *walk, const struct claim *claim)
{
	const struct config *config = walk->config;
	if (claim->fixup)
		return (struct inspection_hit){.engine = config_name(config, claim->fixup->engine),
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
static void unread_phase(struct walk *walk, const char *type, const struct verdict_cell *owner,
                         bool decides)
{
	if (owner->claims || owner->why == WHY_NONE)
		return;
	struct trace_phase phase = walk_begin(type, S(""), owner->why_text);
	walk_line(walk, &phase, owner->why_span);
	phase.aside = !decides;
	walk_unknown(walk, &phase, owner->why_text);
}

static bool is_tcp(const struct walk *walk)
{
	return walk->packet.wire.at[DIM_PROTO] == PROTO_TCP;
}

/* Engines whose lines may lack work on TCP or UDP. */
static bool may_lack_engine(const struct walk *walk)
{
	return is_tcp(walk) || walk->packet.wire.at[DIM_PROTO] == PROTO_UDP;
}

/*
 * Is it open whether the packet is inspected as SMTP? No other engine, and no setting of
 * connections, stops a first packet or turns the inspected verdict.
 */
static bool smtp_is_open(const struct walk *walk, const struct verdict_cell *owner)
{
	bool smtp = owner->blurred, other = owner->open;
	for (const struct claim *claim = owner->claims; claim; claim = claim->next) {
		bool is = mpf_is_smtp(walk->config, mpf_engine(claim));
		smtp |= is;
		other |= !is;
	}
	return is_tcp(walk) && smtp && other;
}

static void add_inspections(struct walk *walk, const struct verdict_cell *owner, bool decides)
{
	for (const struct claim *claim = owner->claims; claim; claim = claim->next) {
		struct trace_inspection inspection = {hit_of(walk, claim), is_certain(owner)};
		walk_inspection(walk, &inspection);
		struct trace_phase phase = walk_begin(
		        "INSPECT", STR_JOIN(walk->arena, S("inspect-"), inspection.hit.engine),
		        claim_text(walk, claim));
		walk_line(walk, &phase, inspection.hit.span);
		add_claim_lines(walk, &phase, claim);
		end_owned(walk, &phase, owner, decides);
	}
}

static void inspect_step(struct walk *walk)
{
	const struct verdict_cell *one = owner(walk, FEATURE_INSPECT);
	struct verdict_cell unsure;
	struct doubt doubt;
	if (one->claims && lane_doubt_present(walk->config, &walk->lane, &doubt)) {
		unsure = *one;
		unsure.open = true;
		unsure.why = doubt.code;
		unsure.why_text = doubt.text;
		unsure.why_span = doubt.span;
		one = &unsure;
	}
	bool decides = smtp_is_open(walk, one);
	unread_phase(walk, "INSPECT", one, decides);
	if (decides || !walk->brief)
		add_inspections(walk, one, decides);
	if (!one->claims && may_lack_engine(walk) &&
	    lane_doubt_absent(walk->config, &walk->lane, &doubt)) {
		struct trace_phase phase = walk_begin("INSPECT", S(""), S(""));
		walk_line(walk, &phase, doubt.span);
		phase.aside = !is_tcp(walk);
		walk_unknown(walk, &phase, doubt.text);
	}
}

void trace_inspect_phase(struct walk *walk)
{
	walk_policy_step(walk, STEP_INSPECT, inspect_step);
}

/* What the class does, first in words and lines. */
static void add_actions(const struct walk *walk, enum feature feature,
                        const struct policy_class *class, struct trace_phase *phase)
{
	switch (feature) {
	case FEATURE_CONN:
		for (int i = 0; i < CONN_LIMIT_COUNT; i++)
			if (class->limits[i].set)
				walk_line(walk, phase, class->limits[i].span);
		return;
	case FEATURE_TCP:
		if (!class->state_bypass)
			return;
		phase->subtype = S("tcp-state-bypass");
		walk_line(walk, phase, class->state_bypass_span);
		return;
	case FEATURE_POLICE_IN:
		walk_line(walk, phase, class->police_in.span);
		return;
	case FEATURE_POLICE_OUT:
		walk_line(walk, phase, class->police_out.span);
		return;
	case FEATURE_MODULE:
		phase->subtype = config_name(walk->config, class->modules.v[0].module);
		VEC_EACH(const struct module_action, action, &class->modules)
			walk_line(walk, phase, action->span);
		return;
	case FEATURE_INSPECT: /* add_inspections() */
		return;
	}
}

/* A setting of connections or of their rate stops no first packet; a module may. */
static void class_phase(struct walk *walk, enum feature feature, const char *type)
{
	bool decides = feature == FEATURE_MODULE;
	if (walk->brief && !decides)
		return;
	const struct verdict_cell *one = owner(walk, feature);
	unread_phase(walk, type, one, decides);
	for (const struct claim *claim = one->claims; claim; claim = claim->next) {
		struct trace_phase phase = walk_begin(type, S(""), claim_text(walk, claim));
		add_actions(walk, feature, claim->class, &phase);
		add_claim_lines(walk, &phase, claim);
		end_owned(walk, &phase, one, decides);
	}
}

static void connection_step(struct walk *walk)
{
	class_phase(walk, FEATURE_CONN, "CONN-SETTINGS");
	class_phase(walk, FEATURE_TCP, "CONN-SETTINGS");
}

void trace_connection_phases(struct walk *walk)
{
	walk_policy_step(walk, STEP_CONNECTION, connection_step);
}

static void module_step(struct walk *walk)
{
	class_phase(walk, FEATURE_MODULE, "MODULE");
	class_phase(walk, FEATURE_POLICE_IN, "QOS");
	class_phase(walk, FEATURE_POLICE_OUT, "QOS");
}

void trace_module_phases(struct walk *walk)
{
	walk_policy_step(walk, STEP_MODULE, module_step);
}

/* Limits are told, they stop no first packet. */
void trace_limits_phase(struct walk *walk)
{
	struct bounds bounds = {0};
	struct buf text = {.arena = walk->arena};
	if (walk->brief)
		return;
	struct trace_phase phase = walk_begin("HOST-LIMITS", S(""), S(""));
	lane_nat_limits(walk->arena, walk->config, &walk->lane, &bounds);
	lane_limits(walk->arena, walk->config, &walk->lane, &bounds);
	VEC_EACH(const struct bound, bound, &bounds.list) {
		struct trace_limit limit = {bound->hit, bound->certain};
		VEC_PUSH(walk->arena, &walk->trace->limits, limit);
		if (bound->hit.source != FROM_STATIC && bound->hit.source != FROM_NAT)
			continue;
		walk_line(walk, &phase, bound->hit.span);
		buf_printf(&text, "%s%s %u", text.n ? ", " : "", limit_kind_names[bound->hit.kind],
		           bound->hit.value);
	}
	phase.detail = buf_str(&text);
	if (phase.lines.n)
		walk_end(walk, &phase, S(""));
}
