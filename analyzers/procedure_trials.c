/* SPDX-License-Identifier: ISC */
/* What is tried on the device before the change and after it, and what it shows then. */
#include "analyzers/procedure_parts.h"

static bool has_packet_tracer(const struct config *config)
{
	return !config_uses_fixup(config) && config->platform != PLATFORM_FWSM &&
	       (!config->version.major || version_cmp(config->version, 7, 2, 1) >= 0);
}

/* One command may show the one or the other: what of two flows it tells is not known. */
static struct str either(const struct guide *guide, struct str a, struct str b)
{
	if (!b.n || str_contains(a, b))
		return a;
	return str_printf(guide->arena, "%.*s, or %.*s", STR(a), STR(b));
}

static void add_trial(const struct guide *guide, struct str where, struct str command,
                      struct str before, struct str after)
{
	struct trial trial = {command, before, after, where};
	VEC_EACH(struct trial, old, &guide->procedure->trials) {
		if (!str_eq(old->command, command) || !str_eq(old->where, where))
			continue;
		old->before = either(guide, old->before, before);
		old->after = either(guide, old->after, after);
		return;
	}
	VEC_PUSH(guide->arena, &guide->procedure->trials, trial);
}

/* --- the policy ------------------------------------------------------------------------- */

/* Does an engine that reads SMTP take it before the change? */
static bool is_smtp(const struct guide *guide, const struct subject *subject)
{
	const struct config *config = guide->config;
	return subject->taker &&
	       mpf_is_smtp(config, config_find_name(config, subject->taker->engine));
}

static struct str engine_text(const struct guide *guide, const struct subject *subject)
{
	struct str engine = subject->taker ? subject->taker->engine : S("esmtp");
	return str_printf(guide->arena, "`inspect %.*s`", STR(engine));
}

static bool from_policy(const struct flow *flow)
{
	VEC_EACH(const struct limit_hit, hit, &flow->limits)
		if (hit->source == FROM_SET_CONNECTION)
			return true;
	return false;
}

/* "`Set connection policy` with conn-max 50", as `show service-policy flow` has it. */
static struct str policy_limits(const struct guide *guide, const struct flow *flow)
{
	struct buf text = {.arena = guide->arena};
	VEC_EACH(const struct limit_hit, hit, &flow->limits)
		if (hit->source == FROM_SET_CONNECTION)
			buf_printf(&text, "%s%s %u",
			           text.n ? ", " : "`Set connection policy` with ",
			           limit_kind_names[hit->kind], hit->value);
	return text.n ? buf_str(&text) : S("no `Set connection policy` with limits");
}

static struct str joined(const struct guide *guide, struct str a, struct str b)
{
	return a.n && b.n ? str_printf(guide->arena, "%.*s; %.*s", STR(a), STR(b)) : a.n ? a : b;
}

/* The packet as the access-list of a class sees it: from 8.3 by real address and port (4.1). */
static struct packet as_classes_see(const struct guide *guide, const struct subject *subject)
{
	struct packet packet = subject->witness.packet;
	const struct trace_nat *to = &subject->trace.destination;
	if (!config_uses_real_addresses(guide->config) || !to->applies)
		return packet;
	if (to->address_known)
		packet.at[DIM_DST] = to->address;
	if (to->port_known)
		packet.at[DIM_DPORT] = to->port;
	return packet;
}

static struct str policy_command(const struct guide *guide, const struct packet *packet)
{
	return str_printf(guide->arena, "show service-policy flow tcp host %.*s host %.*s eq %u",
	                  STR(addr_text(guide->arena, packet->at[DIM_SRC])),
	                  STR(addr_text(guide->arena, packet->at[DIM_DST])),
	                  (unsigned)packet->at[DIM_DPORT]);
}

/* Of what is not decided, no more is expected. */
static const char *perhaps(const struct subject *subject)
{
	bool open = subject->trace.inspections.n ? !subject->trace.inspections.v[0].certain
	                                         : subject->old->inspected == VERDICT_UNKNOWN;
	return open ? "perhaps " : "";
}

static void try_policy(const struct guide *guide, const struct subject *subject)
{
	struct str engine = engine_text(guide, subject), before = S(""), after = S("");
	if (config_uses_fixup(guide->config) || !subject->has_witness)
		return;
	if (subject->freed || subject->remapped)
		before = str_printf(guide->arena, "%sa class with %.*s among its actions",
		                    perhaps(subject), STR(engine));
	if (subject->freed)
		after = str_printf(guide->arena, "no %.*s", STR(engine));
	else if (subject->remapped)
		after = str_printf(guide->arena, "%.*s with the map `%.*s`", STR(engine),
		                   STR(subject->map));
	if (subject->relimited && from_policy(subject->old)) {
		before = joined(guide, before, policy_limits(guide, subject->old));
		after = joined(guide, after, policy_limits(guide, subject->now));
	}
	const struct packet packet = as_classes_see(guide, subject);
	if (before.n)
		add_trial(guide, S(""), policy_command(guide, &packet), before, after);
}

/* The phase of the engine: of SMTP its words are known, of others the class that it names (8). */
static struct str phase_text(const struct guide *guide, const struct subject *subject)
{
	if (is_smtp(guide, subject))
		return S("phase `Type: INSPECT`, `Subtype: inspect-smtp`");
	return str_printf(guide->arena, "phase `Type: INSPECT` of class `%.*s`",
	                  STR(subject->taker->class));
}

/* A packet that is dropped on its way never comes to the phase. */
static void try_tracer(const struct guide *guide, const struct subject *subject)
{
	const struct witness *witness = &subject->witness;
	const u128 *at = witness->packet.at;
	bool traced = subject->has_witness && subject->trace.phases.n > 0;
	if (!subject->freed || !subject->taker || !traced || !has_packet_tracer(guide->config) ||
	    subject->trace.result == TRACE_DROP)
		return;
	struct str command = str_printf(
	        guide->arena, "packet-tracer input %.*s tcp %.*s %u %.*s %u", STR(witness->input),
	        STR(addr_text(guide->arena, at[DIM_SRC])), (unsigned)at[DIM_SPORT],
	        STR(addr_text(guide->arena, at[DIM_DST])), (unsigned)at[DIM_DPORT]);
	struct str phase = phase_text(guide, subject);
	bool allowed = subject->trace.result == TRACE_ALLOW;
	add_trial(guide, S(""), command,
	          str_printf(guide->arena, "%sa %.*s", perhaps(subject), STR(phase)),
	          str_printf(guide->arena, "no %.*s%s", STR(phase),
	                     allowed ? "; `Action: allow` at the end" : ""));
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

/* --- connections ------------------------------------------------------------------------ */

/* Nothing is there to see of mail that the firewall drops. */
static bool is_blocked(const struct subject *subject)
{
	return subject->trace.result == TRACE_DROP;
}

/* What a connection shows of the banner and of EHLO while it is inspected; empty: not known. */
static struct str masked_text(const struct guide *guide, const struct subject *subject)
{
	if (!is_smtp(guide, subject))
		return S("");
	if (config_uses_fixup(guide->config))
		return S("`220` and asterisks; `EHLO test` is answered by an error (`500`), since "
		         "EHLO is none of the seven verbs that pass");
	if (flow_is_cpq(subject->old))
		return S("`220` and asterisks where the banner is masked");
	if (str_eq(subject->taker->engine, S("smtp")))
		return S("`220` and asterisks where the banner is masked; `EHLO test` is answered "
		         "by an error, or without `STARTTLS`");
	return S("`220` and asterisks where the banner is masked; `EHLO test` is answered without "
	         "`STARTTLS` where the firewall removes it");
}

/* "esa1", by any of its addresses; else "a host behind IFC". */
static struct str client_text(const struct guide *guide, const struct subject *subject)
{
	u128 client = subject->witness.packet.at[DIM_SRC];
	VEC_EACH(const struct appliance, appliance, &guide->audit->report->appliances.list) {
		const struct hosts *hosts[] = {&appliance->addresses,
		                               appliance_cpq_addresses(appliance)};
		for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
			VEC_EACH(const struct host, host, &hosts[i]->list)
				if (host->real == client)
					return appliance->name;
	}
	return str_printf(guide->arena, "a host behind %.*s", STR(subject->old->from));
}

/* On the wire: a connection to the port, and what answers (11.1: 7025 has a banner too). */
static void try_telnet(const struct guide *guide, const struct subject *subject)
{
	struct arena *arena = guide->arena;
	bool out = subject->old->kind == FLOW_SMTP_OUT, cpq = flow_is_cpq(subject->old);
	const u128 *at = subject->witness.packet.at;
	if (!subject->has_witness || is_blocked(subject) ||
	    (!subject->freed && !subject->remapped) || (!cpq && !flow_is_smtp(subject->old)))
		return;
	struct str server = out ? S("MAIL-SERVER") : addr_text(arena, at[DIM_DST]);
	add_trial(guide, client_text(guide, subject),
	          str_printf(arena, "telnet %.*s %u", STR(server), (unsigned)at[DIM_DPORT]),
	          masked_text(guide, subject),
	          cpq ? S("the `220` banner in clear")
	              : S("the `220` banner in clear, and after `EHLO test` all that the server "
	                  "offers, `STARTTLS` too if it has TLS"));
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
		bool of_nat = hit->source == FROM_STATIC || hit->source == FROM_NAT;
		if (of_nat && hit->kind == LIMIT_CONN_MAX)
			all = hit->value;
		if (of_nat && hit->kind == LIMIT_EMBRYONIC)
			half_open = hit->value;
	}
	if (all && half_open)
		return str_printf(guide->arena, "a limit of %u connections and %u half-open ones",
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
		struct str before = limit_text(guide, subject->old);
		struct str after = limit_text(guide, subject->now);
		if (subject->relimited && !str_eq(before, after))
			add_trial(guide, S(""),
			          str_printf(guide->arena, "show local-host %.*s", STR(address)),
			          before, after);
		if (subject->freed && is_smtp(guide, subject) && !is_blocked(subject))
			try_connections(guide, subject, address);
	}
}

/* --- others ----------------------------------------------------------------------------- */

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
static void try_others(const struct guide *guide, const struct subject *subject)
{
	bool moved = false;
	struct packet packet;
	VEC_EACH(const struct change_line, line, &guide->change->commands.list)
		moved |= !line->note && str_starts(line->text, S("  inspect "));
	if ((!subject->freed && !subject->remapped) || config_uses_fixup(guide->config) ||
	    !guide->change->check.done || !subject->has_witness)
		return;
	VEC_EACH(const struct flow_work, work, &guide->audit->flows)
		if (str_eq(work->flow->id, subject->old->id) && work->lanes.n &&
		    find_others_packet(guide, &work->lanes.v[0], &subject->witness.packet,
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
	struct {
		VEC(struct subject) list;
	} subjects = {0};
	try_fixups(guide);
	VEC_EACH(const struct flow, old, &guide->audit->report->flows) {
		struct subject subject;
		if (procedure_subject(guide, old, &subject))
			VEC_PUSH(guide->arena, &subjects.list, subject);
	}
	VEC_EACH(const struct subject, subject, &subjects.list) {
		try_policy(guide, subject);
		try_tracer(guide, subject);
		try_hosts(guide, subject);
		try_telnet(guide, subject);
	}
	VEC_EACH(const struct subject, subject, &subjects.list)
		try_others(guide, subject);
}
