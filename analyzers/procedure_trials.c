/* SPDX-License-Identifier: ISC */
/* What is tried on the device before the change and after it, and what it shows then. */
#include "analyzers/procedure_parts.h"

#include "analyzers/remedy.h"

static bool has_packet_tracer(const struct config *config)
{
	return !config_uses_fixup(config) && config->platform != PLATFORM_FWSM &&
	       (!config->version.major || version_cmp(config->version, 7, 2, 1) >= 0);
}

static void add_trial(const struct guide *guide, struct str where, struct str command,
                      struct str before, struct str after)
{
	struct trial trial = {command, before, after, where};
	VEC_EACH(const struct trial, old, &guide->procedure->trials)
		if (str_eq(old->command, command) && str_eq(old->where, where))
			return;
	VEC_PUSH(guide->arena, &guide->procedure->trials, trial);
}

/* Of a change that was not tried nothing is known but what it is for. */
static const struct flow *flow_after(const struct guide *guide, const struct flow *flow)
{
	if (!guide->change->after)
		return flow;
	VEC_EACH(const struct flow, now, &guide->change->after->flows)
		if (str_eq(now->id, flow->id))
			return now;
	return NULL;
}

static const struct witness *witness_of(const struct guide *guide, const struct flow *flow)
{
	VEC_EACH(const struct finding, finding, &guide->audit->report->findings.list)
		if (finding->has_witness && finding->flow && str_eq(finding->flow->id, flow->id) &&
		    remedy_covers(guide->change->form, finding->rule))
			return &finding->witness;
	return NULL;
}

static bool same_limits(const struct flow *a, const struct flow *b)
{
	if (a->limits.n != b->limits.n)
		return false;
	for (uint32_t i = 0; i < a->limits.n; i++)
		if (a->limits.v[i].kind != b->limits.v[i].kind ||
		    a->limits.v[i].value != b->limits.v[i].value)
			return false;
	return true;
}

static struct str map_of(const struct flow *flow)
{
	return flow->inspections.n ? flow->inspections.v[0].map : S("");
}

/* What a change does to a flow. */
struct effect {
	bool freed;    /* from inspection */
	bool remapped; /* inspected by another map */
	bool relimited;
};

static struct effect effect_on(const struct guide *guide, const struct flow *old,
                               const struct flow *now)
{
	struct effect effect = {0};
	if (!old->on_path || !now || !witness_of(guide, old))
		return effect;
	/* What is in doubt after is freed as far as the text goes: all the more is it tried. */
	effect.freed = old->inspected != VERDICT_NO &&
	               (now->inspected == VERDICT_NO || !guide->change->after ||
	                (now->inspected == VERDICT_UNKNOWN && old->inspected != VERDICT_UNKNOWN));
	effect.remapped =
	        !effect.freed && now->inspected != VERDICT_NO && !str_eq(map_of(old), map_of(now));
	effect.relimited = !same_limits(old, now);
	return effect;
}

static bool has_effect(struct effect effect)
{
	return effect.freed || effect.remapped || effect.relimited;
}

bool procedure_affects(const struct guide *guide, const struct flow *old)
{
	return has_effect(effect_on(guide, old, flow_after(guide, old)));
}

/* One flow and what is done to it, while trials for it are written. */
struct subject {
	const struct flow *old, *now;
	struct effect effect;
	const struct witness *witness;
};

/* "`inspect esmtp`", of the first engine */
static struct str engine_text(const struct guide *guide, const struct flow *flow)
{
	struct str engine = flow->inspections.n ? flow->inspections.v[0].engine : S("esmtp");
	return str_printf(guide->arena, "`inspect %.*s`", STR(engine));
}

static bool from_policy(const struct flow *flow)
{
	VEC_EACH(const struct limit_hit, hit, &flow->limits)
		if (hit->source == FROM_SET_CONNECTION)
			return true;
	return false;
}

/* The way of a flow's packets to the destination of one of them, as it arrives; or NULL. */
static const struct lane *lane_to(const struct guide *guide, const struct flow *flow, u128 dst)
{
	VEC_EACH(const struct flow_work, work, &guide->audit->flows)
		VEC_EACH(const struct lane, lane, &work->lanes)
			if (str_eq(work->flow->id, flow->id) && lane->server_is_appliance &&
			    lane->wire_dst == dst)
				return lane;
	return NULL;
}

/* The packet as the access-list of a class sees it: from 8.3 by real address and port (4.1). */
static struct packet as_classes_see(const struct guide *guide, const struct subject *subject)
{
	struct packet packet = subject->witness->packet;
	const struct lane *lane = lane_to(guide, subject->old, packet.at[DIM_DST]);
	if (lane && config_uses_real_addresses(guide->config)) {
		packet.at[DIM_DST] = lane->server;
		packet.at[DIM_DPORT] = lane->real.dim[DIM_DPORT].v[0].lo;
	}
	return packet;
}

static struct str policy_command(const struct guide *guide, const struct packet *packet)
{
	return str_printf(guide->arena, "show service-policy flow tcp host %.*s host %.*s eq %u",
	                  STR(addr_text(guide->arena, packet->at[DIM_SRC])),
	                  STR(addr_text(guide->arena, packet->at[DIM_DST])),
	                  (unsigned)packet->at[DIM_DPORT]);
}

static void try_policy(const struct guide *guide, const struct subject *subject)
{
	const struct packet packet = as_classes_see(guide, subject);
	struct str engine = engine_text(guide, subject->old), map = map_of(subject->now);
	struct str command = policy_command(guide, &packet);
	struct str inspected =
	        str_printf(guide->arena, "a class with %.*s among its actions", STR(engine));
	if (config_uses_fixup(guide->config))
		return;
	if (subject->effect.freed)
		add_trial(guide, S(""), command, inspected,
		          str_printf(guide->arena, "no %.*s", STR(engine)));
	else if (subject->effect.remapped)
		add_trial(guide, S(""), command, inspected,
		          str_printf(guide->arena, "the same with the map `%.*s`", STR(map)));
	else if (from_policy(subject->old))
		add_trial(guide, S(""), command,
		          S("a class with the `Set connection policy` of before"),
		          S("the limits of the change, or no `Set connection policy`"));
}

static void try_tracer(const struct guide *guide, const struct subject *subject)
{
	const struct witness *witness = subject->witness;
	const u128 *at = witness->packet.at;
	struct str command = str_printf(
	        guide->arena, "packet-tracer input %.*s tcp %.*s %u %.*s %u", STR(witness->input),
	        STR(addr_text(guide->arena, at[DIM_SRC])), (unsigned)at[DIM_SPORT],
	        STR(addr_text(guide->arena, at[DIM_DST])), (unsigned)at[DIM_DPORT]);
	/* "any" is no interface: that the text tells none. */
	const struct config *config = guide->config;
	bool known = config_interface(config, config_find_name(config, witness->input)) != NULL;
	if (!subject->effect.freed || !known || !has_packet_tracer(config))
		return;
	add_trial(guide, S(""), command, S("a phase `Type: INSPECT`, `Subtype: inspect-smtp`"),
	          subject->old->permitted == VERDICT_YES
	                  ? S("no phase `Type: INSPECT`, `Subtype: inspect-smtp`; `Action: allow` "
	                      "at the end")
	                  : S("no phase `Type: INSPECT`, `Subtype: inspect-smtp`"));
}

const struct hosts *procedure_hosts(const struct flow *flow)
{
	switch (flow->kind) {
	case FLOW_CPQ_QUARANTINE:
	case FLOW_CPQ_RELEASE:
		return appliance_cpq_addresses(flow->appliance);
	case FLOW_SSH_CONFIG:
		return appliance_ssh_addresses(flow->appliance);
	case FLOW_SMTP_IN:
	case FLOW_SMTP_OUT:
	case FLOW_SPAM_QUARANTINE:
	case FLOW_CUSTOM:
	case FLOW_KIND_COUNT:
		break;
	}
	return &flow->appliance->addresses;
}

/* What a connection shows of the banner and of EHLO while it is inspected; empty: not known. */
static struct str masked_text(const struct guide *guide, const struct flow *flow)
{
	struct str engine = flow->inspections.n ? flow->inspections.v[0].engine : S("esmtp");
	if (config_uses_fixup(guide->config))
		return S("`220` and asterisks; `EHLO test` is answered by an error (`500`), since "
		         "EHLO is none of the seven verbs that pass");
	if (!mpf_is_smtp(guide->config, config_find_name(guide->config, engine)))
		return S("");
	if (flow_is_cpq(flow))
		return S("`220` and asterisks where the banner is masked");
	return S("`220` and asterisks where the banner is masked; `EHLO test` is answered without "
	         "`STARTTLS` where the firewall removes it");
}

/* On the wire: a connection to the port, and what answers (11.1: 7025 has a banner too). */
static void try_telnet(const struct guide *guide, const struct subject *subject)
{
	const struct flow *old = subject->old;
	const u128 *at = subject->witness->packet.at;
	unsigned port = (unsigned)at[DIM_DPORT];
	struct arena *arena = guide->arena;
	struct str address = addr_text(arena, at[DIM_DST]), masked = masked_text(guide, old);
	struct str clear = S("the `220` banner in clear, and after `EHLO test` all that the server "
	                     "offers, `STARTTLS` among it");
	if (!subject->effect.freed && !subject->effect.remapped)
		return;
	if (old->kind == FLOW_SMTP_IN)
		add_trial(guide, str_printf(arena, "a host behind %.*s", STR(old->from)),
		          str_printf(arena, "telnet %.*s %u", STR(address), port), masked, clear);
	else if (old->kind == FLOW_SMTP_OUT)
		add_trial(guide, old->appliance->name,
		          str_printf(arena, "telnet MAIL-SERVER %u", port), masked, clear);
	else if (flow_is_cpq(old))
		add_trial(guide, str_printf(arena, "the appliance behind %.*s", STR(old->from)),
		          str_printf(arena, "telnet %.*s %u", STR(address), port), masked,
		          S("the `220` banner in clear"));
}

static void try_connections(const struct guide *guide, const struct subject *subject,
                            struct str address)
{
	if (config_uses_fixup(guide->config))
		add_trial(guide, S(""), S("show conn"),
		          S("flag `M` (SMTP data) on mail of the appliance"),
		          S("no flag `M` on connections that began after the change"));
	else
		VEC_EACH(const uint16_t, port, &subject->old->ports.list)
			add_trial(guide, S(""),
			          str_printf(guide->arena, "show conn address %.*s port %u",
			                     STR(address), *port),
			          S("flag `M` (SMTP data) on connections that are inspected"),
			          S("no flag `M` on connections that began after the change"));
}

/* "a limit of 50 connections and 100 half-open ones", of the flow's translation */
static struct str limit_text(const struct guide *guide, const struct flow *flow)
{
	uint32_t all = 0, half_open = 0;
	VEC_EACH(const struct limit_hit, hit, &flow->limits) {
		if (hit->kind == LIMIT_CONN_MAX || hit->kind == LIMIT_PER_CLIENT)
			all = hit->value;
		if (hit->kind == LIMIT_EMBRYONIC || hit->kind == LIMIT_PER_CLIENT_EMBRYONIC)
			half_open = hit->value;
	}
	if (all && half_open)
		return str_printf(guide->arena, "a limit of %u connections, %u of them half-open",
		                  all, half_open);
	if (all || half_open)
		return str_printf(guide->arena, "a limit of %u %sconnections", all | half_open,
		                  all ? "" : "half-open ");
	return S("no limit (`unlimited`)");
}

static void try_hosts(const struct guide *guide, const struct subject *subject)
{
	VEC_EACH(const struct host, host, &procedure_hosts(subject->old)->list) {
		struct str address = addr_text(guide->arena, host->real);
		if (subject->effect.relimited && !from_policy(subject->old))
			add_trial(guide, S(""),
			          str_printf(guide->arena, "show local-host %.*s", STR(address)),
			          limit_text(guide, subject->old), limit_text(guide, subject->now));
		if (subject->effect.freed)
			try_connections(guide, subject, address);
	}
}

/* Is the packet inspected as SMTP before the change, and untouched by it? */
static bool is_still_inspected(const struct guide *guide, const struct lane *like,
                               const struct packet *packet)
{
	struct lane lane = {.passage = like->passage, .wire_proto = PROTO_TCP};
	struct verdict_cells cells = {0};
	VEC_EACH(const struct treatment, effect, &guide->change->check.effects)
		if (box_contains(&effect->packets, packet))
			return false;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		lane.real.dim[dim] = iset_point(guide->arena, packet->at[dim]);
	lane.passage.seen = lane.passage.global = lane.real;
	lane_feature(guide->arena, guide->config, &lane, FEATURE_INSPECT, &cells);
	return verdict_of(&cells) == VERDICT_YES;
}

/* A packet of no appliance by the way of a lane: between strangers, or to or from one. */
static bool find_others_packet(const struct guide *guide, const struct lane *lane,
                               const struct packet *mail, struct packet *packet)
{
	/* 198.51.100.251 and 203.0.113.251, which nobody has */
	const u128 sources[] = {addr4(0xc63364fbu), mail->at[DIM_SRC]};
	const u128 servers[] = {addr4(0xcb0071fbu), mail->at[DIM_DST] + 1, mail->at[DIM_DST] - 1};
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		for (size_t k = 0; k < sizeof(servers) / sizeof(servers[0]); k++) {
			*packet = *mail;
			packet->at[DIM_SRC] = sources[i];
			packet->at[DIM_DST] = servers[k];
			if (addr_is4(sources[i]) == addr_is4(servers[k]) &&
			    is_still_inspected(guide, lane, packet))
				return true;
		}
	return false;
}

/* Mail of others must be inspected as before, perhaps in a new class. */
static void try_others(const struct guide *guide, const struct flow *old)
{
	const struct subject subject = {
	        .old = old,
	        .effect = effect_on(guide, old, flow_after(guide, old)),
	        .witness = witness_of(guide, old),
	};
	bool moved = false, of_inspection = subject.effect.freed || subject.effect.remapped;
	struct packet packet;
	VEC_EACH(const struct change_line, line, &guide->change->commands.list)
		moved |= !line->note && str_starts(line->text, S("  inspect "));
	if (!of_inspection || config_uses_fixup(guide->config) || !guide->change->check.done)
		return;
	VEC_EACH(const struct flow_work, work, &guide->audit->flows)
		if (str_eq(work->flow->id, old->id) && work->lanes.n &&
		    find_others_packet(guide, &work->lanes.v[0], &subject.witness->packet,
		                       &packet)) {
			add_trial(guide, S(""), policy_command(guide, &packet),
			          S("SMTP inspection, for this packet is of no appliance"),
			          moved ? S("SMTP inspection as before, now in the new class")
			                : S("SMTP inspection as before"));
			return;
		}
}

/* Each fixup that the change turns off. */
static void try_fixups(const struct guide *guide)
{
	static const char no[] = "no ";
	VEC_EACH(const struct change_line, line, &guide->change->commands.list) {
		struct str on = line->text;
		if (line->note || !str_starts(on, S("no fixup protocol ")))
			continue;
		on.s += strlen(no);
		on.n -= strlen(no);
		add_trial(guide, S(""), S("show fixup"),
		          str_printf(guide->arena, "a line `%.*s`", STR(on)),
		          str_printf(guide->arena, "`%.*s`, or no such line", STR(line->text)));
	}
}

void procedure_trials(const struct guide *guide)
{
	try_fixups(guide);
	VEC_EACH(const struct flow, old, &guide->audit->report->flows) {
		struct subject subject = {.old = old, .now = flow_after(guide, old)};
		subject.effect = effect_on(guide, old, subject.now);
		subject.witness = witness_of(guide, old);
		if (!has_effect(subject.effect))
			continue;
		try_policy(guide, &subject);
		try_tracer(guide, &subject);
		try_hosts(guide, &subject);
		try_telnet(guide, &subject);
	}
	VEC_EACH(const struct flow, old, &guide->audit->report->flows)
		try_others(guide, old);
}
