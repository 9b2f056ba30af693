/* SPDX-License-Identifier: ISC */
/* The audit of a config with some of its hosts as appliances, packet by packet. */
#include <stdio.h>
#include <string.h>

#include "analyzers/audit.h"
#include "tests/property/compare.h"
#include "tests/property/slow_mpf.h"
#include "tests/property/slow_permit.h"
#include "tests/property/slow_route.h"

/* --- what the text as a whole leaves open ------------------------------------------------- */

/* A command that is not known may do anything to mail; but not if it is kept inside an object. */
static bool has_stray_line(const struct config *config)
{
	VEC_EACH(const struct unknown_line, line, &config->unknown_lines)
		if (!line->local)
			return true;
	return false;
}

/* A fragment without any inspection may be one of a device that has some (ruling 10). */
static bool inspection_may_lack(const struct config *config)
{
	bool whole = config->platform_known || config->has_end;
	if (slow_fixups(config))
		return config->fixups.n == 0;
	return !whole && config->service_policies.n == 0 && config->fixups.n == 0;
}

/*
 * Reasons for which the program may leave open what the text of the rules decides: the evaluator
 * looks at the rules alone, for the interfaces that the flow names.
 */
static const struct {
	enum why_about about;
	const char *text;
} reasons[] = {
        /* Where the mail goes is no matter of the rules: test_flow_traces looks at these. */
        {ABOUT_PERMITTED, "but its translation "},
        {ABOUT_PERMITTED, "but by the routes of the text it "},
        {ABOUT_PERMITTED, "but a crypto map "},
        /* What becomes of many sources, or which of its addresses who reaches, is left open. */
        {ABOUT_PERMITTED, "an outbound access-list sees the source translated"},
        {ABOUT_PERMITTED, "the address that others use for the appliance is not in the text"},
        {ABOUT_INSPECTED, "the address that others use for the appliance is not in the text"},
        {ABOUT_PERMITTED, "so the address that others use for it is not told"},
        {ABOUT_INSPECTED, "so the address that others use for it is not told"},
        /* For peers that no route reaches, no rule of translation is asked. */
        {ABOUT_PERMITTED, "nat-control is on, and no nat, static or exemption translates the"},
        /* Of a class by the default ports, it is not known for which engine's port it is. */
        {ABOUT_INSPECTED, "has an action that could not be read"},
        /* Not all interfaces are known: the evaluator leaves out what it does not know. */
        {ABOUT_PERMITTED, "it is not known behind which interface the appliance is"},
        {ABOUT_PERMITTED, "it is not known which interface this mail crosses"},
        {ABOUT_PERMITTED, "it is not known which interfaces this mail crosses"},
        {ABOUT_INSPECTED, "it is not known whether this mail crosses that interface"},
};

static bool has_reason(const struct flow *flow, enum why_about about)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		VEC_EACH(const struct why, why, &flow->why)
			if (reasons[i].about == about && why->about == about &&
			    str_contains(why->text, str_of(reasons[i].text)))
				return true;
	return false;
}

static enum slow_answer want_inspected(const struct config *config,
                                       const struct slow_packet *packet)
{
	enum slow_answer answer = slow_inspected(config, packet);
	bool doubt = has_stray_line(config) || inspection_may_lack(config);
	return answer == SLOW_NO && doubt ? SLOW_UNKNOWN : answer;
}

static enum slow_answer want_permitted(const struct config *config,
                                       const struct slow_packet *packet)
{
	enum slow_answer answer = slow_permitted(config, packet);
	return answer == SLOW_YES && has_stray_line(config) ? SLOW_UNKNOWN : answer;
}

/* --- one packet of a flow ----------------------------------------------------------------- */

/* A flow with the slow evaluator's view of it. */
struct view {
	const struct flow *flow;
	const struct policy *policy;
	bool unknown_inspected, unknown_permitted; /* some packet was */
};

static const struct host *mapped_host(const struct policy *policy, u128 real)
{
	VEC_EACH(const struct appliance, appliance, &policy->appliances.list)
		VEC_EACH(const struct host, host, &appliance->addresses.list)
			if (host->real == real && host->has_mapped)
				return host;
	return NULL;
}

/* A question about a packet whose destination on the wire may be any address. */
struct any_destination {
	const struct config *config;
	struct slow_packet packet;
	enum slow_answer (*want)(const struct config *, const struct slow_packet *);
	enum slow_answer answer;
};

static void add_answer(void *context, u128 address)
{
	struct any_destination *any = context;
	any->packet.dst = address;
	if (any->answer != SLOW_UNKNOWN)
		any->answer = slow_either(any->answer, any->want(any->config, &any->packet));
}

static enum slow_answer over_destinations(struct run *run, const struct slow_packet *packet,
                                          enum slow_answer (*want)(const struct config *,
                                                                   const struct slow_packet *))
{
	struct any_destination any = {run->config, *packet, want, want(run->config, packet)};
	slow_each_address(run->config, add_answer, &any);
	return any.answer;
}

/* What the program says of a packet of the flow, as far as a flow tells. */
static enum slow_answer told(enum verdict verdict, const struct pset *sure,
                             const struct slow_packet *packet)
{
	bool in = false;
	VEC_EACH(const struct box, box, &sure->boxes)
		in |= box_has(box, packet);
	switch (verdict) {
	case VERDICT_YES:
		return SLOW_YES;
	case VERDICT_NO:
		return SLOW_NO;
	case VERDICT_PARTLY:
		return in ? SLOW_YES : SLOW_NO;
	case VERDICT_UNKNOWN:
	case VERDICT_COUNT:
		break;
	}
	return in ? SLOW_YES : SLOW_UNKNOWN;
}

static void compare_answer(struct run *run, const struct flow *flow, enum why_about about,
                           const struct slow_packet *packet, enum slow_answer want,
                           enum verdict verdict, enum slow_answer got)
{
	bool agree = want == got;
	run->tally.unknown += want == SLOW_UNKNOWN;
	/* In an unknown flow the sure "no" is not told from the unknown. */
	if (verdict == VERDICT_UNKNOWN && got == SLOW_UNKNOWN)
		agree = want != SLOW_YES;
	if (!agree && got == SLOW_UNKNOWN && has_reason(flow, about)) {
		run->tally.vague++;
		return;
	}
	struct slow_checks checks = slow_checks_of(run->config, packet);
	if (!agree)
		disagree(run,
		         "flow %.*s %s, %s: expected %s, got %s (flow: %s; checks: in %s, "
		         "levels %s, nat-control %s, out %s)",
		         STR(flow->id), why_about_names[about], packet_text(run, packet),
		         slow_answer_names[want], slow_answer_names[got], verdict_names[verdict],
		         slow_answer_names[checks.in], slow_answer_names[checks.levels],
		         slow_answer_names[checks.nat_control], slow_answer_names[checks.out]);
}

static void compare_packet(struct run *run, struct view *view, struct slow_packet *packet)
{
	const struct flow *flow = view->flow;
	struct slow_packet real = *packet;
	enum slow_answer inspected, permitted;
	bool known = true;
	packet->in = config_find_name(run->config, flow->from);
	packet->out = config_find_name(run->config, flow->to);
	packet->real_dst = packet->dst;
	packet->real_dport = packet->dport;
	/* The end of smtp-out is as the appliance sees it, whatever it is. */
	if (flow->kind != FLOW_SMTP_OUT)
		known = slow_to_wire(run->config, packet);
	const struct host *host = mapped_host(view->policy, packet->real_dst);
	if (!known && host) {
		packet->dst = host->mapped;
		known = true;
	}
	if (known) {
		inspected = want_inspected(run->config, packet);
		permitted = want_permitted(run->config, packet);
	} else {
		inspected = over_destinations(run, packet, want_inspected);
		permitted = over_destinations(run, packet, want_permitted);
	}
	run->tally.flows++;
	if (known)
		compare_limits(run, flow, packet);
	view->unknown_inspected |= inspected == SLOW_UNKNOWN;
	view->unknown_permitted |= permitted == SLOW_UNKNOWN;
	compare_answer(run, flow, ABOUT_INSPECTED, packet, inspected, flow->inspected,
	               told(flow->inspected, &flow->inspected_packets, &real));
	compare_answer(run, flow, ABOUT_PERMITTED, packet, permitted, flow->permitted,
	               told(flow->permitted, &flow->permitted_packets, &real));
}

/* An address of the firewall itself, or one that the appliance may be known by. */
static bool is_no_peer(const struct config *config, const struct host *host, u128 address)
{
	if (address == host->real || (host->has_mapped && address == host->mapped))
		return true;
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (at->address == address || at->network.lo == address ||
			    at->network.hi == address)
				return true;
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if (nat->mapped_is_interface ||
		    (nat->mapped.lo <= address && address <= nat->mapped.hi))
			return true;
	VEC_EACH(const struct object_nat, nat, &config->object_nats)
		if (nat->mapped.kind == ADDR_INTERFACE ||
		    slow_address(config, &nat->mapped, address) != SLOW_NO)
			return true;
	return config->twice_nats.n > 0;
}

/* `any` of an SMTP flow is all that lies, or may lie, behind its interface. */
static void compare_peers(struct run *run, const struct flow *flow)
{
	bool in = flow->kind == FLOW_SMTP_IN;
	name_id ifc = config_find_name(run->config, in ? flow->from : flow->to);
	const struct host *host = &flow->appliance->addresses.list.v[0];
	u128 peer = pick_address(&run->rng, &run->points, addr_is4(host->real));
	struct slow_packet packet = {.proto = 6, .sport = 1024, .dport = 25};
	if (!slow_interface(run->config, ifc) || (!in && flow->kind != FLOW_SMTP_OUT) ||
	    is_no_peer(run->config, host, peer))
		return;
	packet.src = in ? peer : host->real;
	packet.dst = in ? host->real : peer;
	/* An appliance may be known here by its mapped address alone. */
	bool here = false;
	VEC_EACH(const struct box, box, &flow->packets.boxes)
		here |= box->dim[in ? DIM_DST : DIM_SRC].v[0].lo == host->real;
	if (!here)
		return;
	bool has = false, want = slow_behind(run->config, ifc, peer) != SLOW_NO;
	VEC_EACH(const struct box, box, &flow->packets.boxes)
		has |= box_has(box, &packet);
	run->tally.peers++;
	if (has != want)
		disagree(run, "flow %.*s: peer %.*s lies %s its interface, but is %s",
		         STR(flow->id), STR(addr_text(run->arena, peer)),
		         want ? "behind" : "not behind", has ? "in it" : "left out");
}

/* --- flows ------------------------------------------------------------------------------- */

static void vague(struct run *run, const struct flow *flow, const char *what)
{
	run->tally.flows_vague++;
	if (!run->verbose)
		return;
	printf("%s: flow %.*s %s is unknown, and no packet was found that is\n", run->name,
	       STR(flow->id), what);
	VEC_EACH(const struct why, why, &flow->why)
		printf("\t%s %s: %.*s\n", why_about_names[why->about], why_code_names[why->code],
		       STR(why->text));
}

static void compare_flow(struct run *run, const struct policy *policy, const struct flow *flow,
                         unsigned n)
{
	struct view view = {.flow = flow, .policy = policy};
	if (!flow->on_path)
		return;
	run->tally.flows_seen++;
	run->tally.inspected[flow->inspected]++;
	run->tally.permitted[flow->permitted]++;
	for (unsigned i = 0; i < n / 4; i++)
		compare_peers(run, flow);
	for (unsigned i = 0; i < n; i++) {
		struct slow_packet packet = {0};
		/* From all of the flow, or from what it is sure of. */
		const struct pset *sets[] = {&flow->packets, &flow->inspected_packets,
		                             &flow->permitted_packets};
		const struct pset *set = sets[rng_below(&run->rng, 4) % 3];
		if (set->boxes.n == 0)
			set = &flow->packets;
		const struct box *box = &set->boxes.v[rng_below(&run->rng, set->boxes.n)];
		if (pick_in_box(&run->rng, &run->points, box, &packet))
			compare_packet(run, &view, &packet);
	}
	if (flow->inspected == VERDICT_UNKNOWN && !view.unknown_inspected)
		vague(run, flow, "inspected");
	if (flow->permitted == VERDICT_UNKNOWN && !view.unknown_permitted)
		vague(run, flow, "permitted");
}

/* --- appliances --------------------------------------------------------------------------- */

static u128 some_host(struct run *run)
{
	for (int tries = 0; tries < 30; tries++) {
		u128 host = run->points.hosts.v[rng_below(&run->rng, run->points.hosts.n)];
		if (host != 0 && host != ADDR4_MIN && host != ADDR4_MAX)
			return host;
	}
	return addr4(0x0a010105);
}

static void add_appliance(struct run *run, struct arena *arena, struct policy *policy,
                          const char *name, enum role role, u128 address)
{
	struct appliance appliance = {.name = str_of(name), .role = role};
	struct host host = {.real = address};
	host.has_mapped = addr_is4(address) && rng_percent(&run->rng, 15);
	/* The site policy knows one mapped address; a policy static has it for some peers only. */
	VEC_EACH(const struct legacy_nat, nat, &run->config->nats)
		host.has_mapped &= nat->acl == 0;
	host.mapped = host.has_mapped ? pick_address(&run->rng, &run->points, true) : 0;
	VEC_PUSH(arena, &appliance.addresses.list, host);
	VEC_PUSH(arena, &policy->appliances.list, appliance);
}

static void compare_audit(struct run *run, unsigned n)
{
	struct arena *arena = arena_new();
	struct policy policy = policy_default();
	struct config_report report = {0};
	u128 esa = some_host(run), sma = some_host(run);
	add_appliance(run, arena, &policy, "esa", ROLE_ESA, esa);
	if (sma != esa && rng_percent(&run->rng, 70))
		add_appliance(run, arena, &policy, "sma", ROLE_SMA, sma);
	audit_run(arena, run->config, &policy, str_of(run->name), &report);
	unsigned on_path = 1;
	VEC_EACH(const struct flow, flow, &report.flows)
		on_path += flow->on_path;
	VEC_EACH(const struct flow, flow, &report.flows)
		compare_flow(run, &policy, flow, n / on_path);
	const struct tracer tracer = tracer_of(arena, run->config);
	VEC_EACH(const struct finding, finding, &report.findings.list) {
		compare_witness(run, finding);
		compare_traced(run, &tracer, finding);
	}
	arena_free(arena);
}

void compare_flows(struct run *run, unsigned n)
{
	enum { AUDITS = 3 };
	if (run->points.hosts.n == 0)
		return;
	for (unsigned i = 0; i < AUDITS; i++)
		compare_audit(run, n / AUDITS);
}
